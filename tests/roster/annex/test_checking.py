"""Every error and warning code at its cell, in the contract's order."""

import io
from datetime import datetime
from typing import Any

import pytest
from openpyxl import Workbook, load_workbook

from roster.choices import ErrorCode
from tests.conftest import FENJIE, HUASHI, TAIPING
from tests.roster.workbooks import (
    CSV,
    DATA,
    HEADER,
    csv,
    id_number,
    ods,
    person,
    roster,
    saved,
    table,
    xlsx,
)

LUOJING = "445381100"
GOOD = id_number("19850302", 101)  # a man


def said(rows) -> list[tuple[int, str, str]]:
    """(row, column, code) of everything said about rows, in order."""
    return [(issue.row, issue.column, issue.code.value) for row in rows for issue in row.issues]


def sheet(*rows) -> tuple[Workbook, Any]:
    """An open workbook with these people, to be spoiled by the test."""
    book = load_workbook(io.BytesIO(roster(*rows)))
    return book, book.active


def place(name: str) -> int:
    return HEADER.index(name) + 1


# ── the two files of the plan's towns ────────────────────────────────────────


def test_fenjie_is_a_complete_team_without_a_word_said(check):
    issues, rows = check((DATA / "roster_fenjie.xlsx").read_bytes(), town=FENJIE)
    assert (issues, said(rows)) == ([], [])
    assert [row.post.role for row in rows] == [
        "judge", "judge_assistant", *["mediator"] * 6, "judge_assistant", "liaison_officer",
    ]  # fmt: skip
    assert [row.post.kind for row in rows if row.post.kind] == [
        "town_cadre", "village_cadre", "judicial_office", "peoples_mediator", "grid_worker", "village_lawyer",
    ]  # fmt: skip
    assert {row.towns for row in rows} == {(FENJIE,)}


def test_fenjie_without_its_town_leaves_the_court_and_the_judicial_office_unclear(check):
    _, rows = check((DATA / "roster_fenjie.xlsx").read_bytes(), town=None)
    assert said(rows) == [(row, "所在单位及职务", "town_unclear") for row in (4, 5, 8, 12)]


def test_huashi_shows_its_three_errors_at_their_cells(check):
    issues, rows = check((DATA / "roster_huashi_messy.xlsx").read_bytes(), town=None)
    assert issues == []
    assert said(rows) == [
        (5, "身份证号码", "id_checksum"),
        (6, "联系电话", "phone_invalid"),
        (8, "姓名", "name_missing"),
    ]
    assert {row.towns for row in rows} == {(HUASHI,)}


# ── one cell at a time ───────────────────────────────────────────────────────


def test_a_good_row_is_read_without_a_word(check):
    _, (row,) = check(roster(person(1)))
    assert said([row]) == []
    facts = row.facts
    assert (facts.name, facts.born, facts.sex) == ("测一", "1971-02", "male")
    assert facts.id_number == person(1)["身份证号码"]


