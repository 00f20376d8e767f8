"""Where a dispute goes: each row of the shipped table, both sides of each edge."""

import json
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from disputes.choices import Destination
from disputes.routing import NO_RULE, Facts, fits, propose

TABLE = Path(__file__).parent.parent.parent / "disputes/reference/routing_rules.json"


@dataclass
class Row:
    key: str
    destination: str
    reason: str
    order: int = 0
    conditions: dict[str, Any] = field(default_factory=dict)


def shipped() -> list[Row]:
    rows = [Row(**row) for row in json.loads(TABLE.read_text(encoding="utf-8"))]
    return sorted(rows, key=lambda row: row.order)


CASES = {
    "unsuitable goes out, whatever else holds": (Facts("neighbour", "high", suitable=False), "not_for_mediation"),
    "high risk asks the judge at once": (Facts("labour", "high"), "high_risk"),
    "medium risk does not": (Facts("labour", "medium"), "town_point"),
    "two towns: the point leads": (Facts("neighbour", cross_town=True), "cross_town"),
    "failed once before": (Facts("private_loan", earlier_failures=1), "failed_before"),
    "200,000 yuan is large": (Facts("private_loan", amount=Decimal(200_000)), "large_amount"),
    "one yuan less is not": (Facts("private_loan", amount=Decimal(199_999)), "town_point"),
    "neighbours, no amount: the village": (Facts("neighbour"), "village_neighbours"),
    "neighbours, 20,000 yuan: the village": (Facts("neighbour", amount=Decimal(20_000)), "village_neighbours"),
    "neighbours, more: the point": (Facts("neighbour", amount=Decimal(20_001)), "town_point"),
    "family: the village": (Facts("marriage_family", amount=Decimal(500)), "village_family"),
    "a loan: the point": (Facts("private_loan", amount=Decimal(30_000)), "town_point"),
}


@pytest.mark.parametrize(("facts", "rule"), CASES.values(), ids=CASES.keys())
def test_the_first_row_that_fits_decides(facts, rule):
    assert propose(facts, shipped()).rule_key == rule


def test_a_route_carries_the_reason_of_its_row():
    route = propose(Facts("labour", "high"), shipped())
    assert (route.destination, "人民调解法第二十五条" in route.reason) == ("judge_guidance", True)


def test_without_a_row_the_town_point_takes_it():
    assert propose(Facts("other"), []) == NO_RULE


def test_a_condition_nobody_knows_is_an_error():
    with pytest.raises(KeyError):
        fits(Facts("other"), {"colour": "red"})


def test_every_shipped_row_leads_somewhere_that_exists():
    assert {row.destination for row in shipped()} <= set(Destination.values)
