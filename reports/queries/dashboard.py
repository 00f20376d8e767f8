"""The dashboard as of a day: targets, figures, the towns as a heat table, the funnel, the months."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.urls import reverse

from liaison.choices import SystemKind
from reports.choices import Figure, TownFigure
from reports.compliance import Share, TownStanding, team_share
from reports.heat import behind_level, missing_level
from reports.periods import year_to
from reports.queries.figures import (
    Figures,
    Totals,
    confirmed_share,
    figures,
    in_time_share,
    performed_share,
    resolution,
)
from reports.queries.links import TRIED, list_url
from reports.queries.targets import Standing, TargetStanding, standing
from reports.queries.town_list import TEAM

FUNNEL = (
    Figure.REGISTERED,
    Figure.MEDIATED,
    Figure.AGREED,
    Figure.CONFIRMATIONS_SUBMITTED,
    Figure.CONFIRMATIONS_ACCEPTED,
    Figure.CONFIRMATIONS_CONFIRMED,
)
ITEMS = 4
FULL = Decimal(100)


@dataclass(frozen=True)
class Part:
    """A number with the list it counts."""

    label: str
    number: int
    url: str


@dataclass(frozen=True)
class Card:
    """One of the figures: its value, the numbers it comes from, each with its list."""

    label: str
    value: Decimal | int | None
    unit: str
    url: str
    parts: tuple[Part, ...] = ()
    note: str = ""
    definition: str = ""

    @property
    def is_rate(self) -> bool:
        return isinstance(self.value, Decimal)


@dataclass(frozen=True)
class HeatCell:
    text: str
    url: str
    level: int = 0


@dataclass(frozen=True)
class HeatRow:
    town: TownStanding
    cells: tuple[HeatCell, ...]

    @property
    def behind(self) -> int:
        return sum(cell.level for cell in self.cells)


@dataclass(frozen=True)
class Step:
    """One step of the funnel, and its share of the step before."""

    label: str
    number: int
    url: str
    share: Share | None
    of_all: Share


@dataclass(frozen=True)
class Month:
    month: date
    registered: int
    agreed: int
    filings: int | None


HEAT_HEADS = ("四个一", "制度运行", "队伍", "登记 件", "化解率 %", "按期裁定率 %", "按期履行率 %")


class Dashboard:
    """Everything on the page, read when it is made; each part is then worked out without asking again."""

    def __init__(self, codes: Sequence[str], on: date) -> None:
        self.on = on
        self.first, self.last = year_to(on)
        self.figures: Figures = figures(codes, self.first, self.last)
        self.standing: Standing = standing(codes, on, figures=self.figures)
        self.total: Totals = self.figures.total

    @property
    def goals(self) -> list[TargetStanding]:
        """The targets that count towns."""
        return [target for target in self.standing.targets if target.counts_towns]

    def _list(self, figure: str, town: str = "") -> str:
        return list_url(figure, self.first, self.last, town=town)

    def _part(self, figure: Figure, label: str = "") -> Part:
        return Part(label or figure.label, self.total[figure], self._list(figure))

    # ── the figures ─────────────────────────────────────────────────────────
    @property
    def cards(self) -> list[Card]:
        return [self._teams(), self._registered(), self._resolution(), self._filings(), self._confirmed()]

    def _teams(self) -> Card:
        share = team_share(self.standing.towns)
        url = f"{reverse('reports:list-towns', args=[TownFigure.TEAM_COMPLETE])}?on={self.on.isoformat()}"
        return Card("队伍达到标准", share.numerator, f"/ {share.denominator}", url, definition=TEAM)

    def _registered(self) -> Card:
        return Card(
            "本年登记纠纷",
            self.total[Figure.REGISTERED],
            "件",
            self._list(Figure.REGISTERED),
            (self._part(Figure.LATE_ENTRIES, "其中补录"),),
            definition="按登记日计，从当年 1 月 1 日到这一天。录入比登记日晚 7 天以上的算补录。",
        )

    def _resolution(self) -> Card:
        share = resolution(self.total)
        tried = Part("达成协议＋调解不成", share.denominator, self._list(TRIED))
        parts = (self._part(Figure.AGREED), tried)
        definition = (
            "化解率 = 达成协议 ÷（达成协议 + 调解不成），按办结日计。终止、转其他部门的不进分子分母。方案没有定目标值。"
        )
        return Card("化解率", share.value, "%", self._list(TRIED), parts, definition=definition)

    def _filings(self) -> Card:
        court = self.standing.filings
        url = f"{reverse('reports:list-filings')}?on={self.on.isoformat()}"
        months = sorted(court.by_month)
        label = f"万人起诉率（{months[0].month}—{months[-1].month} 月）" if months else "万人起诉率"
        parts = (Part("一审民事、行政收案", court.share.numerator, url),) if months else ()
        note = f"人口 {court.share.denominator:,}" if court.share.denominator else "还没有录入收案数和人口"
        definition = "万人起诉率 = 一审民事、行政收案数 ÷ 人口 × 10,000，只算已满的月份。方案要求下降，没有定目标值。"
        return Card(label, court.share.value, "件", url, parts, note, definition)

    def _confirmed(self) -> Card:
        share = confirmed_share(self.total)
        return Card(
            "司法确认裁定有效",
            self.total[Figure.CONFIRMATIONS_CONFIRMED],
            "件",
            self._list(Figure.CONFIRMATIONS_CONFIRMED),
            (
                self._part(Figure.CONFIRMATIONS_SUBMITTED, "申请"),
                self._part(Figure.CONFIRMATIONS_REJECTED),
                self._part(Figure.CONFIRMATIONS_WITHDRAWN),
            ),
            f"确认率 {share.value:.1f}%（{share.numerator} ÷ {share.denominator}）" if share.value is not None else "",
            "确认率 = 裁定有效 ÷ 审结（有效、驳回或不予受理、撤回），按裁定日计。",
        )

    # ── the towns ────────────────────────────────────────────────────────────
    @property
    def heat(self) -> list[HeatRow]:
        """The towns, most behind first."""
        rows = [HeatRow(town, tuple(self._cells(town))) for town in self.standing.towns.values()]
        return sorted(rows, key=lambda row: (-row.behind, row.town.code))

    def _cells(self, town: TownStanding) -> Iterator[HeatCell]:
        point = f"{reverse('liaison:point', args=[town.code])}?on={self.on.isoformat()}"
        totals, systems, team = self.figures.of(town.code), len(SystemKind), town.team
        yield HeatCell(f"{town.status.counted}/{ITEMS}", point, missing_level(town.status.counted, ITEMS))
        running = town.running_systems
        yield HeatCell(f"{running}/{systems}", f"{point}#use", missing_level(running, systems))
        yield HeatCell(f"{team.filled}/{team.wanted}", f"{point}#team", missing_level(team.filled, team.wanted))
        yield HeatCell(f"{totals[Figure.REGISTERED]}", self._list(Figure.REGISTERED, town.code))
        yield self._rate(resolution, totals, self._list(TRIED, town.code))
        yield self._rate(in_time_share, totals, self._list(Figure.CONFIRMATIONS_IN_TIME, town.code))
        yield self._rate(performed_share, totals, self._list(Figure.PERFORMANCE_DUE, town.code))

    def _rate(self, rate: Callable[[Totals], Share], totals: Totals, url: str) -> HeatCell:
        share = rate(totals)
        if share.value is None:
            return HeatCell("—", "")
        return HeatCell(f"{share.value:.1f}", url, behind_level(share, rate(self.total)))

    # ── funnel and months ────────────────────────────────────────────────────
    @property
    def funnel(self) -> list[Step]:
        steps: list[Step] = []
        before: int | None = None
        widest = max((self.total[figure] for figure in FUNNEL), default=0)
        for figure in FUNNEL:
            number = self.total[figure]
            share = Share(number, before) if before is not None else None
            steps.append(Step(figure.label, number, self._list(figure), share, Share(number, widest)))
            before = number
        return steps

    @property
    def performance(self) -> Card:
        share = performed_share(self.total)
        parts = (self._part(Figure.PERFORMANCE_DONE), self._part(Figure.PERFORMANCE_DUE))
        return Card("按期履行率", share.value, "%", self._list(Figure.PERFORMANCE_DUE), parts)

    @property
    def months(self) -> list[Month]:
        court = self.standing.filings.by_month
        return [
            Month(month, counts[Figure.REGISTERED], counts[Figure.AGREED], court.get(month))
            for month, counts in self.figures.months()
        ]

    @property
    def has_filings(self) -> bool:
        return bool(self.standing.filings.rows)
