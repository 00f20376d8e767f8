"""The audit trail: written in order, guarded by the database, and every kind of tampering seen."""

import json
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from django.core.management import call_command
from django.db import Error as DatabaseError
from django.db import connection, transaction
from django.db.models import F

from core import append_only, audit_trail, request_context, tasks
from core.actions import anchors, audit
from core.management.contract import DataRefused
from core.models import AuditEntry, AuditHead
from tests.conftest import COUNTY, TAIPING

pytestmark = pytest.mark.django_db
AT = datetime(2026, 11, 23, 0, 5, tzinfo=ZoneInfo("Asia/Shanghai"))


@pytest.fixture
def trail(court_clerk) -> list[AuditEntry]:
    """Five entries of one chain."""
    return [audit.record("test.act", by=court_clerk, detail={"number": number}) for number in range(1, 6)]


@pytest.fixture
def guarded(db):
    append_only.install(connection)
    yield
    append_only.remove(connection)


def problems() -> list[tuple[int, str]]:
    return [(each["seq"], each["problem"][:6]) for verdict in audit_trail.verify() for each in verdict.problems]


# ── writing ──────────────────────────────────────────────────────────────────
def test_an_entry_says_who_what_where_when_and_how_it_went(court_clerk, taiping):
    context = request_context.RequestContext("7F3A0001", address="10.0.0.7")
    with request_context.entered(context):
        audit.record(
            "confirmation.accept", by=court_clerk, subject=taiping, division_code=TAIPING,
            detail={"on": AT.date(), "old": None}, success=False,
        )  # fmt: skip

    entry = AuditEntry.objects.get()
    assert (entry.actor, entry.actor_name, entry.actor_role) == (court_clerk, "何雨桐", "clerk")
    assert (entry.action, entry.success, entry.detail) == (
        "confirmation.accept",
        False,
        {"on": "2026-11-23", "old": None},
    )
    assert (entry.subject_label, entry.subject_id, entry.division_code) == ("core.division", TAIPING, TAIPING)
    assert (entry.address, entry.request_id, entry.chain, entry.seq) == ("10.0.0.7", "7F3A0001", COUNTY, 1)


def test_what_the_machine_does_is_the_systems():
    audit.record("sweep", by=None)

    assert (AuditEntry.objects.get().actor_name, AuditEntry.objects.get().actor_role) == ("系统", "")


def test_each_entry_hangs_on_the_one_before(trail):
    assert [entry.seq for entry in trail] == [1, 2, 3, 4, 5]
    assert [entry.prev_hash for entry in trail] == ["", *(entry.hash for entry in trail[:4])]
    head = AuditHead.objects.get()
    assert (head.chain, head.seq, head.hash) == (COUNTY, 5, trail[4].hash)


def test_the_hash_of_an_entry_covers_the_hash_before_it(trail):
    assert audit.chained_hash("a", trail[2]) != audit.chained_hash("b", trail[2])


def test_each_county_has_its_own_chain(court_clerk, trail):
    other = audit.record("test.act", by=court_clerk, division_code="445302001")

    assert (other.chain, other.seq, other.prev_hash) == ("445302", 1, "")


def test_what_is_rolled_back_leaves_no_gap(court_clerk, trail):
    with transaction.atomic():
        audit.record("test.act", by=court_clerk)
        transaction.set_rollback(True)

    assert audit.record("test.act", by=court_clerk).seq == 6
    assert problems() == []


def test_an_entry_costs_two_queries_three_where_a_statement_cannot_hold_two(
    court_clerk, trail, django_assert_num_queries
):
    with transaction.atomic(), django_assert_num_queries(2 if connection.vendor == "postgresql" else 3):
        audit.record("test.act", by=court_clerk)


def test_many_entries_of_one_act_hang_together_and_cost_as_many_queries_as_one(
    court_clerk, trail, monkeypatch, django_assert_num_queries
):
    told = [audit.Told(court_clerk, TAIPING, detail={"number": number}) for number in range(4)]
    with transaction.atomic(), django_assert_num_queries(2 if connection.vendor == "postgresql" else 3):
        audit.record_many("test.many", told, by=court_clerk)
    monkeypatch.setattr(audit, "ROWS_A_STATEMENT", 3)
    audit.record_many("test.many", [*told, audit.Told(None, "440000", detail={})], by=court_clerk)

    assert [entry.detail["number"] for entry in AuditEntry.objects.filter(chain=COUNTY, seq__gt=5).order_by("seq")] == [
        0,
        1,
        2,
        3,
    ] * 2
    assert AuditEntry.objects.get(chain="440000").subject_id == ""
    assert problems() == []


