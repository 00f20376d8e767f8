"""The quarrel itself, its type, and the counter of its code."""

from functools import cached_property
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse

from core.choices import TOWN_ROLES
from core.models import Division
from core.prepared import Prepared
from core.scope import TOWN_CODE_LENGTH, ScopedQuerySet, within_any
from core.tokens import TokensField, TokensIndex
from disputes import questions
from disputes.choices import (
    OPEN_STATES,
    ClusterMark,
    Destination,
    DisputeState,
    EndGround,
    Outcome,
    Risk,
    Source,
    StatisticalType,
    Unsuitable,
)
from disputes.clusters import REPEATED_FAILURES
from disputes.told_numbers import ToldNumber, numbers_in

if TYPE_CHECKING:
    from disputes.models.questions import CaseQuestion


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

    @cached_property
    def asked(self) -> "list[CaseQuestion]":
        """What it asks beside the story; filled by `queries.case_types_asking`, empty for a type read alone."""
        return []


class CodeSequence(models.Model):
    """The next serial number of a town's month; its row lock orders the writers."""

    prefix = models.CharField("字头", max_length=10, primary_key=True)
    last = models.PositiveIntegerField("已用到", default=0)

    class Meta:
        verbose_name = verbose_name_plural = "编号"

    def __str__(self) -> str:
        return f"{self.prefix}-{self.last:04d}"


class DisputeQuerySet(ScopedQuerySet["Dispute"]):
    def led_by(self, user: Any) -> "DisputeQuerySet":
        """The disputes of the user's own divisions: what figures count, and the ledger lists."""
        return super().visible_to(user)

    def visible_to(self, user: Any) -> "DisputeQuerySet":
        """Those of the user's divisions, and those that their town is asked about or handles together with another.

        The shared ones are few: their keys are read first, so that the database walks its indexes as without them.
        """
        shared = shared_keys(user)
        if not shared:
            return self.led_by(user)
        return self.filter(within_any(self.scope_field, user.scope_codes) | Q(pk__in=shared))

    def open(self) -> "DisputeQuerySet":
        return self.filter(state__in=OPEN_STATES)


def shared_keys(user: Any) -> list[int]:
    """The keys of the disputes of other towns that the user's town sees; one query for its people, none for others."""
    if not user.is_authenticated or user.role not in TOWN_ROLES:
        return []
    towns = tuple(code[:TOWN_CODE_LENGTH] for code in user.scope_codes)
    if all(len(code) == TOWN_CODE_LENGTH for code in towns):
        return list(_opened_to(towns=towns))
    return list(_town_requests().for_people_of(user).values_list("dispute_id", flat=True))


def _town_requests() -> Any:
    requests: Any = Dispute._meta.get_field("town_requests").related_model
    return requests.objects


_opened_to = Prepared(
    lambda towns: _town_requests().opening().filter(to_town_id__in=towns).values_list("dispute_id", flat=True)
)


