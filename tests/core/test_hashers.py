"""What a guess at a password costs, whoever's it is: counted in full hashes."""

import pytest
from django.contrib.auth.hashers import make_password
from django.test import Client
from django.urls import reverse

from core.hashers import Argon2, OneTimeArgon2
from core.models import User
from tests.conftest import PASSWORD

pytestmark = pytest.mark.django_db


class Counting(Argon2):
    """Argon2 at a price that tests can pay; counts the full hashes made and compared."""

    time_cost, memory_cost, parallelism = 2, 2048, 1
    full = 0

    def encode(self, password: str, salt: str) -> str:
        type(self).full += 1
        return super().encode(password, salt)

    def verify(self, password: str, encoded: str) -> bool:
        type(self).full += not self.must_update(encoded)
        return super().verify(password, encoded)


@pytest.fixture
def cost(settings, client, mediator_of_taiping):
    """cost(username, password) → full hashes, status, page without what differs by request."""
    settings.PASSWORD_HASHERS = ["tests.core.test_hashers.Counting"]
    mediator_of_taiping.set_password(PASSWORD)
    mediator_of_taiping.save()

    def ask(username: str, password: str) -> tuple[int, int]:
        Counting.full = 0
        answer = Client().post(reverse("login"), {"username": username, "password": password})
        return Counting.full, answer.status_code

    return ask


def set_hash(encoded: str) -> None:
    User.objects.filter(username="mediator_of_taiping").update(password=encoded)


def test_a_wrong_password_costs_one_hash(cost):
    assert cost("mediator_of_taiping", "wrong") == (1, 422)


def test_an_unknown_user_costs_the_same_and_is_answered_the_same(cost):
    assert cost("nobody-of-that-name", "wrong") == (1, 422)


def test_a_disabled_account_costs_the_same_and_is_answered_the_same(cost):
    User.objects.update(is_active=False)

    assert cost("mediator_of_taiping", PASSWORD) == (1, 422)


def test_an_account_without_a_password_costs_the_same(cost):
    set_hash("!")

    assert cost("mediator_of_taiping", "wrong") == (1, 422)


def test_a_wrong_guess_at_a_one_time_password_costs_the_same(cost):
    set_hash(make_password("abcd-efgh-jkmn", hasher=OneTimeArgon2()))

    assert cost("mediator_of_taiping", "wrong") == (1, 422)


def test_a_one_time_password_opens_the_door(cost):
    set_hash(make_password("abcd-efgh-jkmn", hasher=OneTimeArgon2()))

    assert cost("mediator_of_taiping", "abcd-efgh-jkmn")[1] == 302


def test_the_answer_to_an_unknown_user_is_word_for_word_that_to_a_wrong_password(cost, client):
    pages = [
        client.post(reverse("login"), {"username": name, "password": "wrong"}).context["form"].non_field_errors()
        for name in ("mediator_of_taiping", "nobody-of-that-name")
    ]

    assert pages[0] == pages[1] == ["账号或密码不对，请再看一遍大小写。连续输错 5 次，账号暂停 15 分钟。"]


def test_passwords_of_the_product_are_argon2id_at_djangos_price():
    hasher = Argon2()

    assert (hasher.params().memory_cost, hasher.params().time_cost) == (102400, 2)
