"""The papers of a judicial confirmation: the parties' joint application, the notice of acceptance, the ruling.

Contexts are plain strings; the templates in templates/word may be edited by a clerk. Numbers and addresses
of the parties are masked unless `clear` is asked for by somebody who may see them.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from core.clock_face import DIGITS, cn_number
from core.documents import render_docx
from core.privacy import mask_address, mask_id_number, mask_phone
from disputes.choices import AgentKind, PartyKind
from disputes.models import Party
from mediation import articles
from mediation.choices import MaterialKind, RefusalGround, RejectionGround
from mediation.documents.agreed import BLANK_DAY, content_lines, full_date
from mediation.models import Agreement, ConfirmationRequest
from mediation.precheck import needed_materials

CODE = "《中华人民共和国民事诉讼法》"
INTERPRETATION = "《最高人民法院关于适用〈中华人民共和国民事诉讼法〉的解释》"
CONFIRMED_TEMPLATE, OTHER_TEMPLATE = "confirmation_ruling.docx", "confirmation_rejection.docx"
ITEMS_355 = dict(zip(RefusalGround.labels, "一二三四五", strict=True))
ITEMS_358 = dict(zip(RejectionGround.labels, "一二三四五六", strict=True))
OBJECTION = (
    "当事人对本裁定有异议的，应当自收到裁定之日起十五日内向本院提出；"
    "利害关系人有异议的，自知道或者应当知道其民事权益受到侵害之日起六个月内提出。"
)
OTHER_WAYS = "当事人可以通过调解方式变更原调解协议或者达成新的调解协议，也可以依法向人民法院提起诉讼。"
ONCE_MORE = "自调解协议生效之日起三十日未满的，双方当事人仍可以共同申请司法确认；也可以依法向人民法院提起诉讼。"
CLOSINGS = {
    "confirm": OBJECTION,
    "reject": OTHER_WAYS,
    "refuse": OTHER_WAYS,
    "permit_withdrawal": ONCE_MORE,
    "deem_withdrawn": ONCE_MORE,
}


@dataclass(frozen=True)
class Ruling:
    """A ruling as the judge orders it: the verb of the workflow, the day, the words."""

    verb: str
    on: date
    judge: str
    grounds: str = ""
    ground: str = ""


# ── words ────────────────────────────────────────────────────────────────────
def written_date(day: date) -> str:
    """二〇二三年九月二十日, as a ruling is dated."""
    year = "".join(DIGITS[int(figure)] for figure in str(day.year))
    return f"{year}年{cn_number(day.month)}月{cn_number(day.day)}日"


def party_line(party: Party, *, clear: bool, with_phone: bool = False) -> str:
    """申请人：韦春生，男，1968年3月12日出生，公民身份号码445381********0917，住罗定市太平镇****。"""
    facts = [f"申请人：{party.name}", *_about(party), *_numbers(party, clear=clear)]
    if with_phone and party.phone:
        facts.append(f"联系电话{party.phone if clear else mask_phone(party.phone)}")
    if party.guardian_name:
        facts.append(f"法定代理人{party.guardian_name}")
    if party.agent_name:
        statutory = party.agent_kind == AgentKind.STATUTORY
        facts.append(f"{'法定代理人' if statutory else '委托诉讼代理人'}{party.agent_name}")
    return f"{'，'.join(facts)}。"


def _about(party: Party) -> list[str]:
    if party.kind == PartyKind.ORGANISATION:
        return []
    return [party.get_sex_display()] * bool(party.sex) + [
        f"{full_date(day)}出生" for day in [party.born_on] if day is not None
    ]


def _numbers(party: Party, *, clear: bool) -> list[str]:
    organisation = party.kind == PartyKind.ORGANISATION
    found = []
    if party.id_number:
        word = "统一社会信用代码" if organisation else "公民身份号码"
        found.append(f"{word}{party.id_number if clear else mask_id_number(party.id_number)}")
    if party.address:
        found.append(f"{'住所地' if organisation else '住'}{party.address if clear else mask_address(party.address)}")
    return found


def _joined(parties: Iterable[Party]) -> str:
    return "、".join(party.name for party in parties)


# ── contexts ─────────────────────────────────────────────────────────────────
def application_context(request: ConfirmationRequest, *, on: date, clear: bool) -> dict[str, Any]:
    """司法确认申请书: both parties apply, promise, and list what they hand in; dated by hand until it is filed."""
    agreement = request.agreement
    dispute, parties = agreement.mediation.dispute, list(agreement.mediation.dispute.parties.all())
    return {
        "court": request.court,
        "parties": [party_line(party, clear=clear, with_phone=True) for party in parties],
        "names": _joined(parties),
        "cause": dispute.case_type.cause,
        "organisation": agreement.mediation.organisation.name,
        "concluded_on": full_date(agreement.concluded_on),
        "effective_on": full_date(agreement.effective_on or agreement.concluded_on),
        "agreement_number": agreement.number,
        "clauses": content_lines(agreement),
        "article": f"《中华人民共和国人民调解法》第三十三条、{CODE}{articles.written(articles.APPLY, on)}",
        "materials": _material_lines(agreement, parties),
        "signers": [f"申请人（签名、盖章或者按指印）：{party.name}" for party in parties],
        "date": full_date(request.submitted_on) if request.submitted_on else BLANK_DAY,
    }


def _material_lines(agreement: Agreement, parties: list[Party]) -> list[str]:
    kinds = needed_materials(
        has_agent=any(party.agent_name for party in parties),
        needs_property_proof=agreement.involves_real_estate or agreement.involves_title,
    )
    handed_in = [kind.label for kind in kinds if kind != MaterialKind.APPLICATION]
    return [f"{at}. {label}" for at, label in enumerate(handed_in, start=1)]


def notice_context(request: ConfirmationRequest) -> dict[str, Any]:
    """受理通知书: number, judge, what the parties should know."""
    assert request.accepted_on
    assert request.received_on
    parties = list(request.agreement.mediation.dispute.parties.all())
    return {
        "court": request.court,
        "number": request.number or "",
        "names": _joined(parties),
        "received_on": full_date(request.received_on),
        "accepted_on": full_date(request.accepted_on),
        "agreement_number": request.agreement.number,
        "organisation": request.agreement.mediation.organisation.name,
        "judge": str(request.judge or ""),
        "date": written_date(request.accepted_on),
    }


def ruling_context(request: ConfirmationRequest, ruling: Ruling, *, clear: bool) -> dict[str, Any]:
    """民事裁定书: shared by all five rulings, the articles by the day of the decision."""
    agreement = request.agreement
    dispute, parties = agreement.mediation.dispute, list(agreement.mediation.dispute.parties.all())
    names = _joined(parties)
    agreed = f"{full_date(agreement.concluded_on)}经{agreement.mediation.organisation.name}主持调解达成的调解协议"
    return {
        "court": request.court,
        "number": request.number or "",
        "parties": [party_line(party, clear=clear) for party in parties],
        "opening": f"申请人{names}申请司法确认调解协议一案，{_filed(request)}现已审查终结。",
        "facts": f"申请人因{dispute.case_type.cause}，于{agreed}（{agreement.number}）内容如下：",
        "clauses": content_lines(agreement),
        "reasons": _reasons(ruling),
        "basis": _basis(ruling),
        "order": _order_of(ruling, names, agreed),
        "closing": CLOSINGS[ruling.verb],
        "judge": ruling.judge,
        "date": written_date(ruling.on),
    }


def _filed(request: ConfirmationRequest) -> str:
    if request.accepted_on:
        return f"本院于{full_date(request.accepted_on)}立案后进行了审查，"
    return f"本院于{full_date(request.received_on)}收到申请后进行了审查，" if request.received_on else ""


def _reasons(ruling: Ruling) -> str:
    """本院经审查认为…: the legal ground in the law's words, then the judge's own."""
    if ruling.verb == "confirm":
        said = ruling.grounds or "申请人自愿达成调解协议，内容明确"
        return f"本院经审查认为，{said.rstrip('。')}，符合司法确认调解协议的法定条件。"
    found = f"本案有{ruling.ground.removesuffix('的情形')}的情形。" if ruling.ground else ""
    return f"本院经审查认为，{ruling.grounds.rstrip('。')}。{found}"


def _basis(ruling: Ruling) -> str:
    result = f"{CODE}{articles.written(articles.RESULT, ruling.on)}"
    if ruling.verb == "confirm":
        return result
    if ruling.verb == "reject":
        return f"{result}、{INTERPRETATION}{_rejection_article(ruling.ground)}"
    article = {
        "refuse": f"第三百五十五条第一款第（{ITEMS_355.get(ruling.ground, '一')}）项",
        "permit_withdrawal": "第三百五十七条第一款",
        "deem_withdrawn": "第三百五十七条第二款",
    }[ruling.verb]
    return f"{INTERPRETATION}{article}"


def _rejection_article(ground: str) -> str:
    if ground in ITEMS_358:
        return f"第三百五十八条第（{ITEMS_358[ground]}）项"
    return f"第三百五十五条第一款第（{ITEMS_355.get(ground, '一')}）项、第二款"


def _order_of(ruling: Ruling, names: str, agreed: str) -> str:
    return {
        "confirm": f"申请人{names}于{agreed}有效。",
        "reject": f"驳回申请人{names}的申请。",
        "refuse": f"对申请人{names}的申请，本院不予受理。",
        "permit_withdrawal": f"准许申请人{names}撤回申请。",
        "deem_withdrawn": f"本案按申请人{names}撤回申请处理。",
    }[ruling.verb]


# ── documents ────────────────────────────────────────────────────────────────
def application_docx(request: ConfirmationRequest, *, on: date, clear: bool = False) -> bytes:
    """The joint application, for both parties to sign."""
    return render_docx("confirmation_application.docx", application_context(request, on=on, clear=clear))


def notice_docx(request: ConfirmationRequest) -> bytes:
    """The notice of acceptance."""
    return render_docx("acceptance_notice.docx", notice_context(request))


def ruling_docx(request: ConfirmationRequest, ruling: Ruling, *, clear: bool = False) -> bytes:
    """The draft of the ruling."""
    template = CONFIRMED_TEMPLATE if ruling.verb == "confirm" else OTHER_TEMPLATE
    return render_docx(template, ruling_context(request, ruling, clear=clear))
