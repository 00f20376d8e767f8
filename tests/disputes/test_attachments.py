"""Files at the counter: kept with the form, its writer's alone, never lost by a refusal, filed with the dispute."""

import re
from datetime import timedelta
from html import unescape

import pytest
import time_machine
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from PIL import Image

from core.models import AuditEntry, DeadlineRule, StoredFile
from disputes.actions.attachments import FILES_MAX, drop_old_staged
from disputes.actions.hidden_dangers import report_danger
from disputes.choices import DangerKind, Urgency
from disputes.models import Dispute
from disputes.queries.attachments import STAGED
from tests.core.test_files import picture
from tests.core.test_heif import heif
from tests.disputes.conftest import ID_OF_SHEN, STORY

URL, FILES, DROP = "/disputes/new/", "/disputes/attachments/", "/disputes/draft/drop/"
KEY, OTHER_KEY = "7a1f6f64-3a51-4a1a-9f53-0d6f7e0a2d11", "00000000-0000-4000-8000-000000000001"


@pytest.fixture
def page(client_of, mediator_of_taiping, tables):
    return client_of(mediator_of_taiping)


@pytest.fixture
def typed(village) -> dict[str, str]:
    return {
        "idempotency_key": KEY, "narrative": STORY, "village": village.code, "source": "visit",
        "registered_on": "2023-09-20", "parties-TOTAL_FORMS": "1", "parties-INITIAL_FORMS": "0",
        "parties-0-side": "applicant", "parties-0-kind": "person", "parties-0-name": "沈水旺",
        "parties-0-phone": "13800006072", "parties-0-id_number": ID_OF_SHEN,
    }  # fmt: skip


def note(name: str = "欠条.jpg") -> SimpleUploadedFile:
    """A photograph with the place where it was taken."""
    return SimpleUploadedFile(name, picture())


def send(page, upload, key: str = KEY):
    return page.post(FILES, {"idempotency_key": key, "file": upload})


@pytest.fixture
def danger(divisions, mediator_of_taiping, village):
    DeadlineRule.objects.create(
        key="danger_handle", title="核实苗头隐患", length=3, unit="calendar", actor="receiver", internal=True,
        certainty="I", valid_from="2023-01-01",
    )  # fmt: skip
    told = {"kind": DangerKind.WAGES, "urgency": Urgency.SOON, "village": village}
    return report_danger(by=mediator_of_taiping, idempotency_key=OTHER_KEY, **told)


def html_of(answer) -> str:
    return answer.content.decode()


# ── while the form is filled ─────────────────────────────────────────────────
def test_a_photograph_is_kept_with_the_form_small_and_without_its_place(page):
    answer = send(page, note())

    stored = StoredFile.objects.get()
    assert (answer.status_code, stored.subject_label, stored.town_code, stored.kind) == (200, STAGED, "", "evidence")
    assert "欠条.jpg" in html_of(answer)
    small = page.get(f"/files/{stored.pk}/thumbnail/")
    assert small["Content-Type"] == "image/jpeg"
    small.close()
    with default_storage.open(stored.path) as kept:
        assert dict(Image.open(kept).getexif()) == {}


def test_a_picture_of_an_iphone_is_shown_small_under_the_name_of_what_is_kept(page):
    answer = send(page, SimpleUploadedFile("欠条.HEIC", heif()))

    stored = StoredFile.objects.get()
    assert (answer.status_code, stored.name, stored.content_type) == (200, "欠条.jpg", "image/jpeg")
    assert "欠条.jpg" in html_of(answer)
    assert stored.thumbnail_path != ""


def test_it_is_there_again_with_a_refused_form_and_with_an_opened_one(page, typed):
    send(page, note())

    refused = page.post(URL, typed | {"narrative": "", "attached": "1"})
    opened = page.get(URL)

    assert refused.status_code == 422
    assert "欠条.jpg" in html_of(refused)
    assert "欠条.jpg" in html_of(opened)  # nothing was typed: the form finds its key by the file
    assert opened.context["form"]["idempotency_key"].value() == KEY


