"""What whole texts of one kind have in common: weights that `tools/learn_triage.py` drew from the project's narratives.

The written word lists say what somebody thought of; these weights add what nobody wrote down. They only count
characters, pairs of characters (side by side, or with one between them) and word classes, so that the ones that
decided can be shown.
"""

from bisect import bisect_left
from collections.abc import Collection, Container, Iterable, Iterator, Mapping
from math import exp, sqrt
from operator import itemgetter

from disputes.triage.phrases import phrase
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
    return {*text, *_beside(text), *_apart(text)}


def _beside(text: str) -> Iterator[str]:
    return map(str.__add__, text, text[1:])


def _apart(text: str) -> Iterator[str]:
    return map(APART.join, zip(text, text[2:], strict=False))


def passages(reading: Reading, known: Container[str] | None = None) -> Iterator[set[str]]:
    """The traits of each part of a long text, parts of some clauses that overlap by half; none for a shorter one.

    Of the traits only those known, if it is said which. A story of many lines may hold one sentence that is dangerous:
    in the whole of it that sentence is lost.
    """
    if len(reading.alike) > LONG:
        yield from _within(reading, _parts(list(reading.clauses())), traits(reading) if known is None else known)


def _within(reading: Reading, parts: Iterable[tuple[int, int]], known: Container[str]) -> Iterator[set[str]]:
    """Which of the known traits stand in each part of a text."""
    marks = _marks(reading, known)
    starts = [start for start, _, _ in marks]
    for start, end in parts:
        near = marks[bisect_left(starts, start) : bisect_left(starts, end)]
        yield {trait for _, last, trait in near if last <= end}


def _marks(reading: Reading, known: Container[str]) -> list[tuple[int, int, str]]:
    """Where each of the known traits stands, every time, in order."""
    text = reading.alike
    marks = [(at, at + 1, trait) for at, trait in enumerate(text) if trait in known]
    marks += [(at, at + 2, trait) for at, trait in enumerate(_beside(text)) if trait in known]
    marks += [(at, at + 3, trait) for at, trait in enumerate(_apart(text)) if trait in known]
    for name, spans in reading.places.items():
        trait = CLASS + name
        if trait in known:
            marks += [(start, end, trait) for start, end in spans]
    marks.sort(key=itemgetter(0))
    return marks


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


def leads(model: Model, label: str, found: Mapping[int, str]) -> dict[str, int]:
    """By how much each trait found speaks for one of two labels rather than for the other, in hundredths."""
    values, column, known = model.values, model.labels.index(label), len(model.sums)
    return {
        trait: values[at + at + column] - values[at + at + 1 - column]
        for at, trait in found.items()
        if at < known and values[at + at] != UNKNOWN
    }


def likeness(model: Model, label: str, shown: Collection[int]) -> float:
    """The chance of one of two labels by the leads of the traits shown; 0 where none is."""
    if not shown:
        return 0.0
    column = model.labels.index(label)
    whole = model.bias[column] - model.bias[1 - column] + sum(shown) / sqrt(len(shown))
    return 1 / (1 + exp(-whole / 100))


def highest_in_part(model: Model, label: str, reading: Reading, leading: Mapping[str, int]) -> float:
    """The highest chance of one of two labels in any part of a long text; 0 for a text that has no parts."""
    shown = ([leading[trait] for trait in part] for part in passages(reading, leading))
    return max((likeness(model, label, part) for part in shown), default=0.0)


def telling(model: Model, label: str, reading: Reading, found: Mapping[int, str]) -> tuple[str, ...]:
    """The words of the text that spoke most for a label, or that hold the characters which did.

    Single characters only where nothing longer did.
    """
    column, width, values, sums = model.labels.index(label), len(model.labels), model.values, model.sums
    known, others = len(sums), width - 1
    lead = {
        trait: far
        for at, trait in found.items()
        if at < known
        and (own := values[at * width + column]) > 0
        and (far := own - (sums[at] - own) / others) >= LEAST  # above the mean of the other labels
    }
    strongest = sorted(lead, key=lambda trait: (-lead[trait], trait))
    longer: dict[str, None] = {}
    for trait in strongest:
        word = _word(trait, reading) if len(trait) > 1 else ""
        if len(word) > 1 and not any(word in shown for shown in longer):
            longer[word] = None
            if len(longer) == SHOWN:
                break
    return tuple(longer or dict.fromkeys(_word(trait, reading) for trait in strongest[:SHOWN]))


def telling_clause(reading: Reading, leading: Mapping[str, int]) -> str:
    """The clause whose traits spoke most for a label: pairs of characters are no reason that a person can read."""
    clauses = list(reading.clauses())
    told = [sum(map(leading.__getitem__, shown)) for shown in _within(reading, clauses, leading)]
    return reading.word(clauses[told.index(max(told))]) if told else ""


def _word(trait: str, reading: Reading) -> str:
    """The word behind a trait, as it stands in the text; of characters the words that they are pieces of."""
    if trait.startswith(CLASS) and len(trait) > 1:
        return reading.word(reading.places[trait[1:]][0])
    text = reading.alike
    if len(trait) < 3:  # noqa: PLR2004 (a character or a pair)
        return phrase(reading, text.find(trait), len(trait))
    at = next(at for at in range(len(text) - 2) if text[at] == trait[0] and text[at + 2] == trait[2])
    return phrase(reading, at, 3)
