"""What a refused, missing or failed page says: in Chinese, with the request's id where it helps."""

import pytest
from django.template.loader import render_to_string
from django.urls import reverse

from core import request_context
from core.choices import Role
from core.errors import Conflict, Refused


def page(name: str, **context) -> str:
    with request_context.entered(request_context.RequestContext("7F3A01B2")):
        return render_to_string(name, context)


@pytest.mark.parametrize("status", ["400", "403", "403_csrf", "404", "409", "413", "422", "429", "500"])
def test_each_page_stands_without_user_request_or_database(status):
    assert '<html lang="zh-Hans"' in page(f"{status}.html")


@pytest.mark.parametrize("status", ["400", "403", "403_csrf", "409", "422", "500"])
def test_pages_about_trouble_show_the_id_to_report(status):
    assert "7F3A01B2" in page(f"{status}.html")


def test_refusal_page_says_what_is_so_and_what_to_do():
    shown = page("422.html", refused=Refused("还有 1 项不通过未处理，暂不能裁定。", hint="可以先要求补正。"))
    assert ("还有 1 项不通过未处理，暂不能裁定。" in shown, "可以先要求补正。" in shown) == (True, True)


def test_conflict_page_names_who_was_first():
    assert "何雨桐 10:03 已经受理了这一件。" in page("409.html", refused=Conflict("何雨桐 10:03 已经受理了这一件。"))


def test_missing_page_answers_the_same_whatever_is_missing(client_of, mediator_of_taiping):
    client = client_of(mediator_of_taiping)
    bodies = {client.get(path).content for path in ("/nowhere/", "/messages/nobody/", "/files/x/")}
    assert len(bodies) == 1


@pytest.mark.parametrize("who", [role for role in Role.values if role != Role.ADMIN])
def test_style_page_is_for_the_admin_alone(client_of, make_user, who):
    assert client_of(make_user("somebody", who)).get(reverse("style")).status_code == 403


def test_style_page_shows_every_component(client_of, admin):
    answer = client_of(admin).get(reverse("style"))
    shown = answer.content.decode()
    assert answer.status_code == 200
    missing = [
        name
        for name in ("sheet", "steps", "log", "tbl to-cards", "is-guess", "ruler is-mini", "err-sum", "seg")
        if f'class="{name}' not in shown and f" {name}" not in shown
    ]
    assert missing == []
