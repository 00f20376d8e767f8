"""Loads all reference data: every `<app>.reference` module found among the installed apps, in their order.

Core may import nothing above itself, so the other apps are found, not imported: an app that keeps
reference data has a module `reference` with `load(say)`, where `say` takes one Chinese line.
"""

from importlib import import_module
from typing import Any

from django.apps import apps
from django.db import transaction
from django.utils.module_loading import module_has_submodule

from core.actions import audit
from core.management.contract import ContractCommand

ROOM = "reference"


class Command(ContractCommand):
    help = "装入参考数据：行政区划、节假日、期限规则及各应用的参考数据。可以反复运行，管理员改过的行不动。"
    acts = True
    empty = {"loaded": []}

    def handle(self, **_options: Any) -> None:
        lines: list[str] = []
        with transaction.atomic():
            for config in apps.get_app_configs():
                if config.module is not None and module_has_submodule(config.module, ROOM):
                    import_module(f"{config.name}.{ROOM}").load(lines.append)
            audit.record("reference.load", by=self.actor, detail={"loaded": lines})
        self.answer({"loaded": lines}, "\n".join(lines))
