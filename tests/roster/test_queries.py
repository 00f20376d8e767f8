"""Teams on a day, people found without their names in the address, constant cost."""

from datetime import date

import pytest

from core.choices import Role
from roster import queries
from roster.models import Staff
from roster.queries import Asked, Seat
from tests.conftest import FENJIE, SHUANGDONG, TAIPING

ON = date(2023, 9, 20)
pytestmark = pytest.mark.django_db


def names(found) -> list[str]:
    return sorted(str(row) for row in found)


def test_a_term_counts_from_its_first_to_its_last_day(seat):
    seat("甲", since=date(2023, 4, 1), until=date(2023, 4, 30))
    taken = [
        queries.team_rows([TAIPING], Asked(day))[TAIPING].standing.of("mediator").taken
        for day in (date(2023, 3, 31), date(2023, 4, 1), date(2023, 4, 30), date(2023, 5, 1))
    ]
    assert taken == [0, 1, 1, 0]


def test_a_person_with_two_overlapping_terms_of_one_seat_counts_once(seat):
    first = seat("甲", until=ON)
    seat("甲", staff=first.staff, since=date(2023, 5, 1))
    assert queries.team_rows([TAIPING], Asked(ON))[TAIPING].standing.of("mediator").taken == 1
    assert queries.team_of(TAIPING, ON).standing.of("mediator").taken == 1


@pytest.mark.parametrize("people", [1, 3])
def test_standings_of_all_towns_take_one_query(seat, people, django_assert_num_queries):
    for number in range(people):
        seat(f"甲{number}")
    with django_assert_num_queries(1):
        found = queries.team_rows([TAIPING, SHUANGDONG], Asked(ON))
    assert [found[town].standing.of("mediator").taken for town in (TAIPING, SHUANGDONG)] == [people, 0]


def test_a_team_shows_its_seats_and_empty_chairs(seat, django_assert_num_queries):
    seat("法官", "judge")
    seat("联络", "liaison_officer")
    for number in range(7):
        seat(f"调{number}")
    with django_assert_num_queries(1):
        team = queries.team_of(TAIPING, ON)
        shown = [(group.count.role, len(group.members), len(group.empty_chairs)) for group in team.groups]
    assert shown == [("judge", 1, 0), ("judge_assistant", 0, 1), ("mediator", 7, 0), ("liaison_officer", 1, 0)]
    assert (team.standing.gaps, team.standing.excess) == (("缺法官助理 1 名",), ("超调解人员 1 名",))


def test_current_members_judge_and_mediators_with_accounts(seat, make_user):
    seat("老法官", "judge", until=date(2023, 6, 30))
    judge = seat("新法官", "judge", since=date(2023, 7, 1))
    mediator, without = seat("调甲"), seat("调乙")
    user = make_user("m", Role.MEDIATOR, TAIPING)
    Staff.objects.filter(pk=mediator.staff_id).update(user=user)
    assert queries.judge_of(TAIPING, ON) == judge
    assert queries.judge_of(FENJIE, ON) is None
    members = queries.current_members(TAIPING, "mediator", ON)
    assert {term: term.staff.user for term in members} == {mediator: user, without: None}


def test_towns_are_the_ones_in_scope(officer_of_taiping, admin):
    assert [town.code for town in queries.towns_for(officer_of_taiping)] == [TAIPING]
    assert len(queries.towns_for(admin)) == 4


@pytest.fixture
def some_people(seat):
    judge = seat("林文英", "judge")
    staff = judge.staff
    staff.id_number, staff.phone = "44538119720721160X", "13881924865"
    staff.joined_platform_on, staff.platform_recorded_at = date(2023, 4, 20), "2023-04-20T10:00+08:00"
    staff.save()
    seat("黎桂生", town=SHUANGDONG, mediator_kind="grid_worker")
    seat("陈水莲", until=date(2023, 6, 30))
    Staff.objects.create(name="待定人")


@pytest.mark.parametrize(
    ("filters", "expected"),
    [
        ({}, ["林文英", "黎桂生"]),
        ({"town_code": TAIPING}, ["林文英"]),
        ({"role": "mediator"}, ["黎桂生"]),
        ({"seat": Seat.UNCLEAR}, ["待定人"]),
        ({"seat": Seat.LEFT}, ["陈水莲"]),
        ({"search": "文英"}, ["林文英"]),
        ({"search": "LW"}, ["林文英"]),
        ({"search": "44538119720721160x"}, ["林文英"]),
        ({"search": "138 8192 4865"}, ["林文英"]),
        ({"search": "13881924865"}, ["林文英"]),
        ({"search": "160x"}, ["林文英"]),
        ({"search": "4865"}, ["林文英"]),
        ({"search": "9999"}, []),
        ({"kind": "grid_worker"}, ["黎桂生"]),
        ({"platform": "in"}, ["林文英"]),
        ({"platform": "out"}, ["黎桂生"]),
        ({"search": "没有这个人"}, []),
    ],
    ids=str,
)
def test_people_are_filtered_and_found(some_people, admin, filters, expected):
    assert names(queries.people(admin, ON, **filters)) == expected


def test_nobody_is_found_outside_the_scope(some_people, officer_of_taiping):
    assert names(queries.people(officer_of_taiping, ON, search="黎桂生")) == []
    assert names(queries.people(officer_of_taiping, ON)) == ["林文英"]


@pytest.mark.parametrize("search", ["4865", "1122", "13881924865", "0766-3811122"])
def test_each_of_two_numbers_finds_the_person_by_all_of_it_or_by_its_last_four_digits(seat, admin, search):
    staff = seat("林文英").staff
    staff.phone = "13881924865、0766-3811122"
    staff.save()
    other = seat("黎桂生").staff
    other.phone = "13900004866"
    other.save()
    assert names(queries.people(admin, ON, search=search)) == ["林文英"]


@pytest.mark.parametrize(
    ("phone", "search"), [("0766-3811122-12345", "0766-3811122-12345"), ("13881924865", "0086-138-8192-4865")]
)
def test_a_telephone_number_of_eighteen_signs_is_no_identity_number(seat, admin, phone, search):
    staff = seat("林文英").staff
    staff.phone = phone
    staff.save()
    assert names(queries.people(admin, ON, search=search)) == ["林文英"]


def test_last_four_digits_find_nobody_of_another_town(some_people, officer_of_taiping, seat):
    other = seat("外镇人", town=SHUANGDONG).staff
    other.phone = "13700004865"
    other.save()
    assert names(queries.people(officer_of_taiping, ON, search="4865")) == ["林文英"]


def test_a_number_that_only_ends_alike_is_not_found_by_a_whole_number(some_people, admin):
    assert names(queries.people(admin, ON, search="13700004865")) == []


def test_a_search_in_an_address_is_unreadable_and_only_its_owners(admin, officer_of_taiping):
    sealed = queries.sealed_search(admin, "林文英")
    assert "林" not in sealed
    assert queries.opened_search(admin, sealed) == "林文英"
    assert queries.opened_search(officer_of_taiping, sealed) == ""
    assert queries.opened_search(admin, "nonsense") == ""
