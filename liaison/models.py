"""Liaison points: the office, its four-ones evidence and the six system texts it has adopted."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from core.models import Division, StoredFile
from core.scope import ScopedQuerySet
from liaison.choices import EVIDENCED_ITEMS, CheckLevel, Host, StandardKey, SystemKind


class LiaisonPointQuerySet(ScopedQuerySet["LiaisonPoint"]):
    pass


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


class Tribunal(models.Model):
    """人民法庭 and the towns it serves; a town without one belongs to the court itself."""

    name = models.CharField("名称", max_length=60, unique=True)
    towns = models.ManyToManyField(Division, blank=True, related_name="tribunals", verbose_name="辖区")

    class Meta:
        verbose_name = verbose_name_plural = "人民法庭"

    def __str__(self) -> str:
        return self.name


class StandardItem(models.Model):
    """Evidence that one of the four-ones was met from `met_on`; the officer is derived from memberships, never stored."""

    point = models.ForeignKey(LiaisonPoint, models.CASCADE, related_name="standard_items", verbose_name="联络点")
    item = models.CharField("项目", max_length=8, choices=[(key.value, key.label) for key in EVIDENCED_ITEMS])
    met_on = models.DateField("达标日")
    ended_on = models.DateField("失效日", null=True, blank=True)
    evidence = models.ForeignKey(StoredFile, models.PROTECT, null=True, blank=True, verbose_name="证据")
    note = models.CharField("说明", max_length=200, blank=True)
    recorded_at = models.DateTimeField("录入时间")
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="录入人"
    )
    level = models.CharField("核验", max_length=8, choices=CheckLevel, default=CheckLevel.SELF_REPORTED)
    checked_on = models.DateField("核验日", null=True, blank=True)
    checked_at = models.DateTimeField("核验录入时间", null=True, blank=True)
    checked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="核验人"
    )

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
                name="liaison_checked_item_names_the_checker",
                condition=Q(level=CheckLevel.SELF_REPORTED, checked_on=None)
                | (~Q(level=CheckLevel.SELF_REPORTED) & Q(checked_on__isnull=False, checked_by__isnull=False)),
                violation_error_message="核验过的项目要有核验人和核验日。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.point} {StandardKey(self.item).label}"


class WorkingSystem(models.Model):
    """The text of one of the six working systems as adopted; a new version ends the old one."""

    point = models.ForeignKey(LiaisonPoint, models.CASCADE, related_name="working_systems", verbose_name="联络点")
    kind = models.CharField("制度", max_length=14, choices=SystemKind)
    adopted_on = models.DateField("通过日")
    ended_on = models.DateField("废止日", null=True, blank=True)
    text = models.TextField("正文")
    recorded_at = models.DateTimeField("录入时间")

    class Meta:
        verbose_name = verbose_name_plural = "工作制度"
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
        ]

    def __str__(self) -> str:
        return f"{self.point} {self.get_kind_display()}"


class DutyShift(models.Model):
    """Who keeps the point open on a day, and whether it was held: the use of the duty system."""

    point = models.ForeignKey(LiaisonPoint, models.CASCADE, related_name="duty_shifts", verbose_name="联络点")
    on = models.DateField("日期")
    staff = models.ForeignKey("roster.Staff", models.PROTECT, related_name="duty_shifts", verbose_name="值班人")
    held_at = models.DateTimeField("到岗登记", null=True, blank=True)
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
        indexes = [models.Index(fields=["on", "point"], name="duty_day")]

    def __str__(self) -> str:
        return f"{self.point} {self.on}"


class Meeting(models.Model):
    """A joint meeting of court, town and mediators: the use of the grid and cooperation systems."""

    point = models.ForeignKey(LiaisonPoint, models.CASCADE, related_name="meetings", verbose_name="联络点")
    held_on = models.DateField("日期")
    system = models.CharField("所属制度", max_length=14, choices=SystemKind, default=SystemKind.GRID)
    agenda = models.CharField("议题", max_length=200)
    minutes = models.TextField("纪要", blank=True)
    recorded_at = models.DateTimeField("录入时间")

    class Meta:
        verbose_name = verbose_name_plural = "联席会议"
        indexes = [models.Index(fields=["point", "held_on"], name="meeting_day")]

    def __str__(self) -> str:
        return f"{self.point} {self.held_on}"
