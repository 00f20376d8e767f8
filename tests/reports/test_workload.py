"""What a person of the roster has in hand: the slot of their page, the lists behind it, who sees which."""

from datetime import date

import pytest
from django.urls import reverse

from reports.queries.workload import Workload, workload
from roster.models import Staff, TeamMembership
from tests.conftest import TAIPING
from tests.mediation.conftest import at

TODAY = date(2023, 9, 20)


@pytest.fixture
def mediator(mediating, mediator_of_taiping) -> Staff:
    """The mediator of 太平镇 in the roster, with one dispute being mediated."""
    staff = Staff.objects.create(name="黎桂生", name_initials="lgs", user=mediator_of_taiping)
    TeamMembership.objects.create(
        staff=staff, town_id=TAIPING, town_code=TAIPING, role="mediator", since=date(2023, 3, 30),
        recorded_at=at("2023-03-30 09:00"),
    )  # fmt: skip
    return staff


def get(client, name: str, staff: Staff, *, htmx: bool = False):
    headers = {"HX-Request": "true"} if htmx else {}
    return client.get(reverse(f"reports:{name}", args=[staff.pk]), headers=headers)


@pytest.mark.parametrize("day", [TODAY, date(2023, 12, 1)], ids=["in time", "overdue"])
def test_the_numbers_are_those_of_the_towns_the_viewer_keeps(mediator, officer_of_taiping, make_user, day):
    mine = workload(officer_of_taiping, mediator.user, day)
    other = workload(make_user("officer_of_fenjie", "officer", "445381102"), mediator.user, day)
    assert mine == Workload(open_disputes=1, mediating=1, deadlines=1, overdue=int(day != TODAY), requests=0)
    assert (other, other.is_empty) == (Workload(0, 0, 0, 0, 0), True)


def test_the_slot_is_a_fragment_and_leads_to_its_lists(mediator, officer_of_taiping, client_of):
    client = client_of(officer_of_taiping)
    slot, page = (get(client, "staff-load", mediator, htmx=htmx).content.decode() for htmx in (True, False))
    assert ("<html" in slot, "<html" in page, "1 件" in slot) == (False, True, True)
    assert reverse("reports:staff-work", args=[mediator.pk]) in slot
    lists = get(client, "staff-work", mediator).content.decode()
    assert all(words in lists for words in ("太平镇", "TP2308-0146", "纠纷 1 件", "期限 1 项"))


def test_the_admin_sees_numbers_and_no_case(mediator, admin, client_of):
    client = client_of(admin)
    slot = get(client, "staff-load", mediator, htmx=True).content.decode()
    assert ("1 件" in slot, "沈水旺" in slot, "/work/" in slot) == (True, False, False)
    assert get(client, "staff-work", mediator).status_code == 403


def test_who_has_no_account_has_no_load(mediator, officer_of_taiping, client_of):
    Staff.objects.filter(pk=mediator.pk).update(user=None)
    client = client_of(officer_of_taiping)
    assert get(client, "staff-load", mediator).status_code == 404
    assert "手上没有要办的事" in get(client, "staff-work", mediator).content.decode()
    assert "/load/" not in client.get(reverse("roster:person", args=[mediator.pk])).content.decode()


def test_the_persons_page_leaves_the_slot_to_be_filled(mediator, officer_of_taiping, client_of):
    page = client_of(officer_of_taiping).get(reverse("roster:person", args=[mediator.pk])).content.decode()
    assert f'hx-get="{reverse("reports:staff-load", args=[mediator.pk])}"' in page


@pytest.mark.parametrize("disputes", [1, 3])
@pytest.mark.parametrize(("name", "number"), [("staff-load", 10), ("staff-work", 12)])
def test_the_cost_is_the_same_for_one_and_for_three(
    mediator, make_dispute, officer_of_taiping, client_of, disputes, name, number, django_assert_num_queries
):
    for serial in range(1, disputes):
        make_dispute(mediator.user, code=f"TP2309-000{serial}")
    client = client_of(officer_of_taiping)
    with django_assert_num_queries(number):
        get(client, name, mediator)
