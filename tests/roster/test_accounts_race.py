"""Two admins press at the same moment: nobody gets two accounts, no name is given twice."""

import pytest

from core.models import User
from roster.actions.accounts import open_accounts
from roster.models import Staff
from tests.core.test_concurrency import all_at_once

pytestmark = pytest.mark.django_db(transaction=True)


def test_everybody_gets_one_account_whoever_presses_first(seat, admin):
    people = [seat(f"某{number}").staff.pk for number in range(3)]
    slips: list[int] = []

    all_at_once(lambda: slips.extend(slip.user.pk for slip in open_accounts(staff_ids=people, by=admin).slips))

    assert (len(slips), len(set(slips))) == (3, 3)
    assert set(Staff.objects.values_list("user_id", flat=True)) == set(slips)
    assert sorted(User.objects.filter(pk__in=slips).values_list("username", flat=True)) == [
        "mediator-tp-01", "mediator-tp-02", "mediator-tp-03",
    ]  # fmt: skip
