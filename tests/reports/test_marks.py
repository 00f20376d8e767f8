"""Every act that changes a figure marks the months it changes: tallies kept by marks are those counted anew."""

from collections.abc import Iterator
from datetime import date

import pytest
import time_machine

from mediation.actions.endings import archive_dispute, fail_mediation
from mediation.actions.mediations import reopen_mediation
from mediation.actions.performance import record_performance
from mediation.models import Agreement, PerformanceItem
from reports.actions.tallies import recount_all, refresh_dirty
from reports.choices import Figure
from reports.models import MonthlyTally
from tests.mediation import confirmation_kit as kit
from tests.mediation.conftest import NOW, everybody, meet, sign, write


@pytest.fixture(autouse=True)
def _day() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


def tallies() -> dict:
    """Every tally that counts anything, by town and month."""
    rows = MonthlyTally.objects.values("town_code", "month", *Figure.values)
    counts = {(row.pop("town_code"), row.pop("month")): row for row in rows}
    return {bucket: {name: n for name, n in row.items() if n} for bucket, row in counts.items() if any(row.values())}


def assert_marks_suffice() -> None:
    """What the marks made the worker count is what a full count gives."""
    refresh_dirty()
    kept = tallies()
    recount_all()
    assert kept == tallies()


@pytest.fixture
def counted(dispute) -> None:
    """Everything so far is counted; the fixture's dispute was written without an act and so without a mark."""
    recount_all()


def test_starting_a_mediation(counted, mediating):
    assert_marks_suffice()


def test_an_agreement_and_the_months_of_its_instalments(counted, agreed):
    assert_marks_suffice()
    due = MonthlyTally.objects.filter(performance_due__gt=0).values_list("month", flat=True)
    assert sorted(due) == [date(2023, 9, 1), date(2023, 10, 1), date(2023, 11, 1)]


def test_a_performed_instalment(counted, agreed, mediator_of_taiping):
    refresh_dirty()
    item = PerformanceItem.objects.all()[0]

    record_performance(dispute_id=agreed.pk, item_id=item.pk, by=mediator_of_taiping, on=date(2023, 9, 15))

    assert_marks_suffice()


def test_a_failed_mediation_that_is_archived(counted, mediating, mediator_of_taiping):
    fail_mediation(
        dispute_id=mediating.pk, by=mediator_of_taiping, on=date(2023, 9, 10), reason="差距太大", ways_told=True
    )
    archive_dispute(dispute_id=mediating.pk, by=mediator_of_taiping, on=date(2023, 9, 20))

    assert_marks_suffice()
    assert MonthlyTally.objects.get(failed=1).month == date(2023, 9, 1)


def test_a_reopened_mediation_takes_the_failure_back(counted, mediating, mediator_of_taiping):
    fail_mediation(
        dispute_id=mediating.pk, by=mediator_of_taiping, on=date(2023, 8, 31), reason="差距太大", ways_told=True
    )
    refresh_dirty()
    reopen_mediation(dispute_id=mediating.pk, by=mediator_of_taiping, on=date(2023, 9, 10), reason="愿意再谈")

    assert_marks_suffice()
    assert MonthlyTally.objects.filter(failed__gt=0).count() == 0


def test_a_second_agreement_replaces_the_instalments_of_the_first(counted, agreed, mediator_of_taiping):
    refresh_dirty()
    reopen_mediation(dispute_id=agreed.pk, by=mediator_of_taiping, on=date(2023, 9, 10), reason="另行约定")
    agreed.refresh_from_db()
    meet(agreed, mediator_of_taiping, held_on=date(2023, 9, 12), recorded_at=NOW)
    write(agreed, mediator_of_taiping, concluded_on=date(2023, 9, 12))
    sign(agreed, mediator_of_taiping, everybody(agreed, mediator_of_taiping, when="2023-09-12 16:40"))

    assert Agreement.objects.count() == 2
    assert_marks_suffice()


def test_a_confirmation_from_filing_to_ruling(counted, agreed, mediator_of_taiping, court_clerk, reviewing_judge):
    request = kit.submit(agreed, mediator_of_taiping)
    assert_marks_suffice()
    kit.accept(request, court_clerk)
    assert_marks_suffice()
    kit.confirm(request, reviewing_judge)
    assert_marks_suffice()
