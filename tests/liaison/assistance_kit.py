"""A request for assistance in any state, and records that satisfy each way of doing it."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

from core.models import Deadline, Notification, User
from liaison.actions.assistance import Asked, accept_assistance, request_assistance
from liaison.actions.assistance_court import receive_result, send_back, withdraw_request
from liaison.actions.assistance_visits import Whereabouts, complete_assistance, fail_assistance
from liaison.choices import AssistanceKind, RefusedBy, SignedBy
from liaison.models import AssistanceRequest, LiaisonPoint
from liaison.proofs import Record, Witness

K = AssistanceKind
SENT, ACCEPTED, VISITED, DUE = date(2023, 9, 4), date(2023, 9, 5), date(2023, 9, 8), date(2023, 9, 20)
AGAIN_DUE = date(2023, 9, 27)
NUMBER = "（2023）粤5381民初1234号"
NAME, PHONE, ADDRESS = "沈水旺", "13800006072", "罗定市太平镇潭白村12号"
SERVICE = Asked(
    kind=K.SERVE_DIRECT,
    court_number=NUMBER,
    task="请送达本人，传票要当面交。",
    due_on=DUE,
    person_name=NAME,
    phone=PHONE,
    address=ADDRESS,
    instrument="起诉状副本、应诉通知书、传票",
    copies=3,
)
HERE = Whereabouts(Decimal("22.765400"), Decimal("111.567800"), "村委会东 200 米")
WITNESS = Witness("谭伯年", "潭白村民委员会", "主任")
WHOLE: dict[str, Record] = {
    K.SERVE_DIRECT: Record(
        K.SERVE_DIRECT, signed_by=SignedBy.ADDRESSEE, signer_name=NAME, receipt_signed=True, place="潭白村12号"
    ),
    K.SERVE_LEAVE: Record(
        K.SERVE_LEAVE,
        refused_by=RefusedBy.ADDRESSEE,
        refusal_reason="看过传票后说不签，关门进屋",
        left_at_home=True,
        witnesses=(WITNESS,),
    ),
    K.SERVE_POST: Record(K.SERVE_POST, place="潭白村委会公告栏", result="三次上门都没有人，法院决定公告。", photos=1),
    K.FIND_PERSON: Record(K.FIND_PERSON, result="邻居说在广州番禺打工，春节回来。"),
    K.FIND_PROPERTY: Record(K.FIND_PROPERTY, result="名下有一台拖拉机，停在村口。"),
    K.SITE_SURVEY: Record(
        K.SITE_SURVEY, led_by="邓佳宁", place="潭白村后山", result="量了水沟宽度。", witnesses=(WITNESS,)
    ),
    K.ENFORCEMENT: Record(K.ENFORCEMENT, led_by="李执行", result="清点了屋内物品。", witnesses=(WITNESS,)),
    K.OUTREACH: Record(K.OUTREACH, place="潭白村文化楼", head_count=40, result="讲民间借贷怎样写借条。"),
}


def ask(point: LiaisonPoint, clerk: User, **changed: Any) -> AssistanceRequest:
    return request_assistance(point_id=point.pk, asked=replace(SERVICE, **changed), by=clerk, on=SENT)


def ask_for(point: LiaisonPoint, clerk: User, kind: str) -> AssistanceRequest:
    """A request of a kind, with the paper only where one is served."""
    paper = {} if kind in (K.SERVE_DIRECT, K.SERVE_LEAVE, K.SERVE_POST) else {"instrument": "", "copies": 0}
    return ask(point, clerk, kind=kind, **paper)


def accepted(request: AssistanceRequest, officer: User, goer: User | None = None) -> AssistanceRequest:
    return accept_assistance(
        request_id=request.pk, by=officer, on=ACCEPTED, handler_id=(goer or officer).pk, version=request.version
    )


def done(request: AssistanceRequest, by: User, way: str = "", **given: Any) -> AssistanceRequest:
    return complete_assistance(request_id=request.pk, record=WHOLE[way or request.kind], by=by, on=VISITED, **given)


def failed(request: AssistanceRequest, by: User, **given: Any) -> AssistanceRequest:
    return fail_assistance(request_id=request.pk, by=by, on=VISITED, reason="去了三次，屋里没有人。", **given)


def received(request: AssistanceRequest, clerk: User) -> AssistanceRequest:
    return receive_result(request_id=request.pk, by=clerk, on=VISITED)


def sent_back(request: AssistanceRequest, clerk: User, **given: Any) -> AssistanceRequest:
    given = {"on": VISITED, "reason": "送达回证上没有记明收到日期。", "due_on": AGAIN_DUE} | given
    return send_back(request_id=request.pk, by=clerk, **given)


def withdrawn(request: AssistanceRequest, clerk: User, **given: Any) -> AssistanceRequest:
    return withdraw_request(request_id=request.pk, by=clerk, **{"on": VISITED, "reason": "本人已到法庭领取。"} | given)


def deadline(request: AssistanceRequest) -> tuple[Any, ...]:
    row = Deadline.objects.about(request).get()
    return row.due_on, row.responsible, row.settled_on, row.settled_as


def told(person: User) -> list[str]:
    return list(Notification.objects.filter(recipient=person).order_by("pk").values_list("text", flat=True))
