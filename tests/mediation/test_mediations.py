"""Starting a mediation and taking it up again: wills, rights, states, periods."""

from datetime import date

import pytest

from core.actions.deadlines import start_deadline
from core.errors import Conflict, NotAllowed, Refused
from core.models import AuditEntry, Deadline, DirtyBucket, Notification
from disputes.choices import DisputeState, EventKind, Side
from mediation.actions.endings import fail_mediation
from mediation.actions.mediations import reopen_mediation
from mediation.choices import Basis, EntrustmentState, Mode
from mediation.models import Assignment, Entrustment, Mediation, MediationOrganisation
from tests.mediation.conftest import at, party, start

pytestmark = pytest.mark.django_db


def test_mediation_of_two_willing_parties_starts_under_the_towns_committee(dispute, mediator_of_taiping):
    mediation = start(dispute, mediator_of_taiping)

    dispute.refresh_from_db()
    assert (dispute.state, dispute.handler, dispute.version) == (DisputeState.MEDIATING, mediator_of_taiping, 2)
    assert (str(mediation.organisation), mediation.basis, mediation.mode, mediation.accepted_on) == (
        "罗定市太平镇人民调解委员会",
        Basis.OWN,
        Mode.OFFLINE,
        date(2023, 8, 28),
    )
    assert Assignment.objects.get(mediation=mediation).mediator == mediator_of_taiping


def test_starting_writes_one_line_one_period_and_one_audit_row(dispute, mediator_of_taiping):
    mediation = start(dispute, mediator_of_taiping)

    event = dispute.events.get(kind=EventKind.MEDIATION_STARTED)
    assert (event.text, event.detail) == ("罗定市太平镇人民调解委员会受理，黎桂生主持调解", "自行人民调解、线下")
    deadline = Deadline.objects.about(mediation).get()
    assert (deadline.kind, deadline.due_on, deadline.responsible) == (
        "pm_target",
        date(2023, 9, 27),
        mediator_of_taiping,
    )
    assert AuditEntry.objects.get(action="mediation.start").detail["code"] == "TP2308-0146"
    assert DirtyBucket.objects.filter(town_code="445381101", month=date(2023, 8, 1)).exists()


def test_a_labour_dispute_also_gets_its_fifteen_days(dispute, private_loan, mediator_of_taiping):
    type(private_loan).objects.create(
        key="labour", name="劳动争议", cause="劳动争议", statistical_type="other_labour", order=3
    )
    dispute.case_type_id = "labour"
    dispute.save(update_fields=["case_type"])

    mediation = start(dispute, mediator_of_taiping)

    days = dict(Deadline.objects.about(mediation).values_list("kind", "due_on"))
    assert days == {"pm_target": date(2023, 9, 27), "labour_mediate": date(2023, 9, 12)}


# ── nobody is mediated against their word ────────────────────────────────────
@pytest.fixture
def silent(dispute):
    """The respondent has not said anything yet."""
    dispute.parties.filter(side=Side.RESPONDENT).update(consents_to_mediation=False)
    return dispute


def test_a_party_who_has_not_answered_stands_in_the_way(silent, mediator_of_taiping):
    with pytest.raises(Refused) as refusal:
        start(silent, mediator_of_taiping)

    assert refusal.value.message == "梁伯坚还没有表示同意调解。"
    assert refusal.value.field == "active"


def test_consent_given_now_is_noted_with_the_start(silent, mediator_of_taiping):
    respondent = silent.parties.get(side=Side.RESPONDENT)

    start(silent, mediator_of_taiping, agreed_by=[respondent.pk])

    respondent.refresh_from_db()
    assert respondent.consents_to_mediation is True
    assert silent.events.filter(kind=EventKind.CONSENTED).values_list("text", flat=True).get() == "梁伯坚同意调解"


def test_the_committee_may_act_of_itself_while_a_party_has_not_answered(silent, mediator_of_taiping):
    mediation = start(silent, mediator_of_taiping, active=True)

    assert mediation.active is True
    assert silent.events.get(kind=EventKind.MEDIATION_STARTED).detail == "自行人民调解、线下、主动调解"


@pytest.mark.parametrize("active", [False, True])
def test_explicit_refusal_of_one_side_forbids_mediation_even_of_the_committees_own_motion(
    dispute, mediator_of_taiping, active
):
    respondent = dispute.parties.get(side=Side.RESPONDENT)

    with pytest.raises(Refused) as refusal:
        start(dispute, mediator_of_taiping, active=active, refused_by=[respondent.pk])

    assert refusal.value.message == "梁伯坚明确拒绝调解，不得调解（人民调解法第十七条）。"
    assert Mediation.objects.count() == 0


