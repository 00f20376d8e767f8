"""Finding the annex in a workbook: headers, titles, blank rows, signatures, several sheets."""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook

from core.spreadsheets import Workbook as ReadWorkbook
from core.spreadsheets import read_workbook
from core.spreadsheets.contents import Sheet, SheetRow
from roster.annex.columns import COLUMNS, FACT_COLUMNS, plain_header
from roster.annex.reading import AnnexFile, read_annex
from roster.annex.rows import RawRow
from tests.roster.workbooks import HEADER, XLSX, person, roster, saved, table, unhurried, xlsx

DECORATIONS = (
    "{}", " {} ", "*{}", "{}*", "{}：", "{}（必填）", "{}\n(如1985-03)", "1.{}", "①{}", "{}\n",
    "【{}】", "“{}”", "{}栏", "\u200b{}",
)  # fmt: skip


def read(data: bytes, name: str = XLSX) -> AnnexFile:
    return read_annex(read_workbook(data, name))


def codes(annex: AnnexFile) -> list[tuple[str, str | None]]:
    return [(issue.code.value, issue.sheet) for issue in annex.issues]


@pytest.mark.parametrize(
    "header",
    [
        "姓 名",
        "姓　名",
        "姓\xa0名",
        "姓\u200b名",
        "*姓名",
        "姓名*",
        "姓名（必填）",
        "姓名:",
        "2、姓名",
        "①姓名",
        "名字",
        "“姓名”",
        "姓\n名",
        "调解员姓名",
        "人员姓名",
        "姓名 / 称谓",
    ],
)
def test_a_decorated_header_is_known(header):
    rows = table(person(1))
    rows[2][1] = header
    assert [row.text("name") for row in read(xlsx(rows)).sheets[0].rows] == [person(1)["姓名"]]


@pytest.mark.parametrize(
    ("header", "field"),
    [
        ("身份证\n号码", "id_number"),
        ("公民身份号码", "id_number"),
        ("联系电话（手机）", "phone"),
        ("联系方式", "phone"),
        ("联系电话1", "phone"),
        ("手机/电话", "phone"),
        ("联系电话及手机", "phone"),
        ("本人手机号码", "phone"),
        ("身份证号", "id_number"),
        ("身份证号码（18位）", "id_number"),
        ("*身 份 证 号 码", "id_number"),
        ("出生年月(如1985-03)", "born"),
        ("出生\n年月", "born"),
        ("性别（男/女）", "sex"),
        ("所在单位和职务", "unit_and_duty"),
        ("现工作单位及职务（全称）", "unit_and_duty"),
        ("通信地址（可收快递）", "contact_address"),
        ("现居住地址", "contact_address"),
        ("备注栏", "note"),
        ("备注（负责镇街）", "note"),
        ("工作单位及职务", "unit_and_duty"),
        ("所在单位、职务", "unit_and_duty"),
        ("户籍所在地", "registered_address"),
        ("出生日期", "born"),
        ("备  注", "note"),
    ],
)
def test_other_words_for_a_column_are_known(header, field):
    rows = [["姓名", "身份证号", "单位", header], ["测一", "1", "太平镇", "值"]]
    assert field in read(xlsx(rows)).sheets[0].fields


def spelled(header: str) -> st.SearchStrategy[str]:
    """The header in any decoration, its letters together, spaced out or broken over two lines."""
    broken = st.sampled_from(["", " ", "\u3000", "\xa0", "\n"]).map(lambda gap: gap.join(header))
    return st.builds(lambda decoration, word: decoration.format(word), st.sampled_from(DECORATIONS), broken)


@unhurried
@given(st.permutations(HEADER), st.data())
def test_any_order_and_decoration_of_the_headers_reads_the_same(order, data):
    row = {name: str(value) for name, value in person(1, 备注="兼太平镇").items()}
    rows = [[data.draw(spelled(name)) for name in order], [row[name] for name in order]]
    sheet = Sheet("", [SheetRow(number, list(values)) for number, values in enumerate(rows, 1)])
    found = read_annex(ReadWorkbook([sheet])).sheets[0]
    assert found.fields == {column.field for column in COLUMNS}
    assert found.rows[0].texts() == {column.field: row[column.title] for column in FACT_COLUMNS}


