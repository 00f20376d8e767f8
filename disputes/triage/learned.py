"""What whole texts of one kind have in common: weights that `tools/learn_triage.py` drew from the project's narratives.

The written word lists say what somebody thought of; these weights add what nobody wrote down. They only count
characters, pairs of characters (side by side, or with one between them) and word classes, so that the ones that
decided can be shown.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Mapping
from math import exp, inf, sqrt

from disputes.triage.reading import Reading, Span
from disputes.triage.weights import APART, CLASS, UNKNOWN, Model

SHOWN = 4
PART = 40  # characters of a long text that are read by themselves
LONG = 52  # characters; a text up to here is one part
LEAST = 15  # hundredths; a trait whose weight lies less than this above the other labels' is no reason


def traits(reading: Reading) -> set[str]:
    """The characters, pairs of characters and word classes of a text."""
    return _written(reading.alike) | {CLASS + name for name in reading.places}


def _written(text: str) -> set[str]:
    return {*text, *map(str.__add__, text, text[1:]), *map(APART.join, zip(text, text[2:], strict=False))}


def passages(reading: Reading) -> Iterator[set[str]]:
    """The traits of each part of a long text, parts of some clauses that overlap by half; none for a shorter one.

    A story of many lines may hold one sentence that is dangerous: in the whole of it that sentence is lost.
    """
    if len(reading.alike) <= LONG:
        return
    marks = sorted((span.start, span.end, CLASS + name) for name, spans in reading.places.items() for span in spans)
    starts = [start for start, _, _ in marks]
    for start, end in _parts(list(reading.clauses())):
        near = marks[bisect_left(starts, start) : bisect_left(starts, end)]
        yield _written(reading.alike[start:end]) | {name for _, last, name in near if last <= end}


def _parts(clauses: list[Span]) -> Iterator[tuple[int, int]]:
    """Where each part begins and ends: as many whole clauses as `PART` characters hold, one at least."""
    first = 0
    while first < len(clauses):
        last = first
        while last + 1 < len(clauses) and clauses[last + 1].end - clauses[first].start <= PART:
            last += 1
        yield clauses[first].start, clauses[last].end
        if last + 1 == len(clauses):
            return
        first = max(first + 1, (first + last + 1) // 2)


def chances(model: Model, found: Iterable[int]) -> dict[str, float]:
    """The share of each label (they sum to 1) by the rows found; {} for a text of which nothing is known."""
    values, width, known = model.values, len(model.labels), len(model.sums)
    rows = [values[at * width : at * width + width] for at in found if at < known and values[at * width] != UNKNOWN]
    if not rows:
        return {}
    scale = 1 / sqrt(len(rows))
    sums = [
        (bias + sum(column) * scale) / 100 for bias, column in zip(model.bias, zip(*rows, strict=True), strict=True)
    ]
    highest = max(sums)
    strengths = [exp(value - highest) for value in sums]
    whole = sum(strengths)
    return {label: strength / whole for label, strength in zip(model.labels, strengths, strict=True)}


def highest_in_part(model: Model, label: str, reading: Reading, found: Mapping[int, str]) -> float:
    """The highest chance of one of two labels in any part of a long text; 0 for a text that has no parts."""
    if len(reading.alike) <= LONG:
        return 0.0
    values, column, known = model.values, model.labels.index(label), len(model.sums)
    leads = {
        trait: values[2 * at + column] - values[2 * at + 1 - column]
        for at, trait in found.items()
        if at < known and values[2 * at] != UNKNOWN
    }
    bias = model.bias[column] - model.bias[1 - column]
    shown = (part & leads.keys() for part in passages(reading))
    highest = max((bias + sum(map(leads.__getitem__, part)) / sqrt(len(part)) for part in shown if part), default=-inf)
    return 1 / (1 + exp(-highest / 100)) if highest > -inf else 0.0


def telling(model: Model, label: str, reading: Reading, found: Mapping[int, str]) -> tuple[str, ...]:
    """The words of the text that spoke most for a label; single characters only where there is nothing longer."""
    column, width, values, known = model.labels.index(label), len(model.labels), model.values, len(model.sums)
    lead = {
        trait: _lead(model, at, column) for at, trait in found.items() if at < known and values[at * width + column] > 0
    }
    strongest = sorted((trait for trait in lead if lead[trait] >= LEAST), key=lambda trait: (-lead[trait], trait))
    longer: dict[str, None] = {}
    for trait in strongest:
        word = _word(trait, reading)
        if len(word) > 1:
            longer[word] = None
            if len(longer) == SHOWN:
                break
    return tuple(longer or dict.fromkeys(_word(trait, reading) for trait in strongest[:SHOWN]))


def telling_clause(model: Model, label: str, reading: Reading, found: Mapping[int, str]) -> str:
    """The clause whose traits spoke most for a label: pairs of characters are no reason that a person can read."""
    column, width, values, known = model.labels.index(label), len(model.labels), model.values, len(model.sums)
    leads = {
        trait: _lead(model, at, column) for at, trait in found.items() if at < known and values[at * width] != UNKNOWN
    }
    clauses = list(reading.clauses())
    if not clauses:
        return ""
    starts = [part.start for part in clauses]
    classes: list[set[str]] = [set() for _ in clauses]
    for name, spans in reading.places.items():
        if CLASS + name in leads:
            for span in spans:
                at = bisect_right(starts, span.start) - 1
                if at >= 0 and span.end <= clauses[at].end:
                    classes[at].add(CLASS + name)
    told = [
        sum(leads.get(trait, 0.0) for trait in (*_written(reading.alike[part.start : part.end]), *within))
        for part, within in zip(clauses, classes, strict=True)
    ]
    return reading.word(clauses[told.index(max(told))])


def _lead(model: Model, at: int, column: int) -> float:
    """By how much a row's weight for one label lies above the mean of the other labels'."""
    width = len(model.labels)
    own = model.values[at * width + column]
    return own - (model.sums[at] - own) / (width - 1)


def _word(trait: str, reading: Reading) -> str:
    """The word behind a trait, as it stands in the text."""
    if trait.startswith(CLASS) and len(trait) > 1:
        return reading.word(reading.places[trait[1:]][0])
    if len(trait) < 3:  # noqa: PLR2004 (a character or a pair)
        at = reading.alike.find(trait)
        return reading.text[at : at + len(trait)]
    text = reading.alike
    at = next(at for at in range(len(text) - 2) if text[at] == trait[0] and text[at + 2] == trait[2])
    return reading.text[at : at + 3]
