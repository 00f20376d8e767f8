"""People whose only term was struck out: who goes on seeing them, and the way back into the books."""

from datetime import date

import pytest
import time_machine
from django.urls import reverse

from core.choices import Role
from core.errors import NotAllowed
from roster.actions.membership import start_term
from roster.actions.staff import reveal_fact
from roster.actions.voiding import void_term
from roster.models import Staff, TeamMembership, VoidedTerm
from tests.conftest import SHUANGDONG, TAIPING
from tests.roster.mending import text

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("divisions", "_clock")]


@pytest.fixture
def struck_out(admin, seat) -> VoidedTerm:
    """The only term of 黎桂生, in 太平镇, struck out."""
    return void_term(membership_id=seat("黎桂生", mediator_kind="grid_worker").pk, reason="登记错了人", by=admin)


def page_of(client, staff_id, query: str = "") -> str:
    return text(client.get(reverse("roster:person", args=[staff_id]) + query))


# ── who sees them ────────────────────────────────────────────────────────────
def test_who_kept_the_seat_goes_on_seeing_its_person(struck_out, cast, make_user):
    neighbour = make_user("officer_of_shuangdong", Role.OFFICER, SHUANGDONG)
    seen = [who for who, user in {**cast, "neighbour": neighbour}.items() if Staff.objects.visible_to(user).exists()]
    assert seen == ["officer_of_taiping", "justice_officer", "committee_officer", "admin"]


def test_the_clerk_sees_whom_the_court_struck_out(admin, court_clerk, seat):
    void_term(membership_id=seat("苏明远", "judge").pk, reason="登记错了人", by=admin)
    void_term(membership_id=seat("黎桂生").pk, reason="登记错了人", by=admin)
    assert [staff.name for staff in Staff.objects.visible_to(court_clerk)] == ["苏明远"]


@pytest.mark.parametrize("until", [None, date(2023, 5, 1)], ids=["held", "ended"])
def test_a_term_in_another_town_hides_them(struck_out, officer_of_taiping, seat, until):
    assert Staff.objects.visible_to(officer_of_taiping).exists()
    seat("黎桂生", staff=struck_out.staff, town=SHUANGDONG, until=until)
    assert not Staff.objects.visible_to(officer_of_taiping).exists()


def test_a_term_that_was_struck_out_elsewhere_since_brings_nobody_back(struck_out, cast, make_user, seat):
    neighbour = make_user("officer_of_shuangdong", Role.OFFICER, SHUANGDONG)
    elsewhere = seat("黎桂生", staff=struck_out.staff, town=SHUANGDONG)
    with time_machine.travel("2023-09-21T10:00+08:00", tick=False):
        void_term(membership_id=elsewhere.pk, reason="写错了镇", by=neighbour)
    seen = [who for who, user in {**cast, "neighbour": neighbour}.items() if Staff.objects.visible_to(user).exists()]
    assert seen == ["justice_officer", "committee_officer", "admin", "neighbour"]


def test_the_clerk_sees_none_whom_a_town_struck_out_since(admin, court_clerk, seat):
    term = seat("苏明远", "judge")
    void_term(membership_id=term.pk, reason="登记错了人", by=admin)
    assert Staff.objects.visible_to(court_clerk).exists()
    with time_machine.travel("2023-09-21T10:00+08:00", tick=False):
        void_term(membership_id=seat("苏明远", staff=term.staff).pk, reason="也不是", by=admin)
    assert not Staff.objects.visible_to(court_clerk).exists()


def test_those_without_a_seat_are_asked_for_as_the_people_are(struck_out, cast):
    Staff.objects.create(name="待定人")
    for user in cast.values():
        seen = Staff.objects.visible_to(user).filter(memberships=None)
        assert set(Staff.objects.unseated_for(user)) == set(seen)
    assert [staff.name for staff in Staff.objects.unseated_for(cast["officer_of_taiping"])] == ["黎桂生"]


def test_they_stand_in_the_list_of_people_without_a_seat(struck_out, officer_of_taiping, client_of):
    client = client_of(officer_of_taiping)
    listed = {seat: "黎桂生" in text(client.get(reverse("roster:list"), {"seat": seat})) for seat in ("now", "unclear")}
    assert listed == {"now": False, "unclear": True}


