"""What somebody has typed into a long form and not sent yet."""

import uuid

from django.conf import settings
from django.db import models

from core.fields import EncryptedTextField


class FormDraft(models.Model):
    """A form's fields as typed, sealed, for the eyes of their writer alone; gone when the form is sent."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+", verbose_name="谁填的")
    form = models.CharField("表单", max_length=40)
    content = EncryptedTextField("填的内容")
    saved_at = models.DateTimeField("存的时间", db_index=True)

    class Meta:
        verbose_name = verbose_name_plural = "没有交的表单"
        constraints = [
            models.UniqueConstraint(
                fields=["user", "form"], name="core_one_draft_a_form", violation_error_message="这张表已经有一份草稿。"
            )
        ]

    def __str__(self) -> str:
        return f"{self.form} {self.saved_at:%Y-%m-%d %H:%M}"
