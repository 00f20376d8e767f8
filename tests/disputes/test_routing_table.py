"""The routing table changed: tried on the month before, saved as tried; and what a dispute brings along into it."""

from dataclasses import replace
from datetime import date

import pytest

from core.errors import Conflict, NotAllowed, Refused
from core.models import AuditEntry, Division
from disputes import queries, reference, routing_table
from disputes.actions.correction import Correction, edit_dispute
from disputes.actions.routing_table import save_rule, try_rule
from disputes.choices import Destination, Outcome
from disputes.models import CaseType, Dispute, Party, RoutingRule
from disputes.routing_plan import FIRST, NEW, Draft, mark_of_table
from tests.audit_rows import unsaid
from tests.disputes.conftest import STORY, TODAY

AUGUST = date(2023, 8, 10)
LOANS = Draft(NEW, {"case_types": ["private_loan"]}, Destination.VILLAGE, "借款小事先由村里调。", True, "large_amount")
pytestmark = pytest.mark.usefixtures("tables")


def seen() -> str:
    return mark_of_table(routing_table.rules_in_order())


def save(draft: Draft, by) -> RoutingRule:
    """Try and save."""
    _, tried = try_rule(draft=draft, seen=seen(), by=by)
    return save_rule(draft=draft, seen=seen(), tried=tried, by=by)


def draft_of(key: str, **facts) -> Draft:
    """A rule of the table as it stands, but for the facts named."""
    keys = list(RoutingRule.objects.values_list("key", flat=True))
    rule = RoutingRule.objects.get(key=key)
    place = keys.index(key)
    whole = Draft(
        key, rule.conditions, rule.destination, rule.reason, rule.enabled, keys[place - 1] if place else FIRST
    )
    return replace(whole, **facts)


# ── trying ───────────────────────────────────────────────────────────────────
def test_a_trial_counts_what_would_go_elsewhere_last_month_and_writes_nothing(register, mediator_of_taiping, admin):
    for on in (AUGUST, date(2023, 8, 31), date(2023, 7, 31), TODAY):
        register(mediator_of_taiping, on=on)
    before = (seen(), AuditEntry.objects.count())

    trial, _ = try_rule(draft=LOANS, seen=seen(), by=admin)

    assert (trial.looked_at, trial.is_part, trial.elsewhere, trial.otherwise) == (2, False, 2, 0)
    assert [(one.old.rule_key, one.new.destination, one.count) for one in trial.moves] == [("town_point", "village", 2)]
    assert (seen(), AuditEntry.objects.count()) == before


def test_a_trial_of_a_long_month_looks_at_the_newest_and_says_so(register, mediator_of_taiping, admin, monkeypatch):
    monkeypatch.setattr(routing_table, "CASES_TRIED", 2)
    for _ in range(3):
        register(mediator_of_taiping, on=AUGUST)

    trial, _ = try_rule(draft=LOANS, seen=seen(), by=admin)

    assert (trial.looked_at, trial.is_part, trial.elsewhere) == (2, True, 2)


def test_a_trial_asks_the_same_whatever_the_number_of_disputes(
    register, mediator_of_taiping, admin, django_assert_num_queries
):
    for many in (1, 3):
        while Dispute.objects.count() < many:
            register(mediator_of_taiping, on=AUGUST)
        mark = seen()
        with django_assert_num_queries(3):  # the table, what types there are, the month
            try_rule(draft=LOANS, seen=mark, by=admin)


# ── saving ───────────────────────────────────────────────────────────────────
def test_a_rule_tried_is_saved_in_its_place_marked_and_audited(admin):
    rule = save(LOANS, admin)

    assert (rule.order, rule.edited, rule.conditions) == (55, True, {"case_types": ["private_loan"]})
    assert list(RoutingRule.objects.filter(edited=True)) == [rule]
    entry = AuditEntry.objects.get(action="routing.save")
    assert (entry.detail["old"], entry.detail["new"]["place"], entry.detail["new"]["destination"]) == (
        None,
        6,
        "village",
    )


def test_old_and_new_of_a_change_are_said_in_words(admin):
    save(draft_of("large_amount", conditions={"amount_min": 500_000, "sources": ["court", "police"]}), admin)

    detail = AuditEntry.objects.get(action="routing.save").detail
    assert (detail["old"]["amount_min"], detail["new"]["amount_min"]) == (200_000, 500_000)
    assert unsaid() == set()


