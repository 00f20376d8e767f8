"""The ledger's rows under each parameter, alone and together, within what one may see."""

from datetime import date, datetime
from decimal import Decimal

import pytest
from django.http import Http404

from core.choices import Role
from core.errors import NotAllowed
from disputes import queries
from disputes.actions.parties import PartyData
from disputes.choices import Side
from disputes.models import Dispute
from tests.disputes.conftest import ID_OF_SHEN, NOW

MARCH, JUNE, AUGUST = date(2023, 3, 20), date(2023, 6, 5), date(2023, 8, 28)


def then(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 9, 0, tzinfo=NOW.tzinfo)


@pytest.fixture
def three(register, mediator_of_taiping, officer_of_taiping, mediator_of_shuangdong) -> dict[str, Dispute]:
    """A loan of March that was agreed in June, a wage dispute of August in hand, and a dispute of 双东街道."""
    loan = register(mediator_of_taiping, on=MARCH, recorded_at=then(MARCH))
    Dispute.objects.filter(pk=loan.pk).update(state="agreed", outcome="agreed", closed_on=JUNE, state_on=JUNE)
    worker = PartyData(side=Side.APPLICANT, name="黄亚妹", phone="13900001234")
    wages = register(
        officer_of_taiping,
        on=AUGUST,
        case_type="labour",
        source="grid",
        amount=Decimal(6_000),
        parties=(worker, PartyData(side=Side.RESPONDENT, name="华石石料场", kind="organisation")),
    )
    other = register(mediator_of_shuangdong, on=AUGUST, recorded_at=then(AUGUST))
    return {"loan": loan, "wages": wages, "other": other}


@pytest.mark.parametrize(
    ("params", "names"),
    [
        ({}, "loan wages other"),
        ({"town": "445381101"}, "loan wages"),
        ({"town": "445381004"}, "other"),
        ({"type": "labour"}, "wages"),
        ({"state": "agreed"}, "loan"),
        ({"state": "open"}, "wages other"),
        ({"outcome": "tried"}, "loan"),
        ({"outcome": "failed"}, ""),
        ({"source": "grid"}, "wages"),
        ({"from": "2023-08-28"}, "wages other"),
        ({"to": "2023-08-27"}, "loan"),
        ({"from": "2023-03-20", "to": "2023-03-20"}, "loan"),
        ({"closed_from": "2023-06-05", "closed_to": "2023-06-05"}, "loan"),
        ({"closed_to": "2023-06-04"}, ""),
        ({"open_on": "2023-06-04"}, "loan"),
        ({"open_on": "2023-06-05"}, ""),
        ({"open_on": "2023-08-28"}, "wages other"),
        ({"late": "1"}, "wages"),
        ({"town": "445381101", "state": "open"}, "wages"),
        ({"q": "SD2308-0001"}, "other"),
        ({"q": "tp2308"}, "wages"),
        ({"from": "nonsense"}, ""),
    ],
    ids=str,
)
def test_each_parameter_narrows_the_ledger(params, names, three, committee_officer):
    found = set(queries.filtered(committee_officer, params))
    assert found == {three[name] for name in names.split()}


@pytest.mark.parametrize(
    ("typed", "names"),
    [
        ("黄亚妹", "wages"),
        ("石料场", "wages"),
        ("民间借贷", "loan other"),
        ("1234", "wages"),
        ("1235", "loan other"),
        ("13900001234", "wages"),
        (ID_OF_SHEN, "loan other"),
        ("TP2308-0001", "wages"),
        ("查无此人", ""),
        ("%", ""),
    ],
)
def test_a_search_finds_by_code_name_number_and_last_four(typed, names, three, committee_officer):
    params = {"s": queries.sealed_search(committee_officer, typed)}
    assert set(queries.filtered(committee_officer, params)) == {three[name] for name in names.split()}


def test_a_sealed_search_says_nothing_of_what_was_searched(committee_officer):
    assert "黄亚妹" not in queries.sealed_search(committee_officer, "黄亚妹")


def test_a_sealed_search_of_somebody_else_finds_nothing(three, committee_officer, mediator_of_taiping):
    params = {"s": queries.sealed_search(committee_officer, "黄亚妹")}
    assert queries.filtered(mediator_of_taiping, params).count() == 0


def test_my_own_means_those_i_handle(three, mediator_of_taiping):
    assert list(queries.filtered(mediator_of_taiping, {"handler": "me"})) == [three["loan"]]


def test_no_parameter_leads_out_of_ones_scope(three, mediator_of_shuangdong):
    params = {"town": "445381101"}
    assert queries.filtered(mediator_of_shuangdong, params).count() == 0
    assert list(queries.filtered(mediator_of_shuangdong, {})) == [three["other"]]


def test_a_dispute_of_another_town_is_not_there(three, mediator_of_shuangdong):
    with pytest.raises(Http404):
        queries.get_dispute(mediator_of_shuangdong, three["loan"].code)


def test_a_warning_of_another_dispute_is_not_there(three):
    with pytest.raises(Http404):
        queries.get_flag(three["loan"], 999)


def test_a_village_narrows_to_its_own_disputes(three, committee_officer):
    params = {"village": three["other"].division_id}
    assert list(queries.filtered(committee_officer, params)) == [three["other"]]


def test_a_role_without_cases_is_refused_before_anything_is_looked_up(admin):
    with pytest.raises(NotAllowed):
        queries.get_dispute(admin, "TP2308-9999")


def test_villages_come_from_ones_own_towns_with_their_town(mediator_of_taiping, divisions):
    found = queries.villages_of(mediator_of_taiping)
    assert {village.parent.code for village in found} == {"445381101"}
    assert len(found) == sum(1 for row in divisions.values() if row.parent_id == "445381101")


def test_the_county_filters_by_town_and_then_by_its_villages(committee_officer, divisions):
    everywhere = queries.ledger_choices(committee_officer)
    assert ({len(code) for code, _ in everywhere.towns}, everywhere.villages) == ({9}, [])
    inside = queries.ledger_choices(committee_officer, "445381004")
    assert {code[:9] for code, _ in inside.villages} == {"445381004"}


def test_mediators_are_offered_once_a_town_is_chosen_and_only_inside_ones_scope(
    committee_officer, mediator_of_taiping, mediator_of_shuangdong, divisions
):
    assert queries.ledger_choices(committee_officer).mediators == []
    offered = queries.ledger_choices(committee_officer, "445381101").mediators
    assert offered == [(str(mediator_of_taiping.pk), "黎桂生")]
    assert queries.ledger_choices(mediator_of_taiping).mediators == offered
    assert queries.ledger_choices(mediator_of_taiping, "445381004").mediators == []


def test_types_are_offered_in_their_order_and_towns_by_code(committee_officer, tables):
    offered = queries.ledger_choices(committee_officer)
    assert [key for key, _ in offered.types] == [row.key for row in queries.case_types()]
    assert offered.towns == sorted(offered.towns)


def test_officers_are_those_of_the_town(officer_of_taiping, make_user):
    make_user("officer_of_shuangdong", Role.OFFICER, "445381004")
    assert queries.officers_of("445381101") == [officer_of_taiping]
