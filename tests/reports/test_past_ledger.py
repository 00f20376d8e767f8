"""A town's own ledger gives figures a history: each month as its days say, and nothing before it was written down."""

from datetime import date

import pytest
import time_machine

from disputes import reference, uploads
from reports.actions.tallies import refresh_dirty
from reports.models import MonthlyTally
from reports.queries.ledger import monthly_counts
from tests.conftest import TAIPING
from tests.disputes.ledgers import GOOD, xlsx

YEAR = [(date(2022, 1, 1), date(2022, 12, 31))]


@pytest.fixture
def brought_in(divisions, officer_of_taiping) -> None:
    """The ledger of 2022, written on 2023-09-20."""
    with time_machine.travel("2023-09-20T10:00+08:00", tick=False):
        reference.load(lambda line: None)
        town, by = divisions[TAIPING], officer_of_taiping
        kept = uploads.take_ledger(data=xlsx(*GOOD[:4]), file_name="台账.xlsx", town=town, by=by)
        mapping = uploads.outlook_of(kept)["proposed"]
        kept = uploads.map_ledger(import_id=kept.pk, mapping=mapping, village="", source="visit", by=by)
        uploads.apply_ledger(import_id=kept.pk, shown=kept.fingerprint, skip=False, by=by)


def test_the_months_are_counted_anew_by_their_own_days(brought_in):
    refresh_dirty()
    names = ("registered", "agreed", "failed", "ended", "referred_out")
    rows = MonthlyTally.objects.filter(town_code=TAIPING).order_by("month").values_list("month", *names)
    assert list(rows) == [
        (date(2022, 3, 1), 2, 1, 0, 0, 0),
        (date(2022, 5, 1), 0, 0, 1, 0, 0),
        (date(2022, 6, 1), 1, 0, 0, 0, 1),
        (date(2022, 7, 1), 1, 0, 0, 1, 0),
    ]


def test_as_known_before_it_was_written_down_there_was_nothing(brought_in):
    assert not any(monthly_counts([TAIPING], YEAR, known_on=date(2023, 9, 19)).values())
    known = monthly_counts([TAIPING], YEAR, known_on=date(2023, 9, 20))
    march = {str(figure): number for figure, number in known[TAIPING, date(2022, 3, 1)].items()}
    assert march == {"registered": 2, "agreed": 1, "late_entries": 2}
