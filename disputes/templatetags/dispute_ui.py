"""How a dispute's state is shown."""

from functools import cache

from django import template
from django.utils.safestring import SafeString

from core.shapes import state_chip
from disputes.choices import DisputeState

register = template.Library()
CHIPS = {
    DisputeState.AGREED: ("ok", "seal"),
    DisputeState.FAILED: ("warn", ""),
    DisputeState.MEDIATING: ("run", "people"),
    DisputeState.ARCHIVED: ("void", ""),
}


@register.filter
@cache
def dispute_state(state: str) -> SafeString:
    """The chip of a state by its key: `{{ line.state|dispute_state }}`."""
    known = DisputeState(state)
    kind, icon = CHIPS.get(known, ("idle", ""))
    return state_chip(kind, str(known.label), icon)
