"""People sort by the pinyin of their names; initials are told anew, since surnames read as surnames now (区 o, 单 s)."""

from django.db import migrations, models

from roster.names import name_columns

COLUMNS = ("name_initials", "name_order")
BATCH = 500


def read_names(apps, schema_editor):
    Staff = apps.get_model("roster", "Staff")
    batch = []
    for staff in Staff.objects.only("name").iterator(chunk_size=BATCH):
        for column, text in name_columns(staff.name).items():
            setattr(staff, column, text)
        batch.append(staff)
        if len(batch) == BATCH:
            Staff.objects.bulk_update(batch, COLUMNS)
            batch = []
    Staff.objects.bulk_update(batch, COLUMNS)


class Migration(migrations.Migration):

    dependencies = [
        ('roster', '0005_exports'),
    ]

    operations = [
        migrations.AddField(
            model_name='staff',
            name='name_order',
            field=models.CharField(blank=True, default='', editable=False, max_length=255, verbose_name='拼音次序'),
            preserve_default=False,
        ),
        migrations.RunPython(read_names, migrations.RunPython.noop, elidable=True),
        migrations.RemoveIndex(
            model_name='staff',
            name='staff_by_initials',
        ),
        migrations.AddIndex(
            model_name='staff',
            index=models.Index(fields=['name_order', 'id'], name='staff_by_name_order'),
        ),
    ]
