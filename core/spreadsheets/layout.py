"""What a sheet to be written looks like: its rows, what stands above and below them, how it prints."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

OutValue = str | int | float | date | None


@dataclass(frozen=True, slots=True)
class Look:
    """How a cell looks. `text` keeps what is typed there later as text (ID numbers, telephone numbers)."""

    bold: bool = False
    size: int = 11
    font: str = "Calibri"
    align: str = "general"
    border: bool = False
    wrap: bool = False
    text: bool = False
    day: bool = False


@dataclass(frozen=True, slots=True)
class Line:
    """A line outside the table. It stands in `column` (from 0); `across` merges it over that many columns."""

    words: str = ""
    look: Look = Look()
    column: int = 0
    across: int = 1
    height: float | None = None


@dataclass(frozen=True, slots=True)
class Hint:
    """What a spreadsheet program says when a cell of the column is entered, and which words it offers.

    Other words than the offered ones are refused only where `only_offered` is set.
    """

    column: int
    title: str
    words: str
    offered: Sequence[str] = ()
    only_offered: bool = False
    length: int | None = None


def fixed_height(points: float | None) -> str:
    return f' ht="{points:g}" customHeight="1"' if points else ""


@dataclass(frozen=True)
class SheetToWrite:
    """One sheet. `widths` in characters; `text_columns` (from 0) keep the text format when edited later.

    `above` stands between title and header, `below` under the rows. `footer` is printed on every page, beside
    the page's number. `rows` may be a generator: they are never held together in memory. `row_height` in points is
    fixed, or worked out from a row's values; such a row grows when it is edited.
    """

    name: str
    header: Sequence[str]
    rows: Iterable[Sequence[OutValue]]
    title: str = ""
    widths: Sequence[int] = ()
    text_columns: frozenset[int] = frozenset()
    above: Sequence[Line] = ()
    below: Sequence[Line] = ()
    title_line: Line | None = None
    header_look: Look = Look(bold=True, wrap=True)
    looks: Mapping[int, Look] = field(default_factory=dict)
    header_height: float | None = None
    row_height: float | Callable[[Sequence[OutValue]], float] | None = None
    footer: str = ""
    hints: Sequence[Hint] = ()
    margins: tuple[float, float, float, float] | None = None  # left, right, top, bottom in inches

    @property
    def top_lines(self) -> list[Line]:
        """The lines above the header, the title first."""
        plain = [Line(self.title, Look(bold=True, size=14, wrap=True))] if self.title else []
        return [*([self.title_line] if self.title_line else plain), *self.above]

    @property
    def header_row(self) -> int:
        return len(self.top_lines) + 1

    def size_of(self, values: Sequence[OutValue]) -> str:
        """A row's height as its attributes in the file."""
        if callable(self.row_height):
            return f' ht="{self.row_height(values):g}"'
        return fixed_height(self.row_height)

    def look_of(self, column: int) -> Look | None:
        """The look of a column's cells; None for the plain one."""
        return self.looks.get(column) or (Look(text=True) if column in self.text_columns else None)


@dataclass(frozen=True, slots=True)
class Mark:
    """What to say at a cell; `row` from 1, `column` from 0. An error is red, anything else ochre."""

    sheet: int
    row: int
    column: int
    text: str
    is_error: bool
