"""A list taken out of the roster: who asked, what for, and its file until it expires."""

import uuid
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q

from core.fields import EncryptedTextField
from core.models import Division
from roster.choices import ExportList, ExportState


class RosterExportQuerySet(models.QuerySet["RosterExport"]):
    def visible_to(self, user: Any) -> "RosterExportQuerySet":
        """One's own only: what a person took out is nobody else's to fetch."""
        return self.filter(asked_by=user) if user.is_authenticated else self.none()


class RosterExport(models.Model):
    """A list taken out of the roster: who asked, what for, and for a large one its file until it expires."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    what = models.CharField("名单", max_length=8, choices=ExportList)
    town = models.ForeignKey(Division, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="镇（街）")
    is_clear = models.BooleanField("不遮盖", default=False)
    reason = models.CharField("用途", max_length=200, blank=True)
    state = models.CharField("状态", max_length=12, choices=ExportState, default=ExportState.WAITING)
    total_rows = models.PositiveIntegerField("人数")
    done_rows = models.PositiveIntegerField("已完成", default=0)
    attempt = models.PositiveSmallIntegerField("次数", default=0)
    content = EncryptedTextField("文件内容", blank=True, help_text="做好的文件的 base64，加密保存，过期后清空")
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="导出人")
    asked_at = models.DateTimeField("时间")
    moved_at = models.DateTimeField("最近进展", null=True, blank=True)
    finished_at = models.DateTimeField("完成时间", null=True, blank=True)

    objects = RosterExportQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "名册导出"
        constraints = [
            models.CheckConstraint(
                name="roster_clear_export_has_a_reason",
                condition=Q(is_clear=False) | ~Q(reason=""),
                violation_error_message="不遮盖的名单要写用途。",
            ),
            models.CheckConstraint(
                name="roster_export_of_a_town_names_it",
                condition=Q(what=ExportList.TOWN, town__isnull=False) | (~Q(what=ExportList.TOWN) & Q(town=None)),
                violation_error_message="请选镇（街）。",
            ),
            models.CheckConstraint(
                name="roster_only_ready_exports_keep_a_file",
                condition=Q(state=ExportState.READY) | Q(content=""),
                violation_error_message="只有做好的导出才存文件。",
            ),
        ]
        indexes = [models.Index(fields=["asked_by", "-asked_at"], name="export_recent")]

    def __str__(self) -> str:
        return str(self.town) if self.town else self.get_what_display()

    @property
    def is_under_way(self) -> bool:
        return self.state in (ExportState.WAITING, ExportState.MAKING)
