"""Parties added, corrected, asked; one field shown to one reader, with a trace."""

import pytest

from core.errors import NotAllowed, Refused
from core.models import AuditEntry
from disputes.actions.parties import PartyData, add_party, record_consent, reveal, update_party
from disputes.choices import DisputeState, EventKind, Outcome, PartyKind, Side
from disputes.models import Dispute, Party
from tests.disputes.conftest import APPLICANT, ID_OF_LIANG, ID_OF_SHEN, NOW, TODAY


@pytest.fixture
def dispute(register, mediator_of_taiping) -> Dispute:
    return register(mediator_of_taiping)


@pytest.fixture
def shen(dispute) -> Party:
    return dispute.parties.get(name="沈水旺")


@pytest.fixture
def liang(dispute) -> Party:
    return dispute.parties.get(name="梁伯坚")


def test_a_party_joins_at_the_end_and_the_dispute_is_renamed(dispute, mediator_of_taiping):
    data = PartyData(side=Side.RESPONDENT, name="罗定建材行", kind=PartyKind.ORGANISATION)
    party = add_party(dispute_id=dispute.pk, data=data, by=mediator_of_taiping)
    dispute.refresh_from_db()
    assert (party.order, dispute.title, dispute.version) == (2, "沈水旺与梁伯坚等2人民间借贷纠纷", 2)
    assert dispute.events.first().text == "补充被申请人：罗定建材行"


def test_the_same_person_does_not_join_twice(dispute, mediator_of_taiping):
    data = PartyData(side=Side.RESPONDENT, name="沈水旺", id_number=ID_OF_SHEN)
    with pytest.raises(Refused) as refused:
        add_party(dispute_id=dispute.pk, data=data, by=mediator_of_taiping)
    assert (refused.value.field, dispute.parties.count()) == ("name", 2)


def test_two_people_of_one_name_may_stand_together_with_their_numbers(dispute, liang, mediator_of_taiping):
    data = PartyData(side=Side.RESPONDENT, name="梁伯坚", id_number=ID_OF_LIANG)
    assert add_party(dispute_id=dispute.pk, data=data, by=mediator_of_taiping).name == liang.name


def test_a_thirty_first_party_is_refused(dispute, mediator_of_taiping):
    rows = (Party(dispute=dispute, side=Side.RESPONDENT, name=f"村民{n}", order=n) for n in range(2, 30))
    Party.objects.bulk_create(rows)
    data = PartyData(side=Side.RESPONDENT, name="最后一名")
    with pytest.raises(Refused) as refused:
        add_party(dispute_id=dispute.pk, data=data, by=mediator_of_taiping)
    assert refused.value.hint == "人数更多的，请分件登记。"


def test_an_empty_number_keeps_the_stored_one(dispute, shen, mediator_of_taiping):
    data = PartyData(side=Side.APPLICANT, name="沈水旺", address="太平镇潭白村12号", consents=True)
    party = update_party(party_id=shen.pk, data=data, by=mediator_of_taiping)
    party = Party.objects.get(pk=party.pk)
    assert (party.id_number, party.phone, party.address) == (ID_OF_SHEN, "13800006072", "太平镇潭白村12号")


def test_correcting_a_party_leaves_masked_traces(dispute, liang, mediator_of_taiping):
    data = PartyData(side=Side.RESPONDENT, name="梁伯坚", id_number=ID_OF_LIANG, phone="13700002290")
    update_party(party_id=liang.pk, data=data, by=mediator_of_taiping)
    detail = AuditEntry.objects.get(action="party.update").detail
    assert (detail["new"]["id_number"], detail["new"]["phone"]) == ("445381********561X", "137****2290")
    assert dispute.events.first().text == "修改被申请人：梁伯坚"


def test_correcting_nothing_writes_nothing(dispute, shen, mediator_of_taiping):
    update_party(party_id=shen.pk, data=APPLICANT, by=mediator_of_taiping)
    assert (dispute.events.count(), AuditEntry.objects.count()) == (1, 1)


def test_a_renamed_party_renames_the_dispute(dispute, liang, mediator_of_taiping):
    data = PartyData(side=Side.RESPONDENT, name="梁柏坚")
    update_party(party_id=liang.pk, data=data, by=mediator_of_taiping)
    dispute.refresh_from_db()
    assert dispute.title == "沈水旺与梁柏坚民间借贷纠纷"


def test_consent_is_noted_with_its_day_once(dispute, liang, mediator_of_taiping):
    for _ in range(2):
        record_consent(party_id=liang.pk, by=mediator_of_taiping, on=TODAY)
    liang.refresh_from_db()
    assert (liang.consents_to_mediation, liang.notice_accepted_at) == (True, NOW)
    assert dispute.events.filter(kind=EventKind.CONSENTED).count() == 1


