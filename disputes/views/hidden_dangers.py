"""Hidden dangers: reporting one, the list, one report, closing it."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from core.access import allowed, require
from core.errors import Conflict, Refused
from core.forms import add_refusal
from core.models import User
from core.queries import today
from disputes.actions.hidden_dangers import CALL_FIRST, close_danger, report_danger
from disputes.forms.hidden_dangers import CloseDangerForm, DangerForm
from disputes.models import HiddenDanger
from disputes.queries import hidden_dangers as reads
from disputes.views.doors import CONFLICT, UNPROCESSABLE, enter

VIEW = "disputes.view_dangers"
TABS = ((reads.OPEN, "待核实"), (reads.OVERDUE, "超过内部要求的日子"), (reads.DONE, "已办"))


@require_http_methods(["GET", "HEAD", "POST"])
def danger_new(request: HttpRequest) -> HttpResponse:
    """Report what was seen, in four taps."""
    user = enter(request, "disputes.report_danger")
    villages = reads.own_villages(user)
    if request.method != "POST":
        return render(request, "disputes/danger_new.html", {"form": DangerForm(villages=villages)})
    form = DangerForm(request.POST, request.FILES, villages=villages)
    danger = _reported(form, user) if form.is_valid() else None
    if danger is None:
        return render(request, "disputes/danger_new.html", {"form": form}, status=UNPROCESSABLE)
    messages.success(request, "已报出，联络人员会收到消息。")
    return redirect(danger)


def _reported(form: DangerForm, user: User) -> HiddenDanger | None:
    entered = form.cleaned_data
    try:
        return report_danger(
            kind=entered["kind"],
            village=form.villages[entered["village"]],
            urgency=entered["urgency"],
            note=entered["note"],
            photos=entered["photos"],
            by=user,
            idempotency_key=str(entered["idempotency_key"]),
        )
    except Refused as refused:
        add_refusal(form, refused)
        return None


@require_safe
def danger_list(request: HttpRequest) -> HttpResponse:
    """The reports of the user's divisions, by tab."""
    user, day = enter(request, VIEW), today()
    stage = request.GET.get("stage", reads.OPEN)
    stage = stage if stage in dict(TABS) else reads.OPEN
    counts = reads.danger_counts(user, day)
    context = {
        "page": reads.danger_page(user, stage, today=day, cursor=request.GET.get("cursor", "")),
        "stage": stage,
        "tabs": [(key, label, counts.get(key)) for key, label in TABS],
        "today": day,
        "may_report": allowed(user, "disputes.report_danger"),
    }
    return render(request, "disputes/dangers.html", context)


@require_safe
def danger(request: HttpRequest, pk: int) -> HttpResponse:
    """One report."""
    user = enter(request, VIEW)
    return _page(request, user, reads.get_danger(user, pk), CloseDangerForm())


def _page(
    request: HttpRequest, user: User, found: HiddenDanger, form: CloseDangerForm, status: int = 200
) -> HttpResponse:
    alarm = reads.alarm_in(found)
    context: dict[str, Any] = {
        "danger": found,
        "form": form,
        "photos": reads.photos_of(found),
        "period": reads.period_of(found) if found.is_open else None,
        "may_register": found.is_open and allowed(user, "disputes.register", found.town_code),
        "may_close": found.is_open and allowed(user, "disputes.close_danger", found),
        "may_see_photos": user.role not in ("clerk", "assistant", "judge"),
        "call_first": found.kind in CALL_FIRST or alarm is not None,
        "alarm": alarm,
    }
    return render(request, "disputes/danger.html", context, status=status)


@require_POST
def danger_close(request: HttpRequest, pk: int) -> HttpResponse:
    """Close a report that needs no dispute."""
    user = enter(request, "disputes.close_danger")
    found = reads.get_danger(user, pk)
    require(user, "disputes.close_danger", found, message="苗头隐患由本镇（街）联络人员或报告人了结。")
    form, status = CloseDangerForm(request.POST), UNPROCESSABLE
    if form.is_valid():
        try:
            close_danger(danger_id=found.pk, reason=form.cleaned_data["reason"], by=user)
            messages.success(request, "已了结。")
            return redirect("disputes:dangers")
        except Refused as refused:
            add_refusal(form, refused)
            status = CONFLICT if isinstance(refused, Conflict) else UNPROCESSABLE
    return _page(request, user, reads.get_danger(user, pk), form, status)
