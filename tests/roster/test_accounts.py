"""Accounts from the roster: opened in bulk, slips shown once, roles and towns that follow the terms."""

from datetime import date, timedelta

import pytest
import time_machine
from axes.models import AccessAttempt
from django.contrib.auth.hashers import check_password
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from core.choices import Role
from core.errors import NotAllowed, Refused
from core.models import AuditEntry, User, UserSession
from roster.actions.accounts import open_accounts, reissue_slips
from roster.actions.membership import end_term, start_term
from roster.actions.staff import link_account
from roster.models import Staff
from tests.conftest import SHUANGDONG, TAIPING

pytestmark = pytest.mark.django_db
OPEN, REISSUE, LIST = "/roster/accounts/open/", "/roster/accounts/reissue/", "/roster/accounts/"


@pytest.fixture
def team(seat) -> dict[str, Staff]:
    """An officer, two mediators and a judge of two towns; nobody has an account."""
    judge = seat("沈明轩", "judge").staff
    seat("沈明轩", "judge", SHUANGDONG, staff=judge)
    return {
        "officer": seat("谭少芬", "liaison_officer").staff,
        "first": seat("黎桂生").staff,
        "second": seat("林文英").staff,
        "judge": judge,
    }


@pytest.fixture
def desk(client_of, admin) -> Client:
    return client_of(admin)


def ids(team: dict[str, Staff]) -> list[str]:
    return [str(staff.pk) for staff in team.values()]


def scopes(user: User) -> list[str]:
    return sorted(user.scopes.values_list("division_id", flat=True))


def opened(team, admin) -> dict[str, User]:
    open_accounts(staff_ids=[staff.pk for staff in team.values()], by=admin)
    return {name: Staff.objects.get(pk=staff.pk).user for name, staff in team.items()}


# ── opening ──────────────────────────────────────────────────────────────────
def test_each_person_gets_an_account_with_the_role_and_towns_of_the_terms(team, admin):
    users = opened(team, admin)

    assert {name: (user.role, scopes(user), user.username, user.unit) for name, user in users.items()} == {
        "officer": (Role.OFFICER, [TAIPING], "officer-tp-01", "太平镇"),
        "first": (Role.MEDIATOR, [TAIPING], users["first"].username, "太平镇"),
        "second": (Role.MEDIATOR, [TAIPING], users["second"].username, "太平镇"),
        "judge": (Role.JUDGE, [SHUANGDONG, TAIPING], "judge-01", "罗定市人民法院"),
    }
    assert {users["first"].username, users["second"].username} == {"mediator-tp-01", "mediator-tp-02"}


def test_the_slip_opens_the_door_and_leads_to_a_new_password(team, desk):
    page = desk.post(OPEN, {"staff": ids(team)})
    assert "http://testserver" in page.content.decode()
    slip = page.context["slips"][0]
    visitor = Client()

    answer = visitor.post(reverse("login"), {"username": slip.user.username, "password": slip.code})
    assert answer.url == reverse("password-change")
    assert visitor.get("/roster/").url == reverse("password-change")


def test_a_slip_is_shown_in_clear_once_and_kept_nowhere(team, desk):
    page = desk.post(OPEN, {"staff": ids(team)})
    codes = [slip.code for slip in page.context["slips"]]

    assert [code in page.content.decode() for code in codes] == [True] * 4
    assert "no-store" in page["Cache-Control"]
    assert [code for code in codes if code in database()] == []
    assert [code for code in codes if code in desk.get(LIST).content.decode()] == []
    assert [code for code in codes if code in repr(page.context["slips"])] == []


def database() -> str:
    """Every row of every table that could hold a code."""
    texts = []
    with connection.cursor() as cursor:
        for table in ("core_user", "core_auditentry", "core_outboxevent", "django_session", "axes_accessattempt"):
            cursor.execute(f"SELECT * FROM {table}")
            texts.append(repr(cursor.fetchall()))
    return "".join(texts)


