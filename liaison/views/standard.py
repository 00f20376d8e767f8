"""The four-ones: a town reports, the county checks, a lapse is written down."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from core.access import require
from core.queries import today
from liaison import queries
from liaison.actions import items
from liaison.choices import CHECKED_ITEMS, EVIDENCED_ITEMS, CheckLevel, StandardKey
from liaison.forms import ItemCheckForm, ItemEndForm, ItemReportForm, taken
from liaison.views.doors import enter

UNPROCESSABLE = 422


@require_http_methods(["GET", "HEAD", "POST"])
def item_report(request: HttpRequest, town_code: str, item: str) -> HttpResponse:
    """The officer reports the office or the plaque, or adds evidence to what was reported."""
    user = enter(request, "liaison.report_item")
    point = queries.point_for(user, town_code)
    require(user, "liaison.report_item", point)
    if item not in EVIDENCED_ITEMS:
        raise Http404
    now = queries.open_item(point, item)
    posted = (request.POST, request.FILES) if request.method == "POST" else ()
    form = ItemReportForm(*posted, adding_to=now, initial={"met_on": point.opened_on or today()})
    if posted and taken(form, lambda data: items.report_item(point_id=point.pk, item=item, by=user, **data)):
        messages.success(request, f"「{StandardKey(item).label}」的证据已记下，等县级核验。")
        return redirect("liaison:point", town_code)
    context = {"point": point, "town": point.town, "item": StandardKey(item), "now": now, "form": form}
    return render(request, "liaison/item_report.html", context, status=UNPROCESSABLE if form.is_bound else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def item_check(request: HttpRequest, town_code: str, item: str) -> HttpResponse:
    """Justice bureau or committee notes that an item was found in place."""
    user = enter(request, "liaison.check_item")
    point = queries.point_for(user, town_code)
    require(user, "liaison.check_item", point)
    if item not in CHECKED_ITEMS:
        raise Http404
    status = queries.status_of(point.town, today())
    found = status.item(item)
    first = CheckLevel.SPOT_CHECK if found.counts else CheckLevel.COUNTY
    initial = {"checked_on": today(), "level": first}
    form = ItemCheckForm(request.POST) if request.method == "POST" else ItemCheckForm(initial=initial)
    if request.method == "POST" and taken(
        form, lambda data: items.check_item(point_id=point.pk, item=item, by=user, **data)
    ):
        messages.success(request, f"{point}「{StandardKey(item).label}」已核验。")
        return redirect("liaison:point", town_code)
    context = {
        "point": point,
        "town": point.town,
        "item": found,
        "files": queries.evidence_files(status).get(found.evidence_id or 0, []),
        "systems": status.systems,
        "form": form,
    }
    return render(request, "liaison/item_check.html", context, status=UNPROCESSABLE if form.is_bound else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def item_end(request: HttpRequest, town_code: str, pk: int) -> HttpResponse:
    """The office or the plaque is no longer there."""
    user = enter(request, "liaison.end_item")
    row = queries.item_for(user, town_code, pk)
    require(user, "liaison.end_item", row.point)
    form = ItemEndForm(request.POST) if request.method == "POST" else ItemEndForm(initial={"ended_on": today()})
    if request.method == "POST" and taken(form, lambda data: items.end_item(item_id=row.pk, by=user, **data)):
        messages.success(request, f"「{StandardKey(row.item).label}」已记为失效，以前的日子不受影响。")
        return redirect("liaison:point", row.point.town_code)
    context = {"row": row, "point": row.point, "town": row.point.town, "item": StandardKey(row.item), "form": form}
    return render(request, "liaison/item_end.html", context, status=UNPROCESSABLE if form.is_bound else 200)
