"""Terms that begin on a later day: what the preview says of them, and that nobody is in office before."""

import re
from datetime import date

import pytest
from django.urls import reverse

from roster.models import TeamMembership
from roster.queries import team_of
from tests.conftest import SHUANGDONG, TAIPING
from tests.roster.mending import send, text
from tests.roster.uploading import write
from tests.roster.workbooks import id_number, person, roster

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("divisions", "_clock")]
TODAY, TOMORROW = date(2023, 9, 20), date(2023, 9, 21)


def notes(shown) -> list[str]:
    return [note for row in shown.context["rows"] for note in row.notes]


def test_who_left_today_and_stands_in_the_list_again_begins_tomorrow(admin, client_of):
    write(roster(person(1)), admin)
    TeamMembership.objects.update(until=TODAY, ended_recorded_at="2023-09-20T09:00+08:00")
    shown = send(client_of(admin), roster(person(1)))
    assert "新任职：太平镇，自9月21日起" in notes(shown)


def test_a_seat_in_the_place_of_another_says_its_first_day(admin, client_of):
    write(roster(person(1)), admin)
    shown = send(client_of(admin), roster(person(1, 备注="【岗位：联络人员】")))
    assert "新岗位自9月20日起" in notes(shown)


def test_of_somebody_new_nothing_is_said_for_the_lists_own_day(admin, client_of):
    assert notes(send(client_of(admin), roster(person(1)))) == []


def test_nobody_is_in_office_before_the_first_day(admin, client_of, seat):
    term = seat("林文英", since=TOMORROW)
    page = text(client_of(admin).get(reverse("roster:person", args=[term.staff_id])))
    assert ("自2023年9月21日起任" in page, "在任" in page) == (True, False)
    assert team_of(TAIPING, TODAY).members == []


def test_on_the_first_day_they_are(admin, client_of, seat):
    term = seat("林文英", since=TODAY)
    assert ">在任<" in text(client_of(admin).get(reverse("roster:person", args=[term.staff_id])))


def test_the_list_says_of_who_is_to_come_from_when(admin, client_of, seat):
    seat("林文英", since=TOMORROW, mediator_kind="grid_worker")
    seat("陈水莲", until=date(2023, 6, 30), ended_recorded_at="2023-06-30T09:00+08:00")
    client = client_of(admin)
    page = text(client.get(reverse("roster:list"), {"seat": "left"}))
    assert ("网格员，自2023年9月21日起任" in page, page.count("已离任")) == (True, 1)
    assert "林文英" not in text(client.get(reverse("roster:list")))


def test_a_member_of_another_town_gets_a_first_day_in_the_new_one(admin, client_of):
    write(roster(person(1)), admin)
    other = person(1, 所在单位及职务="双东街道综治中心 主任", 身份证号码=person(1)["身份证号码"])
    shown = send(client_of(admin), roster(other, person(3, 身份证号码=id_number("19730414", 3))), town="445381004")
    assert [note for note in notes(shown) if note.startswith("新任职")] == ["新任职：双东街道，自9月20日起"]


# ── accounts ─────────────────────────────────────────────────────────────────


def links_to_accounts(page: str) -> list[str]:
    return [address.replace("&amp;", "&") for address in re.findall(r'href="(/roster/accounts/[^"]+)"', page)]


def test_who_goes_to_another_town_next_month_gets_an_account_now(admin, client_of, seat):
    term = seat("林文英")
    seat("林文英", staff=term.staff, town=SHUANGDONG, since=date(2023, 10, 20))
    client = client_of(admin)
    (address,) = links_to_accounts(text(client.get(reverse("roster:person", args=[term.staff_id]))))
    assert [row.staff.name for row in client.get(address).context["rows"]] == ["林文英"]


def test_who_is_to_come_gets_an_account_when_they_are_there(admin, client_of, seat):
    term = seat("林文英", since=TOMORROW)
    client = client_of(admin)
    page = text(client.get(reverse("roster:person", args=[term.staff_id])))
    assert (links_to_accounts(page), "自2023年9月21日起任，到任后再建账号。" in page) == ([], True)
    asked = text(client.get(reverse("roster:accounts"), {"person": str(term.staff_id)}))
    assert "登记了还没到任的，到任后再来建。" in asked


def test_who_has_no_seat_is_offered_no_account(admin, client_of, seat):
    term = seat("林文英", until=date(2023, 6, 30), ended_recorded_at="2023-06-30T09:00+08:00")
    page = text(client_of(admin).get(reverse("roster:person", args=[term.staff_id])))
    assert (links_to_accounts(page), "到任后再建" in page) == ([], False)
