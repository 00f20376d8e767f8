"""Lists taken out: what stands on them, who may take which, what is written down, how a large one is made."""

import io
from datetime import timedelta

import pytest
import time_machine
from django.db import connection
from django.utils import timezone
from openpyxl import load_workbook

from core.actions import exports as jobs
from core.actions import outbox
from core.choices import ExportState, Role
from core.errors import NotAllowed, Refused
from core.models import AuditEntry, Division, Notification, OutboxEvent
from core.privacy import mask_id_number
from roster import documents, tasks
from roster.actions import exports
from roster.models import RosterExport, Staff
from tests.conftest import SHUANGDONG, TAIPING
from tests.roster.workbooks import HEADER, id_number

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("_clock")]
ID = id_number("19850312", 7)
ANNEX = list(HEADER)


@pytest.fixture
def roster(seat):
    """A judge of two towns, a mediator, an officer who is a town cadre too, somebody without a seat."""
    judge = seat("苏明远", "judge").staff
    seat("", "judge", SHUANGDONG, staff=judge)
    mediator = seat("陈晓岚", "mediator", mediator_kind="grid_worker").staff
    officer = seat("黎志恒", "liaison_officer").staff
    seat("", "mediator", TAIPING, staff=officer, mediator_kind="town_cadre")
    facts = {
        judge: ("罗定市人民法院 审判员", "", 1),
        mediator: ("太平镇大南村网格员", "=1+1", 2),
        officer: ("太平镇综治中心 联络人员", "党员", 3),
        Staff.objects.create(name="温兆祥"): ("退休教师", "", 5),
    }
    for staff, (post, note, serial) in facts.items():
        staff.unit_and_duty, staff.note, staff.born, staff.sex = post, note, "1985-03", "male"
        staff.id_number, staff.phone = id_number("19850312", serial), f"1380000000{serial}"
        staff.registered_address = staff.contact_address = "广东省罗定市太平镇大南村12号"
        staff.name_initials = f"p{serial}"
        staff.save()
    return facts


def start(by, what="town", town=TAIPING, *, is_clear=True, reason="报送市委政法委") -> RosterExport:
    place = Division.objects.get(code=town) if town and what == "town" else None
    return exports.start_export(what=what, town=place, is_clear=is_clear, reason=reason if is_clear else "", by=by)


def book(export):
    return load_workbook(io.BytesIO(documents.workbook_of(export)))


def cells(page) -> list[list[object]]:
    return [[cell.value for cell in row] for row in page.iter_rows()]


# ── the sheet ────────────────────────────────────────────────────────────────


def test_a_towns_list_is_the_annex_of_the_order(roster, admin):
    page = book(start(admin)).active
    rows = cells(page)
    assert page.title == "太平镇"
    assert (rows[0][0], rows[1][0], rows[2]) == ("“法官联络点”人员名单", "填报单位：太平镇", ANNEX)
    address = "广东省罗定市太平镇大南村12号"
    assert rows[3] == [
        1, "苏明远", "1985.03", "男", "罗定市人民法院 审判员", address, address, id_number("19850312", 1),
        "13800000001", None,
    ]  # fmt: skip
    assert [row[1] for row in rows[3:6]] == ["苏明远", "陈晓岚", "黎志恒"]
    assert [row[9] for row in rows[4:6]] == ["=1+1", "党员；【岗位：联络人员；镇（街）干部】"]
    assert (rows[7][9].strip("　"), rows[8][9]) == ("填报单位（盖章）：", "填报日期：2023年9月20日")
    mark = "管理员 2023年9月20日 10:00 从法官联络点工作平台导出，含完整个人信息，只用于登记的用途，用后销毁。"
    assert rows[9][0] == f"说明：{mark}"
    assert page.oddFooter.left.text == mark


def test_the_sheet_prints_on_a4_across_with_its_header_on_every_page(roster, admin):
    page = book(start(admin)).active
    assert (page.page_setup.orientation, page.page_setup.paperSize) == ("landscape", 9)
    assert (page.page_setup.fitToWidth, page.page_setup.fitToHeight) == (1, 0)
    assert (page.print_title_rows, page.freeze_panes) == ("$3:$3", "A4")
    assert page.oddFooter.right.text == "第 &P 页，共 &N 页"
    assert [str(area) for area in page.merged_cells.ranges] == ["A1:J1"]
    assert page["A1"].font.b
    assert page["A1"].alignment.horizontal == "center"
    assert page["E4"].border.bottom.style == "thin"


def test_text_stays_text_whatever_it_begins_with(roster, admin):
    page = book(start(admin)).active
    note = page["J5"]
    assert (note.value, note.data_type, note.number_format) == ("=1+1", "s", "@")
    assert {page.cell(4, column).number_format for column in (3, 8, 9)} == {"@"}
    assert {page.cell(4, column).data_type for column in (3, 8, 9)} == {"s"}


