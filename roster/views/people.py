"""The list of people with its filters; a search is sealed, one by a number is written down."""

from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from core.paging import capped_count, keyset_page
from core.queries import today
from roster import queries
from roster.actions.searches import note_number_search
from roster.choices import MediatorKind, TeamRole
from roster.queries import Seat
from roster.views.doors import enter

SEATS = ((Seat.NOW, "在任"), (Seat.UNCLEAR, "待定岗位"), (Seat.LEFT, "不在任"))
PLATFORM = ((queries.IN, "已入驻"), (queries.OUT, "未入驻"))
FILTERS = ("seat", "town", "role", "kind", "platform")
SEARCH_LENGTH = 60


@require_safe
def people_list(request: HttpRequest) -> HttpResponse:
    """Who is in the roster, by pinyin; names stay out of the address, so a search is sealed."""
    user = enter(request, "roster.view")
    towns = queries.towns_for(user)
    seat = _one_of(request.GET.get("seat"), dict(SEATS), Seat.NOW)
    town = _one_of(request.GET.get("town"), {place.code: place for place in towns})
    role = _one_of(request.GET.get("role"), dict(TeamRole.choices))
    kind = _one_of(request.GET.get("kind"), dict(MediatorKind.choices))
    platform = _one_of(request.GET.get("platform"), dict(PLATFORM))
    searched = queries.opened_search(user, request.GET.get("s", ""))
    narrow = {"town_code": town, "role": role, "kind": kind, "platform": platform, "search": searched}
    rows = queries.people(user, today(), seat=seat, **narrow)
    context = {
        "page": keyset_page(rows, order=queries.BY_PINYIN, cursor=request.GET.get("cursor")),
        "count": capped_count(rows),
        "seats": SEATS,
        "seat": seat,
        "towns": towns,
        "town": town,
        "roles": TeamRole.choices,
        "role": role,
        "kinds": MediatorKind.choices,
        "kind": kind,
        "platforms": PLATFORM,
        "platform": platform,
        "searched": searched,
        "narrowed": any(narrow.values()),
    }
    return render(request, "roster/list.html", context)


@require_POST
def people_search(request: HttpRequest) -> HttpResponse:
    """Turn the filter form into an address."""
    user = enter(request, "roster.view")
    given = {name: request.POST.get(name, "") for name in FILTERS}
    if text := request.POST.get("q", "").strip()[:SEARCH_LENGTH]:
        if how := queries.number_search(text):
            note_number_search(how=how, by=user)
        given["s"] = queries.sealed_search(user, text)
    query = urlencode({name: value for name, value in given.items() if value})
    return redirect(f"{reverse('roster:list')}?{query}" if query else "roster:list")


def _one_of(value: str | None, allowed: dict[str, object], default: str = "") -> str:
    return value if value in allowed else default
