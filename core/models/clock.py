"""The legal clock: rest days, rule rows, deadlines with their suspensions, and the reminders they send."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from core.choices import Actor, Certainty, ReminderStage, RestKind, Unit
from core.scope import ScopedQuerySet

LAPSED = "lapsed"  # settled_as of a right whose last day passed unused


class RestDay(models.Model):
    """A day on which the calendar departs from the plain week (or a published weekday holiday)."""

    date = models.DateField("日期", primary_key=True)
    kind = models.CharField("种类", max_length=8, choices=RestKind)
    name = models.CharField("名称", max_length=30, blank=True)
    source = models.CharField("来源", max_length=120)
    edited = models.BooleanField("管理员改过", default=False)

    class Meta:
        verbose_name = verbose_name_plural = "节假日"
        ordering = ["date"]

    def __str__(self) -> str:
        return f"{self.date} {self.get_kind_display()}"


class CalendarYear(models.Model):
    """A year whose rest days are published; a year without a row is counted by weekends and fixed-date holidays."""

    year = models.PositiveSmallIntegerField("年份", primary_key=True)
    source = models.CharField("来源", max_length=120)
    edited = models.BooleanField("管理员改过", default=False)

    class Meta:
        verbose_name = verbose_name_plural = "已公布放假安排的年份"
        ordering = ["year"]

    def __str__(self) -> str:
        return f"{self.year}年"


class DeadlineRule(models.Model):
    """One version of a rule: what is counted, from when, on which legal basis, and between which days it is law."""

    key = models.CharField("规则", max_length=40)
    title = models.CharField("名称", max_length=60)
    length = models.PositiveSmallIntegerField("长度", null=True, blank=True, help_text="空 = 由法院指定")
    unit = models.CharField("单位", max_length=10, choices=Unit)
    roll = models.BooleanField("遇休假日顺延", default=False)
    start_event = models.CharField("起算事件", max_length=60)
    actor = models.CharField("由谁遵守", max_length=14, choices=Actor)
    basis = models.CharField("依据", max_length=160)
    internal = models.BooleanField("内部要求", default=False)
    certainty = models.CharField("确定程度", max_length=2, choices=Certainty)
    lapses = models.BooleanField(
        "期满即止", default=False, help_text="当事人可以行使的权利：过了这一天只是不能再行使，不算谁逾期"
    )
    extension_max = models.PositiveSmallIntegerField("最多延长", null=True, blank=True, help_text="空 = 不限")
    extension_by = models.CharField("延长须经", max_length=60, blank=True, help_text="空 = 不得延长")
    note = models.CharField("提示", max_length=200, blank=True)
    enabled = models.BooleanField("启用", default=True)
    valid_from = models.DateField("施行日")
    valid_to = models.DateField("失效日", null=True, blank=True)
    edited = models.BooleanField("管理员改过", default=False)

    class Meta:
        verbose_name = verbose_name_plural = "期限规则"
        ordering = ["key", "valid_from"]
        constraints = [
            models.UniqueConstraint(
                fields=["key", "valid_from"],
                name="core_rule_version_once",
                violation_error_message="这条规则在这一天已有一个版本。",
            ),
            models.CheckConstraint(
                name="core_rule_ends_after_it_starts",
                condition=Q(valid_to=None) | Q(valid_to__gte=F("valid_from")),
                violation_error_message="失效日不能早于施行日。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.title}（{self.key}）"


class DeadlineQuerySet(ScopedQuerySet["Deadline"]):
    def open(self) -> "DeadlineQuerySet":
        return self.filter(settled_on=None)

    def about(self, subject: models.Model) -> "DeadlineQuerySet":
        return self.filter(subject_label=subject._meta.label_lower, subject_id=str(subject.pk))


class Deadline(models.Model):
    """A day somebody must keep. `due_on` is the last lawful day; `raw_due_on` the day before rolling."""

    kind = models.CharField("期限", max_length=40)
    title = models.CharField("事项", max_length=80)
    subject_label = models.CharField("对象类型", max_length=60)
    subject_id = models.CharField("对象", max_length=64)
    subject_text = models.CharField("对象名称", max_length=120, blank=True)
    url = models.CharField("打开", max_length=200, blank=True)
    town_code = models.CharField("镇（街）", max_length=9)
    rule = models.ForeignKey(DeadlineRule, models.PROTECT, null=True, related_name="+", verbose_name="规则")
    base_event_on = models.DateField("起算日")
    set_due_on = models.DateField("指定日", null=True, blank=True, help_text="法院指定的日子；其余期限由规则算出")
    due_on = models.DateField("最后一日")
    raw_due_on = models.DateField("原届满日")
    skipped = models.JSONField("跳过的日子", default=list, blank=True)
    calendar_published = models.BooleanField("放假安排已公布", default=True)
    responsible = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="deadlines", verbose_name="责任人"
    )
    started_at = models.DateTimeField("开始时间")
    settled_on = models.DateField("了结日", null=True, blank=True)
    settled_as = models.CharField("了结方式", max_length=20, blank=True)
    suspended_on = models.DateField("中止日", null=True, blank=True)
    extended_days = models.PositiveSmallIntegerField("延长日数", default=0)
    extended_by = models.CharField("延长批准", max_length=60, blank=True)

    objects = DeadlineQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "期限"
        ordering = ["due_on", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "subject_label", "subject_id"],
                condition=Q(settled_on=None),
                name="core_one_open_deadline_of_a_kind",
                violation_error_message="这个事项已有一个没有了结的同类期限。",
            ),
            models.CheckConstraint(
                name="core_deadline_rolls_forward",
                condition=Q(due_on__gte=F("raw_due_on")),
                violation_error_message="最后一日不能早于原届满日。",
            ),
        ]
        indexes = [
            models.Index(fields=["due_on", "id"], name="deadline_open_due", condition=Q(settled_on=None)),
            models.Index(fields=["town_code", "due_on"], name="deadline_town_due", condition=Q(settled_on=None)),
            models.Index(fields=["responsible", "due_on"], name="deadline_person_due", condition=Q(settled_on=None)),
            models.Index(fields=["subject_label", "subject_id"], name="deadline_subject"),
        ]

    def __str__(self) -> str:
        return f"{self.title} {self.due_on}"


class DeadlineSuspension(models.Model):
    """A stretch in which a deadline stood still; its real days are added back."""

    deadline = models.ForeignKey(Deadline, models.CASCADE, related_name="suspensions", verbose_name="期限")
    from_on = models.DateField("自")
    to_on = models.DateField("至", null=True, blank=True)
    reason = models.CharField("事由", max_length=120)

    class Meta:
        verbose_name = verbose_name_plural = "期限中止"
        constraints = [
            models.CheckConstraint(
                name="core_suspension_ends_after_it_starts",
                condition=Q(to_on=None) | Q(to_on__gte=F("from_on")),
                violation_error_message="恢复日不能早于中止日。",
            )
        ]

    def __str__(self) -> str:
        return f"{self.from_on}—{self.to_on or ''}"


class Reminder(models.Model):
    """One reminder of one deadline, day, stage and recipient; the constraint makes the sweep harmless to repeat."""

    deadline = models.ForeignKey(Deadline, models.CASCADE, related_name="reminders", verbose_name="期限")
    due_on = models.DateField("提醒的最后一日")
    stage = models.CharField("阶段", max_length=6, choices=ReminderStage)
    recipient = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="reminders", verbose_name="收件人"
    )
    created_at = models.DateTimeField("生成时间")
    sent_at = models.DateTimeField("发出时间", null=True, blank=True)
    voided_at = models.DateTimeField("作废时间", null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "提醒"
        constraints = [
            models.UniqueConstraint(
                fields=["deadline", "due_on", "stage", "recipient"],
                name="core_reminder_once",
                violation_error_message="这条提醒已经有了。",
            )
        ]
        indexes = [
            models.Index(fields=["created_at"], name="reminder_unsent", condition=Q(sent_at=None, voided_at=None))
        ]

    def __str__(self) -> str:
        return f"{self.deadline} {self.get_stage_display()}"
