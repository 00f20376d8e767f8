"""Signatures and seal, each with its own time; what follows when the agreement takes effect."""

from dataclasses import replace
from datetime import date

import pytest

from core.errors import Conflict, NotAllowed, Refused
from core.models import AuditEntry, Deadline, DirtyBucket
from disputes.choices import DisputeState, EventKind, Side
from mediation.actions.agreements import Item
from mediation.actions.endings import fail_mediation
from mediation.actions.mediations import reopen_mediation
from mediation.actions.signatures import Entry, record_signature, record_signatures
from mediation.choices import AgreementForm, Basis, Mode, SignerKind, SignMethod
from mediation.models import Agreement, Mediation, Signature
from tests.mediation.conftest import at, everybody, meet, party, sign, write

pytestmark = pytest.mark.django_db


def test_the_last_of_all_signatures_makes_the_agreement_take_effect(drafted, mediator_of_taiping):
    first = everybody(drafted, mediator_of_taiping)[:-1]
    sign(drafted, mediator_of_taiping, first)
    assert Agreement.objects.get().effective_on is None

    seal = Entry(SignerKind.SEAL, at("2023-09-04 09:00"), SignMethod.STAMP)
    agreement = record_signature(dispute_id=drafted.pk, by=mediator_of_taiping, entry=seal)

    drafted.refresh_from_db()
    mediation = agreement.mediation
    assert agreement.effective_on == date(2023, 9, 4)
    assert (drafted.state, drafted.outcome, drafted.closed_on) == (DisputeState.AGREED, "agreed", date(2023, 9, 4))
    assert (mediation.outcome, mediation.ended_on) == ("agreed", date(2023, 9, 4))


def test_taking_effect_starts_the_thirty_days_and_the_agreed_days_and_ends_the_target(agreed):
    mediation = agreed.mediations.get()
    agreement = mediation.agreement

    target = Deadline.objects.about(mediation).get()
    apply = Deadline.objects.about(agreement).get()
    assert (target.kind, target.settled_on, target.settled_as) == ("pm_target", date(2023, 9, 1), "done")
    assert (apply.kind, apply.base_event_on, apply.raw_due_on, apply.due_on) == (
        "confirm_apply",
        date(2023, 9, 1),
        date(2023, 10, 1),
        date(2023, 10, 7),
    )
    days = Deadline.objects.filter(kind="performance").order_by("due_on").values_list("title", "due_on")
    assert list(days) == [
        ("督促履行第 1 期", date(2023, 9, 30)),
        ("督促履行第 2 期", date(2023, 10, 31)),
        ("督促履行第 3 期", date(2023, 11, 30)),
    ]


def test_taking_effect_is_one_line_of_the_timeline_at_the_time_of_the_last_signature(agreed):
    event = agreed.events.get(kind=EventKind.AGREEMENT_EFFECTIVE)

    assert (event.text, event.detail, event.on, event.at) == (
        "达成调解协议，协议生效",
        "太平人调〔2023〕1号。分 3 期，共 48,000 元，首期 2023年9月30日。",
        date(2023, 9, 1),
        at("2023-09-01 16:40"),
    )
    assert agreed.events.get(kind=EventKind.AGREEMENT_SIGNED).text == (
        "沈水旺签名、梁伯坚签名、调解员黎桂生签名、调解组织盖章"
    )
    assert AuditEntry.objects.get(action="agreement.sign").detail["effective_on"] == "2023-09-01"
    assert DirtyBucket.objects.filter(town_code="445381101", month=date(2023, 9, 1)).exists()


def test_a_thing_performed_on_the_spot_has_no_day_to_keep(met, mediator_of_taiping):
    write(met, mediator_of_taiping, items=[Item("当场付清", date(2023, 9, 1))])

    sign(met, mediator_of_taiping)

    assert Deadline.objects.filter(kind="performance").count() == 0


# ── who, when, how ───────────────────────────────────────────────────────────
@pytest.fixture
def applicant(drafted):
    return drafted.parties.get(side=Side.APPLICANT)


@pytest.mark.parametrize(
    ("when", "words"),
    [
        ("2023-09-20 10:06", "签名时间不能晚于现在。"),
        ("2023-08-31 23:59", "签名不能早于达成协议的那一天（2023年9月1日）。"),
    ],
)
def test_the_time_lies_between_conclusion_and_now(drafted, applicant, mediator_of_taiping, when, words):
    entry = Entry(SignerKind.PARTY, at(when), SignMethod.SIGNATURE, party_id=applicant.pk)

    with pytest.raises(Refused) as refusal:
        sign(drafted, mediator_of_taiping, [entry])

    assert (refusal.value.message, refusal.value.field) == (words, f"party-{applicant.pk}")
    assert Signature.objects.count() == 0


