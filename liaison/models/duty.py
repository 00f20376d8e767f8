"""The duty rota: shifts, what the sweep has said about them, the calendar feeds of people."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from core.clock_face import is_late_entry
from liaison.choices import DutyMessage, Hours
from liaison.models.points import LiaisonPoint


class DutyShift(models.Model):
    """Who keeps the point open on a day or half of it. Only a shift that was held is use of the duty system.

    Nobody stands in two places: of a person's shifts, at whatever points, one covers a morning, one an afternoon.
    """

    point = models.ForeignKey(LiaisonPoint, models.CASCADE, related_name="duty_shifts", verbose_name="联络点")
    on = models.DateField("日期")
    hours = models.CharField("时段", max_length=9, choices=Hours, default=Hours.WHOLE)
    staff = models.ForeignKey("roster.Staff", models.PROTECT, related_name="duty_shifts", verbose_name="值班人")
    held_at = models.DateTimeField("到岗登记", null=True, blank=True)
    held_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="登记人"
    )
    missed_because = models.CharField("未到岗原因", max_length=100, blank=True)
    missed_at = models.DateTimeField("未到岗登记", null=True, blank=True)
    missed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="未到岗登记人"
    )
    recorded_at = models.DateTimeField("录入时间")

    class Meta:
        verbose_name = verbose_name_plural = "值班"
        constraints = [
            models.UniqueConstraint(
                fields=["staff", "on"],
                condition=Q(hours__in=[Hours.WHOLE, Hours.MORNING]),
                name="liaison_one_place_a_morning",
                violation_error_message="这个人这一天上午已经有班。",
            ),
            models.UniqueConstraint(
                fields=["staff", "on"],
                condition=Q(hours__in=[Hours.WHOLE, Hours.AFTERNOON]),
                name="liaison_one_place_an_afternoon",
                violation_error_message="这个人这一天下午已经有班。",
            ),
            models.CheckConstraint(
                name="liaison_shift_is_held_or_missed",
                condition=Q(held_at=None) | Q(missed_at=None),
                violation_error_message="一班不能又到岗又没有到岗。",
            ),
            models.CheckConstraint(
                name="liaison_missed_shift_says_why",
                condition=Q(missed_at=None, missed_because="") | (Q(missed_at__isnull=False) & ~Q(missed_because="")),
                violation_error_message="未到岗要写明原因。",
            ),
        ]
        indexes = [
            models.Index(fields=["on", "point"], name="duty_day"),
            models.Index(fields=["point", "on", "held_at"], name="duty_point_day"),
        ]

    def __str__(self) -> str:
        return f"{self.point} {self.on}"

    @property
    def is_marked(self) -> bool:
        """Held or missed: what was no longer moves."""
        return self.held_at is not None or self.missed_at is not None

    @property
    def held_late(self) -> bool:
        """补录: noted more than LATE_ENTRY_DAYS after the day itself."""
        return self.held_at is not None and is_late_entry(self.on, self.held_at)

    @property
    def is_whole(self) -> bool:
        return self.hours == Hours.WHOLE


class DutyReminder(models.Model):
    """What the sweep has told a person about duty; the constraint makes it harmless to repeat.

    `on`: the day of the shift, or the Monday of the week that has a gap.
    """

    kind = models.CharField("种类", max_length=5, choices=DutyMessage)
    point = models.ForeignKey(LiaisonPoint, models.CASCADE, related_name="+", verbose_name="联络点")
    on = models.DateField("日期")
    recipient = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="duty_reminders", verbose_name="收件人"
    )
    created_at = models.DateTimeField("时间")

    class Meta:
        verbose_name = verbose_name_plural = "值班提醒"
        constraints = [
            models.UniqueConstraint(
                fields=["on", "point", "kind", "recipient"],
                name="liaison_duty_reminder_once",
                violation_error_message="这条值班提醒已经有了。",
            )
        ]

    def __str__(self) -> str:
        return f"{self.point} {self.on} {self.get_kind_display()}"


class DutyFeed(models.Model):
    """The secret address at which a person's calendar programme reads their shifts; only its hash is kept."""

    staff = models.OneToOneField("roster.Staff", models.CASCADE, related_name="duty_feed", verbose_name="人员")
    token_hash = models.CharField("地址的哈希", max_length=64, unique=True, editable=False)
    made_at = models.DateTimeField("生成时间")
    revoked_at = models.DateTimeField("停用时间", null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "值班日历"

    def __str__(self) -> str:
        return f"{self.staff}的值班日历"
