"""A request before the court, submitted or accepted, and where its page and its steps are."""

import pytest
from django.urls import reverse

from tests.mediation.confirmation_kit import accept, agreement_of, submit


@pytest.fixture
def submitted(agreed, cast):
    """Filed with one vague clause and its sentence."""
    agreement = agreement_of(agreed)
    agreement.clauses = ["梁伯坚分三期还清借款。", "余款年底结清。"]
    agreement.save(update_fields=["clauses"])
    return submit(agreed, cast["mediator_of_taiping"], answers={"content": "说定是2023年12月31日。"})


@pytest.fixture
def accepted(submitted, court_clerk):
    """Accepted on 2023-09-12."""
    return accept(submitted, court_clerk)


def review(request) -> str:
    return reverse("court:confirmation-review", args=[request.pk])


def step(request, verb: str) -> str:
    return reverse("court:confirmation-step", args=[request.pk, verb])
