"""Which passwords are taken: by 等保's profile, by ASVS's, and never the words that everybody here tries first."""

import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings as configured
from django.contrib.auth.password_validation import get_password_validators, validate_password
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone

from core.models import User
from roster.models import Staff
from tests.conftest import PASSWORD

pytestmark = pytest.mark.django_db
FIT = "Blue-kettle-2024"
ASVS = [
    rule
    for rule in configured.AUTH_PASSWORD_VALIDATORS
    if "Numeric" not in rule["NAME"] and "Three" not in rule["NAME"]
]


def said(password: str, user: User | None = None, rules=None) -> list[str]:
    try:
        validate_password(password, user, get_password_validators(rules) if rules else None)
    except ValidationError as error:
        return list(error.messages)
    return []


@pytest.fixture
def owner(make_user) -> User:
    user = make_user("mediator-tp-07", "mediator", "445381101", name="黎桂生")
    Staff.objects.create(name="黎桂生", user=user, phone="13800006072、0766-3912345", id_number="445381196803121235")
    return user


@pytest.mark.parametrize(
    "password",
    [FIT, "蓝色水壶 kettle 7 只", "a" * 20 + "B" * 30 + "9" * 30, "  Spaces-are-9ok  "],
    ids=["three kinds", "Chinese", "eighty long", "spaces"],
)
def test_fit_passwords_are_taken(owner, password):
    assert said(password, owner) == []


@pytest.mark.parametrize(
    ("password", "why"),
    [
        ("Sh0rt-pw", "密码太短，至少要 10 个字符。"),
        ("kettleandcups", "大写字母、小写字母、数字、符号，至少要有三种。"),
        ("kettle-and-cups", "大写字母、小写字母、数字、符号，至少要有三种。"),
        ("Luoding-2024", "密码里不能有「罗定」：地名、单位、姓名和账号最先被人试。"),
        ("LUO.ding#2024", "密码里不能有「罗定」：地名、单位、姓名和账号最先被人试。"),
        ("罗定kettle-24", "密码里不能有「罗定」：地名、单位、姓名和账号最先被人试。"),
        ("TaiPing@2024x", "密码里不能有「太平」：地名、单位、姓名和账号最先被人试。"),
        ("Fayuan-8-cups", "密码里不能有「法院」：地名、单位、姓名和账号最先被人试。"),
        ("Liguisheng-88", "密码里不能有「黎桂生」：地名、单位、姓名和账号最先被人试。"),
        ("Mediator-TP-07x", "密码里不能有「mediator-tp-07」：地名、单位、姓名和账号最先被人试。"),
        ("Mediator-pt-70", "密码和账号（姓名、单位）太像，请换一个。"),
        ("Kettle-13800006072", "密码里不能有本人的电话或身份证号码。"),
        ("Kettle-006072", "密码里不能有本人的电话或身份证号码。"),
        ("Kettle-912345", "密码里不能有本人的电话或身份证号码。"),
        ("Kettle-121235", "密码里不能有本人的电话或身份证号码。"),
    ],
)
def test_unfit_passwords_are_refused_with_the_reason(owner, password, why):
    assert why in said(password, owner)


def test_a_common_password_is_refused(owner):
    assert said("Password123", owner) != []


def test_asvs_wants_length_alone_but_no_word_of_this_place(owner):
    assert said("kettleandcups", owner, ASVS) == []
    assert said("luodingkettle", owner, ASVS) == ["密码里不能有「罗定」：地名、单位、姓名和账号最先被人试。"]


PROBE = "from django.conf import settings as s; print(s.PASSWORD_MAX_DAYS, len(s.AUTH_PASSWORD_VALIDATORS))"
ROOT = Path(__file__).parent.parent.parent


def start(**environment: str) -> subprocess.CompletedProcess:
    given = {"DJANGO_SETTINGS_MODULE": "config.settings", "DEMO": "1", "PATH": "/usr/bin:/bin", **environment}
    return subprocess.run(
        [sys.executable, "-c", PROBE], cwd=ROOT, env=given, capture_output=True, text=True, check=False
    )


@pytest.mark.parametrize(("profile", "facts"), [("mlps", "90 7"), ("asvs", "0 5")])
def test_the_profile_is_a_setting(tmp_path, profile, facts):
    assert start(PASSWORD_PROFILE=profile, VAR_DIR=str(tmp_path)).stdout.strip() == facts


@pytest.mark.parametrize(
    ("name", "value", "why"),
    [
        ("PASSWORD_PROFILE", "nist", "PASSWORD_PROFILE 只能是 mlps、asvs"),
        ("ONE_TIME_HOURS", "48", "ONE_TIME_HOURS 只能是 1 到 24"),
        ("FIELD_CIPHER", "des", "FIELD_CIPHER 只能是 aes-256-gcm、sm4-gcm"),
        ("FIELD_HASH", "md5", "FIELD_HASH 只能是 hmac-sha256、hmac-sm3"),
    ],
)
def test_a_bad_value_stops_the_start_with_a_sentence(tmp_path, name, value, why):
    stopped = start(VAR_DIR=str(tmp_path), **{name: value})

    assert (stopped.returncode, why in stopped.stderr) == (1, True)


# ── ninety days ──────────────────────────────────────────────────────────────
@pytest.mark.parametrize(("days", "told"), [(89, False), (91, True)])
def test_after_ninety_days_a_new_one_is_asked_for_and_nobody_is_shut_out(client, owner, days, told):
    User.objects.update(password_changed_at=timezone.now() - timedelta(days=days))
    answer = client.post(reverse("login"), {"username": owner.username, "password": PASSWORD})
    page = client.get(reverse("account")).content.decode()

    assert (answer.url, "密码已用了 90 天" in page) == (reverse("today"), told)


def test_a_new_password_starts_the_ninety_days_anew(client_of, owner):
    User.objects.update(password_changed_at=timezone.now() - timedelta(days=91))
    typed = {"old_password": PASSWORD, "new_password": FIT, "new_password_again": FIT}
    client_of(owner).post(reverse("password-change"), typed)
    owner.refresh_from_db()

    assert timezone.now() - owner.password_changed_at < timedelta(minutes=5)


def test_the_form_says_the_rules_and_lets_paste(client_of, owner):
    page = client_of(owner).get(reverse("password-change")).content.decode()

    assert ("大写字母、小写字母、数字、符号至少三种" in page, "onpaste" in page) == (True, False)
