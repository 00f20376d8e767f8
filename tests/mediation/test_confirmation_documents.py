"""The papers of a confirmation: which articles on which day, which words, what is masked, no variable missing."""

import io
from datetime import date

import pytest
from docx import Document

from core.documents import template_variables
from mediation.documents.agreed import content_lines, performance_lines
from mediation.documents.confirmation import (
    Ruling,
    application_context,
    application_docx,
    notice_context,
    notice_docx,
    party_line,
    ruling_context,
    ruling_docx,
    written_date,
)
from tests.mediation.confirmation_kit import accept, submit

RULED = Ruling("confirm", date(2023, 9, 20), "沈明轩")


@pytest.fixture
def accepted(agreed, cast):
    """Filed 2023-09-11, accepted 2023-09-12."""
    return accept(submit(agreed, cast["mediator_of_taiping"]), cast["court_clerk"])


def text_of(data: bytes) -> str:
    return "\n".join(paragraph.text for paragraph in Document(io.BytesIO(data)).paragraphs)


@pytest.mark.parametrize(
    ("template", "context"),
    [
        ("confirmation_application.docx", lambda found: application_context(found, on=date(2023, 9, 11), clear=True)),
        ("acceptance_notice.docx", notice_context),
        ("confirmation_ruling.docx", lambda found: ruling_context(found, RULED, clear=True)),
        ("confirmation_rejection.docx", lambda found: ruling_context(found, RULED, clear=True)),
    ],
)
def test_a_template_asks_for_nothing_the_context_lacks(accepted, template, context):
    assert template_variables(template) - set(context(accepted)) == set()


def test_the_application_is_of_both_parties_with_promise_and_papers(accepted):
    text = text_of(application_docx(accepted, on=date(2023, 9, 11), clear=True))

    assert text.splitlines()[:3] == [
        "司法确认申请书",
        "申请人：沈水旺，男，公民身份号码445381196805041234，住罗定市太平镇潭白村12号，联系电话13800006072。",
        "申请人：梁伯坚，男，公民身份号码445381197403025618，住罗定市太平镇潭白村12号，联系电话13700002290。",
    ]
    assert "一、梁伯坚分三期还清借款48,000元。" in text
    assert "《中华人民共和国民事诉讼法》第二百零一条" in text
    assert "没有恶意串通" in text
    assert text.splitlines()[-4:] == [
        "1. 调解协议",
        "2. 调解组织主持调解的证明",
        "3. 双方身份证明、资格证明",
        "4. 双方送达地址、电话号码",
    ]


PERFORMANCE = [
    "履行事项：",
    "履行方式、地点：银行转账。",
    "第1期：2023年9月30日前（含当日），梁伯坚还款12,000元。",
    "第2期：2023年10月31日前（含当日），梁伯坚还款12,000元。",
    "第3期：2023年11月30日前（含当日），梁伯坚还款24,000元。",
]


def test_ruling_and_application_recite_who_performs_what_by_when(accepted):
    """A ruling is enforced by its own words (解释 358(五)): without days and amounts it is worth nothing."""
    ruling = text_of(ruling_docx(accepted, RULED)).splitlines()
    application = text_of(application_docx(accepted, on=date(2023, 9, 11))).splitlines()

    after = ruling.index("二、沈水旺放弃利息。") + 1
    assert ruling[after : after + 5] == PERFORMANCE
    after = application.index("二、沈水旺放弃利息。") + 1
    assert application[after : after + 5] == PERFORMANCE


def test_an_agreement_without_items_is_recited_as_one_that_needs_none(accepted):
    accepted.agreement.performance_items.all().delete()
    accepted.agreement.manner = ""

    assert content_lines(accepted.agreement)[-2:] == ["履行事项：", "本协议没有需要另行履行的事项。"]


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("还清借款。", "第1期：2023年9月30日前（含当日），梁伯坚还清借款12,000元。"),
        ("还款12000元", "第1期：2023年9月30日前（含当日），梁伯坚还款12000元。"),
        ("还款12,000元；", "第1期：2023年9月30日前（含当日），梁伯坚还款12,000元。"),
        ("还所欠112000元中的一部分", "第1期：2023年9月30日前（含当日），梁伯坚还所欠112000元中的一部分12,000元。"),
    ],
    ids=["a full stop goes", "the sum is not said twice", "nor with a comma", "another sum is not taken for it"],
)
def test_an_instalment_reads_as_one_sentence(accepted, text, line):
    accepted.agreement.performance_items.filter(serial=1).update(text=text)

    assert performance_lines(accepted.agreement)[1] == line


def test_an_application_is_dated_by_hand_until_it_is_filed(accepted):
    filed = application_context(accepted, on=date(2023, 9, 11), clear=True)["date"]
    accepted.submitted_on = None

    by_hand = application_context(accepted, on=date(2023, 9, 11), clear=True)["date"]

    assert (filed, by_hand) == ("2023年9月11日", "　　　　年　　月　　日")


def test_without_the_right_numbers_are_masked(accepted):
    text = text_of(application_docx(accepted, on=date(2023, 9, 11)))

    assert ("445381196805041234" in text, "13800006072" in text, "445381********1234" in text) == (False, False, True)


