"""One town asks another: ask, take back, answer, end a joint handling, let the county decide."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from core.errors import Refused
from core.queries import today
from disputes.actions.towns import accept_joint, ask_county, ask_town, decline_request, end_joint, withdraw_request
from disputes.choices import DisputeState
from disputes.queries.towns import why_not_asked
from disputes.views.doors import UNPROCESSABLE, open_file, open_step
from mediation.actions.moves import accept_move, decide_lead
from mediation.forms.together import YES, AnswerTownForm, AskTownForm, DecideLeadForm, EndJointForm
from mediation.queries.mediations import mediators_of
from mediation.queries.together import (
    declined_request,
    joint_request,
    other_towns,
    villages_in,
    waiting_request,
)
from mediation.views.doors import attempt, given, step_page

PAGE = require_http_methods(["GET", "HEAD", "POST"])


@PAGE
def town_ask(request: HttpRequest, code: str) -> HttpResponse:
    """Ask another town to handle the dispute together, or to take it over."""
    user, dispute, closed = open_step(request, code, "disputes.ask_town")
    form = AskTownForm(given(request), towns=other_towns(dispute))

    def act(data: dict[str, Any]) -> None:
        ask_town(
            dispute_id=dispute.pk,
            kind=data["kind"],
            town_code=data["town"],
            reason=data["reason"],
            by=user,
            on=data["on"],
        )

    lead = "对方联络人员会收到消息，答复前就能看本件（号码遮住）。联办只计牵头镇一件。"
    page = {"heading": "请外镇联办、移送他镇", "button": "发给对方", "done": "已发给对方，等答复。", "lead": lead}
    return step_page(request, dispute, form, act, shut=closed or why_not_asked(dispute), **page)


@PAGE
def town_answer(request: HttpRequest, code: str) -> HttpResponse:
    """The asked town says yes or no. After a no it sees the file no more, and the page leads to the day's work."""
    user, dispute = open_file(request, code, "disputes.answer_town")
    asked = waiting_request(dispute)
    running = dispute.state == DisputeState.MEDIATING
    villages = villages_in(asked.to_town) if asked.is_move else []
    people = mediators_of(asked.to_town_id)
    form = AnswerTownForm(given(request), is_move=asked.is_move, running=running, villages=villages, mediators=people)
    status = 200
    if request.method == "POST":
        act = lambda: _answer(asked.pk, form.cleaned_data, user, is_move=asked.is_move)  # noqa: E731 (one call)
        status = attempt(form, act, dispute) if form.is_valid() else UNPROCESSABLE
        if status == 200:  # noqa: PLR2004 (done)
            agreed = form.cleaned_data["answer"] == YES
            messages.success(request, "已答复对方：同意。" if agreed else "已答复对方：不同意。")
            return redirect(dispute) if agreed else redirect("today")
    page = {"heading": f"答复{asked.from_town}", "button": "答复", "asked": asked}
    return render(request, "mediation/town_answer.html", {"form": form, "dispute": dispute, **page}, status=status)


def _answer(request_id: int, data: dict[str, Any], user: Any, *, is_move: bool) -> None:
    on, mediator = data["on"], int(data["mediator"]) if data.get("mediator") else None
    if data["answer"] != YES:
        decline_request(request_id=request_id, by=user, on=on, reason=data["reason"])
    elif is_move:
        accept_move(request_id=request_id, by=user, on=on, village_code=data["village"], mediator_id=mediator)
    else:
        accept_joint(request_id=request_id, by=user, on=on, mediator_id=mediator)


@require_POST
def town_withdraw(request: HttpRequest, code: str) -> HttpResponse:
    """Take the request back."""
    user, dispute = open_file(request, code, "disputes.withdraw_town")
    asked = waiting_request(dispute)
    try:
        withdraw_request(request_id=asked.pk, by=user, on=today())
        messages.success(request, f"已收回，{asked.to_town}不再看到本件。")
    except Refused as refused:
        messages.error(request, str(refused))
    return redirect(dispute)


@PAGE
def joint_end(request: HttpRequest, code: str, request_id: int) -> HttpResponse:
    """The joint town's part is over."""
    user, dispute = open_file(request, code, "disputes.end_joint")
    joint = joint_request(dispute, request_id)
    leads = any(dispute.town_code.startswith(scope) for scope in user.scope_codes)
    form = EndJointForm(given(request))
    status = 200
    if request.method == "POST":
        act = lambda: end_joint(request_id=joint.pk, by=user, **form.cleaned_data)  # noqa: E731 (one call)
        status = attempt(form, act, dispute) if form.is_valid() else UNPROCESSABLE
        if status == 200:  # noqa: PLR2004 (done)
            messages.success(request, "联办已结束。")
            return redirect(dispute) if leads else redirect("today")
    page = {"heading": f"结束{joint.to_town}联办", "button": "结束联办", "lead": "结束后对方不再看到本件。"}
    return render(request, "mediation/step.html", {"form": form, "dispute": dispute, **page}, status=status)


@require_POST
def county_ask(request: HttpRequest, code: str, request_id: int) -> HttpResponse:
    """Let the county decide after a refusal."""
    user, dispute = open_file(request, code, "disputes.ask_county")
    declined = declined_request(dispute, request_id)
    try:
        ask_county(request_id=declined.pk, by=user, on=today())
        messages.success(request, "已请县级决定，司法局和政法委会收到消息。")
    except Refused as refused:
        messages.error(request, str(refused))
    return redirect(dispute)


@PAGE
def lead_decide(request: HttpRequest, code: str, request_id: int) -> HttpResponse:
    """The county says which town leads."""
    user, dispute = open_file(request, code, "disputes.decide_lead")
    declined = declined_request(dispute, request_id)
    form = DecideLeadForm(
        given(request),
        lead_towns=[declined.from_town, declined.to_town],
        villages=villages_in(declined.to_town),
        mediators=mediators_of(declined.to_town_id),
    )

    def act(data: dict[str, Any]) -> None:
        decide_lead(
            request_id=declined.pk,
            lead_code=data["lead"],
            reason=data["reason"],
            by=user,
            on=data["on"],
            village_code=data["village"],
            mediator_id=int(data["mediator"]) if data["mediator"] else None,
        )

    said = declined.answer.rstrip("。")
    lead = f"{declined.to_town}不同意：{said}。定下一个镇（街）牵头，另一个联办；统计只计牵头的镇（街）。"
    page = {"heading": "决定由谁牵头", "button": "决定", "done": "已决定，两个镇（街）都会收到消息。", "lead": lead}
    return step_page(request, dispute, form, act, shut=None, **page)
