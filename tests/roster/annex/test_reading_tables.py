"""Tables as offices really make them: headers torn apart, a second table below or beside, lines that sign a list."""

from datetime import date

import pytest
from openpyxl import Workbook

from core.spreadsheets import read_workbook
from roster.annex.reading import read_annex
from tests.roster.workbooks import HEADER, XLSX, person, roster, saved, table, xlsx

SWAPPED = (
    "序号",
    "姓名",
    "性别",
    "出生年月",
    "身份证号码",
    "所在单位及职务",
    "通讯地址",
    "户籍地址",
    "联系电话",
    "备注",
)


def read(data):
    return read_annex(read_workbook(data, XLSX))


def numbers(data) -> list[int]:
    return [row.number for sheet in read(data).sheets for row in sheet.rows]


def in_order(row, header) -> list:
    return [row[name] for name in header]


# ── headers ──────────────────────────────────────────────────────────────────


def test_a_header_whose_words_are_torn_over_two_rows_is_read_whole():
    upper = ["序", "姓名", "出生", "性", "所在单位", "户籍", "通讯", "身份证", "联系", "备"]
    lower = ["号", "", "年月", "别", "及职务", "地址", "地址", "号码", "电话", "注"]
    (sheet,) = read(xlsx([["名单"], upper, lower, list(person(1).values())])).sheets
    assert (sheet.header_row, len(sheet.fields), [row.number for row in sheet.rows]) == (3, 10, [4])
    assert sheet.rows[0].text("phone") == "13800000001"


def test_the_first_person_is_never_taken_for_half_a_header():
    header = [*HEADER[:8], "怎么找", "备注"]
    (sheet,) = read(xlsx([header, [*person(1).values()][:8] + ["手机", ""]])).sheets
    assert (sheet.header_row, [row.number for row in sheet.rows]) == (1, [2])


def test_below_a_header_in_another_order_the_cells_are_read_in_that_order(check):
    people = [person(number, 户籍地址=f"户籍{number}", 通讯地址=f"通讯{number}") for number in (1, 2, 3, 4)]
    rows = [
        *table(*people[:2]), ["二、联络人员"], list(SWAPPED), *(in_order(row, SWAPPED) for row in people[2:])
    ]  # fmt: skip
    _, checked = check(xlsx(rows))
    assert [issue for row in checked for issue in row.issues] == []
    assert [(row.number, row.facts.registered_address, row.facts.contact_address) for row in checked] == [
        (4, "户籍1", "通讯1"), (5, "户籍2", "通讯2"), (8, "户籍3", "通讯3"), (9, "户籍4", "通讯4"),
    ]  # fmt: skip


def test_of_two_tables_side_by_side_none_is_read_by_half():
    header = ["姓名", "单位职务", "身份证号码"]
    annex = read(xlsx([header * 2, ["测一", "太平镇", "1", "测二", "太平镇", "2"]]))
    assert (annex.sheets, [issue.message for issue in annex.issues]) == (
        [],
        [
            "工作表「名单」第 1 行有两个「姓名」、两个「身份证号码」，像两张表并排，没有读。请接成一张再上传。",
        ],
    )


PLAIN, WITH_SEX, ONE = ["姓名", "单位", "身份证"], ["姓名", "单位", "身份证", "性"], ["测一", "太平镇", "1"]


@pytest.mark.parametrize(
    ("rows", "number"),
    [
        ([WITH_SEX * 2, ["", "", "号码", "别"] * 2], 2),
        ([PLAIN, ONE, PLAIN * 2], 3),
        ([PLAIN, ONE, WITH_SEX * 2, ["", "", "", "别"] * 2], 3),
    ],
    ids=["torn header", "further down", "torn further down"],
)
def test_two_tables_side_by_side_are_found_wherever_they_stand(rows, number):
    annex = read(xlsx([*rows, ["测二", "太平镇", "2", "", "测三", "太平镇", "3"]]))
    (issue,) = annex.issues
    assert (annex.sheets, f"第 {number} 行有两个「姓名」" in issue.message) == ([], True)


UPPER = (*HEADER[:9], "", "备注")
LOWER = (*[""] * 8, "办公电话", "手机", "")


def two_phones(number) -> list:
    values = list(person(number).values())
    return [*values[:8], "0766-3811122", values[8], values[9]]


def test_two_phone_columns_below_one_header_are_both_read():
    (sheet,) = read(xlsx([list(UPPER), list(LOWER), two_phones(1)])).sheets
    assert (sheet.header_row, [row.number for row in sheet.rows]) == (2, [3])
    assert sheet.rows[0].text("phone") == "0766-3811122/13800000001"


@pytest.mark.parametrize("again", [[UPPER], [UPPER, LOWER]], ids=["upper row alone", "both rows"])
def test_a_torn_header_on_a_later_page_turns_nothing_and_is_nobody(again):
    rows = [list(UPPER), list(LOWER), two_phones(1), *map(list, again), two_phones(2)]
    (sheet,) = read(xlsx(rows)).sheets
    assert [row.text("phone") for row in sheet.rows] == ["0766-3811122/13800000001", "0766-3811122/13800000002"]


def test_a_further_table_may_have_a_torn_header(check):
    rows = [list(HEADER), list(person(1).values()), list(UPPER), list(LOWER), two_phones(2)]
    _, checked = check(xlsx(rows))
    assert [(row.number, row.facts.phone, row.issues) for row in checked] == [
        (2, "13800000001", ()), (5, "0766-3811122、13800000002", ()),
    ]  # fmt: skip


