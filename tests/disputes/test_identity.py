"""Names, numbers and telephones of parties."""

from datetime import date

import pytest

from core.errors import Refused
from disputes.choices import PartyKind
from disputes.identity import Identity, last_four, read_identity, read_name, read_phone

TODAY = date(2023, 9, 20)


FULL_WIDTH = {ord(digit): ord(digit) + 0xFEE0 for digit in "0123456789"}


@pytest.mark.parametrize(
    "typed",
    ["445381196803121235", " 4453 8119 6803 1212 35", "445381196803121235".translate(FULL_WIDTH)],
    ids=["plain", "spaced", "full width"],
)
def test_the_number_of_a_person_says_sex_and_birth(typed):
    found = read_identity(PartyKind.PERSON, typed, today=TODAY)
    assert found == Identity("445381196803121235", "male", date(1968, 3, 12))


def test_no_number_yet_is_no_error():
    assert read_identity(PartyKind.PERSON, "  ", today=TODAY) == Identity()


def test_a_wrong_last_digit_is_refused_at_the_number():
    with pytest.raises(Refused) as refused:
        read_identity(PartyKind.PERSON, "445381196803121239", today=TODAY)
    assert (refused.value.field, refused.value.message) == ("id_number", "最后一位校验不对，请对照证件再看一遍。")


def test_an_organisation_has_a_credit_code_instead():
    assert read_identity(PartyKind.ORGANISATION, "91110000600037341l", today=TODAY) == Identity("91110000600037341L")


@pytest.mark.parametrize("typed", ["445381196803121235", "911100006000373410", "91110000"])
def test_anything_else_is_no_credit_code(typed):
    with pytest.raises(Refused) as refused:
        read_identity(PartyKind.ORGANISATION, typed, today=TODAY)
    assert refused.value.field == "id_number"


@pytest.mark.parametrize(
    ("typed", "kept"),
    [("138 0000 6072", "13800006072"), ("+86 13800006072", "13800006072"), ("0766-3812345", "0766-3812345"), ("", "")],
)
def test_a_telephone_number_is_kept_in_its_one_form(typed, kept):
    assert read_phone(typed) == kept


@pytest.mark.parametrize("typed", ["138000", "电话", "13800006072、13700002290"])
def test_what_is_not_one_telephone_number_is_refused(typed):
    with pytest.raises(Refused) as refused:
        read_phone(typed)
    assert refused.value.field == "phone"
    assert "两个号码用" not in str(refused.value)


@pytest.mark.parametrize(("number", "last"), [("13800006072", "6072"), ("0766-3812345", "2345"), ("", "")])
def test_the_last_four_are_kept_for_looking_up(number, last):
    assert last_four(number) == last


def test_names_lose_the_blanks_around_them_and_nothing_else():
    assert read_name("  太平镇  建材行 ") == "太平镇 建材行"


@pytest.mark.parametrize("typed", ["", "　", "名" * 81], ids=["empty", "blank", "too long"])
def test_a_party_must_have_a_name_that_fits(typed):
    with pytest.raises(Refused) as refused:
        read_name(typed)
    assert refused.value.field == "name"
