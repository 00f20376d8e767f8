"""`import_roster`: the contract that scripts lean on."""

import json
import re
from datetime import date
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from core.models import AuditEntry
from core.queries import system_user
from roster.models import RosterImport, Staff, TeamMembership
from tests.conftest import FENJIE, TAIPING
from tests.roster.bad_workbooks import BAD
from tests.roster.workbooks import DATA, person, roster, xls, xlsx

FENJIE_FILE, HUASHI_FILE = DATA / "roster_fenjie.xlsx", DATA / "roster_huashi_messy.xlsx"
KEYS = ["applied", "rows", "created", "updated", "unchanged", "issues", "staff"]
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("divisions", "_clock")]


@pytest.fixture
def file(tmp_path):
    """file(data, name) → its path."""

    def make(data: bytes, name: str = "名单.xlsx"):
        path = tmp_path / name
        path.write_bytes(data)
        return path

    return make


def run(*arguments) -> tuple[int, str]:
    """Exit code and standard output."""
    out = StringIO()
    try:
        call_command("import_roster", *map(str, arguments), stdout=out, stderr=StringIO())
    except CommandError as error:
        return error.returncode, out.getvalue()
    return 0, out.getvalue()


def run_json(*arguments) -> tuple[int, dict]:
    """Exit code and the one object printed."""
    code, out = run(*arguments, "--json")
    return code, json.loads(out)


def codes(payload) -> list[tuple[int | None, str | None, str, str]]:
    return [(issue["row"], issue["column"], issue["severity"], issue["code"]) for issue in payload["issues"]]


def test_fenjie_is_written_and_told_in_full():
    code, told = run_json(FENJIE_FILE, "--town", FENJIE)
    assert code == 0
    assert list(told) == KEYS
    assert [told[key] for key in KEYS[:6]] == [True, 10, 10, 0, 0, []]
    assert told["staff"][3] == {
        "row": 7,
        "name": "测卯四",
        "sex": "女",
        "born": "1969-10",
        "role": "mediator",
        "mediator_kind": "village_cadre",
        "town": FENJIE,
        "towns": [FENJIE],
    }
    assert told["staff"][0]["mediator_kind"] is None
    assert TeamMembership.objects.filter(town_code=FENJIE, since=date(2023, 9, 20)).count() == 10


def test_a_second_run_changes_nothing():
    run(FENJIE_FILE, "--town", FENJIE)
    code, told = run_json(FENJIE_FILE, "--town", FENJIE)
    assert (code, told["created"], told["updated"], told["unchanged"]) == (0, 0, 0, 10)


def test_a_dry_run_tells_what_would_happen_and_saves_nothing():
    code, told = run_json(FENJIE_FILE, "--town", FENJIE, "--dry-run")
    assert (code, told["applied"], told["created"]) == (0, False, 10)
    assert (Staff.objects.count(), RosterImport.objects.count(), AuditEntry.objects.count()) == (0, 0, 0)


def test_huashi_is_refused_with_exit_1_and_nothing_is_saved():
    code, told = run_json(HUASHI_FILE)
    assert (code, told["applied"], told["rows"], told["created"]) == (1, False, 8, 0)
    assert codes(told) == [
        (5, "身份证号码", "error", "id_checksum"),
        (6, "联系电话", "error", "phone_invalid"),
        (8, "姓名", "error", "name_missing"),
    ]
    assert [person["row"] for person in told["staff"]] == [4, 7, 9, 10, 11]
    assert (Staff.objects.count(), RosterImport.objects.count()) == (0, 0)


def test_a_dry_run_of_a_bad_file_is_refused_as_the_real_one_would_be():
    code, told = run_json(HUASHI_FILE, "--dry-run")
    assert (code, told["applied"], told["created"]) == (1, False, 0)


def test_skip_invalid_writes_the_rest_and_still_lists_the_errors():
    code, told = run_json(HUASHI_FILE, "--skip-invalid")
    assert (code, told["applied"], told["created"], len(told["issues"])) == (0, True, 5, 3)


