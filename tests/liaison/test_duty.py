"""The rota's acts: who may stand, swaps, marks and their two times, a month at once, the sweep, the calendar feed."""

from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from django.db import IntegrityError, transaction
from icalendar import Calendar

from core.actions import reminders
from core.choices import Role
from core.errors import Conflict, NotAllowed, Refused
from core.models import AuditEntry, Notification
from liaison import queries
from liaison.actions.duty import reassign_shift, schedule_shift, swap_shifts
from liaison.actions.duty_feeds import make_feed, revoke_feed
from liaison.actions.duty_marks import hold_shift, miss_shift, take_back_mark
from liaison.actions.duty_plan import generate_rota, hand_to_stand_ins
from liaison.actions.points import open_point
from liaison.choices import Host, Hours
from liaison.models import DutyFeed, DutyReminder, DutyShift
from liaison.rota import Wish
from roster.choices import TeamRole
from roster.models import Absence
from tests.conftest import SHUANGDONG, TAIPING
from tests.liaison.conftest import moment

MONDAY, FRIDAY = date(2026, 9, 14), date(2026, 9, 18)
ONE_DAY = timedelta(days=1)
TERM = date(2026, 1, 1)


@pytest.fixture(autouse=True)
def _monday():
    with time_machine.travel(datetime(2026, 9, 14, 2, tzinfo=UTC), tick=False):
        yield


@pytest.fixture
def team(serve, point):
    """甲, 乙, 丙 of 太平镇."""
    return [serve(name, TeamRole.MEDIATOR, TERM).staff for name in "甲乙丙"]


@pytest.fixture
def put(point, officer_of_taiping):
    """put(staff, day, hours=WHOLE) → a shift."""

    def make(staff, day=MONDAY, hours=Hours.WHOLE) -> DutyShift:
        return schedule_shift(point_id=point.pk, on=day, hours=hours, staff_id=staff.pk, by=officer_of_taiping)

    return make


def leave(staff, first=MONDAY, last=FRIDAY, substitute=None) -> None:
    Absence.objects.create(
        staff=staff, from_on=first, to_on=last, substitute=substitute, reason="培训", recorded_at=moment(TERM)
    )


def who(shift: DutyShift) -> str:
    shift.refresh_from_db()
    return shift.staff.name


# ── who may stand ────────────────────────────────────────────────────────────
def test_somebody_away_is_not_put_on_duty(team, put):
    leave(team[0])

    with pytest.raises(Refused, match="甲9月14日不在岗（到9月18日）") as refused:
        put(team[0])

    assert refused.value.field == "staff"


def test_a_morning_and_an_afternoon_go_together_and_a_whole_day_does_not(team, put):
    put(team[0], hours=Hours.MORNING)
    put(team[0], hours=Hours.AFTERNOON)

    with pytest.raises(Conflict, match="已经排了班"):
        put(team[0], hours=Hours.WHOLE)


@pytest.fixture
def judge_elsewhere(team, make_user, serve):
    """甲 sits in 双东街道 too and is on duty there on Monday."""
    officer = make_user("officer_of_shuangdong", Role.OFFICER, SHUANGDONG)
    other = open_point(town_code=SHUANGDONG, host=Host.JUDICIAL_OFFICE, address="镇政府路", by=officer)
    serve("", TeamRole.MEDIATOR, TERM, town=SHUANGDONG, staff=team[0])
    return schedule_shift(point_id=other.pk, on=MONDAY, staff_id=team[0].pk, by=officer)


def test_nobody_stands_at_two_points_at_once(team, put, judge_elsewhere):
    with pytest.raises(Refused, match="在另一个联络点值班") as refused:
        put(team[0], hours=Hours.MORNING)

    assert refused.value.field == "staff"


@pytest.mark.parametrize("hours", list(Hours))
def test_the_database_refuses_two_places_at_once(hours, team, point, judge_elsewhere):
    with pytest.raises(IntegrityError), transaction.atomic():
        DutyShift.objects.create(point=point, on=MONDAY, hours=hours, staff=team[0], recorded_at=moment(MONDAY))


