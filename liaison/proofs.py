"""What must be on record before a request for assistance counts as done: pure, each condition with its basis.

Articles are those of 民事诉讼法; 83, 87–89 and 95 have the same words in the texts of 2021 and 2023, 256 and 261 are
quoted from the text of 2023. What no article asks for is called 内部要求.
"""

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass

from liaison.choices import AssistanceKind, RefusedBy, SignedBy

K = AssistanceKind
OWN_RULE = "内部要求"
# What a request may be done as: a paper to be handed over may be refused at the door, one to be left may be taken.
# Posting is public notice: only the court decides on it, so no other request turns into it.
WAYS: dict[str, tuple[AssistanceKind, ...]] = {
    K.SERVE_DIRECT: (K.SERVE_DIRECT, K.SERVE_LEAVE),
    K.SERVE_LEAVE: (K.SERVE_LEAVE, K.SERVE_DIRECT),
    K.SERVE_POST: (K.SERVE_POST, K.SERVE_DIRECT),
} | {kind: (kind,) for kind in (K.FIND_PERSON, K.FIND_PROPERTY, K.SITE_SURVEY, K.ENFORCEMENT, K.OUTREACH)}
OF_PERSON = (SignedBy.ADDRESSEE, SignedBy.FAMILY, SignedBy.AGENT, SignedBy.APPOINTED)
OF_ORGANISATION = (SignedBy.HEAD, SignedBy.RECEIVING, SignedBy.AGENT, SignedBy.APPOINTED)


@dataclass(frozen=True)
class Witness:
    """Somebody of the 基层组织 or the 单位 who was there."""

    name: str
    organisation: str
    duty: str = ""

    @property
    def is_whole(self) -> bool:
        return bool(self.name and self.organisation)


@dataclass(frozen=True)
class Record:
    """What was noted of a visit, in whichever way it was done; what a way does not ask for stays empty."""

    way: str
    is_organisation: bool = False
    signed_by: str = ""
    signer_name: str = ""
    relation: str = ""
    receipt_signed: bool = False
    refused_by: str = ""
    refusal_reason: str = ""
    left_at_home: bool = False
    place: str = ""
    witnesses: tuple[Witness, ...] = ()
    photos: int = 0
    video_kept_at: str = ""
    led_by: str = ""
    head_count: int | None = None
    result: str = ""


@dataclass(frozen=True)
class Need:
    """One condition: where it is entered, how it reads in a list, what is said while it is not met, on which basis."""

    field: str
    label: str
    missing: str
    todo: str
    basis: str
    met: Callable[[Record], bool]

    @property
    def says(self) -> str:
        """The refusal: what is missing, what to do, why."""
        return f"{self.missing}{self.todo}（{self.basis}）"


def signers(*, is_organisation: bool) -> tuple[SignedBy, ...]:
    """Who may sign for the addressee (民事诉讼法 88)."""
    return OF_ORGANISATION if is_organisation else OF_PERSON


def _signer_fits(record: Record) -> bool:
    return record.signed_by in signers(is_organisation=record.is_organisation)


def _is_recorded(record: Record) -> bool:
    """Left before witnesses who sign, or the act itself photographed or filmed: either is enough."""
    return bool(_whole(record.witnesses)) or record.photos > 0 or bool(record.video_kept_at)


def _whole(witnesses: Iterable[Witness]) -> list[Witness]:
    return [witness for witness in witnesses if witness.is_whole]


def _told(field: str, label: str, missing: str, todo: str, basis: str = OWN_RULE) -> Need:
    """A text that must be there."""
    return Need(field, label, missing, todo, basis, lambda record: bool(getattr(record, field)))


def _taking_part(todo: str, basis: str) -> Need:
    """Somebody of the 基层组织 or of the unit takes part, by name and organisation."""
    label, missing = "基层组织或单位派员参加", "没有写基层组织或所在单位派谁参加。"
    return Need("witness1_name", label, missing, todo, basis, lambda record: bool(_whole(record.witnesses)))


ART_83, ART_87, ART_88, ART_89 = (f"民事诉讼法第{number}条" for number in ("八十三", "八十七", "八十八", "八十九"))
ART_95 = "民事诉讼法第九十五条"
ART_ENFORCE = "民事诉讼法（2023年修正）第二百五十六条、第二百六十一条"
PLAN = "罗政发〔2023〕3号四（二）5"

