"""Days away: who notes them, who stands in, that they never overlap, where they are seen."""

from datetime import date

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from core.errors import Conflict, NotAllowed, Refused
from core.models import AuditEntry
from roster import queries
from roster.actions.absences import add_absence, cancel_absence
from roster.models import Absence, Staff, TeamMembership
from roster.rules import may_stand_in
from tests.conftest import SHUANGDONG, TAIPING

DAY_18, DAY_20, DAY_22, DAY_25 = (date(2023, 9, day) for day in (18, 20, 22, 25))
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("divisions", "_clock")]


@pytest.fixture
def mediator(seat) -> Staff:
    return seat("林文英").staff


def away(staff: Staff, by, from_on: date = DAY_18, to_on: date = DAY_22, **facts) -> Absence:
    return add_absence(staff_id=staff.pk, from_on=from_on, to_on=to_on, by=by, **{"reason": "培训", **facts})


def test_an_absence_is_noted_with_who_stands_in(officer_of_taiping, mediator, seat):
    other = seat("黎桂生").staff
    absence = away(mediator, officer_of_taiping, substitute_id=other.pk)
    assert (absence.substitute, absence.recorded_by) == (other, officer_of_taiping)
    assert AuditEntry.objects.get(action="staff.absence").detail["from"] == "2023-09-18"


def test_days_to_come_are_welcome(admin, mediator):
    assert away(mediator, admin, DAY_22, DAY_25).from_on == DAY_22


@pytest.mark.parametrize(
    ("facts", "field"),
    [
        ({"from_on": DAY_22, "to_on": DAY_18}, "to_on"),
        ({"to_on": date(2024, 9, 19)}, "to_on"),
        ({"reason": "  "}, "reason"),
        ({"from_on": date(2020, 1, 1), "to_on": date(2020, 1, 5)}, "from_on"),
    ],
    ids=["the end before the start", "more than a year", "no reason", "before the first term"],
)
def test_impossible_absences_are_refused_at_their_field(admin, mediator, facts, field):
    with pytest.raises(Refused) as refused:
        away(mediator, admin, **facts)
    assert (refused.value.field, Absence.objects.count()) == (field, 0)


@pytest.mark.parametrize(
    ("from_on", "to_on", "fits"),
    [
        (DAY_22, DAY_25, False),
        (date(2023, 9, 10), DAY_18, False),
        (DAY_20, DAY_20, False),
        (date(2023, 9, 23), DAY_25, True),
        (date(2023, 9, 10), date(2023, 9, 17), True),
    ],
    ids=["from the last day", "to the first day", "inside", "the day after", "to the day before"],
)
def test_two_absences_of_one_person_share_no_day(admin, mediator, from_on, to_on, fits):
    away(mediator, admin)
    if fits:
        away(mediator, admin, from_on, to_on)
        return
    with pytest.raises(Refused, match="两次不能重叠") as refused:
        away(mediator, admin, from_on, to_on)
    assert refused.value.field == "from_on"


def test_one_called_off_is_no_hindrance(admin, mediator):
    cancel_absence(absence_id=away(mediator, admin, DAY_20).pk, by=admin)
    assert away(mediator, admin).pk


def test_who_has_no_seat_needs_no_absence(admin, seat):
    with pytest.raises(Refused, match="现在没有岗位"):
        away(seat("旧人", until=date(2023, 6, 30)).staff, admin)


# ── who stands in ────────────────────────────────────────────────────────────
@pytest.mark.parametrize(
    ("seats", "theirs", "may"),
    [
        ([("mediator", TAIPING)], [("liaison_officer", TAIPING)], True),
        ([("mediator", TAIPING)], [("mediator", SHUANGDONG)], False),
        ([("judge", TAIPING)], [("judge", SHUANGDONG)], True),
        ([("judge", TAIPING)], [("judge_assistant", SHUANGDONG)], True),
        ([("judge", TAIPING)], [("mediator", TAIPING)], False),
        ([("mediator", TAIPING)], [("judge", TAIPING)], False),
        ([("mediator", TAIPING)], [("judge", TAIPING), ("liaison_officer", TAIPING)], True),
        ([("mediator", TAIPING)], [("judge", TAIPING), ("mediator", SHUANGDONG)], False),
        ([("mediator", TAIPING)], [], False),
    ],
    ids=[
        "same town",
        "another town",
        "court for court",
        "assistant for judge",
        "town for court",
        "court for town",
        "both",
        "town's elsewhere",
        "nobody",
    ],
)
def test_a_substitute_is_of_the_same_town_and_of_the_court_for_a_court_seat_only(seats, theirs, may):
    assert may_stand_in(seats, theirs) is may


