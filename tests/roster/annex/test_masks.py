"""A masked list sent back: what equals the roster's mask is unchanged, what fits nothing is said at its cell."""

import pytest

from core.privacy import mask_address, mask_id_number, mask_text
from core.spreadsheets import read_workbook
from roster.annex.checking import Frame, check_file
from roster.annex.facts import StaffFacts
from roster.annex.masks import OnRoster, names_on_masked_rows
from roster.annex.mending import mends
from roster.annex.reading import read_annex
from roster.phones import masked_phone
from tests.conftest import FENJIE, TAIPING
from tests.roster.annex.test_checking import said
from tests.roster.conftest import TODAY
from tests.roster.workbooks import XLSX, id_number, person, roster, wide

CLEAR = person(1, 户籍地址="广东省罗定市太平镇石牌村12号", 备注="微信13800000001", 联系电话="13800000001、0766-3812345")
FACTS = StaffFacts(
    name=CLEAR["姓名"],
    born="1971-02",
    sex="male",
    unit_and_duty=CLEAR["所在单位及职务"],
    registered_address=CLEAR["户籍地址"],
    contact_address=CLEAR["通讯地址"],
    id_number=CLEAR["身份证号码"],
    phone=CLEAR["联系电话"],
    note=CLEAR["备注"],
)
MASKED = CLEAR | {
    "身份证号码": mask_id_number(FACTS.id_number),
    "联系电话": masked_phone(FACTS.phone),
    "户籍地址": mask_address(FACTS.registered_address),
    "通讯地址": mask_address(FACTS.contact_address),
    "备注": mask_text(FACTS.note),
}
KNOWN = OnRoster(FACTS, frozenset({TAIPING}))


@pytest.fixture
def check_against(county):
    """check_against(row, *people of the roster) → the checked row."""

    def run(row, *people, town=TAIPING):
        named = {one.facts.name: [other for other in people if other.facts.name == one.facts.name] for one in people}
        frame = Frame(county, TODAY, town, people=named)
        return check_file(read_annex(read_workbook(roster(row), XLSX)), frame)[1][0]

    return run


def test_every_masked_cell_is_read_as_the_rosters_own_value(check_against):
    row = check_against(MASKED, KNOWN)
    assert (said([row]), row.facts) == ([], FACTS)


def test_masks_may_be_spaced_or_full_width(check_against):
    spaced = {"身份证号码": " ".join(MASKED["身份证号码"]), "联系电话": MASKED["联系电话"].replace("*", wide("*"))}
    row = check_against(MASKED | spaced, KNOWN)
    assert (said([row]), row.facts) == ([], FACTS)


def test_a_masked_number_that_fits_nobody_is_an_error_at_its_cell_and_shown_as_written(check_against):
    row = check_against(person(1, 身份证号码="445381********0000"), KNOWN)
    assert said([row]) == [(4, "身份证号码", "id_invalid")]
    assert row.issues[0].message == ("带星号的号码在名册里对不上：这个镇（街）没有同名、同号码的人。请填 18 位号码。")
    assert (row.facts.id_number, row.shown["id_number"]) == ("", "445381********0000")


def test_where_the_masked_number_fits_nobody_nothing_is_said_of_the_other_masks(check_against):
    row = check_against(MASKED | {"身份证号码": "445381********0000"}, KNOWN)
    assert said([row]) == [(4, "身份证号码", "id_invalid")]


def test_the_same_name_and_mask_in_another_town_is_somebody_else(check_against):
    row = check_against(MASKED, KNOWN, town=FENJIE)
    assert (4, "身份证号码", "id_invalid") in said([row])


def test_somebody_without_a_seat_can_be_meant(check_against):
    assert check_against(MASKED, OnRoster(FACTS, frozenset())).facts == FACTS


def test_two_people_behind_one_mask_are_not_told_apart(check_against):
    number = id_number("19710331", 1)
    twin = OnRoster(StaffFacts(name=FACTS.name, id_number=f"445381{number[6:14]}{FACTS.id_number[-4:]}"), KNOWN.towns)
    row = check_against(person(1, 身份证号码=MASKED["身份证号码"]), KNOWN, twin)
    assert said([row]) == [(4, "身份证号码", "id_invalid")]
    assert row.issues[0].message == ("名册里有 2 个同名的人都对得上这个带星号的号码，分不清是谁。请填 18 位号码。")


def test_a_masked_phone_of_a_clear_number_is_found_by_the_number(check_against):
    row = check_against(CLEAR | {"联系电话": MASKED["联系电话"]}, KNOWN)
    assert (said([row]), row.facts.phone) == ([], FACTS.phone)


@pytest.mark.parametrize("people", [(KNOWN,), ()], ids=["known", "unknown"])
def test_a_masked_phone_that_fits_nothing_is_an_error(check_against, people):
    row = check_against(CLEAR | {"联系电话": "139****0009"}, *people)
    assert said([row]) == [(4, "联系电话", "phone_invalid")]
    assert row.shown["phone"] == "139****0009"


def test_a_masked_address_that_fits_nothing_is_left_out_with_a_warning(check_against):
    row = check_against(CLEAR | {"户籍地址": "分界镇 ****"}, KNOWN)
    assert (said([row]), row.facts.registered_address) == ([(4, "户籍地址", "mask_ignored")], "")


def test_a_star_in_a_note_may_be_meant(check_against):
    row = check_against(CLEAR | {"备注": "*组长"}, KNOWN)
    assert (said([row]), row.facts.note) == ([], "*组长")


def test_a_clear_value_beside_masked_ones_is_taken(check_against):
    row = check_against(MASKED | {"联系电话": "13900000009"}, KNOWN)
    assert (said([row]), row.facts.phone, row.facts.id_number) == ([], "13900000009", FACTS.id_number)


def test_a_starred_header_or_name_is_no_mask():
    annex = read_annex(read_workbook(roster(person(1, 姓名="*测一"), person(2, 联系电话="138****0002")), XLSX))
    assert names_on_masked_rows(annex, mends({}, {}, ())) == {person(2)["姓名"]}


def test_a_masked_row_with_a_ditto_for_its_post_takes_none(check_against):
    row = check_against(MASKED | {"所在单位及职务": "同上", "备注": "网格员"}, KNOWN)
    assert (row.facts.unit_and_duty, row.facts.id_number) == ("", FACTS.id_number)
    assert said([row]) == [(4, "所在单位及职务", "ditto_not_taken")]
