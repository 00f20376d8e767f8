"""The second factor: who is asked, what opens the door, what never opens it twice, and the way back when it is lost."""

import re
from base64 import b32decode
from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django_otp.oath import hotp

from core.actions import second_factor
from core.errors import NotAllowed, Refused
from core.models import AuditEntry, RecoveryCode, SecondFactor, User
from tests.conftest import PASSWORD

pytestmark = pytest.mark.django_db
PAUSED = "连续输错 5 次，验证码暂停。"
WIDE = "123456".translate({ord(char): ord(char) + 0xFEE0 for char in "123456"})
SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
NOON = timezone.datetime(2026, 3, 4, 4, 0, 0, tzinfo=timezone.get_fixed_timezone(0))


def code_at(moment, *, steps: int = 0, secret: str = SECRET) -> str:
    return f"{hotp(b32decode(secret), int(moment.timestamp()) // 30 + steps, 6):06}"


@pytest.fixture
def clock():
    with time_machine.travel(NOON, tick=False) as traveller:
        yield traveller


@pytest.fixture
def codes(clock, court_clerk) -> list[str]:
    """The clerk has an authenticator, taken up five minutes before noon; these are the recovery codes."""
    with time_machine.travel(NOON - timedelta(minutes=5), tick=False):
        return second_factor.enrol(user=court_clerk, secret=SECRET, code=code_at(timezone.now()))


@pytest.fixture
def required(settings) -> None:
    settings.TOTP_ROLES = frozenset({"clerk"})


def password(client: Client, username: str = "court_clerk", **more: str):
    return client.post(reverse("login"), {"username": username, "password": PASSWORD, **more})


def give(client: Client, code: str):
    return client.post(reverse("sign-in-code"), {"code": code})


def is_in(client: Client) -> bool:
    return "_auth_user_id" in client.session


def trail(action: str) -> list[tuple[bool, dict]]:
    return list(AuditEntry.objects.filter(action=action).order_by("seq").values_list("success", "detail"))


# ── at the door ──────────────────────────────────────────────────────────────
def test_a_right_password_alone_does_not_let_in_who_has_a_factor(client, codes):
    assert password(client).url == reverse("sign-in-code")
    assert not is_in(client)
    assert client.get(reverse("account")).status_code == 302
    assert AuditEntry.objects.filter(action="sign_in").count() == 0


def test_the_code_of_the_moment_lets_in_under_a_new_session_id_and_leads_on(client, codes):
    password(client, next="/account/")
    half = client.session.session_key

    assert give(client, code_at(NOON)).url == "/account/"
    assert is_in(client)
    assert client.session.session_key != half
    assert trail("factor.answer") == [(True, {"kind": "authenticator"})]


@pytest.mark.parametrize(("steps", "status"), [(-2, 422), (-1, 302), (0, 302), (1, 302), (2, 422)])
def test_one_step_early_or_late_is_taken_and_no_more(client, codes, steps, status):
    password(client)

    assert give(client, code_at(NOON, steps=steps)).status_code == status


def test_a_code_is_good_once(client, codes):
    password(client)
    give(client, code_at(NOON))
    other = Client()
    password(other)

    assert (give(other, code_at(NOON)).status_code, is_in(other)) == (422, False)


def test_an_earlier_code_is_not_taken_after_a_later_one(client, codes):
    password(client)
    give(client, code_at(NOON, steps=1))
    other = Client()
    password(other)

    assert give(other, code_at(NOON)).status_code == 422


@pytest.mark.parametrize(
    "written", ["{0} {1}", " {0}{1} ", "{0}\u3000{1}"], ids=["in two groups", "edges", "wide space"]
)
def test_spaces_in_a_code_do_no_harm(client, codes, written):
    password(client)
    code = code_at(NOON)

    assert give(client, written.format(code[:3], code[3:])).status_code == 302


@pytest.mark.parametrize("code", ["000000", WIDE, "12345", "abcdef", "²²²²²²", "A" * 40])
def test_anything_else_is_refused_at_the_field(client, codes, code):
    password(client)
    answer = give(client, code)

    assert (answer.status_code, list(answer.context["form"].errors)) == (422, ["code"])
    assert trail("factor.answer") == [(False, {"kind": ""})]


