"""The column of tokens: matched by phrases on both databases, never read, kept in step."""

import pytest
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from core import tokens
from core.tokens import Phrase
from disputes.models import Dispute


@pytest.fixture
def row(register, mediator_of_taiping) -> Dispute:
    dispute = register(mediator_of_taiping)
    keep(dispute, ["借款", "款人", "人", "007", "abc"])
    return dispute


def keep(dispute: Dispute, found: list[str]) -> None:
    dispute.search = found
    dispute.save(update_fields=["search"])


def matches(*words: str, begins: bool = False) -> bool:
    return Dispute.objects.filter(search__holds=[Phrase(words, begins=begins)]).exists()


@pytest.mark.parametrize(
    ("words", "begins", "answer"),
    [
        (["借款"], False, True),
        (["借款", "款人"], False, True),
        (["借款", "人"], False, False),
        (["款人", "借款"], False, False),
        (["借"], False, False),
        (["借"], True, True),
        (["人", "007", "ab"], True, True),
        (["007"], False, True),
        (["7"], False, False),
    ],
)
def test_phrases_are_matched(words, begins, answer, row):
    assert matches(*words, begins=begins) is answer


def test_a_changed_row_is_found_by_its_new_tokens_only(row):
    keep(row, ["欠条"])
    assert (matches("欠条"), matches("借款")) == (True, False)


def test_a_deleted_row_leaves_no_token_behind(row):
    row.delete()
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM disputes_dispute_search WHERE disputes_dispute_search MATCH '借款'")
            assert cursor.fetchone() == (0,)
    assert not matches("借款")


def test_loading_a_row_does_not_read_its_tokens(row, django_assert_num_queries):
    with django_assert_num_queries(1) as asked:
        loaded = Dispute.objects.select_related("case_type").get(pk=row.pk)
        assert loaded.search is None
    assert '"search"' not in asked.captured_queries[0]["sql"]


def test_a_row_joined_to_another_does_not_read_them_either(row, django_assert_num_queries):
    with django_assert_num_queries(1) as asked:
        list(row.parties.model.objects.select_related("dispute"))
    assert '"search"' not in asked.captured_queries[0]["sql"]


def test_saving_a_loaded_row_whole_keeps_its_tokens(row):
    Dispute.objects.get(pk=row.pk).save()
    assert matches("借款", "款人")


def test_a_phrase_across_the_seam_of_positions_is_found(row):
    many = [f"t{number}" for number in range(33_000)]
    keep(row, many)
    for at in (0, 15_998, 15_999, 16_000, 31_999, 32_000):
        assert matches(*many[at : at + 4]), at


@pytest.mark.django_db
def test_the_table_of_tokens_follows_after_every_migration():
    """A migration that rebuilds disputes_dispute on SQLite drops its triggers: let it call core.tokens.install."""
    assert tokens.is_installed(connection, Dispute._meta.get_field("search"))


@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL has no second table to be kept in step")
def test_the_table_of_tokens_follows_after_every_migration_backwards():
    """For an older release put back: the same migrations rebuild the table on the way there."""
    try:
        for name in ("0021_days_of_the_past", "0016_party_standing"):
            MigrationExecutor(connection).migrate([("disputes", name)])
            assert tokens.is_installed(connection, Dispute._meta.get_field("search")), name
    finally:  # whatever comes of it, the tests behind find every table as it is now
        executor = MigrationExecutor(connection)
        executor.migrate(executor.loader.graph.leaf_nodes())


def test_installing_twice_and_taking_away_leave_the_rows_found(row):
    field = Dispute._meta.get_field("search")
    tokens.remove(connection, field)
    assert tokens.is_installed(connection, field) is (connection.vendor == "postgresql")
    tokens.install(connection, field)
    tokens.install(connection, field)
    assert (tokens.is_installed(connection, field), matches("借款")) == (True, True)


def test_the_field_survives_being_written_into_a_migration():
    name, path, args, kwargs = Dispute._meta.get_field("search").deconstruct()
    clone = tokens.TokensField(*args, **kwargs)
    assert (name, path, clone.null, clone.editable) == ("search", "core.tokens.TokensField", True, False)
