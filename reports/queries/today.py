"""今天要办: what is due for a person, and what waits for them without a day."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.urls import reverse
from django.utils import timezone

from core.access import allowed
from core.choices import COUNTY_ROLES, COURT_ROLES, Actor, Role
from core.clock_face import cn_date
from core.models import Deadline, Division, User
from core.queries import rest_calendar
from core.scope import within_any
from disputes.choices import OPEN_STATES, DisputeState, TownRequestState
from disputes.models import Dispute, FlagStep, RiskFlag, TownRequest
from disputes.queries.clusters import open_clusters_waiting
from disputes.queries.drafts import begun_intakes
from disputes.rules import CLUSTER_KEEPERS
from liaison.choices import REPORTED_ASSISTANCE, AssistanceOutcome, Hours
from liaison.models import AssistanceRequest, DutyShift
from mediation.choices import ConfirmationState, EntrustmentState
from mediation.models import Agreement, ConfirmationRequest, Entrustment, GuidanceRequest
from reports.todo import SHADOWED, TWO_WEEKS, Day, Load, Task, task_of

SHOWN = 20
WAITING_SHOWN = 6  # of one kind
HORIZON = timedelta(days=31)
TOWN_ACTORS = (Actor.MEDIATOR, Actor.ORGANISATION, Actor.RECEIVER, Actor.PARTIES, Actor.PARTY)


# ── what is due ──────────────────────────────────────────────────────────────
def own_deadlines(user: User) -> QuerySet[Deadline]:
    """Open deadlines that are the user's to keep; nobody's go to the officer of the town or the clerks of the court,
    and an assistant sees those of the court in their towns."""
    inside = within_any("town_code", user.scope_codes)
    nobodys = Q(responsible=None) & inside
    own = {
        Role.OFFICER: nobodys & Q(rule__actor__in=TOWN_ACTORS),
        Role.CLERK: nobodys & Q(rule__actor=Actor.COURT),
        Role.ASSISTANT: inside & Q(rule__actor=Actor.COURT),
    }.get(Role(user.role), Q(pk__in=[]))
    return Deadline.objects.open().filter(Q(responsible=user) | own).exclude(kind__in=SHADOWED)


def load_of(user: User, today: date) -> Load:
    """How many deadlines fall on each day up to two weeks ahead; one query."""
    until = today + timedelta(days=TWO_WEEKS - 1)
    rows = own_deadlines(user).filter(due_on__lte=until).order_by().values_list("due_on").annotate(Count("pk"))
    return Load(today, dict(rows))


def strip(load: Load, chosen: date | None) -> list[Day]:
    """The two weeks from today on; two queries for the rest days."""
    days = [load.today + timedelta(days=offset) for offset in range(TWO_WEEKS)]
    calendar = rest_calendar(days[0], days[-1])
    return [Day(day, load.by_day.get(day, 0), calendar.is_rest(day), day == load.today, day == chosen) for day in days]


@dataclass(frozen=True)
class Agenda:
    """The rows by group, each cut to what fits a page."""

    late: list[Task]
    due: list[Task]
    next: list[Task]

    @property
    def is_empty(self) -> bool:
        return not (self.late or self.due or self.next)


def agenda(user: User, today: date, chosen: date | None = None, names: Mapping[str, str] | None = None) -> Agenda:
    """The deadlines as rows, or only those of one day; two queries, and one for names where there are several towns
    and their `names` are not in hand."""
    rows = own_deadlines(user).select_related("rule").order_by("due_on", "pk")
    if chosen:
        found = list(rows.filter(due_on=chosen)[: 2 * SHOWN])
    else:
        late = rows.filter(due_on__lt=today)[:SHOWN]
        found = [*late, *rows.filter(due_on__gte=today, due_on__lte=today + HORIZON)[: 2 * SHOWN]]
    if names is None:
        names = _town_names(user, (deadline.town_code for deadline in found))
    tasks = [(deadline.due_on, task_of(deadline, names.get(deadline.town_code, ""))) for deadline in found]
    return Agenda(
        [task for day, task in tasks if day < today],
        [task for day, task in tasks if day == today],
        [task for day, task in tasks if day > today],
    )


def _town_names(user: User, codes: Iterable[str]) -> dict[str, str]:
    """Names of the towns, for whoever sees more than one."""
    if len(user.scope_codes) == 1 and len(user.scope_codes[0]) >= len("445381101"):
        return {}
    return dict(Division.objects.filter(code__in=set(codes)).values_list("code", "name"))


# ── what waits without a day ─────────────────────────────────────────────────
def waiting(user: User) -> list[Task]:
    """What waits for this person, most urgent first; at most six queries."""
    found = [*_flags(user)]
    if user.role in CLUSTER_KEEPERS:
        found += _clusters(user)
    if user.role == Role.MEDIATOR:
        found += _to_sign(user)
    if user.role == Role.OFFICER:
        found += [*_entrustments(user), *_asked_by_towns(user)]
    if user.role in COUNTY_ROLES:
        found += _towns_that_disagree(user)
    if user.role in (Role.JUDGE, Role.ASSISTANT):
        found += [*_guidance(user), *_drafts(user)]
    if user.role == Role.CLERK:
        found += _to_serve(user)
    if user.role in COURT_ROLES:
        found += _assistance(user)
    return [*found, *_unfinished(user)]


def _flags(user: User) -> list[Task]:
    """民转刑 warnings nobody has signed for: the town's to its people, all to the county, and to whoever was told."""
    seen = Dispute.objects.led_by(user)
    told = Exists(FlagStep.objects.filter(flag=OuterRef("pk"), recipient=user))
    flags = RiskFlag.objects.filter(acknowledged_at=None, lowered_at=None, dispute__in=seen).annotate(told=told)
    if user.role == Role.MEDIATOR:
        flags = flags.filter(Q(dispute__handler=user) | Q(told=True))
    elif user.role not in (Role.OFFICER, Role.COMMITTEE, Role.JUSTICE):
        return []  # the court stands in no chain
    return [_flag_task(user, flag) for flag in flags.select_related("dispute").order_by("raised_at")[:WAITING_SHOWN]]


