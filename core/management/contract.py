"""The contract every command of the project keeps: exit 0 done, 1 refused because of the data, 2 unusable input.

With `--json` exactly one object stands on standard output for each of the three, argument errors
included; it always has the keys that the command promises, whatever happened. Commands write through
`self.stdout` and return normally on exit 0.
"""

import json
import re
from argparse import ArgumentTypeError
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any, NoReturn, cast

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.core.serializers.json import DjangoJSONEncoder
from django.db import DatabaseError

from core import queries, request_context
from core.errors import Refused
from core.models import User

COMMAND_LINE = "命令行"
DATE_FORM = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
# What argparse says of wrong arguments, and how we say it. Our own argument types speak Chinese already.
ARGPARSE_SAYS = (
    (re.compile(r"the following arguments are required: (.+)"), r"缺少参数：\1。"),
    (re.compile(r"unrecognized arguments: (.+)", re.S), r"不认识的参数：\1。"),
    (re.compile(r"argument (\S+): expected one argument"), r"参数 \1 后面要跟一个值。"),
    (re.compile(r"argument (\S+): invalid choice: (.+) \(choose from (.+)\)", re.S), r"参数 \1 不能是 \2，可以写 \3。"),
    (re.compile(r"argument (\S+): invalid int value: (.+)", re.S), r"参数 \1 要写整数，\2 不是。"),
    (re.compile(r"argument (\S+): invalid \w+ value: (.+)", re.S), r"参数 \1 不能是 \2。"),
    (re.compile(r"argument (\S+): ignored explicit argument (.+)", re.S), r"参数 \1 后面不跟值，多了 \2。"),
    (re.compile(r"argument (\S+): (.+)", re.S), r"参数 \1：\2"),
)


class DataRefused(CommandError):  # noqa: N818 - named like the refusals of the actions
    """The data forbids it; nothing was saved. `payload` is what `--json` shows beside the sentence."""

    exit_code = 1

    def __init__(self, message: str, payload: dict[str, Any] | None = None) -> None:
        super().__init__(message, returncode=self.exit_code)
        self.payload: dict[str, Any] = {"error": message.partition("\n")[0]} | (payload or {})


class UnusableInput(DataRefused):
    """An argument or a file cannot be used at all."""

    exit_code = 2


def iso_date(text: str) -> date:
    """A date of the command line: `2023-09-20`, in this form only."""
    try:
        if DATE_FORM.fullmatch(text):
            return date.fromisoformat(text)
    except ValueError:
        pass
    raise ArgumentTypeError(f"「{text}」不是日期，请写成 2023-09-20 这样。")


class ContractParser(CommandParser):
    """Lets argument errors leave by the same door as everything else."""

    wants_json = False
    leave: Callable[[DataRefused], NoReturn]

    def parse_args(self, args: Sequence[str] | None = None, namespace: Any = None) -> Any:  # type: ignore[override]
        self.wants_json = self.wants_json or "--json" in (args or ())
        return super().parse_args(args, namespace)

    def error(self, message: str) -> NoReturn:
        self.leave(UnusableInput(in_chinese(message), {"usage": " ".join(self.format_usage().split())}))


def in_chinese(message: str) -> str:
    """What argparse found wrong, as a sentence for the person at the terminal."""
    for english, chinese in ARGPARSE_SAYS:
        if found := english.fullmatch(message):
            return found.expand(chinese)
    return f"参数不对：{message}"


def as_json(payload: dict[str, Any]) -> str:
    """One line of JSON; Chinese stays readable, what UTF-8 cannot hold is escaped."""
    text = json.dumps(payload, ensure_ascii=False, cls=DjangoJSONEncoder)
    return text.encode("utf-8", "backslashreplace").decode()


class ContractCommand(BaseCommand):
    """Base of the commands: implement `handle`, end it with `answer`, leave it by `DataRefused` or `UnusableInput`.

    `json_only` commands always print JSON and have no `--json`. `acts` commands take `--by`;
    `self.actor` is then the person named, or the system user shown as 命令行 in the audit trail.
    `empty` is what `--json` shows of a run that came to nothing: every key that the command promises.
    """

    requires_system_checks: list[str] = []  # `make check` runs them; here they only cost a second
    json_only = False
    acts = False
    empty: Mapping[str, Any] = {}
    actor: User
    parser: ContractParser

    def create_parser(self, prog_name: str, subcommand: str, **kwargs: Any) -> CommandParser:
        parser = super().create_parser(prog_name, subcommand, allow_abbrev=False, **kwargs)
        parser.__class__ = ContractParser  # Django names the parser's class inside create_parser and offers no hook
        self.parser = cast(ContractParser, parser)
        self.parser.wants_json, self.parser.leave = self.json_only, self._leave
        if not self.json_only:
            parser.add_argument("--json", action="store_true", help="在标准输出打印一个 JSON 对象")
        if self.acts:
            parser.add_argument("--by", metavar="USERNAME", help="由谁办理（记入审计），不写则记为命令行")
        return parser

    def execute(self, *args: Any, **options: Any) -> str | None:
        if options.get("stdout"):
            self.stdout = type(self.stdout)(options["stdout"])
        self.parser.wants_json = self.json_only or bool(options.get("json"))
        try:
            with self._acting(options):
                return super().execute(*args, **options)
        except DataRefused as refused:
            self._leave(refused)
        except Refused as refused:
            self._leave(DataRefused(str(refused)))
        except DatabaseError as error:
            message = "数据库现在用不了，或还没有建表。先运行 manage.py migrate，再试一次。"
            self._leave(UnusableInput(message, {"detail": str(error)}))
        except (OverflowError, ValueError) as error:
            self._leave(UnusableInput("有一个日期或数字超出了能算的范围。", {"detail": str(error)}))

    def answer(self, payload: dict[str, Any] | Callable[[], dict[str, Any]], text: str) -> None:
        """Print the result: the object with `--json` (a large one is made only then), else the text."""
        if not self.parser.wants_json:
            self.stdout.write(text)
            return
        self.stdout.write(as_json({**self.empty, **(payload() if callable(payload) else payload)}))

    def _acting(self, options: dict[str, Any]) -> Any:
        if not self.acts:
            return request_context.entered(request_context.RequestContext("", address=COMMAND_LINE))
        username = options.get("by")
        self.actor = self._person(username) if username else queries.system_user()
        name = "" if username else COMMAND_LINE
        return request_context.entered(
            request_context.RequestContext(request_context.new_request_id(), address=COMMAND_LINE, actor_name=name)
        )

    def _person(self, username: str) -> User:
        person = User.objects.filter(username=username, is_active=True).first()
        if person is None:
            raise UnusableInput(f"没有用户名为「{username}」的在用账号。")
        return person

    def _leave(self, refused: DataRefused) -> NoReturn:
        """Show why, then go: with the exit code to the shell, with the exception to a caller in Python."""
        if self.parser.wants_json:
            self.stdout.write(as_json({**self.empty, **refused.payload}))
        if not getattr(self, "_called_from_command_line", False):
            raise refused
        self.stderr.write(str(refused))
        raise SystemExit(refused.returncode) from refused
