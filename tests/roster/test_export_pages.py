"""Taking lists out in the browser: choosing, the password once more, waiting, fetching; the empty annex."""

import io

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from openpyxl import load_workbook

from core import reentry
from core.models import AuditEntry
from core.spreadsheets import read_workbook
from roster import queries
from roster.actions import exports
from roster.annex import template
from roster.annex.hearing import seats_read
from roster.choices import MediatorKind, TeamRole
from roster.models import RosterExport, RosterImport
from tests.conftest import PASSWORD, SHUANGDONG, TAIPING
from tests.roster.workbooks import HEADER, XLSX, roster

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("divisions", "_clock")]
CLEAR = {"listed": TAIPING, "shown": "clear", "reason": "报送市委政法委"}
MASKED = {"listed": TAIPING, "shown": "masked"}
EXPORT_PAGE_QUERIES = 6


@pytest.fixture
def people(seat):
    return [seat("陈晓岚", mediator_kind="grid_worker"), seat("黎志恒", "liaison_officer")]


@pytest.fixture
def browser(admin, client_of):
    return client_of(admin)


def export(client, **fields):
    return client.post(reverse("roster:export"), fields)


def text(answer) -> str:
    return " ".join(answer.content.decode().split())


# ── choosing ─────────────────────────────────────────────────────────────────


def test_a_small_list_comes_at_once(people, browser):
    answer = export(browser, **CLEAR)
    assert answer["Content-Disposition"] == 'attachment; filename="roster-445381101-20230920.xlsx"'
    assert (answer["Cache-Control"], answer["X-Content-Type-Options"]) == ("private, no-store", "nosniff")
    page = load_workbook(io.BytesIO(answer.content)).active
    assert [page.cell(row, 2).value for row in (4, 5)] == ["陈晓岚", "黎志恒"]


def test_the_team_page_leads_to_its_own_list(people, browser):
    page = browser.get(reverse("roster:team", args=[TAIPING]))
    assert f'href="{reverse("roster:export")}?list={TAIPING}"' in text(page)
    assert f'<option value="{TAIPING}" selected>太平镇</option>' in text(
        browser.get(reverse("roster:export"), {"list": TAIPING})
    )


def test_clear_data_ask_for_the_reason_at_its_field(people, browser):
    answer = export(browser, **CLEAR | {"reason": ""})
    assert answer.status_code == 422
    assert answer.context["form"].errors == {"reason": ["请写用途，例如：报送市委政法委。"]}


def test_masked_asks_for_nothing_more(people, browser):
    assert export(browser, **MASKED)["Content-Type"].endswith("spreadsheetml.sheet")
    assert RosterExport.objects.get().reason == ""


def test_clear_data_ask_for_the_password_once_more_and_then_go_on(people, browser):
    session = browser.session
    session["password_at"] = 0
    session.save()
    asked = export(browser, **CLEAR)
    assert (asked.status_code, RosterExport.objects.count()) == (422, 0)
    assert "再填一次密码" in text(asked)
    answer = export(browser, **CLEAR, **{reentry.FIELD: PASSWORD})
    assert answer["Content-Disposition"] == 'attachment; filename="roster-445381101-20230920.xlsx"'


def test_who_may_not_have_clear_data_is_not_offered_them(people, committee_officer, client_of):
    client = client_of(committee_officer)
    assert list(client.get(reverse("roster:export")).context["form"].fields) == ["listed"]
    assert export(client, **CLEAR).status_code == 200
    assert RosterExport.objects.get().is_clear is False


def test_another_towns_list_is_no_choice(people, seat, officer_of_taiping, client_of):
    seat("外镇人", town=SHUANGDONG)
    answer = export(client_of(officer_of_taiping), **CLEAR | {"listed": SHUANGDONG})
    assert (answer.status_code, list(answer.context["form"].errors)) == (422, ["listed"])


def test_an_empty_list_is_said_at_the_list(browser):
    answer = export(browser, **MASKED)
    assert answer.context["form"].errors == {"__all__": ["这份名单里还没有人。先导入名单，或换一份。"]}


# ── waiting and fetching ─────────────────────────────────────────────────────


@pytest.fixture
def large(people, browser, monkeypatch):
    monkeypatch.setattr(exports, "AT_ONCE", 1)
    answer = export(browser, **CLEAR)
    asked = RosterExport.objects.get()
    assert answer.url == reverse("roster:export-status", args=[asked.pk])
    return asked


def status_of(client, asked, **headers):
    return client.get(reverse("roster:export-status", args=[asked.pk]), headers=headers)


def fetch(client, asked):
    return client.get(reverse("roster:export-file", args=[asked.pk]))


def test_the_page_shows_how_far_it_is_without_script_too(large, browser):
    RosterExport.objects.update(state="making", done_rows=1)
    page = text(status_of(browser, large))
    assert "正在生成名单 1 / 2 人。" in page
    assert "看现在做到哪里" in page
    assert """hx-headers='{"X-Poll": "1"}'""" in page  # looking at it does not keep a session alive


def test_polling_gets_the_progress_alone(large, browser):
    piece = text(status_of(browser, large, hx_request="true"))
    assert piece.startswith("<div hx-get=")
    assert "<html" not in piece


