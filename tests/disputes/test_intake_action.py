"""Registering and correcting a dispute: what is written, in which order, and what is refused."""

from datetime import date, datetime, timedelta
from decimal import Decimal

import pytest
from django.db import transaction

from core.errors import Conflict, NotAllowed, Refused
from core.models import AuditEntry, DirtyBucket, Division, Notification
from disputes.actions.correction import Correction, edit_dispute
from disputes.actions.parties import PartyData
from disputes.choices import DisputeState, EventKind, Risk, Side
from disputes.models import CodeSequence, Dispute, DisputeEvent, Party, RiskFlag, RoutingRule
from tests.disputes.conftest import APPLICANT, NOW, RESPONDENT, STORY, THREAT, TODAY, a_village


# ── what is written ──────────────────────────────────────────────────────────
def test_a_dispute_is_registered_with_its_code_name_and_state(register, mediator_of_taiping):
    dispute = register(mediator_of_taiping)
    dispute.refresh_from_db()
    assert (dispute.code, dispute.title, dispute.state, dispute.state_on, dispute.town_code) == (
        "TP2309-0001",
        "沈水旺与梁伯坚民间借贷纠纷",
        DisputeState.REGISTERED,
        TODAY,
        "445381101",
    )
    assert (dispute.amount, dispute.recorded_at, dispute.entered_late) == (Decimal(48_000), NOW, False)


def test_codes_count_up_within_a_towns_month_and_start_anew_in_the_next(register, mediator_of_taiping):
    days = (date(2023, 8, 30), date(2023, 8, 31), date(2023, 9, 1))
    assert [register(mediator_of_taiping, on=day).code for day in days] == ["TP2308-0001", "TP2308-0002", "TP2309-0001"]


def test_each_town_counts_for_itself(register, mediator_of_taiping, mediator_of_shuangdong):
    assert register(mediator_of_taiping).code == "TP2309-0001"
    assert register(mediator_of_shuangdong).code == "SD2309-0001"


def test_the_ten_thousandth_of_a_month_gets_a_longer_serial(register, mediator_of_taiping):
    CodeSequence.objects.create(prefix="TP2309", last=9999)
    assert register(mediator_of_taiping).code == "TP2309-10000"


def test_a_mediator_who_registers_handles_it_and_an_officer_leaves_it_open(
    register, mediator_of_taiping, officer_of_taiping
):
    assert register(mediator_of_taiping).handler == mediator_of_taiping
    assert register(officer_of_taiping).handler is None


def test_sex_and_birth_come_from_the_number_and_the_numbers_are_encrypted(register, mediator_of_taiping):
    party = register(mediator_of_taiping).parties.get(side=Side.APPLICANT)
    assert (party.sex, party.born_on, party.id_last4, party.phone_last4) == ("male", date(1968, 3, 12), "1235", "6072")
    raw = Party.objects.filter(pk=party.pk).extra(select={"raw": "id_number"}).values_list("raw", flat=True).get()
    assert str(raw).startswith("v1:")


def test_being_told_is_noted_for_applicants_only(register, mediator_of_taiping):
    dispute = register(mediator_of_taiping)
    told = {party.name: party.notice_accepted_at for party in dispute.parties.all()}
    assert told == {"沈水旺": NOW, "梁伯坚": None}


def test_one_event_one_dirty_month_and_one_audit_row_are_written(register, mediator_of_taiping):
    dispute = register(mediator_of_taiping)
    event = DisputeEvent.objects.get()
    assert (event.kind, event.on, event.text) == (EventKind.REGISTERED, TODAY, "群众申请登记")
    assert event.detail == "登记人 黎桂生。类型 民间借贷。权利人提出请求，诉讼时效自本日中断。"
    assert list(DirtyBucket.objects.values_list("town_code", "month")) == [("445381101", date(2023, 9, 1))]
    entry = AuditEntry.objects.get()
    assert (entry.action, entry.subject_id, entry.detail["code"]) == ("dispute.register", str(dispute.pk), dispute.code)


def test_nothing_of_a_person_stands_in_the_audit_row(register, mediator_of_taiping):
    register(mediator_of_taiping)
    said = str(AuditEntry.objects.get().detail)
    assert [word for word in ("沈水旺", "13800006072", "445381196803121235", "借四万") if word in said] == []


