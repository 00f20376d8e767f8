"""People of the network: staff as in the annex, their posts in teams, and the imports that bring them."""

import uuid
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any

from django.apps import apps
from django.conf import settings
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.utils import timezone

from core.bulk import Among
from core.choices import Role, Sex
from core.fields import EncryptedTextField, LookupHashField
from core.models import Division
from core.scope import ScopedQuerySet, within_any
from roster.choices import MediatorKind, TeamRole
from roster.id_card import tail_of
from roster.phones import masked_phone, tail_of_first, tail_of_second
from roster.rules import COURT_SEATS, READERS, roster_codes
from roster.spans import Span

ONE_DAY = timedelta(days=1)
TEXT_LENGTH = 2_000  # as long as a cell may be


def is_late(day: date, recorded_at: datetime) -> bool:
    """Whether a fact of `day` was entered more than seven days after it (补录)."""
    return (timezone.localtime(recorded_at).date() - day).days > settings.LATE_ENTRY_DAYS


# Said word for word with every look-up by number: only so the constraint's index serves it, and none besides is kept.
HAS_NUMBER = ~Q(id_hash="")


class StaffQuerySet(models.QuerySet["Staff"]):
    def numbered(self, hashes: Sequence[str]) -> "StaffQuerySet":
        """Who has one of these hashes of an identity number."""
        return self.filter(Among(F("id_hash"), hashes), HAS_NUMBER)

    def visible_to(self, user: Any) -> "StaffQuerySet":
        """People who have or had a seat in the user's towns.

        The court clerk sees the court's people only; the county's keepers also see those without a seat. Of these, who
        kept a seat that was struck out goes on seeing its person, so that it can be mended; a seat anywhere ends that,
        and when it is struck out in turn, its keeper sees them.
        """
        if not user.is_authenticated or user.role not in READERS:
            return self.none()
        inside = Exists(TeamMembership.objects.filter(kept_by(user), staff=OuterRef("pk")))
        return self.filter(inside | _unseated_for(user))

    def unseated_for(self, user: Any) -> "StaffQuerySet":
        """Those of `visible_to` who have no seat in the books; asked for by itself, as the database makes much of the
        whole."""
        if not user.is_authenticated or user.role not in READERS:
            return self.none()
        return self.filter(_unseated_for(user))


def kept_by(user: Any) -> Q:
    """Terms that stand for the user to see, held or struck out."""
    inside = within_any("town_code", roster_codes(user))
    return inside & Q(role__in=COURT_SEATS) if user.role == Role.CLERK else inside


def _unseated_for(user: Any) -> Q:
    never_seated = ~Exists(TeamMembership.objects.filter(staff=OuterRef("pk")))
    if user.role not in (Role.OFFICER, Role.CLERK):
        return Q(never_seated)
    voided = apps.get_model("roster.VoidedTerm").objects
    since = voided.exclude(kept_by(user)).filter(staff=OuterRef("staff"), voided_at__gt=OuterRef("voided_at"))
    last = voided.filter(kept_by(user), ~Exists(since), staff=OuterRef("pk"))
    return Q(never_seated) & Q(Exists(last))


