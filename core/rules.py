"""Who may do what with core's own things: the audit trail."""

from typing import Any

import rules

from core.choices import Role


@rules.predicate
def is_auditor(user: Any) -> bool:
    """The audit trail is read by auditors alone; they read nothing else."""
    return bool(user.role == Role.AUDITOR)


rules.add_perm("core.view_audit", is_auditor)
