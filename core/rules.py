"""Who may do what with core's own things: the audit trail, the style page."""

from typing import Any

import rules
from django.conf import settings

from core.choices import Role


@rules.predicate
def is_auditor(user: Any) -> bool:
    """The audit trail is read by auditors alone; they read nothing else."""
    return bool(user.role == Role.AUDITOR)


@rules.predicate
def is_admin(user: Any) -> bool:
    """Who keeps the platform; sees no cases."""
    return bool(user.role == Role.ADMIN)


def needs_second_factor(user: Any) -> bool:
    """Whether the role may come in only with a second factor (TOTP_ROLES)."""
    return user.role in settings.TOTP_ROLES


rules.add_perm("core.view_audit", is_auditor)
rules.add_perm("core.view_style", is_admin)
rules.add_perm("core.manage_accounts", is_admin)
