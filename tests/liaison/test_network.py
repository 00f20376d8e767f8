"""The network page: all points of a county, or a page of a nation's."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from bench.nation import seed_nation
from core.choices import Level, Role
from core.models import Division, UserScope
from core.queries import today
from liaison.actions.points import open_point
from liaison.choices import Host
from liaison.views import network
from tests.conftest import FENJIE, SHUANGDONG, TAIPING

MAY_18 = date(2023, 5, 18)
pytestmark = pytest.mark.django_db


@pytest.fixture
def checkers(client_of, committee_officer):
    return client_of(committee_officer)


def towns_in(answer) -> list[str]:
    return [town.name for town in answer.context["towns"]]


def test_the_widest_gap_stands_first(point, build, client_of, committee_officer):
    build(point, MAY_18)
    client = client_of(committee_officer)

    by_gap, by_town = (client.get(reverse("liaison:list"), {"sort": sort}) for sort in ("", "town"))

    assert towns_in(by_gap) == ["双东街道", "分界镇", "华石镇", "太平镇"]
    assert towns_in(by_town) == ["双东街道", "太平镇", "分界镇", "华石镇"]
    assert (by_gap.context["built"], by_gap.context["self_built"]) == (1, 0)


def test_the_network_is_read_as_of_a_day(point, build, checkers):
    build(point, MAY_18)

    day_before = checkers.get(reverse("liaison:list"), {"on": "2023-05-17"})

    assert (day_before.context["built"], day_before.context["on"]) == (0, date(2023, 5, 17))


@pytest.mark.parametrize("on", ["2023-02-30", "tomorrow", (today() + timedelta(days=2)).isoformat(), "0001-01-01"])
def test_an_unusable_day_is_said_and_today_is_shown(on, checkers):
    answer = checkers.get(reverse("liaison:list"), {"on": on})

    assert (answer.status_code, answer.context["on"]) == (200, today())
    assert "先按今天显示" in answer.content.decode()


def test_a_mediator_sees_their_own_town_alone(point, client_of, mediator_of_taiping):
    assert towns_in(client_of(mediator_of_taiping).get(reverse("liaison:list"))) == ["太平镇"]


@pytest.mark.parametrize("towns", [1, 3])
def test_the_network_asks_the_same_number_of_queries(
    towns, divisions, make_user, build, client_of, committee_officer, django_assert_num_queries
):
    for code in (TAIPING, SHUANGDONG, FENJIE)[:towns]:
        officer = make_user(f"officer_{code}", Role.OFFICER, code)
        build(open_point(town_code=code, host=Host.JUDICIAL_OFFICE, address="镇政府路", by=officer), MAY_18, by=officer)
    client = client_of(committee_officer)

    with django_assert_num_queries(10):
        client.get(reverse("liaison:list"))


# ── past a county ────────────────────────────────────────────────────────────
@pytest.fixture
def another_county(divisions, committee_officer) -> Division:
    """郁南县 with five towns; the committee officer now sees the whole city."""
    county = Division.objects.create(code="445322", name="郁南县", level=Level.COUNTY, parent_id="4453")
    Division.objects.bulk_create(
        Division(code=f"4453221{place:02}", name=f"虚{place}镇", level=Level.TOWN, parent=county) for place in range(5)
    )
    UserScope.objects.create(user=committee_officer, division_id="4453")
    return county


@pytest.fixture
def three_a_page(monkeypatch) -> None:
    monkeypatch.setattr(network, "TOWNS_A_PAGE", 3)


def test_a_county_fits_on_a_page_and_shows_no_search_for_an_area(checkers):
    page = checkers.get(reverse("liaison:list")).content.decode()

    assert ('name="area"' in page, "本页" in page, 'aria-label="翻页"' in page) == (False, False, False)


@pytest.mark.usefixtures("another_county", "three_a_page")
def test_many_towns_come_a_page_at_a_time_and_every_town_once(checkers):
    seen, address, pages = [], reverse("liaison:list"), 0
    while address:
        answer = checkers.get(address)
        seen += [town.code for town in answer.context["tiles"]]
        cursor = answer.context["page"].next_cursor
        address, pages = cursor and f"{reverse('liaison:list')}?cursor={cursor}", pages + 1

    assert (len(seen), seen, pages) == (9, sorted(set(seen)), 3)
    assert "本页已建成 0 / 3" in answer.content.decode()


@pytest.mark.usefixtures("another_county")
@pytest.mark.parametrize(
    ("area", "towns"),
    [("445322", 5), ("4453", 9), ("郁南", 5), ("太平镇", 1), ("44538110", 2), ("没有", 0), ("虚3", 1), ("罗定市", 4)],
)
def test_an_area_is_named_or_given_by_the_first_digits_of_its_code(area, towns, checkers):
    assert len(checkers.get(reverse("liaison:list"), {"area": area}).context["tiles"]) == towns


@pytest.mark.usefixtures("another_county")
def test_an_area_opens_nothing_outside_ones_scope(client_of, mediator_of_taiping):
    answer = client_of(mediator_of_taiping).get(reverse("liaison:list"), {"area": "郁南"})

    assert list(answer.context["tiles"]) == []
    assert "没有这个名称或代码的镇" in answer.content.decode()


def test_the_page_costs_the_same_with_a_county_more(point, checkers, request):
    alone = _cost(checkers)
    request.getfixturevalue("another_county")

    assert _cost(checkers) == alone


@pytest.fixture
def nation(divisions, committee_officer) -> int:
    """Some thousands of towns of another province, each with a point, its four-ones, texts and officer."""
    towns = seed_nation(counties=150, towns=20, by=committee_officer)
    UserScope.objects.bulk_create(UserScope(user=committee_officer, division_id=code) for code in ("44", "45"))
    return towns


def test_the_page_costs_the_same_for_a_county_and_for_thousands_of_towns(point, checkers, request):
    county = {"area": "445381"}
    alone = _cost(checkers), _cost(checkers, county)
    towns = request.getfixturevalue("nation")

    whole = checkers.get(reverse("liaison:list"))
    by_code, by_name = (checkers.get(reverse("liaison:list"), {"area": area}) for area in ("4501001", "新15县"))

    assert (towns, len(whole.context["tiles"]), whole.context["is_part"]) == (3_000, network.TOWNS_A_PAGE, True)
    assert (len(by_code.context["tiles"]), len(by_name.context["tiles"])) == (20, 20)
    assert (_cost(checkers), _cost(checkers, county)) == alone


def _cost(client, narrowed: dict[str, str] | None = None) -> int:
    with CaptureQueriesContext(connection) as asked:
        client.get(reverse("liaison:list"), narrowed)
    return len(asked)
