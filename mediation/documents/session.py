"""The record of one meeting as it prints (司法部 2010 调解记录). What was said back to back is never in it."""

from typing import Any

from core.documents import render_docx
from disputes.models import Party
from mediation.choices import OrganisationKind
from mediation.documents.agreed import BLANK_DAY, full_date, signs_as
from mediation.models import Session

TEMPLATE = "session_record.docx"
DATE_HERE = "　" * 10 + BLANK_DAY
RIGHTS = (
    "调解员已告知双方当事人：调解不收取任何费用，出于自愿，可以选择或者接受调解员，可以接受调解、拒绝调解或者要求终止调解，"
    "可以要求公开或者不公开进行；应当如实陈述，遵守秩序，尊重对方。达成的调解协议具有法律约束力；双方可以自协议生效之日起"
    "三十日内共同向人民法院申请司法确认。调解不成的，可以依法通过仲裁、行政、司法等途径维护自己的权利。"
)
ALREADY_TOLD = "权利义务已在此前的调解中告知。"
CLOSING = "以上记录已交当事人阅读，或者向当事人宣读，当事人认为无误。"


def session_docx(session: Session, *, serial: int) -> bytes:
    """The record to be signed; `serial` counts the meetings of the dispute."""
    return render_docx(TEMPLATE, session_context(session, serial=serial))


def session_context(session: Session, *, serial: int) -> dict[str, Any]:
    """Every variable of the template: strings, and lists of strings."""
    mediation = session.mediation
    present = list(session.attended.all())
    people = "人民" if mediation.organisation.kind == OrganisationKind.PEOPLES_COMMITTEE else ""
    mediators = "、".join(str(one.mediator) for one in mediation.assignments.select_related("mediator"))
    return {
        "title": f"{people}调解记录",
        "serial": str(serial),
        "time": _time(session),
        "place": session.place or "—",
        "cause": mediation.dispute.title,
        "mode": session.get_mode_display(),
        "mediator": mediators,
        "recorder": str(session.recorded_by),
        "present": [
            *[f"到场{party.get_side_display()}：{party.name}" for party in present],
            *([f"其他参加人：{session.others}"] if session.others else []),
        ],
        "told": [RIGHTS if session.rights_told else ALREADY_TOLD],
        "record": session.record.splitlines(),
        "closing": CLOSING,
        "signers": _signers(present),
        "organisation": mediation.organisation.seal_name,
        "date": full_date(session.held_on),
    }


def _signers(present: list[Party]) -> list[str]:
    """Two lines a signature: who, and the day."""
    places = [f"{signs_as(party)}（签名或者按指印）：" for party in present]
    return [line for place in (*places, "调解员（签名）：", "记录人（签名）：") for line in (place, DATE_HERE)]


def _time(session: Session) -> str:
    """2023年8月30日15:00至16:10"""
    clock = "至".join(f"{moment:%H:%M}" for moment in (session.from_time, session.to_time) if moment)
    return f"{full_date(session.held_on)}{clock}"
