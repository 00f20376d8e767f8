"""Resident identity numbers after GB 11643-1999: what they say, and what is wrong with one."""

import re
import unicodedata
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from stdnum.cn import ric

from core.choices import Sex
from roster.choices import ErrorCode

LENGTH, OLD_LENGTH = 18, 15
TAIL = 4
SEX_AT, ODD = 16, "13579"
EARLIEST_YEAR = 1900
# GB/T 2260 provinces; 83 stands on residence permits of people from Taiwan. Counties are not checked: codes retire.
PLAUSIBLE = re.compile(r"(?:1[1-5]|2[1-3]|3[1-7]|4[1-6]|5[0-4]|6[1-5]|71|8[1-3])[0-9]{15}[0-9X]")
IGNORED = re.compile(r"[\s\u00ad\u200b-\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff'’`]+")
SCIENTIFIC = re.compile(r"\d(?:\.\d+)?E\+?\d{1,2}")
CHECKSUM = "最后一位校验不对，请对照证件再看一遍。"
LOST_DIGITS = "末三位是 000，多半是存成数字时丢了尾数：请把整列设为「文本」格式，再重新填。"
OF_A_NUMBER = re.compile("[0-9X]")
SHOWN = 10
SHAPE = re.compile(r"[0-9]{17}[0-9X]")


class IdCard(NamedTuple):
    """A valid number and what it says. `born` is a full date, `sex` a value of Sex."""

    number: str
    born: date
    sex: str

    @property
    def born_month(self) -> str:
        return f"{self.number[6:10]}-{self.number[10:12]}"


@dataclass(frozen=True, slots=True)
class IdProblem:
    """Why a text is no identity number; `message` says what to do about it."""

    code: ErrorCode
    message: str


def tidy_id_number(text: str) -> str:
    """The number without blanks and invisible characters, digits half-width, X upper-case."""
    if text.isascii() and text.isalnum():  # nearly every cell
        return text.upper()
    return IGNORED.sub("", unicodedata.normalize("NFKC", text)).upper()


def read_id_number(text: str, *, today: date) -> IdCard | IdProblem:
    """What an identity number says, or the first thing wrong with it."""
    number = tidy_id_number(text)
    if not PLAUSIBLE.fullmatch(number):
        return _shape_problem(number)
    born = _date_in(number)
    if born is None or born.year < EARLIEST_YEAR or born > today:
        return IdProblem(ErrorCode.ID_INVALID, "第 7 至 14 位不是一个可能的出生日期，请对照证件。")
    if ric.calc_check_digit(number) != number[-1]:
        return IdProblem(ErrorCode.ID_CHECKSUM, CHECKSUM + LOST_DIGITS if number.endswith("000") else CHECKSUM)
    return IdCard(number, born, Sex.MALE if number[SEX_AT] in ODD else Sex.FEMALE)


def _shape_problem(number: str) -> IdProblem:
    if SCIENTIFIC.fullmatch(number):
        return precision_lost()
    beside = OF_A_NUMBER.sub("", number)
    if not re.search("[0-9]", number):
        message = "没有身份证号码，请填 18 位号码。"
    elif len(number) == OLD_LENGTH and number.isdigit():
        message = "这是 15 位的旧号码，请填现在的 18 位号码。"
    elif len(number) - len(beside) == LENGTH and beside:
        message = f"号码旁边还有「{beside[:SHOWN]}」，请只留 18 位号码。"
    elif len(number) != LENGTH:
        message = f"有 {len(number)} 位，应是 18 位，请对照证件。"
    elif not SHAPE.fullmatch(number):
        message = "有不该出现的字符：前 17 位是数字，最后一位是数字或 X。"
    else:
        message = f"开头「{number[:2]}」不是省份代码，请对照证件。"
    return IdProblem(ErrorCode.ID_INVALID, message)


def tail_of(number: str) -> str:
    """The last four characters of a number, by which people ask for it."""
    return number[-TAIL:]


def precision_lost() -> IdProblem:
    """A number cell keeps 15 digits; the last three are gone and cannot be had back."""
    return IdProblem(
        ErrorCode.ID_PRECISION_LOST,
        "这一格存成了数字，末尾几位已经丢了。请把整列设为「文本」格式，再照证件重新填。",
    )


def _date_in(number: str) -> date | None:
    try:
        return date.fromisoformat(number[6:14])
    except ValueError:
        return None
