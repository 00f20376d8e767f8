"""The commands of core as an administrator meets them."""

import json
from datetime import timedelta

import pytest
import time_machine
from django.core.management import CommandError, call_command
from django.db import connection
from django.utils import timezone

from core import append_only, config_checks, invariants, queries
from core.actions import audit, files, outbox
from core.choices import Level, ReminderStage, Role
from core.models import (
    AuditEntry,
    CalendarYear,
    Deadline,
    DeadlineRule,
    Division,
    OutboxEvent,
    Reminder,
    SweepRun,
    User,
)
from tests.conftest import TAIPING

pytestmark = pytest.mark.django_db


@pytest.fixture
def run(capsys):
    """run("due_date", …) → (exit code, the JSON it printed)."""

    def run_one(*arguments: str) -> tuple[int, dict]:
        try:
            call_command(*arguments, "--json")
            code = 0
        except CommandError as refused:
            code = refused.returncode
        return code, json.loads(capsys.readouterr().out)

    return run_one


# ── due_date ─────────────────────────────────────────────────────────────────
GOLDEN_WEEK = [f"2026-10-0{day}" for day in range(1, 8)]


@pytest.mark.usefixtures("reference_data")
class TestDueDate:
    def test_it_answers_as_the_contract_says(self, run):
        assert run("due_date", "confirm_apply", "2026-09-01") == (
            0,
            {
                "rule": "confirm_apply",
                "base": "2026-09-01",
                "raw": "2026-10-01",
                "due": "2026-10-08",
                "basis": "人民调解法第33条；民事诉讼法（2023年修正）第205条",
                "skipped": GOLDEN_WEEK,
                "calendar_published": True,
            },
        )

    @pytest.mark.parametrize(
        ("rule", "base", "raw", "due"),
        [
            ("confirm_apply", "2026-01-16", "2026-02-15", "2026-02-24"),
            ("confirm_apply", "2026-01-15", "2026-02-14", "2026-02-14"),
            ("confirm_apply", "2026-08-21", "2026-09-20", "2026-09-20"),
            ("confirm_decide", "2026-04-16", "2026-05-01", "2026-05-06"),
            ("confirm_accept", "2026-09-28", "2026-10-01", "2026-10-08"),
            ("confirm_decide_max", "2026-08-26", "2026-09-25", "2026-09-28"),
            ("confirm_objection_third", "2026-04-04", "2026-10-04", "2026-10-08"),
            ("enforce_apply", "2024-10-01", "2026-10-01", "2026-10-08"),
            ("entrust_pre", "2026-09-01", "2026-10-01", "2026-10-01"),
            ("entrust_post_ordinary", "2026-04-16", "2026-05-01", "2026-05-01"),
            ("online_accept", "2026-09-24", "2026-09-30", "2026-09-30"),
            ("online_choose", "2026-09-30", "2026-10-09", "2026-10-09"),
            ("online_accept", "2026-02-13", "2026-02-25", "2026-02-25"),
        ],
    )
    def test_it_counts_each_kind_of_period(self, run, rule, base, raw, due):
        code, shown = run("due_date", rule, base)

        assert (code, shown["raw"], shown["due"]) == (0, raw, due)

    def test_as_of_chooses_the_version(self, run):
        assert run("due_date", "confirm_apply", "2023-12-20")[1]["basis"].endswith("（2021年修正）第201条")
        assert run("due_date", "confirm_apply", "2023-12-20", "--as-of", "2024-01-05")[1]["basis"].endswith(
            "（2023年修正）第205条"
        )

    def test_a_count_into_an_unpublished_year_says_so(self, run):
        assert run("due_date", "confirm_apply", "2026-12-02")[1]["calendar_published"] is False

    def test_a_day_outside_every_version_names_the_versions(self, run):
        code, shown = run("due_date", "online_accept", "2021-12-31")

        assert code == 2
        assert shown["versions"] == [
            {"valid_from": "2022-01-01", "valid_to": None, "basis": "法释〔2021〕23号（在线调解）第12条"}
        ]

    def test_an_unknown_rule_names_the_known_ones(self, run):
        code, shown = run("due_date", "confirm", "2026-09-01")

        assert (code, "confirm_apply" in shown["rules"]) == (2, True)

    @pytest.mark.parametrize("text", ["2026-9-1", "20260901", "2026-02-30", "2026年9月1日", "", "\uff12026-09-01"])
    def test_what_is_no_date_is_unusable(self, run, text):
        assert run("due_date", "confirm_apply", text)[0] == 2

    def test_a_date_at_the_end_of_time_is_unusable(self, run):
        assert run("due_date", "enforce_apply", "9998-12-31")[0] == 2

    def test_a_rule_that_is_off_is_refused(self, run):
        code, shown = run("due_date", "no_objection_plan", "2026-09-01")

        assert (code, "已停用" in shown["error"]) == (1, True)

    def test_a_day_the_court_sets_is_not_counted(self, run):
        code, shown = run("due_date", "confirm_supplement", "2026-09-01")

        assert (code, "由法院指定" in shown["error"]) == (1, True)

    def test_without_json_it_speaks_chinese(self, capsys):
        call_command("due_date", "confirm_decide", "2026-12-20")

        assert capsys.readouterr().out.splitlines() == [
            "作出司法确认裁定：最后一日 2027-01-04",
            "依据 法释〔2011〕5号第5条，自 2026-12-20 次日起算",
            "其中有年份的放假安排没有公布，按周末和固定节日推算",
            "可能已由民事诉讼法第187条的三十日取代，两个期限并列显示",
        ]

    def test_what_was_skipped_is_said(self, capsys):
        call_command("due_date", "confirm_apply", "2026-09-01")

        assert capsys.readouterr().out.splitlines()[2] == "原届满日 2026-10-01，跳过 7 个休息日"


