"""Telephone numbers as people write them, in the one form the roster keeps."""

import re
import unicodedata

from core.privacy import mask_phone

BETWEEN_NUMBERS = re.compile(r"[/\\、,;|\n\r或和]+")
INVISIBLE = re.compile(r"[\u00ad\u200b-\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff'’`]+")
LABEL = "手机|电话|联系电话|办公室?|单位|住宅|家庭|座机|固话|本人|微信同号"
DROPPED = re.compile(rf"\s+|(?:{LABEL})+[::]?|\([^\d()]*\)|[()]")
SHORT_NUMBER = re.compile(r"[(/、,;\s]*(?:集团|移动|虚拟网?)?短号[::]?\s*\d{3,6}\)?|[(/、,;\s]+\d{3,6}\(?短号\)?")
SPLIT_AREA_CODE = re.compile(r"(?<!\d)(0\d{2,3})\s*[/、]\s*(?=[2-9]\d{6,7}(?!\d))")
COUNTRY = re.compile(r"\A(?:\+|00)?86-?(?=1[3-9][\d-]{9,11}\Z|0?\d{2,3}-?\d{7,8}\Z)")
LIKE_A_FLOAT = re.compile(r"(?<=\d{11})\.0\Z")  # as programs write a number cell into a .csv
SCIENTIFIC = re.compile(r"(\d)(?:\.(\d+))?E\+?(\d{1,2})", re.I)
WHOSE = re.compile(r"\s+|\([^\d()]*\)")  # 13812345678（本人）13912345678（妻子）
MOBILE = re.compile(r"1[3-9]\d{9}")
LANDLINE = re.compile(r"(010|02\d|0[3-9]\d{2})-?(\d{7,8})(?:(?:-|转)(\d{1,6}))?")
LOCAL = re.compile(r"[2-9]\d{6,7}")
NONE_SAID = frozenset({"", "无", "没有", "暂无", "-", "--", "/", "\\"})
JOINER = "、"
TAIL = 4  # digits by which people ask for a number: 尾号 4865


def is_mobile(text: str) -> bool:
    """Whether a text is a mobile number in the form the roster keeps, and nothing else."""
    return bool(MOBILE.fullmatch(text))


def tidy_phone(text: str) -> str | None:
    """`138…`, `0766-3812345`, `3812345`, or several joined by 、; "" for nothing; None when a part is no number.

    A 短号 that is called so beside a whole number is left out: it only works inside one company's network.
    """
    if is_mobile(text):  # nearly every cell
        return text
    text = _plain(text)
    if text.strip() in NONE_SAID:
        return ""
    text = SPLIT_AREA_CODE.sub(r"\1-", SHORT_NUMBER.sub("", text))
    parts = [part for part in BETWEEN_NUMBERS.split(text) if part.strip()]
    numbers = [_one(part) for part in parts]
    if None in numbers:
        numbers = [_one(part) for piece in parts for part in WHOSE.split(piece) if part]
    if None in numbers or not numbers:
        return None
    return JOINER.join(dict.fromkeys(number for number in numbers if number))


def share_a_number(one: str, other: str) -> bool:
    """Whether two cells in the roster's form name a number both."""
    return bool(one and other) and not set(one.split(JOINER)).isdisjoint(other.split(JOINER))


def has_short_number(text: str) -> bool:
    """Whether a 短号 stands in the text, which the kept form leaves out."""
    return "短号" in text and bool(SHORT_NUMBER.search(_plain(text)))


def _plain(text: str) -> str:
    return INVISIBLE.sub("", unicodedata.normalize("NFKC", text)).replace("—", "-").replace("–", "-").replace("－", "-")


def _one(text: str) -> str | None:
    number = COUNTRY.sub("", LIKE_A_FLOAT.sub("", _written_out(DROPPED.sub("", text))))
    plain = number.replace("-", "")
    if MOBILE.fullmatch(plain):
        return plain
    if LOCAL.fullmatch(plain):
        return plain
    if found := LANDLINE.fullmatch(number):
        area, local, extension = found.groups()
        return f"{area}-{local}" + (f"-{extension}" if extension else "")
    return None


def _written_out(number: str) -> str:
    """1.3812345678E+10 as 13812345678; as it stands where the table left digits out."""
    found = SCIENTIFIC.fullmatch(number)
    decimals = (found[2] or "") if found else ""
    return found[1] + decimals if found and len(decimals) == int(found[3]) else number


def phone_problem(text: str, *, several: bool = True) -> str:
    """What to tell about a text that is no telephone number; `several` where a field takes more than one."""
    plain = _written_out(unicodedata.normalize("NFKC", text).strip())
    if SCIENTIFIC.fullmatch(plain):
        return "这一格存成了数字，后面几位已经丢了。请把整列设为「文本」格式，再重新填。"
    digits = len(re.findall(r"\d", plain))
    said = f"有 {digits} 位数字" if digits else "没有数字"
    more = "，两个号码用「/」隔开" if several else ""
    return f"{said}。手机 11 位，座机带区号（如 0766-3812345）{more}。"


def masked_phone(text: str) -> str:
    """Every number of a phone field masked."""
    return JOINER.join(mask_phone(number) for number in text.split(JOINER)) if text else ""


def tail_of_first(text: str) -> str:
    """The last four digits of the first number; "" where there is none."""
    return text.partition(JOINER)[0][-TAIL:]


def tail_of_second(text: str) -> str:
    """The last four digits of the second number; "" where there is none. A third is not looked for."""
    return text.split(JOINER)[1][-TAIL:] if JOINER in text else ""
