"""What is typed after the session has ended is not lost: it waits behind the door, and an open page can go on."""

from datetime import timedelta

import pytest
import time_machine
from django.contrib.sessions.models import Session
from django.test import Client
from django.utils import timezone

from core.actions.drafts import MOST
from core.models import FormDraft
from tests.conftest import PASSWORD
from tests.disputes.conftest import STORY

NEW, KEEP, TOKEN = "/disputes/new/", "/disputes/draft/", "/held/token/"
KEY = "7a1f6f64-3a51-4a1a-9f53-0d6f7e0a2d11"
HTMX = {"HX-Request": "true", "HX-Current-URL": "http://testserver/disputes/new/"}
TYPED = {"narrative": STORY, "idempotency_key": KEY, "draft_page": "7a1f6f64-3a51-4a1a-9f53-0d6f7e0a2d13"}


@pytest.fixture
def clock():
    with time_machine.travel(timezone.now(), tick=False) as clock:
        yield clock


@pytest.fixture
def browser(clock, client_of, mediator_of_taiping, tables) -> Client:
    browser = client_of(mediator_of_taiping)
    clock.shift(timedelta(minutes=31))
    return browser


def types(browser: Client, **more: str):
    return browser.post(KEEP, TYPED | more, headers=HTMX)


def sign_in(browser: Client, user) -> str:
    return browser.post("/login/", {"username": user.username, "password": PASSWORD})["Location"]


def go_on(browser: Client):
    """Press 接着交."""
    form = browser.get("/held/").context["form"]
    return browser.post(form.path, dict(form.fields))


def test_what_a_draft_carried_into_an_ended_session_comes_back_into_the_form(browser, mediator_of_taiping):
    said = types(browser)
    types(browser, narrative=f"{STORY}又补一句。")

    assert (said.status_code, "kept=1" in said["HX-Trigger"], FormDraft.objects.count()) == (401, True, 0)
    assert sign_in(browser, mediator_of_taiping) == "/held/"
    answer = go_on(browser)
    form = browser.get(answer["Location"]).context["form"]
    assert (form["narrative"].value(), str(form["idempotency_key"].value())) == (f"{STORY}又补一句。", KEY)
    assert browser.get("/held/")["Location"] == "/"


def test_it_waits_sealed_and_for_nobody_else(browser, mediator_of_shuangdong):
    types(browser)

    assert STORY[:6] not in str([session.get_decoded() for session in Session.objects.all()])
    assert sign_in(browser, mediator_of_shuangdong) == "/"
    assert browser.get("/held/")["Location"] == "/"


def test_what_the_open_page_saved_meanwhile_is_not_written_over(browser, mediator_of_taiping):
    types(browser)
    sign_in(browser, mediator_of_taiping)
    types(browser, narrative=f"{STORY}又补一句。")

    go_on(browser)

    assert FormDraft.objects.count() == 2


def test_what_finds_no_room_stands_on_the_page_all_the_same(browser, mediator_of_taiping):
    types(browser)
    sign_in(browser, mediator_of_taiping)
    for number in range(MOST):
        FormDraft.objects.create(
            user=mediator_of_taiping, form="disputes.intake", key=str(number), content="[]", saved_at=timezone.now()
        )

    html = go_on(browser).content.decode()

    assert (STORY in html, f"没写完的已有 {MOST} 份" in html) == (True, True)


def test_other_parts_of_a_page_wait_nowhere(browser, mediator_of_taiping):
    browser.post("/disputes/suggest/", TYPED, headers=HTMX)

    assert sign_in(browser, mediator_of_taiping) == "/"


def test_an_open_page_gets_the_token_of_the_new_sign_in_and_learns_whose_it_is(browser, mediator_of_taiping):
    over = browser.get(TOKEN, headers=HTMX | {"X-Poll": "1"})
    sign_in(browser, mediator_of_taiping)
    strict = Client(enforce_csrf_checks=True)
    strict.cookies = browser.cookies

    stale = strict.post(KEEP, TYPED, headers=HTMX | {"X-CSRFToken": "a" * 32})
    now = strict.get(TOKEN, headers=HTMX | {"X-Poll": "1"})
    kept = strict.post(KEEP, TYPED, headers=HTMX | {"X-CSRFToken": now.json()["token"]})

    assert (over.status_code, stale.status_code, now.json()["writer"]) == (401, 403, str(mediator_of_taiping.pk))
    assert ("已自动存" in kept.content.decode(), now["Cache-Control"].count("no-store")) == (True, 1)
    assert f'data-writer="{mediator_of_taiping.pk}"' in browser.get(NEW).content.decode()


def test_a_form_that_was_sent_is_not_given_up_for_what_was_only_typed(browser, mediator_of_taiping):
    browser.post(NEW, TYPED | {"narrative": "交上来的那一份"})

    said = types(browser)

    assert "kept=1" not in said["HX-Trigger"]
    assert sign_in(browser, mediator_of_taiping) == "/held/"
    assert ("narrative", "交上来的那一份") in browser.get("/held/").context["form"].fields
