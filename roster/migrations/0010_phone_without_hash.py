"""A phone is compared, not looked up by a hash of its own; of endings the first letters of their hash are kept.

The version before may still run on this schema: on PostgreSQL the column stays, empty by default, and is dropped by a
later migration. Endings that stand there are found by either hash; `rotate_keys --lookup` shortens them, and makes them
whole again for who goes back.
"""

from django.db import migrations

import core.fields

FIELD = core.fields.LookupHashField(
    blank=True, db_index=False, editable=False, label="phone", max_length=64, source="phone"
)


def let_be_empty(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("ALTER TABLE roster_staff ALTER COLUMN phone_hash SET DEFAULT ''")
    else:
        staff = apps.get_model("roster", "Staff")
        schema_editor.remove_field(staff, staff._meta.get_field("phone_hash"))


def ask_for_again(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("ALTER TABLE roster_staff ALTER COLUMN phone_hash DROP DEFAULT")
    else:
        field = FIELD.clone()
        field.set_attributes_from_name("phone_hash")
        schema_editor.add_field(apps.get_model("roster", "Staff"), field)


class Migration(migrations.Migration):
    dependencies = [("roster", "0009_no_index_of_endings")]
    operations = [
        migrations.SeparateDatabaseAndState(
            state_operations=[migrations.RemoveField(model_name="staff", name="phone_hash")],
            database_operations=[migrations.RunPython(let_be_empty, ask_for_again)],
        ),
    ]
