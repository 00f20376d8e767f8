"""Checks every row of an annex: each cell, the cells against one another, the post, the town, doubles in the file."""

from collections.abc import Iterator, Sequence, Set
from dataclasses import replace
from datetime import date
from itertools import islice

from core.choices import Sex
from core.spreadsheets import CellValue
from roster.annex import cells, columns
from roster.annex.addresses import written_out
from roster.annex.columns import BY_FIELD
from roster.annex.doubles import doubles_marked, shared_phones_told
from roster.annex.facts import CheckedRow, Issue, StaffFacts
from roster.annex.findings import FIELDS, TITLES, Findings
from roster.annex.hearing import Frame, hear, own_words, seats_of
from roster.annex.masks import is_masked, masked_fields, unmasked
from roster.annex.plain import NAME_LENGTH, plain_people
from roster.annex.reading import AnnexFile, AnnexSheet
from roster.annex.rows import RawRow, columns_of, in_lots, texts_at
from roster.annex.seats import read_mark
from roster.births import birth_months
from roster.choices import ErrorCode, WarningCode
from roster.id_card import IdCard
from roster.names import has_hidden_part, is_like_a_name
from roster.phones import has_short_number, phone_problem, tidy_phone

__all__ = ["FIELDS", "TITLES", "Frame", "check_file"]

SHOWN_LENGTH = 60
SILENT_FORMULAS = frozenset({columns.SERIAL, "name", "id_number", "born", "sex"})


def check_file(annex: AnnexFile, frame: Frame) -> tuple[list[Issue], list[CheckedRow]]:
    """File-level issues, and every data row checked, in the file's order."""
    issues = list(annex.issues)
    rows: list[CheckedRow] = []
    for sheet in annex.sheets:
        town, said = _sheet_town(sheet, frame)
        issues += said
        towns = _towns_by_heading(sheet, town, frame)
        doubted = said[0].message if said and frame.town else ""  # of the rows too: each would go to a town not its own
        apart = sheet.hidden | frame.mends.rows_of(sheet.name)
        for some in in_lots(sheet.rows):
            here = list(islice(towns, len(some)))
            rows += _check_lot(sheet, some, here, own=town, frame=frame, doubted=doubted, apart=apart)
    return issues, shared_phones_told(doubles_marked(rows))


def _check_lot(
    sheet: AnnexSheet,
    rows: Sequence[RawRow],
    towns: Sequence[str | None],
    *,
    own: str | None,
    frame: Frame,
    doubted: str,
    apart: Set[int],
) -> Iterator[CheckedRow]:
    """Some rows of a sheet, whose own town is `own`; those about which there is nothing to say are read together.

    `apart`: rows that are hidden or about which somebody decided something.
    """
    columns, name = columns_of(rows), sheet.name
    plain = plain_people(rows, columns, frame.today) if columns and not doubted else [None] * len(rows)
    for place, (raw, town, facts) in enumerate(zip(rows, towns, plain, strict=True)):
        if facts and not (apart and raw.number in apart):
            heard = hear(facts.unit_and_duty, facts.note, town, frame)
            if not heard.issues:
                row = CheckedRow(name, raw.number, facts, heard.post, heard.towns, listed_under=town)
                yield row if town == own else row._replace(within=True)
                continue
        row = _check_row(sheet, raw, texts_at(place, raw, columns), town, frame, doubted)
        yield row if row.listed_under == own else row._replace(within=True)


def _sheet_town(sheet: AnnexSheet, frame: Frame) -> tuple[str | None, list[Issue]]:
    """The town of a whole sheet: the option, else sheet name, title, 填报单位 line."""
    places = frame.gazetteer
    written = [
        places.town_of_sheet(sheet.name),
        places.town_of_line(sheet.title),
        places.town_of_line(sheet.submitted_by),
    ]
    town = frame.town or next(filter(None, written), None)
    others = dict.fromkeys(code for code in written if code and code != town)
    if not town or not others:
        return town, []
    where = f"工作表「{sheet.name}」" if sheet.name else "名单"  # a .csv has no sheets
    message = f"{where}里写的是{places.names(others)}，按{places.name(town)}核对。"
    return town, [Issue(WarningCode.SHEET_TOWN_DIFFERS, message, sheet=sheet.name or None)]


