"""配置体检: what the installation and each town lack, with the way to mend it."""

from dataclasses import dataclass

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from core import config_checks
from core.access import allowed
from core.choices import Role
from core.models import User
from core.paging import keyset_page
from core.queries import today
from disputes.choices import Outcome
from liaison.queries import visible_towns
from liaison.views.doors import enter
from mediation.actions.retention import terms_in_force
from mediation.queries.retention import standing
from mediation.retention import DUE, WORDS
from reports import town_checks
from reports.queries.town_checks import check_towns
from reports.town_checks import Lack, TownChecked

TOWNS_A_PAGE = 120  # as on the network page
LOOKED_AT = 1_000


@dataclass(frozen=True)
class Shown:
    """A lack of a town with the page that mends it, where this user may open one."""

    lack: Lack
    url: str


@require_safe
def config_check(request: HttpRequest) -> HttpResponse:
    """The admin sees installation and towns, others the towns of their divisions; a page's longest list first."""
    user = enter(request, "reports.check_config")
    page = keyset_page(visible_towns(user), order=("code",), cursor=request.GET.get("cursor"), size=TOWNS_A_PAGE)
    codes = [town.code for town in page.rows]
    towns = sorted(check_towns(codes), key=lambda town: (-len(town.lacks), town.code))
    context = {
        "retention": retention_preview() if user.role == Role.ADMIN else None,
        "installation": config_checks.findings() if user.role == Role.ADMIN else None,
        "error": config_checks.ERROR,
        "towns": [(town, [Shown(lack, _way(lack, town, user)) for lack in town.lacks]) for town in towns],
        "fine": len(codes) - len(towns),
        "looked_at": len(codes),
        "page": page,
        "is_part": bool(page.next_cursor or page.prev_cursor),
    }
    return render(request, "reports/config_check.html", context)


@dataclass(frozen=True)
class RetentionPreview:
    """What the retention rule would do today, in numbers only: the admin sees no case."""

    terms: list[tuple[str, int]]
    verdicts: list[tuple[str, int]]
    due: int
    is_part: bool
    auto: bool


def retention_preview() -> RetentionPreview:
    """The terms in force and how the files past them stand; at most 1,000 files are looked at."""
    terms = terms_in_force()
    found = standing(terms, today(), most=LOOKED_AT)
    return RetentionPreview(
        terms=[(str(Outcome(key).label), months) for key, months in terms.items()],
        verdicts=[(WORDS[key], count) for key, count in sorted(found.verdicts.items())],
        due=found.verdicts[DUE],
        is_part=found.is_part,
        auto=settings.RETENTION_AUTO,
    )


def _way(lack: Lack, town: TownChecked, user: User) -> str:
    """Where the lack is mended, or at least seen; empty where this user may not go."""
    if lack.room == town_checks.FILINGS:
        return reverse("admin:reports_courtfilingfigure_add") if user.role == Role.ADMIN else ""
    if lack.room == town_checks.ACCOUNTS:
        return reverse("roster:accounts") if allowed(user, "roster.open_accounts") else ""
    if lack.room == town_checks.TEAM:
        return reverse("roster:team", args=[town.code]) if allowed(user, "roster.view") else ""
    if lack.room == town_checks.DUTY and allowed(user, "liaison.keep_rota"):
        return reverse("liaison:duty", args=[town.code])
    opens = lack.code == "point_missing" and allowed(user, "liaison.open_point")
    return reverse("liaison:open" if opens else "liaison:point", args=[town.code])
