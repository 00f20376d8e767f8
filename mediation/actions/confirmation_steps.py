"""What every verb of a confirmation begins and ends with: the locked row, the right, the state; event, audit."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from django.urls import reverse
from django.utils import timezone

from core.access import allowed
from core.actions import audit
from core.actions.notifications import notify
from core.choices import Role
from core.errors import Conflict, NotAllowed, Refused
from core.models import AuditEntry, Deadline, User
from core.queries import today
from disputes.actions.events import record_event
from disputes.choices import EventKind
from disputes.limits import check_day
from disputes.models import Dispute
from disputes.queries import officers_of
from mediation.choices import ConfirmationState
from mediation.models import ConfirmationRequest, SupplementNotice
from mediation.workflow import CONFIRMATION, Step

RELATED = (
    "agreement__mediation__dispute__case_type",
    "agreement__mediation__dispute__handler",
    "agreement__mediation__organisation",
    "judge",
    "clerk",
)


def take(request_id: int, *, verb: str, by: User, version: int | None = None) -> ConfirmationRequest:
    """The request with its row locked, after asking: may this person, is the page fresh, does the state allow it.

    Raises NotAllowed, Conflict (somebody else was first; the sentence names them) or Refused.
    """
    rows = ConfirmationRequest.objects.select_for_update(of=("self",)).select_related(*RELATED)
    request = rows.get(pk=request_id)
    check(request, verb=verb, by=by, version=version)
    return request


def check(request: ConfirmationRequest, *, verb: str, by: User, version: int | None = None) -> None:
    """The three questions of `take`, for a row in hand."""
    step = CONFIRMATION[verb]
    if not allowed(by, f"mediation.{verb}_confirmation", request):
        raise NotAllowed(who_may(step, request))
    outdated = version is not None and version != request.version
    if request.state not in step.sources and (outdated or request.is_decided):
        raise Conflict(what_happened(request), hint="您写的还在下面，请看过再决定。")
    if request.state not in step.sources:
        raise Refused(f"这一件现在是「{request.get_state_display()}」，不能{step.label}。", hint=_way_on(request))
    if outdated:
        raise Conflict(what_happened(request), hint="您写的还在下面，请看过再决定。")


def who_may(step: Step, request: ConfirmationRequest) -> str:
    """Who does this step: 您能看这一件，但受理由立案人员办。"""
    if step.ruling and request.judge:
        return f"您能看这一件，但它由{request.judge}法官承办，{step.label}由承办法官作出。"
    if step.roles == {Role.MEDIATOR}:
        return f"您能看这一件，但{step.label}由承办的调解员办。"
    names = "、".join(Role(role).label for role in Role.values if role in step.roles)
    return f"您能看这一件，但{step.label}由{names}办。"


def what_happened(request: ConfirmationRequest) -> str:
    """Who was first, when, and what they did, from the audit trail."""
    label, pk = request._meta.label_lower, str(request.pk)
    last = AuditEntry.objects.filter(subject_label=label, subject_id=pk, success=True).order_by("-seq").first()
    state = f"这一件现在是「{request.get_state_display()}」。"
    if last is None:
        return f"没有保存：{state}"
    step = CONFIRMATION.get(last.action.removeprefix("confirmation."))
    at = timezone.localtime(last.at)
    moment = f"{at:%H:%M}" if at.date() == today() else f"{at.month}月{at.day}日 {at:%H:%M}"
    return f"没有保存：{last.actor_name} {moment} 先办了「{step.label if step else '修改'}」，{state}"


def _way_on(request: ConfirmationRequest) -> str:
    return {
        ConfirmationState.DRAFT: "要先由调解员协助双方提交。",
        ConfirmationState.SUBMITTED: "要先受理。",
        ConfirmationState.CORRECTING: "要等补正材料交来，或者由法官裁定。",
        ConfirmationState.ACCEPTED: "请刷新页面，看看下一步是什么。",
        ConfirmationState.SUPPLEMENTING: "要等补充材料交来，或者由法官裁定。",
    }[ConfirmationState(request.state)]


def check_on(on: date, *, after: date | None) -> None:
    """The day of a step: not to come, not before the step it follows. Raises Refused at `on`."""
    check_day(on, today=today(), after=after)


def save(request: ConfirmationRequest, *fields: str) -> None:
    """Save the named fields and the next version; a page opened before is stale from now on."""
    request.version += 1
    request.save(update_fields=[*fields, "version"])


def tell(
    request: ConfirmationRequest,
    kind: EventKind,
    *,
    on: date,
    by: User,
    text: str,
    detail: str = "",
    by_court: bool = True,
    recorded_at: datetime | None = None,
) -> None:
    """One line of the dispute's timeline."""
    record_event(
        dispute_of(request), kind, on=on, by=by, text=text, detail=detail, by_court=by_court, recorded_at=recorded_at
    )


def write_audit(request: ConfirmationRequest, verb: str, *, by: User, **detail: Any) -> None:
    """The audit row of a verb: call it last, the chain is locked until the commit."""
    facts = {"dispute": dispute_of(request).code, "state": request.state, **detail}
    shown = {name: value.isoformat() if isinstance(value, date) else value for name, value in facts.items()}
    audit.record(f"confirmation.{verb}", by=by, subject=request, division_code=request.town_code, detail=shown)


def notify_town(request: ConfirmationRequest, text: str, *, recorded_at: datetime | None = None) -> None:
    """Tell the mediator who handles the dispute and the town's liaison officers."""
    dispute = dispute_of(request)
    people = {user.pk: user for user in (dispute.handler, *officers_of(request.town_code)) if user}
    _notify(people.values(), text, dispute.get_absolute_url(), recorded_at)


def notify_court(
    request: ConfirmationRequest, people: Iterable[User | None], text: str, *, recorded_at: datetime | None = None
) -> None:
    """Tell those of the court's people who are known."""
    _notify({user.pk: user for user in people if user}.values(), text, court_url(request), recorded_at)


def _notify(people: Iterable[User], text: str, url: str, recorded_at: datetime | None) -> None:
    for user in people:
        notify(recipient=user, text=text, url=url, recorded_at=recorded_at)


def dispute_of(request: ConfirmationRequest) -> Dispute:
    return request.agreement.mediation.dispute


def court_url(request: ConfirmationRequest) -> str:
    return reverse("court:confirmation-review", args=[request.pk])


def open_notice(request: ConfirmationRequest) -> SupplementNotice:
    """The notice that waits for its answer: there is one while the request is being corrected or supplemented."""
    return request.supplements.select_for_update(of=("self",)).get(delivered_on=None)


def open_deadline(request: ConfirmationRequest, kind: str) -> Deadline | None:
    """The open deadline of `kind` that belongs to the request."""
    return Deadline.objects.about(request).open().filter(kind=kind).select_related("rule").first()
