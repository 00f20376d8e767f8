"""The database's own guard over the audit trail: rows can be added, never changed or removed.

The statements stand here alone: a migration runs them, the tests take them off and put them back
(a guarded table cannot be emptied), `check_config` looks whether they are there. A later migration
that rebuilds the table on SQLite must install them again.
"""

from typing import Any

TABLE = "core_auditentry"
SQLITE = {
    f"{TABLE}_no_update": f"""
        CREATE TRIGGER {TABLE}_no_update BEFORE UPDATE ON {TABLE}
        BEGIN SELECT RAISE(ABORT, 'audit entries cannot be changed'); END""",
    f"{TABLE}_no_delete": f"""
        CREATE TRIGGER {TABLE}_no_delete BEFORE DELETE ON {TABLE}
        BEGIN SELECT RAISE(ABORT, 'audit entries cannot be deleted'); END""",
}
FUNCTION = f"{TABLE}_refuse"
POSTGRESQL_FUNCTION = f"""
    CREATE OR REPLACE FUNCTION {FUNCTION}() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        RAISE EXCEPTION 'audit entries can only be added' USING ERRCODE = 'restrict_violation';
    END $$"""
POSTGRESQL = {
    f"{TABLE}_no_change": f"""
        CREATE TRIGGER {TABLE}_no_change BEFORE UPDATE OR DELETE ON {TABLE}
        FOR EACH ROW EXECUTE FUNCTION {FUNCTION}()""",
    f"{TABLE}_no_truncate": f"""
        CREATE TRIGGER {TABLE}_no_truncate BEFORE TRUNCATE ON {TABLE}
        FOR EACH STATEMENT EXECUTE FUNCTION {FUNCTION}()""",
}


def _statements(connection: Any) -> dict[str, str]:
    return POSTGRESQL if connection.vendor == "postgresql" else SQLITE


def install(connection: Any) -> None:
    """Put the guard on; twice is as good as once."""
    remove(connection)
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(POSTGRESQL_FUNCTION)
        for statement in _statements(connection).values():
            cursor.execute(statement)


def remove(connection: Any) -> None:
    """Take the guard off."""
    where = f" ON {TABLE}" if connection.vendor == "postgresql" else ""
    with connection.cursor() as cursor:
        for name in _statements(connection):
            cursor.execute(f"DROP TRIGGER IF EXISTS {name}{where}")


def is_installed(connection: Any) -> bool:
    """Whether every trigger of the guard is there."""
    catalogue = (
        "SELECT tgname FROM pg_trigger"
        if connection.vendor == "postgresql"
        else "SELECT name FROM sqlite_master WHERE type = 'trigger'"
    )
    with connection.cursor() as cursor:
        cursor.execute(catalogue)
        found = {row[0] for row in cursor.fetchall()}
    return set(_statements(connection)) <= found
