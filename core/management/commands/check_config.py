"""Says what the installation lacks; exit 1 when something must be mended before it can be used."""

from typing import Any

from core import config_checks
from core.management.contract import ContractCommand, DataRefused

WORDS = {config_checks.ERROR: "缺", config_checks.WARNING: "注意"}


class Command(ContractCommand):
    help = "配置体检：缺什么，怎么补。"
    empty = {"ok": False, "findings": []}

    def handle(self, **_options: Any) -> None:
        found = config_checks.findings()
        errors = [finding for finding in found if finding.level == config_checks.ERROR]
        payload = {"ok": not errors, "findings": [config_checks.as_dict(finding) for finding in found]}
        text = "\n".join(f"{WORDS[each.level]}：{each.message}{each.todo}" for each in found) or "没有发现问题。"
        if errors:
            raise DataRefused(f"有 {len(errors)} 项要先补上。\n{text}", payload)
        self.answer(payload, text)
