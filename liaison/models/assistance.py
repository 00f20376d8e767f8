"""Requests for assistance: what the court asks a point for, who was there, how it ended."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse

from core.fields import EncryptedTextField
from core.scope import ScopedQuerySet
from liaison.choices import (
    OPEN_ASSISTANCE,
    REPORTED_ASSISTANCE,
    SERVICES,
    AssistanceKind,
    AssistanceOutcome,
    AssistanceState,
    Commissioner,
    RefusedBy,
    SignedBy,
)
from liaison.models.points import LiaisonPoint
from liaison.proofs import hidden_name

S = AssistanceState
ANSWERED = (S.ACCEPTED, S.DONE, S.FAILED, S.RECEIVED)
REPORTED = (*REPORTED_ASSISTANCE, S.RECEIVED)


class AssistanceQuerySet(ScopedQuerySet["AssistanceRequest"]):
    def open(self) -> "AssistanceQuerySet":
        """The town still has something to do."""
        return self.filter(state__in=OPEN_ASSISTANCE)


class AssistanceRequest(models.Model):
    """The court, or the post that it commissioned, asks a point for help (plan 四(二)5).

    `due_on` is set by the court: no law counts it. What was noted of the visit stands in the fields from `way` on;
    `location` is where the visit was, and is wiped some days after it was reported.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    point = models.ForeignKey(LiaisonPoint, models.PROTECT, related_name="assistance_requests", verbose_name="联络点")
    town_code = models.CharField("镇（街）", max_length=9, editable=False)
    kind = models.CharField("事项", max_length=14, choices=AssistanceKind)
    commissioner = models.CharField("由谁提出", max_length=6, choices=Commissioner, default=Commissioner.COURT)
    postal_office = models.CharField("邮政机构", max_length=60, blank=True)
    asking_court = models.CharField("请求法院、法庭", max_length=60)
    court_number = models.CharField("案号", max_length=60)
    is_organisation = models.BooleanField("是单位", default=False)
    person_name = EncryptedTextField("姓名或名称", blank=True)
    phone = EncryptedTextField("电话", blank=True)
    address = EncryptedTextField("地址", blank=True)
    task = models.TextField("要办什么", max_length=2000)
    instrument = models.CharField("文书名称", max_length=200, blank=True)
    copies = models.PositiveSmallIntegerField("件数", default=0)
    due_on = models.DateField("法院要求的最后一日")
    sent_on = models.DateField("发出日")
    sent_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="发出人")
    recorded_at = models.DateTimeField("录入时间")
    state = models.CharField("状态", max_length=9, choices=AssistanceState, default=AssistanceState.SENT)
    version = models.PositiveIntegerField("版本", default=1)
    idempotency_key = models.CharField("防重键", max_length=64, null=True, blank=True, unique=True, editable=False)
    answered_on = models.DateField("答复日", null=True, blank=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="答复人"
    )
    declined_because = models.CharField("退回理由", max_length=300, blank=True)
    handler = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="去办的人"
    )
    outcome = models.CharField("结果", max_length=6, choices=AssistanceOutcome, blank=True)
    done_on = models.DateField("办理日", null=True, blank=True)
    done_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="记录人"
    )
    done_recorded_at = models.DateTimeField("结果录入时间", null=True, blank=True)
    way = models.CharField("实际办法", max_length=14, choices=AssistanceKind, blank=True)
    result = EncryptedTextField("结果情况", blank=True)
    place = EncryptedTextField("地点", blank=True)
    signed_by = models.CharField("签收人", max_length=10, choices=SignedBy, blank=True)
    signer_name = EncryptedTextField("签收人姓名", blank=True)
    relation = models.CharField("与受送达人的关系", max_length=30, blank=True)
    refused_by = models.CharField("拒收的人", max_length=10, choices=RefusedBy, blank=True)
    refusal_reason = EncryptedTextField("拒收事由", blank=True)
    video_kept_at = models.CharField("录像存放处", max_length=120, blank=True)
    led_by = models.CharField("法院的勘验人、执行员", max_length=60, blank=True)
    head_count = models.PositiveIntegerField("参加人数", null=True, blank=True)
    location = EncryptedTextField("位置", blank=True)
    location_wiped_on = models.DateField("位置删除日", null=True, blank=True)
    has_location = models.BooleanField("有位置", default=False, editable=False)
    received_on = models.DateField("收讫日", null=True, blank=True)
    received_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="收讫人"
    )
    withdrawn_on = models.DateField("撤回日", null=True, blank=True)
    withdrawn_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="撤回人"
    )
    withdrawn_because = models.CharField("撤回理由", max_length=300, blank=True)

    objects = AssistanceQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "协助请求"
        constraints = [
            models.CheckConstraint(
                name="liaison_post_is_named_exactly_when_it_asks",
                condition=Q(commissioner=Commissioner.COURT, postal_office="")
                | (Q(commissioner=Commissioner.POST) & ~Q(postal_office="")),
                violation_error_message="邮政机构提出的要写明是哪个邮政机构，法院提出的不写。",
            ),
            models.CheckConstraint(
                name="liaison_service_names_its_paper",
                condition=(Q(kind__in=SERVICES, copies__gte=1) & ~Q(instrument=""))
                | (~Q(kind__in=SERVICES) & Q(instrument="", copies=0)),
                violation_error_message="送达要写明文书名称和件数，其他事项不写。",
            ),
            models.CheckConstraint(
                name="liaison_assistance_is_due_after_it_is_sent",
                condition=Q(due_on__gt=F("sent_on")),
                violation_error_message="最后一日要晚于发出日。",
            ),
            models.CheckConstraint(
                name="liaison_accepted_assistance_has_somebody_to_go",
                condition=Q(state__in=ANSWERED, handler__isnull=False, answered_on__isnull=False)
                | Q(state__in=[S.SENT, S.DECLINED], handler=None)
                | Q(state=S.WITHDRAWN),
                violation_error_message="已接收的请求要写明谁去办。",
            ),
            models.CheckConstraint(
                name="liaison_declined_assistance_says_why",
                condition=(Q(state=S.DECLINED) & ~Q(declined_because=""))
                | (~Q(state=S.DECLINED) & Q(declined_because="")),
                violation_error_message="退回要写明理由。",
            ),
            models.CheckConstraint(
                name="liaison_reported_assistance_has_day_and_outcome",
                condition=(
                    Q(state__in=REPORTED, done_on__isnull=False, done_recorded_at__isnull=False) & ~Q(outcome="")
                )
                | (~Q(state__in=REPORTED) & Q(done_on=None, done_recorded_at=None, outcome="")),
                violation_error_message="记了结果的请求要有日期和结果。",
            ),
            models.CheckConstraint(
                name="liaison_assistance_received_exactly_when_it_has_a_day",
                condition=Q(state=S.RECEIVED, received_on__isnull=False) | (~Q(state=S.RECEIVED) & Q(received_on=None)),
                violation_error_message="收讫要有日期。",
            ),
            models.CheckConstraint(
                name="liaison_assistance_withdrawn_exactly_with_day_and_reason",
                condition=(Q(state=S.WITHDRAWN, withdrawn_on__isnull=False) & ~Q(withdrawn_because=""))
                | (~Q(state=S.WITHDRAWN) & Q(withdrawn_on=None, withdrawn_because="")),
                violation_error_message="撤回要写明日期和理由。",
            ),
        ]
        indexes = [
            models.Index(fields=["town_code", "state", "due_on", "id"], name="assistance_town_state"),
            models.Index(fields=["state", "due_on", "id"], name="assistance_state_due"),
            models.Index(fields=["done_on", "town_code"], name="assistance_done", condition=Q(outcome="done")),
            models.Index(fields=["done_recorded_at"], name="assistance_located", condition=Q(has_location=True)),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.court_number}"

    def get_absolute_url(self) -> str:
        return reverse("liaison:assistance", args=[self.pk])

    @property
    def is_service(self) -> bool:
        return self.kind in SERVICES

    @property
    def hidden_name(self) -> str:
        """The person's name for somebody whom the request does not concern."""
        return hidden_name(self.person_name)


