"""How the steps of a mediation are asked for: one form, one act, refusals at their field, then back to the dispute."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from core.choices import COURT_ROLES
from core.errors import Conflict, Refused
from core.forms import add_refusal
from disputes.models import Dispute
from disputes.queries.towns import is_worked_on_there, shut_off
from disputes.views.doors import Refusal, shut_page, user_of

UNPROCESSABLE, CONFLICT = 422, 409


def given(request: HttpRequest) -> Any:
    """What was posted; nothing on a first visit."""
    return request.POST if request.method == "POST" else None


def attempt(form: forms.Form, act: Callable[[], object], dispute: Dispute) -> int:
    """Do `act`. 200 when it was done, else 422 or 409 with the refusal standing on the form.

    After a conflict the form carries the version that stands now, so that whoever has read it may go on.
    """
    try:
        act()
    except Refused as refused:
        add_refusal(form, refused)
        if not isinstance(refused, Conflict):
            return UNPROCESSABLE
        _renew_version(form, dispute)
        return CONFLICT
    return 200


def _renew_version(form: forms.Form, dispute: Dispute) -> None:
    if "version" in form.fields:
        dispute.refresh_from_db(fields=["version"])
        form.data = {**form.data.dict(), form.add_prefix("version"): str(dispute.version)}  # type: ignore[attr-defined]


def step_page(
    request: HttpRequest,
    dispute: Dispute,
    form: forms.Form,
    act: Callable[[dict[str, Any]], object],
    /,
    *,
    shut: Refusal | None = None,
    template: str = "mediation/step.html",
    **page: str,
) -> HttpResponse:
    """One step as a page of its own. `page`: heading, button, done (the message), lead.

    `shut`: why it cannot be done now, shown in place of the form.
    """
    if shut and request.method != "POST":
        return shut_page(request, dispute, page["heading"], shut)
    status = 200
    if request.method == "POST":
        status = attempt(form, lambda: act(form.cleaned_data), dispute) if form.is_valid() else UNPROCESSABLE
        if status == 200:  # noqa: PLR2004 (done)
            messages.success(request, page["done"])
            return redirect(dispute)
    return render(request, template, {"form": form, "dispute": dispute, **page}, status=status)


def shut_off_page(request: HttpRequest, code: str) -> HttpResponse | None:
    """Why the reader's town no longer sees the dispute, for whom a message led to this page; None for all others.

    Sent as a form, what was written stands there to be taken away.
    """
    asked = shut_off(user_of(request), code, led_to=request.path)
    if asked is None:
        return None
    context = {"code": code, "asked": asked, "is_there": is_worked_on_there(asked)}
    context |= {"of_court": user_of(request).role in COURT_ROLES, "unsaved": request.POST.get("answer", "")}
    return render(request, "mediation/shut_off.html", context, status=CONFLICT if request.method == "POST" else 200)
