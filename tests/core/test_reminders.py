"""The sweep: which reminders stand at a moment, to whom, once, and when they may go out."""

from datetime import date

import pytest

from core.actions import deadlines, reminders
from core.choices import ReminderStage
from core.models import Deadline, DeadlineRule, Notification, Reminder
from tests.core.sweep_kit import at, due, texts

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("calendar_2026", "committee_officer")]
__all__ = ["due"]


# ── stages ───────────────────────────────────────────────────────────────────
STAGES = [  # the last day is Thursday 26 November 2026
    ("2026-11-22T12:00", []),
    ("2026-11-23T00:00", ["soon"]),
    ("2026-11-25T23:59", ["soon"]),
    ("2026-11-26T00:00", ["due"]),
    ("2026-11-26T23:59", ["due"]),
    ("2026-11-27T00:00", ["late"]),
    ("2027-03-01T09:00", ["late"]),
]


@pytest.mark.parametrize(("moment", "stages"), STAGES)
def test_a_deadline_is_soon_three_days_before_due_on_its_day_and_late_after_it(due, reviewing_judge, moment, stages):
    due("2026-11-26", reviewing_judge)

    reminders.sweep(at=at(moment))

    assert list(Reminder.objects.order_by("pk").values_list("stage", flat=True)) == stages


def test_the_lead_is_a_setting(due, reviewing_judge, settings):
    settings.REMIND_SOON_DAYS = 5
    due("2026-11-26", reviewing_judge)

    reminders.sweep(at=at("2026-11-21T09:00"))

    assert Reminder.objects.get().stage == ReminderStage.SOON


def test_before_a_long_break_a_day_inside_it_is_soon_on_the_last_working_day(due, reviewing_judge):
    """A mediator's raw day 6 October could not be announced during the break; 30 September is the last chance."""
    due("2026-10-06", reviewing_judge)

    assert reminders.sweep(at=at("2026-09-29T09:00")).created == 0
    assert reminders.sweep(at=at("2026-09-30T09:00")).sent == 1


def test_the_day_after_a_long_break_waits_for_its_three_days(due, reviewing_judge):
    due("2026-10-08", reviewing_judge)

    assert reminders.sweep(at=at("2026-09-30T09:00")).created == 0


# ── once ─────────────────────────────────────────────────────────────────────
def test_a_second_sweep_writes_and_sends_nothing(due, reviewing_judge):
    due("2026-11-26", reviewing_judge)
    reminders.sweep(at=at("2026-11-26T09:00"))

    again = reminders.sweep(at=at("2026-11-26T09:01"))

    assert (again.created, again.sent) == (0, 0)
    assert (Reminder.objects.count(), Notification.objects.count()) == (1, 1)


def test_a_clock_that_jumps_back_sends_nothing_twice(due, reviewing_judge):
    due("2026-11-26", reviewing_judge)
    for moment in ("2026-11-25T10:00", "2026-11-26T10:00", "2026-11-25T10:00", "2026-11-26T10:00"):
        reminders.sweep(at=at(moment))

    assert list(Reminder.objects.order_by("id").values_list("stage", flat=True)) == ["soon", "due"]
    assert len(texts(reviewing_judge)) == 2


def test_each_stage_is_told_once_as_the_day_comes_and_goes(due, reviewing_judge):
    due("2026-11-26", reviewing_judge)
    for moment in ("2026-11-24T09:00", "2026-11-25T09:00", "2026-11-26T09:00", "2026-11-27T09:00", "2026-11-30T09:00"):
        reminders.sweep(at=at(moment))

    assert texts(reviewing_judge) == [
        "作出裁定（太平镇一案）还有 2 天，最后一日 11月26日。",
        "作出裁定（太平镇一案）今天（11月26日）是最后一日。",
        "作出裁定（太平镇一案）已逾期 1 天，最后一日是 11月26日。请尽快办理，并记明逾期的原因。",
    ]


def test_a_row_another_sweep_wrote_first_is_left_alone(due, reviewing_judge):
    """The unique constraint decides: inserting beside a row that is there already changes nothing."""
    deadline = due("2026-11-26", reviewing_judge)
    rows = [(deadline.pk, deadline.due_on, reviewing_judge.pk)]
    reminders._insert(rows, ReminderStage.DUE, at("2026-11-26T09:00"))
    reminders._insert(rows, ReminderStage.DUE, at("2026-11-26T09:00"))

    assert Reminder.objects.count() == 1


def test_an_extended_deadline_reminds_again_on_its_new_day(due, reviewing_judge):
    deadline = due("2026-11-26", reviewing_judge)
    DeadlineRule.objects.update(extension_by="法院")
    reminders.sweep(at=at("2026-11-24T09:00"))
    deadlines.extend_deadline(deadline_id=deadline.pk, days=7, approved_by="法院", by=reviewing_judge)

    reminders.sweep(at=at("2026-11-26T09:00"))
    reminders.sweep(at=at("2026-12-01T09:00"))

    assert list(Reminder.objects.order_by("id").values_list("stage", "due_on")) == [
        ("soon", date(2026, 11, 26)),
        ("soon", date(2026, 12, 3)),
    ]


# ── to whom ──────────────────────────────────────────────────────────────────
def test_a_deadline_nobody_answers_for_goes_to_the_county_supervisor(due, committee_officer):
    due("2026-11-26")

    reminders.sweep(at=at("2026-11-26T09:00"))
    again = reminders.sweep(at=at("2026-11-26T09:05"))

    assert Reminder.objects.get().recipient == committee_officer
    assert again.created == 0


