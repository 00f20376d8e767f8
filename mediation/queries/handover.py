"""What one person has in hand in a town, and who could take it over."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property

from django.db import models

from core.choices import Role
from core.models import Deadline, User
from disputes.choices import OPEN_STATES, DisputeState
from disputes.models import Dispute, RiskFlag
from mediation.models import (
    Agreement,
    Assignment,
    ConfirmationRequest,
    Entrustment,
    GuidanceRequest,
    Mediation,
    PerformanceItem,
    RulingService,
)
from roster.choices import TeamRole
from roster.models import TeamMembership
from roster.queries import stays_in

OVER = (DisputeState.ARCHIVED, DisputeState.REFERRED_OUT, DisputeState.MERGED)
ROLE_OF_SEAT = {
    TeamRole.MEDIATOR: Role.MEDIATOR,
    TeamRole.LIAISON_OFFICER: Role.OFFICER,
    TeamRole.JUDGE: Role.JUDGE,
    TeamRole.JUDGE_ASSISTANT: Role.ASSISTANT,
}
TO_DISPUTE: dict[type[models.Model], str] = {
    Dispute: "pk",
    Mediation: "dispute_id",
    Entrustment: "dispute_id",
    Agreement: "mediation__dispute_id",
    PerformanceItem: "agreement__mediation__dispute_id",
    ConfirmationRequest: "agreement__mediation__dispute_id",
    RulingService: "request__agreement__mediation__dispute_id",
}


@dataclass
class OpenWork:
    """One person's open work in a town."""

    disputes: list[Dispute] = field(default_factory=list)
    assignments: list[Assignment] = field(default_factory=list)
    deadlines: list[Deadline] = field(default_factory=list)
    requests: list[ConfirmationRequest] = field(default_factory=list)
    guidance: list[GuidanceRequest] = field(default_factory=list)
    flags: list[RiskFlag] = field(default_factory=list)

    @property
    def is_empty(self) -> bool:
        return not any((self.disputes, self.assignments, self.deadlines, self.requests, self.guidance, self.flags))

    @property
    def to_archive(self) -> list[Dispute]:
        """Those that are dealt with, and counted among nobody's open ones, but not archived yet."""
        return [dispute for dispute in self.disputes if dispute.state not in OPEN_STATES]

    @property
    def handled_by_others(self) -> int:
        """How many of `dispute_ids` somebody else handles."""
        return len(self.dispute_ids - {dispute.pk for dispute in self.disputes})

    @cached_property
    def dispute_ids(self) -> set[int]:
        """Every dispute that any of it belongs to; one query a kind of thing that has a deadline."""
        found = {dispute.pk for dispute in self.disputes} | {flag.dispute_id for flag in self.flags}
        found |= {assignment.mediation.dispute_id for assignment in self.assignments}
        found |= {request.agreement.mediation.dispute_id for request in self.requests}
        found |= {question.dispute_id for question in self.guidance}
        return found | set(disputes_behind(self.deadlines).values())


def open_work(user: User, town_code: str, *, role: str) -> OpenWork:
    """What `user` has in hand in the town; for a judge also the questions of the town that wait; six queries.

    A dispute stays in hand until its file is archived. Who asked a question stays who asked it.
    """
    here = {"town_code": town_code}
    handled = Dispute.objects.filter(handler=user, **here).exclude(state__in=OVER).select_related("case_type")
    running = Assignment.objects.filter(mediator=user, until=None, mediation__ended_on=None)
    requests = ConfirmationRequest.objects.before_court().filter(judge=user, **here)
    waiting = GuidanceRequest.objects.filter(answered_on=None, **here).select_related("dispute")
    waiting = waiting if role == TeamRole.JUDGE else waiting.filter(asked_by=user)
    flags = RiskFlag.objects.filter(receiver=user, acknowledged_at=None, lowered_at=None, dispute__town_code=town_code)
    return OpenWork(
        list(handled.order_by("registered_on", "pk")),
        list(running.filter(mediation__town_code=town_code).select_related("mediation")),
        list(Deadline.objects.open().filter(responsible=user, **here).select_related("rule").order_by("due_on", "pk")),
        list(requests.select_related("agreement__mediation__dispute").order_by("pk")),
        list(waiting.order_by("asked_on", "pk")),
        list(flags.select_related("dispute").order_by("raised_at")),
    )


def disputes_behind(deadlines: Iterable[Deadline]) -> dict[int, int]:
    """The dispute (id) of each deadline (id) that belongs to one; one query a kind of subject."""
    of_label: dict[str, list[Deadline]] = {}
    for deadline in deadlines:
        of_label.setdefault(deadline.subject_label, []).append(deadline)
    found: dict[int, int] = {}
    for model, path in TO_DISPUTE.items():
        rows = of_label.get(model._meta.label_lower, [])
        if rows:
            keys = [deadline.subject_id for deadline in rows]
            known = dict(model._default_manager.filter(pk__in=keys).values_list("pk", path))
            found |= {row.pk: known[key] for row in rows if (key := int(row.subject_id)) in known}
    return found


def successors(term: TeamMembership, on: date) -> list[User]:
    """Who may take over: active accounts of the same role with the same seat in the same town on `on`, and keeps it."""
    seated = TeamMembership.objects.on(on).filter(town_code=term.town_code, role=term.role).exclude(staff=term.staff_id)
    found = User.objects.filter(
        stays_in(term.town_code),
        is_active=True,
        role=ROLE_OF_SEAT[TeamRole(term.role)],
        staff__memberships__in=seated,
        scopes__division=term.town_code,
    )
    return list(found.distinct().order_by("name", "pk"))
