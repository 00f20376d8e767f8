"""Several at once over one list: one upload, every mend kept, written once."""

from contextlib import suppress

import pytest

from core.actions.uploads import StillAtWork
from core.models import AuditEntry, User
from roster import preview, uploads
from roster.annex.kept import mends_from_json
from roster.models import RosterImport, RosterImportRow, Staff
from roster.preview import Decision
from tests.conftest import TAIPING
from tests.core.test_concurrency import all_at_once
from tests.roster.workbooks import person, roster

pytestmark = pytest.mark.django_db(transaction=True)
PEOPLE = [person(number, 联系电话="1") for number in range(1, 5)]


def take(by: User) -> RosterImport:
    return uploads.take_upload(data=roster(*PEOPLE), file_name="a.xlsx", town=TAIPING, since=None, by=by)


def test_a_file_pressed_four_times_is_one_upload(admin):
    data = roster(*PEOPLE)
    all_at_once(lambda: uploads.take_upload(data=data, file_name="a.xlsx", town=TAIPING, since=None, by=admin))
    assert (RosterImport.objects.count(), RosterImportRow.objects.count()) == (1, 4)


def test_rows_mended_in_four_windows_are_all_kept(admin):
    kept, places = take(admin), iter(range(1, 5))

    def mend():
        place = next(places)
        row = RosterImportRow.objects.get(upload=kept, place=place)
        upload = RosterImport.objects.get(pk=kept.pk)
        decision = Decision(cells={"phone": f"1380000000{place}"}, left_out=False)
        preview.mend_row(upload=upload, row=row, decision=decision, by=admin)

    all_at_once(mend)
    found = RosterImport.objects.get(pk=kept.pk)
    assert (found.report["created"], found.report["rejected"], len(mends_from_json(found.mends).edits)) == (4, 0, 4)
    assert found.fingerprint == uploads.planner()(found).fingerprint


def test_four_workers_write_a_list_once(admin, monkeypatch):
    kept = take(admin)
    monkeypatch.setattr(uploads, "SMALL_ROWS", 1)
    for place in range(1, 5):
        row = RosterImportRow.objects.get(upload=kept, place=place)
        decision = Decision(cells={"phone": f"1380000000{place}"}, left_out=False)
        preview.mend_row(upload=RosterImport.objects.get(pk=kept.pk), row=row, decision=decision, by=admin)
    shown = RosterImport.objects.get(pk=kept.pk).fingerprint
    uploads.apply_upload(import_id=kept.pk, shown=shown, skip_invalid=False, by=admin)

    def work():
        with suppress(StillAtWork):  # the outbox asks again later
            uploads.run_apply(kept.pk)

    all_at_once(work)
    assert (Staff.objects.count(), AuditEntry.objects.filter(action="roster.import").count()) == (4, 1)
    assert RosterImport.objects.get().state == "applied"