def test_codes_are_random_and_easy_to_read(team, admin):
    codes = [slip.code for slip in open_accounts(staff_ids=[one.pk for one in team.values()], by=admin).slips]

    assert len(set(codes)) == 4
    assert [char for code in codes for char in code if char in "0O1lIi"] == []
    assert {len(code) for code in codes} == {14}


def test_a_second_press_opens_nothing_more_and_offers_new_slips(team, desk):
    desk.post(OPEN, {"staff": ids(team)})
    before = set(User.objects.values_list("pk", "password"))
    again = desk.post(OPEN, {"staff": ids(team)})

    assert (again.status_code, again.context["slips"]) == (200, [])
    assert {staff.name for staff in again.context["opened"].unused} == {"谭少芬", "黎桂生", "林文英", "沈明轩"}
    assert "人的纸条已在" in again.content.decode()
    assert set(User.objects.values_list("pk", "password")) == before


def test_new_slips_end_the_old_ones(team, desk):
    old = {slip.user.pk: slip.code for slip in desk.post(OPEN, {"staff": ids(team)}).context["slips"]}
    new = desk.post(REISSUE, {"staff": ids(team)}).context["slips"]

    assert {slip.user.pk for slip in new} == set(old)
    for slip in new:
        kept = User.objects.get(pk=slip.user.pk).password
        assert (check_password(slip.code, kept), check_password(old[slip.user.pk], kept)) == (True, False)


def test_a_new_slip_opens_an_account_that_wrong_passwords_had_closed(team, admin):
    first = opened(team, admin)["first"]
    for _ in range(10):
        Client().post("/login/", {"username": first.username, "password": "wrong"})
    assert AccessAttempt.objects.filter(username=first.username).exists()
    (slip,) = reissue_slips(staff_ids=[team["first"].pk], by=admin)

    answer = Client().post("/login/", {"username": first.username, "password": slip.code})
    assert answer.status_code == 302


def test_who_has_used_the_slip_gets_no_new_one_in_bulk(team, admin):
    users = opened(team, admin)
    User.objects.filter(pk=users["first"].pk).update(must_change_password=False, one_time_until=None)

    slips = reissue_slips(staff_ids=[staff.pk for staff in team.values()], by=admin)
    assert users["first"].pk not in {slip.user.pk for slip in slips}
    assert len(slips) == 3


def test_who_has_an_account_is_skipped_and_named_and_the_others_are_served(team, desk, make_user):
    team["first"].user = make_user("old-account", Role.MEDIATOR, TAIPING)
    team["first"].save()
    page = desk.post(OPEN, {"staff": ids(team)})

    assert [slip.user.name for slip in page.context["slips"]].count("黎桂生") == 0
    assert len(page.context["slips"]) == 3
    assert "本来就有账号的，没有动" in page.content.decode()
    assert "old-account" in page.content.decode()


def test_who_holds_no_seat_gets_no_account(desk, divisions):
    staff = Staff.objects.create(name="待定者", name_initials="ddz")
    page = desk.post(OPEN, {"staff": [str(staff.pk)]})

    assert (page.context["slips"], User.objects.filter(name="待定者").count()) == ([], 0)
    assert "没有在任岗位" in page.content.decode()


@pytest.mark.parametrize(
    ("staff", "why"),
    [([], "还没有选人。"), (["x"], "勾选的人认不出。"), (["' OR 1=1"], "勾选的人认不出。")],
    ids=["nobody", "no id", "nonsense"],
)
def test_a_form_that_cannot_be_read_is_refused_with_a_sentence(team, desk, staff, why):
    answer = desk.post(OPEN, {"staff": staff})

    assert (answer.status_code, why in answer.content.decode()) == (422, True)


