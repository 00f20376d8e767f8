"""Joint meetings: who came, what was decided, that a decision becomes a reminder and ends when it is done."""

from datetime import date, datetime

import pytest
from django.urls import reverse

from core.actions import reminders
from core.errors import Conflict, NotAllowed, Refused
from core.models import AuditEntry, Deadline, Notification
from liaison.actions.meetings import Decision, correct_meeting, finish_decision, record_meeting
from liaison.choices import SystemKind
from liaison.models import Meeting, MeetingDecision
from liaison.queries.activities import answerable
from roster.choices import TeamRole
from tests.conftest import SHUANGDONG, TAIPING
from tests.liaison.meeting_kit import SHANGHAI, _day, mediator

__all__ = ["_day", "mediator"]

SEPT_18, SEPT_20, SEPT_28 = date(2023, 9, 18), date(2023, 9, 20), date(2023, 9, 28)


@pytest.fixture
def grid_worker(serve, point):
    """One of the team without an account."""
    return serve("林水生", TeamRole.MEDIATOR, date(2023, 5, 18)).staff


@pytest.fixture
def hold(point, officer_of_taiping):
    """hold(decisions=[…], …) → a meeting of 18 September, noted on the 20th."""

    def make(**facts) -> Meeting:
        given = {"held_on": SEPT_18, "system": SystemKind.GRID, "agenda": "第三季度研判", "by": officer_of_taiping}
        return record_meeting(point_id=point.pk, **(given | facts))

    return make


def texts(user) -> list[str]:
    return list(Notification.objects.filter(recipient=user).values_list("text", flat=True))


# ── a decision is somebody's to do until a day ───────────────────────────────
def test_a_decision_becomes_a_reminder_of_its_owner(hold, mediator, mediator_of_taiping, officer_of_taiping):
    hold(decisions=[Decision("对清三户的账", mediator.pk, SEPT_28)])

    reminders.sweep(at=datetime(2023, 9, 28, 9, tzinfo=SHANGHAI))

    told = texts(mediator_of_taiping)
    assert (len(told), "对清三户的账" in told[0], texts(officer_of_taiping)) == (1, True, [])


def test_a_decision_of_somebody_without_an_account_reminds_the_officer(hold, grid_worker, officer_of_taiping):
    hold(decisions=[Decision("巡一遍塘基", grid_worker.pk, SEPT_28)])

    assert Deadline.objects.get().responsible == officer_of_taiping


def test_without_owner_and_officer_nobody_answers_so_that_the_sweep_tells_the_supervisor(
    grid_worker, officer_of_taiping
):
    officer_of_taiping.scopes.all().delete()

    assert answerable(TAIPING, grid_worker.pk) is None


def test_a_decision_that_is_done_reminds_nobody(hold, mediator, mediator_of_taiping):
    meeting = hold(decisions=[Decision("对清三户的账", mediator.pk, SEPT_28)])
    finish_decision(decision_id=meeting.decisions.get().pk, done_on=SEPT_20, done_note="对清了", by=mediator_of_taiping)

    reminders.sweep(at=datetime(2023, 9, 28, 9, tzinfo=SHANGHAI))

    assert (texts(mediator_of_taiping), Deadline.objects.get().settled_on) == ([], SEPT_20)


def test_a_number_in_a_decision_is_masked_in_the_reminder(hold, mediator):
    hold(decisions=[Decision("打 13800006072 约人", mediator.pk, SEPT_28)])

    assert "13800006072" not in Deadline.objects.get().subject_text


@pytest.mark.parametrize(
    ("facts", "field"),
    [
        ({"text": " "}, "decisions-1-text"),
        ({"due_on": SEPT_18}, "decisions-1-due_on"),
        ({"owner_id": None}, "decisions-1-owner"),
    ],
    ids=["nothing to do", "due on the day of the meeting", "not of the team"],
)
def test_a_decision_is_refused_at_its_row_and_nothing_is_kept(facts, field, hold, mediator, serve):
    stranger = serve("邝亚带", TeamRole.MEDIATOR, date(2023, 5, 18), town=SHUANGDONG).staff
    facts = {"owner_id": stranger.pk} if "owner_id" in facts else facts
    good = {"text": "对清三户的账", "owner_id": mediator.pk, "due_on": SEPT_28}

    with pytest.raises(Refused) as refused:
        hold(decisions=[Decision(**good), Decision(**(good | facts))])

    assert (refused.value.field, Meeting.objects.count(), Deadline.objects.count()) == (field, 0, 0)


