"""What people decide about an upload is applied before the rows are checked."""

import pytest

from core.spreadsheets import read_workbook
from roster.annex.checking import Frame, check_file
from roster.annex.mending import Settlement, mends
from roster.annex.reading import read_annex
from roster.posts import Post
from tests.conftest import FENJIE, TAIPING
from tests.roster.annex.test_checking import place, said, sheet
from tests.roster.conftest import TODAY
from tests.roster.workbooks import HEADER, XLSX, id_number, person, roster, saved, table, wide, xlsx

SHEET = "名单"


@pytest.fixture
def mend(county):
    """mend(data, edits=…, settlements=…, left_out=…) → checked rows."""

    def run(data, *, town=TAIPING, edits=None, settlements=None, left_out=()):
        frame = Frame(county, TODAY, town, mends(edits or {}, settlements or {}, left_out))
        return check_file(read_annex(read_workbook(data, XLSX)), frame)[1]

    return run


def test_a_retyped_cell_is_checked_in_place_of_the_one_in_the_file(mend):
    (row,) = mend(roster(person(1, 联系电话="13800")), edits={(SHEET, 4, "phone"): f"{wide('138')} 0000 0009"})
    assert (said([row]), row.facts.phone) == ([], "13800000009")


def test_a_retyped_cell_that_is_wrong_stays_an_error_and_is_shown_as_typed(mend):
    (row,) = mend(roster(person(1)), edits={(SHEET, 4, "phone"): "13x"})
    assert (said([row]), row.shown["phone"]) == ([(4, "联系电话", "phone_invalid")], "13x")


def test_a_number_cell_retyped_as_text_has_lost_nothing(mend):
    whole = id_number("19850302", 101)
    data = roster(person(1, 身份证号码=445381198503021010, 出生年月="1985.03"))
    (row,) = mend(data, edits={(SHEET, 4, "id_number"): whole})
    assert (said([row]), row.facts.id_number) == ([], whole)


def test_a_retyped_cell_is_no_formula_any_more(mend):
    book, page = sheet(person(1))
    page.cell(4, place("姓名")).value = '="测一"'
    (row,) = mend(saved(book), edits={(SHEET, 4, "name"): "测一"})
    assert (said([row]), row.facts.name) == ([], "测一")


def test_a_retyped_cell_takes_the_place_of_joined_columns(mend):
    header = [*HEADER, "手机"]
    data = roster(person(1, 联系电话="1", 手机="2"), header=header)
    (row,) = mend(data, edits={(SHEET, 4, "phone"): "13800000009"})
    assert (said([row]), row.facts.phone) == ([], "13800000009")


def test_a_cell_can_be_typed_into_a_column_the_sheet_has_not(mend):
    header = ["姓名", "所在单位及职务", "身份证号码"]
    (row,) = mend(roster(person(1), header=header), edits={(SHEET, 4, "phone"): "13800000009"})
    assert row.facts.phone == "13800000009"


def test_a_retyped_number_takes_part_in_the_search_for_doubles(mend):
    data = roster(person(1), person(2))
    rows = mend(
        data, edits={(SHEET, 5, "id_number"): person(1)["身份证号码"], (SHEET, 5, "born"): "", (SHEET, 5, "sex"): ""}
    )
    assert (5, "身份证号码", "duplicate_in_file") in said(rows)


def test_a_settled_post_is_unclear_no_longer(mend):
    data = roster(person(1, 所在单位及职务="太平镇 个体户"))
    (row,) = mend(data, settlements={(SHEET, 4): Settlement("mediator", "peoples_mediator")})
    assert (said([row]), row.post) == ([], Post("mediator", "peoples_mediator", ()))


def test_a_settled_kind_keeps_the_role_that_was_read(mend):
    data = roster(person(1, 所在单位及职务="退休教师", 备注="调解员"))
    (row,) = mend(data, settlements={(SHEET, 4): Settlement(kind="grid_worker")})
    assert (said([row]), row.post) == ([], Post("mediator", "grid_worker", ()))


def test_a_kind_is_for_mediators_alone(mend):
    (row,) = mend(roster(person(1)), settlements={(SHEET, 4): Settlement("liaison_officer", "grid_worker")})
    assert row.post == Post("liaison_officer", "", ())


def test_settled_towns_are_the_rows_towns_whatever_stands_there(mend):
    data = roster(person(1, 所在单位及职务="三和村委会 主任"))
    settled = {(SHEET, 4): Settlement(towns=(FENJIE,))}
    assert [
        (said(rows), rows[0].towns) for rows in (mend(data, town=None), mend(data, town=None, settlements=settled))
    ] == [
        ([(4, "所在单位及职务", "town_unclear")], ()),
        ([], (FENJIE,)),
    ]


def test_a_row_left_out_is_no_double_of_another(mend):
    rows = mend(roster(person(1), person(1)), left_out={(SHEET, 4)})
    assert ([row.left_out for row in rows], said(rows)) == ([True, False], [])


def test_keys_that_fit_no_row_do_nothing(mend):
    data = roster(person(1))
    rows = mend(
        data, edits={("别的", 4, "phone"): "1"}, settlements={(SHEET, 9): Settlement("judge")}, left_out={(SHEET, 2)}
    )
    assert rows == mend(data)


def test_a_mend_belongs_to_one_sheet(mend):
    data = xlsx(table(person(1, 联系电话="1")), table(person(2, 联系电话="1")), names=["甲", "乙"])
    rows = mend(data, edits={("乙", 4, "phone"): "13800000009"})
    assert [row.facts.phone for row in rows] == ["", "13800000009"]
