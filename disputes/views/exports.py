"""Taking rows of the ledger out: a small file comes at once, a large one is made in the worker."""

from functools import partial
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from core import reentry
from core.errors import Refused
from core.forms import add_refusal
from core.models import User
from core.paging import capped_count
from core.views.exports import ExportPages, attachment, file_page, status_page
from disputes import documents, ledger, queries
from disputes.actions import exports
from disputes.forms.exports import LedgerExportForm
from disputes.views.doors import UNPROCESSABLE, enter

PAGES = ExportPages(
    status="disputes:export-status",
    file="disputes:export-file",
    again="disputes:list",
    template="disputes/export_status.html",
    thing="台账",
    unit="件",
)


@require_http_methods(["GET", "HEAD", "POST"])
def dispute_export(request: HttpRequest) -> HttpResponse:
    """The rows of the ledger's filter, which stands in the address as it does on the list."""
    user = enter(request, "disputes.export")
    if request.method != "POST":
        return _export_page(request, user, LedgerExportForm(user=user))
    form = LedgerExportForm(request.POST, user=user)
    if not form.is_valid():
        return _export_page(request, user, form, status=UNPROCESSABLE)
    if form.is_clear and (asked := reentry.ask_password(request)):
        return asked
    try:
        started = exports.start_export(
            params=request.GET.dict(),
            is_clear=form.is_clear,
            reason=form.cleaned_data.get("reason", ""),
            by=user,
        )
    except Refused as refused:
        add_refusal(form, refused)
        return _export_page(request, user, form, status=UNPROCESSABLE)
    if started.is_under_way:
        return redirect("disputes:export-status", started.pk)
    return attachment(documents.workbook_of(started), documents.file_name(started))


def _export_page(request: HttpRequest, user: User, form: LedgerExportForm, status: int = 200) -> HttpResponse:
    wanted = ledger.parse(request.GET.dict())
    context = {
        "form": form,
        "wanted": wanted,
        "count": capped_count(queries.narrowed(user, wanted)),
        "recent": queries.recent_exports(user),
        "at_once": exports.AT_ONCE,
        "limit": exports.EXPORT_LIMIT,
    }
    return render(request, "disputes/export.html", context, status=status)


@require_safe
def export_status(request: HttpRequest, ledger_export: UUID) -> HttpResponse:
    """How far a large file is."""
    user = enter(request, "disputes.export")
    return status_page(request, queries.export_for(user, ledger_export), PAGES)


@require_safe
def export_file(request: HttpRequest, ledger_export: UUID) -> HttpResponse:
    """The finished file, to who asked for it, within a day."""
    user = enter(request, "disputes.export")
    asked = queries.export_for(user, ledger_export)
    fetch = partial(exports.hand_over, export_id=asked.pk, by=user)
    return file_page(request, asked, PAGES, fetch=fetch, name=documents.file_name(asked))
