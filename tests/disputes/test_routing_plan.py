"""What one rule more or another does to the table: its place, its number, what nobody would decide any more."""

from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

import pytest

from disputes.choices import Destination, Risk, Source
from disputes.limits import AMOUNT_MAX
from disputes.routing import TESTS, Facts, explain
from disputes.routing_cover import Known, asking
from disputes.routing_plan import (
    FIRST,
    NEW,
    Draft,
    Move,
    ahead_of_danger,
    last_month,
    loses_the_rest,
    mark_of_table,
    moves,
    never_reached,
    newly_idle,
    orders_with,
    with_draft,
)
from disputes.routing_words import ASKED, FOUND, Names, lacking, said

NAMES = Names({"neighbour": "邻里", "labour": "劳动"}, {"445381101201": "太平镇 石牌村"})


@dataclass(frozen=True)
class Rule:
    key: str
    conditions: dict[str, Any] = field(default_factory=dict)
    destination: str = Destination.TOWN
    reason: str = "因"
    order: int = 10
    enabled: bool = True


HIGH, REST = Rule("high", {"risk_min": "high"}, Destination.JUDGE_GUIDANCE), Rule("rest", order=20)
TABLE = [HIGH, REST]
KNOWN = Known({"neighbour", "labour"}, {"445381101201", "445381101202"})


def draft(key: str = NEW, **facts) -> Draft:
    whole = {"conditions": {}, "destination": "town", "reason": "因", "enabled": True, "after": FIRST} | facts
    return Draft(key=key, **whole)


@pytest.mark.parametrize(
    ("after", "keys"),
    [(FIRST, [NEW, "high", "rest"]), ("high", ["high", NEW, "rest"]), ("rest", ["high", "rest", NEW]),
     ("gone", ["high", "rest", NEW])],
)  # fmt: skip
def test_a_new_rule_stands_behind_the_one_it_names(after, keys):
    assert [one.key for one in with_draft(TABLE, draft(after=after))] == keys


def test_a_rule_of_the_table_moves_and_stands_in_it_once():
    assert [one.key for one in with_draft(TABLE, draft("high", after="rest"))] == ["rest", "high"]


@pytest.mark.parametrize(
    ("others", "place", "orders"),
    [
        ([10, 20], 0, [5, 10, 20]),
        ([10, 20], 1, [10, 15, 20]),
        ([10, 900], 2, [10, 900, 910]),
        ([10, 11], 1, [10, 20, 30]),
        ([1, 20], 0, [10, 20, 30]),
        ([10, 10], 2, [10, 20, 30]),
        ([10, 32_000], 2, [10, 20, 30]),
        ([], 0, [10]),
    ],
)
def test_the_others_keep_their_numbers_while_there_is_room(others, place, orders):
    assert orders_with(others, place) == orders


@pytest.mark.parametrize(
    ("wanted", "loses"),
    [
        (draft("rest", enabled=False), True),
        (draft("rest", conditions={"risk_min": "high"}), True),
        (draft("rest", reason="别的理由"), False),
        (draft("high"), False),
        (draft(enabled=False), False),
    ],
)
def test_the_last_rule_that_takes_the_rest_cannot_go(wanted, loses):
    assert loses_the_rest(TABLE, wanted) is loses


def test_it_may_go_when_another_takes_the_rest():
    assert loses_the_rest([*TABLE, Rule("other")], draft("rest", enabled=False)) is False
    assert loses_the_rest([*TABLE, Rule("other", enabled=False)], draft("rest", enabled=False)) is True


def test_what_stands_behind_a_rule_without_conditions_is_never_reached():
    assert never_reached([HIGH, REST, Rule("late", {"suitable": False})], KNOWN) == {"late"}
    assert never_reached([HIGH, replace(REST, enabled=False), Rule("late")], KNOWN) == set()


def test_no_rule_is_put_where_it_decides_nothing():
    assert newly_idle(TABLE, draft("rest"), KNOWN) == {"high"}
    assert newly_idle(TABLE, draft("high", conditions={"risk_min": "high"}, after="rest"), KNOWN) == {"high"}
    off = [replace(HIGH, enabled=False), REST]
    assert newly_idle(off, draft("rest"), KNOWN) == set()


def test_what_takes_pressing_matters_elsewhere_before_their_own_rule_is_asked_is_named():
    labour = Rule("labour", {"case_types": ["labour"]}, "village")
    other_door = Rule("other_door", {"suitable": False}, "authority")
    assert ahead_of_danger([other_door, labour, HIGH, REST], KNOWN) == {"labour"}
    assert ahead_of_danger([other_door, HIGH, labour, REST], KNOWN) == set()
    assert ahead_of_danger([replace(labour, destination=HIGH.destination), HIGH], KNOWN) == set()
    assert ahead_of_danger([replace(labour, enabled=False), HIGH], KNOWN) == set()
    assert ahead_of_danger([labour, REST], KNOWN) == set()


# ── conditions that ask nothing ──────────────────────────────────────────────
EVERY_TYPE = {"case_types": ["labour", "neighbour", "gone"]}


@pytest.mark.parametrize(
    ("conditions", "asks"),
    [
        (EVERY_TYPE, False),
        ({"case_types": ["labour"]}, True),
        ({"sources": list(Source.values)}, False),
        ({"sources": list(Source.values)[1:]}, True),
        ({"villages": ["445381101202", "445381101201"]}, False),
        ({"villages": ["445381101201"]}, True),
        ({"amount_max": str(AMOUNT_MAX)}, False),
        ({"amount_max": str(AMOUNT_MAX - 1)}, True),
        ({"amount_min": 0}, True),  # not of those without a sum
        ({"risk_min": Risk.LOW}, False),
        ({"risk_min": Risk.MEDIUM}, True),
        ({"earlier_failures_min": 0}, False),
        ({"earlier_failures_min": 1}, True),
        ({"suitable": True}, True),
        ({"cross_town": False}, True),
        ({"colour": "red"}, True),
    ],
)
def test_a_condition_that_every_dispute_meets_asks_nothing(conditions, asks):
    assert asking(conditions, KNOWN) == (conditions if asks else {})
    assert asking({"risk_min": "low"} | EVERY_TYPE | conditions, KNOWN) == (conditions if asks else {})


