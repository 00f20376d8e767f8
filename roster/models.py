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
from roster.choices import OPEN_IMPORTS, ImportState, MediatorKind, RowResult, TeamRole, UnitKind
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
