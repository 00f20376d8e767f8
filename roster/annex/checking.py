"""Checks every row of an annex: each cell, the cells against one another, the post, the town, doubles in the file."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from itertools import islice
from typing import NamedTuple

from core.choices import Sex
from core.spreadsheets import CellValue
from roster.annex import cells, columns
from roster.annex.addresses import without_ditto, written_out
from roster.annex.beside import seat_beside, towns_beside
from roster.annex.columns import BY_FIELD, CATEGORY, TOWN
from roster.annex.doubles import doubles_marked, shared_phones_told
from roster.annex.facts import CheckedRow, Issue, StaffFacts
from roster.annex.findings import FIELDS, TITLES, Findings
from roster.annex.masks import OnRoster, is_masked, masked_fields, unmasked
from roster.annex.mending import NOTHING_MENDED, NOTHING_SETTLED, Mends, Settlement
from roster.annex.plain import NAME_LENGTH, plain_people
from roster.annex.reading import AnnexFile, AnnexSheet
from roster.annex.row_towns import say_town_unclear, towns_of
from roster.annex.rows import RawRow, columns_of, in_lots, texts_at
from roster.annex.seats import Seat, read_mark
from roster.births import birth_months
from roster.choices import ErrorCode, TeamRole, WarningCode
from roster.id_card import IdCard
from roster.names import has_hidden_part, is_like_a_name
from roster.phones import has_short_number, phone_problem, tidy_phone
from roster.posts import Post, read_post
from roster.towns import Gazetteer

__all__ = ["FIELDS", "TITLES", "Frame", "check_file", "seats_read"]

SHOWN_LENGTH = 60
HEARD_AT_MOST = 10_000  # posts kept with what they say; a list may have as many as people
SILENT_FORMULAS = frozenset({columns.SERIAL, "name", "id_number", "born", "sex"})


@dataclass(frozen=True)
class Frame:
    """What a check needs to know besides the row itself. `people`: who of the roster masked rows may mean, by name."""

    gazetteer: Gazetteer
    today: date
    town: str | None = None
    mends: Mends = NOTHING_MENDED
    people: Mapping[str, Sequence[OnRoster]] = field(default_factory=dict)
    posts: dict[tuple[str, str], Post] = field(default_factory=dict, compare=False)
    heard: dict[tuple[str, str, str | None], "Heard"] = field(default_factory=dict, compare=False)


class Heard(NamedTuple):
    """What the words of a post and a note say on a sheet of some town, and what is to be said about them."""

    post: Post
    towns: tuple[str, ...]
    issues: Sequence[Issue]


def check_file(annex: AnnexFile, frame: Frame) -> tuple[list[Issue], list[CheckedRow]]:
    """File-level issues, and every data row checked, in the file's order."""
    issues = list(annex.issues)
    rows: list[CheckedRow] = []
    for sheet in annex.sheets:
        town, said = _sheet_town(sheet, frame)
        issues += said
        towns = _towns_by_heading(sheet, town, frame)
        doubted = said[0].message if said and frame.town else ""  # of the rows too: each would go to a town not its own
        for some in in_lots(sheet.rows):
            rows += _check_lot(sheet, some, list(islice(towns, len(some))), frame, doubted)
    return issues, shared_phones_told(doubles_marked(rows))


def _check_lot(
    sheet: AnnexSheet, rows: Sequence[RawRow], towns: Sequence[str | None], frame: Frame, doubted: str
) -> Iterator[CheckedRow]:
    """Some rows of a sheet; those about which there is nothing to say are read together."""
    columns, name, mends = columns_of(rows), sheet.name, frame.mends
    plain = plain_people(rows, columns, frame.today) if columns and not doubted else [None] * len(rows)
    for place, (raw, town, facts) in enumerate(zip(rows, towns, plain, strict=True)):
        if facts and raw.number not in sheet.hidden and not mends.concern(name, raw.number):
            heard = _heard(facts.unit_and_duty, facts.note, town, frame)
            if not heard.issues:
                yield CheckedRow(name, raw.number, facts, heard.post, heard.towns, listed_under=town)
                continue
        yield _check_row(sheet, raw, texts_at(place, raw, columns), town, frame, doubted)


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
    texts |= _heard_texts(texts["unit_and_duty"], texts["note"], say)
    texts["note"], marked = read_mark(texts["note"], frame.gazetteer)
    sheet_town, further = _town_beside(texts, settled, sheet_town, say, frame)
    post, towns, seats = _seats(texts, marked, settled, sheet_town, say, frame)
    towns = tuple(dict.fromkeys([*towns, *further])) if further and not seats else towns
    if doubted and not say.has(WarningCode.TOWN_DIFFERS):
        say.say(WarningCode.TOWN_DIFFERS, "unit_and_duty", doubted)
    bare = written if marked is None else replace(written, typed={**written.typed, "note": texts["note"]})
    raw = _unmasked(bare, texts, towns, say, frame)
    if raw is not written:
        texts = raw.texts()
        texts |= _heard_texts(texts["unit_and_duty"], texts["note"], Findings("", 0))
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


