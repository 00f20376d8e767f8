"""Closed lists of reports: metrics of the dated targets, states of a target, the counters of the ledger."""

from django.db.models import TextChoices


class Metric(TextChoices):
    POINTS_BUILT = "points_built", "联络点建成率"
    MECHANISM_RUNNING = "mechanism_running", "运行机制建立率"
    RESOLUTION_RATE = "resolution_rate", "矛盾纠纷化解率"
    FILINGS_PER_10K = "filings_per_10k", "万人起诉率"


class TownFigure(TextChoices):
    """A figure that counts towns, and has their list."""

    POINTS_BUILT = "points-built", "联络点已建成"
    MECHANISM_RUNNING = "mechanism-running", "运行机制已建立"
    TEAM_COMPLETE = "team-complete", "队伍达到标准"


class TargetState(TextChoices):
    """How a target stands on a day. Lapsed: it was met on its own day, and is not met on the day asked for."""

    MET = "met", "已达到"
    OPEN = "open", "未到期"
    MISSED = "missed", "逾期未达到"
    LAPSED = "lapsed", "到期日已达到，现有缺口"
    UNKNOWN = "unknown", "没有目标值或缺数据"


class Figure(TextChoices):
    """What the ledger counts, each thing on the day it was true. The values are the columns of MonthlyTally."""

    REGISTERED = "registered", "登记纠纷"
    LATE_ENTRIES = "late_entries", "补录"
    MEDIATED = "mediated", "进入调解"
    AGREED = "agreed", "达成协议"
    FAILED = "failed", "调解不成"
    ENDED = "ended", "终止"
    REFERRED_OUT = "referred_out", "转其他部门"
    AGREEMENTS_EFFECTIVE = "agreements_effective", "协议生效"
    CONFIRMATIONS_SUBMITTED = "confirmations_submitted", "申请司法确认"
    CONFIRMATIONS_ACCEPTED = "confirmations_accepted", "受理司法确认"
    CONFIRMATIONS_CONFIRMED = "confirmations_confirmed", "裁定有效"
    CONFIRMATIONS_REJECTED = "confirmations_rejected", "驳回或不予受理"
    CONFIRMATIONS_WITHDRAWN = "confirmations_withdrawn", "撤回"
    CONFIRMATIONS_IN_TIME = "confirmations_in_time", "按期裁定"
    PERFORMANCE_DUE = "performance_due", "履行到期"
    PERFORMANCE_DONE = "performance_done", "按期履行"