class Staff(models.Model):
    """One person, with exactly the ten columns of the annex (序号 is the row's place, not a fact of the person).

    The hashes of last four digits let people be asked for as they are asked for on the telephone. There are ten
    thousand such endings: with the look-up key they could be tried one by one, without it (it is never in the database)
    they say only which rows share one. That is no more than the mask shows to the same readers, who see those
    four digits; the search stays within `visible_to`, and each is written to the audit trail.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="staff", verbose_name="账号"
    )
    name = models.CharField("姓名", max_length=60)
    name_initials = models.CharField("拼音首字母", max_length=60, blank=True)
    name_order = models.CharField("拼音次序", max_length=255, blank=True, editable=False)
    born = models.CharField("出生年月", max_length=7, blank=True, help_text="如 1985-03")
    sex = models.CharField("性别", max_length=6, choices=Sex, blank=True)
    unit_and_duty = models.CharField("所在单位及职务", max_length=TEXT_LENGTH, blank=True)
    registered_address = EncryptedTextField("户籍地址", blank=True)
    contact_address = EncryptedTextField("通讯地址", blank=True)
    id_number = EncryptedTextField("身份证号码", blank=True)
    id_hash = LookupHashField(source="id_number", label="id_number", db_index=False)
    id_tail_hash = LookupHashField(source="id_number", label="id_tail", part=tail_of, db_index=False)
    phone = EncryptedTextField("联系电话", blank=True)
    phone_tail_hash = LookupHashField(source="phone", label="phone_tail", part=tail_of_first, db_index=False)
    second_phone_tail_hash = LookupHashField(source="phone", label="phone_tail", part=tail_of_second, db_index=False)
    note = models.CharField("备注", max_length=TEXT_LENGTH, blank=True)
    platform_account = models.CharField("调解平台账号", max_length=60, blank=True)
    joined_platform_on = models.DateField("入驻日期", null=True, blank=True)
    platform_organisation = models.CharField("平台登记的调解组织", max_length=80, blank=True)
    platform_recorded_at = models.DateTimeField("入驻录入时间", null=True, blank=True)
    created_at = models.DateTimeField("录入时间", default=timezone.now)
    version = models.PositiveIntegerField("版本", default=1)

    objects = StaffQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "人员"
        constraints = [
            models.UniqueConstraint(
                fields=["id_hash"],
                condition=HAS_NUMBER,
                name="roster_one_person_per_id_number",
                violation_error_message="名册里已有这个身份证号码。",
            ),
            models.CheckConstraint(
                name="roster_staff_has_a_name", condition=~Q(name=""), violation_error_message="姓名不能空。"
            ),
            models.UniqueConstraint(
                fields=["platform_account"],
                condition=~Q(platform_account=""),
                name="roster_platform_account_is_one_persons",
                violation_error_message="这个平台账号已经是另一个人的。",
            ),
            models.CheckConstraint(
                name="roster_platform_entry_is_whole",
                condition=Q(joined_platform_on__isnull=False, platform_recorded_at__isnull=False)
                | Q(joined_platform_on=None, platform_recorded_at=None, platform_account="", platform_organisation=""),
                violation_error_message="入驻要写明日期；没有入驻就没有账号和组织。",
            ),
        ]
        # Names and endings of numbers are searched for in all people, who are some hundreds in a county. An index
        # written at 50,000 random places costs an import more than a search among as many takes without it.
        indexes = [
            models.Index(fields=["name_order", "id"], name="staff_by_name_order"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def masked_phone(self) -> str:
        return masked_phone(self.phone)

    @property
    def platform_entered_late(self) -> bool:
        on, at = self.joined_platform_on, self.platform_recorded_at
        return on is not None and at is not None and is_late(on, at)


class MembershipQuerySet(ScopedQuerySet["TeamMembership"]):
    def on(self, day: date) -> "MembershipQuerySet":
        """Memberships in force on `day`; a term's last day still counts."""
        return self.filter(since__lte=day).filter(Q(until=None) | Q(until__gte=day))


class TermFacts(models.Model):
    """What is written of a term of office, whether it holds or was struck out."""

    staff_id: uuid.UUID
    town_code = models.CharField("镇（街）代码", max_length=9, editable=False)
    role = models.CharField("岗位", max_length=16, choices=TeamRole)
    mediator_kind = models.CharField("调解人员来源", max_length=18, choices=MediatorKind, blank=True)
    since = models.DateField("自")
    until = models.DateField("至", null=True, blank=True)
    recorded_at = models.DateTimeField("录入时间")
    ended_recorded_at = models.DateTimeField("离任录入时间", null=True, blank=True)
    written_at: datetime | None = None  # since when it stands in the books, where a read brings that (`first_written`)

    class Meta:
        abstract = True

    @property
    def first_recorded_at(self) -> datetime:
        """A term written anew, as one that goes on after all, was in the books before."""
        return self.written_at or self.recorded_at

    @property
    def seat(self) -> str:
        """法官; for a mediator the source: 网格员."""
        return self.get_mediator_kind_display() or self.get_role_display()

    @property
    def span(self) -> Span:
        """From the first day to the day after the last, with the days on which both were written down."""
        ended = self.ended_recorded_at
        return Span(
            self.since,
            self.until + ONE_DAY if self.until else None,
            timezone.localdate(self.recorded_at),
            timezone.localdate(ended) if ended else None,
            first_recorded_on=timezone.localdate(self.first_recorded_at),
        )

    @property
    def is_late(self) -> bool:
        return is_late(self.since, self.first_recorded_at)

    @property
    def ended_late(self) -> bool:
        """Whether the end was entered more than seven days after it (补录)."""
        return (
            self.until is not None
            and self.ended_recorded_at is not None
            and is_late(self.until, self.ended_recorded_at)
        )


class TeamMembership(TermFacts):
    """A term of office: one person, one town, one role, from `since` to `until` (inclusive; empty = still)."""

    staff = models.ForeignKey(Staff, models.PROTECT, related_name="memberships", verbose_name="人员")
    town = models.ForeignKey(
        Division,
        models.PROTECT,
        related_name="+",
        verbose_name="镇（街）",
        db_index=False,  # asked for by town_code
    )

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
