"""What the import makes of a mark, of a judge on two towns' sheets, and of what a list says of people it knows."""

from datetime import date
from uuid import uuid4

import pytest

from core.spreadsheets import read_workbook
from roster.annex.checking import Frame, check_file
from roster.annex.mending import Settlement, mends
from roster.annex.plan import Known, Term, plan_rows
from roster.annex.reading import read_annex
from roster.annex.seats import Seat
from tests.conftest import SHUANGDONG, TAIPING
from tests.roster.conftest import TODAY
from tests.roster.workbooks import XLSX, id_number, person, roster, table, xlsx

SINCE = date(2023, 3, 30)


def row_of(check, town=TAIPING, **cells):
    return check(roster(person(1, **cells)), town=town)[1][0]


def known(row, *terms: Term, **facts) -> dict[str, Known]:
    return {row.facts.id_number: Known(uuid4(), row.facts._replace(**facts), terms)}


def steps(row, *terms: Term) -> list[tuple[str, str, str, str]]:
    planned = plan_rows([row], known(row, *terms), TODAY)[0]
    return [(step.verb.value, step.town_code, step.role, step.kind) for step in planned.steps]


# ── seats ────────────────────────────────────────────────────────────────────


def test_a_mark_goes_before_the_words_of_the_post_and_leaves_the_note(check):
    row = row_of(check, 备注="党员；【岗位：联络人员；镇（街）干部】")
    assert row.facts.note == "党员"
    assert row.seats == (Seat(TAIPING, "liaison_officer"), Seat(TAIPING, "mediator", "town_cadre"))
    assert (row.post.role, row.towns) == ("liaison_officer", (TAIPING,))


def test_a_mark_names_its_towns_where_the_sheet_has_none(check):
    row = row_of(check, None, 所在单位及职务="罗定市人民法院 书记员", 备注="【岗位：法官，负责太平镇、双东街道】")
    assert row.seats == (Seat(TAIPING, "judge"), Seat(SHUANGDONG, "judge"))
    assert row.issues == ()


def test_a_mark_without_a_town_on_a_sheet_without_one_asks_for_it(check):
    row = row_of(check, None, 所在单位及职务="网格员", 备注="【岗位：网格员】")
    assert [issue.code for issue in row.issues] == ["town_unclear"]
    assert row.seats == ()


def test_who_is_undecided_needs_no_town(check):
    row = row_of(check, None, 所在单位及职务="太平镇综治中心 联络人员", 备注="【岗位：待定】")
    assert (row.issues, row.seats, row.towns) == ((), (), ())


def test_what_a_person_settles_goes_before_the_mark(county):
    data = roster(person(1, 备注="【岗位：网格员】"))
    settled = mends({}, {("名单", 4): Settlement("liaison_officer", "", ())}, ())
    row = check_file(read_annex(read_workbook(data, XLSX)), Frame(county, TODAY, TAIPING, settled))[1][0]
    assert row.seats == (Seat(TAIPING, "liaison_officer"),)


def test_several_seats_in_a_town_are_added_and_none_is_taken_away(check):
    row = row_of(check, 备注="【岗位：联络人员；镇（街）干部】")
    held = Term(1, TAIPING, "liaison_officer", "", SINCE, None)
    assert steps(row) == [("start", TAIPING, "liaison_officer", ""), ("start", TAIPING, "mediator", "town_cadre")]
    assert steps(row, held) == [("start", TAIPING, "mediator", "town_cadre")]
    assert steps(row, held, Term(2, TAIPING, "mediator", "town_cadre", SINCE, None)) == []


# ── a judge on the sheets of several towns ───────────────────────────────────


def test_a_judge_whose_note_names_both_towns_may_stand_on_both_sheets(check):
    judge = {"所在单位及职务": "罗定市人民法院 审判员", "备注": "负责太平镇、双东街道"}
    sheets = [table(person(1, **judge)), table(person(1, **judge))]
    _, rows = check(xlsx(*sheets, names=("太平镇", "双东街道")), town=None)
    assert [row.issues for row in rows] == [(), ()]


def test_the_same_town_twice_is_still_a_double(check):
    sheets = [table(person(1)), table(person(1))]
    _, rows = check(xlsx(*sheets, names=("太平镇", "太平镇（补）")), town=None)
    assert [issue.code for issue in rows[1].issues] == ["duplicate_in_file"]


# ── what is no change ────────────────────────────────────────────────────────

SAME = {
    "blanks": ("note", "2022年  换届\n选举", {"备注": "2022年 换届 选举"}),
    "middle dots of a name": ("name", "买买提•艾山", {"姓名": "买买提·艾山"}),
    "separators between numbers": ("phone", "13800000001/13900000002", {"联系电话": "13800000001、13900000002"}),
    "a month of birth that was filled from the number": ("born", "", {"出生年月": ""}),
    "a sex that was filled from the number": ("sex", "", {"性别": ""}),
}


@pytest.mark.parametrize(("field", "kept", "cells"), SAME.values(), ids=SAME)
def test_what_reads_the_same_as_the_roster_is_no_change(check, field, kept, cells):
    row = row_of(check, **cells)
    assert plan_rows([row], known(row, **{field: kept}), TODAY)[0].changes == ()


def test_the_towns_a_judge_serves_are_no_change_of_the_note(check):
    row = row_of(check, 所在单位及职务="罗定市人民法院 审判员", 备注="党员；负责太平镇、双东街道")
    assert plan_rows([row], known(row, note="党员"), TODAY)[0].changes == ()


def test_for_anybody_else_the_same_words_are_a_change(check):
    row = row_of(check, 备注="党员；负责太平镇")
    assert [change.field for change in plan_rows([row], known(row, note="党员"), TODAY)[0].changes] == ["note"]


# ── the sheet of made-up people ──────────────────────────────────────────────


def test_the_example_sheet_is_not_read(check):
    issues, rows = check(xlsx(table(person(1)), table(person(2)), names=("名单", "示例")))
    assert [row.facts.id_number for row in rows] == [id_number(person(1)["身份证号码"][6:14], 1)]
    assert [(issue.code, issue.sheet) for issue in issues] == [("example_skipped", "示例")]


def test_a_file_with_nothing_but_the_example_has_no_list(check):
    issues, rows = check(xlsx(table(person(2)), names=("示例",)))
    assert (rows, [issue.code for issue in issues]) == ([], ["header_missing", "example_skipped"])
