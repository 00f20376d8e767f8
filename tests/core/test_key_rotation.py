"""Another key, another cipher, another hash: everything reads as before, and nothing stays behind."""

import json
import re

import pytest
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from core import config_checks, key_rotation, privacy
from core.errors import Refused
from core.models import AuditEntry
from core.privacy import DecryptionError, lookup_hash
from roster.models import Staff

pytestmark = pytest.mark.django_db
NEW = {"k2": b"Another key of 32 bytes, no. two"}


def person(number: int) -> Staff:
    return Staff.objects.create(
        name=f"某{number}", id_number=f"44538119850302{number:04}", phone=f"1380000{number:04}",
        registered_address=f"太平镇{number}号",
    )  # fmt: skip


@pytest.fixture
def people(monkeypatch) -> list[Staff]:
    """Five people under the first key; batches of two, so that there are several."""
    monkeypatch.setattr(key_rotation, "BATCH", 2)
    return [person(number) for number in range(5)]


@pytest.fixture
def new_key(settings, people) -> None:
    settings.FIELD_KEYS = NEW | settings.FIELD_KEYS


def stored(column: str = "id_number") -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {column} FROM roster_staff ORDER BY name")
        return [row[0] for row in cursor.fetchall()]


def keys_in_use() -> set[str]:
    columns = ("id_number", "phone", "registered_address")
    return {privacy.key_of(token) for column in columns for token in stored(column)}


def run(*arguments: str, capsys) -> dict:
    call_command("rotate_keys", *arguments, "--json")
    return json.loads(capsys.readouterr().out)


def facts() -> list[tuple[str, str, str]]:
    return [(one.id_number, one.phone, one.registered_address) for one in Staff.objects.order_by("name")]


# ── keys ─────────────────────────────────────────────────────────────────────
def test_every_value_moves_under_the_first_key_and_reads_as_before(new_key, capsys):
    before = facts()
    shown = run(capsys=capsys)

    assert (keys_in_use(), facts()) == ({"k2"}, before)
    assert (shown["applied"], shown["values"], shown["waiting"], shown["done"]) == (True, 15, 15, 15)


def test_the_old_key_may_be_dropped_afterwards(new_key, settings, capsys):
    before = facts()
    run(capsys=capsys)
    settings.FIELD_KEYS = {name: key for name, key in settings.FIELD_KEYS.items() if name != "k1"}

    assert facts() == before


def test_until_then_old_and_new_are_read_side_by_side(new_key):
    person(5)

    assert keys_in_use() == {"k1", "k2"}
    assert [one[0][-4:] for one in facts()] == ["0000", "0001", "0002", "0003", "0004", "0005"]


def test_a_dry_run_counts_and_changes_nothing(new_key, capsys):
    before = stored()
    shown = run("--dry-run", capsys=capsys)

    assert (shown["applied"], shown["waiting"], shown["done"], stored()) == (False, 15, 0, before)
    assert AuditEntry.objects.count() == 0


def test_a_second_run_finds_nothing_to_do(new_key, capsys):
    run(capsys=capsys)
    before = stored()

    assert (run(capsys=capsys)["done"], stored()) == (0, before)


def test_a_run_that_broke_off_is_taken_up_where_it_stopped(new_key, monkeypatch, capsys):
    real, batches = key_rotation._rotate_batch, []

    def broken(model, column, after):
        if batches.append(column) or len(batches) > 3:
            raise ConnectionError
        return real(model, column, after)

    monkeypatch.setattr(key_rotation, "_rotate_batch", broken)
    with pytest.raises(ConnectionError):
        call_command("rotate_keys")
    assert keys_in_use() == {"k1", "k2"}
    monkeypatch.setattr(key_rotation, "_rotate_batch", real)

    assert 0 < run(capsys=capsys)["done"] < 15
    assert keys_in_use() == {"k2"}


def test_no_batch_begins_again_at_the_first_row(new_key):
    with CaptureQueriesContext(connection) as seen:
        key_rotation.rotate(by=None)
    looked = [one["sql"] for one in seen if re.search(r'"roster_staff"."phone"\S* LIKE .*LIMIT 2\b', one["sql"])]
    assert [" > " in sql for sql in looked] == [False, True, True, True]


def test_another_cipher_counts_as_another_key(people, settings, capsys):
    settings.FIELD_CIPHER = privacy.SM4
    before = facts()
    run(capsys=capsys)

    assert ({token.split(":")[2] for token in stored()}, facts()) == ({"sm4-gcm"}, before)


