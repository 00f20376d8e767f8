"""The duty rota and the joint meetings."""

from datetime import timedelta

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from core.access import require
from core.errors import Refused
from core.queries import said, today
from liaison import queries
from liaison.actions.duty import cancel_shift, hold_shift, schedule_shift
from liaison.actions.meetings import record_meeting
from liaison.forms import MeetingForm, ShiftForm, taken
from liaison.views.doors import enter

UNPROCESSABLE = 422
TWO_WEEKS = 14


@require_http_methods(["GET", "HEAD", "POST"])
def duty(request: HttpRequest, town_code: str) -> HttpResponse:
    """The rota of this week and the next: put somebody on duty, take a shift off."""
    user = enter(request, "liaison.keep_rota")
    point = queries.point_for(user, town_code)
    require(user, "liaison.keep_rota", point)
    team = queries.team_choices(town_code, today())
    posted = request.POST if request.method == "POST" else None
    form = ShiftForm(posted, team=team, initial={"on": today()})
    if request.method == "POST" and taken(
        form, lambda data: schedule_shift(point_id=point.pk, on=data["on"], staff_id=data["staff"], by=user)
    ):
        messages.success(request, f"{said(form.cleaned_data['on'])}的值班已排。")
        return redirect("liaison:duty", town_code)
    monday = today() - timedelta(days=today().weekday())
    rota = queries.rota(point, monday, today=today(), days=TWO_WEEKS)
    weeks = {"this_week": rota[: queries.WEEK], "next_week": rota[queries.WEEK :]}
    context = weeks | {"point": point, "town": point.town, "form": form, "today": today(), "cancellable": True}
    return render(request, "liaison/duty.html", context, status=UNPROCESSABLE if form.is_bound else 200)


@require_POST
def duty_hold(request: HttpRequest, town_code: str, pk: int) -> HttpResponse:
    """Note that a shift was held; the cell of the rota comes back."""
    user = enter(request, "liaison.hold_shift")
    shift = queries.shift_for(user, town_code, pk)
    refused: Refused | None = None
    try:
        shift = hold_shift(shift_id=shift.pk, by=user)
    except Refused as error:
        refused = error
    if request.headers.get("HX-Request"):
        context = {"shift": shift, "today": today(), "refused": refused, "changed": True}
        return render(request, "liaison/parts/shift.html", context, status=UNPROCESSABLE if refused else 200)
    if refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, f"{shift.staff}{said(shift.on)}到岗，已登记。")
    return redirect("liaison:point", shift.point.town_code)


@require_POST
def duty_cancel(request: HttpRequest, town_code: str, pk: int) -> HttpResponse:
    """Take a shift that was not held off the rota."""
    user = enter(request, "liaison.keep_rota")
    shift = queries.shift_for(user, town_code, pk)
    cancel_shift(shift_id=shift.pk, by=user)
    messages.success(request, f"{shift.staff}{said(shift.on)}的班已取消。")
    return redirect("liaison:duty", shift.point.town_code)


@require_http_methods(["GET", "HEAD", "POST"])
def meeting_record(request: HttpRequest, town_code: str) -> HttpResponse:
    """Note a joint meeting that was held."""
    user = enter(request, "liaison.record_meeting")
    point = queries.point_for(user, town_code)
    require(user, "liaison.record_meeting", point)
    form = MeetingForm(request.POST) if request.method == "POST" else MeetingForm(initial={"held_on": today()})
    if request.method == "POST" and taken(form, lambda data: record_meeting(point_id=point.pk, by=user, **data)):
        messages.success(request, "会议已记下，算作制度的一次运行。")
        return redirect("liaison:point", town_code)
    status = UNPROCESSABLE if form.is_bound else 200
    return render(
        request, "liaison/meeting_record.html", {"point": point, "town": point.town, "form": form}, status=status
    )
