"""The people of a file are wiped when its term is over, and only then; the tombstone and every figure stay."""

import json
from datetime import date
from io import StringIO

import pytest
from django.apps import apps as installed
from django.core.files.storage import default_storage
from django.core.management import call_command
from django.db import connection, models

from core import audit_trail, invariants
from core.errors import Refused
from core.management.contract import DataRefused, UnusableInput
from core.models import AuditEntry, StoredFile
from disputes.actions.notes import write_note
from disputes.actions.retention import hold_dispute
from disputes.actions.towns import ask_town, withdraw_request
from disputes.models import Dispute, InternalNote
from disputes.queries import filtered, sealed_search
from mediation.actions.endings import archive_dispute, fail_mediation
from mediation.actions.guidance import ask_guidance
from mediation.actions.mediations import reopen_mediation
from mediation.actions.papers import add_paper
from mediation.actions.retention import WIPED, anonymise, wipe_at_night, wipe_due
from mediation.choices import PaperKind
from mediation.models import Session
from mediation.retention import (
    BEFORE_COURT,
    DUE,
    HELD,
    NO_TERM,
    NOT_YET,
    PERFORMING,
    RUNNING,
    Case,
    last_day,
    parse_terms,
    verdict,
)
from tests.conftest import SHUANGDONG
from tests.mediation.conftest import at, meet
from tests.mediation.test_performance import upload

pytestmark = pytest.mark.django_db
CLOSED = date(2023, 9, 12)
OVER = date(2026, 9, 13)  # 36 months after 2023-09-12, and one day
TERMS = {"failed": 36, "agreed": 60}
PEOPLE = ("沈水旺", "梁伯坚", "底线", "约了三次", "写了欠条", "13800006072", "潭白村12号")


@pytest.fixture
def terms(settings):
    settings.RETENTION_MONTHS = ["failed=36", "agreed=60"]


@pytest.fixture
def closed(met, mediator_of_taiping, officer_of_taiping) -> Dispute:
    """Failed on 2023-09-12 and put away, with a paper, a note, a caucus, a question, a request to another town."""
    me = {"by": mediator_of_taiping}
    meet(
        met,
        mediator_of_taiping,
        record="梁伯坚说写了欠条。",
        private_note="底线是四万五",
        recorded_at=at("2023-09-05 10:00"),
    )
    add_paper(dispute_id=met.pk, upload=upload("沈水旺欠条.pdf"), kind=PaperKind.EVIDENCE, **me)
    write_note(dispute_id=met.pk, text="约了三次没来", **me)
    ask_guidance(dispute_id=met.pk, question="梁伯坚的欠条过了时效没有？", on=date(2023, 9, 6), **me)
    asked = ask_town(dispute_id=met.pk, kind="joint", town_code=SHUANGDONG, reason="梁伯坚住双东", on=CLOSED, **me)
    withdraw_request(request_id=asked.pk, on=CLOSED, **me)
    fail_mediation(dispute_id=met.pk, on=CLOSED, reason="梁伯坚不肯还", ways_told=True, **me)
    archive_dispute(dispute_id=met.pk, on=date(2023, 9, 15), **me)
    return Dispute.objects.get(pk=met.pk)


# ── the rule ─────────────────────────────────────────────────────────────────
@pytest.mark.parametrize(
    ("case", "today", "expected"),
    [
        pytest.param(Case("failed", CLOSED), date(2026, 9, 12), NOT_YET, id="the last day itself"),
        pytest.param(Case("failed", CLOSED), OVER, DUE, id="the day after"),
        pytest.param(Case("failed", date(2024, 2, 29)), date(2027, 2, 28), NOT_YET, id="a month without the day"),
        pytest.param(Case("failed", date(2024, 2, 29)), date(2027, 3, 1), DUE, id="and the day after it"),
        pytest.param(Case("agreed", CLOSED), OVER, NOT_YET, id="an agreement is kept longer"),
        pytest.param(Case("ended", CLOSED), date(2099, 1, 1), NO_TERM, id="an outcome without a term"),
        pytest.param(Case("failed", CLOSED, held=True), OVER, HELD, id="held"),
        pytest.param(Case("failed", CLOSED, performing=True), OVER, PERFORMING, id="unperformed"),
        pytest.param(Case("failed", CLOSED, running=True), OVER, RUNNING, id="a period runs"),
        pytest.param(Case("failed", CLOSED, before_court=True), OVER, BEFORE_COURT, id="with the court"),
    ],
)
def test_when_a_file_is_due(case, today, expected):
    assert verdict(case, TERMS, today) == expected


def test_the_last_day_is_counted_in_months_from_the_day_of_closing():
    assert last_day("failed", CLOSED, TERMS) == date(2026, 9, 12)
    assert last_day("ended", CLOSED, TERMS) is None


