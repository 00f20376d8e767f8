"""People of the network: staff as in the annex, their posts in teams, submissions and imports."""

import uuid
from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.utils import timezone

from core.choices import Role, Sex
from core.fields import EncryptedTextField, LookupHashField
from core.models import Division
from core.scope import ScopedQuerySet, within_any
from roster.choices import ExportList, ExportState, ImportState, MediatorKind, TeamRole, UnitKind
from roster.phones import masked_phone
from roster.rules import COURT_SEATS, READERS, roster_codes

TEXT_LENGTH = 2_000  # as long as a cell may be


def is_late(day: date, recorded_at: datetime) -> bool:
    """Whether a fact of `day` was entered more than seven days after it (补录)."""
    return (timezone.localtime(recorded_at).date() - day).days > settings.LATE_ENTRY_DAYS


class StaffQuerySet(models.QuerySet["Staff"]):
    def visible_to(self, user: Any) -> "StaffQuerySet":
        """People who have or had a seat in the user's towns.

        The court clerk sees the court's people only; the county's keepers also see those without a seat.
        """
        if not user.is_authenticated or user.role not in READERS:
            return self.none()
        terms = TeamMembership.objects.filter(within_any("town_code", roster_codes(user)))
        if user.role == Role.CLERK:
            terms = terms.filter(role__in=COURT_SEATS)
        inside = Q(pk__in=terms.values("staff_id"))
        if user.role in (Role.OFFICER, Role.CLERK):
            return self.filter(inside)
        return self.filter(inside | ~Exists(TeamMembership.objects.filter(staff=OuterRef("pk"))))


class Staff(models.Model):
    """One person, with exactly the ten columns of the annex (序号 is the row's place, not a fact of the person)."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="staff", verbose_name="账号"
    )
    name = models.CharField("姓名", max_length=60)
    name_initials = models.CharField("拼音首字母", max_length=60, blank=True)
    born = models.CharField("出生年月", max_length=7, blank=True, help_text="如 1985-03")
    sex = models.CharField("性别", max_length=6, choices=Sex, blank=True)
    unit_and_duty = models.CharField("所在单位及职务", max_length=TEXT_LENGTH, blank=True)
    registered_address = EncryptedTextField("户籍地址", blank=True)
    contact_address = EncryptedTextField("通讯地址", blank=True)
    id_number = EncryptedTextField("身份证号码", blank=True)
    id_hash = LookupHashField(source="id_number", label="id_number")
    phone = EncryptedTextField("联系电话", blank=True)
    phone_hash = LookupHashField(source="phone", label="phone")
    note = models.CharField("备注", max_length=TEXT_LENGTH, blank=True)
    platform_account = models.CharField("调解平台账号", max_length=60, blank=True)
    joined_platform_on = models.DateField("入驻日期", null=True, blank=True)
    created_at = models.DateTimeField("录入时间", default=timezone.now)
    version = models.PositiveIntegerField("版本", default=1)

    objects = StaffQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "人员"
        constraints = [
            models.UniqueConstraint(
                fields=["id_hash"],
                condition=~Q(id_hash=""),
                name="roster_one_person_per_id_number",
                violation_error_message="名册里已有这个身份证号码。",
            ),
            models.CheckConstraint(
                name="roster_staff_has_a_name", condition=~Q(name=""), violation_error_message="姓名不能空。"
            ),
        ]
        indexes = [models.Index(fields=["name_initials", "id"], name="staff_by_initials")]

    def __str__(self) -> str:
        return self.name

    @property
    def masked_phone(self) -> str:
        return masked_phone(self.phone)


class MembershipQuerySet(ScopedQuerySet["TeamMembership"]):
    def on(self, day: date) -> "MembershipQuerySet":
        """Memberships in force on `day`; a term's last day still counts."""
        return self.filter(since__lte=day).filter(Q(until=None) | Q(until__gte=day))


