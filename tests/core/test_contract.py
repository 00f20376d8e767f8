"""The contract of the commands: exit codes, exactly one JSON object, who acts."""

import ast
import inspect
import io
import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.apps import AppConfig, apps
from django.core.management import CommandError, call_command, get_commands, load_command_class
from django.core.management.base import CommandParser
from django.db import DatabaseError

from core import queries
from core.actions import audit
from core.errors import Refused
from core.management import contract
from core.management.contract import ContractCommand, DataRefused, UnusableInput
from core.models import AuditEntry


class Sample(ContractCommand):
    """Does what its one argument says."""

    acts = True

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("what")
        parser.add_argument("--number", type=int)

    def handle(self, *, what: str, **_options: Any) -> None:
        match what:
            case "data":
                raise DataRefused("数据不对。", {"applied": False})
            case "input":
                raise UnusableInput("读不出来。")
            case "action":
                raise Refused("已经办过。", hint="不用再办。")
            case "database":
                raise DatabaseError("no such table")
        audit.record("sample", by=self.actor)
        self.answer({"what": what, "text": "榃滨镇\udcff"}, "办好了。")


class JsonSample(Sample):
    json_only = True


pytestmark = pytest.mark.django_db


def from_shell(*arguments: str, command: type[ContractCommand] = Sample) -> tuple[int, str, str]:
    """Exit code, standard output, standard error of a run from the command line."""
    out, err = io.StringIO(), io.StringIO()
    sample = command(stdout=out, stderr=err, no_color=True)
    try:
        sample.run_from_argv(["manage.py", "sample", *arguments])
        code = 0
    except SystemExit as left:
        code = int(left.code or 0)
    return code, out.getvalue(), err.getvalue()


@pytest.fixture(autouse=True)
def keep_the_connection(monkeypatch):
    """`run_from_argv` closes the connections, which here are the test's own."""
    monkeypatch.setattr("django.core.management.base.connections.close_all", lambda: None)


@pytest.mark.parametrize(
    ("arguments", "code", "out", "err"),
    [
        (["fine"], 0, "办好了。\n", ""),
        (["data"], 1, "", "数据不对。\n"),
        (["input"], 2, "", "读不出来。\n"),
        (["action"], 1, "", "已经办过。不用再办。\n"),
        ([], 2, "", "缺少参数：what。\n"),
        (["fine", "--nu", "1"], 2, "", "不认识的参数：--nu 1。\n"),
        (["fine", "--number", "x"], 2, "", "参数 --number 要写整数，'x' 不是。\n"),
        (["fine", "--by", "nobody"], 2, "", "没有用户名为「nobody」的在用账号。\n"),
        (["database"], 2, "", "数据库现在用不了，或还没有建表。先运行 manage.py migrate，再试一次。\n"),
    ],
)
def test_a_command_leaves_with_its_code_and_says_why(arguments, code, out, err):
    assert from_shell(*arguments) == (code, out, err)


@pytest.mark.parametrize(
    ("arguments", "code", "shown"),
    [
        (["fine"], 0, {"what": "fine", "text": "榃滨镇\udcff"}),
        (["data"], 1, {"error": "数据不对。", "applied": False}),
        (["input"], 2, {"error": "读不出来。"}),
        (["action"], 1, {"error": "已经办过。不用再办。"}),
        (["database"], 2, {"error": "数据库现在用不了，或还没有建表。先运行 manage.py migrate，再试一次。"}),
    ],
)
def test_with_json_one_object_stands_on_standard_output(arguments, code, shown):
    left, out, _ = from_shell(*arguments, "--json")

    found = json.loads(out)
    assert (left, {key: found[key] for key in shown}) == (code, shown)


@pytest.mark.parametrize("arguments", [["--json"], ["fine", "--json", "--what"], ["--json", "fine", "--number", "x"]])
def test_argument_errors_are_json_too(arguments):
    code, out, _ = from_shell(*arguments)

    assert (code, set(json.loads(out))) == (2, {"error", "usage"})


class Promising(Sample):
    """Promises two keys."""

    empty = {"what": None, "rows": []}


