"""What the pre-check looks at, read from the agreement, its mediation, its parties and the earlier requests."""

from collections.abc import Iterable
from datetime import date

from django.conf import settings

from core.models import Deadline
from disputes.models import Party
from mediation.choices import OPEN_CONFIRMATIONS, ConfirmationState
from mediation.models import Agreement, ConfirmationRequest
from mediation.precheck import (
    NO_OTHER,
    OTHER_CONFIRMED,
    OTHER_OPEN,
    OTHER_REJECTED,
    Facts,
    PartyFacts,
    PerformanceFacts,
)


def facts_of(
    agreement: Agreement,
    *,
    applied_on: date,
    joint: bool,
    promise: bool,
    materials: Iterable[str],
    besides: ConfirmationRequest | None = None,
) -> Facts:
    """The facts of an application for confirmation of `agreement` that reaches the court on `applied_on`.

    `besides` is the request itself, so that it is not taken for another one.
    """
    mediation = agreement.mediation
    dispute = mediation.dispute
    items = agreement.performance_items.all()
    return Facts(
        applied_on=applied_on,
        last_day=last_day(agreement),
        joint=joint,
        promise=promise,
        basis=mediation.basis,
        form=agreement.form,
        effective_on=agreement.effective_on,
        materials=frozenset(materials),
        parties=tuple(_party(party) for party in dispute.parties.all()),
        items=tuple(PerformanceFacts(item.serial, item.text, item.due_on, item.amount) for item in items),
        clauses=tuple(str(clause) for clause in agreement.clauses),
        story=f"{agreement.facts}\n{dispute.narrative}",
        case_type=dispute.case_type_id,
        amount=dispute.amount,
        organisation_in_district=in_district(mediation.organisation.division_id),
        dispute_in_district=in_district(dispute.town_code),
        rights_told=mediation.sessions.filter(rights_told=True).exists(),
        involves_identity=agreement.involves_identity,
        involves_title=agreement.involves_title,
        involves_real_estate=agreement.involves_real_estate,
        other_request=other_request(agreement, besides=besides),
    )


def _party(party: Party) -> PartyFacts:
    return PartyFacts(
        name=party.name,
        has_id=bool(party.id_hash),
        has_phone=bool(party.phone_hash),
        has_address=bool(party.address),
        consents=party.consents_to_mediation,
        has_agent=bool(party.agent_name),
    )


def last_day(agreement: Agreement) -> date | None:
    """The last lawful day of the thirty, also after the application has settled the period; None while none ran."""
    found = Deadline.objects.about(agreement).filter(kind="confirm_apply").order_by("-id").first()
    return found.due_on if found else None


def in_district(division_code: str) -> bool:
    """Whether a place lies in the county of this court."""
    return division_code.startswith(settings.COUNTY_CODE)


def other_request(agreement: Agreement, *, besides: ConfirmationRequest | None) -> str:
    """Whether another request on the same agreement stands in the way. One refused or withdrawn does not."""
    others = agreement.confirmation_requests.all()
    if besides:
        others = others.exclude(pk=besides.pk)
    states = set(others.values_list("state", flat=True))
    if states & OPEN_CONFIRMATIONS:
        return OTHER_OPEN
    if ConfirmationState.CONFIRMED in states:
        return OTHER_CONFIRMED
    return OTHER_REJECTED if ConfirmationState.REJECTED in states else NO_OTHER
