"""Tallies are counted anew from the ledger; figures from tallies and figures counted directly are the same."""

import json
from collections import Counter
from datetime import date

import pytest
from django.core.management import call_command
from django.db import connection

from core.actions.outbox import mark_dirty
from core.models import DirtyBucket
from disputes.models import Dispute
from reports.actions.tallies import recount_all, recount_bucket, refresh_dirty
from reports.choices import Figure
from reports.models import MonthlyTally
from reports.queries.figures import CHARTED, figures, tried
from reports.queries.ledger import monthly_counts
from tests.conftest import COUNTY, SHUANGDONG, TAIPING

JUNE = date(2023, 6, 1)
ZERO = dict.fromkeys(Figure.values, 0)


def tally(town: str, month: date) -> dict[str, int]:
    return MonthlyTally.objects.filter(town_code=town, month=month).values(*Figure.values).get()


def test_a_month_is_counted_by_the_day_each_thing_was_true(spring):
    recount_bucket(town_code=TAIPING, month=JUNE)

    assert tally(TAIPING, JUNE) == ZERO | {
        "registered": 2,
        "mediated": 2,
        "agreed": 1,
        "agreements_effective": 1,
        "performance_due": 1,
    }


def test_july_holds_what_june_no_longer_does(spring):
    recount_bucket(town_code=TAIPING, month=date(2023, 7, 1))

    assert tally(TAIPING, date(2023, 7, 1)) == ZERO | {
        "registered": 2,
        "failed": 1,
        "ended": 1,
        "referred_out": 1,
        "confirmations_submitted": 1,
        "confirmations_accepted": 1,
        "confirmations_confirmed": 1,
    }


def test_a_request_ruled_within_its_period_is_in_time(spring):
    recount_bucket(town_code=TAIPING, month=date(2023, 4, 1))

    assert tally(TAIPING, date(2023, 4, 1))["confirmations_in_time"] == 1


def test_an_item_of_a_replaced_agreement_is_no_longer_due(spring):
    old = spring.agreed(date(2023, 3, 1), date(2023, 3, 10))
    spring.item(old, JUNE)
    new = spring.agreed(date(2023, 3, 1), date(2023, 5, 31))
    new.mediation.dispute, new.mediation.ended_on = old.mediation.dispute, date(2023, 5, 31)
    new.mediation.save()

    recount_bucket(town_code=TAIPING, month=JUNE)

    assert tally(TAIPING, JUNE)["performance_due"] == 1  # the item of the 30th alone


def test_an_entry_of_the_eighth_day_is_a_late_entry_and_of_the_seventh_is_not(ledger):
    ledger.dispute(date(2023, 6, 1), recorded_on=date(2023, 6, 8))
    ledger.dispute(date(2023, 6, 1), recorded_on=date(2023, 6, 9))

    recount_bucket(town_code=TAIPING, month=JUNE)

    assert tally(TAIPING, JUNE)["late_entries"] == 1


def sums(counts: dict, place: int) -> dict:
    """Counts of (town, month) buckets added up by town (0) or month (1), without zeros."""
    found: dict = {}
    for bucket, of_bucket in counts.items():
        found.setdefault(bucket[place], Counter()).update(of_bucket)
    return {key: +total for key, total in found.items() if +total}


def without_zeros(totals: dict) -> dict:
    return {key: +total for key, total in totals.items() if +total}


@pytest.mark.parametrize(
    "last",
    [date(2023, 6, 29), date(2023, 6, 30), date(2023, 7, 1), date(2023, 9, 19), date(2023, 9, 20), date(2023, 12, 31)],
    ids=str,
)
def test_figures_from_tallies_are_those_counted_directly(spring, last):
    first = date(2023, 1, 1)
    directly = monthly_counts([COUNTY], [(first, last)])
    recount_all()

    found = figures([COUNTY], first, last)

    charted = {bucket: {name: counts.get(name, 0) for name in CHARTED} for bucket, counts in directly.items()}
    assert without_zeros(found.by_town) == sums(directly, 0)
    assert without_zeros(found.by_month) == sums(charted, 1)


