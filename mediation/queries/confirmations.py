"""Reads about confirmation requests: one in hand, who is in charge, what the dispute page shows, what reports count."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.http import Http404
from django.urls import reverse

from core.access import allowed, require
from core.choices import Role
from core.models import Deadline, User
from core.scope import within_any
from disputes.models import Dispute, Party
from liaison.models import Tribunal
from mediation.checklist import CheckItem, from_json, weighed
from mediation.choices import OPEN_CONFIRMATIONS, REOPENS_THE_WINDOW, ConfirmationState
from mediation.models import Agreement, ConfirmationRequest, RulingService, SupplementNotice
from mediation.models.confirmations import ConfirmationQuerySet
from mediation.workflow import CONFIRMATION
from roster.choices import TeamRole
from roster.models import TeamMembership
from roster.queries import serving, stays_in

NOT_THERE = "没有这件申请，或不在您的范围内。"
WITH_PEOPLE = ("judge", "clerk", "submitted_by", "accepted_by", "decided_by", "instrument")
WITH_CASE = (
    "agreement__mediation__dispute__case_type",
    "agreement__mediation__dispute__division__parent",
    "agreement__mediation__dispute__handler",
    "agreement__mediation__organisation",
    *WITH_PEOPLE,
)
STATE_LOOKS = {
    ConfirmationState.DRAFT: ("idle", "pen"),
    ConfirmationState.SUBMITTED: ("idle", "list"),
    ConfirmationState.CORRECTING: ("warn", "pause"),
    ConfirmationState.ACCEPTED: ("run", "scale"),
    ConfirmationState.SUPPLEMENTING: ("warn", "pause"),
    ConfirmationState.NOT_ACCEPTED: ("stop", "no"),
    ConfirmationState.CONFIRMED: ("ok", "ok"),
    ConfirmationState.REJECTED: ("stop", "no"),
    ConfirmationState.WITHDRAWN: ("void", "dash"),
    ConfirmationState.DEEMED_WITHDRAWN: ("void", "dash"),
}


# ── one request ──────────────────────────────────────────────────────────────
def get_request(user: Any, pk: int) -> ConfirmationRequest:
    """The request, if `user` may see it. Raises NotAllowed (role) or Http404 (scope, or a draft of the town)."""
    require(user, "mediation.view_confirmation")
    request = ConfirmationRequest.objects.visible_to(user).select_related(*WITH_CASE).filter(pk=pk).first()
    if request is None:
        raise Http404(NOT_THERE)
    return request


def items_of(request: ConfirmationRequest) -> list[CheckItem]:
    """The pre-check as it stands: the snapshot with the court's opinions laid over it."""
    return weighed(from_json(request.precheck), request.opinions)


def agreement_of(dispute: Dispute) -> Agreement | None:
    """The agreement that the dispute rests on now: the latest one."""
    rows = Agreement.objects.filter(mediation__dispute=dispute).select_related("mediation__organisation")
    agreement = rows.order_by("-pk").first()
    if agreement:
        agreement.mediation.dispute = dispute
    return agreement


def latest_request(user: Any, agreement: Agreement) -> ConfirmationRequest | None:
    """The request that stands for the agreement: the open one, else the last one `user` may see."""
    rows = ConfirmationRequest.objects.visible_to(user).filter(agreement=agreement).select_related(*WITH_CASE)
    return max(rows, key=_standing, default=None)


def _standing(request: ConfirmationRequest) -> tuple[bool, int]:
    return request.state in OPEN_CONFIRMATIONS, request.pk


# ── who is in charge ─────────────────────────────────────────────────────────
def clerk_of(town_code: str) -> User | None:
    """The clerk of the town where there is only one; of several somebody has to claim the request."""
    clerks = list(serving(Role.CLERK, town_code))
    return clerks[0] if len(clerks) == 1 else None


def judges_of(town_code: str) -> list[User]:
    """The judges who see the town."""
    return list(serving(Role.JUDGE, town_code))


def judges_to_name(town_code: str) -> list[User]:
    """The judges of the town who can be given a request: those whose last day there it is only where nobody stays."""
    judges = serving(Role.JUDGE, town_code)
    return list(judges.filter(stays_in(town_code))) or list(judges)


def judge_of_town(town_code: str, on: date) -> User | None:
    """The judge whom the roster names for the town on `on`; else the only judge who sees the town. Who leaves today
    is named only where no judge stays."""
    terms = TeamMembership.objects.on(on).filter(town_code=town_code, role=TeamRole.JUDGE)
    named = User.objects.filter(
        is_active=True, role=Role.JUDGE, staff__memberships__in=terms, scopes__division=town_code
    )
    judge = named.filter(stays_in(town_code)).order_by("pk").first()
    if judge:
        return judge
    judges = judges_to_name(town_code)
    leaver = next((one for one in named.order_by("pk") if one in judges), None)
    if leaver:
        return leaver
    return judges[0] if len(judges) == 1 else None


def unserved_parties(request: ConfirmationRequest) -> list[Party]:
    """The parties on whom the ruling has not been served yet."""
    served = set(request.services.values_list("party_id", flat=True))
    return [party for party in request.agreement.mediation.dispute.parties.all() if party.pk not in served]


