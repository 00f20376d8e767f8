"""Moving a dispute: the shared move, routing, referring out, ending; the warning signed for and lowered."""

from datetime import date, timedelta

import pytest
from django.db import transaction

from core.errors import Conflict, NotAllowed, Refused
from core.models import AuditEntry, DirtyBucket
from disputes.actions.risk import acknowledge_risk, lower_risk
from disputes.actions.routing import refer_out, route_dispute
from disputes.actions.states import end_dispute, lock_dispute, move_state
from disputes.choices import Destination, DisputeState, EventKind, Risk
from disputes.models import Dispute, RiskFlag
from tests.disputes.conftest import NOW, THREAT, TODAY

AUGUST = date(2023, 8, 28)


@pytest.fixture
def dispute(register, mediator_of_taiping) -> Dispute:
    dispute = register(mediator_of_taiping, on=AUGUST)
    DirtyBucket.objects.all().delete()
    return dispute


def move(dispute: Dispute, *steps: tuple[str, date], **facts) -> Dispute:
    with transaction.atomic():
        locked = lock_dispute(dispute.pk)
        for verb, on in steps:
            move_state(locked, verb, on=on, **facts)
    dispute.refresh_from_db()
    return dispute


# ── the move itself ──────────────────────────────────────────────────────────
def test_closing_sets_day_outcome_and_version_and_marks_the_month(dispute):
    move(dispute, ("route", AUGUST), ("start_mediation", AUGUST), ("agree", date(2023, 9, 1)))
    assert (dispute.state, dispute.outcome, dispute.closed_on, dispute.version) == (
        "agreed",
        "agreed",
        date(2023, 9, 1),
        4,
    )
    assert date(2023, 9, 1) in DirtyBucket.objects.values_list("month", flat=True)


def test_archiving_keeps_outcome_and_day(dispute):
    move(dispute, ("route", AUGUST), ("start_mediation", AUGUST), ("agree", date(2023, 9, 1)), ("archive", TODAY))
    assert (dispute.state, dispute.state_on, dispute.outcome, dispute.closed_on) == (
        "archived",
        TODAY,
        "agreed",
        date(2023, 9, 1),
    )


def test_reopening_forgets_how_it_was_closed_and_marks_both_months(dispute):
    move(dispute, ("route", AUGUST), ("end", AUGUST), reason="撤回", end_ground="withdrawn")
    DirtyBucket.objects.all().delete()
    move(dispute, ("reopen", TODAY), reason="又愿意调了")
    assert (dispute.state, dispute.outcome, dispute.closed_on, dispute.end_ground) == ("mediating", "", None, "")
    assert sorted(DirtyBucket.objects.values_list("month", flat=True)) == [date(2023, 8, 1), date(2023, 9, 1)]


def test_a_verb_that_does_not_fit_the_state_says_so(dispute):
    with pytest.raises(Refused) as refused:
        move(dispute, ("agree", TODAY))
    assert refused.value.message == "本件现在是「已登记」，不能这样办。"


@pytest.mark.parametrize("on", [TODAY + timedelta(days=1), AUGUST - timedelta(days=1)], ids=["tomorrow", "before"])
def test_a_step_lies_between_the_last_step_and_today(on, dispute):
    with pytest.raises(Refused) as refused:
        move(dispute, ("route", on))
    assert (refused.value.field, dispute.state) == ("on", DisputeState.REGISTERED)


def test_a_verb_that_needs_a_reason_is_refused_without_one(dispute):
    with pytest.raises(Refused) as refused:
        move(dispute, ("refer_out", TODAY), referred_to="太平镇自然资源所")
    assert refused.value.field == "reason"


# ── routing ──────────────────────────────────────────────────────────────────
def other_than(destination: str) -> str:
    return Destination.VILLAGE if destination != Destination.VILLAGE else Destination.TOWN


