"""Deadlines: started, settled, reopened, extended, used in time; days worked out by hand."""

import pytest

from core.actions import deadlines
from core.errors import Refused
from core.models import AuditEntry, Deadline
from tests.conftest import TAIPING
from tests.core.deadline_rows import extend, on, reminded

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("calendar_2026", "rules")]


# ── starting ─────────────────────────────────────────────────────────────────
def test_a_deadline_keeps_how_it_was_counted(start, subject, reviewing_judge):
    deadline = start("confirm_apply", "2026-09-01", responsible=reviewing_judge, subject_text="某案", url="/d/1/")

    row = Deadline.objects.get()
    assert row == deadline
    assert (row.base_event_on, row.raw_due_on, row.due_on) == (on("2026-09-01"), on("2026-10-01"), on("2026-10-08"))
    assert row.skipped == [f"2026-10-0{day}" for day in range(1, 8)]
    assert (row.title, row.subject_text, row.url) == ("共同申请", "某案", "/d/1/")
    assert (row.subject_label, row.subject_id, row.town_code) == ("core.division", TAIPING, TAIPING)
    assert (row.responsible, row.calendar_published, row.settled_on) == (reviewing_judge, True, None)


def test_a_mediators_deadline_shows_its_raw_day(start):
    assert start("entrust_pre", "2026-09-01").due_on == on("2026-10-01")


def test_a_deadline_may_have_its_own_title(start):
    assert start("entrust_pre", "2026-09-01", title="调解满三十日").title == "调解满三十日"


def test_a_deadline_into_an_unpublished_year_says_so(start):
    assert start("confirm_apply", "2026-12-15").calendar_published is False


def test_the_day_the_court_sets_is_taken_and_rolls(start):
    deadline = start("confirm_supplement", "2026-09-20", due_on=on("2026-10-03"))

    assert (deadline.raw_due_on, deadline.due_on, deadline.set_due_on) == (
        on("2026-10-03"),
        on("2026-10-08"),
        on("2026-10-03"),
    )


def test_a_day_the_court_must_set_cannot_be_missing(start):
    with pytest.raises(Refused, match="由法院指定") as refusal:
        start("confirm_supplement", "2026-09-20")

    assert refusal.value.field == "due_on"


@pytest.mark.parametrize(("day", "refused"), [("2026-09-20", True), ("2026-09-21", False)])
def test_a_set_day_comes_after_the_base_day(start, day, refused):
    if refused:
        with pytest.raises(Refused, match="要晚于"):
            start("confirm_supplement", "2026-09-20", due_on=on(day))
    else:
        assert start("confirm_supplement", "2026-09-20", due_on=on(day)).due_on == on(day)


def test_a_counted_day_cannot_be_set(start):
    with pytest.raises(ValueError, match="cannot be set"):
        start("confirm_apply", "2026-09-01", due_on=on("2026-12-01"))


def test_a_kind_runs_once_per_subject(start):
    start("confirm_apply", "2026-09-01")

    with pytest.raises(Refused, match="已经在走"):
        start("confirm_apply", "2026-09-05")
    assert Deadline.objects.count() == 1


def test_after_settling_a_kind_may_start_anew(start, subject):
    start("confirm_apply", "2026-09-01")
    deadlines.settle_deadline(kind="confirm_apply", subject=subject, on=on("2026-09-03"), settled_as="restarted")

    assert start("confirm_apply", "2026-09-05").due_on == on("2026-10-08")


def test_no_deadline_starts_before_its_rule_is_law(start):
    with pytest.raises(Refused, match="没有施行的版本"):
        start("confirm_apply", "2010-12-31")


# ── settling and reopening ───────────────────────────────────────────────────
def test_settling_keeps_the_day_and_the_way(start, subject):
    start("confirm_apply", "2026-09-01")

    deadlines.settle_deadline(kind="confirm_apply", subject=subject, on=on("2026-09-10"), settled_as="submitted")

    row = Deadline.objects.get()
    assert (row.settled_on, row.settled_as) == (on("2026-09-10"), "submitted")


