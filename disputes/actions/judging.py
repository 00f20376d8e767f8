"""What triage and routing say of a dispute, asked when it is registered and when what was told is corrected."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from decimal import Decimal
from typing import Any, Protocol

from core.models import Division
from disputes import routing
from disputes.models import Dispute, Party, RoutingRule
from disputes.queries import Assessment, assess
from disputes.queries.known import earlier_failures

JUDGED = ("risk", "suitable", "unsuitable_because", "triage")


class Told(Protocol):
    """What an intake and a correction have in common for triage and routing."""

    @property
    def village(self) -> Division: ...
    @property
    def source(self) -> str: ...
    @property
    def narrative(self) -> str: ...
    @property
    def case_type(self) -> str: ...
    @property
    def amount(self) -> Decimal | None: ...
    @property
    def answers(self) -> Mapping[str, str]: ...


def assess_told(data: Told, failures: int, parties: Iterable[Party]) -> Assessment:
    """What triage and routing say. Asked here and not while typing: whether a party's mediation failed before, and
    whether the parties are of two towns."""
    return assess(
        data.narrative,
        chosen=data.case_type,
        village=data.village,
        source=data.source,
        amount=data.amount,
        cross_town=routing.is_cross_town(data.village.town_code, [party.home_town for party in parties]),
        earlier_failures=failures,
        answers=data.answers,
    )


def judged(found: Assessment) -> dict[str, Any]:
    """The columns that hold what triage and routing said."""
    return {
        "risk": found.triage.risk,
        "suitable": found.triage.suitable,
        "unsuitable_because": found.triage.unsuitable_because or "",
        "triage": found.as_json(),
    }


@dataclass(frozen=True)
class AsRegistered:
    """What stands in the register, as it was told."""

    village: Division
    source: str
    narrative: str
    case_type: str
    amount: Decimal | None
    answers: Mapping[str, str]


def route_by_homes(dispute: Dispute, parties: Sequence[Party]) -> None:
    """Ask the routing table anew when the people are of two towns now and were of one, or the reverse; set, not saved.

    What was never routed (a past dispute) or is closed stays as it is.
    """
    crosses = routing.is_cross_town(dispute.town_code, [party.home_town for party in parties])
    facts = dispute.triage.get("facts")
    if not facts or facts.get("cross_town") == crosses or not dispute.is_open:
        return
    told = AsRegistered(
        village=dispute.division,
        source=dispute.source,
        narrative=dispute.narrative,
        case_type=dispute.case_type_id,
        amount=dispute.amount,
        answers={one["key"]: one["value"] for one in dispute.answers},
    )
    failures = earlier_failures(parties, besides=dispute.pk)
    dispute.triage |= route_anew(told, failures, parties, risk=dispute.risk, suitable=dispute.suitable)


def route_anew(data: Told, failures: int, parties: Iterable[Party], *, risk: str, suitable: bool) -> dict[str, Any]:
    """What the routing table says of corrected facts while the story stands: people have decided on its risk since."""
    found = assess_told(data, failures, parties)
    route = routing.propose(
        replace(found.facts, risk=risk, suitable=suitable), RoutingRule.objects.filter(enabled=True)
    )
    return {"route": asdict(route), "facts": found.as_json()["facts"]}
