"""Requests for assistance: asked, accepted or declined, handed on."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils import timezone

from core.access import require
from core.actions.deadlines import assign_deadlines, settle_all, start_deadline
from core.choices import Role
from core.errors import Refused
from core.models import User
from core.privacy import mask_text
from core.queries import said
from liaison.actions.assistance_steps import FILES_MAX, check_day, given_reason, move, note, store, take, tell
from liaison.choices import SERVICES, AssistanceFile, AssistanceKind, Commissioner
from liaison.models import AssistanceRequest, LiaisonPoint
from liaison.queries.assistance import DUE, court_of, courts, goers_of, officers_of

COPIES_MAX = 100
NEEDS_PERSON = (*SERVICES, AssistanceKind.FIND_PERSON, AssistanceKind.FIND_PROPERTY)


@dataclass(frozen=True)
class Asked:
    """What the court asks for. `asking_court` empty: the court that serves the town."""

    kind: str
    court_number: str
    task: str
    due_on: date
    asking_court: str = ""
    commissioner: str = Commissioner.COURT
    postal_office: str = ""
    is_organisation: bool = False
    person_name: str = ""
    phone: str = ""
    address: str = ""
    instrument: str = ""
    copies: int = 0


@transaction.atomic
def request_assistance(
    *,
    point_id: int,
    asked: Asked,
    by: User,
    on: date,
    instruments: Sequence[UploadedFile] = (),
    idempotency_key: str = "",
    recorded_at: datetime | None = None,
) -> AssistanceRequest:
    """Ask a point. The same key a second time gives the first request back.

    Effects: request, files, the court's day as a deadline of the town's officer, messages, audit. Raises Refused at
    the field for what is missing or does not fit.
    """
    point = LiaisonPoint.objects.select_for_update(of=("self",)).select_related("town").get(pk=point_id)
    require(by, "liaison.request_assistance", point.town_code, message="请求由法院立案人员、法官助理、法官发出。")
    key = f"{by.pk}-{idempotency_key}" if idempotency_key else None
    if key and (first := AssistanceRequest.objects.filter(idempotency_key=key).first()):
        return first
    _check(asked, by, on)
    request = _create(point, asked, by, on, key, recorded_at or timezone.now())
    for upload in instruments[:FILES_MAX]:
        store(request, upload, AssistanceFile.INSTRUMENT, by, request.recorded_at)
    _start(request)
    for officer in officers_of(request.town_code):
        tell(request, officer, f"{_asker(request)}请协助{request.get_kind_display()}，请接收。", recorded_at)
    note(request, "request", by=by, kind=request.kind, commissioner=request.commissioner, due_on=request.due_on)
    return request


def _check(asked: Asked, by: User, on: date) -> None:
    check_day(on, "on")
    if asked.due_on <= on:
        raise Refused(f"最后一日要晚于发出日（{said(on)}）。", hint="请给镇里留出去办的时间。", field="due_on")
    if asked.kind not in AssistanceKind.values:
        raise Refused("请选择要协助什么。", field="kind")
    if asked.commissioner not in Commissioner.values:
        raise Refused("请选择由谁提出。", field="commissioner")
    _check_post(asked, by)
    _check_words(asked)
    _check_paper(asked)


def _check_post(asked: Asked, by: User) -> None:
    if asked.commissioner == Commissioner.COURT:
        return
    if by.role != Role.CLERK:
        raise Refused("邮政机构提出的请求由立案人员登记。", hint="请交给立案人员。", field="commissioner")
    if not asked.postal_office.strip():
        raise Refused("请写明是哪个邮政机构。", hint="法院委托的邮政机构才能请联络点协助。", field="postal_office")
    if asked.kind not in SERVICES:
        raise Refused("邮政机构只受托送达。", hint="其他事项由法院自己提出。", field="kind")


def _check_words(asked: Asked) -> None:
    if not asked.court_number.strip():
        raise Refused("请写法院案号。", hint="还没有案号的，写收案登记号。", field="court_number")
    if not asked.task.strip():
        raise Refused("请写要办什么。", hint="到哪里、办什么、要注意什么。", field="task")
    if asked.kind in NEEDS_PERSON and not asked.person_name.strip():
        raise Refused("请写姓名或单位名称。", field="person_name")
    if asked.kind in SERVICES and not asked.address.strip():
        raise Refused("请写送达地址。", hint="不知道地址的，先请联络点查找下落。", field="address")
    if asked.asking_court and asked.asking_court not in courts():
        raise Refused("没有这个法庭。", hint="法庭和辖区在配置里维护。", field="asking_court")


def _check_paper(asked: Asked) -> None:
    if asked.kind not in SERVICES:
        if asked.instrument.strip() or asked.copies:
            raise Refused("只有送达才写文书和件数。", field="instrument")
        return
    if not asked.instrument.strip():
        raise Refused("请写要送达的文书名称。", hint="如：起诉状副本、应诉通知书、传票。", field="instrument")
    if not 1 <= asked.copies <= COPIES_MAX:
        raise Refused(f"件数要在 1 到 {COPIES_MAX} 之间。", field="copies")


def _create(
    point: LiaisonPoint, asked: Asked, by: User, on: date, key: str | None, recorded_at: datetime
) -> AssistanceRequest:
    by_post = asked.commissioner == Commissioner.POST
    return AssistanceRequest.objects.create(
        point=point,
        town_code=point.town_code,
        kind=asked.kind,
        commissioner=asked.commissioner,
        postal_office=asked.postal_office.strip() if by_post else "",
        asking_court=asked.asking_court or court_of(point.town_code),
        court_number=asked.court_number.strip(),
        is_organisation=asked.is_organisation,
        person_name=asked.person_name.strip(),
        phone=asked.phone.strip(),
        address=asked.address.strip(),
        task=asked.task.strip(),
        instrument=asked.instrument.strip(),
        copies=asked.copies,
        due_on=asked.due_on,
        sent_on=on,
        sent_by=by,
        recorded_at=recorded_at,
        idempotency_key=key,
    )


def _start(request: AssistanceRequest) -> None:
    officers = officers_of(request.town_code)
    start_deadline(
        kind=DUE,
        subject=request,
        town_code=request.town_code,
        base_on=request.sent_on,
        due_on=request.due_on,
        responsible=officers[0] if officers else None,
        subject_text=f"{request.get_kind_display()}　{request.court_number}",
        url=request.get_absolute_url(),
        recorded_at=request.recorded_at,
    )


def _asker(request: AssistanceRequest) -> str:
    return request.postal_office or request.asking_court


# ── the town answers ─────────────────────────────────────────────────────────
@transaction.atomic
def accept_assistance(
    *,
    request_id: UUID,
    by: User,
    on: date,
    handler_id: int | None = None,
    version: int | None = None,
    recorded_at: datetime | None = None,
) -> AssistanceRequest:
    """The town takes it on and says who goes (`handler_id`, else the officer).

    Effects: state; the deadline is the goer's; messages; audit.
    """
    request = take(request_id, "accept", by=by, version=version)
    check_day(on, "on", after=request.sent_on)
    request.handler = _goer(request, handler_id or by.pk)
    request.answered_on, request.answered_by = on, by
    move(request, "accept", "handler", "answered_on", "answered_by")
    assign_deadlines(subject=request, responsible=request.handler)
    tell(request, request.sent_by, f"{request.point}已接收，由{request.handler}去办。", recorded_at)
    if request.handler != by:
        tell(request, request.handler, f"请去办：{request.get_kind_display()}。", recorded_at)
    note(request, "accept", by=by, on=on, handler=request.handler_id)
    return request


@transaction.atomic
def assign_assistance(
    *, request_id: UUID, by: User, handler_id: int, version: int | None = None, recorded_at: datetime | None = None
) -> AssistanceRequest:
    """Somebody else goes. Effects: handler; the deadline is theirs; message; audit."""
    request = take(request_id, "assign", by=by, version=version)
    goer = _goer(request, handler_id)
    if goer == request.handler:
        raise Refused(f"本来就是{goer}去办，没有要改的。", field="handler_id")
    request.handler = goer
    move(request, "assign", "handler")
    assign_deadlines(subject=request, responsible=goer)
    tell(request, goer, f"请去办：{request.get_kind_display()}。", recorded_at)
    note(request, "assign", by=by, handler=goer.pk)
    return request


def _goer(request: AssistanceRequest, user_id: int) -> User:
    goer = next((one for one in goers_of(request.town_code) if one.pk == user_id), None)
    if goer is None:
        raise Refused("这个人不是本镇（街）的调解员或联络人员。", hint="请在名单里选。", field="handler_id")
    return goer


@transaction.atomic
def decline_assistance(
    *,
    request_id: UUID,
    by: User,
    on: date,
    reason: str,
    version: int | None = None,
    recorded_at: datetime | None = None,
) -> AssistanceRequest:
    """Send it back with a reason. Effects: state; the deadline settled; message; audit."""
    request = take(request_id, "decline", by=by, version=version)
    check_day(on, "on", after=request.sent_on)
    request.declined_because = given_reason(reason, "请写明为什么退回。")
    request.answered_on, request.answered_by = on, by
    move(request, "decline", "declined_because", "answered_on", "answered_by")
    settle_all(subject=request, on=on, settled_as="declined")
    tell(request, request.sent_by, f"{request.point}退回：{request.declined_because}", recorded_at)
    note(request, "decline", by=by, on=on, reason=mask_text(request.declined_because))
    return request
