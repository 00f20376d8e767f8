"""Mending an upload: one row in the page, or all of it on paper."""

import io
from pathlib import PurePath
from uuid import UUID

from django.contrib import messages
from django.http import FileResponse, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from core import reentry
from core.errors import NotAllowed, Refused
from core.models import User
from core.views.exports import XLSX_TYPE
from roster import preview, queries, uploads
from roster.actions.imports import ONLY_THE_UPLOADER
from roster.annex.kept import mends_from_json
from roster.forms.imports import MendForm
from roster.models import RosterImport, RosterImportRow
from roster.preview import Decision, outlook_of, shown_rows
from roster.views.doors import enter
from roster.views.imports import refused_page
from roster.views.preview_page import figures, rows_for_page
from roster.views.preview_rows import as_shown, hidden_number


def is_htmx(request: HttpRequest) -> bool:
    return bool(getattr(request, "htmx", None))


@require_POST
def mend(request: HttpRequest, import_id: UUID, place: int) -> HttpResponse:
    """Retype cells, settle seat and town, leave the row out or take it in again; it is checked anew at once.

    htmx gets the row and what changed around it; a plain form is led back to the row in its page.
    """
    user = enter(request, "roster.import")
    kept = queries.import_for(user, import_id)
    if kept.uploaded_by_id != user.pk:
        raise NotAllowed(ONLY_THE_UPLOADER)
    row = queries.import_row_for(kept, place)
    try:
        decision = _decision(request, user, kept, row)
        mended = preview.mend_row(upload=kept, row=row, decision=decision, by=user)
    except Refused as refused:
        return _refused(request, user, kept, refused)
    if not is_htmx(request):
        return redirect(f"{_page(request, kept)}#row-{place}")
    if not mended.is_alone:
        return HttpResponse(headers={"HX-Refresh": "true"})
    return _fragment(request, user, queries.import_for(user, import_id), place)


def _decision(request: HttpRequest, user: User, kept: RosterImport, row: RosterImportRow) -> Decision:
    """What the form says differently from what it was shown with: an untouched cell is no edit."""
    form = MendForm(request.POST, user=user)
    if not form.is_valid():
        raise Refused("".join(str(error) for errors in form.errors.values() for error in errors))
    (shown,) = shown_rows(kept, [row])
    settled, post = mends_from_json(kept.mends).of(*shown.row.checked.key), shown.row.checked.post
    seat, town = form.cleaned_data["seat"], form.cleaned_data["town"]
    seat_asked = "seat" in request.POST and seat != (post.role, post.kind)
    town_asked = "town" in request.POST and town != "".join(settled.towns[:1])
    cells = {field: text for field, text in form.cells.items() if text != as_shown(shown.row, field)}
    if cells.get("id_number") == hidden_number(shown.row):
        del cells["id_number"]
    return Decision(
        cells=cells,
        left_out=form.cleaned_data["left_out"],
        seat=seat if seat_asked else None,
        town=town if town_asked else None,
    )


def _refused(request: HttpRequest, user: User, kept: RosterImport, refused: Refused) -> HttpResponse:
    if not is_htmx(request):
        return refused_page(request, user, kept.pk, refused)
    messages.error(request, str(refused))
    return HttpResponse(headers={"HX-Refresh": "true"})


def _page(request: HttpRequest, kept: RosterImport) -> str:
    """The page of the list that the row stands on."""
    return f"{reverse('roster:import-preview', args=[kept.pk])}?{request.GET.urlencode()}".rstrip("?")


def _fragment(request: HttpRequest, user: User, kept: RosterImport, place: int) -> HttpResponse:
    """The row, and what it changes around it."""
    outlook, towns = outlook_of(kept), {town.code: town.name for town in queries.towns()}
    shown = shown_rows(kept, [queries.import_row_for(kept, place)])
    (row,) = rows_for_page(shown, kept, user, outlook, towns)
    context = {**figures(kept, user, outlook, towns), "row": row, "show": request.GET.get("show", ""), "oob": True}
    return render(request, "roster/parts/import_mended.html", context)


@require_POST
def marked(request: HttpRequest, import_id: UUID) -> HttpResponseBase:
    """The same workbook with what is wrong coloured and commented, for who uploaded it.

    The page shows its uploader the wrong cells alone in clear; this file holds every number of everybody in the list.
    So it asks for the password as a clear export does: an upload lies here for a week, a browser may stand open.
    """
    user = enter(request, "roster.import")
    kept = queries.import_for(user, import_id)
    if asked := reentry.ask_password(request):
        return asked
    try:
        data = uploads.marked_copy(import_id=kept.pk, by=user)
    except Refused as refused:
        return refused_page(request, user, import_id, refused)
    name = f"{PurePath(kept.file_name).stem}（已标注）.xlsx"
    return FileResponse(io.BytesIO(data), as_attachment=True, filename=name, content_type=XLSX_TYPE)
