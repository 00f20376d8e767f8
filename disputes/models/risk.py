"""Warnings of a quarrel that may turn into a crime."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from disputes.choices import Risk
from disputes.models.disputes import Dispute


class RiskFlag(models.Model):
    """民转刑 warning (人民调解法 25): raised at once, acknowledged by a named receiver."""

    dispute = models.ForeignKey(Dispute, models.CASCADE, related_name="risk_flags", verbose_name="纠纷")
    level = models.CharField("程度", max_length=6, choices=Risk)
    reasons = models.CharField("依据", max_length=200)
    raised_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="提出人"
    )
    raised_at = models.DateTimeField("提出时间")
    receiver = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="接收人"
    )
    acknowledged_at = models.DateTimeField("签收时间", null=True, blank=True)
    acknowledged_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="签收人"
    )
    measures = models.CharField("已采取的措施", max_length=300, blank=True)
    lowered_at = models.DateTimeField("解除时间", null=True, blank=True)
    lowered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="解除人"
    )
    lowered_reason = models.CharField("解除理由", max_length=200, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "风险提示"
        constraints = [
            models.UniqueConstraint(
                fields=["dispute"],
                condition=Q(lowered_at=None),
                name="disputes_one_open_risk_flag",
                violation_error_message="这件纠纷已有没有解除的风险提示。",
            ),
            models.CheckConstraint(
                name="disputes_lowered_flag_says_why",
                condition=Q(lowered_at=None) | ~Q(lowered_reason=""),
                violation_error_message="解除风险提示要写理由。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.dispute_id} {self.get_level_display()}"
