"""The pre-check: one case a condition, both sides of each edge; days worked out by hand from the official calendar."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from mediation.checklist import CheckItem, as_json, from_json, obstacle, ordered, unanswered, weighed
from mediation.choices import AgreementForm, Basis, MaterialKind
from mediation.precheck import (
    OTHER_CONFIRMED,
    OTHER_OPEN,
    OTHER_REJECTED,
    Facts,
    PartyFacts,
    PerformanceFacts,
    precheck,
    vague_sentences,
)

WEI = PartyFacts("韦春生", has_id=True, has_phone=True, has_address=True, consents=True)
CHEN = PartyFacts("陈启明", has_id=True, has_phone=True, has_address=True, consents=True)
BASIC_PAPERS = frozenset(
    {
        MaterialKind.APPLICATION,
        MaterialKind.AGREEMENT,
        MaterialKind.MEDIATION_PROOF,
        MaterialKind.IDENTITY,
        MaterialKind.SERVICE_ADDRESS,
    }
)
CLEAN = Facts(
    applied_on=date(2023, 9, 11),
    last_day=date(2023, 9, 25),  # 8月25日生效，第三十日 9月24日是星期日
    joint=True,
    promise=True,
    basis=Basis.OWN,
    form=AgreementForm.WRITTEN,
    effective_on=date(2023, 8, 25),
    materials=BASIC_PAPERS,
    parties=(WEI, CHEN),
    items=(PerformanceFacts(1, "还借款", date(2023, 10, 15), Decimal(20_000)),),
    clauses=("陈启明于2023年10月15日前付20,000元。",),
    story="2022年3月借款，到期未还。",
    case_type="sale_contract",
    amount=Decimal(20_000),
    organisation_in_district=True,
    dispute_in_district=True,
    rights_told=True,
    involves_identity=False,
    involves_title=False,
    involves_real_estate=False,
)


def item(key: str, **changes) -> CheckItem:
    return next(found for found in precheck(replace(CLEAN, **changes)) if found.key == key)


def test_a_clean_application_passes_every_condition():
    assert [found.key for found in precheck(CLEAN) if not found.passed] == []


def test_the_items_stand_in_the_order_of_the_law():
    assert [found.key for found in precheck(CLEAN)] == [
        "joint",
        "in_time",
        "basis",
        "jurisdiction",
        "no_other_request",
        "written",
        "effective",
        "promise",
        "material_application",
        "material_agreement",
        "material_mediation_proof",
        "material_identity",
        "material_service_address",
        "ids",
        "addresses",
        "identity",
        "title",
        "other_procedures",
        "content",
        "voluntary",
        "sham",
    ]


# effective 2023-09-01: day 30 is 2023-10-01, in the National Day holiday, rolled to Saturday 10-07, a working day
NATIONAL_DAY = {"effective_on": date(2023, 9, 1), "last_day": date(2023, 10, 7)}


@pytest.mark.parametrize(
    ("applied_on", "facts", "result", "title"),
    [
        pytest.param(date(2023, 9, 1), NATIONAL_DAY, "pass", "在三十日内（生效当日提出）", id="the day it took effect"),
        pytest.param(date(2023, 10, 1), NATIONAL_DAY, "pass", "在三十日内（第 30 日提出）", id="day thirty"),
        pytest.param(date(2023, 10, 7), NATIONAL_DAY, "pass", "在三十日内（第 36 日提出）", id="the rolled last day"),
        pytest.param(date(2023, 10, 8), NATIONAL_DAY, "fail", "已过三十日", id="the day after the rolled day"),
        pytest.param(date(2023, 8, 31), NATIONAL_DAY, "fail", "申请日早于协议生效日", id="before it took effect"),
        pytest.param(date(2023, 9, 25), {}, "pass", "在三十日内（第 31 日提出）", id="Monday after a Sunday"),
        pytest.param(date(2023, 9, 26), {}, "fail", "已过三十日", id="Tuesday after"),
        pytest.param(
            date(2026, 12, 23),
            {"effective_on": date(2026, 11, 23), "last_day": date(2026, 12, 23)},
            "pass",
            "在三十日内（第 30 日提出）",
            id="an ordinary Wednesday",
        ),
        pytest.param(
            date(2026, 12, 24),
            {"effective_on": date(2026, 11, 23), "last_day": date(2026, 12, 23)},
            "fail",
            "已过三十日",
            id="the day after it",
        ),
        pytest.param(date(2023, 9, 11), {"last_day": None}, "fail", "三十日还没有起算", id="no period runs"),
    ],
)
def test_the_application_is_in_time_up_to_the_rolled_last_day(applied_on, facts, result, title):
    found = item("in_time", applied_on=applied_on, **facts)

    assert (found.result, found.title) == (result, title)


@pytest.mark.parametrize(
    ("applied_on", "articles"),
    [
        pytest.param(
            date(2023, 12, 31), ("民诉法 201", "民诉法 202", "民诉法 201(二)"), id="last day of the 2021 text"
        ),
        pytest.param(date(2024, 1, 1), ("民诉法 205", "民诉法 206", "民诉法 205(二)"), id="first day of the 2023 text"),
    ],
)
def test_articles_follow_the_text_in_force_on_the_day(applied_on, articles):
    day = {"applied_on": applied_on, "effective_on": date(2023, 12, 20), "last_day": date(2024, 1, 19)}

    found = (item("joint", **day).article, item("no_other_request", **day).article, item("jurisdiction", **day).article)

    assert found == (f"{articles[0]}；解释 351", f"{articles[1]}；解释 352", articles[2])


# every other condition: the change, the item it moves, what it becomes
CONDITIONS = [
    pytest.param({"joint": False}, "joint", "fail", "还没有记明双方共同申请", id="only one party applies"),
    pytest.param({"parties": (WEI,)}, "joint", "fail", "还没有登记双方当事人", id="one party on file"),
    pytest.param({"basis": Basis.POST_FILING}, "basis", "fail", "委托调解不走司法确认", id="entrusted after filing"),
    pytest.param({"basis": Basis.PRE_FILING}, "basis", "pass", "委派（立案前），可以申请司法确认", id="before filing"),
    pytest.param(
        {"organisation_in_district": False},
        "jurisdiction",
        "pass",
        "本院管辖：当事人住所地或标的物所在地",
        id="residence",
    ),
    pytest.param(
        {"organisation_in_district": False, "dispute_in_district": False},
        "jurisdiction",
        "fail",
        "不属于本院管辖",
        id="neither here",
    ),
    pytest.param({"other_request": OTHER_OPEN}, "no_other_request", "fail", "这份协议已有一件在办的申请", id="open"),
    pytest.param(
        {"other_request": OTHER_CONFIRMED}, "no_other_request", "fail", "这份协议已经裁定有效", id="confirmed"
    ),
    pytest.param({"other_request": OTHER_REJECTED}, "no_other_request", "fail", "这份协议已被裁定驳回", id="rejected"),
    pytest.param({"form": AgreementForm.ORAL}, "written", "fail", "只有口头协议", id="oral agreement"),
    pytest.param({"effective_on": None}, "effective", "fail", "协议还没有生效", id="not yet effective"),
    pytest.param({"effective_on": date(2023, 9, 12)}, "effective", "fail", "协议还没有生效", id="effective tomorrow"),
    pytest.param({"promise": False}, "promise", "fail", "双方还没有作责任承诺", id="no promise"),
    pytest.param(
        {"materials": BASIC_PAPERS - {MaterialKind.MEDIATION_PROOF}},
        "material_mediation_proof",
        "fail",
        "缺调解组织主持调解的证明",
        id="no proof of mediation",
    ),
    pytest.param(
        {"parties": (WEI, replace(CHEN, has_agent=True))},
        "material_authorisation",
        "fail",
        "缺授权委托书",
        id="an agent without power of attorney",
    ),
    pytest.param(
        {"involves_real_estate": True},
        "material_property_proof",
        "fail",
        "缺与协议相关的财产权利证明等",
        id="real estate",
    ),
    pytest.param({"parties": (WEI, replace(CHEN, has_id=False))}, "ids", "fail", "缺陈启明的证件号码", id="no id"),
    pytest.param(
        {"parties": (replace(WEI, has_address=False), replace(CHEN, has_phone=False))},
        "addresses",
        "fail",
        "缺韦春生的住址、陈启明的电话",
        id="no address, no phone",
    ),
    pytest.param(
        {"parties": (replace(WEI, has_address=False, has_phone=False), CHEN)},
        "addresses",
        "fail",
        "缺韦春生的住址和电话",
        id="neither address nor phone",
    ),
    pytest.param({"involves_identity": True}, "identity", "fail", "涉及身份关系", id="status of persons"),
    pytest.param({"case_type": "marriage_family"}, "identity", "judge", "是否只涉及财产和抚养、赡养", id="family"),
    pytest.param({"involves_title": True}, "title", "fail", "涉及物权、知识产权确权", id="title"),
    pytest.param({"case_type": "land_contract"}, "title", "judge", "是否含有确认权属的内容", id="contracted land"),
    pytest.param({"involves_real_estate": True}, "title", "judge", "是否含有确认权属的内容", id="a house"),
    pytest.param({"story": "公司已申请破产。"}, "other_procedures", "judge", "是否涉及其他特别程序", id="bankruptcy"),
    pytest.param(
        {"items": (PerformanceFacts(1, "还款", None, Decimal(5)), PerformanceFacts(2, " ", date(2023, 10, 1)))},
        "content",
        "fail",
        "第 1 期、第 2 期没有写明日子或内容",
        id="an item without a day, one without content",
    ),
    pytest.param({"items": ()}, "content", "judge", "没有列履行事项", id="nothing to perform"),
    pytest.param(
        {"clauses": ("余款20,000元年底结清。",)},
        "content",
        "judge",
        "履行内容是否明确：「余款20,000元年底结清」",
        id="vague",
    ),
    pytest.param({"rights_told": False}, "voluntary", "judge", "是否出于自愿", id="rights not told"),
    pytest.param({"parties": (WEI, replace(CHEN, consents=False))}, "voluntary", "judge", "是否出于自愿", id="silent"),
    pytest.param(
        {"case_type": "private_loan", "amount": Decimal(60_000), "story": "现金交付六万元。"},
        "sham",
        "judge",
        "虚假调解迹象",
        id="round cash loan",
    ),
    pytest.param(
        {"case_type": "private_loan", "amount": Decimal(60_500), "story": "现金交付。"},
        "sham",
        "pass",
        "没有看出虚假调解的迹象",
        id="a crooked sum",
    ),
]


@pytest.mark.parametrize(("changes", "key", "result", "title"), CONDITIONS)
def test_each_condition_answers_with_its_own_words(changes, key, result, title):
    found = item(key, **changes)

    assert (found.result, found.title) == (result, title)


def test_whatever_does_not_pass_says_what_to_do_about_it():
    cases: list[Any] = [case.values for case in CONDITIONS]
    found = [item(key, **changes) for changes, key, *_ in cases]

    assert [each.key for each in found if not each.passed and not each.mend] == []


def test_a_voluntary_item_names_who_did_not_consent():
    found = item("voluntary", rights_told=False, parties=(WEI, replace(CHEN, consents=False)))

    assert found.why == "没有记下陈启明同意调解，笔录没有记明告知权利义务。"


@pytest.mark.parametrize(
    ("clause", "expected"),
    [
        ("余款年底结清。", ("余款年底结清",)),
        ("余款于2023年12月31日年底结清。", ()),
        ("第一期10月15日付；其余尽快付清。", ("其余尽快付清",)),
        ("三年前借款一万元。", ()),
    ],
)
def test_a_sentence_is_vague_when_it_has_a_vague_word_and_no_day(clause, expected):
    assert vague_sentences([clause]) == expected


# the list


def test_failed_items_come_first_then_those_to_be_judged():
    facts = replace(CLEAN, promise=False, rights_told=False, form=AgreementForm.ORAL)

    results = [found.result for found in ordered(precheck(facts))]

    assert (results[:3], set(results[3:])) == (["fail", "fail", "judge"], {"pass"})


@pytest.mark.parametrize(
    ("changes", "answers", "expected"),
    [
        pytest.param({}, {}, "", id="nothing in the way"),
        pytest.param({"promise": False}, {}, "还有 1 项不通过，暂不能报法院。", id="one failed"),
        pytest.param({"rights_told": False}, {}, "还有 1 项要写一句说明，暂不能报法院。", id="one without a sentence"),
        pytest.param({"rights_told": False}, {"voluntary": "   "}, "还有 1 项要写一句说明，暂不能报法院。", id="blank"),
        pytest.param({"rights_told": False}, {"voluntary": "双方当面说明自愿。"}, "", id="answered"),
        pytest.param(
            {"rights_told": False, "promise": False},
            {},
            "还有 1 项不通过、1 项要写一句说明，暂不能报法院。",
            id="both",
        ),
    ],
)
def test_the_obstacle_is_one_sentence(changes, answers, expected):
    assert obstacle(precheck(replace(CLEAN, **changes)), answers) == expected


def test_only_items_to_be_judged_ask_for_a_sentence():
    facts = replace(CLEAN, rights_told=False, promise=False)

    assert [found.key for found in unanswered(precheck(facts), {})] == ["voluntary"]


def test_a_stored_snapshot_reads_back_the_same():
    items = list(precheck(replace(CLEAN, clauses=("余款年底结清。",))))

    assert from_json(as_json(items)) == items


@pytest.mark.parametrize(("ok", "result"), [(True, "pass"), (False, "fail")])
def test_an_opinion_of_the_court_settles_an_item_either_way(ok, result):
    items = precheck(replace(CLEAN, rights_told=False))

    seen = {found.key: found.result for found in weighed(items, {"voluntary": {"ok": ok, "text": "已当面核实。"}})}

    assert (seen["voluntary"], seen["joint"]) == (result, "pass")