def test_a_decision_is_done_once_on_a_day_that_has_been_with_a_word_on_it(hold, mediator, officer_of_taiping):
    decision = hold(decisions=[Decision("对清三户的账", mediator.pk, SEPT_28)]).decisions.get()
    refused = []
    for facts in ({"done_on": SEPT_28}, {"done_on": date(2023, 9, 17)}, {"done_note": " "}):
        with pytest.raises(Refused) as error:
            finish_decision(
                decision_id=decision.pk,
                by=officer_of_taiping,
                **({"done_on": SEPT_20, "done_note": "对清了"} | facts),
            )
        refused.append(error.value.field)

    finish_decision(decision_id=decision.pk, done_on=SEPT_20, done_note="对清了", by=officer_of_taiping)
    with pytest.raises(Conflict, match="谭少芬已经记过"):
        finish_decision(decision_id=decision.pk, done_on=SEPT_20, done_note="又一次", by=officer_of_taiping)
    assert refused == ["done_on", "done_on", "done_note"]


def test_only_the_owner_and_the_officer_say_that_it_is_done(hold, mediator, cast):
    decision = hold(decisions=[Decision("对清三户的账", mediator.pk, SEPT_28)]).decisions.get()
    may = set()
    for name, user in cast.items():
        try:
            finish_decision(decision_id=decision.pk, done_on=SEPT_20, done_note="对清了", by=user)
        except NotAllowed:
            continue
        except Conflict:
            pass
        may.add(name)

    assert may == {"mediator_of_taiping", "officer_of_taiping"}


# ── the meeting itself ───────────────────────────────────────────────────────
@pytest.mark.parametrize(
    ("facts", "field"),
    [({"held_on": date(2023, 5, 17)}, "held_on"), ({"attendees": ["stranger"]}, "attendees")],
    ids=["before the point was opened", "not of the team that day"],
)
def test_a_meeting_is_refused(facts, field, hold, serve):
    stranger = serve("邝亚带", TeamRole.MEDIATOR, date(2023, 9, 19)).staff
    facts = {"attendees": [stranger.pk]} if "attendees" in facts else facts

    with pytest.raises(Refused) as refused:
        hold(**facts)

    assert refused.value.field == field


def test_a_meeting_noted_late_says_so(hold):
    late = hold(held_on=date(2023, 9, 12))
    in_time = hold(held_on=date(2023, 9, 13))

    assert (late.is_late, in_time.is_late) == (True, False)


def test_a_correction_is_audited_by_field_and_a_second_writer_is_told(hold, mediator, officer_of_taiping):
    meeting = hold()
    facts = {"meeting_id": meeting.pk, "agenda": "第三季度研判", "minutes": "通报三件", "guests": "", "version": 1}
    correct_meeting(attendees=[mediator.pk], by=officer_of_taiping, **facts)

    with pytest.raises(Conflict):
        correct_meeting(attendees=[], by=officer_of_taiping, **facts)
    meeting.refresh_from_db()
    entry = AuditEntry.objects.filter(action="point.correct_meeting").get()
    assert (meeting.minutes, meeting.version, entry.detail["changed"]) == ("通报三件", 2, ["minutes", "attendees"])


def test_a_correction_that_changes_nothing_writes_nothing(hold, officer_of_taiping):
    meeting = hold()
    correct_meeting(
        meeting_id=meeting.pk, agenda=meeting.agenda, minutes="", attendees=[], guests="", by=officer_of_taiping
    )

    assert AuditEntry.objects.filter(action="point.correct_meeting").count() == 0


# ── pages ────────────────────────────────────────────────────────────────────
def rows(*decisions: dict, total: int | None = None) -> dict[str, str]:
    fields = {"decisions-TOTAL_FORMS": str(total or len(decisions) or 1), "decisions-INITIAL_FORMS": "0"}
    for number, decision in enumerate(decisions):
        fields |= {f"decisions-{number}-{name}": str(value) for name, value in decision.items()}
    return fields


@pytest.fixture
def officers(client_of, officer_of_taiping):
    return client_of(officer_of_taiping)


def url(name: str, *args) -> str:
    return reverse(f"liaison:{name}", args=[TAIPING, *args])


MEETING = {"held_on": "2023-09-18", "system": "grid", "agenda": "第三季度研判"}


def test_a_meeting_is_recorded_with_people_and_decisions(officers, mediator):
    decision = {"text": "对清三户的账", "owner": mediator.pk, "due_on": "2023-09-28"}
    sent = MEETING | {"attendees": [str(mediator.pk)]} | rows(decision, total=2)
    answer = officers.post(url("meeting-record"), sent)

    meeting = Meeting.objects.get()
    assert answer.url == meeting.get_absolute_url()
    assert (list(meeting.attendees.all()), meeting.decisions.get().due_on) == ([mediator], SEPT_28)


