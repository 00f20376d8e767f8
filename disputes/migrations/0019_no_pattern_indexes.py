from django.db import migrations

# Django gives every indexed text column of PostgreSQL a second index for patterns (LIKE 'x%'). Of these columns
# nobody asks a pattern: they are found whole. Each dispute registered wrote eight of them for nothing.
FOUND_WHOLE = {
    "disputes_dispute": ("division_id", "idempotency_key"),
    "disputes_party": ("home_id", "id_hash", "id_last4", "name", "phone_hash", "phone_last4"),
}


def drop(apps, schema_editor):
    if schema_editor.connection.vendor != "postgresql":
        return
    with schema_editor.connection.cursor() as cursor:
        for table, columns in FOUND_WHOLE.items():
            found = schema_editor.connection.introspection.get_constraints(cursor, table)
            for name, constraint in found.items():
                if name.endswith("_like") and constraint["columns"] in [[column] for column in columns]:
                    schema_editor.execute(f"DROP INDEX {schema_editor.quote_name(name)}")


class Migration(migrations.Migration):

    dependencies = [("disputes", "0018_ledger_mends")]

    operations = [migrations.RunPython(drop, migrations.RunPython.noop)]
