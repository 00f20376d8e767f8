"""Many rows at once: the same rows as one by one, on either database."""

from contextlib import nullcontext
from datetime import UTC, date, datetime, timedelta
from uuid import RFC_4122, UUID, uuid4

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.models import F

from core.bulk import BATCH, MANY, Among, insert_all, new_keys, settle
from core.tokens import Phrase
from disputes.models import CaseType, Dispute
from roster.models import Staff, TeamMembership
from tests.conftest import TAIPING

NOW = datetime(2023, 9, 20, 2, 0, tzinfo=UTC)
LATER = NOW + timedelta(days=1)
HASHES = ("id_hash", "id_tail_hash", "phone_tail_hash", "second_phone_tail_hash")
NASTY = 'a\\b\tc\nd\re\\N"𣸣𠮷·“'
pytestmark = pytest.mark.django_db


def values(**changes):
    return {"id": uuid4(), "name": "测一", "id_number": "", "phone": "", "created_at": NOW, **changes}


def test_rows_are_those_that_saving_makes():
    written = values(name="林文英", id_number="445381199001010011", phone="13800000001", note=NASTY, born="1990-01")
    assert insert_all(Staff, [dict(written)]) == 1
    found = Staff.objects.get(pk=written["id"])
    saved = Staff(**(written | {"id": uuid4(), "id_number": "", "phone": ""}))
    saved.save()
    assert {name: getattr(found, name) for name in written} == written
    assert (found.version, found.platform_account, found.joined_platform_on, found.user_id) == (
        saved.version,
        saved.platform_account,
        saved.joined_platform_on,
        saved.user_id,
    )


@pytest.mark.parametrize("moments", [(NOW, NOW, NOW), (NOW, NOW, LATER), (LATER, NOW, NOW)])
def test_rows_share_a_moment_only_where_they_do(moments):
    insert_all(Staff, [values(name=f"测{place}", created_at=moment) for place, moment in enumerate(moments)])
    assert tuple(Staff.objects.order_by("name").values_list("created_at", flat=True)) == moments


def test_what_is_encrypted_is_no_clear_text_and_found_by_its_hash():
    written = values(id_number="445381199001010011")
    insert_all(Staff, [dict(written)])
    kept = Staff.objects.values("id_number", "id_hash").get()
    one_by_one = Staff(name="x", id_number="445381199001010011")
    Staff._meta.get_field("id_hash").pre_save(one_by_one, True)
    assert (str(kept["id_number"]), kept["id_hash"]) == ("（已加密）", one_by_one.id_hash)


def test_hashes_of_last_digits_are_those_that_saving_makes():
    written = values(id_number="445381199001010011", phone="13800000001、0766-3812345")
    insert_all(Staff, [dict(written)])
    saved = Staff(**(written | {"id": uuid4(), "id_number": "", "phone": ""}))
    for column in HASHES:
        setattr(saved, column, "")
    saved.__dict__ |= {"id_number": written["id_number"], "phone": written["phone"]}

    kept = Staff.objects.values(*HASHES).get(pk=written["id"])

    assert kept == {column: Staff._meta.get_field(column).pre_save(saved, True) for column in HASHES}


def test_any_number_of_words_is_one_parameter(django_assert_num_queries):
    insert_all(Staff, [values(name=NASTY), values(name="测二"), values(name="测三")])
    wanted = [NASTY, "测三", *(f"无{number}" for number in range(10_000))]

    with django_assert_num_queries(1) as asked:
        found = set(Staff.objects.filter(Among(F("name"), wanted)).values_list("name", flat=True))

    assert (found, asked.captured_queries[0]["sql"].count(" IN (%s")) == ({NASTY, "测三"}, 0)
    assert not Staff.objects.filter(Among(F("name"), [])).exists()


@pytest.mark.parametrize("word", ["a,b", "{a}", 'a"b', "a\\b", "NULL", "", " a ", NASTY])
def test_a_word_of_any_letters_is_found_among_others(word):
    insert_all(Staff, [values(name="测一", note=word), values(name="测二", note="另")])

    assert list(Staff.objects.filter(Among(F("note"), [word, "无"])).values_list("name", flat=True)) == ["测一"]


def test_keys_are_found_among_others():
    insert_all(Staff, [mine := values(name="测一"), values(name="测二")])

    assert Staff.objects.get(Among(F("id"), [mine["id"], uuid4()])).name == "测一"


