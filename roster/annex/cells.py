"""Cleaners of single cells: whatever a spreadsheet holds, as the text a person would read there."""

import re
import unicodedata
from collections.abc import Callable, Sequence
from datetime import date, datetime, time, timedelta

from core.choices import Sex
from core.spreadsheets import CellValue
from roster.id_card import IdCard, IdProblem, precision_lost, read_id_number
from roster.names import tidy_name

INVISIBLE = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u00ad\u200b-\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff\ud800-\udfff\ufffe\uffff]"
)
BLANKS = re.compile(r"[\s\u3000]+")
DIGITS_KEPT = 10**15  # a number cell keeps fifteen digits
# 1 and 2 are the codes of GB/T 2261.1; whatever a list means by them is held against the identity number.
SEXES = dict.fromkeys(("男", "男性", "♂", "M", "1", "1男", "男1"), Sex.MALE) | dict.fromkeys(
    ("女", "女性", "♀", "F", "2", "2女", "女2"), Sex.FEMALE
)
AROUND_A_SEX = re.compile(r"[\s.、:：()（）\ufe0e\ufe0f-]+")  # 2（女）; a sign drawn as a picture


def raw_text(value: CellValue) -> str:
    """The cell as text; whole numbers without a decimal point, dates in ISO form."""
    if type(value) is str:
        return value if value.isprintable() else INVISIBLE.sub("", value)
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, datetime):
        return value.date().isoformat()
    if isinstance(value, date | time):
        return value.isoformat()
    return "" if isinstance(value, timedelta) else str(value)


def line(value: CellValue) -> str:
    """One line of text, blanks inside it single."""
    if type(value) is str and value.isprintable() and "  " not in value:  # nearly every cell: single plain blanks only
        return value.strip()
    return BLANKS.sub(" ", raw_text(value)).strip()


def name(value: CellValue) -> str:
    return tidy_name(raw_text(value))


def column(clean: Callable[[CellValue], str], values: Sequence[CellValue]) -> Sequence[str]:
    """Many cells through `raw_text`, `line` or `name`: those that need nothing are found out all at once."""
    try:
        together = "".join(values)  # type: ignore[arg-type]  # what is no text says so
    except TypeError:
        return [clean(value) for value in values]
    if clean is raw_text and together.isprintable():
        return values  # type: ignore[return-value]
    if clean is line and together.isprintable() and "  " not in together:
        return list(map(str.strip, values))  # type: ignore[arg-type]
    if clean is name and together.isalpha() and unicodedata.is_normalized("NFC", together):
        return values  # type: ignore[return-value]
    return [clean(value) for value in values]


def id_card(value: CellValue, *, today: date) -> IdCard | IdProblem:
    """The identity number of a cell. A number cell of more than fifteen digits has lost some."""
    if isinstance(value, int | float) and not isinstance(value, bool) and abs(value) >= DIGITS_KEPT:
        return precision_lost()
    return read_id_number(raw_text(value), today=today)


def sex(text: str) -> str | None:
    """A value of Sex; "" for nothing, None for what is neither."""
    if text in SEXES:
        return SEXES[text]
    plain = AROUND_A_SEX.sub("", unicodedata.normalize("NFKC", text)).upper()
    return SEXES.get(plain) if plain or text.strip() else ""
