"""Signing in and out, and the password: what changes and what the audit trail keeps of it."""

from django.db import transaction
from django.utils import timezone

from core.actions import audit
from core.actions.sessions import end_all_sessions
from core.models import User


def note_sign_in(*, user: User) -> None:
    """Keep that `user` came in."""
    audit.record("sign_in", by=user, subject=user)


def note_failed_sign_in(*, username: str) -> None:
    """Keep that somebody failed to come in as `username`; a name nobody has is not kept (it may be a password)."""
    user = User.objects.filter(username=username).first()
    audit.record("sign_in", by=None, subject=user, detail={"known": user is not None}, success=False)


def note_sign_out(*, user: User) -> None:
    """Keep that `user` went out."""
    audit.record("sign_out", by=user, subject=user)


def note_password_again(*, user: User, right: bool) -> None:
    """Keep that `user` was asked for the password once more, and whether it was right."""
    audit.record("password.again", by=user, subject=user, success=right)


@transaction.atomic
def change_password(*, user: User, password: str) -> None:
    """Give `user` the new password, already validated. Every session that knew the old one ends with it."""
    user.set_password(password)
    user.must_change_password, user.one_time_until = False, None
    user.password_changed_at = timezone.now()
    user.save(update_fields=["password", "must_change_password", "one_time_until", "password_changed_at"])
    end_all_sessions(user)
    audit.record("password.change", by=user, subject=user)
