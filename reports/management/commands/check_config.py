"""Says what the installation and each town lack; exit 1 when something must be mended before it can be used."""

from dataclasses import asdict
from typing import Any

from core import config_checks
from core.management.contract import ContractCommand, DataRefused
from reports.queries.town_checks import check_every_town

WORDS = {config_checks.ERROR: "缺", config_checks.WARNING: "注意"}


class Command(ContractCommand):
    """What a town lacks is no error: the installation works, the town's own people mend it."""

    help = "配置体检：缺什么，怎么补。"
    empty = {"ok": False, "findings": [], "towns": []}

    def handle(self, **_options: Any) -> None:
        found, towns = config_checks.findings(), list(check_every_town())
        errors = [finding for finding in found if finding.level == config_checks.ERROR]
        payload = {
            "ok": not errors,
            "findings": [config_checks.as_dict(finding) for finding in found],
            "towns": [asdict(town) for town in towns],
        }
        lines = [f"{WORDS[each.level]}：{each.message}{each.todo}" for each in found]
        lines += [f"{town.name}：{''.join(lack.message for lack in town.lacks)}" for town in towns]
        text = "\n".join(lines) or "没有发现问题。"
        if errors:
            raise DataRefused(f"有 {len(errors)} 项要先补上。\n{text}", payload)
        self.answer(payload, text)