@pytest.mark.parametrize("when", ["2023-09-20 10:05", "2023-09-01 00:00"])
def test_the_edges_of_that_time_are_fine(drafted, applicant, mediator_of_taiping, when):
    sign(
        drafted,
        mediator_of_taiping,
        [Entry(SignerKind.PARTY, at(when), SignMethod.FINGERPRINT, party_id=applicant.pk)],
    )

    assert Signature.objects.get().signed_at == at(when)


def test_nobody_signs_twice_and_the_second_is_told_who_was_first(drafted, applicant, mediator_of_taiping):
    entry = Entry(SignerKind.PARTY, at("2023-09-01 16:40"), SignMethod.SIGNATURE, party_id=applicant.pk)
    sign(drafted, mediator_of_taiping, [entry])

    with pytest.raises(Conflict) as conflict:
        sign(drafted, mediator_of_taiping, [replace(entry, signed_at=at("2023-09-02 09:00"))])

    assert conflict.value.message == "没有保存：沈水旺的签名，黎桂生 9月20日 10:05 已经登记，签于 9月1日 16:40。"
    assert Signature.objects.get().signed_at == at("2023-09-01 16:40")


def test_one_wrong_entry_saves_none(drafted, mediator_of_taiping):
    entries = everybody(drafted, mediator_of_taiping)
    entries[-1] = Entry(SignerKind.SEAL, at("2023-09-21 09:00"), SignMethod.STAMP)

    with pytest.raises(Refused):
        sign(drafted, mediator_of_taiping, entries)

    assert Signature.objects.count() == 0


def test_an_agent_signs_for_a_party_only_when_one_is_on_file(drafted, applicant, mediator_of_taiping):
    entry = Entry(SignerKind.PARTY, at("2023-09-01 16:40"), SignMethod.SIGNATURE, party_id=applicant.pk, by_agent=True)
    with pytest.raises(Refused) as refusal:
        sign(drafted, mediator_of_taiping, [entry])
    assert refusal.value.message == "没有登记沈水旺的代理人。"

    drafted.parties.filter(pk=applicant.pk).update(agent_name="沈家俊")
    sign(drafted, mediator_of_taiping, [entry])

    assert Signature.objects.get().name == "沈水旺（沈家俊代）"


@pytest.mark.parametrize(
    ("kind", "method"),
    [
        (SignerKind.MEDIATOR, SignMethod.FINGERPRINT),
        (SignerKind.MEDIATOR, SignMethod.STAMP),
        (SignerKind.SEAL, SignMethod.SIGNATURE),
        (SignerKind.SEAL, SignMethod.FINGERPRINT),
    ],
)
def test_a_mediator_signs_and_a_seal_is_stamped(drafted, mediator_of_taiping, kind, method):
    who = mediator_of_taiping.pk if kind == SignerKind.MEDIATOR else None

    with pytest.raises(Refused) as refusal:
        sign(drafted, mediator_of_taiping, [Entry(kind, at("2023-09-01 16:40"), method, mediator_id=who)])

    assert refusal.value.message == "请选择签名的方式。"


def test_a_mediator_who_was_not_assigned_does_not_sign(drafted, mediator_of_taiping, make_user):
    colleague = make_user("colleague", "mediator", "445381101")
    entry = Entry(SignerKind.MEDIATOR, at("2023-09-01 16:40"), SignMethod.SIGNATURE, mediator_id=colleague.pk)

    with pytest.raises(Refused) as refusal:
        sign(drafted, mediator_of_taiping, [entry])

    assert refusal.value.message == "这名调解员没有办这一件。"


def test_a_third_party_added_before_signing_must_sign_too(drafted, mediator_of_taiping):
    two = everybody(drafted, mediator_of_taiping)
    third = party(drafted, Side.RESPONDENT, "梁伯林", "445381197603025610")
    sign(drafted, mediator_of_taiping, two)
    assert Agreement.objects.get().effective_on is None

    entry = Entry(SignerKind.PARTY, at("2023-09-02 09:00"), SignMethod.SIGNATURE, party_id=third.pk)
    sign(drafted, mediator_of_taiping, [entry])

    assert Agreement.objects.get().effective_on == date(2023, 9, 2)


def test_a_stranger_does_not_sign(drafted, make_dispute, mediator_of_taiping):
    other = make_dispute(mediator_of_taiping, code="TP2308-0147").parties.first()
    entry = Entry(SignerKind.PARTY, at("2023-09-01 16:40"), SignMethod.SIGNATURE, party_id=other.pk)

    with pytest.raises(Refused) as refusal:
        sign(drafted, mediator_of_taiping, [entry])

    assert refusal.value.message == "这个人不是本件当事人。"