# ── the database's guard ─────────────────────────────────────────────────────
ATTEMPTS = {
    "update": lambda: AuditEntry.objects.filter(seq=2).update(action="x"),
    "save": lambda: AuditEntry.objects.get(seq=2).save(),
    "delete": lambda: AuditEntry.objects.filter(seq=2).delete(),
    "delete all": lambda: AuditEntry.objects.all().delete(),
    "upsert": lambda: AuditEntry.objects.bulk_create(
        [AuditEntry.objects.get(seq=2)], update_conflicts=True, unique_fields=["id"], update_fields=["action"]
    ),
    "raw update": lambda: connection.cursor().execute("UPDATE core_auditentry SET action = 'x' WHERE seq = 2"),
    "raw delete": lambda: connection.cursor().execute("DELETE FROM core_auditentry WHERE seq = 2"),
}
if connection.vendor == "postgresql":
    ATTEMPTS["truncate"] = lambda: connection.cursor().execute("TRUNCATE core_auditentry")


@pytest.mark.parametrize("attempt", ATTEMPTS)
def test_the_database_itself_refuses_every_change(trail, guarded, attempt):
    with pytest.raises(DatabaseError), transaction.atomic():
        ATTEMPTS[attempt]()

    assert AuditEntry.objects.count() == 5
    assert problems() == []


def test_a_guarded_trail_still_grows(trail, guarded, court_clerk):
    assert audit.record("test.act", by=court_clerk).seq == 6


def test_whether_the_guard_is_on_can_be_seen(guarded):
    assert append_only.is_installed(connection) is True

    append_only.remove(connection)

    assert append_only.is_installed(connection) is False


# ── every kind of tampering ──────────────────────────────────────────────────
def test_an_untouched_trail_is_sound(trail):
    verdict = audit_trail.verify()[0]

    assert (verdict.chain, verdict.entries, verdict.problems) == (COUNTY, 5, [])


@pytest.mark.parametrize(
    "change",
    [
        {"action": "test.akt"},
        {"detail": {"number": 22}},
        {"success": False},
        {"actor_name": "别人"},
        {"actor_role": "judge"},
        {"address": "10.9.9.9"},
        {"request_id": "0"},
        {"division_code": "445381001"},
        {"subject_id": "1"},
        {"subject_label": "core.user"},
        {"actor": None},
    ],
    ids=lambda change: next(iter(change)),
)
def test_a_single_changed_value_is_seen(trail, change):
    AuditEntry.objects.filter(seq=2).update(**change)

    assert problems() == [(2, "内容与哈希不")]


def test_a_changed_time_is_seen(trail):
    AuditEntry.objects.filter(seq=2).update(at=AT)

    assert problems() == [(2, "内容与哈希不")]


def test_a_row_taken_out_of_the_middle_is_seen(trail):
    AuditEntry.objects.filter(seq=3).delete()

    assert problems() == [(4, "序号不连：前"), (4, "与前一条接不")]


def test_a_row_taken_out_and_the_rest_renumbered_is_seen(trail):
    AuditEntry.objects.filter(seq=3).delete()
    AuditEntry.objects.filter(seq=4).update(seq=3)
    AuditEntry.objects.filter(seq=5).update(seq=4)

    assert (3, "与前一条接不") in problems()
    assert (3, "内容与哈希不") in problems()


def test_two_swapped_rows_are_seen(trail):
    AuditEntry.objects.filter(seq=2).update(seq=99)
    AuditEntry.objects.filter(seq=3).update(seq=2)
    AuditEntry.objects.filter(seq=99).update(seq=3)

    assert {seq for seq, _ in problems()} == {2, 3, 4}


def test_a_row_written_without_the_key_is_seen(trail, settings):
    real = settings.FIELD_KEYS
    settings.FIELD_KEYS = real | {"audit": b"x" * 32}
    audit.record("test.forged", by=None)
    settings.FIELD_KEYS = real

    assert problems() == [(6, "内容与哈希不")]


