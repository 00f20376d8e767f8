"""Disputes: the quarrel, its parties, timeline, warnings, what ties it to others, the tables that type and route it."""

from disputes.models.disputes import CaseType, CodeSequence, Dispute, DisputeQuerySet, shared_keys
from disputes.models.events import DisputeEvent
from disputes.models.exports import LedgerExport
from disputes.models.imports import LedgerImport
from disputes.models.links import DisputeLink
from disputes.models.notes import InternalNote
from disputes.models.papers import LatePaper
from disputes.models.parties import Party
from disputes.models.risk import RiskFlag
from disputes.models.routing import RoutingRule
from disputes.models.saved_filters import SavedFilter
from disputes.models.towns import TownRequest

__all__ = [
    "CaseType",
    "CodeSequence",
    "Dispute",
    "DisputeEvent",
    "DisputeLink",
    "DisputeQuerySet",
    "InternalNote",
    "LatePaper",
    "LedgerExport",
    "LedgerImport",
    "Party",
    "RiskFlag",
    "RoutingRule",
    "SavedFilter",
    "TownRequest",
    "shared_keys",
]
