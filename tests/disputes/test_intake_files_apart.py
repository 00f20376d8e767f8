"""A form set apart from another window's takes its files along; from then on each form has its own."""

import re
from datetime import timedelta
from uuid import uuid5

import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from core.actions.files import copy_file, remove_orphans
from core.models import FormDraft, StoredFile
from disputes.actions.attachments import drop_staged
from disputes.models import Dispute
from disputes.queries.attachments import staged_files
from disputes.queries.drafts import begun_intakes
from tests.core.test_files import picture
from tests.disputes.conftest import ID_OF_SHEN, STORY

NEW, KEEP, FILES, DROP = "/disputes/new/", "/disputes/draft/", "/disputes/attachments/", "/disputes/draft/drop/"
KEY = "7a1f6f64-3a51-4a1a-9f53-0d6f7e0a2d11"
OLD, OTHER = "7a1f6f64-3a51-4a1a-9f53-0d6f7e0a2d12", "7a1f6f64-3a51-4a1a-9f53-0d6f7e0a2d13"  # windows


@pytest.fixture
def desk(client_of, mediator_of_taiping, tables):
    """A form with a photograph, begun in one window and gone on with in another."""
    desk = client_of(mediator_of_taiping)
    desk.post(FILES, {"idempotency_key": KEY, "file": SimpleUploadedFile("欠条.jpg", picture())})
    return desk


def types(desk, story: str, *, page: str, seen: str = "", listed: tuple[str, ...] = ()) -> str:
    typed = {"narrative": story, "idempotency_key": KEY, "draft_page": page, "draft_seen": seen}
    return desk.post(KEEP, typed | {"attached": listed}, headers={"HX-Request": "true"}).content.decode()


@pytest.fixture
def apart(desk, mediator_of_taiping) -> str:
    """What the old window is told when it writes on; `FormDraft` holds two drafts then."""
    (note,) = staged_files(mediator_of_taiping, KEY)
    types(desk, "先填的", page=OLD, listed=(str(note.pk),))
    types(desk, "在另一个窗口接着填的", page=OTHER, seen="1", listed=(str(note.pk),))
    return types(desk, "先填的，又补一句", page=OLD, seen="1", listed=(str(note.pk),))


def key_apart() -> str:
    return FormDraft.objects.exclude(key=KEY).get().key


def kept(user, key: str) -> list[tuple[str, bytes]]:
    found = []
    for one in staged_files(user, key):
        with default_storage.open(one.path) as stored, default_storage.open(one.thumbnail_path) as small:
            found.append((one.name, stored.read() + small.read()))
    return found


def test_it_takes_the_files_along_and_the_page_lists_its_own(apart, mediator_of_taiping):
    (before,), (own,) = (staged_files(mediator_of_taiping, key) for key in (KEY, key_apart()))

    assert "材料也带了过来" in apart
    assert re.findall(r'hx-swap-oob="outerHTML:#file-([^"]+)"', apart) == [str(before.pk)]
    assert re.findall(r'name="attached" value="([^"]+)"', apart) == [str(own.pk)]
    assert kept(mediator_of_taiping, KEY) == kept(mediator_of_taiping, key_apart())


@pytest.mark.parametrize("given_up", ["first", "apart"])
def test_given_up_the_one_takes_nothing_from_the_other(given_up, apart, desk, mediator_of_taiping):
    keys = {"first": KEY, "apart": key_apart()}
    whole = kept(mediator_of_taiping, KEY)
    gone = FormDraft.objects.get(key=keys.pop(given_up))
    (left,) = keys.values()

    desk.post(DROP, {"draft": str(gone.pk)})
    written = default_storage.get_modified_time(StoredFile.objects.get().path)
    removed = remove_orphans(written + timedelta(days=2))

    assert (removed, [one.key for one in begun_intakes(mediator_of_taiping)]) == (2, [left])
    assert kept(mediator_of_taiping, left) == whole


def test_an_answer_that_was_lost_makes_no_second_copy(apart, desk, mediator_of_taiping):
    (note,) = staged_files(mediator_of_taiping, KEY)
    types(desk, "先填的，又补两句", page=OLD, seen="1", listed=(str(note.pk),))

    assert StoredFile.objects.count() == 2


