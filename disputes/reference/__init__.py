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
    manager = model._default_manager
    edited = dict(manager.filter(key__in=[row["key"] for row in rows]).values_list("key", "edited"))
    for row in rows:
        if edited.get(row["key"]) is False:
            manager.update_or_create(key=row["key"], defaults=row)
    # In one statement what a new house lacks; another loading at the same time may have been first.
    fields = sorted({field for row in rows for field in row} - {"key"})
    manager.bulk_create(
        [model(**row) for row in rows if row["key"] not in edited],
        update_conflicts=True, unique_fields=["key"], update_fields=fields,
    )  # fmt: skip
    return len(rows)
