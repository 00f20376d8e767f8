"""Disputes: the quarrel, its parties, timeline, warnings, what ties it to others, the tables behind intake."""

from disputes.models.clusters import ClusterKey, ClusterMember, ClusterWarning, WarningRule
from disputes.models.disputes import CaseType, CodeSequence, Dispute, DisputeQuerySet, shared_keys
from disputes.models.events import DisputeEvent
from disputes.models.exports import LedgerExport
from disputes.models.hidden_dangers import HiddenDanger
from disputes.models.imports import LedgerImport
from disputes.models.links import DisputeLink
from disputes.models.notes import InternalNote
from disputes.models.papers import LatePaper
from disputes.models.parties import Party
from disputes.models.questions import CaseQuestion
from disputes.models.risk import FlagStep, RiskFlag
from disputes.models.routing import RoutingRule
from disputes.models.saved_filters import SavedFilter
from disputes.models.suggestions import JudicialSuggestion
from disputes.models.towns import TownRequest

__all__ = [
    "CaseQuestion",
    "CaseType",
    "ClusterKey",
    "ClusterMember",
    "ClusterWarning",
    "CodeSequence",
    "Dispute",
    "DisputeEvent",
    "DisputeLink",
    "DisputeQuerySet",
    "FlagStep",
    "HiddenDanger",
    "InternalNote",
    "JudicialSuggestion",
    "LatePaper",
    "LedgerExport",
    "LedgerImport",
    "Party",
    "RiskFlag",
    "RoutingRule",
    "SavedFilter",
    "TownRequest",
    "WarningRule",
    "shared_keys",
]