@pytest.mark.parametrize("last", [date(2023, 6, 29), date(2023, 6, 30), date(2023, 8, 31), date(2023, 12, 31)], ids=str)
@pytest.mark.parametrize("counted", [True, False], ids=["tallies", "no tallies"])
def test_what_was_tried_is_counted_as_all_figures_are(spring, counted, last, django_assert_num_queries):
    if counted:
        recount_all()
        mark_dirty(town_code=TAIPING, on=JUNE)
        MonthlyTally.objects.filter(month=JUNE).update(agreed=99)  # not to be believed

    with django_assert_num_queries(2):
        found = tried([COUNTY], date(2023, 1, 1), last)

    directly = sums(monthly_counts([COUNTY], [(date(2023, 1, 1), last)]), 0)
    whole = sum(directly.values(), Counter())
    assert (found["agreed"], found["failed"]) == (whole["agreed"], whole["failed"])
    assert found["agreed"]


def test_a_marked_month_is_read_from_the_ledger_until_it_is_counted_anew(spring):
    recount_all()
    Dispute.objects.filter(registered_on__month=6).update(registered_on=date(2023, 5, 1))
    stale = figures([COUNTY], date(2023, 1, 1), date(2023, 8, 31)).by_month[JUNE]["registered"]
    mark_dirty(town_code=TAIPING, on=JUNE)

    fresh = figures([COUNTY], date(2023, 1, 1), date(2023, 8, 31)).by_month

    assert (stale, fresh.get(JUNE, Counter())["registered"]) == (2, 0)


def test_refreshing_counts_the_marked_buckets_and_clears_their_marks(spring):
    for day in (date(2023, 6, 2), date(2023, 6, 2), date(2023, 7, 1)):
        mark_dirty(town_code=TAIPING, on=day)
    mark_dirty(town_code=SHUANGDONG, on=date(2023, 6, 20))

    assert refresh_dirty() == 3

    assert list(DirtyBucket.objects.all()) == []
    assert (tally(TAIPING, JUNE)["agreed"], tally(SHUANGDONG, JUNE)["failed"]) == (1, 1)


def test_refreshing_twice_changes_nothing(spring):
    mark_dirty(town_code=TAIPING, on=JUNE)
    refresh_dirty()
    before = tally(TAIPING, JUNE)

    assert (refresh_dirty(), tally(TAIPING, JUNE)) == (0, before)


def test_a_mark_that_arrives_while_counting_is_kept(spring):
    """The mark of a change that commits after the marks were read must survive: it is counted next time."""
    mark_dirty(town_code=TAIPING, on=JUNE)
    arrived: list[str] = []

    def somebody_else_writes_first(execute, sql, params, many, context):
        if "UNION ALL" in sql and not arrived:
            arrived.append(sql)
            mark_dirty(town_code=TAIPING, on=JUNE)
        return execute(sql, params, many, context)

    with connection.execute_wrapper(somebody_else_writes_first):
        recount_bucket(town_code=TAIPING, month=JUNE)

    assert (len(arrived), DirtyBucket.objects.count()) == (1, 1)


def test_rebuilding_covers_the_days_that_are_still_to_come(spring):
    recount_all()

    assert tally(TAIPING, date(2023, 9, 1))["performance_due"] == 1


def test_the_command_says_how_many_months_it_counted(spring, capsys):
    call_command("rebuild_tallies", "--json")

    months = json.loads(capsys.readouterr().out)["months"]
    assert months == len(set(MonthlyTally.objects.values_list("month", flat=True)))


def test_the_command_on_an_empty_ledger_says_so(db, capsys):
    call_command("rebuild_tallies")

    assert capsys.readouterr().out.strip() == "台账还是空的，没有要算的月份。"


@pytest.mark.parametrize("rows", [1, 3])
def test_figures_ask_four_queries(rows, ledger, django_assert_num_queries):
    for day in range(1, rows + 1):
        ledger.failed(date(2023, 6, day), date(2023, 7, day))
    recount_all()

    with django_assert_num_queries(4):
        figures([COUNTY], date(2023, 1, 1), date(2023, 7, 15))
