"""From a right password to a session: the half-way state while the second factor is asked for, then the way in."""

from datetime import timedelta
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import login, update_session_auth_hash
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone

from core import held_forms, reentry
from core.actions import sessions, sign_ins
from core.models import SecondFactor, User
from core.rules import needs_second_factor

HALF = "half_signed_in"  # {"user": id, "at": timestamp, "next": address}, until the second factor is given
SIGNED_IN_AT, SEEN_AT = "signed_in_at", "seen_at"  # when the session began, when its person was last seen
FACTOR_AT = "factor_at"  # when the second factor was given in this session
BACKEND = "core.sessions.AccountBackend"


def has_second_factor(user: User) -> bool:
    return SecondFactor.objects.filter(user=user).exists()


def go_on(request: HttpRequest, user: User, wanted: str) -> str:
    """After the right password: in, or on to the second factor. Returns where to; `wanted` is a checked address."""
    if not (needs_second_factor(user) or has_second_factor(user)):
        return come_in(request, user, wanted)
    request.session[HALF] = {"user": user.pk, "at": timezone.now().timestamp(), "next": wanted}
    return reverse("sign-in-code" if has_second_factor(user) else "sign-in-enrol")


def half_signed_in(request: HttpRequest) -> tuple[User, str] | None:
    """Who gave the right password within the last minutes and owes the second factor, and where they want to go."""
    half: dict[str, Any] | None = request.session.get(HALF)
    if half is None:
        return None
    age = timezone.now().timestamp() - half["at"]
    user = User.objects.filter(pk=half["user"], is_active=True).first()
    if user is None or age > settings.HALF_SIGNED_IN_MINUTES * 60:
        request.session.pop(HALF)
        return None
    return user, half["next"]


def come_in(request: HttpRequest, user: User, wanted: str, *, with_factor: bool = False) -> str:
    """Sign `user` in under a new session id; returns where to. Effects: session, its row, audit, messages."""
    request.session.pop(HALF, None)
    login(request, user, backend=BACKEND)
    request.session[SIGNED_IN_AT] = request.session[SEEN_AT] = timezone.now().timestamp()
    if with_factor:
        request.session[FACTOR_AT] = timezone.now().timestamp()
    reentry.note_entered(request)
    ended = _note(request, user)
    sign_ins.note_sign_in(user=user)
    if ended:
        messages.info(request, f"同时最多登录 {settings.SESSIONS_AT_ONCE} 处，最早的 {ended} 处已退出。")
    if is_password_old(user):
        messages.warning(request, f"密码已用了 {settings.PASSWORD_MAX_DAYS} 天，请在「我的账号」里换一个。")
    if user.must_change_password:
        return reverse("password-change")
    return reverse("held-form") if held_forms.held_for(request) else wanted


def keep_signed_in(request: HttpRequest, user: User) -> None:
    """After a change that ended every session of `user`: this one goes on, under a new id."""
    update_session_auth_hash(request, user)
    _note(request, user)


def lacks_factor(request: HttpRequest) -> bool:
    """Whether a signed-in session was never given the second factor that its role must give."""
    return needs_second_factor(request.user) and FACTOR_AT not in request.session


def is_password_old(user: User) -> bool:
    """Whether the password has been in use longer than the rules recommend (never, when they name no days)."""
    since = user.password_changed_at or user.date_joined
    days = settings.PASSWORD_MAX_DAYS
    return bool(days) and not user.must_change_password and timezone.now() - since > timedelta(days=days)


def _note(request: HttpRequest, user: User) -> int:
    request.session.save()
    assert request.session.session_key is not None
    agent = request.headers.get("User-Agent", "")
    return sessions.note_session(user=user, session_key=request.session.session_key, user_agent=agent)
