"""Who is ticked on the page of accounts: one person asked for, all, none, or as it was when a form was refused."""

import re
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse

from roster.models import Staff
from tests.conftest import SHUANGDONG, TAIPING
from tests.roster.mending import text

pytestmark = pytest.mark.django_db
LIST, OPEN = "/roster/accounts/", "/roster/accounts/open/"
BOX = re.compile(r'name="staff" value="(\S+?)"[^>]*?( checked)?>')


@pytest.fixture
def people(seat) -> dict[str, Staff]:
    return {name: seat(name).staff for name in ("黎桂生", "林文英", "谭少芬")}


@pytest.fixture
def desk(client_of, admin) -> Client:
    return client_of(admin)


def boxes(answer) -> dict[str, bool]:
    """Whose box stands on the page, and whether it is ticked."""
    found = BOX.findall(answer.content.decode())
    return {Staff.objects.get(pk=key).name: bool(checked) for key, checked in found}


def link_to_accounts(desk, staff) -> str:
    page = desk.get(reverse("roster:person", args=[staff.pk])).content.decode()
    (address,) = re.findall(r'href="(/roster/accounts/[^"]+)"', page)
    return address.replace("&amp;", "&")


def test_from_a_persons_page_only_that_person_is_ticked(people, desk):
    answer = desk.get(link_to_accounts(desk, people["林文英"]))
    assert boxes(answer) == {"林文英": True}
    assert "已选 <span data-ticks-count>1</span> 人" in text(answer)
    assert f'href="{LIST}?">看全部的人' in text(answer)


def test_who_stands_on_a_later_page_of_the_list_is_ticked_too(desk, seat):
    for number in range(51):
        seat(f"{number:02}")
    last = seat("zz").staff
    assert boxes(desk.get(link_to_accounts(desk, last))) == {"zz": True}


@pytest.mark.parametrize(
    ("query", "ticked"), [("", 3), ("?tick=none", 0), ("?tick=x", 3), ("?person=x", 3), (f"?town={SHUANGDONG}", 0)]
)
def test_all_are_ticked_or_none(people, desk, query, ticked):
    answer = desk.get(LIST + query)
    assert sum(boxes(answer).values()) == ticked
    assert ("data-ticks-count" not in text(answer)) or f"<span data-ticks-count>{ticked}</span>" in text(answer)


def test_the_links_tick_all_and_none_and_keep_the_town(people, desk):
    page = text(desk.get(LIST, {"town": TAIPING, "tick": "none"}))
    assert f'href="{LIST}?town={TAIPING}" data-ticks-all' in page
    assert f'href="{LIST}?town={TAIPING}&amp;tick=none" data-ticks-none' in page


def test_a_refused_form_comes_back_as_it_was_ticked(people, desk):
    sent = {"staff": [str(people["黎桂生"].pk), "x"]}
    answer = desk.post(f"{OPEN}?town={TAIPING}", sent)
    assert (answer.status_code, boxes(answer)) == (422, {"黎桂生": True, "林文英": False, "谭少芬": False})
    assert f'action="{OPEN}?town={TAIPING}"' in text(answer)
    assert 'class="filters" method="get" action="/roster/accounts/"' in text(answer)


def test_the_pages_of_a_refused_list_lead_to_the_list(desk, seat):
    for number in range(51):
        seat(f"{number:02}")
    assert f'rel="next" href="{LIST}?town={TAIPING}&amp;cursor=' in text(desk.post(f"{OPEN}?town={TAIPING}", {}))


def test_who_is_not_in_office_is_said(people, desk):
    page = text(desk.get(LIST, {"person": str(uuid4())}))
    assert "这个人现在没有在任的岗位，不能建账号" in page
