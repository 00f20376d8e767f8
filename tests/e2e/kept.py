"""The small county, grown once and put back for each test: growing goes through every action, putting back does not."""

import io
import shutil
import sqlite3
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.apps import apps
from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.core.management.color import no_style
from django.db import connection, transaction

from tests.e2e.county import grow_small

FOLDERS = ("MEDIA_ROOT", "AUDIT_ANCHOR_DIR")


@dataclass(frozen=True)
class Kept:
    """A county as it was: its tables as the database hands them over, and its folders."""

    tables: Any  # a whole database on SQLite, COPY's text by table on PostgreSQL
    folders: Path


def county_of(kept: Kept | None, folders: Path) -> Kept:
    """Put the county back, or grow and keep it when there is none yet."""
    if kept is None:
        grow_small()
        return _keep(folders)
    _put_back(kept)
    return kept


def _keep(folders: Path) -> Kept:
    for name in FOLDERS:
        if (source := Path(getattr(settings, name))).exists():
            shutil.copytree(source, folders / name)
    if connection.vendor == "sqlite":
        copy = sqlite3.connect(":memory:")
        connection.connection.backup(copy)
        return Kept(copy, folders)
    texts = {}
    with connection.cursor() as cursor:
        for table in _tables(cursor):
            text = io.StringIO()
            cursor.copy_expert(f'COPY "{table}" TO STDOUT', text)
            texts[table] = text.getvalue()
    return Kept(texts, folders)


def _put_back(kept: Kept) -> None:
    for name in FOLDERS:
        if (kept.folders / name).exists():
            shutil.copytree(kept.folders / name, getattr(settings, name), dirs_exist_ok=True)
    ContentType.objects.clear_cache()
    if connection.vendor == "sqlite":
        connection.ensure_connection()
        kept.tables.backup(connection.connection)
        return
    # References are deferred to the end of the transaction, so the order of the tables makes no difference.
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"TRUNCATE {', '.join(connection.ops.quote_name(table) for table in kept.tables)} CASCADE")
        for table, text in kept.tables.items():
            cursor.copy_expert(f'COPY "{table}" FROM STDIN', io.StringIO(text))
        models = apps.get_models(include_auto_created=True)
        for statement in connection.ops.sequence_reset_sql(no_style(), models):
            cursor.execute(statement)


def _tables(cursor: Any) -> list[str]:
    return [name for name in connection.introspection.table_names(cursor) if name != "django_migrations"]
