"""Identity numbers after GB 11643: what one says, and the first thing wrong with a bad one."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from roster.choices import ErrorCode
from roster.id_card import IdCard, IdProblem, read_id_number
from tests.roster.workbooks import id_number, unhurried, wide

TODAY = date(2023, 9, 20)
GOOD = "44538119720721160X"  # check digit worked out by hand: sum of weights × digits mod 11 is 2


def problem(text: str) -> str:
    found = read_id_number(text, today=TODAY)
    assert isinstance(found, IdProblem)
    return found.code.value


def test_a_good_number_says_birth_and_sex():
    assert read_id_number(GOOD, today=TODAY) == IdCard(GOOD, date(1972, 7, 21), "female")


@pytest.mark.parametrize(
    "written",
    ["44538119720721160x", " 445381 19720721 160X ", wide(GOOD), f"'{GOOD}", f"{GOOD}\u200b"],
    ids=["lower case", "blanks", "full width", "apostrophe", "zero width"],
)  # fmt: skip
def test_spelling_does_not_matter(written):
    assert read_id_number(written, today=TODAY) == IdCard(GOOD, date(1972, 7, 21), "female")


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "id_invalid"),
        ("445381720721160", "id_invalid"),
        ("4453811972072116", "id_invalid"),
        ("44538119720721160XX", "id_invalid"),
        ("4453811972O721160X", "id_invalid"),
        ("44538119720721X601", "id_invalid"),
        ("44538119721321160X", "id_invalid"),
        ("445381197202301609", "id_invalid"),
        ("445381189907211600", "id_invalid"),
        ("445381202309211600", "id_invalid"),
        ("99538119720721160X", "id_invalid"),
        ("445381197207211601", "id_checksum"),
        ("4.45381E+17", "id_precision_lost"),
    ],
    ids=["empty", "15 digits", "16 digits", "19 characters", "letter O", "X inside", "month 13", "30 February",
         "year 1899", "born tomorrow", "no province", "last digit", "scientific"],
)  # fmt: skip
def test_the_first_thing_wrong_is_named(text, code):
    assert problem(text) == code


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "没有身份证号码，请填 18 位号码。"),
        ("遗失补办中", "没有身份证号码，请填 18 位号码。"),
        ("身份证：44538119720721160X。", "号码旁边还有「身份证:。」，请只留 18 位号码。"),
        ("445381720721160", "这是 15 位的旧号码，请填现在的 18 位号码。"),
        ("4453811972072116", "有 16 位，应是 18 位，请对照证件。"),
        ("4453811972O721160X", "有不该出现的字符：前 17 位是数字，最后一位是数字或 X。"),
        ("99538119720721160X", "开头「99」不是省份代码，请对照证件。"),
        ("44538119721321160X", "第 7 至 14 位不是一个可能的出生日期，请对照证件。"),
    ],
)
def test_what_is_wrong_with_its_form_is_said_in_its_own_words(text, said):
    assert read_id_number(text, today=TODAY) == IdProblem(ErrorCode.ID_INVALID, said)


def test_a_retired_county_code_is_no_error():
    assert isinstance(read_id_number(id_number("19720721", 160, "441229"), today=TODAY), IdCard)


def test_somebody_born_today_is_possible_but_not_tomorrow():
    assert isinstance(read_id_number(id_number("20230920", 1), today=TODAY), IdCard)
    assert problem(id_number("20230921", 1)) == "id_invalid"


@unhurried
@given(st.dates(date(1900, 1, 1), TODAY), st.integers(0, 999))
def test_every_number_with_a_right_check_digit_is_good_and_with_a_wrong_one_never(born, serial):
    number = id_number(f"{born:%Y%m%d}", serial)
    assert read_id_number(number, today=TODAY) == IdCard(number, born, "male" if serial % 2 else "female")
    wrong = "0123456789X".replace(number[-1], "")
    assert {problem(number[:-1] + last) for last in wrong} == {"id_checksum"}
