"""A dispute registered twice becomes one: carried over, closed with a pointer, counted once, never deleted."""

from datetime import date

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from core.choices import Role
from core.errors import NotAllowed, Refused
from core.models import AuditEntry, Deadline, StoredFile
from disputes.actions.correction import Correction, edit_dispute
from disputes.actions.parties import PartyData, add_party, data_of, record_consent, update_party
from disputes.actions.told_numbers import move_number
from disputes.choices import DisputeState, EventKind, Risk, Side
from disputes.models import Dispute, RiskFlag
from disputes.queries import filtered
from mediation.actions.merging import merge_dispute
from mediation.actions.papers import add_paper
from mediation.choices import PaperKind
from mediation.models import Mediation
from tests.conftest import SHUANGDONG
from tests.mediation.conftest import party, start
from tests.mediation.test_performance import upload

pytestmark = pytest.mark.django_db
DAY = date(2023, 9, 18)


@pytest.fixture
def double(make_dispute, mediator_of_taiping, law_in_force) -> Dispute:
    """The same quarrel registered again, with a guarantor more."""
    found = make_dispute(mediator_of_taiping, code="TP2309-0002")
    party(found, Side.RESPONDENT, "梁伯林", "445381197603025614")
    return found


def merge(dispute, kept, by, **facts):
    values = {"reason": "同一张欠条，前后登记两次", "on": DAY} | facts
    return merge_dispute(dispute_id=dispute.pk, kept_id=kept.pk, by=by, **values)


def test_who_and_what_is_missing_is_carried_over_once(double, dispute, officer_of_taiping):
    add_paper(dispute_id=double.pk, by=officer_of_taiping, upload=upload("欠条.pdf"), kind=PaperKind.EVIDENCE)

    done = merge(double, dispute, officer_of_taiping)

    assert (done.parties, done.papers) == (1, 1)
    assert sorted(dispute.parties.values_list("name", flat=True)) == ["梁伯坚", "梁伯林", "沈水旺"]
    assert dispute.parties.get(name="梁伯林").id_number == "445381197603025614"
    assert StoredFile.objects.get().subject_id == str(dispute.pk)
    assert double.parties.count() == 3


def test_the_merged_one_is_closed_with_a_pointer_and_stays(double, dispute, officer_of_taiping):
    merge(double, dispute, officer_of_taiping)

    double.refresh_from_db()
    assert (double.state, double.outcome, double.merged_into, double.closed_on) == ("merged", "merged", dispute, DAY)
    assert double.events.get(kind=EventKind.MERGED).text == "并入 TP2308-0146"
    assert dispute.events.get(kind=EventKind.MERGED).text == "TP2309-0002 并入本件"
    assert AuditEntry.objects.get(action="dispute.merge").detail["kept"] == "TP2308-0146"


def test_the_ledger_lists_it_only_when_asked_for(double, dispute, officer_of_taiping):
    merge(double, dispute, officer_of_taiping)

    assert list(filtered(officer_of_taiping, {})) == [dispute]
    assert list(filtered(officer_of_taiping, {"state": "merged"})) == [double]
    assert list(filtered(officer_of_taiping, {"q": "TP2309-0002"})) == [double]


def test_its_running_mediation_and_periods_end(double, dispute, mediator_of_taiping, officer_of_taiping):
    start(double, mediator_of_taiping)

    merge(double, dispute, officer_of_taiping)

    assert Mediation.objects.get(dispute=double).ended_on == DAY
    assert Deadline.objects.open().count() == 0


def test_a_warning_goes_on_with_the_one_kept(double, dispute, officer_of_taiping, mediator_of_taiping):
    flag = RiskFlag.objects.create(
        dispute=double, level=Risk.HIGH, reasons="扬言动刀", raised_at=double.recorded_at, receiver=mediator_of_taiping
    )
    Dispute.objects.filter(pk=double.pk).update(risk=Risk.HIGH)

    merge(double, dispute, officer_of_taiping)

    flag.refresh_from_db()
    dispute.refresh_from_db()
    assert (flag.dispute, dispute.risk) == (dispute, Risk.HIGH)


def test_two_people_of_one_name_are_told_apart_by_their_numbers(double, dispute, officer_of_taiping):
    party(double, Side.APPLICANT, "沈水旺", "44538119740302561X")

    merge(double, dispute, officer_of_taiping)

    assert dispute.parties.filter(name="沈水旺").count() == 2