def test_the_type_left_open_is_the_one_suggested_first(register, mediator_of_taiping):
    dispute = register(mediator_of_taiping, case_type="")
    assert dispute.case_type_id == dispute.triage["suggestions"][0]["case_type"] == "private_loan"


def test_the_type_chosen_by_a_person_holds_against_the_suggestion(register, mediator_of_taiping):
    dispute = register(mediator_of_taiping, case_type="sale_contract")
    assert (dispute.case_type_id, dispute.title) == ("sale_contract", "沈水旺与梁伯坚买卖合同纠纷")
    assert dispute.triage["suggestions"][0]["case_type"] == "private_loan"


def test_the_proposed_route_is_kept_with_its_rule_and_reason(register, mediator_of_taiping):
    route = register(mediator_of_taiping).proposed_route
    assert set(route) == {"destination", "rule_key", "reason"}
    assert all(route.values())


@pytest.mark.parametrize(("days", "late"), [(7, False), (8, True)])
def test_an_entry_more_than_seven_days_late_is_marked(days, late, register, mediator_of_taiping):
    dispute = register(mediator_of_taiping, on=TODAY - timedelta(days=days))
    assert dispute.entered_late is late
    assert ("补录" in dispute.events.get().detail) is late


def test_past_disputes_recorded_in_their_own_time_are_not_late(register, mediator_of_taiping):
    then = datetime(2023, 3, 20, 9, 30, tzinfo=NOW.tzinfo)
    dispute = register(mediator_of_taiping, on=date(2023, 3, 20), recorded_at=then)
    assert (dispute.entered_late, dispute.recorded_at, dispute.events.get().at) == (False, then, then)


# ── the same form twice ──────────────────────────────────────────────────────
def test_the_same_form_sent_twice_registers_once(register, mediator_of_taiping):
    first = register(mediator_of_taiping, key="6f1d4b1e")
    again = register(mediator_of_taiping, key="6f1d4b1e")
    assert (again.pk, Dispute.objects.count(), AuditEntry.objects.count()) == (first.pk, 1, 1)
    assert CodeSequence.objects.get().last == 1


def test_the_key_of_one_user_never_answers_with_the_file_of_another(
    register, mediator_of_taiping, mediator_of_shuangdong
):
    first = register(mediator_of_taiping, key="6f1d4b1e")
    other = register(mediator_of_shuangdong, key="6f1d4b1e")
    assert other.pk != first.pk


# ── risk ─────────────────────────────────────────────────────────────────────
def test_a_threat_raises_a_flag_at_once_and_calls_the_officer(register, mediator_of_taiping, officer_of_taiping):
    dispute = register(mediator_of_taiping, narrative=THREAT)
    flag = RiskFlag.objects.get()
    assert (dispute.risk, flag.level, flag.receiver, flag.raised_at) == (Risk.HIGH, Risk.HIGH, officer_of_taiping, NOW)
    note = Notification.objects.get()
    assert (note.recipient, note.urgent) == (officer_of_taiping, True)
    assert note.text == f"有激化危险，请先报 110 再处置，并签收：{dispute.code} {dispute.title}"


def test_where_a_town_has_no_officer_the_county_is_called(register, mediator_of_taiping, committee_officer):
    register(mediator_of_taiping, narrative=THREAT)
    assert RiskFlag.objects.get().receiver == committee_officer


def test_a_calm_story_calls_nobody(register, mediator_of_taiping, officer_of_taiping):
    assert register(mediator_of_taiping).risk != Risk.HIGH
    assert (RiskFlag.objects.count(), Notification.objects.count()) == (0, 0)


