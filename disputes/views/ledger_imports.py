"""Bringing in a town's own ledger: upload, say what its columns are, look, write or give up."""

from pathlib import PurePath
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from core import reentry
from core.errors import Conflict, Refused
from core.forms import add_refusal
from core.models import User
from core.spreadsheets import write_workbook
from core.views.exports import attachment
from disputes import preview, queries, uploads
from disputes.actions import ledger_imports
from disputes.choices import LedgerImportState
from disputes.forms.ledger_imports import ColumnsForm, LedgerUploadForm
from disputes.importing.template import template_sheets
from disputes.models import LedgerImport
from disputes.views.doors import CONFLICT, UNPROCESSABLE, enter

TEMPLATE_NAME = "纠纷台账（空白）.xlsx"


@require_http_methods(["GET", "HEAD", "POST"])
def ledger_import(request: HttpRequest) -> HttpResponse:
    """Choose a file; what can be read at all is kept, the rest is refused here."""
    user = enter(request, "disputes.import")
    towns = queries.towns_to_import(user)
    if request.method != "POST":
        return _upload_page(request, user, LedgerUploadForm(towns=towns))
    form = LedgerUploadForm(request.POST, request.FILES, towns=towns)
    if form.is_valid():
        file, before = form.cleaned_data["file"], queries.open_imports(user)
        try:
            kept = uploads.take_ledger(
                data=file.read(), file_name=file.name, town=form.cleaned_data["town"], by=user
            )  # fmt: skip
        except Refused as refused:
            add_refusal(form, refused)
        else:
            if kept.pk in before:  # the same file, still open: what was said of it and mended in it is kept
                messages.info(request, "这份文件传过，还没有写入，接着上次的做。")
            return redirect("disputes:import-preview", kept.pk)
    return _upload_page(request, user, form, status=UNPROCESSABLE)


def _upload_page(request: HttpRequest, user: User, form: LedgerUploadForm, status: int = 200) -> HttpResponse:
    context = {"form": form, "recent": queries.recent_imports(user)}
    return render(request, "disputes/import.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
def import_columns(request: HttpRequest, ledger_upload: UUID) -> HttpResponse:
    """Say what the columns are; a second time everything is checked anew."""
    user = enter(request, "disputes.import")
    kept = queries.import_for(user, ledger_upload)
    if kept.state not in (LedgerImportState.MAPPING, LedgerImportState.PREVIEWED, LedgerImportState.FAILED):
        return redirect("disputes:import-preview", kept.pk)
    form = preview.columns_form(kept, request.POST if request.method == "POST" else None)
    if request.method != "POST":
        return _columns_page(request, kept, form)
    if form.is_valid():
        village, source = form.cleaned_data["village"], form.cleaned_data["source"]
        try:
            uploads.map_ledger(import_id=kept.pk, mapping=form.mapping, village=village, source=source, by=user)
        except Refused as refused:
            add_refusal(form, refused)
        else:
            return redirect("disputes:import-preview", kept.pk)
    return _columns_page(request, kept, form, status=UNPROCESSABLE)


def _columns_page(request: HttpRequest, kept: LedgerImport, form: ColumnsForm, status: int = 200) -> HttpResponse:
    context = {"kept": kept, "form": form, **preview.columns_context(kept, form)}
    return render(request, "disputes/import_columns.html", context, status=status)


@require_safe
def import_preview(request: HttpRequest, ledger_upload: UUID) -> HttpResponse:
    """Where the upload stands: its columns, what writing would do, how far a worker is, what became of it."""
    user = enter(request, "disputes.import")
    kept = queries.import_for(user, ledger_upload)
    if kept.state == LedgerImportState.MAPPING:
        return redirect("disputes:import-columns", kept.pk)
    return _page(request, kept)


@require_safe
def import_progress(request: HttpRequest, ledger_upload: UUID) -> HttpResponse:
    """How far a worker is; asked for by a timer. When it is done, the fragment fetches the page."""
    user = enter(request, "disputes.import")
    kept = queries.import_for(user, ledger_upload)
    return render(request, "disputes/_import_progress.html", {"kept": kept, **preview.work_context(kept)})


@require_POST
def import_apply(request: HttpRequest, ledger_upload: UUID) -> HttpResponse:
    """Write what was shown, all of it or nothing. A second press changes nothing and says so."""
    user = enter(request, "disputes.import")
    kept = queries.import_for(user, ledger_upload)
    try:
        written = uploads.apply_ledger(
            import_id=kept.pk, shown=request.POST.get("shown", ""), skip=request.POST.get("skip") == "1", by=user
        )
    except Refused as refused:
        return refused_page(request, user, kept, refused)
    if written:
        messages.success(request, f"已写入 {written.disputes} 件。")
    return redirect("disputes:import-preview", kept.pk)


@require_POST
def import_recheck(request: HttpRequest, ledger_upload: UUID) -> HttpResponse:
    """Check everything once more under the same columns."""
    user = enter(request, "disputes.import")
    kept = queries.import_for(user, ledger_upload)
    try:
        uploads.recheck(import_id=kept.pk, by=user)
    except Refused as refused:
        return refused_page(request, user, kept, refused)
    return redirect("disputes:import-preview", kept.pk)


@require_POST
def import_discard(request: HttpRequest, ledger_upload: UUID) -> HttpResponse:
    user = enter(request, "disputes.import")
    kept = queries.import_for(user, ledger_upload)
    try:
        ledger_imports.discard_ledger(import_id=kept.pk, by=user)
    except Refused as refused:
        return refused_page(request, user, kept, refused)
    messages.success(request, f"已放弃「{kept}」，文件已删除，台账没有动。")
    return redirect("disputes:import")


@require_POST
def import_marked(request: HttpRequest, ledger_upload: UUID) -> HttpResponse:
    """The uploader's own file with the wrong cells coloured and commented."""
    user = enter(request, "disputes.import")
    kept = queries.import_for(user, ledger_upload)
    if asked := reentry.ask_password(request):
        return asked
    try:
        data = uploads.marked_copy(import_id=kept.pk, by=user)
    except Refused as refused:
        return refused_page(request, user, kept, refused)
    return attachment(data, f"{PurePath(kept.file_name).stem}（已标注）.xlsx")


@require_safe
def import_template(request: HttpRequest) -> HttpResponse:
    """The empty ledger of the user's town, with words to choose from and an example."""
    user = enter(request, "disputes.import")
    frame = queries.frame_for(queries.towns_to_import(user)[0])
    sheets = template_sheets(list(frame.villages.values()), list(frame.types.values()))
    return attachment(write_workbook(sheets), TEMPLATE_NAME)


def refused_page(request: HttpRequest, user: User, kept: LedgerImport, refused: Refused) -> HttpResponse:
    """The upload as it is now, with the sentence above it."""
    status = CONFLICT if isinstance(refused, Conflict) else UNPROCESSABLE
    return _page(request, queries.import_for(user, kept.pk), refused=refused, status=status)


def _page(
    request: HttpRequest, kept: LedgerImport, *, refused: Refused | None = None, status: int = 200
) -> HttpResponse:
    template, context = "disputes/import_result.html", preview.result_context(kept)
    if kept.is_at_work or kept.state in (LedgerImportState.FAILED, LedgerImportState.MAPPING):
        template, context = "disputes/import_work.html", preview.work_context(kept)
    elif kept.state == LedgerImportState.PREVIEWED:
        template, context = "disputes/import_preview.html", preview.preview_context(kept, request.GET)
    return render(request, template, {"kept": kept, "refused": refused, **context}, status=status)
