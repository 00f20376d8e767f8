"""分流规则: the table, the box, one rule in fields; refused with everything kept."""

from datetime import date

import pytest
from django.urls import reverse

from disputes.models import Dispute, RoutingRule
from disputes.routing_table import find_villages
from tests.disputes.conftest import STORY

RULES, NEW = "/manage/routing/", "/manage/routing/new/"
LOANS = {"case_types": ["private_loan"], "destination": "village", "reason": "借款小事先由村里调。", "enabled": "on",
         "after": "large_amount", "amount_max": "1万"}  # fmt: skip
QUERIES = 7  # session, account, unread; rules, case types, villages with their town, counts
pytestmark = pytest.mark.usefixtures("tables")


@pytest.fixture
def desk(client_of, admin):
    return client_of(admin)


def tried(desk, address: str = NEW, **typed):
    """The answer to a trial, and the post that saves it."""
    typed = LOANS | typed | {"seen": desk.get(address).context["seen"]}
    answer = desk.post(address, typed | {"try": "1"})
    return answer, typed | {"tried": answer.context.get("tried", ""), "save": "1"}


# ── the table ────────────────────────────────────────────────────────────────
def test_the_page_shows_the_rules_in_words_with_last_months_counts(desk, register, mediator_of_taiping):
    for day in (date(2023, 8, 1), date(2023, 8, 31), date(2023, 9, 1)):
        register(mediator_of_taiping, on=day)

    answer = desk.get(RULES)
    lines = {line.rule.key: (line.place, line.conditions, line.proposed) for line in answer.context["lines"]}

    assert lines["large_amount"] == (5, ("标的额 200,000 元以上（含）",), 0)
    assert lines["town_point"] == (8, ("其余全部",), 2)


def test_nothing_of_a_case_stands_on_the_pages(desk, register, mediator_of_taiping):
    dispute = register(mediator_of_taiping, on=date(2023, 8, 1))

    shown = desk.get(RULES).content.decode() + tried(desk)[0].content.decode()

    assert [word for word in (dispute.code, dispute.title, "沈水旺", "建材铺") if word in shown] == []


def test_a_rule_that_takes_pressing_matters_before_their_own_says_so(desk):
    warning = "有激化危险的也先按这一条"
    assert warning not in desk.get(RULES).content.decode()

    RoutingRule.objects.filter(key="village_neighbours").update(order=1)

    assert desk.get(RULES).content.decode().count(warning) == 1


@pytest.mark.parametrize("many", [1, 3])
def test_the_page_asks_the_same_with_one_rule_and_with_three(many, desk, village, django_assert_num_queries):
    desk.get(RULES)
    RoutingRule.objects.exclude(key__in=["high_risk", "cross_town", "town_point"][:many]).delete()
    RoutingRule.objects.update(conditions={"villages": [village.code]})

    with django_assert_num_queries(QUERIES):
        answer = desk.get(RULES)

    assert len(answer.context["lines"]) == many


def test_the_configuration_leads_here(desk):
    assert all(f'href="{RULES}"' in desk.get(address).content.decode() for address in ("/manage/", "/"))
    assert desk.get("/manage/disputes/routingrule/").status_code == 404


# ── the box ──────────────────────────────────────────────────────────────────
def test_the_box_says_which_rule_decides_and_why_not_those_before(desk):
    answer = desk.post(RULES, {"story": STORY, "amount": "25万", "earlier_failures": "0"})

    found = answer.context["answer"]
    assert (answer.status_code, found.decided.rule.key, found.destination) == (200, "large_amount", "请法官指导后调解")
    assert [(line.place, [one.found for one in lacked]) for line, lacked in found.passed_over] == [
        (1, ["适宜调解"]), (2, ["风险是一般"]), (3, ["在同一个镇（街）"]), (4, ["以前没有调解不成过"]),
    ]  # fmt: skip
    assert dict(found.read) == {"类型": "民间借贷", "风险": "一般", "调解": "适宜", "标的额": "250,000 元"}
    assert Dispute.objects.count() == 0


