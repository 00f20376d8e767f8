"""The ledger's pages under a search: few found, many found, a word common once and absent lately."""

from datetime import date, timedelta

import pytest

from core.tokens import Phrase
from disputes import ledger, marks, queries
from disputes.models import Dispute
from disputes.queries import searching
from tests.disputes.conftest import TODAY

QUERIES = 7  # as without a search


@pytest.fixture
def many(register, mediator_of_taiping) -> list[Dispute]:
    """A hundred and ten disputes with one word, some a day, over nine years; newest first. And one without it."""
    first = register(mediator_of_taiping)
    rows = []
    for number in range(110):
        day = TODAY - timedelta(days=(number // 3) ** 2 * 2)
        first.pk, first.code, first.registered_on, first.state_on = None, f"TP0001-{number:04d}", day, day
        first.idempotency_key = None
        first.search = ["借款", "款", *marks.marks(first.town_code, day)]
        rows += Dispute.objects.bulk_create([first])
    return list(Dispute.objects.filter(code__startswith="TP0001").order_by(*queries.NEWEST))


@pytest.fixture
def walk(committee_officer):
    """walk("借款", sort="old") → the codes of all pages, first forward and then back, and the number shown."""

    def walked(typed: str, **params: str) -> tuple[list[str], list[str], str]:
        wanted = ledger.parse({"s": queries.sealed_search(committee_officer, typed), **params})
        rows = queries.narrowed(committee_officer, wanted)
        page, count = queries.ledger_page(rows, wanted, cursor="", searched=typed)
        there = [page]
        while page.next_cursor:
            page, _ = queries.ledger_page(rows, wanted, searched=typed, cursor=page.next_cursor)
            there.append(page)
        back = [page]
        while page.prev_cursor:
            page, _ = queries.ledger_page(rows, wanted, searched=typed, cursor=page.prev_cursor)
            back.insert(0, page)
        forward, backward = ([row["code"] for page in way for row in page.rows] for way in (there, back))
        return forward, backward, str(count)

    return walked


@pytest.mark.parametrize("cap", [1000, 5], ids=["few found", "many found"])
@pytest.mark.parametrize("sort", ["", "old"])
def test_the_pages_of_a_search_follow_each_other_both_ways(cap, sort, many, walk, monkeypatch):
    monkeypatch.setattr(searching, "COUNT_CAP", cap)
    codes = [row.code for row in (reversed(many) if sort else many)]
    assert walk("借款", sort=sort) == (codes, codes, "5+" if cap == 5 else "110")


@pytest.mark.parametrize("cap", [1000, 5], ids=["few found", "many found"])
def test_a_word_absent_lately_fills_its_page_from_long_ago(cap, many, walk, monkeypatch):
    monkeypatch.setattr(searching, "COUNT_CAP", cap)
    long_ago = TODAY - timedelta(days=700)
    Dispute.objects.filter(registered_on__gt=long_ago).update(search=None)
    codes = [row.code for row in many if row.registered_on <= long_ago]
    assert walk("借款")[:2] == (codes, codes)


def test_other_conditions_narrow_a_search(many, walk):
    since = TODAY - timedelta(days=200)
    codes = [row.code for row in many if row.registered_on >= since]
    assert walk("借款", **{"from": since.isoformat()}) == (codes, codes, str(len(codes)))
    assert walk("借款", state="agreed") == ([], [], "0")


@pytest.mark.parametrize("backward", [True, False])
def test_the_stretches_of_time_leave_out_none_and_take_none_twice(backward, many):
    rows = Dispute.objects.filter(search__holds=[Phrase(("借款",), begins=False)])
    for start in (None, TODAY, date(2020, 2, 29), date(2022, 1, 1), date(2021, 12, 31), date(2015, 1, 1)):
        reach = {"registered_on__lte": start or TODAY} if backward else {"registered_on__gte": start or date.min}
        reached = rows.filter(**reach)
        stretches = searching._walk(reached, start, backward=backward)
        found = [row.pk for stretch in stretches for row in reached.filter(stretch)]
        assert sorted(found) == sorted(reached.values_list("pk", flat=True))


@pytest.mark.parametrize("cap", [1000, 5], ids=["few found", "many found"])
def test_a_search_costs_no_query_more(cap, many, monkeypatch, client_of, committee_officer, django_assert_num_queries):
    monkeypatch.setattr(searching, "COUNT_CAP", cap)
    today = ["借款", "款", *marks.marks(many[0].town_code, TODAY)]
    Dispute.objects.filter(pk__in=[row.pk for row in many]).update(registered_on=TODAY, search=today)
    page, sealed = client_of(committee_officer), queries.sealed_search(committee_officer, "借款")
    with django_assert_num_queries(QUERIES):
        html = page.get("/disputes/", {"s": sealed}).content.decode()
    assert ("5+ 件" in html, html.count('data-l="编号"')) == (cap == 5, 50)


def test_in_the_first_days_of_a_month_the_years_are_not_asked_which_have_any(many, django_assert_num_queries):
    """Of a word that stands in every story all stories were read through, to fill a page with those of last month."""
    first = TODAY.replace(day=1)
    before = first - timedelta(days=1)
    found = ["借款", *marks.marks(many[0].town_code, before)]
    Dispute.objects.filter(pk__in=[row.pk for row in many]).update(registered_on=before, search=found)
    rows = Dispute.objects.filter(search__holds=[Phrase(("借款",), begins=False)])
    with django_assert_num_queries(2):
        assert len(searching.by_months(rows, queries.NEWEST, [first], 50)) == 50


@pytest.mark.parametrize("order", [queries.NEWEST, queries.OLDEST])
def test_what_the_counting_came_upon_is_not_asked_again(order, many, monkeypatch, django_assert_num_queries):
    """Of a word that was common once; only the years before those that were counted are still to be asked for."""
    monkeypatch.setattr(searching, "COUNT_CAP", 5)
    once = date(TODAY.year - 2, 12, 31)
    found = ["借款", *marks.marks(many[0].town_code, once)]
    Dispute.objects.filter(pk__in=[row.pk for row in many]).update(registered_on=once, search=found)
    rows = Dispute.objects.filter(search__holds=[Phrase(("借款",), begins=False)])
    counted = searching.found_by_words(rows)
    assert (len(counted.keys), counted.having, counted.reached) == (6, {3}, 3)
    asked = {queries.NEWEST: 2 + 1, queries.OLDEST: 1 + 12}  # two months first, December; the years before, each month
    with django_assert_num_queries(asked[order]):
        assert len(searching.by_months(rows, order, [], 50, counted)) == 50


def test_a_search_that_is_not_ones_own_shows_an_empty_page(many, walk, committee_officer, mediator_of_taiping):
    wanted = ledger.parse({"s": queries.sealed_search(mediator_of_taiping, "借款")})
    page, count = queries.ledger_page(queries.narrowed(committee_officer, wanted), wanted, cursor="")
    assert (page.rows, str(count)) == ([], "0")
