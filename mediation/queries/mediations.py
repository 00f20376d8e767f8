"""Reads of mediations: who may be named, what is open, the try and its papers in hand."""

from uuid import UUID

from django.http import Http404

from core.choices import Role
from core.models import User
from disputes.models import Dispute
from mediation.models import Agreement, Mediation, PerformanceItem, Session
from roster.queries import stays_in

NOT_THERE = "没有这份材料，或不在您的范围内。"


def mediators_of(town_code: str) -> list[User]:
    """The mediators of a town who can be named: not those whose last day it is."""
    found = User.objects.filter(stays_in(town_code), is_active=True, role=Role.MEDIATOR, scopes__division=town_code)
    return list(found.order_by("name", "pk"))


def agreement_in_effect(dispute: Dispute) -> Agreement | None:
    """The agreement that binds: the latest in effect."""
    found = Agreement.objects.filter(mediation__dispute=dispute, effective_on__isnull=False)
    return found.order_by("effective_on", "id").last()


def open_items(dispute: Dispute) -> list[PerformanceItem]:
    """What of the agreement that binds is not performed, in its order."""
    agreement = agreement_in_effect(dispute)
    return list(agreement.performance_items.filter(done_on=None)) if agreement else []


def last_mediation(dispute: Dispute) -> Mediation | None:
    """The last try, with its organisation and agreement."""
    found = dispute.mediations.select_related("organisation", "agreement")
    return found.order_by("accepted_on", "id").last()


def last_agreement(dispute: Dispute) -> Agreement | None:
    """The agreement of the dispute in hand: of the last try that has one."""
    found = Agreement.objects.filter(mediation__dispute=dispute).select_related("mediation__organisation")
    agreement = found.order_by("mediation__accepted_on", "id").last()
    if agreement is not None:
        agreement.mediation.dispute = dispute
    return agreement


def get_agreement(dispute: Dispute) -> Agreement:
    """The same where a paper is made of it. Raises Http404 without one."""
    agreement = last_agreement(dispute)
    if agreement is None:
        raise Http404(NOT_THERE)
    return agreement


def get_session(dispute: Dispute, session_id: UUID) -> Session:
    """A meeting of the dispute in hand. Raises Http404."""
    found = Session.objects.filter(mediation__dispute=dispute).select_related("mediation__organisation", "recorded_by")
    session = found.filter(pk=session_id).first()
    if session is None:
        raise Http404(NOT_THERE)
    return session


def serial_of(session: Session) -> int:
    """Which meeting of its dispute this is, counted from 1 in the order they were held."""
    all_of_them = Session.objects.filter(mediation__dispute_id=session.mediation.dispute_id)
    return list(all_of_them.values_list("pk", flat=True)).index(session.pk) + 1
