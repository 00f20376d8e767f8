"""The duty rota."""

from django.conf import settings
from django.db import models

from liaison.models.points import LiaisonPoint


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
