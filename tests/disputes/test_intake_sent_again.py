"""A form that was registered and comes once more: what it says now decides what is said, not the clock."""

from datetime import timedelta

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from core.models import FormDraft, UserScope
from disputes.models import Dispute
from tests.core.test_files import picture
from tests.disputes.conftest import ID_OF_SHEN, STORY

URL, KEEP, KNOWN, FILES = "/disputes/new/", "/disputes/draft/", "/disputes/known/", "/disputes/attachments/"
KEY = "7a1f6f64-3a51-4a1a-9f53-0d6f7e0a2d11"
LATER = [timedelta(0), timedelta(minutes=2)]
LOST = "没有再登记一件。后来在那一页改的没有记进来"


@pytest.fixture
def typed(village) -> dict[str, str]:
    return {
        "idempotency_key": KEY, "narrative": STORY, "village": village.code, "source": "visit", "amount": "48000",
        "registered_on": "2023-09-20", "parties-TOTAL_FORMS": "2", "parties-INITIAL_FORMS": "0",
        "parties-0-side": "applicant", "parties-0-kind": "person", "parties-0-name": "沈水旺",
        "parties-0-phone": "13800006072", "parties-0-id_number": ID_OF_SHEN,
        "parties-1-side": "respondent", "parties-1-kind": "person", "parties-1-name": "梁伯坚",
    }  # fmt: skip


@pytest.fixture
def page(client_of, mediator_of_taiping, tables):
    return client_of(mediator_of_taiping)


def send(page, typed, after: timedelta = timedelta(0)) -> str:
    """Send the form, so much later; what the page that is opened then says."""
    with time_machine.travel(timezone.now() + after, tick=False):
        return page.post(URL, typed, follow=True).content.decode()


# ── unchanged: the first answer was lost on the way ──────────────────────────
@pytest.mark.parametrize("after", LATER, ids=str)
def test_sent_again_as_it_was_nothing_is_said_to_be_lost(after, page, typed):
    send(page, typed)

    html = send(page, typed, after)

    assert (f"已登记，编号 {Dispute.objects.get().code}。" in html, "没有记进来" in html) == (True, False)


@pytest.mark.parametrize(
    "arrived",
    [
        {"case_type": "private_loan", "suggested": "private_loan", "answers-loan_note": ""},
        {"known": "seen", "draft_seen": "3", "drafted": "1", "parties-TOTAL_FORMS": "3", "parties-2-kind": "person"},
    ],
    ids=["the panel", "what the page says of itself, one card more"],
)
def test_what_the_page_put_in_by_itself_meanwhile_is_no_change(arrived, page, typed):
    send(page, typed)

    assert "没有记进来" not in send(page, typed | arrived)


@pytest.mark.parametrize("after", LATER, ids=str)
def test_sent_again_it_says_whatever_was_to_be_said_and_gives_its_draft_up(after, page, typed):
    send(page, typed)
    FormDraft.objects.create(
        user=Dispute.objects.get().registered_by, form="disputes.intake", key=KEY, content="[]", saved_at=timezone.now()
    )
    unguarded = {"drafted": "1", "attached": "00000000-0000-4000-8000-000000000009"}
    unfit = {"files": SimpleUploadedFile("欠条.exe", b"MZ")}

    html = send(page, typed | unguarded | unfit, after)

    assert ("页面上列着的材料有 1 份没有带上" in html, "欠条.exe：" in html) == (True, True)
    assert ("没有记进来" in html, FormDraft.objects.count()) == (False, 0)


def test_who_lacks_a_guardian_is_said_once_more(page, typed):
    ward = typed | {"parties-1-capacity": "none"}
    send(page, ward)

    assert "梁伯坚没有完全民事行为能力" in send(page, ward, timedelta(minutes=2))


# ── changed: gone back to and corrected ──────────────────────────────────────
CHANGED = {
    "sum": {"amount": "84000"},
    "name": {"parties-1-name": "梁伯建"},
    "one party more": {"parties-TOTAL_FORMS": "3", "parties-2-side": "respondent", "parties-2-name": "梁桂英",
                       "parties-2-kind": "person"},
    "day": {"registered_on": "2023-09-19"},
    "story": {"narrative": f"{STORY}又补一句。"},
    "type": {"case_type": "labour"},
    "no longer whole": {"narrative": ""},
}  # fmt: skip


@pytest.mark.parametrize("after", LATER, ids=str)
@pytest.mark.parametrize("changes", CHANGED.values(), ids=CHANGED)
def test_sent_again_with_a_word_changed_it_leads_to_its_dispute_and_says_that_it_is_lost(changes, after, page, typed):
    send(page, typed)
    dispute = Dispute.objects.get()

    html = send(page, typed | changes, after)

    assert (f"那一份先前已经登记，编号 {dispute.code}，{LOST}" in html, "已登记，编号" in html) == (True, False)
    assert (dispute.amount, dispute.narrative) == (Dispute.objects.get().amount, STORY)


def test_files_that_come_with_a_changed_form_are_said_not_to_be_kept(page, typed):
    send(page, typed)

    html = send(page, typed | {"amount": "84000", "files": SimpleUploadedFile("欠条.jpg", picture())})

    assert (LOST in html, "欠条.jpg：没有存，这一份已经登记。" in html) == (True, True)


def test_what_is_kept_of_the_page_can_be_read_by_nobody(page, typed):
    send(page, typed)

    mark = Dispute.objects.get().sent_mark
    assert (len(mark), set(mark) <= set("0123456789abcdef")) == (32, True)


# ── of another town by now ───────────────────────────────────────────────────
@pytest.fixture
def moved(page, typed, mediator_of_taiping, divisions) -> str:
    """Registered; then its registrar went to another town. The address under which the form was kept."""
    where = page.post(KEEP, typed, headers={"HX-Request": "true"})["HX-Replace-Url"]
    send(page, typed | {"drafted": "1"})
    UserScope.objects.filter(user=mediator_of_taiping).update(division_id="445381004")
    return where


@pytest.mark.parametrize("how", ["sent again", "looked up", "opened again"])
def test_who_may_not_see_it_any_more_hears_that_it_is_registered_and_no_more(how, page, typed, moved):
    ask = {
        "sent again": lambda: page.post(URL, typed, follow=True),
        "looked up": lambda: page.post(KNOWN, typed | {"again": "1"}),
        "opened again": lambda: page.get(moved),
    }
    answer = ask[how]()

    html, dispute = answer.content.decode(), Dispute.objects.get()
    assert answer.status_code == 200
    assert ("一份已经登记" in html, dispute.code in html) == (True, False)
