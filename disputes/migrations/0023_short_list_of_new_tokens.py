"""The list in which new tokens wait is kept short: every search reads through it (docs/scaling.md)."""

from django.db import migrations

import core.tokens

INDEX = core.tokens.TokensIndex(fields=["search"], name="dispute_search", gin_pending_list_limit=256)


def shorten(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("ALTER INDEX dispute_search SET (gin_pending_list_limit = 256)")
        schema_editor.execute("SELECT gin_clean_pending_list('dispute_search')")


def lengthen(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("ALTER INDEX dispute_search RESET (gin_pending_list_limit)")


class Migration(migrations.Migration):

    dependencies = [
        ('disputes', '0022_indexes_that_others_begin_with'),
    ]

    operations = [
        migrations.SeparateDatabaseAndState(
            database_operations=[migrations.RunPython(shorten, lengthen)],
            state_operations=[
                migrations.RemoveIndex(model_name='dispute', name='dispute_search'),
                migrations.AddIndex(model_name='dispute', index=INDEX),
            ],
        ),
    ]
