"""Disputes: the quarrel, its parties, its timeline, its risk flags, and the tables behind intake."""

from disputes.models.disputes import CaseType, CodeSequence, Dispute, DisputeQuerySet
from disputes.models.events import DisputeEvent
from disputes.models.parties import Party
from disputes.models.questions import CaseQuestion
from disputes.models.risk import RiskFlag
from disputes.models.routing import RoutingRule

__all__ = [
    "CaseQuestion",
    "CaseType",
    "CodeSequence",
    "Dispute",
    "DisputeEvent",
    "DisputeQuerySet",
    "Party",
    "RiskFlag",
    "RoutingRule",
]
