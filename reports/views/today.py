"""今天要办, by role."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from core import queries
from core.choices import COUNTY_ROLES, COURT_ROLES, TOWN_ROLES, Role
from core.models import User
from liaison.queries import towns
from mediation.queries.court_figures import figures as court_figures
from mediation.queries.court_queue import STAGES, QueueFilter
from reports.queries import county_day, today

SHOWN_STAGES = ("to_accept", "supplement", "to_decide", "to_serve")


@dataclass(frozen=True)
class Asked:
    """Who asks, on which day, and which of the two weeks' days they pressed."""

    user: User
    today: date
    chosen: date | None


@require_safe
def today_page(request: HttpRequest) -> HttpResponse:
    """What this person has to do today. An auditor reads the audit trail."""
    assert request.user.is_authenticated
    asked = Asked(request.user, queries.today(), _chosen(request))
    if asked.user.role == Role.AUDITOR:
        return redirect("audit")
    build, template = _PAGES[Role(asked.user.role)]
    return render(request, template, {"today": asked.today, "chosen": asked.chosen} | build(asked))


def _chosen(request: HttpRequest) -> date | None:
    """`?day=2023-09-22`: only that day's rows; anything else is no choice."""
    try:
        return date.fromisoformat(request.GET.get("day", ""))
    except ValueError:
        return None


def _due(asked: Asked) -> dict[str, Any]:
    load = today.load_of(asked.user, asked.today)
    return {
        "load": load,
        "days": today.strip(load, asked.chosen),
        "agenda": today.agenda(asked.user, asked.today, asked.chosen),
        "waiting": [] if asked.chosen else today.waiting(asked.user),
    }


def _town(asked: Asked) -> dict[str, Any]:
    return _due(asked) | {"cases": today.open_cases(asked.user), "on_duty": today.on_duty(asked.user, asked.today)}


def _court(asked: Asked) -> dict[str, Any]:
    found = court_figures(asked.user, QueueFilter(), today=asked.today, tomorrow=asked.today)
    stages = [(STAGES[key], found.stages[key]) for key in SHOWN_STAGES]
    return _due(asked) | {"stages": stages, "most": max(count for _, count in stages)}


def _county(asked: Asked) -> dict[str, Any]:
    day = county_day.county_day(asked.user, asked.today)
    waiting = [*today.waiting(asked.user), *day.checks()]
    names = {town.code: town.name for town in day.standing.towns.values()}
    agenda = today.agenda(asked.user, asked.today, asked.chosen, names)
    return {"day": day, "agenda": agenda, "waiting": waiting}


def _admin(asked: Asked) -> dict[str, Any]:
    names = dict(towns().order_by("code").values_list("code", "name"))
    return {"day": county_day.admin_day(asked.user, names)}


Build = Callable[[Asked], dict[str, Any]]
_PAGES: dict[Role, tuple[Build, str]] = {
    **dict.fromkeys(TOWN_ROLES, (_town, "reports/today_town.html")),
    **dict.fromkeys(COURT_ROLES, (_court, "reports/today_court.html")),
    **dict.fromkeys(COUNTY_ROLES, (_county, "reports/today_county.html")),
    Role.ADMIN: (_admin, "reports/today_admin.html"),
}
