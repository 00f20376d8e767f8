"""An uploaded list and what became of it: the file, what people decided about it, its rows as they were read."""

import uuid
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q

from core.choices import Role
from core.fields import EncryptedTextField
from core.models import Division
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


class RosterImport(models.Model):
    """One uploaded workbook and what became of it.

    The file, what people mended about it and what was found in it are kept, encrypted, only while the upload is
    open: until it is written or given up, at the latest for seven days.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    file_name = models.CharField("文件名", max_length=120)
    content = EncryptedTextField("文件内容", blank=True, help_text="原文件的 base64，加密保存，写入或放弃后清空")
    sha256 = models.CharField("SHA-256", max_length=64)
    town = models.ForeignKey(Division, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="镇（街）")
    town_guessed = models.BooleanField("镇（街）由内容推断", default=False)
    since = models.DateField("任职起始日")
    state = models.CharField("状态", max_length=10, choices=ImportState, default=ImportState.PREVIEWED)
    mends = EncryptedTextField("改动", blank=True, help_text="在页面上改的格子、选定的岗位和镇（街）、留下不写的行")
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
    submission = models.ForeignKey(
        "roster.RosterSubmission", models.SET_NULL, null=True, blank=True, related_name="imports", verbose_name="报送"
    )
    uploaded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="上传人")
    uploaded_at = models.DateTimeField("上传时间")
    applied_at = models.DateTimeField("写入时间", null=True, blank=True)

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

    def __str__(self) -> str:
        return self.file_name

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