def tribunal_name_of(town_code: str) -> str:
    """The 人民法庭 that serves the town; empty where the court itself does."""
    return Tribunal.objects.filter(towns=town_code).values_list("name", flat=True).first() or ""


# ── what the dispute page shows ──────────────────────────────────────────────
@dataclass(frozen=True)
class Verb:
    """One thing to do: its words and where it leads."""

    label: str
    url: str


@dataclass(frozen=True)
class Slot:
    """The confirmation part of a dispute page: `mediation/confirmation_slot.html` draws it as `slot`."""

    request: ConfirmationRequest | None
    look: tuple[str, str]
    earlier: tuple[ConfirmationRequest, ...]
    notice: SupplementNotice | None
    services: tuple[RulingService, ...]
    next_verb: Verb | None
    court_url: str = ""

    @property
    def state(self) -> str:
        return self.request.state if self.request else ""


def slot_for(dispute: Dispute, user: Any, *, agreement: Agreement | None = None) -> Slot | None:
    """The state, number, ruling and next step of the dispute's confirmation; None while nothing is agreed.

    Two queries at most. A draft is not shown to those who may not see it.
    """
    agreement = agreement or agreement_of(dispute)
    if agreement is None or not allowed(user, "mediation.view_confirmation"):
        return None
    rows = ConfirmationRequest.objects.visible_to(user).filter(agreement=agreement).select_related(*WITH_PEOPLE)
    found = sorted(rows, key=_standing)
    if not found:
        return Slot(None, ("idle", "scale"), (), None, (), _file_verb(user, dispute))
    *earlier, request = found
    request.agreement = agreement
    return Slot(
        request=request,
        look=STATE_LOOKS[ConfirmationState(request.state)],
        earlier=tuple(earlier),
        notice=waiting_notice(request),
        services=tuple(request.services.select_related("party")) if request.is_decided else (),
        next_verb=_next_verb(user, dispute, request),
        court_url="" if request.state == ConfirmationState.DRAFT else _court_url(request),
    )


def deadlines_of(request: ConfirmationRequest, *, also: Sequence[Any] = ()) -> list[Deadline]:
    """The open deadlines of the request, and of what else is named, by last day."""
    wanted = {(row._meta.label_lower, str(row.pk)) for row in (request, *also)}
    rows = Deadline.objects.open().select_related("rule").order_by("due_on", "id")
    found = rows.filter(subject_label__in={label for label, _ in wanted}, subject_id__in={pk for _, pk in wanted})
    return [row for row in found if (row.subject_label, row.subject_id) in wanted]


def waiting_notice(request: ConfirmationRequest) -> SupplementNotice | None:
    """The notice of the court that the town has not answered yet."""
    if request.state not in (ConfirmationState.CORRECTING, ConfirmationState.SUPPLEMENTING):
        return None
    return request.supplements.filter(delivered_on=None).first()


def _court_url(request: ConfirmationRequest) -> str:
    return reverse("court:confirmation-review", args=[request.pk])


def _file_verb(user: Any, dispute: Dispute) -> Verb | None:
    if not allowed(user, "mediation.file_confirmation", dispute):
        return None
    return Verb("准备申请", reverse("mediation:confirmation-new", args=[dispute.code]))


def _next_verb(user: Any, dispute: Dispute, request: ConfirmationRequest) -> Verb | None:
    """What the town's mediator does next; the court works in its own file."""
    if request.state == ConfirmationState.DRAFT:
        verb = _file_verb(user, dispute)
        return verb and Verb("继续准备申请", verb.url)
    if request.state in REOPENS_THE_WINDOW:
        verb = _file_verb(user, dispute)
        return verb and Verb("再次准备申请", verb.url)
    for name in ("deliver_correction", "deliver_supplement"):
        step = CONFIRMATION[name]
        if request.state in step.sources and allowed(user, f"mediation.{name}_confirmation", request):
            return Verb(step.label, reverse("mediation:confirmation-supplement", args=[dispute.code]))
    return None


# ── what reports count ───────────────────────────────────────────────────────
def submitted_between(first: date, last: date, *, towns: Sequence[str] = ()) -> ConfirmationQuerySet:
    """Requests that reached the court between two days, both included; of the towns named, or all."""
    return _in_towns(towns).filter(submitted_on__range=(first, last))


def accepted_between(first: date, last: date, *, towns: Sequence[str] = ()) -> ConfirmationQuerySet:
    """Requests accepted between two days."""
    return _in_towns(towns).filter(accepted_on__range=(first, last))


def decided_between(first: date, last: date, *, towns: Sequence[str] = ()) -> ConfirmationQuerySet:
    """Requests ruled upon between two days, whatever the ruling."""
    return _in_towns(towns).filter(decided_on__range=(first, last))


def _in_towns(towns: Sequence[str]) -> ConfirmationQuerySet:
    rows = ConfirmationRequest.objects.exclude(state=ConfirmationState.DRAFT)
    return rows.filter(within_any("town_code", tuple(towns))) if towns else rows