DIRECT = (
    Need(
        "signed_by",
        "由依法可以签收的人签收",
        "没有写明谁签收，或者这个人不能签收。",
        "个人：本人、同住成年家属、诉讼代理人、指定代收人；单位：法定代表人或主要负责人、负责收件的人、诉讼代理人、指定代收人。",
        ART_88,
        _signer_fits,
    ),
    _told("signer_name", "签收人姓名", "没有写签收人的姓名。", "请照送达回证上的签名填。", ART_87),
    Need(
        "relation",
        "家属签收的，写明关系",
        "同住成年家属签收的，没有写明是什么关系。",
        "请核实是同住、已成年，再写关系，如：配偶、儿子。",
        ART_88,
        lambda record: record.signed_by != SignedBy.FAMILY or bool(record.relation),
    ),
    Need(
        "receipt_signed",
        "送达回证上已签名、记明收到日期",
        "送达回证还没有签。",
        "请签收人在送达回证上记明收到日期，签名或者盖章；拒绝签的，改办留置送达。",
        ART_87,
        lambda record: record.receipt_signed,
    ),
)
LEAVE = (
    Need(
        "refused_by",
        "写明谁拒收",
        "没有写明谁拒绝接收。",
        "只有受送达人或者他的同住成年家属拒收，才能留置；人不在家的，另约时间再去。",
        ART_89,
        lambda record: record.refused_by in RefusedBy.values,
    ),
    _told("refusal_reason", "拒收事由", "没有写拒收事由。", "请写当时怎么说、怎么做的，并记在送达回证上。", ART_89),
    Need(
        "left_at_home",
        "文书留在受送达人的住所",
        "没有确认文书留在受送达人的住所。",
        "留置要把文书留在受送达人的住所，留在别处不算。",
        ART_89,
        lambda record: record.left_at_home,
    ),
    Need(
        "photos",
        "见证人到场，或者拍照、录像记录过程",
        "既没有见证人，也没有照片或录像。",
        "请邀请基层组织或者所在单位的代表到场并写明姓名、单位；或者拍下送达过程。",
        ART_89,
        _is_recorded,
    ),
)
POST = (
    _told("place", "张贴在哪里", "没有写张贴在哪里。", "请写具体地点，如：受送达人住所门口、村委会公告栏。"),
    _told(
        "result", "张贴的原因和经过", "没有写张贴的原因和经过。", "公告送达应当在案卷中记明原因和经过，请写清。", ART_95
    ),
    Need(
        "photos",
        "张贴的照片",
        "没有张贴的照片。",
        "请拍一张能看清文书和地点的照片。",
        f"{OWN_RULE}，证明张贴过程",
        lambda record: record.photos > 0,
    ),
)
SURVEY = (
    _told(
        "led_by",
        "法院的勘验人",
        "没有写法院的勘验人是谁。",
        "勘验由法院的勘验人主持，联络点派人参加，不能自己勘验。",
        ART_83,
    ),
    _taking_part("请写姓名和单位，并在勘验笔录上签名。", ART_83),
    _told("place", "勘验地点", "没有写勘验的地点。", "请写到能找到的地方。"),
    _told("result", "勘验情况", "没有写勘验的情况。", "请写看了什么、笔录由谁签名。", ART_83),
)
ENFORCEMENT = (
    _told(
        "led_by", "法院的执行员", "没有写法院的执行员是谁。", "执行由法院的执行员办，联络点只派人参加。", ART_ENFORCE
    ),
    _taking_part("请写姓名和单位。", ART_ENFORCE),
    _told("result", "见证的经过", "没有写见证的经过。", "请写见到了什么、谁在场、笔录由谁签名。"),
)
FOUND = (
    _told("result", "查到的情况", "没有写查到了什么。", "请写从哪里知道、知道什么；查不到的，记「未能完成」。", PLAN),
)
OUTREACH = (
    _told("place", "地点", "没有写在哪里办的。", "请写地点。", PLAN),
    Need(
        "head_count",
        "参加人数",
        "没有写参加人数，或者写的是 0。",
        "请写实际到场的人数。",
        PLAN,
        lambda record: (record.head_count or 0) > 0,
    ),
    _told("result", "讲了什么", "没有写讲了什么。", "请写题目和内容。", PLAN),
)
NEEDS: dict[str, tuple[Need, ...]] = {
    K.SERVE_DIRECT: DIRECT,
    K.SERVE_LEAVE: LEAVE,
    K.SERVE_POST: POST,
    K.FIND_PERSON: FOUND,
    K.FIND_PROPERTY: FOUND,
    K.SITE_SURVEY: SURVEY,
    K.ENFORCEMENT: ENFORCEMENT,
    K.OUTREACH: OUTREACH,
}


def lacking(record: Record) -> list[Need]:
    """The conditions that the record does not meet, in the order in which the form asks."""
    return [need for need in NEEDS[record.way] if not need.met(record)]


def half_a_witness(witnesses: Collection[Witness]) -> int | None:
    """The place (from 1) of the first witness who is not written down whole; None when all are."""
    given = enumerate(witnesses, start=1)
    return next((place for place, each in given if not each.is_whole and (each.name or each.organisation)), None)


def hidden_name(name: str) -> str:
    """Who it is about, for somebody whom it does not concern: 沈**."""
    return f"{name[:1]}**" if name else ""
