"""What the header of a column and what is written in a single cell of a ledger means. Pure."""

from datetime import UTC, date, datetime

import pytest

from disputes.importing import cells, columns


# ── columns ──────────────────────────────────────────────────────────────────
@pytest.mark.parametrize(
    ("header", "field"),
    [
        ("受理日期", "registered_on"),
        ("登记时间", "registered_on"),
        ("纠纷发生地（村、社区）", "village"),
        ("申请人（甲方）", "applicant"),
        ("被申请人姓名", "respondent"),
        ("被申请人（乙方）手机号码", "respondent_phone"),
        ("申请人身份证号码", "applicant_id"),
        ("申请人年龄", ""),
        ("对方当事人联系方式", "respondent_phone"),
        ("涉案金额（万元）", "amount"),
        ("纠纷简要情况", "narrative"),
        ("是否调解成功", "outcome"),
        ("双方当事人", "parties"),
        ("当事人（甲方）", "applicant"),
        ("当事人（乙方）", "respondent"),
        ("当事人（申请人、被申请人）", "parties"),
        ("当事人（被申请人）", "respondent"),
        ("纠纷简况", "narrative"),
        ("调处结果", "outcome"),
        ("村名", "village"),
        ("调解员姓名", "mediator"),
        ("村委", "village"),
        ("村（居）委", "village"),
        ("村居", "village"),
        ("居委会", "village"),
        ("村民委员会", "village"),
        ("村（社区）名称", "village"),
        ("社区", "village"),
        ("村委意见", ""),
        ("村委调解员", "mediator"),
        ("情况", "narrative"),
        ("情况说明", "narrative"),
        ("具体情况：", "narrative"),
        ("调解情况", "outcome"),
        ("手机", ""),
        ("天气", ""),
    ],
)
def test_a_header_means_what_its_words_say(header, field):
    assert columns.guess(header) == field


def test_what_is_missing_is_named_with_its_alternatives():
    assert columns.missing(["registered_on"]) == ["申请人或双方当事人（写在一格）", "经过或纠纷名称或案由"]
    assert columns.missing(["registered_on", "parties", "title"]) == []


# ── cells ────────────────────────────────────────────────────────────────────
@pytest.mark.parametrize(
    "written",
    ["2022-03-15", "2022.3.15", "2022/3/15", "2022年3月15日", "20220315", "22.3.15", "3月15日", "2022-03-15 09:30",
     44635.0, date(2022, 3, 15), datetime(2022, 3, 15, 9, 30, tzinfo=UTC), "２０２２年３月１５号"],
)  # fmt: skip
def test_a_day_is_read_however_it_is_written(written):
    assert cells.read_day(written, year=2022) == date(2022, 3, 15)


@pytest.mark.parametrize("written", ["2022年3月", "昨天", "2022-02-30", "二月初二", "", "13月5日"])
def test_what_is_no_day_is_none(written):
    assert cells.read_day(written, year=2022) is None


def test_a_day_without_a_year_and_without_a_heading_is_none():
    assert cells.read_day("3月15日", year=None) is None


@pytest.mark.parametrize(
    ("words", "outcome"),
    [
        ("调解成功", "agreed"), ("已调解成功，已履行", "agreed"), ("达成协议未履行", "agreed"),
        ("已签协议", "agreed"), ("双方签订了调解协议", "agreed"), ("已签订人民调解协议书", "agreed"),
        ("双方已签订协议", "agreed"), ("签订了人民调解协议书", "agreed"), ("双方签订调解协议书", "agreed"),
        ("双方已签订劳动合同，工资没有付清，下周再谈", None), ("签订了租赁合同，租金一直未付", None),
        ("双方还未签订协议", "open"), ("没有签订调解协议", "open"), ("已调解，未签协议", "open"),
        ("当场履行，未签订协议", "agreed"), ("没有异议，已签订协议", "agreed"), ("待双方到齐后已签订协议", "agreed"),
        ("还没签订调解协议", "open"), ("尚未正式签订调解协议", "open"), ("不肯签订调解协议", "open"),
        ("待双方签订调解协议", "open"), ("定于5月8日签订调解协议", "open"), ("未签订书面协议", "open"),
        ("没有签书面协议", "open"), ("没签订协议", "open"), ("下周来所里签订书面协议", "open"),
        ("不愿签协议", "ended"),
        ("调解不成功", "failed"), ("双方未达成协议", "failed"), ("调解未果，引导诉讼", "failed"),
        ("申请人撤回申请", "ended"), ("一方拒绝调解", "ended"),
        ("移送派出所", "referred_out"), ("引导诉讼", "referred_out"), ("正在调解", "open"), ("未办结", "open"),
        ("是", "agreed"), ("否", "failed"), ("已办结", None), ("好", None),
    ],
)  # fmt: skip
def test_how_it_ended_is_read_from_their_words(words, outcome):
    assert cells.read_outcome(words) == outcome


@pytest.mark.parametrize(
    ("text", "sides"),
    [("示例甲与示例乙", ("示例甲", "示例乙")), ("示例甲、示例乙", ("示例甲", "示例乙")), ("李和平", ("李和平", "")),
     ("示例甲诉示例公司", ("示例甲", "示例公司"))],
)  # fmt: skip
def test_both_sides_of_one_cell_are_told_apart(text, sides):
    assert cells.two_sides(text) == sides
