"""How a form that was sent is known again. On SQLite the new column rebuilds the disputes: the search gets its
triggers again."""

from django.db import migrations, models

import core.tokens


def install(apps, schema_editor):
    core.tokens.install(schema_editor.connection, apps.get_model("disputes", "Dispute")._meta.get_field("search"))


class Migration(migrations.Migration):

    dependencies = [
        ('disputes', '0019_no_pattern_indexes'),
    ]

    operations = [
        migrations.AddField(
            model_name='dispute',
            name='sent_mark',
            field=models.CharField(blank=True, db_default='', default='', editable=False, max_length=32, verbose_name='登记时那一页的记号'),
        ),
        migrations.RunPython(install, migrations.RunPython.noop),
    ]
