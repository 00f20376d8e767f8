"""配置体检 of the towns: the rule, the page, the command."""

import json
from datetime import date
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from core.queries import today
from liaison.choices import CheckLevel, StandardKey, SystemKind
from liaison.models import DutyShift, LiaisonPoint
from liaison.standard import Check, Evidence, Facts, Term, Text, point_status
from reports.models import CourtFilingFigure
from reports.queries import town_checks as town_checks_reads
from reports.queries.town_checks import check_every_town, check_towns
from reports.town_checks import town_lacks
from reports.views import config_check
from roster.choices import TeamRole
from roster.models import Staff, TeamMembership
from roster.spans import Span
from roster.team_standard import standing
from tests.conftest import COUNTY, SHUANGDONG, TAIPING

MAY_18, JUNE_1 = date(2023, 5, 18), date(2023, 6, 1)
SPAN = Span(MAY_18, None, MAY_18, None)
WHOLE_TEAM = [TeamRole.JUDGE, TeamRole.JUDGE_ASSISTANT, *[TeamRole.MEDIATOR] * 6, TeamRole.LIAISON_OFFICER]
FINE = {"has_duty_this_week": True, "has_population": True, "officer_has_account": True}
WHOLE = Facts(
    items=[Evidence("office", SPAN), Evidence("plaque", SPAN)],
    checks=[Check(key, CheckLevel.COUNTY, MAY_18, MAY_18) for key in ("office", "plaque", "rules")],
    systems=[Text(kind, SPAN) for kind in SystemKind],
    officers=[Term("测一", SPAN)],
)


def lacks(facts: Facts | None = WHOLE, team=WHOLE_TEAM, on: date = JUNE_1, **answers) -> list[str]:
    point = point_status(facts, on=on) if facts else None
    return [lack.code for lack in town_lacks(point, standing(team), **(FINE | answers))]


# ── the rule ─────────────────────────────────────────────────────────────────
def test_a_whole_town_lacks_nothing():
    assert lacks() == []


def test_a_town_without_a_point_is_told_that_first_and_not_each_item():
    assert lacks(None, has_duty_this_week=False) == ["point_missing"]


@pytest.mark.parametrize(
    ("role", "code"),
    [
        (TeamRole.JUDGE, "judge_missing"),
        (TeamRole.JUDGE_ASSISTANT, "judge_assistant_missing"),
        (TeamRole.MEDIATOR, "mediator_missing"),
        (TeamRole.LIAISON_OFFICER, "liaison_officer_missing"),
    ],
)
def test_an_empty_seat_is_named(role, code):
    team = [*WHOLE_TEAM]
    team.remove(role)

    assert lacks(team=team) == [code]


def test_self_reported_is_unchecked_and_nothing_is_missing():
    reported = Facts(WHOLE.items, [], WHOLE.systems, WHOLE.officers)

    assert lacks(reported) == ["office_unchecked", "plaque_unchecked", "rules_unchecked"]
    assert lacks(Facts(officers=WHOLE.officers)) == ["office_missing", "plaque_missing", "rules_missing"]


def test_a_check_of_more_than_a_year_ago_asks_for_another():
    assert lacks(on=date(2024, 5, 18)) == ["office_check_old", "plaque_check_old", "rules_check_old"]


@pytest.mark.parametrize(
    ("answer", "code"),
    [
        ("has_duty_this_week", "duty_missing"),
        ("has_population", "population_missing"),
        ("officer_has_account", "officer_account_missing"),
    ],
)
def test_each_answer_no_is_one_lack(answer, code):
    assert lacks(**{answer: False}) == [code]


def test_an_empty_officers_seat_does_not_lack_an_account_too():
    team = [role for role in WHOLE_TEAM if role != TeamRole.LIAISON_OFFICER]

    assert lacks(team=team, officer_has_account=False) == ["liaison_officer_missing"]


# ── the reads ────────────────────────────────────────────────────────────────
@pytest.fixture
def opened(divisions) -> LiaisonPoint:
    return LiaisonPoint.objects.create(town_id=TAIPING, town_code=TAIPING, host="judicial_office", address="政府路")


def codes_of(town: str) -> set[str]:
    return {lack.code for found in check_every_town() if found.code == town for lack in found.lacks}


