"""The network: every town's point on one page."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from liaison import queries
from liaison.forms import AsOfForm
from liaison.queries import TownStatus
from liaison.views.doors import enter

BY_TOWN = "town"


def _gap(town: TownStatus) -> tuple[int, int, str]:
    """Most is missing first."""
    return town.status.counted, town.status.adopted, town.code


@require_safe
def network(request: HttpRequest) -> HttpResponse:
    """All visible points as of a day, the widest gap first; constant in queries."""
    user = enter(request, "liaison.view_points")
    as_of = AsOfForm(request.GET)
    codes = list(queries.visible_towns(user).values_list("code", flat=True))
    found = queries.statuses(as_of.day, town_codes=codes).values()
    by_town = request.GET.get("sort") == BY_TOWN
    context = {
        "as_of": as_of,
        "on": as_of.day,
        "tiles": found,
        "towns": sorted(found, key=_gap) if not by_town else found,
        "by_town": by_town,
        "built": sum(town.status.built for town in found),
        "self_built": sum(town.status.self_built for town in found),
    }
    return render(request, "liaison/list.html", context)
