"""How a view begins: may this role be here at all, then which file, then may this person do it there."""

from django.http import HttpRequest

from core.access import require
from core.models import User
from disputes import queries
from disputes.models import Dispute
from disputes.rules import require_here

UNPROCESSABLE, CONFLICT = 422, 409
SHUT = "disputes/step_shut.html"  # a step that cannot be done now: why, and the way back
Refusal = tuple[str, str]  # which condition fails, what to do about it


def enter(request: HttpRequest, permission: str) -> User:
    """The signed-in user, if their role holds the permission anywhere. Raises NotAllowed (403)."""
    require(request.user, permission)
    assert request.user.is_authenticated
    return request.user


def user_of(request: HttpRequest) -> User:
    """The signed-in user of a request that has passed its door."""
    assert request.user.is_authenticated
    return request.user


def open_file(request: HttpRequest, code: str, permission: str) -> tuple[User, Dispute]:
    """The user and the dispute: 403 for the role, 404 outside the scope, 403 without the right on this file."""
    user = enter(request, permission)
    dispute = queries.get_dispute(user, code)
    require_here(user, permission, dispute)
    return user, dispute