def test_settling_what_does_not_run_is_nothing(subject):
    assert deadlines.settle_deadline(kind="confirm_apply", subject=subject, on=on("2026-09-10")) is None


def test_settling_voids_reminders_that_have_not_gone_out(start, subject, court_clerk, reviewing_judge):
    deadline = start("confirm_apply", "2026-09-01")
    waiting, sent = reminded(deadline, court_clerk), reminded(deadline, reviewing_judge, sent=True)

    deadlines.settle_deadline(kind="confirm_apply", subject=subject, on=on("2026-09-10"))

    waiting.refresh_from_db()
    sent.refresh_from_db()
    assert (waiting.voided_at is None, sent.voided_at is None) == (False, True)


def test_settling_all_settles_every_kind_of_the_subject_only(start, subject, shuangdong):
    start("confirm_apply", "2026-09-01")
    start("confirm_decide", "2026-09-01")
    deadlines.start_deadline(kind="confirm_apply", subject=shuangdong, town_code="445381004", base_on=on("2026-09-01"))

    settled = deadlines.settle_all(subject=subject, on=on("2026-09-10"), settled_as="withdrawn")

    assert settled == 2
    assert list(Deadline.objects.open().values_list("subject_id", flat=True)) == ["445381004"]


@pytest.mark.parametrize(("day", "due"), [("2026-10-08", "2026-10-08"), ("2026-10-09", None)])
def test_a_deadline_reopens_with_its_old_day_while_the_window_is_open(start, subject, day, due):
    start("confirm_apply", "2026-09-01")
    deadlines.settle_deadline(kind="confirm_apply", subject=subject, on=on("2026-09-10"))

    reopened = deadlines.reopen_deadline(kind="confirm_apply", subject=subject, on=on(day))

    assert (reopened.due_on if reopened else None) == (on(due) if due else None)
    assert Deadline.objects.open().count() == (1 if due else 0)


def test_a_deadline_that_runs_is_not_reopened(start, subject):
    start("confirm_apply", "2026-09-01")
    deadlines.settle_deadline(kind="confirm_apply", subject=subject, on=on("2026-09-10"))
    start("confirm_apply", "2026-09-11")

    assert deadlines.reopen_deadline(kind="confirm_apply", subject=subject, on=on("2026-09-12")) is None


def test_what_never_ran_is_not_reopened(subject):
    assert deadlines.reopen_deadline(kind="confirm_apply", subject=subject, on=on("2026-09-12")) is None


# ── who answers ──────────────────────────────────────────────────────────────
def test_a_new_person_answers_for_the_named_kinds(start, subject, court_clerk, reviewing_judge):
    start("confirm_apply", "2026-09-01", responsible=court_clerk)
    start("confirm_decide", "2026-09-01", responsible=court_clerk)

    moved = deadlines.assign_deadlines(subject=subject, responsible=reviewing_judge, kinds=["confirm_decide"])

    assert moved == 1
    assert dict(Deadline.objects.values_list("kind", "responsible__username")) == {
        "confirm_apply": "court_clerk",
        "confirm_decide": "reviewing_judge",
    }


def test_a_new_person_answers_for_everything_unless_kinds_are_named(start, subject, reviewing_judge):
    start("confirm_apply", "2026-09-01")
    start("confirm_decide", "2026-09-01")

    assert deadlines.assign_deadlines(subject=subject, responsible=reviewing_judge) == 2
    assert deadlines.assign_deadlines(subject=subject, responsible=reviewing_judge) == 0
    assert Deadline.objects.filter(responsible=reviewing_judge).count() == 2


def test_the_one_before_gets_no_reminder_any_more(start, subject, court_clerk, reviewing_judge):
    waiting = reminded(start("confirm_apply", "2026-09-01", responsible=court_clerk), court_clerk)

    deadlines.assign_deadlines(subject=subject, responsible=reviewing_judge)

    waiting.refresh_from_db()
    assert waiting.voided_at is not None


