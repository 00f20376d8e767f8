"""The steps of a request for assistance, each a page of its own: one form, one act, refusals at their field."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from core.access import require
from core.errors import Conflict, Refused
from core.forms import add_refusal
from liaison.actions import assistance as acts
from liaison.actions import assistance_court as court
from liaison.actions import assistance_visits as visits
from liaison.choices import AssistanceKind
from liaison.forms.assistance_steps import RESULT_FORMS, STEP_FORMS, AssistanceStepForm
from liaison.models import AssistanceRequest
from liaison.proofs import NEEDS, WAYS
from liaison.queries import assistance as reads
from liaison.views.doors import enter
from liaison.workflow import ASSISTANCE

UNPROCESSABLE, CONFLICT = 422, 409


@dataclass(frozen=True)
class Page:
    """A step's page: its act, its button, what is said when it was done."""

    act: Callable[..., Any]
    button: str
    done: str
    lead: str = ""


PAGES = {
    "accept": Page(acts.accept_assistance, "接收", "已接收，去办的人会收到消息。", "接收以后，这一天由去办的人负责。"),
    "decline": Page(acts.decline_assistance, "退回法院", "已退回法院。", "法院会看到理由，另行安排。"),
    "assign": Page(acts.assign_assistance, "改由这个人去办", "已改派，新的人会收到消息。"),
    "attach": Page(visits.attach_files, "存下", "已存下。", "拍一张存一张，网络不好也不会全丢。"),
    "complete": Page(
        visits.complete_assistance, "记下结果", "已记下，法院会收到消息。", "记下以后不能再改，法院据此收讫。"
    ),
    "fail": Page(visits.fail_assistance, "记未能完成", "已记下，由法院决定下一步。", "写清原因，法院才好另行安排。"),
    "receive": Page(court.receive_result, "收讫", "已收讫，这一件了结。", "纸质的送达回证、笔录也收到了，再点收讫。"),
    "send_back": Page(
        court.send_back, "退回重办", "已退回，镇里会看到理由。", "照片和文书留着，填过的结果留作底稿，位置一并删除。"
    ),
    "withdraw": Page(court.withdraw_request, "撤回请求", "已撤回，镇里会收到消息。", "撤回以后镇里不再去办。"),
}


@require_http_methods(["GET", "HEAD", "POST"])
def assistance_step(request: HttpRequest, pk: UUID, verb: str) -> HttpResponse:
    """One step. Whoever comes second is told what the first one did; nothing typed is lost on a refusal."""
    if verb not in PAGES:
        raise Http404("no such step")
    user = enter(request, f"liaison.{verb}_assistance")
    found = reads.request_for(user, pk)
    require(
        user, f"liaison.{verb}_assistance", found, message=f"「{ASSISTANCE[verb].label}」由{ASSISTANCE[verb].who}办。"
    )
    way = _way(request, found) if verb == "complete" else ""
    form = _form(request, verb, found, way)
    conflict: Conflict | None = None
    if request.method == "POST" and form.is_valid():
        try:
            PAGES[verb].act(request_id=found.pk, by=user, **form.arguments())
        except Conflict as error:
            conflict, found = error, reads.request_for(user, pk)
        except Refused as refused:
            add_refusal(form, refused)
        else:
            messages.success(request, PAGES[verb].done)
            return redirect(found)
    return _page(request, verb, found, form, way, conflict)


def _way(request: HttpRequest, found: AssistanceRequest) -> str:
    """How it was done: `?way=`, if the request allows it; else as noted before the court sent it back, or as asked."""
    way = request.GET.get("way", found.way)
    return way if way in WAYS[found.kind] else found.kind


def _form(request: HttpRequest, verb: str, found: AssistanceRequest, way: str) -> AssistanceStepForm:
    posted = (request.POST, request.FILES) if request.method == "POST" else ()
    goers = reads.goers_of(found.town_code) if verb in ("accept", "assign") else []
    if way:
        kept, draft = reads.photos_of(found), reads.draft_of(found)
        return RESULT_FORMS[way](*posted, assistance=found, goers=goers, way=way, kept=kept, initial=draft)
    return STEP_FORMS[verb](*posted, assistance=found, goers=goers)


def _page(
    request: HttpRequest,
    verb: str,
    found: AssistanceRequest,
    form: AssistanceStepForm,
    way: str,
    conflict: Conflict | None,
) -> HttpResponse:
    step = ASSISTANCE[verb]
    open_to = found.state in step.sources
    context = {
        "found": found,
        "town": found.point.town,
        "verb": verb,
        "step": step,
        "words": PAGES[verb],
        "form": form,
        "way": way,
        "ways": [AssistanceKind(each) for each in WAYS[found.kind]] if way else [],
        "needs": NEEDS[way] if way else (),
        "returns": reads.returns_of(found),
        "kept": reads.photos_of(found) if way or verb == "attach" else 0,
        "location_days": reads.location_days(),
        "conflict": conflict,
        "why_not": "" if open_to or conflict else f"这一件现在是「{found.get_state_display()}」，不能{step.label}。",
    }
    status = CONFLICT if conflict else UNPROCESSABLE if form.is_bound else 200
    return render(request, "liaison/assistance_step.html", context, status=status)
