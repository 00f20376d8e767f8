"""Finds the rules that hold in a reading: words of several classes near each other, within one sentence."""

from collections.abc import Iterable, Iterator
from itertools import islice, permutations

from disputes.triage.reading import Reading, Span
from disputes.triage.words import Rule

AROUND = 10  # characters on either side of a place that count as near it
MOST = 12  # places looked at per rule


def possible(rules: Iterable[Rule], reading: Reading) -> list[Rule]:
    """The rules of which the text has a word to begin with: few of all."""
    there = set(reading.places)
    return [rule for rule in rules if not there.isdisjoint(rule.steps[0])]


def matches(rule: Rule, reading: Reading) -> Iterator[tuple[Span, ...]]:
    """Every place (the words of its steps, in order) at which a rule holds."""
    missing = reading.places.keys().isdisjoint
    if any(map(missing, rule.steps)) or any(map(missing, rule.requires)) or not missing(rule.without):
        return
    orders = permutations(rule.steps) if rule.any_order else [rule.steps]
    for order in orders:
        for first in islice(_spans(reading, order[0]), MOST * MOST):
            chain = _chain(reading, (first,), order[1:], rule.gap)
            if chain and not near(reading, chain, rule.unless):
                yield chain


def holds(rule: Rule, reading: Reading) -> tuple[Span, ...]:
    """The first place at which a rule holds, or ()."""
    return next(matches(rule, reading), ())


def near(reading: Reading, chain: tuple[Span, ...], names: frozenset[str], around: int = AROUND) -> bool:
    """Whether a word of these classes stands around a place, in the same sentence."""
    start, end = chain[0].start, max(span.end for span in chain)
    return any(
        start - around <= span.start and span.end <= end + around
        for span in _spans(reading, names)
        if reading.sentence(span.start) in (reading.sentence(start), reading.sentence(end - 1))
    )


def _chain(reading: Reading, found: tuple[Span, ...], steps: tuple[tuple[str, ...], ...], gap: int) -> tuple[Span, ...]:
    """The found words continued by one word for each further step, or ()."""
    if not steps:
        return found
    last = found[-1]
    for span in _spans(reading, steps[0]):
        if last.end <= span.start <= last.end + gap and reading.sentence(span.start) == reading.sentence(last.start):
            longer = _chain(reading, (*found, span), steps[1:], gap)
            if longer:
                return longer
    return ()


def _spans(reading: Reading, names: Iterable[str]) -> Iterator[Span]:
    for name in names:
        yield from reading.places.get(name, ())
