"""The password once more, within the last minutes, before what cannot be undone or shows many people in clear.

A view asks after its permission check and before its work:

    user = enter(request, "roster.export")
    if asked := reentry.ask_password(request):
        return asked
"""

from typing import Any

from axes.handlers.proxy import AxesProxyHandler
from django.conf import settings
from django.contrib.auth import authenticate, logout
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import add_never_cache_headers
from django.utils.http import url_has_allowed_host_and_scheme, urlencode
from django.views.decorators.debug import sensitive_variables

from core.actions import sign_ins
from core.forms import ONCE_MORE, PasswordAgainForm
from core.sign_in_limits import normalised

ENTERED_AT = "password_at"  # when the password was last entered in this session
FIELD = ONCE_MORE
UNPROCESSABLE = 422


def note_entered(request: HttpRequest) -> None:
    """Keep in the session that the password was entered just now: at sign-in, and here."""
    request.session[ENTERED_AT] = timezone.now().timestamp()


def is_fresh(request: HttpRequest) -> bool:
    """Whether the password was entered within the last PASSWORD_AGAIN_MINUTES."""
    age = timezone.now().timestamp() - float(request.session.get(ENTERED_AT, 0))
    return 0 <= age <= settings.PASSWORD_AGAIN_MINUTES * 60


def ask_password(request: HttpRequest) -> HttpResponse | None:
    """Nothing when the password was entered lately; else the answer that asks for it, which the view returns.

    A GET is led to the page that asks and comes back. An interrupted POST is kept as hidden fields of that page
    and goes on by itself when the password is right; a chosen file cannot be kept, so ask on the GET of such a form.
    """
    if is_fresh(request):
        return None
    if request.method in ("GET", "HEAD"):
        return redirect(f"{reverse('password-again')}?{urlencode({'next': request.get_full_path()})}")
    if FIELD not in request.POST:
        return ask_page(request, PasswordAgainForm(), request.POST)
    form = PasswordAgainForm(request.POST)
    if not check(request, form):
        return ask_page(request, form, request.POST)
    request.POST = _without_password(request.POST)  # type: ignore[assignment]  # the view sees what was typed, no more
    return None


@sensitive_variables()
def check(request: HttpRequest, form: PasswordAgainForm) -> bool:
    """Whether the form holds the user's own password; noted in session and trail. Too many failures end the session."""
    assert request.user.is_authenticated
    if not form.is_valid():
        return False
    user = request.user
    right = authenticate(request, username=user.username, password=form.cleaned_data[FIELD]) is not None
    sign_ins.note_password_again(user=user, right=right)
    if right:
        AxesProxyHandler.reset_attempts(username=normalised(user.username), ip_address=request.META.get("REMOTE_ADDR"))
        note_entered(request)
        return True
    form.add_error(FIELD, "密码不对，请再看一遍大小写。")
    if getattr(request, "axes_locked_out", False):
        logout(request)
    return False


def ask_page(request: HttpRequest, form: PasswordAgainForm, kept: QueryDict | None = None) -> HttpResponse:
    """The page that asks; `kept` are the fields of the post that waits. htmx puts it in place of the whole page."""
    waiting = [] if kept is None else [(name, text) for name, texts in kept.lists() for text in texts if _goes_on(name)]
    context: dict[str, Any] = {
        "form": form,
        "waiting": waiting,
        "is_waiting": kept is not None,
        "files_lost": bool(request.FILES),
        "minutes": settings.PASSWORD_AGAIN_MINUTES,
        "next": _inside(request, request.POST.get("next") or request.GET.get("next", "")),
    }
    asks_first = kept is None and not form.is_bound
    answer = render(request, "core/password_again.html", context, status=200 if asks_first else UNPROCESSABLE)
    if getattr(request, "htmx", None):
        answer["HX-Retarget"], answer["HX-Reswap"] = "body", "innerHTML"
    add_never_cache_headers(answer)
    return answer


def way_back(request: HttpRequest) -> str:
    """Where the page leads after the right password: where one came from, else one's own account."""
    return _inside(request, request.POST.get("next", "")) or reverse("account")


def _goes_on(name: str) -> bool:
    return name not in ("csrfmiddlewaretoken", FIELD)


def _inside(request: HttpRequest, url: str) -> str:
    fits = url_has_allowed_host_and_scheme(url, allowed_hosts={request.get_host()}, require_https=request.is_secure())
    return url if fits else ""


def _without_password(given: QueryDict) -> QueryDict:
    kept = given.copy()
    kept.pop(FIELD)
    kept._mutable = False
    return kept
