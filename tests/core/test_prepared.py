"""Queries put into SQL once: the same rows as the plain query, whatever the values, and no value lost on the way."""

from concurrent.futures import ThreadPoolExecutor
from copy import copy
from typing import Any

import pytest
from django.db import NotSupportedError, connection
from django.db.models import Q
from django.test.utils import CaptureQueriesContext

from core.models import DeadlineRule, Division
from core.prepared import Prepared

TOWN = "445381101"


def villages(parent, names=()):
    rows = Division.objects.filter(parent_id=parent).order_by("code")
    return rows.filter(name__in=names) if names else rows


@pytest.mark.parametrize("parent", [TOWN, "445381004", "no such town", "x' OR '1'='1", "%", "\\"])
def test_the_rows_are_those_of_the_plain_query(divisions, parent):
    assert list(Prepared(villages)(parent=parent)) == list(villages(parent))


def test_a_tuple_may_be_of_any_length(divisions):
    prepared, every = Prepared(villages), tuple(row.name for row in villages(TOWN)[:3])

    for many in (2, 0, 3, 1, 2):
        assert list(prepared(parent=TOWN, names=every[:many])) == list(villages(TOWN, every[:many]))


def test_a_shape_is_built_once_whatever_its_values(divisions):
    built = []
    prepared = Prepared(lambda parent: built.append(parent) or villages(parent))

    found = [[row.parent_id for row in prepared(parent=code)] for code in (TOWN, "445381004", TOWN)]

    assert [set(row) for row in found] == [{TOWN}, {"445381004"}, {TOWN}]
    assert len(built) == 1


def test_joined_rows_and_columns_by_name_come_as_from_the_plain_query(divisions, django_assert_num_queries):
    joined = Prepared(lambda parent: villages(parent).select_related("parent"))
    named = Prepared(lambda parent: villages(parent).values("code", "parent__name"))

    with django_assert_num_queries(2):
        assert {row.parent.name for row in joined(parent=TOWN)} == {"太平镇"}
        assert {row["parent__name"] for row in named(parent=TOWN)} == {"太平镇"}


SHAPES = {
    "plain": villages,
    "joined": lambda parent: villages(parent).select_related("parent"),
    "columns": lambda parent: villages(parent).values_list("code", "parent__name"),
    "union": lambda parent: villages(parent).order_by().union(Division.objects.filter(code=parent).order_by()),
}


def stands(plan) -> list[dict]:
    """What the plan's queryset, query and compiler hold, their lists and dictionaries as they are now."""
    inside = (list, dict, tuple, set)
    return [
        {name: copy(value) if isinstance(value, inside) else value for name, value in vars(one).items()}
        for one in (plan.template, plan.template.query, plan.compiler)
    ]


@pytest.mark.parametrize("build", SHAPES.values(), ids=SHAPES)
def test_reading_leaves_the_plan_as_it_was(build, divisions):
    prepared = Prepared(build)
    expected = [set(build(parent=code)) for code in (TOWN, "445381004")]
    prepared(parent=TOWN)
    (plan,) = prepared._plans.values()
    before = stands(plan)

    one, other = (iter(prepared(parent=code)) for code in (TOWN, "445381004"))
    found = [{next(one)}, {next(other)}]
    found[0] |= set(one)
    found[1] |= set(other)

    assert found == expected
    assert (stands(plan), list(prepared._plans.values())) == (before, [plan])


NARROWED = {
    "filter": lambda rows: rows.filter(code=TOWN),
    "first": lambda rows: rows.first(),
    "get": lambda rows: rows.get(code=TOWN),
    "slice": lambda rows: rows[:1],
    "count": lambda rows: rows.count(),
    "exists": lambda rows: rows.exists(),
    "within": lambda rows: list(Division.objects.filter(pk__in=rows)),
}


@pytest.mark.parametrize("narrow", NARROWED.values(), ids=NARROWED)
def test_narrowed_afterwards_it_is_refused(narrow, divisions):
    rows = Prepared(villages)(parent=TOWN)

    with pytest.raises(TypeError, match="not narrowed"):
        narrow(rows)


def test_a_value_that_the_query_changes_is_refused(divisions):
    with pytest.raises(TypeError, match="part of another"):
        Prepared(lambda start: Division.objects.filter(code__startswith=start).exclude(code=start))(start=TOWN)


