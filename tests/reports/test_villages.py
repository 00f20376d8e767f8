"""Village heat: counted into tallies with the month, shown by scope, each figure equal to the list it opens."""

from datetime import date

import pytest

from core.choices import Level
from core.queries import today
from disputes.models import Dispute
from mediation.actions.merging import merge_dispute
from reports.actions.tallies import recount_all, recount_bucket
from reports.heat import count_level
from reports.models import VillageTally
from tests.conftest import SHUANGDONG, TAIPING

URL = "/dashboard/villages/"
JUNE = date(2023, 6, 1)


@pytest.mark.parametrize(
    ("count", "most", "level"), [(0, 0, 0), (1, 1, 0), (1, 9, 0), (2, 9, 0), (3, 9, 1), (6, 9, 2), (9, 9, 3), (2, 2, 3)]
)
def test_colour_goes_by_thirds_and_a_single_quarrel_has_none(count, most, level):
    assert count_level(count, most) == level


@pytest.fixture
def counted(ledger, divisions) -> list[str]:
    """Three disputes of one village of 太平镇 in June, one of another in July; returns the two villages' codes."""
    own = [code for code, row in divisions.items() if row.level == Level.VILLAGE and row.parent_id == TAIPING][:2]
    for day, village in ((6, own[0]), (7, own[0]), (8, own[0]), (37, own[1])):
        dispute = ledger.dispute(date.fromordinal(JUNE.toordinal() + day))
        Dispute.objects.filter(pk=dispute.pk).update(division=village)
    recount_all()
    return own


def test_every_figure_is_as_long_as_the_list_it_opens(counted, client_of, officer_of_taiping):
    browser = client_of(officer_of_taiping)
    found = browser.get(URL, {"to": "2023-09"}).context["found"]
    assert [(row.code, row.total.count) for row in found.rows[:2]] == [(counted[0], 3), (counted[1], 1)]
    cells = [cell for row in found.rows[:2] for cell in (*row.months, *row.types, row.total)]
    for cell in [*cells, *found.by_month, *found.by_type, found.total]:
        assert len(browser.get(cell.url).context["page"].rows) == cell.count, cell.url


def test_what_was_merged_into_another_is_not_counted_twice(counted, client_of, officer_of_taiping):
    kept, double = Dispute.objects.filter(division_id=counted[0]).order_by("pk")[:2]
    merge_dispute(
        dispute_id=double.pk, kept_id=kept.pk, reason="登记了两次", by=officer_of_taiping, on=date(2023, 9, 20)
    )
    recount_all()

    total = client_of(officer_of_taiping).get(URL, {"to": "2023-09"}).context["found"].rows[0].total

    listed = client_of(officer_of_taiping).get(total.url).context["page"].rows
    assert (total.count, len(listed)) == (2, 2)


def test_the_county_sees_its_towns_and_opens_one(counted, client_of, committee_officer):
    browser = client_of(committee_officer)
    found = browser.get(URL, {"to": "2023-09"}).context["found"]
    assert (found.town, found.rows[0].code, found.rows[0].total.count) == (None, TAIPING, 4)
    found = browser.get(URL, {"to": "2023-09", "town": TAIPING}).context["found"]
    assert (found.town.code, found.rows[0].code) == (TAIPING, counted[0])


def test_another_town_is_not_shown(counted, client_of, mediator_of_shuangdong):
    for query in ({}, {"town": TAIPING}):
        found = client_of(mediator_of_shuangdong).get(URL, query | {"to": "2023-09"}).context["found"]
        assert found.total.count == 0


def test_a_type_narrows_the_months(counted, client_of, officer_of_taiping):
    assert client_of(officer_of_taiping).get(URL, {"to": "2023-09", "type": "labour"}).context["found"].total.count == 0


@pytest.mark.parametrize("query", [{"to": "2023-13"}, {"to": "gestern"}, {"town": "x"}, {"type": "<script>"}])
def test_what_cannot_be_used_is_left_out(query, counted, client_of, officer_of_taiping):
    answer = client_of(officer_of_taiping).get(URL, query)
    assert answer.status_code == 200
    assert b"<script>" not in answer.content.replace(b"<script src", b"")


def test_a_month_counted_again_replaces_what_was_there(counted):
    Dispute.objects.filter(division=counted[0]).update(division=counted[1])
    recount_bucket(town_code=TAIPING, month=JUNE)
    rows = VillageTally.objects.filter(month=JUNE).values_list("village_id", "registered")
    assert list(rows) == [(counted[1], 3)]
    recount_bucket(town_code=SHUANGDONG, month=JUNE)
    assert VillageTally.objects.filter(month=JUNE).count() == 1


@pytest.mark.usefixtures("counted")
def test_the_page_asks_nine_queries_at_most(client_of, committee_officer, django_assert_max_num_queries):
    browser = client_of(committee_officer)
    with django_assert_max_num_queries(9):
        browser.get(URL, {"to": "2023-09"})


WIDE = {ord(one): ord(one) + 0xFEE0 for one in "0123456789-"}  # as a Chinese keyboard writes them


@pytest.mark.parametrize("month", ["20" + "23-09".translate(WIDE), "2023-09".translate(WIDE)])
def test_a_month_in_full_width_digits_is_understood(month, client_of, officer_of_taiping):
    answer = client_of(officer_of_taiping).get(URL, {"to": month})

    assert (answer.status_code, answer.context["last_month"]) == (200, date(2023, 9, 1))


@pytest.mark.parametrize("month", ["२०२३-०९"])
def test_digits_that_nobody_here_writes_are_no_month(month, client_of, officer_of_taiping):
    assert "没有这个月份" in client_of(officer_of_taiping).get(URL, {"to": month}).content.decode()


@pytest.mark.parametrize("month", ["2023-13", "gestern", "1999-01"])
def test_a_month_that_there_is_not_is_said_at_its_field_and_this_one_is_shown(month, client_of, officer_of_taiping):
    wrong, right = (client_of(officer_of_taiping).get(URL, {"to": one}) for one in (month, "2023-08"))

    assert wrong.context["last_month"] == today().replace(day=1)
    said = [answer.content.decode().count("没有这个月份") for answer in (wrong, right)]
    assert said == [1, 0]
    assert 'aria-invalid="true" aria-describedby="to-error"' in wrong.content.decode()
