"""The duty rota of a month and one shift of it."""

from collections.abc import Callable
from datetime import date
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from core.access import allowed, require
from core.errors import Refused
from core.models import User
from core.queries import said, today
from liaison import queries
from liaison.actions.duty import cancel_shift, reassign_shift, schedule_shift, swap_shifts
from liaison.actions.duty_marks import hold_shift, miss_shift, take_back_mark
from liaison.forms import MissForm, MonthForm, ReassignForm, ShiftForm, SwapForm, taken
from liaison.models import DutyShift, LiaisonPoint
from liaison.views.doors import enter

UNPROCESSABLE = 422


def month_url(point: LiaisonPoint, day: date) -> str:
    """The rota's page of the month in which a day lies."""
    return f"{reverse('liaison:duty', args=[point.town_code])}?month={day:%Y-%m}"


@require_http_methods(["GET", "HEAD", "POST"])
def duty(request: HttpRequest, town_code: str) -> HttpResponse:
    """A month of the rota; who keeps it puts somebody on duty here."""
    user = enter(request, "liaison.keep_rota" if request.method == "POST" else "liaison.view_points")
    point = queries.point_for(user, town_code)
    first = MonthForm(request.GET).first
    form: ShiftForm | None = None
    if request.method == "POST" or allowed(user, "liaison.keep_rota", point):
        require(user, "liaison.keep_rota", point)
        posted = request.POST if request.method == "POST" else None
        form = ShiftForm(posted, team=queries.team_choices(town_code, today()), initial={"on": _day_asked(request)})
        if request.method == "POST" and taken(form, lambda data: _put_on(point, data, user)):
            messages.success(request, f"{said(form.cleaned_data['on'])}的值班已排。")
            return redirect(month_url(point, form.cleaned_data["on"]))
    context = _month_context(point, first, form)
    return render(request, "liaison/duty.html", context, status=UNPROCESSABLE if form and form.is_bound else 200)


def _put_on(point: LiaisonPoint, data: dict[str, Any], user: User) -> DutyShift:
    return schedule_shift(point_id=point.pk, on=data["on"], hours=data["hours"], staff_id=data["staff"], by=user)


def _day_asked(request: HttpRequest) -> date:
    """`?day=2023-10-09`: the day pressed in the month."""
    try:
        return date.fromisoformat(request.GET.get("day", ""))
    except ValueError:
        return today()


def _month_context(point: LiaisonPoint, first: date, form: ShiftForm | None) -> dict[str, Any]:
    month = queries.month(point, first, today=today())
    return {
        "point": point,
        "town": point.town,
        "today": today(),
        "month": month,
        "tally": month.tally(today()),
        "form": form,
        "hand_overs": queries.hand_overs(point, month.shifts) if form else [],
        "from_month": True,
        "may_plan": form is not None and month.last >= today(),
    }


# ── one shift ────────────────────────────────────────────────────────────────
@require_safe
def duty_shift(request: HttpRequest, town_code: str, pk: int) -> HttpResponse:
    """One shift: what became of it, to whom it is given."""
    return _shift_page(request, *_entered(request, town_code, pk))


def _entered(request: HttpRequest, town_code: str, pk: int) -> tuple[User, DutyShift]:
    user = enter(request, "liaison.keep_rota")
    shift = queries.shift_for(user, town_code, pk)
    require(user, "liaison.keep_rota", shift.point)
    return user, shift


def _shift_page(
    request: HttpRequest, user: User, shift: DutyShift, bound: dict[str, forms.Form] | None = None
) -> HttpResponse:
    context = {
        "point": shift.point,
        "town": shift.point.town,
        "shift": shift,
        "today": today(),
        "month_url": month_url(shift.point, shift.on),
        "may_hold": allowed(user, "liaison.hold_shift", shift),
        "reassign": ReassignForm(team=queries.team_choices(shift.point.town_code, shift.on), prefix=None),
        "swap": SwapForm(shifts=queries.other_shifts(shift, today())),
        "miss": MissForm(),
    }
    return render(request, "liaison/duty_shift.html", context | (bound or {}), status=UNPROCESSABLE if bound else 200)


@require_POST
def duty_reassign(request: HttpRequest, town_code: str, pk: int) -> HttpResponse:
    """Give a shift to somebody else of the team."""
    user, shift = _entered(request, town_code, pk)
    form = ReassignForm(request.POST, team=queries.team_choices(town_code, shift.on))
    done = taken(form, lambda data: reassign_shift(shift_id=shift.pk, staff_id=data["staff"], by=user))
    return _after(request, user, shift, "reassign", form, "改派了" if done else "")


@require_POST
def duty_swap(request: HttpRequest, town_code: str, pk: int) -> HttpResponse:
    """Two people change shifts."""
    user, shift = _entered(request, town_code, pk)
    form = SwapForm(request.POST, shifts=queries.other_shifts(shift, today()))
    done = taken(form, lambda data: swap_shifts(shift_id=shift.pk, other_id=data["other"], by=user))
    return _after(request, user, shift, "swap", form, "换好了" if done else "")


@require_POST
def duty_miss(request: HttpRequest, town_code: str, pk: int) -> HttpResponse:
    """Note that nobody came, and why."""
    user, shift = _entered(request, town_code, pk)
    form = MissForm(request.POST)
    done = taken(form, lambda data: miss_shift(shift_id=shift.pk, because=data["because"], by=user))
    return _after(request, user, shift, "miss", form, "记为未到岗" if done else "")


def _after(request: HttpRequest, user: User, shift: DutyShift, name: str, form: forms.Form, done: str) -> HttpResponse:
    if not done:
        return _shift_page(request, user, shift, {name: form})
    messages.success(request, f"{said(shift.on)}的班{done}。")
    return redirect(month_url(shift.point, shift.on))


@require_POST
def duty_unmark(request: HttpRequest, town_code: str, pk: int) -> HttpResponse:
    """Take a wrong mark back."""
    user, shift = _entered(request, town_code, pk)
    return _done(request, shift, lambda: take_back_mark(shift_id=shift.pk, by=user), "登记已撤回")


@require_POST
def duty_cancel(request: HttpRequest, town_code: str, pk: int) -> HttpResponse:
    """Take a shift that was not held off the rota."""
    user, shift = _entered(request, town_code, pk)
    return _done(request, shift, lambda: cancel_shift(shift_id=shift.pk, by=user), "已取消")


def _done(request: HttpRequest, shift: DutyShift, act: Callable[[], object], words: str) -> HttpResponse:
    act()
    messages.success(request, f"{shift.staff}{said(shift.on)}的班{words}。")
    return redirect(month_url(shift.point, shift.on))


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
    from_month = request.POST.get("from") == "month"
    if request.headers.get("HX-Request"):
        context = {"shift": shift, "today": today(), "refused": refused, "changed": True, "from_month": from_month}
        return render(request, "liaison/parts/shift.html", context, status=UNPROCESSABLE if refused else 200)
    if refused:
        messages.error(request, str(refused))
    else:
        late = "，记为补录" if shift.held_late else ""
        messages.success(request, f"{shift.staff}{said(shift.on)}到岗，已登记{late}。")
    return redirect(month_url(shift.point, shift.on) if from_month else shift.point.get_absolute_url())
