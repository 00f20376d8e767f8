"""A joint application carried by the real verbs: which papers, which days; used by every test of confirmation."""

from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from core.models import Deadline
from disputes.models import Dispute
from mediation.actions import confirmations, court_review, rulings
from mediation.choices import MaterialKind, ServiceMethod
from mediation.models import Agreement, ConfirmationRequest

PAPERS = frozenset(
    {
        MaterialKind.APPLICATION,
        MaterialKind.AGREEMENT,
        MaterialKind.MEDIATION_PROOF,
        MaterialKind.IDENTITY,
        MaterialKind.SERVICE_ADDRESS,
    }
)
SUBMITTED, ACCEPTED, RULED = date(2023, 9, 11), date(2023, 9, 12), date(2023, 9, 20)


def day(text: str) -> date:
    return date.fromisoformat(text)


def moment(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo("Asia/Shanghai"))


def agreement_of(dispute: Dispute) -> Agreement:
    return Agreement.objects.get(mediation__dispute=dispute)


def submit(dispute: Dispute, by, on: date = SUBMITTED, **facts) -> ConfirmationRequest:
    values: dict[str, Any] = {"joint": True, "promise": True, "materials": PAPERS} | facts
    return confirmations.submit_confirmation(agreement_id=agreement_of(dispute).pk, by=by, on=on, **values)


def accept(request: ConfirmationRequest, by, on: date = ACCEPTED, **facts) -> ConfirmationRequest:
    return court_review.accept_request(request_id=request.pk, by=by, on=on, **facts)


def confirm(request: ConfirmationRequest, by, on: date = RULED, **facts) -> ConfirmationRequest:
    values: dict[str, Any] = {"heard_on": on} | facts
    return rulings.confirm_agreement(request_id=request.pk, by=by, on=on, **values)


def days(*subjects) -> dict[str, tuple[str, str, str]]:
    """Open deadlines of the subjects: kind → (base, raw, last day)."""
    found: dict[str, tuple[str, str, str]] = {}
    for subject in subjects:
        for row in Deadline.objects.about(subject).open():
            found[row.kind] = (str(row.base_event_on), str(row.raw_due_on), str(row.due_on))
    return found


def settled(*subjects) -> dict[str, tuple[str, str]]:
    """Settled deadlines: kind → (day, how); the last one of a kind."""
    found = {}
    for subject in subjects:
        for row in Deadline.objects.about(subject).exclude(settled_on=None).order_by("pk"):
            found[row.kind] = (str(row.settled_on), row.settled_as)
    return found


def serve(request: ConfirmationRequest, party, by, on: date = RULED) -> None:
    rulings.serve_ruling(request_id=request.pk, party=party, method=ServiceMethod.IN_PERSON, by=by, on=on)
