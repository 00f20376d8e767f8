"""Rows taken out of the ledger: who asked, under which filter, and the file until it expires."""

from django.db import models
from django.db.models import Q

from core.choices import ExportState
from core.fields import EncryptedTextField
from core.models import ExportJob, ExportQuerySet


class LedgerExport(ExportJob):
    """Rows taken out of the ledger. The filter may name a person, so it lies encrypted like the file."""

    filters = EncryptedTextField("条件", blank=True, help_text="台账地址里的条件，JSON，加密保存")

    objects = ExportQuerySet["LedgerExport"].as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "台账导出"
        constraints = [
            models.CheckConstraint(
                name="disputes_clear_export_has_a_reason",
                condition=Q(is_clear=False) | ~Q(reason=""),
                violation_error_message="不遮盖的台账要写用途。",
            ),
            models.CheckConstraint(
                name="disputes_only_ready_exports_keep_a_file",
                condition=Q(state=ExportState.READY) | Q(content=""),
                violation_error_message="只有做好的导出才存文件。",
            ),
        ]
        indexes = [models.Index(fields=["asked_by", "-asked_at"], name="ledger_export_recent")]

    def __str__(self) -> str:
        return "纠纷台账"
