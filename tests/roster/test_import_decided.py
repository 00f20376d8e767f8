"""What people decided about an upload, and lists of people the roster knows otherwise: masked, under another number."""

from datetime import date

import pytest

from core.privacy import mask_address, mask_id_number, mask_text
from roster import importers
from roster.annex.mending import Settlement
from roster.models import Staff
from roster.phones import masked_phone
from tests.conftest import SHUANGDONG, TAIPING
from tests.roster.uploading import SINCE, plan, results, take, write
from tests.roster.workbooks import XLSX, id_number, person, roster

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("divisions", "_clock")]


# ── what people decided about an upload ──────────────────────────────────────


def decided(data, by, **decisions) -> importers.ImportPlan:
    checked = importers.check_workbook(data, XLSX, town=TAIPING, on=date(2023, 9, 20), **decisions)
    return importers.plan_import(checked, since=SINCE, by=by)


def test_a_row_left_out_is_neither_rejected_nor_written(admin):
    data = roster(person(1), person(2, 姓名=""), person(3, 联系电话="1"))
    made = decided(data, admin, left_out={("名单", 5)})
    assert (results(made), made.rejected, len(made.writable)) == (["created", "left_out", "rejected"], 1, 1)
    assert [issue.row for issue in made.all_issues] == [6]
    assert [row["row"] for row in importers.as_json(made, applied=False, writes=True)["staff"]] == [4]


def test_a_row_left_out_fills_no_seat_but_its_person_is_not_missing_from_the_file(admin):
    write(roster(person(1), person(2)), admin)
    made = decided(roster(person(1), person(2, 姓名="")), admin, left_out={("名单", 5)})
    (team,) = made.teams
    assert (team.standing.of("mediator").taken, team.absent) == (2, ())


def test_a_town_whose_rows_are_all_left_out_is_not_of_this_import(admin):
    assert decided(roster(person(1)), admin, left_out={("名单", 4)}).teams == ()


def test_decisions_change_the_fingerprint(admin):
    data = roster(person(1), person(2))
    plans = [
        decided(data, admin),
        decided(data, admin, left_out={("名单", 5)}),
        decided(data, admin, settlements={("名单", 5): Settlement("liaison_officer")}),
    ]
    assert len({made.fingerprint for made in plans}) == 3


# ── lists sent back masked, people known under another number ────────────────


def masks(staff: Staff) -> dict[str, str]:
    """A person's cells as a masked list shows them."""
    return {
        "身份证号码": mask_id_number(staff.id_number),
        "联系电话": masked_phone(staff.phone),
        "户籍地址": mask_address(staff.registered_address),
        "通讯地址": mask_address(staff.contact_address),
        "备注": mask_text(staff.note),
    }


def test_a_masked_list_sent_back_changes_nothing(admin):
    people = [person(1), person(2, 备注="微信13800000002"), person(3, 联系电话="13800000003/0766-3812345")]
    write(roster(*people), admin)
    by_name = {staff.name: staff for staff in Staff.objects.all()}
    masked = [one | masks(by_name[one["姓名"]]) for one in people]
    made = plan(take(roster(*masked), admin), admin)
    assert (results(made), made.all_issues) == (["unchanged"] * 3, [])


def test_a_masked_list_of_people_the_roster_has_not_is_refused_at_its_cells(admin):
    made = plan(take(roster(person(1, 身份证号码="445381********0019", 联系电话="138****0001")), admin), admin)
    assert (results(made), [(issue.column, issue.code.value) for issue in made.all_issues]) == (
        ["rejected"],
        [("身份证号码", "id_invalid")],
    )


def another_number(row: dict) -> dict:
    """The same person with another valid number of the same birth month and sex."""
    return row | {"身份证号码": id_number(f"{row['身份证号码'][6:12]}28", int(row["身份证号码"][14:17]) + 2)}


@pytest.mark.parametrize(
    ("known", "message"),
    [
        ({}, "太平镇已有同名的人，电话也相同，身份证号码不同。"),
        ({"联系电话": "13900000009"}, "太平镇已有同名的人，身份证号码不同。"),
    ],
    ids=["and the same phone", "another phone"],
)
def test_the_same_name_in_the_same_town_under_another_number_is_said(admin, known, message):
    write(roster(person(1, **known)), admin)
    (row,) = plan(take(roster(another_number(person(1))), admin), admin).rows
    assert (row.result.value, [(issue.column, issue.code.value) for issue in row.checked.issues]) == (
        "created",
        [("身份证号码", "namesake")],
    )
    assert row.checked.issues[0].message == f"{message}是同一个人的，请核对号码；不是的，会另记一人。"


def test_the_same_name_and_phone_in_another_town_is_said_without_the_town(admin):
    write(roster(person(1)), admin)
    (row,) = plan(take(roster(another_number(person(1))), admin, town=SHUANGDONG), admin).rows
    assert [issue.message for issue in row.checked.issues if issue.code == "namesake"] == [
        "名册里已有同名、同电话的人，身份证号码不同。是同一个人的，请核对号码；不是的，会另记一人。"
    ]


def test_the_same_name_alone_in_another_town_is_nothing_to_say(admin):
    write(roster(person(1)), admin)
    other = another_number(person(1, 联系电话="13900000009"))
    (row,) = plan(take(roster(other), admin, town=SHUANGDONG), admin).rows
    assert [issue.code.value for issue in row.checked.issues] == ["town_differs"]


def test_a_known_number_is_its_person_whatever_others_are_called(admin):
    write(roster(person(1), another_number(person(1))), admin)
    made = plan(take(roster(person(1)), admin), admin)
    assert (results(made), made.all_issues) == (["unchanged"], [])
