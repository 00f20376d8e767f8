"""Entrustments: the clerk sends, the officer accepts or declines, the days of each way, the result returned."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from core.errors import Conflict, NotAllowed, Refused
from core.models import Deadline, Notification
from disputes import reference as disputes_reference
from disputes.actions.intake import Intake
from disputes.actions.parties import PartyData
from disputes.choices import Destination, Outcome, Side, Source
from disputes.models import Dispute
from mediation.actions.entrustments import (
    Referral,
    accept_entrustment,
    decline_entrustment,
    note_outcome,
    return_entrustment,
    send_entrustment,
)
from mediation.choices import Basis, Procedure
from mediation.models import Entrustment
from tests.conftest import TAIPING
from tests.mediation.confirmation_kit import days, settled

SENT = date(2023, 9, 14)
PAPER_SUMMARY = Referral(Basis.POST_FILING, False, Procedure.SUMMARY, "（2023）粤5381民初88号")
PAPER_ORDINARY = Referral(Basis.POST_FILING, False, Procedure.ORDINARY, "（2023）粤5381民初89号")
ONLINE_BEFORE = Referral(Basis.PRE_FILING, online=True)


@pytest.fixture
def everybody(cast, law_in_force):
    """The cast, with rules, calendar and reference data of disputes."""
    disputes_reference.load(lambda line: None)
    return cast


@pytest.fixture
def a_case(divisions):
    """A plaintiff's claim of rent in 太平镇."""
    village = next(place for place in divisions.values() if place.parent_id == TAIPING)
    return Intake(
        village=village,
        source=Source.VISIT,
        narrative="原告诉被告拖欠房屋租金六千元，要求支付。",
        parties=[
            PartyData(side=Side.APPLICANT, name="温兆祥", phone="13800001111"),
            PartyData(side=Side.RESPONDENT, name="廖火生"),
        ],
        case_type="tenancy",
    )


@pytest.fixture
def send(everybody, a_case):
    """send(PAPER_SUMMARY) → sent on 2023-09-14 by the clerk."""

    def make(referral: Referral = PAPER_SUMMARY, **facts) -> Entrustment:
        values = {"by": everybody["court_clerk"], "on": SENT} | facts
        return send_entrustment(case=a_case, referral=referral, **values)

    return make


def accept(entrustment: Entrustment, by, on: date = date(2023, 9, 18)) -> Entrustment:
    return accept_entrustment(entrustment_id=entrustment.pk, by=by, on=on)


# sending


def test_sending_registers_the_dispute_in_the_town_and_routes_it(send, everybody):
    dispute = send().dispute

    assert (dispute.source, dispute.state, dispute.destination) == (
        Source.COURT,
        "routed",
        Destination.COURT_ENTRUSTMENT,
    )
    assert (dispute.registered_by, dispute.handler, dispute.town_code) == (everybody["court_clerk"], None, TAIPING)


@pytest.mark.parametrize(
    ("referral", "kind", "internal"),
    [
        pytest.param(PAPER_SUMMARY, "paper_accept", True, id="paper"),
        pytest.param(ONLINE_BEFORE, "online_accept", False, id="platform"),
    ],
)
def test_the_town_has_three_working_days_to_answer(send, everybody, referral, kind, internal):
    entrustment = send(referral)

    # 9月14日（星期四）+ 3 个工作日 = 9月19日
    deadline = Deadline.objects.about(entrustment).open().get()
    assert days(entrustment) == {kind: ("2023-09-14", "2023-09-19", "2023-09-19")}
    assert deadline.rule is not None
    assert (deadline.rule.internal, deadline.responsible) == (internal, everybody["officer_of_taiping"])


def test_the_officer_of_the_town_is_told(send, everybody):
    dispute = send().dispute

    told = Notification.objects.filter(recipient=everybody["officer_of_taiping"]).latest("id")
    assert told.text == f"{dispute.title}：法院委托（立案后），请接收。"


@pytest.mark.parametrize(
    ("referral", "field"),
    [
        (Referral(Basis.OWN), "basis"),
        (Referral(Basis.POST_FILING, court_number="（2023）粤5381民初88号"), "procedure"),
        (Referral(Basis.POST_FILING, procedure=Procedure.SUMMARY), "court_number"),
        (Referral(Basis.PRE_FILING, procedure=Procedure.SUMMARY), "procedure"),
    ],
)
def test_a_referral_says_how_it_was_made(send, referral, field):
    with pytest.raises(Refused) as refused:
        send(referral)

    assert (refused.value.field, Dispute.objects.count()) == (field, 0)


