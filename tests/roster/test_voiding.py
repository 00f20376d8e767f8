"""Terms written down by mistake: struck out, counted by nobody, still in the books of the days on which they stood."""

from datetime import date

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from core.actions import audit
from core.choices import Role
from core.errors import Conflict, NotAllowed, Refused
from core.models import AuditEntry
from liaison.queries import statuses
from roster import queries
from roster.actions.membership import end_term
from roster.actions.staff import link_account
from roster.actions.voiding import void_term
from roster.models import Staff, TeamMembership, VoidedTerm
from roster.platform_entry import Share
from roster.queries.accounts import looks_at
from roster.queries.teams import Asked
from tests.conftest import SHUANGDONG, TAIPING
from tests.roster.mending import text
from tests.roster.uploading import write
from tests.roster.work import give_deadline
from tests.roster.workbooks import person, roster

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("divisions", "_clock")]
BEFORE, TODAY = date(2023, 9, 19), date(2023, 9, 20)


def strike(term, by, reason="登记错了人"):
    return void_term(membership_id=term.pk, reason=reason, by=by)


def exported(admin, *, town: str, what: str = "town"):
    entry = audit.record(
        "roster.export", by=admin, division_code=town, detail={"masked": False, "what": what, "reason": "报送"}
    )
    AuditEntry.objects.filter(pk=entry.pk).update(subject_label="roster.rosterexport")


def test_nothing_counts_it_and_the_books_of_yesterday_still_show_it(admin, seat):
    strike(seat("黎桂生", "judge"), admin)
    for known_on, judges in ((None, 0), (TODAY, 0), (BEFORE, 1)):
        asked = Asked(TODAY, known_on)
        history, row = queries.team_history(TAIPING, asked), queries.team_rows([TAIPING], asked)[TAIPING]
        found = [history.team.standing, row.standing, statuses(TODAY, known_on)[TAIPING].team]
        assert [standing.of("judge").taken for standing in found] == [judges] * 3
    assert TeamMembership.objects.count() == 0


def test_it_keeps_what_was_written_and_why(admin, seat):
    voided = strike(seat("黎桂生", mediator_kind="grid_worker"), admin, " 写错了镇 ")
    assert (voided.role, voided.mediator_kind, voided.reason, voided.voided_by) == (
        "mediator",
        "grid_worker",
        "写错了镇",
        admin,
    )
    entry = AuditEntry.objects.get(action="membership.void")
    assert (entry.division_code, entry.detail["reason"], entry.detail["since"]) == (TAIPING, "写错了镇", "2023-03-30")


@pytest.mark.parametrize("reason", ["", "  "])
def test_without_a_reason_it_stays(admin, seat, reason):
    with pytest.raises(Refused) as refused:
        strike(seat("黎桂生"), admin, reason)
    assert (refused.value.field, TeamMembership.objects.count()) == ("reason", 1)


def test_what_somebody_struck_out_meanwhile_is_a_conflict(admin, seat):
    term = seat("黎桂生")
    strike(term, admin)
    term.pk = VoidedTerm.objects.get().pk + 1_000
    with pytest.raises(Conflict, match="刚被别人作废"):
        strike(term, admin)
    with pytest.raises(Conflict, match="刚被别人作废"):
        end_term(membership_id=term.pk, until=BEFORE, by=admin)


def test_only_who_may_fill_the_seat(officer_of_taiping, court_clerk, seat):
    with pytest.raises(NotAllowed):
        strike(seat("外镇人", town=SHUANGDONG), officer_of_taiping)
    with pytest.raises(NotAllowed):
        strike(seat("黎桂生"), court_clerk)
    assert strike(seat("苏明远", "judge"), court_clerk).pk


def test_the_account_follows_what_is_left(admin, seat, make_user):
    first = seat("黎桂生")
    user = make_user("m", Role.MEDIATOR)
    link_account(staff_id=first.staff_id, user=user, by=admin)
    strike(first, admin)
    user.refresh_from_db()
    assert (user.is_active, user.closed_with_term, list(user.scopes.all())) == (False, True, [])


def test_work_in_hand_must_be_handed_over_first(admin, seat, make_user):
    term = seat("黎桂生")
    user = make_user("m", Role.MEDIATOR)
    link_account(staff_id=term.staff_id, user=user, by=admin)
    give_deadline(user)
    with pytest.raises(Refused, match="1 项期限没有了结，暂不能作废") as refused:
        strike(term, admin)
    assert refused.value.hint == "先把这些事移交给接手的人，再来作废这个任职。"


def test_the_page_asks_why_and_the_person_shows_it(admin, client_of, seat):
    client, term = client_of(admin), seat("黎桂生")
    address = reverse("roster:term-void", args=[term.staff_id, term.pk])
    assert "当作从来没有任过" in text(client.get(address))
    assert client.post(address, {"reason": ""}).status_code == 422
    answer = client.post(address, {"reason": "登记错了人"}, follow=True)
    assert "的登记已作废" in text(answer)
    assert "已作废：太平镇 调解人员，2023年3月30日起。登记错了人" in text(answer)


