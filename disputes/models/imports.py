"""A town's own ledger on its way in: the file, what its columns were said to be, what the check found."""

from typing import Any

from django.db import models
from django.db.models import Q

from core.fields import EncryptedTextField
from core.models import Division, Upload
from disputes.choices import OPEN_LEDGER_IMPORTS, LedgerImportState


class LedgerImportQuerySet(models.QuerySet["LedgerImport"]):
    def visible_to(self, user: Any) -> "LedgerImportQuerySet":
        """One's own uploads only: they hold the numbers of people."""
        return self.filter(uploaded_by=user) if user.is_authenticated else self.none()

    def light(self) -> "LedgerImportQuerySet":
        """Without what weighs; each is fetched when it is asked for."""
        return self.defer("content", "outlook", "mends")


class LedgerImport(Upload):
    """One uploaded ledger of a town. `columns` (header → field) stays: the next file of the town is read like it."""

    town = models.ForeignKey(Division, models.PROTECT, related_name="+", verbose_name="镇（街）")
    state = models.CharField("状态", max_length=10, choices=LedgerImportState, default=LedgerImportState.MAPPING)
    columns = models.JSONField("对列", default=dict, blank=True, help_text="表头 → 栏目")
    village = models.ForeignKey(
        Division, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="没有写村的算作"
    )
    source = models.CharField("没有写来源的算作", max_length=10, blank=True)
    mends = EncryptedTextField("改动", blank=True, help_text="上传人改过的格子、留下不写的行，加密保存")

    objects = LedgerImportQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "台账导入"
        constraints = [
            models.CheckConstraint(
                name="disputes_applied_import_has_a_time",
                condition=Q(state=LedgerImportState.APPLIED, applied_at__isnull=False)
                | (~Q(state=LedgerImportState.APPLIED) & Q(applied_at=None)),
                violation_error_message="已写入的导入须有写入时间。",
            ),
            models.CheckConstraint(
                name="disputes_only_open_imports_keep_the_file",
                condition=Q(state__in=OPEN_LEDGER_IMPORTS) | Q(content="", outlook="", mends=""),
                violation_error_message="写入、放弃或过期以后不再保存文件内容。",
            ),
            models.UniqueConstraint(
                fields=["uploaded_by", "sha256"],
                condition=Q(state__in=OPEN_LEDGER_IMPORTS),
                name="disputes_one_open_upload_of_a_file",
                violation_error_message="这份文件已经上传，正等着核对或写入。",
            ),
        ]
        indexes = [
            models.Index(fields=["uploaded_by", "-uploaded_at"], name="ledger_import_recent"),
            models.Index(fields=["town", "-uploaded_at"], name="ledger_import_town"),
        ]

    @property
    def is_open(self) -> bool:
        return self.state in OPEN_LEDGER_IMPORTS

    @property
    def is_at_work(self) -> bool:
        """Whether a worker has it in hand, or will."""
        return self.state in (LedgerImportState.CHECKING, LedgerImportState.APPLYING)
