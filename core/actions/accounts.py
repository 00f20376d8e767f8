"""Making accounts: by the command line, by an admin, and for the demo county."""

from collections.abc import Collection

from django.contrib.auth.validators import UnicodeUsernameValidator
from django.core.exceptions import ValidationError
from django.db import transaction

from core.actions import audit
from core.choices import Role
from core.errors import Refused
from core.models import User, UserScope


@transaction.atomic
def open_account(
    *,
    username: str,
    name: str,
    role: str,
    password: str | None,
    by: User | None,
    unit: str = "",
    division_codes: Collection[str] = (),
    must_change_password: bool = True,
) -> User:
    """Make an account that sees `division_codes`. Without a password nobody can sign in until one is issued.

    The caller has checked the permission; `by` None is the system itself. Raises Refused for a name that
    cannot be used or is in use. Effects: user, scope rows, audit.
    """
    _check_name(username)
    user = User.objects.create_user(
        username,
        password=password,
        name=name,
        role=role,
        unit=unit,
        must_change_password=must_change_password,
        is_staff=role == Role.ADMIN,
        is_superuser=role == Role.ADMIN,
    )
    UserScope.objects.bulk_create(UserScope(user=user, division_id=code) for code in division_codes)
    audit.record("account.create", by=by, subject=user, detail={"role": role, "scopes": sorted(division_codes)})
    return user


def create_admin(*, username: str, name: str, password: str, by: User) -> User:
    """Make an administrator who must change `password` at the first sign-in. Raises Refused for a name in use."""
    return open_account(username=username, name=name, role=Role.ADMIN, password=password, by=by)


def _check_name(username: str) -> None:
    try:
        User._meta.get_field("username").run_validators(username)
        UnicodeUsernameValidator()(username)
    except ValidationError as error:
        raise Refused(f"账号「{username}」不能用：{error.messages[0]}", field="username") from error
    if User.objects.filter(username__iexact=username).exists():
        raise Refused(f"已经有账号「{username}」。", hint="请换一个账号，或为原账号重设密码。", field="username")
