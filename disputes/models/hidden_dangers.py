"""苗头隐患: what somebody on the ground saw coming, before anybody came to the counter."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse

from core.models import Division
from core.scope import ScopedQuerySet
from disputes.choices import DangerKind, Urgency
from disputes.models.disputes import Dispute


class HiddenDangerQuerySet(ScopedQuerySet["HiddenDanger"]):
    def open(self) -> "HiddenDangerQuerySet":
        return self.filter(dispute=None, closed_at=None)


class HiddenDanger(models.Model):
    """One report: it becomes a dispute, or is closed with a reason. `due_on` is an internal day, no law."""

    kind = models.CharField("什么事", max_length=9, choices=DangerKind)
    division = models.ForeignKey(Division, models.PROTECT, related_name="+", verbose_name="村（社区）")
    town_code = models.CharField("镇（街）", max_length=9, editable=False)
    urgency = models.CharField("急不急", max_length=4, choices=Urgency)
    note = models.CharField("一句话", max_length=200, blank=True)
    reported_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="报告人")
    reported_at = models.DateTimeField("报告时间")
    due_on = models.DateField("核实不晚于", null=True, blank=True)
    idempotency_key = models.CharField("防重键", max_length=64, unique=True, editable=False)
    dispute = models.OneToOneField(
        Dispute, models.PROTECT, null=True, blank=True, related_name="hidden_danger", verbose_name="登记为"
    )
    closed_at = models.DateTimeField("了结时间", null=True, blank=True)
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="了结人"
    )
    closed_reason = models.CharField("了结理由", max_length=200, blank=True)

    objects = HiddenDangerQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "苗头隐患"
        constraints = [
            models.CheckConstraint(
                name="disputes_danger_is_registered_or_closed",
                condition=Q(closed_at=None) | Q(dispute=None),
                violation_error_message="苗头隐患不能又登记为纠纷又了结。",
            ),
            models.CheckConstraint(
                name="disputes_closed_danger_says_why",
                condition=Q(closed_at=None, closed_reason="") | (Q(closed_at__isnull=False) & ~Q(closed_reason="")),
                violation_error_message="了结苗头隐患要写理由。",
            ),
        ]
        indexes = [
            models.Index(fields=["-reported_at", "-id"], name="danger_recent"),
            models.Index(fields=["town_code", "-reported_at", "-id"], name="danger_town_recent"),
            models.Index(fields=["reported_by", "-id"], name="danger_of_reporter"),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.division.short_name}"

    def get_absolute_url(self) -> str:
        return reverse("disputes:danger", args=[self.pk])

    @property
    def is_open(self) -> bool:
        return self.dispute_id is None and self.closed_at is None
