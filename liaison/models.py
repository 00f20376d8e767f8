"""Liaison points: the office, its four-ones evidence and checks, its working systems, its duty rota and meetings."""

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse

from core.choices import Role
from core.models import Division, StoredFile
from core.scope import ScopedQuerySet
from liaison.choices import (
    CHECKED_ITEMS,
    COUNTED_LEVELS,
    EVIDENCED_ITEMS,
    MEETING_SYSTEMS,
    CheckLevel,
    Host,
    StandardKey,
    SystemKind,
)


class LiaisonPointQuerySet(ScopedQuerySet["LiaisonPoint"]):
    def visible_to(self, user: Any) -> "LiaisonPointQuerySet":
        """Who works with cases, in their divisions; the admin everywhere: a point is configuration, not a case."""
        if user.is_authenticated and user.role == Role.ADMIN:
            return self.all()
        return super().visible_to(user)


class LiaisonPoint(models.Model):
    town = models.OneToOneField(
        Division,
        models.PROTECT,
        related_name="liaison_point",
        verbose_name="镇（街）",
        error_messages={"unique": "这个镇（街）已经有联络点。"},
    )
    town_code = models.CharField("镇（街）代码", max_length=9, unique=True, editable=False)
    host = models.CharField("依托", max_length=18, choices=Host)
    address = models.CharField("地址", max_length=120)
    phone = models.CharField("值班电话", max_length=20, blank=True)
    opened_on = models.DateField("启用日", null=True, blank=True)

    objects = LiaisonPointQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "法官联络点"
        ordering = ["town_code"]

    def __str__(self) -> str:
        return f"{self.town}法官联络点"

    def get_absolute_url(self) -> str:
        return reverse("liaison:point", args=[self.town_code])


class Tribunal(models.Model):
    """人民法庭 and the towns it serves; a town without one belongs to the court itself."""

    name = models.CharField("名称", max_length=60, unique=True)
    towns = models.ManyToManyField(Division, blank=True, related_name="tribunals", verbose_name="辖区")

    class Meta:
        verbose_name = verbose_name_plural = "人民法庭"

    def __str__(self) -> str:
        return self.name


def _keys(choices: tuple[Any, ...]) -> list[tuple[str, str]]:
    return [(choice.value, choice.label) for choice in choices]


