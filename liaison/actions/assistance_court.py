"""What the court does with a request it has sent: receives the result, sends it back, withdraws the request."""

from datetime import date, datetime
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from core.actions.deadlines import settle_all, start_deadline
from core.clock_face import cn_full_date
from core.errors import Refused
from core.models import User
from core.privacy import mask_text
from core.queries import today
from liaison.actions.assistance_steps import check_day, given_reason, move, note, take, tell
from liaison.models import AssistanceRequest, AssistanceReturn
from liaison.queries.assistance import DUE, officers_of


@transaction.atomic
def receive_result(
    *, request_id: UUID, by: User, on: date, version: int | None = None, recorded_at: datetime | None = None
) -> AssistanceRequest:
    """The court has the result and the signed papers. Effects: state; message to who went; audit."""
    request = take(request_id, "receive", by=by, version=version)
    check_day(on, "on", after=request.done_on)
    request.received_on, request.received_by = on, by
    move(request, "receive", "received_on", "received_by")
    if request.handler:
        tell(request, request.handler, "法院已收讫，这一件了结。", recorded_at)
    note(request, "receive", by=by, on=on)
    return request


@transaction.atomic
def send_back(
    *,
    request_id: UUID,
    by: User,
    on: date,
    reason: str,
    due_on: date,
    version: int | None = None,
    recorded_at: datetime | None = None,
) -> AssistanceRequest:
    """The proof cannot be used: the point does it again until the new day.

    The files stay; what was noted stays as a draft for the next result; the place of the visit goes at once.
    Effects: the sending back, state, a deadline of who goes, messages, audit.
    """
    request = take(request_id, "send_back", by=by, version=version)
    check_day(on, "on", after=request.done_on)
    reason = given_reason(reason, "请写明哪里不能用、要补什么。")
    _check_new_day(due_on, on)
    _keep_return(request, reason, due_on, by, on, recorded_at or timezone.now())
    had_location = request.has_location
    request.outcome, request.done_on, request.done_by, request.done_recorded_at = "", None, None, None
    request.location, request.has_location, request.due_on = "", False, due_on
    move(
        request, "send_back", "outcome", "done_on", "done_by", "done_recorded_at", "location", "has_location", "due_on"
    )
    start_deadline(
        kind=DUE,
        subject=request,
        town_code=request.town_code,
        base_on=on,
        due_on=due_on,
        responsible=request.handler,
        subject_text=f"{request.get_kind_display()}　{request.court_number}",
        url=request.get_absolute_url(),
        recorded_at=recorded_at,
    )
    _tell_all(request, f"法院退回重办，最后一日 {cn_full_date(due_on)}：{reason}", by, recorded_at)
    note(request, "send_back", by=by, on=on, due_on=due_on, reason=mask_text(reason), location_dropped=had_location)
    return request


def _check_new_day(due_on: date, on: date) -> None:
    if due_on <= max(on, today()):
        raise Refused("重办的最后一日要晚于今天。", hint="给镇里留出再去一次的时间。", field="due_on")


def _keep_return(
    request: AssistanceRequest, reason: str, due_on: date, by: User, on: date, recorded_at: datetime
) -> None:
    AssistanceReturn.objects.create(
        request=request,
        reason=reason,
        due_on=due_on,
        returned_on=on,
        returned_by=by,
        recorded_at=recorded_at,
        outcome=request.outcome,
        done_on=request.done_on or on,
        done_by=request.done_by or by,
    )


@transaction.atomic
def withdraw_request(
    *,
    request_id: UUID,
    by: User,
    on: date,
    reason: str,
    version: int | None = None,
    recorded_at: datetime | None = None,
) -> AssistanceRequest:
    """The court needs it no more; nobody goes. Effects: state; the deadline settled; messages; audit."""
    request = take(request_id, "withdraw", by=by, version=version)
    check_day(on, "on", after=request.answered_on or request.sent_on)
    request.withdrawn_because = given_reason(reason, "请写明为什么撤回。")
    request.withdrawn_on, request.withdrawn_by = on, by
    move(request, "withdraw", "withdrawn_on", "withdrawn_by", "withdrawn_because")
    settle_all(subject=request, on=on, settled_as="withdrawn")
    _tell_all(request, f"法院已撤回，不用再办：{request.withdrawn_because}", by, recorded_at)
    note(request, "withdraw", by=by, on=on, reason=mask_text(request.withdrawn_because))
    return request


def _tell_all(request: AssistanceRequest, text: str, by: User, recorded_at: datetime | None) -> None:
    """Who goes, the town's officers, who asked; not who acts."""
    people = [*([request.handler] if request.handler else []), *officers_of(request.town_code), request.sent_by]
    for person in dict.fromkeys(people):
        if person != by:
            tell(request, person, text, recorded_at)