def test_a_rule_without_room_between_numbers_all_anew_and_the_moved_count_as_edited(admin):
    RoutingRule.objects.filter(key="town_point").update(order=71)

    save(replace(LOANS, after="village_family"), admin)

    rows = list(RoutingRule.objects.values_list("order", "edited"))
    assert rows[-3:] == [(70, False), (80, True), (90, True)]


def test_the_order_given_stands_when_the_reference_data_is_loaded_again(admin):
    save(draft_of("village_family", after=FIRST), admin)
    reference.load(lambda line: None)

    assert RoutingRule.objects.all()[0].key == "village_family"


def test_a_rule_that_takes_everything_is_not_put_before_others(admin):
    with pytest.raises(Refused, match="后面 7 条启用着的规则就再也用不到了") as refused:
        save(draft_of("town_point", after=FIRST), admin)

    assert (refused.value.hint, RoutingRule.objects.all()[0].key) == ("不设条件的规则请放在最后。", "not_for_mediation")


def test_a_rule_whose_conditions_always_hold_is_not_put_before_others_either(admin):
    every_type = list(CaseType.objects.filter(enabled=True).values_list("key", flat=True))
    with pytest.raises(Refused, match=r"合起来什么纠纷都合.*后面 7 条") as refused:
        save(replace(LOANS, conditions={"case_types": every_type, "risk_min": "low"}, after=FIRST), admin)

    assert (refused.value.hint, RoutingRule.objects.count()) == ("这样的规则请放在最后。", 8)


def test_nor_one_with_every_village(admin, village):
    villages = list(Division.objects.filter(level="village").values_list("pk", flat=True))
    with pytest.raises(Refused, match="合起来什么纠纷都合"):
        save(replace(LOANS, conditions={"villages": villages}, after=FIRST), admin)
    save(replace(LOANS, conditions={"villages": villages[1:]}, after=FIRST), admin)

    assert RoutingRule.objects.all()[0].reason == LOANS.reason


def test_a_least_sum_of_nothing_is_said_at_its_field(admin):
    with pytest.raises(Refused, match="凡是说了标的额的都照这一条走") as refused:
        save(replace(LOANS, conditions={"amount_min": 0}), admin)
    save(replace(LOANS, conditions={"amount_min": 0}, enabled=False), admin)

    assert refused.value.field == "amount_min"


def test_the_same_content_again_writes_nothing(admin):
    save(draft_of("large_amount"), admin)

    assert (RoutingRule.objects.filter(edited=True).count(), AuditEntry.objects.count()) == (0, 0)


@pytest.mark.parametrize(
    "other",
    [
        {"reason": "换了理由。"},
        {"conditions": {"risk_min": "medium"}},
        {"enabled": False},
        {"after": "high_risk"},
        {"destination": "town"},
    ],
)
def test_what_was_not_tried_just_so_is_not_saved(other, admin):
    _, tried = try_rule(draft=LOANS, seen=seen(), by=admin)

    with pytest.raises(Refused) as refused:
        save_rule(draft=replace(LOANS, **other), seen=seen(), tried=tried, by=admin)

    assert refused.value.message == "没有保存：这些内容还没有试算过。"
    assert RoutingRule.objects.filter(edited=True).count() == 0


@pytest.mark.parametrize("token", ["", "made-up", "WyJ4Il0:1:2"])
def test_a_token_nobody_gave_saves_nothing(token, admin):
    with pytest.raises(Refused, match="还没有试算过"):
        save_rule(draft=LOANS, seen=seen(), tried=token, by=admin)


def test_a_trial_of_somebody_else_saves_nothing(admin, make_user):
    other = make_user("second_admin", admin.role)
    _, tried = try_rule(draft=LOANS, seen=seen(), by=other)

    with pytest.raises(Refused, match="还没有试算过"):
        save_rule(draft=LOANS, seen=seen(), tried=tried, by=admin)


def test_a_table_changed_meanwhile_is_a_conflict_for_trial_and_save(admin):
    before = seen()
    _, tried = try_rule(draft=LOANS, seen=before, by=admin)
    RoutingRule.objects.filter(key="large_amount").update(enabled=False)

    with pytest.raises(Conflict):
        save_rule(draft=LOANS, seen=before, tried=tried, by=admin)
    with pytest.raises(Conflict):
        try_rule(draft=LOANS, seen=before, by=admin)


@pytest.mark.parametrize("facts", [{"enabled": False}, {"conditions": {"risk_min": "high"}}])
def test_the_last_rule_that_takes_the_rest_stays(facts, admin):
    with pytest.raises(Refused, match="最后一条不设条件的规则"):
        save(draft_of("town_point", **facts), admin)


