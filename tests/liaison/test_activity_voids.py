"""What was noted by mistake: voided it counts nowhere and is still seen; a decision withdrawn reminds nobody."""

from datetime import date, datetime

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from core.actions import reminders
from core.errors import Conflict, NotAllowed, Refused
from core.models import AuditEntry, Deadline, Notification
from liaison.actions import voids
from liaison.actions.meetings import Decision, correct_meeting, finish_decision, record_meeting, withdraw_decision
from liaison.actions.publicity import Event, Report, correct_media, record_media, record_publicity
from liaison.actions.trainings import Lesson, record_training
from liaison.choices import ActivityKind, SystemKind
from liaison.models import MediaReport, Meeting, MeetingDecision, PublicityEvent, Training
from liaison.queries import latest, plan_and_done, trainings_of, year_page
from reports.queries.use import system_use
from tests.conftest import TAIPING
from tests.liaison.meeting_kit import SHANGHAI, _day, mediator

__all__ = ["_day", "mediator"]

SEPT_18, SEPT_20, SEPT_21, SEPT_28 = (date(2023, 9, day) for day in (18, 20, 21, 28))
WHY = "同一次会记了两遍"


@pytest.fixture
def meeting(point, officer_of_taiping, mediator) -> Meeting:
    return record_meeting(
        point_id=point.pk,
        held_on=SEPT_18,
        system=SystemKind.GRID,
        agenda="第三季度研判",
        decisions=[Decision("对清三户的账", mediator.pk, SEPT_28), Decision("修好水沟", mediator.pk, SEPT_28)],
        by=officer_of_taiping,
    )


@pytest.fixture
def all_four(meeting, point, officer_of_taiping, mediator):
    """A meeting, a training, an event, a publication of the same day."""
    by = {"point_id": point.pk, "by": officer_of_taiping}
    training = record_training(lesson=Lesson(SEPT_18, "司法确认怎么申请", "法官"), attendees=[mediator.pk], **by)
    event = record_publicity(event=Event("circuit_trial", SEPT_18, "相邻通行案开庭", "文化广场", 60), **by)
    return meeting, training, event, record_media(report=Report("media", "云浮日报", SEPT_18, "法官走进村口"), **by)


def void_all(rows, by) -> None:
    meeting, training, event, report = rows
    voids.void_meeting(meeting_id=meeting.pk, reason=WHY, by=by)
    voids.void_training(training_id=training.pk, reason=WHY, by=by)
    voids.void_publicity(event_id=event.pk, reason=WHY, by=by)
    voids.void_media(report_id=report.pk, reason=WHY, by=by)


def done(point) -> int:
    return sum(each.done for each in plan_and_done(point, 2023))


def held(**known) -> int:
    return system_use([TAIPING], SEPT_21, **known)[TAIPING][SystemKind.GRID].times


# ── counted nowhere, seen crossed out ────────────────────────────────────────
def test_what_is_void_counts_neither_in_the_plan_nor_as_use_nor_for_a_person(
    all_four, point, officer_of_taiping, mediator
):
    before = done(point), held(), len(trainings_of(officer_of_taiping, mediator)), len(latest(point, SEPT_20, 9))

    void_all(all_four, officer_of_taiping)

    after = done(point), held(), len(trainings_of(officer_of_taiping, mediator)), len(latest(point, SEPT_20, 9))
    assert (before, after) == ((4, 1, 1, 4), (0, 0, 0, 0))


def test_it_stays_in_the_list_of_the_year_crossed_out(all_four, point, officer_of_taiping, client_of):
    void_all(all_four, officer_of_taiping)

    rows = year_page(point, 2023).rows
    shown = client_of(officer_of_taiping).get(reverse("liaison:activities", args=[TAIPING]), {"year": 2023})

    assert ([row.kind for row in rows if row.is_void], len(rows)) == ([row.kind for row in rows], 4)
    assert shown.content.decode().count("已作废") == 4


def test_what_the_books_said_before_is_still_known(meeting, officer_of_taiping, time_machine):
    time_machine.move_to(datetime(2023, 9, 21, 9, tzinfo=SHANGHAI), tick=False)
    voids.void_meeting(meeting_id=meeting.pk, reason=WHY, by=officer_of_taiping)

    assert [held(known_on=day) for day in (date(2023, 9, 19), SEPT_20, SEPT_21)] == [0, 1, 0]


