"""What a point does beside its cases: joint meetings."""

from django.conf import settings
from django.db import models

from liaison.choices import MEETING_SYSTEMS, SystemKind, options
from liaison.models.points import LiaisonPoint


class Meeting(models.Model):
    """A joint meeting of court, town and mediators: the use of the grid and cooperation systems."""

    point = models.ForeignKey(LiaisonPoint, models.CASCADE, related_name="meetings", verbose_name="联络点")
    held_on = models.DateField("日期")
    system = models.CharField("所属制度", max_length=14, choices=options(MEETING_SYSTEMS), default=SystemKind.GRID)
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