class AssistanceReturn(models.Model):
    """The court could not use a result and sent the request back: why, until when, and which result it was."""

    request = models.ForeignKey(AssistanceRequest, models.CASCADE, related_name="returns", verbose_name="协助请求")
    reason = models.CharField("退回理由", max_length=300)
    due_on = models.DateField("重办的最后一日")
    returned_on = models.DateField("退回日")
    returned_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="退回人")
    recorded_at = models.DateTimeField("录入时间")
    outcome = models.CharField("退回的结果", max_length=6, choices=AssistanceOutcome)
    done_on = models.DateField("原办理日")
    done_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="原记录人")

    class Meta:
        verbose_name = verbose_name_plural = "退回重办"
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                name="liaison_return_says_why",
                condition=~Q(reason=""),
                violation_error_message="退回重办要写明理由。",
            ),
            models.CheckConstraint(
                name="liaison_return_is_due_after_it_and_it_after_the_visit",
                condition=Q(due_on__gt=F("returned_on"), returned_on__gte=F("done_on")),
                violation_error_message="退回不早于办理，重办的最后一日要晚于退回。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.returned_on} 退回重办"


class AssistanceWitness(models.Model):
    """Somebody of the 基层组织 or the 单位 who was there and signs."""

    request = models.ForeignKey(AssistanceRequest, models.CASCADE, related_name="witnesses", verbose_name="协助请求")
    name = models.CharField("姓名", max_length=40)
    organisation = models.CharField("单位", max_length=60)
    duty = models.CharField("职务", max_length=40, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "见证人"
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                name="liaison_witness_has_name_and_organisation",
                condition=~Q(name="") & ~Q(organisation=""),
                violation_error_message="见证人要写明姓名和单位。",
            )
        ]

    def __str__(self) -> str:
        return f"{self.organisation}{self.duty} {self.name}"
