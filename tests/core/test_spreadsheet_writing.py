"""Workbooks out: text stays text, looks, print set-up, hints at the cell."""

import io
import secrets
from collections.abc import Iterator
from datetime import date
from typing import Any

from openpyxl import load_workbook

from core.spreadsheets import (
    Hint,
    Line,
    Look,
    SheetToWrite,
    read_workbook,
    write_workbook,
    write_workbook_to,
)
from core.spreadsheets.writing import ROWS_AT_ONCE
from tests.roster.workbooks import part

SHEET = "xl/worksheets/sheet1.xml"

# ── writing ──────────────────────────────────────────────────────────────────


def test_written_text_stays_text_and_nothing_becomes_a_formula():
    texts = ["=1+1", "+86 138", "-5", "@x", "445381198507200012", "0766"]
    data = write_workbook([SheetToWrite("表", ["a"] * 6, [texts], text_columns=frozenset({4}))])
    cells = list(load_workbook(io.BytesIO(data)).active.iter_rows())[1]
    assert [(cell.value, cell.data_type) for cell in cells] == [(text, "s") for text in texts]
    assert cells[4].number_format == "@"
    assert b"<f>" not in part(data, SHEET)


def test_what_was_written_reads_back_the_same():
    rows: list[list[str | int | float | date | None]] = [["测一", 3, "𠮷𣸣·"], ["测二", 4, ""]]
    data = write_workbook([SheetToWrite("名单/2023", ["姓名", "数", "备注"], rows, title="标题", widths=[8, 8, 8])])
    found = read_workbook(data, "a.xlsx").sheets[0]
    assert found.name == "名单 2023"
    assert [row.values[:2] for row in found.rows[1:]] == [["姓名", "数"], ["测一", 3.0], ["测二", 4.0]]
    assert found.rows[2].values[2] == "𠮷𣸣·"


def test_characters_that_xml_cannot_hold_are_left_out():
    data = write_workbook([SheetToWrite("表", ["a"], [["x\x0by"]])])
    assert read_workbook(data, "a.xlsx").sheets[0].rows[1].values == ["xy"]


# ── looks, print, hints ──────────────────────────────────────────────────────


def written(**options: Any) -> Any:
    """The only sheet of a workbook written with these options, as openpyxl reads it."""
    facts: dict[str, Any] = {"name": "表", "header": ["甲", "乙"], "rows": [["a", 1]]} | options
    return load_workbook(io.BytesIO(write_workbook([SheetToWrite(**facts)]))).active


def test_lines_stand_above_and_below_the_table_and_a_title_spans_it():
    page = written(
        title_line=Line("标题", Look(bold=True, align="center"), across=2, height=30),
        above=[Line("上")],
        below=[Line("下", column=1)],
    )
    cells = [[cell.value for cell in row] for row in page.iter_rows()]
    assert cells == [["标题", None], ["上", None], ["甲", "乙"], ["a", 1], [None, "下"]]
    assert [str(area) for area in page.merged_cells.ranges] == ["A1:B1"]
    assert (page.freeze_panes, page.print_title_rows, page.row_dimensions[1].height) == ("A4", "$3:$3", 30)


def test_a_column_has_its_look_in_every_row_even_in_empty_cells():
    look = Look(border=True, wrap=True, text=True, align="center", size=12)
    page = written(rows=[["a", ""], [None, 2]], looks={0: look, 1: look})
    styles = {
        (cell.border.top.style, cell.alignment.wrap_text, cell.number_format, cell.alignment.horizontal, cell.font.sz)
        for row in page.iter_rows(min_row=2)
        for cell in row
    }
    assert styles == {("thin", True, "@", "center", 12)}


def test_a_days_cell_is_a_date():
    cell = written(rows=[["a", date(2023, 3, 30)]])["B2"]
    assert (cell.value.date(), cell.number_format) == (date(2023, 3, 30), "yyyy-mm-dd")


def test_row_heights_are_fixed_or_worked_out_from_the_row():
    assert written(row_height=20).row_dimensions[2].height == 20
    assert written(row_height=lambda row: 10.0 * len(row)).row_dimensions[2].height == 20


def test_the_footer_carries_the_mark_and_the_page_number():
    footer = written(footer="甲 & 乙").oddFooter
    assert (footer.left.text, footer.right.text) == ("甲 && 乙", "第 &P 页，共 &N 页")


def test_hints_speak_at_the_cell_and_offer_words():
    page = written(
        hints=[Hint(0, "性别", "选一个。", ["男", "女"], only_offered=True), Hint(1, "号码", "18 位", length=18)]
    )
    first, second = page.data_validations.dataValidation
    assert (first.formula1, first.prompt, first.showErrorMessage) == ('"男,女"', "选一个。", True)
    assert (second.type, second.formula1, second.errorStyle) == ("textLength", "18", "warning")


AWKWARD = [
    "a  b",
    " before",
    "after ",
    "x\ny",
    "_x0041_",
    "_x000D_",
    "<&>\"'",
    "𣸣𠮷·",
    "tab\there",
    "00123",
    "1E5",
    "TRUE",
]


def test_awkward_texts_read_back_the_same():
    data = write_workbook([SheetToWrite("表", ["a"] * len(AWKWARD), [AWKWARD])])
    assert read_workbook(data, "a.xlsx").sheets[0].rows[1].values == AWKWARD


def test_rows_are_asked_for_one_after_the_other(tmp_path):
    def rows() -> Iterator[list[str]]:
        for number in range(ROWS_AT_ONCE * 2):
            seen.append((number, out.tell()))
            yield [secrets.token_hex(500)]

    seen: list[tuple[int, int]] = []
    with (tmp_path / "a.xlsx").open("wb") as out:
        write_workbook_to(out, [SheetToWrite("表", ["a"], rows())])
    assert seen[-1][1] > seen[0][1] > 0
