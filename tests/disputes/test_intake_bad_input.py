"""What nobody should type, typed: refused at the place or kept as it is, and escaped everywhere."""

import json
import re

import pytest

from core.models import AuditEntry
from disputes.models import CaseQuestion, Dispute
from tests.disputes.conftest import STORY

URL, SUGGEST, KNOWN, ASK = "/disputes/new/", "/disputes/suggest/", "/disputes/known/", "/disputes/questions/"
SCRIPT = "<script>alert(1)</script>"
RARE = "𣸣𠮷😀👨‍👩‍👧"


@pytest.fixture
def page(client_of, mediator_of_taiping, tables):
    return client_of(mediator_of_taiping)


@pytest.fixture
def typed(village) -> dict[str, str]:
    return {
        "idempotency_key": "7a1f6f64-3a51-4a1a-9f53-0d6f7e0a2d11", "narrative": STORY, "village": village.code,
        "source": "visit", "registered_on": "2023-09-20", "case_type": "private_loan",
        "parties-TOTAL_FORMS": "2", "parties-INITIAL_FORMS": "0", "parties-0-side": "applicant",
        "parties-0-kind": "person", "parties-0-name": "沈水旺", "parties-0-phone": "13800006072",
        "parties-1-side": "respondent", "parties-1-kind": "person", "parties-1-name": "梁伯坚",
    }  # fmt: skip


LINES = (
    "name", "address", "guardian_name", "guardian_relation", "agent_name", "assisted_by", "assisted_relation"
)  # fmt: skip


def everywhere(text: str) -> dict[str, str]:
    """The text in every field that takes words, each of a length the field can hold."""
    lines = {f"parties-{n}-{name}": text for n in (0, 1) for name in LINES if not name.endswith("relation")}
    short = {f"parties-{n}-{name}": text[:20] for n in (0, 1) for name in LINES if name.endswith("relation")}
    answers = {f"answers-{key}": text for key in CaseQuestion.objects.filter(
        case_type="private_loan", kind="text").values_list("key", flat=True)}  # fmt: skip
    return lines | short | answers | {"narrative": text, "platform_number": text}


def test_a_story_of_100000_characters_is_refused_with_its_length_and_stays_on_the_page(page, typed):
    endless = "借" * 100_000
    answer = page.post(URL, typed | {"narrative": endless})
    assert (answer.status_code, Dispute.objects.count()) == (422, 0)
    assert "经过有 100,000 字，最多 20,000 字。请留下要紧的，其余作为材料上传。" in answer.content.decode()
    assert answer.context["form"]["narrative"].value() == endless


@pytest.mark.parametrize("story", ["", " \n\t ", "　　"])
def test_an_empty_story_is_refused_and_the_panel_stays_calm(story, page, typed):
    assert page.post(URL, typed | {"narrative": story}).status_code == 422
    assert page.post(SUGGEST, {"narrative": story}).status_code == 200
    assert not Dispute.objects.exists()


def test_rare_characters_are_kept_in_every_field(page, typed):
    page.post(URL, typed | everywhere(RARE) | {"parties-1-name": f"乙{RARE}"})
    dispute = Dispute.objects.get()
    party = dispute.parties.get(order=0)
    assert (dispute.narrative, dispute.platform_number) == (RARE, RARE)
    assert {name: getattr(party, name) for name in LINES} == dict.fromkeys(LINES, RARE)
    assert {said for _, said in dispute.answered} == {RARE}
    assert RARE in page.get(dispute.get_absolute_url()).content.decode()


@pytest.mark.parametrize(
    ("words", "yuan"), [("四万八千元", 48_000), ("4.8万", 48_000), ("两万五", 25_000), ("48,000", 48_000)]
)
def test_a_sum_in_words_is_understood(words, yuan, page, typed):
    page.post(URL, typed | {"amount": words})
    assert Dispute.objects.get().amount == yuan


WRONG = {
    "sum nobody can tell": ({"amount": "好几万"}, "看不出是多少"),
    "tomorrow": ({"registered_on": "2023-09-21"}, "不能晚于今天"),
    "before 1949": ({"registered_on": "1949-09-30"}, "不能早于1949年10月1日"),
    "seventeen digits": ({"parties-0-id_number": "44538119680312123"}, "有 17 位，应是 18 位"),
    "nineteen digits": ({"parties-0-id_number": "4453811968031212350"}, "有 19 位，应是 18 位"),
    "a notice given in no known way": ({"informed_how": "梦里"}, "没有这个选项"),
    "a capacity nobody knows": ({"parties-0-capacity": "half"}, "没有这个选项"),
}


@pytest.mark.parametrize(("changes", "message"), WRONG.values(), ids=WRONG)
def test_what_is_wrong_is_said_and_nothing_is_saved(changes, message, page, typed):
    answer = page.post(URL, typed | changes)
    assert (answer.status_code, Dispute.objects.count(), AuditEntry.objects.count()) == (422, 0, 0)
    assert message in answer.content.decode()


def test_a_script_in_every_field_stays_text_on_every_page(page, typed):
    sent = typed | everywhere(SCRIPT) | {"parties-1-name": f"乙{SCRIPT}"}
    refused = page.post(URL, sent | {"village": ""})
    fragments = [page.post(url, sent) for url in (SUGGEST, KNOWN, ASK)]
    page.post(URL, sent)
    dispute = Dispute.objects.get()
    party = dispute.parties.get(order=0)
    pages = [
        page.get(f"/disputes/{dispute.code}/{where}") for where in ("", "edit/", "numbers/", f"parties/{party.pk}/")
    ]
    known_again = page.post(URL, sent | {"idempotency_key": "00000000-0000-4000-8000-000000000001"})
    for answer in (refused, *fragments, *pages, known_again):
        html = answer.content.decode()
        assert answer.status_code in {200, 422}
        assert SCRIPT not in html
        assert not re.search(r"<script>(?!\s*</script>)", html)
    assert "&lt;script&gt;alert(1)" in pages[0].content.decode()


def test_fields_sent_twice_broken_or_missing_are_no_server_error(page, typed):
    for sent in (
        {"parties-TOTAL_FORMS": "99999"}, {"parties-TOTAL_FORMS": "-1"}, {"parties-INITIAL_FORMS": "x"},
        {"idempotency_key": "x"}, {"move": "x:y"}, {"drop_file": "x"}, {"known": SCRIPT}, {"attached": "1"},
        {"answers-": "x"}, {"answers-private_loan_principal": "∞"}, {"case_type": SCRIPT},
    ):  # fmt: skip
        assert page.post(URL, typed | {"village": ""} | sent).status_code in {200, 422}, json.dumps(sent)
    assert not Dispute.objects.exists()
