"""Who stands in the chain of a town's warnings today, what was told of one so far, and whom to call besides."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.conf import settings
from django.db.models import Q, QuerySet

from core.choices import TOWN_ROLES, Role
from core.models import User
from core.prepared import Prepared
from core.scope import TOWN_CODE_LENGTH
from disputes.choices import ChainKind
from disputes.escalation import Link, Told
from disputes.models import FlagStep, RiskFlag
from liaison.models import LiaisonPoint
from liaison.rota import stand_in
from roster.models import Absence
from roster.queries import stayers_first


@dataclass(frozen=True)
class Chain:
    """The links in their order, and the accounts behind them by key."""

    links: tuple[Link, ...]
    people: dict[int, User]


def chain_of(town_code: str, on: date, *, with_county: bool = True) -> Chain:
    """Officers who are there, officers away together with who stands in for them, at last the county; ≤ 5 queries.

    An officer on the last day in office is called after the others: the account closes at midnight. Who stands in for
    one away is called on the last day too: together with that officer, and nobody else was named.
    Only accounts in use that see the town. Without an officer the county is all there is, asked for or not.
    """
    in_town = _in_town(town_code).filter(role=Role.OFFICER).select_related("staff")
    officers = list(in_town.order_by(stayers_first(town_code), "pk"))
    stops = _stops(town_code, officers, on)
    if with_county or not stops:
        stops += [[(ChainKind.COUNTY, person)] for person in county_of(town_code)]
    links = [Link(kind, person.pk, stop) for stop, people in enumerate(stops) for kind, person in people]
    return Chain(tuple(links), {person.pk: person for people in stops for _, person in people})


def _stops(town_code: str, officers: Sequence[User], on: date) -> list[list[tuple[str, User]]]:
    away = _substitutes(on) if officers else {}
    here = [[(ChainKind.OFFICER.value, one)] for one in officers if _staff(one) not in away]
    absent = [one for one in officers if _staff(one) in away]
    if not absent:
        return here
    stands_in = {one.pk: stand_in(_key(one), away, lambda _key: True) for one in absent}
    accounts = _accounts(town_code, (key for key in stands_in.values() if key))
    return here + [_with_substitute(one, accounts.get(stands_in[one.pk])) for one in absent]


def _with_substitute(officer: User, substitute: User | None) -> list[tuple[str, User]]:
    told: list[tuple[str, User]] = [(ChainKind.SUBSTITUTE.value, substitute)] if substitute else []
    return [*told, (ChainKind.OFFICER.value, officer)]


def _staff(user: User) -> UUID | None:
    staff = getattr(user, "staff", None)
    return staff.pk if staff else None


def _key(user: User) -> UUID:
    key = _staff(user)
    assert key is not None
    return key


def _substitutes(on: date) -> dict[UUID, UUID | None]:
    """Everybody away on `on`, with whom they named."""
    return dict(Absence.objects.on(on).values_list("staff_id", "substitute_id"))


def _in_town(town_code: str) -> QuerySet[User]:
    return User.objects.filter(is_active=True, scopes__division=town_code)


def _accounts(town_code: str, staff: Iterable[UUID]) -> dict[UUID | None, User]:
    rows = _in_town(town_code).filter(role__in=TOWN_ROLES, staff__in=set(staff)).select_related("staff")
    return {_key(user): user for user in rows}


def county_of(town_code: str) -> list[User]:
    """The supervisor of the settings; is that account not in use, the first committee officer who sees the town."""
    above = [town_code[:length] for length in range(2, TOWN_CODE_LENGTH)]
    sees = Q(role=Role.COMMITTEE, scopes__division__in=above)
    found = User.objects.filter(Q(username=settings.SUPERVISOR_USERNAME) | sees, is_active=True).order_by("pk")
    people = list(found.distinct())
    named = [one for one in people if one.username == settings.SUPERVISOR_USERNAME]
    return (named or people)[:1]


# ── one warning ──────────────────────────────────────────────────────────────
def told_of(flag: RiskFlag) -> list[Told]:
    """Who was told so far, the first one first."""
    return [Told(step.kind, step.recipient_id, step.told_at) for step in flag.steps.all()]


def flags_to_pass_on(at: datetime) -> list[int]:
    """Keys of the warnings whose chain is to be looked at by `at`, the oldest first; one query on an own index."""
    return list(RiskFlag.objects.filter(next_at__lte=at).order_by("next_at", "pk").values_list("pk", flat=True))


@dataclass(frozen=True)
class Alarm:
    """What the top of a dispute's page says of an open warning."""

    flag: RiskFlag
    steps: list[FlagStep]
    police_contact: str
    police_phone: str

    @property
    def county_told(self) -> bool:
        """Whether the chain has gone as far as it goes."""
        return any(step.kind == ChainKind.COUNTY for step in self.steps)


_steps = Prepared(lambda flag: FlagStep.objects.filter(flag_id=flag).select_related("recipient"), planned_once=True)
_police = Prepared(
    lambda town: LiaisonPoint.objects.filter(town_code=town).values_list("police_contact", "police_phone")[:1],
    planned_once=True,
)


def alarm_of(flag: RiskFlag, town_code: str) -> Alarm:
    """Whom to call after 110, and who was told when; two queries. The flag knows afterwards who was told."""
    steps, points = list(_steps(flag=flag.pk)), list(_police(town=town_code))
    flag.told_ids = flag.those_told({step.recipient_id for step in steps})
    return Alarm(flag, steps, *(points[0] if points else ("", "")))
