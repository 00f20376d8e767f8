"""Where a party is from: found by what people type; two towns make a dispute cross-town for routing."""

from dataclasses import replace

import pytest
from django.urls import reverse

from core.errors import Refused
from core.models import Division
from disputes.actions.parties import update_party
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
