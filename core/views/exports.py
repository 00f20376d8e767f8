"""The page of one export, as every app shows it: how far it is, the file, why there is none; and a file handed over."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.http import content_disposition_header

from core import reentry
from core.actions.exports import has_expired
from core.choices import ExportState
from core.errors import Refused

XLSX_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
UNPROCESSABLE = 422
PROGRESS = "components/export_progress.html"


@dataclass(frozen=True)
class ExportPages:
    """URL names of status, file and the form to ask again; what is taken out, and what its rows are counted in."""

    status: str
    file: str
    again: str
    template: str
    thing: str
    unit: str


def status_page(
    request: HttpRequest, asked: Any, pages: ExportPages, *, refused: Refused | None = None, status: int = 200
) -> HttpResponse:
    """How far an export is; its own page, so that the browser may be closed; the fragment alone for htmx."""
    gone = has_expired(asked, timezone.now()) or asked.state == ExportState.EXPIRED
    is_ready = asked.state == ExportState.READY and not gone
    context = {"asked": asked, "pages": pages, "is_ready": is_ready, "is_gone": gone, "refused": refused}
    return render(request, PROGRESS if getattr(request, "htmx", False) else pages.template, context, status=status)


def file_page(
    request: HttpRequest, asked: Any, pages: ExportPages, *, fetch: Callable[[], bytes], name: str
) -> HttpResponse:
    """The finished file, to who asked for it, within a day; a clear one after the password. `fetch` is the act."""
    if asked.is_clear and (first := reentry.ask_password(request)):
        return first
    try:
        data = fetch()
    except Refused as refused:
        return status_page(request, asked, pages, refused=refused, status=UNPROCESSABLE)
    return attachment(data, name)


def attachment(data: bytes, name: str) -> HttpResponse:
    """A workbook as a download that no cache keeps."""
    response = HttpResponse(data, content_type=XLSX_TYPE)
    response["Content-Disposition"] = content_disposition_header(as_attachment=True, filename=name) or ""
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, no-store"
    return response
