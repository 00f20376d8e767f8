"""Pages of guidance and entrustment: the court's lists, asking, answering, referring, accepting."""

from collections.abc import Callable
from datetime import date

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from core.access import allowed, require
from core.errors import Conflict, Refused
from core.forms import StyledForm, add_refusal
from core.models import User
from core.queries import today
from disputes.views.doors import CONFLICT, UNPROCESSABLE, enter, open_file
from mediation.actions.entrustments import (
    accept_entrustment,
    decline_entrustment,
    return_entrustment,
    send_entrustment,
)
from mediation.actions.guidance import answer_guidance, ask_guidance
from mediation.forms.guidance import (
    AcceptEntrustmentForm,
    AnswerForm,
    AskForm,
    DeclineEntrustmentForm,
    EntrustmentForm,
    ReturnEntrustmentForm,
)
from mediation.models import Entrustment
from mediation.queries import guidance as reads
from mediation.views.doors import shut_off_page
from mediation.workflow import ENTRUSTMENT

FILING_FIRST_FROM = date(2025, 1, 1)  # 最高法 2024-12-27 意见：符合条件的应当登记立案
PAGE = require_http_methods(["GET", "HEAD", "POST"])


def _attempt(form: StyledForm, act: Callable[[], object]) -> int:
    """Do it: 200 when it was done, else 422 or 409 with the refusal on the form."""
    if not form.is_valid():
        return UNPROCESSABLE
    try:
        act()
    except Refused as refused:
        add_refusal(form, refused)
        return CONFLICT if isinstance(refused, Conflict) else UNPROCESSABLE
    return 200


# ── guidance ─────────────────────────────────────────────────────────────────
@require_safe
def guidance(request: HttpRequest) -> HttpResponse:
    """The questions of the user's towns: those that wait, or those answered."""
    user = enter(request, "mediation.view_guidance")
    answered = request.GET.get("stage") == reads.ANSWERED
    page = reads.guidance_page(user, answered=answered, cursor=request.GET.get("cursor", ""))
    context = {"page": page, "answered": answered, "waiting": reads.waiting_guidance(user)}
    context["may_answer"] = allowed(user, "mediation.answer_guidance")
    return render(request, "court/guidance.html", context)


@PAGE
def guidance_ask(request: HttpRequest, code: str) -> HttpResponse:
    """Ask the judge of the town about the dispute in hand."""
    user, dispute = open_file(request, code, "mediation.ask_guidance")
    form = AskForm(request.POST if request.method == "POST" else None)
    status = 200
    if request.method == "POST":
        status = _attempt(form, lambda: ask_guidance(dispute_id=dispute.pk, by=user, on=today(), **form.cleaned_data))
        if status == 200:  # noqa: PLR2004 (done)
            messages.success(request, "已请法官指导。答复后会发消息给您。")
            return redirect(dispute)
    return render(request, "mediation/guidance_ask.html", {"dispute": dispute, "form": form}, status=status)


@PAGE
def guidance_answer(request: HttpRequest, pk: int) -> HttpResponse:
    """One question: the judge of the town answers, others read.

    Whom a message leads here when the dispute went to a town that they do not see reads so, and nothing of the file.
    """
    user = enter(request, "mediation.view_guidance")
    try:
        asked = reads.get_guidance(user, pk)
    except Http404:
        if page_of_it := shut_off_page(request, reads.code_of_guidance(pk)):
            return page_of_it
        raise
    form, status = AnswerForm(request.POST if request.method == "POST" else None), 200
    if request.method == "POST":
        require(user, "mediation.answer_guidance", asked, message="答复由这个镇（街）的法官作出。")
        status = _attempt(form, lambda: answer_guidance(guidance_id=asked.pk, by=user, on=today(), **form.cleaned_data))
        if status == 200:  # noqa: PLR2004 (done)
            messages.success(request, "已答复，提问的人会收到消息。")
            return redirect("court:guidance")
        asked.refresh_from_db(fields=["answer", "answered_by", "answered_on"])
    may_answer = allowed(user, "mediation.answer_guidance", asked)
    context = {"asked": asked, "dispute": asked.dispute, "form": form, "may_answer": may_answer}
    return render(request, "court/guidance_answer.html", context, status=status)


# ── entrustments ─────────────────────────────────────────────────────────────
@require_safe
def entrustments(request: HttpRequest) -> HttpResponse:
    """What the court has referred, by stage."""
    user = enter(request, "mediation.view_entrustments")
    stage = request.GET.get("stage", "")
    stage = stage if stage in reads.ENTRUSTMENT_STAGES else reads.TO_ACCEPT
    page = reads.entrustment_page(user, stage, cursor=request.GET.get("cursor", ""))
    counts = reads.entrustment_counts(user)
    deadlines = reads.nearest_deadlines(page.rows)
    context = {
        "page": page,
        "stage": stage,
        "tabs": [(key, label, counts.get(key)) for key, (label, _) in reads.ENTRUSTMENT_STAGES.items()],
        "rows": [(row, deadlines.get(str(row.pk))) for row in page.rows],
        "may_send": allowed(user, "mediation.send_entrustment"),
    }
    return render(request, "court/entrustments.html", context)


@PAGE
def entrustment_new(request: HttpRequest) -> HttpResponse:
    """Refer a case to a town."""
    user = enter(request, "mediation.send_entrustment")
    form, status = EntrustmentForm(request.POST if request.method == "POST" else None, user=user), 200
    if request.method == "POST":
        status = _attempt(
            form,
            lambda: send_entrustment(case=form.case(), referral=form.referral(), by=user, on=form.cleaned_data["on"]),
        )
        if status == 200:  # noqa: PLR2004 (done)
            messages.success(request, "已发出，等镇（街）接收。")
            return redirect("court:entrustments")
    context = {"form": form, "filing_first": today() >= FILING_FIRST_FROM}
    return render(request, "court/entrustment_new.html", context, status=status)


VERBS: dict[str, tuple[type[StyledForm], Callable[..., Entrustment], str]] = {
    "accept": (AcceptEntrustmentForm, accept_entrustment, "已接收，期限从这一天起算。"),
    "decline": (DeclineEntrustmentForm, decline_entrustment, "已退回法院。"),
    "return": (ReturnEntrustmentForm, return_entrustment, "已反馈法院。"),
}


@PAGE
def entrustment(request: HttpRequest, code: str) -> HttpResponse:
    """The town's page of one entrustment: accept it, send it back, report the result."""
    user, dispute = open_file(request, code, "disputes.view")
    require(user, "mediation.view_entrustments")
    found = reads.entrustment_of(dispute)
    verb, status = request.POST.get("verb", ""), 200
    offered = _offered(found, user)
    if request.method == "POST":
        if verb not in VERBS:
            raise Http404(reads.NOT_THERE)
        require(user, f"mediation.{verb}_entrustment", found)
        kind, act, done = VERBS[verb]
        form = kind(request.POST)
        status = _attempt(form, lambda: act(entrustment_id=found.pk, by=user, **form.cleaned_data))
        if status == 200:  # noqa: PLR2004 (done)
            messages.success(request, done)
            return redirect(dispute)
        offered[verb] = form
    context = {"dispute": dispute, "found": found, "offered": offered}
    return render(request, "mediation/entrustment.html", context, status=status)


def _offered(found: Entrustment, user: User) -> dict[str, StyledForm]:
    """The forms of what this person may do now, by verb."""
    return {
        verb: kind(initial={"version": found.version})
        for verb, (kind, _, _) in VERBS.items()
        if found.state in ENTRUSTMENT[verb].sources and allowed(user, f"mediation.{verb}_entrustment", found)
    }
