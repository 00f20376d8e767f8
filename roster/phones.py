"""Telephone numbers as people write them, in the one form the roster keeps."""

import re
import unicodedata

BETWEEN_NUMBERS = re.compile(r"[/\\、,;|\n\r或和]+")
DROPPED = re.compile(r"[\s\u200b\ufeff'()]+|(?:手机|电话|联系电话|办公|座机|微信同号|短号)[::]?")
COUNTRY = re.compile(r"\A(?:\+|00)?86(?=1[3-9]\d{9}\Z|0?\d{2,3}-?\d{7,8}\Z)")
MOBILE = re.compile(r"1[3-9]\d{9}")
LANDLINE = re.compile(r"(010|02\d|0[3-9]\d{2})-?(\d{7,8})(?:(?:-|转)(\d{1,6}))?")
LOCAL = re.compile(r"[2-9]\d{6,7}")
NONE_SAID = frozenset({"无", "没有", "暂无", "-", "/", "\\"})
JOINER = "、"
TAIL = 4  # digits by which people ask for a number: 尾号 4865


def tidy_phone(text: str) -> str | None:
    """`138…`, `0766-3812345`, `3812345`, or several joined by 、; "" for nothing; None when a part is no number."""
    text = unicodedata.normalize("NFKC", text).replace("—", "-").replace("–", "-").replace("－", "-")
    if not text.strip() or text.strip() in NONE_SAID:
        return ""
    parts = [part for part in BETWEEN_NUMBERS.split(text) if part.strip()]
    numbers = [_one(part) for part in parts]
    if None in numbers:
        numbers = [_one(part) for piece in parts for part in piece.split()]
    if None in numbers or not numbers:
        return None
    return JOINER.join(dict.fromkeys(number for number in numbers if number))


def _one(text: str) -> str | None:
    number = COUNTRY.sub("", DROPPED.sub("", text))
    plain = number.replace("-", "")
    if MOBILE.fullmatch(plain):
        return plain
    if LOCAL.fullmatch(plain):
        return plain
    if found := LANDLINE.fullmatch(number):
        area, local, extension = found.groups()
        return f"{area}-{local}" + (f"-{extension}" if extension else "")
    return None


def phone_problem(text: str) -> str:
    """What to tell about a text that is no telephone number."""
    digits = len(re.findall(r"\d", unicodedata.normalize("NFKC", text)))
    said = f"有 {digits} 位数字" if digits else "没有数字"
    return f"{said}。手机 11 位，座机带区号（如 0766-3812345），两个号码用「/」隔开。"


def tail_of_first(text: str) -> str:
    """The last four digits of the first number; "" where there is none."""
    return _tail(text, 0)


def tail_of_second(text: str) -> str:
    """The last four digits of the second number; "" where there is none. A third is not looked for."""
    return _tail(text, 1)


def _tail(text: str, place: int) -> str:
    numbers = text.split(JOINER)
    return numbers[place][-TAIL:] if len(numbers) > place else ""
