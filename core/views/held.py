"""A form that came too late: shown again, so that one press sends it on with everything that was typed."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.middleware.csrf import get_token
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.csrf import csrf_failure
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from core import held_forms
from core.held_forms import HeldForm


@never_cache
@require_safe
def held_form(request: HttpRequest) -> HttpResponse:
    """What was sent when the session had ended, one press from where it should go."""
    form = held_forms.held_for(request)
    if form is None:
        return redirect("today")
    return _page(request, form, why="交的时候登录已经结束，所以没有保存。您填的都还在。")


@require_POST
def held_form_discard(request: HttpRequest) -> HttpResponse:
    held_forms.forget(request)
    messages.success(request, "已放弃刚才填的内容。")
    return redirect("today")


@never_cache
@require_safe
def fresh_token(request: HttpRequest) -> HttpResponse:
    """For a page that outlived its sign-in: the token of the one that stands now, and whose it is."""
    return JsonResponse({"token": get_token(request), "writer": str(request.user.pk)})


@never_cache
def stale_page(request: HttpRequest, reason: str = "") -> HttpResponse:
    """What a form answers whose token is of an earlier sign-in.

    From a page of ours it is shown again with a fresh token, and nothing is done before its owner presses.
    From anywhere else, or where the browser does not say from where, it is refused.
    """
    if request.headers.get("Origin") != f"{request.scheme}://{request.get_host()}" or getattr(request, "htmx", None):
        return csrf_failure(request, reason)
    if request.path == reverse("login"):
        return redirect("login")
    if not request.user.is_authenticated:
        return csrf_failure(request, reason)
    return _page(
        request, held_forms.form_of(request), why="打开那一页以后登录变过，所以没有保存。您填的都还在。", status=403
    )


def _page(request: HttpRequest, form: HeldForm, *, why: str, status: int = 200) -> HttpResponse:
    return render(request, "core/held_form.html", {"form": form, "why": why}, status=status)
