"""配置体检 of the towns: what each lacks today, in a constant number of queries."""

from collections.abc import Collection
from datetime import date, timedelta

from core.models import Division
from core.queries import today
from liaison.models import DutyShift
from liaison.queries import statuses
from reports.models import CourtFilingFigure
from reports.town_checks import TownChecked, town_lacks
from roster.choices import TeamRole
from roster.models import TeamMembership

ONE_WEEK = timedelta(days=7)


def check_towns(codes: Collection[str] | None = None) -> list[TownChecked]:
    """Every town inside the divisions `codes` (default: all) that lacks something, in nine queries."""
    day = today()
    towns = statuses(day, town_codes=codes)
    on_duty, counted, signed_up = _on_duty(day), _counted(day), _with_account(day)
    found = []
    for code, town in towns.items():
        lacks = town_lacks(
            town.status if town.point_id else None,
            town.team,
            has_duty_this_week=code in on_duty,
            has_population=code.startswith(counted),
            officer_has_account=code in signed_up,
        )
        found += [TownChecked(code, town.name, lacks)] if lacks else []
    return found


def _on_duty(day: date) -> set[str]:
    """Towns with somebody on the rota of this week."""
    monday = day - timedelta(days=day.weekday())
    week = DutyShift.objects.filter(on__gte=monday, on__lt=monday + ONE_WEEK)
    return set(week.values_list("point__town_code", flat=True).distinct())


def _counted(day: date) -> tuple[str, ...]:
    """Divisions with a population, their own or one entered with this year's filings; a county's serves its towns."""
    filed = CourtFilingFigure.objects.filter(month__year=day.year, population__gt=0)
    own = Division.objects.filter(population__gt=0).values_list("code", flat=True)
    return (*own, *filed.values_list("division_id", flat=True))


def _with_account(day: date) -> set[str]:
    """Towns whose liaison officer can sign in."""
    officers = TeamMembership.objects.on(day).filter(role=TeamRole.LIAISON_OFFICER, staff__user__is_active=True)
    return set(officers.values_list("town_code", flat=True))
