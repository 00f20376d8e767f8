"""Where one is signed in: seen, limited, ended; and what ends all of it."""

from datetime import timedelta

import pytest
import time_machine
from django.contrib.sessions.models import Session
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from core import request_context
from core.actions import sessions
from core.browsers import browser_name
from core.choices import Role
from core.models import AuditEntry, User, UserScope, UserSession
from core.sessions import SessionStore
from tests.conftest import PASSWORD

pytestmark = pytest.mark.django_db
EDGE = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/116.0 Safari/537.36 Edg/116.0"


def come_in(**headers: str) -> Client:
    client = Client(headers=headers)
    client.post(reverse("login"), {"username": "court_clerk", "password": PASSWORD})
    return client


def named(client: Client) -> str:
    return UserSession.objects.get(pk=client.session.session_key).named


def is_in(client: Client) -> bool:
    return client.get(reverse("account")).status_code == 200


# ── the list ─────────────────────────────────────────────────────────────────
def test_a_sign_in_is_listed_with_time_address_and_browser_and_nothing_more(court_clerk):
    client = come_in(**{"User-Agent": EDGE})
    row = UserSession.objects.get()

    assert (row.session_id, row.address, row.browser) == (client.session.session_key, "127.0.0.1", "Edge 116，Windows")
    assert {field.name for field in UserSession._meta.fields} == {"session", "user", "started_at", "address", "browser"}
    page = client.get(reverse("account")).content.decode()
    assert ("Edge 116，Windows" in page, "就是这里" in page) == (True, True)


def test_nobody_sees_or_ends_sessions_of_somebody_else(court_clerk, client_of, mediator_of_taiping):
    theirs = come_in()
    mine = client_of(mediator_of_taiping)

    assert "127.0.0.1" not in mine.get(reverse("account")).content.decode()
    mine.post(reverse("session-end"), {"which": named(theirs)})
    assert is_in(theirs)


def test_one_session_is_ended_and_the_others_go_on(court_clerk):
    here, there, third = come_in(), come_in(), come_in()
    here.post(reverse("session-end"), {"which": named(there)})

    assert (is_in(here), is_in(there), is_in(third)) == (True, False, True)
    assert AuditEntry.objects.filter(action="session.end").count() == 1


def test_who_was_ended_from_elsewhere_is_told_at_the_door_and_a_stranger_is_not(court_clerk):
    here, there = come_in(), come_in()
    here.post(reverse("session-end"), {"which": named(there)})

    assert there.get("/account/").url == "/login/?ended=gone&next=/account/"
    assert Client().get("/account/").url == "/login/?next=/account/"


def test_who_went_out_by_the_button_is_told_nothing_of_it(court_clerk):
    here = come_in()
    here.post(reverse("logout"))

    assert here.get("/account/").url == "/login/?next=/account/"


def test_a_page_holds_no_key_of_another_session(court_clerk):
    here, there = come_in(), come_in()
    page = here.get(reverse("account")).content.decode()

    assert (there.session.session_key in page, named(there) in page) == (False, True)


def test_the_session_in_hand_is_not_ended_by_its_own_button(court_clerk):
    here = come_in()
    here.post(reverse("session-end"), {"which": named(here)})

    assert is_in(here)


def test_all_others_are_ended_at_once(court_clerk):
    here, there, third = come_in(), come_in(), come_in()
    here.post(reverse("session-end"))

    assert (is_in(here), is_in(there), is_in(third)) == (True, False, False)


def test_going_out_takes_the_row_along(court_clerk):
    come_in().post(reverse("logout"))

    assert UserSession.objects.count() == 0


@pytest.mark.parametrize("count", [1, 3])
def test_the_account_page_asks_the_same_number_of_questions(court_clerk, django_assert_num_queries, count):
    clients = [come_in() for _ in range(count)]
    clients[-1].get(reverse("account"))

    with django_assert_num_queries(5):  # session with its account, own person, unread, factor, sessions
        clients[-1].get(reverse("account"))


