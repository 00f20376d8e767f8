"""Where a dispute goes: each row of the shipped table, both sides of each edge."""

import json
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from disputes.choices import Destination
from disputes.routing import NO_RULE, RISKS, Facts, explain, fits, propose

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


# ── why ──────────────────────────────────────────────────────────────────────
TYPES = st.sampled_from(["neighbour", "labour", "other"])
SUMS = st.none() | st.integers(0, 3).map(lambda one: Decimal(one * 100_000))
FACTS = st.builds(
    Facts, TYPES, st.sampled_from(RISKS), st.booleans(), SUMS, st.sampled_from(["", "v1"]),
    st.sampled_from(["", "visit"]), st.booleans(), st.integers(0, 2),
)  # fmt: skip
CONDITIONS = st.fixed_dictionaries(
    {},
    optional={
        "case_types": st.lists(TYPES),
        "sources": st.just(["visit"]),
        "villages": st.just(["v1"]),
        "amount_min": st.integers(0, 300_000),
        "amount_max": st.integers(0, 300_000),
        "cross_town": st.booleans(),
        "suitable": st.booleans(),
        "risk_min": st.sampled_from(RISKS),
        "earlier_failures_min": st.integers(0, 2),
    },
)
TABLES = st.lists(CONDITIONS, max_size=5).map(
    lambda rows: [Row(f"r{place}", "town", f"因{place}", conditions=one) for place, one in enumerate(rows)]
)


@given(FACTS, TABLES)
def test_an_explanation_ends_in_the_route_proposed_and_names_just_what_did_not_hold(facts, rows):
    found = explain(facts, rows)

    assert found.route == propose(facts, rows)
    assert [one.row for one in found.looked] == rows[: len(found.looked)]
    assert found.decided is None or found.looked[-1] == found.decided
    assert (found.decided is None) == (found.route == NO_RULE)
    assert len(found.passed_over) + bool(found.decided) == len(found.looked)
    for one in found.looked:
        held = {name for name, wanted in one.row.conditions.items() if fits(facts, {name: wanted})}
        assert set(one.failed) == set(one.row.conditions) - held
