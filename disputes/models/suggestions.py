"""司法建议 and 风险研判报告: what many quarrels of one kind ask of somebody who can prevent the next."""

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse

from core.choices import COUNTY_ROLES, COURT_ROLES
from core.models import Division
from core.scope import ScopedQuerySet
from disputes.choices import SuggestionKind, SuggestionState
from disputes.models.clusters import ClusterWarning
from disputes.models.disputes import CaseType


class SuggestionQuerySet(ScopedQuerySet["JudicialSuggestion"]):
    def visible_to(self, user: Any) -> "SuggestionQuerySet":
        """The court and the county, in their divisions. What is not signed yet is the court's own."""
        if not user.is_authenticated or user.role not in COURT_ROLES | COUNTY_ROLES:
            return self.none()
        rows = super().visible_to(user)
        return rows if user.role in COURT_ROLES else rows.exclude(state=SuggestionState.DRAFT)


class JudicialSuggestion(models.Model):
    """Drafted with figures from a cluster or from a place's quarrels of one type; the judge signs; the reply counts."""

    kind = models.CharField("种类", max_length=8, choices=SuggestionKind)
    state = models.CharField("状态", max_length=7, choices=SuggestionState, default=SuggestionState.DRAFT)
    town_code = models.CharField("镇（街）", max_length=9, editable=False)
    village = models.ForeignKey(
        Division, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="村（社区）"
    )
    case_type = models.ForeignKey(CaseType, models.PROTECT, related_name="+", verbose_name="类型")
    cluster = models.ForeignKey(
        ClusterWarning, models.PROTECT, null=True, blank=True, related_name="suggestions", verbose_name="聚集预警"
    )
    addressee = models.CharField("发给", max_length=120)
    title = models.CharField("标题", max_length=80)
    body = models.TextField("正文", max_length=10_000)
    number = models.CharField("文号", max_length=60, blank=True)
    drafted_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="起草人")
    drafted_at = models.DateTimeField("起草时间")
    signed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="签发人"
    )
    signed_on = models.DateField("签发日", null=True, blank=True)
    sent_on = models.DateField("发出日", null=True, blank=True)
    reply_due_on = models.DateField("回复不晚于", null=True, blank=True)
    replied_on = models.DateField("回复日", null=True, blank=True)
    reply = models.CharField("回复", max_length=2000, blank=True)
    measures = models.CharField("采取的措施", max_length=2000, blank=True)
    version = models.PositiveIntegerField("版本", default=1)

    objects = SuggestionQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "司法建议"
        constraints = [
            models.CheckConstraint(
                name="disputes_suggestion_is_signed_before_it_goes",
                condition=Q(state="draft", signed_on=None, signed_by=None)
                | (~Q(state="draft") & Q(signed_on__isnull=False, signed_by__isnull=False)),
                violation_error_message="签发要写明谁、哪一天。",
            ),
            models.CheckConstraint(
                name="disputes_suggestion_sent_has_a_day_to_reply",
                condition=Q(state__in=["draft", "signed"], sent_on=None, reply_due_on=None)
                | Q(state__in=["sent", "replied"], sent_on__gte=F("signed_on"), reply_due_on__gt=F("sent_on")),
                violation_error_message="发出要写明哪一天、回复不晚于哪一天；发出不早于签发，回复晚于发出。",
            ),
            models.CheckConstraint(
                name="disputes_suggestion_replied_says_what",
                condition=(~Q(state="replied") & Q(replied_on=None))
                | (Q(state="replied", replied_on__gte=F("sent_on")) & ~Q(reply="")),
                violation_error_message="回复要写明哪一天、说了什么；不早于发出。",
            ),
        ]
        indexes = [models.Index(fields=["town_code", "-drafted_at", "-id"], name="suggestion_town_recent")]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("disputes:suggestion", args=[self.pk])
