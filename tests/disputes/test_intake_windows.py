"""Several intake forms at a time: each has its own draft, no window writes over another's, one is picked to go on."""

import json
import re
from datetime import timedelta
from importlib import import_module
from uuid import uuid4

import pytest
import time_machine
from django.apps import apps
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from core.actions.drafts import MOST, drop_old_drafts
from core.models import FormDraft
from disputes.models import Dispute
from disputes.queries.drafts import begun_intakes
from tests.disputes.conftest import ID_OF_SHEN, STORY

NEW, KEEP, DROP = "/disputes/new/", "/disputes/draft/", "/disputes/draft/drop/"
FIRST, SECOND = "7a1f6f64-3a51-4a1a-9f53-0d6f7e0a2d11", "7a1f6f64-3a51-4a1a-9f53-0d6f7e0a2d12"
HTMX = {"HX-Request": "true"}


@pytest.fixture
def desk(client_of, mediator_of_taiping, tables):
    return client_of(mediator_of_taiping)


class Window:
    """An open page: it has a name, and knows which version it wrote last."""

    def __init__(self, desk, key: str, seen: str = "") -> None:
        self.desk, self.key, self.page, self.seen = desk, key, str(uuid4()), seen

    def types(self, story: str) -> str:
        of_the_page = {"idempotency_key": self.key, "draft_page": self.page, "draft_seen": self.seen}
        answer = self.desk.post(KEEP, {"narrative": story} | of_the_page, headers=HTMX)
        html = answer.content.decode()
        (self.seen,) = re.findall(r'name="draft_seen" value="(\d*)"', html)
        if apart := re.search(r'id="id_idempotency_key" value="([^"]+)" hx-swap-oob="true"', html):
            self.key = apart[1]
        return html


def open_again(desk, draft: FormDraft) -> Window:
    form = desk.get(NEW, {"draft": str(draft.pk)}).context
    return Window(desk, str(form["form"]["idempotency_key"].value()), str(form["draft_seen"]))


def stories() -> list[str]:
    return sorted(dict(json.loads(draft.content))["narrative"] for draft in FormDraft.objects.order_by("pk"))


def test_two_windows_keep_two_drafts(desk):
    one, two = Window(desk, FIRST), Window(desk, SECOND)

    one.types("甲讲的事")
    two.types("乙讲的事")
    said = one.types("甲讲的事，又补一句")

    assert ("已自动存" in said, stories()) == (True, ["乙讲的事", "甲讲的事，又补一句"])


def test_a_window_left_behind_writes_on_in_a_draft_of_its_own(desk):
    old = Window(desk, FIRST)
    old.types("先填的")
    new = open_again(desk, FormDraft.objects.get())
    new.types("在另一个窗口接着填的")

    said = old.types("先填的，又补一句")
    again = old.types("先填的，又补两句")

    assert ("另存成一份" in said, "另存成一份" in again) == (True, False)
    assert stories() == sorted(["在另一个窗口接着填的", "先填的，又补两句"])
    assert old.key != new.key == FIRST
    assert {dict(json.loads(one.content))["idempotency_key"] for one in FormDraft.objects.all()} == {old.key, FIRST}


def test_an_answer_that_was_lost_on_the_way_makes_no_second_draft(desk):
    window = Window(desk, FIRST)
    window.types("一句")
    window.seen = ""  # the server kept it, its answer never came

    assert "另存" not in window.types("一句，两句")
    assert stories() == ["一句，两句"]


def test_emptied_in_one_window_it_stays_where_another_has_gone_on(desk):
    old = Window(desk, FIRST)
    old.types("先填的")
    open_again(desk, FormDraft.objects.get()).types("接着填的")

    old.types(" ")

    assert stories() == ["接着填的"]


