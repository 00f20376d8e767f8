"""Whom the rota tells: who is there now, what the sweep says, the calendar feed."""

from datetime import UTC, date, datetime

import pytest
from icalendar import Calendar

from core.actions import reminders
from core.choices import Role
from core.errors import Refused
from core.models import AuditEntry, Notification
from liaison import queries
from liaison.actions.duty import reassign_shift
from liaison.actions.duty_feeds import make_feed, revoke_feed
from liaison.choices import Hours
from liaison.models import DutyFeed, DutyReminder
from roster.choices import TeamRole
from tests.conftest import TAIPING
from tests.liaison.conftest import moment
from tests.liaison.duty_kit import FRIDAY, MONDAY, ONE_DAY, TERM, _monday, leave, put, team

__all__ = ["_monday", "put", "team"]


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
