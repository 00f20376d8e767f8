"""How often a password may be tried, and that nobody can shut another person out."""

from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from core.actions.one_time import issue_one_time
from core.sign_in_limits import normalised
from tests.conftest import PASSWORD

pytestmark = pytest.mark.django_db
HERE, ELSEWHERE = "192.0.2.1", "198.51.100.7"


def attempt(password: str, address: str = HERE, username: str = "court_clerk") -> int:
    answer = Client(REMOTE_ADDR=address).post(reverse("login"), {"username": username, "password": password})
    return answer.status_code


def fail(times: int, address: str = HERE, username: str = "court_clerk") -> list[int]:
    return [attempt("wrong", address, username) for _ in range(times)]


def under_attack(addresses: int = 3) -> None:
    """Five failures each from addresses all over the world."""
    for number in range(addresses):
        fail(5, f"203.0.113.{number}")


def test_the_fifth_failure_closes_the_account_at_this_address(court_clerk):
    assert fail(5) == [422, 422, 422, 422, 429]
    assert attempt(PASSWORD) == 429


def test_at_another_address_the_account_is_open(court_clerk):
    fail(5)

    assert attempt(PASSWORD, ELSEWHERE) == 302


def test_a_one_time_password_opens_the_door_again(court_clerk, admin):
    fail(5)
    fail(5, username="COURT_CLERK ")
    slip = issue_one_time(user_id=court_clerk.pk, by=admin)

    assert (attempt(PASSWORD), attempt(slip.code)) == (422, 302)


def test_another_account_at_the_same_address_is_open(court_clerk, mediator_of_taiping):
    fail(5)

    assert attempt(PASSWORD, username="mediator_of_taiping") == 302


@pytest.mark.parametrize(("minutes", "status"), [(14, 429), (16, 302)])
def test_the_door_opens_again_after_a_quarter_of_an_hour(court_clerk, minutes, status):
    with time_machine.travel(timezone.now(), tick=False) as clock:
        fail(5)
        clock.shift(timedelta(minutes=minutes))
        assert attempt(PASSWORD) == status


def test_who_keeps_knocking_does_not_keep_the_door_shut(court_clerk):
    with time_machine.travel(timezone.now(), tick=False) as clock:
        fail(5)
        for _ in range(3):
            clock.shift(timedelta(minutes=5, seconds=5))
            status = attempt("wrong")
        assert (status, attempt(PASSWORD)) == (422, 302)


@pytest.mark.parametrize(
    "written",
    [" court_clerk ", "COURT_CLERK", "".join(chr(ord(char) + 0xFEE0) for char in "court") + "_clerk"],
    ids=["spaces", "capitals", "wide"],
)
def test_however_the_name_is_written_it_is_one_account(court_clerk, written):
    fail(4)

    assert attempt("wrong", username=written) == 429
    assert normalised(written) == "court_clerk"


def test_an_unknown_name_is_closed_just_the_same(db):
    assert fail(5, username="nobody-of-that-name") == [422, 422, 422, 422, 429]


def test_under_attack_a_strange_address_has_one_try(court_clerk):
    under_attack()

    assert fail(2, ELSEWHERE) == [429, 429]


def test_under_attack_the_right_password_still_opens_from_anywhere(court_clerk):
    under_attack()

    assert attempt(PASSWORD, ELSEWHERE) == 302


def test_under_attack_the_usual_place_keeps_its_five_tries(court_clerk):
    attempt(PASSWORD, HERE)
    under_attack()

    assert fail(4, HERE) == [422] * 4
    assert attempt(PASSWORD, HERE) == 302


def test_the_usual_place_is_one_of_the_last_thirty_days(court_clerk):
    with time_machine.travel(timezone.now() - timedelta(days=31), tick=False):
        attempt(PASSWORD, HERE)
    under_attack()

    assert fail(1, HERE) == [429]
