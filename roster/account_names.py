"""User names that say nothing of a person: role, town, running number."""

import re
from collections.abc import Iterable

from core.choices import Role


def prefix_of(role: str, town_short_code: str | None) -> str:
    """`mediator-tp-`, `officer-tp-`; the court's people serve several towns and are numbered together: `judge-`."""
    of_town = role in (Role.MEDIATOR, Role.OFFICER) and town_short_code
    return f"{role}-{town_short_code.lower()}-" if of_town and town_short_code else f"{role}-"


def next_name(prefix: str, taken: Iterable[str]) -> str:
    """The first number above every one that was ever given under the prefix: a name is never given twice."""
    given = [int(found.group(1)) for name in taken if (found := re.fullmatch(re.escape(prefix) + r"(\d+)", name))]
    return f"{prefix}{max(given, default=0) + 1:02d}"
