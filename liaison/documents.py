"""The 送达回证 as strings for its Word template: filled as far as it is known, blank where somebody signs."""

from core.clock_face import cn_full_date
from core.documents import render_docx
from liaison.choices import AssistanceKind, AssistanceOutcome, SignedBy
from liaison.models import AssistanceRequest

TEMPLATE = "service_receipt.docx"
BLANK_DAY = "　　　　年　　月　　日"
OWN_HAND = (SignedBy.ADDRESSEE, SignedBy.HEAD)


def receipt_context(request: AssistanceRequest) -> dict[str, str]:
    """What the receipt says: before the visit the places to sign are blank, after it they say what was recorded."""
    served = request.outcome == AssistanceOutcome.DONE
    own_hand = served and request.signed_by in OWN_HAND
    day = cn_full_date(request.done_on) if served and request.done_on else BLANK_DAY
    return {
        "court": request.asking_court,
        "number": request.court_number,
        "instrument": f"{request.instrument}　{request.copies} 件",
        "addressee": request.person_name,
        "place": request.place or request.address,
        "way": str(AssistanceKind(request.way or request.kind).label),
        "addressee_signed": request.signer_name if own_hand else "",
        "receiver_signed": _receiver(request) if served else "",
        "witnesses": "、".join(str(witness) for witness in request.witnesses.all()) if served else "",
        "server": f"{request.handler}（{request.point}）" if served else "",
        "addressee_signed_on": day if own_hand else BLANK_DAY,
        "receiver_signed_on": day if served and request.signed_by and not own_hand else BLANK_DAY,
        "served_on": day,
        "note": _note(request) if served else "",
    }


def _receiver(request: AssistanceRequest) -> str:
    """王小明（同住成年家属，儿子）"""
    if not request.signed_by or request.signed_by in OWN_HAND:
        return ""
    ties = "，".join(filter(None, (request.get_signed_by_display(), request.relation)))
    return f"{request.signer_name}（{ties}）"


def _note(request: AssistanceRequest) -> str:
    """Who refused and why, how it was recorded; where it was posted and why."""
    said = [
        f"{request.get_refused_by_display()}拒收：{request.refusal_reason}。" if request.refused_by else "",
        "文书留在受送达人的住所。" if request.way == AssistanceKind.SERVE_LEAVE else "",
        f"录像存放于{request.video_kept_at}。" if request.video_kept_at else "",
        request.result if request.way == AssistanceKind.SERVE_POST else "",
        f"受{request.asking_court}委托的{request.postal_office}请求协助。" if request.postal_office else "",
    ]
    return "".join(said)


def receipt_docx(request: AssistanceRequest) -> bytes:
    return render_docx(TEMPLATE, receipt_context(request))
