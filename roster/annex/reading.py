"""Finds the annex in a workbook: header rows, data rows, titles and signature lines of every sheet."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from core.privacy import mask_text
from core.spreadsheets import SAVE_AS_XLSX, Sheet, SheetRow, Workbook
from roster.annex import columns
from roster.annex.cells import line
from roster.annex.facts import Issue
from roster.annex.headers import Header, find_header, further_header, is_like_id, lower_half
from roster.annex.rows import NO_FIELDS, NOTHING_TYPED, Layout, RawRow, own_text
from roster.choices import ErrorCode, WarningCode
from roster.posts import read_post

EMPTY, NO_HEADER = "是空的。", "没有找到表头（姓名、所在单位及职务、身份证号码……）。"
SAYS_NOTHING_ALONE = frozenset({columns.SERIAL, columns.TOWN, columns.CATEGORY})
NAME_AT_MOST, ID_LENGTH = 15, 18
NAMED_AT_MOST, WORD_AT_MOST = 5, 20  # of what was not read in a column
FOOTNOTE = re.compile(
    r"(?:填报|填表|上报|报送|制表|审核|审批|经办|签发|复核|统计)(?:单位|人|日期|时间|员)?(?:[（(].{0,8}[）)])?(?:[:：]|\Z)"
    r"|填报单位|(?:单位|镇|分管|主要)?(?:负责人|领导)(?:签[字名])?(?:[（(].{0,8}[）)])?(?:[:：]|\Z)|联系人(?:[:：]|\Z)"
    r"|(?:说明|注|备注|附注|填表说明)(?:[:：]|\Z)|注\d?[.、]|(?:合计|总计|小计|共计)|共\d+人|第\d+页"
    r"|附(?:件)?\d?[:：]|[—–\-（(]*以下(?:空白|无正文|略)|.{0,20}(?:签[字名章]|盖章|公章)[）)]?[:：]?\Z"
)
SUBMITTED_BY = re.compile(r"(?:填报|上报|报送)单位")
LOOKS_LIKE_PHONE = re.compile(r"\d{7}")
NO_NAME = re.compile(r"[\d：:，,。；;！!？?、（()）]")
NOTHING_SAID = re.compile(r"(?:无|没有|暂无|[…./\\—–\-~～])*")  # noqa: RUF001
SECTION = re.compile(r"[（(]?[一二三四五六七八九十]{1,3}[)）、.．]+")  # noqa: RUF001
A_DAY = re.compile(  # at which a list is signed, the figures perhaps left to be filled in
    r"(?:\d{4}|二[\u3007○零][\u3007○零一二三四五六七八九]{2})[年./-](?:\d{1,2}|[一二三四五六七八九十]{1,3})[月./-]"
    r"(?:\d{1,2}|[一二三四五六七八九十]{1,3})日?|\d{0,4}年\d{0,2}月\d{0,2}日"
)
UNIT_AND_DAY = 2
SERIAL_ALONE = re.compile(r"[\d一二三四五六七八九十.、（）()\s]*")
BLANKS = re.compile(r"\s+")
EXAMPLE = re.compile(r"(?:填写|填报|填表)?(?:示例|样例|范例)")  # the sheet of made-up people in our own template


@dataclass(frozen=True, slots=True)
class AnnexSheet:
    """One sheet with the annex on it.

    `title` is the text above the header, `headings` the lines among the people (一、太平镇) by row number,
    `submitted_by` the 填报单位 line. `skipped` are the rows that were taken for none of the people,
    `hidden` the numbers of rows that the sheet does not show. `fields` are those of all its tables,
    `tables` those of each by its header's row, `unread` the headers of columns that are no field's and hold something;
    only a file just read has them.
    """

    name: str
    header_row: int
    fields: frozenset[str]
    title: str
    submitted_by: str
    rows: list[RawRow]
    skipped: list[int] = field(default_factory=list)
    headings: Mapping[int, str] = field(default_factory=dict)
    hidden: frozenset[int] = frozenset()
    tables: Mapping[int, frozenset[str]] = field(default_factory=dict)
    unread: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class AnnexFile:
    """`wants_header`: where nothing could be used, whether a header is what the file lacks."""

    sheets: list[AnnexSheet]
    issues: list[Issue]
    wants_header: bool = True

    @property
    def is_usable(self) -> bool:
        return bool(self.sheets)


def read_annex(workbook: Workbook) -> AnnexFile:
    """Every sheet that has the annex's header row. Sheets without one are errors only when there is no good sheet."""
    sheets: list[AnnexSheet] = []
    problems: list[tuple[str, str]] = []
    examples = [sheet.name for sheet in workbook.sheets if EXAMPLE.fullmatch(sheet.name.strip())]
    for sheet in workbook.sheets:
        if sheet.name in examples:
            continue
        found = _read_sheet(sheet)
        if isinstance(found, AnnexSheet):
            sheets.append(found)
        else:
            problems.append((sheet.name, found))
    is_a_picture = not sheets and workbook.has_pictures
    if is_a_picture:  # of its sheets, which hold nothing else, there is nothing more to say
        problems = [(name, why) for name, why in problems if why != EMPTY]
    is_garbled = not sheets and ("", NO_HEADER) in problems
    issues = [_header_issue(name, why, fatal=not sheets) for name, why in problems]
    if len(workbook.sheets) == len(examples):
        issues.append(Issue(ErrorCode.HEADER_MISSING, "文件里没有可以读的工作表（只有图表，或都隐藏了）。"))
    if is_a_picture:
        issues.append(Issue(ErrorCode.HEADER_MISSING, "名单像是图片，图片里的字读不出来，请录成文字。"))
    issues += [
        Issue(WarningCode.SHEET_HIDDEN, f"工作表「{name}」是隐藏的，没有读。", sheet=name)
        for name in workbook.hidden_sheets
    ]
    issues += [
        Issue(WarningCode.EXAMPLE_SKIPPED, f"工作表「{name}」是示例，里面的人没有读。", sheet=name) for name in examples
    ]
    about_columns = [
        issue
        for sheet in sheets
        for issue in (*_missing_columns(sheet), *_unread_columns(sheet), *_unread_categories(sheet))
    ]
    wants_header = not is_garbled and not (is_a_picture and not problems)
    return AnnexFile(sheets, issues + about_columns, wants_header)


