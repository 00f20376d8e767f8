"""The town's side of judicial confirmation: the draft, the joint submission, what the court asked to be mended."""

from collections.abc import Collection, Mapping
from datetime import date, datetime

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from core.access import allowed
from core.actions import audit
from core.actions.deadlines import settle_deadline, start_deadline
from core.actions.outbox import mark_dirty
from core.errors import NotAllowed, Refused
from core.models import User
from core.queries import today
from disputes.choices import EventKind
from mediation.actions.confirmation_steps import (
    check,
    check_on,
    court_url,
    dispute_of,
    notify_court,
    open_notice,
    save,
    take,
    tell,
    write_audit,
)
from mediation.checklist import CheckItem, as_json, obstacle
from mediation.choices import OPEN_CONFIRMATIONS, ConfirmationState, MaterialKind
from mediation.models import Agreement, ConfirmationMaterial, ConfirmationRequest
from mediation.precheck import materials_for, precheck
from mediation.queries.confirmations import clerk_of, tribunal_name_of
from mediation.queries.precheck_facts import facts_of

DRAFT_FIELDS = ("joint_application", "promise_made", "answers", "precheck")
ANSWER_LENGTH, DELIVERY_LENGTH = 300, 500


@transaction.atomic
def save_draft(
    *,
    agreement_id: int,
    by: User,
    joint: bool = False,
    promise: bool = False,
    materials: Collection[str] = (),
    answers: Mapping[str, str] | None = None,
    on: date | None = None,
    version: int | None = None,
    recorded_at: datetime | None = None,
) -> ConfirmationRequest:
    """Keep what is ready of an application so far. The first call makes the draft, one per agreement.

    `on`: the day on which it is to reach the court, today unless it already has.
    Effects: the request, its materials, audit. The town alone sees it.
    """
    agreement = _locked_agreement(agreement_id, by=by)
    request = _open_request(agreement)
    if request is None:
        request = _new_draft(agreement, by=by, recorded_at=recorded_at)
    else:
        check(request, verb="prepare", by=by, version=version)
    received_on, answers = on or today(), answers or {}
    _write_draft(request, joint=joint, promise=promise, materials=materials, answers=answers, on=received_on)
    save(request, *DRAFT_FIELDS)
    write_audit(request, "prepare", by=by, materials=sorted(materials))
    return request


@transaction.atomic
def submit_confirmation(
    *,
    agreement_id: int,
    by: User,
    on: date,
    joint: bool,
    promise: bool,
    materials: Collection[str],
    answers: Mapping[str, str] | None = None,
    version: int | None = None,
    recorded_at: datetime | None = None,
) -> ConfirmationRequest:
    """File the joint application; the court receives it on `on`. Sent twice it is one submission.

    Raises Refused while the pre-check has a failed item or one without its sentence. Effects: materials,
    pre-check snapshot, state; event; confirm_apply settled, confirm_accept started; messages; audit.
    """
    agreement = _locked_agreement(agreement_id, by=by)
    request = _open_request(agreement)
    if request and request.state != ConfirmationState.DRAFT and request.submitted_by_id == by.pk:
        return request
    if request is None:
        request = _new_draft(agreement, by=by, recorded_at=recorded_at)
        version = None
    check(request, verb="submit", by=by, version=version)
    check_on(on, after=None)
    items = _write_draft(request, joint=joint, promise=promise, materials=materials, answers=answers or {}, on=on)
    if why := obstacle(items, request.answers):
        raise Refused(why, hint="请先补齐下面标出的各项。")
    _submit(request, by=by, on=on, recorded_at=recorded_at or timezone.now())
    _after_submission(request, by=by, on=on, recorded_at=recorded_at)
    return request


@transaction.atomic
def discard_draft(*, request_id: int, by: User, version: int | None = None) -> None:
    """Throw a draft away: nothing was filed, nothing stays but the audit row."""
    request = take(request_id, verb="discard", by=by, version=version)
    dispute, detail = dispute_of(request), {"agreement": request.agreement.number}
    request.delete()
    audit.record("confirmation.discard", by=by, subject=dispute, division_code=dispute.town_code, detail=detail)


