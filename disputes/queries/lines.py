"""The lines of the ledger: each dispute in the words that stand on its line."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.urls import reverse
from django.utils import timezone

from core.clock_face import cn_date
from core.privacy import mask_text
from disputes.choices import Risk
from disputes.models import Dispute

PLACEHOLDER = "AA0001-0001"


def lines_of(disputes: Iterable[Dispute], towns: Mapping[str, str]) -> list[dict[str, Any]]:
    """A line for each dispute; `towns` are names by code. Plain words by name: a template reads those at once, and what
    it looks for on a model it looks for several times, fifty lines long.
    """
    place = reverse("dispute-page", args=[PLACEHOLDER])
    today = timezone.localdate()
    return [
        {
            "url": place.replace(PLACEHOLDER, one.code),
            "code": one.code,
            "title": mask_text(one.title),
            "is_high": one.risk == Risk.HIGH,
            "town": towns.get(one.town_code, ""),
            "village": one.division.short_name,
            "type": one.case_type.name,
            "amount": one.amount,
            "day": cn_date(one.registered_on, today),
            "is_late": one.entered_late,
            "state": one.state,
            "handler": str(one.handler or "未指派"),
        }
        for one in disputes
    ]
