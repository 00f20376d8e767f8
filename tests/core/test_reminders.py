"""The sweep: which reminders stand at a moment, to whom, once, and when they may go out."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from core.actions import deadlines, reminders
from core.choices import ReminderStage
from core.models import Deadline, DeadlineRule, Notification, Reminder, SweepRun
from tests.conftest import TAIPING

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("calendar_2026", "committee_officer")]
SHANGHAI = ZoneInfo("Asia/Shanghai")


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)


@pytest.fixture
def due(taiping):
    """due("2026-11-26", judge) → an open deadline whose last day that is."""
    rule = DeadlineRule.objects.create(
        key="any", title="作出裁定", length=None, unit="set", certainty="V", valid_from="2011-01-01"
    )

    def make(day: str, responsible=None, *, number: int = 0, **facts) -> Deadline:
        last = date.fromisoformat(day)
        facts = {"title": "作出裁定", "subject_text": "太平镇一案", "url": "/d/1/"} | facts
        return Deadline.objects.create(
            kind="any", subject_label="core.division", subject_id=f"{TAIPING}{number}", town_code=TAIPING, rule=rule,
            base_event_on=date(2026, 1, 2), set_due_on=last, due_on=last, raw_due_on=last, responsible=responsible,
            started_at=at("2026-01-02T09:00"), **facts,
        )  # fmt: skip

    return make


def texts(user) -> list[str]:
    return list(Notification.objects.filter(recipient=user).order_by("id").values_list("text", flat=True))


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

    assert list(Reminder.objects.values_list("stage", flat=True)) == stages


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


# ── the run itself ───────────────────────────────────────────────────────────
def test_a_sweep_leaves_its_trace(due, reviewing_judge):
    due("2026-11-26", reviewing_judge)

    reminders.sweep(at=at("2026-11-26T09:00"))

    run = SweepRun.objects.get()
    assert (run.at, run.reminders) == (at("2026-11-26T09:00"), 1)


def test_old_traces_are_swept_away():
    old = SweepRun.objects.create(at=at("2020-01-01T09:00"), finished_at=at("2020-01-01T09:00"))

    reminders.sweep(at=at("2026-11-26T09:00"))

    assert not SweepRun.objects.filter(pk=old.pk).exists()


def test_a_subject_without_a_name_is_no_empty_bracket(due):
    assert reminders.words(due("2026-11-26", subject_text=""), date(2026, 11, 26)) == (
        "作出裁定今天（11月26日）是最后一日。"
    )


def test_a_large_batch_is_sent_whole(due, reviewing_judge, monkeypatch):
    monkeypatch.setattr(reminders, "BATCH", 2)
    for number in range(5):
        due("2026-11-26", reviewing_judge, number=number)

    assert reminders.sweep(at=at("2026-11-26T09:00")).sent == 5


def test_the_number_of_queries_does_not_grow_with_the_deadlines(due, reviewing_judge, django_assert_max_num_queries):
    for number in range(30):
        due("2026-11-26", reviewing_judge, number=number)
    for number in range(30, 60):
        due("2027-11-26", reviewing_judge, number=number)

    with django_assert_max_num_queries(36):
        swept = reminders.sweep(at=at("2026-11-26T09:00"))

    assert swept.sent == 30


def test_reminders_of_three_stages_stand_side_by_side(due, reviewing_judge):
    for number, days in enumerate((-1, 0, 1)):
        due(str(date(2026, 11, 26) + timedelta(days=days)), reviewing_judge, number=number)

    assert reminders.sweep(at=at("2026-11-26T09:00")).sent == 3


# ── rights that lapse ────────────────────────────────────────────────────────
@pytest.mark.parametrize(
    ("moment", "settled"),
    [("2026-03-12T23:59", (None, "")), ("2026-03-13T00:00", (date(2026, 3, 12), "lapsed"))],
    ids=["on its last day", "the day after"],
)
def test_a_right_lapses_the_day_after_its_last_and_nobody_is_late(due, reviewing_judge, moment, settled):
    right = due("2026-03-12", reviewing_judge)
    DeadlineRule.objects.update(lapses=True)

    reminders.sweep(at=at(moment))

    right.refresh_from_db()
    late = right.reminders.filter(stage=ReminderStage.LATE).count()
    assert ((right.settled_on, right.settled_as), late) == (settled, 0)


def test_a_right_that_stands_still_does_not_lapse(due, reviewing_judge):
    right = due("2026-03-12", reviewing_judge, suspended_on=date(2026, 3, 1))
    DeadlineRule.objects.update(lapses=True)

    reminders.sweep(at=at("2026-04-01T09:00"))

    right.refresh_from_db()
    assert right.settled_on is None


def test_a_sweep_asked_for_a_day_to_come_takes_no_right_away(due, reviewing_judge, time_machine):
    time_machine.move_to(at("2026-03-01T09:00"), tick=False)
    right = due("2026-03-12", reviewing_judge)
    DeadlineRule.objects.update(lapses=True)

    reminders.sweep(at=at("2026-05-01T09:00"))

    right.refresh_from_db()
    assert right.settled_on is None


def test_a_sweep_asked_for_a_past_day_does_not_send_what_was_written_later(due, reviewing_judge):
    due("2026-11-26", reviewing_judge)
    reminders.sweep(at=at("2026-11-24T03:00"))

    swept = reminders.sweep(at=at("2023-09-20T09:00"))

    assert (swept.sent, texts(reviewing_judge)) == (0, [])


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


# ── what higher apps have the sweep do ───────────────────────────────────────
@pytest.fixture
def helpers(monkeypatch):
    """A chore and a sender that fail, each before one that works; gives the moments that the working ones saw."""
    seen: list[tuple[str, datetime]] = []

    def broken(at: datetime) -> int:
        raise ConnectionError("no way out")

    def working(kind: str):
        def work(at: datetime) -> int:
            seen.append((kind, at))
            return 2

        return work

    monkeypatch.setattr(reminders, "_chores", {"broken": broken, "works": working("chore")})
    monkeypatch.setattr(reminders, "_senders", {"broken": broken, "works": working("sender")})
    return seen


def test_a_sender_that_fails_stops_neither_the_others_nor_the_sweep(helpers, due, reviewing_judge, caplog):
    due("2026-11-26", reviewing_judge)
    nine = at("2026-11-26T09:00")

    swept = reminders.sweep(at=nine)

    assert (helpers, swept.sent) == ([("chore", nine), ("sender", nine)], 3)
    assert SweepRun.objects.get().reminders == 1
    assert [record.getMessage() for record in caplog.records] == ["sweep: broken failed"] * 2


def test_chores_are_done_at_any_hour_and_nothing_is_sent_then(helpers):
    reminders.sweep(at=at("2026-11-28T23:00"))

    assert [kind for kind, _ in helpers] == ["chore"]