def test_a_sum_told_in_the_story_alone_decides_nothing_and_the_box_says_so_as_the_counter_does(
    desk, client_of, mediator_of_taiping
):
    story = "梁伯坚两年前向我借了二十五万，一直不还，有借条。"
    told = {"narrative": story, "case_type": "private_loan"}
    counter = client_of(mediator_of_taiping).post(reverse("disputes:suggest"), told)

    empty = desk.post(RULES, {"story": story, "case_type": "private_loan"})
    filled = desk.post(RULES, {"story": story, "case_type": "private_loan", "amount": "250000"})

    box = empty.context["answer"]
    assert box.explanation.route.rule_key == counter.context["found"].route.rule_key == "town_point"
    assert box.sums_told == counter.context["found"].sums_told == (250_000,)
    page = empty.content.decode()
    assert "标的额空着。经过里说到" in page
    assert "要「标的额 200,000 元以上（含）」，这里没有填标的额" in page
    assert filled.context["answer"].decided.rule.key == "large_amount"
    assert "标的额空着" not in filled.content.decode()


@pytest.mark.parametrize(
    ("typed", "rule"),
    [
        ({"case_type": "neighbour"}, "village_neighbours"),
        ({"case_type": "neighbour", "cross_town": "on"}, "cross_town"),
        ({"case_type": "neighbour", "earlier_failures": "1"}, "failed_before"),
        ({"case_type": "neighbour", "amount": "3万"}, "town_point"),
    ],
)
def test_the_box_takes_a_type_instead_of_a_story(typed, rule, desk):
    assert desk.post(RULES, typed).context["answer"].decided.rule.key == rule


def test_the_box_uses_village_and_source_and_passes_over_what_is_switched_off(desk, village):
    RoutingRule.objects.filter(key="cross_town").update(conditions={"villages": [village.code], "sources": ["court"]})
    typed = {"case_type": "labour", "village": f"{village.parent} {village.name}", "source": "court"}

    assert desk.post(RULES, typed).context["answer"].decided.rule.key == "cross_town"
    RoutingRule.objects.filter(key="cross_town").update(enabled=False)
    assert desk.post(RULES, typed).context["answer"].decided.rule.key == "town_point"


@pytest.mark.parametrize(
    ("typed", "field", "words"),
    [
        ({}, "story", "请写一段经过，或者选一个类型。"),
        ({"case_type": "labour", "village": "没有的村"}, "village", "没有找到这个村（社区）。"),
        ({"case_type": "labour", "village": "太平"}, "village", "有好几个："),
        ({"case_type": "labour", "amount": "很多"}, "amount", "看不出是多少"),
    ],
)
def test_what_the_box_cannot_read_is_said_at_its_field(typed, field, words, desk):
    answer = desk.post(RULES, typed)

    assert (answer.status_code, answer.context["form"].errors[field][0].startswith(words)) == (422, True)


# ── one rule ─────────────────────────────────────────────────────────────────
def test_a_trial_of_a_month_without_disputes_says_that_it_shows_nothing(desk):
    answer, _ = tried(desk)

    html = answer.content.decode()
    assert ("没有登记纠纷，试算看不出会有什么不同" in html, "件会去别处" in html) == (True, False)


def test_a_rule_is_tried_then_saved(desk, register, mediator_of_taiping):
    register(mediator_of_taiping, on=date(2023, 8, 1), amount=None)
    answer, post = tried(desk)

    assert (answer.status_code, answer.context["trial"].elsewhere) == (200, 1)
    assert "1 件会去别处" in answer.content.decode()
    assert desk.post(NEW, post).headers["Location"] == reverse("routing:rules")
    rule = RoutingRule.objects.get(reason=LOANS["reason"])
    assert (rule.conditions, rule.order) == ({"case_types": ["private_loan"], "amount_max": 10_000}, 55)


def test_saving_untried_is_refused_and_what_was_typed_stays(desk):
    seen = desk.get(NEW).context["seen"]

    answer = desk.post(NEW, LOANS | {"seen": seen, "save": "1"})

    assert (answer.status_code, RoutingRule.objects.filter(edited=True).count()) == (422, 0)
    assert answer.context["form"].non_field_errors()[0].startswith("没有保存：这些内容还没有试算过。")
    assert answer.context["form"]["reason"].value() == LOANS["reason"]
    assert 'value="private_loan" class="form-check-input" id="id_case_types_3" checked' in answer.content.decode()