# ── extending ────────────────────────────────────────────────────────────────
def test_an_extension_is_counted_from_the_base_date(start, reviewing_judge):
    deadline = start("confirm_decide", "2026-04-16")
    assert deadline.due_on == on("2026-05-06")

    extended = extend(deadline, 10, reviewing_judge)

    assert (extended.due_on, extended.extended_days, extended.extended_by) == (on("2026-05-11"), 10, "院长 区某")
    entry = AuditEntry.objects.get(action="deadline.extend")
    assert entry.detail["due_on"] == {"old": "2026-05-06", "new": "2026-05-11"}
    assert (entry.actor, entry.division_code) == (reviewing_judge, TAIPING)


@pytest.mark.parametrize(("days", "refused"), [(10, False), (11, True)])
def test_an_extension_keeps_the_cap(start, reviewing_judge, days, refused):
    deadline = start("confirm_decide", "2026-04-16")

    if refused:
        with pytest.raises(Refused, match="最多可延长 10 日，还可延长 10 日"):
            extend(deadline, days, reviewing_judge)
    else:
        assert extend(deadline, days, reviewing_judge).extended_days == 10


def test_two_extensions_together_keep_the_cap(start, reviewing_judge):
    deadline = extend(start("confirm_decide", "2026-04-16"), 6, reviewing_judge)

    with pytest.raises(Refused, match="还可延长 4 日"):
        extend(deadline, 5, reviewing_judge)


def test_an_uncapped_period_extends_as_far_as_both_agree(start, mediator_of_taiping):
    deadline = start("entrust_pre", "2026-03-02")

    assert extend(deadline, 100, mediator_of_taiping, "双方书面同意").due_on == on("2026-07-10")


def test_a_period_that_may_not_be_extended_is_not(start, reviewing_judge):
    with pytest.raises(Refused, match="依法不能延长"):
        extend(start("confirm_apply", "2026-09-01"), 5, reviewing_judge)


@pytest.mark.parametrize(("days", "approved_by"), [(0, "院长"), (-1, "院长"), (5, "  ")])
def test_an_extension_needs_days_and_an_approval(start, reviewing_judge, days, approved_by):
    with pytest.raises(Refused, match="写明延长几日"):
        extend(start("confirm_decide", "2026-09-01"), days, reviewing_judge, approved_by)


def test_working_days_extend_by_working_days(start, mediator_of_taiping):
    deadline = start("online_accept", "2026-09-28")
    assert deadline.due_on == on("2026-10-08")

    assert extend(deadline, 2, mediator_of_taiping).due_on == on("2026-10-10")


def test_a_set_day_extends_from_the_set_day_not_from_the_rolled_one(start, reviewing_judge):
    deadline = start("confirm_supplement", "2026-09-20", due_on=on("2026-10-03"))

    assert extend(deadline, 6, reviewing_judge).due_on == on("2026-10-09")


def test_extending_voids_reminders_of_the_old_day(start, reviewing_judge):
    deadline = start("confirm_decide", "2026-04-16")
    waiting = reminded(deadline, reviewing_judge)

    extend(deadline, 10, reviewing_judge)

    waiting.refresh_from_db()
    assert waiting.voided_at is not None


def test_a_settled_deadline_is_not_changed(start, subject, reviewing_judge):
    deadline = start("confirm_decide", "2026-04-16")
    deadlines.settle_deadline(kind="confirm_decide", subject=subject, on=on("2026-04-20"))

    with pytest.raises(Refused, match="了结，不能再改"):
        extend(deadline, 5, reviewing_judge)


# ── used in time, entered later ──────────────────────────────────────────────
@pytest.mark.parametrize(
    ("used_on", "settled"),
    [("2026-10-08", ("2026-10-08", "done")), ("2026-10-09", ("2026-10-08", "lapsed"))],
    ids=["on the last day", "the day after: it has lapsed"],
)
def test_a_right_that_lapsed_here_but_was_used_in_time_is_settled_as_used(start, subject, used_on, settled):
    deadline = start("confirm_apply", "2026-09-01")
    Deadline.objects.filter(pk=deadline.pk).update(settled_on=on("2026-10-08"), settled_as="lapsed")

    deadlines.settle_deadline(kind="confirm_apply", subject=subject, on=on(used_on))

    deadline.refresh_from_db()
    assert (deadline.settled_on.isoformat(), deadline.settled_as) == settled
