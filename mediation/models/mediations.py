"""The organisation that mediates, the mediation of a dispute, who does it, and its sessions."""

import uuid

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q

from core.fields import EncryptedTextField
from core.models import Division, StoredFile
from core.scope import ScopedQuerySet
from disputes.models import Dispute, Party
from mediation.choices import Basis, Mode, OrganisationKind, Outcome, SessionMode


def validate_number_pattern(pattern: str) -> None:
    """太平人调〔{year}〕{serial}号: both places must be there, and nothing else in braces."""
    try:
        written = {pattern.format(year=year, serial=serial) for year, serial in ((2023, 7), (2024, 7), (2023, 8))}
    except (KeyError, IndexError, ValueError):
        written = set()
    if len(written) != 3:  # noqa: PLR2004 (another year and another serial each give another number)
        raise ValidationError("文号格式要有 {year} 和 {serial} 两处，如 太平人调〔{year}〕{serial}号。")


class MediationOrganisation(models.Model):
    name = models.CharField("名称", max_length=80, unique=True)
    kind = models.CharField("性质", max_length=18, choices=OrganisationKind)
    division = models.ForeignKey(Division, models.PROTECT, related_name="+", verbose_name="所在地")
    seal_name = models.CharField("印章名称", max_length=80)
    number_pattern = models.CharField(
        "文号格式", max_length=60, validators=[validate_number_pattern], help_text="如 太平人调〔{year}〕{serial}号"
    )
    on_court_roster_since = models.DateField("列入法院特邀名册日", null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "调解组织"

    def __str__(self) -> str:
        return self.name


class AgreementSerial(models.Model):
    """The last number an organisation has used in a year; its row lock orders the writers."""

    organisation = models.ForeignKey(
        MediationOrganisation, models.CASCADE, related_name="serials", verbose_name="调解组织"
    )
    year = models.PositiveSmallIntegerField("年份")
    last = models.PositiveIntegerField("已用到", default=0)

    class Meta:
        verbose_name = verbose_name_plural = "协议文号"
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "year"],
                name="mediation_one_serial_a_year",
                violation_error_message="这个组织这一年已有文号序列。",
            )
        ]

    def __str__(self) -> str:
        return f"{self.organisation} {self.year}-{self.last}"


class MediationQuerySet(ScopedQuerySet["Mediation"]):
    pass


class Mediation(models.Model):
    """One try at settling a dispute; a reopened dispute has several, at most one of them running."""

    dispute = models.ForeignKey(Dispute, models.PROTECT, related_name="mediations", verbose_name="纠纷")
    town_code = models.CharField("镇（街）", max_length=9, editable=False)
    organisation = models.ForeignKey(MediationOrganisation, models.PROTECT, related_name="+", verbose_name="调解组织")
    basis = models.CharField("依据", max_length=12, choices=Basis, default=Basis.OWN)
    mode = models.CharField("方式", max_length=8, choices=Mode, default=Mode.OFFLINE)
    active = models.BooleanField("主动调解", default=False, help_text="没有等双方申请，由调解委员会主动调解")
    accepted_on = models.DateField("受理日")
    ended_on = models.DateField("结束日", null=True, blank=True)
    outcome = models.CharField("结果", max_length=8, choices=Outcome, blank=True)
    outcome_note = models.CharField("结果说明", max_length=300, blank=True)
    recorded_at = models.DateTimeField("录入时间")

    objects = MediationQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "调解"
        constraints = [
            models.UniqueConstraint(
                fields=["dispute"],
                condition=Q(ended_on=None),
                name="mediation_one_running_try",
                violation_error_message="这件纠纷已经在调解。",
            ),
            models.CheckConstraint(
                name="mediation_ended_exactly_when_it_has_an_outcome",
                condition=Q(ended_on=None, outcome="") | (Q(ended_on__isnull=False) & ~Q(outcome="")),
                violation_error_message="结束的调解要写明结果。",
            ),
            models.CheckConstraint(
                name="mediation_ends_after_it_starts",
                condition=Q(ended_on=None) | Q(ended_on__gte=F("accepted_on")),
                violation_error_message="结束日不能早于受理日。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.dispute.code} {self.organisation}"


class Assignment(models.Model):
    """Who mediates; a recused or replaced mediator's row is ended, never deleted."""

    mediation = models.ForeignKey(Mediation, models.CASCADE, related_name="assignments", verbose_name="调解")
    mediator = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="assignments", verbose_name="调解员"
    )
    since = models.DateField("自")
    until = models.DateField("至", null=True, blank=True)
    recused_because = models.CharField("回避事由", max_length=200, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "指派"
        constraints = [
            models.UniqueConstraint(
                fields=["mediation", "mediator"],
                condition=Q(until=None),
                name="mediation_assigned_once",
                violation_error_message="这名调解员已经在办这一件。",
            )
        ]

    def __str__(self) -> str:
        return f"{self.mediator} {self.mediation_id}"


class Session(models.Model):
    """One meeting of the parties. 背靠背 notes are encrypted and the writer's alone."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    mediation = models.ForeignKey(Mediation, models.CASCADE, related_name="sessions", verbose_name="调解")
    held_on = models.DateField("日期")
    from_time = models.TimeField("开始", null=True, blank=True)
    to_time = models.TimeField("结束", null=True, blank=True)
    mode = models.CharField("方式", max_length=8, choices=SessionMode, default=SessionMode.ONSITE)
    place = models.CharField("地点", max_length=100, blank=True)
    attended = models.ManyToManyField(Party, blank=True, related_name="+", verbose_name="到场当事人")
    others = models.CharField("其他参加人", max_length=200, blank=True)
    rights_told = models.BooleanField("已告知权利义务", default=False)
    record = models.TextField("调解记录", max_length=20_000)
    private_note = EncryptedTextField("背靠背记录", max_length=20_000, blank=True)
    signed_record = models.ForeignKey(StoredFile, models.PROTECT, null=True, blank=True, verbose_name="签名的笔录")
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="记录人")
    recorded_at = models.DateTimeField("录入时间")

    class Meta:
        verbose_name = verbose_name_plural = "调解会"
        ordering = ["held_on", "recorded_at"]
        constraints = [
            models.CheckConstraint(
                name="mediation_session_has_a_record",
                condition=~Q(record=""),
                violation_error_message="请写调解记录。",
            ),
            models.CheckConstraint(
                name="mediation_session_ends_after_it_starts",
                condition=Q(to_time=None) | Q(from_time=None) | Q(to_time__gte=F("from_time")),
                violation_error_message="结束时间不能早于开始时间。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.held_on} {self.get_mode_display()}"
