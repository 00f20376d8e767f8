"""How the towns stand on a day: point, systems in use, team."""

from collections.abc import Iterable, Sequence
from datetime import date
from functools import cached_property

from liaison.choices import SystemKind
from liaison.queries import Books, TownStatus, books
from liaison.standard import SystemStatus
from reports.compliance import SystemStanding, TownStanding
from reports.queries.use import NEVER, Use, UseByTown, system_use_of_days


class Towns:
    """The towns inside some divisions, asked for one day or several: the books of the points are read once.

    Five queries, and one for the use of the systems on `until` and the `earlier` days that are sure to be asked for.
    """

    def __init__(
        self, codes: Sequence[str], *, until: date, known_on: date | None = None, earlier: Iterable[date] = ()
    ) -> None:
        self.codes, self.known_on = tuple(codes), known_on
        self.books: Books = books(until, self.codes)
        self.days = [until, *earlier]

    @cached_property
    def _use(self) -> dict[date, UseByTown]:
        return system_use_of_days(self.codes, self.days, self.known_on)

    def points_on(self, day: date) -> dict[str, TownStatus]:
        """Every town's point and team on `day`, by code; nothing is asked."""
        return self.books.on(day, self.known_on)

    def on(self, day: date) -> dict[str, TownStanding]:
        """Every town on `day`, one of those named when this was made, by code."""
        points, use = self.points_on(day), self._use[day]
        return {code: _standing(point, use.get(code, {})) for code, point in points.items()}


def _standing(town: TownStatus, use: dict[SystemKind, Use]) -> TownStanding:
    return TownStanding(
        code=town.code,
        name=town.name,
        status=town.status,
        systems=tuple(_system(system, use.get(system.kind, NEVER)) for system in town.status.systems),
        team=town.team,
        has_point=town.point_id is not None,
    )


def _system(system: SystemStatus, use: Use) -> SystemStanding:
    return SystemStanding(system.kind, system.adopted_on, system.text_id, use.times, use.last_on)
