"""Who may see figures."""

from typing import Any

import rules

from core.choices import CASE_ROLES


@rules.predicate
def works_with_cases(user: Any) -> bool:
    """Who works with cases sees the figures of their own divisions; admin and auditor see none."""
    return user.role in CASE_ROLES


rules.add_perm("reports.view_figures", works_with_cases)