@pytest.mark.parametrize("asked", [{"fresh": "1"}, {"danger": "report"}], ids=["fresh", "of a report"])
def test_one_asked_for_by_itself_takes_no_files_of_another_window_and_offers_them(asked, page, danger):
    send(page, note())
    asked = asked if "fresh" in asked else {"danger": str(danger.pk)}

    opened = page.get(URL, asked)
    (way,) = re.findall(r'没有放进这一份：<a href="([^"]+)">接着用</a>', html_of(opened))
    again = page.get(f"{URL}{unescape(way)}")

    assert (str(opened.context["form"]["idempotency_key"].value()) == KEY, opened.context["staged"]) == (False, [])
    assert (str(again.context["form"]["idempotency_key"].value()), len(again.context["staged"])) == (KEY, 1)
    assert again.context["form"]["danger"].value() == opened.context["form"]["danger"].value()
    assert "没有放进这一份" not in html_of(again)


def test_chosen_before_a_word_is_typed_it_is_found_again_beside_a_form_that_is_begun(page, typed):
    page.post("/disputes/draft/", typed | {"idempotency_key": OTHER_KEY})
    send(page, note("别的.jpg"), key=OTHER_KEY)
    send(page, note())

    opened = page.get(URL, {"files": "1"})
    begun = page.get(URL, {"draft": str(opened.context["others"][0].draft.pk)})

    assert str(opened.context["form"]["idempotency_key"].value()) == KEY
    assert [one.name for one in opened.context["staged"]] == ["欠条.jpg"]
    assert [one.name for one in begun.context["staged"]] == ["别的.jpg"]
    assert ["先前选好的材料还在" in html_of(one) for one in (opened, begun)] == [True, False]


def test_beside_a_form_that_is_begun_its_own_files_are_not_taken_for_another(page, typed):
    page.post("/disputes/draft/", typed)
    send(page, note())

    opened = page.get(URL, {"fresh": "1"})

    assert str(opened.context["form"]["idempotency_key"].value()) != KEY
    assert "欠条.jpg" not in html_of(opened)


def test_after_the_form_was_registered_a_file_for_it_is_refused_by_name(page, typed):
    page.post(URL, typed)

    answer = send(page, note(f"{ID_OF_SHEN}.jpg"))

    assert answer.status_code == 422
    assert (".jpg：没有存，这一份已经登记。" in html_of(answer), ID_OF_SHEN in html_of(answer)) == (True, False)
    assert not StoredFile.objects.exists()


def test_an_empty_form_never_has_the_key_of_one_that_was_registered(page, typed, mediator_of_taiping):
    page.post(URL, typed)
    late = {"subject_label": STAGED, "subject_id": f"{mediator_of_taiping.pk}-{KEY}", "name": "晚到.jpg", "size": 1}
    StoredFile.objects.create(path="late", uploaded_by=mediator_of_taiping, uploaded_at=timezone.now(), **late)
    past = timezone.now() - timedelta(hours=1)
    earlier = late | {"subject_id": f"{mediator_of_taiping.pk}-{OTHER_KEY}", "name": "先来.jpg"}
    StoredFile.objects.create(path="earlier", uploaded_by=mediator_of_taiping, uploaded_at=past, **earlier)

    opened = page.get(URL)

    assert str(opened.context["form"]["idempotency_key"].value()) == OTHER_KEY
    assert [one.name for one in opened.context["staged"]] == ["先来.jpg"]


def test_another_person_neither_sees_nor_takes_it_away(page, client_of, officer_of_taiping):
    send(page, note())
    stored, other = StoredFile.objects.get(), client_of(officer_of_taiping)

    other.post(FILES, {"idempotency_key": KEY, "drop_file": str(stored.pk)})

    assert "欠条.jpg" not in html_of(other.get(URL))
    assert other.get(f"/files/{stored.pk}/").status_code == 404
    assert StoredFile.objects.count() == 1


