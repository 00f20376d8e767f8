"""A town's own ledger written: codes, people, timeline, figures; all or nothing, and nothing twice."""

import json
from datetime import date, timedelta
from io import StringIO

import pytest
import time_machine
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from core.actions import outbox
from core.errors import Conflict, NotAllowed, Refused
from core.management.contract import DataRefused, UnusableInput
from core.models import AuditEntry, DirtyBucket, Division, Notification, OutboxEvent, User
from disputes import ledger, queries, tasks, uploads
from disputes.actions import ledger_imports, ledger_writing
from disputes.actions.parties import PartyData
from disputes.models import Dispute, DisputeEvent, LedgerImport, Party, RiskFlag
from roster.models import Staff, TeamMembership
from tests.conftest import TAIPING
from tests.disputes.conftest import NOW, TODAY
from tests.disputes.ledgers import BAD, GOOD, HEADER, ID_NUMBER, csv, xlsx

pytestmark = pytest.mark.usefixtures("tables")


@pytest.fixture
def town(divisions) -> Division:
    found = divisions[TAIPING]
    found.parent = divisions["445381"]
    return found


@pytest.fixture
def bring(town, officer_of_taiping, mediator_of_taiping):
    """bring(rows…) → the upload, its columns as proposed, checked."""

    def make(*rows, data=None, name="台账.xlsx") -> LedgerImport:
        by = officer_of_taiping
        kept = uploads.take_ledger(data=data or xlsx(*rows), file_name=name, town=town, by=by)
        mapping = uploads.outlook_of(kept)["proposed"]
        return uploads.map_ledger(import_id=kept.pk, mapping=mapping, village="", source="visit", by=by)

    return make


@pytest.fixture
def write(bring, officer_of_taiping):
    def make(*rows, skip=False, **kwargs) -> LedgerImport:
        kept = bring(*rows, **kwargs)
        uploads.apply_ledger(import_id=kept.pk, shown=kept.fingerprint, skip=skip, by=officer_of_taiping)
        kept.refresh_from_db()
        return kept

    return make


def figures(kept) -> tuple[int, int, int]:
    return tuple(kept.report[name] for name in ("created", "unchanged", "rejected"))


# ── what is written ──────────────────────────────────────────────────────────
def test_codes_follow_the_days_of_each_month_after_those_taken(write, register, mediator_of_taiping):
    register(mediator_of_taiping, on=date(2022, 3, 2))
    write(*GOOD)
    assert list(Dispute.objects.order_by("registered_on", "code").values_list("code", "registered_on")) == [
        ("TP2203-0002", date(2022, 3, 1)),
        ("TP2203-0001", date(2022, 3, 2)),
        ("TP2203-0003", date(2022, 3, 5)),
        ("TP2206-0001", date(2022, 6, 18)),
        ("TP2207-0001", date(2022, 7, 2)),
        ("TP2309-0001", date(2023, 9, 18)),
    ]


def test_the_century_turns_in_the_middle_of_a_ledger(write):
    rows = [list(GOOD[0]), list(GOOD[1])]
    rows[0][2], rows[0][15], rows[1][2], rows[1][15] = "2000-01-03", "2000-01-05", "1999-12-30", "1999-12-31"
    write(*rows)
    found = Dispute.objects.order_by("registered_on").values_list("code", "registered_on")
    assert list(found) == [("TP9912-0001", date(1999, 12, 30)), ("TP0001-0001", date(2000, 1, 3))]


def test_how_each_ended_stands_in_its_columns(write):
    write(*GOOD)
    rows = Dispute.objects.order_by("registered_on").values_list(
        "state", "outcome", "closed_on", "end_ground", "referred_to", "entered_late"
    )
    assert list(rows) == [
        ("archived", "failed", date(2022, 5, 10), "", "", True),
        ("archived", "agreed", date(2022, 3, 20), "", "", True),
        ("archived", "referred_out", date(2022, 6, 25), "", "移送供电部门", True),
        ("archived", "ended", date(2022, 7, 2), "withdrawn", "", True),
        ("registered", "", None, "", "", False),
    ]