def test_too_many_at_once_are_refused(admin, divisions):
    with pytest.raises(Refused, match="一次最多为 200 人"):
        open_accounts(staff_ids=[f"00000000-0000-0000-0000-{n:012}" for n in range(201)], by=admin)


@pytest.mark.parametrize("who", ["officer_of_taiping", "justice_officer", "committee_officer", "court_clerk"])
def test_only_the_admin_opens_accounts(team, cast, who):
    with pytest.raises(NotAllowed):
        open_accounts(staff_ids=[team["first"].pk], by=cast[who])
    assert AuditEntry.objects.filter(action="account.create").count() == 0


def test_each_account_stands_in_the_trail_without_name_or_code(team, admin):
    slips = open_accounts(staff_ids=[one.pk for one in team.values()], by=admin).slips
    trail = repr(list(AuditEntry.objects.filter(action="account.create").values_list("detail", flat=True)))

    assert AuditEntry.objects.filter(action="account.create").count() == 4
    assert [word for word in ("黎桂生", *(slip.code for slip in slips)) if word in trail] == []


def test_the_page_asks_for_the_password_once_more(team, desk):
    session = desk.session
    session["password_at"] = 0
    session.save()

    assert desk.get(LIST).status_code == 302
    assert desk.post(OPEN, {"staff": ids(team)}).status_code == 422
    assert Staff.objects.exclude(user=None).count() == 0


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_asks_the_same_number_of_questions_for_one_and_for_three(seat, desk, count, django_assert_num_queries):
    for number in range(count):
        seat(f"某{number}")
    desk.get(LIST)

    with django_assert_num_queries(11):
        desk.get(LIST)


def test_the_list_shows_the_name_that_one_would_get(team, desk):
    rows = {row.staff.name: row.proposed for row in desk.get(LIST).context["rows"]}

    assert (rows["谭少芬"], rows["沈明轩"]) == ("officer-tp-01", "judge-01")
    assert {rows["黎桂生"], rows["林文英"]} == {"mediator-tp-01", "mediator-tp-02"}


# ── how long a slip is good ──────────────────────────────────────────────────
@pytest.mark.parametrize(("hours", "status", "said"), [(23, 302, ""), (25, 422, "过了有效期")])
def test_a_slip_is_good_for_a_day(team, admin, client, hours, status, said):
    with time_machine.travel(timezone.now(), tick=False) as clock:
        slip = open_accounts(staff_ids=[team["first"].pk], by=admin).slips[0]
        clock.shift(timedelta(hours=hours))
        answer = client.post(reverse("login"), {"username": slip.user.username, "password": slip.code})
    assert (answer.status_code, said in answer.content.decode()) == (status, True)


def test_an_expired_slip_says_so_only_to_who_holds_it(team, admin, client):
    with time_machine.travel(timezone.now(), tick=False) as clock:
        slip = open_accounts(staff_ids=[team["first"].pk], by=admin).slips[0]
        clock.shift(timedelta(hours=25))
        answer = client.post(reverse("login"), {"username": slip.user.username, "password": "wrong"})
    assert "过了有效期" not in answer.content.decode()


def test_one_person_gets_a_new_slip_and_is_signed_out_everywhere(team, admin, desk):
    user = opened(team, admin)["first"]
    user.set_password("Blue-kettle-2024")
    user.must_change_password, user.one_time_until = False, None
    user.save()
    there = Client()
    there.post(reverse("login"), {"username": user.username, "password": "Blue-kettle-2024"})
    assert UserSession.objects.filter(user=user).count() == 1

    page = desk.post(reverse("account-code", args=[user.pk]))
    user.refresh_from_db()
    assert check_password(page.context["slips"][0].code, user.password)
    assert user.must_change_password is True
    assert there.get(reverse("account")).status_code == 302


def test_looking_at_the_question_changes_nothing(team, admin, desk):
    user = opened(team, admin)["first"]
    desk.get(reverse("account-code", args=[user.pk]))

    assert User.objects.get(pk=user.pk).password == user.password


