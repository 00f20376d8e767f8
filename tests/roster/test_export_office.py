"""A list that was taken out opens in LibreOffice, prints as the annex, and comes back unchanged when saved there."""

import re

import pytest

from core.choices import Role
from core.spreadsheets import read_workbook
from roster import documents
from roster.choices import ExportList
from roster.models import Staff
from tests.conftest import COUNTY, SHUANGDONG, TAIPING
from tests.office import need_office, saved_as
from tests.roster.test_roundtrip import brought_in, taken_out, told
from tests.roster.workbooks import id_number

pytestmark = pytest.mark.django_db


@pytest.fixture
def office(tmp_path):
    """office(data, ending) → the file as LibreOffice saves it in another format."""
    need_office()

    def convert(data: bytes, ending: str) -> bytes:
        (tmp_path / "list.xlsx").write_bytes(data)
        (made,) = saved_as(ending, tmp_path / "list.xlsx")
        return made.read_bytes()

    return convert


@pytest.fixture
def admin(divisions, make_user):
    return make_user("admin", Role.ADMIN, COUNTY, name="管理员")


@pytest.fixture
def people(seat):
    """A judge of two towns, a mediator with awkward texts, somebody undecided, and enough rows for a second page."""
    judge = seat("苏明远", "judge").staff
    seat("", "judge", SHUANGDONG, staff=judge)
    facts = {
        judge: ("罗定市人民法院 审判员", "", 1),
        seat("𣸣𠮷·艾山", mediator_kind="town_cadre").staff: ("太平镇大南村网格员", "=HYPERLINK(1)", 2),
        Staff.objects.create(name="温兆祥"): ("退休教师", "+86 <&>", 3),
        **{seat(f"黎{'甲乙丙丁戊己庚辛'[n % 8]}{n}", mediator_kind="grid_worker").staff: ("太平镇网格员", "", n)
           for n in range(10, 40)},
    }  # fmt: skip
    for staff, (post, note, serial) in facts.items():
        staff.unit_and_duty, staff.note, staff.born = post, note, "1985-03"
        staff.sex = "male" if serial % 2 else "female"
        staff.id_number, staff.phone = id_number("19850312", serial), f"138000000{serial:02}、0766-3812345"
        staff.registered_address, staff.contact_address = "-广东省罗定市", "@太平镇"
        staff.save()


@pytest.mark.parametrize("what", [ExportList.COUNTY, ExportList.COURT])
def test_saved_again_by_libreoffice_the_list_changes_nothing(what, people, admin, office):
    data = taken_out(admin, what)
    for ending in ("xlsx", "ods"):
        plan = brought_in(office(data, ending), admin, f"名单.{ending}")
        assert (ending, told(plan), len(plan.rows) > 0) == (ending, [], True)


def test_what_libreoffice_shows_is_the_text_and_no_value_of_a_formula(people, admin, office):
    lines = office(taken_out(admin, ExportList.TOWN, TAIPING), "csv")
    rows = [line for line in lines.decode().splitlines() if "𣸣𠮷" in line]
    assert [row.split(",")[2:] for row in rows] == [[
        '"1985.03"', '"女"', '"太平镇大南村网格员"', '"-广东省罗定市"', '"@太平镇"', f'"{id_number("19850312", 2)}"',
        '"13800000002、0766-3812345"', '"=HYPERLINK(1)；【岗位：镇（街）干部】"',
    ]]  # fmt: skip


def test_it_prints_on_a4_across_as_wide_as_the_page(people, admin, office):
    pdf = office(taken_out(admin, ExportList.TOWN, TAIPING), "pdf")
    boxes = [tuple(float(edge) for edge in box.split()[2:]) for box in _boxes(pdf)]
    assert len(boxes) > 1
    assert {(round(width), round(height)) for width, height in boxes} == {(842, 595)}


def _boxes(pdf: bytes) -> list[str]:
    return [box.decode() for box in re.findall(rb"/MediaBox\s*\[([^\]]*)\]", pdf)]


def test_the_template_opens_there_too(admin, office):
    assert read_workbook(office(documents.template_of(admin), "ods"), "空白.ods").sheets[1].name == "示例"
