"""Dated targets, monthly tallies of a town, court filing figures."""

from django.db import models
from django.db.models import Q

from core.models import Division
from core.scope import ScopedQuerySet
from reports.choices import Metric


class Target(models.Model):
    metric = models.CharField("指标", max_length=20, choices=Metric)
    title = models.CharField("目标", max_length=80)
    due_on = models.DateField("期限")
    goal = models.DecimalField("目标值", max_digits=7, decimal_places=2, null=True, blank=True)
    unit = models.CharField("单位", max_length=10, default="%")
    definition = models.TextField("口径")
    source = models.CharField("出处", max_length=120, blank=True)
    edited = models.BooleanField("管理员改过", default=False)

    class Meta:
        verbose_name = verbose_name_plural = "目标"
        ordering = ["due_on", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["metric", "due_on"], name="reports_target_once", violation_error_message="这个目标已经有了。"
            )
        ]

    def __str__(self) -> str:
        return self.title


class CourtFilingFigure(models.Model):
    """First-instance civil and administrative filings of a division in a month, and the population behind the rate."""

    division = models.ForeignKey(Division, models.PROTECT, related_name="+", verbose_name="区划")
    month = models.DateField("月", help_text="当月第一天")
    filings = models.PositiveIntegerField("一审民事、行政收案")
    population = models.PositiveIntegerField("人口", null=True, blank=True)
    source = models.CharField("来源", max_length=120)
    recorded_at = models.DateTimeField("录入时间")

    class Meta:
        verbose_name = verbose_name_plural = "起诉数"
        constraints = [
            models.UniqueConstraint(
                fields=["division", "month"],
                name="reports_filing_figure_once",
                violation_error_message="这个月的起诉数已经有了。",
            )
        ]

    def __str__(self) -> str:
        return f"{self.division} {self.month:%Y-%m}"


class TallyQuerySet(ScopedQuerySet["MonthlyTally"]):
    pass


class MonthlyTally(models.Model):
    """Counters of a town's month, each by the day the thing was true; counted anew from the ledger, never added to."""

    town_code = models.CharField("镇（街）", max_length=9)
    month = models.DateField("月", help_text="当月第一天")
    registered = models.PositiveIntegerField("登记", default=0)
    mediated = models.PositiveIntegerField("进入调解", default=0)
    agreed = models.PositiveIntegerField("达成协议", default=0)
    failed = models.PositiveIntegerField("调解不成", default=0)
    ended = models.PositiveIntegerField("终止", default=0)
    referred_out = models.PositiveIntegerField("转其他部门", default=0)
    late_entries = models.PositiveIntegerField("补录", default=0)
    agreements_effective = models.PositiveIntegerField("协议生效", default=0)
    confirmations_submitted = models.PositiveIntegerField("申请确认", default=0)
    confirmations_accepted = models.PositiveIntegerField("受理", default=0)
    confirmations_confirmed = models.PositiveIntegerField("裁定有效", default=0)
    confirmations_rejected = models.PositiveIntegerField("驳回或不予受理", default=0)
    confirmations_withdrawn = models.PositiveIntegerField("撤回", default=0)
    confirmations_in_time = models.PositiveIntegerField("按期裁定", default=0)
    performance_due = models.PositiveIntegerField("履行到期", default=0)
    performance_done = models.PositiveIntegerField("按期履行", default=0)
    counted_at = models.DateTimeField("计算时间")

    objects = TallyQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "月度统计"
        constraints = [
            models.UniqueConstraint(
                fields=["town_code", "month"], name="reports_tally_once", violation_error_message="这个月已经统计过。"
            ),
            models.CheckConstraint(
                name="reports_tally_of_a_town",
                condition=~Q(town_code=""),
                violation_error_message="统计要写明镇（街）。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.town_code} {self.month:%Y-%m}"


class VillageTallyQuerySet(ScopedQuerySet["VillageTally"]):
    pass


class VillageTally(models.Model):
    """Disputes of one type registered in a village in a month; counted anew together with the town's month."""

    town_code = models.CharField("镇（街）", max_length=9)
    village = models.ForeignKey(Division, models.CASCADE, related_name="+", verbose_name="村（社区）")
    case_type = models.ForeignKey("disputes.CaseType", models.CASCADE, related_name="+", verbose_name="类型")
    month = models.DateField("月", help_text="当月第一天")
    registered = models.PositiveIntegerField("登记")

    objects = VillageTallyQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "各村月度统计"
        constraints = [
            models.UniqueConstraint(
                fields=["town_code", "month", "village", "case_type"],
                name="reports_village_tally_once",
                violation_error_message="这个村这个月的这一类已经统计过。",
            )
        ]

    def __str__(self) -> str:
        return f"{self.village_id} {self.month:%Y-%m} {self.case_type_id}"
