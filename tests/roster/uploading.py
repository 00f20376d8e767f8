"""An upload kept, planned and written, as the tests of imports need it."""

from datetime import date

from roster import uploads
from roster.models import RosterImport
from tests.conftest import TAIPING
from tests.roster.workbooks import XLSX

SINCE = date(2023, 4, 3)


def take(data, by, *, town=TAIPING, since=SINCE, name=XLSX) -> RosterImport:
    return uploads.take_upload(data=data, file_name=name, town=town, since=since, by=by)


def plan(upload, by):
    return uploads.planner()(upload)


def write(data, by, *, skip=False, **options):
    upload = take(data, by, **options)
    return uploads.apply_upload(import_id=upload.pk, shown=plan(upload, by).fingerprint, skip_invalid=skip, by=by)


def results(plan) -> list[str]:
    return [row.result.value for row in plan.rows]
