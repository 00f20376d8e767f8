"""Warnings of a quarrel that may turn into a crime, and who was told of each, one after the other."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.functional import cached_property

from disputes.choices import ChainKind, Risk
from disputes.models.disputes import Dispute


class RiskFlag(models.Model):
    """民转刑 warning (人民调解法 25): raised at once, acknowledged by a named receiver.

    `receiver` is the one told last. `next_at`: when the chain is looked at again; empty once somebody has signed.
    """

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
    next_at = models.DateTimeField("下次查看", null=True, blank=True, help_text="到时还没有签收，就转告下一人")
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
            models.CheckConstraint(
                name="disputes_signed_flag_rings_no_more",
                condition=Q(next_at=None) | Q(acknowledged_at=None, lowered_at=None),
                violation_error_message="签收或解除以后不再转告。",
            ),
        ]
        indexes = [models.Index(fields=["next_at"], name="flag_to_pass_on", condition=Q(next_at__isnull=False))]

    def __str__(self) -> str:
        return f"{self.dispute_id} {self.get_level_display()}"

    @cached_property
    def told_ids(self) -> set[int]:
        """Whoever was told of it may sign for it; who has read the steps already says so here."""
        told = {step.recipient_id for step in self.steps.all()} if self.pk else set()
        return self.those_told(told)

    def those_told(self, recipients: set[int]) -> set[int]:
        """`recipients` of its steps, and whoever was told last."""
        return recipients | ({self.receiver_id} if self.receiver_id else set())


class FlagStep(models.Model):
    """Somebody was told of a warning. The constraints make it harmless to pass it on twice at once."""

    flag = models.ForeignKey(RiskFlag, models.CASCADE, related_name="steps", verbose_name="风险提示")
    kind = models.CharField("身份", max_length=10, choices=ChainKind)
    recipient = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="flag_steps", verbose_name="被提醒人"
    )
    told_at = models.DateTimeField("提醒时间")

    class Meta:
        verbose_name = verbose_name_plural = "风险提示的转告"
        ordering = ["told_at", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["flag", "recipient"],
                condition=~Q(kind=ChainKind.LAST_CALL),
                name="disputes_told_of_a_flag_once",
                violation_error_message="这个人已经被提醒过。",
            ),
            models.UniqueConstraint(
                fields=["flag", "kind"],
                condition=Q(kind__in=[ChainKind.COUNTY, ChainKind.LAST_CALL]),
                name="disputes_county_told_of_a_flag_once",
                violation_error_message="县级只提醒一次，满一天只再催一次。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.recipient}"