def test_people_are_kept_encrypted_and_found_by_number_name_and_word(write, officer_of_taiping):
    write(*GOOD)
    found = {text: queries.narrowed(officer_of_taiping, _search(officer_of_taiping, text)).get().code
             for text in (ID_NUMBER, "0001", "示例甲", "排水沟")}  # fmt: skip
    assert set(found.values()) == {"TP2203-0002"}
    with connection.cursor() as cursor:
        cursor.execute("SELECT id_number, phone FROM disputes_party WHERE name = '示例甲'")
        assert all(cell.startswith("v1:k1:") for cell in cursor.fetchone())
    party = Party.objects.get(name="示例甲")
    assert (party.id_number, party.phone, party.sex, party.id_last4) == (ID_NUMBER, "13800000001", "male", "1235")
    people = Party.objects.filter(dispute__case_type="private_loan", dispute__outcome="failed")
    assert list(people.values_list("name", "kind")) == [
        ("示例丙", "person"), ("示例丁", "person"), ("示例建筑有限公司", "organisation"),
    ]  # fmt: skip


def _search(user, text):
    return ledger.parse({"s": queries.sealed_search(user, text)})


def test_the_cause_that_the_ledger_names_gives_the_type_and_is_found(write, officer_of_taiping):
    header = ["日期", "村", "案由", "申请人", "对方", "简要情况", "结果", "办结日期"]
    row = ["2022-03-01", "太平社区", "离婚", "示例甲", "示例乙", "已调解。", "调解成功", "2022-03-05"]
    write(data=xlsx(row, header=header))
    dispute = Dispute.objects.get()
    assert (dispute.title, dispute.narrative) == ("示例甲与示例乙婚姻家庭纠纷", "案由：离婚\n已调解。")
    assert queries.narrowed(officer_of_taiping, _search(officer_of_taiping, "离婚")).get() == dispute


def test_the_timeline_says_where_it_comes_from_and_how_it_ended(write, mediator_of_taiping):
    write(*GOOD)
    dispute = Dispute.objects.get(code="TP2203-0001")
    assert dispute.title == "示例丙等2人与示例建筑有限公司民间借贷纠纷"
    events = list(dispute.events.order_by("on").values_list("kind", "on", "text"))
    assert events == [
        ("registered", date(2022, 3, 1), "公安移送登记"),
        ("mediation_failed", date(2022, 5, 10), "调解不成（原台账写：调解不成，引导诉讼）"),
    ]
    told = dispute.events.get(kind="registered")
    assert (told.is_late, "原编号 太调2022-2。" in told.detail, "原台账调解员 某调解员。" in told.detail) == (True,) * 3
    assert Dispute.objects.get(code="TP2203-0002").handler == mediator_of_taiping


@pytest.mark.parametrize("why", ["last day", "closed by hand"])
def test_what_still_runs_is_not_given_to_who_takes_on_nothing_more(write, mediator_of_taiping, why):
    if why == "last day":
        staff = Staff.objects.create(name="黎桂生", name_initials="lgs", user=mediator_of_taiping)
        TeamMembership.objects.create(
            staff=staff, town_id=TAIPING, town_code=TAIPING, role="mediator", since=date(2023, 3, 30), recorded_at=NOW,
            until=TODAY, ended_recorded_at=NOW,
        )  # fmt: skip
    else:
        User.objects.filter(pk=mediator_of_taiping.pk).update(is_active=False)
    running = list(GOOD[4])
    running[13] = "黎桂生"
    write(GOOD[0], running)
    closed, open_one = Dispute.objects.order_by("registered_on")
    assert (closed.handler, open_one.handler) == (mediator_of_taiping, None)
    assert "原台账调解员 黎桂生。" in open_one.events.get(kind="registered").detail


def test_each_month_is_counted_anew_once(write):
    DirtyBucket.objects.all().delete()
    write(*GOOD)
    marks = sorted(DirtyBucket.objects.values_list("town_code", "month"))
    months = [date(2022, 3, 1), date(2022, 5, 1), date(2022, 6, 1), date(2022, 7, 1), date(2023, 9, 1)]
    assert marks == [(TAIPING, month) for month in months]


