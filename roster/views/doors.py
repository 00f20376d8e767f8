"""How a view begins: may this role be here at all."""

from django.http import HttpRequest

from core.access import require
from core.models import User

UNPROCESSABLE, CONFLICT = 422, 409


def enter(request: HttpRequest, permission: str) -> User:
    """The signed-in user, if their role holds the permission anywhere. Raises NotAllowed (403)."""
    require(request.user, permission)
    assert request.user.is_authenticated
    return request.user