def test_both_ends_of_a_run_stand_in_the_trail_without_a_value(new_key, capsys):
    run(capsys=capsys)
    trail = list(AuditEntry.objects.order_by("seq").values_list("action", "detail"))

    assert [action for action, _ in trail] == ["keys.rotate_start", "keys.rotate"]
    assert (trail[0][1]["to"], trail[1][1]["done"]) == ("v1:k2:aes-256-gcm:", 15)
    assert "445381" not in repr(trail)


def test_a_missing_key_is_named_and_nothing_is_changed(new_key, settings):
    settings.FIELD_KEYS = {name: key for name, key in settings.FIELD_KEYS.items() if name != "k1"}
    before = stored()

    with pytest.raises(Refused, match=r"是用密钥「k1」加密的，而 FIELD_KEYS 里没有这一把"):
        key_rotation.rotate(by=None)
    assert (stored(), AuditEntry.objects.count()) == (before, 0)


def test_a_tampered_value_stops_the_run(new_key):
    token = stored()[0]
    bad = token[:-4] + ("AAA=" if not token.endswith("AAA=") else "BBB=")
    with connection.cursor() as cursor:
        cursor.execute("UPDATE roster_staff SET id_number = %s WHERE name = '某0'", [bad])

    with pytest.raises(DecryptionError):
        key_rotation.rotate(by=None)


def test_a_value_somebody_wrote_meanwhile_is_not_overwritten(new_key, monkeypatch):
    """Rows are read under the lock of their batch: a change made before it is what gets encrypted anew."""
    Staff.objects.filter(name="某3").get()
    changed = Staff.objects.get(name="某3")
    changed.phone = "13999990000"
    changed.save()
    key_rotation.rotate(by=None)

    assert Staff.objects.get(name="某3").phone == "13999990000"


def test_every_model_with_an_encrypted_column_is_reached():
    names = {f"{model._meta.label}.{column.name}" for model, column in key_rotation.encrypted_columns()}

    assert {"roster.Staff.id_number", "disputes.Party.phone", "core.SecondFactor.secret"} <= names


# ── look-up hashes ───────────────────────────────────────────────────────────
def test_hashes_are_rebuilt_for_another_algorithm_and_people_are_found_again(people, settings, capsys):
    settings.FIELD_HASH = "hmac-sm3"
    wanted = lookup_hash("id_number", people[2].id_number)
    assert Staff.objects.filter(id_hash=wanted).count() == 0
    shown = run("--lookup", capsys=capsys)

    assert Staff.objects.get(id_hash=wanted).pk == people[2].pk
    assert (shown["values"], shown["done"]) == (20, 15)  # nobody here has a second phone
    assert AuditEntry.objects.get().action == "keys.rebuild_lookup"


def test_after_hashes_nobody_is_told_that_an_old_key_may_go(people, settings, capsys):
    settings.FIELD_HASH = "hmac-sm3"
    call_command("rotate_keys", "--lookup")
    shown = capsys.readouterr().out

    assert "旧密钥" not in shown
    assert shown.endswith("检索用哈希都算好了。加密用的密钥没有换。\n")


def test_hashes_are_rebuilt_for_another_key(people, settings, capsys):
    settings.FIELD_KEYS = settings.FIELD_KEYS | {"lookup": b"Another key to look people up by"}
    assert run("--lookup", "--dry-run", capsys=capsys)["waiting"] == 15
    run("--lookup", capsys=capsys)

    assert Staff.objects.filter(id_hash=lookup_hash("id_number", people[0].id_number)).exists()
    ending = Staff._meta.get_field("id_tail_hash").hash_of(people[0].id_number)
    assert Staff.objects.filter(id_tail_hash=ending).exists()
    assert run("--lookup", capsys=capsys)["done"] == 0


def test_the_check_up_says_when_hashes_or_keys_are_behind(people, settings):
    def codes() -> set[str]:
        return {finding.code for finding in config_checks.key_ring()}

    assert codes() == set()
    settings.FIELD_HASH = "hmac-sm3"
    assert codes() == {"lookup_stale"}
    settings.FIELD_KEYS = NEW | settings.FIELD_KEYS
    assert codes() == {"lookup_stale", "keys_waiting"}


def test_the_check_up_looks_at_few_rows_and_sees_what_a_rotation_left(people, new_key, monkeypatch):
    monkeypatch.setattr(key_rotation, "LOOKED_AT", 2)
    for model, column in key_rotation.encrypted_columns():
        key_rotation._rotate_batch(model, column, None)  # broken off after the first two of five

    with CaptureQueriesContext(connection) as asked:
        assert key_rotation.some_wait() is True
    assert [each["sql"] for each in asked if "LIMIT 2" not in each["sql"]] == []


def test_the_check_up_is_content_once_everything_was_rotated(people, new_key, admin):
    key_rotation.rotate(by=admin)

    assert key_rotation.some_wait() is False
