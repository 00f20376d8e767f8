"""Models of mediation, one noun a file."""

from mediation.models.agreements import Agreement, PerformanceItem, Signature
from mediation.models.confirmations import (
    ConfirmationMaterial,
    ConfirmationRequest,
    ConfirmationSerial,
    RulingService,
    SupplementNotice,
)
from mediation.models.court_links import Entrustment, GuidanceRequest
from mediation.models.mediations import AgreementSerial, Assignment, Mediation, MediationOrganisation, Session

__all__ = [
    "Agreement",
    "AgreementSerial",
    "Assignment",
    "ConfirmationMaterial",
    "ConfirmationRequest",
    "ConfirmationSerial",
    "Entrustment",
    "GuidanceRequest",
    "Mediation",
    "MediationOrganisation",
    "PerformanceItem",
    "RulingService",
    "Session",
    "Signature",
    "SupplementNotice",
]
