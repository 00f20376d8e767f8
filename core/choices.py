"""Closed lists of core: roles, levels, units of time, kinds of rest day, states of an export."""

from django.db.models import TextChoices


class Role(TextChoices):
    MEDIATOR = "mediator", "调解员"
    OFFICER = "officer", "联络人员"
    CLERK = "clerk", "立案人员"
    ASSISTANT = "assistant", "法官助理"
    JUDGE = "judge", "法官"
    JUSTICE = "justice", "司法局"
    COMMITTEE = "committee", "政法委"
    ADMIN = "admin", "管理员"
    AUDITOR = "auditor", "审计员"


SYSTEM_USERNAME = "system"  # in whose name machines act
TOWN_ROLES = frozenset({Role.MEDIATOR, Role.OFFICER})
COURT_ROLES = frozenset({Role.CLERK, Role.ASSISTANT, Role.JUDGE})
COUNTY_ROLES = frozenset({Role.JUSTICE, Role.COMMITTEE})
CASE_ROLES = TOWN_ROLES | COURT_ROLES | COUNTY_ROLES


class Level(TextChoices):
    PROVINCE = "province", "省"
    CITY = "city", "地级市"
    COUNTY = "county", "县（市、区）"
    TOWN = "town", "镇（街）"
    VILLAGE = "village", "村（社区）"


class Sex(TextChoices):
    MALE = "male", "男"
    FEMALE = "female", "女"


class Unit(TextChoices):
    CALENDAR = "calendar", "日"
    WORKING = "working", "个工作日"
    MONTH = "month", "个月"
    YEAR = "year", "年"
    SET_BY_COURT = "set", "法院指定"
    AGREED = "agreed", "协议约定"


class Actor(TextChoices):
    PARTIES = "parties", "双方当事人"
    PARTY = "party", "当事人"
    INTERESTED = "interested", "利害关系人"
    COURT = "court", "法院"
    MEDIATOR = "mediator", "调解员"
    ORGANISATION = "organisation", "调解组织"
    RECEIVER = "receiver", "被提醒人"


class Certainty(TextChoices):
    VERIFIED = "V", "已核对原文"
    EXCERPT = "V2", "见于转载"
    INFERRED = "I", "依原文推断"
    MEMORY = "M", "未核对，默认停用"


class RestKind(TextChoices):
    HOLIDAY = "holiday", "放假"
    WORKDAY = "workday", "调休上班"


class ReminderStage(TextChoices):
    SOON = "soon", "快到期"
    DUE = "due", "今天到期"
    LATE = "late", "已逾期"


class Sealed(TextChoices):
    OPEN = "open", "一般"
    COURT = "court", "法院内部"
    MEDIATOR = "mediator", "仅调解员本人"


class ExportState(TextChoices):
    """Where a file that somebody takes out stands; a small one is handed over at once."""

    WAITING = "waiting", "等待"
    MAKING = "making", "正在生成"
    READY = "ready", "可以下载"
    HANDED_OVER = "handed_over", "已交出"
    FAILED = "failed", "没有做成"
    EXPIRED = "expired", "已过期"