@pytest.mark.parametrize(
    ("facts", "words"),
    [
        ({"destination": "moon"}, "请选择去向。"),
        ({"reason": " "}, "请写明理由"),
        ({"conditions": {"colour": "red"}}, "没有「colour」这个条件。"),
    ],
)
def test_a_rule_that_would_break_every_intake_is_refused(facts, words, admin):
    with pytest.raises(Refused, match=words):
        save(replace(LOANS, **facts), admin)


def test_a_table_too_long_takes_no_more(admin, monkeypatch):
    monkeypatch.setattr("disputes.actions.routing_table.RULES_MAX", 8)
    with pytest.raises(Refused, match="最多 8 条"):
        save(LOANS, admin)


def test_only_the_admin_tries_and_saves(officer_of_taiping):
    with pytest.raises(NotAllowed):
        try_rule(draft=LOANS, seen=seen(), by=officer_of_taiping)
    with pytest.raises(NotAllowed):
        save_rule(draft=LOANS, seen=seen(), tried="", by=officer_of_taiping)


# ── earlier failures ─────────────────────────────────────────────────────────
def fail(dispute: Dispute) -> None:
    Dispute.objects.filter(pk=dispute.pk).update(state="failed", outcome=Outcome.FAILED, closed_on=TODAY)


def test_a_party_whose_mediation_failed_before_goes_to_the_judge(register, mediator_of_taiping, mediator_of_shuangdong):
    fail(register(mediator_of_shuangdong))

    dispute = register(mediator_of_taiping)

    assert dispute.proposed_route["rule_key"] == "failed_before"
    assert dispute.triage["facts"] == {"cross_town": False, "earlier_failures": 1}


def test_without_a_failure_none_is_counted(register, mediator_of_taiping):
    register(mediator_of_taiping)

    assert register(mediator_of_taiping).triage["facts"] == {"cross_town": False, "earlier_failures": 0}


def test_a_failure_counts_by_number_or_telephone_once_a_dispute_and_never_by_name(register, mediator_of_taiping, told):
    fail(register(mediator_of_taiping))
    shen, liang = told.parties

    by = {
        "phone": (replace(shen, id_number=""), liang),
        "number": (replace(shen, phone="13900000000"), liang),
        "name": (replace(shen, id_number="", phone="13900000000"), liang),
    }
    counts = {
        name: register(mediator_of_taiping, parties=parties).triage["facts"]["earlier_failures"]
        for name, parties in by.items()
    }

    assert counts == {"phone": 1, "number": 1, "name": 0}


def test_a_corrected_story_counts_again_but_not_itself(register, mediator_of_taiping, village):
    dispute = register(mediator_of_taiping)
    fail(dispute)
    fail(register(mediator_of_taiping))
    dispute.refresh_from_db()
    data = Correction(village, "visit", f"{STORY}后来又说还一半。", "private_loan", dispute.amount)

    Dispute.objects.filter(pk=dispute.pk).update(state="mediating", outcome="", closed_on=None)
    edited = edit_dispute(dispute_id=dispute.pk, version=dispute.version, data=data, by=mediator_of_taiping)

    assert edited.triage["facts"]["earlier_failures"] == 1


def test_failures_are_counted_in_one_query(register, mediator_of_taiping, django_assert_num_queries):
    dispute = register(mediator_of_taiping)
    fail(dispute)
    parties = list(Party.objects.filter(dispute=dispute))

    with django_assert_num_queries(1):
        assert queries.earlier_failures(parties) == 1
    with django_assert_num_queries(0):
        assert queries.earlier_failures([Party(name="无号码")]) == 0


def test_the_trial_uses_the_failures_kept_with_a_dispute(register, mediator_of_taiping, admin):
    fail(register(mediator_of_taiping, on=date(2023, 7, 1)))
    register(mediator_of_taiping, on=AUGUST)

    trial, _ = try_rule(draft=draft_of("failed_before", enabled=False), seen=seen(), by=admin)

    assert [(one.old.rule_key, one.new.rule_key, one.count) for one in trial.moves] == [
        ("failed_before", "town_point", 1)
    ]


def test_a_dispute_from_before_facts_were_kept_counts_as_without_failures(register, mediator_of_taiping, admin):
    dispute = register(mediator_of_taiping, on=AUGUST)
    Dispute.objects.filter(pk=dispute.pk).update(triage={})

    trial, _ = try_rule(draft=LOANS, seen=seen(), by=admin)

    assert trial.elsewhere == 1
