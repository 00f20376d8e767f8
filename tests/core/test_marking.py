"""The same workbook with marks: everything else stays, whatever the file was."""

import io

import pytest
from openpyxl import Workbook, load_workbook
from openpyxl.comments import Comment
from openpyxl.styles import Font
from openpyxl.worksheet.datavalidation import DataValidation

from core.spreadsheets import Mark, marked_workbook, marking, read_workbook
from tests.roster.workbooks import csv, saved, xls

RED, OCHRE = "00F6C9C5", "00FBE3B3"


def looks() -> Workbook:
    book = Workbook()
    page = book.active
    page.title = "名单"
    page.append(["姓名", "电话", "算"])
    page.append(["测一", "13800", "=1+1"])
    page.append(["测二", "13800000001", "x"])
    page["A2"].font = Font(bold=True)
    page["A2"].comment = Comment("原来的批注", "某人")
    page.column_dimensions["B"].width = 33
    page.merge_cells("C2:C3")
    page.add_data_validation(DataValidation(type="list", formula1='"男,女"', sqref="D2:D9"))
    book.create_sheet("隐藏").sheet_state = "hidden"
    return book


def marked(data, *marks, name="名单.xlsx"):
    out = marked_workbook(data, read_workbook(data, name), marks, is_xlsx=name.endswith(".xlsx"))
    return load_workbook(io.BytesIO(out))


def test_an_error_is_red_and_a_warning_ochre_with_the_sentence_as_comment():
    page = marked(saved(looks()), Mark(0, 2, 1, "只有 5 位。", True), Mark(0, 3, 0, "请留意。", False))["名单"]
    assert [(page[cell].fill.fgColor.rgb, page[cell].comment.text) for cell in ("B2", "A3")] == [
        (RED, "只有 5 位。"),
        (OCHRE, "请留意。"),
    ]


def test_everything_else_of_a_workbook_stays():
    book = marked(saved(looks()), Mark(0, 2, 1, "只有 5 位。", True))
    page = book["名单"]
    assert (page["C2"].value, page["A2"].font.bold, page.column_dimensions["B"].width) == ("=1+1", True, 33)
    assert (page.data_validations.dataValidation[0].formula1, book["隐藏"].sheet_state) == ('"男,女"', "hidden")
    assert (page["B2"].value, page["A3"].fill.fill_type) == ("13800", None)


def test_a_comment_that_was_there_stays_above_ours_and_an_error_outweighs_a_warning():
    page = marked(saved(looks()), Mark(0, 2, 0, "一", True), Mark(0, 2, 0, "二", False))["名单"]
    assert (page["A2"].comment.text, page["A2"].fill.fgColor.rgb) == ("原来的批注\n一\n二", RED)


def test_a_mark_inside_a_merged_area_stands_at_its_first_cell():
    page = marked(saved(looks()), Mark(0, 3, 2, "这里", True))["名单"]
    assert page["C2"].comment.text == "这里"


@pytest.mark.parametrize(("make", "name"), [(csv, "名单.csv"), (xls, "名单.xls")], ids=["csv", "xls"])
def test_other_kinds_become_a_workbook_of_the_same_cells(make, name):
    rows = [["姓名", "身份证号码"], ["测一", "445381199001010011"], ["+1", "001"]]
    book = marked(make(rows), Mark(0, 2, 1, "不对", True), name=name)
    page = book.worksheets[0]
    assert [[cell.value for cell in row] for row in page.iter_rows()] == rows
    assert (page["B2"].number_format, page["B2"].comment.text) == ("@", "不对")


def test_text_that_begins_like_a_formula_stays_text():
    page = marked('姓名,备注\r\n测一,"-1+1"\r\n测二,x\r\n'.encode(), name="名单.csv").worksheets[0]
    assert (page["B2"].value, page["B2"].data_type) == ("-1+1", "s")


def test_a_workbook_that_cannot_be_taken_over_whole_gives_its_cells(monkeypatch):
    monkeypatch.setattr(marking, "MAX_SHEETS_BYTES", 10)
    page = marked(saved(looks()), Mark(0, 2, 1, "不对", True))["名单"]
    assert (page["A2"].value, page["A2"].font.bold, page["B2"].comment.text) == ("测一", False, "不对")
