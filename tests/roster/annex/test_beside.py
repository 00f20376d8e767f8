"""Columns that towns add to the ten of the annex: 镇（街）, 人员类别."""

from datetime import date

import pytest

from core.spreadsheets import read_workbook
from roster.annex.checking import Frame, check_file
from roster.annex.kept import row_as_json, row_from_json
from roster.annex.reading import read_annex
from tests.conftest import SHUANGDONG, TAIPING
from tests.roster.workbooks import HEADER, XLSX, person, roster, table, xlsx

LUOJING = "445381100"
WITH_TOWN = (*HEADER[:2], "镇（街道）", *HEADER[2:])
WITH_CATEGORY = (*HEADER, "人员类别")
JUDGE = "罗定市人民法院 员额法官"


def said(row) -> list[tuple[str, str]]:
    return [(issue.column, issue.code.value) for issue in row.issues]


def listed(check, town, *, header=WITH_TOWN, option=None, **changes):
    """The one row of a county's list with a column of towns."""
    name = next(name for name in header if name not in HEADER)
    _, (row,) = check(
        roster(person(1, **{name: town, "所在单位及职务": "网格员"} | changes), header=header), town=option
    )
    return row


# ── the town ─────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("header", ["镇（街道）", "乡镇", "所属镇", "所属镇（街）", "镇街", "所在乡镇"])
def test_the_column_says_the_town(check, header):
    row = listed(check, "罗镜镇", header=(*HEADER, header))
    assert (row.towns, row.issues, row.post.kind) == ((LUOJING,), (), "grid_worker")


@pytest.mark.parametrize("written", ["罗镜", "罗 镜 镇", "罗定市罗镜镇", "罗镜镇人民政府"])
def test_however_it_is_written(check, written):
    assert listed(check, written).towns == (LUOJING,)


def test_a_village_whose_name_has_the_sign_of_not_yet_is_read(check):
    assert listed(check, "大未村").towns == ("445381110",)


def test_it_goes_before_the_words_of_the_post(check):
    row = listed(check, "罗镜镇", 所在单位及职务="太平镇综治中心 网格员")
    assert (row.towns, said(row)) == ((LUOJING,), [("所在单位及职务", "town_differs")])
    assert row.issues[0].message == "职务里写的是太平镇，按「镇（街）」一列归罗镜镇。"


def test_the_lists_own_town_wins_over_it_with_a_warning(check):
    row = listed(check, "罗镜镇", option=TAIPING)
    assert (row.towns, said(row)) == ((TAIPING,), [("所在单位及职务", "town_differs")])
    assert row.issues[0].message == "「镇（街）」一列写的是罗镜镇，按名单归太平镇。"


def test_so_does_the_sheets_name(check):
    data = xlsx(table(person(1, **{"镇（街道）": "罗镜镇"}), header=WITH_TOWN), names=["太平镇"])
    _, (row,) = check(data, town=None)
    assert (row.towns, said(row)) == ((TAIPING,), [("所在单位及职务", "town_differs")])


def test_nothing_is_said_where_both_agree(check):
    row = listed(check, "太平镇", option=TAIPING)
    assert (row.towns, row.issues) == ((TAIPING,), ())


@pytest.mark.parametrize("written", ["罗境镇", "同上", "全市"])
def test_what_is_no_town_is_said_where_the_list_has_one_too(check, written):
    row = listed(check, written, option=TAIPING)
    assert (row.towns, said(row)) == ((TAIPING,), [("所在单位及职务", "town_unknown")])
    assert f"「{written}」" in row.issues[0].message


@pytest.mark.parametrize("option", [None, TAIPING])
@pytest.mark.parametrize("written", ["太平镇、罗境镇", "太平镇等两镇", "太平镇（不含罗镜镇）"])
def test_of_what_is_half_a_town_that_one_is_taken_and_the_rest_said(check, written, option):
    row = listed(check, written, option=option, 所在单位及职务=JUDGE)
    assert (row.towns, said(row)) == ((TAIPING,), [("所在单位及职务", "town_unknown")])


@pytest.mark.parametrize("written", ["", "/", "无"])
def test_a_stroke_in_it_is_as_an_empty_cell(check, written):
    row = listed(check, written, option=TAIPING)
    assert (row.towns, row.issues) == ((TAIPING,), ())


