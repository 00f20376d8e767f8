"""The ledger: one address holds the filter, the same rows are listed, counted and exported."""

from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from core.errors import Refused
from core.models import User
from disputes import ledger, queries
from disputes.choices import DisputeState, Outcome, Risk, Source
from disputes.search import asks_nothing, code_of
from disputes.views.doors import enter
from disputes.views.ledger_lines import ledger_lines


@require_safe
def dispute_list(request: HttpRequest) -> HttpResponse:
    """The ledger, newest first; seven queries whatever the number of rows."""
    return list_page(request, enter(request, "disputes.view"))


def list_page(request: HttpRequest, user: User, *, refused: Refused | None = None, status: int = 200) -> HttpResponse:
    """The ledger under the filter of the address, with what was refused above it."""
    wanted = ledger.parse(request.GET.dict())
    rows = queries.narrowed(user, wanted)
    choices = queries.ledger_choices(user, wanted.value("town"))
    searched = queries.search_text(user, wanted)
    page, count = queries.ledger_page(rows, wanted, cursor=request.GET.get("cursor", ""), searched=searched)
    own = choices.town_names
    is_of_one_town = len(own) == 1 and all(row["town_code"] in own for row in page.rows)
    place_label = "村（社区）" if is_of_one_town else "镇（街）、村"
    context = {
        "wanted": wanted,
        "asked": wanted.all_values,
        "page": page,
        "lines": ledger_lines(page.rows, {} if is_of_one_town else own, place_label),
        "count": count,
        "place_label": place_label,
        "refused": refused,
        "choices": choices,
        "saved_now": request.GET.get("saved", ""),
        "searched": searched,
        "asks_nothing": asks_nothing(searched),
        "places": choices.places_named(searched),
        "states": DisputeState.choices,
        "outcomes": Outcome.choices,
        "risks": Risk.choices,
        "sources": Source.choices,
    }
    return render(request, "disputes/list.html", context, status=status)


@require_POST
def dispute_search(request: HttpRequest) -> HttpResponse:
    """Turn the filter form into an address. What was searched for is sealed: no name or number stands in a URL."""
    user = enter(request, "disputes.view")
    names = (*ledger.PLAIN, *ledger.CHOICES, *ledger.DATES, "sort")
    given = {name: request.POST.get(name, "").strip() for name in names if name not in ("q", "s")}
    text = request.POST.get("q", "").strip()[:100]
    if text:
        given |= {"q": code} if (code := code_of(text)) else {"s": queries.sealed_search(user, text)}
    query = urlencode({name: value for name, value in given.items() if value})
    return redirect(f"{reverse('disputes:list')}?{query}" if query else "disputes:list")