@pytest.mark.parametrize(
    ("arguments", "shown"),
    [
        (["fine"], {"what": "fine", "rows": []}),
        (["data"], {"what": None, "rows": [], "error": "数据不对。", "applied": False}),
        (["input"], {"what": None, "rows": [], "error": "读不出来。"}),
        (["action"], {"what": None, "rows": [], "error": "已经办过。不用再办。"}),
        (["fine", "--by", "nobody"], {"what": None, "rows": [], "error": "没有用户名为「nobody」的在用账号。"}),
        ([], {"what": None, "rows": [], "error": "缺少参数：what。"}),
    ],
)
def test_every_exit_has_the_keys_that_the_command_promises(arguments, shown):
    _, out, _ = from_shell(*arguments, "--json", command=Promising)

    found = json.loads(out)
    assert {key: found[key] for key in shown} == shown


def own_commands() -> dict[str, ContractCommand]:
    """Every command of the project, by name."""
    ours = {name: app for name, app in get_commands().items() if app in {config.name for config in own_apps()}}
    return {name: load_command_class(app, name) for name, app in ours.items()}


def own_apps() -> list[AppConfig]:
    return [config for config in apps.get_app_configs() if hasattr(config, "audit_words")]


@pytest.mark.parametrize("name", own_commands())
def test_every_command_promises_keys_and_keeps_them_when_its_arguments_are_wrong(name):
    command = own_commands()[name]
    words = ["--nonsense"] if command.json_only else ["--nonsense", "--json"]

    code, out, _ = from_shell(*words, command=type(command))

    assert code == 2
    assert set(command.empty) == set(json.loads(out)) - {"error", "usage"} != set()


def test_every_command_answers_only_what_it_promises():
    """Keys written where a command answers, against those it promises; what it computes its own test looks at."""
    unpromised = {}
    for name, command in own_commands().items():
        tree = ast.parse(Path(inspect.getfile(type(command))).read_text(encoding="utf-8"))
        dicts = [call.args[0] for call in ast.walk(tree) if _is_answer(call)]
        keys = {key.value for one in dicts if isinstance(one, ast.Dict) for key in one.keys}
        if keys - set(command.empty):
            unpromised[name] = keys - set(command.empty)

    assert unpromised == {}


def _is_answer(node: ast.AST) -> bool:
    return isinstance(node, ast.Call) and getattr(node.func, "attr", "") == "answer" and bool(node.args)


@pytest.mark.parametrize(("arguments", "code"), [(["fine"], 0), (["data"], 1), ([], 2)])
def test_a_command_that_only_speaks_json_always_does(arguments, code):
    left, out, _ = from_shell(*arguments, command=JsonSample)

    assert (left, isinstance(json.loads(out), dict)) == (code, True)


def test_chinese_stays_readable_in_json():
    assert "榃滨镇" in from_shell("fine", "--json")[1]


def test_a_caller_in_python_gets_the_exception_and_the_output():
    out = io.StringIO()

    with pytest.raises(CommandError, match="数据不对") as refusal:
        call_command(Sample(), "data", json=True, stdout=out)

    assert (refusal.value.returncode, json.loads(out.getvalue())["applied"]) == (1, False)


def test_a_caller_in_python_gets_argument_errors_as_exceptions():
    with pytest.raises(CommandError) as refusal:
        call_command(Sample())

    assert refusal.value.returncode == 2


def test_a_caller_in_python_gets_the_answer_in_its_own_stream():
    out = io.StringIO()

    assert call_command(Sample(), "fine", stdout=out) is None
    assert out.getvalue() == "办好了。\n"


def test_without_by_the_actor_is_the_command_line_in_the_systems_name():
    from_shell("fine")

    entry = AuditEntry.objects.get()
    assert (entry.actor, entry.actor_name, entry.address) == (queries.system_user(), "命令行", "命令行")


def test_by_names_who_acts(court_clerk):
    from_shell("fine", "--by", "court_clerk")

    entry = AuditEntry.objects.get()
    assert (entry.actor, entry.actor_name, entry.address) == (court_clerk, "何雨桐", "命令行")


def test_nobody_acts_for_a_closed_account(court_clerk):
    court_clerk.is_active = False
    court_clerk.save()

    assert from_shell("fine", "--by", "court_clerk")[0] == 2


def test_json_writes_dates_and_times_as_text():

    assert contract.as_json({"on": date(2026, 9, 1)}) == '{"on": "2026-09-01"}'


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("ok", "--number"), "参数 --number 后面要跟一个值。"),
        (("ok", "--json=1"), "参数 --json 后面不跟值，多了 '1'。"),
        (("ok", "--verbosity", "9"), "参数 -v/--verbosity 不能是 9，可以写 0, 1, 2, 3。"),
    ],
)
def test_wrong_arguments_are_told_in_chinese(arguments, sentence):
    code, _, error = from_shell(*arguments)

    assert (code, error.strip()) == (2, sentence)
