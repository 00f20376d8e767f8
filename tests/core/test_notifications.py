"""Messages: what is left for whom, masked and fitting."""

from datetime import UTC, datetime

import pytest

from core.actions.notifications import message, notify, notify_all
from core.models import Notification

pytestmark = pytest.mark.django_db


def test_a_message_is_left_with_its_address(court_clerk):
    notify(recipient=court_clerk, text="有一件新申请。", url="/court/", urgent=True)

    left = Notification.objects.get()
    assert (left.recipient, left.text, left.url, left.urgent, left.read_at) == (
        court_clerk,
        "有一件新申请。",
        "/court/",
        True,
        None,
    )


def test_numbers_of_a_person_never_stand_in_a_message(court_clerk):
    left = notify(recipient=court_clerk, text="请联系13812345678，证件445381198503021234。")

    assert left.text == "请联系138****5678，证件445381********1234。"


@pytest.mark.parametrize(("length", "kept"), [(200, "字" * 200), (201, "字" * 199 + "…")])
def test_a_long_message_is_cut_where_the_column_ends(court_clerk, length, kept):
    assert notify(recipient=court_clerk, text="字" * length).text == kept


def test_a_message_may_carry_its_own_time(court_clerk):
    at = datetime(2023, 9, 20, 1, 0, tzinfo=UTC)

    assert notify(recipient=court_clerk, text="x", recorded_at=at).created_at == at


def test_many_messages_are_left_in_one_query(court_clerk, reviewing_judge, django_assert_num_queries):
    with django_assert_num_queries(1):
        notify_all(message(recipient=user, text="x") for user in (court_clerk, reviewing_judge))

    assert Notification.objects.count() == 2
