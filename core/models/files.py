"""Uploaded and generated files: type sniffed, hashed, stored under a random name outside the web root."""

import uuid

from django.conf import settings
from django.db import models

from core.choices import Sealed


class StoredFile(models.Model):
    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    subject_label = models.CharField("对象类型", max_length=60, blank=True)
    subject_id = models.CharField("对象", max_length=64, blank=True)
    town_code = models.CharField("镇（街）", max_length=9, blank=True)
    kind = models.CharField("用途", max_length=40, blank=True)
    name = models.CharField("文件名", max_length=120)
    content_type = models.CharField("类型", max_length=100)
    size = models.PositiveIntegerField("字节数")
    sha256 = models.CharField("SHA-256", max_length=64)
    path = models.CharField("存放", max_length=120, unique=True)
    sealed = models.CharField("密级", max_length=10, choices=Sealed, default=Sealed.OPEN)
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="上传人"
    )
    uploaded_at = models.DateTimeField("上传时间")

    class Meta:
        verbose_name = verbose_name_plural = "附件"
        indexes = [models.Index(fields=["subject_label", "subject_id"], name="file_subject")]

    def __str__(self) -> str:
        return self.name
