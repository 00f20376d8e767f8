"""How a view begins: may this role be here at all, then which file, then may this person do it there."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from core.access import require
from core.models import User
from disputes import queries
from disputes.models import Dispute
from disputes.rules import require_here, why_closed
from disputes.workflow import Refusal

UNPROCESSABLE, CONFLICT = 422, 409
SHUT = "disputes/step_shut.html"  # a step that cannot be done now: why, and the way back


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


def open_step(request: HttpRequest, code: str, permission: str) -> tuple[User, Dispute, Refusal | None]:
    """The same for a step that a closed file shuts: its page is to say so; what is sent all the same is 403."""
    user = enter(request, permission)
    dispute = queries.get_dispute(user, code)
    shut = None if request.method == "POST" or dispute.merged_into_id else why_closed(user, permission, dispute)
    if shut is None:
        require_here(user, permission, dispute)
    return user, dispute, shut


def shut_page(
    request: HttpRequest, dispute: Dispute, heading: str, shut: Refusal, *, status: int = 200
) -> HttpResponse:
    """In place of a step that cannot be done now: why, what to do, and the way back."""
    return render(request, SHUT, {"dispute": dispute, "heading": heading, "shut": shut}, status=status)
