"""Pages by key: forward, backward, to the end, with ties, with foreign and forged cursors."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from uuid import UUID

import pytest
from django.db.models import F

from core.models import Notification, StoredFile
from core.paging import PAGE_SIZE, _closed, _opened, _written, capped_count, keyset_page, union_page

pytestmark = pytest.mark.django_db
ORDER = ("-created_at", "-id")
START = datetime(2026, 11, 1, tzinfo=UTC)


@pytest.fixture
def messages(court_clerk) -> list[int]:
    """Nine messages, three to a moment, newest first by id."""
    rows = [
        Notification(recipient=court_clerk, text=str(number), created_at=START + timedelta(hours=number // 3))
        for number in range(9)
    ]
    Notification.objects.bulk_create(rows)
    return list(Notification.objects.order_by(*ORDER).values_list("id", flat=True))


def page(cursor=None, size=4, order=ORDER):
    return keyset_page(Notification.objects.all(), order=order, cursor=cursor, size=size)


def ids(found) -> list[int]:
    return [row.id for row in found.rows]


def test_pages_follow_each_other_without_gap_or_repeat_across_ties(messages):
    first = page()
    second = page(first.next_cursor)
    third = page(second.next_cursor)

    assert ids(first) + ids(second) + ids(third) == messages
    assert third.next_cursor == ""


def test_the_way_back_shows_the_same_pages(messages):
    first = page()
    second = page(first.next_cursor)
    third = page(second.next_cursor)

    back = page(third.prev_cursor)
    home = page(back.prev_cursor)

    assert (ids(back), ids(home)) == (ids(second), ids(first))
    assert (home.prev_cursor, home.next_cursor != "") == ("", True)


def test_the_first_page_has_nothing_before_it(messages):
    assert page().prev_cursor == ""


def test_a_list_that_fits_has_no_cursors(messages):
    whole = page(size=9)

    assert (ids(whole), whole.next_cursor, whole.prev_cursor) == (messages, "", "")


def test_an_empty_list_is_an_empty_page():
    assert page() == type(page())([], "", "")


def test_ascending_and_mixed_orders_work(messages):
    order = ("created_at", "-id")
    expected = list(Notification.objects.order_by(*order).values_list("id", flat=True))

    first = page(order=order)

    assert ids(first) + ids(page(first.next_cursor, size=9, order=order)) == expected


def test_a_joined_column_may_order(messages):
    order = ("recipient__username", "id")
    queryset = Notification.objects.select_related("recipient")

    first = keyset_page(queryset, order=order, size=5)
    rest = keyset_page(queryset, order=order, cursor=first.next_cursor, size=5)

    assert [row.id for row in first.rows + rest.rows] == sorted(messages)


@pytest.mark.parametrize("cursor", ["", "nonsense", "eyJhIjoxfQ:1a2b3c:forged"])
def test_a_forged_cursor_gives_the_first_page(messages, cursor):
    assert ids(page(cursor)) == messages[:4]


def test_a_cursor_of_another_order_gives_the_first_page(messages):
    other = page(order=("created_at", "id")).next_cursor

    assert ids(page(other)) == messages[:4]


def test_rows_that_arrive_while_reading_move_nothing(messages, court_clerk):
    first = page()
    Notification.objects.create(recipient=court_clerk, text="new", created_at=START + timedelta(days=9))

    assert ids(page(first.next_cursor)) == messages[4:8]


def test_a_row_that_vanished_leaves_the_cursor_usable(messages):
    first = page()
    Notification.objects.filter(pk=messages[3]).delete()

    assert ids(page(first.next_cursor)) == messages[4:8]


def test_a_page_is_one_query(messages, django_assert_num_queries):
    cursor = page().next_cursor

    with django_assert_num_queries(1):
        page(cursor)


def test_fifty_rows_stand_on_a_page_unless_said_otherwise():
    assert PAGE_SIZE == 50


@pytest.mark.parametrize(
    "value",
    [
        datetime(2026, 11, 1, 9, 30, 0, 123456, tzinfo=UTC),
        date(2026, 11, 1),
        Decimal("12.50"),
        UUID("12345678123456781234567812345678"),
        7,
        "𣸣",
    ],
)
def test_every_kind_of_key_survives_the_cursor(value, court_clerk):
    stored = StoredFile(name="x")
    stored.uploaded_at = value

    cursor = _closed("a", stored, ("uploaded_at",))

    assert _opened(cursor, ("uploaded_at",)) == ("a", [value])


def test_a_key_of_another_kind_is_a_mistake_of_the_caller():
    with pytest.raises(TypeError, match="cannot page by a NoneType"):
        _written(None)


@pytest.mark.parametrize(("cap", "shown", "capped"), [(8, "8+", True), (9, "9", False), (1000, "9", False)])
def test_a_count_goes_no_further_than_its_cap(messages, cap, shown, capped, django_assert_num_queries):
    with django_assert_num_queries(1):
        counted = capped_count(Notification.objects.annotate(x=F("id")), cap)

    assert (str(counted), counted.capped) == (shown, capped)


# ── several tables together ──────────────────────────────────────────────────
def together(cursor="", size=4):
    """The messages as two branches, even and odd, as if they came from two tables."""
    branches = [
        Notification.objects.annotate(left=F("id") % 2).filter(left=half).values("created_at", "id") for half in (0, 1)
    ]
    return union_page(branches, order=ORDER, cursor=cursor, size=size)


def test_a_union_is_paged_without_gap_or_repeat_and_back(messages):
    first = together()
    second = together(first.next_cursor)
    third = together(second.next_cursor)
    back = together(third.prev_cursor)

    assert [row["id"] for page in (first, second, third) for row in page.rows] == messages
    assert (third.next_cursor, first.prev_cursor, back.rows) == ("", "", second.rows)


def test_a_union_asks_once(messages, django_assert_num_queries):
    cursor = together().next_cursor

    with django_assert_num_queries(1):
        together(cursor)
