"""Rows written by a statement kept: those that saving makes, and no less is refused."""

from datetime import UTC, date, datetime

import pytest
from django.db import DatabaseError, DataError, IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from core import statements
from core.models import AuditHead, DirtyBucket
from core.statements import insert, save_columns
from disputes.models import CodeSequence, Dispute, Party
from roster.models import Staff
from tests.conftest import TAIPING

NOW = datetime(2023, 9, 20, 2, 0, tzinfo=UTC)
pytestmark = pytest.mark.django_db


def test_a_row_is_the_one_that_saving_makes():
    told = {"name": "林文英", "id_number": "445381199001010011", "phone": "13800000001", "note": "'%s \\ 𣸣"}
    saved, inserted = Staff(**told | {"id_number": ""}, created_at=NOW), Staff(**told, created_at=NOW)
    saved.save()
    insert(inserted)

    rows = {row.pk: row for row in Staff.objects.all()}
    names = [field.attname for field in Staff._meta.concrete_fields if field.attname not in ("id", "id_number")]
    unlike = {"id_hash", "id_tail_hash"}
    assert rows[inserted.pk].id_number == told["id_number"]
    assert inserted.id_hash
    assert {name: getattr(rows[inserted.pk], name) for name in names if name not in unlike} == {
        name: getattr(rows[saved.pk], name) for name in names if name not in unlike
    }
    assert (inserted._state.adding, inserted._state.db) == (False, "default")


def test_keys_that_the_database_makes_are_each_rows_own():
    rows = [DirtyBucket(town_code=code, month=date(2023, 9, 1)) for code in (TAIPING, "445381102", "445381103")]
    insert(*rows)

    assert [DirtyBucket.objects.get(pk=row.pk).town_code for row in rows] == [row.town_code for row in rows]


def test_no_rows_are_no_statement(django_assert_num_queries):
    with django_assert_num_queries(0):
        insert()


def test_some_rows_are_one_statement(django_assert_num_queries):
    with django_assert_num_queries(1):
        insert(*[Staff(name=f"测{number}", phone=f"1380000000{number}") for number in range(3)])

    assert {(row.name, row.phone) for row in Staff.objects.all()} == {
        (f"测{number}", f"1380000000{number}") for number in range(3)
    }


def test_a_row_of_what_is_not_saved_is_refused():
    with pytest.raises(ValueError, match="unsaved"):
        insert(Party(dispute=Dispute(), side="respondent", name="测"))


def test_what_a_constraint_refuses_undoes_the_transaction():
    with pytest.raises(IntegrityError), transaction.atomic():
        insert(Staff(name=""))
    assert not Staff.objects.exists()

    with transaction.atomic():
        with pytest.raises(IntegrityError):
            insert(Staff(name=""))
        assert connection.needs_rollback
        transaction.set_rollback(True)


def test_columns_of_another_row_are_saved_with_it(django_assert_num_queries):
    head = AuditHead.objects.create(chain="445399", seq=1, hash="a")
    head.seq, head.hash = 2, "b"
    bucket = DirtyBucket(town_code=TAIPING, month=date(2023, 9, 1))
    with django_assert_num_queries(1 if connection.vendor == "postgresql" else 2):
        insert(bucket, saving=(head, "seq"))

    assert AuditHead.objects.values_list("seq", "hash").get(chain="445399") == (2, "a")
    assert DirtyBucket.objects.get(pk=bucket.pk).town_code == TAIPING


def test_rows_of_several_models(django_assert_num_queries):
    bucket, people = DirtyBucket(town_code=TAIPING, month=date(2023, 9, 1)), [Staff(name="测一"), Staff(name="测二")]
    with django_assert_num_queries(1 if connection.vendor == "postgresql" else 2):
        insert(*people, bucket)

    assert set(Staff.objects.values_list("pk", "name")) == {(one.pk, one.name) for one in people}
    assert DirtyBucket.objects.get(pk=bucket.pk).town_code == TAIPING
    assert not any(row._state.adding for row in (*people, bucket))


def test_of_several_models_all_or_none():
    with pytest.raises(IntegrityError), transaction.atomic():
        insert(Staff(name=""), DirtyBucket(town_code=TAIPING, month=date(2023, 9, 1)))
    with pytest.raises(IntegrityError), transaction.atomic():
        insert(DirtyBucket(town_code=TAIPING, month=date(2023, 9, 1)), Staff(name=""))
    assert not DirtyBucket.objects.exists()
    assert not Staff.objects.exists()


def test_with_a_row_whose_key_is_made_here():
    head = AuditHead.objects.create(chain="445399")
    head.seq = 7
    insert(Staff(name="测一"), Staff(name="测二"), saving=(head, "seq"))

    assert AuditHead.objects.get(chain="445399").seq == 7
    assert Staff.objects.count() == 2


