"""The lines of the ledger: each dispute in the words that stand on its line, written by the quick templates."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.utils import timezone
from django.utils.safestring import SafeString

from core.addresses import address
from core.clock_face import cn_date
from core.models import spoken
from core.privacy import mask_text
from core.quick_templates import quickly
from core.shapes import state_chip
from core.templatetags.ui import money
from disputes.choices import ClusterMark, Risk
from disputes.clusters import REPEATED_FAILURES
from disputes.templatetags.dispute_ui import dispute_state


def ledger_lines(rows: Iterable[Mapping[str, Any]], towns: Mapping[str, str], place_label: str) -> SafeString:
    """The table's rows, as `queries.ledger_page` reads them. `towns` are names by code; none where all lie in
    one's only town. Another town stands in its row.

    Fifty lines are most of what the page costs: hence plain words, and Jinja (docs/adr/0013).
    """
    today = timezone.localdate()
    lines = [
        {
            "url": address("dispute-page", one["code"]),
            "code": one["code"],
            "title": mask_text(one["title"]),
            "is_high": one["risk"] == Risk.HIGH,
            "failed": _failed(one["failures"]),
            "is_clustered": one["cluster_mark"] == ClusterMark.IN,
            "town": towns.get(one["town_code"]) or one.get("town", "") if towns else "",
            "village": spoken(one["village"]),
            "type": one["type"],
            "amount": money(one["amount"]),
            "day": cn_date(one["registered_on"], today),
            "is_late": one["entered_late"],
            "state": dispute_state(one["state"]),
            "handler": one["handler_name"] or one["handler_account"] or "未指派",
        }
        for one in rows
    ]
    told = {"lines": lines, "place_label": place_label, "danger": state_chip("stop", "有激化危险", "warn")}
    told["clustered"] = state_chip("warn", "聚集", "people")
    return quickly("disputes/lines.jinja", told)


def _failed(failures: int) -> str:
    return state_chip("warn", f"以前 {failures} 次调解不成") if failures >= REPEATED_FAILURES else ""
