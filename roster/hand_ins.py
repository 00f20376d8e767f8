"""The lists that 23 units hand in by the plan's day: who was in time, late, or is missing on a day. Pure."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date

from roster.choices import HandInState, MediatorKind, TeamRole, UnitKind

ORDERED = date(2023, 3, 13)  # the order's own day: no list was handed in before it
DUE = date(2023, 3, 30)  # 罗政发〔2023〕3号 五（一）
COURT, BUREAU = UnitKind.COURT.value, UnitKind.BUREAU.value
# 四（一）2: 法官、法官助理、调解人员分别由法院、司法局和各镇（街）选派. Who of the mediators is the bureau's to send is
# read from their source: those whom it keeps or registers.
COURT_SENDS = frozenset({TeamRole.JUDGE, TeamRole.JUDGE_ASSISTANT})
BUREAU_SENDS = frozenset({MediatorKind.JUDICIAL_OFFICE, MediatorKind.PEOPLES_MEDIATOR, MediatorKind.VILLAGE_LAWYER})


@dataclass(frozen=True, slots=True)
class HandIn:
    """One list handed in: the day, and the days on which that was written down and, where it was wrong, struck out."""

    on: date
    recorded_on: date
    voided_on: date | None = None

    def stands(self, on: date, known_on: date | None = None) -> bool:
        """Whether it was there on `on`, as the books stood on `known_on` (default: now)."""
        if known_on is None:
            return self.on <= on and self.voided_on is None
        return self.on <= on and self.recorded_on <= known_on and not (self.voided_on and self.voided_on <= known_on)


@dataclass(frozen=True, slots=True)
class UnitStanding:
    """How a unit stands on a day: the first list counts for the plan's day, the further ones are supplements."""

    state: HandInState
    days: int = 0
    supplements: int = 0

    @property
    def words(self) -> str:
        """「晚 7 天」, 「已晚 12 天」; empty when nothing is late."""
        if self.state == HandInState.LATE:
            return f"晚 {self.days} 天"
        return f"已晚 {self.days} 天" if self.state == HandInState.MISSING else ""


def unit_standing(hand_ins: Iterable[HandIn], on: date, known_on: date | None = None) -> UnitStanding:
    """In time, late, missing, or not due yet. `days` says by how many days it is late."""
    days = sorted(hand_in.on for hand_in in hand_ins if hand_in.stands(on, known_on))
    if not days:
        late = (on - DUE).days
        return UnitStanding(HandInState.MISSING, late) if late > 0 else UnitStanding(HandInState.WAITING)
    late = max((days[0] - DUE).days, 0)
    return UnitStanding(HandInState.LATE if late else HandInState.IN_TIME, late, len(days) - 1)


def unit_of_list(towns: Collection[str], roles: Collection[str], *, by_officer: bool) -> str:
    """Which unit a list comes from, as it stands in an address: nothing but court seats is the court's, one town is
    that town's; "" where it cannot be told (the bureau's list names people of many towns)."""
    if roles and set(roles) <= COURT_SENDS and not by_officer:
        return COURT
    return next(iter(towns)) if len(towns) == 1 else ""