def test_a_double_written_meanwhile_is_told_in_words(team, put, judge_elsewhere, monkeypatch):
    monkeypatch.setattr("liaison.actions.duty.check_can_stand", lambda *_, **__: None)

    with pytest.raises(Conflict, match="刚刚给这个人排了别的班"):
        put(team[0])


# ── giving on and swapping ───────────────────────────────────────────────────
def test_a_shift_is_given_to_another_and_both_are_told(team, put, officer_of_taiping, mediator_of_taiping):
    team[0].user = mediator_of_taiping
    team[0].save()
    shift = put(team[0])

    reassign_shift(shift_id=shift.pk, staff_id=team[1].pk, by=officer_of_taiping)

    assert who(shift) == "乙"
    assert "改由乙值" in Notification.objects.get(recipient=mediator_of_taiping).text


def test_giving_a_shift_to_its_own_person_is_refused(team, put, officer_of_taiping):
    shift = put(team[0])

    with pytest.raises(Refused, match="本来就是甲的") as refused:
        reassign_shift(shift_id=shift.pk, staff_id=team[0].pk, by=officer_of_taiping)

    assert refused.value.field == "staff"


def test_two_people_swap(team, put, officer_of_taiping):
    first, second = put(team[0]), put(team[1], FRIDAY)

    swap_shifts(shift_id=first.pk, other_id=second.pk, by=officer_of_taiping)

    assert (who(first), who(second)) == ("乙", "甲")
    assert AuditEntry.objects.filter(action="point.swap_shifts").count() == 1


def test_morning_and_afternoon_of_one_day_swap(team, put, officer_of_taiping):
    first, second = put(team[0], hours=Hours.MORNING), put(team[1], hours=Hours.AFTERNOON)

    swap_shifts(shift_id=first.pk, other_id=second.pk, by=officer_of_taiping)

    assert (who(first), who(second)) == ("乙", "甲")


def _itself(put, team):
    shift = put(team[0])
    return shift, shift


SENSELESS = {
    "itself": (_itself, "不能和自己换班"),
    "the same person": (lambda put, team: (put(team[0]), put(team[0], FRIDAY)), "都是甲的，不能和自己换班"),
    "the same part of a day": (lambda put, team: (put(team[0]), put(team[1])), "换了也一样"),
    "whole with half": (lambda put, team: (put(team[0]), put(team[1], hours=Hours.MORNING)), "不能对换"),
    "a double": (lambda put, team: (put(team[0]), put(team[1], FRIDAY), put(team[0], FRIDAY))[:2], "已经排了班"),
}


@pytest.mark.parametrize("case", SENSELESS)
def test_a_swap_is_refused_at_its_field(case, team, put, officer_of_taiping):
    make, words = SENSELESS[case]
    first, second = make(put, team)

    with pytest.raises(Refused, match=words) as refused:
        swap_shifts(shift_id=first.pk, other_id=second.pk, by=officer_of_taiping)

    assert refused.value.field == "other"
    assert who(first) == "甲"


def test_a_held_shift_is_not_swapped(team, put, officer_of_taiping):
    first, second = put(team[0]), put(team[1], FRIDAY)
    hold_shift(shift_id=first.pk, by=officer_of_taiping)

    with pytest.raises(Refused, match="已经登记过到岗情况"):
        swap_shifts(shift_id=second.pk, other_id=first.pk, by=officer_of_taiping)


def test_nobody_swaps_into_days_away(team, put, officer_of_taiping):
    first, second = put(team[0]), put(team[1], FRIDAY)
    leave(team[1], MONDAY, MONDAY)

    with pytest.raises(Refused, match="乙9月14日不在岗"):
        swap_shifts(shift_id=first.pk, other_id=second.pk, by=officer_of_taiping)


def test_a_shift_of_another_point_is_not_there_to_swap_with(team, put, judge_elsewhere, officer_of_taiping):
    with pytest.raises(Refused, match="没有这一班"):
        swap_shifts(shift_id=put(team[1]).pk, other_id=judge_elsewhere.pk, by=officer_of_taiping)


