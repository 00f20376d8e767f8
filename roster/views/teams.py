"""The teams of the towns: all against the standard, and one with its seats, as of a day."""

from dataclasses import dataclass
from datetime import date

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from core.access import require
from core.errors import Refused
from core.forms import add_refusal
from core.models import Division
from core.queries import today
from roster import queries
from roster.actions.submissions import WHO_RECORDS, record_submission
from roster.forms import SubmissionForm
from roster.models import RosterSubmission
from roster.team_standard import TeamStanding
from roster.views.doors import UNPROCESSABLE, enter


@dataclass(frozen=True)
class TownTeam:
    """A row of the list of teams."""

    town: Division
    standing: TeamStanding
    submission: RosterSubmission | None


def _as_of(request: HttpRequest) -> tuple[date, bool]:
    """The day asked for, and whether it was one that can be read; today otherwise."""
    text = request.GET.get("on", "")
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return today(), not text
    return (day, True) if day <= today() else (today(), False)


@require_safe
def teams(request: HttpRequest) -> HttpResponse:
    """Every town's team against 1 + n + 6 + 1, gaps first."""
    user = enter(request, "roster.view")
    on, readable = _as_of(request)
    towns = queries.towns_for(user)
    codes = [town.code for town in towns]
    standings, handed_in = queries.team_standings(codes, on), queries.submissions(codes)
    rows = [TownTeam(town, standings[town.code], handed_in.get(town.code)) for town in towns]
    rows.sort(key=lambda row: (row.standing.complete, row.town.code))
    complete = sum(row.standing.complete for row in rows)
    context = {"rows": rows, "complete": complete, "on": on, "is_today": on == today(), "readable": readable}
    return render(request, "roster/teams.html", context)


def team(request: HttpRequest, code: str) -> HttpResponse:
    """One town's seats and empty chairs; the form at the side notes a list that was handed in."""
    user = enter(request, "roster.view")
    town = queries.town_for(user, code)
    if request.method == "POST":
        require(user, "roster.record_submission", town.code, message=WHO_RECORDS)
    form = SubmissionForm(request.POST) if request.method == "POST" else SubmissionForm()
    if request.method == "POST" and form.is_valid():
        try:
            record_submission(town_code=town.code, by=user, **form.cleaned_data)
        except Refused as refused:
            add_refusal(form, refused)
        else:
            messages.success(request, f"已登记{town}的名单报送。")
            return redirect("roster:team", town.code)
    on, readable = _as_of(request)
    context = {
        "town": town,
        "team": queries.team_of(town.code, on),
        "submission": queries.last_submission(town.code),
        "form": form,
        "on": on,
        "is_today": on == today(),
        "readable": readable,
    }
    return render(request, "roster/team.html", context, status=UNPROCESSABLE if form.errors else 200)