def test_masked_is_masked_and_says_so(roster, admin):
    export = start(admin, is_clear=False)
    row = cells(book(export).active)[3]
    masked = mask_id_number(id_number("19850312", 1))
    assert row[5:9] == ["广东省罗定市太平镇 ****", "广东省罗定市太平镇 ****", masked, "138****0001"]
    assert "个人信息已遮盖" in documents.watermark(export)
    assert documents.file_name(export) == "roster-445381101-20230920-masked.xlsx"


def test_the_countys_list_has_a_sheet_for_each_town_and_one_for_the_undecided(roster, admin):
    pages = book(start(admin, "county"))
    people = {page.title: [row[1] for row in cells(page)[3:-4]] for page in pages}
    assert people == {
        "双东街道": ["苏明远"],
        "太平镇": ["苏明远", "陈晓岚", "黎志恒"],
        "待定岗位": ["温兆祥"],
    }
    assert pages["待定岗位"]["J4"].value == "【岗位：待定】"


def test_the_courts_list_is_by_person_with_the_towns_in_the_note(roster, admin):
    rows = cells(book(start(admin, "court")).active)
    assert rows[1][0] == "填报单位：罗定市人民法院"
    assert [(row[1], row[9]) for row in rows[3:-4]] == [("苏明远", "负责双东街道、太平镇")]


def test_the_bureaus_list_holds_its_own_people(roster, seat, admin):
    seat("彭国明", mediator_kind="judicial_office")
    rows = cells(book(start(admin, "bureau")).active)
    assert rows[1][0] == "填报单位：罗定市司法局"
    assert [(row[1], row[9]) for row in rows[3:-4]] == [("彭国明", "【岗位：司法所干部，太平镇】")]


def test_a_term_that_ended_is_not_on_the_list(roster, seat, admin):
    seat("已离任", until="2023-06-30")
    assert start(admin).total_rows == 3


def test_queries_do_not_grow_with_the_people(roster, seat, admin, django_assert_num_queries):
    export = start(admin)
    with django_assert_num_queries(3):
        documents.workbook_of(export)
    for number in range(5):
        seat(f"增{number}")
    with django_assert_num_queries(3):
        documents.workbook_of(export)


# ── who may ──────────────────────────────────────────────────────────────────

MAY = {  # role: (masked county, masked court, masked own town, masked other town, clear own town, clear county)
    "admin": "yes yes yes yes yes yes",
    "justice_officer": "yes yes yes yes yes yes",
    "committee_officer": "yes yes yes yes no no",
    "court_clerk": "no yes no no no no",
    "officer_of_taiping": "no no yes no yes no",
    "mediator_of_taiping": "no no no no no no",
    "auditor": "no no no no no no",
}
ASKED = (
    *(("county", "", False), ("court", "", False), ("town", TAIPING, False), ("town", SHUANGDONG, False)),
    *(("town", TAIPING, True), ("county", "", True)),
)


@pytest.mark.parametrize("actor", MAY)
def test_who_may_take_which_list(actor, roster, cast):
    answers = []
    for what, town, is_clear in ASKED:
        try:
            start(cast[actor], what, town, is_clear=is_clear)
        except NotAllowed:
            answers.append("no")
        else:
            answers.append("yes")
    assert " ".join(answers) == MAY[actor]


def test_an_officers_list_holds_the_people_of_the_town_alone(roster, officer_of_taiping):
    assert [page.title for page in book(start(officer_of_taiping))] == ["太平镇"]


# ── what is written down ─────────────────────────────────────────────────────


def test_taking_out_is_written_down_with_the_reason_before_anything_is_made(roster, admin):
    export = start(admin, reason="报送 445381198503120010 的名单")
    row = AuditEntry.objects.get(action="roster.export")
    assert (row.actor, row.subject_id, row.division_code) == (admin, str(export.pk), TAIPING)
    reason = "报送 445381********0010 的名单"
    assert row.detail == {"what": "town", "rows": 3, "masked": False, "reason": reason}
    assert (export.state, export.content) == (ExportState.HANDED_OVER, "")


@pytest.mark.parametrize("reason", ["", "  "])
def test_clear_data_without_a_reason_are_refused(roster, admin, reason):
    with pytest.raises(Refused) as caught:
        start(admin, reason=reason)
    assert (caught.value.field, RosterExport.objects.count()) == ("reason", 0)


def test_an_empty_list_is_refused(admin, divisions):
    with pytest.raises(Refused) as caught:
        start(admin)
    assert str(caught.value) == "这份名单里还没有人。先导入名单，或换一份。"


# ── a large one ──────────────────────────────────────────────────────────────


