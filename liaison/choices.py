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


class AssistanceKind(TextChoices):
    """What the court may ask a point for (plan 四(二)5)."""

    SERVE_DIRECT = "serve_direct", "直接送达"
    SERVE_LEAVE = "serve_leave", "留置送达"
    SERVE_POST = "serve_post", "张贴送达"
    FIND_PERSON = "find_person", "查找下落"
    FIND_PROPERTY = "find_property", "查找财产线索"
    SITE_SURVEY = "site_survey", "现场勘验"
    ENFORCEMENT = "enforcement", "见证执行"
    OUTREACH = "outreach", "普法"


SERVICES = (AssistanceKind.SERVE_DIRECT, AssistanceKind.SERVE_LEAVE, AssistanceKind.SERVE_POST)


class AssistanceState(TextChoices):
    SENT = "sent", "已发出"
    ACCEPTED = "accepted", "已接收"
    DECLINED = "declined", "退回"
    DONE = "done", "已完成"
    FAILED = "failed", "未能完成"
    RECEIVED = "received", "法院已收讫"
    WITHDRAWN = "withdrawn", "法院已撤回"


OPEN_ASSISTANCE = (AssistanceState.SENT, AssistanceState.ACCEPTED)
REPORTED_ASSISTANCE = (AssistanceState.DONE, AssistanceState.FAILED)


class AssistanceOutcome(TextChoices):
    DONE = "done", "已完成"
    FAILED = "failed", "未能完成"


class Commissioner(TextChoices):
    COURT = "court", "法院"
    POST = "post", "法院委托的邮政机构"


class SignedBy(TextChoices):
    """Who may sign for a paper (民事诉讼法 88)."""

    ADDRESSEE = "addressee", "本人"
    FAMILY = "family", "同住成年家属"
    HEAD = "head", "法定代表人或主要负责人"
    RECEIVING = "receiving", "单位负责收件的人"
    AGENT = "agent", "诉讼代理人"
    APPOINTED = "appointed", "指定代收人"


class RefusedBy(TextChoices):
    """Whose refusal lets a paper be left (民事诉讼法 89)."""

    ADDRESSEE = "addressee", "受送达人"
    FAMILY = "family", "同住成年家属"


class AssistanceFile(TextChoices):
    """What a file of a request is."""

    INSTRUMENT = "assistance_instrument", "要送达的文书"
    PHOTO = "assistance_photo", "过程照片"
    RECEIPT = "assistance_receipt", "签好的送达回证、笔录"


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
