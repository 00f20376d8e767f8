"""Who may do what with core's own things: the audit trail, the style page."""

from typing import Any

import rules

from core.choices import Role


@rules.predicate
def is_auditor(user: Any) -> bool:
    """The audit trail is read by auditors alone; they read nothing else."""
    return bool(user.role == Role.AUDITOR)


@rules.predicate
def is_admin(user: Any) -> bool:
    """Who keeps the platform; sees no cases."""
    return bool(user.role == Role.ADMIN)


rules.add_perm("core.view_audit", is_auditor)
rules.add_perm("core.view_style", is_admin)