def test_an_organisation_is_named_by_its_credit_code(accepted):
    party = accepted.agreement.mediation.dispute.parties.first()
    party.kind, party.name, party.agent_name = "organisation", "安泰物业", "黄雪梅"

    line = party_line(party, clear=True)

    assert line == (
        "申请人：安泰物业，统一社会信用代码445381196805041234，住所地罗定市太平镇潭白村12号，委托诉讼代理人黄雪梅。"
    )


def test_the_notice_names_number_judge_and_the_fifteen_days(accepted):
    text = text_of(notice_docx(accepted))

    assert "（2023）粤5381诉前调确1号" in text
    assert "由审判员沈明轩独任审查" in text
    assert "自受理之日起十五日内" in text
    assert "不收取费用" in text


def test_the_ruling_that_confirms_reads_as_the_form_has_it(accepted):
    lines = text_of(ruling_docx(accepted, RULED)).splitlines()

    agreed = "2023年9月1日经罗定市太平镇人民调解委员会主持调解达成的调解协议"
    assert lines[:3] == ["罗定市人民法院", "民事裁定书", "（2023）粤5381诉前调确1号"]
    assert "申请人沈水旺、梁伯坚申请司法确认调解协议一案，本院于2023年9月12日立案后进行了审查，现已审查终结。" in lines
    assert "本院经审查认为，申请人自愿达成调解协议，内容明确，符合司法确认调解协议的法定条件。" in lines
    assert "依照《中华人民共和国民事诉讼法》第二百零二条规定，裁定如下：" in lines
    assert f"申请人沈水旺、梁伯坚于{agreed}有效。" in lines
    assert lines[-4:] == ["审判员　沈明轩", "二〇二三年九月二十日", "（院印）", "书记员　　　　　"]


@pytest.mark.parametrize(
    ("on", "article"),
    [(date(2023, 12, 31), "第二百零二条"), (date(2024, 1, 1), "第二百零六条")],
)
def test_the_article_is_that_of_the_day_of_the_decision(accepted, on, article):
    context = ruling_context(accepted, Ruling("confirm", on, "沈明轩"), clear=False)

    assert context["basis"] == f"《中华人民共和国民事诉讼法》{article}"


INTERPRETATION = "《最高人民法院关于适用〈中华人民共和国民事诉讼法〉的解释》"


@pytest.mark.parametrize(
    ("verb", "ground", "basis", "order"),
    [
        (
            "reject",
            "内容不明确",
            f"《中华人民共和国民事诉讼法》第二百零二条、{INTERPRETATION}第三百五十八条第（五）项",
            "驳回申请人沈水旺、梁伯坚的申请。",
        ),
        (
            "reject",
            "调解协议内容涉及物权、知识产权确权",
            f"《中华人民共和国民事诉讼法》第二百零二条、{INTERPRETATION}第三百五十五条第一款第（五）项、第二款",
            "驳回申请人沈水旺、梁伯坚的申请。",
        ),
        (
            "refuse",
            "不属于本院管辖",
            f"{INTERPRETATION}第三百五十五条第一款第（二）项",
            "对申请人沈水旺、梁伯坚的申请，本院不予受理。",
        ),
        ("permit_withdrawal", "", f"{INTERPRETATION}第三百五十七条第一款", "准许申请人沈水旺、梁伯坚撤回申请。"),
        ("deem_withdrawn", "", f"{INTERPRETATION}第三百五十七条第二款", "本案按申请人沈水旺、梁伯坚撤回申请处理。"),
    ],
)
def test_each_other_ruling_names_its_article_and_its_order(accepted, verb, ground, basis, order):
    ruling = Ruling(verb, date(2023, 9, 20), "沈明轩", "理由在此。", ground)

    text = text_of(ruling_docx(accepted, ruling))
    context = ruling_context(accepted, ruling, clear=False)

    assert (context["basis"], context["order"]) == (basis, order)
    assert (f"依照{basis}规定，裁定如下：" in text, order in text) == (True, True)


def test_the_judges_words_stand_before_the_ground_of_the_law(accepted):
    ruling = Ruling("reject", date(2023, 9, 20), "沈明轩", "余款没有写明日子。", "内容不明确")

    assert ruling_context(accepted, ruling, clear=False)["reasons"] == (
        "本院经审查认为，余款没有写明日子。本案有内容不明确的情形。"
    )


def test_markup_typed_by_a_person_stays_text(accepted):
    ruling = Ruling("reject", date(2023, 9, 20), "沈明轩", "<w:p>{{ number }}</w:p>", "内容不明确")

    assert "<w:p>{{ number }}</w:p>" in text_of(ruling_docx(accepted, ruling))


@pytest.mark.parametrize(
    ("day", "written"),
    [
        (date(2023, 9, 20), "二〇二三年九月二十日"),
        (date(2024, 10, 1), "二〇二四年十月一日"),
        (date(2025, 12, 31), "二〇二五年十二月三十一日"),
    ],
)
def test_a_ruling_is_dated_in_chinese_numerals(day, written):
    assert written_date(day) == written
