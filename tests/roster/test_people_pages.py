"""The list of people, a person's terms, the teams: what is shown, to whom, at what cost."""

from datetime import date

import pytest
from django.urls import reverse

from core.choices import Role
from core.paging import PAGE_SIZE
from roster.models import Staff, TeamMembership
from tests.conftest import SHUANGDONG, TAIPING

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("divisions", "_clock")]


@pytest.fixture
def member(seat):
    """A mediator of 太平镇 with numbers that must not leak."""
    term = seat("林文英", mediator_kind="grid_worker")
    staff = term.staff
    staff.id_number, staff.phone, staff.contact_address = "44538119720721160X", "13881924865", "罗定市太平镇太平街1号"
    staff.save()
    return term


def text(answer) -> str:
    return " ".join(answer.content.decode().split())


# ── the list ─────────────────────────────────────────────────────────────────


def test_the_list_shows_people_masked(admin, client_of, member):
    page = text(client_of(admin).get(reverse("roster:list")))
    assert all(words in page for words in ("林文英", "网格员", "太平镇", "138****4865"))
    assert "13881924865" not in page


def test_a_search_leaves_no_name_in_the_address(admin, client_of, member, seat):
    seat("黎桂生")
    client = client_of(admin)
    answer = client.post(reverse("roster:search"), {"q": "文英", "town": TAIPING})
    assert "%E6%96%87" not in answer.url
    assert [str(staff) for staff in client.get(answer.url).context["page"].rows] == ["林文英"]


@pytest.mark.parametrize("search", ["买买提艾山", "买买提 · 艾山", "买买提.艾山", "艾 山", "提艾"])
def test_a_name_is_found_however_its_dot_and_blanks_are_typed(admin, client_of, seat, search):
    seat("买买提·艾山")
    seat("林文英")
    client = client_of(admin)
    found = client.get(client.post(reverse("roster:search"), {"q": search}).url)
    assert [str(staff) for staff in found.context["page"].rows] == ["买买提·艾山"]


def test_a_search_of_nothing_but_a_dot_finds_nobody(admin, client_of, member):
    client = client_of(admin)
    assert list(client.get(client.post(reverse("roster:search"), {"q": "·"}).url).context["page"].rows) == []


def test_the_admin_sees_the_account_at_the_person_and_others_do_not(
    admin, client_of, officer_of_taiping, member, make_user
):
    page = reverse("roster:person", args=[member.staff_id])
    assert "没有账号" in text(client_of(admin).get(page))
    assert f"/roster/accounts/?person={member.staff_id}" in text(client_of(admin).get(page))
    member.staff.user = make_user("mediator-101", Role.MEDIATOR)
    member.staff.save()
    assert "mediator-101" in text(client_of(admin).get(page))
    assert "mediator-101" not in text(client_of(officer_of_taiping).get(page))


def test_no_result_says_what_to_try(admin, client_of, member):
    client = client_of(admin)
    answer = client.get(client.post(reverse("roster:search"), {"q": "没有"}).url)
    assert "没有符合的人" in text(answer)


def test_an_empty_roster_says_what_to_do_first(admin, client_of):
    assert "先导入各镇（街）报上来的名单。" in text(client_of(admin).get(reverse("roster:list")))


def test_an_officer_sees_no_other_town(officer_of_taiping, client_of, member, seat):
    seat("外镇人", town=SHUANGDONG)
    client = client_of(officer_of_taiping)
    assert "外镇人" not in text(client.get(reverse("roster:list")))
    assert "外镇人" not in text(client.get(reverse("roster:list"), {"town": SHUANGDONG}))


def test_the_list_stands_by_surname_on_every_page(admin, client_of, seat):
    given = "安波昌达恩芳国海江康兰民宁强荣山涛伟星阳"  # by pinyin
    by_hand = [surname + name for surname in "林刘区" for name in given]
    for name in reversed(by_hand):
        seat(name)
    client = client_of(admin)
    first = client.get(reverse("roster:list")).context["page"]
    second = client.get(reverse("roster:list"), {"cursor": first.next_cursor}).context["page"]
    back = client.get(reverse("roster:list"), {"cursor": second.prev_cursor}).context["page"]
    shown = [[staff.name for staff in page.rows] for page in (first, second, back)]
    assert shown == [by_hand[:PAGE_SIZE], by_hand[PAGE_SIZE:], by_hand[:PAGE_SIZE]]


@pytest.mark.parametrize("people", [1, 3])
def test_the_list_takes_the_same_queries_for_one_and_for_three(
    admin, client_of, seat, django_assert_num_queries, people
):
    for number in range(people):
        seat(f"甲{number}")
    client = client_of(admin)
    with django_assert_num_queries(8):
        client.get(reverse("roster:list"))


# ── a person ─────────────────────────────────────────────────────────────────


def test_a_person_is_shown_masked_with_their_terms(admin, client_of, member):
    page = text(client_of(admin).get(reverse("roster:person", args=[member.staff_id])))
    assert all(words in page for words in ("445381********160X", "138****4865", "罗定市太平镇 ****", "2023年3月30日"))
    assert not any(number in page for number in ("44538119720721160X", "13881924865", "太平街1号"))


