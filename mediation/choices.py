"""Closed lists of mediation: basis and mode, agreement, confirmation, guidance, entrustment."""

from django.db.models import TextChoices


class OrganisationKind(TextChoices):
    PEOPLES_COMMITTEE = "peoples_committee", "人民调解委员会"
    INVITED = "invited", "特邀调解组织"
    ADMINISTRATIVE = "administrative", "行政调解组织"
    INDUSTRY = "industry", "行业调解组织"
    COMMERCIAL = "commercial", "商事调解组织"


class Basis(TextChoices):
    """What the mediation rests on; it decides route, period and papers."""

    OWN = "own", "自行人民调解"
    PRE_FILING = "pre_filing", "委派（立案前）"
    POST_FILING = "post_filing", "委托（立案后）"


class Mode(TextChoices):
    OFFLINE = "offline", "线下"
    ONLINE = "online", "线上"


class SessionMode(TextChoices):
    ONSITE = "onsite", "现场"
    VIDEO = "video", "视频"


class Outcome(TextChoices):
    """How one try at mediation ended."""

    AGREED = "agreed", "达成协议"
    FAILED = "failed", "调解不成"
    ENDED = "ended", "终止"


class AgreementForm(TextChoices):
    WRITTEN = "written", "书面协议"
    ORAL = "oral", "口头协议"


class SignerKind(TextChoices):
    PARTY = "party", "当事人"
    MEDIATOR = "mediator", "调解员"
    SEAL = "seal", "调解组织盖章"


class SignMethod(TextChoices):
    SIGNATURE = "signature", "签名"
    FINGERPRINT = "fingerprint", "按指印"
    STAMP = "stamp", "盖章"
    ELECTRONIC = "electronic", "电子签名"


class PaperKind(TextChoices):
    """What is filed with a dispute beside the papers that the platform writes (司法部 2010 卷内目录)."""

    EVIDENCE = "evidence", "证据材料"
    IDENTITY = "identity", "身份证明"
    SERVICE_ADDRESS = "service_address", "送达地址确认书"
    AUTHORISATION = "authorisation", "授权委托书"
    SIGNED_AGREEMENT = "signed_agreement", "签好的协议"
    SIGNED_RECORD = "signed_record", "签好的笔录"
    RECEIPT = "receipt", "收条、转账凭证"
    COURT_PAPER = "court_paper", "法院文书"
    OTHER = "other", "其他材料"


class ConfirmationState(TextChoices):
    DRAFT = "draft", "草稿"
    SUBMITTED = "submitted", "已提交"
    CORRECTING = "correcting", "通知补正"
    ACCEPTED = "accepted", "已受理"
    SUPPLEMENTING = "supplementing", "通知补充"
    NOT_ACCEPTED = "not_accepted", "裁定不予受理"
    CONFIRMED = "confirmed", "裁定有效"
    REJECTED = "rejected", "裁定驳回申请"
    WITHDRAWN = "withdrawn", "准许撤回"
    DEEMED_WITHDRAWN = "deemed_withdrawn", "按撤回处理"


OPEN_CONFIRMATIONS = frozenset(
    {
        ConfirmationState.DRAFT,
        ConfirmationState.SUBMITTED,
        ConfirmationState.CORRECTING,
        ConfirmationState.ACCEPTED,
        ConfirmationState.SUPPLEMENTING,
    }
)
BEFORE_COURT = OPEN_CONFIRMATIONS - {ConfirmationState.DRAFT}
DECIDED_CONFIRMATIONS = frozenset(
    {
        ConfirmationState.NOT_ACCEPTED,
        ConfirmationState.CONFIRMED,
        ConfirmationState.REJECTED,
        ConfirmationState.WITHDRAWN,
        ConfirmationState.DEEMED_WITHDRAWN,
    }
)
# After these the parties may apply once more, as long as the thirty days are not over (DESIGN §4).
REOPENS_THE_WINDOW = frozenset(
    {ConfirmationState.NOT_ACCEPTED, ConfirmationState.WITHDRAWN, ConfirmationState.DEEMED_WITHDRAWN}
)


class MaterialKind(TextChoices):
    """法释〔2011〕5号 3, 民诉法解释 354."""

    APPLICATION = "application", "司法确认申请书"
    AGREEMENT = "agreement", "调解协议"
    MEDIATION_PROOF = "mediation_proof", "调解组织主持调解的证明"
    IDENTITY = "identity", "双方身份证明、资格证明"
    PROPERTY_PROOF = "property_proof", "与协议相关的财产权利证明等"
    SERVICE_ADDRESS = "service_address", "双方送达地址、电话号码"
    AUTHORISATION = "authorisation", "授权委托书"


class RefusalGround(TextChoices):
    """民诉法解释 355: 裁定不予受理; found after acceptance: 裁定驳回申请."""

    NOT_IN_SCOPE = "not_in_scope", "不属于人民法院受理范围"
    NOT_THIS_COURT = "not_this_court", "不属于本院管辖"
    IDENTITY = "identity", "申请确认婚姻、亲子、收养等身份关系无效、有效或者解除"
    OTHER_PROCEDURE = "other_procedure", "涉及适用其他特别程序、公示催告程序、破产程序审理"
    TITLE = "title", "调解协议内容涉及物权、知识产权确权"


class RejectionGround(TextChoices):
    """民诉法解释 358: 裁定驳回申请."""

    UNLAWFUL = "unlawful", "违反法律强制性规定"
    HARMS_OTHERS = "harms_others", "损害国家利益、社会公共利益、他人合法权益"
    PUBLIC_ORDER = "public_order", "违背公序良俗"
    INVOLUNTARY = "involuntary", "违反自愿原则"
    UNCLEAR = "unclear", "内容不明确"
    OTHER = "other", "其他不能进行司法确认的情形"


class ServiceMethod(TextChoices):
    """How a ruling reached a party (民诉法 87 and following)."""

    IN_PERSON = "in_person", "直接送达"
    ELECTRONIC = "electronic", "电子送达"
    POST = "post", "邮寄送达"
    LEFT = "left", "留置送达"
    ENTRUSTED = "entrusted", "委托送达"
    PUBLIC_NOTICE = "public_notice", "公告送达"


class CheckResult(TextChoices):
    PASS = "pass", "通过"
    FAIL = "fail", "不通过"
    JUDGE = "judge", "需人工判断"


class GuidanceMode(TextChoices):
    ONLINE = "online", "在线"
    ONSITE = "onsite", "现场"
    PHONE = "phone", "电话"


class Procedure(TextChoices):
    """How the court tries the case it entrusts after filing; it decides the mediator's days (特邀 27)."""

    ORDINARY = "ordinary", "普通程序"
    SUMMARY = "summary", "简易程序"


class EntrustmentState(TextChoices):
    SENT = "sent", "已发出"
    ACCEPTED = "accepted", "已接收"
    DECLINED = "declined", "退回"
    EXPIRED = "expired", "逾期未接"
    SUCCEEDED = "succeeded", "调解成功"
    FAILED = "failed", "调解不成"
    RETURNED = "returned", "已反馈"
