"""Sums of money as people write them: 48000, 48,000, 4.8万, 2万3, 三万元, 两万五, 廿三万, 约三万. Pure."""

import re
import unicodedata
from decimal import Decimal

FIGURES = re.compile(r"(\d+(?:\.\d{1,2})?)([千万亿]?)")
UNIT = re.compile(r"(?:元|圆|块钱|块)整?$")
_SIGNS = ("〇零", "一壹", "二贰两", "三叁", "四肆", "五伍", "六陆", "七柒", "八捌", "九玖")
DIGITS = {sign: value for value, signs in enumerate(_SIGNS) for sign in signs} | {str(one): one for one in range(10)}
UNITS = {"十": 10, "拾": 10, "百": 100, "佰": 100, "千": 1_000, "仟": 1_000}
GROUPS = {"万": 10_000, "萬": 10_000, "亿": 100_000_000, "億": 100_000_000}
TEN = 10
PLACES = 4  # of a group
SHORT_TENS = str.maketrans({"廿": "二十", "卅": "三十"})
ABOUT_BEFORE = re.compile(r"(?:大概|大约|大致|约|将近|接近|近|差不多)+(?:是|有)?")
ABOUT_AFTER = re.compile(r"(?:左右|上下)$")
VAGUE = re.compile(r"[几数][十百千万亿]|[零〇一二两三四五六七八九十百千万亿\d][多余几来把](?=$|[十百千万亿元块])")
WRITE_SO = "请写成 48000、4.8万 或 三万元，最多两位小数。"


def read_amount(text: str) -> Decimal | None:
    """The sum in yuan, or nothing where it cannot be told for certain."""
    plain = UNIT.sub("", _plain(text)).translate(SHORT_TENS)
    if found := FIGURES.fullmatch(plain):
        return Decimal(found.group(1)) * (GROUPS | UNITS | {"": 1})[found.group(2)]
    number = _words(plain)
    return None if number is None else Decimal(number)


def read_about(text: str) -> Decimal | None:
    """The sum also where it is said to be about so much: 五万左右, 约3.5万."""
    return read_amount(without_about(text))


def is_about(text: str) -> bool:
    """Whether the text names a sum and says that it is about so much."""
    return without_about(text) != _plain(text) and read_about(text) is not None


def why_unread(text: str, *, about: bool = False) -> str:
    """What is wrong with a sum that cannot be read; `about`: the field takes one that is about so much."""
    if VAGUE.search(_plain(text)):
        return f"看不出是多少：「几」「多」「来」定不下一个数。请问清楚再填{'，问不清的留空' if about else ''}。"
    if is_about(text):
        return "看不出是多少：这里要写确定的数，不写「约」「左右」。"
    return f"看不出是多少。{WRITE_SO}"


def _plain(text: str) -> str:
    return re.sub(r"[,\s¥]", "", unicodedata.normalize("NFKC", text)).removeprefix("人民币")


def without_about(text: str) -> str:
    """约3.5万元左右 → 3.5万元, in its plain form."""
    plain = _plain(text)
    before = ABOUT_BEFORE.match(plain)
    return ABOUT_AFTER.sub("", plain[before.end() :] if before else plain).removeprefix("人民币")


def _words(text: str) -> int | None:
    """三万二千, 3万2 → 32000: groups of 万 and 亿 from the largest down, each read by itself."""
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

    `least_above`: the worth of the group that went before, for that last digit. Figures are a group of their own
    before 万, after it only with all four places: 2万0300, but what is 2万30?
    """
    if len(text) > 1 and text.isdecimal():
        return int(text) if len(text) == PLACES or (len(text) < PLACES and not least_above) else None
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
