"""Papers that came after a file was closed."""

from django.conf import settings
from django.db import models

from core.models import StoredFile
from disputes.choices import DisputeState
from disputes.models.disputes import Dispute


class LatePaper(models.Model):
    """补交: a paper filed while the dispute was closed; who handed it in when, and how the file stood then."""

    file = models.OneToOneField(StoredFile, models.CASCADE, related_name="late_paper", verbose_name="材料")
    dispute = models.ForeignKey(Dispute, models.CASCADE, related_name="late_papers", verbose_name="纠纷")
    state_then = models.CharField("当时的状态", max_length=12, choices=DisputeState)
    handed_in_on = models.DateField("收到日")
    handed_in_by = models.CharField("谁交来", max_length=60)
    filed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="收件人")
    recorded_at = models.DateTimeField("录入时间")

    class Meta:
        verbose_name = verbose_name_plural = "补交材料"

    def __str__(self) -> str:
        return f"{self.dispute_id} {self.handed_in_on}"
