"""A form sent into an ended session, or from a page of an earlier sign-in, is not lost."""

from datetime import timedelta

import pytest
import time_machine
from django.contrib.sessions.models import Session
from django.test import Client
from django.utils import timezone

from core import held_forms
from core.models import User
from tests.conftest import PASSWORD

pytestmark = pytest.mark.django_db

STORY = "张三说：墙倒了。\n「<b>李四</b>」不认。"
TYPED = {"narrative": STORY, "tags": ["一", "二"], "password": "secret-typed", "csrfmiddlewaretoken": "old"}
TARGET = "/messages/read/"


@pytest.fixture
def clock():
    with time_machine.travel(timezone.now(), tick=False) as clock:
        yield clock


@pytest.fixture
def browser(clock, client_of, court_clerk) -> Client:
    return client_of(court_clerk)


def sign_in(browser: Client, user: User) -> str:
    """The address where the door leads."""
    return browser.post("/login/", {"username": user.username, "password": PASSWORD})["Location"]


def send_late(browser: Client, clock, **headers) -> str:
    clock.shift(timedelta(minutes=31))
    return browser.post(TARGET, TYPED, headers=headers)["Location"]


def test_a_form_sent_too_late_waits_behind_the_door(browser, clock, court_clerk):
    assert send_late(browser, clock) == "/login/?ended=idle&kept=1"
    assert sign_in(browser, court_clerk) == "/held/"

    page = browser.get("/held/").content.decode()

    assert f'action="{TARGET}"' in page
    assert "墙倒了。\n「&lt;b&gt;李四&lt;/b&gt;」不认。" in page
    assert page.count('name="tags"') == 2
    assert ("secret-typed" in page, 'value="old"' in page) == (False, False)


def test_what_was_typed_is_sealed_in_the_session(browser, clock):
    send_late(browser, clock)

    stored = [session.get_decoded() for session in Session.objects.all()]

    assert any(held_forms.HELD in session for session in stored)
    assert "墙倒了" not in str(stored)


def test_another_person_at_the_same_computer_sees_nothing_of_it(browser, clock, reviewing_judge):
    send_late(browser, clock)

    assert sign_in(browser, reviewing_judge) == "/"
    assert browser.get("/held/")["Location"] == "/"


def test_it_waits_twelve_hours_and_no_longer(browser, clock, court_clerk):
    send_late(browser, clock)
    clock.shift(timedelta(hours=12, seconds=1))

    assert sign_in(browser, court_clerk) == "/"


def test_it_can_be_given_up(browser, clock, court_clerk):
    send_late(browser, clock)
    sign_in(browser, court_clerk)

    browser.post("/held/discard/")

    assert browser.get("/held/")["Location"] == "/"


def test_a_form_sent_after_signing_out_elsewhere_waits_too(browser, court_clerk):
    browser.post("/logout/")

    assert browser.post(TARGET, TYPED)["Location"] == "/login/?kept=1"
    assert sign_in(browser, court_clerk) == "/held/"


def test_a_strangers_form_is_not_kept():
    assert Client().post(TARGET, TYPED)["Location"] == "/login/"
    assert Session.objects.count() == 0


def test_signing_out_late_keeps_nothing(browser, clock, court_clerk):
    clock.shift(timedelta(minutes=31))

    assert browser.post("/logout/")["Location"] == "/login/?ended=idle"
    assert sign_in(browser, court_clerk) == "/"


def test_a_form_too_large_to_keep_is_not_promised(browser, clock, monkeypatch):
    monkeypatch.setattr(held_forms, "ROOM", 50)

    assert send_late(browser, clock) == "/login/?ended=idle"


def test_a_tampered_form_is_nobodys(browser, clock, court_clerk):
    send_late(browser, clock)
    session = browser.session
    session[held_forms.HELD] = session[held_forms.HELD] | {"sealed": "v1:k1:aes-256-gcm:AAAA:AAAA:AAAA"}
    session.save()

    assert sign_in(browser, court_clerk) == "/"


def test_the_way_back_is_the_page_that_held_the_form(browser, clock):
    late = send_late(browser, clock, referer="http://testserver/disputes/new/?village=1")

    assert late == "/login/?ended=idle&kept=1&next=/disputes/new/%3Fvillage%3D1"


def test_no_way_leads_to_another_site(browser, clock):
    assert send_late(browser, clock, referer="http://elsewhere.example/x") == "/login/?ended=idle&kept=1"


def test_files_have_to_be_chosen_again_and_the_page_says_so(browser, clock, court_clerk, tmp_path):
    (tmp_path / "a.txt").write_text("x")
    clock.shift(timedelta(minutes=31))
    with (tmp_path / "a.txt").open() as file:
        browser.post(TARGET, {"narrative": "x", "file": file})
    sign_in(browser, court_clerk)

    assert "选好的文件没有留下" in browser.get("/held/").content.decode()


# ── a page whose token is of an earlier sign-in ──────────────────────────────
@pytest.fixture
def strict(court_clerk) -> Client:
    """A browser whose tokens are checked, as everywhere but in tests."""
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(court_clerk, backend="core.sessions.AccountBackend")
    return browser


def test_a_stale_page_shows_its_form_again_and_does_nothing(strict):
    answer = strict.post(TARGET, TYPED, headers={"origin": "http://testserver"})

    page = answer.content.decode()
    assert (answer.status_code, f'action="{TARGET}"' in page, "墙倒了" in page) == (403, True, True)
    assert "secret-typed" not in page
    assert 'name="csrfmiddlewaretoken"' in page


@pytest.mark.parametrize("origin", ["http://elsewhere.example", "null", None])
def test_a_form_of_another_site_is_not_shown_again(strict, origin):
    answer = strict.post(TARGET, TYPED, headers={"origin": origin} if origin else {})

    assert (answer.status_code, "墙倒了" in answer.content.decode()) == (403, False)


def test_a_stale_sign_in_page_starts_anew():
    answer = Client(enforce_csrf_checks=True).post(
        "/login/", {"username": "x", "password": "y"}, headers={"origin": "http://testserver"}
    )

    assert (answer.status_code, answer["Location"]) == (302, "/login/")


def test_an_address_for_buttons_answers_a_visit_with_a_page(browser):
    answer = browser.get(TARGET)

    assert (answer.status_code, "这个地址不能直接打开" in answer.content.decode()) == (405, True)
