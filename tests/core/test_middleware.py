"""What stands around every request, seen through real requests."""

import json
from datetime import timedelta

import pytest
import time_machine
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.test import Client
from django.urls import include, path
from django.utils import timezone

from core.errors import Conflict, NotAllowed, Refused
from core.models import AuditEntry

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.core.test_middleware")]

RAISED = {
    "refused": Refused("还有一方没有签字。", hint="请先请他签字。"),
    "conflict": Conflict("何雨桐已经受理了这一件。"),
    "not-allowed": NotAllowed("受理由立案人员办。"),
    "denied": PermissionDenied(),
}


def echo(request: HttpRequest) -> JsonResponse:
    return JsonResponse({"get": dict(request.GET), "post": dict(request.POST)})


@login_not_required
def public(request: HttpRequest) -> HttpResponse:
    return HttpResponse("open")


def names(request: HttpRequest) -> JsonResponse:
    return JsonResponse([str(file) for file in request.FILES.values()], safe=False)


def raising(request: HttpRequest, what: str) -> HttpResponse:
    raise RAISED[what]


urlpatterns = [
    path("echo/", echo, name="echo"),
    path("names/", names, name="names"),
    path("open/", public, name="open"),
    path("raise/<str:what>/", raising, name="raise"),
    path("", echo, name="today"),
    path("account/password/", echo, name="password-change"),
    path("", include("core.urls")),
]


@pytest.fixture
def browser(client_of, court_clerk) -> Client:
    return client_of(court_clerk)


# ── request id ───────────────────────────────────────────────────────────────
def test_every_answer_carries_an_id_people_can_read_out(browser):
    first, second = browser.get("/echo/")["X-Request-ID"], browser.get("/nothing/here/")["X-Request-ID"]

    assert (len(first), first != second) == (8, True)


# ── clean input ──────────────────────────────────────────────────────────────
DIRTY = [
    pytest.param("get", "/echo/?q=%00", {}, id="NUL in the query"),
    pytest.param("get", "/echo/?%00=1", {}, id="NUL in a name"),
    pytest.param("get", "/echo/?q=%ED%A0%80", {}, id="lone surrogate in the query"),
    pytest.param("get", "/echo/?q=%FF", {}, id="no UTF-8 in the query"),
    pytest.param("get", "/echo/%00/", {}, id="NUL in the path"),
    pytest.param("post", "/echo/", {"data": {"story": "a\0b"}}, id="NUL in a form field"),
    pytest.param(
        "post", "/echo/", {"data": "story=%ED%A0%80", "content_type": "application/x-www-form-urlencoded"},
        id="lone surrogate in a form",
    ),
    pytest.param(
        "post", "/echo/", {"data": b'{"a": "\\u0000"}', "content_type": "application/json"}, id="NUL in JSON"
    ),
    pytest.param(
        "post", "/echo/", {"data": b'{"a": "\\ud800"}', "content_type": "application/json"}, id="surrogate in JSON"
    ),
    pytest.param("post", "/echo/", {"data": b"{", "content_type": "application/json"}, id="broken JSON"),
]  # fmt: skip


@pytest.mark.parametrize(("method", "url", "facts"), DIRTY)
def test_what_the_databases_differ_over_is_answered_400(browser, method, url, facts):
    answer = getattr(browser, method)(url, **facts)

    assert answer.status_code == 400
    assert "这个请求看不懂" in answer.content.decode()
    assert "default-src 'self'" in answer["Content-Security-Policy"]


def test_a_nul_in_a_cookie_is_answered_400(browser):
    browser.cookies["theme"] = "a\0b"

    assert browser.get("/echo/").status_code == 400


def test_a_file_name_arrives_without_unprintable_characters(browser):
    part = 'Content-Disposition: form-data; name="file"; filename="a\0b.pdf"\r\nContent-Type: application/pdf'
    body = f"--x\r\n{part}\r\n\r\n%PDF\r\n--x--\r\n".encode()

    answer = browser.post("/names/", data=body, content_type="multipart/form-data; boundary=x")

    assert answer.json() == ["ab.pdf"]


@pytest.mark.parametrize("text", ["𣸣𠮷〇", "👩‍⚖️", "é", "a\u200bb", "\ufffd"])
def test_every_other_character_passes(browser, text):
    assert browser.post("/echo/", {"story": text}).json()["post"] == {"story": [text]}


def test_emoji_in_json_pass(browser):
    body = json.dumps({"a": "👩‍⚖️"})

    assert browser.post("/echo/", data=body, content_type="application/json").status_code == 200


def test_more_than_an_upload_may_weigh_is_413_before_it_is_read(browser, settings):
    settings.UPLOAD_LIMIT = 1000

    answer = browser.post("/echo/", {"story": "x"}, headers={"Content-Length": "2000000"})

    assert answer.status_code == 413
    assert "文件太大" in answer.content.decode()


@pytest.mark.parametrize(
    ("referer", "way"),
    [
        pytest.param("http://testserver/roster/import/?town=445381101", "/roster/import/?town=445381101", id="ours"),
        pytest.param("http://elsewhere.example/roster/", "/", id="elsewhere"),
        pytest.param("", "/", id="unknown"),
    ],
)
def test_too_large_an_upload_leads_back_to_its_page(browser, referer, way):
    heavy = {"Content-Length": str(30 * 1024 * 1024), "Referer": referer}
    page = browser.post("/echo/", {"story": "x"}, headers=heavy).content.decode()

    assert f'<a class="btn btn-primary" href="{way}">' in page
    assert "一次最多交 20 MB" in page


