"""Months of birth in every spelling a town office uses, and what is never guessed."""

from datetime import date, datetime, time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.spreadsheets import CellValue
from roster.births import birth_months
from tests.roster.workbooks import unhurried, wide

TODAY = date(2023, 9, 20)


@pytest.mark.parametrize(
    "written",
    [
        "1985.03", "1985.3", "1985年3月", "1985年03月", "1985-3-2", "1985-03", "1985/3", "1985/03/02", "198503",
        "85.3", "85.03", "八五年三月", "一九八五年三月", "一九八五年三月二日", "1985 年 3 月", wide("1985.03"),
        "1985。03", "19850302", "1985.3月", "1985年3月份", "1985年三月", "一九八五.三", "一九八五年03月", "1985·03",
        "1985—03", "1985~3", "85年3月", "85/3", "公历1985年3月", "生于1985年3月", "1985.03\xa0", "\u202d1985.03\u202c",
        "1985 3", "1985 03", "1985　3", "1985 3 2", "1985-03-02T00:00:00", "1985-03-02 0:00:00",
        "1985年3月2日", "1985年3月生", "1985-03-02 00:00:00", "31107", 31107, 31107.0, 1985.03, 198503, 198503.0, 85.3,
        date(1985, 3, 2), datetime.fromisoformat("1985-03-02"),
    ],
    ids=repr,
)  # fmt: skip
def test_march_1985_in_every_spelling(written):
    assert birth_months(written, today=TODAY) == ("1985-03",)


@pytest.mark.parametrize(
    ("written", "month"),
    [
        ("一九七二年十月", "1972-10"),
        ("一九七二年十一月", "1972-11"),
        ("一九七二年十二月", "1972-12"),
        ("二〇〇一年十月", "2001-10"),
        ("二○○一年一月", "2001-01"),
        ("1972.10", "1972-10"),
        (1972.12, "1972-12"),
        ("05.3", "2005-03"),
        ("20.2", "1920-02"),
        ("一九七二年二月二十一日", "1972-02"),
    ],
)
def test_other_months(written, month):
    assert birth_months(written, today=TODAY) == (month,)


@pytest.mark.parametrize(
    ("written", "months"),
    [
        (1985.1, ("1985-10", "1985-01")),
        ("1985.1", ("1985-01", "1985-10")),
        (85.1, ("1985-10", "1985-01")),
        ("3/2/1985", ("1985-03", "1985-02")),
        ("03/03/1985", ("1985-03",)),
        ("13/2/1985", ("1985-02",)),
        ("02/03/85", ("2002-03", "1985-02", "1985-03")),
    ],
    ids=repr,
)
def test_where_two_months_are_possible_both_are_named(written, months):
    assert birth_months(written, today=TODAY) == months


@pytest.mark.parametrize(
    "written",
    ["", "1985", 1985, 1985.0, "1985.13", "1985.00", "农历一九八五年正月", "乙丑年三月", "1985年闰三月", "不详",
     "2023.10", "1899.12", True, 1985.123, "3月", "十", "1985.3.2.1"],
    ids=repr,
)  # fmt: skip
def test_what_cannot_be_read_is_not_guessed(written):
    assert birth_months(written, today=TODAY) == ()


DIGITS = "〇一二三四五六七八九"


def in_chinese(number: int) -> str:
    """3 → 三, 11 → 十一, 20 → 二十."""
    tens, ones = divmod(number, 10)
    return ("" if tens < 2 else DIGITS[tens]) + "十" * (tens > 0) + DIGITS[ones] * (ones > 0)


def spellings(day: date) -> list[CellValue]:
    """Every listed way to write a day's month, as text, number, date and day number."""
    year, month = day.year, day.month
    chinese = "".join(DIGITS[int(digit)] for digit in str(year))
    in_words = f"{chinese}年{in_chinese(month)}月"
    texts = [
        f"{day:%Y.%m}", f"{day:%Y-%m}", f"{day:%Y/%m}", f"{day:%Y%m}", f"{day:%Y%m%d}", f"{year}-{month}-{day.day}",
        f"{year}年{month}月", f"{year}年{month:02}月", f"{year}年{month}月{day.day}日", f"{year}年{month}月生",
        f"{year}年{month}月份", f"{year}年{in_chinese(month)}月", in_words, f"{in_words}{in_chinese(day.day)}日",
        wide(f"{day:%Y.%m}"), f" {year} 年 {month} 月 ", f"'{day:%Y.%m}", f"{day:%Y.%m}\u200b",
    ]  # fmt: skip
    short = [f"{year % 100:02}.{month:02}"] if 1920 <= year <= 2019 else []
    serial = (day - date(1899, 12, 30)).days
    return [*texts, *short, day, datetime.combine(day, time()), serial, float(serial), str(serial), int(f"{day:%Y%m}")]


@unhurried
@given(st.dates(date(1930, 1, 1), TODAY))
def test_every_listed_spelling_of_a_day_gives_its_month(day):
    month = f"{day:%Y-%m}"
    found = {repr(written): birth_months(written, today=TODAY) for written in spellings(day)}
    assert [written for written, months in found.items() if months[:1] != (month,)] == []


@unhurried
@given(st.dates(date(1930, 1, 1), TODAY))
def test_a_month_written_as_a_number_can_be_the_month_it_was(day):
    assert f"{day:%Y-%m}" in birth_months(float(f"{day:%Y.%m}"), today=TODAY)
