"""Birth months as town offices write them: 1985.03, 1985年3月, 198503, 85.3, 一九八五年三月, a real date, a serial."""

import re
import unicodedata
from datetime import date, datetime, timedelta
from functools import lru_cache

from core.spreadsheets import CellValue

FIRST_YEAR = 1900
CENTURY_BREAK = 20  # 85.3 is 1985, 05.3 is 2005
SERIAL_DAY_ZERO = date(1899, 12, 30)
SERIALS = range(10_000, 60_000)  # 1927 to 2064: the span in which five digits can only be a spreadsheet's day number
DECEMBER = 12
CHINESE_DIGITS = str.maketrans("〇零○O一二三四五六七八九", "0000123456789")
CHINESE_TENS = re.compile("([二三]?)十([一二三四五六七八九]?)")
LUNAR = re.compile(
    "农历|阴历|旧历|正月|腊月|冬月|闰|初[一二三四五六七八九十]|[甲乙丙丁戊己庚辛壬癸][子丑寅卯辰巳午未申酉戌亥]年"
)
IGNORED = re.compile(
    r"[\s\u00ad\u200b-\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff']+|\A(?:公历|阳历|出?生于)|T?0?0:00:00(?:\.0+)?\Z"
)
BETWEEN = r"(?:年-|[.\-/、年,。·~\\—–―])"  # 1985年-3月: a year and a month from two columns
SEPARATED = re.compile(
    rf"(\d{{4}}|\d{{2}}){BETWEEN}(\d{{1,2}})(?:(?:月份?|{BETWEEN})(?:\d{{1,2}})?[日号]?)?(?:出?生)?[.。]?"
)
PARTED = re.compile(r"\s*(\d{4})\s+(\d{1,2})(?:\s+\d{1,2})?\s*")  # 1990 5, 1990 05 12
SLASHED = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4}|\d{2})")
LOST_ZERO = re.compile(r"(\d{4}|\d{2})\.1")
COMPACT = re.compile(r"(\d{4})(\d{2})(\d{2})?")


def birth_months(value: CellValue, *, today: date) -> tuple[str, ...]:
    """The months ("1985-03") a cell can mean, the likelier first; none when it cannot be read.

    Several only for 1985.1, which is January or October (a spreadsheet drops the last zero), and for dates that
    begin with the day or the month (3/2/1985).
    """
    if isinstance(value, str):  # nearly every cell
        return _months_of_text(value, today)
    if isinstance(value, datetime | date):
        return _possible([(value.year, value.month)], today)
    if isinstance(value, bool) or not isinstance(value, int | float):
        return ()
    return _possible(_from_number(float(value)), today)


@lru_cache(maxsize=4096)  # a list has a few hundred months, however many people
def _months_of_text(text: str, today: date) -> tuple[str, ...]:
    return _possible(_from_text(text), today)


def _possible(months: list[tuple[int, int]], today: date) -> tuple[str, ...]:
    return tuple(
        f"{year:04}-{month:02}"
        for year, month in months
        if 1 <= month <= DECEMBER and (FIRST_YEAR, 1) <= (year, month) <= (today.year, today.month)
    )


def _full_year(year: int) -> int:
    if year >= 100:  # noqa: PLR2004 - three digits and more are a year written out
        return year
    return year + (1900 if year >= CENTURY_BREAK else 2000)


def _from_number(number: float) -> list[tuple[int, int]]:
    if number.is_integer():
        return _from_digits(str(int(number)))
    year, _, fraction = f"{number:.4f}".rstrip("0").partition(".")
    months = [int(fraction)] if len(fraction) <= 2 else []  # noqa: PLR2004 - a month has two digits
    if fraction == "1":
        months = [10, 1]
    return [(_full_year(int(year)), month) for month in months]


def _from_digits(digits: str) -> list[tuple[int, int]]:
    if digits.isdigit() and len(digits) == len("31107") and int(digits) in SERIALS:
        day = SERIAL_DAY_ZERO + timedelta(days=int(digits))
        return [(day.year, day.month)]
    found = COMPACT.fullmatch(digits)
    return [(int(found.group(1)), int(found.group(2)))] if found else []


def _from_text(text: str) -> list[tuple[int, int]]:
    text = unicodedata.normalize("NFKC", text)
    if found := PARTED.fullmatch(text):
        return [(int(found.group(1)), int(found.group(2)))]
    text = IGNORED.sub("", text)
    if not text.isascii():
        if LUNAR.search(text):
            return []
        text = CHINESE_TENS.sub(_tens, text).translate(CHINESE_DIGITS)
    if found := LOST_ZERO.fullmatch(text):
        year = _full_year(int(found.group(1)))
        return [(year, 1), (year, 10)]
    months = _slashed(text)
    if found := SEPARATED.fullmatch(text):
        months.insert(0, (_full_year(int(found.group(1))), int(found.group(2))))
    return months or _from_digits(text)


def _slashed(text: str) -> list[tuple[int, int]]:
    """A date with its year last; which of the other two is the month cannot be told."""
    found = SLASHED.fullmatch(text)
    if not found:
        return []
    first, second, year = map(int, found.groups())
    return [(_full_year(year), month) for month in dict.fromkeys((first, second))]


def _tens(found: re.Match[str]) -> str:
    """十 → 10, 十一 → 11, 二十 → 20."""
    tens, ones = found.groups()
    return f"{tens or '一'}{ones or '零'}"
