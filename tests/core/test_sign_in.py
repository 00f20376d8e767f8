"""Coming in, being locked out, going out, and the password."""

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from core.models import AuditEntry, User
from tests.conftest import PASSWORD

NEW_PASSWORD = "Blue-kettle-2024"


def sign_in(client: Client, username: str = "mediator_of_taiping", password: str = PASSWORD, **more: str):
    return client.post(reverse("login"), {"username": username, "password": password, **more})


def trail() -> list[tuple[str, bool]]:
    return list(AuditEntry.objects.order_by("seq").values_list("action", "success"))


# ── in ───────────────────────────────────────────────────────────────────────
def test_right_password_leads_to_the_days_work(client, mediator_of_taiping):
    answer = sign_in(client)
    assert (answer.status_code, answer.url) == (302, reverse("today"))
    assert client.session["_auth_user_id"] == str(mediator_of_taiping.pk)
    assert trail() == [("sign_in", True)]


def test_wrong_password_is_refused_at_the_form_and_keeps_the_name(client, mediator_of_taiping):
    answer = sign_in(client, password="wrong")
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "账号或密码不对" in page
    assert 'value="mediator_of_taiping"' in page
    assert "wrong" not in page
    assert trail() == [("sign_in", False)]


def test_failure_of_an_unknown_name_keeps_no_name(client, db):
    sign_in(client, username="my-secret-by-mistake", password="x")
    entry = AuditEntry.objects.get()
    assert (entry.subject_id, entry.detail) == ("", {"known": False})


def test_empty_form_says_what_is_missing(client, db):
    answer = client.post(reverse("login"), {})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "请填写账号。" in page
    assert "请填写密码。" in page
    assert trail() == []


def test_disabled_account_stays_outside(client, mediator_of_taiping):
    User.objects.update(is_active=False)
    assert sign_in(client).status_code == 422
    assert "_auth_user_id" not in client.session


def test_fifth_failure_locks_the_account_even_for_the_right_password(client, mediator_of_taiping):
    answers = [sign_in(client, password="wrong").status_code for _ in range(5)]
    locked = sign_in(client)
    assert answers == [422, 422, 422, 422, 429]
    assert locked.status_code == 429
    assert "账号暂停 15 分钟" in locked.content.decode()
    assert "_auth_user_id" not in client.session


def test_session_id_changes_at_the_door(client, mediator_of_taiping):
    client.get(reverse("login"))
    session = client.session
    session["planted"] = True
    session.save()
    before = session.session_key
    sign_in(client)
    assert client.session.session_key != before


@pytest.mark.parametrize(
    ("wanted", "reached"),
    [
        pytest.param("/account/", "/account/", id="a page of ours"),
        pytest.param("https://evil.example/", None, id="another site"),
        pytest.param("//evil.example/", None, id="another site without a scheme"),
        pytest.param("javascript:alert(1)", None, id="a script"),
    ],
)
def test_next_leads_only_to_pages_of_ours(client, mediator_of_taiping, wanted, reached):
    assert sign_in(client, next=wanted).url == (reached or reverse("today"))


def test_stranger_is_sent_to_the_door_and_back(client, db):
    answer = client.get(reverse("account"))
    assert (answer.status_code, answer.url) == (302, "/login/?next=/account/")


def test_who_is_in_already_is_not_asked_again(client_of, mediator_of_taiping):
    assert client_of(mediator_of_taiping).get(reverse("login")).url == reverse("today")


# ── the demo's list ──────────────────────────────────────────────────────────
def test_demo_accounts_stand_on_the_page_only_in_the_demo(client, db, settings):
    settings.DEMO = True
    with_list = client.get(reverse("login")).content.decode()
    settings.DEMO = False
    without = client.get(reverse("login")).content.decode()
    assert (settings.DEMO_PASSWORD in with_list, "committee" in with_list) == (True, True)
    assert (settings.DEMO_PASSWORD in without, "committee" in without) == (False, False)


# ── out ──────────────────────────────────────────────────────────────────────
def test_going_out_is_a_post_and_ends_the_session(client_of, mediator_of_taiping):
    client = client_of(mediator_of_taiping)
    assert client.get(reverse("logout")).status_code == 405
    answer = client.post(reverse("logout"))
    assert (answer.status_code, answer.url) == (302, reverse("login"))
    assert "_auth_user_id" not in client.session
    assert trail() == [("sign_out", True)]


