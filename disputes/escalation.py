"""Who must be told of a danger next, and when. Pure: people and moments in, people and moments out.

The times are 内部要求, no law: 人民调解法 25 asks to report in time and names no minutes. Each stop of the chain has
thirty minutes to sign; the county is told once and last; a day after the warning the town is called once more.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from disputes.choices import ChainKind

PATIENCE = timedelta(minutes=30)
LAST_CALL = timedelta(hours=24)


@dataclass(frozen=True)
class Link:
    """Somebody who can be told. Links of one `stop` are told together: who is away, and who stands in."""

    kind: str
    person: int
    stop: int = 0


@dataclass(frozen=True)
class Told:
    """Somebody who was told, as what, and when."""

    kind: str
    person: int
    at: datetime


@dataclass(frozen=True)
class Step:
    """Whom to tell now (nobody: the one before still has time), and when to look again (None: the chain has ended)."""

    links: tuple[Link, ...]
    wake_at: datetime | None


def next_step(told: Sequence[Told], chain: Sequence[Link], *, raised_at: datetime, at: datetime) -> Step:
    """What the chain asks for at a moment. A late look tells one stop only, which then has its thirty minutes.

    `chain` is the order in which people stand today, `told` what was done so far, whoever stood there then. Nobody is
    told twice but by the last call. With nobody to tell at all the chain looks again after each thirty minutes.
    """
    if any(one.kind == ChainKind.LAST_CALL for one in told):
        return Step((), None)
    if not told:
        first = _next_stop((), chain)
        return Step(first, at + PATIENCE if not _reaches_county(first) else _last_call(raised_at, at))
    due_at = max(one.at for one in told) + PATIENCE
    links = () if _reaches_county(told) else _next_stop(told, chain)
    if links and at < due_at:
        return Step((), due_at)
    if links:
        return Step(links, _last_call(raised_at, at) if _reaches_county(links) else at + PATIENCE)
    due_at = _last_call(raised_at, due_at - PATIENCE)
    return Step((), due_at) if at < due_at else Step(_called_again(told, chain), None)


def _next_stop(told: Sequence[Told], chain: Sequence[Link]) -> tuple[Link, ...]:
    """The first stop of the chain with somebody who was not told yet, and of it only those; each person once."""
    known = {one.person for one in told}
    fresh = [link for link in chain if link.person not in known]
    by_person = {link.person: link for link in fresh if fresh and link.stop == fresh[0].stop}
    return tuple(by_person.values())


def _called_again(told: Sequence[Told], chain: Sequence[Link]) -> tuple[Link, ...]:
    """Whom the last call reaches: the first of the town who was told and still stands there. The county never."""
    here = {link.person for link in chain if link.kind != ChainKind.COUNTY}
    again = [one.person for one in told if one.person in here and one.kind != ChainKind.COUNTY]
    return tuple(Link(ChainKind.LAST_CALL, person) for person in again[:1])


def _reaches_county(those: "Sequence[Told | Link]") -> bool:
    return any(one.kind == ChainKind.COUNTY for one in those)


def _last_call(raised_at: datetime, last_told: datetime) -> datetime:
    """A day after the warning, and never before the last one told had their thirty minutes."""
    return max(raised_at + LAST_CALL, last_told + PATIENCE)
