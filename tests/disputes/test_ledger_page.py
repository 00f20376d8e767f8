"""The ledger's page and its search."""

import re
from urllib.parse import parse_qs, urlsplit

import pytest

from core.models import AuditEntry
from disputes.actions.parties import PartyData
from disputes.choices import Side
from disputes.models import Dispute
from tests.disputes.conftest import ID_OF_SHEN, THREAT

URL = "/disputes/"
QUERIES = 7  # session, user, scopes, page, count, what the filter offers, unread messages


@pytest.fixture
def page(client_of, committee_officer, tables):
    return client_of(committee_officer)


def codes(html: str) -> list[str]:
    return re.findall(r'data-l="编号" class="nowrap">([^<]+)<', html)


def test_the_newest_stands_first(page, register, mediator_of_taiping, mediator_of_shuangdong):
    for by in (mediator_of_taiping, mediator_of_shuangdong, mediator_of_taiping):
        register(by)
    assert codes(page.get(URL).content.decode()) == ["TP2309-0002", "SD2309-0001", "TP2309-0001"]
    assert codes(page.get(URL, {"sort": "old"}).content.decode()) == ["TP2309-0001", "SD2309-0001", "TP2309-0002"]


@pytest.mark.parametrize("rows", [1, 3])
def test_the_page_costs_the_same_at_one_and_three_rows(
    rows, page, register, mediator_of_taiping, django_assert_num_queries
):
    for _ in range(rows):
        register(mediator_of_taiping)
    with django_assert_num_queries(QUERIES):
        html = page.get(URL).content.decode()
    assert len(codes(html)) == rows


def test_pages_follow_each_other_by_key(page, register, mediator_of_taiping):
    for _ in range(51):
        register(mediator_of_taiping)
    first = page.get(URL)
    cursor = first.context["page"].next_cursor
    second = page.get(URL, {"cursor": cursor})
    assert (len(codes(first.content.decode())), codes(second.content.decode())) == (50, ["TP2309-0001"])


def test_what_has_no_character_to_look_for_finds_nothing_and_the_page_says_why(page, register, mediator_of_taiping):
    register(mediator_of_taiping, narrative="借了三万元😀一直不还，𠮷野村作证。")

    def found(text: str) -> tuple[list[str], bool]:
        html = page.post("/disputes/search/", {"q": text}, follow=True).content.decode()
        return codes(html), "没有汉字、字母或数字，查不到" in html

    for text in ("😀", "👨\u200d👩\u200d👧", "。，！", "%_*", "\u200b", "-", "é"):
        assert found(text) == ([], True), text
    for text in ("𠮷", "𠮷野", "三万元😀", "😀 不还", "元😀一直", "野村"):
        assert found(text) == (["TP2309-0001"], False), text
    for text in ("𠮷田", "😀还款", "查无此人"):
        assert found(text) == ([], False), text


def test_the_name_of_a_place_leads_to_what_happened_there(page, client_of, register, mediator_of_taiping, village):
    """Most type the village before anything else; search reads stories and people, the filter knows places."""
    register(mediator_of_taiping)
    at_home = client_of(mediator_of_taiping)

    def offered(client, text: str) -> list[str]:
        html = client.post("/disputes/search/", {"q": text}, follow=True).content.decode()
        return re.findall(r'<a href="(/disputes/\?(?:village|town)=\d+)">', html)

    way = f"/disputes/?village={village.code}"
    assert offered(at_home, village.name[:2]).count(way) == 1
    assert codes(at_home.get(way).content.decode()) == ["TP2309-0001"]
    assert (offered(page, "太平"), offered(at_home, "双东")) == (["/disputes/?town=445381101"], [])
    assert (offered(at_home, village.name[:1]), offered(at_home, "欠条"), offered(at_home, "")) == ([], [], [])


def test_a_person_of_a_town_sees_only_that_town(client_of, register, mediator_of_taiping, mediator_of_shuangdong):
    register(mediator_of_taiping)
    register(mediator_of_shuangdong)
    html = client_of(mediator_of_shuangdong).get(URL).content.decode()
    assert codes(html) == ["SD2309-0001"]
    assert "太平镇" not in html


def test_the_empty_ledger_says_what_to_do_first(client_of, mediator_of_taiping, tables):
    html = client_of(mediator_of_taiping).get(URL).content.decode()
    assert "还没有纠纷" in html
    assert 'href="/disputes/new/"' in html


def test_nothing_found_offers_to_clear_the_conditions(page, register, mediator_of_taiping):
    register(mediator_of_taiping)
    html = page.get(URL, {"type": "labour"}).content.decode()
    assert "没有符合的结果" in html
    assert "清掉条件" in html


def test_a_condition_not_understood_shows_nothing_and_says_so(page, register, mediator_of_taiping):
    register(mediator_of_taiping)
    html = page.get(URL, {"from": "昨天"}).content.decode()
    assert "「登记日从」的日期写法不对" in html
    assert ("没有符合的结果" in html, "清掉条件" in html, "还没有纠纷" in html) == (True, True, False)
    assert codes(html) == []


def test_high_risk_is_seen_in_the_list(page, register, mediator_of_taiping):
    register(mediator_of_taiping, narrative=THREAT)
    assert "有激化危险</span>" in page.get(URL).content.decode()


def test_scripts_in_names_are_text(page, register, mediator_of_taiping):
    nasty = PartyData(side=Side.APPLICANT, name="<script>alert(1)</script>", phone="13800006072")
    register(mediator_of_taiping, parties=(nasty,))
    html = page.get(URL).content.decode()
    assert "<script>alert" not in html
    assert "&lt;script&gt;alert(1)" in html


@pytest.mark.parametrize("who", ["admin", "auditor"])
def test_roles_without_cases_do_not_enter(who, cast, client_of):
    client = client_of(cast[who])
    assert [client.get(URL).status_code, client.post(f"{URL}search/").status_code] == [403, 403]
    assert [client.get(f"{URL}export/").status_code, client.post(f"{URL}export/").status_code] == [403, 403]


# ── searching ────────────────────────────────────────────────────────────────
@pytest.mark.parametrize("text", ["沈水旺", ID_OF_SHEN, "13800006072", "6072"])
def test_what_was_searched_for_never_stands_in_the_address(text, page, register, mediator_of_taiping):
    register(mediator_of_taiping)
    address = page.post(f"{URL}search/", {"q": text})["Location"]
    assert text not in address
    html = page.get(address).content.decode()
    assert codes(html) == ["TP2309-0001"]
    assert f'value="{text}"' in html


def test_a_code_may_stand_in_the_address(page, db):
    assert page.post(f"{URL}search/", {"q": "tp2309-0001"})["Location"] == f"{URL}?q=TP2309-0001"


def test_the_other_conditions_travel_along_and_empty_ones_do_not(page):
    sent = {"q": "", "town": "445381101", "state": "open", "type": "", "from": "2023-03-01", "cursor": "x"}
    address = urlsplit(page.post(f"{URL}search/", sent)["Location"])
    assert parse_qs(address.query) == {"town": ["445381101"], "state": ["open"], "from": ["2023-03-01"]}


def test_looking_never_changes_anything(page, register, mediator_of_taiping):
    register(mediator_of_taiping)
    before = (Dispute.objects.values_list().get(), AuditEntry.objects.count())
    page.get(URL)
    assert (Dispute.objects.values_list().get(), AuditEntry.objects.count()) == before
