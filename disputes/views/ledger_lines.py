"""The lines of the ledger: each dispute in the words that stand on its line, written by the quick templates."""

from collections.abc import Iterable, Mapping

from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import SafeString

from core.clock_face import cn_date
from core.privacy import mask_text
from core.quick_templates import quickly
from core.templatetags.ui import money, state_chip
from disputes.choices import ClusterMark, Risk
from disputes.models import Dispute
from disputes.templatetags.dispute_ui import dispute_state

ANY_CODE = "AA0001-0001"


def ledger_lines(disputes: Iterable[Dispute], towns: Mapping[str, str], place_label: str) -> SafeString:
    """The table's rows. `towns` are names by code; none where all lie in one town.

    Fifty lines are most of what the page costs: hence plain words, and Jinja (docs/adr/0013).
    """
    address, today = reverse("dispute-page", args=[ANY_CODE]), timezone.localdate()
    lines = [
        {
            "url": address.replace(ANY_CODE, one.code),
            "code": one.code,
            "title": mask_text(one.title),
            "is_high": one.risk == Risk.HIGH,
            "failed": state_chip("warn", f"以前 {one.failures} 次调解不成") if one.failed_repeatedly else "",
            "is_clustered": one.cluster_mark == ClusterMark.IN,
            "town": towns.get(one.town_code, ""),
            "village": one.division.short_name,
            "type": one.case_type.name,
            "amount": money(one.amount),
            "day": cn_date(one.registered_on, today),
            "is_late": one.entered_late,
            "state": dispute_state(one.state),
            "handler": str(one.handler or "未指派"),
        }
        for one in disputes
    ]
    told = {"lines": lines, "place_label": place_label, "danger": state_chip("stop", "有激化危险", "warn")}
    told["clustered"] = state_chip("warn", "聚集", "people")
    return quickly("disputes/lines.jinja", told)
