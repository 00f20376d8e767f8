"""The timeline of a dispute."""

from datetime import time

from django.conf import settings
from django.db import models
from django.utils import timezone

from core.clock_face import is_late_entry
from disputes.choices import EventKind
from disputes.models.disputes import Dispute


class DisputeEvent(models.Model):
    """One line of the timeline. `on` is when it was true, `recorded_at` when it was written down."""

    dispute = models.ForeignKey(  # `event_dispute` begins with it
        Dispute, models.CASCADE, related_name="events", db_index=False, verbose_name="纠纷"
    )
    kind = models.CharField("事项", max_length=24, choices=EventKind)
    on = models.DateField("日期")
    at = models.DateTimeField("时刻")
    recorded_at = models.DateTimeField("录入时间")
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", db_index=False, verbose_name="经办人"
    )
    text = models.CharField("标题", max_length=200)
    detail = models.TextField("说明", blank=True)
    by_court = models.BooleanField("法院步骤", default=False)

    class Meta:
        verbose_name = verbose_name_plural = "经过"
        ordering = ["-on", "-recorded_at", "-id"]  # within a day as written down: the hour is not always known
        indexes = [models.Index(fields=["dispute", "-on", "-recorded_at", "-id"], name="event_dispute")]

    def __str__(self) -> str:
        return f"{self.on} {self.text}"

    @property
    def has_time(self) -> bool:
        """Whether the hour is known; a past day written down later has none."""
        return timezone.localtime(self.at).time() != time.min

    @property
    def recorded_apart(self) -> bool:
        """Whether it was written down at another time than the one shown, to the minute."""
        at, recorded = (timezone.localtime(moment) for moment in (self.at, self.recorded_at))
        return (at.date(), at.hour, at.minute) != (recorded.date(), recorded.hour, recorded.minute)

    @property
    def is_late(self) -> bool:
        """补录: written down long after the day."""
        return is_late_entry(self.on, self.recorded_at)
