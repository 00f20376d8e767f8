"""How far a town is behind, how much a village has, as three steps of colour. Pure. What is neither stays plain."""

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


def count_level(count: int, most: int) -> int:
    """By thirds of the highest count beside it: 0 below a third or below two, 3 for two thirds and more.

    A single quarrel is none too many, whatever stands beside it.
    """
    return min(len(STEPS) * count // most, len(STEPS)) if count > 1 else 0