def test_the_trail_says_what_was_struck_out_and_why(all_four, officer_of_taiping):
    void_all(all_four, officer_of_taiping)

    rows = AuditEntry.objects.filter(action__startswith="point.void_").order_by("id")
    assert [(row.action, row.actor, row.detail["reason"]) for row in rows] == [
        (f"point.void_{what}", officer_of_taiping, WHY) for what in ("meeting", "training", "publicity", "media")
    ]


@pytest.mark.parametrize("reason", ["", "  "])
def test_voiding_needs_a_reason(reason, meeting, officer_of_taiping):
    with pytest.raises(Refused) as refused:
        voids.void_meeting(meeting_id=meeting.pk, reason=reason, by=officer_of_taiping)

    assert refused.value.field == "reason"


@pytest.mark.parametrize("who", ["mediator_of_taiping", "committee_officer", "court_clerk"])
def test_only_the_officer_of_the_town_strikes_out(who, all_four, cast):
    with pytest.raises(NotAllowed):
        void_all(all_four, cast[who])


def test_what_is_void_is_neither_corrected_nor_voided_again(all_four, officer_of_taiping):
    meeting, *_, report = all_four
    void_all(all_four, officer_of_taiping)

    with pytest.raises(Conflict, match="已经作废"):
        voids.void_meeting(meeting_id=meeting.pk, reason=WHY, by=officer_of_taiping)
    with pytest.raises(Conflict, match="已经作废"):
        correct_media(report_id=report.pk, report=Report("media", "云浮日报", SEPT_18, "改"), by=officer_of_taiping)
    with pytest.raises(Conflict, match="已经作废"):
        correct_meeting(meeting_id=meeting.pk, agenda="改", minutes="", attendees=[], guests="", by=officer_of_taiping)


def test_who_voids_a_row_that_was_corrected_meanwhile_is_told(meeting, officer_of_taiping):
    with pytest.raises(Conflict, match="已经有人先改了"):
        voids.void_meeting(meeting_id=meeting.pk, reason=WHY, by=officer_of_taiping, version=meeting.version - 1)


@pytest.mark.parametrize("model", [Meeting, Training, PublicityEvent, MediaReport])
def test_the_database_holds_nothing_void_without_a_reason(model, all_four):
    with pytest.raises(IntegrityError, match="says_why"), transaction.atomic():
        model.objects.update(void_reason=WHY)


# ── decisions ────────────────────────────────────────────────────────────────
def open_days() -> int:
    return Deadline.objects.open().filter(kind="meeting_decision").count()


def told(user) -> list[str]:
    return list(Notification.objects.filter(recipient=user).order_by("pk").values_list("text", flat=True))


def test_a_decision_withdrawn_reminds_nobody_and_its_owner_knows(meeting, officer_of_taiping, mediator_of_taiping):
    decision = meeting.decisions.get(text="对清三户的账")

    withdraw_decision(decision_id=decision.pk, reason="三户已经自己对清", by=officer_of_taiping)
    reminders.sweep(at=datetime(2023, 9, 28, 9, tzinfo=SHANGHAI))

    assert open_days() == 1
    first, *later = told(mediator_of_taiping)
    assert first == "会议决定「对清三户的账」已撤回，不用再办：三户已经自己对清"
    assert [text for text in later if "对清" in text] == []
    entry = AuditEntry.objects.get(action="point.withdraw_decision")
    assert entry.detail == {"due_on": "2023-09-28", "reason": "三户已经自己对清"}


def test_a_meeting_voided_lets_go_of_its_open_decisions(meeting, officer_of_taiping, mediator_of_taiping):
    kept, other = meeting.decisions.all()
    finish_decision(decision_id=kept.pk, done_on=SEPT_20, done_note="对清了", by=officer_of_taiping)

    voids.void_meeting(meeting_id=meeting.pk, reason=WHY, by=officer_of_taiping)

    assert (open_days(), told(mediator_of_taiping)) == (
        0,
        [f"会议决定「{other.text}」所在的会议记录已经作废，不用再办。"],
    )
    with pytest.raises(Conflict, match="已经作废"):
        finish_decision(decision_id=other.pk, done_on=SEPT_20, done_note="修好了", by=officer_of_taiping)


