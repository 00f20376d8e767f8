"""Checks every row of a ledger: what can be told for certain is taken, what was meant and cannot be read is an error.

An empty cell is never an error but where nothing can be registered without it: the day, who asked, what happened.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal

from core.errors import Refused
from core.privacy import mask_text
from core.spreadsheets import CellValue, SheetRow
from disputes import limits
from disputes.amounts import is_about, why_unread
from disputes.choices import Outcome, Side
from disputes.importing import cells, columns
from disputes.importing.causes import told_with_cause, type_of
from disputes.importing.facts import CheckedRow, Frame, PastDispute, Person, RowIssue
from disputes.importing.people import people_of
from disputes.importing.places import village_of
from disputes.importing.reading import LedgerFile, LedgerSheet, cases
from roster.annex.mending import NOTHING_MENDED, Mends

SHOWN_LENGTH = 40
CELL_SHOWN = 120


class Row:
    """One dispute of a sheet while it is read: its cells by field, and what was found wrong with it."""

    def __init__(
        self,
        sheet: LedgerSheet,
        rows: Sequence[SheetRow],
        places: Mapping[str, Sequence[int]],
        typed: Mapping[str, str] | None = None,
    ) -> None:
        self.sheet, self.rows, self.places = sheet, rows, places
        self.typed = typed or {}  # cells that its uploader retyped: what the file says there no longer counts
        self.issues: list[RowIssue] = []

    def cell(self, field: str) -> CellValue:
        """The first cell of a field."""
        if field in self.typed:
            return self.typed[field]
        places = self.places.get(field, ())
        return self.rows[0].at(places[0]) if places else ""

    def text(self, field: str) -> str:
        """The text of a field, of all its columns; further rows of one dispute add to it."""
        if field in self.typed:
            return cells.text_of(self.typed[field])
        said = [cells.text_of(self.rows[0].at(place)) for place in self.places.get(field, ())]
        return "\n".join(dict.fromkeys(filter(None, said)))

    def first_text(self, field: str) -> str:
        """The text of a field's first column: a row goes on being known by it when a second column is read as well."""
        places = () if field in self.typed else self.places.get(field, ())
        said = (cells.text_of(self.rows[0].at(place)) for place in places)
        return next(filter(None, said), "") or self.text(field)

    def texts(self, field: str) -> list[CellValue]:
        """The cell of a field in each row of the dispute; what a merged cell repeats only once."""
        if field in self.typed:
            return [self.typed[field]]
        places = self.places.get(field, ())
        if not places:
            return []
        place = places[0]
        further = [row.at(place) for row in self.rows[1:] if place not in row.filled_down]
        return [self.rows[0].at(place), *further]

    def as_written(self, field: str) -> str:
        """The cell to be retyped: of several rows the names or numbers one after the other; a story keeps its lines."""
        if field in columns.LONG:
            return self.text(field)
        said = [self.text(field)] if len(self.rows) == 1 else [cells.text_of(value) for value in self.texts(field)]
        return "、".join(filter(None, said)).replace("\n", "、")

    def header(self, field: str) -> str:
        places = self.places.get(field, ())
        return self.sheet.headers[places[0]] if places else ""

    def wrong(self, field: str, code: str, message: str) -> None:
        self.issues.append(RowIssue(field, code, message, is_error=True))

    def look(self, field: str, code: str, message: str) -> None:
        self.issues.append(RowIssue(field, code, message, is_error=False))

    def refused(self, field: str, code: str, check: Callable[[], object]) -> bool:
        """Whether a rule of the house refuses it; its sentence becomes the cell's."""
        try:
            check()
        except Refused as refused:
            self.wrong(field, code, str(refused))
            return True
        return False


