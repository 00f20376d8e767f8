"""The official calendar of 2026 worked out by hand; expected days are never taken from the code under test."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core import calendar
from core.calendar import RestCalendar, count, count_to, days_between
from core.choices import Unit
from tests.conftest import HOLIDAYS_2026, WORKING_WEEKENDS_2026

IN_2026 = RestCalendar(
    holidays=frozenset(date.fromisoformat(day) for _, text in HOLIDAYS_2026 for day in text.split()),
    workdays=frozenset(date.fromisoformat(day) for day in WORKING_WEEKENDS_2026.split()),
    published_years=frozenset({2026}),
)


def on(text: str) -> date:
    return date.fromisoformat(text)


def span(first: str, last: str) -> tuple[date, ...]:
    return tuple(days_between(on(first), on(last)))


# ── the law's own vectors: (base, length, raw last day, legal last day) ──────
ROLLING = [
    pytest.param("2026-09-01", 30, "2026-10-01", "2026-10-08", id="ends on National Day"),
    pytest.param("2026-01-16", 30, "2026-02-15", "2026-02-24", id="ends in the Spring Festival break"),
    pytest.param("2026-01-15", 30, "2026-02-14", "2026-02-14", id="ends on a make-up working Saturday"),
    pytest.param("2026-06-05", 30, "2026-07-05", "2026-07-06", id="ends on a plain Sunday"),
    pytest.param("2026-08-26", 30, "2026-09-25", "2026-09-28", id="ends on Mid-autumn, Friday"),
    pytest.param("2026-08-21", 30, "2026-09-20", "2026-09-20", id="ends on a make-up working Sunday"),
    pytest.param("2026-04-16", 15, "2026-05-01", "2026-05-06", id="ends on Labour Day"),
    pytest.param("2026-09-28", 3, "2026-10-01", "2026-10-08", id="three days into National Day"),
    pytest.param("2026-11-23", 30, "2026-12-23", "2026-12-23", id="ends on a plain Wednesday"),
    # both sides of the edges above
    pytest.param("2026-08-31", 30, "2026-09-30", "2026-09-30", id="the last working day before National Day"),
    pytest.param("2026-09-07", 30, "2026-10-07", "2026-10-08", id="the last day of the National Day break"),
    pytest.param("2026-09-08", 30, "2026-10-08", "2026-10-08", id="the first working day after it"),
    pytest.param("2026-01-24", 30, "2026-02-23", "2026-02-24", id="the last day of the Spring Festival break"),
    pytest.param("2026-06-04", 30, "2026-07-04", "2026-07-06", id="ends on a plain Saturday"),
    pytest.param("2026-06-03", 30, "2026-07-03", "2026-07-03", id="ends on a plain Friday"),
]


@pytest.mark.parametrize(("base", "length", "raw", "due"), ROLLING)
def test_a_period_in_days_excludes_its_first_day_and_rolls_to_the_first_day_that_is_no_rest_day(base, length, raw, due):
    counted = count(IN_2026, base=on(base), length=length, unit=Unit.CALENDAR, roll_over=True)

    assert (counted.raw, counted.due) == (on(raw), on(due))


@pytest.mark.parametrize(("base", "length", "raw", "due"), ROLLING)
def test_a_period_that_does_not_roll_shows_its_raw_day(base, length, raw, due):
    counted = count(IN_2026, base=on(base), length=length, unit=Unit.CALENDAR, roll_over=False)

    assert (counted.raw, counted.due, counted.skipped) == (on(raw), on(raw), ())


WORKING = [
    pytest.param("2026-09-24", 3, "2026-09-30", id="over Mid-autumn"),
    pytest.param("2026-02-13", 3, "2026-02-25", id="over Spring Festival, the make-up Saturday counts"),
    pytest.param("2026-09-30", 2, "2026-10-09", id="over National Day"),
    pytest.param("2026-11-20", 3, "2026-11-25", id="over a plain weekend"),
    pytest.param("2026-11-23", 3, "2026-11-26", id="inside one week"),
    pytest.param("2026-10-08", 2, "2026-10-10", id="a make-up working Saturday is counted"),
    pytest.param("2026-10-09", 2, "2026-10-12", id="the Sunday after it is not"),
]


@pytest.mark.parametrize(("base", "length", "due"), WORKING)
def test_a_period_in_working_days_counts_working_days_only(base, length, due):
    counted = count(IN_2026, base=on(base), length=length, unit=Unit.WORKING, roll_over=False)

    assert (counted.raw, counted.due) == (on(due), on(due))


def test_working_days_passed_over_are_named():
    counted = count(IN_2026, base=on("2026-09-24"), length=3, unit=Unit.WORKING, roll_over=False)

    assert counted.skipped == span("2026-09-25", "2026-09-27")


def test_days_rolled_over_are_named():
    counted = count(IN_2026, base=on("2026-09-01"), length=30, unit=Unit.CALENDAR, roll_over=True)

    assert counted.skipped == span("2026-10-01", "2026-10-07")


def test_rest_days_inside_a_period_of_calendar_days_are_counted_like_any_other():
    counted = count(IN_2026, base=on("2026-09-24"), length=15, unit=Unit.CALENDAR, roll_over=True)

    assert (counted.due, counted.skipped) == (on("2026-10-09"), ())


MONTHS = [
    pytest.param("2026-03-23", 6, "2026-09-23", "2026-09-23", id="the same day of the month"),
    pytest.param("2026-04-04", 6, "2026-10-04", "2026-10-08", id="rolls like days do"),
    pytest.param("2026-08-31", 6, "2027-02-28", "2027-03-01", id="no 31st in February: the month's last day"),
    pytest.param("2026-08-28", 6, "2027-02-28", "2027-03-01", id="the 28th exists"),
    pytest.param("2025-08-29", 6, "2026-02-28", "2026-02-28", id="ends on a make-up working Saturday"),
    pytest.param("2026-06-30", 6, "2026-12-30", "2026-12-30", id="December stays in the year"),
]


@pytest.mark.parametrize(("base", "length", "raw", "due"), MONTHS)
def test_a_period_in_months_ends_on_the_same_day_or_the_months_last(base, length, raw, due):
    counted = count(IN_2026, base=on(base), length=length, unit=Unit.MONTH, roll_over=True)

    assert (counted.raw, counted.due) == (on(raw), on(due))


YEARS = [
    pytest.param("2024-09-23", "2026-09-23", "2026-09-23", id="the same day"),
    pytest.param("2024-10-01", "2026-10-01", "2026-10-08", id="rolls over National Day"),
    pytest.param("2024-02-29", "2026-02-28", "2026-02-28", id="leap day, into a make-up working Saturday"),
]


@pytest.mark.parametrize(("base", "raw", "due"), YEARS)
def test_a_period_in_years_ends_on_the_same_date(base, raw, due):
    counted = count(IN_2026, base=on(base), length=2, unit=Unit.YEAR, roll_over=True)

    assert (counted.raw, counted.due) == (on(raw), on(due))


def test_an_extension_lengthens_the_count_before_rolling_not_the_rolled_day():
    # 15 + 10 from 16 April: 11 May; ten days after the rolled 6 May would be the 16th.
    counted = count(IN_2026, base=on("2026-04-16"), length=15, unit=Unit.CALENDAR, roll_over=True, added=10)

    assert (counted.raw, counted.due) == (on("2026-05-11"), on("2026-05-11"))


def test_an_extension_of_working_days_counts_working_days():
    counted = count(IN_2026, base=on("2026-09-28"), length=2, unit=Unit.WORKING, roll_over=False, added=1)

    assert counted.due == on("2026-10-08")


@pytest.mark.parametrize(
    ("unit", "base", "due"),
    [
        pytest.param(Unit.MONTH, "2026-03-23", "2026-10-08", id="months"),
        pytest.param(Unit.YEAR, "2024-09-23", "2026-10-08", id="years"),
    ],
)
def test_an_extension_of_months_or_years_is_in_calendar_days(unit, base, due):
    length = 6 if unit == Unit.MONTH else 2
    counted = count(IN_2026, base=on(base), length=length, unit=unit, roll_over=True, added=10)

    assert (counted.raw, counted.due) == (on("2026-10-03"), on(due))


def test_a_day_set_by_the_court_rolls_when_it_is_a_rest_day():
    counted = count_to(IN_2026, base=on("2026-09-20"), day=on("2026-10-03"), roll_over=True)

    assert (counted.raw, counted.due) == (on("2026-10-03"), on("2026-10-08"))


def test_a_set_period_cannot_be_counted():
    with pytest.raises(ValueError, match="not counted but set"):
        count(IN_2026, base=on("2026-09-20"), length=5, unit=Unit.SET_BY_COURT, roll_over=True)


# ── years nobody has published ───────────────────────────────────────────────
@pytest.mark.parametrize(
    ("base", "due", "published"),
    [
        pytest.param("2026-12-01", "2026-12-31", True, id="the last day of the published year"),
        pytest.param("2026-12-02", "2027-01-04", False, id="one day later: New Year, then a weekend"),
        pytest.param("2026-12-03", "2027-01-04", False, id="Saturday 2 January"),
        pytest.param("2026-12-15", "2027-01-14", False, id="a plain Thursday, still unpublished"),
    ],
)
def test_a_count_that_reaches_into_an_unpublished_year_says_so(base, due, published):
    counted = count(IN_2026, base=on(base), length=30, unit=Unit.CALENDAR, roll_over=True)

    assert (counted.due, counted.published) == (on(due), published)


def test_days_counted_through_an_unpublished_year_make_the_count_unpublished_even_without_rolling():
    counted = count(IN_2026, base=on("2025-12-30"), length=5, unit=Unit.CALENDAR, roll_over=False)

    assert (counted.due, counted.published) == (on("2026-01-04"), False)


def test_the_base_date_itself_is_not_counted_and_may_lie_in_an_unpublished_year():
    counted = count(IN_2026, base=on("2025-12-31"), length=5, unit=Unit.CALENDAR, roll_over=True)

    assert (counted.due, counted.published) == (on("2026-01-05"), True)


@pytest.mark.parametrize(
    ("day", "rest"),
    [
        ("2027-01-01", True),
        ("2027-01-04", False),
        ("2029-05-01", True),
        ("2029-05-02", True),
        ("2029-05-03", False),
        ("2029-10-01", True),
        ("2029-10-03", True),
        ("2029-10-04", False),
        ("2027-02-08", False),  # the Monday of a lunar holiday: never guessed
        ("2027-01-09", True),
    ],
)
def test_an_unpublished_year_rests_on_weekends_and_fixed_dates_only(day, rest):
    assert IN_2026.is_rest(on(day)) is rest


def test_a_published_year_needs_no_fixed_dates():
    nothing_off = RestCalendar(frozenset(), frozenset(), frozenset({2029}))

    assert nothing_off.is_rest(on("2029-10-01")) is False


# ── suspension ───────────────────────────────────────────────────────────────
def test_a_suspension_counts_from_its_first_day_up_to_the_day_of_resumption():
    assert calendar.stood_still(IN_2026, from_on=on("2026-03-05"), to_on=on("2026-03-08"), unit=Unit.CALENDAR) == 3


def test_a_suspension_lifted_on_its_first_day_adds_nothing():
    assert calendar.stood_still(IN_2026, from_on=on("2026-03-05"), to_on=on("2026-03-05"), unit=Unit.CALENDAR) == 0


def test_a_suspended_period_of_working_days_gets_its_working_days_back():
    # Wednesday 30 September up to Friday 9 October: 30 September and 8 October were working days.
    assert calendar.stood_still(IN_2026, from_on=on("2026-09-30"), to_on=on("2026-10-09"), unit=Unit.WORKING) == 2


def test_the_next_working_day_is_after_the_day_itself():
    assert IN_2026.next_working_day(on("2026-09-30")) == on("2026-10-08")


# ── properties ───────────────────────────────────────────────────────────────
DAYS_OF_2026 = st.dates(date(2026, 1, 1), date(2026, 12, 31))


@given(base=DAYS_OF_2026, length=st.integers(1, 60), unit=st.sampled_from([Unit.CALENDAR, Unit.WORKING, Unit.MONTH]))
def test_no_rolled_period_ends_on_a_rest_day_or_before_its_base(base, length, unit):
    counted = count(IN_2026, base=base, length=length, unit=unit, roll_over=True)

    assert base < counted.raw <= counted.due
    assert not IN_2026.is_rest(counted.due)


@given(base=DAYS_OF_2026, length=st.integers(0, 90), unit=st.sampled_from(list(Unit)[:4]), added=st.integers(0, 40))
def test_the_calendar_that_is_fetched_always_reaches_the_last_day(base, length, unit, added):
    counted = count(IN_2026, base=base, length=length, unit=unit, roll_over=True, added=added)

    assert counted.due <= base + calendar.reach(length, unit, added)


@given(base=DAYS_OF_2026, length=st.integers(0, 60))
def test_working_days_between_base_and_due_are_exactly_as_many_as_asked(base, length):
    counted = count(IN_2026, base=base, length=length, unit=Unit.WORKING, roll_over=False)

    worked = [day for day in days_between(base + timedelta(days=1), counted.due) if not IN_2026.is_rest(day)]
    assert len(worked) == length
