"""Who is told next: the order, the thirty minutes, the county once, and what holds whoever stands in the chain."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import cast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from disputes.choices import ChainKind
from disputes.escalation import LAST_CALL, PATIENCE, Link, Step, Told, next_step

START = datetime(2023, 9, 20, 22, 40, tzinfo=UTC)
OFFICER, STANDS_IN, AWAY, COUNTY = (
    Link(ChainKind.OFFICER, 1, 0),
    Link(ChainKind.SUBSTITUTE, 2, 1),
    Link(ChainKind.OFFICER, 3, 1),
    Link(ChainKind.COUNTY, 9, 2),
)
CHAIN = (OFFICER, STANDS_IN, AWAY, COUNTY)


def minutes(count: int) -> datetime:
    return START + timedelta(minutes=count)


def step(told, at: datetime, chain=CHAIN) -> Step:
    return next_step(told, chain, raised_at=START, at=at)


def told(*who: tuple[Link, int]) -> list[Told]:
    return [Told(link.kind, link.person, minutes(count)) for link, count in who]


@pytest.mark.parametrize(
    ("before", "at", "expected"),
    [
        ([], 0, Step((OFFICER,), minutes(30))),
        ([(OFFICER, 0)], 29, Step((), minutes(30))),
        ([(OFFICER, 0)], 30, Step((STANDS_IN, AWAY), minutes(60))),
        ([(OFFICER, 0)], 200, Step((STANDS_IN, AWAY), minutes(230))),
        ([(OFFICER, 0), (STANDS_IN, 30), (AWAY, 30)], 60, Step((COUNTY,), START + LAST_CALL)),
        ([(OFFICER, 0), (COUNTY, 60)], 90, Step((), START + LAST_CALL)),
        ([(OFFICER, 0), (COUNTY, 60)], 24 * 60, Step((Link(ChainKind.LAST_CALL, 1),), None)),
        ([(OFFICER, 0), (COUNTY, 24 * 60)], 24 * 60, Step((), minutes(24 * 60 + 30))),
    ],
    ids=[
        "at once", "29 minutes", "30 minutes", "a late look tells one stop", "county last", "county once",
        "a day", "the county was told late",
    ],
)  # fmt: skip
def test_the_chain_step_by_step(before, at, expected):
    assert step(told(*before), minutes(at)) == expected


def test_a_town_without_anybody_goes_to_the_county_at_once():
    assert step([], START, chain=(COUNTY,)) == Step((COUNTY,), START + LAST_CALL)


def test_with_nobody_at_all_it_looks_again_and_finds_who_comes():
    assert step([], START, chain=()) == Step((), minutes(30))
    assert step([], minutes(30), chain=(COUNTY,)) == Step((COUNTY,), START + LAST_CALL)


def test_the_county_alone_is_not_called_again():
    assert step(told((COUNTY, 0)), START + LAST_CALL, chain=(COUNTY,)) == Step((), None)


# ── whoever stands there, whenever the sweep comes ───────────────────────────
TOWN_LINKS = st.lists(
    st.builds(Link, st.sampled_from([ChainKind.OFFICER, ChainKind.SUBSTITUTE]), st.integers(1, 5), st.integers(0, 4)),
    max_size=6,
).map(lambda links: sorted(links, key=lambda link: link.stop))
CHAINS = st.tuples(TOWN_LINKS, st.booleans()).map(
    lambda made: (*made[0], *([Link(ChainKind.COUNTY, 9, 9)] if made[1] else []))
)
GAPS = st.lists(st.integers(0, 45), min_size=1, max_size=120)


def run(chains, gaps) -> list[Told]:
    """The sweep at these gaps of minutes, the chain another one each time; it works only when it is time to look."""
    before: list[Told] = []
    now, wake = START, cast("datetime | None", START)
    for place, gap in enumerate(gaps):
        now += timedelta(minutes=gap)
        if wake is None or now < wake:
            continue
        found = step(before, now, chain=chains[place % len(chains)])
        before += [Told(link.kind, link.person, now) for link in found.links]
        assert found.wake_at is None or found.wake_at > now
        wake = found.wake_at
    return before


@given(chains=st.lists(CHAINS, min_size=1, max_size=3), gaps=GAPS)
def test_nobody_is_told_twice_the_county_once_and_each_stop_has_its_half_hour(chains, gaps):
    done = run(chains, gaps)
    plain = [one for one in done if one.kind != ChainKind.LAST_CALL]
    assert len({one.person for one in plain}) == len(plain)
    assert sum(one.kind == ChainKind.COUNTY for one in done) <= 1
    assert all(one.person != 9 for one in done if one.kind == ChainKind.LAST_CALL)
    moments = sorted({one.at for one in done})
    assert all(later - earlier >= PATIENCE for earlier, later in pairwise(moments))


@given(chain=CHAINS)
def test_everybody_of_a_chain_is_told_in_its_order_when_nobody_signs(chain):
    done = [one.person for one in run([chain], [1] * 2000) if one.kind != ChainKind.LAST_CALL]
    assert done == list(dict.fromkeys(link.person for link in chain))