def check_rows(
    file: LedgerFile, mapping: Mapping[str, str], frame: Frame, mends: Mends = NOTHING_MENDED
) -> Iterator[CheckedRow]:
    """Every dispute of the file under the mapping (header → field), in the order of the file, with its mended cells."""
    for sheet in file.sheets:
        places = columns.places(sheet.headers, mapping)
        narrative = places.get("narrative") or places.get("title") or ()
        for rows in cases(sheet, narrative):
            yield check_row(Row(sheet, rows, places, mends.typed_in(sheet.name, rows[0].number)), frame)


def check_row(row: Row, frame: Frame) -> CheckedRow:
    """One dispute, with everything that is wrong with it at once."""
    _check_town(row, frame)
    registered_on = _registered_on(row, frame)
    people = people_of(row, frame.today)
    story = _story(row)
    village = village_of(row, frame, story)
    amount = _amount(row)
    outcome, words = _outcome(row)
    closed_on = _closed_on(row, frame, registered_on, outcome)
    case_type = type_of(row, frame, people, story)
    told = told_with_cause(row, frame, people, story=story, case_type=case_type)
    source = _source(row, frame)
    dispute = None
    if registered_on and not any(issue.is_error for issue in row.issues):
        dispute = PastDispute(
            registered_on=registered_on,
            village=village,
            case_type=case_type,
            source=source,
            narrative=told,
            story=story,
            people=people,
            amount=amount,
            outcome=outcome if cells.is_closed(outcome) else "",
            outcome_words=words,
            end_ground=cells.ground_of(words) if outcome == Outcome.ENDED else "",
            referred_to=words.replace("\n", " ")[:80] if outcome == Outcome.REFERRED_OUT else "",
            closed_on=closed_on,
            mediator=row.text("mediator").replace("\n", "、"),
            own_number=row.text("own_number").replace("\n", " "),
            result_text=row.text("result_text"),
            note=row.text("note"),
        )
    shown = _shown(row, frame, dispute, people, amount)
    bad = {issue.field for issue in row.issues if issue.is_error}
    return CheckedRow(
        row.sheet.place,
        row.rows[0].number,
        shown,
        tuple(row.issues),
        dispute,
        sheet_name=row.sheet.name,
        wrong={field: row.as_written(field) for field in columns.FIELDS if field in bad},
        retyped=frozenset(row.typed),
    )


# ── when ─────────────────────────────────────────────────────────────────────
def _check_town(row: Row, frame: Frame) -> None:
    said = row.text("town")
    others = [name for name in frame.towns.values() if name in said and name != frame.town_name]
    if others and frame.town_name not in said:
        row.wrong("town", "town_differs", f"写的是{others[0]}，这里导入的是{frame.town_name}的台账。请由那里导入。")


def _registered_on(row: Row, frame: Frame) -> date | None:
    value = row.cell("registered_on")
    if cells.text_of(value) == "":
        row.wrong("registered_on", "day_missing", "没有日期。请填登记（受理）那一天。")
        return None
    day = _day(row, "registered_on", "看不出是哪一天，请写成 2022-03-15；农历请换成公历。")
    if day is None:
        return None
    refused = row.refused("registered_on", "day_invalid", lambda: limits.check_day(day, today=frame.today))
    return None if refused else day


def _day(row: Row, field: str, unread: str) -> date | None:
    """The day of a cell; one without a year is of the year that the sheet's name or title says."""
    value, year = row.cell(field), row.sheet.year
    day = cells.read_day(value, year=year)
    without_year = cells.lacks_year(value)
    if day is None:
        row.wrong(field, "day_invalid", "没有写年份，表名里也看不出，请写成 2022-03-15。" if without_year else unread)
    elif without_year:
        row.look(field, "day_year_from_title", f"年份取自表名：{year}年。")
    return day


