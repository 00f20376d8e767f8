"""The marked copy: the uploader's own workbook with what is wrong coloured, for the uploader alone."""

import io
from urllib.parse import quote

import pytest
from django.urls import reverse
from openpyxl import load_workbook

from core import reentry
from core.models import AuditEntry
from roster.models import RosterImport
from tests.conftest import PASSWORD
from tests.roster.mending import say, send, text
from tests.roster.workbooks import HEADER, ods, person, roster, table, xlsx

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("divisions", "_clock")]
UNCLEAR = "太平镇 个体户"


def take_home(client, kept):
    return client.post(reverse("roster:import-marked", args=[kept.pk]))


def book_of(answer):
    return load_workbook(io.BytesIO(b"".join(answer.streaming_content)))


def test_the_uploader_takes_the_same_workbook_home_marked_and_it_is_written_down(admin, client_of):
    client = client_of(admin)
    data = roster(person(1, 联系电话="13800"), person(3, 所在单位及职务=UNCLEAR), person(5, 姓名=""))
    kept = send(client, data).context["kept"]
    say(client, kept, 3, cell_name="测五")
    answer = take_home(client, kept)
    page = book_of(answer)["名单"]
    assert [
        (place, page[place].fill.fgColor.rgb[-6:], page[place].comment.text[:6]) for place in ("I4", "E5", "B6")
    ] == [
        ("I4", "F6C9C5", "有 5 位数"),
        ("E5", "FBE3B3", "看不出岗位，"),
        ("B6", "FBE3B3", "核对时把姓名"),
    ]
    assert (page["I4"].value, page["B6"].value, page["A1"].value[:4]) == ("13800", None, "“法官联")
    assert AuditEntry.objects.latest("seq").action == "roster.marked_copy"
    assert answer["Content-Disposition"] == f"attachment; filename*=utf-8''{quote('名单（已标注）.xlsx')}"


def test_a_row_left_out_still_tells_its_town_what_to_mend(admin, client_of):
    client = client_of(admin)
    kept = send(client, roster(person(1, 联系电话="13800"), person(3))).context["kept"]
    say(client, kept, 1, left_out="1")
    page = book_of(take_home(client, kept))["名单"]
    assert (page["I4"].fill.fgColor.rgb[-6:], page["I4"].comment.text[:6]) == ("F6C9C5", "有 5 位数")
    assert page["B4"].comment.text == "核对时定了：这一行留下不写。"


def test_long_after_sign_in_the_password_is_asked_for_before_everybodys_numbers_go_out(admin, client_of):
    client = client_of(admin)
    kept = send(client, roster(person(1, 联系电话="13800"))).context["kept"]
    session = client.session
    session["password_at"] = 0
    session.save()
    asked = take_home(client, kept)
    assert (asked.status_code, "再填一次密码" in text(asked)) == (422, True)
    assert not AuditEntry.objects.filter(action="roster.marked_copy").exists()
    answer = client.post(reverse("roster:import-marked", args=[kept.pk]), {reentry.FIELD: PASSWORD})
    assert book_of(answer)["名单"]["I4"].value == "13800"


def test_an_ods_comes_home_as_a_workbook_of_the_same_cells(admin, client_of):
    client = client_of(admin)
    kept = send(client, ods(table(person(1, 联系电话="13800"))), name="名单.ods").context["kept"]
    page = book_of(take_home(client, kept)).worksheets[0]
    assert (page["B4"].value, page["H4"].value, page["I4"].comment.text[:3]) == (
        "测一",
        person(1)["身份证号码"],
        "有 5",
    )


def test_each_sheet_is_marked_on_its_own(admin, client_of):
    client = client_of(admin)
    data = xlsx([["随便"]], table(person(1)), table(person(3, 联系电话="1")), names=["说明", "太平镇", "双东街道"])
    kept = send(client, data, town="").context["kept"]
    book = book_of(take_home(client, kept))
    assert [book[name]["I4"].comment is not None for name in ("太平镇", "双东街道")] == [False, True]


def test_nobody_but_the_uploader_gets_the_workbook(officer_of_taiping, admin, client_of):
    kept = send(client_of(officer_of_taiping), roster(person(1))).context["kept"]
    assert take_home(client_of(admin), kept).status_code == 403


def test_a_very_long_list_is_not_marked_and_says_what_to_do(admin, client_of):
    client = client_of(admin)
    kept = send(client, roster(person(1))).context["kept"]
    RosterImport.objects.update(rows_total=5_001)
    answer = take_home(client, kept)
    assert (answer.status_code, "名单超过 5,000 行，做不了标注后的原表。" in text(answer)) == (422, True)


def test_below_a_header_in_another_order_the_cell_of_that_order_is_marked(admin, client_of):
    client = client_of(admin)
    header = [*reversed(HEADER)]
    second = person(3, 联系电话="13800")
    data = xlsx([*table(person(1)), header, [second[name] for name in header]])
    page = book_of(take_home(client, send(client, data).context["kept"]))["名单"]
    assert [cell.coordinate for row in page.iter_rows() for cell in row if cell.comment] == ["B6"]
