"""Imports one roster workbook; see DESIGN §9 for the contract."""

from argparse import ArgumentTypeError
from datetime import date
from pathlib import Path
from typing import Any

from django.core.management.base import CommandParser

from core.access import require
from core.errors import NotAllowed
from core.management.contract import ContractCommand, DataRefused, UnusableInput, iso_date
from core.queries import said, today
from roster import importers, queries
from roster.actions import imports
from roster.annex.plan import ImportPlan
from roster.importers import CheckedFile, Unusable

EMPTY = {"applied": False, "rows": 0, "created": 0, "updated": 0, "unchanged": 0, "issues": [], "staff": []}


class Command(ContractCommand):
    help = "导入一份人员名单（.xlsx .xls .ods .csv）。不写 --dry-run 就直接写入。"
    acts = True
    empty = EMPTY

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", metavar="FILE", type=Path, help="名单文件")
        parser.add_argument("--town", metavar="CODE", help="整份名单属于这个镇（街）的代码")
        parser.add_argument("--since", metavar="DATE", help="任职起始日，如 2023-03-30；默认今天")
        parser.add_argument("--dry-run", action="store_true", help="只核对，不写入")
        parser.add_argument("--skip-invalid", action="store_true", help="跳过不能写入的行，写入其余")

    def handle(self, *_: Any, **options: Any) -> None:
        town, since = self._town(options["town"]), self._since(options["since"])
        try:
            require(self.actor, "roster.import", town)
        except NotAllowed as refusal:
            raise UnusableInput(f"「{self.actor}」不能导入这份名单。{refusal}", EMPTY) from refusal
        with importers.uncollected():
            self._import(town, since, options)

    def _import(self, town: str | None, since: date, options: dict[str, Any]) -> None:
        data = self._bytes(options["file"])
        checked = self._checked(data, options["file"].name, town)
        plan = importers.plan_import(checked, since=since, by=self.actor)
        if plan.rejected and not options["skip_invalid"]:
            message = f"有 {plan.rejected} 行不能写入，一行也没有写。"
            found = importers.as_json(plan, applied=False, writes=False)
            raise DataRefused(_listed(plan, message), found | {"error": message})
        if not options["dry_run"]:
            imports.write_list(
                plan=plan,
                data=data,
                file_name=options["file"].name,
                town_code=town,
                skip_invalid=options["skip_invalid"],
                by=self.actor,
            )
        self._report(plan, applied=not options["dry_run"])

    def _town(self, code: str | None) -> str | None:
        if code is None:
            return None
        town = queries.towns().filter(code=code).first()
        if town is None:
            raise UnusableInput(f"没有代码为「{code}」的镇（街）。代码是 9 位数字，如 445381101。", EMPTY)
        return town.code

    def _since(self, text: str | None) -> date:
        try:
            day = iso_date(text) if text else today()
        except ArgumentTypeError as error:
            raise UnusableInput(str(error), EMPTY) from error
        if day > today():
            raise UnusableInput(f"任职起始日不能晚于今天（{said(today())}）。", EMPTY)
        return day

    def _bytes(self, path: Path) -> bytes:
        try:
            return path.read_bytes()
        except OSError as error:
            issue = importers.unreadable_file("文件不存在，或不能读取。")
            raise UnusableInput(f"打不开文件：{path}", EMPTY | {"issues": [issue.as_json()]}) from error

    def _checked(self, data: bytes, name: str, town: str | None) -> CheckedFile:
        try:
            return importers.check_workbook(data, name, town=town, on=today()).without_cells()
        except Unusable as unusable:
            issues = [issue.as_json() for issue in unusable.issues]
            raise UnusableInput(str(unusable), EMPTY | {"issues": issues}) from unusable

    def _report(self, plan: ImportPlan, *, applied: bool) -> None:
        counts = "，".join(f"{result.label} {number} 行" for result, number in plan.counts.items() if number)
        head = f"{'已写入' if applied else '只核对，没有写入'}：共 {len(plan.rows)} 行，{counts or '没有数据行'}。"
        self.answer(lambda: importers.as_json(plan, applied=applied, writes=True), _listed(plan, head))


def _listed(plan: ImportPlan, head: str) -> str:
    """The sentence, and below it every issue with its place."""
    lines = [head]
    for issue in plan.all_issues:
        place = "　".join(filter(None, (issue.sheet, f"第 {issue.row} 行" if issue.row else "", issue.column)))
        lines.append("  " + "　".join(filter(None, (issue.severity.label, place, f"{issue.message}（{issue.code}）"))))
    lines += [f"  不能写入　第 {row.checked.number} 行　{row.blocked}" for row in plan.rows if row.blocked]
    return "\n".join(lines)