def test_after_five_wrong_ones_not_even_the_right_one_helps_for_a_while(client, codes, clock):
    password(client)
    told = [PAUSED in give(client, "000000").content.decode() for _ in range(5)]
    locked = give(client, code_at(NOON))
    assert (told, trail("factor.answer")) == ([False] * 4 + [True], [(False, {"kind": ""})] * 5)
    assert (locked.status_code, PAUSED in locked.content.decode()) == (422, True)

    clock.shift(timedelta(minutes=16))
    again = Client()
    password(again)
    assert give(again, code_at(NOON + timedelta(minutes=16))).status_code == 302


def test_a_right_one_forgets_the_wrong_ones_before(client, codes, clock):
    for _ in range(2):
        browser = Client()
        password(browser)
        for _ in range(4):
            give(browser, "000000")
        answer = give(browser, code_at(timezone.now()))
        clock.shift(timedelta(minutes=2))

    assert answer.status_code == 302


def test_half_signed_in_dies_after_five_minutes(client, codes, clock):
    password(client)
    clock.shift(timedelta(minutes=5, seconds=1))

    answer = give(client, code_at(NOON + timedelta(minutes=5, seconds=1)))
    assert (answer.url, is_in(client)) == ("/login/?ended=half", False)
    assert "half_signed_in" not in client.session


def test_half_signed_in_ends_when_the_account_is_switched_off(client, codes):
    password(client)
    User.objects.update(is_active=False)

    assert give(client, code_at(NOON)).url == "/login/?ended=half"


def test_nobody_without_a_password_sees_the_page_of_the_code(client, codes):
    assert client.get(reverse("sign-in-code")).url == "/login/?ended=half"
    assert client.get(reverse("sign-in-enrol")).url == "/login/?ended=half"


def test_a_form_sent_too_late_waits_behind_the_second_factor_too(client, codes, clock):
    password(client)
    give(client, code_at(NOON))
    clock.shift(timedelta(minutes=31))
    client.post("/messages/read/", {"story": "墙倒了"})
    password(client)

    assert give(client, code_at(timezone.now())).url == "/held/"
    assert "墙倒了" in client.get("/held/").content.decode()


# ── recovery codes ───────────────────────────────────────────────────────────
def test_a_recovery_code_lets_in_once_however_it_is_written(client, codes):
    password(client)
    assert give(client, codes[3].lower().replace("-", " ")).status_code == 302
    other = Client()
    password(other)

    assert give(other, codes[3]).status_code == 422
    assert RecoveryCode.objects.filter(used_at=None).count() == 7


def test_recovery_codes_stand_nowhere_in_clear(codes):
    kept = "".join(RecoveryCode.objects.values_list("code_hash", flat=True)) + repr(
        list(AuditEntry.objects.values_list("detail", flat=True))
    )

    assert [code for code in codes if code in kept or code.replace("-", "") in kept] == []
    assert len({len(code.replace("-", "")) for code in codes}) == 1


def test_the_secret_is_encrypted_at_rest(codes):
    from django.db import connection  # noqa: PLC0415

    with connection.cursor() as cursor:
        cursor.execute("SELECT secret FROM core_secondfactor")
        stored = cursor.fetchone()[0]

    assert (stored.split(":")[0], SECRET in stored) == ("v1", False)


# ── taking one up ────────────────────────────────────────────────────────────
def test_a_role_that_must_have_one_takes_it_up_before_it_comes_in(client, clock, required, court_clerk):
    assert password(client).url == reverse("sign-in-enrol")
    page = client.get(reverse("sign-in-enrol"))
    secret = page.context["secret"].replace(" ", "")
    assert (is_in(client), len(b32decode(secret))) == (False, 20)

    shown = client.post(reverse("sign-in-enrol"), {"code": code_at(NOON, secret=secret)})
    assert is_in(client)
    assert len(shown.context["codes"]) == 8
    assert "no-store" in shown["Cache-Control"]
    assert SecondFactor.objects.get().user == court_clerk
    assert [action for (action,) in AuditEntry.objects.order_by("seq").values_list("action")] == [
        "factor.enrol",
        "sign_in",
    ]


