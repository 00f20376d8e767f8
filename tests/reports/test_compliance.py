"""What makes a town running and a target met: the pure rule, both sides of each edge."""

from datetime import date
from decimal import Decimal

import pytest

from liaison.choices import SystemKind
from liaison.standard import Facts, point_status
from reports.choices import TargetState
from reports.compliance import Share, SystemStanding, TownStanding, reached_on, running_share, state_of
from roster.choices import TeamRole
from roster.team_standard import standing

DUE, MAY_10 = date(2023, 6, 30), date(2023, 5, 10)
FULL_TEAM = [TeamRole.JUDGE, TeamRole.JUDGE_ASSISTANT, *[TeamRole.MEDIATOR] * 6, TeamRole.LIAISON_OFFICER]


def town(*, times: tuple[int, ...] = (1,) * 6, adopted: int = 6, team: list = FULL_TEAM) -> TownStanding:
    systems = tuple(
        SystemStanding(kind, MAY_10 if place < adopted else None, place, times[place], None)
        for place, kind in enumerate(SystemKind)
    )
    return TownStanding("445381101", "太平镇", point_status(Facts(), on=DUE), systems, standing(team))


def test_six_systems_in_use_and_a_full_team_make_the_mechanism_run():
    assert (town().running, town().running_gaps) == (True, ())


@pytest.mark.parametrize(
    ("given", "gap"),
    [
        ({"times": (1, 1, 1, 1, 0, 1)}, "基层网格和人民法院联调联动制度没有用过"),
        ({"adopted": 5}, "协作配合制度没有文本"),
        ({"team": FULL_TEAM[:-1]}, "缺联络人员 1 名"),
        ({"team": [TeamRole.JUDGE, *FULL_TEAM[2:]]}, "缺法官助理 1 名"),
        ({"team": [*FULL_TEAM[:3], *FULL_TEAM[4:]]}, "缺调解人员 1 名"),
    ],
    ids=["a system on paper only", "a text missing", "no officer", "no assistant", "five mediators"],
)
def test_one_gap_keeps_the_mechanism_from_running(given, gap):
    assert (town(**given).running, town(**given).running_gaps) == (False, (gap,))


def test_a_system_used_without_a_text_does_not_run():
    assert [system.runs for system in town(adopted=5).systems] == [True] * 5 + [False]


@pytest.mark.parametrize(
    ("numerator", "denominator", "value"),
    [(21, 21, "100.00"), (20, 21, "95.24"), (0, 21, "0.00"), (0, 0, None)],
)
def test_a_share_keeps_its_two_numbers(numerator, denominator, value):
    assert Share(numerator, denominator).value == (None if value is None else Decimal(value))


def test_the_share_of_running_towns():
    share = running_share({"a": town(), "b": town(adopted=5)})

    assert (share.numerator, share.denominator, share.value) == (1, 2, Decimal("50.00"))


GOAL, ALL, SOME = Decimal(100), Decimal("100.00"), Decimal("95.24")


@pytest.mark.parametrize(
    ("goal", "on", "value", "then", "state"),
    [
        (GOAL, date(2023, 6, 29), ALL, None, TargetState.MET),
        (GOAL, date(2023, 6, 29), SOME, None, TargetState.OPEN),
        (GOAL, DUE, SOME, None, TargetState.OPEN),
        (GOAL, date(2023, 7, 1), SOME, SOME, TargetState.MISSED),
        (GOAL, date(2023, 7, 1), ALL, SOME, TargetState.MET),
        (GOAL, date(2023, 7, 10), SOME, ALL, TargetState.LAPSED),
        (None, DUE, SOME, None, TargetState.UNKNOWN),
        (GOAL, DUE, None, None, TargetState.UNKNOWN),
    ],
    ids=[
        "met before its day", "open the day before", "open on its day", "missed the day after", "met late",
        "met in time, then a resignation", "no goal was set", "nothing to count",
    ],
)  # fmt: skip
def test_the_state_of_a_target(goal, on, value, then, state):
    assert state_of(goal, DUE, on, value, then) == state


@pytest.mark.parametrize(
    ("goal", "since", "day"),
    [
        (GOAL, [date(2023, 5, 18), date(2023, 6, 12)], date(2023, 6, 12)),
        (GOAL, [date(2023, 5, 18), None], None),
        (Decimal(50), [date(2023, 6, 12), date(2023, 5, 18), None, None], date(2023, 6, 12)),
        (None, [date(2023, 5, 18)], None),
        (GOAL, [], None),
    ],
    ids=["the last one", "one is missing", "half is enough", "no goal", "no towns"],
)
def test_the_day_a_target_was_reached(goal, since, day):
    assert reached_on(goal, since) == day