# ── accounts that follow the terms ───────────────────────────────────────────
def leave(staff: Staff, admin: User) -> None:
    for term in staff.memberships.filter(until=None):
        end_term(membership_id=term.pk, until=date(2023, 9, 20), by=admin)


def come_back(staff: Staff, admin: User, role: str = "mediator", town: str = TAIPING) -> None:
    start_term(staff_id=staff.pk, town_code=town, role=role, since=date(2023, 10, 9), by=admin)


def test_the_last_terms_end_switches_the_account_off_and_ends_its_sessions(team, admin, client_of):
    user = opened(team, admin)["first"]
    User.objects.filter(pk=user.pk).update(must_change_password=False)
    user.refresh_from_db()
    client = client_of(user)
    assert client.get(reverse("account")).status_code == 200
    leave(team["first"], admin)

    user.refresh_from_db()
    assert (user.is_active, user.closed_with_term, scopes(user)) == (False, True, [])
    assert client.get(reverse("account")).status_code == 302


def test_a_new_term_switches_it_on_again_but_revives_no_session(team, admin, client_of):
    user = opened(team, admin)["first"]
    User.objects.filter(pk=user.pk).update(must_change_password=False)
    user.refresh_from_db()
    client = client_of(user)
    leave(team["first"], admin)
    come_back(team["first"], admin, town=SHUANGDONG)

    user.refresh_from_db()
    assert (user.is_active, user.closed_with_term, scopes(user)) == (True, False, [SHUANGDONG])
    assert client.get(reverse("account")).status_code == 302


def test_an_account_that_the_admin_switched_off_stays_off(team, admin):
    user = opened(team, admin)["first"]
    User.objects.filter(pk=user.pk).update(is_active=False)
    leave(team["first"], admin)
    come_back(team["first"], admin)

    user.refresh_from_db()
    assert user.is_active is False


def test_one_of_two_terms_ending_leaves_the_account_on(team, admin):
    user = opened(team, admin)["judge"]
    end_term(membership_id=team["judge"].memberships.get(town_code=TAIPING).pk, until=date(2023, 9, 20), by=admin)

    user.refresh_from_db()
    assert (user.is_active, user.role, scopes(user)) == (True, Role.JUDGE, [SHUANGDONG])


def test_another_seat_is_another_role_and_ends_the_sessions(team, admin, client_of):
    user = opened(team, admin)["first"]
    User.objects.filter(pk=user.pk).update(must_change_password=False)
    user.refresh_from_db()
    client = client_of(user)
    come_back(team["first"], admin, role="liaison_officer")

    user.refresh_from_db()
    assert (user.role, scopes(user)) == (Role.OFFICER, [TAIPING])
    assert client.get(reverse("account")).status_code == 302
    kept = AuditEntry.objects.get(action="account.follow_terms").detail
    assert (kept["was"]["role"], kept["now"]["role"]) == ("mediator", "officer")


def test_an_officer_here_who_mediates_there_is_no_officer_there(team, admin):
    user = opened(team, admin)["officer"]
    come_back(team["officer"], admin, town=SHUANGDONG)

    user.refresh_from_db()
    assert (user.role, scopes(user)) == (Role.OFFICER, [TAIPING])


def test_an_account_taken_from_a_person_sees_nothing_any_more(team, admin):
    user = opened(team, admin)["first"]
    link_account(staff_id=team["first"].pk, user=None, by=admin)

    user.refresh_from_db()
    assert (user.is_active, scopes(user)) == (False, [])


def test_a_clerks_account_does_not_follow_terms(team, admin, court_clerk):
    link_account(staff_id=team["first"].pk, user=court_clerk, by=admin)
    leave(team["first"], admin)

    court_clerk.refresh_from_db()
    assert (court_clerk.is_active, court_clerk.role, scopes(court_clerk)) == (True, Role.CLERK, ["445381"])
