"""Reference data of disputes, loaded by `load_reference`: case types, what they ask, the routing table, what warns.

Loading twice changes nothing; rows that an admin edited, and rows an admin added, are kept.
"""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from django.db import models, transaction

from disputes.models import CaseQuestion, CaseType, RoutingRule, WarningRule

FOLDER = Path(__file__).parent


def read(name: str) -> list[dict[str, Any]]:
    """A file of this folder: a list of rows."""
    return list(json.loads((FOLDER / name).read_text(encoding="utf-8")))


@transaction.atomic
def load(say: Callable[[str], object]) -> None:
    """Load everything of disputes; `say` is told in Chinese what came in."""
    say(f"纠纷类型 {_load(CaseType, 'case_types.json')} 个")
    say(f"登记时要问的 {_load(CaseQuestion, 'case_questions.json')} 条")
    say(f"分流规则 {_load(RoutingRule, 'routing_rules.json')} 条")
    say(f"预警规则 {_load(WarningRule, 'warning_rules.json')} 条")


def _load(model: type[models.Model], name: str) -> int:
    """Write each row of a file unless an admin edited it; returns how many the file has."""
    rows = read(name)
    edited = set(model._default_manager.filter(edited=True).values_list("key", flat=True))
    for row in rows:
        if row["key"] not in edited:
            model._default_manager.update_or_create(key=row["key"], defaults=row)
    return len(rows)