def test_one_more_row_keeps_what_was_typed(officers, mediator):
    typed = MEETING | {"add": "decisions", "attendees": [str(mediator.pk)]} | rows({"text": "对清三户的账"})
    answer = officers.post(url("meeting-record"), typed)

    page = answer.content.decode()
    assert answer.context["decisions"].total_form_count() == 2
    assert ("第三季度研判" in page, "对清三户的账" in page, page.count(" checked") >= 2) == (True, True, True)
    assert Meeting.objects.count() == 0


def test_a_refused_decision_stands_at_its_row(officers, mediator):
    late = {"text": "对清三户的账", "owner": mediator.pk, "due_on": "2023-09-18"}
    answer = officers.post(url("meeting-record"), MEETING | rows({}, late))

    assert answer.status_code == 422
    assert answer.context["decisions"].forms[1].errors == {
        "due_on": ["要晚于开会那一天（9月18日）。当场办完的写在纪要里。"]
    }


def test_the_page_of_a_meeting_shows_minutes_people_and_what_became_of_decisions(officers, hold, mediator):
    decisions = [Decision("对清三户的账", mediator.pk, SEPT_28)]
    meeting = hold(minutes="通报三件，电话 13800006072。", attendees=[mediator.pk], decisions=decisions)
    page = officers.get(meeting.get_absolute_url()).content.decode()

    assert [word in page for word in ("沈雪梅", "对清三户的账", "通报三件", "13800006072")] == [True, True, True, False]


def test_a_decision_is_noted_as_done_by_its_owner(client_of, hold, mediator, mediator_of_taiping):
    meeting = hold(decisions=[Decision("对清三户的账", mediator.pk, SEPT_28)])
    decision = meeting.decisions.get()
    answer = client_of(mediator_of_taiping).post(
        url("decision-done", decision.pk), {"done_on": "2023-09-20", "done_note": "对清了"}
    )

    assert (answer.url, MeetingDecision.objects.get().done_on) == (meeting.get_absolute_url(), SEPT_20)


def test_a_meeting_is_corrected_on_its_page_and_a_stale_page_is_a_conflict(officers, hold):
    meeting = hold()
    sent = {"agenda": "第三季度研判会", "minutes": "", "guests": "", "version": "1"} | rows()
    first = officers.post(url("meeting-correct", meeting.pk), sent)
    second = officers.post(url("meeting-correct", meeting.pk), sent)

    assert (first.status_code, second.status_code) == (302, 409)


def test_a_number_in_the_minutes_is_masked_in_the_editor_and_kept(officers, hold):
    meeting = hold(minutes="电话 13800006072，约好周五。")
    page = officers.get(url("meeting-correct", meeting.pk))
    shown = page.context["form"]["minutes"].value()
    sent = {"agenda": "第三季度研判", "minutes": shown + "已到。", "guests": "", "version": "1"} | rows()
    officers.post(url("meeting-correct", meeting.pk), sent)

    meeting.refresh_from_db()
    assert ("13800006072" in shown, meeting.minutes) == (False, "电话 13800006072，约好周五。已到。")


@pytest.mark.parametrize(("length", "status"), [(198, 302), (199, 422)], ids=["just fits", "one too many"])
def test_an_agenda_that_its_numbers_make_too_long_is_refused_at_its_field(length, status, officers, hold):
    meeting = hold(agenda="商量0766-3822222、3822333")
    shown = officers.get(url("meeting-correct", meeting.pk)).context["form"]["agenda"].value()
    left = "商量" + shown.partition("、")[2]  # 3822333 by itself is called 电话
    sent = {"agenda": left.ljust(length, "会"), "minutes": "", "guests": "", "version": "1"} | rows()
    answer = officers.post(url("meeting-correct", meeting.pk), sent)

    meeting.refresh_from_db()
    said = answer.context["form"].errors.get("agenda", []) if answer.context else []
    assert (answer.status_code, len(meeting.agenda)) == (status, 200 if status == 302 else 22)
    assert said == ([] if status == 302 else ["遮住的号码写全后有 201 个字，最多 200 个。请缩短。"])


@pytest.mark.parametrize("count", [1, 3])
def test_the_page_of_a_meeting_asks_the_same_whatever_was_decided(
    count, officers, hold, mediator, django_assert_num_queries
):
    meeting = hold(decisions=[Decision(f"第 {number} 件", mediator.pk, SEPT_28) for number in range(count)])
    officers.get(meeting.get_absolute_url())

    with django_assert_num_queries(9):
        officers.get(meeting.get_absolute_url())