class Dispute(models.Model):
    code = models.CharField("编号", max_length=16, unique=True, editable=False)
    division = models.ForeignKey(Division, models.PROTECT, related_name="+", verbose_name="村（社区）")
    town_code = models.CharField("镇（街）", max_length=9, editable=False)
    case_type = models.ForeignKey(
        CaseType, models.PROTECT, db_index=False, related_name="disputes", verbose_name="类型"
    )
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
        db_index=False,  # `dispute_handler` begins with it
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
    answers = models.JSONField("按类型要问的", default=list, blank=True)
    platform_number = models.CharField("调解平台编号", max_length=60, blank=True)
    idempotency_key = models.CharField("防重键", max_length=64, null=True, blank=True, unique=True, editable=False)
    sent_mark = models.CharField(
        "登记时那一页的记号", max_length=32, default="", db_default="", blank=True, editable=False
    )
    joint_codes = models.CharField("联办的镇（街）", max_length=100, default="", blank=True, editable=False)
    asked_code = models.CharField("等哪个镇（街）答复", max_length=9, default="", blank=True, editable=False)
    merged_into = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="merged_here", verbose_name="并入"
    )
    hold_reason = models.CharField("暂不清除的理由", max_length=200, default="", blank=True)
    anonymised_on = models.DateField("清除个人信息日", null=True, blank=True)
    version = models.PositiveIntegerField("版本", default=1)
    search = TokensField("检索用词")
    failures = models.PositiveSmallIntegerField("这些人以前调解不成", default=0, editable=False, help_text="次数")
    cluster_mark = models.CharField("聚集", max_length=3, choices=ClusterMark, blank=True, editable=False)

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
                name="disputes_merged_exactly_when_it_says_into_which",
                condition=Q(outcome=Outcome.MERGED, merged_into__isnull=False)
                | (~Q(outcome=Outcome.MERGED) & Q(merged_into=None)),
                violation_error_message="并案要写明并入哪一件。",
            ),
            models.CheckConstraint(
                name="disputes_not_merged_into_itself",
                condition=~Q(merged_into=F("id")),
                violation_error_message="不能并入它自己。",
            ),
            models.CheckConstraint(
                name="disputes_anonymised_only_when_closed",
                condition=Q(anonymised_on=None) | (Q(closed_on__isnull=False) & Q(hold_reason="")),
                violation_error_message="没有办结的、标明暂不清除的，不能清除个人信息。",
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
            # of the types and sources some are rare: their page is then not looked for among all days
            models.Index(fields=["case_type", "-registered_on", "-id"], name="dispute_type_recent"),
            models.Index(fields=["source", "-registered_on", "-id"], name="dispute_source_recent"),
            # what is rare and often asked for: without an index of its own a page of them reads the whole table
            models.Index(
                fields=["town_code", "-registered_on", "-id"],
                name="dispute_town_open",
                condition=Q(state__in=sorted(OPEN_STATES)),
            ),
            models.Index(
                fields=["town_code", "-registered_on", "-id"], name="dispute_town_high", condition=Q(risk=Risk.HIGH)
            ),
            models.Index(
                fields=["town_code", "-registered_on", "-id"], name="dispute_town_late", condition=Q(entered_late=True)
            ),
            models.Index(
                fields=["town_code", "registered_on", "closed_on", "outcome", "case_type", "entered_late"],
                name="dispute_month_cover",
            ),
            models.Index(fields=["town_code", "closed_on", "outcome", "case_type"], name="dispute_closed_cover"),
            models.Index(
                fields=["outcome", "closed_on", "id"],
                name="dispute_retention",
                condition=Q(anonymised_on=None, closed_on__isnull=False),
            ),
            # What is new waits in a list that every search reads through: short (KiB; PostgreSQL's own bound is 4,096).
            TokensIndex(fields=["search"], name="dispute_search", gin_pending_list_limit=256),
            models.Index(fields=["id"], name="dispute_to_compare", condition=Q(cluster_mark="due")),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.title}"

    def get_absolute_url(self) -> str:
        return reverse("dispute-page", args=[self.code])

    @property
    def joint_towns(self) -> tuple[str, ...]:
        """The codes of the towns that handle it together with its own; written by `actions/towns.py` alone."""
        return tuple(self.joint_codes.split())

    @cached_property
    def joint_mediators(self) -> frozenset[int]:
        """Whom the joint towns sent (ids); asks the database only while there is such a town."""
        if not self.joint_codes:
            return frozenset()
        sent = self.town_requests.opening().exclude(mediator=None)
        return frozenset(sent.values_list("mediator_id", flat=True))

    @property
    def is_open(self) -> bool:
        return self.state in OPEN_STATES

    @property
    def why_record_only(self) -> str:
        """Of what was merged into another dispute: that it is not written to any more, and where to go; else empty."""
        kept = self.merged_into
        return f"本件已经并入 {kept.code}，只作记录，不再改。请到 {kept.code} 里办。" if kept else ""

    @property
    def failed_repeatedly(self) -> bool:
        """Whether mediation between these people came to nothing at least twice, here or in other disputes."""
        return self.failures >= REPEATED_FAILURES

    @property
    def answered(self) -> list[tuple[str, str]]:
        """The questions of its type that were answered, in words."""
        return [(one["label"], questions.said(one)) for one in self.answers if one["case_type"] == self.case_type_id]

    @property
    def numbers_told(self) -> tuple[ToldNumber, ...]:
        """Identity and mobile numbers that stand in the story."""
        return numbers_in(self.narrative)

    @property
    def proposed_route(self) -> dict[str, Any]:
        """What the routing table proposed at the last triage: destination, rule_key, reason; empty without one."""
        return self.triage.get("route", {})

    @property
    def proposed_destination(self) -> str:
        """The proposed destination in words; empty without a proposal."""
        key = self.proposed_route.get("destination", "")
        return str(Destination(key).label) if key in Destination.values else ""
