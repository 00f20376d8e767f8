"""The fair rota as a pure rule: fixed cases, and what holds for every team and month."""

from collections import Counter
from datetime import date, timedelta
from itertools import pairwise
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.calendar import RestCalendar
from liaison.choices import Hours
from liaison.rota import Member, Plan, Stand, Wish, asks_about_next_week, missing_halves, plan_month, stand_in

SEPT_1, SEPT_30 = date(2026, 9, 1), date(2026, 9, 30)
YEARS = frozenset({2026})
CALENDAR = RestCalendar(frozenset({date(2026, 9, 25)}), frozenset({date(2026, 9, 20)}), YEARS)
ALWAYS = ((date(2023, 1, 1), None),)
WHOLE, AM, PM = Hours.WHOLE, Hours.MORNING, Hours.AFTERNOON


def member(number: int, **facts) -> Member:
    return Member(UUID(int=number), f"甲{number:02}", facts.pop("terms", ALWAYS), **facts)


def plan(members, stands=(), *, first=SEPT_1, last=SEPT_30, **wish) -> Plan:
    return plan_month(Wish(first, last, **wish), members, list(stands), CALENDAR)


def days_of(made: Plan, person: Member) -> list[date]:
    return [pick.day for pick in made.picks if pick.key == person.key]


# ── fixed cases ──────────────────────────────────────────────────────────────
def test_rest_days_stay_free_and_a_made_up_sunday_is_worked():
    days = {pick.day for pick in plan([member(1), member(2)]).picks}

    assert (date(2026, 9, 19) in days, date(2026, 9, 20) in days, date(2026, 9, 25) in days) == (False, True, False)
    assert len(days) == 22


def test_rest_days_are_planned_when_asked_for():
    assert len(plan([member(1), member(2)], with_rest=True).picks) == 30


def test_a_day_in_two_halves_has_two_people():
    made = plan([member(1), member(2), member(3)], split=True, last=SEPT_1)

    assert [(pick.hours, pick.name) for pick in made.picks] == [(AM, "甲01"), (PM, "甲02")]


def test_a_day_that_has_somebody_is_kept_and_a_half_is_filled_up():
    kept = [Stand(SEPT_1, WHOLE, UUID(int=1)), Stand(date(2026, 9, 2), AM, UUID(int=2))]
    made = plan([member(1), member(2), member(3)], kept, last=date(2026, 9, 2))

    assert [(pick.day, pick.hours, pick.name) for pick in made.picks] == [(date(2026, 9, 2), PM, "甲03")]


def test_a_missed_shift_covers_nobody_and_burdens_nobody():
    missed = [Stand(SEPT_1, WHOLE, UUID(int=1), missed=True)]
    made = plan([member(1), member(2)], missed, last=SEPT_1)

    assert [(pick.name, pick.hours) for pick in made.picks] == [("甲02", WHOLE)]
    assert [tally.kept for tally in made.tallies] == [0, 0]


def test_earlier_months_count():
    earlier = [Stand(date(2026, 8, day), WHOLE, UUID(int=1)) for day in (3, 5, 7)]
    made = plan([member(1), member(2), member(3)], earlier, last=date(2026, 9, 4))

    assert [pick.name for pick in made.picks] == ["甲02", "甲03", "甲02", "甲03"]


def test_catching_up_makes_nobody_stand_on_two_days_running():
    earlier = [Stand(date(2026, 8, day), WHOLE, UUID(int=1)) for day in (3, 5, 7)]
    made = plan([member(1), member(2)], earlier, last=date(2026, 9, 4))

    assert [pick.name for pick in made.picks] == ["甲02", "甲01", "甲02", "甲01"]


def test_a_new_member_does_not_catch_up_on_the_time_before_their_term():
    earlier = [Stand(date(2026, 8, day), WHOLE, UUID(int=1 + day % 2)) for day in range(3, 15)]
    new = member(3, terms=((SEPT_1, None),))
    made = plan([member(1), member(2), new], earlier)

    assert sorted(Counter(pick.name for pick in made.picks).values()) == [7, 7, 8]


def test_the_reason_names_who_is_away_and_who_is_elsewhere():
    away = member(1, away=((SEPT_1, SEPT_1),))
    busy = member(2, busy=frozenset({(SEPT_1, AM)}))
    made = plan([away, busy, member(3)], last=SEPT_1)

    assert made.picks[0].because == "只有甲03能排；甲01不在岗；甲02在别的联络点值班。"


def test_a_day_on_which_nobody_can_stand_is_a_gap_with_its_reason():
    made = plan([member(1, away=((SEPT_1, SEPT_1),))], last=SEPT_1)

    assert [(pick.key, pick.because) for pick in made.gaps] == [(None, "没有人能排；甲01不在岗。")]


def test_another_plan_has_another_digest():
    assert plan([member(1), member(2)]).digest == plan([member(2), member(1)]).digest
    assert plan([member(1), member(2)]).digest != plan([member(1), member(3)]).digest


