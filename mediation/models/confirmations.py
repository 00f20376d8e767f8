"""Judicial confirmation: the joint request, its materials, supplements, ruling and service."""

from typing import Any, Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from core.choices import TOWN_ROLES
from core.models import StoredFile
from core.scope import ScopedQuerySet
from disputes.models import Party
from mediation.choices import (
    BEFORE_COURT,
    DECIDED_CONFIRMATIONS,
    OPEN_CONFIRMATIONS,
    ConfirmationState,
    MaterialKind,
    ServiceMethod,
)
from mediation.models.agreements import Agreement

ACCEPTED_STATES = frozenset(
    {
        ConfirmationState.ACCEPTED,
        ConfirmationState.SUPPLEMENTING,
        ConfirmationState.CONFIRMED,
        ConfirmationState.REJECTED,
        ConfirmationState.DEEMED_WITHDRAWN,
    }
)


class ConfirmationQuerySet(ScopedQuerySet["ConfirmationRequest"]):
    def visible_to(self, user: Any) -> Self:
        """Those of the user's divisions; a draft that was not yet submitted stays with the town."""
        rows = super().visible_to(user)
        if user.is_authenticated and user.role in TOWN_ROLES:
            return rows
        return rows.exclude(state=ConfirmationState.DRAFT)

    def before_court(self) -> "ConfirmationQuerySet":
        return self.filter(state__in=BEFORE_COURT)

    def open(self) -> "ConfirmationQuerySet":
        return self.filter(state__in=OPEN_CONFIRMATIONS)

    def decided(self) -> "ConfirmationQuerySet":
        return self.filter(state__in=DECIDED_CONFIRMATIONS)

    def to_serve(self) -> "ConfirmationQuerySet":
        """Decided, and not yet served on every party."""
        return self.filter(decided_on__isnull=False, served_on=None)


class ConfirmationRequest(models.Model):
    """Both parties are the applicants; the mediator helps them to file (民诉法 205)."""

    agreement = models.ForeignKey(
        Agreement, models.PROTECT, related_name="confirmation_requests", verbose_name="调解协议"
    )
    town_code = models.CharField("镇（街）", max_length=9, editable=False)
    court = models.CharField("法院", max_length=60)
    tribunal = models.CharField("人民法庭", max_length=60, blank=True)
    state = models.CharField("状态", max_length=16, choices=ConfirmationState, default=ConfirmationState.DRAFT)
    joint_application = models.BooleanField("双方共同申请", default=False)
    promise_made = models.BooleanField("双方已作责任承诺", default=False)
    precheck = models.JSONField("预审", default=list, blank=True, help_text="提交时的逐项结果")
    answers = models.JSONField("镇里的说明", default=dict, blank=True, help_text="需人工判断的项目，逐项一句")
    opinions = models.JSONField("法院的意见", default=dict, blank=True, help_text="逐项：可以或不行、理由、谁、哪天")
    prepared_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="起草人"
    )
    submitted_on = models.DateField("提交日", null=True, blank=True)
    submitted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="协助提交人"
    )
    submitted_recorded_at = models.DateTimeField("提交录入时间", null=True, blank=True)
    received_on = models.DateField("法院收到日", null=True, blank=True)
    clerk = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="承办立案人员"
    )
    accepted_on = models.DateField("受理日", null=True, blank=True)
    accepted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="受理人"
    )
    accepted_recorded_at = models.DateTimeField("受理录入时间", null=True, blank=True)
    number = models.CharField("案号", max_length=60, null=True, blank=True, unique=True)
    judge = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="承办法官"
    )
    extension_approved_by = models.CharField("批准延长的院长", max_length=60, blank=True)
    heard_on = models.DateField("双方到场核实日", null=True, blank=True)
    ruling_draft = models.JSONField("裁定草稿", default=dict, blank=True, help_text="结果、情形、理由、起草人、日期")
    decided_on = models.DateField("裁定日", null=True, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="裁定法官"
    )
    decided_recorded_at = models.DateTimeField("裁定录入时间", null=True, blank=True)
    grounds = models.CharField("裁定理由", max_length=1000, blank=True)
    ground_key = models.CharField("法定情形", max_length=30, blank=True)
    instrument = models.ForeignKey(
        StoredFile, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="裁定书"
    )
    served_on = models.DateField("全部送达日", null=True, blank=True)
    recorded_at = models.DateTimeField("录入时间")
    version = models.PositiveIntegerField("版本", default=1)

    objects = ConfirmationQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "司法确认申请"
        constraints = [
            models.UniqueConstraint(
                fields=["agreement"],
                condition=Q(state__in=sorted(OPEN_CONFIRMATIONS)),
                name="mediation_one_open_confirmation_per_agreement",
                violation_error_message="这份协议已有一件没有办结的司法确认申请。",
            ),
            models.UniqueConstraint(
                fields=["agreement"],
                condition=Q(state=ConfirmationState.CONFIRMED),
                name="mediation_agreement_confirmed_once",
                violation_error_message="这份协议已经裁定有效。",
            ),
            models.CheckConstraint(
                name="mediation_decided_exactly_when_a_day_is_set",
                condition=Q(state__in=sorted(DECIDED_CONFIRMATIONS), decided_on__isnull=False, decided_by__isnull=False)
                | (Q(state__in=sorted(OPEN_CONFIRMATIONS)) & Q(decided_on=None, decided_by=None)),
                violation_error_message="裁定过的申请要有裁定日和法官，没裁定的不能有。",
            ),
            models.CheckConstraint(
                name="mediation_accepted_request_has_number_and_day",
                condition=~Q(state__in=sorted(ACCEPTED_STATES))
                | (Q(accepted_on__isnull=False, accepted_by__isnull=False, number__isnull=False) & ~Q(number="")),
                violation_error_message="受理的申请要有案号、受理日和受理人。",
            ),
            models.CheckConstraint(
                name="mediation_submitted_request_is_joint",
                condition=Q(state=ConfirmationState.DRAFT)
                | Q(joint_application=True, submitted_on__isnull=False, received_on__isnull=False),
                violation_error_message="司法确认须由双方共同申请，并写明提交日。",
            ),
            models.CheckConstraint(
                name="mediation_confirmation_days_in_order",
                condition=(Q(accepted_on=None) | Q(accepted_on__gte=F("received_on")))
                & (Q(decided_on=None) | Q(accepted_on=None) | Q(decided_on__gte=F("accepted_on"))),
                violation_error_message="受理日不能早于收到日，裁定日不能早于受理日。",
            ),
            models.CheckConstraint(
                name="mediation_ruling_is_served_after_it_was_made",
                condition=Q(served_on=None) | Q(decided_on__isnull=False, served_on__gte=F("decided_on")),
                violation_error_message="送达日不能早于裁定日。",
            ),
            models.CheckConstraint(
                name="mediation_confirmed_ruling_heard_both_parties",
                condition=~Q(state=ConfirmationState.CONFIRMED)
                | Q(heard_on__isnull=False, heard_on__gte=F("received_on"), heard_on__lte=F("decided_on")),
                violation_error_message="裁定有效要写明双方到场核实的日子，在收到申请之后、裁定之前。",
            ),
        ]
        indexes = [
            models.Index(fields=["state", "town_code", "id"], name="confirmation_queue"),
            models.Index(fields=["town_code", "submitted_on"], name="confirmation_submitted"),
            models.Index(fields=["town_code", "decided_on"], name="confirmation_decided"),
            models.Index(fields=["-decided_on", "-id"], name="confirmation_recent"),
            models.Index(
                fields=["id"], name="confirmation_to_serve", condition=Q(decided_on__isnull=False, served_on=None)
            ),
        ]

    def __str__(self) -> str:
        return self.number or f"确认申请 {self.agreement_id}"

    @property
    def is_decided(self) -> bool:
        return self.state in DECIDED_CONFIRMATIONS


