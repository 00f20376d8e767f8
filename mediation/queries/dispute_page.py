"""Everything that the one dispute page shows, in a constant number of queries."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import Any

from django.db.models import CharField, F, FilteredRelation, Model, Q, QuerySet
from django.db.models.functions import Cast
from django.http import Http404

from core.access import allowed, require
from core.choices import COURT_ROLES, Sealed
from core.models import Deadline, StoredFile
from core.queries import today
from disputes.choices import DisputeState, EventKind, TownRequestState
from disputes.models import Dispute, DisputeEvent, Party, RiskFlag
from disputes.queries import NOT_THERE
from disputes.queries.chain import Alarm, alarm_of
from disputes.questions import Required
from disputes.timeline import newest_first
from mediation import acts, path, stepper
from mediation.choices import PaperKind
from mediation.models import (
    Agreement,
    ConfirmationRequest,
    Entrustment,
    Mediation,
    PerformanceItem,
    RulingService,
    Session,
    Signature,
)
from mediation.queries.agreements import Signer, signers_of
from mediation.queries.confirmations import slot_for
from mediation.queries.page_facts import CONFIRM_APPLY, Rows, facts_of

EVENTS_SHOWN = 300
ASKING = frozenset({DisputeState.ROUTED, DisputeState.MEDIATING, DisputeState.AGREED})
PERFORMANCE = "performance"
SIDE_STEPS = frozenset({EventKind.EDITED, EventKind.FILE_ADDED, EventKind.FILED_LATE, EventKind.PARTY_ADDED})


@dataclass(frozen=True)
class DisputePage:
    """What the page shows; the template asks the database nothing more."""

    rows: Rows
    facts: path.Facts
    flag: RiskFlag | None
    alarm: Alarm | None
    events: Sequence[DisputeEvent]
    signers: Sequence[Signer]
    deadlines: Sequence[Deadline]
    more: Sequence[acts.Act]
    may_act: bool
    may_ask_judge: bool

    @property
    def next(self) -> path.NextStep:
        """The one next step."""
        return path.next_step(self.facts)

    @cached_property
    def stops(self) -> list[stepper.Stop]:
        """The stepper."""
        return stepper.stops(self.facts)

    @property
    def here(self) -> tuple[int, str]:
        """Where the dispute stands, for the narrow stepper: number and label; when all is done the last stop."""
        at = next((n for n, stop in enumerate(self.stops) if stop.state == stepper.HERE), len(self.stops) - 1)
        return at + 1, self.stops[at].label

    @property
    def open_deadlines(self) -> list[Deadline]:
        """What runs, the first day first."""
        return [deadline for deadline in self.deadlines if deadline.settled_on is None]

    @property
    def leading_deadline(self) -> Deadline | None:
        """The day at the head of the page: that of the next step, else the first."""
        kind = CONFIRM_APPLY if self.next.key == path.CONFIRMATION else ""
        of_the_step = (deadline for deadline in self.open_deadlines if deadline.kind == kind)
        return next(of_the_step, None) or next(iter(self.open_deadlines), None)

    @property
    def shown_deadlines(self) -> list[Deadline]:
        """What runs, of the agreed days the first only: the table of performance shows them all."""
        first = next((one for one in self.open_deadlines if one.kind == PERFORMANCE), None)
        return [one for one in self.open_deadlines if one.kind != PERFORMANCE or one is first]

    @property
    def settled_deadlines(self) -> list[Deadline]:
        """What was kept or fell away, the latest first."""
        settled = [deadline for deadline in self.deadlines if deadline.settled_on is not None]
        return sorted(settled, key=lambda one: (str(one.settled_on), one.pk), reverse=True)

    @property
    def legal_events(self) -> list[DisputeEvent]:
        """The timeline without corrections and papers."""
        return [event for event in self.events if event.kind not in SIDE_STEPS]

    @property
    def shows_slot(self) -> bool:
        """Whether confirmation is the next step or has begun."""
        slot = self.rows.slot
        return slot is not None and (self.next.key == path.CONFIRMATION or slot.request is not None)

    @property
    def total(self) -> Decimal:
        """What the items come to in money."""
        return sum((item.amount for item in self.rows.items if item.amount), Decimal(0))

    @property
    def papers(self) -> list[tuple[StoredFile, str]]:
        """Each file with the words for what it is; a paper of another kind goes by its own name."""
        labels = dict(PaperKind.choices)
        return [(file, labels.get(file.kind) or file.name) for file in self.rows.papers]


def dispute_page(user: Any, code: str) -> DisputePage:
    """The page of the dispute behind `code`. Raises NotAllowed (role) or Http404 (scope)."""
    dispute, required = _dispute(user, code)
    rows = _rows(user, dispute, required)
    agreement = rows.agreement
    signers = signers_of(agreement, parties=rows.parties, signatures=rows.signatures) if agreement else []
    events = newest_first(dispute.events.select_related("by")[:EVENTS_SHOWN])
    deadlines = _deadlines(rows)
    facts = facts_of(rows, signers=signers, events=events, deadlines=deadlines, today=today())
    flag = getattr(dispute, "open_flag", None)
    if flag:
        flag.dispute = dispute
    more = [
        act for act in (*acts.other_acts(facts), *acts.with_others(facts)) if allowed(user, act.permission, dispute)
    ]
    return DisputePage(
        rows=rows,
        facts=facts,
        flag=flag,
        alarm=alarm_of(flag, dispute.town_code) if flag else None,
        events=events,
        signers=signers,
        deadlines=deadlines,
        more=more,
        may_act=_may_act(user, rows, path.next_step(facts)),
        may_ask_judge=facts.state in ASKING and allowed(user, "mediation.ask_guidance", dispute),
    )


def _dispute(user: Any, code: str) -> tuple[Dispute, list[Required]]:
    """The dispute and what its type must have answered before an agreement: one joined query, a row for each."""
    require(user, "disputes.view")
    open_flag = FilteredRelation("risk_flags", condition=Q(risk_flags__lowered_at=None))
    questions = "case_type__questions"
    must = Q(**{f"{questions}__enabled": True, f"{questions}__required_before_agreement": True})
    asked = FilteredRelation("town_requests", condition=Q(town_requests__state=TownRequestState.ASKED))
    disputed = FilteredRelation("town_requests", condition=Q(town_requests__county_asked_on__isnull=False))
    first = FilteredRelation(questions, condition=must)
    found = Dispute.objects.visible_to(user).annotate(open_flag=open_flag, asked=asked, disputed=disputed, must=first)
    found = found.annotate(**{f"must_{name}": F(f"must__{name}") for name in Required._fields})
    related = ["case_type", "division__parent", "handler", "registered_by", "entrustment", "merged_into"]
    related += ["asked__from_town", "asked__to_town", "disputed__from_town", "disputed__to_town", "parent_link__parent"]
    flags = ("open_flag__receiver", "open_flag__acknowledged_by")
    rows = list(found.select_related(*related, *flags).filter(code=code).order_by("must__order", "must__pk"))
    if not rows:
        raise Http404(NOT_THERE)
    asking = [Required(*(getattr(row, f"must_{name}") for name in Required._fields)) for row in rows]
    return rows[0], [one for one in asking if one.key]


def _rows(user: Any, dispute: Dispute, required: Sequence[Required]) -> Rows:
    parties = list(dispute.parties.select_related("home__parent", "notice_given_by"))
    mediations, sessions = _tries(dispute)
    agreement = _agreement(dispute, mediations)
    signatures: list[Signature] = list(agreement.signatures.all()) if agreement else []
    items: list[PerformanceItem] = list(agreement.performance_items.all()) if agreement else []
    _link_debtors(items, parties)
    slot = slot_for(dispute, user, agreement=agreement) if agreement and agreement.effective_on else None
    entrustment: Entrustment | None = getattr(dispute, "entrustment", None)
    papers = list(_papers(user, dispute))
    found = (dispute, parties, mediations, sessions, agreement, signatures, items, papers, slot, entrustment)
    return Rows(*found, required)


def _tries(dispute: Dispute) -> tuple[list[Mediation], list[Session]]:
    """Every try, the oldest first, and every meeting of them: one joined query, a row for each meeting."""
    joined = dispute.mediations.annotate(meeting=FilteredRelation("sessions"))
    rows = joined.select_related("organisation", "agreement", "meeting")  # type: ignore[misc]
    mediations: dict[int, Mediation] = {}
    sessions = []
    for row in rows.order_by("accepted_on", "id", "meeting__held_on", "meeting__recorded_at"):
        mediations.setdefault(row.pk, row)
        if meeting := getattr(row, "meeting", None):
            sessions.append(meeting)
    return list(mediations.values()), sessions


def _agreement(dispute: Dispute, mediations: Sequence[Mediation]) -> Agreement | None:
    """The agreement of the last try; while a new try runs without one, none."""
    tries = mediations[-1:] if dispute.state == DisputeState.MEDIATING else mediations
    found = [mediation.agreement for mediation in tries if hasattr(mediation, "agreement")]
    if not found:
        return None
    found[-1].mediation.dispute = dispute
    return found[-1]


def _link_debtors(items: Sequence[PerformanceItem], parties: Sequence[Party]) -> None:
    by_id = {party.pk: party for party in parties}
    for item in items:
        if item.debtor_id:
            item.debtor = by_id[item.debtor_id]


def _papers(user: Any, dispute: Dispute) -> QuerySet[StoredFile]:
    """Files of the dispute; what is sealed by the court is seen by the court only."""
    seen = {Sealed.OPEN, Sealed.COURT} if user.role in COURT_ROLES else {Sealed.OPEN}
    about = StoredFile.objects.filter(subject_label=dispute._meta.label_lower, subject_id=str(dispute.pk))
    return about.filter(sealed__in=seen).select_related("late_paper").order_by("-uploaded_at")


def _deadlines(rows: Rows) -> list[Deadline]:
    """Every period of the dispute and of what belongs to it, the first last day first."""
    subjects: list[Model] = [rows.dispute, *rows.mediations, *rows.items]
    subjects += [mediation.agreement for mediation in rows.mediations if hasattr(mediation, "agreement")]
    subjects += [rows.entrustment] if rows.entrustment else []
    wanted = Q(pk__in=[])
    for label in {subject._meta.label_lower for subject in subjects}:
        keys = [str(subject.pk) for subject in subjects if subject._meta.label_lower == label]
        wanted |= Q(subject_label=label, subject_id__in=keys)
    if rows.slot and rows.slot.request:
        request = rows.slot.request
        wanted |= Q(
            subject_label=request._meta.label_lower, subject_id__in=_keys(ConfirmationRequest, agreement=rows.agreement)
        )
        wanted |= Q(subject_label=RulingService._meta.label_lower, subject_id__in=_keys(RulingService, request=request))
    return list(Deadline.objects.filter(wanted).select_related("rule").order_by("due_on", "id"))


def _keys(model: type[Model], **about: Any) -> QuerySet[Any, Any]:
    """The keys of rows as text, for a subject."""
    return model._default_manager.filter(**about).annotate(key=Cast("pk", CharField())).values("key")


def _may_act(user: Any, rows: Rows, step: path.NextStep) -> bool:
    if not step.permission:
        return False
    subject = rows.entrustment if step.key in (path.ENTRUST, path.RETURN) else rows.dispute
    return allowed(user, step.permission, subject)
