"""A sweep as a whole: the trace it leaves, the rights that lapse in it, what higher apps have it do."""

from datetime import date, datetime, timedelta

import pytest

from core.actions import reminders
from core.choices import ReminderStage
from core.models import DeadlineRule, SweepRun
from tests.core.sweep_kit import at, due, texts

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("calendar_2026", "committee_officer")]
__all__ = ["due"]


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

    with django_assert_max_num_queries(40):
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