def _seats(
    texts: dict[str, str],
    marked: tuple[Seat, ...] | None,
    settled: Settlement,
    sheet_town: str | None,
    say: Findings,
    frame: Frame,
) -> tuple[Post, tuple[str, ...], tuple[Seat, ...]]:
    """Post, towns and marked seats: what a person settled goes before the mark in 备注, the mark before the words."""
    if marked is None and settled is NOTHING_SETTLED and not texts.get(CATEGORY):
        heard = _heard(texts["unit_and_duty"], texts["note"], sheet_town, frame)
        for issue in heard.issues:
            say.again(issue)
        return heard.post, heard.towns, ()
    if marked is None or settled != NOTHING_SETTLED:
        post = _post(texts, settled, say, frame.posts)
        return post, settled.towns or towns_of(texts, post, sheet_town, say, frame.gazetteer), ()
    meant = (sheet_town,) if sheet_town else frame.gazetteer.towns_meant(texts["unit_and_duty"])
    own = meant[0] if len(meant) == 1 else ""
    seats = tuple(seat._replace(town=seat.town or own) for seat in marked)
    if not all(seat.town for seat in seats):
        seats = ()
        say_town_unclear(meant, say, frame.gazetteer)
    post = Post(seats[0].role, seats[0].kind, ("岗位",)) if seats else Post()
    return post, tuple(dict.fromkeys(seat.town for seat in seats)), seats


def _town_beside(
    texts: dict[str, str], settled: Settlement, sheet_town: str | None, say: Findings, frame: Frame
) -> tuple[str | None, tuple[str, ...]]:
    if not texts.get(TOWN) or settled.towns:
        return sheet_town, ()
    post = _post(texts, settled, Findings("", 0), frame.posts)
    return towns_beside(texts[TOWN], post, sheet_town, say, frame.gazetteer)


def _heard(unit_and_duty: str, note: str, sheet_town: str | None, frame: Frame) -> Heard:
    """Posts repeat by the thousand, so each is listened to once."""
    words = unit_and_duty, note, sheet_town
    found = frame.heard.get(words)
    if found is None:
        say = Findings("", 0)
        texts = _heard_texts(unit_and_duty, note, say)
        post = _post(texts, NOTHING_SETTLED, say, frame.posts)
        found = Heard(post, towns_of(texts, post, sheet_town, say, frame.gazetteer), say.issues)
        if len(frame.heard) < HEARD_AT_MOST:
            frame.heard[words] = found
    return found


def _heard_texts(unit_and_duty: str, note: str, say: Findings) -> dict[str, str]:
    return {
        "unit_and_duty": without_ditto("unit_and_duty", unit_and_duty, say),
        "note": without_ditto("note", note, say),
    }


def seats_read(unit_and_duty: str, note: str, sheet_town: str | None, gazetteer: Gazetteer) -> set[Seat]:
    """What a row with these words and no mark would be read as, on a sheet of this town (None: of no town)."""
    texts, unheard = {"unit_and_duty": cells.line(unit_and_duty), "note": cells.line(note)}, Findings("", 0)
    post = _post(texts, NOTHING_SETTLED, unheard, {})
    if not post.role:
        return set()
    return {Seat(town, post.role, post.kind) for town in towns_of(texts, post, sheet_town, unheard, gazetteer)}


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


def _post(texts: dict[str, str], settled: Settlement, say: Findings, read: dict[tuple[str, str], Post]) -> Post:
    """The seat; posts repeat by the thousand, so each is read once."""
    words = texts["unit_and_duty"], texts["note"]
    found = read.get(words)
    if found is None:
        found = read[words] = read_post(*words)
    if texts.get(CATEGORY) and not settled.role:
        found = seat_beside(texts[CATEGORY], found, say)
    post = settled.post(found)
    if not post.role:
        say.say(WarningCode.ROLE_UNCLEAR, "unit_and_duty", "看不出岗位，先列入「待定岗位」。")
    elif post.role == TeamRole.MEDIATOR and not post.kind:
        say.say(WarningCode.KIND_UNCLEAR, "unit_and_duty", "看不出是哪一类调解人员，来源先空着。")
    return post


def _as_written(raw: RawRow, born: CellValue, facts: StaffFacts, say: Findings) -> dict[str, str]:
    """The cells with an error, and a month of birth that was put into another form, as they were written."""
    wrong = {FIELDS[issue.column or ""] for issue in say.issues if issue.is_error} if say.issues else set()
    if born not in ("", facts.born, facts.born.replace("-", ".")):
        wrong.add("born")
    return {name: _shown(raw, name) for name in wrong if raw.cells(name)} if wrong else {}


def _shown(raw: RawRow, name: str) -> str:
    return " ".join(filter(None, (cells.line(value) for value in raw.cells(name))))[:SHOWN_LENGTH]
