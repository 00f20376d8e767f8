"""The one place where a named permission is asked for; predicates stand in each app's rules."""

from typing import Any

import rules

from core.errors import NotAllowed


def allowed(user: Any, permission: str, subject: Any = None) -> bool:
    """Whether `user` holds the named permission on `subject`; asks only the registered predicate, no database table."""
    if not rules.perm_exists(permission):
        raise LookupError(f"no such permission: {permission}")
    return bool(user.is_authenticated and user.is_active and rules.has_perm(permission, user, subject))


def require(user: Any, permission: str, subject: Any = None, *, message: str = "") -> None:
    """Raise NotAllowed unless `user` holds the permission; `message` says who may do it."""
    if not allowed(user, permission, subject):
        raise NotAllowed(message or "您没有办理这一步的权限。需要时请找有权的同事或管理员。")


def require_if_named(user: Any, permission: str, subject: Any) -> None:
    """The same for a permission that an app may or may not have named (downloading a kind of file)."""
    if rules.perm_exists(permission):
        require(user, permission, subject)