# ── what is refused ──────────────────────────────────────────────────────────
@pytest.mark.parametrize(
    ("facts", "message"),
    [
        ({"narrative": " "}, "请写下事情经过。"),
        ({"narrative": "字" * 20_001}, "经过有 20,001 字，最多 20,000 字。"),
        ({"amount": Decimal(-1)}, "标的额不能是负数。"),
        ({"source": "rumour"}, "请选择怎么来的。"),
        ({"parties": (RESPONDENT,)}, "至少要有一名申请人。"),
        ({"parties": (PartyData(Side.APPLICANT, "沈水旺"),)}, "至少留一名当事人的电话，约时间、送文书都要用。"),
        ({"parties": (APPLICANT, PartyData(Side.RESPONDENT, "甲", phone="12"))}, "电话号码不对"),
        ({"parties": (APPLICANT, APPLICANT)}, "「沈水旺」已经在本件当事人里。"),
        ({"parties": (APPLICANT,) * 31}, "一件纠纷最多登记 30 名当事人。"),
    ],
    ids=[
        "no story",
        "endless story",
        "negative",
        "source",
        "no applicant",
        "no phone",
        "bad phone",
        "twice",
        "too many",
    ],
)
def test_an_impossible_dispute_is_refused_and_nothing_is_written(facts, message, register, mediator_of_taiping):
    with pytest.raises(Refused) as refused:
        register(mediator_of_taiping, **facts)
    assert refused.value.message.startswith(message)
    assert (Dispute.objects.count(), DisputeEvent.objects.count(), AuditEntry.objects.count()) == (0, 0, 0)


@pytest.mark.parametrize("day", [TODAY + timedelta(days=1), date(1949, 9, 30)], ids=["tomorrow", "before 1949"])
def test_an_impossible_day_is_refused_at_the_day(day, register, mediator_of_taiping):
    with pytest.raises(Refused) as refused:
        register(mediator_of_taiping, on=day)
    assert refused.value.field == "registered_on"


def test_nobody_registers_in_another_town(register, mediator_of_taiping, divisions):
    with pytest.raises(NotAllowed):
        register(mediator_of_taiping, village=a_village(divisions, "445381004"))


def test_a_town_without_letters_cannot_number_its_disputes(register, mediator_of_taiping, divisions):
    village = a_village(divisions, "445381101")
    village.parent.short_code = None
    with pytest.raises(Refused) as refused:
        register(mediator_of_taiping, village=village)
    assert refused.value.hint == "请管理员在行政区划里填写。"
    assert Division.objects.get(pk="445381101").short_code == "TP"


# ── correcting ───────────────────────────────────────────────────────────────
@pytest.fixture
def correct(village):
    def make(dispute, by, version=None, **facts):
        values = {
            "village": village,
            "source": dispute.source,
            "narrative": dispute.narrative,
            "case_type": dispute.case_type_id,
            "amount": dispute.amount,
            "platform_number": dispute.platform_number,
        }
        data = Correction(**(values | facts))
        return edit_dispute(dispute_id=dispute.pk, version=version or dispute.version, data=data, by=by)

    return make


def test_a_new_type_renames_the_dispute_and_is_written_down(register, correct, mediator_of_taiping):
    dispute = correct(register(mediator_of_taiping), mediator_of_taiping, case_type="sale_contract")
    dispute.refresh_from_db()
    assert (dispute.title, dispute.version) == ("沈水旺与梁伯坚买卖合同纠纷", 2)
    assert dispute.events.get(kind=EventKind.EDITED).text == "修改：类型"
    entry = AuditEntry.objects.get(action="dispute.edit")
    assert entry.detail["changed"] == {"case_type_id": ["private_loan", "sale_contract"]}


def test_another_sum_asks_the_routing_table_anew(register, correct, mediator_of_taiping):
    RoutingRule.objects.create(
        order=0, key="large", conditions={"amount_min": "1000000"}, destination="judge_guidance", reason="标的额大。"
    )
    dispute = register(mediator_of_taiping)
    corrected = correct(dispute, mediator_of_taiping, amount=Decimal(2_000_000))
    assert (dispute.proposed_route["rule_key"], corrected.proposed_route["rule_key"]) == ("town_point", "large")


def test_a_corrected_sum_does_not_bring_back_a_risk_that_was_lowered(register, correct, mediator_of_taiping):
    dispute = register(mediator_of_taiping, narrative=THREAT)
    Dispute.objects.update(risk=Risk.LOW)
    RiskFlag.objects.update(next_at=None, lowered_at=NOW, lowered_reason="当面和解")
    corrected = correct(dispute, mediator_of_taiping, amount=Decimal(1))
    assert (corrected.risk, corrected.proposed_route["rule_key"]) == (Risk.LOW, "town_point")


