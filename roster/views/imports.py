"""Bringing in a list: upload, look and settle, write or give up."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from core.errors import Conflict, Refused
from core.forms import add_refusal
from core.models import User
from roster import queries, uploads
from roster.actions import imports
from roster.annex.plan import ImportPlan
from roster.choices import ImportState, RowResult
from roster.forms import SettleForm, UploadForm
from roster.models import RosterImport
from roster.views.doors import CONFLICT, UNPROCESSABLE, enter
from roster.views.preview_page import preview_context, work_context

AN_EMPTY_FORM = 600  # bytes: what the upload form weighs without a file


def upload(request: HttpRequest) -> HttpResponse:
    """Choose a file; what can be read at all is kept and shown, the rest is refused here."""
    user = enter(request, "roster.import")
    if request.method != "POST":
        return _upload_page(request, user, UploadForm(user=user))
    form = UploadForm(request.POST, request.FILES, user=user, cut_off=_was_cut_off(request))
    if form.is_valid():
        file, town = form.cleaned_data["file"], form.cleaned_data["town"] or None
        try:
            kept = uploads.take_upload(data=file.read(), file_name=file.name, town=town, since=None, by=user)
        except Refused as refused:
            add_refusal(form, refused)
        else:
            return redirect("roster:import-preview", kept.pk)
    return _upload_page(request, user, form, status=UNPROCESSABLE)


def _was_cut_off(request: HttpRequest) -> bool:
    """Whether more was announced than came: the parser drops a file without an end, and the fields after it."""
    announced = int(request.META.get("CONTENT_LENGTH") or 0)
    return announced > AN_EMPTY_FORM and "file" not in request.FILES and "town" not in request.POST


def _upload_page(request: HttpRequest, user: User, form: UploadForm, status: int = 200) -> HttpResponse:
    context = {"form": form, "recent": queries.recent_imports(user)}
    return render(request, "roster/import.html", context, status=status)


@require_safe
def preview(request: HttpRequest, import_id: UUID) -> HttpResponse:
    """Where the upload stands: what writing would do row by row, how far a worker is, what became of it."""
    user = enter(request, "roster.import")
    return upload_page(request, user, queries.import_for(user, import_id))


@require_safe
def progress(request: HttpRequest, import_id: UUID) -> HttpResponse:
    """How far a worker is; asked for by a timer. When it is done, the fragment fetches the page."""
    user = enter(request, "roster.import")
    return render(request, "roster/parts/import_progress.html", work_context(queries.import_for(user, import_id)))


@require_POST
def settle(request: HttpRequest, import_id: UUID) -> HttpResponse:
    """Another town or first day: everything is checked anew."""
    user = enter(request, "roster.import")
    kept = queries.import_for(user, import_id)
    form = SettleForm(request.POST, user=user)
    if form.is_valid():
        town, since = form.cleaned_data["town"] or None, form.cleaned_data["since"]
        try:
            uploads.settle_upload(import_id=kept.pk, town=town, since=since, by=user)
        except Refused as refused:
            add_refusal(form, refused)
        else:
            return redirect("roster:import-preview", kept.pk)
    return upload_page(request, user, kept, form=form, status=UNPROCESSABLE)


@require_POST
def recheck(request: HttpRequest, import_id: UUID) -> HttpResponse:
    """Check everything once more."""
    user = enter(request, "roster.import")
    kept = queries.import_for(user, import_id)
    try:
        uploads.recheck_upload(import_id=kept.pk, by=user)
    except Refused as refused:
        return refused_page(request, user, import_id, refused)
    return redirect("roster:import-preview", kept.pk)


@require_POST
def apply(request: HttpRequest, import_id: UUID) -> HttpResponse:
    """Write what was shown, all of it or nothing. A second press changes nothing and says so."""
    user = enter(request, "roster.import")
    kept = queries.import_for(user, import_id)
    try:
        plan = uploads.apply_upload(
            import_id=kept.pk,
            shown=request.POST.get("shown", ""),
            skip_invalid=request.POST.get("skip") == "1",
            other_town=request.POST.get("other_town") == "1",
            by=user,
        )
    except Refused as refused:
        return refused_page(request, user, import_id, refused)
    if plan:
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
    complete = [names[team.town_code] for team in plan.teams if team.standing.complete and team.town_code in names]
    return f"{'、'.join(complete)}的队伍达到标准。" if complete else ""


# ── the page of each state ───────────────────────────────────────────────────


def refused_page(request: HttpRequest, user: User, import_id: UUID, refused: Refused) -> HttpResponse:
    """The upload as it is now, with the sentence above it."""
    status = CONFLICT if isinstance(refused, Conflict) else UNPROCESSABLE
    return upload_page(request, user, queries.import_for(user, import_id), refused=refused, status=status)


def upload_page(
    request: HttpRequest,
    user: User,
    kept: RosterImport,
    *,
    form: SettleForm | None = None,
    refused: Refused | None = None,
    status: int = 200,
) -> HttpResponse:
    template = "roster/import_preview.html"
    context: dict[str, Any] = {"kept": kept, "refused": refused}
    if kept.is_at_work or kept.state == ImportState.FAILED:
        template, context = "roster/import_work.html", context | work_context(kept)
    elif kept.state == ImportState.PREVIEWED:
        context |= preview_context(request, user, kept, form=form)
    else:
        template, context = "roster/import_result.html", context | _result_context(kept, user)
    return render(request, template, context, status=status)


def _result_context(kept: RosterImport, user: User) -> dict[str, Any]:
    written = kept.report.get("towns", [])
    names = {town.code: town.name for town in queries.towns_for(user) if town.code in written}
    counts = [(result.label, kept.report.get(result.value, 0)) for result in RowResult]
    return {"counts": [(label, number) for label, number in counts if number], "towns": names.items()}
