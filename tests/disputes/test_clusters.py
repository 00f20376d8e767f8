"""One respondent in many quarrels: when it warns, that the next one joins, who sees what, how it ends."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from core.choices import Role
from core.errors import Conflict, NotAllowed, Refused
from core.models import Notification
from disputes.actions.clusters import acknowledge_cluster, close_cluster, compare_marked
from disputes.actions.parties import PartyData, add_party, update_party
from disputes.actions.towns import ask_town
from disputes.choices import EventKind, PartyKind, Side
from disputes.clusters import Case, Limits, why
from disputes.models import ClusterMember, ClusterWarning, Dispute, WarningRule
from tests.conftest import COUNTY, SHUANGDONG
from tests.disputes.conftest import NOW, TODAY, a_village
from tests.roster import workbooks

LIMITS = Limits(least=3, days=180, towns=2)
FACTORY = PartyData(side=Side.RESPONDENT, kind=PartyKind.ORGANISATION, name="泷州五金制品厂")
NUMBERS = iter(range(1, 900))


def worker() -> PartyData:
    number = next(NUMBERS)
    return PartyData(
        side=Side.APPLICANT, name=f"工友{number}", phone=f"1380001{number:04d}",
        id_number=workbooks.id_number("19800405", number),
    )  # fmt: skip


# ── the rule ─────────────────────────────────────────────────────────────────
@pytest.mark.parametrize(
    ("towns_and_days", "said"),
    [
        (["A0", "A1"], ""),
        (["A0", "A1", "A179"], "180 天里 3 件"),
        (["A0", "A1", "A180"], ""),
        (["A0", "B9"], "180 天里涉及 2 个镇（街）"),
        (["A0", "A1", "B2"], "180 天里 3 件；180 天里涉及 2 个镇（街）"),
        (["A0", "B180"], ""),
    ],
)
def test_three_within_the_days_or_two_towns_warn(towns_and_days, said):
    cases = [Case(place, text[0], TODAY - timedelta(days=int(text[1:]))) for place, text in enumerate(towns_and_days)]
    assert why(cases, LIMITS, TODAY) == said


@given(
    st.lists(st.tuples(st.integers(1, 6), st.sampled_from("ABC"), st.integers(-3, 400)), max_size=12),
    st.integers(2, 5), st.integers(1, 365), st.sampled_from([0, 2, 3]),
)  # fmt: skip
def test_it_warns_exactly_when_a_plain_count_says_so(rows, least, days, towns):
    cases = {key: Case(key, town, TODAY - timedelta(days=back)) for key, town, back in rows}.values()
    inside = [case for case in cases if 0 <= (TODAY - case.on).days < days]
    wanted = len(inside) >= least or (bool(towns) and len({case.town for case in inside}) >= towns)
    assert bool(why(cases, Limits(least, days, towns), TODAY)) is wanted


# ── the warning ──────────────────────────────────────────────────────────────
@pytest.fixture
def against(register, mediator_of_taiping):
    """against(respondent) → a dispute of another worker with them, compared as the sweep does."""

    def make(respondent: PartyData = FACTORY, *, by=None, compare: bool = True, **facts) -> Dispute:
        made = register(by or mediator_of_taiping, parties=(worker(), respondent), **facts)
        if compare:
            compare_marked(NOW)
        return made

    return make


def test_the_third_case_raises_one_warning_and_the_fourth_joins_it(against, officer_of_taiping, committee_officer):
    first, second = against(), against()
    assert ClusterWarning.objects.count() == 0
    third = against()
    warning = ClusterWarning.objects.get()
    assert (warning.because, warning.members.count()) == ("180 天里 3 件", 3)
    told = Notification.objects.count()
    assert told == 2  # officer and county, once

    fourth = against()
    assert set(ClusterMember.objects.values_list("dispute_id", flat=True)) == {
        first.pk, second.pk, third.pk, fourth.pk
    }  # fmt: skip
    assert (ClusterWarning.objects.count(), Notification.objects.count()) == (1, told)
    assert {one.events.filter(kind=EventKind.CLUSTERED).count() for one in Dispute.objects.all()} == {1}


def test_a_case_of_a_second_town_warns_at_once(against, mediator_of_shuangdong):
    against()
    against(by=mediator_of_shuangdong)
    assert ClusterWarning.objects.get().because == "180 天里涉及 2 个镇（街）"


def test_a_town_without_an_officer_has_its_case_told_to_the_supervisor(
    against, mediator_of_shuangdong, officer_of_taiping, committee_officer
):
    against(), against(), against()
    told = Notification.objects.filter(recipient=committee_officer)
    assert told.count() == 1  # as the county, when it was raised

    against(by=mediator_of_shuangdong)

    assert [one.text for one in told][:1] == ["聚集预警：泷州五金制品厂在双东街道和别处有多起纠纷，请看名单并签收"]
    assert told.count() == 2


def test_a_telephone_and_a_number_lead_to_one_warning(against):
    number = workbooks.id_number("19700405", 9)
    person = PartyData(side=Side.RESPONDENT, name="梁伯坚")
    with_phone = PartyData(side=Side.RESPONDENT, name="梁伯坚", phone="13700009999")
    both = PartyData(side=Side.RESPONDENT, name="梁伯坚", phone="13700009999", id_number=number)
    with_number = PartyData(side=Side.RESPONDENT, name="梁百坚", id_number=number)
    against(person)
    for one in (with_phone, both, with_phone):
        against(one)
    joined = against(with_number)
    warning = ClusterWarning.objects.get()
    assert warning.members.count() == 4
    assert warning.members.filter(dispute=joined, respondent="梁百坚").exists()


def test_a_name_alone_says_nothing_of_a_person(against):
    for _ in range(4):
        against(PartyData(side=Side.RESPONDENT, name="梁伯坚"))
    assert ClusterWarning.objects.count() == 0


def test_an_applicant_in_many_quarrels_is_no_cluster(register, mediator_of_taiping):
    for number in range(4):
        register(mediator_of_taiping, parties=(
            PartyData(side=Side.APPLICANT, name="沈水旺", phone="13800006072"),
            PartyData(side=Side.RESPONDENT, name=f"被告{number}", phone=f"1370000000{number}"),
        ))  # fmt: skip
    compare_marked(NOW)
    assert ClusterWarning.objects.count() == 0


def test_a_respondent_entered_later_is_compared_then(against, register, mediator_of_taiping):
    against(), against()
    dispute = register(mediator_of_taiping, parties=(worker(),))
    compare_marked(NOW)
    assert ClusterWarning.objects.count() == 0
    add_party(dispute_id=dispute.pk, data=FACTORY, by=mediator_of_taiping)
    compare_marked(NOW)
    assert ClusterWarning.objects.get().members.filter(dispute=dispute).exists()


def test_a_corrected_respondent_leaves_the_warning(against, mediator_of_taiping):
    against(), against(), against()
    dispute = against()
    party = dispute.parties.get(side=Side.RESPONDENT)
    data = PartyData(side=Side.RESPONDENT, kind=PartyKind.ORGANISATION, name="泷州塑料制品厂")
    update_party(party_id=party.pk, data=data, by=mediator_of_taiping)
    compare_marked(NOW)
    dispute.refresh_from_db()
    assert (ClusterWarning.objects.get().members.count(), dispute.cluster_mark) == (3, "")


def test_a_past_case_entered_today_counts_by_its_own_day(against):
    against(), against()
    against(on=date(2022, 9, 1))
    assert ClusterWarning.objects.count() == 0


def test_the_admins_figures_hold_and_a_rule_switched_off_warns_of_nothing(against):
    WarningRule.objects.update(least=2)
    WarningRule.objects.update(enabled=False)
    against(), against()
    assert ClusterWarning.objects.count() == 0
    WarningRule.objects.update(enabled=True)
    against()
    assert ClusterWarning.objects.get().because == "180 天里 3 件"


def test_comparing_again_changes_nothing(against):
    against(), against(), against()
    Dispute.objects.update(cluster_mark="due")
    compare_marked(NOW)
    assert (ClusterWarning.objects.count(), ClusterMember.objects.count()) == (1, 3)
    assert set(Dispute.objects.values_list("cluster_mark", flat=True)) == {"in"}


def test_what_fails_stays_marked_and_keeps_no_other(against, monkeypatch, caplog):
    against(compare=False)
    monkeypatch.setattr("disputes.actions.clusters._leave_others", None)
    compare_marked(NOW)
    monkeypatch.undo()
    assert "was not compared" in caplog.text
    assert Dispute.objects.get().cluster_mark == "due"


# ── repeated failure ─────────────────────────────────────────────────────────
def test_two_failed_mediations_of_these_people_are_shown_in_the_list_and_on_the_page(
    against, client_of, mediator_of_taiping
):
    respondent = PartyData(side=Side.RESPONDENT, name="梁伯坚", phone="13700009999")
    failed = [against(respondent), against(respondent)]
    Dispute.objects.filter(pk__in=[one.pk for one in failed]).update(
        state="failed", outcome="failed", closed_on=TODAY, cluster_mark="due"
    )
    later = against(respondent)
    assert Dispute.objects.get(pk=later.pk).failures == 2
    browser = client_of(mediator_of_taiping)
    assert "以前 2 次调解不成" in browser.get("/disputes/").content.decode()
    assert "以前 2 次调解不成" in browser.get(later.get_absolute_url()).content.decode()


def test_a_failure_reaches_the_open_disputes_of_the_same_people(against):
    respondent = PartyData(side=Side.RESPONDENT, name="梁伯坚", phone="13700009999")
    opened, failed = against(respondent), against(respondent)
    Dispute.objects.filter(pk=failed.pk).update(state="failed", outcome="failed", closed_on=TODAY, cluster_mark="due")
    compare_marked(NOW)
    compare_marked(NOW)
    opened.refresh_from_db()
    assert opened.failures == 1


@pytest.fixture
def failed_twice(against) -> PartyData:
    """A respondent with whom two mediations came to nothing, both archived since."""
    respondent = PartyData(side=Side.RESPONDENT, name="梁伯坚", phone="13700009999")
    failed = [against(respondent).pk, against(respondent).pk]
    Dispute.objects.filter(pk__in=failed).update(state="archived", outcome="failed", closed_on=TODAY)
    return respondent


def test_whoever_receives_the_next_dispute_of_these_people_is_told_once(failed_twice, against, officer_of_taiping):
    told = Notification.objects.filter(recipient=officer_of_taiping, text__contains="2 次调解不成")

    later = against(failed_twice)
    Dispute.objects.update(cluster_mark="due")
    compare_marked(NOW)

    assert [one.url for one in told] == [later.get_absolute_url()]


def test_failures_that_were_fewer_for_a_while_are_told_no_second_time(failed_twice, against, officer_of_taiping):
    later = against(failed_twice)
    one = Dispute.objects.filter(outcome="failed")[0]
    for outcome, failures in [("agreed", 1), ("failed", 2)] * 2:
        Dispute.objects.filter(pk=one.pk).update(outcome=outcome)
        Dispute.objects.filter(pk=later.pk).update(cluster_mark="due")
        compare_marked(NOW)
        assert Dispute.objects.get(pk=later.pk).failures == failures

    assert Notification.objects.filter(recipient=officer_of_taiping, text__contains="次调解不成").count() == 1


@pytest.mark.parametrize("state", ["agreed", "merged", "archived"])
def test_nobody_is_told_of_failures_where_nothing_is_left_to_do(failed_twice, against, officer_of_taiping, state):
    past = against(failed_twice, compare=False)
    Dispute.objects.filter(pk=past.pk).update(state=state, outcome="agreed", closed_on=TODAY)
    compare_marked(NOW)
    assert Dispute.objects.get(pk=past.pk).failures == 2
    assert not Notification.objects.filter(text__contains="次调解不成").exists()


# ── who sees, signs, closes ──────────────────────────────────────────────────
@pytest.fixture
def warning(against, mediator_of_shuangdong, divisions) -> ClusterWarning:
    against(), against()
    against(by=mediator_of_shuangdong, village=a_village(divisions, SHUANGDONG))
    return ClusterWarning.objects.get()


def test_a_town_sees_its_own_and_that_there_are_others_the_county_sees_all(
    warning, client_of, officer_of_taiping, committee_officer
):
    own = [member.dispute.code for member in warning.members.filter(town_code="445381101")]
    foreign = warning.members.get(town_code=SHUANGDONG).dispute
    page = client_of(officer_of_taiping).get(warning.get_absolute_url()).content.decode()
    assert all(code in page for code in own)
    assert "外镇也有同一对象的纠纷" in page
    assert foreign.code not in page
    assert "双东" not in page
    page = client_of(committee_officer).get(warning.get_absolute_url()).content.decode()
    assert foreign.code in page
    assert "外镇也有" not in page
    assert "外镇还有" in client_of(officer_of_taiping).get("/disputes/clusters/").content.decode()


def test_what_a_warning_was_raised_for_is_told_from_how_many_it_has_grown_to(
    warning, against, client_of, committee_officer
):
    against()
    raised_for = warning.because
    slot_url = reverse("disputes:warnings-of", args=[warning.members.first().dispute.code])
    county = client_of(committee_officer)

    slot, page, listed = (
        county.get(url).content.decode() for url in (slot_url, warning.get_absolute_url(), reverse("disputes:clusters"))
    )

    assert ("同一对象共 4 件" in slot, f"提出时 {raised_for}（内部要求）" in slot) == (True, True)
    assert f"提出，当时 {raised_for}（内部要求）" in page
    assert f'data-l="提出时"><span>{raised_for}</span>' in listed


def test_a_town_without_a_case_in_it_does_not_know_of_it(warning, make_user, client_of):
    stranger = make_user("officer_of_huashi", Role.OFFICER, "445381110")
    assert client_of(stranger).get(warning.get_absolute_url()).status_code == 404
    assert client_of(stranger).get("/disputes/clusters/").context["page"].rows == []


def test_a_town_that_is_only_asked_reads_of_the_warning_and_is_led_to_no_closed_door(
    against, make_user, client_of, officer_of_taiping
):
    dispute, *_ = against(), against(), against()
    asked = make_user("officer_of_shuangdong", Role.OFFICER, SHUANGDONG)
    ask_town(
        dispute_id=dispute.pk, kind="move", town_code=SHUANGDONG, reason="厂在双东", by=officer_of_taiping, on=TODAY
    )
    slot, door = f"/disputes/{dispute.code}/warnings/", ClusterWarning.objects.get().get_absolute_url()
    theirs, ours = (client_of(user).get(slot).content.decode() for user in (asked, officer_of_taiping))
    assert ("同一对象共 3 件" in theirs, door in theirs, door in ours) == (True, False, True)


def test_who_does_not_sign_is_not_told_to(warning, client_of, mediator_of_taiping, officer_of_taiping):
    slot = f"/disputes/{warning.members.filter(town_code='445381101')[0].dispute.code}/warnings/"
    words = {user: "并签收" in client_of(user).get(slot).content.decode()
             for user in (mediator_of_taiping, officer_of_taiping)}  # fmt: skip
    assert words == {mediator_of_taiping: False, officer_of_taiping: True}


def test_a_quarrel_registered_twice_and_merged_is_one(against):
    first, double = against(), against()
    Dispute.objects.filter(pk=double.pk).update(state="merged", outcome="merged", closed_on=TODAY, merged_into=first.pk)
    against()
    assert ClusterWarning.objects.count() == 0


def test_the_first_signature_stands_and_only_who_sees_all_closes(
    warning, officer_of_taiping, mediator_of_taiping, committee_officer
):
    with pytest.raises(NotAllowed):
        acknowledge_cluster(cluster_id=warning.pk, by=mediator_of_taiping)
    acknowledge_cluster(cluster_id=warning.pk, by=officer_of_taiping)
    with pytest.raises(Conflict):
        acknowledge_cluster(cluster_id=warning.pk, by=committee_officer)
    with pytest.raises(NotAllowed):
        close_cluster(cluster_id=warning.pk, reason="已处理", by=officer_of_taiping)
    with pytest.raises(Refused):
        close_cluster(cluster_id=warning.pk, reason=" ", by=committee_officer)
    close_cluster(cluster_id=warning.pk, reason="厂里已付清工资", by=committee_officer)
    with pytest.raises(Conflict):
        close_cluster(cluster_id=warning.pk, reason="再来一次", by=committee_officer)
    assert set(Dispute.objects.values_list("cluster_mark", flat=True)) == {""}


def test_after_closing_the_old_cases_warn_no_second_time_new_ones_do(warning, against, committee_officer):
    close_cluster(cluster_id=warning.pk, reason="厂里已付清工资", by=committee_officer)
    against(), against()
    assert ClusterWarning.objects.open().count() == 0
    against()
    assert ClusterWarning.objects.open().get().members.count() == 3


def test_closing_on_the_page_asks_why_and_keeps_what_was_typed(warning, client_of, committee_officer):
    browser = client_of(committee_officer)
    answer = browser.post(f"/disputes/clusters/{warning.pk}/close/", {"reason": ""})
    assert answer.status_code == 422
    assert browser.post(f"/disputes/clusters/{warning.pk}/acknowledge/").status_code == 302
    assert browser.post(f"/disputes/clusters/{warning.pk}/acknowledge/").status_code == 409
    answer = browser.post(f"/disputes/clusters/{warning.pk}/close/", {"reason": "厂里已付清工资"})
    assert (answer.status_code, ClusterWarning.objects.open().count()) == (302, 0)


def test_the_disputes_page_has_a_slot_that_leads_to_the_warning(warning, client_of, mediator_of_taiping):
    dispute = warning.members.filter(town_code="445381101")[0].dispute
    browser = client_of(mediator_of_taiping)
    assert f"/disputes/{dispute.code}/warnings/" in browser.get(dispute.get_absolute_url()).content.decode()
    assert "同一对象共 3 件" in browser.get(f"/disputes/{dispute.code}/warnings/").content.decode()


@pytest.mark.parametrize("more", [1, 3])
def test_the_pages_ask_the_same_number_of_queries(more, warning, against, client_of, committee_officer):
    for _ in range(more):
        against()
    browser = client_of(committee_officer)
    for url, count in (("/disputes/clusters/", 6), (warning.get_absolute_url(), 9)):
        with CaptureQueriesContext(connection) as asked:
            browser.get(url)
        assert len(asked) == count, url


def test_the_county_scope_is_a_county(make_user, warning):
    assert list(ClusterWarning.objects.visible_to(make_user("judge", Role.JUDGE, COUNTY))) == [warning]