def test_nobody_stands_in_for_themselves_nor_while_away_nor_from_elsewhere(admin, mediator, seat):
    elsewhere, absent = seat("外镇人", town=SHUANGDONG).staff, seat("黎桂生").staff
    away(absent, admin, DAY_22, DAY_25)
    for wrong in (mediator, elsewhere, absent):
        with pytest.raises(Refused) as refused:
            away(mediator, admin, substitute_id=wrong.pk)
        assert refused.value.field == "substitute"


def test_what_must_never_be_false_no_code_can_write(mediator):
    facts = {"staff": mediator, "reason": "培训", "recorded_at": "2023-09-18T10:00+08:00"}
    with pytest.raises(IntegrityError, match="roster_absence_ends_after_it_starts"), transaction.atomic():
        Absence.objects.create(from_on=DAY_22, to_on=DAY_18, **facts)
    with pytest.raises(IntegrityError, match="roster_nobody_stands_in_for_themselves"), transaction.atomic():
        Absence.objects.create(from_on=DAY_18, to_on=DAY_22, substitute=mediator, **facts)


# ── called off ───────────────────────────────────────────────────────────────
def test_one_that_has_not_begun_is_called_off(admin, mediator):
    absence = cancel_absence(absence_id=away(mediator, admin, DAY_20).pk, by=admin)
    assert (absence.cancelled_at is None, absence.to_on) == (False, DAY_22)


def test_one_that_has_begun_ends_yesterday_and_its_days_stay(admin, mediator):
    absence = cancel_absence(absence_id=away(mediator, admin).pk, by=admin)
    assert (absence.cancelled_at, absence.from_on, absence.to_on) == (None, DAY_18, date(2023, 9, 19))


def test_one_that_is_over_is_struck_out(admin, mediator):
    over = away(mediator, admin, DAY_18, date(2023, 9, 19))
    assert cancel_absence(absence_id=over.pk, by=admin).cancelled_at
    assert away(mediator, admin, DAY_18, date(2023, 9, 19)).pk


def test_one_that_was_called_off_already_is_left_alone(admin, mediator):
    off = cancel_absence(absence_id=away(mediator, admin, DAY_25, DAY_25).pk, by=admin)
    with pytest.raises(Conflict, match="已经取消"):
        cancel_absence(absence_id=off.pk, by=admin)


# ── who may ──────────────────────────────────────────────────────────────────
def test_the_clerk_notes_the_courts_people_and_the_officer_the_towns(court_clerk, officer_of_taiping, seat, mediator):
    judge = seat("苏明远", "judge").staff
    other = seat("外镇人", town=SHUANGDONG).staff
    assert away(judge, court_clerk).pk
    assert away(mediator, officer_of_taiping).pk
    for by, staff in ((court_clerk, mediator), (officer_of_taiping, other)):
        with pytest.raises(NotAllowed):
            away(staff, by, DAY_25, DAY_25)


@pytest.mark.parametrize("who", ["mediator_of_taiping", "committee_officer", "auditor", "reviewing_judge"])
def test_the_others_note_no_absence(who, cast, mediator):
    with pytest.raises(NotAllowed):
        away(mediator, cast[who])


# ── where it is seen ─────────────────────────────────────────────────────────
def test_the_team_shows_who_is_away_today_and_who_stands_in(admin, mediator, seat, client_of):
    away(mediator, admin, substitute_id=seat("黎桂生").staff.pk)
    client, address = client_of(admin), reverse("roster:team", args=[TAIPING])
    page = client.get(address).content.decode()
    assert ("到9月22日" in page, "黎桂生代班" in page) == (True, True)
    assert "代班" not in client.get(address, {"on": "2023-09-17"}).content.decode()


