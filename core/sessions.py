"""Who is asking, read for every page: Django's session and account, each by a query kept as SQL (docs/adr/0016)."""

from typing import Any

from django.contrib.auth.backends import ModelBackend
from django.contrib.sessions.backends.db import SessionStore as DatabaseStore
from django.contrib.sessions.models import Session
from django.utils import timezone

from core.models import User
from core.prepared import Prepared

_sessions = Prepared(lambda key: Session.objects.filter(session_key=key), planned_once=True)
_users = Prepared(lambda pk: User.objects.filter(pk=pk), planned_once=True)


class SessionStore(DatabaseStore):
    """As Django's: a session that is over or unknown is none."""

    def _get_session_from_db(self) -> Any:
        found = next(iter(_sessions(key=self.session_key or "")), None)
        if found is None or found.expire_date <= timezone.now():
            self._session_key = None
            return None
        return found


class AccountBackend(ModelBackend):
    """As Django's: an account out of use is nobody."""

    def get_user(self, user_id: int) -> User | None:
        user = next(iter(_users(pk=user_id)), None)
        return user if user is not None and self.user_can_authenticate(user) else None