def test_what_was_carried_out_or_withdrawn_is_not_withdrawn(meeting, officer_of_taiping):
    first, second = meeting.decisions.all()
    finish_decision(decision_id=first.pk, done_on=SEPT_20, done_note="对清了", by=officer_of_taiping)
    withdraw_decision(decision_id=second.pk, reason="不用了", by=officer_of_taiping)

    for decision in (first, second):
        with pytest.raises(Conflict):
            withdraw_decision(decision_id=decision.pk, reason="不用了", by=officer_of_taiping)
    with pytest.raises(Conflict, match="已经撤回"):
        finish_decision(decision_id=second.pk, done_on=SEPT_20, done_note="修好了", by=officer_of_taiping)


def test_withdrawing_needs_a_reason_and_the_officer(meeting, officer_of_taiping, mediator_of_taiping):
    decision = meeting.decisions.all()[0]

    with pytest.raises(Refused) as refused:
        withdraw_decision(decision_id=decision.pk, reason=" ", by=officer_of_taiping)
    with pytest.raises(NotAllowed):
        withdraw_decision(decision_id=decision.pk, reason="不想办", by=mediator_of_taiping)

    assert refused.value.field == "reason"


def test_the_database_holds_no_decision_both_done_and_withdrawn(meeting, officer_of_taiping):
    decision = meeting.decisions.all()[0]
    finish_decision(decision_id=decision.pk, done_on=SEPT_20, done_note="对清了", by=officer_of_taiping)

    with pytest.raises(IntegrityError, match="not_done"), transaction.atomic():
        MeetingDecision.objects.filter(pk=decision.pk).update(
            withdrawn_at=decision.recorded_at, withdrawn_by=officer_of_taiping, withdrawn_because="不用了"
        )


# ── pages ────────────────────────────────────────────────────────────────────
@pytest.fixture
def officers(client_of, officer_of_taiping):
    return client_of(officer_of_taiping)


def test_each_is_voided_on_its_page_and_then_offers_no_more(all_four, officers):
    for row in all_four:
        shown = officers.get(row.get_absolute_url()).content.decode()
        address = row.get_absolute_url() + "void/"
        answer = officers.post(address, {"version": row.version, "reason": WHY}, follow=True)
        after = answer.content.decode()

        assert (address in shown, address in after) == (True, False)
        assert ("这条记录已作废，不再计算。" in after, WHY in after, ">更正<" in after) == (True, True, False)


def test_a_decision_is_withdrawn_on_its_page_and_crossed_out(meeting, officers):
    decision = meeting.decisions.all()[0]
    address = reverse("liaison:decision-withdraw", args=[TAIPING, decision.pk])
    empty = officers.post(address, {"reason": ""})
    after = officers.post(address, {"reason": "已经自己对清"}, follow=True).content.decode()

    assert (empty.status_code, list(empty.context["form"].errors)) == (422, ["reason"])
    assert (f'<span class="was">{decision.text}</span>' in after, "已撤回：已经自己对清" in after) == (True, True)
    assert officers.post(address, {"reason": "再撤"}).status_code == 409


def test_a_kind_of_activity_that_is_none_is_not_found(officers, point):
    assert officers.get(reverse("liaison:activity-void", args=[TAIPING, "parties", 1])).status_code == 404


# ── a long year ──────────────────────────────────────────────────────────────
def test_a_long_year_is_paged_to_its_last_row(officers, point, officer_of_taiping, django_assert_num_queries):
    PublicityEvent.objects.bulk_create(
        PublicityEvent(
            point=point, kind=ActivityKind.CASE_LESSON, held_on=date(2023, 6, 1 + number % 28), title=f"第{number}课",
            place="村口", head_count=9, recorded_at=datetime(2023, 6, 29, number % 24, tzinfo=SHANGHAI),
        )
        for number in range(230)
    )  # fmt: skip
    record_training(point_id=point.pk, lesson=Lesson(SEPT_18, "司法确认", "法官"), by=officer_of_taiping)
    address = reverse("liaison:activities", args=[TAIPING]) + "?year=2023"
    seen: list[str] = []
    cursor = "start"
    while cursor:
        page = officers.get(address if cursor == "start" else f"{address}&cursor={cursor}").context["page"]
        seen += [row.url for row in page.rows]
        cursor = page.next_cursor

    assert (len(seen), len(set(seen))) == (231, 231)
