"""One point: its page, and saying where it stands."""

from datetime import date, timedelta
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from core.access import require
from core.models import Division, StoredFile
from core.queries import today
from liaison import queries
from liaison.actions.points import open_point
from liaison.choices import EVIDENCED_ITEMS
from liaison.forms import AsOfForm, PointForm, taken
from liaison.models import LiaisonPoint
from liaison.standard import HOW_TO_MEET, ItemStatus, PointStatus
from liaison.views.doors import enter

ITEM_ICONS = {"office": "home", "plaque": "board", "officer": "user", "rules": "rules"}
UNPROCESSABLE = 422


@require_safe
def point_page(request: HttpRequest, town_code: str) -> HttpResponse:
    """A point as of a day: gaps first, the four-ones with evidence, systems, team, this week's duty."""
    user = enter(request, "liaison.view_points")
    town = queries.town_for(user, town_code)
    as_of = AsOfForm(request.GET)
    status = queries.status_of(town, as_of.day)
    context = {"as_of": as_of, "on": as_of.day, "today": today(), "town": town, "status": status}
    point = getattr(town, "liaison_point", None)
    if point:
        context |= _parts(point, status, as_of.day)
    return render(request, "liaison/point.html", context | {"point": point})


def _parts(point: LiaisonPoint, status: PointStatus, on: date) -> dict[str, Any]:
    monday = on - timedelta(days=on.weekday())
    files = queries.evidence_files(status)
    return {
        "items": [_item(item, files) for item in status.items],
        "rota": queries.rota(point, monday, today=today()),
        "meetings": queries.recent_meetings(point, on),
    }


def _item(item: ItemStatus, files: dict[int, list[StoredFile]]) -> dict[str, Any]:
    return {
        "status": item,
        "icon": ITEM_ICONS[item.key],
        "files": files.get(item.evidence_id or 0, []),
        "how": HOW_TO_MEET[item.key],
        "is_reported": item.key in EVIDENCED_ITEMS,
    }


@require_http_methods(["GET", "HEAD", "POST"])
def point_open(request: HttpRequest, town_code: str) -> HttpResponse:
    """Write down where the point stands, or correct it."""
    user = enter(request, "liaison.open_point")
    town = queries.town_for(user, town_code)
    require(user, "liaison.open_point", town)
    form = PointForm(request.POST) if request.method == "POST" else PointForm(initial=_known(town))
    if request.method == "POST" and taken(form, lambda data: open_point(town_code=town.code, by=user, **data)):
        messages.success(request, f"{town}法官联络点的信息已记下。")
        return redirect("liaison:point", town.code)
    status = UNPROCESSABLE if form.is_bound else 200
    return render(request, "liaison/open.html", {"town": town, "form": form}, status=status)


def _known(town: Division) -> dict[str, Any]:
    point = getattr(town, "liaison_point", None)
    return {name: getattr(point, name) for name in ("host", "address", "phone", "opened_on")} if point else {}