def _locked_agreement(agreement_id: int, *, by: User) -> Agreement:
    """The agreement, locked, so that of two submissions at once the second finds the first."""
    rows = Agreement.objects.select_for_update(of=("self",))
    agreement = rows.select_related("mediation__dispute__handler", "mediation__organisation").get(pk=agreement_id)
    dispute = agreement.mediation.dispute
    if not allowed(by, "mediation.file_confirmation", dispute):
        who = f"承办的调解员{dispute.handler}" if dispute.handler else "承办的调解员"
        raise NotAllowed(f"协助双方申请司法确认由{who}办。")
    return agreement


def _open_request(agreement: Agreement) -> ConfirmationRequest | None:
    request = agreement.confirmation_requests.filter(state__in=OPEN_CONFIRMATIONS).first()
    if request:
        request.agreement = agreement
    return request


def _new_draft(agreement: Agreement, *, by: User, recorded_at: datetime | None) -> ConfirmationRequest:
    dispute = agreement.mediation.dispute
    request = ConfirmationRequest.objects.create(
        agreement=agreement,
        town_code=dispute.town_code,
        court=settings.COURT_NAME,
        tribunal=tribunal_name_of(dispute.town_code),
        prepared_by=by,
        recorded_at=recorded_at or timezone.now(),
    )
    return request


def _write_draft(
    request: ConfirmationRequest,
    *,
    joint: bool,
    promise: bool,
    materials: Collection[str],
    answers: Mapping[str, str],
    on: date,
) -> tuple[CheckItem, ...]:
    """Put the facts into the request and run the pre-check on them as if the court received it on `on`."""
    facts = facts_of(
        request.agreement, applied_on=on, joint=joint, promise=promise, materials=materials, besides=request
    )
    request.joint_application, request.promise_made = joint, promise
    request.answers = {key: text.strip()[:ANSWER_LENGTH] for key, text in answers.items() if text.strip()}
    items = precheck(facts)
    request.precheck = as_json(items)
    _tick_materials(request, needed=materials_for(facts), present=materials)
    return items


def _tick_materials(
    request: ConfirmationRequest, *, needed: Collection[MaterialKind], present: Collection[str]
) -> None:
    request.materials.exclude(kind__in=needed).delete()
    rows = [ConfirmationMaterial(request=request, kind=kind, present=kind in present) for kind in needed]
    ConfirmationMaterial.objects.bulk_create(
        rows, update_conflicts=True, unique_fields=["request", "kind"], update_fields=["present"]
    )


def _submit(request: ConfirmationRequest, *, by: User, on: date, recorded_at: datetime) -> None:
    request.state = ConfirmationState.SUBMITTED
    request.submitted_on = request.received_on = on
    request.submitted_by, request.submitted_recorded_at = by, recorded_at
    request.clerk = clerk_of(request.town_code)
    save(
        request,
        *DRAFT_FIELDS,
        "state",
        "submitted_on",
        "received_on",
        "submitted_by",
        "submitted_recorded_at",
        "clerk",
    )


def _after_submission(request: ConfirmationRequest, *, by: User, on: date, recorded_at: datetime | None) -> None:
    text = "双方共同申请司法确认"
    tell(request, EventKind.CONFIRMATION_SUBMITTED, on=on, by=by, text=text, by_court=False, recorded_at=recorded_at)
    settle_deadline(kind="confirm_apply", subject=request.agreement, on=on)
    start_accept_period(request, base_on=on, recorded_at=recorded_at)
    notice = f"{dispute_of(request).title}：双方申请司法确认，请决定是否受理。"
    notify_court(request, [request.clerk], notice, recorded_at=recorded_at)
    mark_dirty(town_code=request.town_code, on=on)
    write_audit(request, "submit", by=by, on=on, agreement=request.agreement.number)


