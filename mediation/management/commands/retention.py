"""Wipes the people of closed files whose term is over; without `--apply` it only counts."""

from typing import Any

from django.core.management.base import CommandParser

from core.management.contract import ContractCommand, DataRefused, UnusableInput
from core.queries import today
from disputes.choices import Outcome
from mediation.actions.retention import terms_in_force, wipe_due
from mediation.queries.retention import standing
from mediation.retention import DUE, WORDS

EVERYTHING = 100_000_000


class Command(ContractCommand):
    help = "清除保存期满的个人信息。不写 --apply 只数一数，什么都不改。期限在 RETENTION_MONTHS 里设。"
    acts = True
    empty = {"applied": False, "terms": {}, "due": 0, "done": 0, "kept": {}, "outcomes": {}}

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--dry-run", action="store_true", help="只数一数（不写也是这样）")
        parser.add_argument("--apply", action="store_true", help="真的清除，不能恢复")

    def handle(self, *, dry_run: bool, apply: bool, **_options: Any) -> None:
        if dry_run and apply:
            raise UnusableInput("--dry-run 和 --apply 只能写一个。")
        terms = dict(terms_in_force())
        if not terms:
            raise DataRefused("没有定保存期限，什么都不清除。在 RETENTION_MONTHS 里写，例如 agreed=60,failed=36。")
        found = standing(terms, today(), most=EVERYTHING)
        done = wipe_due(by=self.actor, on=today()).done if apply else 0
        kept = {key: count for key, count in found.verdicts.items() if key != DUE}
        payload = {"applied": apply, "terms": terms, "due": found.verdicts[DUE], "done": done, "kept": kept}
        lines = [f"{Outcome(key).label}：{months} 个月" for key, months in terms.items()]
        lines += [f"过了期限的 {found.looked_at} 件："]
        lines += [f"  {WORDS[key]} {count} 件" for key, count in sorted(found.verdicts.items())]
        lines += [f"已清除 {done} 件。" if apply else "没有写入任何东西。要真的清除，加 --apply。"]
        self.answer(payload | {"outcomes": dict(found.outcomes)}, "\n".join(lines))
