"""What happens around every request: its id and address, clean input, the session's limits, refusals as pages."""

import json
from collections.abc import Callable, Iterator
from itertools import chain
from typing import Any
from urllib.parse import unquote_to_bytes, urlencode, urlsplit, urlunsplit

from django.conf import settings
from django.contrib.auth import logout
from django.contrib.auth.middleware import LoginRequiredMiddleware, get_user
from django.core.exceptions import BadRequest, PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render, resolve_url
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone

from core import held_forms, request_context, signing_in
from core.actions import audit
from core.errors import Conflict, Refused
from core.models import User
from core.signing_in import SEEN_AT, SIGNED_IN_AT

Handler = Callable[[HttpRequest], HttpResponse]
View = Callable[..., Any]

POLL_HEADER = "X-Poll"  # sent by requests that a timer makes, not a person
SEEN_EVERY_SECONDS = 30
IDLE, OVER, GONE = "idle", "over", "gone"
MEGABYTE = 1024 * 1024
FORM_ROOM = MEGABYTE  # what a form may weigh beside its file
TOO_LARGE = 413
NO_VISITS = 405
OPEN_TO_NEW_PASSWORDS = frozenset({"password-change", "logout"})


class RequestContextMiddleware:
    """Gives the request an id people can read out, and lets the audit trail know who asks from where."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        context = request_context.RequestContext(request_context.new_request_id(), request.META.get("REMOTE_ADDR", ""))
        with request_context.entered(context):
            response = self.get_response(request)
        response["X-Request-ID"] = context.request_id
        return response


class CleanInputMiddleware:
    """Answers 400 to NUL bytes, lone surrogates and broken UTF-8 (the databases differ over them), 413 to too much."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if int(request.META.get("CONTENT_LENGTH") or 0) > settings.UPLOAD_LIMIT + FORM_ROOM:
            return _too_large(request)
        _check_bytes(unquote_to_bytes(request.META.get("QUERY_STRING", "")))
        if request.content_type == "application/x-www-form-urlencoded":
            _check_bytes(unquote_to_bytes(request.body))
        elif request.content_type == "application/json" and request.body:
            _check_json(request.body)
        _check_text("".join(_texts(request)))
        return self.get_response(request)


def _too_large(request: HttpRequest) -> HttpResponse:
    """Answered before anything is read; leads back to the page the upload came from."""
    context = {"limit": settings.UPLOAD_LIMIT // MEGABYTE, "back": _page_before(request)}
    return HttpResponse(render_to_string("413.html", context), status=TOO_LARGE)


def _check_bytes(raw: bytes) -> None:
    try:
        raw.decode()
    except UnicodeDecodeError as error:
        raise BadRequest("broken UTF-8 in the input") from error


def _check_json(body: bytes) -> None:
    try:
        text = json.dumps(json.loads(body), ensure_ascii=False)
    except ValueError as error:
        raise BadRequest("broken JSON in the input") from error
    _check_text(text.replace("\\u0000", "\0"))


def _texts(request: HttpRequest) -> Iterator[str]:
    """Everything a view could read as text; Django itself takes unprintable characters out of file names."""
    yield request.path_info
    yield from request.COOKIES.values()
    for name, values in chain(request.GET.lists(), request.POST.lists()):
        yield name
        yield from (value for value in values if isinstance(value, str))


def _check_text(text: str) -> None:
    if "\0" in text:
        raise BadRequest("NUL in the input")
    try:
        text.encode()
    except UnicodeEncodeError as error:
        raise BadRequest("lone surrogate in the input") from error


class SessionLimitMiddleware:
    """Ends a session after 30 idle minutes and after 12 hours whatever happens; polling does not keep it alive.

    Also leads a user who must change the password to the page where that is done, and nowhere else.
    """

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: View, _args: Any, _kwargs: Any) -> HttpResponse | None:
        request.user = get_user(request)  # itself, not what fetches it: a page asks it some hundred times
        if not request.user.is_authenticated:
            return None
        ended = "factor" if signing_in.lacks_factor(request) else _ended(request)
        if ended:
            user_pk = request.user.pk
            logout(request)
            request.session[held_forms.LAST_USER] = user_pk
            return _to_sign_in(request, ended, view) if getattr(view, "login_required", True) else None
        name = request.resolver_match.url_name if request.resolver_match else None
        if request.user.must_change_password and name not in OPEN_TO_NEW_PASSWORDS:
            return _moved(request, reverse("password-change"))
        return None


