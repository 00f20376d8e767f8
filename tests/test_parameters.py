"""What stands in an address or a list's form and is too long or of the wrong kind is answered, never with an error."""

import pytest
from django.urls import reverse

from disputes import ledger
from tests.disputes.conftest import tables

__all__ = ["tables"]

# Too long for a number of Python, for a key of the database, for a column; no digit that is one; days without others.
STRANGE = ("9" * 5_000, "9" * 30, "x" * 5_000, "²", "\uff19", "-1", "😀", "0001-01-01", "9999-12-31", "2023-13-45")
OF_THE_LEDGER = (*ledger.PLAIN, *ledger.CHOICES, *ledger.DATES, "sort", "cursor", "saved")
OF_THE_QUEUE = ("stage", "state", "judge", "town", "tribunal", "mine", "late", "q", "s", "submitted_from", "cursor")
PAGES = {
    "disputes:list": ("committee_officer", OF_THE_LEDGER),
    "disputes:export": ("committee_officer", OF_THE_LEDGER),
    "disputes:dangers": ("committee_officer", ("stage", "cursor")),
    "disputes:clusters": ("committee_officer", ("closed", "cursor")),
    "disputes:suggestions": ("judges_assistant", ("cursor",)),
    "disputes:new": ("mediator_of_taiping", ("danger",)),
    "court:confirmations": ("court_clerk", OF_THE_QUEUE),
    "court:guidance": ("reviewing_judge", ("stage", "cursor")),
    "roster:list": ("committee_officer", ("seat", "town", "role", "kind", "platform", "s", "cursor")),
    "roster:teams": ("committee_officer", ("as_of", "sort", "show", "items", "cursor")),
    "roster:submissions": ("committee_officer", ("as_of", "state", "unit", "items", "cursor")),
    "reports:villages": ("committee_officer", ("town", "type", "month", "items")),
    "liaison:list": ("committee_officer", ("as_of", "area", "sort", "cursor")),
}


@pytest.mark.parametrize("name", PAGES)
def test_a_strange_parameter_of_a_list_is_answered(name, cast, client_of, tables):
    who, params = PAGES[name]
    client, url = client_of(cast[who]), reverse(name)

    answers = {(one, text[:12]): client.get(url, {one: text}).status_code for one in params for text in STRANGE}

    assert {asked: status for asked, status in answers.items() if status != 200} == {}


@pytest.mark.parametrize("text", STRANGE)
def test_a_paper_is_drafted_from_no_strange_address(text, cast, client_of, tables):
    client, url = client_of(cast["judges_assistant"]), reverse("disputes:suggestion-new")

    answers = [client.get(url, {name: text}).status_code for name in ("cluster", "village", "town", "type")]

    assert answers == [404] * 4


@pytest.mark.parametrize("text", STRANGE)
def test_a_search_of_anything_leads_to_a_page(text, cast, client_of, tables):
    client = client_of(cast["committee_officer"])

    answers = [client.post(reverse(name), {"q": text}, follow=True) for name in ("disputes:search", "roster:search")]

    assert [answer.status_code for answer in answers] == [200, 200]


@pytest.mark.parametrize("text", STRANGE)
def test_a_form_of_strangely_many_rows_comes_back(text, cast, client_of, tables):
    client, sent = client_of(cast["mediator_of_taiping"]), {"parties-TOTAL_FORMS": text, "parties-INITIAL_FORMS": "0"}

    answers = [client.post(reverse("disputes:new"), sent | more) for more in ({"add_party": "1"}, {"move": text})]

    assert [answer.status_code for answer in answers] == [200, 200]


@pytest.mark.parametrize("text", STRANGE)
def test_a_tick_of_something_strange_is_refused_in_words(text, cast, client_of, tables):
    client, url = client_of(cast["court_clerk"]), reverse("court:confirmations-accept")

    answers = [client.post(url, {"request": tick}) for tick in (text, f"{text}:1", f"1:{text}")]

    assert [answer.status_code for answer in answers] == [422] * 3
    assert all("没有看懂勾选的是哪几件" in answer.content.decode() for answer in answers)