def test_one_audit_row_with_counts_and_no_name_of_anybody(write, officer_of_taiping):
    kept = write(*GOOD, *BAD, skip=True)
    entry = AuditEntry.objects.get(action="dispute.import")
    assert (entry.actor, entry.subject_id, entry.division_code) == (officer_of_taiping, str(kept.pk), TAIPING)
    assert {name: entry.detail[name] for name in ("rows", "written", "rejected", "late", "months")} == {
        "rows": 7, "written": 5, "rejected": 2, "late": 4, "months": 5,
    }  # fmt: skip
    assert AuditEntry.objects.filter(action="dispute.register").count() == 0


def test_what_runs_is_judged_and_a_threat_is_told_at_once(write):
    threat = list(GOOD[4])
    threat[11] = "对方扬言今晚就拿刀砍死我全家。"
    closed = list(GOOD[0])
    closed[11] = "对方扬言今晚就拿刀砍死我全家，已经调好。"
    write(threat, closed)
    flag = RiskFlag.objects.get()
    assert (flag.dispute.code, flag.dispute.risk, flag.level) == ("TP2309-0001", "high", "high")
    assert Dispute.objects.get(code="TP2203-0001").risk == "low"


# ── all or nothing, and twice ────────────────────────────────────────────────
def test_with_one_bad_row_nothing_is_written_unless_it_is_left(bring, officer_of_taiping):
    kept = bring(*GOOD, *BAD)
    assert figures(kept) == (5, 0, 2)
    with pytest.raises(Refused, match="有 2 件还不能写入，一件也没有写。"):
        uploads.apply_ledger(import_id=kept.pk, shown=kept.fingerprint, skip=False, by=officer_of_taiping)
    assert Dispute.objects.count() == 0


def test_a_failure_half_way_leaves_nothing(bring, officer_of_taiping, monkeypatch):
    kept = bring(*GOOD)

    def broken(*_):
        raise ValueError("broken")

    monkeypatch.setattr(ledger_writing, "_event_rows", broken)
    with pytest.raises(Refused):
        uploads.apply_ledger(import_id=kept.pk, shown=kept.fingerprint, skip=False, by=officer_of_taiping)
    kept.refresh_from_db()
    assert (Dispute.objects.count(), Party.objects.count(), kept.state) == (0, 0, "previewed")
    assert "系统出错了" in kept.trouble


@pytest.mark.parametrize("again", ["the same", "another format", "another order of columns"])
def test_the_same_rows_again_change_nothing(again, write, bring, officer_of_taiping):
    write(*GOOD)
    before = (Dispute.objects.count(), DisputeEvent.objects.count(), Party.objects.count())
    data = {"the same": xlsx(*GOOD), "another format": csv(*GOOD), "another order of columns": _turned()}[again]
    kept = bring(data=data, name="台账.csv" if again == "another format" else "台账.xlsx")
    assert figures(kept) == (0, 5, 0)
    with pytest.raises(Refused, match="没有要写入的"):
        uploads.apply_ledger(import_id=kept.pk, shown=kept.fingerprint, skip=False, by=officer_of_taiping)
    assert (Dispute.objects.count(), DisputeEvent.objects.count(), Party.objects.count()) == before


def _turned() -> bytes:
    return xlsx(*([*reversed(row)] for row in GOOD), header=[*reversed(HEADER)])


def test_rows_mended_later_join_those_already_there(write, bring):
    write(*GOOD, *BAD, skip=True)
    mended = list(BAD[0])
    mended[2] = "2022-04-01"
    assert figures(bring(*GOOD, mended, BAD[1])) == (1, 5, 1)


def test_the_same_row_twice_in_a_file_is_written_once(bring):
    kept = bring(GOOD[0], GOOD[0])
    assert figures(kept) == (1, 1, 0)
    assert "和第 3 行是同一件" in uploads.outlook_of(kept)["found"][1][4][0][1]


