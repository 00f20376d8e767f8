"""入驻调解平台: the share of each town, and noting many people of a town on one page."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from core.access import require
from core.errors import Refused
from core.forms import add_refusal
from core.queries import today
from roster import queries
from roster.actions.platform import WHO_NOTES, note_entries
from roster.choices import TeamRole
from roster.forms.days import AsOfForm
from roster.forms.platform import EntriesForm
from roster.platform_entry import Share
from roster.views.doors import UNPROCESSABLE, enter


@require_safe
def platform(request: HttpRequest) -> HttpResponse:
    """Every town's share, the lowest first."""
    user = enter(request, "roster.view_town_side")
    as_of = AsOfForm(request.GET)
    asked, towns = as_of.asked, queries.towns_for(user)
    shares = queries.entry_shares([town.code for town in towns], asked.on, asked.known_on)
    rows = sorted(((town, shares[town.code]) for town in towns), key=lambda row: (_order(row[1]), row[0].code))
    whole = Share(sum(share.entered for _, share in rows), sum(share.wanted for _, share in rows))
    context = {"as_of": as_of, "asked": asked, "on": asked.on, "rows": rows, "whole": whole}
    return render(request, "roster/platform.html", context | {"is_today": asked.on == today()})


def _order(share: Share) -> float:
    return share.entered / share.wanted if share.wanted else -1


@require_http_methods(["GET", "HEAD", "POST"])
def platform_town(request: HttpRequest, code: str) -> HttpResponse:
    """Who of a town has entered and who has not; those who have not are ticked and noted together."""
    user = enter(request, "roster.view_town_side")
    town = queries.town_for(user, code)
    seats = [(TeamRole.MEDIATOR, town.code)]
    if request.method == "POST":
        require(user, "roster.note_platform", seats, message=WHO_NOTES)
    as_of = AsOfForm(request.GET)
    on = as_of.asked.on
    terms = queries.entering_people(town.code, on)
    outside = [term.staff for term in terms if term.staff.joined_platform_on is None]
    known = list(queries.known_organisations(town.code))
    posted = request.POST if request.method == "POST" else None
    form = EntriesForm(posted, people=outside, organisation=known[0] if known else f"{town}人民调解委员会")
    if form.is_bound and form.is_valid():
        day, organisation = form.cleaned_data["on"], form.cleaned_data["organisation"]
        try:
            noted = note_entries(
                town_code=town.code, accounts=form.accounts, on=day, organisation=organisation, by=user
            )
        except Refused as refused:
            add_refusal(form, refused)
        else:
            messages.success(request, f"已登记 {noted} 人入驻。")
            return redirect("roster:platform-town", town.code)
    context = {
        "town": town,
        "as_of": as_of,
        "on": on,
        "is_today": on == today(),
        "share": queries.entry_shares([town.code], on, as_of.asked.known_on)[town.code],
        "rows": [(term, _account_field(form, str(term.staff_id))) for term in terms],
        "outside": len(outside),
        "seats": seats,
        "form": form,
    }
    return render(request, "roster/platform_town.html", context, status=UNPROCESSABLE if form.is_bound else 200)


def _account_field(form: EntriesForm, staff_id: str) -> object:
    """The field for the account of somebody who can be ticked; None for who has entered."""
    return form[f"account-{staff_id}"] if f"account-{staff_id}" in form.fields else None
