"""The pre-check of a confirmation request: facts in, one item per condition out. Pure: no database, no clock.

A failed item blocks the submission. An item that a person must judge asks the town for a sentence and
the court for an opinion. The order is that of the law: who, when, what agreement, which papers, what is excluded.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from core.clock_face import cn_full_date
from mediation import articles
from mediation.checklist import CheckItem
from mediation.choices import AgreementForm, Basis, CheckResult, MaterialKind

MATERIAL = "material_"  # the key of a paper to hand in is this and its kind
NO_OTHER, OTHER_OPEN, OTHER_CONFIRMED, OTHER_REJECTED = "", "open", "confirmed", "rejected"
FAMILY, LAND, LOAN = "marriage_family", "land_contract", "private_loan"
SHAM_STEP, SHAM_FROM = Decimal(10_000), Decimal(50_000)
# Words that leave open when or how much; a number with 日 in the same sentence settles them.
VAGUE_WORDS = re.compile("尽快|年底|春节前|秋收后|月底|近期|适当|酌情|合理期限|有钱时|条件允许|另行协商|再议")
SPECIAL_PROCEDURE_WORDS = (
    "破产",
    "公示催告",
    "宣告失踪",
    "宣告死亡",
    "无民事行为能力",
    "限制民事行为能力",
    "财产无主",
    "遗产管理人",
    "实现担保物权",
    "选民资格",
)
FILED = "法释〔2011〕5号 3；解释 354"
A_DAY, SENTENCE_END = re.compile(r"\d{1,2}\s*[日号]"), re.compile(r"[。；;\n]")


@dataclass(frozen=True)
class PartyFacts:
    """What is on file about one party; values themselves stay where they are encrypted."""

    name: str
    has_id: bool
    has_phone: bool
    has_address: bool
    consents: bool
    has_agent: bool = False


@dataclass(frozen=True)
class PerformanceFacts:
    """One item to be performed: what, how much, by when."""

    serial: int
    text: str
    due_on: date | None
    amount: Decimal | None = None


@dataclass(frozen=True)
class Facts:
    """Everything the check looks at. `applied_on` is the day the court receives the application;
    `last_day` the last lawful day of the thirty (already rolled), None while no period runs."""

    applied_on: date
    last_day: date | None
    joint: bool
    promise: bool
    basis: str
    form: str
    effective_on: date | None
    materials: frozenset[str]
    parties: tuple[PartyFacts, ...]
    items: tuple[PerformanceFacts, ...]
    clauses: tuple[str, ...]
    story: str
    case_type: str
    amount: Decimal | None
    organisation_in_district: bool
    dispute_in_district: bool
    rights_told: bool
    involves_identity: bool
    involves_title: bool
    involves_real_estate: bool
    other_request: str = NO_OTHER


def precheck(facts: Facts) -> tuple[CheckItem, ...]:
    """Every condition of a joint application, in the order of the law; the number of items depends on the papers."""
    return (
        _joint(facts),
        _in_time(facts),
        _basis(facts),
        _jurisdiction(facts),
        _no_other_request(facts),
        _written(facts),
        _effective(facts),
        _promise(facts),
        *_materials(facts),
        _ids(facts),
        _addresses(facts),
        _identity_relations(facts),
        _title(facts),
        _other_procedures(facts),
        _content_clear(facts),
        _voluntary(facts),
        _sham(facts),
    )


# the conditions


def _item(key: str, title: str, result: CheckResult, article: str, why: str = "", mend: str = "") -> CheckItem:
    return CheckItem(key, title, result.value, why, mend, article)


def _verdict(holds: bool) -> CheckResult:
    return CheckResult.PASS if holds else CheckResult.FAIL


def _names(parties: Iterable[PartyFacts]) -> str:
    return "、".join(party.name for party in parties)


def _joint(facts: Facts) -> CheckItem:
    article = f"{articles.short(articles.APPLY, facts.applied_on)}；解释 351"
    if len(facts.parties) < 2:  # noqa: PLR2004 (both sides)
        return _item(
            "joint",
            "还没有登记双方当事人",
            CheckResult.FAIL,
            article,
            "司法确认由双方共同申请。",
            "请先补上对方当事人。",
        )
    title = "双方共同提出申请" if facts.joint else "还没有记明双方共同申请"
    mend = "" if facts.joint else "双方都到场或各自书面同意后，勾选「双方共同申请」。"
    return _item("joint", title, _verdict(facts.joint), article, f"申请人：{_names(facts.parties)}。", mend)


def _in_time(facts: Facts) -> CheckItem:
    article = f"人民调解法 33；{articles.short(articles.APPLY, facts.applied_on)}"
    if facts.effective_on is None or facts.last_day is None:
        return _item(
            "in_time", "三十日还没有起算", CheckResult.FAIL, article, "协议生效之日起算。", "先办完签名和盖章。"
        )
    if facts.applied_on < facts.effective_on:
        why = "协议生效后才能申请。"
        return _item("in_time", "申请日早于协议生效日", CheckResult.FAIL, article, why, "请核对提交的日子。")
    day = (facts.applied_on - facts.effective_on).days
    why = f"协议 {cn_full_date(facts.effective_on)}生效，最后一日 {cn_full_date(facts.last_day)}。"
    if facts.applied_on <= facts.last_day:
        title = f"在三十日内（第 {day} 日提出）" if day else "在三十日内（生效当日提出）"
        return _item("in_time", title, CheckResult.PASS, article, why)
    mend = (
        "法院不再受理确认申请。双方可以履行协议；有争议的，可以就协议起诉。"
        "期限内已经交到法院的，把「交到法院的日子」改成当时那一天。"
    )
    return _item("in_time", "已过三十日", CheckResult.FAIL, article, why, mend)


def _basis(facts: Facts) -> CheckItem:
    article = "特邀调解规定 19、20"
    if facts.basis != Basis.POST_FILING:
        return _item("basis", f"{Basis(facts.basis).label}，可以申请司法确认", CheckResult.PASS, article)
    why = "立案后委托调解达成协议的，由审判庭审查后制作调解书，或者裁定准许撤诉。"
    return _item(
        "basis", "委托调解不走司法确认", CheckResult.FAIL, article, why, "请把协议送回委托的法庭，请求出具调解书。"
    )


def _jurisdiction(facts: Facts) -> CheckItem:
    article = articles.short(articles.APPLY, facts.applied_on, "(二)")
    if facts.organisation_in_district:
        return _item("jurisdiction", "本院管辖：调解组织所在地", CheckResult.PASS, article)
    if facts.dispute_in_district:
        return _item("jurisdiction", "本院管辖：当事人住所地或标的物所在地", CheckResult.PASS, article)
    mend = "请向调解组织所在地、当事人住所地或标的物所在地的基层法院申请。"
    return _item("jurisdiction", "不属于本院管辖", CheckResult.FAIL, article, "调解组织和纠纷都不在本院辖区。", mend)


def _no_other_request(facts: Facts) -> CheckItem:
    article = f"{articles.short(articles.RESULT, facts.applied_on)}；解释 352"
    if facts.other_request == NO_OTHER:
        return _item("no_other_request", "这份协议没有别的确认申请", CheckResult.PASS, article)
    title, mend = {
        OTHER_OPEN: ("这份协议已有一件在办的申请", "请在那一件里办。"),
        OTHER_CONFIRMED: ("这份协议已经裁定有效", "一方不履行的，对方可以申请执行。"),
        OTHER_REJECTED: ("这份协议已被裁定驳回", "可以重新调解、变更协议后再申请，也可以起诉。"),
    }[facts.other_request]
    return _item("no_other_request", title, CheckResult.FAIL, article, "", mend)


def _written(facts: Facts) -> CheckItem:
    if facts.form == AgreementForm.WRITTEN:
        return _item("written", "有书面调解协议", CheckResult.PASS, "解释 354")
    mend = "请制作书面协议，双方签名后再申请。"
    return _item("written", "只有口头协议", CheckResult.FAIL, "解释 354", "申请时要提交调解协议。", mend)


def _effective(facts: Facts) -> CheckItem:
    article = "人民调解法 29；特邀调解规定 24；在线调解规则 19"
    if facts.effective_on and facts.effective_on <= facts.applied_on:
        return _item(
            "effective",
            "协议已经生效",
            CheckResult.PASS,
            article,
            f"{cn_full_date(facts.effective_on)}签名、盖章齐全。",
        )
    why = "双方、调解员的签名和调解组织的盖章还没有齐全。"
    return _item("effective", "协议还没有生效", CheckResult.FAIL, article, why, "请补齐签名和盖章，并记下各自的时间。")


def _promise(facts: Facts) -> CheckItem:
    title = "双方已作责任承诺" if facts.promise else "双方还没有作责任承诺"
    why = "承诺：出于自愿，没有恶意串通，不损害国家利益、社会公共利益和他人合法权益，愿意承担由此产生的责任。"
    mend = "" if facts.promise else "向双方读一遍承诺，双方在申请书上签名后勾选。"
    article = "解释 358；民诉法 115"
    return _item("promise", title, _verdict(facts.promise), article, why, mend)


def needed_materials(*, has_agent: bool, needs_property_proof: bool) -> tuple[MaterialKind, ...]:
    """The papers to hand in (法释〔2011〕5号 3, 解释 354); power of attorney and title papers only where they apply."""
    optional = {MaterialKind.AUTHORISATION: has_agent, MaterialKind.PROPERTY_PROOF: needs_property_proof}
    return tuple(kind for kind in MaterialKind if optional.get(kind, True))


def materials_for(facts: Facts) -> tuple[MaterialKind, ...]:
    """The papers that this very application has to bring."""
    return needed_materials(
        has_agent=any(party.has_agent for party in facts.parties),
        needs_property_proof=facts.involves_real_estate or facts.involves_title,
    )


def _materials(facts: Facts) -> list[CheckItem]:
    return [_material(kind, kind in facts.materials) for kind in materials_for(facts)]


def _material(kind: MaterialKind, present: bool) -> CheckItem:
    article = "解释 354" if kind == MaterialKind.MEDIATION_PROOF else "法释〔2011〕5号 3；解释 354"
    title = kind.label if present else f"缺{kind.label}"
    mend = "" if present else "备齐后在「材料」里勾选。"
    return _item(f"{MATERIAL}{kind.value}", title, _verdict(present), article, "", mend)


def _ids(facts: Facts) -> CheckItem:
    missing = [party for party in facts.parties if not party.has_id]
    title = f"缺{_names(missing)}的证件号码" if missing else "双方证件号码已登记"
    return _item("ids", title, _verdict(not missing), FILED, "", "请在当事人里补登证件号码。" if missing else "")


def _addresses(facts: Facts) -> CheckItem:
    missing = [party for party in facts.parties if not (party.has_phone and party.has_address)]
    title = "双方住址、电话已登记" if not missing else f"缺{'、'.join(map(_unreachable_by, missing))}"
    mend = "请在当事人里补登，法院照此送达。" if missing else ""
    return _item("addresses", title, _verdict(not missing), FILED, "", mend)


def _unreachable_by(party: PartyFacts) -> str:
    """韦春生的住址和电话: what of the two is not on file."""
    lacking = [word for word, known in (("住址", party.has_address), ("电话", party.has_phone)) if not known]
    return f"{party.name}的{'和'.join(lacking)}"


def _identity_relations(facts: Facts) -> CheckItem:
    if facts.involves_identity:
        mend = "请把身份关系的部分去掉，另立协议；离婚、亲子、收养要走诉讼或登记。"
        return _item("identity", "涉及身份关系", CheckResult.FAIL, "解释 355(三)", "", mend)
    if facts.case_type == FAMILY:
        why = "婚姻家庭纠纷：协议里有没有确认婚姻、亲子、收养关系的内容，由人看。"
        return _item("identity", "是否只涉及财产和抚养、赡养", CheckResult.JUDGE, "解释 355(三)", why, "请写一句。")
    return _item("identity", "不涉及身份关系", CheckResult.PASS, "解释 355(三)")


def _title(facts: Facts) -> CheckItem:
    if facts.involves_title:
        mend = "权属争议要由有权机关或法院处理，请把这部分去掉后另立协议。"
        return _item("title", "涉及物权、知识产权确权", CheckResult.FAIL, "解释 355(五)", "", mend)
    if facts.involves_real_estate or facts.case_type == LAND:
        why = "涉及不动产或承包地：协议是约定怎样使用、补偿，还是确认归谁所有，由人看。"
        return _item("title", "是否含有确认权属的内容", CheckResult.JUDGE, "解释 355(五)", why, "请写一句。")
    return _item("title", "不涉及物权、知识产权确权", CheckResult.PASS, "解释 355(五)")


def _other_procedures(facts: Facts) -> CheckItem:
    text = "".join((facts.story, *facts.clauses))
    found = [word for word in SPECIAL_PROCEDURE_WORDS if word in text]
    if not found:
        return _item("other_procedures", "不适用其他特别程序、破产程序", CheckResult.PASS, "解释 355(四)")
    why = f"写到了「{'」「'.join(found)}」。"
    item = _item("other_procedures", "是否涉及其他特别程序", CheckResult.JUDGE, "解释 355(四)", why, "请写一句。")
    return replace(item, quotes=tuple(found))


def vague_sentences(clauses: Iterable[str]) -> tuple[str, ...]:
    """Sentences that use a vague word and name no day, as they stand in the agreement."""
    sentences = (part.strip() for clause in clauses for part in SENTENCE_END.split(clause))
    return tuple(s for s in sentences if VAGUE_WORDS.search(s) and not A_DAY.search(s))


def _content_clear(facts: Facts) -> CheckItem:
    article = "解释 358(五)"
    undated = [item for item in facts.items if item.due_on is None or not (item.amount or item.text.strip())]
    if undated:
        serials = "、".join(f"第 {item.serial} 期" for item in undated)
        mend = "请写明每一期的日子和金额（或要做的事）。"
        return _item("content", f"{serials}没有写明日子或内容", CheckResult.FAIL, article, "", mend)
    vague = vague_sentences(facts.clauses)
    if vague:
        title, why = f"履行内容是否明确：「{vague[0]}」", "没有写明日子或数目。"
        return replace(_item("content", title, CheckResult.JUDGE, article, why, "请写一句。"), quotes=vague)
    if not facts.items:
        why = "协议没有列履行的日子和金额。"
        return _item("content", "没有列履行事项", CheckResult.JUDGE, article, why, "请写一句为什么不需要。")
    return _item("content", "内容明确，每一期有日子有内容", CheckResult.PASS, article)


def _voluntary(facts: Facts) -> CheckItem:
    article = "解释 358(四)；人民调解法 3"
    silent = [party for party in facts.parties if not party.consents]
    if facts.rights_told and not silent:
        return _item("voluntary", "双方自愿，已告知权利义务", CheckResult.PASS, article)
    found = [f"没有记下{_names(silent)}同意调解"] if silent else []
    found += [] if facts.rights_told else ["笔录没有记明告知权利义务"]
    return _item("voluntary", "是否出于自愿", CheckResult.JUDGE, article, f"{'，'.join(found)}。", "请写一句。")


def _sham(facts: Facts) -> CheckItem:
    article = "解释 358；民诉法 115"
    round_sum = facts.amount is not None and facts.amount >= SHAM_FROM and facts.amount % SHAM_STEP == 0
    if facts.case_type == LOAN and round_sum and "现金" in facts.story:
        why = "整数借款、现金交付，没有看到转账记录。"
        item = _item("sham", "虚假调解迹象", CheckResult.JUDGE, article, why, "请写一句：凭什么相信借款是真的。")
        return replace(item, quotes=("现金",))
    return _item("sham", "没有看出虚假调解的迹象", CheckResult.PASS, article)
