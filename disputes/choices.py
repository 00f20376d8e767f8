"""Closed lists of disputes: states, sources, sides, risk, events."""

from django.db.models import TextChoices


class DisputeState(TextChoices):
    REGISTERED = "registered", "已登记"
    ROUTED = "routed", "已分流"
    MEDIATING = "mediating", "调解中"
    AGREED = "agreed", "达成协议"
    FAILED = "failed", "调解不成"
    ENDED = "ended", "终止"
    REFERRED_OUT = "referred_out", "转其他部门"
    ARCHIVED = "archived", "已归档"
    MERGED = "merged", "已并入他件"


OPEN_STATES = frozenset({DisputeState.REGISTERED, DisputeState.ROUTED, DisputeState.MEDIATING})


OVERRULED = "overruled"  # in a triage that found it unsuitable: why people route the dispute to mediation all the same


class Outcome(TextChoices):
    """How a dispute was closed, named as the state that closed it; it stays when the file is archived."""

    AGREED = "agreed", "达成协议"
    FAILED = "failed", "调解不成"
    ENDED = "ended", "终止"
    REFERRED_OUT = "referred_out", "转其他部门"
    MERGED = "merged", "并入他件"


TRIED = frozenset({Outcome.AGREED, Outcome.FAILED})  # only these two stand in the resolution rate


class EndGround(TextChoices):
    REFUSED = "refused", "一方拒绝调解"
    WITHDRAWN = "withdrawn", "申请人撤回"
    SETTLED = "settled", "自行和解"
    SELF_RESOLVED = "self_resolved", "引导后自行解决"
    UNREACHABLE = "unreachable", "无法联系"
    OTHER = "other", "其他"


class Source(TextChoices):
    VISIT = "visit", "群众申请"
    PHONE = "phone", "来电"
    GRID = "grid", "网格排查"
    ACTIVE = "active", "主动调解"
    COURT = "court", "法院委派/委托"
    POLICE = "police", "公安移送"
    PETITION = "petition", "信访"
    HOTLINE = "hotline", "12345"
    DEPARTMENT = "department", "部门移送"
    ONLINE = "online", "线上"


class Side(TextChoices):
    APPLICANT = "applicant", "申请人"
    RESPONDENT = "respondent", "被申请人"


class PartyKind(TextChoices):
    PERSON = "person", "个人"
    ORGANISATION = "organisation", "单位"


class Risk(TextChoices):
    LOW = "low", "一般"
    MEDIUM = "medium", "需留意"
    HIGH = "high", "有激化危险"


class Capacity(TextChoices):
    """What is noted of a person's capacity to act (民法典 18–22); nothing noted: by age."""

    FULL = "full", "完全民事行为能力"
    LIMITED = "limited", "限制民事行为能力"
    NONE = "none", "无民事行为能力"


class AgentKind(TextChoices):
    STATUTORY = "statutory", "法定代理"
    ENTRUSTED = "entrusted", "委托代理"


class NoticeHow(TextChoices):
    """How a party was told what mediation is and how their data are used."""

    ORAL = "oral", "当面口头"
    WRITTEN = "written", "书面签字"
    PHONE = "phone", "电话"
    ONLINE = "online", "线上"


class QuestionKind(TextChoices):
    """How a question of a case type is answered."""

    TEXT = "text", "一句话"
    MONEY = "money", "金额"
    DAY = "day", "日期"
    YES_NO = "yes_no", "是或否"
    CHOICE = "choice", "选一项"


class ChainKind(TextChoices):
    """As what somebody was told of a danger."""

    OFFICER = "officer", "联络人员"
    SUBSTITUTE = "substitute", "代班人"
    COUNTY = "county", "县级"
    LAST_CALL = "last_call", "满一天再催"


class ClusterMark(TextChoices):
    """What is known of a dispute's respondents: not yet looked at since they changed, or part of a warning."""

    DUE = "due", "待查"
    IN = "in", "列入聚集预警"


