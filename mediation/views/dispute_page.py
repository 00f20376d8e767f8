"""The one dispute page."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from disputes.queries import usual_day_to_route
from mediation.queries.dispute_page import dispute_page as page_of
from mediation.views.doors import shut_off_page


@require_safe
@never_cache
def dispute_page(request: HttpRequest, code: str) -> HttpResponse:
    """Where a dispute stands, what comes next, who, what was agreed, what happened, which papers, which days.

    Whom a message leads here when their town no longer sees the dispute reads why, and nothing of the file.
    """
    try:
        page = page_of(request.user, code)
    except Http404:
        if page_of_it := shut_off_page(request, code):
            return page_of_it
        raise
    rows = page.rows
    context = {
        "page": page,
        "today": page.facts.today,
        "route_on": usual_day_to_route(rows.dispute),
        "dispute": rows.dispute,
        "parties": rows.parties,
        "flag": page.flag,
        "alarm": page.alarm,
        "events": page.legal_events if request.GET.get("log") == "legal" else page.events,
        "only_legal": request.GET.get("log") == "legal",
        "agreement": rows.agreement,
        "slot": rows.slot,
    }
    return render(request, "mediation/dispute_page.html", context)
