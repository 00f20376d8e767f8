"""What every step of a request for assistance begins and ends with."""

from datetime import date, datetime
from uuid import UUID

from django.core.files.uploadedfile import UploadedFile

from core.access import require
from core.actions import audit
from core.actions.files import store_file
from core.actions.notifications import notify
from core.clock_face import cn_full_date
from core.errors import Conflict, Refused
from core.file_types import CASE_FILES, PICTURES
from core.models import StoredFile, User
from core.queries import said, today
from liaison.choices import AssistanceFile, AssistanceOutcome, AssistanceState
from liaison.models import AssistanceRequest
from liaison.workflow import ASSISTANCE

REASON_LENGTH = 300
FILES_MAX = 30
FIELDS = {AssistanceFile.PHOTO: "photos", AssistanceFile.RECEIPT: "receipts", AssistanceFile.INSTRUMENT: "instruments"}


def store(
    request: AssistanceRequest, upload: UploadedFile, kind: AssistanceFile, by: User, recorded_at: datetime
) -> StoredFile:
    try:
        return store_file(
            upload=upload,
            by=by,
            subject=request,
            town_code=request.town_code,
            kind=kind,
            accept=PICTURES if kind == AssistanceFile.PHOTO else CASE_FILES,
            shown_small=True,
            recorded_at=recorded_at,
        )
    except Refused as refused:
        raise Refused(refused.message, hint=refused.hint, field=FIELDS[kind]) from refused


def take(request_id: UUID, verb: str, *, by: User, version: int | None = None) -> AssistanceRequest:
    """The request, locked until commit, when `verb` may be done by this person in its state.

    Raises NotAllowed, Conflict (somebody was first: says who and what), Refused (not in this state).
    """
    rows = AssistanceRequest.objects.select_for_update(of=("self",)).select_related(
        "point__town", "sent_by", "handler", "answered_by", "done_by", "received_by", "withdrawn_by"
    )
    request, step = rows.get(pk=request_id), ASSISTANCE[verb]
    require(by, f"liaison.{verb}_assistance", request, message=f"「{step.label}」由{step.who}办。")
    if version is not None and version != request.version:
        raise Conflict(f"没有保存：{last_step(request)}", hint="请看过再决定。")
    if request.state not in step.sources:
        raise Refused(
            f"这一件现在是「{request.get_state_display()}」，不能{step.label}。", hint="请刷新页面，看看下一步是什么。"
        )
    return request


def last_step(request: AssistanceRequest) -> str:
    """Who did the last thing and what it is now, as whoever comes second is told."""
    if request.state == AssistanceState.ACCEPTED and (sent_back := request.returns.last()):
        return f"{sent_back.returned_by}已经退回重办（{said(sent_back.returned_on)}），由{request.handler}去办。"
    who, day = {
        AssistanceState.ACCEPTED: (request.answered_by, request.answered_on),
        AssistanceState.DECLINED: (request.answered_by, request.answered_on),
        AssistanceState.DONE: (request.done_by, request.done_on),
        AssistanceState.FAILED: (request.done_by, request.done_on),
        AssistanceState.RECEIVED: (request.received_by, request.received_on),
        AssistanceState.WITHDRAWN: (request.withdrawn_by, request.withdrawn_on),
    }.get(AssistanceState(request.state), (request.sent_by, request.sent_on))
    handled = f"，由{request.handler}去办" if request.state == AssistanceState.ACCEPTED else ""
    return (
        f"{who}已经先办了（{said(day or request.sent_on)}），这一件现在是「{request.get_state_display()}」{handled}。"
    )


def move(request: AssistanceRequest, verb: str, *fields: str) -> None:
    """Into the state of the step, one version on."""
    request.state = ASSISTANCE[verb].target or request.state
    request.version += 1
    request.save(update_fields=["state", "version", *fields])


def report(request: AssistanceRequest, outcome: AssistanceOutcome, *, by: User, on: date, when: datetime) -> None:
    """What both ends have in common: day, person, outcome; set, not saved."""
    request.outcome, request.done_on, request.done_by, request.done_recorded_at = outcome, on, by, when


def check_day(day: date, field: str, *, after: date | None = None) -> None:
    """A day that has been, not before the step before it."""
    if day > today():
        raise Refused(f"不能晚于今天（{cn_full_date(today())}）。", field=field)
    if after and day < after:
        raise Refused(f"不能早于{cn_full_date(after)}，那一天才办到上一步。", field=field)


def given_reason(text: str, missing: str) -> str:
    """The reason without blanks around it. Raises Refused (field `reason`) for none, or one too long."""
    if not text.strip():
        raise Refused(missing, field="reason")
    if len(text.strip()) > REASON_LENGTH:
        raise Refused(f"理由最多 {REASON_LENGTH} 个字。", field="reason")
    return text.strip()


def tell(request: AssistanceRequest, person: User, text: str, recorded_at: datetime | None) -> None:
    """A message that names the court's file, never the person it is about."""
    text = f"{request.court_number}：{text}"
    notify(recipient=person, text=text, url=request.get_absolute_url(), recorded_at=recorded_at)


def note(request: AssistanceRequest, verb: str, *, by: User | None, **facts: object) -> None:
    """The act in the audit trail: no name, no address, no result."""
    said_facts = {name: value.isoformat() if isinstance(value, date) else value for name, value in facts.items()}
    detail = {"number": request.court_number, "state": request.state, **said_facts}
    audit.record(f"assistance.{verb}", by=by, subject=request, division_code=request.town_code, detail=detail)
