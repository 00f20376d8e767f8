"""What the court does with what it asked: an unusable proof goes back and is done again, a request is withdrawn."""

from dataclasses import replace
from datetime import date

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from core.errors import Conflict, NotAllowed, Refused
from core.models import AuditEntry, Deadline
from liaison.actions import assistance_visits as visits
from liaison.actions.assistance_visits import forget_locations
from liaison.choices import AssistanceKind, AssistanceState
from liaison.models import AssistanceRequest, AssistanceReturn, AssistanceWitness
from liaison.queries.assistance import deadline_of
from reports.queries.use import system_use
from tests.conftest import TAIPING
from tests.liaison import assistance_kit as kit
from tests.liaison.assistance_kit import AGAIN_DUE, HERE, NAME, SENT, VISITED, accepted, ask, done, failed, told
from tests.liaison.conftest import moment, picture

K, S = AssistanceKind, AssistanceState
pytestmark = pytest.mark.usefixtures("visit_day")
REASON = "送达回证上没有记明收到日期。"


@pytest.fixture
def left(going, mediator_of_taiping) -> AssistanceRequest:
    """Left at the door before a witness; the place was noted."""
    return done(going, mediator_of_taiping, K.SERVE_LEAVE, where=HERE, photos=[picture("门口.png")])


# ── sent back ────────────────────────────────────────────────────────────────
def test_who_went_does_it_again_until_the_new_day_and_sees_why(left, court_clerk, mediator_of_taiping):
    request = kit.sent_back(left, court_clerk)

    assert (request.state, request.outcome, request.done_on, request.due_on) == (S.ACCEPTED, "", None, AGAIN_DUE)
    running = deadline_of(request)
    assert (running.due_on, running.responsible, running.settled_on) == (AGAIN_DUE, mediator_of_taiping, None)
    assert told(mediator_of_taiping)[-1] == f"{kit.NUMBER}：法院退回重办，最后一日 2023年9月27日：{REASON}"


def test_the_officer_and_the_judge_who_asked_are_told_and_the_clerk_who_acts_is_not(
    point, officer_of_taiping, mediator_of_taiping, judges_assistant, court_clerk
):
    request = done(accepted(ask(point, judges_assistant), officer_of_taiping, mediator_of_taiping), mediator_of_taiping)

    kit.sent_back(request, court_clerk)

    last = [told(person)[-1:] for person in (mediator_of_taiping, officer_of_taiping, judges_assistant, court_clerk)]
    words = [f"{kit.NUMBER}：法院退回重办，最后一日 2023年9月27日：{REASON}"]
    assert last == [words, words, words, []]


def test_what_was_sent_back_is_kept_with_its_day_and_the_trail_names_no_person(left, court_clerk, mediator_of_taiping):
    kit.sent_back(left, court_clerk, reason="见证人的电话 13800006072 打不通。")

    back = AssistanceReturn.objects.get()
    assert (back.outcome, back.done_on, back.done_by, back.returned_by) == (
        "done",
        VISITED,
        mediator_of_taiping,
        court_clerk,
    )
    entry = AuditEntry.objects.get(action="assistance.send_back")
    assert (entry.actor, entry.detail["due_on"], entry.detail["location_dropped"]) == (court_clerk, "2023-09-27", True)
    assert "13800006072" not in str(entry.detail)


def test_the_place_of_the_visit_goes_at_once(left, court_clerk):
    request = kit.sent_back(left, court_clerk)

    assert (request.location, request.has_location) == ("", False)


def test_the_second_result_replaces_the_first_and_the_files_stay(left, court_clerk, mediator_of_taiping):
    kit.sent_back(left, court_clerk)

    request = done(left, mediator_of_taiping, K.SERVE_DIRECT)

    assert (request.state, request.way, request.refusal_reason) == (S.DONE, K.SERVE_DIRECT, "")
    assert AssistanceWitness.objects.count() == 0
    assert Deadline.objects.about(request).open().count() == 0
    assert kit.received(request, court_clerk).state == S.RECEIVED