# ── sweep ────────────────────────────────────────────────────────────────────
@pytest.fixture
def on_the_day():
    """26 November 2026, a Thursday, before the hours in which reminders go out."""
    with time_machine.travel("2026-11-26T08:00+08:00"):
        yield


@pytest.fixture
def due_today(reviewing_judge, calendar_2026, on_the_day) -> Deadline:
    rule = DeadlineRule.objects.create(key="any", title="任一", unit="set", certainty="V", valid_from="2011-01-01")
    return Deadline.objects.create(
        kind="any", title="任一", subject_label="core.division", subject_id=TAIPING, town_code=TAIPING, rule=rule,
        base_event_on="2026-11-01", due_on="2026-11-26", raw_due_on="2026-11-26", responsible=reviewing_judge,
        started_at=timezone.now(),
    )  # fmt: skip


def test_a_sweep_at_a_moment_reminds_once(run, due_today):
    first, second = run("sweep", "--at", "2026-11-26T09:00"), run("sweep", "--at", "2026-11-26T09:00")

    assert first == (0, {"at": "2026-11-26T09:00:00+08:00", "created": 1, "sent": 1, "voided": 0})
    assert second == (0, {"at": "2026-11-26T09:00:00+08:00", "created": 0, "sent": 0, "voided": 0})
    assert Reminder.objects.get().stage == ReminderStage.DUE


@pytest.mark.parametrize(
    ("text", "at"),
    [
        ("2026-11-26", "2026-11-26T00:00:00+08:00"),
        ("2026-11-26 09:00", "2026-11-26T09:00:00+08:00"),
        ("2026-11-26T01:00:00+00:00", "2026-11-26T09:00:00+08:00"),
    ],
)
def test_a_moment_is_shanghai_time_unless_it_says_otherwise(run, calendar_2026, text, at):
    assert run("sweep", "--at", text)[1]["at"] == at


def test_without_a_moment_it_is_now(run):
    run("sweep")

    assert timezone.now() - SweepRun.objects.get().at < timedelta(minutes=1)


def test_what_is_no_moment_is_unusable(run):
    assert run("sweep", "--at", "morgen")[0] == 2


def test_without_json_a_sweep_says_what_it_did(capsys, due_today):
    call_command("sweep", "--at", "2026-11-26T08:00")

    assert capsys.readouterr().out == "2026-11-26 08:00 扫描：新提醒 1 条，发出 0 条，作废 0 条。\n"


# ── load_reference ───────────────────────────────────────────────────────────
def test_reference_data_of_every_app_is_loaded_and_audited(run):
    code, shown = run("load_reference")

    assert (code, shown["loaded"][0]) == (0, "行政区划 362 个")
    assert DeadlineRule.objects.filter(key="confirm_apply").count() == 3
    assert AuditEntry.objects.get(action="reference.load").actor_name == "命令行"


# ── create_admin ─────────────────────────────────────────────────────────────
def test_the_first_admin_gets_a_password_that_must_be_changed(run):
    code, shown = run("create_admin", "boss", "--name", "区某")

    user = User.objects.get(username="boss")
    assert (code, user.check_password(shown["password"]), user.must_change_password) == (0, True, True)
    assert (user.role, user.is_staff, user.name) == (Role.ADMIN, True, "区某")
    entry = AuditEntry.objects.get(action="account.create")
    assert (entry.subject_id, shown["password"] in json.dumps(entry.detail)) == (str(user.pk), False)


@pytest.mark.parametrize("username", ["ADMIN", "a b", "", "x" * 151])
def test_a_name_in_use_or_unusable_is_refused(run, admin, username):
    code, _ = run("create_admin", username)

    assert (code, User.objects.filter(role=Role.ADMIN).exclude(username="system").count()) == (1, 1)


def test_without_json_the_password_is_shown_once(capsys):
    call_command("create_admin", "boss")

    assert "只显示这一次" in capsys.readouterr().out