def test_a_dispute_registered_by_hand_is_pointed_at(bring, register, mediator_of_taiping):
    party = PartyData(side="applicant", name="示例甲", phone="13800000001")
    register(mediator_of_taiping, on=date(2022, 3, 5), parties=(party,))
    (row,) = uploads.outlook_of(bring(GOOD[0]))["found"]
    assert row[4] == [["applicant", "台账里同一天、同一申请人已有 TP2203-0001，请看是不是同一件。", False]]


def test_what_was_written_meanwhile_is_a_conflict(bring, officer_of_taiping):
    first, second = bring(*GOOD), bring(*GOOD[:4])
    uploads.apply_ledger(import_id=first.pk, shown=first.fingerprint, skip=False, by=officer_of_taiping)
    for shown in (second.fingerprint, "another"):
        with pytest.raises(Conflict, match="核对以后台账有了变化"):
            uploads.apply_ledger(import_id=second.pk, shown=shown, skip=False, by=officer_of_taiping)
    second.refresh_from_db()
    assert (second.state, Dispute.objects.count()) == ("previewed", 5)


# ── kept ─────────────────────────────────────────────────────────────────────
def test_the_file_lies_encrypted_and_is_wiped_when_it_is_written(bring, officer_of_taiping):
    kept = bring(*GOOD)
    with connection.cursor() as cursor:
        cursor.execute("SELECT content, outlook FROM disputes_ledgerimport")
        assert all(cell.startswith("v1:k1:") for cell in cursor.fetchone())
    uploads.apply_ledger(import_id=kept.pk, shown=kept.fingerprint, skip=False, by=officer_of_taiping)
    kept.refresh_from_db()
    assert (kept.state, kept.content, kept.outlook) == ("applied", "", "")


def test_after_seven_days_nothing_of_the_file_is_left(bring):
    kept = bring(*GOOD)
    with time_machine.travel(NOW + timedelta(days=7, minutes=1), tick=False):
        tasks.tidy_ledgers()
    kept.refresh_from_db()
    assert (kept.state, kept.content, kept.outlook) == ("expired", "", "")


def test_the_towns_columns_are_remembered_for_the_next_file(bring, town, officer_of_taiping):
    kept = bring(*GOOD)
    mapping = {**kept.columns, "年龄": "note"}
    uploads.map_ledger(import_id=kept.pk, mapping=mapping, village="", source="grid", by=officer_of_taiping)
    again = uploads.take_ledger(data=xlsx(*GOOD[:1]), file_name="b.xlsx", town=town, by=officer_of_taiping)
    assert uploads.outlook_of(again)["proposed"]["年龄"] == "note"


@pytest.mark.parametrize(("is_written", "proposed"), [(True, ""), (False, "village")])
def test_a_column_left_out_is_remembered_of_a_file_that_was_written(
    is_written, proposed, bring, town, officer_of_taiping
):
    kept, village = bring(*GOOD), f"{TAIPING}001"
    without = {**kept.columns, "村（居）": ""}
    kept = uploads.map_ledger(
        import_id=kept.pk, mapping=without, village=village, source="visit", by=officer_of_taiping
    )
    if is_written:
        uploads.apply_ledger(import_id=kept.pk, shown=kept.fingerprint, skip=False, by=officer_of_taiping)
    again = uploads.take_ledger(data=xlsx(*GOOD[:1]), file_name="b.xlsx", town=town, by=officer_of_taiping)
    assert uploads.outlook_of(again)["proposed"]["村（居）"] == proposed


@pytest.mark.parametrize("who", ["mediator_of_taiping", "mediator_of_shuangdong", "justice_officer", "admin"])
def test_only_the_officer_of_the_town_brings_a_ledger_in(who, cast, town):
    with pytest.raises(NotAllowed):
        uploads.take_ledger(data=xlsx(*GOOD), file_name="a.xlsx", town=town, by=cast[who])


