"""An uploaded list and what became of it: the file, what people decided about it, its rows as they were read."""

import uuid
from typing import Any

from django.db import models
from django.db.models import Q

from core.choices import Role
from core.fields import EncryptedTextField
from core.models import Division, Upload
from roster.choices import OPEN_IMPORTS, ImportState, RowResult


class RosterImportQuerySet(models.QuerySet["RosterImport"]):
    def visible_to(self, user: Any) -> "RosterImportQuerySet":
        """One's own uploads; an admin sees everybody's."""
        if not user.is_authenticated:
            return self.none()
        return self if user.role == Role.ADMIN else self.filter(uploaded_by=user)

    def light(self) -> "RosterImportQuerySet":
        """Without what weighs: the file, and what was found in it; each is fetched when it is asked for."""
        return self.defer("content", "mends", "outlook")


class RosterImport(Upload):
    """One uploaded workbook and what became of it.

    The file, what people mended about it and what was found in it are kept, encrypted, only while the upload is
    open: until it is written or given up, at the latest for seven days.
    """

    town = models.ForeignKey(Division, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="镇（街）")
    town_guessed = models.BooleanField("镇（街）由内容推断", default=False)
    since = models.DateField("任职起始日")
    state = models.CharField("状态", max_length=10, choices=ImportState, default=ImportState.PREVIEWED)
    mends = EncryptedTextField("改动", blank=True, help_text="在页面上改的格子、选定的岗位和镇（街）、留下不写的行")
    submission = models.ForeignKey(
        "roster.RosterSubmission", models.SET_NULL, null=True, blank=True, related_name="imports", verbose_name="报送"
    )

    objects = RosterImportQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "名册导入"
        constraints = [
            models.CheckConstraint(
                name="roster_applied_import_has_a_time",
                condition=Q(state=ImportState.APPLIED, applied_at__isnull=False)
                | (~Q(state=ImportState.APPLIED) & Q(applied_at=None)),
                violation_error_message="已写入的导入须有写入时间。",
            ),
            models.CheckConstraint(
                name="roster_only_open_imports_keep_the_file",
                condition=Q(state__in=OPEN_IMPORTS) | Q(content="", mends="", outlook=""),
                violation_error_message="写入、放弃或过期以后不再保存文件内容。",
            ),
            models.UniqueConstraint(
                fields=["uploaded_by", "sha256"],
                condition=Q(state__in=OPEN_IMPORTS),
                name="roster_one_open_upload_of_a_file",
                violation_error_message="这份文件已经上传，正等着核对或写入。",
            ),
        ]
        indexes = [models.Index(fields=["uploaded_by", "-uploaded_at"], name="import_recent")]

    @property
    def was_unreadable(self) -> bool:
        """Whether it is gone because the file could not be read: nobody gave it up, and why is kept."""
        return self.state == ImportState.DISCARDED and bool(self.trouble)

    @property
    def is_open(self) -> bool:
        return self.state in OPEN_IMPORTS

    @property
    def is_at_work(self) -> bool:
        """Whether a worker has it in hand, or will."""
        return self.state in (ImportState.CHECKING, ImportState.APPLYING)


class RosterImportRow(models.Model):
    """One data row of an open upload as it was read; what the check made of it stands in plain columns to filter by."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    upload = models.ForeignKey(RosterImport, models.CASCADE, related_name="rows", verbose_name="导入")
    place = models.PositiveIntegerField("第几行数据")
    number = models.PositiveIntegerField("表里的行号")
    result = models.CharField("结果", max_length=10, choices=RowResult)
    to_look_at = models.BooleanField("请留意", default=False)
    person = models.CharField("检索用哈希", max_length=64, blank=True, help_text="身份证号码的带密钥哈希，用来找重复")
    data = EncryptedTextField("这一行", help_text="读到的各格，加密保存")

    class Meta:
        verbose_name = verbose_name_plural = "名册导入的行"
        constraints = [
            models.UniqueConstraint(
                fields=["upload", "place"],
                name="roster_import_row_has_its_place",
                violation_error_message="这一行已经在了。",
            )
        ]
        indexes = [
            models.Index(fields=["upload", "result", "place"], name="import_rows_by_result"),
            models.Index(fields=["upload", "place"], name="import_rows_to_look_at", condition=Q(to_look_at=True)),
            models.Index(fields=["upload", "person"], name="import_rows_of_a_person", condition=~Q(person="")),
        ]

    def __str__(self) -> str:
        return f"第 {self.number} 行"
