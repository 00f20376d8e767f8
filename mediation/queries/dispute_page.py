"""Everything that the one dispute page shows, in a constant number of queries."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import Any

from core.access import allowed
from core.models import Deadline, StoredFile
from core.queries import today
from disputes.choices import DisputeState, EventKind
from disputes.models import DisputeEvent, RiskFlag
from disputes.queries.chain import Alarm, alarm_of
from disputes.timeline import newest_first
from mediation import acts, path, stepper
from mediation.choices import PaperKind
from mediation.queries.agreements import Signer, signers_of
from mediation.queries.dispute_rows import events_of, rows_of
from mediation.queries.page_facts import CONFIRM_APPLY, Rows, facts_of

ASKING = frozenset({DisputeState.REGISTERED, DisputeState.ROUTED, DisputeState.MEDIATING, DisputeState.AGREED})
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
    may_act_otherwise: bool
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
    def slot_deadlines(self) -> list[Deadline]:
        """What runs for the request that stands."""
        request = self.rows.slot.request if self.rows.slot else None
        about = (request._meta.label_lower, str(request.pk)) if request else None
        return [one for one in self.open_deadlines if (one.subject_label, one.subject_id) == about]

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
    rows, deadlines = rows_of(user, code)
    dispute, agreement = rows.dispute, rows.agreement
    signers = signers_of(agreement, parties=rows.parties, signatures=rows.signatures) if agreement else []
    events = newest_first(events_of(dispute))
    facts = facts_of(rows, signers=signers, events=events, deadlines=deadlines, today=today())
    flag = getattr(dispute, "open_flag", None)
    if flag:
        flag.dispute = dispute
    step = path.next_step(facts)
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
        may_act=_may_act(user, rows, step),
        may_act_otherwise=step.second is not None and _may_act(user, rows, step.second),
        may_ask_judge=facts.state in ASKING and allowed(user, "mediation.ask_guidance", dispute),
    )


def _may_act(user: Any, rows: Rows, step: path.NextStep) -> bool:
    if not step.permission:
        return False
    subject = rows.entrustment if step.key in (path.ENTRUST, path.RETURN) else rows.dispute
    return allowed(user, step.permission, subject)