def test_the_proposal_is_accepted_without_a_word(dispute, mediator_of_taiping):
    proposal = dispute.proposed_route
    route_dispute(dispute_id=dispute.pk, by=mediator_of_taiping, on=AUGUST)
    dispute.refresh_from_db()
    assert (dispute.state, dispute.destination, dispute.route_reason) == (
        "routed",
        proposal["destination"],
        proposal["reason"],
    )
    assert AuditEntry.objects.get(action="dispute.route").detail["overridden"] is False


def test_another_destination_needs_a_reason(dispute, mediator_of_taiping):
    chosen = other_than(dispute.proposed_route["destination"])
    with pytest.raises(Refused) as refused:
        route_dispute(dispute_id=dispute.pk, by=mediator_of_taiping, on=AUGUST, destination=chosen)
    assert (refused.value.message, refused.value.field) == ("与建议的去向不同，请写一句理由。", "reason")


def test_another_destination_with_a_reason_is_taken(dispute, mediator_of_taiping):
    chosen = other_than(dispute.proposed_route["destination"])
    route_dispute(dispute_id=dispute.pk, by=mediator_of_taiping, on=AUGUST, destination=chosen, reason="双方都住在村里")
    dispute.refresh_from_db()
    assert (dispute.destination, dispute.route_reason) == (chosen, "双方都住在村里")
    assert dispute.events.get(kind=EventKind.ROUTED).text == f"分流：{Destination(chosen).label}"


@pytest.mark.parametrize("destination", ["moon", Destination.OTHER_AUTHORITY])
def test_routing_goes_to_a_known_place_and_never_out_of_the_house(destination, dispute, mediator_of_taiping):
    with pytest.raises(Refused) as refused:
        route_dispute(
            dispute_id=dispute.pk, by=mediator_of_taiping, on=AUGUST, destination=destination, reason="试一试"
        )
    assert refused.value.field == "destination"


def test_referring_out_closes_the_file_and_names_the_office(dispute, officer_of_taiping):
    refer_out(dispute_id=dispute.pk, office="太平镇自然资源所", reason="山林权属争议", by=officer_of_taiping, on=TODAY)
    dispute.refresh_from_db()
    assert (dispute.state, dispute.outcome, dispute.referred_to, dispute.closed_on) == (
        "referred_out",
        "referred_out",
        "太平镇自然资源所",
        TODAY,
    )
    assert dispute.events.first().text == "转太平镇自然资源所"


@pytest.mark.parametrize("office", ["", " ", "所" * 81], ids=["empty", "blank", "too long"])
def test_referring_out_needs_an_office(office, dispute, officer_of_taiping):
    with pytest.raises(Refused) as refused:
        refer_out(dispute_id=dispute.pk, office=office, reason="权属", by=officer_of_taiping, on=TODAY)
    assert refused.value.field == "office"


# ── ending ───────────────────────────────────────────────────────────────────
def test_ending_untried_keeps_ground_and_reason(dispute, mediator_of_taiping):
    end_dispute(dispute_id=dispute.pk, ground="settled", reason="双方和好了", by=mediator_of_taiping, on=TODAY)
    dispute.refresh_from_db()
    assert (dispute.state, dispute.outcome, dispute.end_ground) == ("ended", "ended", "settled")
    event = dispute.events.first()
    assert (event.kind, event.text, event.detail) == (EventKind.ENDED, "终止：自行和解", "双方和好了")


@pytest.mark.parametrize(
    ("facts", "field"), [({"ground": "bored"}, "ground"), ({"reason": " "}, "reason")], ids=["ground", "reason"]
)
def test_ending_needs_a_ground_and_a_reason(facts, field, dispute, mediator_of_taiping):
    values = {"ground": "settled", "reason": "和好了"} | facts
    with pytest.raises(Refused) as refused:
        end_dispute(dispute_id=dispute.pk, by=mediator_of_taiping, on=TODAY, **values)
    assert refused.value.field == field


