"""Values as towns write them where the annex asks for others: sex in signs and codes, a birth in two columns, 同上."""

import pytest

from tests.conftest import TAIPING
from tests.roster.workbooks import HEADER, TITLE, id_number, person, roster, table, xlsx

LUOJING = "445381100"
JUDGE = "罗定市人民法院 员额法官"


def said(row) -> list[tuple[str, str]]:
    return [(issue.column, issue.code.value) for issue in row.issues]


# ── sex ──────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("written", ["男性", "♂", "M", "m", "1", 1, "1男", "1.男", "1（男）", "男（1）", "Ｍ"])  # noqa: RUF001
def test_a_man_in_other_signs(check, written):
    _, (row,) = check(roster(person(1, 性别=written)))
    assert (row.facts.sex, row.issues) == ("male", ())


@pytest.mark.parametrize("written", ["女性", "♀", "F", "f", "2", 2, "2女", "2-女"])
def test_a_woman_in_other_signs(check, written):
    _, (row,) = check(roster(person(2, 性别=written)))
    assert (row.facts.sex, row.issues) == ("female", ())


@pytest.mark.parametrize(
    ("written", "code"),
    [("2", "id_sex_mismatch"), ("♀", "id_sex_mismatch"), ("0", "sex_invalid"), ("-", "sex_invalid")],
)
def test_a_sign_that_is_another_or_none_is_refused(check, written, code):
    _, (row,) = check(roster(person(1, 性别=written)))
    assert said(row) == [("性别", code)]


# ── a birth in two columns ───────────────────────────────────────────────────

SPLIT = ("序号", "姓名", "出生年", "出生月", *HEADER[3:])


@pytest.mark.parametrize(
    ("year", "month"), [(1971, 2), ("1971", "02"), ("1971年", "2月"), ("71", "2"), ("一九七一", "二"), ("1971年", 2)]
)
def test_year_and_month_are_put_together(check, year, month):
    issues, (row,) = check(roster(person(1, 出生年=year, 出生月=month), header=SPLIT))
    assert (issues, row.facts.born, row.issues) == ([], "1971-02", ())


@pytest.mark.parametrize("header", [("出生年份", "出生月份"), ("出生 年", "出生 月")])
def test_the_two_may_be_headed_otherwise_and_stand_apart(check, header):
    year, month = header
    columns = (month, *(name for name in HEADER if name != "出生年月"), year)
    _, (row,) = check(roster(person(1, **{year: 1971, month: 2}), header=columns))
    assert (row.facts.born, row.issues) == ("1971-02", ())


def test_a_month_alone_is_not_october(check):
    october = id_number("19791019", 9)
    _, (row,) = check(roster(person(9, 出生年=1979, 出生月=1, 身份证号码=october), header=SPLIT))
    assert said(row) == [("出生年月", "id_birth_mismatch")]


def test_year_and_month_below_one_header(check):
    upper = ("序号", "姓名", "出生年月", "", *HEADER[3:])
    lower = ("", "", "年", "月", *[""] * 7)
    values = person(1)
    cells = [1, values["姓名"], 1971, 2, *(values[name] for name in HEADER[3:])]
    _, (row,) = check(xlsx([[TITLE], list(upper), list(lower), cells]))
    assert (row.facts.born, row.issues) == ("1971-02", ())


def test_a_whole_column_goes_before_its_halves(check):
    header = (*HEADER, "出生年", "出生月")
    _, (row,) = check(roster(person(1, 出生年=1999, 出生月=9), header=header))
    assert (row.facts.born, row.issues) == ("1971-02", ())


def test_a_half_that_is_a_formula_leaves_the_month_to_the_number(check):
    _, (row,) = check(roster(person(1, 出生年="=1970+1", 出生月=2), header=SPLIT))
    assert (row.facts.born, said(row)) == ("1971-02", [("出生年月", "birth_filled")])


# ── 同上 ─────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("words", ["同上", "同 上", "〃", '"', "同左", "″"])
def test_a_post_as_the_one_above_is_not_guessed(check, words):
    _, (_, row) = check(roster(person(1), person(3, 所在单位及职务=words)))
    assert (row.facts.unit_and_duty, row.post.role) == ("", "")
    assert said(row) == [("所在单位及职务", "ditto_not_taken"), ("所在单位及职务", "role_unclear")]