def test_the_right_to_both_is_asked(double, make_dispute, make_user, mediator_of_taiping):
    colleague = make_user("colleague", Role.MEDIATOR, "445381101")
    theirs = make_dispute(colleague, code="TP2309-0003")

    with pytest.raises(Refused, match="TP2309-0003 不由您承办，您不能并。") as refused:
        merge(double, theirs, mediator_of_taiping)
    assert (refused.value.field, refused.value.hint) == ("code", "请它的承办人或本镇（街）联络人员来并。")
    with pytest.raises(NotAllowed):
        merge(theirs, double, mediator_of_taiping)


def test_nothing_is_said_of_a_dispute_outside_ones_scope(double, make_dispute, mediator_of_taiping, make_user):
    other = make_dispute(make_user("other", Role.OFFICER, SHUANGDONG), code="SD2309-0001", town=SHUANGDONG)

    with pytest.raises(NotAllowed):
        merge(double, other, mediator_of_taiping)


def test_that_the_towns_differ_is_said_before_whose_it_is(double, make_dispute, mediator_of_taiping, make_user):
    other = make_dispute(make_user("other", Role.OFFICER, SHUANGDONG), code="SD2309-0001", town=SHUANGDONG)
    Dispute.objects.filter(pk=other.pk).update(joint_codes=double.town_code)

    with pytest.raises(Refused, match="不同的镇"):
        merge(double, other, mediator_of_taiping)


def test_disputes_of_two_towns_are_not_merged(double, make_dispute, make_user):
    both = make_user("both", Role.OFFICER, "445381101", SHUANGDONG)
    other = make_dispute(both, code="SD2309-0001", town=SHUANGDONG)

    with pytest.raises(Refused, match="不同的镇"):
        merge(double, other, both)
    assert Dispute.objects.get(pk=double.pk).state == DisputeState.ROUTED


def test_nothing_is_merged_into_itself_nor_twice(double, dispute, officer_of_taiping):
    with pytest.raises(Refused, match="不能并入它自己"):
        merge(double, double, officer_of_taiping)

    merge(double, dispute, officer_of_taiping)
    with pytest.raises(Refused, match="本件已经并入他件"):
        merge(double, dispute, officer_of_taiping)