class ConfirmationSerial(models.Model):
    """The last serial number used of a year's proposed case numbers; its row lock orders those who accept."""

    year = models.PositiveSmallIntegerField("年", primary_key=True)
    last = models.PositiveIntegerField("已用到", default=0)

    class Meta:
        verbose_name = verbose_name_plural = "确认案号"

    def __str__(self) -> str:
        return f"{self.year} {self.last}"


class ConfirmationMaterial(models.Model):
    request = models.ForeignKey(ConfirmationRequest, models.CASCADE, related_name="materials", verbose_name="申请")
    kind = models.CharField("材料", max_length=16, choices=MaterialKind)
    present = models.BooleanField("已备齐", default=False)
    file = models.ForeignKey(StoredFile, models.PROTECT, null=True, blank=True, verbose_name="文件")
    note = models.CharField("说明", max_length=200, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "确认材料"
        constraints = [
            models.UniqueConstraint(
                fields=["request", "kind"],
                name="mediation_material_once",
                violation_error_message="这种材料已经在清单里。",
            )
        ]

    def __str__(self) -> str:
        return self.get_kind_display()


class SupplementNotice(models.Model):
    """通知补正 (before acceptance) or 通知补充 (after it); the court sets the day."""

    request = models.ForeignKey(ConfirmationRequest, models.CASCADE, related_name="supplements", verbose_name="申请")
    after_acceptance = models.BooleanField("受理后")
    what = models.CharField("要补什么", max_length=500)
    asked_on = models.DateField("通知日")
    due_on = models.DateField("应补日")
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="通知人")
    delivered_on = models.DateField("补来日", null=True, blank=True)
    answer = models.CharField("补了什么", max_length=500, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "补正补充通知"
        constraints = [
            models.UniqueConstraint(
                fields=["request"],
                condition=Q(delivered_on=None),
                name="mediation_one_open_supplement",
                violation_error_message="上一次通知还没有补来。",
            ),
            models.CheckConstraint(
                name="mediation_supplement_due_after_notice",
                condition=Q(due_on__gte=F("asked_on")),
                violation_error_message="应补日不能早于通知日。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.asked_on} {self.what}"


class RulingService(models.Model):
    """Service of the ruling on one party; each party's objection period runs from their own day (解释 372)."""

    request = models.ForeignKey(ConfirmationRequest, models.CASCADE, related_name="services", verbose_name="申请")
    party = models.ForeignKey(Party, models.PROTECT, related_name="+", verbose_name="当事人")
    served_on = models.DateField("送达日")
    method = models.CharField("方式", max_length=20, choices=ServiceMethod)
    recorded_at = models.DateTimeField("录入时间")

    class Meta:
        verbose_name = verbose_name_plural = "裁定送达"
        constraints = [
            models.UniqueConstraint(
                fields=["request", "party"],
                name="mediation_ruling_served_once_per_party",
                violation_error_message="这名当事人已经送达。",
            )
        ]

    def __str__(self) -> str:
        return f"{self.party} {self.served_on}"
