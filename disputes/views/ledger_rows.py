"""One row of a ledger's preview mended in the page."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_POST

from core.errors import Refused
from disputes import preview, queries, uploads
from disputes.choices import LedgerImportState
from disputes.forms.ledger_imports import LedgerMendForm
from disputes.models import LedgerImport
from disputes.preview import FoundRow
from disputes.views.doors import enter
from disputes.views.ledger_imports import refused_page


@require_POST
def import_row(request: HttpRequest, ledger_upload: UUID, sheet: int, number: int) -> HttpResponse:
    """Retype cells, leave the row out or take it in again; everything is checked anew at once.

    Both htmx and a plain form are led to the page with the row in it; htmx takes from it what the row changes, and
    the whole page when other rows became something else or a worker has it.
    """
    user = enter(request, "disputes.import")
    kept = queries.import_for(user, ledger_upload)
    row = preview.found_row(kept, sheet, number)
    if row is None and kept.state == LedgerImportState.PREVIEWED:
        raise Http404
    try:
        form = LedgerMendForm(request.POST)
        if not form.is_valid():
            raise Refused("".join(str(error) for errors in form.errors.values() for error in errors))
        key, cells = (row.key, row.touched(form.cells)) if row else (("", number), {})
        mended = uploads.mend_row(
            import_id=kept.pk, key=key, cells=cells, left_out=form.cleaned_data["left_out"], by=user
        )
    except Refused as refused:
        if not _is_htmx(request):
            return refused_page(request, user, kept, refused)
        messages.error(request, str(refused))
        return HttpResponse(headers={"HX-Refresh": "true"})
    if _is_htmx(request) and not (row and _is_alone(mended, row, sheet, number)):
        return HttpResponse(headers={"HX-Refresh": "true"})
    given = request.GET.copy()
    given["row"] = f"{sheet}-{number}"
    where = reverse("disputes:import-preview", args=[kept.pk])
    return redirect(f"{where}?{given.urlencode()}#row-{sheet}-{number}")


def _is_htmx(request: HttpRequest) -> bool:
    return bool(getattr(request, "htmx", None))


def _is_alone(mended: LedgerImport, before: FoundRow, sheet: int, number: int) -> bool:
    """Whether no other row turned into something else."""
    after = preview.found_row(mended, sheet, number) if mended.state == LedgerImportState.PREVIEWED else None
    return after is not None and after.others == before.others