def test_nothing_is_put_in_beside_a_row_that_is_not_there():
    gone = AuditHead(chain="445399", seq=3)
    with pytest.raises(DatabaseError, match="not there"), transaction.atomic():
        insert(DirtyBucket(town_code=TAIPING, month=date(2023, 9, 1)), saving=(gone, "seq"))
    assert not DirtyBucket.objects.exists()


def test_columns_are_saved_and_no_others():
    head = AuditHead.objects.create(chain="445399", seq=1, hash="a")
    head.seq, head.hash = 2, "b"
    save_columns(head, "seq")

    assert AuditHead.objects.values_list("seq", "hash").get(chain="445399") == (2, "a")


def test_columns_of_a_row_that_is_gone_are_refused():
    sequence = CodeSequence.objects.create(prefix="TP2309", last=0)
    CodeSequence.objects.all().delete()

    with pytest.raises(DatabaseError, match="not there"):
        save_columns(sequence, "last")


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite cannot lock and write in one statement")
def test_a_row_is_locked_with_new_rows_and_given_back(django_assert_num_queries):
    AuditHead.objects.create(chain="445399", seq=7, hash="g")
    bucket = DirtyBucket(town_code=TAIPING, month=date(2023, 9, 1))
    with transaction.atomic(), django_assert_num_queries(1):
        assert insert(bucket, locking=(AuditHead, "445399", "seq", "hash")) == (7, "g")

    assert DirtyBucket.objects.get().pk == bucket.pk


def test_a_row_to_be_locked_that_is_not_there_is_no_hindrance():
    with transaction.atomic():
        assert (
            insert(DirtyBucket(town_code=TAIPING, month=date(2023, 9, 1)), locking=(AuditHead, "445398", "seq")) is None
        )
        assert insert(locking=(AuditHead, "445398", "seq")) is None

    assert DirtyBucket.objects.count() == 1


# ── statements that the database keeps ───────────────────────────────────────
POSTGRESQL_ALONE = pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite keeps no statements of ours")


def verbs(asked: CaptureQueriesContext) -> list[str]:
    return [query["sql"].split()[0] for query in asked.captured_queries]


@pytest.fixture
def nothing_kept(monkeypatch):
    """As in a process that has written nothing yet."""
    monkeypatch.setattr(statements, "_names", {})


@POSTGRESQL_ALONE
@pytest.mark.usefixtures("nothing_kept")
def test_a_statement_is_asked_for_by_name(settings):
    with CaptureQueriesContext(connection) as asked:
        for number in range(7):  # from the sixth time on PostgreSQL may take one plan for all values
            insert(*[Staff(name=f"测{number}", note="%s $1 '", phone="") for _ in range(2)])
    assert verbs(asked) == ["EXECUTE"] * 7

    settings.DATABASE_KEEPS_PLANS = False
    with CaptureQueriesContext(connection) as asked:
        insert(*[Staff(name="测7", note="%s $1 '", phone="") for _ in range(2)])
    assert verbs(asked) == ["INSERT"]
    assert sorted(Staff.objects.values_list("name", "note")) == sorted(
        [(f"测{number}", "%s $1 '") for number in range(8)] * 2
    )


@POSTGRESQL_ALONE
@pytest.mark.usefixtures("nothing_kept")
def test_neither_very_large_statements_are_kept_nor_more_than_so_many(monkeypatch):
    monkeypatch.setattr(statements, "SHAPES_KEPT", 2)

    with CaptureQueriesContext(connection) as asked:
        for rows in (100, 1, 2, 3, 1):
            insert(*[Staff(name="测", phone="") for _ in range(rows)])

    assert verbs(asked) == ["INSERT", "EXECUTE", "EXECUTE", "INSERT", "EXECUTE"]


@POSTGRESQL_ALONE
@pytest.mark.usefixtures("nothing_kept")
def test_a_text_too_long_is_refused_by_a_kept_statement_too():
    insert(CodeSequence(prefix="AB2309", last=1))

    with CaptureQueriesContext(connection) as asked, pytest.raises(DataError), transaction.atomic():
        insert(CodeSequence(prefix="AB2309" * 20, last=1))

    assert "EXECUTE" in verbs(asked)


@POSTGRESQL_ALONE
@pytest.mark.usefixtures("nothing_kept")
@pytest.mark.django_db(transaction=True)
def test_a_new_connection_is_told_of_it_anew():
    insert(CodeSequence(prefix="AB2309", last=1))
    connection.close()

    with CaptureQueriesContext(connection) as asked:
        insert(CodeSequence(prefix="AB2310", last=1))

    assert verbs(asked) == ["EXECUTE"]
    assert CodeSequence.objects.count() == 2
