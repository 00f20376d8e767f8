"""A merged pair counts once: in warnings, in what they warn of, in suggestions, and where it may be known already."""

from datetime import date

import pytest

from core.models import Division
from disputes import reference
from disputes.actions.clusters import close_cluster, compare_marked
from disputes.choices import PartyKind, Side
from disputes.models import ClusterMember, ClusterWarning, Dispute, JudicialSuggestion, Party
from disputes.queries.known import met_before
from disputes.queries.suggestions import around, figures_for, ground_of
from tests.conftest import TAIPING
from tests.mediation.conftest import NOW
from tests.mediation.test_merging import merge

TODAY = NOW.date()
FACTORY = "泷州五金制品厂"


@pytest.fixture
def against(make_dispute, mediator_of_taiping, law_in_force):
    """against(place) → a dispute with the factory, compared as the sweep does; the people are others each time."""
    reference.load(lambda line: None)

    def make(place: int, *, compare: bool = True) -> Dispute:
        made = make_dispute(mediator_of_taiping, code=f"TP2309-00{place:02d}", cluster_mark="due")
        made.parties.all().delete()
        for side, kind, name in (
            (Side.APPLICANT, PartyKind.PERSON, f"工友{place}"),
            (Side.RESPONDENT, PartyKind.ORGANISATION, FACTORY),
        ):
            Party.objects.create(
                dispute=made, side=side, kind=kind, name=name, phone=f"138000{side == 'applicant':d}{place:04d}"
            )
        if compare:
            compare_marked(NOW)
        return made

    return make


def members() -> set[int]:
    return set(ClusterMember.objects.values_list("dispute_id", flat=True))


def test_a_pair_merged_before_the_third_case_warns_of_nothing(against, officer_of_taiping):
    first, second = against(1), against(2)
    merge(second, first, officer_of_taiping)

    against(3)
    assert ClusterWarning.objects.count() == 0
    against(4)
    assert ClusterWarning.objects.get().because == "180 天里 3 件"


def test_a_pair_merged_before_it_was_compared_warns_of_nothing(against, officer_of_taiping):
    first, second, _ = against(1), against(2, compare=False), against(3, compare=False)
    merge(second, first, officer_of_taiping)

    compare_marked(NOW)

    assert (ClusterWarning.objects.count(), Dispute.objects.filter(cluster_mark="").count()) == (0, 3)


def test_a_pair_inside_a_warning_counts_once_from_the_merge_on(against, officer_of_taiping, client_of):
    first, second, third = against(1), against(2), against(3)
    merge(second, first, officer_of_taiping)

    assert members() == {first.pk, third.pk}
    page = client_of(officer_of_taiping).get(ClusterWarning.objects.get().get_absolute_url())
    assert "共 2 件" in page.content.decode()
    compare_marked(NOW)
    assert members() == {first.pk, third.pk}


def test_the_kept_one_takes_the_place_of_one_that_stood_there_alone(against, make_dispute, officer_of_taiping):
    stranger = make_dispute(officer_of_taiping, code="TP2309-0099")
    first, second, third = against(1), against(2), against(3)
    merge(second, stranger, officer_of_taiping)

    assert members() == {first.pk, stranger.pk, third.pk}
    compare_marked(NOW)  # whose respondent the factory is now, by the copy
    assert members() == {first.pk, stranger.pk, third.pk}
    assert set(Dispute.objects.order_by("code").values_list("code", "cluster_mark")) == {
        ("TP2309-0001", "in"), ("TP2309-0002", ""), ("TP2309-0003", "in"), ("TP2309-0099", "in")
    }  # fmt: skip


def test_one_that_stood_in_a_closed_warning_warns_no_second_time(
    against, make_dispute, officer_of_taiping, committee_officer
):
    stranger = make_dispute(officer_of_taiping, code="TP2309-0099")
    _, second, _ = against(1), against(2), against(3)
    close_cluster(cluster_id=ClusterWarning.objects.get().pk, reason="厂里已付清工资", by=committee_officer)
    merge(second, stranger, officer_of_taiping)
    against(4), against(5)

    assert ClusterWarning.objects.open().count() == 0  # two new ones; the kept one was told of already


def test_a_suggestion_counts_a_merged_pair_once(against, officer_of_taiping, reviewing_judge):
    first, second, _ = against(1), against(2), against(3)
    merge(second, first, officer_of_taiping)
    asked = {"town": TAIPING, "type": "private_loan", "from": "2023-08-01"}
    cluster = {"cluster": str(ClusterWarning.objects.get().pk)}

    counts = [figures_for(reviewing_judge, ground_of(reviewing_judge, one, TODAY)).count for one in (asked, cluster)]

    sent = JudicialSuggestion(case_type_id="private_loan", town_code=TAIPING, sent_on=date(2023, 9, 19))
    assert (counts, around(reviewing_judge, sent, TODAY).before) == ([2, 2], 2)


# ── known already ────────────────────────────────────────────────────────────
def likely(user, *people: Party, village: Division) -> list[str]:
    found = met_before(people, village=village.pk, on=TODAY).likely(user, "private_loan")
    return [one.code for one in (*found.inside, *found.outside)]


def test_the_kept_one_is_likely_known_in_place_of_the_merged_one(
    against, officer_of_taiping, django_assert_num_queries
):
    first, second = against(1), against(2)
    only_there = Party(name="工友2", phone="13800010002")
    by_name = Party(name="工友2")
    Party.objects.filter(dispute=first).exclude(name=FACTORY).update(name="改了名")
    merge(second, first, officer_of_taiping)
    Party.objects.filter(dispute=first, name="工友2").delete()  # nothing but the merged file names them

    with django_assert_num_queries(1):
        assert likely(officer_of_taiping, only_there, village=first.division) == [first.code]
    assert likely(officer_of_taiping, by_name, village=first.division) == [first.code]


def test_the_last_of_a_chain_is_known_and_none_in_between(against, officer_of_taiping):
    first, second, third = against(1), against(2), against(3)
    merge(third, second, officer_of_taiping)
    merge(second, first, officer_of_taiping)

    for place in (1, 2, 3):
        person = Party(name=f"工友{place}", phone=f"1380001000{place}")
        assert likely(officer_of_taiping, person, village=first.division) == [first.code]


# ── nothing of a person is lost ──────────────────────────────────────────────
def test_a_person_is_carried_over_with_everything_that_is_known(against, officer_of_taiping):
    first, second = against(1), against(2)
    theirs = second.parties.get(side=Side.APPLICANT)
    said = {
        "agent_name": "梁代", "agent_kind": "entrusted", "agent_phone": "13800012345", "agent_authorised": True,
        "guardian_name": "梁母", "guardian_relation": "母亲", "guardian_phone": "13800054321", "capacity": "limited",
        "assisted_by": "黎帮", "assisted_relation": "邻居", "assistance_agreed": True, "read_aloud": True,
        "notice_how": "oral", "notice_accepted_at": NOW, "address": "罗定市太平镇潭白村12号",
    }  # fmt: skip
    for name, value in said.items():
        setattr(theirs, name, value)
    theirs.save()

    merge(second, first, officer_of_taiping)

    copy = first.parties.get(name="工友2")
    assert {name: getattr(copy, name) for name in said} == said
    assert (copy.phone, copy.phone_hash, copy.pk != theirs.pk) == (theirs.phone, theirs.phone_hash, True)
