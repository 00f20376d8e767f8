"""The ledger: one address holds the filter, the same rows are listed, counted and exported."""

from collections.abc import Iterator
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from core.privacy import mask_text
from core.spreadsheets import SheetToWrite, write_workbook
from disputes import ledger, queries
from disputes.actions.exports import EXPORT_LIMIT, record_export
from disputes.choices import DisputeState, Outcome, Risk, Source
from disputes.models import Dispute
from disputes.search import is_code
from disputes.views.doors import enter
from disputes.views.ledger_lines import ledger_lines

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
HEADER = (
    "编号", "名称", "镇（街）", "村（社区）", "类型", "标的额（元）", "来源",
    "登记日", "状态", "结果", "办结日", "风险", "承办人", "补录",
)  # fmt: skip
WIDTHS = (16, 34, 12, 16, 14, 14, 12, 12, 12, 12, 12, 12, 10, 8)


@require_safe
def dispute_list(request: HttpRequest) -> HttpResponse:
    """The ledger, newest first; eight queries whatever the number of rows."""
    user = enter(request, "disputes.view")
    wanted = ledger.parse(request.GET.dict())
    rows = queries.narrowed(user, wanted)
    places = queries.places_of(user, wanted.value("town"))
    searched = queries.search_text(user, wanted)
    page, count = queries.ledger_page(rows, wanted, cursor=request.GET.get("cursor", ""), searched=searched)
    towns = [place for place in places if len(place.code) == queries.TOWN_LENGTH]
    names = {town.code: town.name for town in towns} if len(towns) > 1 else {}
    place_label = "镇（街）、村" if names else "村（社区）"
    context = {
        "wanted": wanted,
        "asked": wanted.values,
        "page": page,
        "lines": ledger_lines(page.rows, names, place_label),
        "count": count,
        "towns": towns,
        "place_label": place_label,
        "villages": [place for place in places if len(place.code) > queries.TOWN_LENGTH],
        "types": queries.case_types(),
        "searched": searched,
        "states": DisputeState.choices,
        "outcomes": Outcome.choices,
        "risks": Risk.choices,
        "sources": Source.choices,
    }
    return render(request, "disputes/list.html", context)


@require_POST
def dispute_search(request: HttpRequest) -> HttpResponse:
    """Turn the filter form into an address. What was searched for is sealed: no name or number stands in a URL."""
    user = enter(request, "disputes.view")
    names = (*ledger.PLAIN, *ledger.CHOICES, *ledger.DATES, "sort")
    given = {name: request.POST.get(name, "").strip() for name in names if name not in ("q", "s")}
    text = request.POST.get("q", "").strip()[:100]
    if text:
        given |= {"q": text.upper()} if is_code(text) else {"s": queries.sealed_search(user, text)}
    query = urlencode({name: value for name, value in given.items() if value})
    return redirect(f"{reverse('disputes:list')}?{query}" if query else "disputes:list")


@require_POST
def dispute_export(request: HttpRequest) -> HttpResponse:
    """The rows of the ledger's filter as a workbook, personal data masked; audited before it is handed over."""
    user = enter(request, "disputes.export")
    wanted = ledger.parse(request.GET.dict())
    rows = queries.narrowed(user, wanted).select_related("case_type", "division__parent", "handler")
    listed = list(rows.defer("narrative", "triage").order_by(*queries.NEWEST)[: EXPORT_LIMIT + 1])
    record_export(rows=len(listed), filters={**wanted.values, **wanted.days}, by=user)
    sheet = SheetToWrite(name="纠纷台账", header=HEADER, rows=_rows(listed), widths=WIDTHS)
    response = HttpResponse(write_workbook([sheet]), content_type=XLSX)
    response["Content-Disposition"] = f'attachment; filename="disputes-{timezone.localdate():%Y%m%d}.xlsx"'
    return response


def _rows(disputes: list[Dispute]) -> Iterator[tuple[str | int | float | None, ...]]:
    for one in disputes:
        town = one.division.parent.name if one.division.parent else ""
        yield (
            one.code,
            mask_text(one.title),
            town,
            one.division.short_name,
            one.case_type.name,
            float(one.amount) if one.amount is not None else None,
            one.get_source_display(),
            one.registered_on.isoformat(),
            one.get_state_display(),
            one.get_outcome_display(),
            one.closed_on.isoformat() if one.closed_on else "",
            one.get_risk_display(),
            str(one.handler or ""),
            "是" if one.entered_late else "",
        )