SHORT = tuple(name for name in HEADER if name != "通讯地址")
SHORTER = tuple(name for name in SHORT if name != "备注")


def test_a_fuller_header_further_down_loses_nobody_above_it(check):
    rows = [list(SHORT), in_order(person(1), SHORT), list(HEADER), in_order(person(2), HEADER)]
    _, checked = check(xlsx(rows))
    assert [(row.number, row.facts.contact_address) for row in checked] == [(2, ""), (4, "罗定市太平镇政府")]


@pytest.mark.parametrize(
    ("headers", "said"),
    [
        ([SHORT, HEADER], ["第 1 行的表头没有「通讯地址」这一列，它下面已有人员的这一项不动。"]),
        ([HEADER, SHORT], ["第 3 行的表头没有「通讯地址」这一列，它下面已有人员的这一项不动。"]),
        ([SHORT, HEADER, SHORT], ["第 1、5 行的表头没有「通讯地址」这一列，它下面已有人员的这一项不动。"]),
        (
            [SHORT, SHORTER],
            [
                "没有「通讯地址」这一列，已有人员的这一项不动。",
                "第 3 行的表头没有「备注」这一列，它下面已有人员的这一项不动。",
            ],
        ),
        ([SHORT, SHORT], ["没有「通讯地址」这一列，已有人员的这一项不动。"]),
        ([HEADER, HEADER], []),
    ],
    ids=["first", "second", "twice", "two columns", "all", "none"],
)
def test_a_column_is_said_to_be_missing_where_it_is(headers, said):
    rows = [line for place, header in enumerate(headers) for line in (list(header), in_order(person(place), header))]
    annex = read(xlsx(rows))
    assert [issue.message for issue in annex.issues] == said
    assert annex.sheets[0].fields == frozenset().union(*annex.sheets[0].tables.values())


# ── lines that are nobody ────────────────────────────────────────────────────


@pytest.mark.parametrize(
    "line",
    [
        ["附：", "身份证复印件"],
        ["", "以下略"],
        ["太平镇司法所", "", "", "", "", "", "", "", "2023.4.3"],
        ["太平镇司法所", "", "", "", "", "", "", "", "二〇二三年四月三日"],
        ["", "", "", "", "太平镇人民政府", "", "", date(2023, 4, 3)],
        ["", "", "", "", "", "", "", "太平镇人民政府", "年　月　日"],
        ["二、", "网格员"],
        ["（二）", "大南村"],
    ],
    ids=["enclosed", "and so on", "unit and day", "day in words", "a real date", "no day yet", "heading", "brackets"],
)
def test_who_signs_and_what_is_enclosed_are_no_people(line):
    sheet = read(xlsx([*table(person(1)), line])).sheets[0]
    assert ([row.number for row in sheet.rows], sheet.skipped) == ([4], [5])


@pytest.mark.parametrize(
    "row",
    [
        {"姓名": "测四", "出生年月": "1985.03.02"},
        {"所在单位及职务": "太平镇", "出生年月": "1985.03.02"},
        {"序号": "4", "姓名": "测四"},
        {"序号": "四", "姓名": "测四"},
        {"联系电话": "13800000009", "备注": "2023.4.3"},
    ],
    ids="".join,
)
def test_whoever_may_be_a_person_is_asked_about(row):
    assert numbers(roster(person(1), row)) == [4, 5]


@pytest.mark.parametrize("word", ["无", "/", "——", "……", "暂无"])
def test_strokes_where_nothing_was_to_be_said_are_nobody(word):
    nobody = dict.fromkeys(HEADER, word) | {"序号": 2}
    assert numbers(roster(person(1), nobody, {"序号": 3, "备注": word})) == [4]


def test_a_second_phone_below_the_first_is_not_lost_unsaid(check):
    book = Workbook()
    page = book.active
    for row in (list(HEADER), list(person(1).values()), [None] * 8 + ["0766-3812345"], list(person(2).values())):
        page.append(row)
    for letter in "ABCDEFGHJ":
        page.merge_cells(f"{letter}2:{letter}3")
    _, rows = check(saved(book))
    assert [(row.number, [issue.code.value for issue in row.issues]) for row in rows] == [
        (2, []), (3, ["duplicate_in_file"]), (4, []),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("header", "cells", "said"),
    [
        ([*HEADER, "民族", "学历"], ["汉族", "大专"], ["「民族」「学历」不是名册里的项目，没有读。"]),
        ([*HEADER, "民族", "学历"], ["", "大专"], ["「学历」不是名册里的项目，没有读。"]),
        ([*HEADER, "民族", "1"], ["", "x"], []),
        ([*HEADER, "人员类别", "镇街"], ["村干部", "太平镇"], []),
    ],
    ids=["both", "one is empty", "no words", "known beside the annex"],
)
def test_columns_that_are_not_read_are_named(header, cells, said):
    annex = read(xlsx([header, [*in_order(person(1), HEADER), *cells]]))
    assert [issue.message for issue in annex.issues] == said


def test_an_unread_column_below_a_torn_header_is_named_by_either_half():
    rows = [[*UPPER, "政治面貌", ""], [*LOWER, "", "爱好"], [*two_phones(1), "党员", "下棋"]]
    annex = read(xlsx(rows))
    assert [issue.message for issue in annex.issues] == ["「政治面貌」「爱好」不是名册里的项目，没有读。"]