def test_only_the_officer_changes_the_rota(team, put, mediator_of_taiping):
    with pytest.raises(NotAllowed):
        reassign_shift(shift_id=put(team[0]).pk, staff_id=team[1].pk, by=mediator_of_taiping)


# ── away ─────────────────────────────────────────────────────────────────────
def test_shifts_of_people_away_go_to_the_end_of_the_chain(team, put, point, officer_of_taiping):
    first, second, third = team
    shift, other = put(first), put(first, FRIDAY)
    leave(first, substitute=second)
    leave(second, MONDAY, MONDAY, substitute=third)

    hand_to_stand_ins(point_id=point.pk, first=MONDAY, last=FRIDAY, by=officer_of_taiping)

    assert (who(shift), who(other)) == ("丙", "乙")


def test_a_chain_in_a_circle_leaves_the_shift_and_says_so(team, put, point, officer_of_taiping):
    shift = put(team[0])
    leave(team[0], substitute=team[1])
    leave(team[1], substitute=team[0])

    with pytest.raises(Refused, match="代班人没有写明，或者自己也不能值班"):
        hand_to_stand_ins(point_id=point.pk, first=MONDAY, last=FRIDAY, by=officer_of_taiping)

    assert who(shift) == "甲"


def test_with_everybody_there_is_nothing_to_hand_over(team, put, point, officer_of_taiping):
    put(team[0])

    with pytest.raises(Refused, match="没有要交的班"):
        hand_to_stand_ins(point_id=point.pk, first=MONDAY, last=FRIDAY, by=officer_of_taiping)


# ── what became of a shift ───────────────────────────────────────────────────
@pytest.mark.parametrize(("days", "late"), [(7, False), (8, True)])
def test_a_shift_noted_more_than_seven_days_later_is_marked(days, late, team, put, officer_of_taiping):
    shift = put(team[0], MONDAY - timedelta(days=days))

    assert hold_shift(shift_id=shift.pk, by=officer_of_taiping).held_late is late


def test_a_missed_shift_has_a_reason_and_is_no_longer_held(team, put, officer_of_taiping):
    shift = put(team[0])
    with pytest.raises(Refused, match="请写明没有到岗的原因") as refused:
        miss_shift(shift_id=shift.pk, because=" ", by=officer_of_taiping)
    miss_shift(shift_id=shift.pk, because="临时下村", by=officer_of_taiping)

    assert refused.value.field == "because"
    with pytest.raises(Conflict, match="已经登记未到岗"):
        hold_shift(shift_id=shift.pk, by=officer_of_taiping)


def test_a_wrong_mark_is_taken_back_and_stays_in_the_trail(team, put, officer_of_taiping):
    shift = put(team[0])
    hold_shift(shift_id=shift.pk, by=officer_of_taiping)

    assert take_back_mark(shift_id=shift.pk, by=officer_of_taiping).is_marked is False
    assert AuditEntry.objects.get(action="point.take_back_mark").detail["was"] == "held"
    with pytest.raises(Refused, match="还没有登记"):
        take_back_mark(shift_id=shift.pk, by=officer_of_taiping)


@pytest.mark.parametrize(
    "facts", [{"missed_at": moment(MONDAY)}, {"missed_because": "下村"}], ids=["no why", "no when"]
)
def test_the_database_wants_a_missed_shift_whole(facts, team, put):
    shift = put(team[0])

    with pytest.raises(IntegrityError), transaction.atomic():
        DutyShift.objects.filter(pk=shift.pk).update(**facts)


# ── a month at once ──────────────────────────────────────────────────────────
WISH = Wish(MONDAY, FRIDAY)


