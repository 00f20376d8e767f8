"""Shifts of half a day, not held with a reason, nobody in two places; duty reminders and calendar feeds."""

import logging

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

logger = logging.getLogger(__name__)


def part_doubles(apps, schema_editor):
    """A person who is on two rotas on one day can be at each for half of it at most.

    Of several shifts those that were held stay, the first as morning, the second as afternoon; else the one that was
    entered first stays whole. What remains was planned and never held, or cannot have been: it goes, and the log says
    where and when, for the officer to plan anew.
    """
    shifts = apps.get_model("liaison", "DutyShift").objects.using(schema_editor.connection.alias)
    doubles = shifts.values("staff", "on").annotate(times=models.Count("pk")).filter(times__gt=1)
    for double in doubles.order_by("on", "staff"):
        of_day = list(shifts.filter(staff=double["staff"], on=double["on"]).order_by("pk"))
        held = [shift for shift in of_day if shift.held_at]
        kept = held[:2] or of_day[:1]
        if len(kept) > 1:
            for shift, hours in zip(kept, ("morning", "afternoon"), strict=True):
                shifts.filter(pk=shift.pk).update(hours=hours)
        for shift in of_day:
            if shift not in kept:
                logger.warning("duty: a second shift of one person was taken off: %s, %s", shift.point_id, shift.on)
                shift.delete()


def nothing(apps, schema_editor):
    """The halves are no doubles of the old form."""


class Migration(migrations.Migration):

    dependencies = [
        ('liaison', '0001_initial'),
        ('roster', '0005_exports'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='DutyFeed',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('token_hash', models.CharField(editable=False, max_length=64, unique=True, verbose_name='地址的哈希')),
                ('made_at', models.DateTimeField(verbose_name='生成时间')),
                ('revoked_at', models.DateTimeField(blank=True, null=True, verbose_name='停用时间')),
            ],
            options={
                'verbose_name': '值班日历',
                'verbose_name_plural': '值班日历',
            },
        ),
        migrations.CreateModel(
            name='DutyReminder',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('shift', '值班提醒'), ('gap', '下周没有人值班')], max_length=5, verbose_name='种类')),
                ('on', models.DateField(verbose_name='日期')),
                ('created_at', models.DateTimeField(verbose_name='时间')),
            ],
            options={
                'verbose_name': '值班提醒',
                'verbose_name_plural': '值班提醒',
            },
        ),
        migrations.RemoveConstraint(
            model_name='dutyshift',
            name='liaison_one_shift_a_day',
        ),
        migrations.AddField(
            model_name='dutyshift',
            name='hours',
            field=models.CharField(choices=[('whole', '全天'), ('morning', '上午'), ('afternoon', '下午')], default='whole', max_length=9, verbose_name='时段'),
        ),
        migrations.RunPython(part_doubles, nothing),
        migrations.AddField(
            model_name='dutyshift',
            name='missed_at',
            field=models.DateTimeField(blank=True, null=True, verbose_name='未到岗登记'),
        ),
        migrations.AddField(
            model_name='dutyshift',
            name='missed_because',
            field=models.CharField(blank=True, max_length=100, verbose_name='未到岗原因'),
        ),
        migrations.AddField(
            model_name='dutyshift',
            name='missed_by',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='未到岗登记人'),
        ),
        migrations.AddConstraint(
            model_name='dutyshift',
            constraint=models.UniqueConstraint(condition=models.Q(('hours__in', ['whole', 'morning'])), fields=('staff', 'on'), name='liaison_one_place_a_morning', violation_error_message='这个人这一天上午已经有班。'),
        ),
        migrations.AddConstraint(
            model_name='dutyshift',
            constraint=models.UniqueConstraint(condition=models.Q(('hours__in', ['whole', 'afternoon'])), fields=('staff', 'on'), name='liaison_one_place_an_afternoon', violation_error_message='这个人这一天下午已经有班。'),
        ),
        migrations.AddConstraint(
            model_name='dutyshift',
            constraint=models.CheckConstraint(condition=models.Q(('held_at', None), ('missed_at', None), _connector='OR'), name='liaison_shift_is_held_or_missed', violation_error_message='一班不能又到岗又没有到岗。'),
        ),
        migrations.AddConstraint(
            model_name='dutyshift',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('missed_at', None), ('missed_because', '')), models.Q(('missed_at__isnull', False), models.Q(('missed_because', ''), _negated=True)), _connector='OR'), name='liaison_missed_shift_says_why', violation_error_message='未到岗要写明原因。'),
        ),
        migrations.AddField(
            model_name='dutyfeed',
            name='staff',
            field=models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='duty_feed', to='roster.staff', verbose_name='人员'),
        ),
        migrations.AddField(
            model_name='dutyreminder',
            name='point',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='liaison.liaisonpoint', verbose_name='联络点'),
        ),
        migrations.AddField(
            model_name='dutyreminder',
            name='recipient',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='duty_reminders', to=settings.AUTH_USER_MODEL, verbose_name='收件人'),
        ),
        migrations.AddConstraint(
            model_name='dutyreminder',
            constraint=models.UniqueConstraint(fields=('on', 'point', 'kind', 'recipient'), name='liaison_duty_reminder_once', violation_error_message='这条值班提醒已经有了。'),
        ),
    ]