def test_a_list_that_corrects_a_seat_changes_nothing_of_what_was_known(admin):
    with time_machine.travel("2023-09-10T10:00+08:00", tick=False):
        write(roster(person(1)), admin)
    write(roster(person(1, 备注="联络员")), admin)
    then = queries.team_rows([TAIPING], Asked(TODAY, BEFORE))[TAIPING].standing
    now = queries.team_rows([TAIPING], Asked(TODAY))[TAIPING].standing
    assert [one.of("mediator").taken for one in (then, now)] == [1, 0]
    assert [one.of("liaison_officer").taken for one in (then, now)] == [0, 1]
    assert VoidedTerm.objects.get().reason == "按名单更正岗位"


def test_each_term_that_a_list_strikes_out_is_recorded_as_one_struck_out_by_hand(admin):
    write(roster(*map(person, (1, 2, 3))), admin)
    changed = person(1, 备注="联络员"), person(2, 备注="联络员"), person(3, 联系电话="13900000009")
    write(roster(*changed), admin)
    entries = AuditEntry.objects.filter(action="membership.void").order_by("seq")
    assert [
        (entry.subject_label, entry.subject_id, entry.actor, entry.division_code, entry.detail) for entry in entries
    ] == [
        (
            "roster.voidedterm",
            str(voided.pk),
            admin,
            TAIPING,
            {
                "staff": str(voided.staff_id),
                "role": "mediator",
                "since": "2023-04-03",
                "until": "",
                "reason": "按名单更正岗位",
            },
        )
        for voided in VoidedTerm.objects.order_by("pk")
    ]
    assert len(entries) == 2


def test_the_own_log_keeps_the_lists_of_a_seat_that_was_struck_out_and_no_later_ones(admin, seat):
    with time_machine.travel("2023-09-01T10:00+08:00", tick=False):
        staff = seat("黎桂生", recorded_at="2023-08-01T10:00+08:00").staff
        exported(admin, town=TAIPING)
    strike(staff.memberships.get(), admin)
    with time_machine.travel("2023-09-21T10:00+08:00", tick=False):
        exported(admin, town=TAIPING)
        exported(admin, town="", what="county")
    assert [(look.division_code, look.at.day) for look in looks_at(staff).order_by("at")] == [(TAIPING, 1), ("", 21)]


def test_the_own_log_has_the_countys_lists_of_the_days_between_a_struck_out_seat_and_the_next(admin, seat):
    """Without a term one stands in the county's list among those whose seat is not decided."""
    staff = seat("黎桂生", recorded_at="2023-09-20T08:00+08:00").staff
    Staff.objects.filter(pk=staff.pk).update(created_at="2023-09-18T08:00+08:00")
    staff.refresh_from_db()
    days = dict.fromkeys(("19", "21", "23"), ("county", "")) | {"22": ("court", ""), "17": ("county", "")}
    strike(staff.memberships.get(), admin)
    seat("黎桂生", "liaison_officer", staff=staff, until=TODAY, recorded_at="2023-09-22T08:00+08:00",
         ended_recorded_at="2023-09-22T09:00+08:00")  # fmt: skip
    for day, (what, town) in days.items():
        with time_machine.travel(f"2023-09-{day}T10:00+08:00", tick=False):
            exported(admin, town=town, what=what)
    assert [look.at.day for look in looks_at(staff).order_by("at")] == [19, 21]


def test_the_platforms_share_of_an_earlier_day_still_counts_it(admin, seat):
    """As known yesterday: who was struck out today, whose end and whose start were written down today."""
    strike(seat("写错"), admin)
    seat("离任", until=date(2023, 9, 10), ended_recorded_at="2023-09-20T09:00+08:00")
    seat("补录", recorded_at="2023-09-20T09:00+08:00")
    entered = seat("已入驻", "liaison_officer").staff
    Staff.objects.filter(pk=entered.pk).update(
        joined_platform_on=date(2023, 4, 20), platform_recorded_at="2023-04-20T10:00+08:00"
    )
    shares = [queries.entry_shares([TAIPING], TODAY, known_on)[TAIPING] for known_on in (None, TODAY, BEFORE)]
    assert shares == [Share(1, 2), Share(1, 2), Share(1, 3)]


def test_the_buttons_stand_only_at_seats_the_viewer_may_fill(officer_of_taiping, client_of, seat):
    here = seat("黎桂生")
    there = seat("黎桂生", town=SHUANGDONG, staff=here.staff)
    client = client_of(officer_of_taiping)
    page = client.get(reverse("roster:person", args=[here.staff_id])).content.decode()
    doors = {term: [reverse(f"roster:term-{verb}", args=[term.staff_id, term.pk]) for verb in ("end", "void")]
             for term in (here, there)}  # fmt: skip
    assert {term.town_code: [door in page for door in found] for term, found in doors.items()} == {
        TAIPING: [True, True],
        SHUANGDONG: [False, False],
    }
    assert [client.get(door).status_code for door in doors[there]] == [403, 403]


def test_the_list_of_teams_asks_for_no_people(admin, seat):
    strike(seat("黎桂生"), admin)
    with CaptureQueriesContext(connection) as asked:
        rows = queries.team_rows([TAIPING], Asked(TODAY, BEFORE))
    assert rows[TAIPING].standing.of("mediator").taken == 1
    assert [("JOIN" in one["sql"]) for one in asked.captured_queries] == [False, False]
