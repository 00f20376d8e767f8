"""The slots of a point's page: fragments for htmx, pages of their own for everybody else."""

from datetime import date

import pytest
from django.urls import reverse

from liaison.actions.meetings import record_meeting
from liaison.choices import SystemKind
from reports.actions.tallies import recount_all
from tests.conftest import TAIPING

MAY_18, SEPT_20 = date(2023, 5, 18), date(2023, 9, 20)
SLOTS = ("point-use", "point-figures")


def slot(client, name: str, *, htmx: bool = True, on: str = "2023-09-20"):
    headers = {"HX-Request": "true"} if htmx else {}
    return client.get(reverse(f"reports:{name}", args=[TAIPING]), {"on": on}, headers=headers)


@pytest.mark.parametrize("name", SLOTS)
def test_a_fragment_comes_for_htmx_and_a_page_for_a_reader(name, point, officer_of_taiping, client_of):
    client = client_of(officer_of_taiping)

    fragment, page = (slot(client, name, htmx=htmx).content.decode() for htmx in (True, False))

    assert ("<html" in fragment, "<html" in page) == (False, True)


@pytest.mark.parametrize("name", SLOTS)
def test_another_towns_slot_is_not_there(name, point, mediator_of_shuangdong, client_of):
    assert slot(client_of(mediator_of_shuangdong), name).status_code == 404


@pytest.mark.parametrize(("name", "status"), [("point-use", 200), ("point-figures", 403)])
def test_the_admin_sees_the_systems_and_no_figures(name, status, point, admin, client_of):
    assert slot(client_of(admin), name).status_code == status


def test_a_text_without_use_is_called_by_its_name(point, build, officer_of_taiping, client_of):
    build(point, MAY_18)
    record_meeting(
        point_id=point.pk, held_on=date(2023, 9, 1), system=SystemKind.GRID, agenda="研判", by=officer_of_taiping
    )

    answer = slot(client_of(officer_of_taiping), "point-use")
    systems = {system.kind: system for system in answer.context["standing"].systems}

    assert [kind for kind, system in systems.items() if system.runs] == [SystemKind.GRID]
    assert (answer.content.decode().count("有制度未运行"), systems[SystemKind.GRID].last_on) == (5, date(2023, 9, 1))


def test_the_window_is_printed(point, officer_of_taiping, client_of):
    assert (
        "近 90 天（2023年6月23日—2023年9月20日）" in slot(client_of(officer_of_taiping), "point-use").content.decode()
    )


def test_the_figures_of_the_year_are_the_towns_own(spring, point, officer_of_taiping, client_of):
    recount_all()

    shown = slot(client_of(officer_of_taiping), "point-figures").context

    assert (shown["registered"], shown["submitted"], shown["confirmed"].numerator) == (6, 2, 2)
    assert (shown["resolution"].numerator, shown["resolution"].denominator) == (2, 3)


@pytest.mark.parametrize("name", SLOTS)
def test_a_slot_asks_few_queries(name, point, build, officer_of_taiping, client_of, django_assert_max_num_queries):
    build(point, MAY_18)
    client = client_of(officer_of_taiping)

    with django_assert_max_num_queries(11):
        slot(client, name)
