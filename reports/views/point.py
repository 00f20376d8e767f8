"""Slots of a point's page that are filled from here: use of the systems, this year's figures."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from liaison.forms import AsOfForm
from liaison.queries import point_for
from liaison.views.doors import enter
from reports.choices import Figure
from reports.periods import year_to
from reports.queries.figures import confirmed_share, figures, resolution
from reports.queries.links import TRIED, list_url
from reports.queries.standings import Towns
from reports.queries.use import window

USE = ("reports/point_use.html", "reports/point_use_page.html")
FIGURES = ("reports/point_figures.html", "reports/point_figures_page.html")


def _template(request: HttpRequest, templates: tuple[str, str]) -> str:
    """The fragment for the slot; a page of its own for who opens the address."""
    fragment, page = templates
    return fragment if request.headers.get("HX-Request") else page


@require_safe
def point_use(request: HttpRequest, town_code: str) -> HttpResponse:
    """The six systems with their texts and their use in the window up to a day."""
    user = enter(request, "liaison.view_points")
    point = point_for(user, town_code)
    on = AsOfForm(request.GET).day
    standing = Towns([town_code], until=on).on(on)[town_code]
    first, last = window(on)
    days = {"on": on, "first": first, "last": last, "days": settings.SYSTEM_USE_DAYS}
    context = {"point": point, "town": point.town, "standing": standing} | days
    return render(request, _template(request, USE), context)


@require_safe
def point_figures(request: HttpRequest, town_code: str) -> HttpResponse:
    """The figures of the year so far of one town."""
    user = enter(request, "reports.view_figures")
    point = point_for(user, town_code)
    first, last = year_to(AsOfForm(request.GET).day)
    totals = figures([town_code], first, last).total
    context = {
        "town": point.town,
        "on": last,
        "registered": totals[Figure.REGISTERED],
        "registered_url": list_url(Figure.REGISTERED, first, last, town=town_code),
        "resolution": resolution(totals),
        "resolution_url": list_url(TRIED, first, last, town=town_code),
        "submitted": totals[Figure.CONFIRMATIONS_SUBMITTED],
        "submitted_url": list_url(Figure.CONFIRMATIONS_SUBMITTED, first, last, town=town_code),
        "confirmed": confirmed_share(totals),
    }
    return render(request, _template(request, FIGURES), context)
