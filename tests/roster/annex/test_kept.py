"""What is kept of an upload comes back as it was."""

from datetime import date, datetime, time, timedelta

import pytest

from core.spreadsheets import read_workbook
from roster.annex import kept
from roster.annex.facts import Issue
from roster.annex.mending import Mends, Settlement
from roster.annex.reading import read_annex
from roster.choices import ErrorCode, WarningCode
from tests.roster.workbooks import HEADER, XLSX, csv, person, roster, table

CELLS = {
    "text": "一、𣸣",
    "number": 1985.03,
    "long number": 445381198503021010.0,
    "whole": 7,
    "yes": True,
    "day": date(1985, 3, 2),
    "moment": datetime(1985, 3, 2, 8, 30),  # noqa: DTZ001 - as a spreadsheet has it
    "hour": time(8, 30),
    "length": timedelta(hours=1),
}


@pytest.mark.parametrize("value", CELLS.values(), ids=CELLS)
def test_a_cell_of_any_kind_comes_back(value):
    assert (kept._cell_from_json(kept.json.loads(kept.packed(kept._cell_as_json(value))))) == value


@pytest.mark.parametrize(
    "data",
    [roster(person(1), person(2, 备注="=1")), roster(person(1, 手机="13900000001"), header=[*HEADER, "手机"])],
    ids=["formula", "joined columns"],
)
def test_rows_and_their_sheets_come_back_and_read_the_same(data, check):
    annex = read_annex(read_workbook(data, XLSX))
    (sheet,) = kept.sheets_from_json(kept.json.loads(kept.packed(kept.sheets_as_json(annex.sheets))))
    rows = [kept.row_from_json(kept.row_as_json(0, raw)) for raw in annex.sheets[0].rows]
    again = kept.with_rows([sheet], rows).sheets[0]
    fields = ("name", "header_row", "fields", "title", "submitted_by", "skipped")
    assert [getattr(again, name) for name in fields] == [getattr(annex.sheets[0], name) for name in fields]
    assert [[raw.text(name) for name in sorted(sheet.fields)] for raw in again.rows] == [
        [raw.text(name) for name in sorted(sheet.fields)] for raw in annex.sheets[0].rows
    ]
    assert [(raw.number, raw.formulas) for raw in again.rows] == [
        (raw.number, raw.formulas) for raw in annex.sheets[0].rows
    ]


def test_a_csv_formula_is_still_one():
    annex = read_annex(read_workbook(csv(table(person(1, 姓名="=A1"))), "a.csv"))
    (raw,) = annex.sheets[0].rows
    assert kept.row_from_json(kept.row_as_json(0, raw))[1].formulas == frozenset({"name"})


def test_what_was_mended_comes_back():
    mends = Mends(
        {("太平镇", 4): {"phone": "1"}},
        {("太平镇", 5): Settlement("mediator", "grid_worker", ("445381101",))},
        frozenset({("双东街道", 6), ("太平镇", 7)}),
    )
    assert kept.mends_from_json(kept.mends_as_json(mends)) == mends
    assert kept.mends_from_json("") == Mends()


def test_a_mend_is_put_beside_the_others_and_taken_back():
    key, other = ("甲", 4), ("甲", 5)
    one = kept.with_mend(Mends(), other, cells={"phone": "1"}, settled=Settlement(), left_out=False)
    two = kept.with_mend(one, key, cells={"name": "", "phone": "2"}, settled=Settlement("judge"), left_out=True)
    assert two == Mends(
        {other: {"phone": "1"}, key: {"name": "", "phone": "2"}}, {key: Settlement("judge")}, frozenset({key})
    )
    assert kept.with_mend(two, key, cells={"name": None, "phone": None}, settled=Settlement(), left_out=False) == one


def test_issues_of_a_file_come_back():
    issues = [Issue(WarningCode.SHEET_HIDDEN, "藏着", sheet="甲"), Issue(ErrorCode.HEADER_MISSING, "没有")]
    assert kept.issues_from_json(kept.issues_as_json(issues)) == issues