@pytest.mark.parametrize("text", ["agreed", "agreed=", "agreed=0", "agreed=1201", "won=12", "agreed=１２個"])
def test_a_wrong_setting_says_how_to_write_it(text):
    with pytest.raises(ValueError, match="agreed=60,failed=36"):
        parse_terms([text])


# ── nothing happens by itself ────────────────────────────────────────────────
def test_without_terms_nothing_is_ever_due(closed, mediator_of_taiping):
    run = wipe_due(by=mediator_of_taiping, on=date(2099, 1, 1))

    assert (run.done, dict(run.verdicts)) == (0, {})


def test_the_sweep_wipes_only_when_switched_on_and_at_night(closed, terms, settings, time_machine_at):
    time_machine_at("2026-09-13 12:00")
    assert wipe_at_night(at("2026-09-13 03:10")) == 0
    settings.RETENTION_AUTO = True
    assert wipe_at_night(at("2026-09-13 12:00")) == 0
    assert wipe_at_night(at("2026-09-13 03:10")) == 1
    assert wipe_at_night(at("2026-09-13 03:11")) == 0


@pytest.fixture
def time_machine_at():
    import time_machine  # noqa: PLC0415 - the day of the package is frozen; here it moves on

    travels = []

    def go(text):
        travels.append(time_machine.travel(at(text), tick=False))
        travels[-1].start()

    yield go
    for travel in travels:
        travel.stop()


# ── what goes and what stays ─────────────────────────────────────────────────
def test_no_word_of_the_people_is_left_outside_the_audit_trail(closed, terms, mediator_of_taiping):
    assert wipe_due(by=mediator_of_taiping, on=OVER).done == 1

    assert left_over() == {}
    assert InternalNote.objects.count() == 0
    assert set(Session.objects.values_list("private_note", flat=True)) == {""}


def left_over() -> dict[str, list[str]]:
    """Where one of the people's words still stands, by table; the audit trail apart."""
    found = {}
    with connection.cursor() as cursor:
        for name in connection.introspection.table_names(cursor):
            if name.startswith(("core_audit", "django_", "core_user", "disputes_dispute_search")):
                continue
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(name)}")
            text = repr(cursor.fetchall())
            if words := [word for word in PEOPLE if word in text]:
                found[name] = words
    return found


def test_the_bytes_of_papers_are_gone_after_the_commit(
    closed, terms, mediator_of_taiping, django_capture_on_commit_callbacks
):
    path = StoredFile.objects.get().path
    with django_capture_on_commit_callbacks(execute=True):
        wipe_due(by=mediator_of_taiping, on=OVER)

    assert not default_storage.exists(path)
    assert (StoredFile.objects.get().name, StoredFile.objects.get().sha256) == ("（已清除）", "")
    assert list(invariants.files_are_there()) == []


def test_the_tombstone_and_what_is_counted_stay(closed, terms, mediator_of_taiping):
    kept = ("code", "town_code", "division_id", "case_type_id", "source", "amount", "registered_on", "closed_on",
            "state", "outcome", "risk", "suitable", "entered_late")  # fmt: skip
    before = Dispute.objects.values(*kept).get()
    steps = list(closed.events.order_by("pk").values_list("kind", "on"))

    wipe_due(by=mediator_of_taiping, on=OVER)

    assert Dispute.objects.values(*kept).get() == before
    after = Dispute.objects.get()
    assert (after.title, after.anonymised_on) == ("（已清除）民间借贷纠纷", OVER)
    assert list(after.events.order_by("pk").values_list("kind", "on"))[: len(steps)] == steps
    assert sorted(after.parties.values_list("name", flat=True)) == ["申请人1", "被申请人1"]


def test_it_is_found_by_no_name_any_more_and_by_its_code_still(closed, terms, mediator_of_taiping):
    words = {"s": sealed_search(mediator_of_taiping, "梁伯坚")}
    assert filtered(mediator_of_taiping, words).count() == 1

    wipe_due(by=mediator_of_taiping, on=OVER)

    assert filtered(mediator_of_taiping, words).count() == 0
    assert filtered(mediator_of_taiping, {"q": closed.code}).count() == 1


def test_each_file_has_its_audit_row_and_the_chain_stays_whole(closed, terms, mediator_of_taiping):
    wipe_due(by=mediator_of_taiping, on=OVER)

    detail = AuditEntry.objects.get(action="dispute.anonymise").detail
    assert (detail["code"], detail["months"], detail["parties"], detail["papers"]) == (closed.code, 36, 2, 1)
    assert AuditEntry.objects.filter(action="retention.run").count() == 1
    assert [one.problems for one in audit_trail.verify()] == [[]]


def test_a_wiped_file_takes_no_paper_and_is_not_reopened(closed, terms, mediator_of_taiping, officer_of_taiping):
    wipe_due(by=mediator_of_taiping, on=OVER)

    with pytest.raises(Refused, match="到期清除"):
        add_paper(dispute_id=closed.pk, by=officer_of_taiping, upload=upload(), kind=PaperKind.OTHER)
    with pytest.raises(Refused):
        reopen_mediation(dispute_id=closed.pk, by=officer_of_taiping, on=OVER, reason="再谈")