def test_a_row_slipped_in_beside_the_program_is_seen(trail):
    last = trail[4]
    AuditEntry.objects.create(
        chain=COUNTY, seq=6, at=AT, actor_name="x", action="x", prev_hash=last.hash, hash="0" * 64
    )

    assert problems() == [(6, "内容与哈希不"), (6, "链头与最后一")]


def test_a_cut_tail_is_seen_by_the_head(trail):
    AuditEntry.objects.filter(seq=5).delete()

    assert problems() == [(4, "链头与最后一")]


def cut_tail_and_mend_the_head(trail) -> None:
    AuditEntry.objects.filter(seq__gt=3).delete()
    AuditHead.objects.update(seq=3, hash=trail[2].hash)


def test_a_cut_tail_with_a_mended_head_is_seen_by_the_anchor(trail):
    anchors.write_anchors(at=AT)

    cut_tail_and_mend_the_head(trail)

    assert problems() == [(5, "锚点记着的这")]


def test_what_was_cut_after_the_last_anchor_cannot_be_seen_and_the_report_says_how_much_that_is(
    trail, court_clerk, capsys
):
    anchors.write_anchors(at=AT)
    audit.record("test.act", by=court_clerk)

    call_command("verify_audit", "--json")

    assert json.loads(capsys.readouterr().out)["chains"] == [
        {"chain": COUNTY, "entries": 6, "anchored_seq": 5, "after_last_anchor": 1, "problems": []}
    ]


def test_a_whole_chain_written_anew_is_seen_by_the_anchor(trail, court_clerk):
    anchors.write_anchors(at=AT)
    AuditEntry.objects.all().delete()
    AuditHead.objects.all().delete()
    for number in range(1, 6):
        audit.record("test.act", by=court_clerk, detail={"number": number * 2})

    assert problems() == [(5, "与当日锚点不")]


def test_a_whole_chain_thrown_away_is_seen_by_the_anchor(trail):
    anchors.write_anchors(at=AT)
    AuditEntry.objects.all().delete()
    AuditHead.objects.all().delete()

    assert problems() == [(5, "锚点记着的这")]


@pytest.mark.parametrize("line", ["not json", "[]", "{}", '{"chain": "445381", "seq": 5, "hash": "x", "seal": "y"}'])
def test_an_anchor_written_without_the_key_is_seen(trail, line):
    anchors.write_anchors(at=AT)
    with anchors.anchor_file().open("a") as out:
        out.write(line + "\n")

    assert problems() == [(0, "锚点文件有 ")]


def test_a_broken_trail_names_no_more_than_twenty_problems(court_clerk):
    for _ in range(25):
        audit.record("test.act", by=court_clerk)
    AuditEntry.objects.update(action=F("request_id"))

    assert len(problems()) == 20


# ── anchors and the command ──────────────────────────────────────────────────
def test_the_daily_task_anchors_every_chain(trail, court_clerk):
    audit.record("test.act", by=court_clerk, division_code="445302")

    tasks.anchor_audit()
    tasks.anchor_audit()

    found, broken = audit_trail.read_anchors()
    assert ({chain: list(held) for chain, held in found.items()}, broken) == ({COUNTY: [5], "445302": [1]}, 0)
    assert len(anchors.anchor_file().read_text().splitlines()) == 4


def test_the_command_is_green_for_a_sound_trail(trail, capsys):
    call_command("verify_audit")

    assert capsys.readouterr().out == ("445381：5 条，最后锚点之后 5 条（整段截去要等下次锚点才看得出）\n")


def test_the_command_is_green_before_anything_happened(capsys):
    call_command("verify_audit")

    assert capsys.readouterr().out == "还没有审计记录。\n"


def test_the_command_is_red_for_a_changed_one(trail, capsys):
    AuditEntry.objects.filter(seq=2).update(action="x")

    with pytest.raises(DataRefused) as refusal:
        call_command("verify_audit", "--json")

    assert refusal.value.returncode == 1
    shown = json.loads(capsys.readouterr().out)
    assert (shown["ok"], shown["chains"][0]["problems"]) == (
        False,
        [{"seq": 2, "problem": "内容与哈希不符：被改过，或不是程序写的"}],
    )
