"""A change of seat that never was: struck out, and the seat before it goes on, in the books from now on."""

from datetime import date, timedelta

import pytest
import time_machine
from django.urls import reverse

from core.choices import Role
from core.errors import Conflict, NotAllowed, Refused
from core.models import AuditEntry
from liaison.queries.books import _seats as seats_of_all
from roster import queries
from roster.actions.staff import link_account
from roster.actions.voiding import void_term
from roster.models import TeamMembership, VoidedTerm
from roster.queries import replaced_by
from roster.queries.teams import Asked
from tests.conftest import SHUANGDONG, TAIPING
from tests.roster.mending import text
from tests.roster.uploading import write
from tests.roster.work import give_deadline
from tests.roster.workbooks import person, roster

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("divisions", "_clock")]
TODAY, SINCE = date(2023, 9, 20), date(2023, 3, 30)
ENDED, CHANGED = date(2023, 9, 9), date(2023, 9, 10)
MOMENT = "2023-09-11T09:00+08:00"


@pytest.fixture
def change(seat):
    """change() → a mediator's term that ended on 9 September, and the officer's term that replaced it."""

    def make(ended_at: str = MOMENT, **facts) -> tuple[TeamMembership, TeamMembership]:
        facts = {"role": "liaison_officer", "since": CHANGED, "recorded_at": MOMENT} | facts
        old = seat("黎桂生", mediator_kind="grid_worker", until=ENDED, ended_recorded_at=ended_at)
        return old, seat("黎桂生", staff=old.staff, **facts)

    return make


def strike(term, by, *, reopen=True):
    return void_term(membership_id=term.pk, reason="换错了岗位", by=by, reopen=reopen)


def seats(known_on: date | None, on: date = TODAY) -> tuple[int, int]:
    """Mediators and officers of the town on a day, as the books had it."""
    standing = queries.team_rows([TAIPING], Asked(on, known_on))[TAIPING].standing
    return standing.of("mediator").taken, standing.of("liaison_officer").taken


# ── the act ──────────────────────────────────────────────────────────────────
def test_the_seat_before_goes_on_and_the_books_of_each_day_stay_as_they_were(admin, change):
    old, new = change()
    books = [date(2023, 9, 10), date(2023, 9, 15)]
    before = [seats(day) for day in books]
    strike(new, admin)
    assert (before, [seats(day) for day in books]) == ([(1, 0), (0, 1)], [(1, 0), (0, 1)])
    assert (seats(None), seats(None, on=date(2023, 9, 15))) == ((1, 0), (1, 0))
    term = TeamMembership.objects.get()
    assert (term.pk, term.since, term.until, term.ended_recorded_at) == (old.pk, SINCE, None, None)
    kept = {voided.role: (voided.until, voided.reason) for voided in VoidedTerm.objects.all()}
    assert kept == {
        "mediator": (ENDED, "换岗位作废，恢复原来的岗位"),
        "liaison_officer": (None, "换错了岗位"),
    }


def test_it_is_in_the_trail(admin, change):
    old, new = change()
    strike(new, admin)
    entry = AuditEntry.objects.get(action="membership.reopen")
    assert (entry.subject_id, entry.division_code) == (str(old.pk), TAIPING)
    assert entry.detail == {
        "staff": str(old.staff_id),
        "role": "mediator",
        "since": "2023-03-30",
        "until": "2023-09-09",
    }
    assert AuditEntry.objects.filter(action="membership.void").count() == 1


def test_not_asked_for_it_stays_ended(admin, change):
    _, new = change()
    strike(new, admin, reopen=False)
    assert TeamMembership.objects.get().until == ENDED
    assert AuditEntry.objects.filter(action="membership.reopen").count() == 0


def test_the_account_has_the_seat_before_again(admin, change, make_user):
    old, new = change()
    user = make_user("m", Role.OFFICER)
    link_account(staff_id=old.staff_id, user=user, by=admin)
    strike(new, admin)
    user.refresh_from_db()
    assert (user.role, user.is_active, list(user.scope_codes)) == (Role.MEDIATOR, True, [TAIPING])


@pytest.mark.parametrize(("role", "goes"), [("mediator", True), ("liaison_officer", False)])
def test_work_in_hand_goes_on_only_with_a_seat_that_may_do_it(admin, change, make_user, role, goes):
    """Struck out is the same seat, begun anew; or an officer's, whose work is not a mediator's."""
    old, new = change(role=role)
    user = make_user("m", Role.OFFICER)
    link_account(staff_id=old.staff_id, user=user, by=admin)
    give_deadline(user)
    if goes:
        assert strike(new, admin).pk
        return
    with pytest.raises(Refused, match="暂不能作废"):
        strike(new, admin)
    assert TeamMembership.objects.get(pk=old.pk).until == ENDED


def test_a_list_that_replaced_a_seat_is_taken_back_whole(admin):
    with time_machine.travel("2023-09-05T10:00+08:00", tick=False):
        write(roster(person(1)), admin, since=date(2023, 9, 1))
    with time_machine.travel("2023-09-11T10:00+08:00", tick=False):
        write(roster(person(1, 备注="联络员")), admin, since=CHANGED)
    new = TeamMembership.objects.get(until=None)
    assert queries.ended_for(replaced_by(new), new)
    strike(new, admin)
    assert (seats(None), seats(date(2023, 9, 15))) == ((1, 0), (0, 1))


