"""Who is asking, read for every page: the session, its account and what the account sees, in one query (ADR 0016)."""

from typing import Any

from django.contrib.auth.backends import ModelBackend
from django.contrib.sessions.backends.db import SessionStore as DatabaseStore
from django.contrib.sessions.models import Session
from django.db import DEFAULT_DB_ALIAS
from django.db.models import QuerySet
from django.utils import timezone

from core import request_context
from core.models import User
from core.prepared import Prepared

SESSION_COLUMNS, USER_COLUMNS = ([field.attname for field in model._meta.concrete_fields] for model in (Session, User))


def _session_rows(key: str) -> QuerySet[Session, tuple[Any, ...]]:
    """One row for each division that the account signed in here sees; its columns are empty where none was noted."""
    rows = Session.objects.filter(session_key=key)
    columns = (*SESSION_COLUMNS, *(f"owned__user__{name}" for name in USER_COLUMNS), "owned__user__scopes__division_id")
    return rows.values_list(*columns)


_sessions = Prepared(_session_rows, planned_once=True)
_users = Prepared(lambda pk: User.objects.filter(pk=pk), planned_once=True)


class SessionStore(DatabaseStore):
    """As Django's: a session that is over or unknown is none. The account read with it waits for `AccountBackend`."""

    def _get_session_from_db(self) -> Any:
        rows = list(_sessions(key=self.session_key or ""))
        found = Session.from_db(DEFAULT_DB_ALIAS, SESSION_COLUMNS, rows[0][: len(SESSION_COLUMNS)]) if rows else None
        if found is None or found.expire_date <= timezone.now():
            self._session_key = None
            return None
        account = rows[0][len(SESSION_COLUMNS) : -1]
        if account[0] is not None:
            user = User.from_db(DEFAULT_DB_ALIAS, USER_COLUMNS, account)
            user.scope_codes = tuple(sorted(row[-1] for row in rows if row[-1] is not None))
            request_context.keep_account(user.pk, user)
        return found


class AccountBackend(ModelBackend):
    """As Django's: an account out of use is nobody. Whose number the session holds is believed, not whose row it is."""

    def get_user(self, user_id: int) -> User | None:
        user = request_context.take_account(user_id) or next(iter(_users(pk=user_id)), None)
        return user if user is not None and self.user_can_authenticate(user) else None
