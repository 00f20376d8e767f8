"""The teams of the towns: all against the standard, and one with its seats and its history, as of a day."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from core.models import Division
from core.queries import today
from roster import queries
from roster.forms.days import AsOfForm
from roster.models import RosterSubmission
from roster.platform_entry import Share
from roster.queries import TeamRow
from roster.team_standard import TeamStanding
from roster.views.doors import enter
from roster.views.strips import Strip, strips

GAP, DAYS, TOWN = "", "days", "town"
SORTS = ((GAP, "按缺口排"), (DAYS, "按空缺天数排"), (TOWN, "按代码排"))
ALL, SHORT, COMPLETE = "", "short", "complete"


@dataclass(frozen=True)
class TownTeam:
    """A row of the list of teams."""

    town: Division
    row: TeamRow
    platform: Share
    submission: RosterSubmission | None

    @property
    def standing(self) -> TeamStanding:
        return self.row.standing


ORDERS: dict[str, Callable[[TownTeam], Any]] = {
    GAP: lambda team: (-team.standing.short, -team.row.broken_days, team.town.code),
    DAYS: lambda team: (-team.row.broken_days, team.town.code),
    TOWN: lambda team: team.town.code,
}
SHOWN: dict[str, Callable[[TownTeam], bool]] = {
    ALL: lambda team: True,  # noqa: ARG005 - every team
    SHORT: lambda team: not team.standing.complete,
    COMPLETE: lambda team: team.standing.complete,
}


@require_safe
def teams(request: HttpRequest) -> HttpResponse:
    """Every town's team against 1 + n + 6 + 1, the largest gaps first."""
    user = enter(request, "roster.view")
    as_of = AsOfForm(request.GET)
    asked = as_of.asked
    towns = queries.towns_for(user)
    codes = [town.code for town in towns]
    found, shares = queries.team_rows(codes, asked), queries.entry_shares(codes, asked.on, asked.known_on)
    handed_in = queries.submissions(codes, asked.on, asked.known_on)
    rows = [TownTeam(town, found[town.code], shares[town.code], handed_in.get(town.code)) for town in towns]
    sort = request.GET.get("sort", GAP) if request.GET.get("sort") in ORDERS else GAP
    show = request.GET.get("show", ALL) if request.GET.get("show") in SHOWN else ALL
    context = {
        "as_of": as_of,
        "asked": asked,
        "on": asked.on,
        "is_today": asked.on == today(),
        "rows": sorted(filter(SHOWN[show], rows), key=ORDERS[sort]),
        "filters": _filters(rows),
        "show": show,
        "sorts": SORTS,
        "sort": sort,
        "complete": sum(row.standing.complete for row in rows),
        "towns": len(rows),
    }
    return render(request, "roster/teams.html", context)


def _filters(rows: Iterable[TownTeam]) -> list[tuple[str, str, int]]:
    rows = list(rows)
    words = ((ALL, "全部"), (SHORT, "有缺口"), (COMPLETE, "达到标准"))
    return [(key, label, sum(map(SHOWN[key], rows))) for key, label in words]


@require_safe
def team(request: HttpRequest, code: str) -> HttpResponse:
    """One town's seats and empty chairs, who is away, and who held which seat when."""
    user = enter(request, "roster.view")
    town = queries.town_for(user, code)
    as_of = AsOfForm(request.GET)
    asked = as_of.asked
    history = queries.team_history(town.code, asked)
    context = {
        "town": town,
        "as_of": as_of,
        "asked": asked,
        "on": asked.on,
        "is_today": asked.on == today(),
        "history": history,
        "team": history.team,
        "strips": _strips(history, asked),
        "away": queries.away_in_town(town.code, asked.on),
        "platform": queries.entry_shares([town.code], asked.on, asked.known_on)[town.code],
        "submission": queries.submissions([town.code], asked.on, asked.known_on).get(town.code),
    }
    return render(request, "roster/team.html", context)


def _strips(history: queries.TeamHistory, asked: queries.Asked) -> list[Strip]:
    return strips(history.vacancies, asked.first, asked.on)