class StandardItem(models.Model):
    """Evidence that the office or the plaque is there: true from `met_on` up to, not including, `ended_on`.

    The officer follows from the memberships and the rules from the six texts; neither is stored here.
    """

    point = models.ForeignKey(LiaisonPoint, models.CASCADE, related_name="standard_items", verbose_name="联络点")
    item = models.CharField("项目", max_length=8, choices=_keys(EVIDENCED_ITEMS))
    met_on = models.DateField("达标日")
    ended_on = models.DateField("失效日", null=True, blank=True)
    ended_because = models.CharField("失效原因", max_length=200, blank=True)
    evidence = models.ManyToManyField(StoredFile, blank=True, related_name="+", verbose_name="证据")
    note = models.CharField("说明", max_length=200, blank=True)
    recorded_at = models.DateTimeField("录入时间")
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="录入人"
    )
    ended_recorded_at = models.DateTimeField("失效录入时间", null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "四个一"
        constraints = [
            models.UniqueConstraint(
                fields=["point", "item"],
                condition=Q(ended_on=None),
                name="liaison_one_open_standard_item",
                violation_error_message="这一项已经有有效的证据。",
            ),
            models.CheckConstraint(
                name="liaison_item_ends_after_it_is_met",
                condition=Q(ended_on=None) | Q(ended_on__gte=F("met_on")),
                violation_error_message="失效日不能早于达标日。",
            ),
            models.CheckConstraint(
                name="liaison_ended_item_says_when_it_was_written",
                condition=Q(ended_on=None, ended_recorded_at=None)
                | Q(ended_on__isnull=False, ended_recorded_at__isnull=False),
                violation_error_message="失效的项目要有录入时间。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.point} {StandardKey(self.item).label}"


class StandardCheck(models.Model):
    """The county has looked: one of the four-ones was found in place on `checked_on`. Never overwritten."""

    point = models.ForeignKey(LiaisonPoint, models.CASCADE, related_name="checks", verbose_name="联络点")
    item = models.CharField("项目", max_length=8, choices=_keys(CHECKED_ITEMS))
    level = models.CharField("核验", max_length=8, choices=_keys(COUNTED_LEVELS), default=CheckLevel.COUNTY)
    checked_on = models.DateField("核验日")
    checked_at = models.DateTimeField("录入时间")
    checked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="核验人")
    note = models.CharField("核验情况", max_length=200, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "核验"
        ordering = ["-checked_on", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["point", "item", "level", "checked_on"],
                name="liaison_item_checked_once_a_day",
                violation_error_message="这一项这一天已经核验过。",
            )
        ]

    def __str__(self) -> str:
        return f"{self.point} {StandardKey(self.item).label} {self.checked_on}"


class WorkingSystem(models.Model):
    """The text of one of the six working systems, in force up to, not including, `ended_on`; a new version ends it."""

    point = models.ForeignKey(LiaisonPoint, models.CASCADE, related_name="working_systems", verbose_name="联络点")
    kind = models.CharField("制度", max_length=14, choices=SystemKind)
    adopted_on = models.DateField("通过日")
    ended_on = models.DateField("废止日", null=True, blank=True)
    text = models.TextField("正文", max_length=20_000)
    recorded_at = models.DateTimeField("录入时间")
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="录入人"
    )
    ended_recorded_at = models.DateTimeField("废止录入时间", null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "工作制度"
        ordering = ["-adopted_on", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["point", "kind"],
                condition=Q(ended_on=None),
                name="liaison_one_text_in_force",
                violation_error_message="这项制度已经有有效的文本，请先废止旧的。",
            ),
            models.CheckConstraint(
                name="liaison_system_has_a_text", condition=~Q(text=""), violation_error_message="制度要有正文。"
            ),
            models.CheckConstraint(
                name="liaison_system_ends_after_adoption",
                condition=Q(ended_on=None) | Q(ended_on__gte=F("adopted_on")),
                violation_error_message="废止日不能早于通过日。",
            ),
            models.CheckConstraint(
                name="liaison_ended_text_says_when_it_was_written",
                condition=Q(ended_on=None, ended_recorded_at=None)
                | Q(ended_on__isnull=False, ended_recorded_at__isnull=False),
                violation_error_message="废止的制度要有录入时间。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.point} {self.get_kind_display()}"


class DutyShift(models.Model):
    """Who keeps the point open on a day, and whether it was held: the use of the duty system."""

    point = models.ForeignKey(LiaisonPoint, models.CASCADE, related_name="duty_shifts", verbose_name="联络点")
    on = models.DateField("日期")
    staff = models.ForeignKey("roster.Staff", models.PROTECT, related_name="duty_shifts", verbose_name="值班人")
    held_at = models.DateTimeField("到岗登记", null=True, blank=True)
    held_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="登记人"
    )
    recorded_at = models.DateTimeField("录入时间")

    class Meta:
        verbose_name = verbose_name_plural = "值班"
        constraints = [
            models.UniqueConstraint(
                fields=["point", "on", "staff"],
                name="liaison_one_shift_a_day",
                violation_error_message="这个人这一天已经排了班。",
            )
        ]
        indexes = [
            models.Index(fields=["on", "point"], name="duty_day"),
            models.Index(fields=["point", "on", "held_at"], name="duty_point_day"),
        ]

    def __str__(self) -> str:
        return f"{self.point} {self.on}"


class Meeting(models.Model):
    """A joint meeting of court, town and mediators: the use of the grid and cooperation systems."""

    point = models.ForeignKey(LiaisonPoint, models.CASCADE, related_name="meetings", verbose_name="联络点")
    held_on = models.DateField("日期")
    system = models.CharField("所属制度", max_length=14, choices=_keys(MEETING_SYSTEMS), default=SystemKind.GRID)
    agenda = models.CharField("议题", max_length=200)
    minutes = models.TextField("纪要", max_length=20_000, blank=True)
    recorded_at = models.DateTimeField("录入时间")
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="录入人"
    )

    class Meta:
        verbose_name = verbose_name_plural = "联席会议"
        ordering = ["-held_on", "-id"]
        indexes = [models.Index(fields=["point", "held_on"], name="meeting_day")]

    def __str__(self) -> str:
        return f"{self.point} {self.held_on}"
