"""Many quarrels with one respondent: the rule that warns, the warning, the keys it goes by, its disputes."""

from functools import cached_property
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.urls import reverse

from core.choices import CASE_ROLES
from core.scope import within_any
from disputes.choices import ClusterKeyKind
from disputes.models.disputes import Dispute


class WarningRule(models.Model):
    """How many within how many days warn; the admin's to change. 内部要求, no law."""

    key = models.CharField("代码", max_length=20, primary_key=True)
    title = models.CharField("名称", max_length=40)
    least = models.PositiveSmallIntegerField("最少几件", help_text="同一对象在这些天里有这么多件，就预警")
    days = models.PositiveSmallIntegerField("多少天里")
    towns = models.PositiveSmallIntegerField("或涉及几个镇（街）", default=2, help_text="填 0 表示不看镇（街）数")
    enabled = models.BooleanField("启用", default=True)
    edited = models.BooleanField("管理员改过", default=False)

    class Meta:
        verbose_name = verbose_name_plural = "预警规则"
        ordering = ["key"]
        constraints = [
            models.CheckConstraint(
                name="disputes_warning_needs_two_and_a_day",
                condition=Q(least__gte=2, days__gte=1) & ~Q(towns=1),
                violation_error_message="最少两件、一天；涉及的镇（街）填 0 或不少于 2。",
            )
        ]

    def __str__(self) -> str:
        return self.title


class ClusterQuerySet(models.QuerySet["ClusterWarning"]):
    def visible_to(self, user: Any) -> "ClusterQuerySet":
        """Warnings with at least one dispute in the divisions of whoever works with cases."""
        if not user.is_authenticated or user.role not in CASE_ROLES:
            return self.none()
        inside = ClusterMember.objects.filter(within_any("town_code", user.scope_codes), cluster=OuterRef("pk"))
        return self.filter(Exists(inside))

    def open(self) -> "ClusterQuerySet":
        return self.filter(closed_at=None)


class ClusterWarning(models.Model):
    """聚集预警: one respondent in many quarrels. The next one joins it until somebody closes it with a reason."""

    raised_at = models.DateTimeField("提出时间")
    because = models.CharField("依据", max_length=100)
    acknowledged_at = models.DateTimeField("签收时间", null=True, blank=True)
    acknowledged_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="签收人"
    )
    closed_at = models.DateTimeField("了结时间", null=True, blank=True)
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="了结人"
    )
    closed_reason = models.CharField("了结理由", max_length=300, blank=True)

    objects = ClusterQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "聚集预警"
        constraints = [
            models.CheckConstraint(
                name="disputes_closed_cluster_says_why",
                condition=Q(closed_at=None, closed_reason="") | (Q(closed_at__isnull=False) & ~Q(closed_reason="")),
                violation_error_message="了结聚集预警要写理由。",
            )
        ]
        indexes = [models.Index(fields=["-raised_at", "-id"], name="cluster_recent")]

    def __str__(self) -> str:
        return f"聚集预警 {self.pk}"

    def get_absolute_url(self) -> str:
        return reverse("disputes:cluster", args=[self.pk])

    @cached_property
    def town_codes(self) -> list[str]:
        """The towns whose disputes stand in it; read once."""
        return sorted(set(self.members.order_by().values_list("town_code", flat=True)))


class ClusterKey(models.Model):
    """What a warning's respondent is known by: a keyed hash. A key leads to one open warning at most."""

    cluster = models.ForeignKey(ClusterWarning, models.CASCADE, related_name="keys", verbose_name="聚集预警")
    kind = models.CharField("种类", max_length=6, choices=ClusterKeyKind)
    value = models.CharField("哈希", max_length=64, editable=False)
    is_open = models.BooleanField("还在用", default=True)

    class Meta:
        verbose_name = verbose_name_plural = "聚集预警的对象"
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "value"],
                condition=Q(is_open=True),
                name="disputes_one_open_cluster_per_respondent",
                violation_error_message="这个对象已有没有了结的聚集预警。",
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.cluster_id}"


class ClusterMember(models.Model):
    """A dispute of a warning, with the respondent's name as that file has it."""

    cluster = models.ForeignKey(ClusterWarning, models.CASCADE, related_name="members", verbose_name="聚集预警")
    dispute = models.ForeignKey(Dispute, models.CASCADE, related_name="cluster_members", verbose_name="纠纷")
    town_code = models.CharField("镇（街）", max_length=9)
    respondent = models.CharField("对象", max_length=80)
    joined_at = models.DateTimeField("列入时间")

    class Meta:
        verbose_name = verbose_name_plural = "聚集预警的纠纷"
        ordering = ["-dispute__registered_on", "-dispute_id"]
        constraints = [
            models.UniqueConstraint(
                fields=["cluster", "dispute"],
                name="disputes_in_a_cluster_once",
                violation_error_message="这件已经在这条聚集预警里。",
            )
        ]
        indexes = [models.Index(fields=["town_code", "cluster"], name="cluster_of_town")]

    def __str__(self) -> str:
        return f"{self.cluster_id} {self.dispute_id}"
