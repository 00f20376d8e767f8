"""Endings of numbers are found by the first letters of their hash; a phone is compared, not looked up by one."""

from django.db import migrations
from django.db.models import F
from django.db.models.functions import Substr

import core.fields
import roster.id_card
import roster.phones

LETTERS = 16
COLUMNS = ("id_tail_hash", "phone_tail_hash", "second_phone_tail_hash")


def shorten(apps, schema_editor):
    short = {column: Substr(F(column), 1, LETTERS) for column in COLUMNS}
    apps.get_model("roster", "Staff").objects.using(schema_editor.connection.alias).update(**short)


class Migration(migrations.Migration):
    dependencies = [("roster", "0009_no_index_of_endings")]
    operations = [
        migrations.RemoveField(model_name="staff", name="phone_hash"),
        migrations.RunPython(shorten, migrations.RunPython.noop),
        migrations.AlterField(
            model_name="staff",
            name="id_tail_hash",
            field=core.fields.LookupHashField(
                blank=True, db_index=False, editable=False, label="id_tail", max_length=LETTERS,
                part=roster.id_card.tail_of, source="id_number",
            ),
        ),
        migrations.AlterField(
            model_name="staff",
            name="phone_tail_hash",
            field=core.fields.LookupHashField(
                blank=True, db_index=False, editable=False, label="phone_tail", max_length=LETTERS,
                part=roster.phones.tail_of_first, source="phone",
            ),
        ),
        migrations.AlterField(
            model_name="staff",
            name="second_phone_tail_hash",
            field=core.fields.LookupHashField(
                blank=True, db_index=False, editable=False, label="phone_tail", max_length=LETTERS,
                part=roster.phones.tail_of_second, source="phone",
            ),
        ),
    ]
