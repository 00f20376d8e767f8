"""The lists that the units hand in."""

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q

from core.choices import Role
from core.models import Division, StoredFile
from core.scope import within_any
from roster.choices import UnitKind
from roster.models.people import is_late
from roster.rules import READERS, roster_codes


class SubmissionQuerySet(models.QuerySet["RosterSubmission"]):
    def visible_to(self, user: Any) -> "SubmissionQuerySet":
        """The county's keepers and the committee see every unit's, an officer the own town's, the clerk the court's."""
        if not user.is_authenticated or user.role not in READERS:
            return self.none()
        if user.role == Role.CLERK:
            return self.filter(unit_kind=UnitKind.COURT)
        inside = Q(town__in=Division.objects.filter(within_any("code", roster_codes(user))))
        return self.filter(inside) if user.role == Role.OFFICER else self.filter(inside | Q(town=None))

    def standing(self) -> "SubmissionQuerySet":
        """Without those that were struck out."""
        return self.filter(voided_at=None)


class RosterSubmission(models.Model):
    """A unit's list handed in to the committee (due 2023-03-30). The first counts, the further ones are supplements."""

    unit_kind = models.CharField("报送单位", max_length=8, choices=UnitKind)
    town = models.ForeignKey(Division, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="镇（街）")
    document_number = models.CharField("文号", max_length=60, blank=True)
    handed_in_on = models.DateField("报送日")
    cover_letter = models.ForeignKey(
        StoredFile, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name="报送函"
    )
    recorded_at = models.DateTimeField("录入时间")
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="登记人"
    )
    voided_at = models.DateTimeField("作废时间", null=True, blank=True)
    void_reason = models.CharField("作废原因", max_length=100, blank=True)
    version = models.PositiveIntegerField("版本", default=1)

    objects = SubmissionQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "名单报送"
        constraints = [
            models.CheckConstraint(
                name="roster_submission_names_its_town",
                condition=Q(unit_kind=UnitKind.TOWN, town__isnull=False) | (~Q(unit_kind=UnitKind.TOWN) & Q(town=None)),
                violation_error_message="镇（街）报送要写明是哪个镇（街）。",
            ),
            models.UniqueConstraint(
                fields=["town", "handed_in_on"],
                condition=Q(voided_at=None),
                name="roster_town_hands_in_once_a_day",
                violation_error_message="这个镇（街）这一天已经报送过。",
            ),
            models.UniqueConstraint(
                fields=["unit_kind", "handed_in_on"],
                condition=Q(voided_at=None, town=None),
                name="roster_unit_hands_in_once_a_day",
                violation_error_message="这个单位这一天已经报送过。",
            ),
            models.CheckConstraint(
                name="roster_voided_submission_says_why",
                condition=Q(voided_at=None, void_reason="") | (Q(voided_at__isnull=False) & ~Q(void_reason="")),
                violation_error_message="作废要写明原因。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.unit_name} {self.handed_in_on}"

    @property
    def unit(self) -> str:
        """The unit as it stands in an address: the town's code, court or bureau."""
        return self.town_id or self.unit_kind

    @property
    def unit_name(self) -> str:
        return str(self.town or self.get_unit_kind_display())

    @property
    def is_late_entry(self) -> bool:
        return is_late(self.handed_in_on, self.recorded_at)