def _flag_task(user: User, flag: Any) -> Task:
    signs = user.role == Role.OFFICER or flag.told
    return Task(
        "签收有激化危险的提示，先报 110" if signs else "有激化危险，还没有人签收",
        f"{flag.dispute.title}　{flag.dispute.code}",
        flag.dispute.get_absolute_url(),
        "去签收" if signs else "打开",
        state=("stop", "有激化危险"),
    )


def _clusters(user: User) -> list[Task]:
    """Respondents in many quarrels whom nobody has signed for."""
    return [
        Task(
            "签收聚集预警",
            f"{cluster.name}　{cluster.because}",
            cluster.get_absolute_url(),
            "看名单",
            state=("warn", "聚集预警"),
        )
        for cluster in open_clusters_waiting(user)
    ]


def _to_sign(user: User) -> list[Task]:
    drafts = Agreement.objects.filter(
        effective_on=None, mediation__ended_on=None, mediation__assignments__mediator=user,
        mediation__assignments__until=None,
    )  # fmt: skip
    return [
        Task(
            "记齐签名盖章，协议才生效",
            f"{agreement.mediation.dispute.title}　{agreement.number}",
            reverse("mediation:agreement-sign", args=[agreement.mediation.dispute.code]),
            "去签名",
            state=("run", "待签名"),
        )
        for agreement in drafts.select_related("mediation__dispute").order_by("concluded_on", "pk")[:WAITING_SHOWN]
    ]


def _unfinished(user: User) -> list[Task]:
    """Registrations begun and not sent, for those who register."""
    if not allowed(user, "disputes.register"):
        return []
    at, day = timezone.localtime, timezone.localdate
    return [
        Task(
            f"有一份没写完的登记（{cn_date(day(one.draft.saved_at), day())} {at(one.draft.saved_at):%H:%M}）",
            one.words,
            f"{reverse('disputes:new')}?draft={one.draft.pk}",
            "接着写",
            state=("idle", "没写完"),
        )
        for one in begun_intakes(user)
    ]


def _entrustments(user: User) -> list[Task]:
    sent = Entrustment.objects.visible_to(user).filter(state=EntrustmentState.SENT).select_related("dispute")
    return [
        Task(
            f"答复法院{entrustment.get_basis_display()}：接收或退回",
            "　".join(filter(None, (entrustment.dispute.title, entrustment.court_number))),
            entrustment.dispute.get_absolute_url(),
            "去答复",
            state=("run", "待答复"),
        )
        for entrustment in sent.order_by("sent_on", "pk")[:WAITING_SHOWN]
    ]


def _asked_by_towns(user: User) -> list[Task]:
    """What other towns ask of the officer's town."""
    asked = TownRequest.objects.for_people_of(user).filter(state=TownRequestState.ASKED)
    return [
        Task(
            f"答复{request.from_town}：{'接收' if request.is_move else '联办'}一件纠纷",
            f"{request.dispute.title}　{request.dispute.code}",
            request.dispute.get_absolute_url(),
            "去答复",
            state=("run", "待答复"),
        )
        for request in asked.select_related("dispute", "from_town").order_by("asked_on", "pk")[:WAITING_SHOWN]
    ]


