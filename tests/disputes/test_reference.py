"""Case types and routing rows: loaded twice without effect, an admin's hand respected, nonsense refused."""

import pytest

from core.errors import Refused
from disputes import queries, reference
from disputes.choices import Destination, StatisticalType
from disputes.models import CaseQuestion, CaseType, RoutingRule
from disputes.routing import TESTS

PLANS_ELEVEN = [
    "marriage_family", "neighbour", "labour", "private_loan", "property_service", "land_contract",
    "consumer", "traffic", "personal_injury", "sale_contract", "tenancy",
]  # fmt: skip


def test_the_plans_eleven_types_and_other_are_loaded_in_its_order(tables):
    assert list(CaseType.objects.values_list("key", flat=True)) == [*PLANS_ELEVEN, "other"]


def test_every_type_maps_to_a_line_of_the_ministrys_report(tables):
    mapped = dict(CaseType.objects.values_list("key", "statistical_type"))
    assert set(mapped.values()) <= set(StatisticalType.values)
    assert (len(StatisticalType), mapped["private_loan"], mapped["personal_injury"]) == (18, "contract", "damages")


def test_loading_again_changes_nothing(tables):
    before = [list(CaseType.objects.values()), list(RoutingRule.objects.order_by("key").values())]
    reference.load(lambda line: None)
    assert [list(CaseType.objects.values()), list(RoutingRule.objects.order_by("key").values())] == before


def test_rows_an_admin_edited_or_added_are_kept(tables):
    CaseType.objects.filter(pk="labour").update(name="劳动和工资", edited=True)
    RoutingRule.objects.filter(key="large_amount").update(conditions={"amount_min": 500_000}, edited=True)
    RoutingRule.objects.create(order=5, key="own", destination=Destination.VILLAGE, reason="本地规则", edited=True)
    reference.load(lambda line: None)
    assert CaseType.objects.get(pk="labour").name == "劳动和工资"
    assert RoutingRule.objects.get(key="large_amount").conditions == {"amount_min": 500_000}
    assert RoutingRule.objects.first().key == "own"


def test_loading_says_what_came_in(db):
    lines = []
    reference.load(lines.append)
    asked = f"登记时要问的 {CaseQuestion.objects.count()} 条"
    rules = f"分流规则 {RoutingRule.objects.count()} 条"
    assert lines == ["纠纷类型 12 个", asked, rules, "预警规则 1 条"]


def test_every_shipped_row_is_one_that_routing_understands(tables):
    for row in RoutingRule.objects.all():
        assert set(row.conditions) <= set(TESTS), row.key
        assert row.destination in Destination.values, row.key


def test_the_last_shipped_row_takes_everything(tables):
    assert RoutingRule.objects.last().conditions == {}


# ── triage and routing together ──────────────────────────────────────────────
def test_a_type_switched_off_is_neither_suggested_nor_taken(tables):
    CaseType.objects.filter(pk="private_loan").update(enabled=False)
    found = queries.assess("他借了五万元，写了欠条，一直不还。", chosen="private_loan")
    assert "private_loan" not in [row.key for row, _ in found.suggested]
    assert found.case_type.key != "private_loan"


def test_with_only_one_type_left_it_is_the_suggestion(tables):
    CaseType.objects.exclude(pk="traffic").update(enabled=False)
    assert queries.assess("他借了五万元，写了欠条，一直不还。").case_type.key == "traffic"


def test_without_any_type_the_way_out_is_named(db):
    with pytest.raises(Refused) as refused:
        queries.assess("他借了五万元。")
    assert refused.value.hint == "请管理员载入基础数据，或在配置里启用类型。"


def test_the_words_shown_are_no_parts_of_each_other():
    assert queries.telling(["砍死我", "讲", "拿刀", "砍", "拿", "刀", "拿刀"]) == ("砍死我", "拿刀")
    assert queries.telling(["刀"]) == ("刀",)
