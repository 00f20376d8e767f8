"""Statements that a connection to PostgreSQL is told of once and afterwards asked for by name (docs/adr/0016).

It neither reads nor plans them anew. Behind a pooler that hands out connections a transaction at a time they are not
there the next time: DATABASE_KEEPS_PLANS is switched off then.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import count
from typing import Any
from weakref import WeakKeyDictionary

from django.conf import settings
from django.db import NotSupportedError

_numbers = count(1)
_known_to: WeakKeyDictionary[Any, set[str]] = WeakKeyDictionary()  # names by the connection that knows them


def new_name() -> str:
    """A name that no other statement of this process has."""
    return f"kept_{next(_numbers)}"


def are_kept(connection: Any) -> bool:
    """Whether this database keeps what it is told."""
    return connection.vendor == "postgresql" and bool(settings.DATABASE_KEEPS_PLANS)


def by_name(connection: Any, name: str, statement: Callable[[Any], str], values: int) -> str:
    """The SQL that runs a statement with so many values, after the connection was told of it, which knows it until it
    is closed. `statement` makes the words of PREPARE after its name, of a driver's cursor. Raises DatabaseError."""
    connection.close_if_health_check_failed()  # afterwards a cursor would be of a new connection, which knows nothing
    connection.ensure_connection()
    known = _known_to.setdefault(connection.connection, set())
    if name not in known:
        with connection.wrap_database_errors, connection.connection.cursor() as cursor:
            cursor.execute(f"PREPARE {name}{statement(cursor)}")
        known.add(name)
    return f"EXECUTE {name} ({', '.join(['%s'] * values)})" if values else f"EXECUTE {name}"


@contextmanager
def renewed_when_stale(connection: Any) -> Iterator[None]:
    """A migration that changes a column's type spoils what was prepared of it for as long as the connection lives: the
    request that finds out fails, and the connection ends with it."""
    try:
        yield
    except NotSupportedError:
        connection.close_at = 0
        raise
