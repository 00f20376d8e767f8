"""A point stands built on 30 June; its officer leaves on 5 July: the June figures stay, today's pages name the gap."""

from datetime import date

import pytest
from django.urls import reverse

from liaison.choices import StandardKey
from reports import reference
from roster.actions.membership import end_term
from roster.models import TeamMembership
from tests.conftest import TAIPING
from tests.journeys.conftest import answer_of
from tests.liaison.conftest import build, moment, point, serve

__all__ = ["build", "point", "serve"]  # fixtures of the liaison points
MAY_18, JUNE_30, LAST_DAY, TODAY = date(2023, 5, 18), date(2023, 6, 30), date(2023, 7, 5), date(2023, 7, 10)
BUILT = "已建成，5月18日起四个一全部达到"


@pytest.fixture
def resigned(point, build, admin, time_machine) -> None:
    """Written down on the last day itself; it is now five days later."""
    reference.load(lambda line: None)
    build(point, MAY_18)
    term = TeamMembership.objects.get(town_code=TAIPING)
    end_term(membership_id=term.pk, until=LAST_DAY, by=admin, recorded_at=moment(LAST_DAY))
    time_machine.move_to(moment(TODAY), tick=False)


@pytest.mark.parametrize(
    ("on", "built", "gaps"),
    [(JUNE_30, 1, []), (LAST_DAY, 1, []), (TODAY, 0, [StandardKey.OFFICER])],
    ids=["06-30", "the last day 07-05", "today"],
)
@pytest.mark.usefixtures("resigned")
def test_every_page_and_the_report_say_the_same_of_a_day(on, built, gaps, client_of, committee_officer):
    client, asked = client_of(committee_officer), {"on": on.isoformat()}

    network = client.get(reverse("liaison:list"), asked).context
    page = client.get(reverse("liaison:point", args=[TAIPING]), asked)
    report = answer_of("compliance", "--as-of", on.isoformat(), ask=("--format", "json"))

    town = next(town for town in network["towns"] if town.code == TAIPING)
    reported = next(row for row in report["towns"] if row["code"] == TAIPING)
    assert (network["built"], list(town.status.missing), list(page.context["status"].missing)) == (built, gaps, gaps)
    assert (reported["built"], reported["missing"]) == (bool(built), [gap.value for gap in gaps])
    assert (BUILT in page.content.decode()) is bool(built)


@pytest.mark.usefixtures("resigned")
def test_todays_page_names_the_gap_and_how_it_is_closed(client_of, committee_officer):
    page = client_of(committee_officer).get(reverse("liaison:point", args=[TAIPING])).content.decode()

    assert "还差 1 项，没有算作已建成。" in page
    assert "一名联络人员：先在名册里写明联络人员的任职。" in page
