"""How long a form that was not sent lives: its files as long as its words; one that nobody can open is given up."""

from datetime import timedelta
from uuid import uuid4

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.utils import timezone

from core.actions.drafts import MOST, drop_old_drafts
from core.models import FormDraft, StoredFile
from disputes.actions.attachments import drop_old_staged, stage_file
from disputes.actions.drafts import drop_emptied, keep_intake, sheet_of
from disputes.queries.attachments import staged_files
from tests.core.test_files import picture

NEW, KEEP, FILES, DROP = "/disputes/new/", "/disputes/draft/", "/disputes/attachments/", "/disputes/draft/drop/"
KEY = "7a1f6f64-3a51-4a1a-9f53-0d6f7e0a2d11"
FIVE_DAYS, A_WEEK = timedelta(days=5), timedelta(days=7, minutes=1)


@pytest.fixture
def desk(client_of, mediator_of_taiping, tables):
    return client_of(mediator_of_taiping)


def types(desk, story: str, key: str = KEY) -> str:
    return desk.post(KEEP, {"narrative": story, "idempotency_key": key}).content.decode()


def takes(desk, key: str = KEY) -> None:
    desk.post(FILES, {"idempotency_key": key, "file": SimpleUploadedFile("欠条.jpg", picture())})


def shut(key: str = KEY) -> FormDraft:
    """The draft of this key, sealed by a key that is no more."""
    with connection.cursor() as cursor:
        cursor.execute("UPDATE core_formdraft SET content = 'v1:gone' WHERE key = %s", [key])
    return FormDraft.objects.get(key=key)


# ── its files ────────────────────────────────────────────────────────────────
def goes_on(user) -> None:
    """Writes on in the form, five days from now."""
    with time_machine.travel(timezone.now() + FIVE_DAYS, tick=False):
        sheet = sheet_of(key=KEY, page="", seen="")
        keep_intake(sheet=sheet, fields=[("narrative", "五天以后接着写的"), ("idempotency_key", KEY)], by=user)


def test_while_a_form_is_gone_on_with_its_files_stay(desk, mediator_of_taiping):
    takes(desk)
    goes_on(mediator_of_taiping)
    with time_machine.travel(timezone.now() + A_WEEK, tick=False):
        swept = (drop_old_drafts(timezone.now()), drop_old_staged(timezone.now()))

    assert (swept, StoredFile.objects.count()) == ((0, 0), 1)


@pytest.mark.parametrize("first", ["words", "files"])
def test_its_files_go_with_its_words(first, desk):
    takes(desk)
    types(desk, "写了一半的")
    with time_machine.travel(timezone.now() + A_WEEK, tick=False):
        chores = [drop_old_drafts, drop_old_staged] if first == "words" else [drop_old_staged, drop_old_drafts]
        swept = [chore(timezone.now()) for chore in chores]

    assert (swept, StoredFile.objects.count(), FormDraft.objects.count()) == ([1, 1], 0, 0)


def test_a_form_of_somebody_else_keeps_nobodys_files(desk, mediator_of_shuangdong):
    takes(desk)
    goes_on(mediator_of_shuangdong)
    with time_machine.travel(timezone.now() + A_WEEK, tick=False):
        assert drop_old_staged(timezone.now()) == 1


def comes(user, name: str, after: timedelta, key: str = KEY) -> None:
    """A file for the form, so much later."""
    with time_machine.travel(timezone.now() + after, tick=False):
        stage_file(key=key, upload=SimpleUploadedFile(name, picture()), by=user)


def test_a_form_of_files_alone_keeps_them_all_for_a_week_after_the_last_came(mediator_of_taiping, tables):
    comes(mediator_of_taiping, "第一份.jpg", timedelta(0))
    comes(mediator_of_taiping, "第二份.jpg", FIVE_DAYS)
    comes(mediator_of_taiping, "别的一份.jpg", FIVE_DAYS, str(uuid4()))
    with time_machine.travel(timezone.now() + A_WEEK, tick=False):
        early = drop_old_staged(timezone.now())
    with time_machine.travel(timezone.now() + FIVE_DAYS + A_WEEK, tick=False):
        assert (early, drop_old_staged(timezone.now())) == (0, 3)