def test_columns_are_opened_as_rows_are():
    clear = {"id_number": "445381199001010011", "phone": "", "contact_address": NASTY}
    insert_all(Staff, [values(**clear)])
    key, *sealed = Staff.objects.values_list("pk", *clear).get()

    opened = [Staff._meta.get_field(name).opener()(value, str(key)) for name, value in zip(clear, sealed, strict=True)]

    assert (
        dict(zip(clear, opened, strict=True)) == {name: getattr(Staff.objects.get(), name) for name in clear} == clear
    )


def test_new_keys_are_random_uuids_in_order():
    keys = new_keys(1000)

    read = [UUID(key) for key in keys]

    assert [str(key) for key in read] == sorted(keys) == keys
    assert {(key.version, key.variant) for key in read} == {(4, RFC_4122)}
    assert {key.hex[16] for key in read} == set("89ab")
    assert (len(set(keys)), new_keys(0)) == (1000, [])


def test_an_empty_value_is_kept_empty_and_has_no_hash():
    insert_all(Staff, [values()])
    assert Staff.objects.values_list("id_number", "id_hash").get() == ("", "")


def test_more_rows_than_a_batch_come_from_a_generator():
    assert insert_all(Staff, (values(name=f"测{number}") for number in range(BATCH + 3))) == BATCH + 3
    assert Staff.objects.count() == BATCH + 3


def test_no_rows_are_no_rows():
    assert insert_all(Staff, iter(())) == 0


def test_a_key_that_the_database_makes_is_made(divisions):
    staff = values()
    insert_all(Staff, [dict(staff)])
    since = date(2023, 3, 30)
    term = {"staff_id": staff["id"], "town_id": TAIPING, "town_code": TAIPING, "role": "mediator", "since": since}
    insert_all(TeamMembership, [term | {"recorded_at": NOW}])
    found = TeamMembership.objects.get()
    assert (found.pk > 0, found.staff_id, found.since, found.until, found.recorded_at) == (
        True,
        staff["id"],
        since,
        None,
        NOW,
    )


def test_what_a_constraint_forbids_is_an_integrity_error():
    twice = [values(id_number="445381199001010011"), values(id_number="445381199001010011")]
    with pytest.raises(IntegrityError), transaction.atomic():
        insert_all(Staff, twice)
    assert Staff.objects.count() == 0


def test_json_and_tokens_are_written_as_saving_writes_them(divisions, mediator_of_taiping):
    village = next(row for code, row in divisions.items() if len(code) > 9 and code.startswith(TAIPING))
    kind = CaseType.objects.create(
        key="neighbour", name="邻里", cause="邻里纠纷", statistical_type="neighbour", order=1
    )
    told = {
        "code": "TP2309-0001", "division_id": village.code, "town_code": TAIPING, "case_type_id": kind.pk,
        "source": "visit", "title": NASTY, "narrative": NASTY, "registered_on": NOW.date(), "state_on": NOW.date(),
        "recorded_at": NOW, "registered_by_id": mediator_of_taiping.pk,
    }  # fmt: skip
    triage, tokens = {"because": [NASTY], "risk": None}, ["水沟", "沟", "abc"]
    insert_all(Dispute, [told | {"triage": triage, "search": tokens}])
    found = Dispute.objects.get()
    assert (found.triage, found.title, found.state) == (triage, NASTY, "registered")
    assert Dispute.objects.filter(search__holds=[Phrase(("水沟", "沟"), begins=False)]).exists()
    insert_all(Dispute, [told | {"code": "TP2309-0002"}])
    assert Dispute.objects.get(code="TP2309-0002").triage == {}


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite keeps no such figures")
@pytest.mark.parametrize(("count", "seen"), [(MANY, True), (MANY - 1, False)])
def test_a_table_last_found_empty_is_counted_anew(count, seen):
    rows = [{"id": key, "name": f"测{key[:6]}", "created_at": NOW} for key in new_keys(count)]
    with transaction.atomic():
        insert_all(Staff, rows)
        transaction.set_rollback(True)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE roster_staff")
        insert_all(Staff, rows)
        cursor.execute("SELECT relpages > 0, reltuples > 0 FROM pg_class WHERE oid = 'roster_staff'::regclass")
        assert cursor.fetchone() == (True, seen)


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite keeps no such figures")
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("is_open", [True, False])
def test_the_database_looks_anew_at_what_was_written(is_open):
    """Also where a transaction is open, in which nothing can be cleaned."""
    insert_all(Staff, [{"id": key, "name": f"测{key[:6]}", "created_at": NOW} for key in new_keys(MANY - 1)])
    with transaction.atomic() if is_open else nullcontext():
        settle()

    with connection.cursor() as cursor:
        cursor.execute("SELECT reltuples, relallvisible > 0 FROM pg_class WHERE oid = 'roster_staff'::regclass")
        assert cursor.fetchone() == (MANY - 1, not is_open)