def test_the_database_knows_no_merged_dispute_without_its_pointer(double, dispute):
    for facts in ({"merged_into": double.pk}, {"outcome": "merged", "state": "merged", "closed_on": DAY}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Dispute.objects.filter(pk=double.pk).update(**facts)


def test_whoever_would_still_write_to_it_is_told_where_to_go(double, dispute, officer_of_taiping):
    merge(double, dispute, officer_of_taiping)
    who = double.parties.get(name="沈水旺")
    correction = Correction(village=double.division, source="visit", narrative="改写。", case_type="private_loan")

    for act, facts in (
        (edit_dispute, {"dispute_id": double.pk, "version": 1, "data": correction}),
        (add_party, {"dispute_id": double.pk, "data": PartyData(Side.RESPONDENT, "梁伯森")}),
        (update_party, {"party_id": who.pk, "data": data_of(who, phone="13800006079")}),
        (record_consent, {"party_id": who.pk, "on": DAY}),
        (move_number, {"dispute_id": double.pk, "party_id": who.pk, "masked": "138****6072"}),
    ):
        with pytest.raises(NotAllowed, match="本件已经并入 TP2308-0146，只作记录，不再改。请到 TP2308-0146 里办。"):
            act(by=officer_of_taiping, **facts)


def test_a_paper_that_comes_later_is_sent_to_the_one_kept(double, dispute, officer_of_taiping):
    merge(double, dispute, officer_of_taiping)

    with pytest.raises(Refused, match="本件已经并入他件，材料不再收在这里。请收进 TP2308-0146。"):
        add_paper(dispute_id=double.pk, by=officer_of_taiping, upload=upload(), kind=PaperKind.OTHER)


# ── details of people who stand in both ──────────────────────────────────────
def test_what_is_empty_of_a_person_who_stands_in_both_is_filled_and_said(double, dispute, officer_of_taiping):
    dispute.parties.filter(name="沈水旺").update(address="")
    there = dispute.parties.get(name="沈水旺")
    there.phone = there.phone_last4 = ""
    there.save()
    double.parties.filter(name="沈水旺").update(
        home="445381101", capacity="limited", guardian_name="沈大妹", guardian_relation="母亲", agent_name="区志强"
    )

    done = merge(double, dispute, officer_of_taiping)

    there.refresh_from_db()
    found = (there.phone, there.home_id, there.capacity, there.guardian_name, there.guardian_relation, there.agent_name)
    assert found == ("13800006072", "445381101", "limited", "沈大妹", "母亲", "区志强")
    assert there.address == "罗定市太平镇潭白村12号"
    said = "沈水旺的电话、住址、送达、户籍、常住、行为能力、监护人、代理人"
    assert done.filled == (said,)
    assert said in dispute.events.get(kind=EventKind.MERGED).detail


def test_nothing_that_stands_there_is_overwritten_nor_mixed(double, dispute, officer_of_taiping):
    dispute.parties.filter(name="沈水旺").update(guardian_name="沈大妹")
    double.parties.filter(name="沈水旺").update(guardian_name="沈二妹", guardian_relation="姐姐")
    theirs = double.parties.get(name="沈水旺")
    theirs.phone, theirs.address = "13800006079", "别处"
    theirs.save()

    done = merge(double, dispute, officer_of_taiping)

    there = dispute.parties.get(name="沈水旺")
    found = (there.phone, there.address, there.guardian_name, there.guardian_relation)
    assert (found, done.filled) == (("13800006072", "罗定市太平镇潭白村12号", "沈大妹", ""), ())


def test_whoever_comes_new_comes_with_all_details(double, dispute, officer_of_taiping, mediator_of_taiping):
    facts = {"guardian_name": "梁大妹", "agent_kind": "entrusted", "agent_name": "区志强", "agent_authorised": True}
    facts |= {"notice_how": "oral", "notice_given_by": mediator_of_taiping, "capacity": "none"}
    double.parties.filter(name="梁伯林").update(**facts)

    merge(double, dispute, officer_of_taiping)

    new = dispute.parties.get(name="梁伯林")
    assert {name: getattr(new, name) for name in facts} == facts


def test_a_name_that_two_people_there_have_is_filled_from_nobody(double, dispute, officer_of_taiping):
    party(dispute, Side.APPLICANT, "沈水旺")
    double.parties.filter(name="沈水旺").update(id_number="", id_hash="", id_last4="", guardian_name="沈大妹")

    merge(double, dispute, officer_of_taiping)

    assert set(dispute.parties.filter(name="沈水旺").values_list("guardian_name", flat=True)) == {""}


def test_a_respondent_who_gets_a_number_is_compared_anew_for_clusters(double, dispute, officer_of_taiping):
    there = dispute.parties.get(name="梁伯坚")
    there.id_number = there.id_last4 = there.phone = there.phone_last4 = ""
    there.save()
    Dispute.objects.update(cluster_mark="")

    merge(double, dispute, officer_of_taiping)

    dispute.refresh_from_db()
    assert (dispute.parties.get(name="梁伯坚").id_number, dispute.cluster_mark) == ("445381197403025618", "due")


# ── afterwards ───────────────────────────────────────────────────────────────
RECORD_ONLY, NOT_THEIRS = "本件已经并入 TP2308-0146，只作记录", "您没有办理这一步的权限"


@pytest.mark.parametrize(
    ("name", "who", "said"),
    [
        ("disputes:edit", "in_charge", RECORD_ONLY),
        ("disputes:edit", "colleague", NOT_THEIRS),
        ("disputes:numbers", "colleague", NOT_THEIRS),
        ("disputes:route", "colleague", NOT_THEIRS),
        ("mediation:merge", "colleague", NOT_THEIRS),
        ("mediation:paper-new", "in_charge", RECORD_ONLY),
        ("mediation:paper-new", "colleague", NOT_THEIRS),
        ("mediation:agreement-new", "colleague", NOT_THEIRS),
    ],
)
def test_of_a_merged_one_each_page_says_what_really_keeps_one_from_it(
    name, who, said, double, dispute, officer_of_taiping, mediator_of_taiping, make_user, client_of
):
    merge(double, dispute, officer_of_taiping)
    user = mediator_of_taiping if who == "in_charge" else make_user("colleague", Role.MEDIATOR, "445381101")

    answer = client_of(user).get(reverse(name, args=[double.code]))

    html = answer.content.decode()
    told = [words for words in (RECORD_ONLY, NOT_THEIRS) if words in html]
    assert (answer.status_code, told) == (403, [said])


def test_a_colleague_who_corrects_a_merged_one_is_not_told_that_merging_is_why(
    double, dispute, officer_of_taiping, make_user
):
    merge(double, dispute, officer_of_taiping)
    colleague = make_user("colleague", Role.MEDIATOR, "445381101")

    with pytest.raises(NotAllowed, match=NOT_THEIRS):
        add_party(dispute_id=double.pk, data=PartyData(Side.RESPONDENT, "梁伯森"), by=colleague)