# ── rights and states ────────────────────────────────────────────────────────
def test_another_mediator_of_the_town_may_not_start_it(dispute, make_user):
    colleague = make_user("colleague", "mediator", "445381101", name="陈晓岚")

    with pytest.raises(NotAllowed) as refusal:
        start(dispute, colleague)

    assert str(refusal.value) == "这一步由黎桂生办。"


@pytest.mark.parametrize(
    "who", ["mediator_of_shuangdong", "reviewing_judge", "court_clerk", "committee_officer", "admin", "auditor"]
)
def test_nobody_but_the_town_starts_a_mediation(cast, dispute, who):
    with pytest.raises(NotAllowed):
        start(dispute, cast[who])


def test_a_mediator_takes_a_dispute_that_nobody_handles(dispute, make_user):
    dispute.handler = None
    dispute.save(update_fields=["handler"])
    colleague = make_user("colleague", "mediator", "445381101", name="陈晓岚")

    start(dispute, colleague)

    dispute.refresh_from_db()
    assert dispute.handler == colleague


def test_the_officer_says_who_mediates_and_the_mediator_is_told(dispute, make_user, officer_of_taiping):
    colleague = make_user("colleague", "mediator", "445381101", name="陈晓岚")

    start(dispute, officer_of_taiping, mediator_id=colleague.pk)

    dispute.refresh_from_db()
    assert dispute.handler == colleague
    message = Notification.objects.get(recipient=colleague)
    assert message.text == "沈水旺与梁伯坚民间借贷纠纷（TP2308-0146）由您调解。"


@pytest.mark.parametrize("who", ["mediator_of_shuangdong", "officer_of_taiping", "reviewing_judge"])
def test_only_a_mediator_of_the_town_can_be_named(cast, dispute, officer_of_taiping, who):
    with pytest.raises(Refused) as refusal:
        start(dispute, officer_of_taiping, mediator_id=cast[who].pk)

    assert (refusal.value.field, refusal.value.message) == ("mediator", "请从本镇（街）的调解员里指派一名。")


@pytest.mark.parametrize("state", sorted(set(DisputeState.values) - {DisputeState.ROUTED, DisputeState.MERGED}))
def test_mediation_starts_only_from_routed(make_dispute, mediator_of_taiping, law_in_force, state):
    is_open = state in {"registered", "mediating"}
    closing = {"closed_on": date(2023, 8, 28), "outcome": "agreed" if state in {"agreed", "archived"} else state}
    extra = {"end_ground": "other", "referred_to": "派出所"}
    dispute = make_dispute(mediator_of_taiping, state=state, **({} if is_open else closing | extra))

    with pytest.raises(Refused):
        start(dispute, mediator_of_taiping)

    assert Mediation.objects.count() == 0


def test_a_stale_page_starts_nothing_and_names_who_was_first(mediating, mediator_of_taiping):
    with pytest.raises(Conflict) as conflict:
        start(mediating, mediator_of_taiping, version=1)

    assert conflict.value.message == (
        "没有保存：黎桂生 8月28日 11:00 已经办了「罗定市太平镇人民调解委员会受理，黎桂生主持调解」。"
    )


def test_a_stale_page_of_a_file_without_a_timeline_is_a_conflict_too(dispute, mediator_of_taiping):
    with pytest.raises(Conflict) as conflict:
        start(dispute, mediator_of_taiping, version=0)

    assert conflict.value.message == "没有保存：这一件刚刚有人改过。"


def test_a_town_without_a_committee_is_told_whom_to_ask(dispute, mediator_of_taiping):
    MediationOrganisation.objects.filter(division="445381101").delete()

    with pytest.raises(Refused) as refusal:
        start(dispute, mediator_of_taiping)

    assert str(refusal.value) == "这个镇（街）还没有登记调解组织。请管理员在配置里登记人民调解委员会。"


@pytest.mark.parametrize(
    ("day", "words"),
    [("2023-09-21", "不能晚于今天（2023年9月20日）。"), ("2023-08-27", "不能早于2023年8月28日，那一天才办到上一步。")],
)
def test_the_day_lies_between_routing_and_today(dispute, mediator_of_taiping, day, words):
    with pytest.raises(Refused) as refusal:
        start(dispute, mediator_of_taiping, on=date.fromisoformat(day))

    assert refusal.value.message == words


# ── the court's entrustment decides the basis ────────────────────────────────
@pytest.fixture
def entrust(dispute, court_clerk):
    def make(state: str, basis: str = Basis.PRE_FILING) -> Entrustment:
        after_filing = basis == Basis.POST_FILING
        return Entrustment.objects.create(
            dispute=dispute,
            town_code=dispute.town_code,
            basis=basis,
            state=state,
            sent_on=date(2023, 8, 28),
            sent_by=court_clerk,
            recorded_at=at("2023-08-28 09:00"),
            procedure="summary" if after_filing else "",
            court_number="（2023）粤5381民初88号" if after_filing else "",
            declined_because="人在外地" if state == EntrustmentState.DECLINED else "",
        )

    return make