def _towns_by_heading(sheet: AnnexSheet, town: str | None, frame: Frame) -> Iterator[str | None]:
    """The town of every row: the sheet's, until a line among the people (二、罗镜镇) names another one.

    Neither the option nor the sheet's name gives way to such a line.
    """
    fixed = frame.town or frame.gazetteer.town_of_sheet(sheet.name)
    headings = sorted(sheet.headings.items(), reverse=True) if not fixed else []
    for raw in sheet.rows:
        while headings and headings[-1][0] < raw.number:
            town = frame.gazetteer.town_of_line(headings.pop()[1]) or town
        yield town


def _check_row(
    sheet: AnnexSheet, raw: RawRow, texts: dict[str, str], sheet_town: str | None, frame: Frame, doubted: str
) -> CheckedRow:
    number, mends = raw.number, frame.mends
    say, written, settled = (
        Findings(sheet.name, number),
        mends.applied_to(sheet.name, raw),
        mends.of(sheet.name, number),
    )
    texts = texts if written is raw else written.texts()
    if written.formulas:
        _ignored_formulas(written, say)
    texts |= own_words(written, texts, say)
    texts["note"], marked = read_mark(texts["note"], frame.gazetteer)
    sheet_town, post, towns, seats = seats_of(texts, marked, settled, sheet_town, say, frame)
    if doubted and not say.has(WarningCode.TOWN_DIFFERS):
        say.say(WarningCode.TOWN_DIFFERS, "unit_and_duty", doubted)
    bare = written if marked is None else replace(written, typed={**written.typed, "note": texts["note"]})
    raw = _unmasked(bare, texts, towns, say, frame)
    if raw is not written:
        texts = raw.texts()
        texts |= own_words(raw, texts, Findings("", 0))
    if number in sheet.hidden:
        say.say(WarningCode.ROW_HIDDEN, "name", "这一行在表里是隐藏的，也读了。不该在名单里的，请留下不写。")
    card, born = _id_number(raw, say, frame.today), _birth_cell(raw)
    registered, contact = written_out(texts["registered_address"], texts["contact_address"], say)
    facts = StaffFacts(
        _name(texts["name"], raw, say),
        _born(born, card, say, frame.today),
        _sex(texts["sex"], card, say),
        texts["unit_and_duty"],
        registered,
        contact,
        card.number if card else "",
        _phone(texts["phone"], written, say),
        texts["note"],
    )
    shown, left_out = _as_written(written, born, facts, say), (sheet.name, number) in mends.left_out
    return CheckedRow(sheet.name, number, facts, post, towns, say.in_order(), shown, left_out, sheet_town, seats)


def _unmasked(raw: RawRow, texts: dict[str, str], towns: tuple[str, ...], say: Findings, frame: Frame) -> RawRow:
    """The row with the roster's values in place of their masks; what fits nobody is said at its cell."""
    masked = masked_fields(texts)
    if not masked:
        return raw
    clear, problems = unmasked(raw, masked, frame.people.get(texts["name"], ()), towns)
    for problem in problems:
        say.say(problem.code, problem.field, problem.message)
    return clear


def _ignored_formulas(raw: RawRow, say: Findings) -> None:
    for name in raw.formulas - SILENT_FORMULAS:
        where, place = ("这一格", name) if name in TITLES else (f"「{BY_FIELD[name].title}」一列", "unit_and_duty")
        say.say(WarningCode.FORMULA_IGNORED, place, f"{where}是公式，没有采用，当作空格。请改成直接填写的内容。")


