"""What the town's people write to each other about a dispute: no paper of the file."""

import uuid

from django.conf import settings
from django.db import models

from core.fields import EncryptedTextField
from disputes.models.disputes import Dispute


class InternalNote(models.Model):
    """内部备注: read by the town's people who see the dispute, never by court, county or parties; not 背靠背.

    Written once; whoever wrote it may strike it out, with its words kept.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    dispute = models.ForeignKey(Dispute, models.CASCADE, related_name="internal_notes", verbose_name="纠纷")
    text = EncryptedTextField("备注")
    written_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="写的人")
    written_at = models.DateTimeField("时间")
    struck_at = models.DateTimeField("划去时间", null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "内部备注"
        ordering = ["-written_at", "-id"]
        indexes = [models.Index(fields=["dispute", "-written_at"], name="note_dispute")]

    def __str__(self) -> str:
        return f"{self.dispute_id} {self.written_at:%Y-%m-%d}"
