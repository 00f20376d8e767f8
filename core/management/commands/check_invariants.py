"""Checks what must always be true of the data; exit 1 when something is not."""

from dataclasses import asdict
from typing import Any

from core import invariants
from core.management.contract import ContractCommand, DataRefused


class Command(ContractCommand):
    help = "核对数据的不变量：审计链、提醒、附件、待办任务。"
    empty = {"ok": False, "broken": []}

    def handle(self, **_options: Any) -> None:
        broken = invariants.broken()
        payload = {"ok": not broken, "broken": [asdict(each) for each in broken]}
        if broken:
            lines = "\n".join(each.message for each in broken)
            raise DataRefused(f"有 {len(broken)} 处不对。\n{lines}", payload)
        self.answer(payload, "都对得上。")