def test_with_several_the_page_is_empty_and_lists_them_with_masked_words(desk, mediator_of_taiping):
    Window(desk, FIRST).types(f"{ID_OF_SHEN}来讲，工钱三个月没有发")
    Window(desk, SECOND).types(STORY)

    html = desk.get(NEW).content.decode()

    begun = begun_intakes(mediator_of_taiping)
    assert [html.count(f'href="{NEW}?draft={one.draft.pk}">接着写</a>') for one in begun] == [1, 1]
    assert ("您还有 2 份没登记完的" in html, ID_OF_SHEN in html, f"{STORY[:24]}…" in html) == (True, False, True)
    assert desk.get(NEW).context["form"]["narrative"].value() is None
    assert desk.get(NEW).context["form"]["idempotency_key"].value() not in (FIRST, SECOND)


def test_the_one_picked_is_gone_on_with_and_the_other_still_offered(desk):
    Window(desk, FIRST).types("甲讲的事")
    Window(desk, SECOND).types("乙讲的事")
    first = FormDraft.objects.get(key=FIRST)

    context = desk.get(NEW, {"draft": str(first.pk)}).context

    assert (context["form"]["narrative"].value(), str(context["form"]["idempotency_key"].value())) == (
        "甲讲的事",
        FIRST,
    )
    assert [one.words for one in context["others"]] == ["乙讲的事"]


def test_beside_the_only_one_another_can_be_begun(desk):
    Window(desk, FIRST).types("甲讲的事")

    page = desk.get(NEW).content.decode()
    fresh = desk.get(NEW, {"fresh": "1"})

    assert f'href="{NEW}?fresh=1">这份留着，另填一份</a>' in page
    assert (fresh.context["form"]["narrative"].value(), len(fresh.context["others"])) == (None, 1)


@pytest.mark.parametrize("which", ["5f0c3c1e-6a52-4a7b-9c58-3f6a2d0e9b11", "x", "9" * 200])
def test_one_that_is_gone_or_somebody_elses_is_not_opened(which, desk, client_of, mediator_of_shuangdong):
    Window(client_of(mediator_of_shuangdong), FIRST).types("双东的事")
    theirs = FormDraft.objects.get()

    for pk in (which, str(theirs.pk)):
        answer = desk.get(NEW, {"draft": pk})
        assert (answer.status_code, "双东的事" in answer.content.decode()) == (200, False)
    desk.post(DROP, {"draft": str(theirs.pk)})

    assert FormDraft.objects.count() == 1


def test_given_up_is_only_the_one_named(desk):
    Window(desk, FIRST).types("甲讲的事")
    Window(desk, SECOND).types("乙讲的事")

    desk.post(DROP)
    assert FormDraft.objects.count() == 2
    answer = desk.post(DROP, {"draft": str(FormDraft.objects.get(key=FIRST).pk)})

    assert (answer["Location"], stories()) == (f"{NEW}?fresh=1", ["乙讲的事"])


def dispute_of(desk, village, key: str, **more: str) -> None:
    """Register the form of this key; without `drafted` its draft stays behind, as where two windows cross."""
    sent = {"narrative": STORY, "village": village.code, "source": "visit", "idempotency_key": key}
    party = {"parties-TOTAL_FORMS": "1", "parties-INITIAL_FORMS": "0", "parties-0-side": "applicant",
             "parties-0-kind": "person", "parties-0-name": "沈水旺", "parties-0-phone": "13800006072"}  # fmt: skip
    desk.post(NEW, sent | party | {"registered_on": timezone.localdate().isoformat()} | more)


def test_registering_one_leaves_the_others(desk, village):
    Window(desk, FIRST).types(STORY)
    Window(desk, SECOND).types("乙讲的事")
    dispute_of(desk, village, FIRST, drafted="1")

    late = Window(desk, FIRST).types("登记以后才到的字")

    assert (Dispute.objects.count(), stories()) == (1, ["乙讲的事"])
    assert "这一份已经登记，这里的不再自动存。" in late


def test_there_are_at_most_five_and_the_sixth_says_so(desk):
    for number in range(MOST):
        Window(desk, str(uuid4())).types(f"第 {number} 件")

    said = Window(desk, FIRST).types("再来一件")

    assert (f"没写完的已有 {MOST} 份" in said, "已自动存" in said, FormDraft.objects.count()) == (True, False, MOST)


