"""The court's queue: stages, filters, rows by last lawful day; two queries for a page of it."""

from collections.abc import Iterable
from dataclasses import dataclass, field, fields
from datetime import date
from typing import Any

from django.db.models import CharField, OuterRef, Q, Subquery, Value
from django.db.models.functions import Cast, Coalesce

from core.choices import Level
from core.models import Deadline, Division, User
from core.paging import Page, keyset_page
from core.scope import within_any
from disputes import queries as dispute_queries
from mediation.choices import BEFORE_COURT, ConfirmationState
from mediation.models import ConfirmationRequest
from mediation.models.confirmations import ConfirmationQuerySet
from mediation.queries.confirmations import STATE_LOOKS, items_of
from mediation.queries.court_file import Tally, tally
from mediation.workflow import CONFIRMATION

C = ConfirmationState
NEVER = date(9999, 12, 31)
OWN_COURT = "-"  # towns without a tribunal of their own
LEADING = ("confirm_accept", "confirm_supplement", "confirm_decide")
SUBJECT = ConfirmationRequest._meta.label_lower
WAITS_FOR = {
    "confirm_accept": "三日内决定是否受理",
    "confirm_supplement": "等镇里补来",
    "confirm_decide": "十五日内裁定（目标）",
}
WITH_ROW = (
    "agreement__mediation__dispute__case_type",
    "agreement__mediation__dispute__division__parent",
    "judge",
    "clerk",
)


@dataclass(frozen=True)
class Stage:
    """One stage of the queue: its words, its rows, their order."""

    key: str
    label: str
    condition: Q
    order: tuple[str, ...] = ("last_day", "pk")


STAGES: dict[str, Stage] = {
    stage.key: stage
    for stage in (
        Stage("open", "待办", Q(state__in=sorted(BEFORE_COURT))),
        Stage("to_accept", "待受理", Q(state=C.SUBMITTED)),
        Stage("to_decide", "待裁定", Q(state=C.ACCEPTED)),
        Stage("supplement", "补正补充", Q(state__in=[C.CORRECTING, C.SUPPLEMENTING])),
        Stage("to_serve", "已裁定待送达", Q(decided_on__isnull=False, served_on=None), ("decided_on", "pk")),
        Stage("closed", "本月办结", Q(decided_on__isnull=False), ("-decided_on", "-pk")),
        Stage("all", "全部", ~Q(state=C.DRAFT), ("-submitted_on", "-pk")),
    )
}
DAY_LOOKUPS = {
    "submitted_from": "submitted_on__gte",
    "submitted_to": "submitted_on__lte",
    "accepted_from": "accepted_on__gte",
    "accepted_to": "accepted_on__lte",
    "decided_from": "decided_on__gte",
    "decided_to": "decided_on__lte",
}


@dataclass(frozen=True)
class QueueFilter:
    """What the queue is narrowed to. `problems` says what was not understood: then nothing is listed."""

    stage: str = "open"
    town: str = ""
    tribunal: str = ""
    judge: str = ""
    state: str = ""
    mine: bool = False
    late: bool = False
    q: str = ""
    s: str = ""
    days: dict[str, date] = field(default_factory=dict)
    problems: tuple[str, ...] = ()

    @property
    def asked(self) -> dict[str, Any]:
        """What is asked for by name, each day under its own."""
        plain = {item.name: getattr(self, item.name) for item in fields(self) if item.name not in ("days", "problems")}
        return {name: value for name, value in (plain | self.days).items() if value}

    @property
    def is_narrowed(self) -> bool:
        """Whether anything but the stage is asked for."""
        named = (self.town, self.tribunal, self.judge, self.state, self.mine, self.late, self.q, self.s)
        return any(named) or bool(self.days)


@dataclass(frozen=True)
class QueueRow:
    """One request as the queue shows it."""

    request: ConfirmationRequest
    deadline: Deadline | None
    tally: Tally
    look: tuple[str, str]
    may_batch: bool
    may_claim: bool

    @property
    def waits_for(self) -> str:
        return WAITS_FOR[self.deadline.kind] if self.deadline else ""

    @property
    def ticket(self) -> str:
        """What a tick sends: the request and the version that was seen."""
        return f"{self.request.pk}:{self.request.version}"

    @property
    def person(self) -> User | None:
        """Who has it on the desk: the judge, before that the clerk."""
        return self.request.judge or self.request.clerk

    @property
    def town(self) -> Division:
        village = self.request.agreement.mediation.dispute.division
        return village.parent if village.level == Level.VILLAGE and village.parent else village