def test_emptied_late_to_be_written_anew_its_files_have_a_week_from_then_and_stay_in_order(mediator_of_taiping, tables):
    for name, after in (("第一份.jpg", timedelta(0)), ("第二份.jpg", timedelta(days=1))):
        comes(mediator_of_taiping, name, after)
    goes_on(mediator_of_taiping)
    emptied = timezone.now() + timedelta(days=10)
    with time_machine.travel(emptied, tick=False):
        drop_emptied(sheet=sheet_of(key=KEY, page="", seen=""), by=mediator_of_taiping)
        swept = (FormDraft.objects.count(), drop_old_staged(timezone.now()))
    names = [one.name for one in staged_files(mediator_of_taiping, KEY)]
    with time_machine.travel(emptied + A_WEEK, tick=False):
        assert (swept, names, drop_old_staged(timezone.now())) == ((0, 0), ["第一份.jpg", "第二份.jpg"], 2)


# ── one that cannot be opened ────────────────────────────────────────────────
@pytest.mark.parametrize("how", ["sealed", "shape"])
def test_one_that_cannot_be_opened_takes_nobodys_room(how, desk):
    for number in range(MOST):
        types(desk, f"第 {number} 件", KEY if number == 0 else str(uuid4()))
    if how == "sealed":
        shut()
    else:
        draft = FormDraft.objects.get(key=KEY)
        draft.content = "[1, 2]"
        draft.save()

    said = types(desk, "再来一件", str(uuid4()))

    assert ("已自动存" in said, FormDraft.objects.count()) == (True, MOST + 1)


def test_one_that_cannot_be_opened_is_shown_and_thrown_away_with_its_files(desk):
    takes(desk)
    types(desk, "打不开的一份")
    gone = shut()
    shown = desk.get(NEW).content.decode()

    answer = desk.post(DROP, {"draft": str(gone.pk), "shut": "1"}, follow=True).content.decode()

    assert f'form="drop-shut" name="draft" value="{gone.pk}"' in shown
    assert ("打不开的那一份删掉了。" in answer, "打不开了" in answer) == (True, False)
    assert (FormDraft.objects.count(), StoredFile.objects.count()) == (0, 0)


def test_thrown_away_it_takes_no_other_along(desk):
    types(desk, "打不开的一份")
    types(desk, "好好的一份", other := str(uuid4()))

    desk.post(DROP, {"draft": str(shut().pk)})

    assert [one.key for one in FormDraft.objects.all()] == [other]


def test_one_that_opens_again_meanwhile_is_not_thrown_away(desk):
    types(desk, "又打得开的一份")
    draft = FormDraft.objects.get()

    answer = desk.post(DROP, {"draft": str(draft.pk), "shut": "1"}, follow=True)

    html = answer.content.decode()
    assert ("这一份又打得开了" in html, "又打得开的一份" in html, FormDraft.objects.count()) == (True, True, 1)


def test_the_page_throws_away_only_what_cannot_be_opened_and_says_whom_to_ask_first(desk):
    types(desk, "打不开的一份")
    shut()

    html = desk.get(NEW).content.decode()

    form = html.partition('<form id="drop-shut"')[2].partition("</form>")[0]
    assert '<input type="hidden" name="shut" value="1">' in form
    assert html.index("先告诉管理员") < html.index('form="drop-shut"')


def test_its_files_are_no_other_forms(desk):
    takes(desk)
    types(desk, "打不开的一份")
    shut()

    opened = desk.get(NEW)

    assert str(opened.context["form"]["idempotency_key"].value()) != KEY
    assert (opened.context["staged"], "没有放进这一份" in opened.content.decode()) == ([], False)


@pytest.mark.parametrize("which", [{}, {"draft": "5f0c3c1e-6a52-4a7b-9c58-3f6a2d0e9b11"}], ids=["none", "one gone"])
def test_giving_up_another_takes_none_of_its_files(which, desk):
    takes(desk)
    types(desk, "打不开的一份")
    shut()

    desk.post(DROP, which)

    assert (StoredFile.objects.count(), FormDraft.objects.count()) == (1, 1)


def test_giving_up_one_that_is_gone_takes_no_files_that_wait_for_a_word(desk):
    takes(desk)

    answer = desk.post(DROP, {"draft": "5f0c3c1e-6a52-4a7b-9c58-3f6a2d0e9b11"}, follow=True)

    assert ("那一份已经登记或者删掉了。" in answer.content.decode(), StoredFile.objects.count()) == (True, 1)