def test_a_value_that_the_query_leaves_out_is_refused(divisions):
    with pytest.raises(TypeError, match="town"):
        Prepared(lambda town: Division.objects.all())(town=TOWN)


def test_a_column_too_small_for_a_mark_is_never_found_empty(rules):
    """PostgreSQL's small columns hold no mark, SQLite's hold any number."""
    counted = Prepared(lambda number: DeadlineRule.objects.filter(length=number))

    if connection.vendor == "postgresql":
        with pytest.raises(TypeError, match="too small"):
            counted(number=30)
    else:
        found = list(counted(number=30))
        assert found == list(DeadlineRule.objects.filter(length=30)) != []


@pytest.mark.django_db
def test_a_query_that_can_find_nothing_finds_nothing():
    assert list(Prepared(lambda town: Division.objects.filter(Q(code=town), pk__in=[]))(town=TOWN)) == []


@pytest.mark.django_db(transaction=True)
def test_another_thread_asks_by_its_own_connection():
    prepared = Prepared(villages)
    assert list(prepared(parent=TOWN)) == []

    def ask():
        try:
            return list(prepared(parent=TOWN))
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as pool:
        assert pool.submit(ask).result() == []


@pytest.mark.parametrize("parent", [TOWN, "445381004", "no such town", "x' OR '1'='1", "%", "$1"])
def test_with_its_plan_kept_the_rows_are_the_same(divisions, parent):
    kept = Prepared(villages, planned_once=True)

    for names in ((), ("石牌村村民委员会", "%s $1 '")):
        for _ in range(7):  # were it not told to plan once, PostgreSQL would take one plan from the sixth time on
            assert list(kept(parent=parent, names=names)) == list(villages(parent, names))


def test_what_is_the_same_for_all_values_stands_in_the_statement(divisions):
    kept = Prepared(
        lambda parent: villages(parent).exclude(name="100%s $1 %").filter(level="village"), planned_once=True
    )

    assert list(kept(parent=TOWN)) == list(villages(TOWN))


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite keeps no plans of ours")
def test_postgresql_is_told_of_a_statement_once(divisions, settings):
    kept = Prepared(villages, planned_once=True)
    with CaptureQueriesContext(connection) as asked:
        for code in (TOWN, "445381004"):
            list(kept(parent=code))
    assert [query["sql"].split(" (")[0].split()[0] for query in asked.captured_queries] == ["EXECUTE", "EXECUTE"]

    settings.DATABASE_KEEPS_PLANS = False
    with CaptureQueriesContext(connection) as asked:
        list(kept(parent=TOWN))
    assert asked.captured_queries[0]["sql"].startswith("SELECT")


@pytest.mark.django_db(transaction=True)
def test_a_new_connection_is_told_anew(divisions):
    kept = Prepared(villages, planned_once=True)
    before = list(kept(parent=TOWN))
    connection.close()

    assert list(kept(parent=TOWN)) == before


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite keeps no plans of ours")
@pytest.mark.django_db(transaction=True)
def test_after_the_database_was_started_anew_the_next_request_is_answered(divisions):
    kept = Prepared(villages, planned_once=True)
    before = list(kept(parent=TOWN))
    end_the_session_of(connection.connection)
    connection.health_check_enabled, connection.health_check_done = True, False  # as at the start of a request

    try:
        assert list(kept(parent=TOWN)) == before
    finally:
        connection.health_check_enabled = False


def end_the_session_of(raw: Any) -> None:
    other = connection.copy()
    try:
        with other.cursor() as cursor:
            cursor.execute("SELECT pg_terminate_backend(%s)", [raw.get_backend_pid()])
    finally:
        other.close()


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite keeps no plans of ours")
@pytest.mark.django_db(transaction=True)
def test_what_a_migration_spoiled_is_spoiled_for_one_request_alone(divisions):
    kept = Prepared(villages, planned_once=True)
    before = list(kept(parent=TOWN))
    table = Division._meta.db_table
    with connection.cursor() as cursor:
        cursor.execute(f"ALTER TABLE {table} ALTER name TYPE varchar(90)")

    try:
        with pytest.raises(NotSupportedError):
            list(kept(parent=TOWN))
        connection.close_if_unusable_or_obsolete()  # as at the end of a request
        assert list(kept(parent=TOWN)) == before
    finally:
        with connection.cursor() as cursor:
            cursor.execute(
                f"ALTER TABLE {table} ALTER name TYPE {Division._meta.get_field('name').db_type(connection)}"
            )
