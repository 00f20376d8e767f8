"""The rows behind the dispute page: whether one may see it is asked first, then everything by its key."""

from collections.abc import Collection, Iterable, Sequence
from typing import Any

from django.db.models import F, FilteredRelation, Model, Q, QuerySet
from django.http import Http404

from core.access import require
from core.choices import COURT_ROLES, Sealed
from core.models import Deadline, Division, StoredFile
from core.prepared import Prepared
from disputes.choices import DisputeState, TownRequestState
from disputes.models import Dispute, DisputeEvent, Party, TownRequest
from disputes.queries import NOT_THERE
from disputes.questions import Required
from mediation.models import Agreement, Entrustment, Mediation, PerformanceItem, Session, Signature
from mediation.queries.confirmations import slot_for
from mediation.queries.page_facts import Rows

EVENTS_SHOWN = 300


# ── the queries: by key, since their reader was let in before ────────────────
def _case_rows(pk: int) -> QuerySet[Dispute]:
    """The dispute with what hangs on it; a row for each question to be answered and each town that is waited for.

    What is rare (the case it was merged into, the towns by name) is read when it is there: each join is planned.
    """
    questions = "case_type__questions"
    must = Q(**{f"{questions}__enabled": True, f"{questions}__required_before_agreement": True})
    waiting = ~Q(town_requests__state=TownRequestState.WITHDRAWN)  # what came about settles what was declined before
    found = Dispute.objects.annotate(
        open_flag=FilteredRelation("risk_flags", condition=Q(risk_flags__lowered_at=None)),
        waiting=FilteredRelation("town_requests", condition=waiting),
        must=FilteredRelation(questions, condition=must),
    )
    found = found.annotate(**{f"must_{name}": F(f"must__{name}") for name in Required._fields})
    related = ("case_type", "division__parent", "handler", "entrustment", "parent_link")
    rows = found.select_related(*related, "open_flag__acknowledged_by", "waiting").defer("search")  # type: ignore[misc]
    return rows.filter(pk=pk).order_by("must__order", "must__pk", "waiting__pk")


# By key, whose plan is the same whatever the dispute: planned once, which of a dozen joins takes the longest.
_case = Prepared(_case_rows, planned_once=True)
_parties = Prepared(
    lambda pk: Party.objects.filter(dispute_id=pk).select_related("home__parent", "notice_given_by"), planned_once=True
)
_events = Prepared(
    lambda pk: DisputeEvent.objects.filter(dispute_id=pk).select_related("by")[:EVENTS_SHOWN], planned_once=True
)
_meetings = Prepared(
    lambda pk: (
        Mediation.objects.filter(dispute_id=pk)
        .annotate(meeting=FilteredRelation("sessions"))
        .select_related("organisation", "agreement", "meeting")  # type: ignore[misc]
        .order_by("accepted_on", "id", "meeting__held_on", "meeting__recorded_at")
    ),
    planned_once=True,
)
_signatures = Prepared(lambda pk: Signature.objects.filter(agreement_id=pk), planned_once=True)
_items = Prepared(lambda pk: PerformanceItem.objects.filter(agreement_id=pk), planned_once=True)
_files = Prepared(
    lambda pk, sealed: (
        StoredFile.objects.filter(subject_label=Dispute._meta.label_lower, subject_id=pk, sealed__in=sealed)
        .select_related("late_paper")
        .order_by("-uploaded_at")
    ),
    planned_once=True,
)
_periods = Prepared(
    lambda labels, keys: (
        Deadline.objects.filter(subject_label__in=labels, subject_id__in=keys)
        .select_related("rule")
        .order_by("due_on", "id")
    )
)


# ── what they find ───────────────────────────────────────────────────────────
def rows_of(user: Any, code: str) -> tuple[Rows, list[Deadline]]:
    """What stands on the page of the dispute behind `code`, and every period of it, the first last day first.

    Raises NotAllowed (role) or Http404 (scope).
    """
    dispute, required = _dispute(user, code)
    parties = _of(dispute, _parties(pk=dispute.pk))
    mediations, sessions = _tries(dispute)
    agreement = _agreement(dispute, mediations)
    signatures: list[Signature] = list(_signatures(pk=agreement.pk)) if agreement else []
    items: list[PerformanceItem] = list(_items(pk=agreement.pk)) if agreement else []
    _link_debtors(items, parties)
    entrustment: Entrustment | None = getattr(dispute, "entrustment", None)
    slot = slot_for(dispute, user, agreement=agreement) if agreement and agreement.effective_on else None
    found = (dispute, parties, mediations, sessions, agreement, signatures, items, _papers(user, dispute))
    rows = Rows(*found, slot, entrustment, required)
    return rows, _deadlines(rows)