def test_a_finished_one_is_fetched_with_a_trace(large, browser):
    exports.MAKER.make(large.pk)
    assert "下载名单" in text(status_of(browser, large))
    answer = fetch(browser, large)
    assert load_workbook(io.BytesIO(answer.content)).active["B4"].value == "陈晓岚"
    assert AuditEntry.objects.filter(action="file.download").count() == 1


def test_fetching_clear_data_asks_for_the_password_too(large, browser):
    exports.MAKER.make(large.pk)
    session = browser.session
    session["password_at"] = 0
    session.save()
    assert fetch(browser, large).url.startswith(reverse("password-again"))


def test_before_it_is_ready_and_after_a_day_the_page_says_why_there_is_no_file(large, browser, admin, client_of):
    early = fetch(browser, large)
    assert (early.status_code, "文件现在不能下载：等待。" in text(early)) == (422, True)
    exports.MAKER.make(large.pk)
    with time_machine.travel("2023-09-21T10:00+08:00", tick=False):
        browser = client_of(admin)
        late = fetch(browser, large)
        assert (late.status_code, "文件过了 24 小时，已经删除。" in text(late)) == (422, True)
        assert "下载名单" not in text(status_of(browser, large))


def test_anothers_export_is_not_there(large, justice_officer, client_of):
    assert status_of(client_of(justice_officer), large).status_code == 404
    assert fetch(client_of(justice_officer), large).status_code == 404


@pytest.mark.parametrize("number", [1, 3])
def test_the_page_asks_the_same_queries_whatever_was_taken_out(number, people, browser, django_assert_num_queries):
    for _ in range(number):
        export(browser, **MASKED)
    with django_assert_num_queries(EXPORT_PAGE_QUERIES):
        browser.get(reverse("roster:export"))


# ── the empty annex ──────────────────────────────────────────────────────────


@pytest.fixture
def blank(browser):
    answer = browser.get(reverse("roster:template"))
    assert answer["Content-Disposition"].startswith("attachment; filename*=utf-8''")
    return answer.content


def test_the_template_is_the_annex_with_fifty_numbered_rows(blank):
    book = load_workbook(io.BytesIO(blank))
    page = book["名单"]
    assert book.sheetnames == ["名单", "示例"]
    assert [page.cell(row, 1).value for row in range(4, 54)] == list(range(1, 51))
    assert [cell.value for cell in page[3]] == list(HEADER)
    assert {page.cell(10, column).number_format for column in (3, 8, 9)} == {"@"}


def test_the_template_offers_words_and_says_what_is_wanted(blank):
    page = load_workbook(io.BytesIO(blank))["名单"]
    rules = {str(rule.sqref).split("4:")[0]: rule for rule in page.data_validations.dataValidation}
    assert list(rules) == ["B", "C", "D", "E", "F", "G", "H", "I", "J"]
    assert (rules["D"].formula1, rules["D"].showErrorMessage) == ('"男,女"', True)
    assert (rules["H"].type, rules["H"].formula1, rules["H"].errorStyle) == ("textLength", "18", "warning")
    assert rules["J"].formula1.startswith('"法官,法官助理,联络人员,镇（街）干部')
    assert rules["J"].showErrorMessage is False
    assert all(rule.prompt and rule.promptTitle for rule in rules.values())
    assert max(len(rule.formula1 or "") for rule in rules.values()) <= 255


def test_every_word_offered_for_the_note_is_read_as_that_seat(divisions):
    read = {word: seats_read("", word, TAIPING, queries.gazetteer()) for word in template.SEAT_WORDS}
    roles = {role.label: (role.value, "") for role in TeamRole}
    roles |= {kind.label: (TeamRole.MEDIATOR.value, kind.value) for kind in MediatorKind}
    assert {word: [(seat.role, seat.kind) for seat in seats] for word, seats in read.items()} == {
        word: [roles[word]] for word in template.SEAT_WORDS
    }


def test_handed_in_untouched_the_template_is_one_sentence_and_nobody_is_imported(blank, browser):
    answer = browser.post(reverse("roster:import"), {"file": SimpleUploadedFile(XLSX, blank), "town": ""})
    assert answer.status_code == 422
    assert answer.context["form"].errors == {"file": ["名单里一个人也没有填。请在表头下面一人一行填好，再上传。"]}
    assert RosterImport.objects.count() == 0


def test_the_example_people_would_be_read_without_a_fault_on_a_sheet_of_their_town(blank, county, check):
    rows = read_workbook(blank, XLSX).sheets[1].rows
    people = [dict(zip(HEADER, row.values, strict=False)) for row in rows[4:9]]
    assert [len(person["身份证号码"]) for person in people] == [18] * 5
    _, found = check(roster(*people), town=TAIPING)
    assert [(row.facts.name, [issue.message for issue in row.issues if issue.is_error]) for row in found] == [
        (person["姓名"], []) for person in people
    ]


def test_an_officers_template_names_the_town(officer_of_taiping, client_of):
    answer = client_of(officer_of_taiping).get(reverse("roster:template"))
    assert load_workbook(io.BytesIO(answer.content))["名单"]["A2"].value == "填报单位：太平镇"


def test_the_import_page_offers_the_template(browser):
    assert f'href="{reverse("roster:template")}"' in text(browser.get(reverse("roster:import")))
