"""The four-ones: evidence and the checks of the county."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from core.models import StoredFile
from liaison.choices import CHECKED_ITEMS, COUNTED_LEVELS, EVIDENCED_ITEMS, CheckLevel, StandardKey, options
from liaison.models.points import LiaisonPoint


class StandardItem(models.Model):
    """Evidence that the office or the plaque is there: true from `met_on` up to, not including, `ended_on`.

    The officer follows from the memberships and the rules from the six texts; neither is stored here.
    """

    point = models.ForeignKey(LiaisonPoint, models.CASCADE, related_name="standard_items", verbose_name="联络点")
    item = models.CharField("项目", max_length=8, choices=options(EVIDENCED_ITEMS))
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
    item = models.CharField("项目", max_length=8, choices=options(CHECKED_ITEMS))
    level = models.CharField("核验", max_length=8, choices=options(COUNTED_LEVELS), default=CheckLevel.COUNTY)
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