# ── session limits ───────────────────────────────────────────────────────────
@pytest.fixture
def clock():
    with time_machine.travel(timezone.now(), tick=False) as traveller:
        yield traveller


@pytest.fixture
def timed(clock, client_of, court_clerk) -> Client:
    return client_of(court_clerk)


@pytest.mark.parametrize(("minutes", "status"), [(30, 200), (31, 302)])
def test_a_session_ends_after_thirty_idle_minutes(clock, timed, minutes, status):
    clock.shift(timedelta(minutes=minutes))

    assert timed.get("/echo/?page=2").status_code == status


def test_an_ended_session_leads_to_the_door_and_back(clock, timed):
    clock.shift(timedelta(minutes=31))

    assert timed.get("/echo/?page=2").url == "/login/?ended=idle&next=/echo/%3Fpage%3D2"
    assert timed.get("/echo/").status_code == 302


def test_a_post_into_an_ended_session_does_not_come_back_as_a_get(clock, timed):
    clock.shift(timedelta(minutes=31))

    assert timed.post("/echo/").url == "/login/?ended=idle&kept=1"


def test_working_keeps_a_session_alive(clock, timed):
    for _ in range(3):
        clock.shift(timedelta(minutes=20))
        assert timed.get("/echo/").status_code == 200


def test_polling_does_not_keep_a_session_alive(clock, timed):
    for _ in range(4):
        clock.shift(timedelta(minutes=10))
        answer = timed.get("/echo/", headers={"X-Poll": "1"})

    assert answer.status_code == 302


def test_twelve_hours_end_every_session(clock, timed):
    for _ in range(24):
        clock.shift(timedelta(minutes=29))
        timed.get("/echo/")
    clock.shift(timedelta(minutes=25))

    assert timed.get("/echo/").url.startswith("/login/?ended=over")


def test_a_public_page_stays_open_when_the_session_ends(clock, timed):
    clock.shift(timedelta(minutes=31))

    assert timed.get("/open/").status_code == 200
    assert timed.get("/echo/").status_code == 302


def test_a_part_of_a_page_says_that_the_session_is_over_and_leaves_the_page_standing(clock, timed):
    clock.shift(timedelta(minutes=31))
    headers = {"HX-Request": "true", "HX-Current-URL": "http://testserver/disputes/?town=1"}

    answer = timed.get("/echo/", headers=headers)

    door = "/login/?ended=idle&next=/disputes/%3Ftown%3D1"
    assert (answer.status_code, "HX-Redirect" in answer) == (401, False)
    assert json.loads(answer["HX-Trigger"]) == {"session-over": {"door": door}}


def test_a_session_without_a_stamp_gets_one(court_clerk):
    client = Client()
    client.force_login(court_clerk, backend="core.sessions.AccountBackend")

    assert client.get("/echo/").status_code == 200
    assert set(client.session.keys()) >= {"signed_in_at", "seen_at"}


def test_a_quick_second_request_writes_nothing(browser, django_assert_num_queries):
    with django_assert_num_queries(2):  # the session, the user
        browser.get("/echo/")


# ── a password that must be changed ──────────────────────────────────────────
def test_who_must_change_the_password_comes_nowhere_else(browser, court_clerk):
    court_clerk.must_change_password = True
    court_clerk.save()

    assert browser.get("/echo/").url == "/account/password/"
    assert browser.get("/account/password/").status_code == 200
    assert browser.get("/echo/", headers={"HX-Request": "true"})["HX-Redirect"] == "/account/password/"


# ── refusals ─────────────────────────────────────────────────────────────────
def test_a_refusal_is_a_page_with_the_reason_and_the_way_out(browser):
    answer = browser.get("/raise/refused/")

    assert answer.status_code == 422
    assert "还有一方没有签字。" in answer.content.decode()
    assert "请先请他签字。" in answer.content.decode()


def test_a_conflict_says_who_was_first(browser):
    answer = browser.get("/raise/conflict/")

    assert answer.status_code == 409
    assert "何雨桐已经受理了这一件。" in answer.content.decode()


def test_htmx_gets_a_refusal_as_a_note(browser):
    answer = browser.get("/raise/refused/", headers={"HX-Request": "true"})

    assert answer.status_code == 422
    page = answer.content.decode()
    assert ("还有一方没有签字。" in page, "请先请他签字。" in page, "<html" in page) == (True, True, False)


@pytest.mark.parametrize(("what", "why"), [("not-allowed", "受理由立案人员办。"), ("denied", "")])
def test_a_403_is_kept_in_the_audit_trail(browser, court_clerk, what, why):
    answer = browser.get(f"/raise/{what}/")

    assert answer.status_code == 403
    entry = AuditEntry.objects.get(action="access.refused")
    assert (entry.actor, entry.success) == (court_clerk, False)
    assert entry.detail == {"view": "raise", "method": "GET", "why": why}
    assert entry.request_id == answer["X-Request-ID"]
    assert entry.address == "127.0.0.1"
