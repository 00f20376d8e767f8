"""A closed dispute is taken up again, and papers come late: who may, what happens to the days, why not."""

from datetime import date

import pytest

from core.errors import NotAllowed, Refused
from core.models import Deadline, Notification
from disputes.actions.clusters import compare_marked
from disputes.actions.routing import refer_out
from disputes.choices import DisputeState, EventKind
from disputes.models import Dispute, LatePaper
from mediation.actions.endings import archive_dispute, fail_mediation
from mediation.actions.mediations import reopen_mediation
from mediation.actions.papers import add_paper
from mediation.choices import PaperKind
from mediation.models import Agreement, Mediation
from tests.mediation.confirmation_kit import accept, confirm, submit
from tests.mediation.conftest import at
from tests.mediation.test_performance import upload

pytestmark = pytest.mark.django_db
DAY = date(2023, 9, 20)


def reopen(dispute, by, **facts):
    values = {"reason": "双方愿意再谈", "on": DAY} | facts
    return reopen_mediation(dispute_id=dispute.pk, by=by, **values)


@pytest.fixture
def failed(met, mediator_of_taiping) -> Dispute:
    fail_mediation(dispute_id=met.pk, by=mediator_of_taiping, on=date(2023, 9, 12), reason="差距太大", ways_told=True)
    return Dispute.objects.get(pk=met.pk)


@pytest.fixture
def archived(failed, mediator_of_taiping) -> Dispute:
    archive_dispute(dispute_id=failed.pk, by=mediator_of_taiping, on=date(2023, 9, 15))
    return Dispute.objects.get(pk=failed.pk)


@pytest.fixture
def sent_away(dispute, officer_of_taiping) -> Dispute:
    refer_out(
        dispute_id=dispute.pk, office="太平镇自然资源所", reason="权属未定", by=officer_of_taiping, on=date(2023, 9, 12)
    )
    return Dispute.objects.get(pk=dispute.pk)


# ── failed again ─────────────────────────────────────────────────────────────
def test_one_that_fails_again_after_it_was_reopened_shows_it_and_tells_the_officer_once(
    failed, mediator_of_taiping, officer_of_taiping, client_of
):
    told = Notification.objects.filter(recipient=officer_of_taiping, text__contains="2 次调解不成")
    compare_marked(at("2023-09-13 09:00"))
    assert not told.exists()
    reopen(failed, mediator_of_taiping)
    fail_mediation(dispute_id=failed.pk, by=mediator_of_taiping, on=DAY, reason="还是谈不拢", ways_told=True)

    for minute in ("10:00", "10:01"):
        compare_marked(at(f"2023-09-20 {minute}"))
        Dispute.objects.update(cluster_mark="due")

    browser = client_of(mediator_of_taiping)
    assert "这些人以前 2 次调解不成" in browser.get(failed.get_absolute_url()).content.decode()
    assert "以前 2 次调解不成" in browser.get("/disputes/?state=failed").content.decode()
    assert [one.url for one in told] == [failed.get_absolute_url()]


# ── taken up again ───────────────────────────────────────────────────────────
def test_an_agreed_case_keeps_its_agreement_and_agreed_days_and_loses_the_days_to_apply(agreed, mediator_of_taiping):
    assert Deadline.objects.open().filter(kind="confirm_apply").exists()

    reopen(agreed, mediator_of_taiping)

    fresh = Dispute.objects.get(pk=agreed.pk)
    assert (fresh.state, fresh.outcome, fresh.closed_on) == (DisputeState.MEDIATING, "", None)
    open_ones = [one.kind for one in Deadline.objects.open().order_by("kind")]
    assert open_ones == ["performance", "performance", "performance", "pm_target"]
    assert Agreement.objects.get().effective_on == date(2023, 9, 1)
    assert Mediation.objects.filter(ended_on=None).count() == 1


def test_an_agreement_under_confirmation_is_not_reopened_and_says_why(agreed, mediator_of_taiping):
    submit(agreed, mediator_of_taiping)

    with pytest.raises(Refused) as refusal:
        reopen(agreed, mediator_of_taiping)

    assert str(refusal.value) == "司法确认还没有结果。请等法院裁定，或者先撤回申请，再重新调解。"


