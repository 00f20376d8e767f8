"""The written agreement and the record of an oral one, as they print: 人民调解法 29, 司法部 2010 文书格式.

The paper that is signed carries numbers and addresses in clear; drawing it up is therefore on record.
"""

from collections.abc import Sequence
from typing import Any

from django.utils import timezone

from core.clock_face import cn_number
from core.documents import render_docx
from disputes.choices import AgentKind, PartyKind
from disputes.models import Party
from mediation.choices import AgreementForm, Basis, OrganisationKind, SignerKind
from mediation.documents.agreed import BLANK_DAY, full_date, performance_lines, signs_as
from mediation.models import Agreement, MediationOrganisation
from mediation.queries.agreements import rule_of

TEMPLATE = "agreement.docx"
CLEAR = ("id_number", "phone", "address")
DATE_HERE = "　" * 10 + BLANK_DAY
ADVICE = {
    Basis.OWN: "双方当事人认为有必要的，可以自本协议生效之日起三十日内共同向人民法院申请司法确认。",
    Basis.PRE_FILING: "双方当事人认为有必要的，可以自本协议生效之日起三十日内共同向委派的人民法院申请司法确认。",
    Basis.POST_FILING: "本协议提交人民法院审查，由人民法院出具调解书，或者由当事人申请撤诉。",
}


def agreement_docx(agreement: Agreement) -> bytes:
    """The paper to be signed."""
    return render_docx(TEMPLATE, agreement_context(agreement))


def agreement_context(agreement: Agreement) -> dict[str, Any]:
    """Every variable of the template: strings, and lists of strings."""
    mediation = agreement.mediation
    parties = list(mediation.dispute.parties.all())
    return {
        "title": _title(agreement, mediation.organisation),
        "number": agreement.number,
        "parties": [party_block(party) for party in parties],
        "facts": agreement.facts.splitlines(),
        "lead": f"{full_date(agreement.concluded_on)}，经调解，双方当事人自愿达成如下协议：",
        "clauses": [f"（{cn_number(at)}）{clause}" for at, clause in enumerate(agreement.clauses, start=1)],
        "performance": performance_lines(agreement),
        "closing": _closing(agreement),
        "signers": _signers(agreement, parties),
        "organisation": mediation.organisation.seal_name,
        "date": _sealed_on(agreement),
    }


def _title(agreement: Agreement, organisation: MediationOrganisation) -> str:
    people = "人民" if organisation.kind == OrganisationKind.PEOPLES_COMMITTEE else ""
    return f"{people}调解口头协议登记表" if agreement.form == AgreementForm.ORAL else f"{people}调解协议书"


def _sealed_on(agreement: Agreement) -> str:
    """The day under the seal: a place to write it until the seal is on record, for it may decide the effect."""
    seal = agreement.signatures.filter(kind=SignerKind.SEAL).first()
    return full_date(timezone.localdate(seal.signed_at)) if seal else BLANK_DAY


def party_block(party: Party) -> str:
    """申请人：沈水旺，男，1968年5月4日出生，公民身份号码…，住…，联系电话…。"""
    organisation = party.kind == PartyKind.ORGANISATION
    facts = [
        party.name,
        party.get_sex_display() if party.sex else "",
        f"{full_date(party.born_on)}出生" if party.born_on else "",
        f"{'统一社会信用代码' if organisation else '公民身份号码'}{party.id_number}" if party.id_number else "",
        f"{'住所地' if organisation else '住'}{party.address}" if party.address else "",
        f"联系电话{party.phone}" if party.phone else "",
        f"法定代理人{party.guardian_name}" if party.guardian_name else "",
        f"{agent_called(party)}{party.agent_name}" if party.agent_name else "",
    ]
    return f"{party.get_side_display()}：{'，'.join(filter(None, facts))}。"


def agent_called(party: Party) -> str:
    """How an agent is called in a paper."""
    known: dict[str, str] = {AgentKind.STATUTORY: "法定代理人", AgentKind.ENTRUSTED: "委托代理人"}
    return known.get(party.agent_kind, "代理人")


def _closing(agreement: Agreement) -> str:
    advice = ADVICE[Basis(agreement.mediation.basis)]
    if agreement.form == AgreementForm.ORAL:
        return f"双方当事人认为无需制作调解协议书，调解员已向双方宣读以上内容。{advice}"
    return f"本协议具有法律约束力，双方应当按照约定履行。{advice}本协议一式{cn_number(agreement.copies)}份。"


def _signers(agreement: Agreement, parties: Sequence[Party]) -> list[str]:
    """Two lines a signature: who, and the day. An oral agreement is signed by the mediator alone."""
    places = ["调解员（签名）：", "记录人（签名）："]
    if SignerKind.PARTY in rule_of(agreement, agreement.mediation).signers:
        places = [*[f"{signs_as(party)}（签名、盖章或者按指印）：" for party in parties], *places]
    return [line for place in places for line in (place, DATE_HERE)]
