"""The court's work on a request before the ruling: claim, completion, acceptance, opinions, drafts, extension."""

from collections.abc import Mapping
from datetime import date, datetime

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from core.actions.deadlines import assign_deadlines, extend_deadline, settle_deadline, start_deadline
from core.actions.outbox import mark_dirty
from core.choices import Role
from core.errors import Refused
from core.models import User
from core.queries import said
from core.scope import covers
from disputes.choices import EventKind
from mediation import case_numbers
from mediation.actions.confirmation_steps import (
    check_on,
    court_url,
    dispute_of,
    notify_court,
    notify_town,
    open_deadline,
    save,
    take,
    tell,
    write_audit,
)
from mediation.checklist import from_json, weighed
from mediation.choices import ConfirmationState
from mediation.models import ConfirmationRequest, ConfirmationSerial, SupplementNotice
from mediation.queries.confirmations import judge_of_town, judges_to_name
from mediation.workflow import CONFIRMATION

NUMBER_LENGTH, WHAT_LENGTH, OPINION_LENGTH, GROUNDS_LENGTH, NAME_LENGTH = 60, 500, 300, 1000, 60
EXTENSION_DAYS = 10  # 法释〔2011〕5号 5


@transaction.atomic
def claim_request(*, request_id: int, by: User, version: int | None = None) -> ConfirmationRequest:
    """Take a request on as its clerk: the days for acceptance become this clerk's. Effects: clerk, deadline, audit."""
    request = take(request_id, verb="claim", by=by, version=version)
    if request.clerk_id == by.pk:
        return request
    request.clerk = by
    save(request, "clerk")
    assign_deadlines(subject=request, responsible=by, kinds=["confirm_accept"])
    write_audit(request, "claim", by=by)
    return request


# ── completion ───────────────────────────────────────────────────────────────
@transaction.atomic
def ask_correction(
    *,
    request_id: int,
    by: User,
    on: date,
    what: str,
    due_on: date,
    version: int | None = None,
    recorded_at: datetime | None = None,
) -> ConfirmationRequest:
    """通知补正 before acceptance (解释 354): the court sets the day, its own three days start anew on delivery.

    Effects: notice, state; event; confirm_accept settled, confirm_supplement started; messages; audit.
    """
    request = take(request_id, verb="ask_correction", by=by, version=version)
    check_on(on, after=request.received_on)
    settle_deadline(kind="confirm_accept", subject=request, on=on, settled_as="restarts")
    _ask(request, "ask_correction", by=by, on=on, what=what, due_on=due_on, recorded_at=recorded_at)
    return request


@transaction.atomic
def ask_supplement(
    *,
    request_id: int,
    by: User,
    on: date,
    what: str,
    due_on: date,
    version: int | None = None,
    recorded_at: datetime | None = None,
) -> ConfirmationRequest:
    """通知补充 after acceptance (解释 356): the days for the ruling run on unchanged.

    Effects: notice, state; event; confirm_supplement started; messages; audit.
    """
    request = take(request_id, verb="ask_supplement", by=by, version=version)
    check_on(on, after=request.accepted_on)
    _ask(request, "ask_supplement", by=by, on=on, what=what, due_on=due_on, recorded_at=recorded_at)
    return request


def _ask(
    request: ConfirmationRequest,
    verb: str,
    *,
    by: User,
    on: date,
    what: str,
    due_on: date,
    recorded_at: datetime | None,
) -> None:
    _check_text(what, field="what", missing="请写明要补什么。", longest=WHAT_LENGTH)
    step, dispute = CONFIRMATION[verb], dispute_of(request)
    SupplementNotice.objects.create(
        request=request,
        after_acceptance=verb == "ask_supplement",
        what=what.strip(),
        asked_on=on,
        due_on=due_on,
        asked_by=by,
    )
    request.state = step.target
    save(request, "state")
    text = f"法院{step.label}，{said(due_on)}前交"
    tell(request, EventKind.SUPPLEMENT_ASKED, on=on, by=by, text=text, detail=what, recorded_at=recorded_at)
    start_deadline(
        kind="confirm_supplement",
        subject=request,
        town_code=request.town_code,
        base_on=on,
        due_on=due_on,
        responsible=dispute.handler,
        subject_text=dispute.title,
        url=dispute.get_absolute_url(),
        recorded_at=recorded_at,
    )
    notify_town(request, f"{dispute.title}：{text}。{what}", recorded_at=recorded_at)
    write_audit(request, verb, by=by, on=on, due_on=due_on)


def _check_text(text: str, *, field: str, missing: str, longest: int) -> None:
    if not text.strip():
        raise Refused(missing, field=field)
    if len(text) > longest:
        raise Refused(f"最多 {longest} 个字，现在有 {len(text)} 个。", field=field)


