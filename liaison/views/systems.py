"""The six working systems: reading a text with its versions, adopting a new one."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from core.access import require
from core.queries import today
from liaison import queries
from liaison.actions.systems import adopt_system
from liaison.choices import SystemKind
from liaison.forms import SystemForm, taken
from liaison.views.doors import enter

UNPROCESSABLE = 422


def _known(kind: str) -> SystemKind:
    if kind not in SystemKind.values:
        raise Http404
    return SystemKind(kind)


@require_safe
def system(request: HttpRequest, town_code: str, kind: str) -> HttpResponse:
    """The text in force and the versions before it."""
    user = enter(request, "liaison.view_points")
    point = queries.point_for(user, town_code)
    context = {"point": point, "town": point.town, "kind": _known(kind), "versions": queries.texts_of(point, kind)}
    return render(request, "liaison/system.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def system_adopt(request: HttpRequest, town_code: str, kind: str) -> HttpResponse:
    """The officer records the text that the point adopted; it replaces the one in force."""
    user = enter(request, "liaison.adopt_system")
    point = queries.point_for(user, town_code)
    require(user, "liaison.adopt_system", point)
    label = _known(kind).label
    before = queries.texts_of(point, kind).filter(ended_on=None).first()
    initial = {"adopted_on": today(), "text": before.text if before else ""}
    form = SystemForm(request.POST) if request.method == "POST" else SystemForm(initial=initial)
    if request.method == "POST" and taken(
        form, lambda data: adopt_system(point_id=point.pk, kind=kind, by=user, **data)
    ):
        messages.success(request, f"{label}的文本已记下。")
        return redirect("liaison:point", town_code)
    context = {"point": point, "town": point.town, "kind": kind, "label": label, "before": before, "form": form}
    return render(request, "liaison/system_adopt.html", context, status=UNPROCESSABLE if form.is_bound else 200)