def _towns_that_disagree(user: User) -> list[Task]:
    """Where the county has to say which of two towns leads."""
    waiting = TownRequest.objects.filter(within_any("dispute__town_code", user.scope_codes))
    disputed = waiting.awaiting_county().select_related("dispute", "from_town", "to_town")
    return [
        Task(
            f"决定由{request.from_town}还是{request.to_town}牵头",
            f"{request.dispute.title}　{request.dispute.code}",
            request.dispute.get_absolute_url(),
            "去决定",
            state=("run", "待决定"),
        )
        for request in disputed.order_by("county_asked_on", "pk")[:WAITING_SHOWN]
    ]


def _guidance(user: User) -> list[Task]:
    asked = GuidanceRequest.objects.visible_to(user).filter(answered_on=None).select_related("dispute")
    return [
        Task(
            "答复镇里的法律问题",
            f"{request.dispute.title}　{request.dispute.code}",
            request.dispute.get_absolute_url(),
            "去答复",
            state=("stop", "紧急") if request.urgent else ("run", "待答复"),
        )
        for request in asked.order_by("-urgent", "asked_on", "pk")[:WAITING_SHOWN]
    ]


def _drafts(user: User) -> list[Task]:
    """Rulings drafted and not yet signed, for the judge who signs."""
    if user.role != Role.JUDGE:
        return []
    drafted = ConfirmationRequest.objects.filter(judge=user, state=ConfirmationState.ACCEPTED).exclude(ruling_draft={})
    return [_court_task(request, "裁定书已起草，等您签发", ("run", "待签发")) for request in _with_case(drafted)]


def _to_serve(user: User) -> list[Task]:
    decided = ConfirmationRequest.objects.visible_to(user).to_serve()
    return [_court_task(request, "送达裁定书", ("run", "待送达")) for request in _with_case(decided)]


def _assistance(user: User) -> list[Task]:
    """Requests that a point has answered for: the county's for the clerks, their own for who asked."""
    reported = AssistanceRequest.objects.visible_to(user).filter(state__in=REPORTED_ASSISTANCE)
    if user.role != Role.CLERK:
        reported = reported.filter(sent_by=user)
    return [
        Task(
            f"收讫{request.get_kind_display()}的结果",
            f"{request.court_number}　{request.point.town}",
            request.get_absolute_url(),
            "去收讫",
            state=("ok", "已完成") if request.outcome == AssistanceOutcome.DONE else ("warn", "未能完成"),
        )
        for request in reported.select_related("point__town").order_by("done_on", "pk")[:WAITING_SHOWN]
    ]


def _with_case(requests: QuerySet[ConfirmationRequest]) -> QuerySet[ConfirmationRequest]:
    return requests.select_related("agreement__mediation__dispute").order_by("pk")[:WAITING_SHOWN]


def _court_task(request: ConfirmationRequest, title: str, state: tuple[str, str]) -> Task:
    dispute = request.agreement.mediation.dispute
    about = "　".join(filter(None, (dispute.title, request.number)))
    return Task(title, about, reverse("court:confirmation-review", args=[request.pk]), "打开", state=state)


# ── beside the rows ──────────────────────────────────────────────────────────
@dataclass(frozen=True)
class CaseLoad:
    """How many open disputes are in one state, of how many; and the list of them."""

    label: str
    count: int
    whole: int
    url: str


def open_cases(user: User) -> list[CaseLoad]:
    """The open disputes a mediator handles, or those of the officer's town, by state along the path; one query."""
    path = [state for state in DisputeState if state in OPEN_STATES]
    mine = {} if user.role == Role.OFFICER else {"handler": user}
    counted = {state.value: Count("pk", filter=Q(state=state)) for state in path}
    found: dict[str, Any] = Dispute.objects.led_by(user).open().filter(**mine).aggregate(**counted)
    whole, ledger = sum(found.values()), reverse("disputes:list")
    query = "handler=me&" if mine else ""
    return [CaseLoad(state.label, found[state], whole, f"{ledger}?{query}state={state.value}") for state in path]


def on_duty(user: User, today: date) -> list[DutyShift]:
    """Who keeps the user's points open today, those of the afternoon last; somebody noted as missing does not."""
    shifts = DutyShift.objects.filter(within_any("point__town_code", user.scope_codes), on=today, missed_at=None)
    found = shifts.select_related("staff", "point__town").order_by("point__town_code", "pk")
    return sorted(found, key=lambda shift: (shift.point.town_code, shift.hours == Hours.AFTERNOON))
