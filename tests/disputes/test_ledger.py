"""The parameters of the ledger's address, understood."""

from datetime import date

import pytest

from disputes import ledger


def test_everything_understood_is_kept_and_foreign_names_are_left_alone():
    wanted = ledger.parse({"town": "445381101", "state": "agreed", "from": "2023-03-01", "page": "9", "risk": " "})
    assert (dict(wanted.values), dict(wanted.days), wanted.problems) == (
        {"town": "445381101", "state": "agreed"},
        {"from": date(2023, 3, 1)},
        (),
    )


@pytest.mark.parametrize(
    ("params", "problem"),
    [
        ({"from": "昨天"}, "「登记日从」的日期写法不对，请写成 2023-09-20。"),
        ({"closed_to": "2023-02-30"}, "「办结日到」的日期写法不对，请写成 2023-09-20。"),
        ({"state": "lost"}, "没有「lost」这个条件。"),
        ({"from": "2023-09-20", "to": "2023-09-19"}, "「登记日从」晚于「登记日到」，请把两个日期对调。"),
        ({"closed_from": "2023-10-01", "closed_to": "2023-09-01"}, "「办结日从」晚于「办结日到」，请把两个日期对调。"),
        ({"q": "梁伯坚"}, "查找的内容不放在网址里，请在查找框里填。"),
    ],
    ids=[
        "no date",
        "impossible date",
        "unknown state",
        "days turned round",
        "days of closing turned round",
        "a name in the address",
    ],
)
def test_what_is_not_understood_is_named(params, problem):
    assert ledger.parse(params).problems == (problem,)


def test_one_day_is_a_range():
    assert ledger.parse({"from": "2023-09-20", "to": "2023-09-20"}).problems == ()


@pytest.mark.parametrize(
    ("state", "states"),
    [("", set()), ("open", {"registered", "routed", "mediating"}), ("agreed", {"agreed"})],
)
def test_open_stands_for_the_three_open_states(state, states):
    assert ledger.parse({"state": state}).states == states


@pytest.mark.parametrize(("outcome", "outcomes"), [("tried", {"agreed", "failed"}), ("ended", {"ended"}), ("", set())])
def test_tried_stands_for_the_two_outcomes_that_count(outcome, outcomes):
    assert ledger.parse({"outcome": outcome}).outcomes == outcomes


@pytest.mark.parametrize(
    ("params", "answer"), [({}, False), ({"sort": "old"}, False), ({"type": "labour"}, True), ({"state": "zzz"}, True)]
)
def test_an_order_alone_narrows_nothing(params, answer):
    assert ledger.parse(params).is_narrowed is answer


def test_an_unknown_order_is_left_alone():
    assert ledger.parse({"sort": "zzz"}) == ledger.parse({})
