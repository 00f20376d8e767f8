"""The town asks a judge for guidance on a dispute; the judge of the town answers (人民调解法 5, the plan 四(二)1)."""

from datetime import date, datetime

from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from core.access import require
from core.actions import audit
from core.actions.notifications import notify
from core.errors import Conflict, Refused
from core.models import User
from core.queries import today
from disputes.actions.events import record_event
from disputes.actions.states import lock_dispute
from disputes.choices import EventKind
from disputes.limits import check_day
from mediation.choices import GuidanceMode
from mediation.models import GuidanceRequest
from mediation.queries.confirmations import judge_of_town, judges_of

QUESTION_LENGTH, ANSWER_LENGTH, SHOWN = 2000, 4000, 80


@transaction.atomic
def ask_guidance(
    *,
    dispute_id: int,
    question: str,
    by: User,
    on: date,
    mode: str = GuidanceMode.ONLINE,
    urgent: bool = False,
    recorded_at: datetime | None = None,
) -> GuidanceRequest:
    """Ask the judge of the town. Effects: question, event, message to the judge (urgent if asked so), audit."""
    dispute = lock_dispute(dispute_id)
    require(by, "mediation.ask_guidance", dispute, message="请法官指导由承办的调解员提出。")
    check_day(on, today=today())
    _check_text(question, field="question", missing="请写要问什么。", longest=QUESTION_LENGTH)
    if mode not in GuidanceMode.values:
        raise Refused("请选择方式。", field="mode")
    asked = GuidanceRequest.objects.create(
        dispute=dispute,
        town_code=dispute.town_code,
        question=question.strip(),
        urgent=urgent,
        mode=mode,
        asked_by=by,
        asked_on=on,
        recorded_at=recorded_at or timezone.now(),
    )
    text = f"请法官指导（{GuidanceMode(mode).label}）"
    record_event(
        dispute, EventKind.GUIDANCE_ASKED, on=on, by=by, text=text, detail=question.strip(), recorded_at=recorded_at
    )
    judge = judge_of_town(dispute.town_code, on)
    for person in [judge] if judge else judges_of(dispute.town_code):
        url = reverse("court:guidance-answer", args=[asked.pk])
        words = f"{dispute.title}：{question.strip()[:SHOWN]}"
        notify(recipient=person, text=words, url=url, urgent=urgent, recorded_at=recorded_at)
    _audit("guidance.ask", asked, by=by, urgent=urgent, mode=mode)
    return asked


@transaction.atomic
def answer_guidance(
    *, guidance_id: int, answer: str, by: User, on: date, recorded_at: datetime | None = None
) -> GuidanceRequest:
    """Answer a question; the first answer stands.

    Effects: answer, event, message to who asked and to who handles the dispute now, audit.
    """
    rows = GuidanceRequest.objects.select_for_update(of=("self",)).select_related(
        "dispute__handler", "asked_by", "answered_by"
    )
    asked = rows.get(pk=guidance_id)
    require(by, "mediation.answer_guidance", asked, message="答复由这个镇（街）的法官作出。")
    if asked.answered_on:
        raise Conflict(f"没有保存：{asked.answered_by}已经答复了这一问。", hint="您写的还在下面，请看过再决定。")
    check_day(on, today=today(), after=asked.asked_on)
    _check_text(answer, field="answer", missing="请写答复。", longest=ANSWER_LENGTH)
    asked.answer, asked.answered_by, asked.answered_on = answer.strip(), by, on
    asked.answered_recorded_at = recorded_at or timezone.now()
    asked.save(update_fields=["answer", "answered_by", "answered_on", "answered_recorded_at"])
    dispute = asked.dispute
    record_event(
        dispute,
        EventKind.GUIDANCE_ANSWERED,
        on=on,
        by=by,
        text=f"法官答复指导：{answer.strip()[:SHOWN]}",
        detail=answer.strip(),
        by_court=True,
        recorded_at=recorded_at,
    )
    text = f"{dispute.title}：{by}法官已答复。"
    for person in {user.pk: user for user in (asked.asked_by, dispute.handler) if user}.values():
        notify(recipient=person, text=text, url=dispute.get_absolute_url(), recorded_at=recorded_at)
    _audit("guidance.answer", asked, by=by)
    return asked


def _check_text(text: str, *, field: str, missing: str, longest: int) -> None:
    if not text.strip():
        raise Refused(missing, field=field)
    if len(text) > longest:
        raise Refused(f"最多 {longest} 个字，现在有 {len(text)} 个。", field=field)


def _audit(action: str, asked: GuidanceRequest, *, by: User, **facts: object) -> None:
    detail = {"dispute": asked.dispute.code, **facts}
    audit.record(action, by=by, subject=asked, division_code=asked.town_code, detail=detail)
