"""The marks of time and town join the tokens of what was registered before; indexes of the rare and often asked for."""

from django.db import migrations

MARK = "\ue000"
WRITE = {
    "postgresql": """
        UPDATE disputes_dispute SET search = search || array_to_tsvector(ARRAY[
            %(mark)s || to_char(registered_on, 'YYYY'), %(mark)s || to_char(registered_on, 'YYYYMM'),
            %(mark)s || town_code])
        WHERE search IS NOT NULL""",
    "sqlite": """
        UPDATE disputes_dispute SET search = search || ' ' || %(mark)s || strftime('%%Y', registered_on)
            || ' ' || %(mark)s || strftime('%%Y%%m', registered_on) || ' ' || %(mark)s || town_code
        WHERE search IS NOT NULL""",
}


def write(_apps, schema_editor):
    with schema_editor.connection.cursor() as cursor:
        cursor.execute(WRITE[schema_editor.connection.vendor], {"mark": MARK})


class Migration(migrations.Migration):
    dependencies = [("disputes", "0004_search_written")]
    operations = [migrations.RunPython(write, migrations.RunPython.noop)]