def test_taken_away_it_is_gone(page, typed):
    send(page, note())
    send(page, note("照片.jpg"))
    first, second = StoredFile.objects.order_by("uploaded_at", "name").values_list("pk", flat=True)

    answer = page.post(FILES, {"idempotency_key": KEY, "drop_file": str(first)})
    without_script = page.post(URL, typed | {"drop_file": str(second)})

    assert (answer.status_code, html_of(answer)) == (200, "")
    assert (without_script.status_code, Dispute.objects.count()) == (200, 0)
    assert not StoredFile.objects.exists()


UNFIT = {
    "of another kind": (SimpleUploadedFile("录音.amr", b"#!AMR"), "录音.amr：不能接收「.amr」这种文件。可以上传 jpg"),
    "lying about its type": (SimpleUploadedFile("欠条.jpg", b"MZ\x90"), "欠条.jpg：文件名以「.jpg」结尾，内容却不是。"),
    "empty": (SimpleUploadedFile("欠条.png", b""), "欠条.png：文件是空的。"),
}


@pytest.mark.parametrize(("upload", "message"), UNFIT.values(), ids=UNFIT)
def test_an_unfit_file_is_named_and_not_kept(upload, message, page):
    answer = send(page, upload)

    assert answer.status_code == 422
    assert message in html_of(answer)
    assert not StoredFile.objects.exists()


def test_one_too_large_is_refused_by_its_size(page, settings):
    settings.UPLOAD_LIMIT = 500
    answer = send(page, note())
    assert (answer.status_code, StoredFile.objects.count()) == (422, 0)
    assert "欠条.jpg：文件超过 0 MB" in html_of(answer)


def test_a_photograph_of_100_megabytes_is_refused_before_a_byte_is_read(page):
    class Unread:
        def read(self, *_args):
            raise AssertionError("read")

        readline = read

    sent = {"CONTENT_LENGTH": str(100 * 2**20), "wsgi.input": Unread()}
    answer = page.generic("POST", FILES, b"", content_type="multipart/form-data; boundary=x", **sent)
    assert answer.status_code == 413


def test_half_a_request_is_said(page):
    assert page.post(FILES, {"idempotency_key": KEY}).status_code == 422
    assert send(page, note(), key="x").status_code == 422


def test_more_than_thirty_are_not_taken(page, mediator_of_taiping):
    waiting = {"subject_label": STAGED, "subject_id": f"{mediator_of_taiping.pk}-{KEY}", "name": "x.jpg", "size": 1}
    waiting |= {"uploaded_by": mediator_of_taiping, "uploaded_at": timezone.now()}
    StoredFile.objects.bulk_create(StoredFile(path=str(n), **waiting) for n in range(FILES_MAX))
    assert "一次最多带 30 份材料" in html_of(send(page, note()))


# ── registered ───────────────────────────────────────────────────────────────
def test_registered_they_are_papers_of_the_dispute(page, typed):
    send(page, note())
    page.post(URL, typed | {"attached": "1"})

    dispute, stored = Dispute.objects.get(), StoredFile.objects.get()
    assert (stored.subject_label, stored.subject_id, stored.town_code) == (
        "disputes.dispute",
        str(dispute.pk),
        "445381101",
    )
    assert dispute.events.get().detail.endswith("随附材料 1 份。")
    assert AuditEntry.objects.get(action="dispute.register").detail["files"] == 1
    html = html_of(page.get(dispute.get_absolute_url()))
    assert ("证据材料" in html, "欠条.jpg" in html) == (True, True)  # three papers of a kind are told apart by name
    assert "欠条.jpg" not in html_of(page.get(URL))


def test_without_javascript_the_files_come_with_the_form(page, typed):
    answer = page.post(URL, typed | {"files": [note(), note("照片.jpg")]})

    assert answer.status_code == 302
    assert {one.subject_label for one in StoredFile.objects.all()} == {"disputes.dispute"}
    assert StoredFile.objects.count() == 2


