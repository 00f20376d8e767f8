"""One point: its page, and saying where it stands."""

from datetime import date, timedelta
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from core.access import allowed, require
from core.models import Division, StoredFile, User
from core.queries import today
from liaison import queries
from liaison.actions.points import open_point
from liaison.choices import EVIDENCED_ITEMS, StandardKey
from liaison.forms import AsOfForm, PointForm, taken
from liaison.models import LiaisonPoint
from liaison.queries.activities import Done
from liaison.queries.assistance import own_court
from liaison.standard import HOW_TO_MEET, ItemStatus, PointStatus
from liaison.views.doors import enter
from roster.choices import TeamRole
from roster.queries import team_of

ITEM_ICONS = {"office": "home", "plaque": "board", "officer": "user", "rules": "rules"}
UNPROCESSABLE, RECENT = 422, 5


@require_safe
def point_page(request: HttpRequest, town_code: str) -> HttpResponse:
    """A point as of a day: gaps first, the four-ones with evidence, systems, team; slots for duty, use and figures."""
    user = enter(request, "liaison.view_points")
    town = queries.town_for(user, town_code)
    as_of = AsOfForm(request.GET)
    status = queries.status_of(town, as_of.day)
    context = {"as_of": as_of, "on": as_of.day, "today": today(), "town": town, "status": status}
    context["court"] = own_court()
    point = getattr(town, "liaison_point", None)
    if point:
        context |= _parts(user, point, status, as_of.day)
    return render(request, "liaison/point.html", context | {"point": point})


@require_safe
def point_duty(request: HttpRequest, town_code: str) -> HttpResponse:
    """The slot of a point's page: who is there now, and the week of a day; a page of its own for who opens it."""
    user = enter(request, "liaison.view_points")
    point = queries.point_for(user, town_code)
    on = AsOfForm(request.GET).day
    week, day = queries.week_and_today(point, on - timedelta(days=on.weekday()), today=today())
    context = {"point": point, "town": point.town, "today": today(), "rota": week, "duty_day": day}
    context["duty_now"] = queries.now_of(day, point.phone, timezone.now())
    is_slot = bool(request.headers.get("HX-Request"))
    return render(request, "liaison/parts/point_duty.html" if is_slot else "liaison/point_duty.html", context)


def _parts(user: User, point: LiaisonPoint, status: PointStatus, on: date) -> dict[str, Any]:
    files = queries.evidence_files(status)
    return {
        "items": [_item(item, files, status) for item in status.items],
        "activities": _recent(user, point, on),
        **_team(point.town_code, on),
    }


def _recent(user: User, point: LiaisonPoint, on: date) -> list[Done]:
    """The last activities; nothing is asked for who may not see them."""
    return queries.latest(point, on, RECENT) if allowed(user, "liaison.view_activities") else []


def _team(town_code: str, on: date) -> dict[str, Any]:
    """The seats in two rows: the court's people with the officer, the mediators."""
    team = team_of(town_code, on)
    mediators = [group for group in team.groups if group.count.role == TeamRole.MEDIATOR]
    others = [group for group in team.groups if group.count.role != TeamRole.MEDIATOR]
    counts = "、".join(f"{group.count.role.label} {group.count.taken} 名" for group in others)
    wanted, taken = mediators[0].count.wanted, mediators[0].count.taken
    rows = [
        {"label": counts, "groups": others},
        {"label": f"调解人员 {wanted} 名，在岗 {taken} 名", "groups": mediators},
    ]
    return {"team": team, "seats": rows}


def _item(item: ItemStatus, files: dict[int, list[StoredFile]], status: PointStatus) -> dict[str, Any]:
    return {
        "status": item,
        "icon": ITEM_ICONS[item.key],
        "files": files.get(item.evidence_id or 0, []),
        "how": _how(item, status),
        "is_reported": item.key in EVIDENCED_ITEMS,
    }


def _how(item: ItemStatus, status: PointStatus) -> str:
    """What to do about an item that is not there; for the rules, which texts are missing."""
    without = [system.kind.label for system in status.systems if system.adopted_on is None]
    if item.key == StandardKey.RULES and without:
        return f"还没有文本：{'、'.join(without)}。"
    return HOW_TO_MEET[item.key]


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
    names = ("host", "address", "phone", "police_contact", "police_phone", "opened_on")
    return {name: getattr(point, name) for name in names} if point else {}
