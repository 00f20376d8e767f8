"""The password once more: when it is asked for, what waits meanwhile, and who keeps guessing."""

from datetime import timedelta

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.test import Client
from django.urls import include, path
from django.utils import timezone

from core import reentry
from core.models import AuditEntry
from tests.conftest import PASSWORD

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.core.test_reentry")]


def guarded(request: HttpRequest) -> HttpResponse:
    if asked := reentry.ask_password(request):
        return asked
    return JsonResponse({"method": request.method, "post": dict(request.POST), "get": dict(request.GET)})


urlpatterns = [
    path("guarded/", guarded, name="guarded"),
    path("today/", guarded, name="today"),
    path("", include("config.urls")),
]
TYPED = {"reason": "核对身份", "town": ["445381101", "445381004"]}
AGAIN = "/account/password/again/"


@pytest.fixture
def browser(client_of, court_clerk) -> Client:
    """Signed in an hour ago."""
    client = client_of(court_clerk)
    session = client.session
    session["password_at"] = timezone.now().timestamp() - 3600
    session.save()
    return client


def trail() -> list[tuple[str, bool]]:
    return list(AuditEntry.objects.order_by("seq").values_list("action", "success"))


def hidden(answer: HttpResponse) -> list[tuple[str, str]]:
    return answer.context["waiting"]


# ── asked on a GET ───────────────────────────────────────────────────────────
def test_a_page_leads_to_the_question_and_comes_back_as_it_was(browser):
    led = browser.get("/guarded/?town=445381101&sort=name")

    assert led.url == f"{AGAIN}?next=%2Fguarded%2F%3Ftown%3D445381101%26sort%3Dname"
    asked = browser.get(led.url)
    assert (asked.status_code, asked.context["next"]) == (200, "/guarded/?town=445381101&sort=name")
    back = browser.post(AGAIN, {"password_once_more": PASSWORD, "next": asked.context["next"]})
    assert back.url == "/guarded/?town=445381101&sort=name"
    assert browser.get(back.url).json()["get"] == {"town": ["445381101"], "sort": ["name"]}
    assert trail() == [("password.again", True)]


def test_signing_in_counts_as_entering_it(client, court_clerk):
    client.post("/login/", {"username": "court_clerk", "password": PASSWORD})

    assert client.get("/guarded/").status_code == 200


@pytest.mark.parametrize(("minutes", "status"), [(15, 200), (16, 302)])
def test_it_holds_for_fifteen_minutes(browser, minutes, status):
    with time_machine.travel(timezone.now(), tick=False) as clock:
        browser.post(AGAIN, {"password_once_more": PASSWORD})
        clock.shift(timedelta(minutes=minutes))
        assert browser.get("/guarded/").status_code == status


def test_another_session_of_the_same_person_is_asked_for_itself(browser, client_of, court_clerk):
    other = client_of(court_clerk)
    session = other.session
    session["password_at"] = 0
    session.save()
    browser.post(AGAIN, {"password_once_more": PASSWORD})

    assert (browser.get("/guarded/").status_code, other.get("/guarded/").status_code) == (200, 302)


@pytest.mark.parametrize("wanted", ["https://evil.example/", "//evil.example/", "javascript:alert(1)", ""])
def test_the_way_back_stays_inside(browser, wanted):
    answer = browser.post(AGAIN, {"password_once_more": PASSWORD, "next": wanted})

    assert answer.url == "/account/"


def test_the_question_is_never_kept_by_a_browser(browser):
    assert "no-store" in browser.get(AGAIN)["Cache-Control"]
    assert "no-store" in browser.post("/guarded/", TYPED)["Cache-Control"]


# ── asked on a POST ──────────────────────────────────────────────────────────
def test_an_interrupted_post_waits_and_goes_on_with_everything_typed(browser):
    asked = browser.post("/guarded/?page=2", TYPED)

    assert asked.status_code == 422
    assert hidden(asked) == [("reason", "核对身份"), ("town", "445381101"), ("town", "445381004")]
    assert 'action="/guarded/?page=2"' in asked.content.decode()
    done = browser.post("/guarded/?page=2", {**TYPED, "password_once_more": PASSWORD})
    assert done.json() == {"method": "POST", "post": {k: [v] if isinstance(v, str) else v for k, v in TYPED.items()},
                           "get": {"page": ["2"]}}  # fmt: skip


def test_a_wrong_password_keeps_the_post_waiting_and_is_never_shown(browser):
    asked = browser.post("/guarded/", {**TYPED, "password_once_more": "Wrong-Secret-1"})
    page = asked.content.decode()

    assert asked.status_code == 422
    assert ("密码不对" in page, "Wrong-Secret-1" in page) == (True, False)
    assert len(hidden(asked)) == 3
    assert trail() == [("password.again", False)]
    assert browser.get("/guarded/").status_code == 302


def test_an_empty_password_is_asked_for_at_the_field(browser):
    assert "请填写您的登录密码。" in browser.post("/guarded/", {"password_once_more": ""}).content.decode()
    assert trail() == []


def test_a_file_that_cannot_wait_is_said(browser):
    asked = browser.post("/guarded/", {**TYPED, "file": SimpleUploadedFile("a.txt", b"x")})

    assert "选好的文件要再选一次" in asked.content.decode()


def test_htmx_gets_the_question_in_place_of_the_page(browser):
    asked = browser.post("/guarded/", TYPED, headers={"HX-Request": "true"})

    assert (asked.status_code, asked["HX-Retarget"]) == (422, "body")


def test_what_was_typed_is_written_as_text(browser):
    page = browser.post("/guarded/", {"reason": '"><script>alert(1)</script>'}).content.decode()

    assert "<script>alert(1)" not in page


# ── guessing ─────────────────────────────────────────────────────────────────
def test_the_fifth_wrong_one_ends_the_session_and_closes_the_door(browser, client):
    answers = [browser.post(AGAIN, {"password_once_more": "wrong"}).status_code for _ in range(5)]

    assert answers == [422, 422, 422, 422, 429]
    assert "_auth_user_id" not in browser.session
    assert client.post("/login/", {"username": "court_clerk", "password": PASSWORD}).status_code == 429
    assert trail()[:5] == [("password.again", False)] * 5


def test_a_right_one_forgets_the_wrong_ones_before(browser):
    for _ in range(2):
        for _ in range(4):
            browser.post(AGAIN, {"password_once_more": "wrong"})
        answer = browser.post(AGAIN, {"password_once_more": PASSWORD})

    assert answer.status_code == 302


def test_another_persons_password_does_not_help(browser, mediator_of_taiping):
    mediator_of_taiping.set_password("Another-Pass-99")
    mediator_of_taiping.save()

    assert browser.post(AGAIN, {"password_once_more": "Another-Pass-99"}).status_code == 422
