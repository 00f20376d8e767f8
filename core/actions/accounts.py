"""Making accounts."""

from django.contrib.auth.validators import UnicodeUsernameValidator
from django.core.exceptions import ValidationError
from django.db import transaction

from core.actions import audit
from core.choices import Role
from core.errors import Refused
from core.models import User


@transaction.atomic
def create_admin(*, username: str, name: str, password: str, by: User) -> User:
    """Make an administrator who must change `password` at the first sign-in. Raises Refused for a name in use."""
    try:
        User._meta.get_field("username").run_validators(username)
        UnicodeUsernameValidator()(username)
    except ValidationError as error:
        raise Refused(f"账号「{username}」不能用：{error.messages[0]}", field="username") from error
    if User.objects.filter(username__iexact=username).exists():
        raise Refused(f"已经有账号「{username}」。", hint="请换一个账号，或为原账号重设密码。", field="username")
    user = User.objects.create_user(
        username, password=password, name=name, role=Role.ADMIN, must_change_password=True, is_staff=True,
        is_superuser=True,
    )  # fmt: skip
    audit.record("account.create", by=by, subject=user, detail={"role": Role.ADMIN})
    return user
