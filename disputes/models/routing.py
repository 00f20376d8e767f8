"""The table that says where a dispute goes."""

from django.db import models

from disputes.choices import Destination


class RoutingRule(models.Model):
    """One row of the ordered routing table; the first row that fits decides."""

    order = models.PositiveSmallIntegerField("次序")
    key = models.CharField("代码", max_length=40, unique=True)
    conditions = models.JSONField("条件", default=dict, blank=True)
    destination = models.CharField("去向", max_length=18, choices=Destination)
    reason = models.CharField("理由", max_length=200)
    enabled = models.BooleanField("启用", default=True)
    edited = models.BooleanField("管理员改过", default=False)

    class Meta:
        verbose_name = verbose_name_plural = "分流规则"
        ordering = ["order", "pk"]

    def __str__(self) -> str:
        return f"{self.order} {self.reason}"