@pytest.mark.parametrize(("last_day", "is_said"), [(None, False), (DAY_22, False), (DAY_20, True)])
def test_a_substitute_who_leaves_before_the_end_is_said_at_the_absence(
    last_day, is_said, admin, mediator, seat, client_of
):
    term = seat("黎桂生")
    away(mediator, admin, substitute_id=term.staff_id)
    TeamMembership.objects.filter(pk=term.pk).update(until=last_day, ended_recorded_at=last_day and timezone.now())
    page = client_of(admin).get(reverse("roster:person", args=[mediator.pk])).content.decode()
    assert ("黎桂生" in page, "代不到头，请另定" in page) == (True, is_said)


def test_a_substitute_who_is_away_afterwards_is_said_at_both(admin, mediator, seat, client_of):
    stands_in = seat("黎桂生").staff
    away(mediator, admin, substitute_id=stands_in.pk)
    client, page = client_of(admin), reverse("roster:person", args=[mediator.pk])
    before = client.get(page).content.decode()
    sent = {"from_on": "2023-09-21", "to_on": "2023-09-21", "kind": "sick", "reason": "sick", "substitute": ""}
    answer = client.post(reverse("roster:absence-new", args=[stands_in.pk]), sent, follow=True).content.decode()

    assert "请另定代班人。" in answer
    assert ("代不到头，请另定" in before, "代不到头，请另定" in client.get(page).content.decode()) == (False, True)


def test_an_account_is_marked_where_work_is_given_out(admin, mediator, mediator_of_taiping, seat):
    Staff.objects.filter(pk=mediator.pk).update(user=mediator_of_taiping)
    away(mediator, admin, substitute_id=seat("黎桂生").staff.pk)
    assert queries.away_words(TAIPING, DAY_20) == {mediator_of_taiping.pk: "（不在岗，到 9月22日，黎桂生代班）"}
    assert queries.away_words(TAIPING, DAY_25) == {}


def test_only_those_who_may_stand_in_are_offered(admin, mediator, seat):
    seat("陈法官", role="judge"), seat("黎桂生"), seat("罗联络", role="liaison_officer")
    seat("外镇人", town=SHUANGDONG)
    offered = [words for _, words in queries.substitute_choices(admin, mediator)]

    assert offered == ["黎桂生（太平镇调解人员）", "罗联络（太平镇联络人员）"]
    assert queries.substitute_choices(admin, Staff.objects.get(name="陈法官")) == []


def test_one_day_away_is_said_as_one_day(officer_of_taiping, mediator, client_of):
    client, address = client_of(officer_of_taiping), reverse("roster:absence-new", args=[mediator.pk])
    typed = {"from_on": "2023-09-22", "to_on": "2023-09-22", "reason": "培训"}
    page = client.post(address, typed, follow=True).content.decode()
    assert "林文英9月22日不在岗，还没有定代班人。" in page
    assert ">9月22日</th>" in page
    assert "林文英9月22日已经登记过不在岗" in client.post(address, typed).content.decode()


def test_an_absence_is_noted_and_called_off_on_the_pages(officer_of_taiping, mediator, seat, client_of):
    other = seat("黎桂生").staff
    client = client_of(officer_of_taiping)
    address = reverse("roster:absence-new", args=[mediator.pk])
    offered = client.get(address).content.decode()
    assert ("黎桂生（太平镇调解人员）" in offered, "林文英（太平镇" in offered) == (True, False)
    typed = {"from_on": "2023-09-20", "to_on": "2023-09-22", "reason": "培训", "substitute": str(other.pk)}
    wrong = client.post(address, typed | {"to_on": "2023-09-19"})
    assert (wrong.status_code, list(wrong.context["form"].errors), "培训" in wrong.content.decode()) == (
        422,
        ["to_on"],
        True,
    )
    assert client.post(address, typed).status_code == 302
    absence = Absence.objects.get()
    page = client.get(reverse("roster:person", args=[mediator.pk])).content.decode()
    assert "今天不在岗" in page
    assert client.post(reverse("roster:absence-cancel", args=[mediator.pk, absence.pk])).status_code == 302
    elsewhere = client.post(reverse("roster:absence-cancel", args=[other.pk, absence.pk]))
    assert (elsewhere.status_code, Absence.objects.get().cancelled_at is None) == (404, False)
