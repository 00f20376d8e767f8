"""The contract of `manage.py compliance`: one JSON object, files, exit codes 0, 1 and 2."""

import io
import json
from datetime import date, timedelta

import pytest
from django.core.management import call_command
from docx import Document
from openpyxl import load_workbook

from core.management.contract import DataRefused, UnusableInput
from core.queries import today
from reports import reference
from tests.conftest import FENJIE, HUASHI, SHUANGDONG, TAIPING

MAY_18 = date(2023, 5, 18)


@pytest.fixture
def built(point, build) -> None:
    """太平镇 built on 2023-05-18, the other three towns not; the targets loaded."""
    build(point, MAY_18)
    reference.load(lambda line: None)


def run(*arguments: str, err: io.StringIO | None = None) -> dict:
    out = io.StringIO()
    call_command("compliance", *arguments, stdout=out, stderr=err or io.StringIO())
    return json.loads(out.getvalue())


def test_json_tells_the_targets_and_every_town(built):
    answer = run("--as-of", "2023-06-30", "--format", "json")

    june = next(target for target in answer["targets"] if target["metric"] == "points_built")
    assert {key: june[key] for key in ("goal", "due_on", "value", "numerator", "denominator", "state")} == {
        "goal": 100.0,
        "due_on": "2023-06-30",
        "value": 25.0,
        "numerator": 1,
        "denominator": 4,
        "state": "open",
    }
    assert answer["as_of"] == "2023-06-30"
    assert [(town["code"], town["name"], town["built"], town["missing"]) for town in answer["towns"]] == [
        (SHUANGDONG, "双东街道", False, ["office", "plaque", "officer", "rules"]),
        (TAIPING, "太平镇", True, []),
        (FENJIE, "分界镇", False, ["office", "plaque", "officer", "rules"]),
        (HUASHI, "华石镇", False, ["office", "plaque", "officer", "rules"]),
    ]


def test_a_target_without_a_goal_is_unknown_and_says_so_with_null(built):
    rate = next(t for t in run("--as-of", "2023-06-30")["targets"] if t["metric"] == "resolution_rate")

    assert (rate["goal"], rate["value"], rate["state"]) == (None, None, "unknown")


def test_one_town_is_judged_by_itself(built):
    answer = run("--as-of", "2023-06-30", "--town", TAIPING)

    assert [town["team"]["liaison_officer"] for town in answer["towns"]] == [1]
    assert next(t for t in answer["targets"] if t["metric"] == "points_built")["state"] == "met"


def test_known_on_an_earlier_day_nothing_was_built(built):
    answer = run("--as-of", "2023-06-30", "--known-on", "2023-05-17", "--town", TAIPING)

    assert (answer["known_on"], answer["towns"][0]["built"]) == ("2023-05-17", False)


def test_the_default_day_is_today(built):
    assert run()["as_of"] == today().isoformat()


def test_the_workbook_holds_targets_and_towns(built, tmp_path):
    path = tmp_path / "out.xlsx"
    answer = run("--as-of", "2023-06-30", "--format", "xlsx", "--output", str(path))

    book = load_workbook(path)
    assert (answer["file"], book.sheetnames) == (str(path), ["目标", "各镇（街）"])
    assert [row[1] for row in book["各镇（街）"].iter_rows(min_row=3, values_only=True)] == [
        "双东街道",
        "太平镇",
        "分界镇",
        "华石镇",
    ]


def test_the_word_file_names_every_town_and_definition(built, tmp_path):
    path = tmp_path / "out.docx"
    run("--as-of", "2023-06-30", "--format", "docx", "--output", str(path))

    document = Document(str(path))
    towns = [row.cells[1].text for row in document.tables[1].rows]
    assert towns == ["镇（街）", "双东街道", "太平镇", "分界镇", "华石镇"]
    assert "自报未核验的另列，不计入" in "".join(paragraph.text for paragraph in document.paragraphs)


@pytest.mark.parametrize("kind", ["xlsx", "docx"])
def test_without_a_name_the_file_stands_in_the_current_folder_and_is_told(built, tmp_path, monkeypatch, kind):
    monkeypatch.chdir(tmp_path)
    told = io.StringIO()

    answer = run("--as-of", "2023-06-30", "--format", kind, err=told)

    written = tmp_path.resolve() / f"compliance-2023-06-30.{kind}"
    assert (answer["file"], answer["bytes"]) == (str(written), written.stat().st_size)
    assert told.getvalue() == f"已写到 {written}\n"


def test_a_file_that_is_there_is_left_alone_unless_told_otherwise(built, tmp_path):
    path = tmp_path / "out.docx"
    path.write_bytes(b"mine")
    words = ("--as-of", "2023-06-30", "--format", "docx", "--output", str(path))

    with pytest.raises(UnusableInput, match="已经有了，没有覆盖") as refused:
        run(*words)

    assert (refused.value.returncode, path.read_bytes()) == (2, b"mine")
    assert run(*words, "--overwrite")["bytes"] == path.stat().st_size


def test_an_output_for_json_is_refused_instead_of_forgotten(built, tmp_path):
    with pytest.raises(UnusableInput, match="json 直接打印"):
        run("--output", str(tmp_path / "out.json"))


@pytest.mark.parametrize(
    "arguments",
    [
        ["--as-of", "2023-13-01"],
        ["--as-of", "30.06.2023"],
        ["--as-of", (today() + timedelta(days=2)).isoformat()],
        ["--town", "445381"],
        ["--format", "pdf"],
        ["--format", "xlsx", "--output", "/no/such/folder/x.xlsx"],
    ],
    ids=["no such month", "another notation", "after tomorrow", "a county", "unknown format", "no such folder"],
)
def test_unusable_arguments_are_exit_2(arguments, built):
    with pytest.raises(UnusableInput) as refused:
        run(*arguments)

    assert refused.value.returncode == 2


def test_without_towns_it_is_exit_1(db):
    with pytest.raises(DataRefused, match="还没有镇（街）") as refused:
        run()

    assert refused.value.returncode == 1


def test_without_targets_it_is_exit_1(divisions):
    with pytest.raises(DataRefused, match="还没有目标") as refused:
        run()

    assert refused.value.returncode == 1
