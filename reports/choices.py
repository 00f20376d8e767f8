"""Closed lists of reports: metrics of the dated targets, states of a target."""

from django.db.models import TextChoices


class Metric(TextChoices):
    POINTS_BUILT = "points_built", "联络点建成率"
    MECHANISM_RUNNING = "mechanism_running", "运行机制建立率"
    RESOLUTION_RATE = "resolution_rate", "矛盾纠纷化解率"
    FILINGS_PER_10K = "filings_per_10k", "万人起诉率"


class TargetState(TextChoices):
    MET = "met", "已达到"
    OPEN = "open", "未到期"
    MISSED = "missed", "逾期未达到"
    UNKNOWN = "unknown", "缺数据"