# ── what is not opened by a term that never was ──────────────────────────────
def test_the_officer_is_shown_no_number_of_theirs(struck_out, officer_of_taiping, admin, client_of):
    struck_out.staff.phone = "13800006072"
    struck_out.staff.save()
    address = reverse("roster:reveal", args=[struck_out.staff_id])
    assert address not in page_of(client_of(officer_of_taiping), struck_out.staff_id)
    answer = client_of(officer_of_taiping).post(address, {"field": "phone", "reason": "联系本人"})
    assert (answer.status_code, "13800006072" in answer.content.decode()) == (403, False)
    with pytest.raises(NotAllowed, match="重新登记以后"):
        reveal_fact(staff_id=struck_out.staff_id, field="phone", reason="联系本人", by=officer_of_taiping)
    start_term(staff_id=struck_out.staff_id, town_code=TAIPING, role="mediator", since=date(2023, 9, 1), by=admin)
    shown = reveal_fact(staff_id=struck_out.staff_id, field="phone", reason="联系本人", by=officer_of_taiping)
    assert shown == "13800006072"


# ── the way back ─────────────────────────────────────────────────────────────
def test_who_struck_out_all_a_person_had_lands_on_the_person(officer_of_taiping, client_of, seat):
    client, term = client_of(officer_of_taiping), seat("黎桂生")
    address = reverse("roster:term-void", args=[term.staff_id, term.pk])
    answer = client.post(address, {"reason": "登记错了人"}, follow=True)
    assert answer.redirect_chain == [(reverse("roster:person", args=[term.staff_id]), 302)]
    page = text(answer)
    assert "黎桂生现在没有岗位，列在“待定岗位”里；作废错了的，在这一页重新登记。" in page
    assert "已作废：太平镇 调解人员，2023年3月30日起。登记错了人" in page
    assert "登记过的都已作废" in page


def test_the_term_is_entered_again_as_it_was(struck_out, officer_of_taiping, client_of):
    client = client_of(officer_of_taiping)
    again = f"?again={struck_out.pk}"
    assert f"{again}#new-term" in page_of(client, struck_out.staff_id)
    form = client.get(reverse("roster:person", args=[struck_out.staff_id]) + again).context["term_form"]
    sent = {field.name: field.value() for field in form}
    client.post(reverse("roster:term-start", args=[struck_out.staff_id]), sent)
    term = TeamMembership.objects.get()
    assert (term.town_code, term.role, term.mediator_kind, term.since) == (
        TAIPING, "mediator", "grid_worker", date(2023, 3, 30),
    )  # fmt: skip
    assert "again=" not in page_of(client, struck_out.staff_id)


def test_who_only_reads_is_offered_no_way_back(struck_out, committee_officer, client_of):
    page = page_of(client_of(committee_officer), struck_out.staff_id, f"?again={struck_out.pk}")
    assert ("已作废：太平镇" in page, "again=" in page) == (True, False)


def test_an_officer_is_told_and_enters_again_only_what_was_of_the_town(officer_of_taiping, admin, client_of, seat):
    own = seat("黎桂生")
    elsewhere = seat("黎桂生", staff=own.staff, town=SHUANGDONG)
    there = void_term(membership_id=elsewhere.pk, reason="写错了镇", by=admin)
    assert "写错了镇" not in page_of(client_of(officer_of_taiping), own.staff_id)
    assert "写错了镇" in page_of(client_of(admin), own.staff_id)
    here = void_term(membership_id=own.pk, reason="登记错了人", by=admin)
    page = page_of(client_of(officer_of_taiping), own.staff_id, f"?again={there.pk}")
    assert (f"?again={there.pk}" in page, f"?again={here.pk}" in page) == (False, True)
    assert ("已照作废的那次填好" in page, "写错了镇" in page) == (False, False)


def test_with_a_term_elsewhere_the_list_says_where_they_went(officer_of_taiping, client_of, seat):
    term = seat("黎桂生")
    seat("黎桂生", staff=term.staff, town=SHUANGDONG)
    address = reverse("roster:term-void", args=[term.staff_id, term.pk])
    answer = client_of(officer_of_taiping).post(address, {"reason": "写错了镇"}, follow=True)
    assert answer.redirect_chain == [(reverse("roster:list"), 302)]
    assert "黎桂生只在别处还有任职，不再列在您的名册里。作废错了的，请管理员或司法局重新登记。" in text(answer)
