"""Deadlines that stand still, and all of them when the calendar changes; days worked out by hand."""

from datetime import UTC, datetime

import pytest

from core.actions import deadlines
from core.choices import RestKind
from core.errors import Refused
from core.models import AuditEntry, CalendarYear, Deadline, DeadlineRule, Notification, RestDay
from tests.conftest import TAIPING
from tests.core.deadline_rows import extend, on, reminded

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("calendar_2026", "rules")]


# ── standing still ───────────────────────────────────────────────────────────
def suspend(deadline: Deadline, day: str, by) -> Deadline:
    return deadlines.suspend_deadline(deadline_id=deadline.pk, on=on(day), reason="鉴定", by=by)


def resume(deadline: Deadline, day: str, by) -> Deadline:
    return deadlines.resume_deadline(deadline_id=deadline.pk, on=on(day), by=by)


def test_a_suspension_adds_its_real_days_back(start, reviewing_judge):
    deadline = start("entrust_pre", "2026-03-02")
    assert deadline.due_on == on("2026-04-01")

    suspend(deadline, "2026-03-10", reviewing_judge)
    resumed = resume(deadline, "2026-03-17", reviewing_judge)

    assert (resumed.due_on, resumed.suspended_on) == (on("2026-04-08"), None)
    assert AuditEntry.objects.get(action="deadline.resume").detail["due_on"] == {
        "old": "2026-04-01",
        "new": "2026-04-08",
    }


def test_two_suspensions_and_an_extension_add_up(start, mediator_of_taiping):
    deadline = start("entrust_pre", "2026-03-02")
    for first, last in (("2026-03-10", "2026-03-12"), ("2026-03-20", "2026-03-23")):
        suspend(deadline, first, mediator_of_taiping)
        resume(deadline, last, mediator_of_taiping)

    assert extend(deadline, 4, mediator_of_taiping).due_on == on("2026-04-10")


def test_working_days_get_working_days_back(start, mediator_of_taiping):
    deadline = start("online_accept", "2026-09-28")
    suspend(deadline, "2026-09-30", mediator_of_taiping)

    assert resume(deadline, "2026-10-09", mediator_of_taiping).due_on == on("2026-10-10")


def test_a_suspended_deadline_keeps_its_reminders_back(start, reviewing_judge):
    deadline = start("entrust_pre", "2026-03-02")
    waiting = reminded(deadline, reviewing_judge)

    suspended = suspend(deadline, "2026-03-10", reviewing_judge)

    waiting.refresh_from_db()
    assert (suspended.suspended_on, waiting.voided_at is None) == (on("2026-03-10"), False)


def test_what_stands_still_cannot_be_suspended_again(start, reviewing_judge):
    deadline = suspend(start("entrust_pre", "2026-03-02"), "2026-03-10", reviewing_judge)

    with pytest.raises(Refused, match="起中止"):
        suspend(deadline, "2026-03-11", reviewing_judge)


def test_a_suspension_cannot_begin_before_the_period(start, reviewing_judge):
    with pytest.raises(Refused, match="不能早于起算日"):
        suspend(start("entrust_pre", "2026-03-02"), "2026-03-01", reviewing_judge)


def test_what_runs_cannot_be_resumed(start, reviewing_judge):
    with pytest.raises(Refused, match="没有中止"):
        resume(start("entrust_pre", "2026-03-02"), "2026-03-10", reviewing_judge)


def test_a_suspension_cannot_end_before_it_began(start, reviewing_judge):
    deadline = suspend(start("entrust_pre", "2026-03-02"), "2026-03-10", reviewing_judge)

    with pytest.raises(Refused, match="不能早于中止日"):
        resume(deadline, "2026-03-09", reviewing_judge)


# ── the calendar changes ─────────────────────────────────────────────────────
def publish_2027(*holidays: str) -> None:
    CalendarYear.objects.create(year=2027, source="通知")
    for day in holidays:
        RestDay.objects.create(date=day, kind=RestKind.HOLIDAY, name="元旦", source="通知")


def test_a_new_calendar_moves_open_deadlines_and_tells_who_answers(start, admin, reviewing_judge):
    deadline = start("confirm_apply", "2026-12-02", responsible=reviewing_judge, subject_text="某案")
    assert deadline.due_on == on("2027-01-04")
    publish_2027("2027-01-01", "2027-01-04")

    moved = deadlines.recount_open(by=admin)

    assert [(each.old, each.new) for each in moved] == [(on("2027-01-04"), on("2027-01-05"))]
    deadline.refresh_from_db()
    assert (deadline.due_on, deadline.calendar_published) == (on("2027-01-05"), True)
    assert Notification.objects.get().recipient == reviewing_judge
    assert AuditEntry.objects.get(action="deadline.recount").detail == {"moved": [deadline.pk]}


def test_a_new_calendar_that_confirms_the_guess_moves_nothing_but_is_noted(start, admin):
    deadline = start("confirm_apply", "2026-12-15")
    publish_2027("2027-01-01")

    assert deadlines.recount_open(by=admin) == []
    deadline.refresh_from_db()
    assert (deadline.due_on, deadline.calendar_published) == (on("2027-01-14"), True)


def test_an_unchanged_calendar_changes_nothing(start, admin):
    start("confirm_apply", "2026-09-01")

    assert deadlines.recount_open(by=admin) == []
    assert AuditEntry.objects.get().detail == {"moved": []}


def test_a_moved_deadline_nobody_answers_for_tells_nobody(start, admin):
    start("confirm_apply", "2026-12-02")
    publish_2027("2027-01-01", "2027-01-04")

    assert len(deadlines.recount_open(by=admin)) == 1
    assert Notification.objects.count() == 0


def test_a_settled_deadline_stays_as_it_was_counted(start, subject, admin):
    start("confirm_apply", "2026-12-02")
    deadlines.settle_deadline(kind="confirm_apply", subject=subject, on=on("2026-12-20"))
    publish_2027("2027-01-01", "2027-01-04")

    assert deadlines.recount_open(by=admin) == []


def test_a_deadline_still_standing_still_is_recounted_without_its_open_stretch(start, admin, reviewing_judge):
    deadline = start("confirm_apply", "2026-12-02")
    suspend(deadline, "2026-12-10", reviewing_judge)
    publish_2027("2027-01-01", "2027-01-04")

    assert [each.new for each in deadlines.recount_open(by=admin)] == [on("2027-01-05")]


def test_a_right_entered_after_its_last_day_has_lapsed_at_once(rules, subject):
    DeadlineRule.objects.filter(key="confirm_apply").update(lapses=True)
    recorded_at = datetime(2026, 11, 28, 2, 0, tzinfo=UTC)

    deadline = deadlines.start_deadline(
        kind="confirm_apply", subject=subject, town_code=TAIPING, base_on=on("2026-09-01"), recorded_at=recorded_at
    )

    assert (deadline.settled_on.isoformat(), deadline.settled_as) == ("2026-10-08", "lapsed")