def _name(name: str, raw: RawRow, say: Findings) -> str:
    if "name" in raw.formulas:
        say.say(ErrorCode.NAME_MISSING, "name", "姓名是公式，不能采用，请直接填写。")
    elif not name:
        say.say(ErrorCode.NAME_MISSING, "name", "没有姓名，请补上。")
    elif has_hidden_part(cells.line(raw.first("name"))):
        say.say(ErrorCode.NAME_MISSING, "name", "姓名里有星号，看不出是不是全名。请写全名，去掉星号。")
    elif not is_like_a_name(name):
        say.say(ErrorCode.NAME_MISSING, "name", "里面有数字或符号，不像姓名，请核对。")
    elif len(name) > NAME_LENGTH:
        say.say(ErrorCode.NAME_MISSING, "name", f"超过 {NAME_LENGTH} 个字，不像姓名，请核对。")
        return ""
    return name


def _id_number(raw: RawRow, say: Findings, today: date) -> IdCard | None:
    if "id_number" in raw.formulas:
        say.say(ErrorCode.ID_INVALID, "id_number", "身份证号码是公式，不能采用，请直接填写。")
        return None
    found = cells.id_card(raw.first("id_number"), today=today)
    if isinstance(found, IdCard):
        return found
    say.say(found.code, "id_number", found.message)
    return None


def _birth_cell(raw: RawRow) -> CellValue:
    """What stands for 出生年月: of a year and a month in two columns both, or nothing where one is a formula."""
    if "born" in raw.formulas:
        return ""
    return raw.text("born") if "born" in raw.layout.joined else raw.first("born")


def _born(cell: CellValue, card: IdCard | None, say: Findings, today: date) -> str:
    """The month of birth; an empty cell is filled from the number, an ambiguous one decided by it."""
    said = card.born_month if card else ""
    if not cells.raw_text(cell).strip():
        if card:
            say.say(WarningCode.BIRTH_FILLED, "born", f"出生年月由身份证号码补上：{said}。")
        return said
    months = birth_months(cell, today=today)
    if not months:
        say.say(ErrorCode.BIRTH_INVALID, "born", "认不出这个日期。请写公历年月，如 1985.03。")
        return ""
    if card is None or said in months:
        return said or months[0]
    say.say(ErrorCode.ID_BIRTH_MISMATCH, "born", f"与身份证号码不一致：号码里是 {said}，请核对哪个对。")
    return ""


def _sex(text: str, card: IdCard | None, say: Findings) -> str:
    sex = cells.sex(text)
    if sex is None:
        say.say(ErrorCode.SEX_INVALID, "sex", "认不出，请填「男」或「女」。")
    elif not sex and card:
        say.say(WarningCode.SEX_FILLED, "sex", f"性别由身份证号码补上：{Sex(card.sex).label}。")
        return card.sex
    elif sex and card and sex != card.sex:
        say.say(ErrorCode.ID_SEX_MISMATCH, "sex", f"与身份证号码不一致：号码里是{Sex(card.sex).label}，请核对哪个对。")
    return sex or ""


def _phone(text: str, raw: RawRow, say: Findings) -> str:
    phone = tidy_phone(text)
    if phone is None:
        say.say(ErrorCode.PHONE_INVALID, "phone", phone_problem(text))
    elif not phone and not (say.has_error("phone") or "phone" in raw.formulas or is_masked(raw.text("phone"))):
        say.say(WarningCode.PHONE_MISSING, "phone", "没有联系电话，请尽快补上。")
    elif phone != text and has_short_number(text):
        say.say(WarningCode.SHORT_NUMBER, "phone", "短号没有登记，只登记了能直接拨打的号码。")
    return phone or ""


def _as_written(raw: RawRow, born: CellValue, facts: StaffFacts, say: Findings) -> dict[str, str]:
    """The cells with an error, and a month of birth that was put into another form, as they were written."""
    wrong = {FIELDS[issue.column or ""] for issue in say.issues if issue.is_error} if say.issues else set()
    if born not in ("", facts.born, facts.born.replace("-", ".")):
        wrong.add("born")
    return {name: _shown(raw, name) for name in wrong if raw.cells(name)} if wrong else {}


def _shown(raw: RawRow, name: str) -> str:
    return " ".join(filter(None, (cells.line(value) for value in raw.cells(name))))[:SHOWN_LENGTH]