class TeamMembership(models.Model):
    """A term of office: one person, one town, one role, from `since` to `until` (inclusive; empty = still)."""

    staff = models.ForeignKey(Staff, models.PROTECT, related_name="memberships", verbose_name="人员")
    town = models.ForeignKey(Division, models.PROTECT, related_name="+", verbose_name="镇（街）")
    town_code = models.CharField("镇（街）代码", max_length=9, editable=False)
    role = models.CharField("岗位", max_length=16, choices=TeamRole)
    mediator_kind = models.CharField("调解人员来源", max_length=18, choices=MediatorKind, blank=True)
    since = models.DateField("自")
    until = models.DateField("至", null=True, blank=True)
    recorded_at = models.DateTimeField("录入时间")
    ended_recorded_at = models.DateTimeField("离任录入时间", null=True, blank=True)

    objects = MembershipQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "任职"
        constraints = [
            models.CheckConstraint(
                name="roster_term_ends_after_it_starts",
                condition=Q(until=None) | Q(until__gte=F("since")),
                violation_error_message="离任日不能早于任职日。",
            ),
            models.CheckConstraint(
                name="roster_only_mediators_have_a_kind",
                condition=Q(role=TeamRole.MEDIATOR) | Q(mediator_kind=""),
                violation_error_message="只有调解人员才分来源。",
            ),
            models.UniqueConstraint(
                fields=["staff", "town", "role"],
                condition=Q(until=None),
                name="roster_one_open_term",
                violation_error_message="这个人在这个镇（街）已经担任这个岗位。",
            ),
        ]
        indexes = [models.Index(fields=["town_code", "role", "since"], name="membership_town")]

    def __str__(self) -> str:
        return f"{self.staff} {self.town} {self.get_role_display()}"

    @property
    def seat(self) -> str:
        """法官; for a mediator the source: 网格员."""
        return self.get_mediator_kind_display() or self.get_role_display()

    @property
    def is_late(self) -> bool:
        return is_late(self.since, self.recorded_at)


class RosterSubmission(models.Model):
    """A unit's list handed in to the committee (due 2023-03-30)."""

    unit_kind = models.CharField("报送单位", max_length=8, choices=UnitKind)
    town = models.ForeignKey(Division, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="镇（街）")
    document_number = models.CharField("文号", max_length=60, blank=True)
    handed_in_on = models.DateField("报送日")
    recorded_at = models.DateTimeField("录入时间")

    class Meta:
        verbose_name = verbose_name_plural = "名单报送"
        constraints = [
            models.CheckConstraint(
                name="roster_submission_names_its_town",
                condition=Q(unit_kind=UnitKind.TOWN, town__isnull=False) | (~Q(unit_kind=UnitKind.TOWN) & Q(town=None)),
                violation_error_message="镇（街）报送要写明是哪个镇（街）。",
            ),
            models.UniqueConstraint(
                fields=["town", "handed_in_on"],
                name="roster_town_hands_in_once_a_day",
                violation_error_message="这个镇（街）这一天已经报送过。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.town or self.get_unit_kind_display()} {self.handed_in_on}"


class RosterImportQuerySet(models.QuerySet["RosterImport"]):
    def visible_to(self, user: Any) -> "RosterImportQuerySet":
        """One's own uploads; an admin sees everybody's."""
        if not user.is_authenticated:
            return self.none()
        return self if user.role == Role.ADMIN else self.filter(uploaded_by=user)


class RosterImport(models.Model):
    """One uploaded workbook and what became of it. The file itself is kept only until it is written or given up."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    file_name = models.CharField("文件名", max_length=120)
    content = EncryptedTextField("文件内容", blank=True, help_text="原文件的 base64，加密保存，写入或放弃后清空")
    sha256 = models.CharField("SHA-256", max_length=64)
    town = models.ForeignKey(Division, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="镇（街）")
    town_guessed = models.BooleanField("镇（街）由内容推断", default=False)
    since = models.DateField("任职起始日")
    state = models.CharField("状态", max_length=10, choices=ImportState, default=ImportState.PREVIEWED)
    report = models.JSONField("结果", default=dict, blank=True, help_text="只有行数，没有个人信息")
    submission = models.ForeignKey(
        RosterSubmission, models.SET_NULL, null=True, blank=True, related_name="imports", verbose_name="报送"
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
                condition=Q(state=ImportState.PREVIEWED) | Q(content=""),
                violation_error_message="写入或放弃以后不再保存文件内容。",
            ),
        ]
        indexes = [models.Index(fields=["uploaded_by", "-uploaded_at"], name="import_recent")]

    def __str__(self) -> str:
        return self.file_name


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
