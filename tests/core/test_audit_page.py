"""The audit trail on screen: for auditors alone, newest first, by day and outcome."""

import pytest
from django.urls import reverse

from core.actions import audit


@pytest.fixture
def entries(mediator_of_taiping, time_machine) -> None:
    """One act on 19 September 2023, one refusal on the 20th."""
    for day, action, success in ((19, "dispute.register", True), (20, "access.refused", False)):
        time_machine.move_to(f"2023-09-{day}T04:00:00Z", tick=False)
        audit.record(action, by=mediator_of_taiping, subject=mediator_of_taiping, detail={"why": "x"}, success=success)


def actions(answer) -> list[str]:
    return [entry.action for entry in answer.context["page"].rows]


def test_trail_is_the_auditors_alone(client_of, cast):
    answers = {name: client_of(user).get(reverse("audit")).status_code for name, user in cast.items()}
    assert answers == {**dict.fromkeys(cast, 403), "auditor": 200}


@pytest.mark.parametrize(
    ("query", "shown"),
    [
        pytest.param({}, ["access.refused", "dispute.register"], id="everything, newest first"),
        pytest.param({"on": "2023-09-19"}, ["dispute.register"], id="one day"),
        pytest.param({"outcome": "refused"}, ["access.refused"], id="refusals"),
        pytest.param({"outcome": "done"}, ["dispute.register"], id="what was done"),
        pytest.param({"on": "yesterday"}, [], id="no date"),
    ],
)
def test_trail_is_narrowed_by_day_and_outcome(client_of, auditor, entries, query, shown):
    assert actions(client_of(auditor).get(reverse("audit"), query)) == shown


def test_row_tells_who_did_what_to_which_kind_of_thing(client_of, auditor, entries):
    page = client_of(auditor).get(reverse("audit")).content.decode()
    assert ("黎桂生" in page, "用户" in page, "9月19日 12:00" in page, "被拒绝" in page) == (True, True, True, True)


def test_trail_costs_the_same_with_one_and_three_rows(client_of, auditor, django_assert_num_queries):
    client = client_of(auditor)
    for more in (1, 2):
        for _ in range(more):
            audit.record("sign_in", by=auditor)
        with django_assert_num_queries(5):  # session, user, rows, count, unread
            client.get(reverse("audit"))


def test_fact_may_be_called_items(client_of, auditor):
    audit.record("agreement.draft", by=auditor, detail={"items": 2})
    shown = " ".join(client_of(auditor).get(reverse("audit")).content.decode().split())
    assert '<span class="meta">items</span> 2' in shown