def test_registered_each_has_its_own_papers(apart, desk, village, mediator_of_taiping):
    for key in (KEY, key_apart()):
        typed = {"narrative": STORY, "village": village.code, "source": "visit", "idempotency_key": key}
        party = {"parties-TOTAL_FORMS": "1", "parties-INITIAL_FORMS": "0", "parties-0-side": "applicant",
                 "parties-0-kind": "person", "parties-0-name": "沈水旺", "parties-0-phone": "13800006072"}  # fmt: skip
        whole = typed | party | {"attached": "x", "registered_on": timezone.localdate().isoformat()}
        known = desk.post(NEW, whole).context
        if known:  # the same people: registered all the same
            desk.post(NEW, whole | {"known": known["likely"].mark})

    papers = StoredFile.objects.filter(subject_label="disputes.dispute")
    assert sorted(papers.values_list("subject_id", flat=True)) == sorted(str(one.pk) for one in Dispute.objects.all())
    assert Dispute.objects.count() == 2


def test_what_the_other_window_took_away_is_not_brought_back_but_said(desk, mediator_of_taiping):
    (note,) = staged_files(mediator_of_taiping, KEY)
    types(desk, "先填的", page=OLD, listed=(str(note.pk),))
    types(desk, "接着填的", page=OTHER, seen="1")
    drop_staged(key=KEY, by=mediator_of_taiping)

    said = types(desk, "先填的，又补一句", page=OLD, seen="1", listed=(str(note.pk),))

    assert ("有一份材料已经不在了。" in said, "有材料没有带过来" in said) == (True, True)
    assert f'hx-swap-oob="outerHTML:#file-{note.pk}"' in said
    assert not StoredFile.objects.exists()


def test_listed_on_a_page_that_begins_its_draft_anew_it_is_said_once_to_be_gone(desk, mediator_of_taiping):
    (note,) = staged_files(mediator_of_taiping, KEY)
    types(desk, "先填的", page=OLD, listed=(str(note.pk),))
    desk.post(DROP, {"draft": str(FormDraft.objects.get().pk)})  # in another window

    said = types(desk, "先填的，又补一句", page=OLD, seen="1", listed=(str(note.pk),))
    again = types(desk, "先填的，又补两句", page=OLD, seen="1")

    assert ("有材料已经不在了，请看「三、材料」" in said, "已经不在了" in again) == (True, False)
    assert f'hx-swap-oob="outerHTML:#file-{note.pk}"' in said


def test_its_name_is_masked_where_it_could_not_be_brought_along(desk, mediator_of_taiping):
    (note,) = staged_files(mediator_of_taiping, KEY)
    StoredFile.objects.update(name=f"沈水旺{ID_OF_SHEN}.jpg")
    types(desk, "先填的", page=OLD, listed=(str(note.pk),))
    types(desk, "接着填的", page=OTHER, seen="1")
    default_storage.delete(note.path)

    said = types(desk, "先填的，又补一句", page=OLD, seen="1", listed=(str(note.pk),))

    assert ("沈水旺" in said, ID_OF_SHEN in said) == (True, False)


def test_asked_for_twice_at_once_the_later_takes_the_others_copy(desk, mediator_of_taiping, monkeypatch):
    (note,) = staged_files(mediator_of_taiping, KEY)
    copy, write, copies = (
        {"pk": uuid5(note.pk, OTHER), "subject_label": "x", "subject_id": "y"},
        default_storage.save,
        [],
    )

    def slow(*args, **kwargs):  # while this disk writes, the other request makes the whole copy
        if not copies:
            copies.append(None)
            copies.append(copy_file(note, **copy))
        return write(*args, **kwargs)

    monkeypatch.setattr(default_storage, "save", slow)

    assert copy_file(note, **copy).path == copies[1].path
    assert StoredFile.objects.filter(subject_label="x").count() == 1


def test_a_file_that_cannot_be_read_is_named_and_the_words_are_kept(desk, mediator_of_taiping):
    (note,) = staged_files(mediator_of_taiping, KEY)
    types(desk, "先填的", page=OLD, listed=(str(note.pk),))
    types(desk, "接着填的", page=OTHER, seen="1")
    default_storage.delete(note.path)

    said = types(desk, "先填的，又补一句", page=OLD, seen="1", listed=(str(note.pk),))

    assert ("欠条.jpg：没有带过来，请再选一次。" in said, FormDraft.objects.count()) == (True, 2)


def test_nobody_brings_a_strangers_file_along(desk, client_of, mediator_of_shuangdong, mediator_of_taiping):
    (note,) = staged_files(mediator_of_taiping, KEY)
    thief = client_of(mediator_of_shuangdong)
    for page, seen in ((OLD, ""), (OTHER, "1"), (OLD, "1")):
        types(thief, "双东的事", page=page, seen=seen, listed=(str(note.pk),))

    assert FormDraft.objects.filter(user=mediator_of_shuangdong).count() == 2
    assert StoredFile.objects.get() == note
