"""Predicate and queryset hold against each other; the court's clerks, judges and the towns see what is theirs."""

import pytest

from core.access import allowed
from mediation.models import ConfirmationRequest
from tests.mediation.confirmation_kit import submit

SEEN = {
    "mediator_of_taiping": {"draft", "submitted"},
    "officer_of_taiping": {"draft", "submitted"},
    "mediator_of_shuangdong": set(),
    "reviewing_judge": {"submitted"},
    "judges_assistant": {"submitted"},
    "court_clerk": {"submitted"},
    "justice_officer": {"submitted"},
    "committee_officer": {"submitted"},
    "admin": set(),
    "auditor": set(),
}


@pytest.fixture
def two_requests(agreed, cast):
    """One submitted request and, on a copy of its agreement, a draft."""
    request = submit(agreed, cast["mediator_of_taiping"])
    mediation = request.agreement.mediation
    mediation.pk = None
    mediation.save()
    agreement = request.agreement
    agreement.pk, agreement.mediation, agreement.number = None, mediation, "太平人调〔2023〕2号"
    agreement.save()
    ConfirmationRequest.objects.create(
        agreement=agreement, town_code=request.town_code, court=request.court, recorded_at=request.recorded_at
    )
    return ConfirmationRequest.objects.all()


def test_everybody_sees_exactly_what_the_policy_says(two_requests, cast):
    seen = {
        name: set(ConfirmationRequest.objects.visible_to(user).values_list("state", flat=True))
        for name, user in cast.items()
    }

    assert seen == SEEN


def test_the_predicate_agrees_with_the_queryset_for_every_person_and_row(two_requests, cast):
    disagreements = [
        (name, request.state)
        for name, user in cast.items()
        for request in two_requests
        if allowed(user, "mediation.view_confirmation", request)
        is not ConfirmationRequest.objects.visible_to(user).filter(pk=request.pk).exists()
    ]

    assert disagreements == []


def test_court_staff_see_personal_data_only_once_the_file_is_before_them(agreed, cast):
    before = allowed(cast["court_clerk"], "disputes.reveal", agreed)
    submit(agreed, cast["mediator_of_taiping"])

    after = {name: allowed(user, "disputes.reveal", agreed) for name, user in cast.items()}

    assert before is False
    assert {name for name, may in after.items() if may} == {
        "mediator_of_taiping",
        "officer_of_taiping",
        "court_clerk",
        "judges_assistant",
        "reviewing_judge",
    }