def start_accept_period(request: ConfirmationRequest, *, base_on: date, recorded_at: datetime | None) -> None:
    """Three days for the court to decide on acceptance; nobody's until a clerk claims it where several could."""
    start_deadline(
        kind="confirm_accept",
        subject=request,
        town_code=request.town_code,
        base_on=base_on,
        responsible=request.clerk,
        subject_text=dispute_of(request).title,
        url=court_url(request),
        recorded_at=recorded_at,
    )


@transaction.atomic
def deliver_correction(
    *,
    request_id: int,
    by: User,
    on: date,
    answer: str,
    version: int | None = None,
    recorded_at: datetime | None = None,
) -> ConfirmationRequest:
    """Hand in what the court asked for before acceptance; the three days start anew from `on` (解释 126, 208).

    Effects: notice answered, pre-check run again, state; event; confirm_supplement settled, confirm_accept
    started; messages; audit.
    """
    request = take(request_id, verb="deliver_correction", by=by, version=version)
    _answer_notice(request, on=on, answer=answer)
    request.state = ConfirmationState.SUBMITTED
    _check_again(request)
    save(request, "state", "precheck", "opinions")
    _after_delivery(request, by=by, on=on, answer=answer, verb="deliver_correction", recorded_at=recorded_at)
    return request


@transaction.atomic
def deliver_supplement(
    *,
    request_id: int,
    by: User,
    on: date,
    answer: str,
    version: int | None = None,
    recorded_at: datetime | None = None,
) -> ConfirmationRequest:
    """Hand in what the court asked for after acceptance; the court's own days have run on unchanged (解释 356).

    Effects: notice answered, pre-check run again, state; event; confirm_supplement settled; messages; audit.
    """
    request = take(request_id, verb="deliver_supplement", by=by, version=version)
    _answer_notice(request, on=on, answer=answer)
    request.state = ConfirmationState.ACCEPTED
    _check_again(request)
    save(request, "state", "precheck", "opinions")
    _after_delivery(request, by=by, on=on, answer=answer, verb="deliver_supplement", recorded_at=recorded_at)
    return request


def _answer_notice(request: ConfirmationRequest, *, on: date, answer: str) -> None:
    notice = open_notice(request)
    check_on(on, after=notice.asked_on)
    if not answer.strip():
        raise Refused("请写补了什么。", field="answer")
    if len(answer) > DELIVERY_LENGTH:
        raise Refused(f"最多 {DELIVERY_LENGTH} 个字。", field="answer")
    notice.delivered_on, notice.answer = on, answer.strip()
    notice.save(update_fields=["delivered_on", "answer"])


def _check_again(request: ConfirmationRequest) -> None:
    """The pre-check on today's facts; what the court had found wanting is open again, what it accepted stays."""
    facts = facts_of(
        request.agreement,
        applied_on=request.submitted_on or today(),
        joint=request.joint_application,
        promise=request.promise_made,
        materials=request.materials.filter(present=True).values_list("kind", flat=True),
        besides=request,
    )
    request.precheck = as_json(precheck(facts))
    request.opinions = {key: opinion for key, opinion in request.opinions.items() if opinion["ok"]}


def _after_delivery(
    request: ConfirmationRequest, *, by: User, on: date, answer: str, verb: str, recorded_at: datetime | None
) -> None:
    word = "补正" if verb == "deliver_correction" else "补充"
    kind = EventKind.SUPPLEMENT_DELIVERED
    text = f"已向法院交{word}材料"
    tell(request, kind, on=on, by=by, text=text, detail=answer, by_court=False, recorded_at=recorded_at)
    settle_deadline(kind="confirm_supplement", subject=request, on=on)
    if request.state == ConfirmationState.SUBMITTED:
        start_accept_period(request, base_on=on, recorded_at=recorded_at)
    notice = f"{dispute_of(request).title}：{word}材料已交来。"
    notify_court(request, [request.judge or request.clerk], notice, recorded_at=recorded_at)
    write_audit(request, verb, by=by, on=on)
