"""One person twice in a list, and two people with one telephone number."""

import pytest

from tests.roster.annex.test_checking import said
from tests.roster.workbooks import person, roster, table, xlsx


def test_the_later_of_two_rows_with_one_number_is_an_error_once(check):
    _, rows = check(roster(person(1), person(2), person(1), person(1)))
    assert said(rows) == [(6, "身份证号码", "duplicate_in_file"), (7, "身份证号码", "duplicate_in_file")]


def test_a_judge_on_two_towns_sheets_is_no_double_but_a_mediator_warns(check):
    judge = person(1, 所在单位及职务="罗定市人民法院 审判员")
    first, second = table(judge, person(2)), table(judge, person(2))
    _, rows = check(xlsx(first, second, names=["太平镇", "罗镜镇"]), town=None)
    assert said(rows) == [(5, "所在单位及职务", "town_differs"), (5, "所在单位及职务", "in_two_towns")]


def test_one_mobile_number_of_two_people_is_warned_of_and_an_offices_is_not(check):
    same, office = {"联系电话": "13900001234"}, {"联系电话": "0766-3811122"}
    _, rows = check(roster(person(1, **same), person(2), person(3, **same), person(4, **office), person(5, **office)))
    assert said(rows) == [(6, "联系电话", "phone_shared")]
    (issue,) = rows[2].issues
    assert issue.message == "与第 4 行是同一个手机号码。一家人合用的不用改，抄错行的请改。"


@pytest.mark.parametrize(
    ("one", "other", "told"),
    [
        ("13900001234", "13900001234、0766-3811122", True),
        ("0766-3811122/13900001234", "13900001234", True),
        ("13900001234/13900005678", "13900005678/13900009999", True),
        ("13900001234/0766-3811122", "13900005678/0766-3811122", False),
    ],
    ids=["second has an office's", "first has", "both have two", "an office's alone"],
)
def test_a_mobile_number_among_several_is_found_with_another_person(check, one, other, told):
    _, rows = check(roster(person(1, 联系电话=one), person(2), person(3, 联系电话=other)))
    assert [(row.number, issue.message) for row in rows for issue in row.issues] == (
        [(6, "与第 4 行有一个手机号码相同。一家人合用的不用改，抄错行的请改。")] if told else []
    )


@pytest.mark.parametrize("again", [{}, {"身份证号码": ""}], ids=["by number", "by name"])
def test_the_same_person_twice_is_not_two_with_one_number(check, again):
    _, rows = check(roster(person(1), person(1, **again)))
    assert "phone_shared" not in [code for _, _, code in said(rows)]
