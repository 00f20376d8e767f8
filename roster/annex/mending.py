"""What people decided about an uploaded list: cells they retyped, posts and towns they settled, rows they left out."""

from collections.abc import Iterable, Mapping, Set
from dataclasses import dataclass, field, replace

from roster.annex.rows import RawRow
from roster.choices import TeamRole
from roster.posts import Post

RowKey = tuple[str, int]  # sheet name, the sheet's row number
CellKey = tuple[str, int, str]  # and the field, as in StaffFacts


@dataclass(frozen=True, slots=True)
class Settlement:
    """The seat and the towns a person named for a row; what is empty stays as it was read."""

    role: str = ""
    kind: str = ""
    towns: tuple[str, ...] = ()

    def post(self, read: Post) -> Post:
        """The post as settled. A kind belongs to mediators alone; no words of the row decided it."""
        if not self.role and not self.kind:
            return read
        role = self.role or read.role
        kind = (self.kind or read.kind) if role == TeamRole.MEDIATOR else ""
        return Post(role, kind, ())


@dataclass(frozen=True, slots=True)
class Mends:
    """All of it for one file. Keys that fit no data row do nothing."""

    edits: Mapping[RowKey, Mapping[str, str]] = field(default_factory=dict)
    settlements: Mapping[RowKey, Settlement] = field(default_factory=dict)
    left_out: Set[RowKey] = frozenset()

    def rows_of(self, sheet: str) -> set[int]:
        """The rows of a sheet about which somebody decided anything."""
        keys = (*self.edits, *self.settlements, *self.left_out)
        return {row for name, row in keys if name == sheet}

    def typed_in(self, sheet: str, row: int) -> Mapping[str, str]:
        return self.edits.get((sheet, row), {})

    def of(self, sheet: str, row: int) -> Settlement:
        return self.settlements.get((sheet, row), NOTHING_SETTLED)

    def applied_to(self, sheet: str, raw: RawRow) -> RawRow:
        """The row with its retyped cells: each is text typed by a person, never a formula, never a number."""
        typed = self.edits.get((sheet, raw.number)) if self.edits else None
        return replace(raw, typed=typed, formulas=raw.formulas - typed.keys()) if typed else raw


NOTHING_SETTLED = Settlement()
NOTHING_MENDED = Mends()


def mends(edits: Mapping[CellKey, str], settlements: Mapping[RowKey, Settlement], left_out: Iterable[RowKey]) -> Mends:
    """Edits by cell, put together by row."""
    by_row: dict[RowKey, dict[str, str]] = {}
    for (sheet, row, name), text in edits.items():
        by_row.setdefault((sheet, row), {})[name] = text
    return Mends(by_row, settlements, frozenset(left_out))
