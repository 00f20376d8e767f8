"""What each case type asks. On SQLite the new column rebuilds the disputes: the search gets its triggers again."""

import django.db.models.deletion
from django.db import migrations, models

import core.tokens


def install(apps, schema_editor):
    core.tokens.install(schema_editor.connection, apps.get_model("disputes", "Dispute")._meta.get_field("search"))


class Migration(migrations.Migration):

    dependencies = [
        ('disputes', '0014_one_page'),
    ]

    operations = [
        migrations.AddField(
            model_name='dispute',
            name='answers',
            field=models.JSONField(blank=True, default=list, verbose_name='按类型要问的'),
        ),
        migrations.RunPython(install, migrations.RunPython.noop),
        migrations.CreateModel(
            name='CaseQuestion',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.SlugField(help_text='英文，一经使用不要改。', max_length=40, unique=True, verbose_name='代码')),
                ('label', models.CharField(max_length=30, verbose_name='问什么')),
                ('kind', models.CharField(choices=[('text', '一句话'), ('money', '金额'), ('day', '日期'), ('yes_no', '是或否'), ('choice', '选一项')], default='text', max_length=8, verbose_name='答法')),
                ('options', models.TextField(blank=True, help_text='答法是「选一项」的，一行写一个。', max_length=500, verbose_name='选项')),
                ('help', models.CharField(blank=True, max_length=80, verbose_name='提示')),
                ('required_before_agreement', models.BooleanField(default=False, verbose_name='起草协议前必须有')),
                ('fills_amount', models.BooleanField(default=False, verbose_name='标的额空着时用它')),
                ('order', models.PositiveSmallIntegerField(default=0, verbose_name='次序')),
                ('enabled', models.BooleanField(default=True, verbose_name='启用')),
                ('edited', models.BooleanField(default=False, editable=False, verbose_name='管理员改过')),
                ('case_type', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='questions', to='disputes.casetype', verbose_name='纠纷类型')),
            ],
            options={
                'verbose_name': '登记时要问的',
                'verbose_name_plural': '登记时要问的',
                'ordering': ['case_type__order', 'order', 'pk'],
                'constraints': [models.CheckConstraint(condition=models.Q(('kind', 'choice'), ('options', ''), _connector='XOR'), name='disputes_question_to_choose_from_has_options', violation_error_message='「选一项」要写选项，一行一个；别的答法不写选项。'), models.CheckConstraint(condition=models.Q(('fills_amount', False), ('kind', 'money'), _connector='OR'), name='disputes_only_money_fills_the_amount', violation_error_message='只有答法是「金额」的才能用作标的额。')],
            },
        ),
    ]