# ── acceptance ───────────────────────────────────────────────────────────────
@transaction.atomic
def accept_request(
    *,
    request_id: int,
    by: User,
    on: date,
    number: str = "",
    judge: User | None = None,
    version: int | None = None,
    recorded_at: datetime | None = None,
) -> ConfirmationRequest:
    """Accept a request: number, judge, both clocks of the ruling (法释〔2011〕5号 4, 5; 民诉法 187).

    Without a number the next one of the court's pattern is taken; without a judge the town's.
    Effects: state, number, judge; event; confirm_accept settled, confirm_decide and confirm_decide_max
    started; messages; the town's month is counted anew; audit.
    """
    request = take(request_id, verb="accept", by=by, version=version)
    check_on(on, after=request.received_on)
    request.number = _numbered(number, year=on.year)
    request.judge = _judge_for(request, judge, on=on)
    request.state = ConfirmationState.ACCEPTED
    request.accepted_on, request.accepted_by = on, by
    request.accepted_recorded_at = recorded_at or timezone.now()
    request.clerk = request.clerk or by
    save(request, "state", "number", "judge", "accepted_on", "accepted_by", "accepted_recorded_at", "clerk")
    _after_acceptance(request, by=by, on=on, recorded_at=recorded_at)
    return request


@transaction.atomic
def accept_several(*, versions: Mapping[int, int], by: User, on: date) -> list[ConfirmationRequest]:
    """Accept all the named requests (id → version seen), or none. Only those whose pre-check passed entirely."""
    if not versions:
        raise Refused("还没有勾选要受理的。")
    waiting = ConfirmationRequest.objects.filter(pk__in=versions, state=ConfirmationState.SUBMITTED)
    mixed = [request for request in waiting if not passed_entirely(request)]
    if mixed:
        raise Refused(f"所选的有 {len(mixed)} 件预审没有全部通过，不能一并受理。", hint="请逐件打开办理。")
    return [
        accept_request(request_id=request_id, by=by, on=on, version=version)
        for request_id, version in sorted(versions.items())
    ]


def passed_entirely(request: ConfirmationRequest) -> bool:
    """Whether every item of the pre-check passed or was found good by the court."""
    items = weighed(from_json(request.precheck), request.opinions)
    return bool(items) and all(item.passed for item in items)


def _numbered(number: str, *, year: int) -> str:
    """The number as it will stand; numbers of the pattern move the year's serial on, others leave it alone."""
    pattern = settings.CONFIRMATION_NUMBER_PATTERN
    typed = case_numbers.normalised(number)
    if len(typed) > NUMBER_LENGTH:
        raise Refused(f"案号最多 {NUMBER_LENGTH} 个字。", field="number")
    if not typed:
        serial = _serial(year)
        serial.last += 1
        serial.save(update_fields=["last"])
        typed = case_numbers.proposed(pattern, year=year, serial=serial.last)
    elif found := case_numbers.serial_in(pattern, typed):
        serial = _serial(found[0])
        serial.last = max(serial.last, found[1])
        serial.save(update_fields=["last"])
    if ConfirmationRequest.objects.filter(number=typed).exists():
        raise Refused(f"案号{typed}已经用过。", hint="请换一个，或者清空后由系统取下一个。", field="number")
    return typed


def _serial(year: int) -> ConfirmationSerial:
    ConfirmationSerial.objects.get_or_create(year=year)
    return ConfirmationSerial.objects.select_for_update().get(year=year)


def _judge_for(request: ConfirmationRequest, judge: User | None, *, on: date) -> User:
    chosen = judge or judge_of_town(request.town_code, on)
    if chosen is None:
        raise Refused("这个镇（街）还没有包点法官，请选择由谁承办。", field="judge")
    if chosen.role != Role.JUDGE or not covers(chosen.scope_codes, request.town_code):
        raise Refused(f"{chosen}不是这个镇（街）的法官，不能承办。", field="judge")
    if judge and judge not in judges_to_name(request.town_code):
        raise Refused(
            f"今天是{judge}在这个镇（街）的最后一天，不能再承办新的。", hint="请另选一名法官。", field="judge"
        )
    return chosen


def _after_acceptance(request: ConfirmationRequest, *, by: User, on: date, recorded_at: datetime | None) -> None:
    dispute = dispute_of(request)
    text = f"法院受理，{request.number}"
    detail = f"承办法官 {request.judge}。"
    tell(request, EventKind.CONFIRMATION_ACCEPTED, on=on, by=by, text=text, detail=detail, recorded_at=recorded_at)
    settle_deadline(kind="confirm_accept", subject=request, on=on)
    for kind in ("confirm_decide", "confirm_decide_max"):
        start_deadline(
            kind=kind,
            subject=request,
            town_code=request.town_code,
            base_on=on,
            responsible=request.judge,
            subject_text=dispute.title,
            url=court_url(request),
            recorded_at=recorded_at,
        )
    notify_town(request, f"{dispute.title}：{text}。", recorded_at=recorded_at)
    notify_court(request, [request.judge], f"{dispute.title}：已受理，请审查裁定。", recorded_at=recorded_at)
    mark_dirty(town_code=request.town_code, on=on)
    write_audit(request, "accept", by=by, on=on, number=request.number, judge=str(request.judge))


