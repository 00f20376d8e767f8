"""Reference data of reports, loaded by `load_reference`: the dated targets of the plan with their definitions.

Loading twice changes nothing; targets that an admin edited are kept.
"""

import json
from collections.abc import Callable
from datetime import date
from pathlib import Path

from django.db import transaction

from reports.models import Target

FILE = Path(__file__).parent / "targets.json"


@transaction.atomic
def load(say: Callable[[str], object]) -> None:
    """Write the targets of the plan."""
    rows = json.loads(FILE.read_text(encoding="utf-8"))
    edited = {(metric, day.isoformat()) for metric, day in _edited()}
    for row in rows:
        if (row["metric"], row["due_on"]) not in edited:
            Target.objects.update_or_create(metric=row["metric"], due_on=row["due_on"], defaults=row)
    say(f"目标 {len(rows)} 个")


def _edited() -> list[tuple[str, date]]:
    return list(Target.objects.filter(edited=True).values_list("metric", "due_on"))
