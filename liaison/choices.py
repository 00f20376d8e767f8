"""Closed lists of liaison: where a point stands, the four-ones, the six working systems."""

from django.db.models import TextChoices


def options(choices: tuple[TextChoices, ...]) -> list[tuple[str, str]]:
    """Some members of a closed list as the choices of a field."""
    return [(choice.value, choice.label) for choice in choices]


class Host(TextChoices):
    GOVERNANCE_CENTRE = "governance_centre", "综治中心"
    JUDICIAL_OFFICE = "judicial_office", "司法所"


class StandardKey(TextChoices):
    OFFICE = "office", "一间办公室"
    PLAQUE = "plaque", "一块牌子"
    OFFICER = "officer", "一名联络人员"
    RULES = "rules", "一套管理机制"


EVIDENCED_ITEMS = (StandardKey.OFFICE, StandardKey.PLAQUE)
CHECKED_ITEMS = (StandardKey.OFFICE, StandardKey.PLAQUE, StandardKey.RULES)


class CheckLevel(TextChoices):
    SELF_REPORTED = "self", "自报"
    COUNTY = "county", "县级核验"
    SPOT_CHECK = "spot", "抽查"


COUNTED_LEVELS = (CheckLevel.COUNTY, CheckLevel.SPOT_CHECK)


class SystemKind(TextChoices):
    DUTY = "duty", "值班制度"
    GUIDANCE = "guidance", "法官指导人民调解制度"
    PRE_LITIGATION = "pre_litigation", "诉前调解制度"
    CONFIRMATION = "confirmation", "司法确认与人民调解衔接制度"
    GRID = "grid", "基层网格和人民法院联调联动制度"
    COOPERATION = "cooperation", "协作配合制度"


MEETING_SYSTEMS = (SystemKind.GRID, SystemKind.COOPERATION)


class Hours(TextChoices):
    """The part of a day that a shift covers."""

    WHOLE = "whole", "全天"
    MORNING = "morning", "上午"
    AFTERNOON = "afternoon", "下午"


HALVES = (Hours.MORNING, Hours.AFTERNOON)


class DutyMessage(TextChoices):
    """What the sweep says about duty."""

    SHIFT = "shift", "值班提醒"
    GAP = "gap", "下周没有人值班"


class ActivityKind(TextChoices):
    """What a point does beside its cases; the yearly plan counts each of these."""

    MEETING = "meeting", "联席会议"
    TRAINING = "training", "业务培训"
    CIRCUIT_TRIAL = "circuit_trial", "巡回审判"
    COURT_VISIT = "court_visit", "旁听庭审"
    CASE_LESSON = "case_lesson", "以案说法"
    LAW_TO_VILLAGE = "law_to_village", "送法进村"
    OTHER_PUBLICITY = "other_publicity", "其他宣传"
    MEDIA = "media", "媒体报道"
    EXPERIENCE = "experience", "经验材料"


PUBLICITY_KINDS = (
    ActivityKind.CIRCUIT_TRIAL,
    ActivityKind.COURT_VISIT,
    ActivityKind.CASE_LESSON,
    ActivityKind.LAW_TO_VILLAGE,
    ActivityKind.OTHER_PUBLICITY,
)
REPORT_KINDS = (ActivityKind.MEDIA, ActivityKind.EXPERIENCE)
