"""One's own named filters of the ledger: kept, followed, renamed, dropped; no name or number in any address."""

import re
from urllib.parse import parse_qs, urlsplit

import pytest
from django.db import connection

from core.errors import Refused
from disputes import queries
from disputes.actions import saved_filters
from disputes.models import SavedFilter
from tests.disputes.conftest import ID_OF_SHEN

URL = "/disputes/"
pytestmark = pytest.mark.usefixtures("tables")


@pytest.fixture
def page(client_of, mediator_of_taiping):
    return client_of(mediator_of_taiping)


def save(page, name: str, query: str = "state=open&type=labour", **kwargs):
    return page.post(f"{URL}saved/?{query}", {"name": name}, **kwargs)


def test_a_set_of_conditions_is_kept_shown_and_followed(page, register, mediator_of_taiping):
    register(mediator_of_taiping)
    register(mediator_of_taiping, case_type="labour")
    html = save(page, "欠薪未结", "state=open&type=labour&sort=old&from=2023-01-01", follow=True).content.decode()
    assert ("欠薪未结" in html, "TP2309-0002" in html, "TP2309-0001" in html) == (True, True, False)
    assert re.search(r'aria-current="true">欠薪未结<', html)
    kept = SavedFilter.objects.get()
    assert kept.params == {"state": "open", "type": "labour", "sort": "old", "from": "2023-01-01"}
    address = page.get(f"{URL}saved/{kept.pk}/")["Location"]
    assert parse_qs(urlsplit(address).query) == {**{k: [v] for k, v in kept.params.items()}, "saved": [str(kept.pk)]}


def test_a_name_that_was_searched_for_lies_encrypted_and_stands_in_no_address(page, register, mediator_of_taiping):
    register(mediator_of_taiping)
    sealed = queries.sealed_search(mediator_of_taiping, "沈水旺")
    save(page, "老沈", f"s={sealed}")
    kept = SavedFilter.objects.get()
    assert (kept.words, kept.params) == ("沈水旺", {})
    with connection.cursor() as cursor:
        cursor.execute("SELECT words, params FROM disputes_savedfilter")
        words, params = cursor.fetchone()
    assert (words.startswith("v1:k1:"), "沈水旺" in str(params)) == (True, False)
    address = page.get(f"{URL}saved/{kept.pk}/")["Location"]
    assert "沈水旺" not in address
    assert "TP2309-0001" in page.get(address).content.decode()


@pytest.mark.parametrize("text", [ID_OF_SHEN, "13800006072", "6072", "沈水旺 13800006072"])
def test_a_number_is_not_kept(text, page, mediator_of_taiping):
    response = save(page, "号码", f"s={queries.sealed_search(mediator_of_taiping, text)}&state=open")
    assert (response.status_code, SavedFilter.objects.count()) == (422, 0)
    html = response.content.decode()
    assert ("证件号码和电话不存进常用筛选" in html, "清掉条件" in html) == (True, True)


@pytest.mark.parametrize(
    ("name", "query", "says"),
    [
        ("", "state=open", "请给常用筛选起个名字"),
        ("全部", "", "还没有选条件"),
        ("看不懂", "state=zzz", "没有「zzz」这个条件"),
        ("倒着", "from=2023-09-20&to=2023-09-01", "「登记日从」晚于「登记日到」"),
        ("长" * 21, "state=open", "名字最多 20 个字"),
        ("找13800006072", "state=open", "名字里不要写证件号码和电话"),
    ],
)
def test_what_cannot_be_kept_is_said(name, query, says, page):
    response = save(page, name, query)
    assert (response.status_code, says in response.content.decode(), SavedFilter.objects.count()) == (422, True, 0)


def test_the_same_name_again_keeps_the_new_conditions(page):
    save(page, "常看", "state=open")
    save(page, " 常看 ", "risk=high")
    assert SavedFilter.objects.get().params == {"risk": "high"}


def test_no_more_than_twenty(page, mediator_of_taiping):
    for number in range(saved_filters.MOST):
        saved_filters.save_filter(name=f"第{number}个", params={"state": "open"}, by=mediator_of_taiping)
    response = save(page, "再一个")
    assert (response.status_code, "最多 20 个" in response.content.decode()) == (422, True)
    assert save(page, "第0个", "risk=high").status_code == 302


def test_it_is_renamed_and_deleted_by_its_owner_alone(page, client_of, officer_of_taiping, mediator_of_taiping):
    save(page, "常看")
    save(page, "少看")
    kept = SavedFilter.objects.get(name="常看")
    assert page.post(f"{URL}saved/{kept.pk}/rename/", {"name": "少看"}).status_code == 422
    assert page.post(f"{URL}saved/{kept.pk}/rename/", {"name": "天天看"}).status_code == 302
    kept.refresh_from_db()
    assert kept.name == "天天看"
    other = client_of(officer_of_taiping)
    answers = [other.get(f"{URL}saved/{kept.pk}/"), other.post(f"{URL}saved/{kept.pk}/rename/", {"name": "x"})]
    answers.append(other.post(f"{URL}saved/{kept.pk}/delete/"))
    assert [answer.status_code for answer in answers] == [404] * 3
    assert "天天看" not in other.get(URL).content.decode()
    page.post(f"{URL}saved/{kept.pk}/delete/")
    assert list(SavedFilter.objects.values_list("name", flat=True)) == ["少看"]


def test_nothing_of_a_person_is_in_the_refusal_of_the_action(mediator_of_taiping):
    sealed = queries.sealed_search(mediator_of_taiping, ID_OF_SHEN)
    with pytest.raises(Refused) as caught:
        saved_filters.save_filter(name="号码", params={"s": sealed}, by=mediator_of_taiping)
    assert ID_OF_SHEN not in str(caught.value)


# ── the mediator in the filter ───────────────────────────────────────────────
def test_the_ledger_is_filtered_by_who_handles(client_of, officer_of_taiping, register, mediator_of_taiping):
    register(mediator_of_taiping)
    register(officer_of_taiping)
    page = client_of(officer_of_taiping)

    def codes(handler):
        return re.findall(
            r'data-l="编号" class="nowrap">([^<]+)<', page.get(URL, {"handler": handler}).content.decode()
        )

    assert codes(str(mediator_of_taiping.pk)) == ["TP2309-0001"]
    assert codes("none") == ["TP2309-0002"]
    assert codes("nobody") == []
