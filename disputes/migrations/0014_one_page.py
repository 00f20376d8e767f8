"""The one dispute page: joint handling, moves, merging, links, notes, late papers, retention; a party's home."""

import core.fields
import core.tokens
import django.db.models.deletion
import uuid
from django.conf import settings
from django.db import migrations, models


def install(apps, schema_editor):
    core.tokens.install(schema_editor.connection, apps.get_model("disputes", "Dispute")._meta.get_field("search"))


class Migration(migrations.Migration):

    dependencies = [
        ('core', '0007_form_drafts'),
        ('disputes', '0013_suggestions'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='DisputeLink',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('group', '同一对方的系列纠纷'), ('follows', '由前一件引起'), ('related', '其他关联')], max_length=10, verbose_name='关系')),
                ('note', models.CharField(blank=True, max_length=200, verbose_name='说明')),
                ('linked_on', models.DateField(verbose_name='关联日')),
                ('recorded_at', models.DateTimeField(verbose_name='录入时间')),
            ],
            options={
                'verbose_name': '关联',
                'verbose_name_plural': '关联',
            },
        ),
        migrations.CreateModel(
            name='InternalNote',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('text', core.fields.EncryptedTextField(verbose_name='备注')),
                ('written_at', models.DateTimeField(verbose_name='时间')),
                ('struck_at', models.DateTimeField(blank=True, null=True, verbose_name='划去时间')),
            ],
            options={
                'verbose_name': '内部备注',
                'verbose_name_plural': '内部备注',
                'ordering': ['-written_at', '-id'],
            },
        ),
        migrations.CreateModel(
            name='LatePaper',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('state_then', models.CharField(choices=[('registered', '已登记'), ('routed', '已分流'), ('mediating', '调解中'), ('agreed', '达成协议'), ('failed', '调解不成'), ('ended', '终止'), ('referred_out', '转其他部门'), ('archived', '已归档'), ('merged', '已并入他件')], max_length=12, verbose_name='当时的状态')),
                ('handed_in_on', models.DateField(verbose_name='收到日')),
                ('handed_in_by', models.CharField(max_length=60, verbose_name='谁交来')),
                ('recorded_at', models.DateTimeField(verbose_name='录入时间')),
            ],
            options={
                'verbose_name': '补交材料',
                'verbose_name_plural': '补交材料',
            },
        ),
        migrations.CreateModel(
            name='TownRequest',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('joint', '联办'), ('move', '移送')], max_length=8, verbose_name='事项')),
                ('state', models.CharField(choices=[('asked', '等对方答复'), ('accepted', '已同意'), ('declined', '不同意'), ('withdrawn', '已收回'), ('ended', '联办已结束')], default='asked', max_length=10, verbose_name='状态')),
                ('reason', models.CharField(max_length=300, verbose_name='理由')),
                ('asked_on', models.DateField(verbose_name='提出日')),
                ('recorded_at', models.DateTimeField(verbose_name='录入时间')),
                ('answer', models.CharField(blank=True, max_length=300, verbose_name='答复')),
                ('answered_on', models.DateField(blank=True, null=True, verbose_name='答复日')),
                ('answered_recorded_at', models.DateTimeField(blank=True, null=True, verbose_name='答复录入时间')),
                ('by_county', models.BooleanField(default=False, verbose_name='县级决定')),
                ('county_asked_on', models.DateField(blank=True, null=True, verbose_name='请县级决定日')),
                ('ended_on', models.DateField(blank=True, null=True, verbose_name='联办结束日')),
                ('end_reason', models.CharField(blank=True, max_length=300, verbose_name='结束理由')),
            ],
            options={
                'verbose_name': '联办、移送',
                'verbose_name_plural': '联办、移送',
                'ordering': ['asked_on', 'id'],
            },
        ),
        migrations.AddField(
            model_name='dispute',
            name='anonymised_on',
            field=models.DateField(blank=True, null=True, verbose_name='清除个人信息日'),
        ),
        migrations.AddField(
            model_name='dispute',
            name='asked_code',
            field=models.CharField(blank=True, default='', editable=False, max_length=9, verbose_name='等哪个镇（街）答复'),
        ),
        migrations.AddField(
            model_name='dispute',
            name='hold_reason',
            field=models.CharField(blank=True, default='', max_length=200, verbose_name='暂不清除的理由'),
        ),
        migrations.AddField(
            model_name='dispute',
            name='joint_codes',
            field=models.CharField(blank=True, default='', editable=False, max_length=100, verbose_name='联办的镇（街）'),
        ),
        migrations.AddField(
            model_name='dispute',
            name='merged_into',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='merged_here', to='disputes.dispute', verbose_name='并入'),
        ),
        migrations.AddField(
            model_name='party',
            name='home',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.division', verbose_name='户籍或常住的镇（街）、村'),
        ),
        migrations.AlterField(
            model_name='dispute',
            name='outcome',
            field=models.CharField(blank=True, choices=[('agreed', '达成协议'), ('failed', '调解不成'), ('ended', '终止'), ('referred_out', '转其他部门'), ('merged', '并入他件')], max_length=12, verbose_name='结果'),
        ),
        migrations.AlterField(
            model_name='dispute',
            name='state',
            field=models.CharField(choices=[('registered', '已登记'), ('routed', '已分流'), ('mediating', '调解中'), ('agreed', '达成协议'), ('failed', '调解不成'), ('ended', '终止'), ('referred_out', '转其他部门'), ('archived', '已归档'), ('merged', '已并入他件')], default='registered', max_length=12, verbose_name='状态'),
        ),
        migrations.AlterField(
            model_name='disputeevent',
            name='kind',
            field=models.CharField(choices=[('registered', '登记'), ('edited', '补充修改'), ('party_added', '补充当事人'), ('consented', '同意调解'), ('routed', '分流'), ('referred_out', '转其他部门'), ('from_danger', '由苗头隐患登记'), ('risk_flagged', '风险提示'), ('risk_escalated', '风险转告下一人'), ('risk_acknowledged', '风险签收'), ('clustered', '列入聚集预警'), ('risk_lowered', '风险解除'), ('mediation_started', '开始调解'), ('session_held', '调解会'), ('agreement_drafted', '起草协议'), ('agreement_signed', '签名盖章'), ('agreement_effective', '协议生效'), ('performed', '履行'), ('mediation_failed', '调解不成'), ('ended', '终止'), ('reopened', '重新调解'), ('archived', '归档'), ('confirmation_submitted', '申请司法确认'), ('supplement_asked', '通知补正或补充'), ('supplement_delivered', '已补正或补充'), ('confirmation_accepted', '法院受理'), ('confirmation_refused', '不予受理'), ('confirmation_decided', '裁定'), ('confirmation_withdrawn', '撤回确认申请'), ('ruling_served', '送达裁定'), ('period_extended', '延长期限'), ('guidance_asked', '请法官指导'), ('guidance_answered', '法官答复指导'), ('entrusted', '法院委派、委托'), ('entrustment_answered', '接收或退回委派、委托'), ('entrustment_returned', '反馈法院'), ('file_added', '补充材料'), ('handed_over', '移交承办'), ('town_asked', '请外镇联办或接收'), ('town_answered', '外镇答复'), ('joint_ended', '联办结束'), ('moved', '移送他镇'), ('merged', '并案'), ('linked', '关联'), ('filed_late', '补交材料'), ('held', '暂不清除'), ('anonymised', '到期清除个人信息')], max_length=24, verbose_name='事项'),
        ),
        migrations.AddIndex(
            model_name='dispute',
            index=models.Index(condition=models.Q(('anonymised_on', None), ('closed_on__isnull', False)), fields=['outcome', 'closed_on', 'id'], name='dispute_retention'),
        ),
        migrations.AddConstraint(
            model_name='dispute',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('merged_into__isnull', False), ('outcome', 'merged')), models.Q(models.Q(('outcome', 'merged'), _negated=True), ('merged_into', None)), _connector='OR'), name='disputes_merged_exactly_when_it_says_into_which', violation_error_message='并案要写明并入哪一件。'),
        ),
        migrations.AddConstraint(
            model_name='dispute',
            constraint=models.CheckConstraint(condition=models.Q(('merged_into', models.F('id')), _negated=True), name='disputes_not_merged_into_itself', violation_error_message='不能并入它自己。'),
        ),
        migrations.AddConstraint(
            model_name='dispute',
            constraint=models.CheckConstraint(condition=models.Q(('anonymised_on', None), models.Q(('closed_on__isnull', False), ('hold_reason', '')), _connector='OR'), name='disputes_anonymised_only_when_closed', violation_error_message='没有办结的、标明暂不清除的，不能清除个人信息。'),
        ),
        migrations.AddField(
            model_name='disputelink',
            name='child',
            field=models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='parent_link', to='disputes.dispute', verbose_name='所属的一件'),
        ),
        migrations.AddField(
            model_name='disputelink',
            name='linked_by',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='经办人'),
        ),
        migrations.AddField(
            model_name='disputelink',
            name='parent',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='child_links', to='disputes.dispute', verbose_name='主件'),
        ),
        migrations.AddField(
            model_name='internalnote',
            name='dispute',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='internal_notes', to='disputes.dispute', verbose_name='纠纷'),
        ),
        migrations.AddField(
            model_name='internalnote',
            name='written_by',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='写的人'),
        ),
        migrations.AddField(
            model_name='latepaper',
            name='dispute',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='late_papers', to='disputes.dispute', verbose_name='纠纷'),
        ),
        migrations.AddField(
            model_name='latepaper',
            name='file',
            field=models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='late_paper', to='core.storedfile', verbose_name='材料'),
        ),
        migrations.AddField(
            model_name='latepaper',
            name='filed_by',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='收件人'),
        ),
        migrations.AddField(
            model_name='townrequest',
            name='answered_by',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='答复人'),
        ),
        migrations.AddField(
            model_name='townrequest',
            name='asked_by',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='提出人'),
        ),
        migrations.AddField(
            model_name='townrequest',
            name='dispute',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='town_requests', to='disputes.dispute', verbose_name='纠纷'),
        ),
        migrations.AddField(
            model_name='townrequest',
            name='from_town',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.division', verbose_name='提出的镇（街）'),
        ),
        migrations.AddField(
            model_name='townrequest',
            name='mediator',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='对方派出的调解员'),
        ),
        migrations.AddField(
            model_name='townrequest',
            name='to_town',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.division', verbose_name='对方镇（街）'),
        ),
        migrations.AddIndex(
            model_name='disputelink',
            index=models.Index(fields=['parent', 'id'], name='link_parent'),
        ),
        migrations.AddConstraint(
            model_name='disputelink',
            constraint=models.CheckConstraint(condition=models.Q(('child', models.F('parent')), _negated=True), name='disputes_no_dispute_stands_under_itself', violation_error_message='一件不能关联到它自己。'),
        ),
        migrations.AddIndex(
            model_name='internalnote',
            index=models.Index(fields=['dispute', '-written_at'], name='note_dispute'),
        ),
        migrations.AddIndex(
            model_name='townrequest',
            index=models.Index(condition=models.Q(('state', 'asked'), models.Q(('kind', 'joint'), ('state', 'accepted')), _connector='OR'), fields=['to_town', 'dispute'], name='town_request_opens'),
        ),
        migrations.AddIndex(
            model_name='townrequest',
            index=models.Index(fields=['dispute', 'asked_on', 'id'], name='town_request_dispute'),
        ),
        migrations.AddIndex(
            model_name='townrequest',
            index=models.Index(condition=models.Q(('county_asked_on__isnull', False)), fields=['county_asked_on', 'id'], name='town_request_county'),
        ),
        migrations.AddConstraint(
            model_name='townrequest',
            constraint=models.UniqueConstraint(condition=models.Q(('state', 'asked')), fields=('dispute',), name='disputes_one_town_is_asked_at_a_time', violation_error_message='这一件正在等一个镇（街）的答复。'),
        ),
        migrations.AddConstraint(
            model_name='townrequest',
            constraint=models.UniqueConstraint(condition=models.Q(('kind', 'joint'), ('state', 'accepted')), fields=('dispute', 'to_town'), name='disputes_a_town_joins_once', violation_error_message='这个镇（街）已经在联办这一件。'),
        ),
        migrations.AddConstraint(
            model_name='townrequest',
            constraint=models.CheckConstraint(condition=models.Q(('from_town', models.F('to_town')), _negated=True), name='disputes_another_town_is_asked', violation_error_message='不能请本镇（街）联办或接收。'),
        ),
        migrations.AddConstraint(
            model_name='townrequest',
            constraint=models.CheckConstraint(condition=models.Q(('reason', ''), _negated=True), name='disputes_town_request_says_why', violation_error_message='请写明为什么要请对方。'),
        ),
        migrations.AddConstraint(
            model_name='townrequest',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state', 'declined'), _negated=True), models.Q(('answer', ''), _negated=True), _connector='OR'), name='disputes_town_declines_with_a_reason', violation_error_message='不同意要写明理由。'),
        ),
        migrations.AddConstraint(
            model_name='townrequest',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('answered_on', None), ('state', 'asked')), models.Q(models.Q(('state', 'asked'), _negated=True), ('answered_on__isnull', False)), _connector='OR'), name='disputes_town_answered_exactly_when_dated', violation_error_message='答复过的要有答复日，没有答复的不能有。'),
        ),
        migrations.AddConstraint(
            model_name='townrequest',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('ended_on__isnull', False), ('kind', 'joint'), ('state', 'ended')), models.Q(models.Q(('state', 'ended'), _negated=True), ('ended_on', None)), _connector='OR'), name='disputes_joint_handling_ended_exactly_when_dated', violation_error_message='联办结束的要有结束日，没有结束的不能有。'),
        ),
        # on SQLite the table was rebuilt: the triggers of its search table went with it
        migrations.RunPython(install, migrations.RunPython.noop),
    ]
