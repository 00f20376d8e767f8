"""Sums of money as people write them: 48000, 48,000, 4.8万, 三万元, 两万五. Pure."""

import re
import unicodedata
from decimal import Decimal

FIGURES = re.compile(r"(\d+(?:\.\d{1,2})?)([千万亿]?)")
UNIT = re.compile(r"(?:元|圆|块钱|块)整?$")
_SIGNS = ("〇零", "一壹", "二贰两", "三叁", "四肆", "五伍", "六陆", "七柒", "八捌", "九玖")
DIGITS = {sign: value for value, signs in enumerate(_SIGNS) for sign in signs}
UNITS = {"十": 10, "拾": 10, "百": 100, "佰": 100, "千": 1_000, "仟": 1_000}
GROUPS = {"万": 10_000, "萬": 10_000, "亿": 100_000_000, "億": 100_000_000}
TEN = 10


def read_amount(text: str) -> Decimal | None:
    """The sum in yuan, or nothing where it cannot be told for certain."""
    plain = re.sub(r"[,\s¥]", "", unicodedata.normalize("NFKC", text)).removeprefix("人民币")
    plain = UNIT.sub("", plain)
    if found := FIGURES.fullmatch(plain):
        return Decimal(found.group(1)) * (GROUPS | UNITS | {"": 1})[found.group(2)]
    number = _words(plain)
    return None if number is None else Decimal(number)


def _words(text: str) -> int | None:
    """三万二千 → 32000: groups of 万 and 亿 from the largest down, each read by itself."""
    total, above, rest = 0, GROUPS["亿"] * TEN, text
    for sign, worth in (("亿億", GROUPS["亿"]), ("万萬", GROUPS["万"])):
        head, mark, tail = _cut(rest, sign)
        if mark:
            number = _group(head, least_above=0)
            if number is None:
                return None
            total, above, rest = total + number * worth, worth, tail
    if not rest:
        return total if total else None
    last = _group(rest, least_above=above if total else 0)
    return None if last is None else total + last


def _cut(text: str, signs: str) -> tuple[str, str, str]:
    for sign in signs:
        if sign in text:
            return text.partition(sign)
    return "", "", text


def _group(text: str, *, least_above: int) -> int | None:
    """Under ten thousand, units falling: 三千零五, 一百二十. A bare last digit is of the next unit: 两万五 is 25000.

    `least_above`: the worth of the group that went before, for that last digit.
    """
    total, unit, digit, after_zero = 0, least_above or GROUPS["万"], None, False
    for at, sign in enumerate(text):
        if sign in UNITS:
            if UNITS[sign] >= unit or (digit is None and (at or UNITS[sign] != TEN)):
                return None
            unit = UNITS[sign]
            total, digit, after_zero = total + (1 if digit is None else digit) * unit, None, False
        elif sign not in DIGITS or digit is not None:
            return None
        elif DIGITS[sign]:
            digit = DIGITS[sign]
        else:
            after_zero = True
    if digit is None:
        return total if total and not after_zero else None
    is_of_next_unit = unit > TEN and not after_zero and (total or least_above)
    return total + digit * (unit // TEN if is_of_next_unit else 1)
