"""One's own shifts in one's own calendar: the secret address made and withdrawn, and what it answers."""

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_POST, require_safe

from liaison import queries
from liaison.actions.duty_feeds import make_feed, revoke_feed
from liaison.views.doors import enter

CALENDAR = "text/calendar; charset=utf-8"
FILE = 'inline; filename="duty.ics"'
NOT_FOUND = 404


@require_safe
def duty_feed(request: HttpRequest) -> HttpResponse:
    """Whether one has an address, and how it is used."""
    user = enter(request, "liaison.own_feed")
    person = queries.person_of(user)
    return render(request, "liaison/duty_feed.html", {"person": person, "feed": queries.feed_of(person)})


@never_cache
@require_POST
@sensitive_variables("token", "address")
def duty_feed_make(request: HttpRequest) -> HttpResponse:
    """A new address, shown this once; the one before stops answering."""
    user = enter(request, "liaison.own_feed")
    token = make_feed(by=user)
    address = request.build_absolute_uri(reverse("liaison:duty-calendar", args=[token]))
    person = queries.person_of(user)
    context = {"person": person, "feed": queries.feed_of(person), "address": address}
    return render(request, "liaison/duty_feed.html", context)


@require_POST
def duty_feed_revoke(request: HttpRequest) -> HttpResponse:
    """One's address answers no more."""
    revoke_feed(by=enter(request, "liaison.own_feed"))
    messages.success(request, "值班日历已停用，原来的地址打不开了。")
    return redirect("liaison:duty-feed")


@login_not_required
@require_safe
@sensitive_variables("token")
def duty_calendar(request: HttpRequest, token: str) -> HttpResponse:  # noqa: ARG001 - the address alone decides
    """The shifts behind an address, for a calendar programme; an address that opens nothing is 404."""
    text = queries.calendar_text(token)
    if text is None:
        return _unindexed(HttpResponse("", content_type="text/plain", status=NOT_FOUND))
    return _unindexed(HttpResponse(text, content_type=CALENDAR, headers={"Content-Disposition": FILE}))


def _unindexed(answer: HttpResponse) -> HttpResponse:
    answer["Cache-Control"], answer["X-Robots-Tag"] = "private, no-cache", "noindex"
    return answer