@pytest.mark.parametrize("who", ["officer_of_taiping", "reviewing_judge", "judges_assistant", "committee_officer"])
def test_nobody_but_the_clerk_sends(send, everybody, who):
    with pytest.raises(NotAllowed):
        send(by=everybody[who])


# accepting


@pytest.mark.parametrize(
    ("referral", "expected"),
    [
        pytest.param(PAPER_SUMMARY, {"entrust_post_summary": ("2023-09-18", "2023-09-25", "2023-09-25")}, id="7"),
        # 9月18日 + 15 = 10月3日，在国庆假里，调解期限不顺延
        pytest.param(PAPER_ORDINARY, {"entrust_post_ordinary": ("2023-09-18", "2023-10-03", "2023-10-03")}, id="15"),
        pytest.param(
            ONLINE_BEFORE,
            {
                "entrust_pre": ("2023-09-18", "2023-10-18", "2023-10-18"),
                "online_notify_other": ("2023-09-18", "2023-09-21", "2023-09-21"),
            },
            id="30 and the other side",
        ),
    ],
)
def test_the_mediators_days_run_from_acceptance_and_do_not_roll(send, everybody, referral, expected):
    entrustment = accept(send(referral), everybody["officer_of_taiping"])

    assert (entrustment.state, entrustment.received_on, days(entrustment)) == (
        "accepted",
        date(2023, 9, 18),
        expected,
    )


def test_the_clerk_hears_of_the_answer(send, everybody):
    entrustment = accept(send(), everybody["officer_of_taiping"])

    told = Notification.objects.filter(recipient=everybody["court_clerk"]).latest("id")
    assert told.text == f"{entrustment.dispute.title}：镇里已接收。"


def test_declining_ends_the_dispute_with_the_reason(send, everybody):
    entrustment = decline_entrustment(
        entrustment_id=send().pk, by=everybody["officer_of_taiping"], on=date(2023, 9, 18), reason="被告已迁居外地。"
    )

    dispute = Dispute.objects.get()
    assert (entrustment.state, entrustment.declined_because) == ("declined", "被告已迁居外地。")
    assert (dispute.outcome, days(entrustment)) == (Outcome.ENDED, {})
    assert settled(entrustment)["paper_accept"] == ("2023-09-18", "done")


@pytest.mark.parametrize("reason", [" ", "远" * 301])
def test_declining_needs_a_reason_of_some_length(send, everybody, reason):
    with pytest.raises(Refused) as refused:
        decline_entrustment(
            entrustment_id=send().pk, by=everybody["officer_of_taiping"], on=date(2023, 9, 18), reason=reason
        )

    assert refused.value.field == "reason"


@pytest.mark.parametrize("who", ["mediator_of_taiping", "court_clerk", "reviewing_judge", "mediator_of_shuangdong"])
def test_only_the_officer_of_the_town_answers(send, everybody, who):
    with pytest.raises(NotAllowed):
        accept(send(), everybody[who])


def test_what_was_accepted_is_not_declined(send, everybody):
    entrustment = accept(send(), everybody["officer_of_taiping"])

    with pytest.raises(Refused) as refused:
        decline_entrustment(
            entrustment_id=entrustment.pk, by=everybody["officer_of_taiping"], on=date(2023, 9, 18), reason="太远。"
        )

    assert refused.value.message == "这一件现在是「已接收」，不能退回。"


def test_a_stale_page_is_a_conflict(send, everybody):
    entrustment = send()
    accept(entrustment, everybody["officer_of_taiping"])

    with pytest.raises(Conflict):
        accept_entrustment(
            entrustment_id=entrustment.pk, by=everybody["officer_of_taiping"], on=date(2023, 9, 18), version=1
        )


# the result


@pytest.mark.parametrize(("outcome", "state"), [("agreed", "succeeded"), ("failed", "failed"), ("ended", "failed")])
def test_the_end_of_the_mediation_settles_the_period_and_waits_to_be_returned(send, everybody, outcome, state):
    entrustment = accept(send(), everybody["officer_of_taiping"])

    note_outcome(entrustment.dispute, outcome=outcome, on=date(2023, 9, 20))

    entrustment.refresh_from_db()
    assert (entrustment.state, days(entrustment)) == (state, {})
    assert settled(entrustment)["entrust_post_summary"] == ("2023-09-20", "done")