@pytest.mark.parametrize(
    ("changes", "column", "code"),
    [
        ({"姓名": ""}, "姓名", "name_missing"),
        ({"姓名": "长" * 61}, "姓名", "name_missing"),
        ({"身份证号码": ""}, "身份证号码", "id_invalid"),
        ({"身份证号码": "445381850302101"}, "身份证号码", "id_invalid"),
        ({"身份证号码": "445381198513021011"}, "身份证号码", "id_invalid"),
        ({"身份证号码": GOOD[:-1] + ("0" if GOOD[-1] != "0" else "1")}, "身份证号码", "id_checksum"),
        ({"身份证号码": 445381198503021010}, "身份证号码", "id_precision_lost"),
        ({"身份证号码": GOOD, "出生年月": "1985.04", "性别": "男"}, "出生年月", "id_birth_mismatch"),
        ({"身份证号码": GOOD, "出生年月": 1985.1, "性别": "男"}, "出生年月", "id_birth_mismatch"),
        ({"身份证号码": GOOD, "出生年月": "1985.03", "性别": "女"}, "性别", "id_sex_mismatch"),
        ({"出生年月": "农历正月"}, "出生年月", "birth_invalid"),
        ({"性别": "不详"}, "性别", "sex_invalid"),
        ({"联系电话": "13800"}, "联系电话", "phone_invalid"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_each_error_stands_at_its_cell(check, changes, column, code):
    _, rows = check(roster(person(1, **changes)))
    assert said(rows) == [(4, column, code)]
    assert rows[0].has_error


def test_errors_of_a_row_stand_in_the_order_of_the_columns(check):
    _, rows = check(
        roster(person(1, 姓名="", 性别="？", 出生年月="x", 联系电话="1", 所在单位及职务="个体户")), town=None
    )
    assert said(rows) == [
        (4, "姓名", "name_missing"),
        (4, "出生年月", "birth_invalid"),
        (4, "性别", "sex_invalid"),
        (4, "所在单位及职务", "role_unclear"),
        (4, "所在单位及职务", "town_unclear"),
        (4, "联系电话", "phone_invalid"),
    ]


def test_a_wrong_number_is_not_held_against_birth_and_sex(check):
    wrong = GOOD[:-1] + ("0" if GOOD[-1] != "0" else "1")
    _, rows = check(roster(person(1, 身份证号码=wrong, 出生年月="1999.09", 性别="女")))
    assert said(rows) == [(4, "身份证号码", "id_checksum")]


def test_empty_birth_and_sex_are_filled_from_the_number_with_a_warning(check):
    _, (row,) = check(roster(person(1, 身份证号码=GOOD, 出生年月="", 性别="")))
    assert said([row]) == [(4, "出生年月", "birth_filled"), (4, "性别", "sex_filled")]
    assert (row.facts.born, row.facts.sex, row.has_error) == ("1985-03", "male", False)


@pytest.mark.parametrize(("birth", "month"), [("19850115", "1985-01"), ("19851015", "1985-10")])
def test_the_number_1985_point_1_is_decided_by_the_identity_number(check, birth, month):
    _, (row,) = check(roster(person(1, 身份证号码=id_number(birth, 1), 出生年月=1985.1)))
    assert (said([row]), row.facts.born) == ([], month)


def test_a_real_date_and_a_serial_number_are_births(check):
    _, rows = check(
        roster(
            person(1, 身份证号码=GOOD, 出生年月=datetime.fromisoformat("1985-03-02")),
            person(3, 身份证号码=id_number("19850302", 103), 出生年月=31107),
        )
    )
    assert (said(rows), [row.facts.born for row in rows]) == ([], ["1985-03", "1985-03"])


def test_a_missing_phone_only_warns(check):
    _, rows = check(roster(person(1, 联系电话="")))
    assert (said(rows), rows[0].has_error) == ([(4, "联系电话", "phone_missing")], False)


def test_a_short_number_that_is_left_out_is_said(check):
    _, (row,) = check(roster(person(1, 联系电话="13881924865（短号661234）")))
    assert (said([row]), row.facts.phone) == ([(4, "联系电话", "short_number")], "13881924865")


def test_a_phone_may_be_a_number_cell(check):
    _, (row,) = check(roster(person(1, 联系电话=13881924865)))
    assert row.facts.phone == "13881924865"


def test_an_unclear_post_only_warns(check):
    _, (row,) = check(roster(person(1, 所在单位及职务="太平镇 个体户")))
    assert (said([row]), row.has_error) == ([(4, "所在单位及职务", "role_unclear")], False)


def test_a_mediator_without_a_source_only_warns(check):
    _, rows = check(roster(person(1, 所在单位及职务="退休教师", 备注="调解员")))
    assert said(rows) == [(4, "所在单位及职务", "kind_unclear")]


def test_what_a_post_says_is_said_again_of_every_row_with_it(check):
    unclear = {"所在单位及职务": "三和村委会 个体户"}
    _, rows = check(roster(person(1, **unclear), person(2), person(3, **unclear)), town=None)
    assert said(rows) == [
        (row, "所在单位及职务", code) for row in (4, 6) for code in ("role_unclear", "town_unclear")
    ]  # fmt: skip
    assert (rows[0].issues[1].candidates, rows[2].issues[1].candidates) == ((FENJIE, "445381114"),) * 2


def test_the_same_words_are_heard_anew_on_another_towns_sheet(check):
    words = person(1, 所在单位及职务="太平镇人民调解委员会 人民调解员"), person(2, 所在单位及职务="司法所 所长")
    data = xlsx(
        table(*words),
        table(*(row | {"身份证号码": id_number("19850302", 101 + place)} for place, row in enumerate(words, start=0))),
        names=["太平镇", "罗镜镇"],
    )
    _, rows = check(data, town=None)
    assert [row.towns for row in rows] == [(TAIPING,), (TAIPING,), (LUOJING,), (LUOJING,)]
    assert [row.sheet for row in rows for issue in row.issues if issue.code.value == "town_differs"] == ["罗镜镇"]


# ── formulas, merged cells ───────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("column", "expected"),
    [
        ("序号", []),
        ("姓名", [("姓名", "name_missing")]),
        ("身份证号码", [("身份证号码", "id_invalid")]),
        ("出生年月", [("出生年月", "birth_filled")]),
        ("性别", [("性别", "sex_filled")]),
        ("所在单位及职务", [("所在单位及职务", "formula_ignored"), ("所在单位及职务", "role_unclear")]),
        ("联系电话", [("联系电话", "formula_ignored")]),
        ("备注", [("备注", "formula_ignored")]),
    ],
)
def test_a_formula_is_never_taken_as_a_value(check, column, expected):
    book, page = sheet(person(1))
    page.cell(4, place(column)).value = '="x"'
    _, rows = check(saved(book))
    assert [(issue.column, issue.code.value) for issue in rows[0].issues] == expected


def test_a_formula_in_an_ods_counts_as_empty_too(check):
    rows = [[str(value) for value in row] for row in table(person(1))]
    _, checked = check(ods(rows, formulas=[(4, place("姓名"))]), "a.ods")
    assert said(checked) == [(4, "姓名", "name_missing")]


def test_merged_cells_fill_down(check):
    book, page = sheet(person(1), person(2, 所在单位及职务=""), person(3, 所在单位及职务=""))
    page.merge_cells(start_row=4, end_row=6, start_column=5, end_column=5)
    _, rows = check(saved(book))
    assert [row.facts.unit_and_duty for row in rows] == [person(1)["所在单位及职务"]] * 3


def test_a_merged_note_over_preprinted_rows_makes_no_people(check):
    book, page = sheet(person(1, 备注="同上"), {"序号": 2}, {"序号": 3})
    page.merge_cells(start_row=4, end_row=6, start_column=10, end_column=10)
    _, rows = check(saved(book))
    assert [row.number for row in rows] == [4]


# ── towns ────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("names", "title", "last_line", "town"),
    [
        (["分界镇"], "名单", [], FENJIE),
        (["分界"], "名单", [], FENJIE),
        (["名单"], "分界镇“法官联络点”人员名单", [], FENJIE),
        (["名单"], "名单", ["填报单位（盖章）：分界镇人民政府"], FENJIE),
        (["分界镇"], "太平镇名单", ["填报单位：罗镜镇"], FENJIE),
        (["名单"], "太平镇名单", ["填报单位：罗镜镇"], TAIPING),
    ],
    ids=["sheet name", "bare sheet name", "title", "submitting unit", "sheet name first", "then the title"],
)
def test_the_sheet_says_its_town(check, names, title, last_line, town):
    row = person(1, 所在单位及职务="司法所 所长")
    _, rows = check(xlsx([*table(row, title=title), last_line], names=names), town=None)
    assert [row.towns for row in rows] == [(town,)]


def test_the_option_wins_over_the_sheet_with_a_warning(check):
    data = xlsx(table(person(1), title="分界镇名单"))
    issues, rows = check(data, town=TAIPING)
    assert [(issue.code.value, issue.row, issue.column) for issue in issues] == [("sheet_town_differs", None, None)]
    assert rows[0].towns == (TAIPING,)


def one_sheet_of_two_towns(*people: dict[str, Any], name: str = "名单", title: str = "太平镇名单") -> bytes:
    """Two tables on one sheet: a person under the title, the rest under 罗镜镇名单."""
    rows = [list(one.values()) for one in people]
    return xlsx([[title], list(HEADER), rows[0], [], ["罗镜镇名单"], list(HEADER), *rows[1:]], names=[name])


def test_a_line_among_the_people_names_the_town_of_those_below_it(check):
    director = "司法所 所长"
    data = one_sheet_of_two_towns(person(1, 所在单位及职务=director), person(2, 所在单位及职务=director))
    issues, rows = check(data, town=None)
    assert (issues, said(rows), [row.towns for row in rows]) == ([], [], [(TAIPING,), (LUOJING,)])


@pytest.mark.parametrize(("name", "town"), [("名单", FENJIE), ("分界镇", None)])
def test_neither_the_option_nor_the_sheets_name_gives_way_to_such_a_line(check, name, town):
    data = one_sheet_of_two_towns(*[person(n, 所在单位及职务="司法所 所长") for n in (1, 2)], name=name)
    assert [row.towns for row in check(data, town=town)[1]] == [(FENJIE,), (FENJIE,)]


def test_a_judge_in_two_lists_of_one_sheet_is_no_double_but_twice_in_one_list_is(check):
    judge = person(1, 所在单位及职务="罗定市人民法院 审判员")
    _, rows = check(one_sheet_of_two_towns(judge, judge, judge), town=None)
    assert (said(rows), [row.towns for row in rows[:2]]) == (
        [(8, "身份证号码", "duplicate_in_file")], [(TAIPING,), (LUOJING,)],
    )  # fmt: skip
    assert rows[2].issues[0].message.endswith("负责几个镇（街）的，写在备注里，如 负责太平镇、罗镜镇。")


def test_where_two_towns_remain_both_are_named_and_offered(check):
    _, (row,) = check(roster(person(1, 所在单位及职务="三和村委会 主任")), town=None)
    (issue,) = row.issues
    assert (issue.code.value, issue.column, issue.candidates) == (
        "town_unclear", "所在单位及职务", (FENJIE, "445381114"),
    )  # fmt: skip
    assert issue.message == ("可能是分界镇、生江镇，看不出是哪一个。请在职务里只写一个镇（街）的全称（如 分界镇）。")
    assert "candidates" not in issue.as_json()


def test_with_nothing_to_go_by_no_town_is_offered(check):
    _, (row,) = check(roster(person(1, 所在单位及职务="司法所 所长")), town=None)
    assert (said([row]), row.issues[0].candidates) == ([(4, "所在单位及职务", "town_unclear")], ())


def test_a_sheet_that_names_two_towns_goes_by_its_name_and_says_so(check):
    data = xlsx(
        [*table(person(1, 所在单位及职务="司法所 所长"), title="罗镜镇名单"), ["填报单位：太平镇"]], names=["分界镇"]
    )
    issues, rows = check(data, town=None)
    assert [issue.message for issue in issues] == ["工作表「分界镇」里写的是罗镜镇、太平镇，按分界镇核对。"]
    assert rows[0].towns == (FENJIE,)


def test_a_file_without_sheets_is_called_a_list(check):
    issues, _ = check(csv(table(person(1), title="罗镜镇名单")), CSV, town=TAIPING)
    assert [issue.message for issue in issues] == ["名单里写的是罗镜镇，按太平镇核对。"]


def test_the_sheets_town_wins_over_the_rows_with_a_warning(check):
    _, rows = check(roster(person(1, 所在单位及职务="分界镇人民调解委员会 人民调解员")), town=TAIPING)
    assert (said(rows), rows[0].towns) == ([(4, "所在单位及职务", "town_differs")], (TAIPING,))


def test_a_birth_of_blanks_alone_is_filled_as_an_empty_one(check):
    _, (row,) = check(roster(person(1, 出生年月="\u3000 ")))
    assert (said([row]), row.facts.born) == ([(4, "出生年月", "birth_filled")], "1971-02")


def test_addresses_never_decide_the_town(check):
    row = person(1, 所在单位及职务="司法所 所长", 户籍地址="太平镇", 通讯地址="太平镇")
    _, rows = check(roster(row), town=None)
    assert said(rows) == [(4, "所在单位及职务", "town_unclear")]


@pytest.mark.parametrize(
    ("post", "note", "town", "towns"),
    [
        ("罗定市人民法院 审判员", "负责太平镇、罗镜镇", None, (TAIPING, LUOJING)),
        ("罗定市人民法院 审判员", "负责太平镇、罗镜镇", FENJIE, (FENJIE, TAIPING, LUOJING)),
        ("罗定市人民法院 法官助理", "负责太平镇", TAIPING, (TAIPING,)),
        ("罗定市人民法院 审判员", "兼太平镇、罗镜镇", None, (TAIPING, LUOJING)),
        ("罗定市人民法院 审判员（分管太平、罗镜两镇）", "", None, (TAIPING, LUOJING)),
    ],
    ids=["court list", "town list", "the same town", "besides", "in the post"],
)
def test_a_judges_note_names_further_towns(check, post, note, town, towns):
    _, rows = check(roster(person(1, 所在单位及职务=post, 备注=note)), town=town)
    assert (said(rows), rows[0].towns) == ([], towns)


@pytest.mark.parametrize(
    ("post", "note", "town", "warned"),
    [
        ("太平镇网格员", "负责太平镇、罗镜镇", TAIPING, "罗镜镇"),
        ("太平镇网格员", "负责太平镇、罗镜镇、分界镇", None, "罗镜镇、分界镇"),
        ("太平镇综治中心 科员", "联络人员；兼管罗镜镇", TAIPING, "罗镜镇"),
        ("太平镇网格员", "负责太平镇", TAIPING, ""),
        ("太平镇网格员", "原负责罗镜镇", TAIPING, ""),
        ("太平镇 个体户", "负责罗镜镇", TAIPING, ""),
    ],
    ids=["town list", "no list", "officer", "their own", "once", "no seat"],
)
def test_a_note_seats_no_mediator_in_further_towns_and_that_is_said(check, post, note, town, warned):
    _, (row,) = check(roster(person(1, 所在单位及职务=post, 备注=note)), town=town)
    told = [issue.message for issue in row.issues if (issue.code.value, issue.column) == ("towns_not_taken", "备注")]
    assert row.towns == (TAIPING,)
    assert told == (
        [
            f"这一行只登记太平镇，备注里的{warned}没有登记任职：只有法官、法官助理按备注登记几个镇（街）。"
            "在那里也任职的，请写进那个镇（街）的名单。"
        ]
        if warned
        else []
    )


def test_a_csv_in_gb18030_reads_the_same(check):
    rows = [[str(value) for value in row] for row in table(person(1))]
    _, checked = check(csv(rows, "gb18030"), CSV)
    assert (said(checked), checked[0].facts.name) == ([], "测一")


def test_the_error_codes_are_the_contracts_closed_list():
    assert set(ErrorCode.values) == {
        "file_unreadable", "header_missing", "name_missing", "id_invalid", "id_checksum", "id_precision_lost",
        "id_birth_mismatch", "id_sex_mismatch", "birth_invalid", "sex_invalid", "phone_invalid", "duplicate_in_file",
        "town_unclear",
    }  # fmt: skip