class ClusterKeyKind(TextChoices):
    """By what a respondent is the same: never by a person's name alone, names repeat."""

    NUMBER = "number", "证件号码"
    PHONE = "phone", "电话"
    NAME = "name", "单位名称"


class DangerKind(TextChoices):
    """What a grid worker sees in the street, in the words of the street."""

    FAMILY = "family", "家庭、婚恋"
    NEIGHBOUR = "neighbour", "邻里、宅基地"
    DEBT = "debt", "借钱、欠债"
    WAGES = "wages", "讨薪、工伤"
    LAND = "land", "田地、山林"
    TRAFFIC = "traffic", "交通事故"
    INJURY = "injury", "打架、伤人"
    THREAT = "threat", "扬言报复、轻生"
    CROWD = "crowd", "聚集、堵路"
    OTHER = "other", "其他"


class Urgency(TextChoices):
    CALM = "calm", "不急"
    SOON = "soon", "这两天"
    NOW = "now", "马上"


class SuggestionKind(TextChoices):
    JUDICIAL = "judicial", "司法建议"
    RISK = "risk", "风险研判报告"


class SuggestionState(TextChoices):
    DRAFT = "draft", "起草中"
    SIGNED = "signed", "已签发"
    SENT = "sent", "已发出"
    REPLIED = "replied", "已回复"


class Destination(TextChoices):
    VILLAGE = "village", "村（社区）调解"
    TOWN = "town", "联络点调解"
    JUDGE_GUIDANCE = "judge_guidance", "请法官指导后调解"
    COURT_ENTRUSTMENT = "court_entrustment", "法院委派/委托"
    OTHER_AUTHORITY = "other_authority", "转其他部门"


class Unsuitable(TextChoices):
    """Why a story is not for mediation; triage says which door instead."""

    DOMESTIC_VIOLENCE = "domestic_violence", "正在发生的家庭暴力"
    CRIMINAL = "criminal", "涉嫌犯罪"
    ADMINISTRATIVE = "administrative", "行政争议"
    AUTHORITY_ONLY = "authority_only", "须由专门机关处理"
    IDENTITY = "identity", "确认或解除亲子、收养关系"


class StatisticalType(TextChoices):
    """The ministry's 18 lines of the people's mediation report."""

    MARRIAGE_FAMILY = "marriage_family", "婚姻家庭"
    NEIGHBOUR = "neighbour", "邻里"
    HOUSE_SITE = "house_site", "房屋宅基地"
    CONTRACT = "contract", "合同"
    PRODUCTION = "production", "生产经营"
    DAMAGES = "damages", "损害赔偿"
    FOREST_LAND = "forest_land", "山林土地"
    EXPROPRIATION = "expropriation", "征地拆迁"
    ENVIRONMENT = "environment", "环境污染"
    MIGRANT_WAGES = "migrant_wages", "拖欠农民工工资"
    OTHER_LABOUR = "other_labour", "其他劳动争议"
    TOURISM = "tourism", "旅游"
    E_COMMERCE = "e_commerce", "电子商务"
    OTHER_CONSUMER = "other_consumer", "其他消费"
    MEDICAL = "medical", "医疗"
    TRAFFIC = "traffic", "道路交通事故"
    PROPERTY_SERVICE = "property_service", "物业"
    OTHER = "other", "其他"