def test_a_dispute_that_was_not_entrusted_is_left_alone(mediating):
    note_outcome(mediating, outcome="agreed", on=date(2023, 9, 20))

    assert Entrustment.objects.count() == 0


def test_the_result_is_returned_to_the_court(send, everybody):
    entrustment = accept(send(), everybody["officer_of_taiping"])
    note_outcome(entrustment.dispute, outcome="failed", on=date(2023, 9, 20))

    returned = return_entrustment(
        entrustment_id=entrustment.pk, by=everybody["officer_of_taiping"], on=date(2023, 9, 20)
    )

    told = Notification.objects.filter(recipient=everybody["court_clerk"]).latest("id")
    assert (returned.state, returned.returned_on) == ("returned", date(2023, 9, 20))
    assert told.text == f"{entrustment.dispute.title}：已向法院反馈：调解不成"


# pages


FORM = {
    "basis": "post_filing",
    "procedure": "summary",
    "court_number": "（2023）粤5381民初88号",
    "on": "2023-09-20",
    "narrative": "原告诉被告拖欠房屋租金六千元。",
    "applicant": "温兆祥",
    "applicant_phone": "13800001111",
    "respondent": "廖火生",
}


def test_the_clerk_sends_from_the_form(everybody, client_of, a_case):
    client, url = client_of(everybody["court_clerk"]), reverse("court:entrustment-new")

    refused = client.post(url, {**FORM, "village": a_case.village.code, "procedure": ""})
    sent = client.post(url, {**FORM, "village": a_case.village.code})

    assert refused.context["form"].errors == {"procedure": ["立案后委托要写明普通程序还是简易程序，期限不一样。"]}
    assert (refused.status_code, sent.status_code, Entrustment.objects.get().state) == (422, 302, "sent")


@pytest.mark.parametrize("who", ["officer_of_taiping", "reviewing_judge", "committee_officer", "admin"])
def test_the_form_is_the_clerks(everybody, client_of, who):
    assert client_of(everybody[who]).get(reverse("court:entrustment-new")).status_code == 403


def test_the_officer_accepts_on_the_towns_page(send, everybody, client_of):
    entrustment = send()
    client = client_of(everybody["officer_of_taiping"])
    url = reverse("mediation:entrustment", args=[entrustment.dispute.code])

    shown = client.get(url)
    done = client.post(url, {"verb": "accept", "version": "1", "on": "2023-09-18"})

    entrustment.refresh_from_db()
    assert (sorted(shown.context["offered"]), done.status_code, entrustment.state) == (
        ["accept", "decline"],
        302,
        "accepted",
    )


@pytest.mark.parametrize(
    ("verb", "status"), [("accept", 403), ("decline", 403), ("return", 403), ("burn", 404), ("", 404)]
)
def test_the_judge_reads_the_towns_page_and_does_nothing_there(send, everybody, client_of, verb, status):
    client = client_of(everybody["reviewing_judge"])
    url = reverse("mediation:entrustment", args=[send().dispute.code])

    shown = client.get(url)
    tried = client.post(url, {"verb": verb, "version": "1", "on": "2023-09-18", "reason": "太远。"})

    assert (shown.context["offered"], tried.status_code) == ({}, status)


@pytest.mark.parametrize(
    ("stage", "codes"), [("to_accept", 1), ("running", 0), ("to_return", 0), ("ended", 0), ("nonsense", 1)]
)
def test_entrustments_are_listed_by_stage(send, everybody, client_of, stage, codes):
    send()

    response = client_of(everybody["court_clerk"]).get(reverse("court:entrustments"), {"stage": stage})

    assert (len(response.context["rows"]), {key: count for key, _, count in response.context["tabs"]}) == (
        codes,
        {"to_accept": 1, "running": 0, "to_return": 0, "ended": None},
    )


@pytest.mark.parametrize("rows", [1, 3])
def test_the_list_costs_the_same_at_one_row_and_at_three(send, everybody, client_of, rows):
    for _ in range(rows):
        send()
    client = client_of(everybody["court_clerk"])

    with CaptureQueriesContext(connection) as queries:
        response = client.get(reverse("court:entrustments"))

    assert (len(response.context["rows"]), len(queries)) == (rows, 7)