def test_a_person_whose_account_is_closed_is_not_reminded_but_the_supervisor_is(
    due, reviewing_judge, committee_officer
):
    reviewing_judge.is_active = False
    reviewing_judge.save()
    due("2026-11-26", reviewing_judge)

    reminders.sweep(at=at("2026-11-26T09:00"))

    assert Reminder.objects.get().recipient == committee_officer


def test_a_new_responsible_person_is_reminded_too(due, reviewing_judge, court_clerk):
    deadline = due("2026-11-26", reviewing_judge)
    reminders.sweep(at=at("2026-11-26T09:00"))
    Deadline.objects.filter(pk=deadline.pk).update(responsible=court_clerk)

    reminders.sweep(at=at("2026-11-26T10:00"))

    assert {row.recipient for row in Reminder.objects.all()} == {reviewing_judge, court_clerk}


def test_without_a_supervisor_the_sweep_says_so_and_goes_on(due, reviewing_judge, settings, caplog):
    settings.SUPERVISOR_USERNAME = "nobody"
    due("2026-11-26", number=1)
    due("2026-11-26", reviewing_judge, number=2)

    swept = reminders.sweep(at=at("2026-11-26T09:00"))

    assert swept.created == 1
    assert "1 deadlines have nobody to remind" in caplog.text


# ── when they go out ─────────────────────────────────────────────────────────
HOURS = [
    ("2026-11-26T08:29", False),
    ("2026-11-26T08:30", True),
    ("2026-11-26T17:30", True),
    ("2026-11-26T17:31", False),
    ("2026-11-28T10:00", False),  # Saturday
    ("2026-10-10T10:00", True),  # a Saturday that is worked
    ("2026-10-05T10:00", False),  # a Monday off
]


@pytest.mark.parametrize(("moment", "sent"), HOURS)
def test_reminders_go_out_in_working_hours_of_working_days_only(due, reviewing_judge, moment, sent):
    due(moment[:10], reviewing_judge)

    swept = reminders.sweep(at=at(moment))

    assert (swept.created, swept.sent) == (1, int(sent))
    assert (Reminder.objects.get().sent_at is not None) is sent


def test_what_was_written_at_night_goes_out_in_the_morning(due, reviewing_judge):
    due("2026-11-26", reviewing_judge)
    reminders.sweep(at=at("2026-11-26T00:05"))
    assert texts(reviewing_judge) == []

    reminders.sweep(at=at("2026-11-26T08:30"))

    assert texts(reviewing_judge) == ["作出裁定（太平镇一案）今天（11月26日）是最后一日。"]
    assert Notification.objects.get().url == "/d/1/"


def test_a_stage_that_has_passed_unsent_is_void_not_told_late(due, reviewing_judge):
    due("2026-11-28", reviewing_judge)  # a Saturday that does not roll
    reminders.sweep(at=at("2026-11-28T10:00"))

    reminders.sweep(at=at("2026-11-30T09:00"))

    assert {row.stage: row.sent_at is not None for row in Reminder.objects.all()} == {"due": False, "late": True}
    assert Reminder.objects.get(stage="due").voided_at == at("2026-11-30T09:00")


def test_a_soon_reminder_held_over_a_weekend_gives_way_to_the_day_itself(due, reviewing_judge):
    due("2026-11-23", reviewing_judge)
    reminders.sweep(at=at("2026-11-21T10:00"))

    reminders.sweep(at=at("2026-11-23T09:00"))

    assert texts(reviewing_judge) == ["作出裁定（太平镇一案）今天（11月23日）是最后一日。"]


def test_a_deadline_settled_or_moved_behind_our_back_is_not_told(due, reviewing_judge):
    settled, moved = due("2026-11-26", reviewing_judge, number=1), due("2026-11-26", reviewing_judge, number=2)
    reminders.sweep(at=at("2026-11-26T00:05"))
    Deadline.objects.filter(pk=settled.pk).update(settled_on="2026-11-26")
    Deadline.objects.filter(pk=moved.pk).update(due_on="2026-12-26", raw_due_on="2026-12-26")

    swept = reminders.sweep(at=at("2026-11-26T09:00"))

    assert (swept.voided, swept.sent) == (2, 0)


@pytest.mark.parametrize("facts", [{"settled_on": "2026-11-20"}, {"suspended_on": "2026-11-20"}])
def test_what_is_settled_or_stands_still_is_not_reminded(due, reviewing_judge, facts):
    due("2026-11-26", reviewing_judge, **facts)

    assert reminders.sweep(at=at("2026-11-26T09:00")).created == 0


# ── entered after the day ────────────────────────────────────────────────────
def test_a_period_entered_after_its_last_day_is_told_once_from_the_next_day_on_and_how(due, reviewing_judge):
    due("2026-10-23", reviewing_judge)
    Deadline.objects.update(started_at=at("2026-11-26T09:00"))

    reminders.sweep(at=at("2026-11-26T10:00"))
    told_at_once = texts(reviewing_judge)
    reminders.sweep(at=at("2026-11-27T10:00"))
    reminders.sweep(at=at("2026-11-30T10:00"))

    assert told_at_once == []
    assert texts(reviewing_judge) == [
        "作出裁定（太平镇一案）最后一日是 10月23日，11月26日录入时已经过了。"
        "已经办了的，请按实际的日子补录；没有办的，请尽快办理。"
    ]