def test_of_nothing_known_no_list_has_everything():
    assert asking({"case_types": [], "villages": []}, Known()) == {"case_types": [], "villages": []}


def test_a_rule_whose_conditions_always_hold_stands_in_the_way_like_one_without():
    wide = Rule("wide", EVERY_TYPE | {"risk_min": "low"})
    assert never_reached([wide, HIGH, REST], KNOWN) == {"high", "rest"}
    assert newly_idle(TABLE, draft(conditions=wide.conditions), KNOWN) == {"high"}
    assert newly_idle(TABLE, draft(conditions=wide.conditions, after="high"), KNOWN) == set()


def test_it_does_not_stand_in_for_the_last_one_a_type_may_be_added_to_it():
    assert loses_the_rest(TABLE, draft("rest", conditions=EVERY_TYPE)) is True


def test_the_rule_for_pressing_matters_is_known_beside_a_condition_that_asks_nothing():
    labour = Rule("labour", {"case_types": ["labour"]}, "village")
    everywhere = replace(HIGH, conditions=HIGH.conditions | EVERY_TYPE)
    assert ahead_of_danger([labour, everywhere, REST], KNOWN) == {"labour"}
    assert ahead_of_danger([Rule("any", {"risk_min": "low"}), labour, HIGH], KNOWN) == {"any", "labour"}


def test_moves_are_counted_from_rule_to_rule_and_say_whether_the_destination_changes():
    cases = [Facts("labour"), Facts("labour"), Facts("neighbour"), Facts("labour", "high")]
    found = moves(cases, TABLE, draft(conditions={"case_types": ["labour"]}, destination="village", after="high"))
    assert [(one.old.rule_key, one.new.rule_key, one.count, one.goes_elsewhere) for one in found] == [
        ("rest", NEW, 2, True)
    ]
    same = moves(cases, TABLE, draft(conditions={"case_types": ["neighbour"]}, after="high"))
    assert [(type(one), one.count, one.goes_elsewhere) for one in same] == [(Move, 1, False)]


def test_a_rule_switched_off_moves_nothing():
    assert moves([Facts("labour")], TABLE, draft(enabled=False, destination="village")) == []


@pytest.mark.parametrize(
    ("today", "month"),
    [
        (date(2024, 3, 1), (date(2024, 2, 1), date(2024, 2, 29))),
        (date(2023, 1, 31), (date(2022, 12, 1), date(2022, 12, 31))),
    ],
)
def test_last_month_is_the_calendar_month_before(today, month):
    assert last_month(today) == month


@pytest.mark.parametrize(
    "change", [{"order": 11}, {"enabled": False}, {"reason": "x"}, {"conditions": {}}, {"destination": "village"}]
)
def test_the_mark_of_the_table_tells_every_change(change):
    assert mark_of_table(TABLE) != mark_of_table([replace(HIGH, **change), REST])


# ── in words ─────────────────────────────────────────────────────────────────
def test_every_condition_has_words():
    assert set(ASKED) == set(FOUND) == set(TESTS)


@pytest.mark.parametrize(
    ("conditions", "words"),
    [
        ({}, ("其余全部",)),
        ({"case_types": ["neighbour", "labour"]}, ("类型：邻里、劳动",)),
        ({"sources": [Source.COURT, Source.POLICE]}, ("来源：法院委派/委托、公安移送",)),
        ({"villages": ["445381101201"]}, ("村（社区）：太平镇 石牌村",)),
        ({"villages": [str(n) for n in range(8)]}, ("村（社区）：0、1、2、3、4、5等 8 个",)),
        ({"amount_min": 200000, "amount_max": "300000.50"},
         ("标的额 200,000 元以上（含）", "标的额 300,000.50 元以下（含），没有填标的额的也算")),
        ({"risk_min": Risk.MEDIUM}, ("风险：需留意以上（含）",)),
        ({"risk_min": Risk.HIGH}, ("风险：有激化危险",)),
        ({"risk_min": Risk.LOW}, ("风险不限",)),
        ({"suitable": False, "cross_town": True}, ("不宜调解", "当事人分属两个镇（街）")),
        ({"earlier_failures_min": 1}, ("同一当事人以前调解不成 1 次以上（含）",)),
        ({"colour": "red"}, ("colour：red",)),
    ],
)  # fmt: skip
def test_conditions_are_said_in_chinese(conditions, words):
    assert said(conditions, NAMES) == words


def test_why_a_rule_was_passed_over_is_said_beside_what_is_so():
    rule = Rule("x", {
        "case_types": ["neighbour"], "sources": ["court"], "villages": ["445381101201"], "amount_min": 5,
        "risk_min": "high", "suitable": False, "cross_town": True, "earlier_failures_min": 2,
    })  # fmt: skip
    facts = Facts("labour", earlier_failures=1)
    found = [one.found for one in lacking(explain(facts, [rule]).looked[0], facts, NAMES)]
    assert found == [
        "类型是劳动", "没有选来源", "没有选村（社区）", "没有填标的额", "风险是一般", "适宜调解", "在同一个镇（街）",
        "以前调解不成 1 次",
    ]  # fmt: skip