# ── what stands in the way ───────────────────────────────────────────────────
def test_a_held_file_keeps_its_people_until_the_hold_is_taken_back(
    closed, terms, officer_of_taiping, mediator_of_taiping
):
    hold_dispute(dispute_id=closed.pk, reason="正在诉讼", by=officer_of_taiping, on=date(2023, 9, 18))
    assert dict(wipe_due(by=mediator_of_taiping, on=OVER).verdicts) == {HELD: 1}

    hold_dispute(dispute_id=closed.pk, reason="", by=officer_of_taiping, on=date(2023, 9, 19))
    assert wipe_due(by=mediator_of_taiping, on=OVER).done == 1


def test_unperformed_instalments_keep_the_people(agreed, settings, mediator_of_taiping):
    settings.RETENTION_MONTHS = ["agreed=1"]

    assert dict(wipe_due(by=mediator_of_taiping, on=OVER).verdicts) == {PERFORMING: 1}


def test_what_came_in_between_is_looked_at_once_more_under_the_lock(closed, terms, mediator_of_taiping):
    Dispute.objects.filter(pk=closed.pk).update(hold_reason="正在诉讼")

    assert anonymise(dispute_id=closed.pk, by=mediator_of_taiping, on=OVER) is False


# ── nobody forgot a column ───────────────────────────────────────────────────
DECIDED = {
    "Dispute": {"title", "narrative", "triage", "answers", "route_reason", "platform_number", "idempotency_key",
                "sent_mark", "search"},
    "Party": {"name", "id_number", "id_hash", "id_last4", "phone", "phone_hash", "phone_last4", "address",
              "guardian_name", "guardian_relation", "guardian_phone", "agent_name", "agent_phone", "assisted_by",
              "assisted_relation"},
    "DisputeEvent": {"text", "detail"},
    "InternalNote": {"text"},
    "Session": {"private_note"},
}  # fmt: skip
STAYS = {
    "Dispute": {"code", "town_code", "referred_to", "joint_codes", "asked_code", "hold_reason"},
    "ClusterKey": {"value"},  # a keyed hash, by which the next case of the same respondent is found
    "ClusterMember": {"town_code"},
    "HiddenDanger": {"town_code", "idempotency_key", "closed_reason"},  # closed: there is no dispute
    "Mediation": {"town_code"},
    "Agreement": {"number"},
    "ConfirmationRequest": {"town_code", "court", "tribunal", "number", "extension_approved_by", "ground_key"},
    "GuidanceRequest": {"town_code"},
    "Entrustment": {"town_code", "court_number"},
}
TABLES = {  # of no one dispute
    "CaseType", "CaseQuestion", "CodeSequence", "RoutingRule", "WarningRule", "ClusterWarning", "JudicialSuggestion",
    "SavedFilter", "LedgerExport", "LedgerImport",
    "MediationOrganisation", "AgreementSerial", "ConfirmationSerial",
}  # fmt: skip


def test_every_column_with_words_is_wiped_or_stays_by_decision():
    wiped = {model.__name__: {*texts, *others} for model, (_, texts, others) in WIPED.items()}
    undecided = []
    for model in installed.get_models():
        if model._meta.app_label not in ("disputes", "mediation") or model.__name__ in TABLES:
            continue
        known = wiped.get(model.__name__, set()) | DECIDED.get(model.__name__, set()) | STAYS.get(model.__name__, set())
        undecided += [
            f"{model.__name__}.{column.name}"
            for column in model._meta.local_fields
            if isinstance(column, models.CharField | models.TextField | models.JSONField)
            and not column.choices
            and column.name not in known
        ]

    assert undecided == []


# ── the command ──────────────────────────────────────────────────────────────
def run(*arguments) -> dict:
    out = StringIO()
    call_command("retention", "--json", *arguments, stdout=out)
    return json.loads(out.getvalue())


def test_the_command_only_counts_until_told_to_apply(closed, terms, time_machine_at):
    time_machine_at("2026-09-13 12:00")

    counted = run()
    assert (counted["applied"], counted["due"], counted["done"], counted["outcomes"]) == (False, 1, 0, {"failed": 1})
    assert Dispute.objects.get().anonymised_on is None

    assert (run("--apply")["done"], Dispute.objects.get().anonymised_on) == (1, OVER)
    assert run()["due"] == 0


def test_the_command_refuses_without_terms_and_both_words_at_once(db, settings):
    with pytest.raises(DataRefused, match="没有定保存期限"):
        run()
    settings.RETENTION_MONTHS = ["failed=36"]
    with pytest.raises(UnusableInput):
        run("--apply", "--dry-run")
