"""Guidance: asked by the mediator in charge, answered once by a judge of the town, seen by both."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from core.errors import Conflict, NotAllowed, Refused
from core.models import AuditEntry, Notification
from disputes.choices import EventKind
from mediation.actions.guidance import answer_guidance, ask_guidance
from mediation.models import GuidanceRequest

QUESTION = "欠款里有一部分以沙石抵，能不能写进协议？"


@pytest.fixture
def asked(mediating, cast):
    """Asked on 2023-09-20 by the mediator of 太平镇."""
    return ask_guidance(
        dispute_id=mediating.pk, question=QUESTION, by=cast["mediator_of_taiping"], on=date(2023, 9, 20), urgent=True
    )


def test_a_question_is_kept_told_and_audited(asked, mediating, reviewing_judge):
    event = mediating.events.latest("recorded_at", "id")
    told = Notification.objects.get(recipient=reviewing_judge)
    last = AuditEntry.objects.latest("seq")
    assert (event.kind, event.text, event.detail) == (EventKind.GUIDANCE_ASKED, "请法官指导（在线）", QUESTION)
    assert (told.urgent, told.text) == (True, f"沈水旺与梁伯坚民间借贷纠纷：{QUESTION}")
    assert (last.action, last.detail["urgent"]) == ("guidance.ask", True)


def test_with_several_judges_and_no_roster_all_are_told(mediating, cast, make_user):
    other = make_user("other_judge", "judge", "445381101", name="梁伟")

    ask_guidance(dispute_id=mediating.pk, question=QUESTION, by=cast["mediator_of_taiping"], on=date(2023, 9, 20))

    told = set(Notification.objects.filter(text__endswith=QUESTION).values_list("recipient", flat=True))
    assert told == {other.pk, cast["reviewing_judge"].pk}


def test_the_answer_stands_in_the_timeline_and_is_told(asked, reviewing_judge, cast):
    answered = answer_guidance(
        guidance_id=asked.pk, answer="可以，写清数量和日期。", by=reviewing_judge, on=date(2023, 9, 20)
    )

    event = answered.dispute.events.latest("recorded_at", "id")
    told = Notification.objects.filter(recipient=cast["mediator_of_taiping"]).latest("id")
    assert (answered.answered_by, answered.answered_on) == (reviewing_judge, date(2023, 9, 20))
    assert (event.by_court, event.text) == (True, "法官答复指导：可以，写清数量和日期。")
    assert told.text == "沈水旺与梁伯坚民间借贷纠纷：沈明轩法官已答复。"


def test_the_first_answer_stands(asked, reviewing_judge):
    answer_guidance(guidance_id=asked.pk, answer="可以。", by=reviewing_judge, on=date(2023, 9, 20))

    with pytest.raises(Conflict) as conflict:
        answer_guidance(guidance_id=asked.pk, answer="不可以。", by=reviewing_judge, on=date(2023, 9, 20))

    asked.refresh_from_db()
    assert (conflict.value.message, asked.answer) == ("没有保存：沈明轩已经答复了这一问。", "可以。")


@pytest.mark.parametrize(
    ("facts", "field"),
    [({"question": " "}, "question"), ({"question": "问" * 2001}, "question"), ({"mode": "pigeon"}, "mode")],
)
def test_a_question_has_words_and_a_way(mediating, cast, facts, field):
    values = {"question": QUESTION, "mode": "online"} | facts

    with pytest.raises(Refused) as refused:
        ask_guidance(dispute_id=mediating.pk, by=cast["mediator_of_taiping"], on=date(2023, 9, 20), **values)

    assert refused.value.field == field


def test_an_answer_is_not_earlier_than_its_question(asked, reviewing_judge):
    with pytest.raises(Refused) as refused:
        answer_guidance(guidance_id=asked.pk, answer="可以。", by=reviewing_judge, on=date(2023, 9, 19))

    assert refused.value.field == "on"


@pytest.mark.parametrize("who", ["officer_of_taiping", "mediator_of_shuangdong", "court_clerk", "committee_officer"])
def test_only_the_mediator_in_charge_asks(mediating, cast, who):
    with pytest.raises(NotAllowed):
        ask_guidance(dispute_id=mediating.pk, question=QUESTION, by=cast[who], on=date(2023, 9, 20))


@pytest.mark.parametrize("who", ["judges_assistant", "court_clerk", "mediator_of_taiping", "committee_officer"])
def test_only_a_judge_answers(asked, cast, who):
    with pytest.raises(NotAllowed):
        answer_guidance(guidance_id=asked.pk, answer="可以。", by=cast[who], on=date(2023, 9, 20))


# pages


def test_asking_leads_back_to_the_dispute(mediating, client_of, mediator_of_taiping):
    url = reverse("mediation:guidance-ask", args=[mediating.code])

    response = client_of(mediator_of_taiping).post(url, {"question": QUESTION, "mode": "onsite"})

    found = GuidanceRequest.objects.get()
    assert (response.status_code, response.url, found.mode) == (302, mediating.get_absolute_url(), "onsite")


def test_the_judge_answers_on_the_questions_page(asked, client_of, reviewing_judge):
    client, url = client_of(reviewing_judge), reverse("court:guidance-answer", args=[asked.pk])

    empty = client.post(url, {"answer": ""})
    done = client.post(url, {"answer": "可以。"})

    assert (empty.status_code, empty.context["form"].errors) == (422, {"answer": ["请填写答复。"]})
    assert (done.status_code, done.url) == (302, reverse("court:guidance"))


def test_a_late_answer_is_409_and_keeps_its_words(asked, client_of, reviewing_judge):
    answer_guidance(guidance_id=asked.pk, answer="可以。", by=reviewing_judge, on=date(2023, 9, 20))

    response = client_of(reviewing_judge).post(
        reverse("court:guidance-answer", args=[asked.pk]), {"answer": "写清数量。"}
    )

    assert (response.status_code, "写清数量。" in response.content.decode()) == (409, True)


def test_what_waits_comes_first_the_urgent_before_the_old(asked, mediating, client_of, cast):
    who = cast["mediator_of_taiping"]
    ask_guidance(dispute_id=mediating.pk, question="早一天的问题。", by=who, on=date(2023, 9, 19))

    page = client_of(cast["reviewing_judge"]).get(reverse("court:guidance")).context["page"]

    assert [row.question for row in page.rows] == [QUESTION, "早一天的问题。"]


@pytest.mark.parametrize(
    ("who", "list_status", "one_status"),
    [
        ("mediator_of_taiping", 200, 200),
        ("officer_of_taiping", 200, 200),
        ("reviewing_judge", 200, 200),
        ("judges_assistant", 200, 200),
        ("court_clerk", 200, 200),
        ("mediator_of_shuangdong", 200, 404),
        ("justice_officer", 403, 403),
        ("committee_officer", 403, 403),
        ("admin", 403, 403),
        ("auditor", 403, 403),
    ],
)
def test_questions_are_seen_by_town_and_court(asked, client_of, cast, who, list_status, one_status):
    client = client_of(cast[who])

    seen = [
        client.get(url).status_code
        for url in (reverse("court:guidance"), reverse("court:guidance-answer", args=[asked.pk]))
    ]

    assert seen == [list_status, one_status]


@pytest.mark.parametrize("rows", [1, 3])
def test_the_list_costs_the_same_at_one_row_and_at_three(asked, mediating, client_of, cast, rows):
    for _ in range(rows - 1):
        ask_guidance(dispute_id=mediating.pk, question="再问。", by=cast["mediator_of_taiping"], on=date(2023, 9, 20))
    client = client_of(cast["reviewing_judge"])

    with CaptureQueriesContext(connection) as queries:
        response = client.get(reverse("court:guidance"))

    assert (len(response.context["page"].rows), len(queries)) == (rows, 6)
