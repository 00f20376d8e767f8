"""A ledger's rows mended in the page before they are written: cells retyped, rows left out."""

from collections.abc import Mapping
from uuid import UUID

from django.db import transaction

from core.actions import audit
from core.actions.uploads import hand_over
from core.errors import Refused
from core.models import User
from disputes.actions.ledger_imports import open_ledger
from disputes.choices import LedgerImportState
from disputes.importing import columns
from disputes.models import LedgerImport
from roster.annex.kept import mends_as_json, mends_from_json, with_mend
from roster.annex.mending import RowKey


@transaction.atomic
def mend_row(
    *, import_id: UUID, key: RowKey, cells: Mapping[str, str | None], left_out: bool, by: User
) -> LedgerImport:
    """Keep what the uploader said about one row; everything is then checked anew. A cell of None goes back to what
    the file says. Two windows open on one upload lose nothing to each other. Only the fields go into the trail."""
    upload = open_ledger(import_id, by)
    if unknown := set(cells) - set(columns.FIELDS):
        raise Refused(f"没有「{sorted(unknown)[0]}」这一栏。", hint="请刷新页面再改。")
    before = mends_from_json(upload.mends)
    after = with_mend(before, key, cells=cells, left_out=left_out)
    upload.mends = mends_as_json(after)
    hand_over(upload, LedgerImportState.CHECKING, by)
    upload.turn += 1
    upload.save(update_fields=["mends", "turn"])
    detail = {"row": key[1], "fields": sorted(cells), "left_out": left_out}
    audit.record("dispute.mend_upload", by=by, subject=upload, division_code=upload.town_id, detail=detail)
    return upload