def test_nothing_is_signed_after_mediation_failed(drafted, mediator_of_taiping):
    fail_mediation(
        dispute_id=drafted.pk, by=mediator_of_taiping, on=date(2023, 9, 5), reason="一方不肯签", ways_told=True
    )

    with pytest.raises(Refused) as refusal:
        sign(drafted, mediator_of_taiping)

    assert refusal.value.message == "本件现在是「调解不成」，没有等签名的协议。"


def test_an_agreement_with_nothing_to_perform_is_told_by_its_number_alone(met, mediator_of_taiping):
    write(met, mediator_of_taiping, clauses=["双方互相道歉。"], items=())

    sign(met, mediator_of_taiping)

    assert met.events.get(kind=EventKind.AGREEMENT_EFFECTIVE).detail == "太平人调〔2023〕1号。"


@pytest.mark.parametrize("who", ["officer_of_taiping", "mediator_of_shuangdong", "reviewing_judge", "court_clerk"])
def test_only_the_mediator_of_the_case_notes_signatures(cast, drafted, who):
    with pytest.raises(NotAllowed):
        sign(drafted, cast[who], everybody(drafted, cast[who]))


def test_there_must_be_a_draft_and_something_entered(met, mediator_of_taiping):
    with pytest.raises(Refused) as refusal:
        sign(met, mediator_of_taiping)
    assert refusal.value.message == "还没有起草协议。"

    write(met, mediator_of_taiping)
    with pytest.raises(Refused) as refusal:
        record_signatures(dispute_id=met.pk, by=mediator_of_taiping, entries=[])
    assert refusal.value.message == "还没有填签名时间。"


# ── other bases ──────────────────────────────────────────────────────────────
def test_online_the_parties_sign_electronically_and_no_seal_is_waited_for(drafted, mediator_of_taiping):
    Mediation.objects.update(mode=Mode.ONLINE)
    by_hand, by_key = (
        everybody(drafted, mediator_of_taiping, method=method)[:2]
        for method in (SignMethod.SIGNATURE, SignMethod.ELECTRONIC)
    )

    with pytest.raises(Refused) as refusal:
        sign(drafted, mediator_of_taiping, by_hand)
    assert refusal.value.message == "线上调解的协议，当事人要用电子签名（人民法院在线调解规则第十九条）。"

    sign(drafted, mediator_of_taiping, by_key)
    assert Agreement.objects.get().effective_on == date(2023, 9, 1)


def test_mediator_and_seal_may_follow_after_an_entrusted_agreement_took_effect(drafted, mediator_of_taiping):
    Mediation.objects.update(basis=Basis.PRE_FILING)
    parties, rest = everybody(drafted, mediator_of_taiping)[:2], everybody(drafted, mediator_of_taiping)[2:]
    sign(drafted, mediator_of_taiping, parties)

    sign(drafted, mediator_of_taiping, rest)

    assert Agreement.objects.get().effective_on == date(2023, 9, 1)
    assert Signature.objects.count() == 4


def test_after_filing_there_are_no_thirty_days_to_apply(drafted, mediator_of_taiping):
    Mediation.objects.update(basis=Basis.POST_FILING)

    sign(drafted, mediator_of_taiping)

    assert Deadline.objects.filter(kind="confirm_apply").count() == 0


def test_an_oral_agreement_binds_from_its_conclusion_once_the_mediator_signed_the_record(met, mediator_of_taiping):
    write(met, mediator_of_taiping, form=AgreementForm.ORAL)
    entry = Entry(SignerKind.MEDIATOR, at("2023-09-03 09:00"), SignMethod.SIGNATURE, mediator_id=mediator_of_taiping.pk)

    agreement = sign(met, mediator_of_taiping, [entry])

    assert agreement.effective_on == date(2023, 9, 1)


def test_a_new_agreement_replaces_the_former_ones_open_days(agreed, mediator_of_taiping):
    reopen_mediation(dispute_id=agreed.pk, by=mediator_of_taiping, on=date(2023, 9, 10), reason="改付款日")
    meet(agreed, mediator_of_taiping, held_on=date(2023, 9, 10))
    second = write(agreed, mediator_of_taiping, concluded_on=date(2023, 9, 11))

    sign(agreed, mediator_of_taiping, everybody(agreed, mediator_of_taiping, "2023-09-11 10:00"))

    assert second.number == "太平人调〔2023〕2号"
    former = Deadline.objects.filter(kind="performance", base_event_on=date(2023, 9, 1))
    assert set(former.values_list("settled_as", flat=True)) == {"void"}
    assert Deadline.objects.open().filter(kind="performance").count() == 3