# ── check_config ─────────────────────────────────────────────────────────────
@pytest.fixture
def healthy(db, reference_data, settings):
    """An installation that lacks nothing."""
    append_only.install(connection)
    settings.DEMO = settings.DEBUG = False
    settings.SUPERVISOR_USERNAME = "boss"
    settings.AUDIT_ANCHOR_DIR.mkdir()
    settings.MEDIA_ROOT.mkdir()
    User.objects.create_user("boss", role=Role.ADMIN)
    for year in (queries.today().year, queries.today().year + 1):
        CalendarYear.objects.get_or_create(year=year, defaults={"source": "x"})
    SweepRun.objects.create(at=timezone.now(), finished_at=timezone.now())
    yield
    append_only.remove(connection)


def test_a_sound_installation_has_nothing_to_mend(run, healthy, capsys):
    Division.objects.filter(level=Level.TOWN).update(is_statistical_only=True)  # what towns lack is told elsewhere

    assert run("check_config") == (0, {"ok": True, "findings": [], "towns": []})

    call_command("check_config")
    assert capsys.readouterr().out == "没有发现问题。\n"


def spoil_divisions() -> None:
    Division.objects.all()._raw_delete("default")


def spoil_short_code() -> None:
    Division.objects.filter(code=TAIPING).update(short_code=None)


SPOILT = [
    ("divisions_missing", "error", spoil_divisions),
    ("short_code_missing", "error", spoil_short_code),
    ("rules_missing", "error", lambda: DeadlineRule.objects.all().delete()),
    ("admin_missing", "error", lambda: User.objects.filter(username="boss").update(role=Role.COMMITTEE)),
    ("supervisor_missing", "error", lambda: User.objects.filter(username="boss").update(username="other")),
    ("audit_unguarded", "error", lambda: append_only.remove(connection)),
    ("calendar_unpublished", "warning", lambda: CalendarYear.objects.filter(year=queries.today().year).delete()),
    ("sweep_down", "warning", lambda: SweepRun.objects.all().delete()),
]


@pytest.mark.parametrize(("code", "level", "spoil"), SPOILT, ids=[code for code, *_ in SPOILT])
def test_what_is_missing_is_named(run, healthy, code, level, spoil):
    spoil()

    left, shown = run("check_config")

    assert [(finding["code"], finding["level"]) for finding in shown["findings"]] == [(code, level)]
    assert (left, shown["ok"]) == ((1, False) if level == "error" else (0, True))


def test_settings_that_are_wrong_are_named(run, healthy, settings):
    settings.DEMO = settings.DEBUG = True
    in_the_way = settings.MEDIA_ROOT / "a file"
    in_the_way.touch()
    settings.AUDIT_ANCHOR_DIR, settings.MEDIA_ROOT = in_the_way / "anchors", in_the_way / "media"

    codes = {finding.code for finding in config_checks.findings()}

    assert codes == {"demo_mode", "debug_on", "anchors_unwritable", "media_unwritable"}


def test_errors_come_first(healthy, settings):
    settings.DEMO = settings.DEBUG = True

    assert [finding.level for finding in config_checks.findings()] == ["error", "warning"]


# ── check_invariants ─────────────────────────────────────────────────────────
def test_untouched_data_is_sound(run, court_clerk, due_today):
    audit.record("x", by=court_clerk)
    files.store_bytes(data=b"x", name="a.txt", content_type="text/plain", by=court_clerk)
    outbox.enqueue("core.sweep")

    assert run("check_invariants") == (0, {"ok": True, "broken": []})


def break_audit(clerk, deadline) -> None:
    audit.record("x", by=clerk)
    AuditEntry.objects.update(action="y")


def break_reminder(clerk, deadline) -> None:
    Deadline.objects.update(due_on="2020-01-02", raw_due_on="2020-01-02")


def break_file(clerk, deadline) -> None:
    stored = files.store_bytes(data=b"x", name="a.txt", content_type="text/plain", by=clerk)
    files.default_storage.delete(stored.path)


def break_outbox(clerk, deadline) -> None:
    outbox.enqueue("core.sweep")
    OutboxEvent.objects.update(created_at=timezone.now() - timedelta(hours=3))


@pytest.mark.parametrize("breaking", [break_audit, break_reminder, break_file, break_outbox])
def test_every_broken_invariant_is_named(run, court_clerk, due_today, breaking):
    breaking(court_clerk, due_today)

    code, shown = run("check_invariants")

    assert (code, [each["code"] for each in shown["broken"]]) == (1, [breaking.__name__.removeprefix("break_")])
    assert len(invariants.broken()) == 1


def test_without_json_sound_data_is_said_to_be_so(capsys):
    call_command("check_invariants")

    assert capsys.readouterr().out == "都对得上。\n"