@pytest.mark.parametrize("verb", ["add", "update", "consent"])
def test_a_colleague_who_has_nothing_to_do_with_it_changes_no_party(verb, dispute, liang, mediator_of_shuangdong):
    data = PartyData(side=Side.RESPONDENT, name="梁少强")
    with pytest.raises(NotAllowed):
        {
            "add": lambda: add_party(dispute_id=dispute.pk, data=data, by=mediator_of_shuangdong),
            "update": lambda: update_party(party_id=liang.pk, data=data, by=mediator_of_shuangdong),
            "consent": lambda: record_consent(party_id=liang.pk, by=mediator_of_shuangdong, on=TODAY),
        }[verb]()
    assert list(dispute.parties.values_list("name", flat=True)) == ["沈水旺", "梁伯坚"]


# ── one field, one reader ────────────────────────────────────────────────────
@pytest.mark.parametrize(
    ("field", "value"), [("id_number", ID_OF_SHEN), ("phone", "13800006072"), ("address", "")], ids=str
)
def test_one_field_is_shown_after_the_reason_is_written_down(field, value, shen, mediator_of_taiping):
    assert reveal(party_id=shen.pk, field=field, reason="核对身份", by=mediator_of_taiping) == value
    entry = AuditEntry.objects.get(action="party.reveal")
    assert (entry.subject_id, entry.detail["field"], entry.detail["reason"]) == (str(shen.pk), field, "核对身份")


@pytest.mark.parametrize(
    ("facts", "field"), [({"reason": " "}, "reason"), ({"field": "narrative"}, "field")], ids=["no reason", "no field"]
)
def test_nothing_is_shown_without_reason_or_beyond_the_three_fields(facts, field, shen, mediator_of_taiping):
    with pytest.raises(Refused) as refused:
        reveal(**({"party_id": shen.pk, "field": "phone", "reason": "核对", "by": mediator_of_taiping} | facts))
    assert refused.value.field == field


@pytest.mark.parametrize("who", ["mediator_of_shuangdong", "reviewing_judge", "committee_officer", "admin"])
def test_nobody_else_is_shown_anything(who, shen, cast):
    with pytest.raises(NotAllowed):
        reveal(party_id=shen.pk, field="phone", reason="想看", by=cast[who])
    assert AuditEntry.objects.filter(action="party.reveal").count() == 0


def test_after_the_days_limit_nothing_more_is_shown(shen, mediator_of_taiping, settings):
    settings.REVEALS_A_DAY = 3
    for _ in range(3):
        reveal(party_id=shen.pk, field="phone", reason="核对", by=mediator_of_taiping)
    with pytest.raises(Refused) as refused:
        reveal(party_id=shen.pk, field="phone", reason="核对", by=mediator_of_taiping)
    assert refused.value.message == "今天已经查看 3 次，到了每天的上限。"


@pytest.fixture
def closed(dispute) -> Dispute:
    """Agreed upon: the papers are signed."""
    return close(dispute, DisputeState.AGREED)


def close(dispute, state) -> Dispute:
    Dispute.objects.filter(pk=dispute.pk).update(state=state, outcome=Outcome.AGREED, closed_on=TODAY)
    return dispute


def test_what_the_court_serves_to_is_still_entered_after_the_agreement(closed, shen, mediator_of_taiping):
    data = PartyData(side=Side.APPLICANT, name="沈水旺", address="太平镇潭白村12号", consents=True)
    party = update_party(party_id=shen.pk, data=data, by=mediator_of_taiping)
    assert (party.address, party.id_number) == ("太平镇潭白村12号", shen.id_number)


def test_who_a_party_is_does_not_change_after_the_agreement(closed, shen, mediator_of_taiping):
    data = PartyData(side=Side.APPLICANT, name="沈水望", consents=True)
    with pytest.raises(Refused) as refused:
        update_party(party_id=shen.pk, data=data, by=mediator_of_taiping)
    assert refused.value.message == "协议已经生效，沈水旺的姓名、地位、证件号码不能再改。"
    assert Party.objects.get(pk=shen.pk).name == "沈水旺"


def test_a_dispute_that_failed_is_said_to_be_done_with(dispute, shen, mediator_of_taiping):
    facts = {"state": DisputeState.FAILED, "outcome": Outcome.FAILED, "closed_on": TODAY}
    Dispute.objects.filter(pk=dispute.pk).update(**facts)
    data = PartyData(side=Side.APPLICANT, name="沈水望", consents=True)
    with pytest.raises(Refused) as refused:
        update_party(party_id=shen.pk, data=data, by=mediator_of_taiping)
    assert refused.value.message == "本件已经办结，沈水旺的姓名、地位、证件号码不能再改。"


def test_the_officer_corrects_a_name_after_the_agreement(closed, shen, officer_of_taiping):
    data = PartyData(side=Side.APPLICANT, name="沈水望", consents=True)
    assert update_party(party_id=shen.pk, data=data, by=officer_of_taiping).name == "沈水望"


def test_a_file_put_away_is_not_touched_by_its_mediator(dispute, shen, mediator_of_taiping):
    close(dispute, DisputeState.ARCHIVED)
    data = PartyData(side=Side.APPLICANT, name="沈水旺", address="太平镇", consents=True)
    with pytest.raises(NotAllowed):
        update_party(party_id=shen.pk, data=data, by=mediator_of_taiping)