def test_a_person_of_another_town_is_not_there(officer_of_taiping, client_of, seat):
    other = seat("外镇人", town=SHUANGDONG)
    client = client_of(officer_of_taiping)
    answers = [
        client.get(reverse("roster:person", args=[other.staff_id])),
        client.post(reverse("roster:term-start", args=[other.staff_id]), {}),
        client.post(reverse("roster:term-end", args=[other.staff_id, other.pk]), {"until": "2023-09-20"}),
    ]
    assert [answer.status_code for answer in answers] == [404] * 3


def test_a_seat_is_added_and_ended_on_the_pages(admin, client_of, member):
    client = client_of(admin)
    client.post(
        reverse("roster:term-start", args=[member.staff_id]),
        {"town_code": SHUANGDONG, "role": "liaison_officer", "mediator_kind": "", "since": "2023-09-01"},
    )
    added = TeamMembership.objects.get(town_code=SHUANGDONG)
    address = reverse("roster:term-end", args=[member.staff_id, added.pk])
    assert "登记离任：林文英" in text(client.get(address))
    client.post(address, {"until": "2023-09-19"})
    added.refresh_from_db()
    assert (added.role, added.until) == ("liaison_officer", date(2023, 9, 19))


def test_refusals_stand_at_their_fields_and_keep_what_was_typed(admin, client_of, member):
    client = client_of(admin)
    answer = client.post(
        reverse("roster:term-start", args=[member.staff_id]),
        {"town_code": TAIPING, "role": "mediator", "mediator_kind": "", "since": "2023-09-01"},
    )
    assert (answer.status_code, answer.context["term_form"].errors["role"]) == (
        422,
        ["林文英在这个镇（街）已经是调解人员。不用再登记。"],
    )
    assert 'value="2023-09-01"' in text(answer)
    answer = client.post(reverse("roster:term-end", args=[member.staff_id, member.pk]), {"until": "2023-01-01"})
    assert (answer.status_code, list(answer.context["form"].errors)) == (422, ["until"])


def test_the_committee_reads_and_does_not_write(committee_officer, client_of, member):
    client = client_of(committee_officer)
    page = client.get(reverse("roster:person", args=[member.staff_id]))
    assert (page.status_code, "登记离任" in text(page)) == (200, False)
    assert client.post(reverse("roster:term-start", args=[member.staff_id]), {}).status_code == 403


# ── teams ────────────────────────────────────────────────────────────────────


def test_the_teams_stand_gaps_first(admin, client_of, member):
    answer = client_of(admin).get(reverse("roster:teams"))
    assert answer.context["complete"] == 0
    assert {row.town.code: row.standing.short for row in answer.context["rows"]}[TAIPING] == 8


def test_a_team_shows_empty_chairs_as_of_a_day(admin, client_of, member):
    client = client_of(admin)
    address = reverse("roster:team", args=[TAIPING])
    assert text(client.get(address)).count("<b>空缺</b>") == 8
    assert text(client.get(address, {"on": "2023-03-29"})).count("<b>空缺</b>") == 9


@pytest.mark.parametrize("day", ["2023-09-21", "昨天"])
def test_a_day_that_cannot_be_read_is_said_and_today_is_shown(admin, client_of, day):
    answer = client_of(admin).get(reverse("roster:teams"), {"on": day})
    assert (answer.context["on"], "先按今天显示。" in text(answer)) == (date(2023, 9, 20), True)


def test_another_towns_team_and_no_town_are_not_there(officer_of_taiping, admin, client_of):
    client = client_of(officer_of_taiping)
    found = [client.get(reverse("roster:team", args=[code])).status_code for code in (TAIPING, SHUANGDONG, "445381999")]
    assert found == [200, 404, 404]


@pytest.mark.parametrize("who", ["mediator_of_taiping", "judges_assistant", "reviewing_judge", "auditor"])
@pytest.mark.parametrize("name", ["list", "teams", "team", "person", "platform", "submissions"])
def test_the_area_is_closed_to_who_has_no_business_there(who, name, cast, client_of, member):
    arguments = {"team": [TAIPING], "person": [member.staff_id]}.get(name, [])
    assert client_of(cast[who]).get(reverse(f"roster:{name}", args=arguments)).status_code == 403


@pytest.mark.parametrize("people", [1, 3])
@pytest.mark.parametrize(("name", "queries"), [("teams", 8), ("team", 9)])
def test_the_teams_take_the_same_queries_for_one_and_for_three(
    admin, client_of, seat, django_assert_num_queries, people, name, queries
):
    for number in range(people):
        seat(f"甲{number}")
    client = client_of(admin)
    with django_assert_num_queries(queries):
        client.get(reverse(f"roster:{name}", args=[TAIPING] if name == "team" else []))


def test_the_unclear_and_the_former_have_their_own_lists(admin, client_of, seat):
    Staff.objects.create(name="待定人")
    seat("旧队员", until=date(2023, 6, 30))
    client = client_of(admin)
    found = {
        seat: [str(staff) for staff in client.get(reverse("roster:list"), {"seat": seat}).context["page"].rows]
        for seat in ("now", "unclear", "left")
    }
    assert found == {"now": [], "unclear": ["待定人"], "left": ["旧队员"]}
