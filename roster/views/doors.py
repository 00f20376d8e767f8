"""How a view begins: may this role be here at all. And how it saves: done, or the form again with the reason."""

from collections.abc import Callable, Mapping

from django import forms
from django.http import HttpRequest

from core.access import require
from core.errors import Conflict, Refused
from core.forms import add_refusal
from core.models import User

UNPROCESSABLE, CONFLICT = 422, 409


def enter(request: HttpRequest, permission: str) -> User:
    """The signed-in user, if their role holds the permission anywhere. Raises NotAllowed (403)."""
    require(request.user, permission)
    assert request.user.is_authenticated
    return request.user


def trouble(form: forms.Form, act: Callable[[], object], *, fields: Mapping[str, str] | None = None) -> int:
    """Do what a posted form asks for: 0 when it was done, else the status of the page that shows the form again.

    422 for what is wrong in the form or refused by the action, 409 when somebody else saved in between; the sentence
    then stands in the form. `act` is called for a valid form only and reads `cleaned_data`. `fields` says where in the
    form a field of the action stands, if under another name.
    """
    if not form.is_valid():
        return UNPROCESSABLE
    try:
        act()
    except Refused as refused:
        refused.field = (fields or {}).get(refused.field or "", refused.field)
        add_refusal(form, refused)
        return CONFLICT if isinstance(refused, Conflict) else UNPROCESSABLE
    return 0
