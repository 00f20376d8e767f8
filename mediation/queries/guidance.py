"""Reads about guidance questions and entrustments: lists by what waits, one in hand."""

from typing import Any

from django.http import Http404

from core.access import require
from core.models import Deadline
from core.paging import Page, keyset_page
from disputes.models import Dispute
from mediation.choices import EntrustmentState
from mediation.models import Entrustment, GuidanceRequest

NOT_THERE = "没有这一件，或不在您的范围内。"
WAITING, ANSWERED = "waiting", "answered"
TO_ACCEPT, RUNNING, TO_RETURN, ENDED = "to_accept", "running", "to_return", "ended"
ENTRUSTMENT_STAGES = {
    TO_ACCEPT: ("待接收", (EntrustmentState.SENT,)),
    RUNNING: ("调解中", (EntrustmentState.ACCEPTED,)),
    TO_RETURN: ("待反馈", (EntrustmentState.SUCCEEDED, EntrustmentState.FAILED)),
    ENDED: ("已了结", (EntrustmentState.RETURNED, EntrustmentState.DECLINED, EntrustmentState.EXPIRED)),
}


# ── guidance ─────────────────────────────────────────────────────────────────
def guidance_page(user: Any, *, answered: bool, cursor: str = "") -> Page[GuidanceRequest]:
    """Questions that wait, urgent and oldest first; or the answered ones, newest first."""
    rows = GuidanceRequest.objects.visible_to(user).select_related(
        "dispute__case_type", "dispute__division__parent", "asked_by", "answered_by"
    )
    if answered:
        return keyset_page(rows.filter(answered_on__isnull=False), order=("-answered_on", "-pk"), cursor=cursor)
    return keyset_page(rows.filter(answered_on=None), order=("-urgent", "asked_on", "pk"), cursor=cursor)


def waiting_guidance(user: Any) -> int:
    """How many questions wait for an answer."""
    return GuidanceRequest.objects.visible_to(user).filter(answered_on=None).count()


def get_guidance(user: Any, pk: int) -> GuidanceRequest:
    """The question, if `user` may see it. Raises NotAllowed (role) or Http404 (scope)."""
    require(user, "mediation.view_guidance")
    rows = GuidanceRequest.objects.visible_to(user).select_related("dispute__case_type", "asked_by", "answered_by")
    found = rows.filter(pk=pk).first()
    if found is None:
        raise Http404(NOT_THERE)
    return found


def code_of_guidance(pk: int) -> str:
    """The code of the dispute that a question is about, whoever may see it; empty where there is no such question."""
    return GuidanceRequest.objects.filter(pk=pk).values_list("dispute__code", flat=True).first() or ""


# ── entrustments ─────────────────────────────────────────────────────────────
def entrustment_page(user: Any, stage: str, *, cursor: str = "") -> Page[Entrustment]:
    """Entrustments of a stage: what waits oldest first, what is over newest first."""
    rows = Entrustment.objects.visible_to(user).filter(state__in=ENTRUSTMENT_STAGES[stage][1])
    order = ("-sent_on", "-pk") if stage == ENDED else ("sent_on", "pk")
    related = rows.select_related("dispute__division__parent", "dispute__handler", "dispute__case_type", "sent_by")
    return keyset_page(related, order=order, cursor=cursor)


def entrustment_counts(user: Any) -> dict[str, int]:
    """How many stand in each stage that waits for somebody."""
    states = list(
        Entrustment.objects.visible_to(user)
        .exclude(state__in=ENTRUSTMENT_STAGES[ENDED][1])
        .values_list("state", flat=True)
    )
    return {
        key: sum(state in states_of for state in states)
        for key, (_, states_of) in ENTRUSTMENT_STAGES.items()
        if key != ENDED
    }


def nearest_deadlines(rows: list[Entrustment]) -> dict[str, Deadline]:
    """The nearest open deadline of each entrustment, by its id as text; one query."""
    label = Entrustment._meta.label_lower
    ids = [str(row.pk) for row in rows]
    found = Deadline.objects.open().filter(subject_label=label, subject_id__in=ids).select_related("rule")
    return {row.subject_id: row for row in found.order_by("-due_on", "-id")}


def entrustment_of(dispute: Dispute) -> Entrustment:
    """The entrustment of a dispute in hand. Raises Http404 when it was not entrusted."""
    found = Entrustment.objects.filter(dispute=dispute).select_related("sent_by").first()
    if found is None:
        raise Http404(NOT_THERE)
    found.dispute = dispute
    return found
