"""Where a party is from: found by what people type; two towns make a dispute cross-town for routing."""

from dataclasses import replace

import pytest
from django.urls import reverse

from core.errors import Refused
from core.models import Division
from disputes.actions.parties import add_party, update_party
from disputes.models import Dispute, Party, RoutingRule
from disputes.queries import find_home, home_label, homes
from disputes.routing import is_cross_town
from tests.conftest import SHUANGDONG, TAIPING
from tests.disputes.conftest import APPLICANT, RESPONDENT

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("homes", "crosses"),
    [
        ([], False),
        (["", ""], False),
        ([TAIPING, TAIPING], False),
        ([TAIPING, ""], False),
        (["", SHUANGDONG], True),
        ([TAIPING, SHUANGDONG], True),
        ([SHUANGDONG, SHUANGDONG], False),
    ],
    ids=str,
)
def test_who_did_not_say_is_of_the_disputes_own_town(homes, crosses):
    assert is_cross_town(TAIPING, homes) is crosses


def test_the_routing_table_hears_of_two_towns_at_intake(register, mediator_of_taiping):
    RoutingRule.objects.create(
        order=0, key="two_towns", conditions={"cross_town": True}, destination="judge_guidance", reason="跨镇"
    )

    here = register(mediator_of_taiping)
    across = register(mediator_of_taiping, parties=(APPLICANT, replace(RESPONDENT, home=SHUANGDONG)))

    assert (here.triage["facts"]["cross_town"], across.triage["facts"]["cross_town"]) == (False, True)
    assert across.proposed_route["rule_key"] == "two_towns"
    assert here.proposed_route["rule_key"] != "two_towns"


@pytest.fixture
def two_towns(tables):
    RoutingRule.objects.create(
        order=0, key="two_towns", conditions={"cross_town": True}, destination="judge_guidance", reason="跨镇"
    )


def test_another_home_is_routed_anew_and_so_is_the_way_back(client_of, register, mediator_of_taiping, two_towns):
    dispute = register(mediator_of_taiping)
    party, page = dispute.parties.get(name="梁伯坚"), client_of(mediator_of_taiping)
    url = reverse("disputes:edit-party", args=[dispute.code, party.pk])
    typed = {"side": "respondent", "kind": "person", "name": "梁伯坚"}

    page.post(url, typed | {"home": "双东街道"})
    across = Dispute.objects.get()
    page.post(url, typed | {"home": "太平镇"})
    back = Dispute.objects.get()

    assert (across.proposed_route["rule_key"], across.triage["facts"]["cross_town"]) == ("two_towns", True)
    assert (back.proposed_route, back.triage["facts"]) == (dispute.proposed_route, dispute.triage["facts"])
    assert (across.risk, across.triage["suggestions"]) == (dispute.risk, dispute.triage["suggestions"])


def test_somebody_of_another_town_who_is_added_is_heard_of_too(register, mediator_of_taiping, two_towns):
    dispute = register(mediator_of_taiping)

    add_party(dispute_id=dispute.pk, data=replace(RESPONDENT, name="梁伯林", home=SHUANGDONG), by=mediator_of_taiping)

    assert Dispute.objects.get().proposed_route["rule_key"] == "two_towns"


def test_a_home_in_a_third_town_and_other_facts_of_a_party_change_no_route(register, mediator_of_taiping, two_towns):
    dispute = register(mediator_of_taiping, parties=(APPLICANT, replace(RESPONDENT, home=SHUANGDONG)))
    RoutingRule.objects.filter(key="two_towns").update(enabled=False)
    party = dispute.parties.get(name="梁伯坚")

    update_party(
        party_id=party.pk, data=replace(RESPONDENT, home=SHUANGDONG, address="某路 9 号"), by=mediator_of_taiping
    )

    assert Dispute.objects.get().proposed_route["rule_key"] == "two_towns"


def test_a_closed_dispute_is_not_routed_anew(register, mediator_of_taiping, officer_of_taiping, two_towns):
    dispute = register(mediator_of_taiping)
    Dispute.objects.update(state="failed", outcome="failed", closed_on="2023-09-21")
    party = dispute.parties.get(name="梁伯坚")

    update_party(party_id=party.pk, data=replace(RESPONDENT, home=SHUANGDONG), by=mediator_of_taiping)

    assert Dispute.objects.get().proposed_route == dispute.proposed_route
    assert Dispute.objects.get().parties.get(name="梁伯坚").home_id == SHUANGDONG


@pytest.mark.parametrize("text", ["双东街道", "双东", " 双东街道 "])
def test_a_town_is_found_by_its_name(divisions, text):
    assert find_home(text).pk == SHUANGDONG


def test_every_offered_home_finds_itself(divisions):
    for label in homes():
        assert home_label(find_home(label)) == label


@pytest.mark.parametrize("text", ["火星镇", "太平镇 火星村", "445381"])
def test_a_place_that_is_not_of_the_county_is_refused_with_a_way_out(divisions, text):
    with pytest.raises(Refused, match="外县的人不用填"):
        find_home(text)


def test_a_name_that_several_bear_names_them(divisions):
    one, two = Division.objects.filter(level="village").order_by("code")[:2]
    Division.objects.filter(pk__in=(one.pk, two.pk)).update(name="新村村民委员会")

    with pytest.raises(Refused, match="不止一处"):
        find_home("新村")


def test_a_wrong_home_is_said_at_its_field_and_nothing_is_lost(client_of, register, mediator_of_taiping):
    dispute = register(mediator_of_taiping)
    url = reverse("disputes:add-party", args=[dispute.code])
    typed = {"side": "respondent", "kind": "person", "name": "梁伯林", "home": "火星镇"}

    response = client_of(mediator_of_taiping).post(url, typed)

    html = response.content.decode()
    assert (response.status_code, Party.objects.filter(name="梁伯林").exists()) == (422, False)
    assert "本县（市）没有「火星镇」" in html
    assert 'value="梁伯林"' in html


def test_the_page_says_who_is_from_another_town(client_of, register, mediator_of_taiping):
    dispute = register(mediator_of_taiping)
    party = dispute.parties.get(name="梁伯坚")
    update_party(party_id=party.pk, data=replace(RESPONDENT, home=SHUANGDONG), by=mediator_of_taiping)

    html = client_of(mediator_of_taiping).get(Dispute.objects.get().get_absolute_url()).content.decode()

    assert "双东街道　<span" in html
    assert "外镇" in html
