"""Hashes of last four digits for the people who are there, a moment for the platform entries that have none."""

from django.db import migrations, models

HASHES = ("id_tail_hash", "phone_tail_hash", "second_phone_tail_hash")
BATCH = 500


def fill_hashes(apps, schema_editor):
    Staff = apps.get_model("roster", "Staff")
    columns = [Staff._meta.get_field(name) for name in HASHES]
    batch = []
    for staff in Staff.objects.only("id_number", "phone").iterator(chunk_size=BATCH):
        for column in columns:
            setattr(staff, column.attname, column.hash_of(getattr(staff, column.source) or ""))
        batch.append(staff)
        if len(batch) == BATCH:
            Staff.objects.bulk_update(batch, HASHES)
            batch = []
    Staff.objects.bulk_update(batch, HASHES)


def complete_platform_entries(apps, schema_editor):
    """The moment a person was entered is the best that is known of when the entry was."""
    Staff = apps.get_model("roster", "Staff")
    entered = Staff.objects.exclude(joined_platform_on=None)
    entered.filter(platform_recorded_at=None).update(platform_recorded_at=models.F("created_at"))
    undated = Staff.objects.filter(joined_platform_on=None).exclude(platform_account="")
    for staff in undated.only("created_at"):
        Staff.objects.filter(pk=staff.pk).update(
            joined_platform_on=staff.created_at.date(), platform_recorded_at=staff.created_at
        )


class Migration(migrations.Migration):

    dependencies = [
        ('roster', '0002_people'),
    ]

    operations = [
        migrations.RunPython(fill_hashes, migrations.RunPython.noop),
        migrations.RunPython(complete_platform_entries, migrations.RunPython.noop),
        migrations.AddConstraint(
            model_name='staff',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('joined_platform_on__isnull', False), ('platform_recorded_at__isnull', False)), models.Q(('joined_platform_on', None), ('platform_account', ''), ('platform_organisation', ''), ('platform_recorded_at', None)), _connector='OR'), name='roster_platform_entry_is_whole', violation_error_message='入驻要写明日期；没有入驻就没有账号和组织。'),
        ),
    ]