def test_since_is_the_first_day_of_new_terms():
    assert run(FENJIE_FILE, "--town", FENJIE, "--since", "2023-03-30")[0] == 0
    assert set(TeamMembership.objects.values_list("since", flat=True)) == {date(2023, 3, 30)}


def test_by_names_who_acts(officer_of_taiping, file):
    path = file(roster(person(1)))
    assert run(path, "--town", TAIPING, "--by", "officer_of_taiping")[0] == 0
    assert AuditEntry.objects.get(action="roster.import").actor == officer_of_taiping


def test_without_by_the_command_line_acts_and_is_audited(file):
    run(file(roster(person(1))), "--town", TAIPING)
    entry = AuditEntry.objects.get(action="roster.import")
    assert (entry.actor_name, entry.actor) == ("命令行", system_user())


@pytest.mark.parametrize(
    "arguments",
    [
        ["--town", "445381999"],
        ["--town", "太平镇"],
        ["--since", "昨天"],
        ["--since", "20230330"],
        ["--since", "2023-09-21"],
        ["--by", "nobody"],
    ],
    ids=" ".join,
)
def test_an_unusable_argument_is_exit_2(arguments):
    code, told = run_json(FENJIE_FILE, *arguments)
    assert (code, "error" in told) == (2, True)
    assert Staff.objects.count() == 0


def test_somebody_without_the_right_is_exit_2(mediator_of_taiping, file):
    code, told = run_json(file(roster(person(1))), "--by", "mediator_of_taiping")
    assert (code, told["applied"], Staff.objects.count()) == (2, False, 0)


@pytest.mark.parametrize(
    ("data", "name", "code"),
    [
        (b"PK\x03\x04 truncated", "a.xlsx", "file_unreadable"),
        (b"<html><table></table></html>", "a.xls", "file_unreadable"),
        (xlsx([["x"]]), "a.xlsx", "header_missing"),
        (xls([["姓名", "电话", "性别"], ["测一", "1", "男"]]), "a.xls", "header_missing"),
    ],
    ids=["truncated", "html", "no header", "no id column"],
)
def test_an_unusable_file_is_exit_2_with_its_code_at_no_cell(file, data, name, code):
    exit_code, told = run_json(file(data, name))
    assert exit_code == 2
    assert (None, None, "error", code) in codes(told)


@pytest.mark.parametrize("wrong", BAD)
def test_a_bad_file_is_exit_2_with_one_sentence_and_nothing_saved(file, wrong):
    data, name, expected = BAD[wrong]()
    exit_code, told = run_json(file(data, name))
    errors = [issue for issue in told["issues"] if issue["severity"] == "error"]
    assert (exit_code, [*told], told["applied"], told["rows"]) == (2, [*KEYS, "error"], False, 0)
    assert {(issue["row"], issue["column"], issue["code"]) for issue in errors} == {(None, None, expected)}
    assert re.fullmatch("[^a-z]*[\u4e00-\u9fff].*。", told["error"].replace(".xls", ""))
    assert (Staff.objects.count(), RosterImport.objects.count(), AuditEntry.objects.count()) == (0, 0, 0)


def test_a_refusal_says_what_to_do_next(file):
    code, out = run(file(BAD["a password on .xls"]()[0], "名单.xls"))
    assert (code, out) == (2, "")
    with pytest.raises(CommandError, match="文件有密码，打不开。请去掉密码后另存，再上传。"):
        call_command("import_roster", str(file(BAD["a password on .xls"]()[0], "名单.xls")))


def test_a_file_that_is_not_there_is_exit_2(tmp_path):
    code, told = run_json(tmp_path / "nowhere.xlsx")
    assert (code, codes(told)) == (2, [(None, None, "error", "file_unreadable")])


def test_without_json_the_places_are_listed_for_people():
    code, out = run(HUASHI_FILE, "--skip-invalid")
    assert code == 0
    assert out.splitlines()[:2] == [
        "已写入：共 8 行，新增 5 行，不能写入 3 行。",
        "  不能写入　名单　第 5 行　身份证号码　最后一位校验不对，请对照证件再看一遍。（id_checksum）",
    ]
