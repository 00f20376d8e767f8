"""What whole texts of one kind have in common: weights that `tools/learn_triage.py` drew from the project's narratives.

The written word lists say what somebody thought of; these weights add what nobody wrote down. They only count
characters, pairs of characters and word classes, so that the ones that decided can be shown.
"""

from bisect import bisect_right
from collections.abc import Mapping
from math import exp, sqrt

from disputes.triage.reading import Reading
from disputes.triage.weights import CLASS, UNKNOWN, Model

SHOWN = 4
LEAST = 15  # hundredths; a trait whose weight lies less than this above the other labels' is no reason


def traits(reading: Reading) -> set[str]:
    """The characters, pairs of characters and word classes of a text."""
    return _written(reading.folded) | {CLASS + name for name in reading.places}


def _written(text: str) -> set[str]:
    return {*text, *map(str.__add__, text, text[1:])}


def chances(model: Model, found: Mapping[int, str]) -> dict[str, float]:
    """The share of each label (they sum to 1); {} for a text of which nothing is known."""
    values, width = model.values, len(model.labels)
    rows = [values[at * width : at * width + width] for at in found if values[at * width] != UNKNOWN]
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


def telling(model: Model, label: str, reading: Reading, found: Mapping[int, str]) -> tuple[str, ...]:
    """The words of the text that spoke most for a label; single characters only where there is nothing longer."""
    column, width, values = model.labels.index(label), len(model.labels), model.values
    lead = {trait: _lead(model, at, column) for at, trait in found.items() if values[at * width + column] > 0}
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
    column, width = model.labels.index(label), len(model.labels)
    leads = {trait: _lead(model, at, column) for at, trait in found.items() if model.values[at * width] != UNKNOWN}
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
        sum(leads.get(trait, 0.0) for trait in (*_written(reading.folded[part.start : part.end]), *within))
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
    at = reading.folded.find(trait)
    return reading.text[at : at + len(trait)]