@transaction.atomic
def assign_judge(
    *, request_id: int, by: User, on: date, judge: User, version: int | None = None
) -> ConfirmationRequest:
    """Give an accepted request to another judge of the town. Effects: judge, deadlines, message, audit."""
    request = take(request_id, verb="assign_judge", by=by, version=version)
    old, request.judge = request.judge, _judge_for(request, judge, on=on)
    save(request, "judge")
    assign_deadlines(subject=request, responsible=request.judge, kinds=["confirm_decide", "confirm_decide_max"])
    notify_court(request, [old, request.judge], f"{dispute_of(request).title}：改由{request.judge}法官承办。")
    write_audit(request, "assign_judge", by=by, judge={"old": str(old), "new": str(request.judge)})
    return request


# ── opinions and drafts ──────────────────────────────────────────────────────
@transaction.atomic
def weigh_check(
    *, request_id: int, key: str, ok: bool, text: str, by: User, on: date, version: int | None = None
) -> ConfirmationRequest:
    """The court's opinion on one item of the pre-check; 不行 needs a sentence. Effects: opinion, audit."""
    request = take(request_id, verb="weigh", by=by, version=version)
    if key not in {item.key for item in from_json(request.precheck)}:
        raise Refused("预审里没有这一项。", hint="请刷新页面。")
    if not ok:
        _check_text(text, field="text", missing="认为不行的，请写一句为什么。", longest=OPINION_LENGTH)
    opinion = {"ok": ok, "text": text.strip()[:OPINION_LENGTH], "by": str(by), "on": on.isoformat()}
    request.opinions = {**request.opinions, key: opinion}
    save(request, "opinions")
    write_audit(request, "weigh", by=by, item=key, ok=ok)
    return request


@transaction.atomic
def draft_ruling(
    *,
    request_id: int,
    verb: str,
    by: User,
    on: date,
    grounds: str,
    ground_key: str = "",
    version: int | None = None,
) -> ConfirmationRequest:
    """Prepare a ruling for the judge: which one, on which ground, in which words. It decides nothing.

    Effects: draft, message to the judge, audit. The town does not see it.
    """
    request = take(request_id, verb="draft_ruling", by=by, version=version)
    step = CONFIRMATION.get(verb)
    if step is None or not step.ruling or request.state not in step.sources:
        raise Refused("这一步现在不能裁定，请另选。", field="verb")
    _check_text(grounds, field="grounds", missing="请写裁定理由。", longest=GROUNDS_LENGTH)
    request.ruling_draft = {
        "verb": verb,
        "ground_key": ground_key,
        "grounds": grounds.strip(),
        "by": str(by),
        "on": on.isoformat(),
    }
    save(request, "ruling_draft")
    if request.judge_id != by.pk:
        notify_court(request, [request.judge], f"{dispute_of(request).title}：{by}起草了「{step.label}」。")
    write_audit(request, "draft_ruling", by=by, ruling=verb)
    return request


# ── more time ────────────────────────────────────────────────────────────────
@transaction.atomic
def extend_decision(
    *,
    request_id: int,
    by: User,
    on: date,
    president: str,
    version: int | None = None,
    recorded_at: datetime | None = None,
) -> ConfirmationRequest:
    """Ten more days for the ruling with the court president's approval, who is named (法释〔2011〕5号 5).

    The thirty days of 民诉法 187 are not touched. Effects: deadline, request; event; audit.
    """
    request = take(request_id, verb="extend", by=by, version=version)
    check_on(on, after=request.accepted_on)
    _check_text(president, field="president", missing="请写明批准的院长姓名。", longest=NAME_LENGTH)
    deadline = open_deadline(request, "confirm_decide")
    if deadline is None:
        raise Refused("审查期限没有在走，不能延长。", hint="请刷新页面。")
    request.extension_approved_by = president.strip()
    save(request, "extension_approved_by")
    extend_deadline(deadline_id=deadline.pk, days=EXTENSION_DAYS, approved_by=f"院长{president.strip()}", by=by)
    text = f"审查期限延长{EXTENSION_DAYS}日，院长{president.strip()}批准"
    tell(request, EventKind.PERIOD_EXTENDED, on=on, by=by, text=text, recorded_at=recorded_at)
    write_audit(request, "extend", by=by, on=on, president=president.strip())
    return request
