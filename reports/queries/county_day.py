"""今天要办 for the county: gaps of the targets, what towns report and nobody checked, lists not handed in."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from django.urls import reverse

from core.choices import Role
from core.clock_face import cn_date
from core.models import User
from reports.choices import Metric
from reports.compliance import TownStanding
from reports.queries.targets import Standing, TargetStanding, standing
from reports.todo import Task
from roster.choices import UnitKind
from roster.hand_ins import DUE
from roster.models import RosterImport, RosterSubmission, Staff

SHOWN_CHECKS = 10
RECENT_IMPORTS = 5


@dataclass(frozen=True)
class Submissions:
    """The lists of people that the plan asked of every town, the court and the bureau."""

    units: int
    in_time: int
    later: list[tuple[str, date]]
    missing: list[str]


@dataclass(frozen=True)
class CountyDay:
    standing: Standing
    submissions: Submissions

    def target(self, metric: str) -> TargetStanding | None:
        return next((found for found in self.standing.targets if found.target.metric == metric), None)

    @property
    def figures(self) -> list[TargetStanding]:
        return self.standing.targets

    @property
    def mechanism(self) -> TargetStanding | None:
        return self.target(Metric.MECHANISM_RUNNING)

    @property
    def sentence(self) -> str:
        """离 9 月目标还有 10 天，5 个镇（街）机制未全面运行"""
        found = self.mechanism
        if found is None:
            return ""
        gap = f"{len(found.gaps)} 个镇（街）机制没有全面运行" if found.gaps else "各镇（街）机制都在运行"
        if found.days_left >= 0:
            return f"离 {found.target.due_on.month} 月目标还有 {found.days_left} 天，{gap}"
        return gap

    def checks(self) -> list[Task]:
        """What a town has reported and nobody has checked."""
        towns, today = self.standing.towns.values(), self.standing.on
        return [task for town in towns for task in _checks(town, today)][:SHOWN_CHECKS]


def _checks(town: TownStanding, today: date) -> Iterator[Task]:
    for item in town.status.items:
        if item.self_reported:
            yield Task(
                f"核验{town.name}：{item.key.label}",
                f"自报 {cn_date(item.since, today)}起达到" if item.since else "",
                reverse("liaison:item-check", args=[town.code, item.key]),
                "去核验",
                state=("warn", "待核验"),
            )


def county_day(user: User, today: date) -> CountyDay:
    """Eleven queries at most."""
    found = standing(user.scope_codes, today)
    return CountyDay(found, submissions({town.code: town.name for town in found.towns.values()}))


def submissions(towns: dict[str, str]) -> Submissions:
    """Who has handed in the list, when first, and who has not; one query."""
    first: dict[str, date] = {}
    rows = (
        RosterSubmission.objects.standing()
        .order_by("-handed_in_on")
        .values_list("unit_kind", "town_id", "handed_in_on")
    )
    for kind, town, handed_in_on in rows:
        first[town or kind] = handed_in_on
    units = towns | {kind.value: str(kind.label) for kind in (UnitKind.COURT, UnitKind.BUREAU)}
    handed = {unit: first[unit] for unit in units if unit in first}
    return Submissions(
        units=len(units),
        in_time=sum(day <= DUE for day in handed.values()),
        later=sorted(((units[unit], day) for unit, day in handed.items() if day > DUE), key=lambda row: row[1]),
        missing=[name for unit, name in units.items() if unit not in handed],
    )


@dataclass(frozen=True)
class AdminDay:
    """What an admin has before them: imports, people without a clear post, towns without a list."""

    imports: list[RosterImport]
    unclear: int
    submissions: Submissions


def admin_day(user: User, towns: dict[str, str]) -> AdminDay:
    """Three queries."""
    assert user.role == Role.ADMIN
    imports = RosterImport.objects.visible_to(user).select_related("town", "uploaded_by").order_by("-uploaded_at")
    unclear = Staff.objects.visible_to(user).filter(memberships=None).count()
    return AdminDay(list(imports[:RECENT_IMPORTS]), unclear, submissions(towns))
