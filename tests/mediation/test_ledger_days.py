"""The ledger by the days of a mediation: late, soon, running; a suspended one is not late."""

from datetime import date

import pytest

from core.models import Deadline
from disputes import queries
from mediation.queries import dispute_days
from tests.mediation.conftest import meet, sign, start, write


@pytest.fixture
def agreed(law_in_force, private_loan, make_dispute, mediator_of_taiping):
    """An agreement whose window for the court and whose payments run; beside it a dispute without any day."""
    assert dispute_days
    case = make_dispute(mediator_of_taiping)
    make_dispute(mediator_of_taiping, code="TP2309-0999")
    start(case, mediator_of_taiping)
    meet(case, mediator_of_taiping)
    write(case, mediator_of_taiping)
    sign(case, mediator_of_taiping)
    return case


def found(user, due: str) -> list[str]:
    return sorted(queries.filtered(user, {"due": due}).values_list("code", flat=True))


@pytest.mark.parametrize(
    ("due_on", "due"),
    [
        (date(2023, 9, 19), ["late"]),
        (date(2023, 9, 20), ["week"]),
        (date(2023, 9, 27), ["week"]),
        (date(2023, 9, 28), []),
    ],
    ids=["yesterday", "today", "in seven days", "in eight"],
)
def test_disputes_are_found_by_their_periods(due_on, due, agreed, mediator_of_taiping):
    Deadline.objects.update(due_on=due_on, raw_due_on=due_on)
    answers = {name: found(mediator_of_taiping, name) == [agreed.code] for name in ("late", "week", "any")}
    assert answers == {"late": "late" in due, "week": "week" in due, "any": True}


def test_suspended_is_not_late_and_settled_is_nothing(agreed, mediator_of_taiping):
    Deadline.objects.update(due_on=date(2023, 9, 1), raw_due_on=date(2023, 9, 1), suspended_on=date(2023, 8, 30))
    assert (found(mediator_of_taiping, "late"), found(mediator_of_taiping, "any")) == ([], [agreed.code])
    Deadline.objects.update(suspended_on=None, settled_on=date(2023, 9, 2))
    assert found(mediator_of_taiping, "any") == []
