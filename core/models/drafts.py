"""What somebody has typed into a long form and not sent yet."""

import uuid

from django.conf import settings
from django.db import models

from core.fields import EncryptedTextField


class FormDraft(models.Model):
    """A form's fields as typed, sealed, for the eyes of their writer alone; gone when the form is sent.

    `key` tells the forms of one kind apart that somebody fills at a time, `page` the open page that wrote last.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+", verbose_name="谁填的")
    form = models.CharField("表单", max_length=40)
    key = models.CharField("哪一份", max_length=36, blank=True)
    page = models.CharField("哪个窗口存的", max_length=36, blank=True)
    version = models.PositiveIntegerField("存过几次", default=0)
    content = EncryptedTextField("填的内容")
    saved_at = models.DateTimeField("存的时间", db_index=True)

    class Meta:
        verbose_name = verbose_name_plural = "没有交的表单"
        constraints = [
            models.UniqueConstraint(
                fields=["user", "form", "key"],
                name="core_one_draft_a_form_filled",
                violation_error_message="这一份表已经有草稿。",
            )
        ]

    def __str__(self) -> str:
        return f"{self.form} {self.saved_at:%Y-%m-%d %H:%M}"