def _header_issue(name: str, why: str, *, fatal: bool) -> Issue:
    code = ErrorCode.HEADER_MISSING if fatal else WarningCode.SHEET_WITHOUT_HEADER
    if name:
        return Issue(code, f"工作表「{name}」{why}", sheet=name)
    advice = f"表头看着都在的话，是文字编码不对：{SAVE_AS_XLSX}" if why == NO_HEADER else ""
    return Issue(code, f"文件里{why}{advice}")


def _missing_columns(sheet: AnnexSheet) -> list[Issue]:
    lacking = {
        column.title: [str(number) for number, fields in sheet.tables.items() if column.field not in fields]
        for column in columns.FACT_COLUMNS
    }
    return [
        Issue(WarningCode.COLUMN_MISSING, _missing_said(title, numbers, sheet), sheet=sheet.name or None)
        for title, numbers in lacking.items()
        if numbers
    ]


def _unread_columns(sheet: AnnexSheet) -> list[Issue]:
    if not sheet.unread:
        return []
    message = f"「{'」「'.join(sheet.unread)}」不是名册里的项目，没有读。"
    return [Issue(WarningCode.COLUMN_NOT_READ, message, sheet=sheet.name or None)]


def _unread_categories(sheet: AnnexSheet) -> list[Issue]:
    """Once for the sheet: what of 人员类别 is no seat and left it to post and note."""
    if not any(columns.CATEGORY in fields for fields in sheet.tables.values()):
        return []
    words = dict.fromkeys(raw.text(columns.CATEGORY) for raw in sheet.rows)
    unread = [mask_text(word)[:WORD_AT_MOST] for word in words if word and not read_post("", word).role]
    if not unread:
        return []
    more = "等" if len(unread) > NAMED_AT_MOST else ""
    message = f"「人员类别」一列的「{'」「'.join(unread[:NAMED_AT_MOST])}」{more}不是队伍的岗位，没有读。"
    return [Issue(WarningCode.COLUMN_NOT_READ, message, sheet=sheet.name or None)]