def test_headers_without_letters_are_no_headers():
    assert [plain_header(text) for text in ("1", "（）", "*")] == ["", "", ""]


def test_the_rows_keep_their_numbers_and_blank_rows_vanish():
    rows = table(person(1), dict.fromkeys(HEADER, ""), person(2))
    assert [row.number for row in read(xlsx(rows)).sheets[0].rows] == [4, 6]


def test_a_row_with_nothing_but_its_number_is_blank():
    rows = table(person(1), {"序号": 2}, {"序号": 3})
    assert [row.number for row in read(xlsx(rows)).sheets[0].rows] == [4]


@pytest.mark.parametrize(
    "line",
    [
        ["填报单位（盖章）：太平镇人民政府"],
        ["", "填报单位：太平镇人民政府", "", "", "填报时间：2023年3月28日"],
        ["填表人：测四", "", "", "", "审核人：测五", "", "", "", "联系电话：0766-3812345"],
        ["填表人：测四", "", "", "", "审核人：测五", "", "", "联系电话：0766-3812345"],
        ["", "联系人", "测四", "", "", "", "", "13800000009"],
        ["", "分管领导签名：", "", "", "", "", "", "填表日期：2023年3月28日"],
        ["", "领导签字", "", "", "经办人"],
        ["", "", "", "", "太平镇人民政府（盖章）"],
        ["", "单位（公章）"],
        ["", "", "", "", "", "", "2023年3月28日"],
        ["说明：1.本表一式两份。"],
        ["", "填表说明"],
        ["", "注", "本表一式三份"],
        ["", "1.本表由各镇（街）填写"],
        ["", "以上人员名单经镇党委会研究同意，特此报送。"],
        ["注：调解人员不少于 6 名"],
        ["合计", "共 8 人"],
        ["", "合 计", "8人"],
        ["", "备注：以上人员均已入驻平台"],
        ["——以下空白——"],
        ["", "以下空白"],
        ["第1页，共2页"],
        ["一、镇干部"],
    ],
    ids=lambda line: "".join(line)[:8],
)
def test_signatures_and_footnotes_are_no_people(line):
    sheet = read(xlsx([*table(person(1)), line])).sheets[0]
    assert [row.number for row in sheet.rows] == [4]
    assert sheet.skipped == [5]


@pytest.mark.parametrize(
    "line",
    [
        {"姓名": "测四"},
        {"身份证号码": "445381198503021012"},
        {"姓名": "测四", "联系电话": "13800000009"},
        {"姓名": "共青", "身份证号码": "445381198503021012"},
        {"所在单位及职务": "太平镇综治办 主任", "联系电话": "13800000009"},
        {"姓名": "买买提·艾山"},
    ],
    ids=lambda line: "".join(line.values()),
)
def test_whoever_may_be_a_person_is_no_footnote(line):
    assert [row.number for row in read(roster(person(1), line)).sheets[0].rows] == [4, 5]


@pytest.mark.parametrize("serial", ["3", "3.", "（三）", "三、", 3, 3.0])
def test_a_preprinted_serial_is_neither_a_person_nor_a_line(serial):
    sheet = read(roster(person(1), {"序号": serial})).sheets[0]
    assert ([row.number for row in sheet.rows], sheet.skipped, sheet.headings) == ([4], [], {})


def test_a_person_whose_note_looks_like_a_footnote_stays_a_person():
    sheet = read(roster(person(1, 备注="说明：兼任网格员", 身份证号码=""))).sheets[0]
    assert [row.number for row in sheet.rows] == [4]


def test_a_repeated_header_row_is_left_out():
    rows = [*table(person(1)), list(HEADER), list(person(2).values())]
    sheet = read(xlsx(rows)).sheets[0]
    assert ([row.number for row in sheet.rows], sheet.skipped) == ([4, 6], [5])


def test_lines_among_the_people_are_kept_as_headings():
    rows = [list(HEADER), ["一、太平镇"], list(person(1).values()), ["", "二、罗镜镇"], list(person(2).values())]
    sheet = read(xlsx([*rows, ["填报单位：太平镇"]])).sheets[0]
    assert sheet.headings == {2: "一、太平镇", 4: "二、罗镜镇"}
    assert [row.number for row in sheet.rows] == [3, 5]