@pytest.mark.parametrize(
    ("today", "asks"),
    [(date(2026, 9, 16), False), (date(2026, 9, 17), False), (date(2026, 9, 18), True), (date(2026, 9, 20), True)],
    ids=["Wednesday", "Thursday: Sunday is worked", "Friday", "the worked Sunday"],
)
def test_the_next_week_is_looked_at_on_the_last_two_working_days(today, asks):
    assert asks_about_next_week(CALENDAR, today) is asks


def test_the_halves_that_nobody_covers():
    assert [missing_halves(hours) for hours in ([], [AM], [WHOLE], [AM, PM])] == [(AM, PM), (PM,), (), ()]


# ── for every team and month ─────────────────────────────────────────────────
def _key(number: int) -> UUID:
    return UUID(int=number)


days = st.dates(SEPT_1, SEPT_30)
spans = st.tuples(days, days).map(lambda pair: (min(pair), max(pair)))
some_members = st.builds(
    lambda away, terms, busy: {"away": tuple(away), "terms": tuple(terms) or ALWAYS, "busy": frozenset(busy)},
    st.lists(spans, max_size=2),
    st.lists(spans, max_size=2),
    st.sets(st.tuples(days, st.sampled_from([AM, PM])), max_size=4),
)
teams = st.builds(
    lambda always, others: [member(n) for n in range(always)] + [member(50 + n, **o) for n, o in enumerate(others)],
    st.integers(0, 5),
    st.lists(some_members, max_size=4),
)
wishes = st.fixed_dictionaries({"with_rest": st.booleans(), "split": st.booleans()})
stands = st.builds(Stand, days, st.sampled_from(list(Hours)), st.integers(0, 6).map(lambda n: UUID(int=n)))


@given(teams, wishes)
def test_loads_of_people_who_are_always_there_differ_by_one_at_most(team, wish):
    made = plan(team, **wish)
    loads = [len(days_of(made, one)) for one in team if one.terms == ALWAYS and not one.away and not one.busy]

    assert max(loads, default=0) - min(loads, default=0) <= 1


@given(teams, st.lists(stands, max_size=8), wishes)
def test_nobody_is_planned_outside_their_term_or_away_or_elsewhere(team, kept, wish):
    people = {one.key: one for one in team}
    for pick in plan(team, kept, **wish).shifts:
        assert people[pick.key].serves(pick.day)
        assert not people[pick.key].is_busy(pick.day, pick.hours)


@given(teams, st.lists(stands, max_size=8), wishes)
def test_every_open_slot_is_told_once_and_nobody_stands_twice_at_a_time(team, kept, wish):
    made = plan(team, kept, **wish)
    halves = Counter(
        (pick.key, pick.day, half)
        for pick in made.shifts
        for half in ((AM, PM) if pick.hours == WHOLE else (pick.hours,))
    )

    assert all(count == 1 for count in halves.values())
    assert len({(pick.day, pick.hours) for pick in made.picks}) == len(made.picks)
    assert all(pick.because.endswith("。") for pick in made.picks)


earlier = st.builds(Stand, st.dates(date(2026, 6, 1), date(2026, 8, 30)), st.just(WHOLE), st.integers(0, 6).map(_key))


@given(st.integers(2, 6), st.lists(earlier, max_size=8), st.booleans())
def test_nobody_stands_on_two_days_running_where_another_could(size, before, with_rest):
    made = plan([member(n) for n in range(size)], before, with_rest=with_rest)

    for one in {pick.key for pick in made.shifts}:
        own = [pick.day for pick in made.shifts if pick.key == one]
        assert all(after - before > timedelta(days=1) for before, after in pairwise(own))


@given(teams, st.lists(stands, max_size=8), st.randoms())
def test_the_same_team_in_any_order_gives_the_same_plan(team, kept, chance):
    mixed = list(team)
    chance.shuffle(mixed)

    assert plan(team, kept) == plan(mixed, kept)


# ── standing in ──────────────────────────────────────────────────────────────
A, B, C, D = (UUID(int=n) for n in range(1, 5))


@pytest.mark.parametrize(
    ("away", "able", "expected"),
    [
        ({A: B}, {B}, B),
        ({A: B, B: C}, {C}, C),
        ({A: B, B: C, C: None}, {D}, None),
        ({A: None}, {B}, None),
        ({A: B, B: A}, {A, B}, None),
        ({A: B, B: C, C: B}, {D}, None),
        ({A: B}, {C}, None),
    ],
    ids=[
        "the substitute",
        "their substitute",
        "the chain ends",
        "nobody named",
        "a circle",
        "a circle further on",
        "busy",
    ],
)
def test_who_stands_in(away, able, expected):
    assert stand_in(A, away, able.__contains__) == expected


people = st.integers(0, 5).map(lambda n: UUID(int=n))


@given(people, st.dictionaries(people, st.none() | people), st.sets(people))
def test_every_chain_ends_with_somebody_who_is_there_and_can_or_with_nobody(key, away, able):
    found = stand_in(key, away, able.__contains__)

    assert found is None or (found in able and found not in away)
