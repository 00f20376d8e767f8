"""Accounts: opened by the command line or an admin, with the divisions they see."""

from collections.abc import Collection

from django.db import transaction

from core.actions import audit
from core.choices import Role
from core.errors import NotAllowed, Refused
from core.models import User, UserScope


@transaction.atomic
def open_account(
    *,
    username: str,
    name: str,
    role: str,
    by: User | None,
    password: str | None = None,
    unit: str = "",
    division_codes: Collection[str] = (),
    must_change_password: bool = True,
) -> User:
    """Open an account. Without a password nobody can sign in with it until one is issued.

    `by` None is the command line. Raises NotAllowed for anybody but an admin, Refused when the name is taken.
    Effects: user, scope rows, audit.
    """
    if by is not None and by.role != Role.ADMIN:
        raise NotAllowed("账号由管理员开通。")
    if User.objects.filter(username=username).exists():
        raise Refused(f"账号「{username}」已经有了。", hint="请换一个账号名。", field="username")
    is_admin = role == Role.ADMIN
    user = User(
        username=username,
        name=name,
        role=role,
        unit=unit,
        is_staff=is_admin,
        is_superuser=is_admin,
        must_change_password=must_change_password,
    )
    user.set_password(password)
    user.save()
    UserScope.objects.bulk_create(UserScope(user=user, division_id=code) for code in division_codes)
    audit.record("account.open", by=by, subject=user, detail={"role": role, "scopes": sorted(division_codes)})
    return user