def test_numbers_in_an_old_story_are_masked_in_the_audit_row(register, correct, mediator_of_taiping):
    dispute = register(mediator_of_taiping, narrative=f"{STORY}他的电话13700002290。")
    correct(dispute, mediator_of_taiping, narrative=STORY)
    old, new = AuditEntry.objects.get(action="dispute.edit").detail["changed"]["narrative"]
    assert (old, new) == (f"{STORY}他的电话137****2290。", STORY)


def test_saving_without_a_change_writes_nothing(register, correct, mediator_of_taiping):
    dispute = correct(register(mediator_of_taiping), mediator_of_taiping)
    assert (dispute.version, DisputeEvent.objects.count(), AuditEntry.objects.count()) == (1, 1, 1)


def test_a_stale_page_is_a_conflict_that_names_who_was_first(
    register, correct, mediator_of_taiping, officer_of_taiping
):
    dispute = register(mediator_of_taiping)
    correct(dispute, officer_of_taiping, amount=Decimal(50_000))
    with pytest.raises(Conflict) as conflict:
        correct(dispute, mediator_of_taiping, version=1, amount=Decimal(1))
    assert conflict.value.message == "没有保存：谭少芬 10:05 已经改过这一件。"
    assert Dispute.objects.get().amount == Decimal(50_000)


def test_a_story_that_turns_threatening_is_flagged_once(register, correct, mediator_of_taiping, officer_of_taiping):
    dispute = register(mediator_of_taiping)
    dispute = correct(dispute, mediator_of_taiping, narrative=THREAT)
    correct(dispute, mediator_of_taiping, narrative=f"{THREAT}他真的来了。")
    assert (Dispute.objects.get().risk, RiskFlag.objects.count(), Notification.objects.count()) == (Risk.HIGH, 1, 1)


def test_a_calmer_story_does_not_lower_the_risk(register, correct, mediator_of_taiping, officer_of_taiping):
    dispute = register(mediator_of_taiping, narrative=THREAT)
    correct(dispute, mediator_of_taiping, narrative=STORY)
    assert Dispute.objects.get().risk == Risk.HIGH


def test_a_dispute_is_not_moved_to_another_town_by_correcting(register, correct, mediator_of_taiping, divisions):
    dispute = register(mediator_of_taiping)
    with pytest.raises(Refused) as refused:
        correct(dispute, mediator_of_taiping, village=a_village(divisions, "445381004"))
    assert refused.value.field == "village"


@pytest.mark.parametrize(("field", "value"), [("source", "rumour"), ("case_type", "dragons")])
def test_a_correction_keeps_to_the_known_sources_and_types(field, value, register, correct, mediator_of_taiping):
    dispute = register(mediator_of_taiping)
    with pytest.raises(Refused) as refused:
        correct(dispute, mediator_of_taiping, **{field: value})
    assert refused.value.field == field


def test_a_mediator_does_not_correct_a_closed_dispute_but_the_officer_does(
    register, correct, mediator_of_taiping, officer_of_taiping
):
    dispute = register(mediator_of_taiping)
    Dispute.objects.update(state=DisputeState.FAILED, outcome="failed", closed_on=TODAY)
    with pytest.raises(NotAllowed), transaction.atomic():
        correct(dispute, mediator_of_taiping, amount=Decimal(1))
    assert correct(dispute, officer_of_taiping, amount=Decimal(1)).amount == Decimal(1)
    assert set(DirtyBucket.objects.values_list("month", flat=True)) == {date(2023, 9, 1)}


@pytest.mark.parametrize(
    ("source", "interrupts"),
    [("visit", True), ("phone", True), ("hotline", True), ("petition", True), ("online", True)]
    + [(source, False) for source in ("grid", "active", "court", "police", "department")],
)
def test_only_what_a_party_asks_for_is_said_to_interrupt_the_limitation(
    register, mediator_of_taiping, source, interrupts
):
    """诉讼时效规定（2020 修正）第十二条: from the day on which the right-holder asks."""
    said = register(mediator_of_taiping, source=source).events.get(kind="registered").detail

    assert ("诉讼时效自本日中断" in said) == interrupts