def _ended(request: HttpRequest) -> str:
    """Why the session is over, or nothing; notes when the person was last seen."""
    now, session = timezone.now().timestamp(), request.session
    signed_in_at, seen_at = session.setdefault(SIGNED_IN_AT, now), session.setdefault(SEEN_AT, now)
    if now - signed_in_at > settings.SESSION_MAX_HOURS * 3600:
        return OVER
    if now - seen_at > settings.SESSION_IDLE_MINUTES * 60:
        return IDLE
    if now - seen_at > SEEN_EVERY_SECONDS and POLL_HEADER not in request.headers:
        session[SEEN_AT] = now
    return ""


class SignInMiddleware(LoginRequiredMiddleware):
    """Every page that is not marked public leads a stranger to the door; what they sent waits for them behind it."""

    def handle_no_permission(self, request: HttpRequest, view_func: View) -> HttpResponse:  # type: ignore[override]
        return _to_sign_in(request, GONE if _was_ended_elsewhere(request) else "", view_func)


def _was_ended_elsewhere(request: HttpRequest) -> bool:
    """Whether the browser names a session that is no more: ended by its owner, by one sign-in too many or by a change
    of the account. Who goes out by the button keeps a session that only knows whose it was."""
    return settings.SESSION_COOKIE_NAME in request.COOKIES and request.session.is_empty()


def _to_sign_in(request: HttpRequest, why: str, view: View) -> HttpResponse:
    """To the door and back. A part of a page says so in place: leaving would lose what is typed on the page."""
    htmx = getattr(request, "htmx", None)
    is_waiting = request.method == "POST" and (not htmx or getattr(view, "keeps_parts", False))
    is_kept = is_waiting and _keep_form(request)
    parts = {"ended": why, "kept": "1" if is_kept else "", "next": _way_back(request)}
    query = urlencode({name: value for name, value in parts.items() if value}, safe="/")
    door = f"{resolve_url(settings.LOGIN_URL)}?{query}" if query else resolve_url(settings.LOGIN_URL)
    if htmx:
        return HttpResponse(status=401, headers={"HX-Trigger": json.dumps({"session-over": {"door": door}})})
    return redirect(door)


def _keep_form(request: HttpRequest) -> bool:
    """Keep the form for the person whose session this browser had last."""
    user_pk: int | None = request.session.get(held_forms.LAST_USER)
    name = request.resolver_match.url_name if request.resolver_match else None
    if user_pk is None or name in OPEN_TO_NEW_PASSWORDS:
        return False
    form = held_forms.form_of(request)
    form = held_forms.as_page(form) if getattr(request, "htmx", None) else form
    return held_forms.hold(request, user_pk=user_pk, form=form)


def _way_back(request: HttpRequest) -> str:
    """The page the person was on: of a form or a part the page that holds it, since its address takes no visit."""
    if htmx := getattr(request, "htmx", None):
        return htmx.current_url_abs_path or ""
    if request.method in ("GET", "HEAD"):
        return request.get_full_path()
    return _page_before(request)


def _page_before(request: HttpRequest) -> str:
    """The page of ours that the request was sent from; nothing when it came from elsewhere."""
    page = urlsplit(request.headers.get("Referer", ""))
    is_ours = page.netloc == request.get_host() and not page.path.startswith("//")
    return urlunsplit(("", "", page.path, page.query, "")) if is_ours else ""


def _moved(request: HttpRequest, url: str) -> HttpResponse:
    """A redirect that htmx also follows with the whole page."""
    if getattr(request, "htmx", None):
        return HttpResponse(status=401, headers={"HX-Redirect": url})
    return redirect(url)


class RefusalMiddleware:
    """Turns what an action refused into a page: 422 refused, 409 somebody was first; keeps every 403 in the trail.

    An address that takes only forms answers a visit with a page that says so.
    """

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if response.status_code == NO_VISITS and not response.content:
            response.content = render_to_string("405.html")
        return response

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if isinstance(exception, Refused):
            status = 409 if isinstance(exception, Conflict) else 422
            page = "components/refused.html" if getattr(request, "htmx", None) else f"{status}.html"
            return render(request, page, {"refused": exception}, status=status)
        if isinstance(exception, PermissionDenied) and isinstance(request.user, User):
            name = request.resolver_match.view_name if request.resolver_match else ""
            detail = {"view": name, "method": request.method, "why": str(exception)}
            audit.record("access.refused", by=request.user, detail=detail, success=False)
        return None
