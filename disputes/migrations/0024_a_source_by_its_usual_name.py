"""A source has the name that the plan and the ministry's forms have for it: nothing in the database changes."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('disputes', '0023_short_list_of_new_tokens'),
    ]

    operations = [
        migrations.AlterField(
            model_name='dispute',
            name='source',
            field=models.CharField(choices=[('visit', '群众申请'), ('phone', '来电'), ('grid', '网格排查'), ('active', '主动调解'), ('court', '法院委派/委托'), ('police', '公安移送'), ('petition', '信访'), ('hotline', '12345'), ('department', '部门移送'), ('online', '线上')], max_length=10, verbose_name='来源'),
        ),
    ]
