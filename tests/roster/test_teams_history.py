"""The teams as of a day and as known on another, on their pages: gaps, days broken, sources, late entries, order."""

from datetime import date, datetime

import pytest
from django.urls import reverse
from django.utils import timezone

from roster import queries
from roster.actions.submissions import record_submission
from roster.queries import Asked
from tests.conftest import FENJIE, SHUANGDONG, TAIPING

ON = date(2023, 9, 20)
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("divisions", "_clock")]


@pytest.fixture
def whole(seat):
    """太平镇 complete since 30 March; one left on 12 May (written down on 1 June), one came on 5 June (on 1 July)."""
    for role in ("judge", "judge_assistant", "liaison_officer"):
        seat(role, role)
    for number in range(5):
        seat(f"调{number}", mediator_kind="grid_worker")
    seat("走的", mediator_kind="town_cadre", until=date(2023, 5, 12), ended_recorded_at="2023-06-01T09:00+08:00")
    seat("来的", mediator_kind="town_cadre", since=date(2023, 6, 5), recorded_at="2023-07-01T09:00+08:00")


def text(answer) -> str:
    return " ".join(answer.content.decode().split())


@pytest.mark.parametrize(
    ("on", "known_on", "complete", "days"),
    [
        (date(2023, 5, 12), None, True, 0),
        (date(2023, 5, 13), None, False, 1),
        (date(2023, 6, 4), None, False, 23),
        (date(2023, 6, 5), None, True, 23),
        (date(2023, 5, 20), date(2023, 5, 31), True, 0),
        (date(2023, 6, 10), date(2023, 6, 10), False, 29),
        (ON, date(2023, 7, 1), True, 23),
    ],
    ids=["last day", "day after", "last empty day", "successor", "leaving not known", "coming not known", "all known"],
)
def test_a_team_and_its_empty_days_as_of_a_day_and_as_known_on_another(whole, on, known_on, complete, days):
    asked = Asked(on, known_on)
    history, row = queries.team_history(TAIPING, asked), queries.team_rows([TAIPING], asked)[TAIPING]
    assert (history.team.standing.complete, history.broken_days) == (complete, days)
    assert (row.standing, row.broken_days) == (history.team.standing, days)


def test_a_term_is_shown_without_an_end_that_was_not_known(whole):
    then = queries.team_history(TAIPING, Asked(ON, date(2023, 5, 31)))
    now = queries.team_history(TAIPING, Asked(ON))
    ends = [{str(term.row.staff): term.until for term in found.terms}.get("走的") for found in (then, now)]
    assert (ends, "来的" in {str(term.row.staff) for term in then.terms}) == ([None, date(2023, 5, 12)], False)


def test_the_page_tells_who_held_which_seat_and_when_a_chair_was_empty(admin, client_of, whole):
    client, address = client_of(admin), reverse("roster:team", args=[TAIPING])
    page = text(client.get(address))
    expected = (
        "缺编 23 天",
        "2023年5月13日",
        "2023年6月4日",
        "23 天",
        "走的",
        "补录，2023年6月1日录入",
        "补录，2023年7月1日录入",
    )
    assert [words for words in expected if words not in page] == []
    known = text(client.get(address, {"on": "2023-06-10", "known": "2023-06-10"}))
    assert ("缺调解人员 1 名" in known, "还缺着" in known, "以后补录的不算" in known) == (True, True, True)


def test_the_period_begins_where_it_is_asked_to(admin, client_of, whole):
    answer = client_of(admin).get(reverse("roster:team", args=[TAIPING]), {"first": "2023-06-01"})
    assert answer.context["history"].broken_days == 4


def test_a_list_handed_in_later_is_not_known_on_the_day(admin, client_of):
    record_submission(town_code=TAIPING, handed_in_on=date(2023, 4, 6), by=admin, recorded_at=timezone.now())

    before, after = (
        text(client_of(admin).get(reverse("roster:team", args=[TAIPING]), {"on": day}))
        for day in ("2023-03-30", "2023-04-06")
    )

    assert ("2023年4月6日" in before, "2023年4月6日" in after) == (False, True)


