"""What a form carried into an ended session: kept sealed in the browser's session until the same person is back."""

import json
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

from django.http import HttpRequest
from django.utils import timezone

from core import privacy

HELD, LAST_USER = "held_form", "last_user"
KEPT_FOR = timedelta(hours=12)
ROOM = 1024 * 1024  # what a form may weigh without its files
NEVER_KEPT = frozenset({"csrfmiddlewaretoken"})
OF_A_PART = "held"  # in the address of what a part of a page had sent: it is to be answered with the whole page
SECRET_WORD = "password"  # noqa: S105 - a field with this in its name is left for its owner to type again


@dataclass(frozen=True)
class HeldForm:
    """A form to be sent on: where to, its fields in order, and whether files have to be chosen again."""

    path: str
    fields: tuple[tuple[str, str], ...]
    had_files: bool


def keeps_parts(view: Callable[..., Any]) -> Callable[..., Any]:
    """Mark a view to which a part of a page posts what is typed so far: it waits behind the door like a whole form.

    Sent on from there its address has `held` in it, and the answer is a page.
    """
    view.keeps_parts = True  # type: ignore[attr-defined]
    return view


def as_page(form: HeldForm) -> HeldForm:
    """What a part had sent, as it is sent on from the page that held it."""
    return replace(form, path=f"{form.path}{'&' if '?' in form.path else '?'}{OF_A_PART}=1")


def form_of(request: HttpRequest) -> HeldForm:
    """The form in hand, without its token and passwords."""
    fields = tuple(
        (name, value)
        for name, values in request.POST.lists()
        if name not in NEVER_KEPT and SECRET_WORD not in name
        for value in values
        if isinstance(value, str)
    )
    return HeldForm(request.get_full_path(), fields, any(request.FILES.values()))


def hold(request: HttpRequest, *, user_pk: int, form: HeldForm) -> bool:
    """Keep `form` for the user in the session at hand (a fresh one: the old has ended). False when it is too large."""
    text = json.dumps([form.path, form.fields, form.had_files, timezone.now().timestamp()])
    if len(text) > ROOM or (_is_of_a_part(form.path) and _holds_a_whole_form(request, user_pk)):
        return False
    request.session[HELD] = {"user": user_pk, "sealed": privacy.encrypt(text, context=_context(user_pk))}
    return True


def _is_of_a_part(path: str) -> bool:
    return OF_A_PART in parse_qs(urlsplit(path).query)


def _holds_a_whole_form(request: HttpRequest, user_pk: int) -> bool:
    """What somebody sent is not given up for what they only typed: that still stands on its page."""
    kept = request.session.get(HELD)
    if not kept or kept["user"] != user_pk:
        return False
    try:
        path = json.loads(privacy.decrypt(kept["sealed"], context=_context(user_pk)))[0]
    except privacy.DecryptionError:
        return False
    return not _is_of_a_part(path)


def held_for(request: HttpRequest) -> HeldForm | None:
    """What is kept for the user who is signed in, none for anybody else and none after twelve hours."""
    kept = request.session.get(HELD)
    if not kept or kept["user"] != request.user.pk:
        return None
    try:
        path, fields, had_files, at = json.loads(privacy.decrypt(kept["sealed"], context=_context(kept["user"])))
    except privacy.DecryptionError:
        return None
    if timezone.now().timestamp() - at > KEPT_FOR.total_seconds():
        return None
    return HeldForm(path, tuple((name, value) for name, value in fields), had_files)


def forget(request: HttpRequest) -> None:
    request.session.pop(HELD, None)


def _context(user_pk: int) -> str:
    return f"core.held_form.{user_pk}"