@pytest.mark.parametrize("written", ["罗境镇", "太平镇、罗镜镇", "同上"])
def test_what_is_no_one_town_is_refused_and_named(check, written):
    row = listed(check, written)
    assert [code for _, code in said(row)] == ["town_unknown", "town_unclear"]
    assert written in row.issues[0].message


def test_an_empty_cell_leaves_it_to_the_post(check):
    assert listed(check, "", 所在单位及职务="太平镇综治中心 网格员").towns == (TAIPING,)


def test_the_courts_people_serve_all_that_it_names(check):
    row = listed(check, "太平镇、双东街道", 所在单位及职务=JUDGE, 备注="负责罗镜镇")
    assert (set(row.towns), row.issues) == ({TAIPING, SHUANGDONG, LUOJING}, ())


@pytest.mark.parametrize("option", [None, TAIPING])
@pytest.mark.parametrize(
    "changes",
    [{"所在单位及职务": "罗镜镇人民法庭 审判员"}, {"所在单位及职务": JUDGE, "备注": "负责太平镇；罗镜镇"}],
    ids=["post", "note"],
)
def test_a_town_of_the_column_that_stands_in_post_or_note_too_is_not_said_to_be_left_out(check, changes, option):
    row = listed(check, "太平镇、罗镜镇", option=option, **changes)
    assert (row.towns, row.issues) == ((TAIPING, LUOJING), ())


def test_a_mediator_serves_the_lists_town_alone_and_that_is_said(check):
    row = listed(check, "太平镇、双东街道", option=TAIPING)
    assert (row.towns, said(row)) == ((TAIPING,), [("所在单位及职务", "towns_not_taken")])


def test_a_judge_may_stand_in_a_countys_list_once_for_each_town(check):
    rows = [person(2, **{"所在单位及职务": JUDGE, "镇（街道）": town}) for town in ("太平镇", "罗镜镇")]
    _, found = check(roster(*rows, header=WITH_TOWN), town=None)
    assert [(row.towns, row.issues) for row in found] == [((TAIPING,), ()), ((LUOJING,), ())]


def test_a_row_with_a_number_and_a_town_alone_is_blank(check):
    empty = dict.fromkeys(HEADER, "") | {"序号": 2, "镇（街道）": "太平镇"}
    _, rows = check(roster(person(1, **{"镇（街道）": "太平镇"}), empty, header=WITH_TOWN), town=None)
    assert len(rows) == 1


def test_a_formula_in_it_is_not_taken_and_said(check):
    row = listed(check, "=C9", option=TAIPING)
    assert (row.towns, said(row)) == ((TAIPING,), [("所在单位及职务", "formula_ignored")])


# ── the category ─────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("category", "role", "kind"),
    [
        ("镇干部", "mediator", "town_cadre"),
        ("镇（街）干部", "mediator", "town_cadre"),
        ("村干部", "mediator", "village_cadre"),
        ("村（社区）干部", "mediator", "village_cadre"),
        ("司法所", "mediator", "judicial_office"),
        ("人民调解员", "mediator", "peoples_mediator"),
        ("网格员", "mediator", "grid_worker"),
        ("村居法律顾问", "mediator", "village_lawyer"),
        ("调解人员", "mediator", ""),
        ("法官", "judge", ""),
        ("法官助理", "judge_assistant", ""),
        ("联络员", "liaison_officer", ""),
    ],
)
def test_the_category_decides_where_nothing_else_does(check, category, role, kind):
    _, (row,) = check(roster(person(1, 所在单位及职务="太平镇", 人员类别=category), header=WITH_CATEGORY))
    assert (row.post.role, row.post.kind) == (role, kind)
    assert "".join(row.post.words) in category


def test_it_goes_before_the_post(check):
    _, (row,) = check(roster(person(1, 人员类别="网格员"), header=WITH_CATEGORY))
    assert (row.post.kind, row.post.words, row.issues) == ("grid_worker", ("网格员",), ())


def test_mediators_alone_leave_the_source_to_the_post(check):
    _, (row,) = check(roster(person(1, 人员类别="调解人员"), header=WITH_CATEGORY))
    assert (row.post.kind, row.issues) == ("peoples_mediator", ())


def test_another_role_than_the_posts_is_asked_about(check):
    _, (row,) = check(roster(person(1, 所在单位及职务=JUDGE, 人员类别="联络员"), header=WITH_CATEGORY))
    assert (row.post.role, said(row)) == ("liaison_officer", [("所在单位及职务", "category_differs")])


