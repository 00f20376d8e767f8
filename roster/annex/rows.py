"""A data row of the annex as the file has it: which cells belong to which field, and what a person retyped."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import islice

from core.spreadsheets import CellValue, SheetRow
from roster.annex import cells as cleaning
from roster.annex import columns

Clean = Callable[[CellValue], str]
Columns = Mapping[str, Sequence[str]]  # clean texts of some rows, by field; every field has a column
NOTHING_TYPED: Mapping[str, str] = {}
NO_FIELDS: frozenset[str] = frozenset()
ROWS_AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class Layout:
    """Where the fields of a sheet stand (several places where columns are joined); `cells` is the same, made for speed:
    field, cleaner and place of every column that stands alone. They reach as far as `width`. `beside`: whether a column
    stands there that is none of the annex's.
    """

    places: Mapping[str, tuple[int, ...]]
    cells: tuple[tuple[str, Clean, int], ...]
    joined: tuple[str, ...]
    width: int
    beside: bool

    @classmethod
    def of(cls, matched: Mapping[str, Iterable[int]]) -> "Layout":
        places = {name: tuple(here) for name, here in matched.items()}
        alone = {name: here[0] for name, here in places.items() if len(here) == 1 and name != columns.SERIAL}
        return cls(
            places,
            cells=tuple((name, columns.BY_FIELD[name].clean, place) for name, place in alone.items()),
            joined=tuple(name for name, here in places.items() if len(here) > 1),
            width=max(alone.values(), default=-1) + 1,
            beside=any(column.field in places for column in columns.BESIDE),
        )


@dataclass(slots=True)
class RawRow:
    """A data row. `formulas` are the fields with a formula in one of their cells: what it shows is never a value.

    `typed` are fields that a person retyped: text, never a formula, never a number.
    """

    row: SheetRow
    layout: Layout
    formulas: frozenset[str] = NO_FIELDS
    typed: Mapping[str, str] = field(default_factory=lambda: NOTHING_TYPED)

    @property
    def number(self) -> int:
        return self.row.number

    @classmethod
    def of_cells(cls, number: int, cells: Mapping[str, Sequence[CellValue]], formulas: Iterable[str] = ()) -> "RawRow":
        """The row again from `by_field`, where a file is not read anew."""
        values = [value for here in cells.values() for value in here]
        layout = _layout(tuple((name, len(here)) for name, here in cells.items()))
        return cls(SheetRow(number, values), layout, frozenset(formulas))

    def by_field(self) -> dict[str, list[CellValue]]:
        """The cells of every field, without those that hold a formula."""
        return {name: self.cells(name) for name in self.layout.places}

    def cells(self, name: str) -> list[CellValue]:
        """The field's cells; none when the sheet has no such column."""
        if name in self.typed:
            return [self.typed[name]]
        row = self.row
        return [row.at(place) for place in self.layout.places.get(name, ()) if place not in row.formulas]

    def first(self, name: str) -> CellValue:
        """The field's cell, "" when there is none or it holds a formula."""
        if not self.typed and not self.row.formulas:  # nearly every row
            places = self.layout.places.get(name)
            return self.row.at(places[0]) if places else ""
        values = self.cells(name)
        return values[0] if values else ""

    def text(self, name: str) -> str:
        """The field's cell or cells as clean text."""
        column = columns.BY_FIELD[name]
        return column.joined_by.join(filter(None, map(column.clean, self.cells(name))))

    def texts(self) -> dict[str, str]:
        """Every field as clean text; "" for a column that is not there."""
        values, layout = self.row.values, self.layout
        cells = (
            layout.cells if len(values) >= layout.width else [cell for cell in layout.cells if cell[2] < len(values)]
        )
        found = columns.NO_TEXT | {name: clean(values[place]) for name, clean, place in cells}
        if layout.joined or self.typed or self.row.formulas:
            found.update((name, self.text(name)) for name in {*layout.joined, *self.formulas, *self.typed})
            found.pop(columns.SERIAL, None)
        return found


def own_text(row: SheetRow, place: int) -> str:
    """The cell's text unless a merged cell above put it there."""
    return "" if place in row.filled_down else cleaning.line(row.at(place))


def in_lots(rows: Iterable[RawRow]) -> Iterator[list[RawRow]]:
    """Some hundreds of rows after the other: what is done column by column is done to so many."""
    waiting = iter(rows)
    while some := list(islice(waiting, ROWS_AT_ONCE)):
        yield some


def columns_of(rows: Sequence[RawRow]) -> Columns | None:
    """The `texts` of some rows of a sheet, a column for each field; None where some row must be read by itself."""
    layout, values = rows[0].layout, [raw.row.values for raw in rows]
    if (
        layout.joined
        or layout.beside
        or min(map(len, values)) < layout.width
        or any(raw.typed or raw.formulas or raw.row.formulas or raw.layout is not layout for raw in rows)
    ):
        return None
    there = {name: cleaning.column(clean, [cells[place] for cells in values]) for name, clean, place in layout.cells}
    empty = [""] * len(rows)
    return {name: there.get(name, empty) for name in columns.NO_TEXT}


def texts_at(place: int, raw: RawRow, found: Columns | None) -> dict[str, str]:
    """`texts` of the row at a place of its lot."""
    return {name: column[place] for name, column in found.items()} if found else raw.texts()


@lru_cache(maxsize=64)
def _layout(shape: tuple[tuple[str, int], ...]) -> Layout:
    """Fields side by side, each with so many cells."""
    places: dict[str, range] = {}
    start = 0
    for name, count in shape:
        places[name] = range(start, start + count)
        start += count
    return Layout.of(places)
