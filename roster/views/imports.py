"""Bringing in a list: upload, check and settle, write."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from core.errors import Conflict, Refused
from core.forms import add_refusal
from core.models import User
from core.queries import today
from roster import importers, queries
from roster.actions import imports
from roster.annex.plan import ImportPlan, PlannedRow
from roster.choices import ImportState, RowResult
from roster.forms import SettleForm, UploadForm
from roster.models import RosterImport, is_late
from roster.views.doors import CONFLICT, UNPROCESSABLE, enter
from roster.views.preview_rows import is_to_look_at, shown_row

ROWS_A_PAGE = 100
ALL, TO_LOOK_AT = "", "look"
Test = Callable[[PlannedRow], bool]


def upload(request: HttpRequest) -> HttpResponse:
    """Choose a file; what can be read at all is kept and shown, the rest is refused here."""
    user = enter(request, "roster.import")
    if request.method != "POST":
        return _upload_page(request, user, UploadForm(user=user))
    form = UploadForm(request.POST, request.FILES, user=user)
    if form.is_valid():
        file, town = form.cleaned_data["file"], form.cleaned_data["town"] or None
        try:
            kept = importers.take_upload(data=file.read(), file_name=file.name, town=town, since=None, by=user)
        except Refused as refused:
            add_refusal(form, refused)
        else:
            return redirect("roster:import-preview", kept.pk)
    return _upload_page(request, user, form, status=UNPROCESSABLE)


def _upload_page(request: HttpRequest, user: User, form: UploadForm, status: int = 200) -> HttpResponse:
    context = {"form": form, "recent": queries.recent_imports(user)}
    return render(request, "roster/import.html", context, status=status)


@require_safe
def preview(request: HttpRequest, import_id: UUID) -> HttpResponse:
    """What writing would do, row by row; after writing, what it did."""
    user = enter(request, "roster.import")
    kept = queries.import_for(user, import_id)
    if kept.state != ImportState.PREVIEWED:
        return _result_page(request, kept)
    return _preview_page(request, user, kept)


@require_POST
def settle(request: HttpRequest, import_id: UUID) -> HttpResponse:
    """Another town or first day: everything is checked anew."""
    user = enter(request, "roster.import")
    kept = queries.import_for(user, import_id)
    form = SettleForm(request.POST, user=user)
    if form.is_valid():
        town, since = form.cleaned_data["town"] or None, form.cleaned_data["since"]
        try:
            imports.settle_upload(import_id=kept.pk, town_code=town, since=since, by=user)
        except Refused as refused:
            add_refusal(form, refused)
        else:
            return redirect("roster:import-preview", kept.pk)
    if kept.state != ImportState.PREVIEWED:
        return _result_page(request, kept, status=UNPROCESSABLE)
    return _preview_page(request, user, kept, form=form, status=UNPROCESSABLE)


@require_POST
def apply(request: HttpRequest, import_id: UUID) -> HttpResponse:
    """Write what was shown, all of it or nothing. A second press changes nothing and says so."""
    user = enter(request, "roster.import")
    kept = queries.import_for(user, import_id)
    try:
        plan = importers.apply_upload(
            import_id=kept.pk,
            fingerprint=request.POST.get("shown", ""),
            skip_invalid=request.POST.get("skip") == "1",
            by=user,
        )
    except Refused as refused:
        return _refused_page(request, user, import_id, refused)
    written = plan.counts[RowResult.CREATED] + plan.counts[RowResult.UPDATED]
    messages.success(request, f"已写入 {written} 行。{_complete_towns(plan, user)}")
    return redirect("roster:import-preview", kept.pk)


@require_POST
def discard(request: HttpRequest, import_id: UUID) -> HttpResponse:
    user = enter(request, "roster.import")
    kept = imports.discard_upload(import_id=queries.import_for(user, import_id).pk, by=user)
    messages.success(request, f"已放弃「{kept}」，文件已删除，名册没有动。")
    return redirect("roster:import")


def _complete_towns(plan: ImportPlan, user: User) -> str:
    names = {town.code: town.name for town in queries.towns_for(user)}
    complete = [names.get(team.town_code, "") for team in plan.teams if team.standing.complete]
    return f"{'、'.join(complete)}的队伍达到标准。" if complete else ""


def _refused_page(request: HttpRequest, user: User, import_id: UUID, refused: Refused) -> HttpResponse:
    kept = queries.import_for(user, import_id)
    status = CONFLICT if isinstance(refused, Conflict) else UNPROCESSABLE
    if kept.state != ImportState.PREVIEWED:
        return _result_page(request, kept, refused=refused, status=status)
    return _preview_page(request, user, kept, refused=refused, status=status)


def _result_page(
    request: HttpRequest, kept: RosterImport, *, refused: Refused | None = None, status: int = 200
) -> HttpResponse:
    names = {town.code: town.name for town in queries.towns().filter(code__in=kept.report.get("towns", []))}
    counts = [(result.label, kept.report.get(result.value, 0)) for result in RowResult]
    context = {"kept": kept, "counts": counts, "towns": names.items(), "refused": refused}
    return render(request, "roster/import_result.html", context, status=status)


def _preview_page(
    request: HttpRequest,
    user: User,
    kept: RosterImport,
    *,
    form: SettleForm | None = None,
    refused: Refused | None = None,
    status: int = 200,
) -> HttpResponse:
    checked = importers.checked_upload(kept)
    plan = importers.plan_import(checked, since=kept.since, by=user)
    show = request.GET.get("show", ALL)
    names = dict(checked.gazetteer.towns)
    page = Paginator([row for row in plan.rows if _filter(show)(row)], ROWS_A_PAGE).get_page(request.GET.get("page"))
    mine = kept.uploaded_by_id == user.pk
    many_sheets = len(checked.annex.sheets) > 1
    context: dict[str, Any] = {
        "kept": kept,
        "plan": plan,
        "sheets": checked.annex.sheets,
        "show": show,
        "filters": _filters(plan),
        "page": page,
        "rows": [shown_row(row, towns=names, clear_errors=mine, with_sheet=many_sheets) for row in page],
        "teams": [(names.get(team.town_code, ""), team) for team in plan.teams],
        "form": form or SettleForm(initial={"town": kept.town_id or "", "since": kept.since}, user=user),
        "is_late": is_late(kept.since, timezone.now()),
        "today": today(),
        "refused": refused,
        "writable": len(plan.writable),
        "nothing_new": not plan.rejected and plan.counts[RowResult.UNCHANGED] == len(plan.rows),
    }
    return render(request, "roster/import_preview.html", context, status=status)


def _filter(show: str) -> Test:
    if show == TO_LOOK_AT:
        return is_to_look_at
    wanted = {show} if show in RowResult.values else set(RowResult.values)
    return lambda row: row.result in wanted


def _filters(plan: ImportPlan) -> list[tuple[str, str, int]]:
    """Key, words and number of each filter; results that do not occur are left out."""
    looked = sum(is_to_look_at(row) for row in plan.rows)
    found = [(result.value, result.label, number) for result, number in plan.counts.items() if number]
    return [(ALL, "全部", len(plan.rows)), *found, *([(TO_LOOK_AT, "请留意", looked)] if looked else [])]
