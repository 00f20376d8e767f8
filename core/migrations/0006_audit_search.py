"""The trail is searched by what a row is about: its identifier, the number of the dispute."""

import core.models.audit
import django.db.models.functions.comparison
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('core', '0005_stored_file_thumbnail'),
    ]

    operations = [
        migrations.AddIndex(
            model_name='auditentry',
            index=models.Index(fields=['subject_id'], name='audit_subject_id'),
        ),
        migrations.AddIndex(
            model_name='auditentry',
            index=models.Index(django.db.models.functions.comparison.Coalesce(core.models.audit.FactText('detail', fact='dispute'), core.models.audit.FactText('detail', fact='code')), name='audit_number'),
        ),
    ]
