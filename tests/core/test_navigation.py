"""Who is led where: the header, the phone's tab bar, the count of unread messages."""

import pytest
from django.test import RequestFactory
from django.urls import reverse
from django.utils import timezone

from config.navigation import MAIN, TABS, Navigation
from core.choices import Role
from core.models import Notification


def navigation_of(user, path: str = "/") -> Navigation:
    request = RequestFactory().get(path)
    request.user = user
    return Navigation(request)


def unread(user, count: int) -> None:
    Notification.objects.bulk_create(
        Notification(recipient=user, text=f"消息 {n}", created_at=timezone.now()) for n in range(count)
    )


# the words of the header, role by role
WORDS = {
    Role.MEDIATOR: "今天要办 纠纷台账 联络点 总览",
    Role.OFFICER: "今天要办 纠纷台账 联络点 总览 名册",
    Role.CLERK: "今天要办 司法确认 委派委托 法官指导 协助请求 纠纷台账 联络点 总览",
    Role.ASSISTANT: "今天要办 司法确认 委派委托 法官指导 协助请求 纠纷台账 联络点 总览",
    Role.JUDGE: "今天要办 司法确认 委派委托 法官指导 协助请求 纠纷台账 联络点 总览",
    Role.JUSTICE: "今天要办 总览 联络点 纠纷台账 名册",
    Role.COMMITTEE: "今天要办 总览 联络点 纠纷台账 名册",
    Role.ADMIN: "今天要办 名册 名册导入 配置",
    Role.AUDITOR: "审计",
}


@pytest.mark.parametrize("role", Role)
def test_each_role_has_its_own_way(role):
    assert " ".join(place.label for place in MAIN[role]) == WORDS[role]


def test_the_tab_bar_never_holds_more_than_five():
    assert {role: len(places) + 2 for role, places in TABS.items() if len(places) + 2 > 5} == {}


def test_every_place_exists():
    names = {place.url_name for places in (*MAIN.values(), *TABS.values()) for place in places}
    assert {name: reverse(name).startswith("/") for name in names} == dict.fromkeys(names, True)


def test_the_place_one_stands_in_is_marked_and_no_other(mediator_of_taiping):
    shown = navigation_of(mediator_of_taiping, reverse("disputes:list") + "TP2309-0001/").main
    assert [link.url_name for link in shown if link.is_current] == ["disputes:list"]


def test_a_step_of_a_mediation_is_done_in_the_ledger(mediator_of_taiping):
    step = reverse("mediation:agreement-new", args=["TP2309-0001"])
    assert [link.url_name for link in navigation_of(mediator_of_taiping, step).main if link.is_current] == [
        "disputes:list"
    ]


def test_the_nearer_of_two_places_is_marked(admin):
    shown = navigation_of(admin, reverse("roster:import")).main
    assert [link.url_name for link in shown if link.is_current] == ["roster:import"]


def test_roles_without_disputes_have_nothing_to_search(admin, auditor, court_clerk):
    assert [bool(navigation_of(user).search_url) for user in (admin, auditor, court_clerk)] == [False, False, True]


@pytest.mark.parametrize(("count", "shown"), [(0, ""), (1, "1"), (99, "99"), (100, "99+"), (130, "99+")])
def test_unread_is_counted_in_one_query_and_capped(mediator_of_taiping, django_assert_num_queries, count, shown):
    unread(mediator_of_taiping, count)
    with django_assert_num_queries(1):
        assert navigation_of(mediator_of_taiping).unread == shown


def test_frame_names_the_user_and_leaves_by_post(client_of, mediator_of_taiping):
    page = client_of(mediator_of_taiping).get(reverse("account")).content.decode()
    assert f"<b>{mediator_of_taiping.name}</b>" in page
    assert f'<form method="post" action="{reverse("logout")}">' in page
    assert '<a class="skip" href="#main">跳到正文</a>' in page


# ── messages ─────────────────────────────────────────────────────────────────
def test_messages_cost_the_same_with_one_and_three(client_of, mediator_of_taiping, django_assert_num_queries):
    client = client_of(mediator_of_taiping)
    for more in (1, 2):
        unread(mediator_of_taiping, more)
        with django_assert_num_queries(4):  # session, user, rows, unread
            client.get(reverse("notifications"))


def test_older_messages_are_on_further_pages(client_of, mediator_of_taiping):
    unread(mediator_of_taiping, 51)
    client = client_of(mediator_of_taiping)
    first = client.get(reverse("notifications"))
    second = client.get(reverse("notifications"), {"cursor": first.context["page"].next_cursor})
    assert [len(answer.context["page"].rows) for answer in (first, second)] == [50, 1]
    assert "下一页" in first.content.decode()


def test_opening_a_message_marks_it_and_goes_where_it_points(client_of, mediator_of_taiping):
    message = Notification.objects.create(
        recipient=mediator_of_taiping, text="期限快到", url="/account/", created_at=timezone.now()
    )
    answer = client_of(mediator_of_taiping).post(reverse("notification-open", args=[message.pk]))
    message.refresh_from_db()
    assert answer.url == "/account/"
    assert message.read_at is not None


def test_a_message_never_leads_off_the_site(client_of, mediator_of_taiping):
    message = Notification.objects.create(
        recipient=mediator_of_taiping, text="x", url="https://evil.example/", created_at=timezone.now()
    )
    answer = client_of(mediator_of_taiping).post(reverse("notification-open", args=[message.pk]))
    assert answer.url == reverse("notifications")


def test_a_message_of_somebody_else_is_not_there(client_of, mediator_of_taiping, mediator_of_shuangdong):
    message = Notification.objects.create(recipient=mediator_of_shuangdong, text="x", created_at=timezone.now())
    client = client_of(mediator_of_taiping)
    assert client.post(reverse("notification-open", args=[message.pk])).status_code == 404
    assert "还没有消息" in client.get(reverse("notifications")).content.decode()
    message.refresh_from_db()
    assert message.read_at is None


def test_all_messages_are_marked_at_once(client_of, mediator_of_taiping, mediator_of_shuangdong):
    unread(mediator_of_taiping, 3)
    unread(mediator_of_shuangdong, 1)
    client_of(mediator_of_taiping).post(reverse("notifications-read"))
    left = Notification.objects.filter(read_at=None).values_list("recipient__username", flat=True)
    assert list(left) == ["mediator_of_shuangdong"]