def test_what_goes_on_is_no_late_entry_but_what_was_one_stays_so(admin, change, client_of, settings):
    old, new = change(recorded_at="2023-09-10T09:00+08:00")
    strike(new, admin)
    person_page, team_page = reverse("roster:person", args=[old.staff_id]), reverse("roster:team", args=[TAIPING])

    def shown() -> tuple[bool, ...]:
        pages = [text(client_of(admin).get(page)) for page in (person_page, team_page)]
        (member,) = queries.team_of(TAIPING, TODAY).members
        (serving,) = (seat for seat in seats_of_all([TAIPING], TODAY)[TAIPING] if seat.span.known(None))
        late = queries.team_rows([TAIPING], Asked(TODAY))[TAIPING].late_entries == 1
        return *("补录" in page for page in pages), member.is_late, serving.span.is_late(timedelta(days=7)), late

    assert shown() == (False,) * 5
    VoidedTerm.objects.filter(role="mediator").update(recorded_at="2023-04-07T09:00+08:00")
    assert shown() == (True,) * 5


def test_a_seat_written_anew_twice_without_a_gap_is_no_late_entry(admin, change, seat):
    old, new = change(recorded_at="2023-09-10T09:00+08:00")
    TeamMembership.objects.filter(pk=old.pk).update(recorded_at="2023-03-30T09:00+08:00")
    strike(new, admin)
    with time_machine.travel("2023-09-25T10:00+08:00", tick=False):
        end = {"until": date(2023, 9, 24), "ended_recorded_at": "2023-09-25T09:00+08:00"}
        TeamMembership.objects.filter(pk=old.pk).update(**end)
        strike(seat("黎桂生", "liaison_officer", staff=old.staff, since=date(2023, 9, 25)), admin)
        (member,) = queries.team_of(TAIPING, TODAY).members
    assert (member.first_recorded_at.date(), member.is_late) == (SINCE, False)


@pytest.mark.parametrize("goes_on", [False, True], ids=["entered again", "and written anew since"])
def test_a_seat_struck_out_and_entered_again_months_later_is_a_late_entry(admin, seat, goes_on):
    """The books had nobody there in between; a list of the first days does not make it known."""
    first = seat("黎桂生", recorded_at="2023-03-30T09:00+08:00")
    with time_machine.travel("2023-04-02T10:00+08:00", tick=False):
        strike(first, admin, reopen=False)
    again = seat("黎桂生", staff=first.staff, recorded_at="2023-09-20T09:00+08:00")
    if goes_on:
        TeamMembership.objects.filter(pk=again.pk).update(until=ENDED, ended_recorded_at=MOMENT)
        strike(seat("黎桂生", "liaison_officer", staff=first.staff, since=CHANGED), admin)
    (member,) = queries.team_of(TAIPING, TODAY).members
    (serving,) = (seat for seat in seats_of_all([TAIPING], TODAY)[TAIPING] if seat.span.known(None))
    late = queries.team_rows([TAIPING], Asked(TODAY))[TAIPING].late_entries
    assert (member.is_late, serving.span.is_late(timedelta(days=7)), late) == (True, True, 1)


# ── which one ────────────────────────────────────────────────────────────────
@pytest.mark.parametrize(
    "besides",
    [
        {"role": "mediator", "since": date(2023, 9, 12)},
        {"role": "mediator", "since": date(2023, 9, 12), "until": date(2023, 9, 15)},
        {"role": "judge", "town": SHUANGDONG},
    ],
    ids=["the seat again", "the seat again, ended", "a seat of the court"],
)
def test_what_stands_against_it_is_not_offered_and_refused(admin, change, seat, besides):
    old, new = change()
    seat("黎桂生", staff=old.staff, **besides)
    assert replaced_by(new) is None
    with pytest.raises(Conflict, match="现在不能恢复"):
        strike(new, admin)
    assert TeamMembership.objects.count() == 3


@pytest.mark.parametrize(
    "facts",
    [{"town": SHUANGDONG}, {"since": date(2023, 9, 11)}, {"until": date(2023, 9, 15)}],
    ids=["another town", "a day between", "ended since"],
)
def test_a_term_that_replaced_nothing(change, facts):
    assert replaced_by(change(**facts)[1]) is None


def test_of_two_that_ended_that_day_it_is_the_one_ended_in_the_same_act(change, seat):
    old, new = change()
    later = "2023-09-12T09:00+08:00"
    seat("黎桂生", "judge_assistant", staff=old.staff, until=ENDED, ended_recorded_at=later)
    new.refresh_from_db()
    assert replaced_by(new) == old


def test_only_who_may_fill_the_seat_before(court_clerk, change, seat):
    _, new = change(role="judge")
    with pytest.raises(NotAllowed):
        strike(new, court_clerk)
    assert TeamMembership.objects.count() == 2


# ── the page ─────────────────────────────────────────────────────────────────
@pytest.mark.parametrize(("ended_at", "ticked"), [(MOMENT, True), ("2023-09-10T09:00+08:00", False)])
def test_the_page_offers_it_ticked_where_one_act_did_both(admin, client_of, change, ended_at, ticked):
    client, (_, new) = client_of(admin), change(ended_at)
    address = reverse("roster:term-void", args=[new.staff_id, new.pk])
    page = client.get(address)
    assert "恢复原来的岗位：网格员，3月30日起、9月9日止" in text(page)
    assert page.context["form"]["reopen"].initial is ticked
    answer = client.post(address, {"reason": "换错了岗位", "reopen": "on"}, follow=True)
    assert "原来的岗位网格员已恢复" in text(answer)
    assert TeamMembership.objects.get().until is None


def test_the_page_does_not_offer_what_the_viewer_may_not_fill(court_clerk, client_of, change):
    client, (_, new) = client_of(court_clerk), change(role="judge")
    address = reverse("roster:term-void", args=[new.staff_id, new.pk])
    page = text(client.get(address))
    assert ("恢复原来的岗位" in page, "不会自己恢复" in page) == (False, True)
    client.post(address, {"reason": "换错了岗位", "reopen": "on"})
    assert TeamMembership.objects.get().until == ENDED
