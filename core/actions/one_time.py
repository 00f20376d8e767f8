"""One-time passwords: made at random, shown once on paper, good for a day, changed at the first sign-in."""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.utils import timezone

from core.access import require
from core.actions import audit
from core.actions.sessions import end_all_sessions, forget_failures
from core.errors import Refused
from core.hashers import OneTimeArgon2
from core.models import User

LETTERS = "abcdefghjkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789"  # nothing that looks like something else
GROUPS, GROUP_LENGTH = 3, 4
COLUMNS = ["password", "must_change_password", "one_time_until", "password_changed_at"]
WHO_MAY = "一次性密码由管理员发。"


@dataclass(frozen=True)
class Slip:
    """What is printed for one person, once; it stands nowhere else."""

    user: User
    code: str
    until: datetime

    def __repr__(self) -> str:
        return f"Slip({self.user.pk})"


def give_one_time(user: User) -> Slip:
    """Put a new one-time password on an account without saving it (`COLUMNS` are to be saved)."""
    code = "-".join("".join(secrets.choice(LETTERS) for _ in range(GROUP_LENGTH)) for _ in range(GROUPS))
    until = timezone.now() + timedelta(hours=settings.ONE_TIME_HOURS)
    user.password = make_password(code, hasher=OneTimeArgon2())
    user.must_change_password, user.one_time_until, user.password_changed_at = True, until, None
    return Slip(user, code, until)


@transaction.atomic
def issue_one_time(*, user_id: int, by: User) -> Slip:
    """A new one-time password for an account: the old password and every session end with it.

    Raises NotAllowed, and Refused for an account that is switched off or one's own. Effects: password, sessions,
    the pause after wrong tries (they were tries at a password that is no more), audit.
    """
    require(by, "core.manage_accounts", message=WHO_MAY)
    user = User.objects.select_for_update().get(pk=user_id)
    if user.pk == by.pk:
        raise Refused("不能给自己发一次性密码。", hint="请在「我的账号」里改密码。")
    if not user.is_active:
        raise Refused(f"账号「{user.username}」已停用。", hint="先恢复账号，再发一次性密码。")
    slip = give_one_time(user)
    user.save(update_fields=COLUMNS)
    end_all_sessions(user)
    forget_failures(user)
    audit.record("password.one_time", by=by, subject=user, detail={"until": slip.until.isoformat()})
    return slip
