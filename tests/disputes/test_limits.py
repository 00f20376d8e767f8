"""Impossible days, amounts and stories."""

from datetime import date
from decimal import Decimal

import pytest

from core.errors import Refused
from disputes import limits

TODAY = date(2023, 9, 20)


@pytest.mark.parametrize("day", [TODAY, date(1949, 10, 1), date(2023, 9, 19)], ids=str)
def test_a_day_between_1949_and_today_is_taken(day):
    assert limits.check_day(day, today=TODAY) is None


@pytest.mark.parametrize(
    ("day", "after", "message"),
    [
        (date(2023, 9, 21), None, "不能晚于今天（2023年9月20日）。"),
        (date(1949, 9, 30), None, "不能早于1949年10月1日，请核对年份。"),
        (date(2023, 9, 10), date(2023, 9, 11), "不能早于2023年9月11日，那一天才办到上一步。"),
    ],
    ids=["tomorrow", "before 1949", "before the last step"],
)
def test_an_impossible_day_is_refused_with_its_reason(day, after, message):
    with pytest.raises(Refused) as refused:
        limits.check_day(day, today=TODAY, after=after, field="on")
    assert (refused.value.message, refused.value.field) == (message, "on")


@pytest.mark.parametrize("story", ["一", "字" * 20_000, "𣸣江边的𠮷屋😀"], ids=["one", "full", "rare characters"])
def test_a_story_up_to_twenty_thousand_characters_is_taken(story):
    assert limits.check_story(story) is None


@pytest.mark.parametrize(
    ("story", "message"),
    [
        ("", "请写下事情经过。"),
        (" \n　", "请写下事情经过。"),
        ("字" * 20_001, "经过有 20,001 字，最多 20,000 字。"),
    ],
    ids=["empty", "blank", "too long"],
)
def test_no_story_and_an_endless_story_are_refused(story, message):
    with pytest.raises(Refused) as refused:
        limits.check_story(story)
    assert refused.value.message == message


@pytest.mark.parametrize("amount", [None, Decimal(0), Decimal("0.01"), Decimal(10_000_000_000)], ids=str)
def test_an_amount_from_nothing_upward_is_taken(amount):
    assert limits.check_amount(amount) is None


@pytest.mark.parametrize("amount", [Decimal("-0.01"), Decimal("10000000000.01"), Decimal(99_999_999_999)], ids=str)
def test_a_negative_or_absurd_amount_is_refused(amount):
    with pytest.raises(Refused):
        limits.check_amount(amount)
