"""Disputes: the quarrel, its parties, its timeline, its risk flags, and the tables that type and route it."""

from disputes.models.clusters import ClusterKey, ClusterMember, ClusterWarning, WarningRule
from disputes.models.disputes import CaseType, CodeSequence, Dispute, DisputeQuerySet
from disputes.models.events import DisputeEvent
from disputes.models.exports import LedgerExport
from disputes.models.hidden_dangers import HiddenDanger
from disputes.models.imports import LedgerImport
from disputes.models.parties import Party
from disputes.models.risk import FlagStep, RiskFlag
from disputes.models.routing import RoutingRule
from disputes.models.saved_filters import SavedFilter
from disputes.models.suggestions import JudicialSuggestion

__all__ = [
    "CaseType",
    "ClusterKey",
    "ClusterMember",
    "ClusterWarning",
    "CodeSequence",
    "Dispute",
    "DisputeEvent",
    "DisputeQuerySet",
    "FlagStep",
    "HiddenDanger",
    "JudicialSuggestion",
    "LedgerExport",
    "LedgerImport",
    "Party",
    "RiskFlag",
    "RoutingRule",
    "SavedFilter",
    "WarningRule",
]
