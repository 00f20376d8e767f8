"""A file somebody brought in to be checked and written: its bytes while it is open, who has it in hand, how far."""

import uuid

from django.conf import settings
from django.db import models

from core.fields import EncryptedTextField


class Upload(models.Model):
    """What every upload keeps. Its bytes are kept, encrypted, until it is written or given up, at most seven days."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    file_name = models.CharField("文件名", max_length=120)
    content = EncryptedTextField("文件内容", blank=True, help_text="原文件的 base64，加密保存，写入或放弃后清空")
    sha256 = models.CharField("SHA-256", max_length=64)
    outlook = EncryptedTextField("核对所得", blank=True, help_text="工作表、整份文件的提示、写入后的队伍")
    fingerprint = models.CharField("核对指纹", max_length=32, blank=True)
    report = models.JSONField("结果", default=dict, blank=True, help_text="只有行数，没有个人信息")
    trouble = models.CharField("没有办成的原因", max_length=300, blank=True)
    asked_at = models.DateTimeField("交办时间", null=True, blank=True, help_text="交给后台核对或写入的时间")
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="交办人"
    )
    turn = models.PositiveIntegerField("第几次核对", default=0)
    tries = models.PositiveSmallIntegerField("后台试过几次", default=0)
    worked_at = models.DateTimeField("后台最近动静", null=True, blank=True)
    rows_done = models.PositiveIntegerField("已核对行数", default=0)
    rows_total = models.PositiveIntegerField("总行数", default=0)
    uploaded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="上传人")
    uploaded_at = models.DateTimeField("上传时间")
    applied_at = models.DateTimeField("写入时间", null=True, blank=True)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.file_name
