"""The header rows of an annex: the first one, and those at which a further table begins among the people."""

import re
from collections.abc import Sequence
from itertools import chain
from typing import NamedTuple, Self

from core.spreadsheets import CellValue, SheetRow
from roster.annex import columns
from roster.annex.cells import line
from roster.annex.rows import own_text

HEADER_WITHIN_ROWS = 40
LOOKS_LIKE_ID = re.compile(r"\d{15}|\d{6}[*＊]")  # noqa: RUF001
BLANKS = re.compile(r"\s+")
YEAR_AND_MONTH = "年", "月"  # below a 出生年月 that stands over both


class Header(NamedTuple):
    """A header by its row, the lower one of two over which it is torn; `matched`: field → places, of both together."""

    row: SheetRow
    matched: dict[str, list[int]]
    stands_twice: bool
    upper: SheetRow | None = None

    @classmethod
    def of(cls, row: SheetRow, texts: Sequence[CellValue], upper: SheetRow | None = None) -> Self:
        found = [columns.field_of(text) for text in texts]
        twice = found.count("name") > 1 and found.count("id_number") > 1
        return cls(row, columns.match_headers(texts), twice, upper)

    @property
    def is_whole(self) -> bool:
        return columns.is_header(self.matched) and not columns.missing_titles(self.matched, required=True)

    def unread(self) -> dict[int, str]:
        """Place → what stands over the columns that are no field: 民族, 学历."""
        taken = {place for here in self.matched.values() for place in here}
        texts = {place: self._text(place) for place in range(len(self.row.values)) if place not in taken}
        return {place: text for place, text in texts.items() if columns.plain_header(text)}

    def _text(self, place: int) -> str:
        return own_text(self.row, place) or (line(self.upper.at(place)) if self.upper else "")

    @property
    def weight(self) -> tuple[int, int]:
        """Fields, then columns: 办公电话 and 手机 below 联系电话 are two of one field."""
        return len(self.matched), sum(map(len, self.matched.values()))


def find_header(rows: Sequence[SheetRow]) -> Header | None:
    """The first whole header; without one what knows the most words, to say what is missing.

    Rows further down are not asked: there a fuller header begins another table, and the people above it stay.
    """
    first = rows[:HEADER_WITHIN_ROWS]
    found: list[list[Header]] = []
    start: int | None = None
    for place in range(len(first)):
        found.append(_beginning(first[place : place + 2]))
        if start is not None:  # that row was looked at as well
            break
        start = place if any(one.is_whole for one in found[-1]) else None
    if start is None:
        near = [*chain.from_iterable(found)]
    else:
        near = found[start]
        if not near[0].is_whole and found[start + 1][0].is_whole:  # the row above may be a title
            near = near + found[start + 1]
    headers = (one for one in near if columns.is_header(one.matched))
    return max(headers, key=lambda one: (one.weight, one.upper is None), default=None)


def _beginning(rows: Sequence[SheetRow]) -> list[Header]:
    """What the first of these rows says alone, and with the next."""
    alone = Header.of(rows[0], rows[0].values)
    torn = torn_over(*rows) if len(rows) > 1 else None
    return [alone, torn] if torn else [alone]


def torn_over(upper: SheetRow, lower: SheetRow) -> Header | None:
    """The header of two rows; None where the lower one is a person's."""
    if any(is_like_id(line(value)) for value in lower.values):
        return None
    return Header.of(lower, _together(upper, lower), upper)


def _together(upper: SheetRow, lower: SheetRow) -> list[CellValue]:
    """The header of two rows: 身份证 over 号码; what a merged cell put into the lower one stands there once."""
    both = [
        (line(upper.at(place)), own_text(lower, place)) for place in range(max(len(upper.values), len(lower.values)))
    ]
    texts: list[CellValue] = [
        next(filter(columns.field_of, (above + below, below, above)), "") for above, below in both
    ]
    for place, (above, below) in enumerate(both[:-1]):
        if (below, both[place + 1][1]) == YEAR_AND_MONTH and columns.field_of(above) == "born":
            texts[place : place + 2] = [f"出生{half}" for half in YEAR_AND_MONTH]
    return texts


def further_header(row: SheetRow) -> Header | None:
    """A header among the people, whole or its upper half; asked of every row that is not plainly a person."""
    if any(isinstance(value, str) and "名" in value and columns.field_of(value) == "name" for value in row.values):
        return Header.of(row, row.values)
    return None


def lower_half(upper: Header, row: SheetRow) -> Header | None:
    """The whole header where the row right below one says more of it."""
    if row.number != upper.row.number + 1:
        return None
    torn = torn_over(upper.row, row)
    return torn if torn and torn.is_whole and torn.weight > upper.weight else None


def is_like_id(text: str) -> bool:
    return bool(LOOKS_LIKE_ID.search(BLANKS.sub("", text)))