def test_photos_of_the_first_visit_still_count(left, court_clerk, mediator_of_taiping):
    kit.sent_back(left, court_clerk)
    without_witness = replace(kit.WHOLE[K.SERVE_LEAVE], witnesses=())

    request = visits.complete_assistance(request_id=left.pk, record=without_witness, by=mediator_of_taiping, on=VISITED)

    assert request.state == S.DONE


def test_what_then_fails_says_only_why(left, court_clerk, mediator_of_taiping):
    kit.sent_back(left, court_clerk)

    request = failed(left, mediator_of_taiping)

    assert (request.way, request.refused_by, request.place, request.result) == ("", "", "", "去了三次，屋里没有人。")
    assert AssistanceWitness.objects.count() == 0


def test_it_can_be_sent_back_more_than_once(left, court_clerk, mediator_of_taiping):
    for _ in range(2):
        kit.sent_back(left, court_clerk)
        done(left, mediator_of_taiping, K.SERVE_LEAVE)

    assert AssistanceReturn.objects.filter(request=left).count() == 2


@pytest.mark.parametrize("reason", ["", "  ", "长" * 301])
def test_sending_back_needs_a_reason_that_fits(reason, left, court_clerk):
    with pytest.raises(Refused) as refused:
        kit.sent_back(left, court_clerk, reason=reason)

    assert refused.value.field == "reason"


@pytest.mark.parametrize("due_on", [SENT, VISITED], ids=["past", "today"])
def test_the_new_day_lies_ahead(due_on, left, court_clerk):
    with pytest.raises(Refused) as refused:
        kit.sent_back(left, court_clerk, due_on=due_on)

    assert (refused.value.field, str(refused.value)) == (
        "due_on",
        "重办的最后一日要晚于今天。给镇里留出再去一次的时间。",
    )


def test_nothing_is_sent_back_before_it_was_done(left, court_clerk):
    with pytest.raises(Refused) as refused:
        kit.sent_back(left, court_clerk, on=date(2023, 9, 7))

    assert refused.value.field == "on"


def test_a_judge_sends_back_only_what_they_asked_for(left, reviewing_judge):
    with pytest.raises(NotAllowed):
        kit.sent_back(left, reviewing_judge)


def test_the_second_clerk_sees_that_it_went_back(left, court_clerk, make_user):
    seen = left.version
    kit.sent_back(left, court_clerk)
    colleague = make_user("second_clerk", "clerk", "445381", name="何文丽")

    with pytest.raises(Conflict) as conflict:
        kit.withdrawn(left, colleague, version=seen)

    assert str(conflict.value) == (f"没有保存：{court_clerk}已经退回重办（9月8日），由黎桂生去办。请看过再决定。")


def test_what_went_back_is_no_use_of_the_system_until_it_is_done_again(left, court_clerk, mediator_of_taiping):
    def used() -> int:
        return sum(use.times for use in system_use([TAIPING], VISITED)[TAIPING].values())

    before = used()
    kit.sent_back(left, court_clerk)
    between = used()
    done(left, mediator_of_taiping, K.SERVE_LEAVE)

    assert (before, between, used()) == (1, 0, 1)


# ── withdrawn ────────────────────────────────────────────────────────────────
def test_nobody_goes_any_more_and_everybody_knows(going, court_clerk, mediator_of_taiping, officer_of_taiping):
    request = kit.withdrawn(going, court_clerk)

    assert (request.state, request.withdrawn_on, request.withdrawn_by) == (S.WITHDRAWN, VISITED, court_clerk)
    assert kit.deadline(request)[2:] == (VISITED, "withdrawn")
    words = f"{kit.NUMBER}：法院已撤回，不用再办：本人已到法庭领取。"
    assert [told(person)[-1] for person in (mediator_of_taiping, officer_of_taiping)] == [words, words]
    assert AuditEntry.objects.get(action="assistance.withdraw").actor == court_clerk