def _closed_on(row: Row, frame: Frame, registered_on: date | None, outcome: str) -> date | None:
    value = row.cell("closed_on")
    if cells.text_of(value) == "":
        if cells.is_closed(outcome) and registered_on:
            row.look("closed_on", "closed_day_missing", "没有办结日期，按登记日计。")
            return registered_on
        return None
    if not cells.is_closed(outcome):
        if outcome:  # it says that the dispute still runs
            row.look("closed_on", "closed_day_ignored", "结果写的是还没有办结，办结日期没有采用。")
        else:
            row.wrong("outcome", "outcome_unclear", "有办结日期，看不出结果。请写调解成功、调解不成、终止或移送哪里。")
        return None
    day = _day(row, "closed_on", "看不出是哪一天，请写成 2022-03-15。")
    if day is None:
        return None
    if registered_on and day < registered_on:
        row.wrong("closed_on", "closed_before_registered", "办结日期早于登记日期，请核对年份。")
        return None
    refused = row.refused("closed_on", "day_invalid", lambda: limits.check_day(day, today=frame.today))
    return None if refused else day


# ── what ─────────────────────────────────────────────────────────────────────
def _story(row: Row) -> str:
    story = row.text("narrative") or row.first_text("title")
    if not story:
        row.wrong("narrative" if "narrative" in row.places else "title", "story_missing", "没有写是什么事。")
    elif row.refused("narrative", "story_too_long", lambda: limits.check_story(story)):
        return ""
    return story


def _amount(row: Row) -> Decimal | None:
    value = row.cell("amount")
    if cells.text_of(value) == "":
        return None
    amount = cells.read_sum(value, ten_thousands=columns.in_ten_thousands(row.header("amount")))
    if amount is None:
        row.wrong("amount", "amount_invalid", why_unread(cells.text_of(value), about=True))
        return None
    if is_about(cells.text_of(value)):
        row.look("amount", "amount_about", f"写的是约数，按 {amount:,.0f} 元记。")
    refused = row.refused("amount", "amount_invalid", lambda: limits.check_amount(amount))
    return None if refused or not amount else amount


def _outcome(row: Row) -> tuple[str, str]:
    """How it ended ("" when nothing says), and the words that say so."""
    said = row.text("outcome")
    performed = row.text("performance")
    for words in filter(None, (said, performed)):
        if found := cells.read_outcome(words):
            return found, words
    if said:
        row.wrong("outcome", "outcome_unclear", "看不出结果。请写调解成功、调解不成、终止、移送哪里，或正在调解。")
    elif "outcome" in row.places and not cells.text_of(row.cell("closed_on")):
        row.look("outcome", "outcome_missing", "没有写结果，按还没有办结导入。")
    return "", said


def _source(row: Row, frame: Frame) -> str:
    said = row.text("source")
    found = cells.read_source(said) if said else None
    if said and found is None:
        row.look("source", "source_unknown", "没有这种来源，按您选定的来源计。")
    return found or frame.source


# ── what the preview shows ───────────────────────────────────────────────────
def _shown(
    row: Row, frame: Frame, dispute: PastDispute | None, people: tuple[Person, ...], amount: Decimal | None
) -> dict[str, str]:
    """Each field as it is understood; where something is wrong, as it stands in the file. Numbers are masked."""
    shown = {field: mask_text(row.text(field))[:CELL_SHOWN] for field in ("registered_on", "closed_on", "outcome")}
    shown["village"], shown["case_type"] = row.text("village"), row.text("case_type")
    shown["amount"] = row.text("amount")
    if amount is not None:
        shown["amount"] = f"{amount.normalize():f}"
    for side in (Side.APPLICANT, Side.RESPONDENT):
        shown[side] = mask_text("、".join(one.name for one in people if one.side == side))
    if dispute:
        shown["registered_on"] = dispute.registered_on.isoformat()
        shown["closed_on"] = dispute.closed_on.isoformat() if dispute.closed_on else ""
        shown["village"], shown["case_type"] = frame.villages[dispute.village], frame.types[dispute.case_type]
        shown["outcome"] = str(Outcome(dispute.outcome).label) if dispute.outcome else "未办结"
    told = dispute.narrative if dispute else row.text("narrative") or row.text("title")
    shown["narrative"] = mask_text(told)[:SHOWN_LENGTH]
    return {field: text for field, text in shown.items() if text}
