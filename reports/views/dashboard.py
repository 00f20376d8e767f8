"""The dashboard, and the lists behind its figures."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from liaison.forms import AsOfForm
from liaison.views.doors import enter
from reports.choices import Figure, TownFigure
from reports.forms import SpanForm
from reports.queries.dashboard import HEAT_HEADS, Dashboard
from reports.queries.figure_list import figure_list, scope_of
from reports.queries.filings import filings
from reports.queries.town_list import definition_of, town_list

VIEW = "reports.view_figures"


@require_safe
def dashboard(request: HttpRequest) -> HttpResponse:
    """Targets and figures of the user's divisions as of a day."""
    user = enter(request, VIEW)
    as_of = AsOfForm(request.GET)
    board = Dashboard(user.scope_codes, as_of.day)
    context = {"as_of": as_of, "on": as_of.day, "board": board, "heads": HEAT_HEADS, "towns": len(board.standing.towns)}
    return render(request, "reports/dashboard.html", context)


@require_safe
def list_figure(request: HttpRequest, figure: str) -> HttpResponse:
    """What a figure counts, between two days."""
    user = enter(request, VIEW)
    if figure not in Figure.values:
        raise Http404
    span = SpanForm(request.GET)
    codes = scope_of(user, span.place)
    found = figure_list(codes, Figure(figure), span.first, span.last, request.GET.get("cursor", ""))
    return render(request, "reports/figure_list.html", {"found": found, "span": span})


@require_safe
def list_towns(request: HttpRequest, figure: str) -> HttpResponse:
    """The towns a figure counts and those it does not, with what each lacks."""
    user = enter(request, VIEW)
    if figure not in TownFigure.values:
        raise Http404
    as_of = AsOfForm(request.GET)
    found = town_list(user.scope_codes, TownFigure(figure), as_of.day)
    context = {"found": found, "on": as_of.day, "as_of": as_of, "figures": list(TownFigure)}
    return render(request, "reports/town_list.html", context | {"definition": definition_of(found.figure)})


@require_safe
def list_filings(request: HttpRequest) -> HttpResponse:
    """The court filings behind 万人起诉率, with population and source."""
    user = enter(request, VIEW)
    as_of = AsOfForm(request.GET)
    found = filings(user.scope_codes, as_of.day)
    return render(request, "reports/filings.html", {"found": found, "on": as_of.day, "as_of": as_of})
