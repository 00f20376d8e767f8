"""Secrets from the environment: production refuses what is missing, short, the same twice or not random."""

import base64
from datetime import time

import pytest
from django.core.exceptions import ImproperlyConfigured

from config.environment import field_keys, secret_key, stretch

RANDOM = [
    base64.urlsafe_b64encode(bytes((number * 37 + step * 11) % 251 for step in range(32))).decode()
    for number in range(3)
]
SECRET = "k9Qz-3vX_7bW2mN8rT5yL1pH4jF6dS0aGcUeIoZxVq-RtYwBnM"


def ring(*keys: str) -> str:
    return ",".join(f"{name}:{key}" for name, key in zip(("k1", "lookup", "audit"), keys, strict=False))


def test_a_ring_of_random_keys_is_taken_in_its_order(tmp_path):
    taken = field_keys(ring(*RANDOM), trial=False, var=tmp_path)

    assert list(taken) == ["k1", "lookup", "audit"]
    assert {len(key) for key in taken.values()} == {32}


@pytest.mark.parametrize(
    ("given", "why"),
    [
        ("", "必须有一把加密密钥"),
        (ring(*RANDOM[:2]), "必须有一把加密密钥"),
        (ring(*RANDOM).replace("k1:", "lookup:"), "重复"),
        (ring(RANDOM[0], RANDOM[1], base64.b64encode(b"short").decode()), "不是 32 字节"),
        (ring(RANDOM[0], RANDOM[1], base64.b64encode(b"\0" * 32).decode()), "不是随机的"),
        (ring(RANDOM[0], RANDOM[1], base64.b64encode(b"changeme" * 4).decode()), "不是随机的"),
        (ring(RANDOM[0], RANDOM[0], RANDOM[1]), "与另一把相同"),
    ],
    ids=["none", "no audit key", "one name twice", "short", "zeroes", "a word", "one key twice"],
)
def test_production_refuses_a_ring_that_protects_nothing(tmp_path, given, why):
    with pytest.raises(ImproperlyConfigured, match=why):
        field_keys(given, trial=False, var=tmp_path)


@pytest.mark.parametrize(
    "given", ["", "short", "a" * 60, "changeme" * 8], ids=["none", "short", "one letter", "a word"]
)
def test_production_refuses_a_secret_that_is_none(tmp_path, given):
    with pytest.raises(ImproperlyConfigured, match="SECRET_KEY 必须设置"):
        secret_key(given, trial=False, var=tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_a_random_secret_is_taken(tmp_path):
    assert secret_key(SECRET, trial=False, var=tmp_path) == SECRET


def test_a_trial_makes_its_own_and_keeps_them_for_itself(tmp_path):
    first = field_keys("", trial=True, var=tmp_path)

    assert field_keys("", trial=True, var=tmp_path) == first
    assert (tmp_path / "field_keys").stat().st_mode & 0o777 == 0o600


def test_a_stretch_of_the_day_is_two_times(monkeypatch):
    monkeypatch.setenv("DUTY_MORNING", "09:00-11:30")

    assert stretch("DUTY_MORNING", "08:30-12:00") == (time(9), time(11, 30))


@pytest.mark.parametrize("given", ["", "morning", "12:00-08:30", "08:30-08:30", "08:30-12:00-14:00"])
def test_anything_else_refuses_the_start(given, monkeypatch):
    monkeypatch.setenv("DUTY_MORNING", given)

    with pytest.raises(ImproperlyConfigured, match="DUTY_MORNING 要写成 08:30-12:00 这样"):
        stretch("DUTY_MORNING", "08:30-12:00")