def test_a_month_is_saved_as_it_was_seen(team, point, officer_of_taiping, calendar_2026):
    keys = [staff.pk for staff in team]
    plan = queries.plan_for(point, WISH, keys)

    made = generate_rota(point_id=point.pk, wish=WISH, staff_ids=keys, digest=plan.digest, by=officer_of_taiping)

    saved = DutyShift.objects.order_by("on").values_list("on", "staff__name")
    assert [(pick.day, pick.name) for pick in plan.shifts] == list(saved)
    assert len(made) == 5


def test_another_plan_than_the_one_seen_is_not_saved(team, put, point, officer_of_taiping, calendar_2026):
    keys = [staff.pk for staff in team]
    plan = queries.plan_for(point, WISH, keys)
    leave(team[2], MONDAY, MONDAY)

    with pytest.raises(Conflict, match="有了变化"):
        generate_rota(point_id=point.pk, wish=WISH, staff_ids=keys, digest=plan.digest, by=officer_of_taiping)

    assert DutyShift.objects.count() == 0


def test_days_gone_by_are_not_planned(team, point, officer_of_taiping, calendar_2026):
    with pytest.raises(Refused, match="过去的日子"):
        generate_rota(point_id=point.pk, wish=Wish(MONDAY - ONE_DAY, FRIDAY), staff_ids=[], by=officer_of_taiping)


def test_a_full_month_leaves_nothing_to_plan(team, put, point, officer_of_taiping, calendar_2026):
    put(team[0])

    with pytest.raises(Refused, match="没有要排的日子"):
        generate_rota(point_id=point.pk, wish=Wish(MONDAY, MONDAY), staff_ids=[team[1].pk], by=officer_of_taiping)


# ── now ──────────────────────────────────────────────────────────────────────
def at(hour: int, minute: int = 0, day: date = MONDAY) -> datetime:
    return moment(day).replace(hour=hour, minute=minute)


@pytest.mark.parametrize(
    ("when", "names", "words"),
    [
        (at(8, 29), (), "现在不在值班时间"),
        (at(8, 30), ("甲",), "正在值班"),
        (at(12), (), "现在不在值班时间（上午 8:30—12:00，下午 14:30—17:30）"),
        (at(14, 30), (), "现在没有人值班"),
        (at(10, day=FRIDAY + ONE_DAY), (), "今天休息"),
    ],
    ids=["before", "opening", "noon", "an afternoon without anybody", "Saturday"],
)
def test_who_keeps_the_point_open_now(when, names, words, team, put, point, calendar_2026):
    put(team[0], hours=Hours.MORNING)

    now = queries.duty_now(point, when)

    assert (now.names, now.phone) == (names, "0766-0000218")
    assert now.words.startswith(words)


def test_somebody_away_does_not_keep_the_point_open(team, put, point, calendar_2026):
    put(team[0])
    leave(team[0])

    assert queries.duty_now(point, at(9)).names == ()


# ── the sweep ────────────────────────────────────────────────────────────────
@pytest.fixture
def told(team, mediator_of_taiping):
    """The texts left for 甲, whose account this is."""
    team[0].user = mediator_of_taiping
    team[0].save()
    return lambda: list(Notification.objects.filter(recipient=mediator_of_taiping).values_list("text", flat=True))


def test_a_shift_of_tomorrow_is_told_once(team, put, told, calendar_2026):
    put(team[0], MONDAY + ONE_DAY)
    for minute in (0, 1):
        reminders.sweep(at=at(9, minute))

    assert told() == ["明天（9月15日，星期二）您在太平镇法官联络点值班。"]


def test_a_shift_after_rest_days_is_told_on_the_last_working_day(team, put, told, calendar_2026):
    put(team[0], date(2026, 9, 28), Hours.MORNING)
    reminders.sweep(at=at(9, day=date(2026, 9, 24)))

    assert told() == ["下一班（9月28日，星期一）上午您在太平镇法官联络点值班。"]


def test_nothing_is_told_at_night(team, put, told, calendar_2026):
    put(team[0], MONDAY + ONE_DAY)
    reminders.sweep(at=at(20))

    assert (told(), DutyReminder.objects.count()) == ([], 0)


