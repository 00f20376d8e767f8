"""Imports past disputes from a town's own ledger; exit codes as of every command (DESIGN §9)."""

from pathlib import Path
from typing import Any

from django.core.management.base import CommandParser

from core.access import require
from core.choices import Level
from core.errors import NotAllowed, Refused
from core.management.contract import ContractCommand, DataRefused, UnusableInput
from core.models import Division
from disputes import importers, queries
from disputes.actions import ledger_imports
from disputes.actions.ledger_writing import as_new
from disputes.choices import Source
from disputes.importers import LedgerPlan
from disputes.importing import columns

EMPTY = {
    "applied": False, "rows": 0, "created": 0, "unchanged": 0, "rejected": 0, "look": 0, "notes": [], "issues": [],
}  # fmt: skip


class Command(ContractCommand):
    help = "导入镇（街）自己的纠纷台账（.xlsx .xls .ods .csv）。不写 --dry-run 就直接写入。"
    acts = True
    empty = EMPTY

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", metavar="FILE", type=Path, help="台账文件")
        parser.add_argument("--town", metavar="CODE", help="镇（街）代码；不写则用 --by 那个人的镇（街）")
        parser.add_argument("--village", metavar="CODE", default="", help="没有写村（社区）的算作这一个")
        parser.add_argument("--dry-run", action="store_true", help="只核对，不写入")
        parser.add_argument("--skip-invalid", action="store_true", help="留下不能写入的行，写入其余")

    def handle(self, *_: Any, **options: Any) -> None:
        town = self._town(options["town"])
        self._check_rights(town)
        data = self._bytes(options["file"])
        plan = self._plan(data, options["file"].name, town, options["village"])
        rejected = plan.report()["rejected"]
        if rejected and not options["skip_invalid"]:
            message = f"有 {rejected} 件不能写入，一件也没有写。"
            found = importers.as_json(plan, applied=False)
            raise DataRefused(_listed(plan, message), found | {"error": message})
        applied = not options["dry_run"] and bool(plan.new)
        if applied:
            ledger_imports.write_file(
                rows=as_new(plan.new),
                data=data,
                file_name=options["file"].name,
                town=town,
                report=plan.report(),
                by=self.actor,
            )
        self._report(plan, applied=applied, dry=options["dry_run"])

    def _town(self, code: str | None) -> Division:
        towns = Division.objects.filter(level=Level.TOWN).select_related("parent")
        if code is None:
            own = queries.towns_to_import(self.actor)
            if len(own) != 1:
                raise UnusableInput("请用 --town 写明是哪个镇（街）的台账，如 --town 445381101。", EMPTY)
            return own[0]
        town = towns.filter(code=code).first()
        if town is None:
            raise UnusableInput(f"没有代码为「{code}」的镇（街）。代码是 9 位数字，如 445381101。", EMPTY)
        return town

    def _check_rights(self, town: Division) -> None:
        try:
            require(self.actor, "disputes.import", town.pk, message=ledger_imports.WHO_MAY)
        except NotAllowed as refusal:
            raise UnusableInput(f"「{self.actor}」不能导入这份台账。{refusal}", EMPTY) from refusal

    def _bytes(self, path: Path) -> bytes:
        try:
            return path.read_bytes()
        except OSError as error:
            raise UnusableInput(f"打不开文件：{path}", EMPTY) from error

    def _plan(self, data: bytes, name: str, town: Division, village: str) -> LedgerPlan:
        if village and not village.startswith(town.pk):
            raise UnusableInput(f"「{village}」不是{town}的村（社区）代码。", EMPTY)
        try:
            _, file = importers.read_file(data, name)
        except Refused as refused:
            raise UnusableInput(str(refused), EMPTY) from refused
        mapping = importers.proposed_columns(file, town.pk)
        if absent := columns.missing(mapping.values()):
            raise UnusableInput(f"看不出哪一列是{'、'.join(absent)}。请改表头，或在网页上导入一次、选好每一列。", EMPTY)
        return importers.plan_import(file, town=town, mapping=mapping, village=village, source=Source.VISIT)

    def _report(self, plan: LedgerPlan, *, applied: bool, dry: bool) -> None:
        figures = plan.report()
        head = "已写入" if applied else "只核对，没有写入" if dry else "没有新的，没有写入"
        head += f"：共 {figures['rows']} 件，新增 {figures['created']} 件，已在台账 {figures['unchanged']} 件"
        head += f"，留下 {figures['rejected']} 件。" if figures["rejected"] else "。"
        self.answer(lambda: importers.as_json(plan, applied=applied), _listed(plan, head))


def _listed(plan: LedgerPlan, head: str) -> str:
    """The sentence, and below it every issue with its place."""
    lines = [head, *(f"  {note}" for note in plan.notes)]
    for row in plan.rows:
        for issue in row.issues:
            column = columns.FIELDS.get(issue.field, "")
            place = f"表 {row.checked.sheet + 1}　第 {row.checked.number} 行　{column}"
            lines.append(f"  {'不能写入' if issue.is_error else '请留意'}　{place}　{issue.message}（{issue.code}）")
    return "\n".join(lines)