class EventKind(TextChoices):
    REGISTERED = "registered", "登记"
    EDITED = "edited", "补充修改"
    PARTY_ADDED = "party_added", "补充当事人"
    CONSENTED = "consented", "同意调解"
    ROUTED = "routed", "分流"
    REFERRED_OUT = "referred_out", "转其他部门"
    FROM_DANGER = "from_danger", "由苗头隐患登记"
    RISK_FLAGGED = "risk_flagged", "风险提示"
    RISK_ESCALATED = "risk_escalated", "风险转告下一人"
    RISK_ACKNOWLEDGED = "risk_acknowledged", "风险签收"
    CLUSTERED = "clustered", "列入聚集预警"
    RISK_LOWERED = "risk_lowered", "风险解除"
    MEDIATION_STARTED = "mediation_started", "开始调解"
    SESSION_HELD = "session_held", "调解会"
    AGREEMENT_DRAFTED = "agreement_drafted", "起草协议"
    AGREEMENT_SIGNED = "agreement_signed", "签名盖章"
    AGREEMENT_EFFECTIVE = "agreement_effective", "协议生效"
    PERFORMED = "performed", "履行"
    MEDIATION_FAILED = "mediation_failed", "调解不成"
    ENDED = "ended", "终止"
    REOPENED = "reopened", "重新调解"
    ARCHIVED = "archived", "归档"
    CONFIRMATION_SUBMITTED = "confirmation_submitted", "申请司法确认"
    SUPPLEMENT_ASKED = "supplement_asked", "通知补正或补充"
    SUPPLEMENT_DELIVERED = "supplement_delivered", "已补正或补充"
    CONFIRMATION_ACCEPTED = "confirmation_accepted", "法院受理"
    CONFIRMATION_REFUSED = "confirmation_refused", "不予受理"
    CONFIRMATION_DECIDED = "confirmation_decided", "裁定"
    CONFIRMATION_WITHDRAWN = "confirmation_withdrawn", "撤回确认申请"
    RULING_SERVED = "ruling_served", "送达裁定"
    PERIOD_EXTENDED = "period_extended", "延长期限"
    GUIDANCE_ASKED = "guidance_asked", "请法官指导"
    GUIDANCE_ANSWERED = "guidance_answered", "法官答复指导"
    ENTRUSTED = "entrusted", "法院委派、委托"
    ENTRUSTMENT_ANSWERED = "entrustment_answered", "接收或退回委派、委托"
    ENTRUSTMENT_RETURNED = "entrustment_returned", "反馈法院"
    FILE_ADDED = "file_added", "补充材料"
    HANDED_OVER = "handed_over", "移交承办"
    TOWN_ASKED = "town_asked", "请外镇联办或接收"
    TOWN_ANSWERED = "town_answered", "外镇答复"
    JOINT_ENDED = "joint_ended", "联办结束"
    MOVED = "moved", "移送他镇"
    MERGED = "merged", "并案"
    LINKED = "linked", "关联"
    FILED_LATE = "filed_late", "补交材料"
    HELD = "held", "暂不清除"
    ANONYMISED = "anonymised", "到期清除个人信息"


class LedgerImportState(TextChoices):
    """Where a town's own ledger stands on its way in; `MAPPING`: somebody must say what its columns are."""

    MAPPING = "mapping", "对列"
    CHECKING = "checking", "核对中"
    FAILED = "failed", "没有核对成"
    PREVIEWED = "previewed", "待确认"
    APPLYING = "applying", "写入中"
    APPLIED = "applied", "已写入"
    DISCARDED = "discarded", "已放弃"
    EXPIRED = "expired", "已过期"


OPEN_LEDGER_IMPORTS = (
    LedgerImportState.MAPPING,
    LedgerImportState.CHECKING,
    LedgerImportState.FAILED,
    LedgerImportState.PREVIEWED,
    LedgerImportState.APPLYING,
)


class TownRequestKind(TextChoices):
    """What one town asks of another: to handle a dispute together, or to take it over."""

    JOINT = "joint", "联办"
    MOVE = "move", "移送"


class TownRequestState(TextChoices):
    ASKED = "asked", "等对方答复"
    ACCEPTED = "accepted", "已同意"
    DECLINED = "declined", "不同意"
    WITHDRAWN = "withdrawn", "已收回"
    ENDED = "ended", "联办已结束"


class LinkKind(TextChoices):
    """Why one dispute stands under another."""

    GROUP = "group", "同一对方的系列纠纷"
    FOLLOWS = "follows", "由前一件引起"
    RELATED = "related", "其他关联"
