"""Routing on its page: the day it was decided, also when it is typed in later."""

from datetime import date

import pytest
from django.urls import reverse

from disputes.models import Dispute, DisputeEvent
from tests.disputes.conftest import NOW, TODAY

AUGUST = date(2023, 8, 28)
pytestmark = pytest.mark.django_db


def route(dispute) -> str:
    return reverse("disputes:route", args=[dispute.code])


@pytest.mark.parametrize(
    ("registered_on", "proposed"),
    [(TODAY, TODAY), (date(2023, 9, 18), date(2023, 9, 18)), (AUGUST, AUGUST)],
    ids=["today", "a few days late", "late"],
)
def test_the_day_proposed_is_that_of_the_registration_where_it_was_written_down_later(
    register, mediator_of_taiping, client_of, registered_on, proposed
):
    dispute = register(mediator_of_taiping, on=registered_on)
    client = client_of(mediator_of_taiping)

    form = client.get(route(dispute)).context["form"]
    panel = client.get(dispute.get_absolute_url()).content.decode()

    assert form["on"].value() == proposed
    assert f'name="on" value="{proposed.isoformat()}"' in panel


def test_a_dispute_written_down_on_its_day_is_routed_today(register, mediator_of_taiping, client_of):
    dispute = register(mediator_of_taiping, on=AUGUST, recorded_at=NOW.replace(month=8, day=28))

    assert client_of(mediator_of_taiping).get(route(dispute)).context["form"]["on"].value() == TODAY


def test_the_day_typed_is_the_day_of_the_step(register, mediator_of_taiping, client_of):
    dispute = register(mediator_of_taiping, on=AUGUST)

    client_of(mediator_of_taiping).post(route(dispute), {"destination": "", "reason": "", "on": "2023-08-29"})

    dispute.refresh_from_db()
    event = DisputeEvent.objects.get(dispute=dispute, kind="routed")
    assert (dispute.state, dispute.state_on, event.on, event.recorded_at) == (
        "routed",
        date(2023, 8, 29),
        date(2023, 8, 29),
        NOW,
    )


@pytest.mark.parametrize(
    ("on", "words"),
    [
        ("2023-09-21", "不能晚于今天（2023年9月20日）。"),
        ("2023-08-27", "不能早于2023年8月28日，那一天才办到上一步。"),
        ("", "请填写分流日。"),
    ],
)
def test_an_impossible_day_is_refused_at_its_field(register, mediator_of_taiping, client_of, on, words):
    dispute = register(mediator_of_taiping, on=AUGUST)

    response = client_of(mediator_of_taiping).post(route(dispute), {"destination": "", "reason": "", "on": on})

    assert (response.status_code, response.context["form"].errors["on"]) == (422, [words])
    assert Dispute.objects.get().state == "registered"