def test_the_one_who_took_over_is_told_too(team, put, told, officer_of_taiping, calendar_2026, make_user):
    shift = put(team[1], MONDAY + ONE_DAY)
    team[1].user = make_user("second", Role.MEDIATOR, TAIPING)
    team[1].save()
    reminders.sweep(at=at(9))
    reassign_shift(shift_id=shift.pk, staff_id=team[0].pk, by=officer_of_taiping)
    reminders.sweep(at=at(9, 1))

    assert [text[:2] for text in told()] == ["9月", "明天"]


def test_the_officer_hears_of_holes_in_the_next_week_once(team, put, serve, told, officer_of_taiping, calendar_2026):
    officer = serve("谭少芬", TeamRole.LIAISON_OFFICER, TERM).staff
    officer.user = officer_of_taiping
    officer.save()
    for day in (21, 22, 24):
        put(team[1], date(2026, 9, day))
    reminders.sweep(at=at(9))
    for minute in (0, 1):
        reminders.sweep(at=at(9, minute, FRIDAY))

    texts = list(Notification.objects.filter(recipient=officer_of_taiping).values_list("text", flat=True))
    assert texts == ["下周太平镇法官联络点有 1 个工作日没有排满人：9月23日。请排班。"]


# ── the calendar feed ────────────────────────────────────────────────────────
def test_a_feed_tells_where_and_when_and_nothing_else(team, put, told, mediator_of_taiping):
    shift = put(team[0], FRIDAY, Hours.AFTERNOON)
    put(team[1], FRIDAY, Hours.MORNING)
    text = queries.calendar_text(make_feed(by=mediator_of_taiping))

    (event,) = Calendar.from_ical(text).walk("VEVENT")
    assert {name: str(event[name]) for name in ("UID", "SUMMARY", "LOCATION")} == {
        "UID": f"duty-{shift.pk}@liaison",
        "SUMMARY": "值班 · 太平镇法官联络点",
        "LOCATION": "太平镇政府路 1 号",
    }
    assert set(event) == {"UID", "SUMMARY", "LOCATION", "DTSTAMP", "DTSTART", "DTEND"}
    assert (event.start, event.end) == (
        datetime(2026, 9, 18, 6, 30, tzinfo=UTC),
        datetime(2026, 9, 18, 9, 30, tzinfo=UTC),
    )


def test_its_lines_are_folded_and_end_as_the_standard_wants(team, put, told, point, mediator_of_taiping):
    point.address = "太平镇" + "政府路" * 30
    point.save()
    put(team[0])
    text = queries.calendar_text(make_feed(by=mediator_of_taiping))

    assert text.endswith(b"\r\n")
    assert b"\n" not in text.replace(b"\r\n", b"")
    assert max(len(line) for line in text.split(b"\r\n")) <= 75


def test_a_new_address_ends_the_old_one_and_revoking_ends_both(team, told, mediator_of_taiping):
    old = make_feed(by=mediator_of_taiping)
    new = make_feed(by=mediator_of_taiping)
    answers = [queries.calendar_text(token) is not None for token in (old, new, "wrong")]
    revoke_feed(by=mediator_of_taiping)

    assert answers == [False, True, False]
    assert queries.calendar_text(new) is None
    with pytest.raises(Refused, match="没有在用"):
        revoke_feed(by=mediator_of_taiping)


def test_the_secret_is_kept_nowhere(team, told, mediator_of_taiping):
    token = make_feed(by=mediator_of_taiping)

    assert token not in repr(list(DutyFeed.objects.values()))
    assert token not in repr(list(AuditEntry.objects.values_list("detail", flat=True)))


def test_an_account_switched_off_has_no_feed(team, told, mediator_of_taiping):
    token = make_feed(by=mediator_of_taiping)
    mediator_of_taiping.is_active = False
    mediator_of_taiping.save()

    assert queries.calendar_text(token) is None


def test_who_stands_in_no_list_has_no_feed(mediator_of_taiping):
    with pytest.raises(Refused, match="没有对应名册里的人"):
        make_feed(by=mediator_of_taiping)