def test_it_is_said_too_where_the_note_decides(check):
    _, (row,) = check(roster(person(3, 所在单位及职务="同上", 备注="网格员")))
    assert (row.facts.unit_and_duty, row.post.kind) == ("", "grid_worker")
    assert said(row) == [("所在单位及职务", "ditto_not_taken")]


def test_of_unit_and_duty_apart_the_one_written_out_stays(check):
    columns = (*HEADER[:4], "单位", "职务", *HEADER[5:])
    _, (row,) = check(roster(person(3, 单位="〃", 职务="网格员"), header=columns))
    assert (row.facts.unit_and_duty, said(row)) == ("网格员", [("所在单位及职务", "ditto_not_taken")])


def test_a_note_as_the_one_above_is_not_guessed(check):
    _, (row,) = check(roster(person(3, 备注="同上")))
    assert (row.facts.note, said(row)) == ("", [("备注", "ditto_not_taken")])


@pytest.mark.parametrize("words", ['自称 " 老好人 " 的人', "同上 党员", "见 同上 一栏", "党员 〃"])
@pytest.mark.parametrize("column", ["所在单位及职务", "备注"])
def test_quotation_marks_within_a_cell_are_its_words(check, column, words):
    _, (row,) = check(roster(person(3, **{column: words})))
    field = {"所在单位及职务": "unit_and_duty", "备注": "note"}[column]
    assert getattr(row.facts, field) == words
    assert "ditto_not_taken" not in [code for _, code in said(row)]


def test_so_are_they_in_one_of_two_cells(check):
    columns = (*HEADER[:4], "单位", "职务", *HEADER[5:])
    _, (row,) = check(roster(person(3, 单位='太平镇 " 和 " 调解室', 职务="调解员"), header=columns))
    assert (row.facts.unit_and_duty, said(row)) == ('太平镇 " 和 " 调解室 调解员', [("所在单位及职务", "kind_unclear")])


@pytest.mark.parametrize("post", ["同心村网格员", "同上村网格员"])
def test_a_post_that_only_begins_so_stays(check, post):
    _, (row,) = check(roster(person(3, 所在单位及职务=post)))
    assert (row.facts.unit_and_duty, row.issues) == (post, ())


# ── towns in a judge's note ──────────────────────────────────────────────────


@pytest.mark.parametrize("note", ["罗镜镇、党员", "党员，罗镜镇", "罗镜镇（党员）", "太平镇、罗镜镇，2022年到任"])
def test_towns_beside_other_words_of_a_judges_note_are_served(check, note):
    _, (row,) = check(roster(person(1, 所在单位及职务=JUDGE, 备注=note)))
    assert (row.towns, row.issues) == ((TAIPING, LUOJING), ())


@pytest.mark.parametrize(
    "note", ["原太平镇、罗镜镇", "负责太平镇；罗镜镇", "罗镜、党员", "不再负责：罗镜镇", "籍贯：罗镜镇", "回避：罗镜镇"]
)
def test_a_town_that_nothing_says_is_served_is_told(check, note):
    _, (row,) = check(roster(person(1, 所在单位及职务=JUDGE, 备注=note)))
    assert (row.towns, said(row)) == ((TAIPING,), [("备注", "towns_not_taken")])
    assert "罗镜镇没有登记任职" in row.issues[0].message


@pytest.mark.parametrize("note", ["家住罗镜镇", "原罗镜镇法官", "党员"])
def test_a_town_in_other_words_is_not_asked_about(check, note):
    _, (row,) = check(roster(person(1, 所在单位及职务=JUDGE, 备注=note)))
    assert (row.towns, row.issues) == ((TAIPING,), ())


def test_where_a_mediator_is_from_is_no_further_town(check):
    _, (row,) = check(roster(person(1, 备注="户籍：罗镜镇")))
    assert (row.towns, row.issues) == ((TAIPING,), ())


def test_a_mediators_further_town_is_told_beside_other_words_too(check):
    _, (row,) = check(xlsx(table(person(1, 备注="罗镜镇、党员"))))
    assert said(row) == [("备注", "towns_not_taken")]