def _missing_said(title: str, numbers: list[str], sheet: AnnexSheet) -> str:
    if len(numbers) == len(sheet.tables):
        return f"没有「{title}」这一列，已有人员的这一项不动。"
    return f"第 {'、'.join(numbers)} 行的表头没有「{title}」这一列，它下面已有人员的这一项不动。"


def _read_sheet(sheet: Sheet) -> AnnexSheet | str:
    """The annex on a sheet, or the sentence that says why there is none."""
    header = find_header(sheet.rows)
    if not any(value != "" for row in sheet.rows for value in row.values):
        return EMPTY
    if header is None:
        return NO_HEADER
    number = header.row.number
    if missing := columns.missing_titles(header.matched, required=True):
        return f"第 {number} 行是表头，但没有「{'」「'.join(missing)}」这一列。"
    above = [_row_text(row) for row in sheet.rows[: number - 1]]
    found = _Sorted(header)
    found.take_all(sheet.rows[number:])
    if found.beside:
        return f"第 {found.beside} 行有两个「姓名」、两个「身份证号码」，像两张表并排，没有读。请接成一张再上传。"
    lines = above + [_row_text(row) for row in found.skipped]
    return AnnexSheet(
        sheet.name,
        number,
        frozenset().union(*found.tables.values()),
        title=" ".join(filter(None, above)),
        submitted_by=next((text for text in lines if SUBMITTED_BY.search(text)), ""),
        rows=found.rows,
        skipped=[row.number for row in found.skipped],
        headings=found.headings,
        hidden=sheet.hidden and sheet.hidden.intersection(raw.number for raw in found.rows),
        tables=found.tables,
        unread=[text for place, text in header.unread().items() if any(raw.row.at(place) != "" for raw in found.rows)],
    )


class _Sorted:
    """The rows below a header, sorted into people, lines among them, and blank rows.

    `beside` is the row of a header of two tables side by side: of the right one nothing would be read.
    """

    def __init__(self, header: Header) -> None:
        self.tables: dict[int, frozenset[str]] = {}
        self.beside = 0
        self.passed: Header | None = None  # a header among the people, perhaps the upper half of one
        self._begin(header)
        self.rows: list[RawRow] = []
        self.skipped: list[SheetRow] = []
        self.headings: dict[int, str] = {}

    def take_all(self, rows: Sequence[SheetRow]) -> None:
        waiting = iter(rows)
        while self._take_table(waiting):
            pass

    def _take_table(self, waiting: Iterator[SheetRow]) -> bool:
        """Nearly every row is plainly a person: a name and a whole number as text, no formula, no merged cell.

        True where a header in another order begins a further table.
        """
        layout, people = self.layout, self.rows
        name_at, number_at = self.places["name"][0], self.places["id_number"][0]
        reach = max(name_at, number_at)
        for row in waiting:
            _, values, formulas, filled_down = row
            if not (formulas or filled_down or len(values) <= reach):
                name, number = values[name_at], values[number_at]
                has_name = type(name) is str and name.isalpha() and "名" not in name  # 姓名 is a header
                if has_name and type(number) is str and len(number) >= ID_LENGTH and number.isalnum():
                    people.append(RawRow(row, layout, NO_FIELDS, NOTHING_TYPED))
                    continue
            self._take(row)
            if self.layout is not layout:
                return True
        return False

    def _take(self, row: SheetRow) -> None:
        places, above = self.places, self.passed
        self.passed = further_header(row)
        if self.passed and (self.passed.is_whole or _is_repeated_header(row, places)):
            self._pass_over(row)
            self._turn(self.passed)
        elif above and (torn := lower_half(above, row)):
            self._pass_over(row)
            self._turn(torn)
        elif _is_blank(row, places) or _is_line(row, places):
            self._pass_over(row)
        else:
            self.rows.append(RawRow(row, self.layout, _formula_fields(row, places)))

    def _turn(self, header: Header) -> None:
        """To the order of a further table; a header that is the table's own again, or its upper half, turns nothing."""
        if header.is_whole and header.matched not in self.own:
            self._begin(header)

    def _begin(self, header: Header) -> None:
        upper = Header.of(header.upper, header.upper.values) if header.upper else None
        self.own = [header.matched, upper.matched if upper else {}]
        self.layout = Layout.of(header.matched)
        self.places = self.layout.places
        if upper:
            self.tables.pop(upper.row.number, None)
        self.tables[header.row.number] = frozenset(header.matched)
        if header.stands_twice:
            self.beside = self.beside or header.row.number

    def _pass_over(self, row: SheetRow) -> None:
        """Note what a line among the people says; a number in 序号 says nothing."""
        text = " ".join(filter(None, (own_text(row, place) for place in range(len(row.values)))))
        if SERIAL_ALONE.fullmatch(text):
            return
        self.skipped.append(row)
        if not FOOTNOTE.match(BLANKS.sub("", text)):
            self.headings[row.number] = text


