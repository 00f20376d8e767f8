"""Disputes get the column of tokens they are found by, and on SQLite the FTS5 table that follows it."""

from django.db import migrations

import core.tokens


def install(apps, schema_editor):
    core.tokens.install(schema_editor.connection, field_of(apps))


def remove(apps, schema_editor):
    core.tokens.remove(schema_editor.connection, field_of(apps))


def field_of(apps):
    return apps.get_model("disputes", "Dispute")._meta.get_field("search")


class Migration(migrations.Migration):
    dependencies = [("disputes", "0002_handed_over")]
    operations = [
        migrations.AddField("dispute", "search", core.tokens.TokensField(verbose_name="检索用词")),
        migrations.RunPython(install, remove),
    ]
