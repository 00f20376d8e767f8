"""The network: every town's point, a page of towns at a time."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from core.paging import keyset_page
from liaison import queries
from liaison.forms import AreaForm, AsOfForm
from liaison.queries import TownStatus
from liaison.views.doors import enter

BY_TOWN = "town"
TOWNS_A_PAGE = 120  # a county has some twenty; a page holds several counties


def _gap(town: TownStatus) -> tuple[int, int, str]:
    """Most is missing first."""
    return town.status.counted, town.status.adopted, town.code


@require_safe
def network(request: HttpRequest) -> HttpResponse:
    """A page of the visible points as of a day, the widest gap first; constant in queries, however many towns.

    The sum and the order by gap are those of the page: with more towns than a page holds it says so, and asks
    for a narrower area.
    """
    user = enter(request, "liaison.view_points")
    as_of, area = AsOfForm(request.GET), AreaForm(request.GET)
    inside = queries.towns_inside(user, area.words)
    page = keyset_page(inside, order=("code",), cursor=request.GET.get("cursor"), size=TOWNS_A_PAGE)
    found = queries.statuses(as_of.day, town_codes=[town.code for town in page.rows]).values()
    by_town = request.GET.get("sort") == BY_TOWN
    context = {
        "as_of": as_of,
        "on": as_of.day,
        "area": area,
        "page": page,
        "is_part": bool(page.next_cursor or page.prev_cursor),
        "tiles": found,
        "towns": sorted(found, key=_gap) if not by_town else found,
        "by_town": by_town,
        "built": sum(town.status.built for town in found),
        "self_built": sum(town.status.self_built for town in found),
    }
    return render(request, "liaison/list.html", context)
