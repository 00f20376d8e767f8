"""One dispute stands under another: a series against one employer, a quarrel that grew out of an earlier one."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from disputes.choices import LinkKind
from disputes.models.disputes import Dispute


class DisputeLink(models.Model):
    """A child and its one parent; two levels and no more, so that no circle can close (`disputes/linking.py`)."""

    child = models.OneToOneField(Dispute, models.CASCADE, related_name="parent_link", verbose_name="所属的一件")
    parent = models.ForeignKey(Dispute, models.PROTECT, related_name="child_links", verbose_name="主件")
    kind = models.CharField("关系", max_length=10, choices=LinkKind)
    note = models.CharField("说明", max_length=200, blank=True)
    linked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="经办人")
    linked_on = models.DateField("关联日")
    recorded_at = models.DateTimeField("录入时间")

    class Meta:
        verbose_name = verbose_name_plural = "关联"
        constraints = [
            models.CheckConstraint(
                name="disputes_no_dispute_stands_under_itself",
                condition=~Q(child=F("parent")),
                violation_error_message="一件不能关联到它自己。",
            )
        ]
        indexes = [models.Index(fields=["parent", "id"], name="link_parent")]

    def __str__(self) -> str:
        return f"{self.child_id} → {self.parent_id}"