def test_a_session_that_is_over_is_not_listed_and_does_not_count(court_clerk, settings):
    settings.SESSIONS_AT_ONCE = 1
    with time_machine.travel(timezone.now(), tick=False) as clock:
        come_in()
        clock.shift(timedelta(minutes=31))
        here = come_in()
        page = here.get(reverse("account"))

    assert [each.pk for each in page.context["signed_in"]] == [here.session.session_key]
    assert "最早的" not in page.content.decode()


def test_sessions_long_over_are_cleared_away(court_clerk):
    with time_machine.travel(timezone.now(), tick=False) as clock:
        come_in()
        clock.shift(timedelta(days=3))
        here = come_in()
        sessions.forget_expired(timezone.now())

    assert list(Session.objects.values_list("pk", flat=True)) == [here.session.session_key]
    assert list(UserSession.objects.values_list("pk", flat=True)) == [here.session.session_key]


# ── how many ─────────────────────────────────────────────────────────────────
def test_beyond_the_limit_the_oldest_goes_and_the_newest_is_told(court_clerk, settings):
    settings.SESSIONS_AT_ONCE = 2
    first, second = come_in(), come_in()
    third = come_in()

    assert (is_in(first), is_in(second), is_in(third)) == (False, True, True)
    assert "最早的 1 处已退出" in str(list(come_in().get(reverse("account")).context["messages"]))


# ── what ends all of them ────────────────────────────────────────────────────
def test_switching_an_account_off_ends_its_sessions_and_switching_it_on_does_not_revive_them(
    client_of, admin, court_clerk
):
    client, desk = come_in(), client_of(admin)
    edit(desk, court_clerk, is_active=False)
    assert not is_in(client)
    edit(desk, court_clerk, is_active=True)

    assert not is_in(client)


def test_another_role_ends_every_session(client_of, admin, court_clerk):
    client = come_in()
    edit(client_of(admin), court_clerk, role=Role.ASSISTANT)

    assert not is_in(client)


def test_a_role_changed_behind_the_programs_back_ends_sessions_too(court_clerk):
    client = come_in()
    User.objects.filter(pk=court_clerk.pk).update(role=Role.JUDGE)

    assert not is_in(client)


def test_a_name_corrected_by_the_admin_ends_nothing(client_of, admin, court_clerk):
    client = come_in()
    edit(client_of(admin), court_clerk, name="何雨桐（改）")

    assert is_in(client)


def test_a_new_password_ends_the_others_and_keeps_this_one_listed(court_clerk):
    here, there = come_in(), come_in()
    new = {"new_password": "Blue-kettle-2024", "new_password_again": "Blue-kettle-2024"}
    here.post(reverse("password-change"), {"old_password": PASSWORD, **new})

    assert (is_in(here), is_in(there)) == (True, False)
    assert list(UserSession.objects.values_list("pk", flat=True)) == [here.session.session_key]


def test_a_password_set_by_the_admin_ends_every_session(client_of, admin, court_clerk):
    client = come_in()
    typed = {"password1": "Temporary-2024", "password2": "Temporary-2024", "usable_password": "true"}
    client_of(admin).post(reverse("admin:auth_user_password_change", args=[court_clerk.pk]), typed)

    assert not is_in(client)


def test_ending_all_leaves_no_session_row_behind(court_clerk):
    come_in(), come_in()
    sessions.end_all_sessions(court_clerk)

    assert (UserSession.objects.count(), Session.objects.count()) == (0, 0)


def edit(desk: Client, owner: User, **changes) -> None:
    facts = {"username": owner.username, "name": owner.name, "role": owner.role, "unit": owner.unit, "is_active": True}
    prefix = {
        "scopes-TOTAL_FORMS": "0",
        "scopes-INITIAL_FORMS": "0",
        "scopes-MIN_NUM_FORMS": "0",
        "scopes-MAX_NUM_FORMS": "9",
    }
    data = {name: value for name, value in (facts | changes | prefix).items() if value is not False}
    answer = desk.post(reverse("admin:core_user_change", args=[owner.pk]), data)
    assert answer.status_code == 302, answer.context["errors"]