@pytest.mark.django_db
def test_duty_population_and_account_are_found(opened, make_user, officer_of_taiping):
    wanted = {"duty_missing", "population_missing", "officer_account_missing"}
    officer = Staff.objects.create(name="测一")
    term = {"town_id": TAIPING, "town_code": TAIPING, "role": TeamRole.LIAISON_OFFICER, "since": MAY_18}
    TeamMembership.objects.create(staff=officer, recorded_at="2023-05-18T09:00+08:00", **term)
    assert codes_of(TAIPING) >= wanted

    DutyShift.objects.create(point=opened, on=today(), staff=officer, recorded_at="2023-05-18T09:00+08:00")
    officer.user = officer_of_taiping
    officer.save()
    CourtFilingFigure.objects.create(
        division_id=COUNTY,
        month=today().replace(month=1, day=1),
        filings=1,
        population=90,
        source="统计年鉴",
        recorded_at="2023-05-18T09:00+08:00",
    )

    assert codes_of(TAIPING) & wanted == set()
    assert "population_missing" not in codes_of(SHUANGDONG)


# ── the page ─────────────────────────────────────────────────────────────────
PAGE = "reports:config-check"


@pytest.mark.django_db
def test_the_admin_sees_installation_and_towns_with_a_way_to_mend_each(opened, client_of, admin):
    page = client_of(admin).get(reverse(PAGE)).content.decode()

    assert ("系统" in page, reverse("liaison:open", args=[SHUANGDONG]) in page) == (True, True)
    assert reverse("roster:team", args=[TAIPING]) in page


@pytest.mark.django_db
def test_an_officer_sees_their_own_town_and_nothing_of_the_installation(opened, client_of, officer_of_taiping):
    answer = client_of(officer_of_taiping).get(reverse(PAGE))

    assert [town.code for town, _ in answer.context["towns"]] == [TAIPING]
    assert answer.context["installation"] is None
    assert reverse("liaison:duty", args=[TAIPING]) in answer.content.decode()


@pytest.mark.django_db
def test_the_page_asks_the_same_for_one_town_and_four(opened, client_of, justice_officer, officer_of_taiping):
    cost = []
    for user in (officer_of_taiping, justice_officer):
        client = client_of(user)
        with CaptureQueriesContext(connection) as asked:
            client.get(reverse(PAGE))
        cost.append(len(asked))

    assert cost[0] == cost[1]


@pytest.mark.django_db
def test_the_page_reads_only_its_own_towns_a_page_at_a_time(opened, client_of, justice_officer, monkeypatch):
    monkeypatch.setattr(config_check, "TOWNS_A_PAGE", 3)
    client = client_of(justice_officer)

    with CaptureQueriesContext(connection) as asked:
        first = client.get(reverse(PAGE))
    second = client.get(reverse(PAGE), {"cursor": first.context["page"].next_cursor})

    looked_at = [[town.code for town, _ in answer.context["towns"]] for answer in (first, second)]
    assert [len(codes) for codes in looked_at] == [3, 1]
    assert len({code for codes in looked_at for code in codes}) == 4
    assert "本页看了 3 个镇（街）" in first.content.decode()
    assert [each["sql"] for each in asked if looked_at[1][0] in each["sql"] and "IN (" in each["sql"]] == []


@pytest.mark.django_db
def test_the_duty_population_and_accounts_of_other_towns_are_not_read(opened):
    with CaptureQueriesContext(connection) as asked:
        check_towns([TAIPING])

    ours = (TAIPING, COUNTY, f"IN ({opened.pk})")
    assert [each["sql"] for each in asked if not any(word in each["sql"] for word in ours)] == []


@pytest.mark.django_db
def test_every_town_is_checked_however_many_go_at_once(opened, monkeypatch):
    whole = list(check_every_town())
    monkeypatch.setattr(town_checks_reads, "TOWNS_AT_ONCE", 3)

    assert list(check_every_town()) == whole


# ── the command ──────────────────────────────────────────────────────────────
@pytest.mark.django_db
def test_the_command_lists_what_the_towns_lack(opened):
    out = StringIO()
    with pytest.raises(CommandError):  # the installation of a test lacks much
        call_command("check_config", "--json", stdout=out)

    told = json.loads(out.getvalue())
    by_code = {town["code"]: [lack["code"] for lack in town["lacks"]] for town in told["towns"]}
    assert by_code[SHUANGDONG][0] == "point_missing"
    assert by_code[TAIPING][:3] == [
        f"{key}_missing" for key in (StandardKey.OFFICE, StandardKey.PLAQUE, StandardKey.RULES)
    ]
