"""The annex of the county's order as a sheet to write: title, ten columns, print set-up, seal line."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date

from core.choices import Sex
from core.clock_face import cn_full_date
from core.spreadsheets import Hint, Line, Look, OutValue, SheetToWrite
from roster.annex import columns
from roster.annex.facts import StaffFacts

TITLE = "“法官联络点”人员名单"
HEADER = tuple(column.title for column in columns.COLUMNS)
PLACE = {column.field: place for place, column in enumerate(columns.COLUMNS)}
WIDTHS = (6, 11, 11, 6, 28, 27, 27, 22, 16, 18)
SONG = "宋体"
TITLE_LOOK = Look(bold=True, size=20, font=SONG, align="center")
HEADER_LOOK = Look(bold=True, size=12, font=SONG, align="center", border=True, wrap=True)
CENTRED = Look(size=11, font=SONG, align="center", border=True, wrap=True, text=True)
SPREAD = Look(size=11, font=SONG, align="left", border=True, wrap=True, text=True)
NUMBER = Look(size=11, font=SONG, align="center", border=True)
BESIDE, SEAL = Look(size=12, font=SONG), Look(size=12, font=SONG, align="right")
SMALL = Look(size=9, font=SONG)
LOOKS = {PLACE[columns.SERIAL]: NUMBER} | {
    place: CENTRED if field in ("name", "born", "sex", "id_number", "phone") else SPREAD
    for field, place in PLACE.items()
    if field != columns.SERIAL
}
MARGINS = (0.5, 0.5, 0.7, 0.6)
FITTING = tuple(max(width - 2, 1) for width in WIDTHS)  # how many half-width letters a line of the column takes
LONG = tuple(
    PLACE[name] for name in ("name", "unit_and_duty", "registered_address", "contact_address", "phone", "note")
)
SEXES: dict[str, str] = {"": ""} | {sex.value: str(sex.label) for sex in Sex}
ROW_HEIGHT, LETTER_HEIGHT, ROW_MARGIN = 28.0, 14.5, 6.0
HEADER_HEIGHT, TITLE_HEIGHT, LINE_HEIGHT = 32.0, 36.0, 22.0


def height_of(values: Sequence[OutValue]) -> float:
    """The height of a row by its longest cell; programs differ in whether they work it out themselves."""
    lines = 1
    for place in LONG:
        text = values[place]
        if isinstance(text, str) and len(text) * 2 > FITTING[place]:
            needed = -(-len(text.encode("gb18030", "replace")) // FITTING[place])
            lines = max(lines, needed + (needed > 1 and place == PLACE["phone"]))  # numbers also break after a hyphen
    return max(ROW_HEIGHT, lines * LETTER_HEIGHT + ROW_MARGIN)


def row_of(number: int, person: StaffFacts) -> list[OutValue]:
    """One person in the annex's columns; the month of birth as the annex writes it."""
    return [
        number,
        person.name,
        person.born.replace("-", "."),
        SEXES[person.sex],
        person.unit_and_duty,
        person.registered_address,
        person.contact_address,
        person.id_number,
        person.phone,
        person.note,
    ]


def annex_sheet(name: str, rows: Iterable[Sequence[OutValue]], *, unit: str, on: date, mark: str) -> SheetToWrite:
    """A list as it is handed in. `unit` fills 填报单位; `mark` (who took it out, and how) stands on every page."""
    return base_sheet(
        name,
        rows,
        unit=unit,
        below=[*seal_lines(cn_full_date(on)), Line(f"说明：{mark}", SMALL, height=LINE_HEIGHT)],
        footer=mark,
    )


def base_sheet(
    name: str,
    rows: Iterable[Sequence[OutValue]],
    *,
    unit: str,
    below: Sequence[Line],
    footer: str = "",
    above: Sequence[Line] = (),
    hints: Sequence[Hint] = (),
) -> SheetToWrite:
    """The annex's frame around any rows."""
    return SheetToWrite(
        name=name,
        header=HEADER,
        rows=rows,
        title_line=Line(TITLE, TITLE_LOOK, across=len(HEADER), height=TITLE_HEIGHT),
        above=[*above, Line(f"填报单位：{unit}", BESIDE, height=LINE_HEIGHT)],
        below=below,
        widths=WIDTHS,
        looks=LOOKS,
        header_look=HEADER_LOOK,
        header_height=HEADER_HEIGHT,
        row_height=height_of,
        footer=footer,
        hints=hints,
        margins=MARGINS,
    )


def seal_lines(day: str) -> Iterator[Line]:
    """Where the unit puts its seal and the day, at the right; both read as lines beside the list."""
    yield Line(height=LINE_HEIGHT)
    yield Line("填报单位（盖章）：　　　　　　　　　　", SEAL, column=len(HEADER) - 1, height=LINE_HEIGHT)
    yield Line(f"填报日期：{day}", SEAL, column=len(HEADER) - 1, height=LINE_HEIGHT)
