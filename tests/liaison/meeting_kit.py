"""A day in September 2023 with its calendar, and one of the team who has an account: what tests of meetings share."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest
import time_machine

from core import reference
from roster.choices import TeamRole

SHANGHAI = ZoneInfo("Asia/Shanghai")


@pytest.fixture(autouse=True)
def _day(divisions, db):
    reference.load_rules()
    reference.load_calendar()
    with time_machine.travel(datetime(2023, 9, 20, 10, tzinfo=SHANGHAI), tick=False):
        yield


@pytest.fixture
def mediator(serve, point, mediator_of_taiping):
    """A mediator of the team who has an account."""
    term = serve("沈雪梅", TeamRole.MEDIATOR, date(2023, 5, 18))
    term.staff.user = mediator_of_taiping
    term.staff.save()
    return term.staff
