"""Steps on one dispute: route, refer out, end, sign for a warning, lower it, look at one field."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from core.access import require
from core.errors import Conflict, Refused
from core.forms import add_refusal
from core.privacy import mask_text
from core.views.reveals import reveal_answer
from disputes import queries, workflow
from disputes.actions.parties import REVEALABLE, reveal
from disputes.actions.risk import acknowledge_risk, lower_risk
from disputes.actions.routing import refer_out, route_dispute
from disputes.actions.states import end_dispute
from disputes.choices import DisputeState
from disputes.forms.steps import AcknowledgeForm, EndForm, LowerForm, ReferOutForm, RevealForm, RouteForm
from disputes.models import Dispute
from disputes.views.doors import CONFLICT, SHUT, UNPROCESSABLE, Refusal, enter, open_file


def _step(
    request: HttpRequest,
    dispute: Dispute,
    form: forms.Form,
    act: Callable[[dict[str, Any]], object],
    *,
    page: dict[str, str],
    shut: Refusal | None = None,
    way: tuple[str, str] | None = None,
) -> HttpResponse:
    """One step as a page: the form, its refusals at the field, then back to the dispute with `page["done"]`.

    `shut`: why it cannot be done now, shown in place of the form; `way`: address and words of what comes first.
    """
    if shut and request.method != "POST":
        return render(request, SHUT, {"dispute": dispute, "heading": page["heading"], "shut": shut, "way": way})
    status = 200
    if request.method == "POST":
        status = UNPROCESSABLE
        if form.is_valid():
            try:
                act(form.cleaned_data)
                messages.success(request, page["done"])
                return redirect(dispute)
            except Refused as refused:
                add_refusal(form, refused)
                status = CONFLICT if isinstance(refused, Conflict) else UNPROCESSABLE
    return render(request, "disputes/step.html", {"form": form, "dispute": dispute, **page}, status=status)


def _given(request: HttpRequest) -> Any:
    return request.POST if request.method == "POST" else None


@require_http_methods(["GET", "HEAD", "POST"])
def dispute_route(request: HttpRequest, code: str) -> HttpResponse:
    """Accept the proposed route, or choose another and say why."""
    user, dispute = open_file(request, code, "disputes.route")
    proposed = dispute.proposed_route.get("destination", "")
    initial = {"destination": proposed, "on": queries.usual_day_to_route(dispute)}
    form = RouteForm(_given(request), initial=initial)
    page = {"heading": "分流", "act": "按此分流", "done": "已分流。"}
    page["other_url"] = reverse("disputes:refer-out", args=[dispute.code])
    if proposed:
        page["lead"] = f"建议：{dispute.proposed_destination}。{dispute.proposed_route['reason']}"

    def act(data: dict[str, Any]) -> None:
        route_dispute(
            dispute_id=dispute.pk,
            by=user,
            on=data["on"],
            destination=data["destination"] or None,
            reason=data["reason"],
        )

    return _step(request, dispute, form, act, page=page, shut=workflow.refusal("route", dispute.state))


@require_http_methods(["GET", "HEAD", "POST"])
def dispute_refer_out(request: HttpRequest, code: str) -> HttpResponse:
    """Hand the file to the office that must decide it."""
    user, dispute = open_file(request, code, "disputes.refer_out")
    page = {"heading": "转其他部门", "act": "转出并结束本件", "done": "已转出。"}
    page["lead"] = "转出后本件即办结，不计入化解率。"

    def act(data: dict[str, Any]) -> None:
        refer_out(dispute_id=dispute.pk, office=data["office"], reason=data["reason"], on=data["on"], by=user)

    shut = workflow.refusal("refer_out", dispute.state)
    return _step(request, dispute, ReferOutForm(_given(request)), act, page=page, shut=shut)


@require_http_methods(["GET", "HEAD", "POST"])
def dispute_end(request: HttpRequest, code: str) -> HttpResponse:
    """End a dispute that nobody has begun to mediate."""
    user, dispute = open_file(request, code, "disputes.end")
    page = {"heading": "终止", "act": "终止本件", "done": "已终止。", "lead": "终止后本件即办结，不计入化解率。"}

    def act(data: dict[str, Any]) -> None:
        end_dispute(dispute_id=dispute.pk, ground=data["ground"], reason=data["reason"], on=data["on"], by=user)

    running = dispute.state == DisputeState.MEDIATING  # the table lets it end; that is mediation's own step
    shut = workflow.why_not("end", dispute.state) if running else workflow.refusal("end", dispute.state)
    return _step(request, dispute, EndForm(_given(request)), act, page=page, shut=shut)


@require_http_methods(["GET", "HEAD", "POST"])
def risk_acknowledge(request: HttpRequest, code: str, flag_id: int) -> HttpResponse:
    """Sign for a warning."""
    user = enter(request, "disputes.acknowledge_risk")
    dispute = queries.get_dispute(user, code)
    flag = queries.get_flag(dispute, flag_id)
    require(user, "disputes.acknowledge_risk", flag, message="风险提示由本镇（街）联络人员或被提醒的人签收。")
    page = {"heading": "签收风险提示", "act": "签收", "done": "已签收。", "lead": f"因为写到：{flag.reasons}"}
    page["urgent"] = "yes"

    def act(data: dict[str, Any]) -> None:
        acknowledge_risk(flag_id=flag.pk, measures=data["measures"], by=user)

    shut = (
        (f"{flag.acknowledged_by}已经签收了这条风险提示。", "已采取的措施在本件里看。")
        if flag.acknowledged_at
        else None
    )
    return _step(request, dispute, AcknowledgeForm(_given(request)), act, page=page, shut=shut)


@require_http_methods(["GET", "HEAD", "POST"])
def risk_lower(request: HttpRequest, code: str, flag_id: int) -> HttpResponse:
    """Take a warning down, with the reason."""
    user = enter(request, "disputes.lower_risk")
    dispute = queries.get_dispute(user, code)
    flag = queries.get_flag(dispute, flag_id)
    require(user, "disputes.lower_risk", flag, message="解除风险提示由本镇（街）联络人员办。")
    page = {"heading": "解除风险提示", "act": "解除", "done": "已解除。", "lead": f"因为写到：{flag.reasons}"}

    def act(data: dict[str, Any]) -> None:
        lower_risk(flag_id=flag.pk, reason=data["reason"], by=user)

    shut, way = None, None
    if flag.lowered_at:
        shut = (f"{flag.lowered_by}已经解除了这条风险提示。", f"理由：{mask_text(flag.lowered_reason)}")
    elif not flag.acknowledged_at:
        shut = ("这条风险提示还没有签收。", "请先签收，写明措施，再解除。")
        way = (reverse("disputes:acknowledge-risk", args=[dispute.code, flag.pk]), "去签收")
    return _step(request, dispute, LowerForm(_given(request)), act, page=page, shut=shut, way=way)


@require_POST
@never_cache
def party_reveal(request: HttpRequest, code: str, party_id: UUID) -> HttpResponse:
    """One field in clear, after the reason has been written down; a fragment for htmx, else a page of its own."""
    user, dispute = open_file(request, code, "disputes.reveal")
    party = queries.get_party(dispute, party_id)
    told = {"dispute": dispute, "party": party, "key": party.pk, "back": reverse("dispute-page", args=[dispute.code])}

    def show(field: str, reason: str) -> str:
        return reveal(party_id=party.pk, field=field, reason=reason, by=user)

    return reveal_answer(
        request, RevealForm(request.POST), show, labels=REVEALABLE, page="disputes/revealed.html", told=told
    )
