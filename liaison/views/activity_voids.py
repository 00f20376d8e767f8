"""Striking out what was noted: an activity that is void, a decision that nobody carries out any more."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from core.access import require
from core.errors import Conflict, Refused
from core.forms import add_refusal
from liaison import queries
from liaison.actions import voids
from liaison.actions.meetings import withdraw_decision
from liaison.forms.activities import VoidForm
from liaison.models import LiaisonPoint
from liaison.views.activity_books import BOOKS, book_named
from liaison.views.doors import enter

PAGE = require_http_methods(["GET", "HEAD", "POST"])
UNPROCESSABLE, CONFLICT = 422, 409


@PAGE
def meeting_void(request: HttpRequest, town_code: str, pk: int) -> HttpResponse:
    """A meeting that was not held, or was noted twice."""
    user = enter(request, "liaison.record_meeting")
    found = queries.meeting_for(user, town_code, pk)
    require(user, "liaison.record_meeting", found.point)

    def act(data: dict[str, Any]) -> object:
        return voids.void_meeting(meeting_id=found.pk, by=user, **data)

    context = {"what": "联席会议", "said": found.agenda, "day": found.held_on, "back": found.get_absolute_url()}
    return _strike(request, found.point, act, context, found.version)


@PAGE
def activity_void(request: HttpRequest, town_code: str, book: str, pk: int) -> HttpResponse:
    """A training, event or publication that was not, or was noted twice."""
    user = enter(request, "liaison.record_activity")
    kept = book_named(book)
    row = kept.find(user, town_code, pk)
    require(user, "liaison.record_activity", row.point)

    def act(data: dict[str, Any]) -> object:
        return kept.void(by=user, **{kept.key: row.pk}, **data)

    context = {"what": BOOKS[book].label, "said": str(row), "day": row.day, "back": row.get_absolute_url()}
    return _strike(request, row.point, act, context, row.version)


@PAGE
def decision_withdraw(request: HttpRequest, town_code: str, pk: int) -> HttpResponse:
    """A decision that nobody has to carry out any more."""
    user = enter(request, "liaison.record_meeting")
    decision = queries.decision_for(user, town_code, pk)
    require(user, "liaison.record_meeting", decision.meeting.point)

    def act(data: dict[str, Any]) -> object:
        return withdraw_decision(decision_id=decision.pk, by=user, reason=data["reason"])

    context = {"decision": decision, "back": decision.meeting.get_absolute_url()}
    return _strike(request, decision.meeting.point, act, context, None)


def _strike(
    request: HttpRequest,
    point: LiaisonPoint,
    act: Callable[[dict[str, Any]], object],
    context: dict[str, Any],
    version: int | None,
) -> HttpResponse:
    """The form of the reason, and the act; whoever comes second is told what the first one did."""
    form = VoidForm(request.POST) if request.method == "POST" else VoidForm(initial={"version": version})
    status = UNPROCESSABLE if form.is_bound else 200
    if form.is_bound and form.is_valid():
        try:
            act(form.cleaned_data)
        except Conflict as conflict:
            add_refusal(form, conflict)
            status = CONFLICT
        except Refused as refused:
            add_refusal(form, refused)
        else:
            messages.success(request, "已撤回，不再提醒。" if "decision" in context else "已作废，不再计算。")
            return redirect(context["back"])
    context |= {"point": point, "town": point.town, "form": form}
    return render(request, "liaison/activity_void.html", context, status=status)
