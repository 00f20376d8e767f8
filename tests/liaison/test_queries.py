"""All towns' points in a constant number of queries, and the two times read from the database."""

from datetime import date

import pytest

from core.choices import Role
from liaison import queries
from liaison.actions.points import open_point
from liaison.choices import Host, StandardKey
from liaison.models import LiaisonPoint
from roster.choices import TeamRole
from roster.models import TeamMembership
from tests.conftest import FENJIE, HUASHI, SHUANGDONG, TAIPING
from tests.liaison.conftest import moment

MAY_18, JUNE_30 = date(2023, 5, 18), date(2023, 6, 30)


def test_towns_without_a_point_are_listed_with_everything_missing(divisions):
    found = queries.statuses(JUNE_30)

    assert [(town.code, town.name, town.point_id, town.status.counted) for town in found.values()] == [
        (SHUANGDONG, "双东街道", None, 0),
        (TAIPING, "太平镇", None, 0),
        (FENJIE, "分界镇", None, 0),
        (HUASHI, "华石镇", None, 0),
    ]


def test_a_statistical_only_division_is_no_town(divisions):
    divisions[HUASHI].is_statistical_only = True
    divisions[HUASHI].save()

    assert HUASHI not in queries.statuses(JUNE_30)


def test_a_point_built_through_actions_is_built_that_day_and_not_before(point, build):
    build(point, MAY_18)

    before, then = (queries.statuses(day)[TAIPING].status for day in (date(2023, 5, 17), MAY_18))
    assert (before.built, then.built, then.built_since) == (False, True, MAY_18)


def test_an_officer_without_a_point_is_seen(serve, divisions):
    serve("黎志恒", TeamRole.LIAISON_OFFICER, date(2023, 4, 3), until=date(2023, 7, 5))

    on_last_day, after = (queries.statuses(day)[TAIPING].status for day in (date(2023, 7, 5), date(2023, 7, 6)))
    assert (on_last_day.officer.names, after.officer.met) == (("黎志恒",), False)


def test_a_resignation_written_on_07_05_leaves_june_green_and_names_the_gap_today(point, build):
    build(point, MAY_18)
    term = TeamMembership.objects.get(town_code=TAIPING)
    term.until, term.ended_recorded_at = date(2023, 7, 5), moment(date(2023, 7, 5))
    term.save()

    assert queries.statuses(JUNE_30)[TAIPING].status.built is True
    assert queries.statuses(date(2023, 7, 10))[TAIPING].status.missing == (StandardKey.OFFICER,)


def test_known_on_hides_what_was_written_later(point, build):
    build(point, MAY_18)
    LiaisonPoint.objects.get().standard_items.update(recorded_at=moment(date(2023, 7, 10)))

    assert queries.statuses(JUNE_30, known_on=date(2023, 7, 9))[TAIPING].status.built is False
    assert queries.statuses(JUNE_30, known_on=date(2023, 7, 10))[TAIPING].status.built is True


@pytest.mark.parametrize("towns", [1, 3])
def test_five_queries_whatever_the_number_of_towns(
    towns, divisions, make_user, serve, build, justice_officer, django_assert_num_queries
):
    for code in (TAIPING, SHUANGDONG, FENJIE)[:towns]:
        officer = make_user(f"officer_{code}", Role.OFFICER, code)
        opened = open_point(town_code=code, host=Host.JUDICIAL_OFFICE, address="镇政府路", by=officer)
        build(opened, MAY_18, by=officer)

    with django_assert_num_queries(5):
        found = queries.statuses(JUNE_30)

    assert sum(town.status.built for town in found.values()) == towns


def test_the_rota_names_working_days_without_anybody(point, calendar_2026):
    week = queries.rota(point, date(2026, 9, 28), today=date(2026, 9, 30))

    assert [(day.day.day, day.is_rest, bool(day.gap)) for day in week] == [
        (28, False, False),
        (29, False, False),
        (30, False, True),
        (1, True, False),
        (2, True, False),
        (3, True, False),
        (4, True, False),
    ]