@pytest.mark.parametrize("category", ["", "党员", "在编"])
def test_what_is_no_seat_leaves_it_to_the_post(check, category):
    _, (row,) = check(roster(person(1, 人员类别=category), header=WITH_CATEGORY))
    assert (row.post.kind, row.issues) == ("peoples_mediator", ())


def category_column(header, *cells):
    """What is said of a file whose rows have these cells under a further header."""
    rows = [person(number, **{header: cell}) for number, cell in enumerate(cells, 1)]
    return [issue.message for issue in read_annex(read_workbook(roster(*rows, header=(*HEADER, header)), XLSX)).issues]


def test_what_of_the_column_is_no_seat_is_said_once_for_the_sheet():
    said = category_column("人员类别", "公务员", "网格员", "公务员", "", "事业编13800000001")
    assert said == ["「人员类别」一列的「公务员」「事业编138****0001」不是队伍的岗位，没有读。"]


def test_of_many_such_words_some_are_named():
    (said,) = category_column("人员类别", *"甲乙丙丁戊己")
    assert said == "「人员类别」一列的「甲」「乙」「丙」「丁」「戊」等不是队伍的岗位，没有读。"


def test_nothing_is_said_where_all_are_seats():
    assert category_column("人员类别", "网格员", "", "法官") == []


@pytest.mark.parametrize("header", ["性质", "类型", "分类"])
def test_a_header_that_may_mean_anything_is_no_category(header):
    assert category_column(header, "公务员") == [f"「{header}」不是名册里的项目，没有读。"]


@pytest.mark.parametrize("header", ["岗位", "现岗位", "岗位（职务）"])
def test_without_a_column_of_duties_the_post_is_one(check, header):
    columns = (*HEADER[:4], "单位", header, *HEADER[5:])
    issues, (row,) = check(roster(person(1, 单位="太平镇大南村村委会", **{header: "副主任"}), header=columns))
    assert (issues, row.facts.unit_and_duty) == ([], "太平镇大南村村委会 副主任")
    assert (row.post.kind, row.issues) == ("village_cadre", ())


def test_the_post_alone_may_stand_for_unit_and_duty(check):
    columns = (*HEADER[:4], "岗位", *HEADER[5:])
    _, (row,) = check(roster(person(1, 岗位="石牌村村委会 副主任"), header=columns))
    assert (row.facts.unit_and_duty, row.post.kind) == ("石牌村村委会 副主任", "village_cadre")


@pytest.mark.parametrize("further", ["岗位", "岗位类别"])
def test_beside_a_column_of_duties_it_is_the_category(check, further):
    columns = (*HEADER[:4], "单位", "职务", *HEADER[5:], further)
    _, (row,) = check(roster(person(1, 单位="太平镇", 职务="职员", **{further: "网格员"}), header=columns))
    assert (row.facts.unit_and_duty, row.post.kind) == ("太平镇 职员", "grid_worker")


def test_beside_a_category_it_is_still_the_duty(check):
    columns = (*HEADER[:4], "单位", "岗位", *HEADER[5:], "人员类别")
    _, (row,) = check(roster(person(1, 单位="太平镇", 岗位="职员", 人员类别="网格员"), header=columns))
    assert (row.facts.unit_and_duty, row.post.kind) == ("太平镇 职员", "grid_worker")


# ── both, at once ────────────────────────────────────────────────────────────


def test_rows_alike_are_listened_to_once(county):
    rows = [person(number, **{"镇（街道）": "罗镜镇", "人员类别": "网格员"}) for number in range(1, 5)]
    annex = read_annex(read_workbook(roster(*rows, header=(*WITH_TOWN, "人员类别")), XLSX))
    frame = Frame(county, date(2023, 9, 20), None)
    _, found = check_file(annex, frame)
    assert {(row.towns, row.post.kind) for row in found} == {((LUOJING,), "grid_worker")}
    assert len(frame.heard) == 1


# ── both, kept ───────────────────────────────────────────────────────────────


def test_a_kept_row_still_has_them():
    data = roster(person(1, **{"镇（街道）": "罗镜镇", "人员类别": "网格员"}), header=(*WITH_TOWN, "人员类别"))
    (sheet,) = read_annex(read_workbook(data, XLSX)).sheets
    _, again = row_from_json(row_as_json(0, sheet.rows[0]))
    assert (again.text("town"), again.text("category")) == ("罗镜镇", "网格员")
