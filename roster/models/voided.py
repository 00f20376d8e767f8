"""Terms of office that were written down by mistake."""

from dataclasses import replace
from datetime import date

from django.conf import settings
from django.db import models
from django.db.models import Q

from core.models import Division
from roster.models.people import Staff, TermFacts
from roster.spans import Span


class VoidedTermQuerySet(models.QuerySet["VoidedTerm"]):
    def known_on(self, day: date) -> "VoidedTermQuerySet":
        """Those that still stood in the books at the end of `day`."""
        return self.filter(voided_on__gt=day)


class VoidedTerm(TermFacts):
    """A term that never was: taken out of the terms of office, so that nothing counts it, and kept here.

    The books of a day on which it stood in them still show it.
    """

    staff = models.ForeignKey(Staff, models.CASCADE, related_name="voided_terms", verbose_name="人员")
    town = models.ForeignKey(Division, models.PROTECT, related_name="+", verbose_name="镇（街）", db_index=False)
    voided_on = models.DateField("作废日")
    voided_at = models.DateTimeField("作废时间")
    voided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="作废人"
    )
    reason = models.CharField("作废原因", max_length=100)

    objects = VoidedTermQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "作废的任职"
        constraints = [
            models.CheckConstraint(
                name="roster_voided_term_says_why",
                condition=~Q(reason=""),
                violation_error_message="作废要写明原因。",
            ),
        ]
        indexes = [models.Index(fields=["town_code", "voided_on"], name="voided_term_town")]

    def __str__(self) -> str:
        return f"{self.staff} {self.town} {self.get_role_display()}"

    @property
    def span(self) -> Span:
        return replace(super().span, voided_on=self.voided_on)
