"""Disputes: the quarrel, its parties, its timeline, its risk flags, and the tables that type and route it."""

import uuid
from datetime import time
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from core.choices import Sex
from core.clock_face import is_late_entry
from core.fields import EncryptedTextField, LookupHashField
from core.models import Division
from core.scope import ScopedQuerySet
from core.tokens import TokensField, TokensIndex
from disputes.choices import (
    OPEN_STATES,
    Destination,
    DisputeState,
    EndGround,
    EventKind,
    Outcome,
    PartyKind,
    Risk,
    Side,
    Source,
    StatisticalType,
    Unsuitable,
)


class CaseType(models.Model):
    """The plan's eleven types and 其他; each maps to one of the ministry's 18 statistical types."""

    key = models.CharField("代码", max_length=20, primary_key=True)
    name = models.CharField("名称", max_length=30)
    cause = models.CharField("案由写法", max_length=30, help_text="写在名称末尾，如「民间借贷纠纷」")
    statistical_type = models.CharField("司法部统计类型", max_length=20, choices=StatisticalType)
    order = models.PositiveSmallIntegerField("次序")
    enabled = models.BooleanField("启用", default=True)
    edited = models.BooleanField("管理员改过", default=False)

    class Meta:
        verbose_name = verbose_name_plural = "纠纷类型"
        ordering = ["order"]

    def __str__(self) -> str:
        return self.name


class CodeSequence(models.Model):
    """The next serial number of a town's month; its row lock orders the writers."""

    prefix = models.CharField("字头", max_length=10, primary_key=True)
    last = models.PositiveIntegerField("已用到", default=0)

    class Meta:
        verbose_name = verbose_name_plural = "编号"

    def __str__(self) -> str:
        return f"{self.prefix}-{self.last:04d}"


class DisputeQuerySet(ScopedQuerySet["Dispute"]):
    def open(self) -> "DisputeQuerySet":
        return self.filter(state__in=OPEN_STATES)


