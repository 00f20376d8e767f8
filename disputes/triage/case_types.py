"""Ranks the case types by the words of a reading that speak for each."""

from collections import defaultdict
from dataclasses import dataclass, field

from disputes.triage.matching import holds
from disputes.triage.reading import Reading
from disputes.triage.words import Lexicon

AT_LEAST = 3
SHOWN = 6  # words given as a reason per case type


@dataclass(frozen=True, slots=True)
class Suggestion:
    """One case type with its share of the evidence (0 to 1) and the words that decided, strongest first."""

    case_type: str
    score: float
    because: tuple[str, ...] = ()


@dataclass
class _Evidence:
    weights: dict[str, float] = field(default_factory=dict)
    extra: float = 0.0

    def add(self, word: str, weight: float) -> None:
        self.weights[word] = max(weight, self.weights.get(word, 0.0))

    def total(self, decay: float) -> float:
        """The sum of the weights, each further word counting less, so that a long text does not win by length."""
        ordered = sorted(self.weights.values(), reverse=True)
        return self.extra + sum(weight * decay**place for place, weight in enumerate(ordered))


def rank(reading: Reading, lexicon: Lexicon) -> tuple[Suggestion, ...]:
    """At least three suggestions, best first; types without any word follow with score 0."""
    evidence = _evidence(reading, lexicon)
    totals = {name: found.total(lexicon.settings["decay"]) for name, found in evidence.items()}
    strengths = {name: total ** lexicon.settings["sharpness"] for name, total in totals.items()}
    whole = sum(strengths.values()) or 1.0
    ordered = sorted(totals, key=lambda name: (-totals[name], lexicon.fallback.index(name)))
    suggestions = [Suggestion(name, round(strengths[name] / whole, 2), _because(evidence[name])) for name in ordered]
    return (*suggestions, *_filling(ordered, lexicon))


def _evidence(reading: Reading, lexicon: Lexicon) -> dict[str, _Evidence]:
    evidence: dict[str, _Evidence] = defaultdict(_Evidence)
    for hit in reading.typed:
        for case_type, weight in hit.entry.weights:
            evidence[case_type].add(reading.text[hit.start : hit.end], weight)
    for rule in lexicon.type_rules:
        found = holds(rule, reading)
        if found:
            evidence[rule.gives].extra += rule.points
            for span in found:
                evidence[rule.gives].add(reading.word(span), 0.0)
    return evidence


def _because(evidence: _Evidence) -> tuple[str, ...]:
    ordered = sorted(evidence.weights, key=lambda word: -evidence.weights[word])
    return tuple(word for word in ordered if evidence.weights[word] > 1 or evidence.extra)[:SHOWN] or tuple(ordered[:1])


def _filling(ordered: list[str], lexicon: Lexicon) -> list[Suggestion]:
    """What stands beside the first suggestion, until there are three."""
    beside = (*lexicon.beside[ordered[0]], *lexicon.fallback) if ordered else lexicon.fallback
    missing = dict.fromkeys(name for name in beside if name not in ordered)
    return [Suggestion(name, 0.0) for name in missing][: max(0, AT_LEAST - len(ordered))]