def test_a_wrong_first_code_keeps_the_same_secret_on_the_page(client, clock, required, court_clerk):
    password(client)
    before = client.get(reverse("sign-in-enrol")).context["secret"]
    answer = client.post(reverse("sign-in-enrol"), {"code": "000000"})

    assert (answer.status_code, answer.context["secret"]) == (422, before)
    assert (is_in(client), SecondFactor.objects.count()) == (False, 0)


def test_looking_at_the_page_writes_nothing_and_the_session_keeps_no_clear_secret(client, clock, required, court_clerk):
    password(client)
    secret = client.get(reverse("sign-in-enrol")).context["secret"].replace(" ", "")

    assert SecondFactor.objects.count() == 0
    assert secret not in repr(dict(client.session.items()))


def test_the_picture_is_an_svg_without_styles_or_scripts(client, clock, required, court_clerk):
    password(client)
    page = client.get(reverse("sign-in-enrol")).content.decode()
    svg = re.search(r"<svg.*?</svg>", page, re.S).group(0)

    assert (" style=" in svg, "<script" in svg, "unsafe" in client.get("/login/")["Content-Security-Policy"]) == (
        False, False, False,
    )  # fmt: skip


def test_a_session_from_before_the_rule_has_to_come_in_again(client_of, settings, court_clerk):
    client = client_of(court_clerk)
    settings.TOTP_ROLES = frozenset({"clerk"})

    assert client.get("/account/").url == "/login/?ended=factor&next=/account/"


def test_anybody_may_take_one_up_and_give_it_up_again(client_of, clock, mediator_of_taiping):
    client = client_of(mediator_of_taiping)
    secret = client.get(reverse("factor")).context["secret"].replace(" ", "")
    client.post(reverse("factor"), {"code": code_at(NOON, secret=secret)})
    assert SecondFactor.objects.filter(user=mediator_of_taiping).exists()

    assert client.post(reverse("factor-end")).url == reverse("account")
    assert not SecondFactor.objects.filter(user=mediator_of_taiping).exists()


def test_who_must_have_one_cannot_give_it_up(court_clerk, codes, required):
    with pytest.raises(Refused, match="必须用动态验证码登录"):
        second_factor.give_up(user=court_clerk)
    assert SecondFactor.objects.count() == 1


def test_new_recovery_codes_end_the_old_ones(client, codes, court_clerk):
    second_factor.renew_recovery_codes(user=court_clerk)
    password(client)

    assert give(client, codes[0]).status_code == 422


def test_the_password_is_asked_for_once_more_before_the_factor_is_touched(client_of, court_clerk):
    client = client_of(court_clerk)
    session = client.session
    session["password_at"] = 0
    session.save()

    answers = [client.get(reverse("factor")).status_code] + [
        client.post(reverse(name)).status_code for name in ("factor-codes", "factor-end")
    ]
    assert answers == [302, 422, 422]


# ── lost ─────────────────────────────────────────────────────────────────────
def test_the_admin_resets_a_lost_one_and_leaves_the_password_alone(client_of, admin, court_clerk, codes):
    before = court_clerk.password
    elsewhere = client_of(court_clerk)
    answer = client_of(admin).post(reverse("account-factor", args=[court_clerk.pk]), {"reason": "持工作证到场"})

    court_clerk.refresh_from_db()
    assert (answer.status_code, SecondFactor.objects.count(), court_clerk.password) == (302, 0, before)
    assert elsewhere.get("/account/").status_code == 302
    assert trail("factor.reset") == [(True, {"reason": "持工作证到场"})]


def test_a_reset_needs_a_reason_and_another_admin(admin, court_clerk, codes):
    with pytest.raises(Refused, match="怎样核实"):
        second_factor.reset(user_id=court_clerk.pk, reason=" ", by=admin)
    with pytest.raises(Refused, match="不能重置自己的"):
        second_factor.reset(user_id=admin.pk, reason="丢了", by=admin)
    with pytest.raises(NotAllowed):
        second_factor.reset(user_id=admin.pk, reason="丢了", by=court_clerk)
    assert SecondFactor.objects.count() == 1
