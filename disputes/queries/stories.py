"""What the system makes of a story: triage, the type, the proposed route."""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from decimal import Decimal
from typing import Any

from core.errors import Refused
from core.models import Division
from core.prepared import Prepared
from disputes import routing, triage
from disputes.choices import Destination, Unsuitable
from disputes.models import CaseType, RoutingRule
from disputes.queries.choosing import case_types_asking
from disputes.questions import sum_in
from disputes.routing import Facts, Route
from disputes.told_numbers import ToldNumber, numbers_in
from disputes.triage import Suggestion, Triage
from disputes.triage.numerals import sure_sums

SHOWN = 3
RULE_COLUMNS = ("key", "conditions", "destination", "reason")


@dataclass(frozen=True)
class Assessment:
    """Triage and proposed route of a story. `case_type` is the type chosen, else the first suggested one."""

    triage: Triage
    case_type: CaseType
    types: list[CaseType]
    suggested: tuple[tuple[CaseType, Suggestion], ...]
    route: Route
    numbers_in_story: tuple[ToldNumber, ...]
    facts: Facts
    sums_told: tuple[Decimal, ...] = ()

    @property
    def best_type(self) -> CaseType:
        return self.suggested[0][0]

    @property
    def because(self) -> tuple[str, ...]:
        """The words that speak for the best type."""
        return telling(self.suggested[0][1].because)

    @property
    def risk_because(self) -> tuple[str, ...]:
        """The words that speak for the risk."""
        return telling(self.triage.risk_because)

    @property
    def shown(self) -> list[CaseType]:
        """The types offered at first sight: the best three, and the chosen one."""
        best = [row for row, _ in self.suggested[:SHOWN]]
        return best if self.case_type in best else [*best, self.case_type]

    @property
    def unsuitable_label(self) -> str:
        code = self.triage.unsuitable_because
        return str(Unsuitable(code).label) if code else ""

    @property
    def destination_label(self) -> str:
        return str(Destination(self.route.destination).label)

    def as_json(self) -> dict[str, Any]:
        """As it is kept with the dispute; names stand with the keys, so that showing it asks nothing."""
        return {
            "suggestions": [
                {"case_type": row.key, "name": row.name, "score": one.score, "because": list(telling(one.because))}
                for row, one in self.suggested
            ],
            "door": self.triage.other_door,
            "article": self.triage.article,
            "unsuitable_words": list(telling(self.triage.unsuitable_words)),
            "risk_because": list(self.risk_because),
            "route": asdict(self.route),
            "facts": {"cross_town": self.facts.cross_town, "earlier_failures": self.facts.earlier_failures},
        }


def assess(
    story: str,
    *,
    chosen: str = "",
    village: Division | None = None,
    source: str = "",
    amount: Decimal | None = None,
    cross_town: bool = False,
    earlier_failures: int = 0,
    answers: Mapping[str, str] | None = None,
) -> Assessment:
    """What triage and the routing table say of a story, in two queries.

    Without a sum in dispute the answer to the question of the type that asks for it counts (`facts.amount`).
    """
    types = {row.key: row for row in case_types_asking(chosen)}
    if chosen and chosen not in types:  # what is suggested instead asks its own questions
        types = {row.key: row for row in case_types_asking()}
    found = triage.suggest(story)
    if not types:
        raise Refused("还没有可用的纠纷类型。", hint="请管理员载入基础数据，或在配置里启用类型。")
    suggested = tuple((types[one.case_type], one) for one in found.suggestions if one.case_type in types)
    if not suggested:  # the types it speaks for are switched off
        last = list(types.values())[-1]
        suggested = ((last, Suggestion(last.key, 0.0)),)
    case_type = types.get(chosen) or suggested[0][0]
    facts = Facts(
        case_type=case_type.key,
        risk=found.risk,
        suitable=found.suitable,
        amount=sum_in(case_type.asked, answers or {}) if amount is None else amount,
        village=village.code if village else "",
        source=source,
        cross_town=cross_town,
        earlier_failures=earlier_failures,
    )
    route = routing.propose(facts, _rules())
    return Assessment(
        found, case_type, list(types.values()), suggested, route, numbers_in(story), facts, sums_told(story)
    )


_rules = Prepared(  # without what only the table's own page shows
    lambda: RoutingRule.objects.filter(enabled=True).values_list(*RULE_COLUMNS, named=True), planned_once=True
)


def sums_told(story: str) -> tuple[Decimal, ...]:
    """The sums of money that a story names for certain, in yuan, the largest first, each once; three at most."""
    sums = {sum_ for sum_ in sure_sums(story) if sum_ > 0}
    return tuple(Decimal(f"{sum_.normalize():f}") for sum_ in sorted(sums, reverse=True)[:SHOWN])


def telling(words: Iterable[str]) -> tuple[str, ...]:
    """The words worth showing: none that is part of another, no single characters beside longer words."""
    found = list(dict.fromkeys(words))
    whole = [word for word in found if not any(word in other and word != other for other in found)]
    return tuple([word for word in whole if len(word) > 1] or whole)