def test_what_nobody_has_accepted_yet_is_withdrawn_as_well(asked, court_clerk, officer_of_taiping):
    request = kit.withdrawn(asked, court_clerk)

    assert (request.state, request.handler, told(officer_of_taiping)[-1][-9:]) == (
        S.WITHDRAWN,
        None,
        "本人已到法庭领取。",
    )


def test_withdrawing_needs_a_reason(asked, court_clerk):
    with pytest.raises(Refused) as refused:
        kit.withdrawn(asked, court_clerk, reason=" ")

    assert refused.value.field == "reason"


def test_withdrawn_after_it_went_back_leaves_no_place_behind(left, court_clerk):
    kit.sent_back(left, court_clerk)
    kit.withdrawn(left, court_clerk)

    assert (forget_locations(moment(date(2024, 9, 8))), AssistanceRequest.objects.get().location) == (0, "")


# ── what must never be false ─────────────────────────────────────────────────
@pytest.mark.parametrize(
    ("changed", "constraint"),
    [
        ({"reason": ""}, "liaison_return_says_why"),
        ({"due_on": VISITED}, "liaison_return_is_due_after_it_and_it_after_the_visit"),
        ({"returned_on": SENT}, "liaison_return_is_due_after_it_and_it_after_the_visit"),
    ],
)
def test_the_database_keeps_what_must_hold(changed, constraint, left, court_clerk):
    kit.sent_back(left, court_clerk)

    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        AssistanceReturn.objects.update(**changed)


# ── pages ────────────────────────────────────────────────────────────────────
def page(client, request, *given, **query):
    name = "liaison:assistance-step" if given else "liaison:assistance"
    return client.get(reverse(name, args=[request.pk, *given]), query)


def test_the_court_sends_it_back_on_a_page_and_the_form_keeps_what_was_noted(
    left, court_clerk, mediator_of_taiping, client_of
):
    url = reverse("liaison:assistance-step", args=[left.pk, "send_back"])
    typed = {"version": left.version, "reason": REASON, "due_on": "2023-09-27", "on": "2023-09-08"}
    assert client_of(court_clerk).post(url, typed).status_code == 302
    client = client_of(mediator_of_taiping)

    shown, form = page(client, left).content.decode(), page(client, left, "complete")

    assert ("法院 9月8日退回重办，最后一日 2023年9月27日。" in shown, REASON in shown) == (True, True)
    assert (form.context["way"], form.context["form"]["refusal_reason"].value()) == (
        K.SERVE_LEAVE,
        "看过传票后说不签，关门进屋",
    )
    assert form.context["form"]["witness1_name"].value() == "谭伯年"
    assert REASON in form.content.decode()


def test_an_onlooker_reads_that_it_went_back_and_not_why(left, court_clerk, committee_officer, client_of):
    kit.sent_back(left, court_clerk, reason=f"{NAME}没有签名。")

    shown = page(client_of(committee_officer), left).content.decode()

    assert ("退回重办" in shown, NAME in shown) == (True, False)


def test_the_form_refuses_a_day_that_has_been_at_its_field(left, court_clerk, client_of):
    url = reverse("liaison:assistance-step", args=[left.pk, "send_back"])

    answer = client_of(court_clerk).post(
        url, {"version": left.version, "reason": REASON, "due_on": "2023-09-08", "on": "2023-09-08"}
    )

    assert (answer.status_code, set(answer.context["form"].errors)) == (422, {"due_on"})


def test_a_withdrawn_request_is_among_the_closed_ones(asked, court_clerk, client_of):
    kit.withdrawn(asked, court_clerk)

    rows = client_of(court_clerk).get(reverse("liaison:assistance-list"), {"stage": "closed"}).context["rows"]

    assert [row["found"].pk for row in rows] == [asked.pk]


def test_photographs_are_small_on_the_page_and_papers_named(left, court_clerk, client_of):
    shown = page(client_of(court_clerk), left).content.decode()

    assert ("/thumbnail/" in shown, 'alt="门口.png"' in shown) == (True, True)