class Dispute(models.Model):
    code = models.CharField("编号", max_length=16, unique=True, editable=False)
    division = models.ForeignKey(Division, models.PROTECT, related_name="+", verbose_name="村（社区）")
    town_code = models.CharField("镇（街）", max_length=9, editable=False)
    case_type = models.ForeignKey(CaseType, models.PROTECT, related_name="disputes", verbose_name="类型")
    source = models.CharField("来源", max_length=10, choices=Source)
    title = models.CharField("名称", max_length=80)
    narrative = models.TextField("经过", max_length=20_000)
    amount = models.DecimalField("标的额（元）", max_digits=14, decimal_places=2, null=True, blank=True)
    registered_on = models.DateField("登记日")
    recorded_at = models.DateTimeField("录入时间")
    entered_late = models.BooleanField("补录", default=False, editable=False)
    registered_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="登记人")
    handler = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="handled_disputes",
        verbose_name="承办人",
    )
    state = models.CharField("状态", max_length=12, choices=DisputeState, default=DisputeState.REGISTERED)
    state_on = models.DateField("进入此状态日")
    closed_on = models.DateField("办结日", null=True, blank=True)
    outcome = models.CharField("结果", max_length=12, choices=Outcome, blank=True)
    end_ground = models.CharField("终止事由", max_length=14, choices=EndGround, blank=True)
    destination = models.CharField("分流去向", max_length=18, choices=Destination, blank=True)
    route_reason = models.CharField("分流理由", max_length=200, blank=True)
    referred_to = models.CharField("转往部门", max_length=80, blank=True)
    risk = models.CharField("风险", max_length=6, choices=Risk, default=Risk.LOW)
    suitable = models.BooleanField("适宜调解", default=True)
    unsuitable_because = models.CharField("不宜调解原因", max_length=20, choices=Unsuitable, blank=True)
    triage = models.JSONField("研判", default=dict, blank=True)
    platform_number = models.CharField("调解平台编号", max_length=60, blank=True)
    idempotency_key = models.CharField("防重键", max_length=64, null=True, blank=True, unique=True, editable=False)
    version = models.PositiveIntegerField("版本", default=1)
    search = TokensField("检索用词")

    objects = DisputeQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "纠纷"
        constraints = [
            models.CheckConstraint(
                name="disputes_closed_exactly_when_day_and_outcome_are_set",
                condition=Q(state__in=sorted(OPEN_STATES), closed_on=None, outcome="")
                | (~Q(state__in=sorted(OPEN_STATES)) & Q(closed_on__isnull=False) & ~Q(outcome="")),
                violation_error_message="办结的纠纷要有办结日和结果，未办结的不能有。",
            ),
            models.CheckConstraint(
                name="disputes_ended_has_a_ground",
                condition=~Q(outcome=Outcome.ENDED) | ~Q(end_ground=""),
                violation_error_message="终止要写明事由。",
            ),
            models.CheckConstraint(
                name="disputes_referred_out_names_where",
                condition=~Q(outcome=Outcome.REFERRED_OUT) | ~Q(referred_to=""),
                violation_error_message="转出要写明转给哪个部门。",
            ),
            models.CheckConstraint(
                name="disputes_amount_is_not_negative",
                condition=Q(amount=None) | Q(amount__gte=0),
                violation_error_message="标的额不能是负数。",
            ),
            models.CheckConstraint(
                name="disputes_story_is_told", condition=~Q(narrative=""), violation_error_message="请写下事情经过。"
            ),
        ]
        indexes = [
            models.Index(fields=["-registered_on", "-id"], name="dispute_recent"),
            models.Index(fields=["town_code", "-registered_on", "-id"], name="dispute_town_recent"),
            models.Index(fields=["handler", "state"], name="dispute_handler"),
            models.Index(
                fields=["town_code", "registered_on", "closed_on", "outcome", "case_type", "entered_late"],
                name="dispute_month_cover",
            ),
            models.Index(fields=["town_code", "closed_on", "outcome", "case_type"], name="dispute_closed_cover"),
            TokensIndex(fields=["search"], name="dispute_search"),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.title}"

    def get_absolute_url(self) -> str:
        return reverse("dispute-page", args=[self.code])

    @property
    def is_open(self) -> bool:
        return self.state in OPEN_STATES

    @property
    def proposed_route(self) -> dict[str, Any]:
        """What the routing table proposed at the last triage: destination, rule_key, reason; empty without one."""
        return self.triage.get("route", {})

    @property
    def proposed_destination(self) -> str:
        """The proposed destination in words; empty without a proposal."""
        key = self.proposed_route.get("destination", "")
        return str(Destination(key).label) if key in Destination.values else ""


