"""Reads of core: rule versions by day, the calendar in two queries, the system's own user."""

from datetime import date

import pytest
import time_machine

from core import queries
from core.errors import Refused
from core.models import DeadlineRule, User

pytestmark = pytest.mark.django_db


def version(key: str, since: str, until: str | None = None, **facts) -> DeadlineRule:
    facts = {"title": "试", "length": 30, "unit": "calendar", "certainty": "V"} | facts
    return DeadlineRule.objects.create(key=key, valid_from=since, valid_to=until, **facts)


@time_machine.travel("2023-09-20T16:30:00Z")
def test_today_is_the_day_in_shanghai():
    assert queries.today() == date(2023, 9, 21)


@pytest.mark.parametrize(("day", "length"), [("2023-12-31", 30), ("2024-01-01", 15)])
def test_a_rule_is_the_version_in_force_on_the_day(day, length):
    version("some_rule", "2011-01-01", "2023-12-31", length=30)
    version("some_rule", "2024-01-01", length=15)

    assert queries.rule_for("some_rule", date.fromisoformat(day)).length == length


@pytest.mark.parametrize("day", ["2010-12-31", "2025-01-01"])
def test_a_day_outside_every_version_is_refused(day):
    version("some_rule", "2011-01-01", "2024-12-31")

    with pytest.raises(Refused, match="没有施行的版本"):
        queries.rule_for("some_rule", date.fromisoformat(day))


def test_a_disabled_version_is_not_in_force():
    version("some_rule", "2011-01-01", enabled=False)

    with pytest.raises(Refused):
        queries.rule_for("some_rule", date(2023, 1, 1))


def test_versions_are_named_oldest_first():
    version("some_rule", "2024-01-01")
    version("some_rule", "2011-01-01", "2023-12-31")

    assert [row.valid_from for row in queries.versions_of("some_rule")] == [date(2011, 1, 1), date(2024, 1, 1)]


@pytest.mark.usefixtures("calendar_2026")
def test_a_count_under_a_rule_takes_two_queries(django_assert_num_queries):
    rule = version("some_rule", "2011-01-01", roll=True)

    with django_assert_num_queries(2):
        counted = queries.count_under(rule, date(2026, 9, 1))

    assert counted.due == date(2026, 10, 8)


@pytest.mark.usefixtures("calendar_2026")
def test_a_rule_without_length_takes_the_day_that_was_set():
    rule = version("some_rule", "2011-01-01", length=None, unit="set", roll=True)

    counted = queries.count_under(rule, date(2026, 9, 1), set_on=date(2026, 10, 3))

    assert (counted.raw, counted.due) == (date(2026, 10, 3), date(2026, 10, 8))


def test_a_rule_without_length_and_without_a_set_day_is_a_mistake_of_the_caller():
    rule = version("some_rule", "2011-01-01", length=None, unit="set")

    with pytest.raises(ValueError, match="its day must be given"):
        queries.count_under(rule, date(2026, 9, 1))


@pytest.mark.usefixtures("calendar_2026")
@pytest.mark.parametrize(
    ("day", "working", "following"),
    [("2026-09-30", True, "2026-10-08"), ("2026-10-10", True, "2026-10-12"), ("2026-10-11", False, "2026-10-12")],
)
def test_working_days_follow_the_published_calendar(day, working, following):
    day = date.fromisoformat(day)

    assert queries.is_working_day(day) is working
    assert queries.next_working_day(day) == date.fromisoformat(following)


def test_the_system_user_is_one_and_cannot_sign_in():
    first, second = queries.system_user(), queries.system_user()

    assert first.pk == second.pk
    assert User.objects.get(username="system").has_usable_password() is False
