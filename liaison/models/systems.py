"""The texts of the six working systems."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from liaison.choices import SystemKind
from liaison.models.points import LiaisonPoint


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