def test_a_header_in_two_rows_is_read_whole():
    book = Workbook()
    page = book.active
    page.append([*HEADER[:5], "地址", "", *HEADER[7:]])
    page.append(["", "", "", "", "", "户籍地址", "通讯地址"])
    page.append(list(person(1).values()))
    for column in "ABCDEHIJ":
        page.merge_cells(f"{column}1:{column}2")
    page.merge_cells("F1:G1")
    sheet = read(saved(book)).sheets[0]
    assert (sheet.header_row, len(sheet.fields), [row.number for row in sheet.rows]) == (2, 10, [3])
    assert sheet.rows[0].text("contact_address") == "罗定市太平镇政府"


def test_of_two_phone_columns_one_may_be_a_formula():
    header = ["姓名", "单位", "身份证号码", "办公电话", "手机"]
    row = read(xlsx([header, ["测一", "太平镇", "1", "=A1", "13881924865"]])).sheets[0].rows[0]
    assert (row.text("phone"), row.formulas) == ("13881924865", {"phone"})


def test_a_row_kept_by_its_cells_is_the_same_row():
    header = [*HEADER, "手机", "单位"]
    rows = (
        read(xlsx([header, [*person(1, 出生年月=1985.1, 备注="=A1", 姓名="=A1").values(), "=A1", "太平镇"]]))
        .sheets[0]
        .rows
    )
    again = RawRow.of_cells(rows[0].number, rows[0].by_field(), rows[0].formulas)
    assert (again.texts(), again.first("born"), again.formulas) == (
        rows[0].texts(), 1985.1, {"name", "note", "phone"},
    )  # fmt: skip
    assert (again.number, again.by_field()) == (2, rows[0].by_field())


def test_title_and_submitting_unit_are_kept_for_the_town():
    rows = table(person(1), title="太平镇“法官联络点”人员名单")
    sheet = read(xlsx([*rows, ["填报单位：太平镇人民政府"]])).sheets[0]
    assert (sheet.title, sheet.submitted_by) == ("太平镇“法官联络点”人员名单", "填报单位：太平镇人民政府")


def test_unit_and_duty_in_two_columns_are_joined_and_so_are_two_phones():
    header = ["姓名", "单位", "职务", "身份证号码", "办公电话", "手机"]
    row = read(xlsx([header, ["测一", "太平镇综治中心", "主任", "1", "0766-3812345", "13881924865"]])).sheets[0].rows[0]
    assert row.text("unit_and_duty") == "太平镇综治中心 主任"
    assert row.text("phone") == "0766-3812345/13881924865"


def test_several_sheets_are_read_and_one_without_headers_only_warns():
    data = xlsx(table(person(1)), [["填表须知"]], table(person(2)), names=["太平镇", "须知", "罗镜镇"])
    annex = read(data)
    assert [sheet.name for sheet in annex.sheets] == ["太平镇", "罗镜镇"]
    assert codes(annex) == [("sheet_without_header", "须知")]


def test_no_header_anywhere_makes_the_file_unusable():
    annex = read(xlsx([["随便", "写的"]], [["也是"]], names=["甲", "乙"]))
    assert (annex.is_usable, codes(annex)) == (False, [("header_missing", "甲"), ("header_missing", "乙")])


@pytest.mark.parametrize("gone", ["姓名", "身份证号码", "所在单位及职务"])
def test_a_missing_required_column_is_named(gone):
    header = [name for name in HEADER if name != gone]
    annex = read(roster(person(1), header=header))
    assert codes(annex) == [("header_missing", "名单")]
    assert annex.issues[0].message == f"工作表「名单」第 3 行是表头，但没有「{gone}」这一列。"


def test_another_missing_column_only_warns():
    header = [name for name in HEADER if name not in ("户籍地址", "备注")]
    assert codes(read(roster(person(1), header=header))) == [("column_missing", "名单"), ("column_missing", "名单")]


def test_an_empty_workbook_has_no_header():
    assert codes(read(xlsx([]))) == [("header_missing", "名单")]


def test_every_header_word_belongs_to_one_column():
    words = list(itertools.chain.from_iterable((column.title, *column.headers) for column in COLUMNS))
    assert len(words) == len(set(words))
