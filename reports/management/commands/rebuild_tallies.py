"""Counts every monthly tally anew from the ledger."""

from typing import Any

from core.management.contract import ContractCommand
from reports.actions.tallies import recount_all


class Command(ContractCommand):
    empty = {"months": 0}
    help = "从台账重算全部月度统计。可以反复运行，结果一样。"

    def handle(self, **_options: Any) -> None:
        months = recount_all()
        self.answer({"months": months}, f"已重算 {months} 个月。" if months else "台账还是空的，没有要算的月份。")