def test_a_form_sent_twice_with_its_files_leads_to_its_dispute(page, typed):
    first, again = (page.post(URL, typed | {"files": [note()]}) for _ in range(2))

    assert (again.status_code, again.url) == (302, first.url)
    assert "欠条.jpg：没有存，这一份已经登记。请在那一件的「材料」里补。" in html_of(page.get(again.url))
    assert (Dispute.objects.count(), StoredFile.objects.count()) == (1, 1)


def test_an_unfit_file_with_the_form_saves_nothing_and_the_good_one_stays(page, typed):
    answer = page.post(URL, typed | {"files": [note(), SimpleUploadedFile("x.exe", b"MZ")]})

    assert (answer.status_code, Dispute.objects.count()) == (422, 0)
    assert "x.exe：不能接收" in html_of(answer)
    assert "欠条.jpg" in html_of(answer)
    assert page.post(URL, typed | {"attached": "1"}).status_code == 302
    assert StoredFile.objects.get().subject_label == "disputes.dispute"


def test_only_the_files_of_this_form_are_filed(page, typed):
    send(page, note())
    send(page, note("别的.jpg"), key=OTHER_KEY)

    page.post(URL, typed | {"attached": "1"})

    assert dict(StoredFile.objects.values_list("name", "subject_label")) == {
        "欠条.jpg": "disputes.dispute",
        "别的.jpg": STAGED,
    }


def test_what_the_page_lists_and_is_gone_is_said_when_it_is_registered(page, typed):
    send(page, note())
    send(page, note("照片.jpg"))
    first, second = StoredFile.objects.order_by("uploaded_at").values_list("pk", flat=True)
    page.post(FILES, {"idempotency_key": KEY, "drop_file": str(first)})  # in another window
    listed = {"attached": [str(first), str(second)]}

    refused = page.post(URL, typed | {"narrative": ""} | listed)
    registered = page.post(URL, typed | listed, follow=True)

    assert html_of(refused).count("有一份材料已经不在了。要用的，请再选一次。") == 1
    assert "页面上列着的材料有 1 份没有带上" in html_of(registered)


def test_of_one_taken_away_on_the_page_itself_nothing_is_said(page, typed):
    send(page, note())
    pk = str(StoredFile.objects.get().pk)

    assert "已经不在了" not in html_of(page.post(URL, typed | {"drop_file": pk, "attached": pk}))


def test_taken_away_after_another_window_registered_it_is_said_where_it_is(page, typed, client_of, officer_of_taiping):
    send(page, note(f"{ID_OF_SHEN}.jpg"))
    pk = str(StoredFile.objects.get().pk)
    page.post(URL, typed | {"attached": pk})
    drop = {"idempotency_key": KEY, "drop_file": pk}

    answer, without_script = page.post(FILES, drop), page.post(URL, typed | drop)
    stranger = client_of(officer_of_taiping).post(FILES, drop)

    said = ".jpg：没有删去，另一个窗口登记时已经带走，现在在那一件的「材料」里。"
    assert (answer.status_code, said in html_of(answer), said in html_of(without_script)) == (422, True, True)
    assert ID_OF_SHEN not in html_of(answer)
    assert (stranger.status_code, html_of(stranger)) == (200, "")
    assert StoredFile.objects.get().subject_label == "disputes.dispute"


# ── forgotten ────────────────────────────────────────────────────────────────
def test_with_a_draft_given_up_its_files_go(page, typed):
    send(page, note())
    page.post("/disputes/draft/", typed)

    page.post(DROP)

    assert not StoredFile.objects.exists()


def test_a_week_later_the_sweep_forgets_them(page):
    send(page, note())
    past = timezone.now() + timedelta(days=7, minutes=1)
    early = drop_old_staged(past)  # asked today for a day to come
    with time_machine.travel(past, tick=False):
        assert (early, drop_old_staged(past), StoredFile.objects.count()) == (0, 1, 0)


@pytest.mark.parametrize("who", ["reviewing_judge", "court_clerk", "admin"])
def test_only_who_registers_leaves_files(who, cast, client_of, tables):
    assert client_of(cast[who]).post(FILES, {}).status_code == 403
