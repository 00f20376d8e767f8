"""How far a town is behind, as three steps of colour. Pure. What is not behind stays plain."""

from decimal import Decimal

from reports.compliance import Share

STEPS = (1, 2, 3)
POINTS_BEHIND = (Decimal(5), Decimal(10), Decimal(20))
FEWEST = 5


def missing_level(have: int, want: int) -> int:
    """0 nothing missing, 1 one, 2 two, 3 three and more."""
    return min(max(want - have, 0), len(STEPS))


def behind_level(share: Share, whole: Share) -> int:
    """By percentage points below the whole: 1 from 5, 2 from 10, 3 from 20. Fewer than five cases say nothing."""
    if share.value is None or whole.value is None or share.denominator < FEWEST:
        return 0
    return sum(whole.value - share.value >= step for step in POINTS_BEHIND)
