"""Where an account is signed in: noted, limited, ended."""

from datetime import datetime, timedelta

from axes.models import AccessAttempt
from django.conf import settings
from django.contrib.sessions.models import Session
from django.db import transaction
from django.db.models import F
from django.utils import timezone

from core import request_context
from core.actions import audit
from core.browsers import browser_name
from core.models import User, UserSession
from core.queries import sessions_of
from core.sign_in_limits import normalised


@transaction.atomic
def note_session(*, user: User, session_key: str, user_agent: str) -> int:
    """Keep that `user` is signed in here; returns how many of the oldest were ended to stay within the limit."""
    UserSession.objects.create(
        session_id=session_key,
        user=user,
        started_at=timezone.now(),
        address=request_context.current().address,
        browser=browser_name(user_agent),
    )
    alive = sessions_of(user)
    _end([each.pk for each in alive[settings.SESSIONS_AT_ONCE :]])
    return max(len(alive) - settings.SESSIONS_AT_ONCE, 0)


@transaction.atomic
def end_session(*, user: User, named: str, but: str) -> bool:
    """End the session of one's own that the page calls so, unless it is `but`; False when it was over already."""
    found = [each.pk for each in user.signed_in.exclude(pk=but) if each.named == named]
    if not found:
        return False
    _end(found)
    audit.record("session.end", by=user, subject=user)
    return True


@transaction.atomic
def end_other_sessions(*, user: User, session_key: str) -> int:
    """End every session of `user` but the one in hand; returns how many."""
    others = list(user.signed_in.exclude(pk=session_key).values_list("pk", flat=True))
    _end(others)
    audit.record("session.end_others", by=user, subject=user, detail={"ended": len(others)})
    return len(others)


def forget_expired(now: datetime) -> None:
    """Remove sessions past their cookie's age, and failures too old to count."""
    Session.objects.filter(expire_date__lt=now).delete()
    AccessAttempt.objects.filter(attempt_time__lt=now - timedelta(days=1)).delete()


def forget_failures(user: User) -> None:
    """Open the door again to an account that was closed for a while after wrong passwords, at every address."""
    AccessAttempt.objects.filter(username=normalised(user.username)).delete()


def end_all_sessions(user: User) -> None:
    """End every session of `user`, also those that stand in no list. The caller writes the audit row."""
    User.objects.filter(pk=user.pk).update(session_epoch=F("session_epoch") + 1)
    _end(list(user.signed_in.values_list("pk", flat=True)))
    user.refresh_from_db(fields=["session_epoch"])


def _end(session_keys: list[str]) -> None:
    UserSession.objects.filter(pk__in=session_keys).delete()
    Session.objects.filter(pk__in=session_keys).delete()
