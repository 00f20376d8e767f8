"""The list behind a figure that counts towns: every town, those that keep the figure down first, and why."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from reports.choices import Metric, TownFigure
from reports.compliance import Share, TownStanding
from reports.models import Target
from reports.queries.standings import Towns

TEAM = "1 名法官、至少 1 名法官助理、6 名调解人员、1 名联络人员，少一名就不算达到；多出来的另外标出。"
METRICS = {TownFigure.POINTS_BUILT: Metric.POINTS_BUILT, TownFigure.MECHANISM_RUNNING: Metric.MECHANISM_RUNNING}


@dataclass(frozen=True)
class TownRow:
    """A town, whether it counts, and what it lacks, in words."""

    town: TownStanding
    counts: bool
    gaps: tuple[str, ...]


@dataclass(frozen=True)
class TownList:
    figure: TownFigure
    on: date
    rows: tuple[TownRow, ...]

    @property
    def share(self) -> Share:
        return Share(sum(row.counts for row in self.rows), len(self.rows))


def town_list(codes: Sequence[str], figure: TownFigure, on: date) -> TownList:
    """Every town inside `codes` as it stands on `on`; the same queries however many."""
    rows = [_row(town, figure) for town in Towns(codes, until=on).on(on).values()]
    return TownList(figure, on, tuple(sorted(rows, key=lambda row: (row.counts, row.town.code))))


def _row(town: TownStanding, figure: TownFigure) -> TownRow:
    if figure == TownFigure.POINTS_BUILT:
        return TownRow(town, town.built, town.built_gaps)
    if figure == TownFigure.MECHANISM_RUNNING:
        return TownRow(town, town.running, town.running_gaps)
    return TownRow(town, town.team.complete, town.team.gaps)


def definition_of(figure: TownFigure) -> str:
    """The words of what counts: those of the dated target, or of the plan's team."""
    if figure not in METRICS:
        return TEAM
    target = Target.objects.filter(metric=METRICS[figure]).first()
    return target.definition if target else ""
