"""What a check found in an upload, kept beside it: one row each, figures, the outlook. All of it goes with the file."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from core import privacy
from core.bulk import Values, insert_all, new_keys
from roster.annex.kept import mends_as_json
from roster.annex.mending import Mends
from roster.choices import ImportState, RowResult
from roster.models import RosterImport, RosterImportRow

PERSON_LABEL = "roster_import_row"
Report = dict[str, Any]


def person_key(id_number: str) -> str:
    """By which the rows of one person are found."""
    return privacy.lookup_hash(PERSON_LABEL, id_number)


@dataclass(frozen=True, slots=True)
class FoundRow:
    """`person`: keyed hash of the identity number; `data`: the row as it was read."""

    number: int
    result: RowResult
    to_look_at: bool
    person: str
    data: str


@dataclass(frozen=True)
class Found:
    """A whole file checked. `rows` may be a generator: no more than a batch of them is held at once."""

    rows: Iterable[FoundRow]
    total: int
    outlook: str
    fingerprint: str
    report: Report
    since: date
    town_code: str | None
    town_guessed: bool


@dataclass(frozen=True)
class MendedRow:
    """What a row turned out to be when it was checked again."""

    id: UUID
    result: RowResult
    to_look_at: bool
    person: str


@dataclass(frozen=True)
class Mended:
    """Some rows of a file checked again, and what that makes of the whole."""

    rows: list[MendedRow]
    outlook: str
    fingerprint: str
    report: Report


def keep_found(upload: RosterImport, found: Found) -> None:
    """Put what was found in the place of what an earlier check found; the upload can then be looked at."""
    upload.rows.all().delete()
    places = enumerate(zip(new_keys(found.total), found.rows, strict=True), start=1)
    insert_all(RosterImportRow, (_row_values(upload, place, key, row) for place, (key, row) in places))
    upload.outlook, upload.fingerprint, upload.report = found.outlook, found.fingerprint, dict(found.report)
    upload.since, upload.town_id, upload.town_guessed = found.since, found.town_code, found.town_guessed
    upload.rows_done = upload.rows_total = found.total
    upload.turn, upload.tries, upload.state = upload.turn + 1, 0, ImportState.PREVIEWED
    upload.save(
        update_fields=["outlook", "fingerprint", "report", "since", "town", "town_guessed", "rows_done", "rows_total"]
        + ["turn", "tries", "state"]
    )


def _row_values(upload: RosterImport, place: int, key: str, row: FoundRow) -> Values:
    return {
        "id": key,
        "upload_id": upload.pk,
        "place": place,
        "number": row.number,
        "result": row.result.value,
        "to_look_at": row.to_look_at,
        "person": row.person,
        "data": row.data,
    }


def keep_mends(upload: RosterImport, mends: Mends) -> None:
    upload.mends = mends_as_json(mends)
    upload.save(update_fields=["mends"])


def keep_mended(upload: RosterImport, mends: Mends, mended: Mended) -> None:
    for row in mended.rows:
        RosterImportRow.objects.filter(pk=row.id).update(
            result=row.result, to_look_at=row.to_look_at, person=row.person
        )
    keep_mends(upload, mends)
    upload.outlook, upload.fingerprint, upload.report = mended.outlook, mended.fingerprint, dict(mended.report)
    upload.trouble = ""
    upload.save(update_fields=["outlook", "fingerprint", "report", "trouble"])
