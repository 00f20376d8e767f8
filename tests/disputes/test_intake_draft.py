"""What is typed at the counter is kept while it is typed, sealed, for its writer alone, until the form is sent."""

from datetime import timedelta

import pytest
import time_machine
from django.db import connection
from django.utils import timezone

from core.actions.drafts import ROOM, drop_old_drafts
from core.models import AuditEntry, FormDraft
from disputes.models import Dispute
from tests.disputes.conftest import ID_OF_SHEN, STORY

NEW, KEEP, DROP = "/disputes/new/", "/disputes/draft/", "/disputes/draft/drop/"
KEY = "7a1f6f64-3a51-4a1a-9f53-0d6f7e0a2d11"


@pytest.fixture
def typed(village) -> dict[str, str]:
    """A form half filled in."""
    return {
        "csrfmiddlewaretoken": "token",
        "idempotency_key": KEY,
        "narrative": STORY,
        "village": village.code,
        "source": "grid",
        "registered_on": timezone.localdate().isoformat(),
        "informed": "on",
        "parties-TOTAL_FORMS": "3",
        "parties-INITIAL_FORMS": "0",
        "parties-0-side": "applicant",
        "parties-0-kind": "person",
        "parties-0-name": "沈水旺",
        "parties-0-phone": "13800006072",
        "parties-0-id_number": ID_OF_SHEN,
        "parties-2-side": "respondent",
        "parties-2-kind": "organisation",
        "parties-2-name": "罗定市某建材店",
    }


@pytest.fixture
def page(client_of, mediator_of_taiping, tables):
    return client_of(mediator_of_taiping)


def test_what_is_typed_stands_on_the_page_the_next_time(page, typed):
    kept = page.post(KEEP, typed).content.decode()

    shown = page.get(NEW).content.decode()

    assert "已自动存" in kept
    for words in (STORY, "沈水旺", "13800006072", ID_OF_SHEN, "罗定市某建材店", KEY, "接着上次没登记完的填"):
        assert words in shown
    assert 'value="grid" selected' in shown
    assert 'name="parties-TOTAL_FORMS" value="3"' in shown


def test_it_is_sealed_and_leaves_no_word_in_the_trail(page, typed):
    page.post(KEEP, typed)

    with connection.cursor() as cursor:
        cursor.execute("SELECT content FROM core_formdraft")
        (content,) = cursor.fetchone()
    trail = "".join(str(entry.detail) for entry in AuditEntry.objects.all())

    assert [word for word in (STORY[:6], "沈水旺", ID_OF_SHEN, "token") if word in content + trail] == []


def test_nobody_else_meets_it(page, typed, client_of, mediator_of_shuangdong):
    page.post(KEEP, typed)

    shown = client_of(mediator_of_shuangdong).get(NEW).content.decode()

    assert "沈水旺" not in shown
    assert "接着上次" not in shown


def test_a_registered_form_leaves_no_draft_and_its_late_words_make_none(page, typed):
    said = page.post(KEEP, typed).content.decode()
    page.post(NEW, typed | {"parties-TOTAL_FORMS": "1", "drafted": "1"})
    page.post(KEEP, typed)
    assert 'name="drafted" value="1"' in said
    assert (Dispute.objects.count(), FormDraft.objects.count()) == (1, 0)


def test_a_draft_that_was_registered_all_the_same_is_not_offered(page, typed, mediator_of_taiping):
    """Two windows: the one registers, the other had kept its words a moment before the draft was dropped."""
    page.post(NEW, typed | {"parties-TOTAL_FORMS": "1"})
    FormDraft.objects.create(
        user=mediator_of_taiping,
        form="disputes.intake",
        content=f'[["idempotency_key", "{KEY}"], ["narrative", "旧的"]]',
        saved_at=timezone.now(),
    )

    assert "旧的" not in page.get(NEW).content.decode()


def test_a_form_emptied_or_never_begun_is_not_kept(page, typed):
    page.post(KEEP, typed)
    emptied = {"idempotency_key": KEY, "source": "visit", "registered_on": "2023-09-20", "narrative": " "}
    page.post(KEEP, emptied | {"parties-0-side": "applicant"})

    assert not FormDraft.objects.exists()


def test_a_form_refused_once_and_then_registered_leaves_no_draft(page, typed):
    page.post(KEEP, typed)
    refused = page.post(NEW, typed | {"parties-TOTAL_FORMS": "1", "village": "", "drafted": "1"})
    assert 'name="drafted" value="1"' in refused.content.decode()

    page.post(NEW, typed | {"parties-TOTAL_FORMS": "1", "drafted": "1"})

    assert (Dispute.objects.count(), FormDraft.objects.count()) == (1, 0)


def test_given_up_it_is_gone(page, typed):
    page.post(KEEP, typed)

    answer = page.post(DROP, follow=True)

    assert "草稿不要了" in answer.content.decode()
    assert not FormDraft.objects.exists()


def test_the_day_that_was_proposed_then_is_not_proposed_again(page, typed):
    page.post(KEEP, typed)
    with time_machine.travel(timezone.now() + timedelta(minutes=20), tick=False):
        same_day = page.get(NEW).context["form"]["registered_on"].value()
    page.post(KEEP, typed | {"registered_on": "2023-09-01"})

    assert str(same_day) == timezone.localdate().isoformat()
    assert page.get(NEW).context["form"]["registered_on"].value() == "2023-09-01"


def test_a_week_later_the_sweep_forgets_it(page, typed):
    page.post(KEEP, typed)
    almost, past = timezone.now() + timedelta(days=6, hours=23), timezone.now() + timedelta(days=7, minutes=1)

    early = drop_old_drafts(past)  # asked today for a day to come
    with time_machine.travel(almost, tick=False):
        still = drop_old_drafts(almost)
    with time_machine.travel(past, tick=False):
        gone = drop_old_drafts(past)

    assert (early, still, gone, FormDraft.objects.count()) == (0, 0, 1, 0)


def test_more_than_a_form_can_weigh_is_not_kept_and_what_was_kept_stays(page, typed):
    page.post(KEEP, typed)

    answer = page.post(KEEP, typed | {"narrative": "长" * ROOM})

    assert "已自动存" not in answer.content.decode()
    assert STORY in page.get(NEW).content.decode()