# ── a large one ──────────────────────────────────────────────────────────────
def test_a_large_one_is_checked_and_written_by_the_worker(bring, officer_of_taiping, monkeypatch):
    monkeypatch.setattr(uploads, "SMALL_ROWS", 2)
    kept = bring(*GOOD)
    assert kept.state == "checking"
    outbox.run_waiting()
    kept.refresh_from_db()
    assert (kept.state, figures(kept)) == ("previewed", (5, 0, 0))
    assert uploads.apply_ledger(import_id=kept.pk, shown=kept.fingerprint, skip=False, by=officer_of_taiping) is None
    assert OutboxEvent.objects.filter(done_at=None).get().task == "disputes.apply_ledger"
    outbox.run_waiting()
    kept.refresh_from_db()
    assert (kept.state, Dispute.objects.count()) == ("applied", 5)
    told = Notification.objects.filter(recipient=officer_of_taiping, text__startswith="台账")
    assert sorted(told.values_list("text", flat=True)) == [
        "台账「台账.xlsx」已写入台账，5 件。",
        "台账「台账.xlsx」核对好了，共 5 件。",
    ]


def test_three_dead_workers_give_it_back(bring, officer_of_taiping, monkeypatch):
    monkeypatch.setattr(uploads, "SMALL_ROWS", 2)
    kept = bring(*GOOD)
    for minutes in range(4):
        with time_machine.travel(NOW + timedelta(minutes=minutes), tick=False):
            ledger_imports.begin_check(kept.pk)
    kept.refresh_from_db()
    assert (kept.state, "试了 3 次" in kept.trouble) == ("failed", True)


def test_queries_do_not_grow_with_the_rows(write):
    asked = []
    for year, many in ((2021, 3), (2022, 20)):
        rows = [
            [str(number), "", f"{year}-03-{number:02}", "太平社区", "邻里", "", f"示例{number}", "", "", "", "",
             f"第{number}件。", "", "", "调解成功", f"{year}-04-01", ""]
            for number in range(1, many + 1)
        ]  # fmt: skip
        with CaptureQueriesContext(connection) as queries_of_one:
            write(*rows)
        asked.append(len(queries_of_one))
    assert asked[1] <= asked[0]  # the first one also makes the head of the audit chain


# ── on the command line ──────────────────────────────────────────────────────
def run(tmp_path, *rows, **options) -> dict:
    path = tmp_path / "台账.xlsx"
    path.write_bytes(xlsx(*rows))
    out = StringIO()
    call_command("import_disputes", str(path), json=True, stdout=out, **options)
    return json.loads(out.getvalue())


def test_the_command_writes_and_says_what_it_did(tmp_path, town, db):
    dry = run(tmp_path, *GOOD, town=TAIPING, dry_run=True)
    assert (dry["applied"], dry["created"], Dispute.objects.count()) == (False, 5, 0)
    assert run(tmp_path, *GOOD, town=TAIPING)["applied"] is True
    again = run(tmp_path, *GOOD, town=TAIPING)
    assert (again["applied"], again["created"], again["unchanged"], Dispute.objects.count()) == (False, 0, 5, 5)


def test_the_command_refuses_bad_rows_with_exit_1_and_bad_files_with_exit_2(tmp_path, town, officer_of_taiping):
    with pytest.raises(DataRefused) as refused:
        run(tmp_path, *GOOD, *BAD, by="officer_of_taiping")
    assert (refused.value.exit_code, refused.value.payload["rejected"], Dispute.objects.count()) == (1, 2, 0)
    with pytest.raises(UnusableInput) as unusable:
        run(tmp_path, *GOOD, town="445381999")
    assert unusable.value.exit_code == 2
    assert run(tmp_path, *GOOD, *BAD, by="officer_of_taiping", skip_invalid=True)["created"] == 5


def test_the_command_acts_with_the_rights_of_who_is_named(tmp_path, town, mediator_of_taiping):
    with pytest.raises(UnusableInput, match="不能导入这份台账"):
        run(tmp_path, *GOOD, town=TAIPING, by="mediator_of_taiping")
