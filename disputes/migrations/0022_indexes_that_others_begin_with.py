"""Indexes that nobody reads, or that another index begins with: each cost every registration a write. On SQLite the
disputes are rebuilt: the search gets its triggers again."""
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import core.tokens


def install(apps, schema_editor):
    core.tokens.install(schema_editor.connection, apps.get_model("disputes", "Dispute")._meta.get_field("search"))


class Migration(migrations.Migration):

    dependencies = [
        ('disputes', '0021_days_of_the_past'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RunPython(migrations.RunPython.noop, install),  # backwards the last: rebuilt on the way too
        migrations.AlterField(
            model_name='dispute',
            name='handler',
            field=models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='handled_disputes', to=settings.AUTH_USER_MODEL, verbose_name='承办人'),
        ),
        migrations.AlterField(
            model_name='disputeevent',
            name='by',
            field=models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='经办人'),
        ),
        migrations.AlterField(
            model_name='disputeevent',
            name='dispute',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='events', to='disputes.dispute', verbose_name='纠纷'),
        ),
        migrations.AlterField(
            model_name='party',
            name='notice_given_by',
            field=models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='告知人'),
        ),
        migrations.RunPython(install, migrations.RunPython.noop),
    ]