def test_what_is_being_mediated_is_ended_in_the_mediation(dispute, mediator_of_taiping):
    move(dispute, ("route", AUGUST), ("start_mediation", AUGUST))
    with pytest.raises(Refused) as refused:
        end_dispute(dispute_id=dispute.pk, ground="settled", reason="和好了", by=mediator_of_taiping, on=TODAY)
    assert refused.value.hint == "请在调解里写明结果。"


@pytest.mark.parametrize("verb", ["route", "refer out", "end"])
def test_nobody_from_elsewhere_moves_a_dispute(verb, dispute, mediator_of_shuangdong):
    by, pk = mediator_of_shuangdong, dispute.pk
    with pytest.raises(NotAllowed):
        {
            "route": lambda: route_dispute(dispute_id=pk, by=by, on=TODAY),
            "refer out": lambda: refer_out(dispute_id=pk, office="所", reason="因", by=by, on=TODAY),
            "end": lambda: end_dispute(dispute_id=pk, ground="settled", reason="因", by=by, on=TODAY),
        }[verb]()
    dispute.refresh_from_db()
    assert dispute.state == DisputeState.REGISTERED


# ── the warning ──────────────────────────────────────────────────────────────
@pytest.fixture
def flag(register, mediator_of_taiping, officer_of_taiping) -> RiskFlag:
    register(mediator_of_taiping, narrative=THREAT)
    return RiskFlag.objects.get()


def test_signing_for_a_warning_says_who_when_and_what_was_done(flag, officer_of_taiping):
    acknowledge_risk(flag_id=flag.pk, measures="已报派出所，双方已隔开", by=officer_of_taiping)
    flag.refresh_from_db()
    assert (flag.acknowledged_by, flag.acknowledged_at, flag.measures) == (
        officer_of_taiping,
        NOW,
        "已报派出所，双方已隔开",
    )
    assert flag.dispute.events.filter(kind=EventKind.RISK_ACKNOWLEDGED).count() == 1


def test_the_first_signature_stands(flag, officer_of_taiping):
    acknowledge_risk(flag_id=flag.pk, measures="已报派出所", by=officer_of_taiping)
    with pytest.raises(Conflict) as conflict:
        acknowledge_risk(flag_id=flag.pk, measures="另一说", by=officer_of_taiping)
    assert conflict.value.message == "谭少芬已经签收了这条风险提示。"
    flag.refresh_from_db()
    assert flag.measures == "已报派出所"


@pytest.mark.parametrize("measures", ["", "措" * 301], ids=["empty", "too long"])
def test_signing_needs_measures_that_fit(measures, flag, officer_of_taiping):
    with pytest.raises(Refused) as refused:
        acknowledge_risk(flag_id=flag.pk, measures=measures, by=officer_of_taiping)
    assert refused.value.field == "measures"


def test_a_warning_is_lowered_after_it_was_signed_for_and_with_a_reason(flag, officer_of_taiping):
    acknowledge_risk(flag_id=flag.pk, measures="已报派出所", by=officer_of_taiping)
    lower_risk(flag_id=flag.pk, reason="双方已当面说开", by=officer_of_taiping)
    flag.refresh_from_db()
    assert (flag.lowered_by, flag.lowered_reason, flag.dispute.risk) == (
        officer_of_taiping,
        "双方已当面说开",
        Risk.MEDIUM,
    )
    with pytest.raises(Conflict):
        lower_risk(flag_id=flag.pk, reason="再来一次", by=officer_of_taiping)


def test_an_unsigned_warning_is_not_lowered(flag, officer_of_taiping):
    with pytest.raises(Refused) as refused:
        lower_risk(flag_id=flag.pk, reason="没事", by=officer_of_taiping)
    assert refused.value.hint == "请先签收，写明措施，再解除。"


def test_the_mediator_neither_signs_nor_lowers(flag, mediator_of_taiping):
    with pytest.raises(NotAllowed):
        acknowledge_risk(flag_id=flag.pk, measures="看到了", by=mediator_of_taiping)
    with pytest.raises(NotAllowed):
        lower_risk(flag_id=flag.pk, reason="没事", by=mediator_of_taiping)