@pytest.fixture
def large(roster, admin, monkeypatch):
    """An export that counts as large, waiting in the outbox."""
    monkeypatch.setattr(exports, "AT_ONCE", 2)
    return start(admin)


def later(**span):
    return time_machine.travel(timezone.now() + timedelta(**span), tick=False)


def test_a_large_list_waits_in_the_outbox_and_is_made_there(large, admin):
    assert (large.state, OutboxEvent.objects.get().arguments) == ("waiting", {"export_id": str(large.pk)})
    assert tasks.make_export.name == "roster.make_export"
    outbox.run_waiting()
    large.refresh_from_db()
    assert (large.state, large.done_rows, large.attempt) == ("ready", 3, 1)
    told = Notification.objects.get()
    assert (told.recipient, told.text) == (admin, "名册导出做好了：太平镇，3 人。24 小时内可以下载。")
    data = exports.hand_over(export_id=large.pk, by=admin)
    assert load_workbook(io.BytesIO(data)).active["B4"].value == "苏明远"
    assert AuditEntry.objects.filter(action="file.download", subject_id=str(large.pk)).count() == 1


def test_the_file_lies_encrypted(large):
    exports.MAKER.make(large.pk)
    with connection.cursor() as cursor:
        cursor.execute("SELECT content FROM roster_rosterexport")
        assert cursor.fetchone()[0].startswith("v1:k1:aes-256-gcm:")


def test_progress_is_told_while_it_is_made(large, monkeypatch):
    seen = []
    monkeypatch.setattr(documents, "PEOPLE_AT_ONCE", 1)
    progress = jobs.Maker.progress_of
    watched = lambda maker, export: lambda done: (progress(maker, export)(done), seen.append(_done(export)))  # noqa: E731
    monkeypatch.setattr(jobs.Maker, "progress_of", watched)
    exports.MAKER.make(large.pk)
    assert seen == [1, 2, 3]


def _done(export) -> int:
    return RosterExport.objects.get(pk=export.pk).done_rows


def test_made_twice_it_is_told_once(large):
    exports.MAKER.make(large.pk)
    exports.MAKER.make(large.pk)
    assert Notification.objects.count() == 1


def test_while_one_worker_makes_it_another_comes_back_later(large):
    RosterExport.objects.update(state="making", attempt=1, moved_at=timezone.now())
    with pytest.raises(jobs.StillMaking):
        exports.MAKER.make(large.pk)


def test_after_a_worker_died_another_takes_over_and_the_dead_ones_file_does_not_count(large):
    first = exports.MAKER.claim(large.pk)
    with later(minutes=3):
        exports.MAKER.make(large.pk)
    with pytest.raises(jobs.Overtaken):
        exports.MAKER.finish(first, b"late")
    with pytest.raises(jobs.Overtaken):
        exports.MAKER.progress_of(first)(500)
    large.refresh_from_db()
    assert (large.state, large.attempt, Notification.objects.count()) == ("ready", 2, 1)


def test_what_cannot_be_made_is_tried_three_times_and_then_said(large, admin, monkeypatch):
    def broken(*_, **__):
        raise ValueError("broken")

    monkeypatch.setattr(documents, "workbook_of", broken)
    for _ in range(2):
        with pytest.raises(ValueError, match="broken"):
            exports.MAKER.make(large.pk)
    exports.MAKER.make(large.pk)
    large.refresh_from_db()
    assert (large.state, large.attempt) == ("failed", 3)
    assert Notification.objects.get().text.startswith("名册导出没有做成：太平镇。")


def test_who_lost_the_right_meanwhile_gets_nothing(large, admin):
    admin.role = Role.COMMITTEE
    admin.save()
    exports.MAKER.make(large.pk)
    large.refresh_from_db()
    assert (large.state, large.content) == ("failed", "")


def test_who_lost_the_right_after_it_was_made_gets_nothing_either(large, admin):
    exports.MAKER.make(large.pk)
    admin.role = Role.COMMITTEE
    admin.save()
    with pytest.raises(NotAllowed):
        exports.hand_over(export_id=large.pk, by=admin)


@pytest.mark.parametrize(
    ("hours", "gone"), [(timedelta(hours=24, seconds=-1), 0), (timedelta(hours=24), 1)], ids=["just before", "a day"]
)
def test_the_file_is_deleted_after_a_day(large, hours, gone):
    exports.MAKER.make(large.pk)
    assert jobs.expire(RosterExport, timezone.now() + hours) == gone
    large.refresh_from_db()
    assert bool(large.content) is not bool(gone)


def test_even_before_the_sweep_an_expired_file_is_not_handed_over(large, admin):
    exports.MAKER.make(large.pk)
    with later(hours=24), pytest.raises(Refused) as caught:
        exports.hand_over(export_id=large.pk, by=admin)
    assert str(caught.value) == "文件过了 24 小时，已经删除。要用请再导出一次。"
