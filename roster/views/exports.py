"""Taking lists out: the annex as it is handed in, and the empty one to fill in."""

from functools import partial
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from core import reentry
from core.errors import Refused
from core.forms import add_refusal
from core.models import User
from core.views.exports import ExportPages, attachment, file_page, status_page
from roster import documents, queries
from roster.actions import exports
from roster.forms.exports import ExportForm
from roster.views.doors import UNPROCESSABLE, enter

TEMPLATE_NAME = "法官联络点人员名单（空白）.xlsx"
PAGES = ExportPages(
    status="roster:export-status",
    file="roster:export-file",
    again="roster:export",
    template="roster/export_status.html",
    thing="名单",
    unit="人",
)


def export(request: HttpRequest) -> HttpResponse:
    """Choose a list; a small one comes at once, a large one is made in the worker."""
    user = enter(request, "roster.export")
    if request.method != "POST":
        return _export_page(request, user, ExportForm(user=user, initial={"listed": request.GET.get("list", "")}))
    form = ExportForm(request.POST, user=user)
    if not form.is_valid():
        return _export_page(request, user, form, status=UNPROCESSABLE)
    if form.is_clear and (asked := reentry.ask_password(request)):
        return asked
    try:
        started = exports.start_export(**form.wanted(), by=user)
    except Refused as refused:
        add_refusal(form, refused)
        return _export_page(request, user, form, status=UNPROCESSABLE)
    if started.is_under_way:
        return redirect("roster:export-status", started.pk)
    return attachment(documents.workbook_of(started), documents.file_name(started))


def _export_page(request: HttpRequest, user: User, form: ExportForm, status: int = 200) -> HttpResponse:
    context = {"form": form, "recent": queries.recent_exports(user), "at_once": exports.AT_ONCE}
    return render(request, "roster/export.html", context, status=status)


@require_safe
def status(request: HttpRequest, export_id: UUID) -> HttpResponse:
    """How far a large list is; its own page, so that the browser may be closed."""
    user = enter(request, "roster.export")
    return status_page(request, queries.export_for(user, export_id), PAGES)


@require_safe
def file(request: HttpRequest, export_id: UUID) -> HttpResponse:
    """The file of a finished export, to who asked for it, within a day."""
    user = enter(request, "roster.export")
    asked = queries.export_for(user, export_id)
    fetch = partial(exports.hand_over, export_id=asked.pk, by=user)
    return file_page(request, asked, PAGES, fetch=fetch, name=documents.file_name(asked))


@require_safe
def template(request: HttpRequest) -> HttpResponse:
    """The empty annex with its example."""
    return attachment(documents.template_of(enter(request, "roster.export")), TEMPLATE_NAME)