# ── the password ─────────────────────────────────────────────────────────────
def change(client: Client, **changes: str):
    typed = {"old_password": PASSWORD, "new_password": NEW_PASSWORD, "new_password_again": NEW_PASSWORD}
    return client.post(reverse("password-change"), {**typed, **changes})


def test_new_password_is_kept_and_ends_other_sessions_but_not_this_one(client_of, mediator_of_taiping):
    here, elsewhere = client_of(mediator_of_taiping), client_of(mediator_of_taiping)
    assert change(here).url == reverse("today")
    mediator_of_taiping.refresh_from_db()
    assert mediator_of_taiping.check_password(NEW_PASSWORD)
    assert here.get(reverse("account")).status_code == 200
    assert elsewhere.get(reverse("account")).status_code == 302
    assert trail() == [("password.change", True)]


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        pytest.param({"old_password": "wrong"}, "现在的密码不对。", id="old one wrong"),
        pytest.param({"new_password_again": "other"}, "两次填的新密码不一样。", id="not the same twice"),
        pytest.param({"new_password": PASSWORD}, "新密码不能和现在的一样。", id="the old one again"),
        pytest.param({"new_password": "short-1"}, "密码太短，至少要 10 个字符。", id="too short"),
        pytest.param({"new_password": "48151623421"}, "密码只包含数字。", id="figures only"),
        pytest.param({"new_password": ""}, "请填写新密码。", id="nothing"),
    ],
)
def test_unfit_password_is_refused_at_its_field(client_of, mediator_of_taiping, typed, said):
    answer = change(client_of(mediator_of_taiping), **typed)
    assert answer.status_code == 422
    assert said in answer.content.decode()
    mediator_of_taiping.refresh_from_db()
    assert mediator_of_taiping.check_password(PASSWORD)


def test_temporary_password_leads_to_changing_it(client, mediator_of_taiping):
    User.objects.update(must_change_password=True)
    assert sign_in(client).url == reverse("password-change")
    change(client)
    mediator_of_taiping.refresh_from_db()
    assert mediator_of_taiping.must_change_password is False


# ── safety of the frame ──────────────────────────────────────────────────────
def test_every_answer_carries_the_strict_policy(client, db):
    for path in (reverse("login"), "/nowhere/", "/healthz"):
        policy = client.get(path)["Content-Security-Policy"]
        assert "default-src 'self'" in policy
        assert "unsafe" not in policy


def test_axes_counts_as_the_page_says():
    assert (settings.SIGN_IN_FAILURES, settings.AXES_COOLOFF_TIME) == (5, 0.25)


# ── the configuration's door ─────────────────────────────────────────────────
def test_configuration_is_reached_through_the_one_door(client, db):
    first = client.get("/manage/", follow=True)
    assert first.redirect_chain[-1][0] == "/login/?next=/manage/"


def test_configuration_is_the_admins_only(client_of, cast):
    answers = {name: client_of(user).get("/manage/").status_code for name, user in cast.items()}
    assert answers == {**dict.fromkeys(cast, 403), "admin": 200}


def test_session_that_ended_says_why(client, db):
    assert "离开超过 30 分钟" in client.get("/login/?ended=idle").content.decode()
    assert "登录已满 12 小时" in client.get("/login/?ended=over").content.decode()


def test_session_that_ended_names_the_limits_of_this_place(client, db, settings):
    settings.SESSION_IDLE_MINUTES, settings.SESSION_MAX_HOURS = 10, 4
    assert "离开超过 10 分钟" in client.get("/login/?ended=idle").content.decode()
    assert "登录已满 4 小时" in client.get("/login/?ended=over").content.decode()


def test_a_session_ended_from_elsewhere_says_so(client, db):
    page = client.get("/login/?ended=gone").content.decode()
    assert "这里的登录已经结束：可能在别处退出了这里" in page
    assert "登录已满" not in page


def test_a_forgotten_password_is_sent_to_those_who_can_help(client, db):
    page = client.get("/login/").content.decode()
    assert "忘记密码？请系统管理员发一次性密码" in page
    assert "联络人员" not in page.partition("忘记密码")[2].partition("</p>")[0]


def test_stale_form_is_refused_in_chinese(mediator_of_taiping):
    strict = Client(enforce_csrf_checks=True)
    answer = strict.post("/login/", {"username": "mediator_of_taiping", "password": PASSWORD})
    assert answer.status_code == 403
    assert "没有保存：这一页放得太久了" in answer.content.decode()
