"""The configuration pages: what an admin changes there, and what the trail keeps of it."""

from datetime import date

import pytest
import time_machine
from django.urls import reverse

from core.actions.deadlines import start_deadline
from core.choices import RestKind, Role
from core.models import AuditEntry, Deadline, DeadlineRule, RestDay, User
from tests.conftest import TAIPING

FIT = "Blue-kettle-2024"

NO_SCOPES = {
    "scopes-TOTAL_FORMS": "0",
    "scopes-INITIAL_FORMS": "0",
    "scopes-MIN_NUM_FORMS": "0",
    "scopes-MAX_NUM_FORMS": "1000",
}


@pytest.fixture
def desk(client_of, admin):
    return client_of(admin)


def trail() -> list[str]:
    return list(AuditEntry.objects.order_by("seq").values_list("action", flat=True))


def test_index_offers_only_tables_of_ours(desk):
    labels = {app["app_label"] for app in desk.get("/manage/").context["app_list"]}
    assert labels <= {"core", "roster", "liaison", "disputes", "mediation", "reports"}


@pytest.mark.parametrize("model", ["user", "division", "restday", "calendaryear", "deadlinerule"])
def test_each_table_can_be_listed_and_added_to(desk, reference_data, model):
    pages = [desk.get(reverse(f"admin:core_{model}_{page}")) for page in ("changelist", "add")]
    assert [page.status_code for page in pages] == [200, 200]


def test_new_admin_may_configure_and_a_new_mediator_may_not(desk):
    for username, role in (("second_admin", Role.ADMIN), ("new_mediator", Role.MEDIATOR)):
        facts = {"username": username, "password1": FIT, "password2": FIT, "usable_password": "true"}
        desk.post(reverse("admin:core_user_add"), {**facts, "role": role, **NO_SCOPES})
    made = dict(User.objects.exclude(username="admin").values_list("username", "is_superuser"))
    assert made == {"second_admin": True, "new_mediator": False}
    assert trail() == ["manage.add", "manage.add"]


def test_password_set_by_the_admin_is_a_temporary_one(desk, mediator_of_taiping):
    desk.post(
        reverse("admin:auth_user_password_change", args=[mediator_of_taiping.pk]),
        {"password1": "Temporary-2024", "password2": "Temporary-2024", "usable_password": "true"},
    )
    mediator_of_taiping.refresh_from_db()
    assert mediator_of_taiping.check_password("Temporary-2024")
    assert mediator_of_taiping.must_change_password is True
    assert trail() == ["password.reset"]


def test_accounts_are_never_deleted(desk, mediator_of_taiping):
    assert desk.post(reverse("admin:core_user_delete", args=[mediator_of_taiping.pk])).status_code == 403


def test_edited_rule_is_marked_so_that_reference_data_leaves_it_alone(desk, reference_data):
    rule = DeadlineRule.objects.get(key="confirm_decide_max", valid_to=None)
    page = desk.get(reverse("admin:core_deadlinerule_change", args=[rule.pk]))
    typed = {name: value for name, value in page.context["adminform"].form.initial.items() if value is not None}
    desk.post(reverse("admin:core_deadlinerule_change", args=[rule.pk]), {**typed, "title": "改过的名称"})
    rule.refresh_from_db()
    assert (rule.title, rule.edited, trail()[-1]) == ("改过的名称", True, "manage.change")


@time_machine.travel("2026-05-20T09:00+08:00")
def test_new_rest_day_moves_the_deadlines_that_end_on_it(desk, reference_data, mediator_of_taiping):
    deadline = start_deadline(
        kind="confirm_apply",
        subject=mediator_of_taiping,
        town_code=TAIPING,
        base_on=date(2026, 5, 11),
        title="申请司法确认",
    )
    assert deadline.due_on == date(2026, 6, 10)  # a Wednesday
    day = {"date": "2026-06-10", "kind": RestKind.HOLIDAY, "name": "试验", "source": "试验"}
    answer = desk.post(reverse("admin:core_restday_add"), day, follow=True)
    assert Deadline.objects.get().due_on == date(2026, 6, 11)
    assert "06-10 改为 06-11" in answer.content.decode()
    desk.post(reverse("admin:core_restday_delete", args=[RestDay.objects.get(date="2026-06-10").pk]), {"post": "yes"})
    assert Deadline.objects.get().due_on == date(2026, 6, 10)
    assert trail()[-4:] == ["manage.add", "deadline.recount", "manage.delete", "deadline.recount"]


def test_the_list_of_what_can_be_changed_has_its_column_titles_in_chinese(desk):
    page = desk.get("/manage/").content.decode()

    assert ('<th scope="col">名称</th>' in page, "Model name" in page, "link</th>" in page) == (True, False, False)
