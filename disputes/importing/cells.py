"""Cells of a ledger as their writers meant them: days, sums, names, types, sources, how it ended."""

import re
import unicodedata
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from decimal import Decimal

from core.spreadsheets import CellValue
from disputes.amounts import read_amount, without_about
from disputes.choices import EndGround, Outcome, PartyKind
from disputes.importing.words import first_of, words
from roster.annex.cells import line, raw_text

OPEN = "open"
LEAP_YEAR = 2000
EXCEL_EPOCH = date(1899, 12, 30)
EXCEL_DAYS = range(32_874, 73_051)  # 1990 to 2099
DAY = re.compile(r"(?:(\d{4}|\d{2})\s*[年.\-/]\s*)?(\d{1,2})\s*[月.\-/]\s*(\d{1,2})\s*[日号]?")
PLAIN_DAY = re.compile(r"(20\d\d)(\d\d)(\d\d)")
TIME_OF_DAY = re.compile(r"[\sT]*(?:上午|下午)?\s*\d{1,2}[:时]\d{0,2}(?:[:分]\d{0,2}(?:\.\d+)?秒?)?$")
BETWEEN = re.compile(r"[、，,；;/\n]+|\s{2,}")
SIDES = re.compile(r"\s*(?:与|诉|[vV][sS]\.?|—+|--+|(?<=..)和(?=..))\s*")  # 李和平 is one person
AND_OTHERS = re.compile(r"(.+?)等\s*(?:[\d一二三四五六七八九十百]+\s*)?(?:人|户|名)?")
MASKED = re.compile(r"[*＊×xX]{3,}")  # noqa: RUF001 (as people type it)
ORGANISATION_LENGTH = 4


def text_of(value: CellValue) -> str:
    """The cell as text; line breaks stay."""
    text = raw_text(value) if not isinstance(value, str) else value.replace("\r\n", "\n").replace("\r", "\n")
    return "\n".join(filter(None, (line(part) for part in text.split("\n"))))


def read_day(value: CellValue, *, year: int | None) -> date | None:
    """A day however it was written; `year` for 3月5日 under a heading of that year. None for what is no day."""
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    if isinstance(value, int | float) and not isinstance(value, bool) and int(value) in EXCEL_DAYS:
        return EXCEL_EPOCH + timedelta(days=int(value))
    text = TIME_OF_DAY.sub("", unicodedata.normalize("NFKC", line(value)))
    found = PLAIN_DAY.fullmatch(text) or DAY.fullmatch(text)
    if not found:
        return None
    given = found[1] and int(found[1])
    whole = (given + 2000 if given < 100 else given) if given else year  # noqa: PLR2004 (22.3.5)
    try:
        return date(whole, int(found[2]), int(found[3])) if whole else None
    except ValueError:
        return None


def lacks_year(value: CellValue) -> bool:
    """Whether a day is written without its year: 3月5日."""
    return read_day(value, year=None) is None and read_day(value, year=LEAP_YEAR) is not None


def read_sum(value: CellValue, *, ten_thousands: bool) -> Decimal | None:
    """A sum in yuan, or None where it cannot be told; under 金额（万元） a bare figure is of ten thousand."""
    text = without_about(line(value))
    if text in ("0", "/", "-", "无", "—"):
        return Decimal(0)
    found = read_amount(text)
    if found is None or not ten_thousands or not re.fullmatch(r"[\d.,]+", text):
        return found
    return found * 10_000


def names_in(text: str) -> list[str]:
    """The names in a cell, each as it stands: 张三、李四 and 王五等3人."""
    return [name for part in BETWEEN.split(text) if (name := line(part))]


def without_others(name: str) -> str:
    """张三 for 张三等5人."""
    found = AND_OTHERS.fullmatch(name)
    return found[1] if found else name


def two_sides(text: str) -> tuple[str, str]:
    """张三与李四 → the two of them; the second is empty when there is but one."""
    first, *others = SIDES.split(text, maxsplit=1)
    if not others and len(names := names_in(text)) == 2:  # noqa: PLR2004 (张三、李四)
        return names[0], names[1]
    return first, others[0] if others else ""


def kind_of(name: str) -> str:
    """Whether a name is that of an organisation."""
    is_long = len(name) >= ORGANISATION_LENGTH
    return PartyKind.ORGANISATION if is_long and name.endswith(tuple(words()["organisations"])) else PartyKind.PERSON


def is_masked(text: str) -> bool:
    """445381********1234: somebody's mask, no number."""
    return bool(MASKED.search(text))


def read_type(text: str, types: Mapping[str, str]) -> str | None:
    """A case type in its own name or in the towns' words; None when neither says which."""
    plain = line(text).removesuffix("纠纷")
    named = {name: key for key, name in types.items()}
    if plain in named:
        return named[plain]
    found = first_of(words()["types"], plain)
    return found if found in types else None


def types_in(text: str, types: Mapping[str, str]) -> set[str]:
    """Every case type that a cell names, in its own name or in the towns' words."""
    known = words()["types"].items()
    named = {key for key, listed in known if key in types and any(word in text for word in listed)}
    return named | {key for key, name in types.items() if name in text}


def read_source(text: str) -> str | None:
    return first_of(words()["sources"], text)


def read_outcome(text: str) -> str | None:
    """How a dispute ended (a value of Outcome), OPEN while it has not, None when the words do not say."""
    plain = line(text)
    exact = words()["outcome_exact"].get(plain)
    return exact if exact else first_of(words()["outcomes"], re.sub(words()["not_signed"], "未签", plain))


def ground_of(text: str) -> str:
    """Why a dispute was ended without a result."""
    return first_of(words()["grounds"], text) or EndGround.OTHER


def is_closed(outcome: str) -> bool:
    return outcome in Outcome.values
