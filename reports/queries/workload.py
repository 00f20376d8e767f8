"""What a person of the roster has in hand: numbers for who reads the roster, lists for who works with cases."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Q

from core.models import Deadline, User
from core.scope import covers, within_any
from disputes.choices import OPEN_STATES
from disputes.models import Dispute
from mediation.models import Assignment, ConfirmationRequest
from mediation.queries.handover import OpenWork, open_work
from roster.models import Staff
from roster.rules import roster_codes


@dataclass(frozen=True)
class Workload:
    """How much is in hand in the towns the viewer keeps."""

    open_disputes: int
    mediating: int
    deadlines: int
    overdue: int
    requests: int

    @property
    def is_empty(self) -> bool:
        return not (self.open_disputes or self.mediating or self.deadlines or self.requests)


def workload(viewer: User, account: User, today: date) -> Workload:
    """Numbers only; four queries."""
    codes = roster_codes(viewer)
    deadlines = Deadline.objects.open().filter(within_any("town_code", codes), responsible=account)
    counted = deadlines.aggregate(all=Count("pk"), late=Count("pk", filter=Q(due_on__lt=today)))
    running = Assignment.objects.filter(mediator=account, until=None, mediation__ended_on=None)
    return Workload(
        Dispute.objects.filter(within_any("town_code", codes), handler=account, state__in=OPEN_STATES).count(),
        running.filter(within_any("mediation__town_code", codes)).count(),
        counted["all"],
        counted["late"],
        ConfirmationRequest.objects.before_court().filter(within_any("town_code", codes), judge=account).count(),
    )


@dataclass(frozen=True)
class TownWork:
    """One town's part of a person's open work."""

    town: str
    code: str
    work: OpenWork


def work_by_town(viewer: User, staff: Staff) -> list[TownWork]:
    """The open work of a person in each of their towns that the viewer may see; six queries a town."""
    if staff.user is None:
        return []
    seats = {term.town_code: term for term in staff.memberships.all() if term.until is None}
    visible = [term for term in seats.values() if covers(roster_codes(viewer), term.town_code)]
    return [
        TownWork(str(term.town), term.town_code, open_work(staff.user, term.town_code, role=term.role))
        for term in visible
    ]
