"""What everybody may see of a point, and the sheet with its QR code."""

import re
from datetime import date

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from liaison.actions.duty import schedule_shift
from liaison.models import LiaisonPoint
from roster.choices import TeamRole
from tests.conftest import SHUANGDONG, TAIPING
from tests.liaison.test_network import MAY_18

pytestmark = pytest.mark.django_db
PUBLIC, PLAQUE = reverse("public:point", args=[TAIPING]), reverse("liaison:plaque", args=[TAIPING])


def test_anybody_sees_where_the_point_is_and_whom_to_call(point):
    page = Client().get(PUBLIC).content.decode()

    assert ("太平镇法官联络点" in page, "太平镇政府路 1 号" in page, 'href="tel:0766-0000218"' in page) == (True,) * 3


def test_the_public_page_names_nobody_of_the_team_and_sets_no_cookie(point, serve):
    serve("谭少芬", TeamRole.LIAISON_OFFICER, MAY_18)
    serve("黎桂生", TeamRole.MEDIATOR, MAY_18)

    answer = Client().get(PUBLIC)

    assert ("谭少芬" in answer.content.decode(), "黎桂生" in answer.content.decode()) == (False, False)
    assert dict(answer.cookies) == {}


def test_who_is_on_duty_is_said_by_surname_alone(point, serve, officer_of_taiping):
    member = serve("黎桂生", TeamRole.MEDIATOR, MAY_18)
    with time_machine.travel("2023-06-01T10:00+08:00", tick=False):
        schedule_shift(point_id=point.pk, on=date(2023, 6, 1), staff_id=member.staff_id, by=officer_of_taiping)
        page = Client().get(PUBLIC).content.decode()

    assert ("正在值班：黎老师" in page, "黎桂生" in page) == (True, False)


def test_outside_hours_the_page_says_when_somebody_is_there(point):
    with time_machine.travel("2023-06-01T20:00+08:00", tick=False):
        page = Client().get(PUBLIC).content.decode()

    assert "现在不在值班时间" in page
    assert "工作日 上午 8:30—12:00" in page


def test_the_public_page_asks_four_queries(point, django_assert_num_queries):
    with django_assert_num_queries(4):
        Client().get(PUBLIC)


def test_a_point_that_was_never_opened_has_no_public_page(point):
    assert Client().get(reverse("public:point", args=[SHUANGDONG])).status_code == 404


def test_a_point_without_a_phone_offers_no_call(point):
    LiaisonPoint.objects.update(phone="")

    assert "tel:" not in Client().get(PUBLIC).content.decode()


# ── the plaque ───────────────────────────────────────────────────────────────
def test_the_plaque_shows_name_phone_and_the_address_of_the_public_page(point, client_of, officer_of_taiping):
    page = client_of(officer_of_taiping).get(PLAQUE).content.decode()

    assert ("罗定市人民法院" in page, "0766-0000218" in page, f"http://testserver{PUBLIC}" in page) == (True,) * 3
    assert re.search(r'<svg[^>]*class="plaque-qr"', page)


@pytest.mark.parametrize(("asked", "size"), [("A3", "is-a3"), ("A4", "is-a4"), ("", "is-a4"), ("<b>", "is-a4")])
def test_the_sheet_comes_in_two_sizes(asked, size, point, client_of, officer_of_taiping):
    page = client_of(officer_of_taiping).get(PLAQUE, {"size": asked}).content.decode()

    assert f'class="plaque {size}"' in page


def test_without_a_phone_the_sheet_says_so_first(point, client_of, officer_of_taiping):
    LiaisonPoint.objects.update(phone="")

    assert "还没有值班电话" in client_of(officer_of_taiping).get(PLAQUE).content.decode()
