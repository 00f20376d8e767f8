"""A team of three and a week for the rota: what the tests of duty lean on. The day is Monday 2026-09-14."""

from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine

from liaison.actions.duty import schedule_shift
from liaison.choices import Hours
from liaison.models import DutyShift
from roster.choices import TeamRole
from roster.models import Absence
from tests.liaison.conftest import moment

MONDAY, FRIDAY = date(2026, 9, 14), date(2026, 9, 18)
ONE_DAY = timedelta(days=1)
TERM = date(2026, 1, 1)


@pytest.fixture(autouse=True)
def _monday():
    with time_machine.travel(datetime(2026, 9, 14, 2, tzinfo=UTC), tick=False):
        yield


@pytest.fixture
def team(serve, point):
    """甲, 乙, 丙 of 太平镇."""
    return [serve(name, TeamRole.MEDIATOR, TERM).staff for name in "甲乙丙"]


@pytest.fixture
def put(point, officer_of_taiping):
    """put(staff, day, hours=WHOLE) → a shift."""

    def make(staff, day=MONDAY, hours=Hours.WHOLE) -> DutyShift:
        return schedule_shift(point_id=point.pk, on=day, hours=hours, staff_id=staff.pk, by=officer_of_taiping)

    return make


def leave(staff, first=MONDAY, last=FRIDAY, substitute=None) -> None:
    Absence.objects.create(
        staff=staff, from_on=first, to_on=last, substitute=substitute, reason="培训", recorded_at=moment(TERM)
    )


def who(shift: DutyShift) -> str:
    shift.refresh_from_db()
    return shift.staff.name
