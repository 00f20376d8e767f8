"""How the dated targets stand on a day, with the two numbers behind each value."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.urls import reverse

from reports.choices import Figure, Metric, TargetState, TownFigure
from reports.compliance import Share, TownStanding, built_share, reached_on, running_share, state_of
from reports.models import Target
from reports.periods import year_to
from reports.queries.figures import Figures, resolution, tried
from reports.queries.filings import Filings, filings
from reports.queries.ledger import Counts, monthly_counts
from reports.queries.standings import Towns

Standings = Mapping[str, TownStanding]
GAPS_NAMED = 6
LISTS = {Metric.POINTS_BUILT: TownFigure.POINTS_BUILT, Metric.MECHANISM_RUNNING: TownFigure.MECHANISM_RUNNING}
TOWN_SHARES: dict[str, Callable[[Standings], Share]] = {
    Metric.POINTS_BUILT: built_share,
    Metric.MECHANISM_RUNNING: running_share,
}


@dataclass(frozen=True)
class TargetStanding:
    """One target on a day. `gaps` are the towns that keep it from being met; `late` of those counted rest on a 补录."""

    target: Target
    on: date
    share: Share
    state: TargetState
    reached_on: date | None = None
    gaps: tuple[TownStanding, ...] = ()
    late: int = 0

    @property
    def value(self) -> Decimal | None:
        return self.share.value

    @property
    def days_left(self) -> int:
        return (self.target.due_on - self.on).days

    @property
    def counts_towns(self) -> bool:
        return self.target.metric in TOWN_SHARES

    @property
    def list_url(self) -> str:
        """The towns behind the figure."""
        figure = LISTS[Metric(self.target.metric)]
        return f"{reverse('reports:list-towns', args=[figure])}?on={self.on.isoformat()}"

    @property
    def met_pips(self) -> range:
        return range(self.share.numerator)

    @property
    def first_gaps(self) -> tuple[TownStanding, ...]:
        return self.gaps[:GAPS_NAMED]

    @property
    def more_gaps(self) -> bool:
        return len(self.gaps) > GAPS_NAMED


@dataclass(frozen=True)
class Standing:
    """Everything the targets say on a day."""

    on: date
    towns: Standings
    targets: list[TargetStanding]
    filings: Filings


def resolution_from_ledger(codes: Sequence[str], on: date, known_on: date | None) -> Share:
    """The resolution rate of the year, counted straight from the ledger as it was known on another day."""
    counts: Counts = {}
    tried = (Figure.AGREED, Figure.FAILED)
    for bucket in monthly_counts(codes, [year_to(on)], tried, known_on).values():
        for figure, number in bucket.items():
            counts[figure] = counts.get(figure, 0) + number
    agreed, failed = (counts.get(figure, 0) for figure in tried)
    return Share(agreed, agreed + failed)


def standing(
    codes: Sequence[str], on: date, *, known_on: date | None = None, figures: Figures | None = None
) -> Standing:
    """Every target as read on `on`. `figures` are those of the year up to `on`; with `known_on` the ledger is asked."""
    targets = list(Target.objects.all())
    towns = Towns(codes, until=on, known_on=known_on, earlier=_due_days_over(targets, on))
    court = filings(codes, on, known_on)
    shares: dict[str, Share] = {
        Metric.RESOLUTION_RATE: _resolution(codes, on, known_on, figures),
        Metric.FILINGS_PER_10K: court.share,
    }
    now = towns.on(on)
    return Standing(
        on,
        now,
        [
            _of_towns(target, towns, now, on) if target.metric in TOWN_SHARES else _plain(target, shares, on)
            for target in targets
        ],
        court,
    )


def _due_days_over(targets: Sequence[Target], on: date) -> list[date]:
    """The targets' own days that lie behind `on` and may be looked back at for more than whether points were built."""
    looked_at = (one for one in targets if one.metric in TOWN_SHARES and one.metric != Metric.POINTS_BUILT)
    return [one.due_on for one in looked_at if one.goal is not None and on > one.due_on]


def _resolution(codes: Sequence[str], on: date, known_on: date | None, figures: Figures | None) -> Share:
    if known_on is not None:
        return resolution_from_ledger(codes, on, known_on)
    return resolution(figures.total if figures else tried(codes, *year_to(on)))


def _plain(target: Target, shares: Mapping[str, Share], on: date) -> TargetStanding:
    share = shares[target.metric]
    state = state_of(target.goal, target.due_on, on, share.value, None)
    return TargetStanding(target, on, share, state)


def _of_towns(target: Target, towns: Towns, now: Standings, on: date) -> TargetStanding:
    count = TOWN_SHARES[target.metric]
    share, then = count(now), None
    if on > target.due_on and target.goal is not None and (share.value or 0) < target.goal:
        then = _on_due_day(target, towns)
    is_built = target.metric == Metric.POINTS_BUILT
    since = [town.status.built_since for town in now.values()] if is_built else []
    return TargetStanding(
        target,
        on,
        share,
        state_of(target.goal, target.due_on, on, share.value, then),
        reached_on(target.goal, since),
        tuple(town for town in now.values() if not (town.built if is_built else town.running)),
        sum(bool(town.status.late) for town in now.values() if town.built) if is_built else 0,
    )


def _on_due_day(target: Target, towns: Towns) -> Decimal | None:
    """The value on the target's own day; whether a point was built is in the books already."""
    if target.metric == Metric.POINTS_BUILT:
        points = towns.points_on(target.due_on)
        return Share(sum(point.status.built for point in points.values()), len(points)).value
    return TOWN_SHARES[target.metric](towns.on(target.due_on)).value