def events_of(dispute: Dispute) -> list[DisputeEvent]:
    """What happened, as far as the page shows it."""
    return _of(dispute, _events(pk=dispute.pk))


def _dispute(user: Any, code: str) -> tuple[Dispute, list[Required]]:
    """The dispute and what its type must have answered before an agreement."""
    require(user, "disputes.view")
    seen = Dispute.objects.visible_to(user).filter(code=code).values_list("pk", flat=True)[:1]
    rows: list[Any] = [row for pk in seen for row in _case(pk=pk)]
    if not rows:
        raise Http404(NOT_THERE)
    asking = [Required(*(getattr(row, f"must_{name}") for name in Required._fields)) for row in rows]
    _tell_of_towns(rows[0], {row.waiting.pk: row.waiting for row in rows if getattr(row, "waiting", None)}.values())
    return rows[0], [one for one in dict.fromkeys(asking) if one.key]


def _tell_of_towns(dispute: Any, waiting: Collection[TownRequest]) -> None:
    """`asked` is the town whose answer is awaited, `disputed` what the county is to decide, `declined` what it may be
    asked to decide while nothing else is under way and nothing came about since; their towns by name."""
    codes = {code for one in waiting for code in (one.from_town_id, one.to_town_id)}
    towns = Division.objects.in_bulk(codes) if codes else {}
    for one in waiting:
        one.from_town, one.to_town = towns[one.from_town_id], towns[one.to_town_id]
    dispute.asked = next((one for one in waiting if one.state == TownRequestState.ASKED), None)
    dispute.disputed = next((one for one in waiting if one.awaits_county_in(dispute, waiting)), None)
    settled = dispute.asked or dispute.disputed or dispute.joint_codes or not dispute.is_open
    own = [] if settled else [one for one in waiting if _may_be_decided(one, dispute, waiting)]
    dispute.declined = own[-1] if own else None  # the oldest first


def _may_be_decided(one: TownRequest, dispute: Dispute, requests: Collection[TownRequest]) -> bool:
    is_own = one.state == TownRequestState.DECLINED and one.from_town_id == dispute.town_code
    return is_own and not one.is_settled_in(requests)


def _of(dispute: Dispute, rows: Iterable[Any]) -> list[Any]:
    found = list(rows)
    for row in found:
        row.dispute = dispute
    return found


def _tries(dispute: Dispute) -> tuple[list[Mediation], list[Session]]:
    """Every try, the oldest first, and every meeting of them."""
    mediations: dict[int, Mediation] = {}
    sessions = []
    for row in _of(dispute, _meetings(pk=dispute.pk)):
        mediations.setdefault(row.pk, row)
        if meeting := getattr(row, "meeting", None):
            sessions.append(meeting)
    return list(mediations.values()), sessions


def _agreement(dispute: Dispute, mediations: Sequence[Mediation]) -> Agreement | None:
    """The agreement of the last try; while a new try runs without one, none."""
    tries = mediations[-1:] if dispute.state == DisputeState.MEDIATING else mediations
    found = [mediation.agreement for mediation in tries if hasattr(mediation, "agreement")]
    return found[-1] if found else None


def _link_debtors(items: Sequence[PerformanceItem], parties: Sequence[Party]) -> None:
    by_id = {party.pk: party for party in parties}
    for item in items:
        if item.debtor_id:
            item.debtor = by_id[item.debtor_id]


def _papers(user: Any, dispute: Dispute) -> list[StoredFile]:
    """Files of the dispute; what is sealed by the court is seen by the court only."""
    sealed = (Sealed.OPEN.value, Sealed.COURT.value) if user.role in COURT_ROLES else (Sealed.OPEN.value,)
    return list(_files(pk=str(dispute.pk), sealed=sealed))


def _deadlines(rows: Rows) -> list[Deadline]:
    """Every period of the dispute and of what belongs to it, the first last day first."""
    subjects: list[Model] = [rows.dispute, *rows.mediations, *rows.items]
    subjects += [mediation.agreement for mediation in rows.mediations if hasattr(mediation, "agreement")]
    subjects += [rows.entrustment] if rows.entrustment else []
    if rows.slot and rows.slot.request:
        subjects += [*rows.slot.earlier, rows.slot.request, *rows.slot.services]
    wanted = {(subject._meta.label_lower, str(subject.pk)) for subject in subjects}
    labels, keys = (tuple(sorted(set(part))) for part in zip(*wanted, strict=True))
    found = _periods(labels=labels, keys=keys)  # of each kind also what has the key of another
    return [row for row in found if (row.subject_label, row.subject_id) in wanted]