class Party(models.Model):
    """A person or organisation of one side; their numbers are encrypted, the last four digits serve look-ups."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    dispute = models.ForeignKey(Dispute, models.CASCADE, related_name="parties", verbose_name="纠纷")
    side = models.CharField("地位", max_length=10, choices=Side)
    order = models.PositiveSmallIntegerField("次序", default=0)
    kind = models.CharField("性质", max_length=12, choices=PartyKind, default=PartyKind.PERSON)
    name = models.CharField("姓名或名称", max_length=80, db_index=True)
    sex = models.CharField("性别", max_length=6, choices=Sex, blank=True)
    born_on = models.DateField("出生日期", null=True, blank=True)
    id_number = EncryptedTextField("证件号码", blank=True)
    id_hash = LookupHashField(source="id_number", label="id_number")
    id_last4 = models.CharField("证件后四位", max_length=4, blank=True, editable=False, db_index=True)
    phone = EncryptedTextField("电话", blank=True)
    phone_hash = LookupHashField(source="phone", label="phone")
    phone_last4 = models.CharField("电话后四位", max_length=4, blank=True, editable=False, db_index=True)
    address = EncryptedTextField("住址", blank=True)
    agent_name = models.CharField("代理人", max_length=60, blank=True)
    consents_to_mediation = models.BooleanField("同意调解", default=False)
    notice_accepted_at = models.DateTimeField("个人信息告知", null=True, blank=True)
    e_service_agreed = models.BooleanField("同意电子送达", default=False)
    service_address_confirmed_on = models.DateField("送达地址确认书", null=True, blank=True)
    assisted_by = models.CharField("协助人", max_length=60, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "当事人"
        ordering = ["side", "order", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["dispute", "id_hash"],
                condition=~Q(id_hash=""),
                name="disputes_party_once",
                violation_error_message="这个人已经在本件当事人里。",
            ),
            models.CheckConstraint(
                name="disputes_party_has_a_name",
                condition=~Q(name=""),
                violation_error_message="请写当事人姓名或名称。",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def age(self) -> int | None:
        """Full years today; None when the day of birth is not known."""
        if self.born_on is None:
            return None
        today, born = timezone.localdate(), self.born_on
        return today.year - born.year - ((today.month, today.day) < (born.month, born.day))


class DisputeEvent(models.Model):
    """One line of the timeline. `on` is when it was true, `recorded_at` when it was written down."""

    dispute = models.ForeignKey(Dispute, models.CASCADE, related_name="events", verbose_name="纠纷")
    kind = models.CharField("事项", max_length=24, choices=EventKind)
    on = models.DateField("日期")
    at = models.DateTimeField("时刻")
    recorded_at = models.DateTimeField("录入时间")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="经办人")
    text = models.CharField("标题", max_length=200)
    detail = models.TextField("说明", blank=True)
    by_court = models.BooleanField("法院步骤", default=False)

    class Meta:
        verbose_name = verbose_name_plural = "经过"
        ordering = ["-on", "-recorded_at", "-id"]  # within a day as written down: the hour is not always known
        indexes = [models.Index(fields=["dispute", "-on", "-recorded_at", "-id"], name="event_dispute")]

    def __str__(self) -> str:
        return f"{self.on} {self.text}"

    @property
    def has_time(self) -> bool:
        """Whether the hour is known; a past day written down later has none."""
        return timezone.localtime(self.at).time() != time.min

    @property
    def recorded_apart(self) -> bool:
        """Whether it was written down at another time than the one shown, to the minute."""
        at, recorded = (timezone.localtime(moment) for moment in (self.at, self.recorded_at))
        return (at.date(), at.hour, at.minute) != (recorded.date(), recorded.hour, recorded.minute)

    @property
    def is_late(self) -> bool:
        """补录: written down long after the day."""
        return is_late_entry(self.on, self.recorded_at)


class RoutingRule(models.Model):
    """One row of the ordered routing table; the first row that fits decides."""

    order = models.PositiveSmallIntegerField("次序")
    key = models.CharField("代码", max_length=40, unique=True)
    conditions = models.JSONField("条件", default=dict, blank=True)
    destination = models.CharField("去向", max_length=18, choices=Destination)
    reason = models.CharField("理由", max_length=200)
    enabled = models.BooleanField("启用", default=True)
    edited = models.BooleanField("管理员改过", default=False)

    class Meta:
        verbose_name = verbose_name_plural = "分流规则"
        ordering = ["order", "pk"]

    def __str__(self) -> str:
        return f"{self.order} {self.reason}"


class RiskFlag(models.Model):
    """民转刑 warning (人民调解法 25): raised at once, acknowledged by a named receiver."""

    dispute = models.ForeignKey(Dispute, models.CASCADE, related_name="risk_flags", verbose_name="纠纷")
    level = models.CharField("程度", max_length=6, choices=Risk)
    reasons = models.CharField("依据", max_length=200)
    raised_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="提出人"
    )
    raised_at = models.DateTimeField("提出时间")
    receiver = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="接收人"
    )
    acknowledged_at = models.DateTimeField("签收时间", null=True, blank=True)
    acknowledged_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="签收人"
    )
    measures = models.CharField("已采取的措施", max_length=300, blank=True)
    lowered_at = models.DateTimeField("解除时间", null=True, blank=True)
    lowered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="解除人"
    )
    lowered_reason = models.CharField("解除理由", max_length=200, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "风险提示"
        constraints = [
            models.UniqueConstraint(
                fields=["dispute"],
                condition=Q(lowered_at=None),
                name="disputes_one_open_risk_flag",
                violation_error_message="这件纠纷已有没有解除的风险提示。",
            ),
            models.CheckConstraint(
                name="disputes_lowered_flag_says_why",
                condition=Q(lowered_at=None) | ~Q(lowered_reason=""),
                violation_error_message="解除风险提示要写理由。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.dispute_id} {self.get_level_display()}"
