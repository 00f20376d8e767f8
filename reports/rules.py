"""Who may see figures."""

from typing import Any

import rules

from core.choices import CASE_ROLES, Role
from roster.rules import READERS


@rules.predicate
def works_with_cases(user: Any) -> bool:
    """Who works with cases sees the figures of their own divisions; admin and auditor see none."""
    return user.role in CASE_ROLES


@rules.predicate
def reads_the_roster(user: Any) -> bool:
    """Who reads the roster sees how much its people have in hand: numbers, of no case in particular."""
    return user.role in READERS


@rules.predicate
def looks_after_points(user: Any) -> bool:
    """Who keeps or checks points, and the admin, see what they lack."""
    return user.role in {Role.ADMIN, Role.OFFICER, Role.JUSTICE, Role.COMMITTEE}


rules.add_perm("reports.check_config", looks_after_points)
rules.add_perm("reports.view_figures", works_with_cases)
rules.add_perm("reports.view_workload", reads_the_roster)
rules.add_perm("reports.list_workload", works_with_cases & reads_the_roster)
