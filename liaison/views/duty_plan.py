"""A month of duty at once: previewed, saved, printed; shifts of people away handed on."""

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from core.access import require
from core.calendar import ONE_DAY, add_months
from core.errors import Refused
from core.queries import today
from liaison import queries
from liaison.actions.duty_plan import generate_rota, hand_to_stand_ins
from liaison.forms import MonthForm, PlanForm
from liaison.models import LiaisonPoint
from liaison.rota import Plan, Wish
from liaison.views.doors import enter
from liaison.views.duty import UNPROCESSABLE, month_url

ASKED = "split"  # stands in the address once the form was sent


@dataclass(frozen=True)
class Preview:
    """What was asked for a month, and the plan that follows; no plan while the form has an error."""

    form: PlanForm
    wish: Wish | None
    plan: Plan | None


@require_http_methods(["GET", "HEAD", "POST"])
def duty_plan(request: HttpRequest, town_code: str) -> HttpResponse:
    """The fair plan of a month with the reason of every day; nothing is written before it is saved."""
    user = enter(request, "liaison.keep_rota")
    point = queries.point_for(user, town_code)
    require(user, "liaison.keep_rota", point)
    first = MonthForm(request.POST if request.method == "POST" else request.GET).first
    last = add_months(first, 1) - ONE_DAY
    if last < today():
        raise Refused("这个月已经过去，不能整月排。", hint="漏排的请在值班表里一班一班补。")
    preview = _preview(request, point, first, last)
    if request.method == "POST" and preview.wish:
        made = generate_rota(
            point_id=point.pk,
            wish=preview.wish,
            staff_ids=preview.form.cleaned_data["staff"],
            digest=request.POST.get("digest", ""),
            by=user,
        )
        messages.success(request, f"{first.month}月排了 {len(made)} 班，有账号的人收到了消息。")
        return redirect(month_url(point, first))
    context: dict[str, Any] = {"point": point, "town": point.town, "first": first, "form": preview.form}
    context |= {"plan": preview.plan, "wish": preview.wish, "month_url": month_url(point, first), "today": today()}
    return render(request, "liaison/duty_plan.html", context, status=200 if preview.wish else UNPROCESSABLE)


def _preview(request: HttpRequest, point: LiaisonPoint, first: Any, last: Any) -> Preview:
    given = request.POST if request.method == "POST" else request.GET if ASKED in request.GET else None
    form = PlanForm(given, team=queries.candidates(point, max(first, today()), last))
    if not form.is_valid():
        return Preview(form, None, None)
    wish = Wish(max(first, today()), last, with_rest=form.cleaned_data["with_rest"], split=form.is_split)
    plan = None if request.method == "POST" else queries.plan_for(point, wish, form.cleaned_data["staff"])
    return Preview(form, wish, plan)


@require_POST
def duty_stand_in(request: HttpRequest, town_code: str) -> HttpResponse:
    """Hand the shifts of people away in a month to those who stand in for them."""
    user = enter(request, "liaison.keep_rota")
    point = queries.point_for(user, town_code)
    first = MonthForm(request.POST).first
    last = add_months(first, 1) - ONE_DAY
    handed = hand_to_stand_ins(point_id=point.pk, first=first, last=last, by=user)
    people = "、".join(dict.fromkeys(shift.staff.name for shift in handed))
    messages.success(request, f"{len(handed)} 班交给了{people}。")
    return redirect(month_url(point, first))


@require_safe
def duty_print(request: HttpRequest, town_code: str) -> HttpResponse:
    """The month as one landscape sheet for the wall."""
    user = enter(request, "liaison.view_points")
    point = queries.point_for(user, town_code)
    month = queries.month(point, MonthForm(request.GET).first, today=today())
    context = {
        "point": point,
        "town": point.town,
        "month": month,
        "hours": queries.hours_said(),
        "month_url": month_url(point, month.first),
    }
    return render(request, "liaison/duty_print.html", context)