def test_a_list_written_down_later_is_not_known_before(admin, client_of):
    record_submission(
        town_code=TAIPING,
        handed_in_on=date(2023, 3, 28),
        by=admin,
        recorded_at=timezone.make_aware(datetime(2023, 4, 10)),  # noqa: DTZ001 (made aware)
    )
    client, address = client_of(admin), reverse("roster:team", args=[TAIPING])
    known, later = (
        "2023年3月28日" in text(client.get(address, {"on": "2023-04-20", "known": day}))
        for day in ("2023-04-09", "2023-04-10")
    )
    assert (known, later) == (False, True)


def test_the_usual_first_day_does_not_stand_in_the_way_of_an_earlier_one(admin, client_of):
    answer = client_of(admin).get(reverse("roster:teams"), {"on": "2023-03-25", "first": "2023-03-30"})

    assert ("不能晚于截至日。" in text(answer), answer.context["on"]) == (False, date(2023, 3, 25))


def test_before_the_plans_day_no_seat_was_empty_for_a_day_and_on_it_for_one(admin, client_of):
    client = client_of(admin)
    pages = [
        (text(client.get(reverse("roster:teams"), {"on": day})), text(client.get(team, {"on": day})))
        for team in [reverse("roster:team", args=[TAIPING])]
        for day in ("2023-03-29", "2023-03-30")
    ]
    begins = "缺编天数从2023年3月30日起算，这一天还没有。"
    assert [("1 天" in teams, begins in teams, begins in team) for teams, team in pages] == [
        (False, True, True),
        (True, False, False),
    ]
    assert ["缺编 1 天" in team for _, team in pages] == [False, True]


def test_a_period_that_begins_after_its_end_is_said(admin, client_of):
    answer = client_of(admin).get(reverse("roster:teams"), {"on": "2023-05-01", "first": "2023-06-01"})
    assert ("不能晚于截至日。" in text(answer), answer.context["on"]) == (True, ON)


def test_sources_are_counted_and_the_missing_ones_named(admin, client_of, whole):
    page = text(client_of(admin).get(reverse("roster:team", args=[TAIPING])))
    assert "还没有：村（社区）干部、司法所干部、人民调解员、驻村律师" in page


@pytest.mark.parametrize(
    ("sort", "first_three"),
    [
        ("", ["华石镇", "双东街道", "太平镇"]),
        ("days", ["双东街道", "华石镇", "太平镇"]),
        ("town", ["双东街道", "太平镇", "分界镇"]),
    ],
)
def test_towns_stand_by_gap_by_days_or_by_code(admin, client_of, whole, seat, sort, first_three):
    seat("法官", "judge", SHUANGDONG)
    for role, number in (("judge", 1), ("judge_assistant", 1), ("mediator", 6), ("liaison_officer", 1)):
        for place in range(number):
            seat(f"{role}{place}", role, FENJIE)
    answer = client_of(admin).get(reverse("roster:teams"), {"sort": sort})
    assert [row.town.name for row in answer.context["rows"]][:3] == first_three


def test_the_filter_shows_whose_team_is_short_and_the_figures_lead_to_the_seats(admin, client_of, whole):
    client = client_of(admin)
    answer = client.get(reverse("roster:teams"), {"show": "complete", "on": "2023-09-19"})
    assert [row.town.name for row in answer.context["rows"]] == ["太平镇"]
    assert f"{reverse('roster:team', args=[TAIPING])}?on=2023-09-19#seat-mediator" in text(answer)
    assert answer.context["filters"] == [("", "全部", 4), ("short", "有缺口", 3), ("complete", "达到标准", 1)]


def test_the_clerk_reads_teams_without_doors_that_are_shut_to_them(court_clerk, client_of, whole):
    client = client_of(court_clerk)
    page = text(client.get(reverse("roster:team", args=[TAIPING])))
    linked = page.count('href="/roster/people/')
    assert (linked, "入驻调解平台" in page, "走的" in page) == (4, False, True)
    assert "/roster/platform/" not in text(client.get(reverse("roster:teams")))