def test_the_configuration_of_accounts_asks_for_the_password_once_more(client_of, admin, court_clerk):
    desk = client_of(admin)
    session = desk.session
    session["password_at"] = 0
    session.save()
    page = reverse("admin:core_user_change", args=[court_clerk.pk])

    assert desk.get(page).url == f"/account/password/again/?next=%2Fmanage%2Fcore%2Fuser%2F{court_clerk.pk}%2Fchange%2F"
    assert desk.post(page, {"role": Role.ADMIN}).status_code == 422
    court_clerk.refresh_from_db()
    assert court_clerk.role == Role.CLERK


# ── which browser ────────────────────────────────────────────────────────────
@pytest.mark.parametrize(
    ("agent", "said"),
    [
        (EDGE, "Edge 116，Windows"),
        ("Mozilla/5.0 (Linux; Android 12) Chrome/99.0 Mobile Safari/537.36 MicroMessenger/8.0", "微信 8，安卓"),
        ("Mozilla/5.0 (X11; Linux x86_64; UOS) Chrome/86.0 Safari/537.36", "Chrome 86，统信 UOS"),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 16_0 like Mac OS X) Version/16.0 Safari/604.1", "Safari 16，iPhone"),
        ("", "不认得的浏览器"),
        ("<script>", "不认得的浏览器"),
    ],
)
def test_a_browser_is_named_in_few_words(agent, said):
    assert browser_name(agent) == said


# ── what is read with it ─────────────────────────────────────────────────────
def asked_of(table: str, queries: list[dict[str, str]]) -> int:
    return sum(f'"{table}"' in one["sql"] for one in queries)


def test_session_account_and_what_it_sees_are_one_query(court_clerk, divisions):
    for code in ("445381", "445381101"):
        UserScope.objects.get_or_create(user=court_clerk, division_id=code)
    here = come_in()
    here.get(reverse("account"))
    with CaptureQueriesContext(connection) as told:
        page = here.get(reverse("account"))

    user = page.wsgi_request.user
    assert user.scope_codes == tuple(sorted(UserScope.objects.values_list("division_id", flat=True)))
    assert len(user.scope_codes) > 1
    first = told.captured_queries[0]["sql"]
    if connection.vendor == "sqlite":  # PostgreSQL is told the name of the statement only
        assert ("core_userscope" in first, "core_user" in first) == (True, True)
        assert asked_of("core_userscope", told.captured_queries) == 1


def test_what_an_account_sees_comes_with_its_session(court_clerk, divisions):
    UserScope.objects.get_or_create(user=court_clerk, division_id="445381101")
    here = come_in()
    with request_context.entered(request_context.RequestContext("A1")):
        SessionStore(here.session.session_key).load()
        account = request_context.take_account(court_clerk.pk)

    scopes = UserScope.objects.filter(user=court_clerk).values_list("division_id", flat=True)
    assert vars(account).get("scope_codes") == tuple(sorted(scopes))


def test_what_changed_of_an_account_holds_at_the_next_page(court_clerk):
    here = come_in()
    assert is_in(here)
    User.objects.filter(pk=court_clerk.pk).update(is_active=False)

    assert not is_in(here)


def test_a_row_of_somebody_else_beside_a_session_gives_nobody_their_account(court_clerk, mediator_of_taiping):
    here = come_in()
    UserSession.objects.filter(session_id=here.session.session_key).update(user=mediator_of_taiping)

    assert here.get(reverse("account")).wsgi_request.user.pk == court_clerk.pk


def test_an_account_is_kept_for_its_request_alone():
    request_context.keep_account(1, "kept outside of a request")
    with request_context.entered(request_context.RequestContext("A1")):
        request_context.keep_account(1, "kept")
        taken = [request_context.take_account(1) for _ in range(2)]
    with request_context.entered(request_context.RequestContext("A2")):
        later = request_context.take_account(1)

    assert (taken, later, request_context.take_account(1)) == (["kept", None], None, None)
