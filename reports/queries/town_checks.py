"""配置体检 of the towns: what each lacks today, in a constant number of queries."""

from collections.abc import Iterator, Sequence
from datetime import date, timedelta

from core.models import Division
from core.queries import today
from liaison.models import DutyShift
from liaison.queries import statuses, towns
from reports.models import CourtFilingFigure
from reports.town_checks import TownChecked, town_lacks
from roster.choices import TeamRole
from roster.models import TeamMembership

ONE_WEEK = timedelta(days=7)
TOWNS_AT_ONCE = 200
CODE_LENGTHS = (2, 4, 6, 9)  # province, city, county, town


def check_towns(codes: Sequence[str]) -> list[TownChecked]:
    """Each of these towns that lacks something, in nine queries; what is read is theirs alone."""
    day = today()
    found_towns = statuses(day, town_codes=codes)
    on_duty, counted, signed_up = _on_duty(codes, day), _counted(codes, day), _with_account(codes, day)
    found = []
    for code, town in found_towns.items():
        lacks = town_lacks(
            town.status if town.point_id else None,
            town.team,
            has_duty_this_week=code in on_duty,
            has_population=not counted.isdisjoint(_around(code)),
            officer_has_account=code in signed_up,
        )
        found += [TownChecked(code, town.name, lacks)] if lacks else []
    return found


def check_every_town() -> Iterator[TownChecked]:
    """Every town that lacks something, some hundred at a time: a nation's books do not fit in one query."""
    codes = list(towns().order_by("code").values_list("code", flat=True))
    for first in range(0, len(codes), TOWNS_AT_ONCE):
        yield from check_towns(codes[first : first + TOWNS_AT_ONCE])


def _on_duty(codes: Sequence[str], day: date) -> set[str]:
    """Those with somebody on the rota of this week."""
    monday = day - timedelta(days=day.weekday())
    week = DutyShift.objects.filter(point__town_code__in=codes, on__gte=monday, on__lt=monday + ONE_WEEK)
    return set(week.values_list("point__town_code", flat=True).distinct())


def _around(code: str) -> set[str]:
    """A town and the divisions that it lies in."""
    return {code[:length] for length in CODE_LENGTHS}


def _counted(codes: Sequence[str], day: date) -> set[str]:
    """Divisions with a population, their own or one entered with this year's filings; a county's serves its towns."""
    around = set().union(*(_around(code) for code in codes))
    filed = CourtFilingFigure.objects.filter(division__in=around, month__year=day.year, population__gt=0)
    own = Division.objects.filter(code__in=around, population__gt=0).values_list("code", flat=True)
    return {*own, *filed.values_list("division_id", flat=True)}


def _with_account(codes: Sequence[str], day: date) -> set[str]:
    """Those whose liaison officer can sign in."""
    officers = TeamMembership.objects.on(day).filter(
        town_code__in=codes, role=TeamRole.LIAISON_OFFICER, staff__user__is_active=True
    )
    return set(officers.values_list("town_code", flat=True))
