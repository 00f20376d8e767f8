"""The intake page: what it asks, what it refuses, that nothing typed is lost, that it works without JavaScript."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from core.models import AuditEntry
from disputes.models import Dispute
from tests.disputes.conftest import ID_OF_LIANG, ID_OF_SHEN, STORY, THREAT

URL = "/disputes/new/"
KEY = "7a1f6f64-3a51-4a1a-9f53-0d6f7e0a2d11"


def test_consent_is_ticked_by_hand_for_everybody(client_of, mediator_of_taiping, tables):
    forms = client_of(mediator_of_taiping).get(URL).context["parties"].forms

    assert [bool(form["consents"].value()) for form in forms] == [False] * len(forms)


@pytest.fixture
def typed(village) -> dict[str, str]:
    """What a mediator typed: everything, respondent included."""
    return {
        "idempotency_key": KEY,
        "narrative": STORY,
        "village": village.code,
        "source": "visit",
        "registered_on": "2023-09-20",
        "case_type": "private_loan",
        "amount": "4.8万",
        "platform_number": "",
        "informed": "on",
        "parties-TOTAL_FORMS": "2",
        "parties-INITIAL_FORMS": "0",
        "parties-0-side": "applicant",
        "parties-0-kind": "person",
        "parties-0-name": "沈水旺",
        "parties-0-phone": "138 0000 6072",
        "parties-0-id_number": ID_OF_SHEN,
        "parties-0-consents": "on",
        "parties-1-side": "respondent",
        "parties-1-kind": "person",
        "parties-1-name": "梁伯坚",
    }


@pytest.fixture
def page(client_of, mediator_of_taiping, tables):
    return client_of(mediator_of_taiping)


def values(html: str) -> set[str]:
    """What stands in the inputs and text areas of a page."""
    found = re.findall(r'<input[^>]*\bvalue="([^"]*)"', html) + re.findall(r"<textarea[^>]*>\s?([^<]*)", html)
    return {value.strip() for value in found}


def test_the_page_asks_for_the_story_first_and_offers_the_villages_of_the_own_town(page, divisions):
    html = page.get(URL).content.decode()
    assert html.index('name="narrative"') < html.index('name="parties-0-name"')
    offered = set(re.findall(r'<option value="(\d{12})"', html))
    assert offered == {code for code, row in divisions.items() if row.parent_id == "445381101"}


def test_a_dispute_is_registered_and_its_page_opened(page, typed):
    response = page.post(URL, typed)
    dispute = Dispute.objects.get()
    assert (response.status_code, response["Location"]) == (302, reverse("dispute-page", args=[dispute.code]))
    assert (dispute.amount, dispute.parties.count(), dispute.parties.get(order=0).phone) == (48_000, 2, "13800006072")


def test_only_story_village_name_and_telephone_are_asked_for(page, typed, village):
    needed = ("idempotency_key", "narrative", "village", "source", "registered_on")
    least = {name: typed[name] for name in needed}
    least |= {name: typed[name] for name in typed if name.startswith("parties-0") or "FORMS" in name}
    del least["parties-0-id_number"], least["parties-0-consents"]
    assert page.post(URL, least).status_code == 302
    dispute = Dispute.objects.get()
    assert (dispute.case_type_id, dispute.title) == ("private_loan", "沈水旺民间借贷纠纷")


def test_a_double_click_registers_once_and_both_answers_show_the_same_file(page, typed):
    first, second = page.post(URL, typed), page.post(URL, typed)
    assert first["Location"] == second["Location"]
    assert Dispute.objects.count() == 1


REFUSED = {
    "no story": ({"narrative": ""}, "请填写经过。"),
    "blank story": ({"narrative": "  \n "}, "请填写经过。"),
    "endless story": ({"narrative": "字" * 20_001}, "经过有 20,001 字，最多 20,000 字。"),
    "control character": ({"narrative": "借款\x0b五万"}, "里面有不能显示的字符"),
    "unknown type": ({"case_type": "dragons"}, "没有这个纠纷类型。"),
    "no village": ({"village": ""}, "请选择村（社区）。"),
    "village of another town": ({"village": "445381004201"}, "没有这个选项，请重新选择。"),
    "a town for a village": ({"village": "445381101"}, "没有这个选项，请重新选择。"),
    "no number for a village": ({"village": "445381101x"}, "没有这个选项，请重新选择。"),
    "tomorrow": ({"registered_on": "2023-09-21"}, "不能晚于今天（2023年9月20日）。"),
    "before 1949": ({"registered_on": "1948-01-01"}, "不能早于1949年10月1日，请核对年份。"),
    "lunar day": ({"registered_on": "八月初六"}, "农历请换成公历"),
    "negative amount": ({"amount": "-5"}, "标的额不能是负数。"),
    "absurd amount": ({"amount": "9" * 60}, "标的额太大：最多 100 亿元"),
    "a telephone for an amount": (
        {"amount": "13800138000"},
        "标的额太大：最多 100 亿元，请核对单位是不是「元」、是不是填成了",
    ),
    "nobody applies": ({"parties-0-side": "respondent"}, "至少要有一名申请人。"),
    "amount not certain": (
        {"amount": "三十来万"},
        "看不出是多少：「几」「多」「来」定不下一个数。请问清楚再填，问不清",
    ),
    "no name": ({"parties-0-name": ""}, "请填写申请人姓名。"),
    "no telephone": ({"parties-0-phone": ""}, "请留一个联系电话"),
    "wrong telephone": ({"parties-0-phone": "138000"}, "电话号码不对"),
    "wrong last digit": ({"parties-0-id_number": "445381196803121239"}, "最后一位校验不对"),
    "too short": ({"parties-0-id_number": "44538119680312"}, "有 14 位，应是 18 位"),
    "the same number twice": ({"parties-1-id_number": ID_OF_SHEN}, "这个号码上面已经填过"),
    "one person on both sides": (
        {"parties-1-name": "沈水旺", "parties-1-phone": "13800006072", "parties-0-id_number": ""},
        "这个人上面已经填过",
    ),
    "one person on both sides, once with a number": (
        {"parties-1-name": "沈水旺", "parties-1-phone": "13800006072"},
        "这个人上面已经填过",
    ),
    "sex against number": ({"parties-0-sex": "female"}, "证件号码上是「男」"),
    "no credit code": ({"parties-1-kind": "organisation", "parties-1-id_number": ID_OF_LIANG}, "统一社会信用代码"),
}


@pytest.mark.parametrize(("changes", "message"), REFUSED.values(), ids=REFUSED)
def test_a_refused_form_says_why_and_keeps_everything_typed(changes, message, page, typed):
    sent = typed | changes
    response = page.post(URL, sent)
    html = response.content.decode()
    assert (response.status_code, Dispute.objects.count(), AuditEntry.objects.count()) == (422, 0, 0)
    assert message in html
    kept = {"parties-1-name", "parties-0-phone", "parties-0-id_number", "amount"}
    assert {sent[name] for name in kept if sent[name]} <= values(html)


def test_nul_bytes_are_no_request(page, typed):
    assert page.post(URL, typed | {"narrative": "借款\x00五万"}).status_code in {400, 422}
    assert Dispute.objects.count() == 0


def test_one_more_party_comes_without_losing_what_was_typed_and_without_complaints(page, typed):
    response = page.post(URL, typed | {"parties-0-phone": "", "add_party": "1"})
    html = response.content.decode()
    assert (response.status_code, Dispute.objects.count()) == (200, 0)
    assert 'name="parties-2-name"' in html
    assert {"沈水旺", "梁伯坚", ID_OF_SHEN, "4.8万", KEY} <= values(html)
    assert 'class="err"' not in html


def test_a_third_party_is_registered_on_the_side_it_was_given(page, typed):
    third = {"parties-TOTAL_FORMS": "3", "parties-2-side": "applicant", "parties-2-kind": "person"}
    page.post(URL, typed | third | {"parties-2-name": "沈金娣"})
    assert Dispute.objects.get().title == "沈水旺等2人与梁伯坚民间借贷纠纷"


def test_whose_side_a_third_party_is_on_is_asked(page, typed):
    third = {"parties-TOTAL_FORMS": "3", "parties-2-name": "梁桂英", "parties-2-kind": "person"}
    asked = page.post(URL, typed | third | {"add_party": "1"}).content.decode()
    assert re.findall(r'name="parties-[23]-side"[^>]*checked', asked) == []
    refused = page.post(URL, typed | third).content.decode()
    assert "请选这个人是哪一方。" in refused
    assert not Dispute.objects.exists()


def test_parties_left_empty_are_nobody(page, typed):
    page.post(URL, typed | {"parties-TOTAL_FORMS": "4", "parties-2-side": "respondent", "parties-3-kind": "person"})
    assert Dispute.objects.get().parties.count() == 2


def test_fields_that_are_not_the_users_are_ignored(page, typed):
    page.post(URL, typed | {"state": "agreed", "town_code": "445381004", "handler": "1", "risk": "high", "code": "X"})
    dispute = Dispute.objects.get()
    assert (dispute.state, dispute.town_code, dispute.code) == ("registered", "445381101", "TP2309-0001")


def test_scripts_and_rare_characters_stay_text(page, typed):
    nasty = '<script>alert("x")</script>𣸣𠮷😀'
    response = page.post(URL, typed | {"narrative": nasty, "parties-0-name": nasty, "parties-0-phone": ""})
    html = response.content.decode()
    assert "<script>alert" not in html
    assert "&lt;script&gt;alert(&quot;x&quot;)&lt;/script&gt;𣸣𠮷😀" in html


@pytest.mark.parametrize("who", ["reviewing_judge", "court_clerk", "committee_officer", "justice_officer", "admin"])
def test_only_town_people_register(who, cast, client_of, tables):
    client = client_of(cast[who])
    assert (client.get(URL).status_code, client.post(URL, {}).status_code) == (403, 403)


def test_the_stranger_is_sent_to_sign_in(client, db):
    assert client.get(URL)["Location"] == f"/login/?next={URL}"


# ── the panel ────────────────────────────────────────────────────────────────
def suggest(page, **sent) -> str:
    return page.post("/disputes/suggest/", sent).content.decode()


def test_the_panel_names_the_type_with_the_words_that_say_so(page):
    html = suggest(page, narrative=STORY)
    assert 'value="private_loan" checked' in html
    assert "<mark>欠条</mark>" in html
    assert "由您决定" in html


def test_a_threat_puts_110_first(page):
    html = suggest(page, narrative=THREAT)
    assert html.index('href="tel:110"') < html.index("纠纷类型")
    assert 'class="risk"' in html


@pytest.mark.parametrize(("story", "is_said"), [(THREAT, True), (STORY, False)])
def test_a_threat_is_said_in_the_bar_below_too(page, story, is_said):
    """In the bar that stays in view: on a telephone the suggestions stand far below what is being typed."""
    said = suggest(page, narrative=story).partition('id="alarm"')[2]

    assert said.startswith(' class="only-stacked" role="status" hx-swap-oob="true"')
    assert ("tel:110" in said) == is_said


def test_what_is_not_for_mediation_is_sent_to_the_right_door(page):
    html = suggest(page, narrative="老公喝了酒就打我，今晚又打，我现在躲在厕所里不敢出来。")
    assert "可能不宜调解" in html


def test_a_type_picked_by_hand_stays_and_one_merely_suggested_follows_the_story(page):
    kept = suggest(page, narrative=STORY, case_type="tenancy", suggested="private_loan")
    followed = suggest(page, narrative=STORY, case_type="tenancy", suggested="tenancy")
    assert 'value="tenancy" checked' in kept
    assert 'value="private_loan" checked' in followed


@pytest.mark.parametrize(("suggested", "registered"), [("labour", "private_loan"), ("private_loan", "labour")])
def test_a_type_merely_suggested_follows_the_story_to_its_last_word_when_registered(suggested, registered, page, typed):
    page.post(URL, typed | {"case_type": "labour", "suggested": suggested})
    assert Dispute.objects.get().case_type_id == registered


def test_numbers_in_the_story_are_counted_and_masked(page):
    html = suggest(page, narrative=f"{STORY}我的身份证{ID_OF_SHEN}，电话13800006072。")
    assert "经过里有 2 个证件号码或电话号码" in html
    assert ID_OF_SHEN not in html


def test_without_a_story_the_panel_says_what_it_will_do(page):
    assert "写下经过后，这里会说" in suggest(page, narrative=" ")


def test_the_panel_changes_nothing(page):
    suggest(page, narrative=THREAT)
    assert (Dispute.objects.count(), AuditEntry.objects.count()) == (0, 0)
    assert page.get("/disputes/suggest/").status_code == 405


# ── cost ─────────────────────────────────────────────────────────────────────
def test_registering_asks_the_database_sixteen_times_at_most(page, typed):
    others = {"parties-0-name": "温日初", "parties-0-phone": "13800001111", "parties-0-id_number": ""}
    others |= {"idempotency_key": "00000000-0000-4000-8000-000000000001", "parties-1-name": "谢水生"}
    page.post(URL, typed | others)
    with CaptureQueriesContext(connection) as asked:
        page.post(URL, typed)
    marks = ("SAVEPOINT", "RELEASE")  # the test's own transaction turns BEGIN and COMMIT into these
    most = 11 if connection.vendor == "postgresql" else 16  # there one statement holds several
    assert len([one for one in asked.captured_queries if not one["sql"].startswith(marks)]) == most
    assert Dispute.objects.count() == 2


def test_what_is_wrong_is_listed_in_the_order_of_the_page(client_of, mediator_of_taiping):
    answer = client_of(mediator_of_taiping).post("/disputes/new/", {})

    wrong = answer.content.decode().partition("还没有登记")[2]
    assert wrong.index("经过：") < wrong.index("纠纷在哪个村")