def _row_text(row: SheetRow) -> str:
    return " ".join(filter(None, (line(value) for value in row.values)))


def _is_blank(row: SheetRow, places: Mapping[str, tuple[int, ...]]) -> bool:
    """Nothing but a pre-printed 序号 or town, and 无 or strokes where nothing was to be said."""
    if not NOTHING_SAID.fullmatch(own_text(row, places["name"][0])):
        return False
    return not any(
        not NOTHING_SAID.fullmatch(own_text(row, place)) or (place in row.formulas and place not in row.filled_down)
        for name, here in places.items()
        if name not in SAYS_NOTHING_ALONE
        for place in here
    )


def _is_repeated_header(row: SheetRow, places: Mapping[str, tuple[int, ...]]) -> bool:
    return columns.field_of(row.at(places["name"][0])) == "name"


def _is_line(row: SheetRow, places: Mapping[str, tuple[int, ...]]) -> bool:
    """A signature, an explanation or a heading: its words say so, and it holds no identity number."""
    if any(is_like_id(own_text(row, place)) for place in places["id_number"]):
        return False
    first = next((value for value in row.values if isinstance(value, str) and value.strip()), "")
    if FOOTNOTE.match(BLANKS.sub("", line(first))):
        return True
    if row.formulas or _goes_on(row, places):
        return False
    own = [place for place, value in enumerate(row.values) if value != "" and own_text(row, place)]
    if _is_heading_in_two(row, own, places) or _is_signature(row, own, places):
        return True
    return len(own) == 1 and own[0] != places["id_number"][0] and not _may_be_a_name(row, own[0], places)


def _goes_on(row: SheetRow, places: Mapping[str, tuple[int, ...]]) -> bool:
    """Whether the person of the row above goes on: a second phone below the first, all else merged over both rows."""
    return row.filled_down.issuperset((places["name"][0], places["id_number"][0]))


def _is_heading_in_two(row: SheetRow, own: list[int], places: Mapping[str, tuple[int, ...]]) -> bool:
    """「二、」 in one cell, the words in the next."""
    first, second = (*own, -1, -1)[:2]
    return (
        len(own) == UNIT_AND_DAY
        and first in places.get(columns.SERIAL, ())
        and second not in places["id_number"]
        and bool(SECTION.fullmatch(own_text(row, first)))
    )


def _is_signature(row: SheetRow, own: list[int], places: Mapping[str, tuple[int, ...]]) -> bool:
    """The unit and the day, or the day alone."""
    if not own or len(own) > UNIT_AND_DAY or places["name"][0] in own:
        return False
    texts = [BLANKS.sub("", own_text(row, place)) for place in own if place not in places.get("born", ())]
    return any(map(A_DAY.fullmatch, texts)) and not any(LOOKS_LIKE_PHONE.search(text) for text in texts)


def _may_be_a_name(row: SheetRow, place: int, places: Mapping[str, tuple[int, ...]]) -> bool:
    text = own_text(row, place)
    return place == places["name"][0] and len(text) <= NAME_AT_MOST and not NO_NAME.search(text)


def _formula_fields(row: SheetRow, places: Mapping[str, tuple[int, ...]]) -> frozenset[str]:
    if not row.formulas:
        return NO_FIELDS
    return frozenset(name for name, here in places.items() if not row.formulas.isdisjoint(here))
