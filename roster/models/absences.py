"""Days on which people of the network are away."""

from datetime import date

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from roster.models.people import Staff


class AbsenceQuerySet(models.QuerySet["Absence"]):
    def on(self, day: date) -> "AbsenceQuerySet":
        """Absences that hold on `day`; the last day is still away."""
        return self.filter(cancelled_at=None, from_on__lte=day, to_on__gte=day)

    def meeting(self, first: date, last: date) -> "AbsenceQuerySet":
        """Absences that share a day with `first` to `last`."""
        return self.filter(cancelled_at=None, from_on__lte=last, to_on__gte=first)


class Absence(models.Model):
    """Days on which a person is not at work, and who stands in. One called off stays, with its moment.

    That one person's absences do not overlap is kept by the actions under the lock of the person's row: no constraint
    says it on both databases.
    """

    staff = models.ForeignKey(Staff, models.CASCADE, related_name="absences", verbose_name="人员")
    from_on = models.DateField("自")
    to_on = models.DateField("至")
    substitute = models.ForeignKey(
        Staff, models.PROTECT, null=True, blank=True, related_name="stands_in", verbose_name="代班人"
    )
    reason = models.CharField("事由", max_length=100)
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="录入人"
    )
    recorded_at = models.DateTimeField("录入时间")
    cancelled_at = models.DateTimeField("取消时间", null=True, blank=True)

    objects = AbsenceQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "不在岗"
        constraints = [
            models.CheckConstraint(
                name="roster_absence_ends_after_it_starts",
                condition=Q(to_on__gte=F("from_on")),
                violation_error_message="结束日不能早于开始日。",
            ),
            models.CheckConstraint(
                name="roster_nobody_stands_in_for_themselves",
                condition=Q(substitute=None) | ~Q(substitute=F("staff")),
                violation_error_message="代班人不能是本人。",
            ),
        ]
        indexes = [models.Index(fields=["staff", "from_on"], name="absence_of_person")]

    def __str__(self) -> str:
        return f"{self.staff} {self.from_on}—{self.to_on}"