# ── rows ─────────────────────────────────────────────────────────────────────
def narrowed(user: Any, wanted: QueueFilter) -> ConfirmationQuerySet:
    """What `user` sees under the filter, whatever the stage; drafts never."""
    rows = ConfirmationRequest.objects.visible_to(user).exclude(state=C.DRAFT)
    if wanted.problems:
        return rows.none()
    return rows.filter(_place(wanted), _people(user, wanted), _days(wanted), _text(user, wanted))


def _place(wanted: QueueFilter) -> Q:
    found = within_any("town_code", (wanted.town,)) if wanted.town else Q()
    if wanted.tribunal == OWN_COURT:
        return found & Q(tribunal="")
    return found & Q(tribunal=wanted.tribunal) if wanted.tribunal else found


def _people(user: Any, wanted: QueueFilter) -> Q:
    found = Q(judge_id=wanted.judge) if wanted.judge else Q()
    if wanted.mine:
        found &= Q(judge=user) | Q(clerk=user)
    return found & Q(state=wanted.state) if wanted.state else found


def _days(wanted: QueueFilter) -> Q:
    return Q(**{DAY_LOOKUPS[name]: day for name, day in wanted.days.items()})


def _text(user: Any, wanted: QueueFilter) -> Q:
    """A case number or a dispute's code in the open; names and numbers of people only sealed, as in the ledger."""
    if wanted.q:
        return Q(number__icontains=wanted.q) | Q(agreement__mediation__dispute__code__istartswith=wanted.q)
    if wanted.s:
        found = dispute_queries.filtered(user, {"s": wanted.s})
        return Q(agreement__mediation__dispute__in=found.values("pk"))
    return Q()


def with_last_day(rows: ConfirmationQuerySet) -> Any:
    """Annotates `last_day`: the nearest open deadline of the request, never null."""
    nearest = Deadline.objects.open().filter(
        subject_label=SUBJECT, subject_id=Cast(OuterRef("pk"), CharField()), kind__in=LEADING
    )
    return rows.annotate(last_day=Coalesce(Subquery(nearest.order_by("due_on").values("due_on")[:1]), Value(NEVER)))


def stage_rows(user: Any, wanted: QueueFilter, *, today: date) -> Any:
    """The rows of the stage under the filter, with what a row shows and its last day; not yet in order."""
    rows = with_last_day(narrowed(user, wanted).filter(STAGES[wanted.stage].condition))
    if wanted.late:
        rows = rows.filter(last_day__lt=today)
    return rows.select_related(*WITH_ROW)


def queue_page(user: Any, wanted: QueueFilter, *, today: date, cursor: str = "") -> Page[ConfirmationRequest]:
    """One page of the stage, by last lawful day where something is still to do."""
    return keyset_page(stage_rows(user, wanted, today=today), order=STAGES[wanted.stage].order, cursor=cursor)


def queue_rows(requests: Iterable[ConfirmationRequest], user: Any) -> list[QueueRow]:
    """The rows with their nearest deadline and the figures of the pre-check; one query."""
    requests = list(requests)
    nearest = _nearest([str(request.pk) for request in requests])
    may_accept = user.role in CONFIRMATION["accept"].roles
    return [_row(request, nearest.get(str(request.pk)), may_accept) for request in requests]


def _row(request: ConfirmationRequest, deadline: Deadline | None, may_accept: bool) -> QueueRow:
    items = items_of(request)
    passed = bool(items) and all(item.passed for item in items)
    return QueueRow(
        request=request,
        deadline=deadline,
        tally=tally(items),
        look=STATE_LOOKS[C(request.state)],
        may_batch=may_accept and passed and request.state == C.SUBMITTED,
        may_claim=may_accept and request.clerk_id is None and request.state in CONFIRMATION["claim"].sources,
    )


def _nearest(ids: list[str]) -> dict[str, Deadline]:
    rows = Deadline.objects.open().filter(subject_label=SUBJECT, subject_id__in=ids, kind__in=LEADING)
    return {row.subject_id: row for row in rows.select_related("rule").order_by("-due_on", "-id")}


def next_after(user: Any, request: ConfirmationRequest, deadlines: Iterable[Deadline]) -> ConfirmationRequest | None:
    """The open request that comes next in the queue after this one, whose open deadlines are given."""
    rows = with_last_day(narrowed(user, QueueFilter()).filter(STAGES["open"].condition)).exclude(pk=request.pk)
    days = [deadline.due_on for deadline in deadlines if deadline.kind in LEADING]
    if days:
        rows = rows.filter(Q(last_day__gt=min(days)) | Q(last_day=min(days), pk__gt=request.pk))
    found: ConfirmationRequest | None = rows.order_by("last_day", "pk").first()
    return found