def test_an_agreement_that_the_court_confirmed_is_not_mediated_anew(
    agreed, mediator_of_taiping, court_clerk, reviewing_judge
):
    confirm(accept(submit(agreed, mediator_of_taiping), court_clerk), reviewing_judge)

    with pytest.raises(Refused, match=r"法院已裁定协议有效.*第三百七十二条"):
        reopen(agreed, mediator_of_taiping)
    assert Dispute.objects.get(pk=agreed.pk).state == DisputeState.AGREED


def test_what_another_office_sends_back_is_the_officers_to_take_up(sent_away, officer_of_taiping, mediator_of_taiping):
    with pytest.raises(NotAllowed):
        reopen(sent_away, mediator_of_taiping)

    reopen(sent_away, officer_of_taiping, reason="自然资源所退回：权属已明，只剩赔偿")

    fresh = Dispute.objects.get(pk=sent_away.pk)
    assert (fresh.state, fresh.referred_to, fresh.outcome) == (DisputeState.MEDIATING, "", "")
    assert fresh.events.get(kind=EventKind.REOPENED).detail.startswith("自然资源所退回")


def test_nobody_is_mediated_anew_against_their_word(sent_away, officer_of_taiping):
    first, second = sent_away.parties.all()
    sent_away.parties.update(consents_to_mediation=False)

    with pytest.raises(Refused, match="还没有表示同意调解"):
        reopen(sent_away, officer_of_taiping, agreed_by=[first.pk])
    with pytest.raises(Refused, match="明确拒绝调解"):
        reopen(sent_away, officer_of_taiping, agreed_by=[first.pk], refused_by=[second.pk])

    reopen(sent_away, officer_of_taiping, agreed_by=[first.pk, second.pk])
    assert set(sent_away.parties.values_list("consents_to_mediation", flat=True)) == {True}


def test_an_archived_file_says_what_to_do_instead(archived, officer_of_taiping):
    with pytest.raises(Refused) as refusal:
        reopen(archived, officer_of_taiping)

    assert refusal.value.message == "本件已经归档，卷宗不再往下办，不能重新调解。"
    assert "登记一件新的" in refusal.value.hint


def test_reopening_needs_its_reason(failed, mediator_of_taiping):
    with pytest.raises(Refused) as refusal:
        reopen(failed, mediator_of_taiping, reason=" ")

    assert refusal.value.field == "reason"


# ── papers that come late ────────────────────────────────────────────────────
def test_a_paper_on_a_closed_file_is_marked_with_the_day_and_who_brought_it(archived, mediator_of_taiping):
    stored = add_paper(
        dispute_id=archived.pk,
        by=mediator_of_taiping,
        upload=upload("收条.pdf"),
        kind=PaperKind.RECEIPT,
        handed_in_on=date(2023, 9, 18),
        handed_in_by="沈水旺",
    )

    late = LatePaper.objects.get(file=stored)
    assert (late.state_then, late.handed_in_on, late.handed_in_by) == ("archived", date(2023, 9, 18), "沈水旺")
    event = archived.events.get(kind=EventKind.FILED_LATE)
    assert (event.on, event.text) == (date(2023, 9, 18), "补交收条、转账凭证")
    assert event.detail == "沈水旺交来；本件当时是「已归档」。"


def test_the_process_stays_where_it_is(archived, mediator_of_taiping):
    add_paper(dispute_id=archived.pk, by=mediator_of_taiping, upload=upload(), kind=PaperKind.OTHER)

    fresh = Dispute.objects.get(pk=archived.pk)
    assert (fresh.state, fresh.closed_on, fresh.state_on) == ("archived", date(2023, 9, 12), date(2023, 9, 15))
    assert LatePaper.objects.get().handed_in_by == "黎桂生"


def test_a_paper_cannot_have_come_before_the_file_was_closed(archived, mediator_of_taiping):
    with pytest.raises(Refused) as refusal:
        add_paper(
            dispute_id=archived.pk,
            by=mediator_of_taiping,
            upload=upload(),
            kind=PaperKind.OTHER,
            handed_in_on=date(2023, 9, 11),
        )

    assert (refusal.value.field, LatePaper.objects.count()) == ("handed_in_on", 0)


def test_papers_of_an_agreement_that_is_carried_out_are_not_late(agreed, mediator_of_taiping):
    add_paper(dispute_id=agreed.pk, by=mediator_of_taiping, upload=upload(), kind=PaperKind.RECEIPT)

    assert LatePaper.objects.count() == 0
