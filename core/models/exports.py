"""A file made of many rows: who asked, what for, how far it is, its bytes until they expire. Each app has its own."""

import uuid
from typing import Any, Self, TypeVar

from django.conf import settings
from django.db import models

from core.choices import ExportState
from core.fields import EncryptedTextField

Job = TypeVar("Job", bound=models.Model)


class ExportQuerySet(models.QuerySet[Job]):
    def visible_to(self, user: Any) -> Self:
        """One's own only: what a person took out is nobody else's to fetch."""
        return self.filter(asked_by=user) if user.is_authenticated else self.none()


class ExportJob(models.Model):
    """What every export keeps, masked or in clear (`is_clear`, with its reason); a large one is made in the worker."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    is_clear = models.BooleanField("不遮盖", default=False)
    reason = models.CharField("用途", max_length=200, blank=True)
    state = models.CharField("状态", max_length=12, choices=ExportState, default=ExportState.WAITING)
    total_rows = models.PositiveIntegerField("行数")
    done_rows = models.PositiveIntegerField("已完成", default=0)
    attempt = models.PositiveSmallIntegerField("次数", default=0)
    content = EncryptedTextField("文件内容", blank=True, help_text="做好的文件的 base64，加密保存，过期后清空")
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="导出人")
    asked_at = models.DateTimeField("时间")
    moved_at = models.DateTimeField("最近进展", null=True, blank=True)
    finished_at = models.DateTimeField("完成时间", null=True, blank=True)

    class Meta:
        abstract = True

    @property
    def is_under_way(self) -> bool:
        return self.state in (ExportState.WAITING, ExportState.MAKING)