def test_one_that_was_registered_all_the_same_takes_no_room(desk, village, mediator_of_taiping):
    for number in range(MOST):
        Window(desk, str(uuid4())).types(f"第 {number} 件")
    sent = FormDraft.objects.order_by("saved_at").first()
    dispute_of(desk, village, sent.key)

    said = Window(desk, FIRST).types("再来一件")

    assert ("已自动存" in said, FormDraft.objects.filter(pk=sent.pk).exists()) == (True, False)
    assert FormDraft.objects.count() == MOST


def test_each_goes_a_week_after_its_last_word(desk):
    Window(desk, FIRST).types("甲讲的事")
    Window(desk, SECOND).types("乙讲的事")
    FormDraft.objects.filter(key=SECOND).update(saved_at=timezone.now() + timedelta(days=3))
    with time_machine.travel(timezone.now() + timedelta(days=8), tick=False):
        assert drop_old_drafts(timezone.now()) == 1

    assert stories() == ["乙讲的事"]


def test_the_address_of_a_page_that_was_kept_opens_it_again_and_tells_nothing(desk):
    answer = desk.post(KEEP, {"narrative": STORY, "idempotency_key": FIRST}, headers=HTMX)

    assert answer["HX-Replace-Url"] == f"{NEW}?draft={FormDraft.objects.get().pk}&form={FIRST}"


def test_the_page_asks_the_same_with_one_and_with_several(desk, django_assert_num_queries):
    Window(desk, FIRST).types("甲讲的事")
    with CaptureQueriesContext(connection) as asked:
        desk.get(NEW, {"fresh": "1"})
    with_one = len(asked)
    Window(desk, SECOND).types("乙讲的事")
    Window(desk, str(uuid4())).types("丙讲的事")

    with django_assert_num_queries(with_one):
        desk.get(NEW, {"fresh": "1"})


@pytest.mark.parametrize(("content", "key"), [(f'[["idempotency_key", "{FIRST}"]]', FIRST), ("[]", ""), ("{", "")])
def test_a_draft_from_before_is_known_by_the_key_in_it(content, key, mediator_of_taiping):
    FormDraft.objects.create(user=mediator_of_taiping, form="disputes.intake", content=content, saved_at=timezone.now())

    import_module("core.migrations.0008_drafts_by_key").tell_apart(apps, None)

    assert (FormDraft.objects.get().key, FormDraft.objects.get().content) == (key, content)


def test_an_answer_of_a_draft_apart_that_was_lost_makes_no_third(desk):
    old = Window(desk, FIRST)
    old.types("先填的")
    open_again(desk, FormDraft.objects.get()).types("接着填的")

    for story in ("又补一句", "又补两句"):
        old.types(story)
        old.key, old.seen = FIRST, "1"  # the answer never came

    assert stories() == ["又补两句", "接着填的"]


@pytest.mark.parametrize("what_became", ["registered", "gone on with"])
def test_a_draft_apart_whose_answer_was_lost_is_not_written_over_in_its_turn(what_became, desk, village):
    old = Window(desk, FIRST)
    old.types("先填的")
    open_again(desk, FormDraft.objects.get()).types("接着填的")
    old.types("又补一句")
    apart, old.key, old.seen = old.key, FIRST, "1"  # the answer never came
    if what_became == "registered":
        dispute_of(desk, village, apart, drafted="1")
    else:
        open_again(desk, FormDraft.objects.get(key=apart)).types("在第三个窗口补的")

    said = old.types("又补两句")

    others = {"registered": [], "gone on with": ["在第三个窗口补的"]}[what_became]
    assert ("另存成一份" in said, stories()) == (True, sorted(["又补两句", "接着填的", *others]))
    assert old.key not in (FIRST, apart)


def test_a_draft_that_cannot_be_opened_stands_in_nobodys_way(desk, mediator_of_taiping):
    Window(desk, FIRST).types("写好的一份")
    told = {"form": "disputes.intake", "key": SECOND, "content": "[]", "saved_at": timezone.now()}
    broken = FormDraft.objects.create(user=mediator_of_taiping, **told)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE core_formdraft SET content = 'v1:broken' WHERE version = 0")
    assert [desk.get(page).status_code for page in (NEW, "/")] == [200, 200]
    assert FormDraft.objects.filter(pk=broken.pk).count() == 1