def test_a_rule_changed_by_somebody_else_is_a_conflict_with_everything_kept(desk):
    _, post = tried(desk)
    RoutingRule.objects.filter(key="large_amount").update(conditions={"amount_min": 300_000})

    answer = desk.post(NEW, post)

    text = answer.content.decode()
    assert (answer.status_code, LOANS["reason"] in text, "300,000 元" in text) == (409, True, True)
    again, post = tried(desk, seen=answer.context["seen"])
    assert (again.status_code, desk.post(NEW, post).status_code) == (200, 302)


def test_the_last_rule_cannot_be_switched_off(desk):
    address = reverse("routing:rule", args=[RoutingRule.objects.get(key="town_point").pk])

    answer, _ = tried(desk, address, case_types=[], amount_max="", enabled="", after="village_family")

    assert answer.status_code == 422
    assert "最后一条不设条件的规则" in answer.context["form"].non_field_errors()[0]


@pytest.mark.parametrize("key", ["not_for_mediation", "high_risk", "cross_town", "failed_before", "large_amount",
                                 "village_neighbours", "town_point"])  # fmt: skip
def test_a_shipped_rule_opened_and_saved_as_it_is_stays_as_it_is(key, desk):
    rule = RoutingRule.objects.get(key=key)
    address = reverse("routing:rule", args=[rule.pk])
    form = desk.get(address).context["form"]
    typed = {name: form[name].value() for name in form.fields if form[name].value() not in (None, False)}
    typed = {"case_types": [], "amount_max": "", "enabled": "on"} | typed

    _, post = tried(desk, address, **typed)

    assert desk.post(address, post).status_code == 302
    assert RoutingRule.objects.filter(edited=True).count() == 0


@pytest.mark.parametrize(
    ("typed", "field", "words"),
    [
        ({"amount_min": "2万", "amount_max": "1万"}, "amount_max", "「到」不能比「从」小。"),
        ({"amount_min": "许多"}, "amount_min", "看不出是多少"),
        ({"amount_min": "99999999999999"}, "amount_min", "标的额太大"),
        ({"earlier_failures_min": "0"}, "earlier_failures_min", ""),
        ({"case_types": ["nothing"]}, "case_types", ""),
        ({"villages": ["nowhere"]}, "villages", ""),
        ({"village_words": "太平"}, "village_words", "还没有勾选村（社区）：请在下面勾选"),
        ({"village_words": "没有的村"}, "village_words", "没有找到这个村（社区）：请改写"),
        ({"reason": ""}, "reason", ""),
        ({"destination": ""}, "destination", ""),
    ],
)
def test_what_cannot_be_a_rule_is_said_at_its_field(typed, field, words, desk):
    answer, _ = tried(desk, **typed)

    assert answer.status_code == 422
    assert answer.context["form"].errors[field][0].startswith(words)


def test_villages_are_found_and_ticked_ones_stay(desk, village):
    other = find_villages(f"{village.parent}")[-1]
    typed = LOANS | {"villages": [other.code], "village_words": f"{village.parent} {village.name}", "find": "1"}

    form = desk.post(NEW, typed).context["form"]

    offered = [code for code, _ in form.fields["villages"].choices]
    assert offered[0] == other.code
    assert village.code in offered
    assert (form["villages"].value(), form["reason"].value()) == ([other.code], LOANS["reason"])
    _, post = tried(desk, villages=[village.code])
    desk.post(NEW, post)
    assert RoutingRule.objects.get(reason=LOANS["reason"]).conditions["villages"] == [village.code]


def test_what_is_wrong_in_the_box_is_said_where_the_answer_is_looked_for(client_of, admin):
    page = client_of(admin).post(RULES, {"story": STORY, "amount": "一万多", "earlier_failures": "0"}).content.decode()

    answer = page.partition('id="answer"')[2]
    assert "还没有试" in answer
    assert '<a href="#id_amount">标的额' in answer
    assert "写一段经过，或选一个类型" not in answer
