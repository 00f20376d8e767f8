"""What a row of the annex says about a person, and what is to be said about the row.

What there is one of for each row is a named tuple: made in a third of the time of a frozen dataclass.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, NamedTuple

from roster.annex.seats import Seat
from roster.choices import ErrorCode, Severity, WarningCode
from roster.posts import Post


class StaffFacts(NamedTuple):
    """The annex columns of a person, clean; names as the fields of Staff. Empty means not said."""

    name: str = ""
    born: str = ""
    sex: str = ""
    unit_and_duty: str = ""
    registered_address: str = ""
    contact_address: str = ""
    id_number: str = ""
    phone: str = ""
    note: str = ""

    def as_dict(self) -> dict[str, str]:
        return dict(zip(FACTS, self, strict=True))


FACTS = StaffFacts._fields
NOTHING_SHOWN: Mapping[str, str] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Issue:
    """One thing to say about a file, a row or a cell. `column` is the annex's column name.

    `candidates` are the towns' codes: to choose from (town_unclear), or spoken of; they are no part of the JSON.
    """

    code: ErrorCode | WarningCode
    message: str
    sheet: str | None = None
    row: int | None = None
    column: str | None = None
    candidates: tuple[str, ...] = ()

    @property
    def severity(self) -> Severity:
        return Severity.ERROR if isinstance(self.code, ErrorCode) else Severity.WARNING

    @property
    def is_error(self) -> bool:
        return isinstance(self.code, ErrorCode)

    def as_json(self) -> dict[str, Any]:
        return {
            "sheet": self.sheet,
            "row": self.row,
            "column": self.column,
            "severity": self.severity.value,
            "code": self.code.value,
            "message": self.message,
        }


class CheckedRow(NamedTuple):
    """A row after every check. `shown` holds cells as they were written, by field, where that helps to mend them.

    `left_out`: a person took the row out of the list; it is neither rejected nor written. `listed_under` is the town
    of the list the row stands in, where the list has one; `within` says that not the whole list is of that town: a line
    above the row or its column names it.
    `marked` are the seats that a mark in 备注 names; without one they follow from post and towns.
    """

    sheet: str
    number: int
    facts: StaffFacts
    post: Post
    towns: tuple[str, ...]
    issues: tuple[Issue, ...] = ()
    shown: Mapping[str, str] = NOTHING_SHOWN
    left_out: bool = False
    listed_under: str | None = None
    marked: tuple[Seat, ...] = ()
    within: bool = False

    @property
    def key(self) -> tuple[str, int]:
        """The row's place in the file, as `mending` names it."""
        return self.sheet, self.number

    @property
    def seats(self) -> tuple[Seat, ...]:
        """The seats the row asks for; none while the post is unclear."""
        if self.marked or not self.post.role:
            return self.marked
        return tuple(Seat(town, self.post.role, self.post.kind) for town in self.towns)

    @property
    def has_error(self) -> bool:
        return bool(self.issues) and any(issue.is_error for issue in self.issues)

    @property
    def can_be_written(self) -> bool:
        return not self.left_out and not self.has_error