def test_an_entrustment_not_yet_accepted_must_be_accepted_first(dispute, entrust, mediator_of_taiping):
    entrust(EntrustmentState.SENT)

    with pytest.raises(Refused) as refusal:
        start(dispute, mediator_of_taiping)

    assert refusal.value.message == "法院的委派（立案前）还没有接收。"


@pytest.mark.parametrize("basis", [Basis.PRE_FILING, Basis.POST_FILING])
def test_an_accepted_entrustment_is_the_basis_and_has_its_own_period(dispute, entrust, mediator_of_taiping, basis):
    entrust(EntrustmentState.ACCEPTED, basis)

    mediation = start(dispute, mediator_of_taiping)

    assert mediation.basis == basis
    assert Deadline.objects.about(mediation).count() == 0


def test_the_courts_period_is_the_mediators_and_ends_with_the_mediation(dispute, entrust, mediator_of_taiping):
    entrustment = entrust(EntrustmentState.ACCEPTED)
    start_deadline(
        kind="entrust_pre",
        subject=entrustment,
        town_code=dispute.town_code,
        base_on=date(2023, 8, 28),
        responsible=None,
    )
    start(dispute, mediator_of_taiping)
    deadline = Deadline.objects.about(entrustment).get()
    assert (deadline.responsible, deadline.settled_on) == (mediator_of_taiping, None)

    fail_mediation(
        dispute_id=dispute.pk, by=mediator_of_taiping, on=date(2023, 9, 5), reason="差距太大", ways_told=True
    )

    deadline.refresh_from_db()
    entrustment.refresh_from_db()
    assert (deadline.settled_on, entrustment.state) == (date(2023, 9, 5), EntrustmentState.FAILED)


def test_a_declined_entrustment_leaves_own_mediation(dispute, entrust, mediator_of_taiping):
    entrust(EntrustmentState.DECLINED)

    assert start(dispute, mediator_of_taiping).basis == Basis.OWN


def test_an_entrusted_case_needs_the_parties_consent(dispute, entrust, mediator_of_taiping):
    entrust(EntrustmentState.ACCEPTED)
    dispute.parties.update(consents_to_mediation=False)

    with pytest.raises(Refused) as refusal:
        start(dispute, mediator_of_taiping, active=True)

    assert refusal.value.field == "active"


# ── taken up again ───────────────────────────────────────────────────────────
@pytest.fixture
def failed(mediating, mediator_of_taiping):
    fail_mediation(
        dispute_id=mediating.pk,
        by=mediator_of_taiping,
        on=date(2023, 9, 5),
        reason="差距太大",
        ways_told=True,
        recorded_at=at("2023-09-05 17:00"),
    )
    return mediating


def test_a_failed_mediation_is_taken_up_again_with_a_reason(failed, mediator_of_taiping):
    mediation = reopen_mediation(
        dispute_id=failed.pk, by=mediator_of_taiping, on=date(2023, 9, 18), reason="被申请人愿意再谈"
    )

    failed.refresh_from_db()
    assert (failed.state, failed.outcome, failed.closed_on) == (DisputeState.MEDIATING, "", None)
    assert failed.mediations.filter(ended_on=None).get() == mediation
    assert Deadline.objects.about(mediation).get().due_on == date(2023, 10, 18)
    assert failed.events.get(kind=EventKind.REOPENED).detail == "被申请人愿意再谈"


def test_taking_it_up_again_needs_a_reason(failed, mediator_of_taiping):
    with pytest.raises(Refused) as refusal:
        reopen_mediation(dispute_id=failed.pk, by=mediator_of_taiping, on=date(2023, 9, 18), reason=" ")

    assert refusal.value.field == "reason"


def test_a_running_mediation_cannot_be_taken_up_again(mediating, mediator_of_taiping):
    with pytest.raises(Refused) as refusal:
        reopen_mediation(dispute_id=mediating.pk, by=mediator_of_taiping, on=date(2023, 9, 18), reason="再谈")

    assert "本件正在调解" in refusal.value.message


def test_an_agreement_may_be_renegotiated_and_its_thirty_days_stop(agreed, mediator_of_taiping):
    reopen_mediation(dispute_id=agreed.pk, by=mediator_of_taiping, on=date(2023, 9, 18), reason="双方要改付款日")

    agreement = agreed.mediations.order_by("id")[0].agreement
    settled = Deadline.objects.about(agreement).get()
    assert (settled.kind, settled.settled_on, settled.settled_as) == ("confirm_apply", date(2023, 9, 18), "void")


def test_a_third_party_makes_no_difference_to_the_committee_chosen(dispute, mediator_of_taiping):
    party(dispute, Side.RESPONDENT, "梁伯林", "445381197603025610")

    assert str(start(dispute, mediator_of_taiping).organisation) == "罗定市太平镇人民调解委员会"
