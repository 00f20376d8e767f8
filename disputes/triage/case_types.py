"""Ranks the case types by the words of a reading that speak for each."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field

from disputes.triage.learned import chances, telling
from disputes.triage.matching import holds, possible
from disputes.triage.reading import Reading
from disputes.triage.weights import Model
from disputes.triage.words import Lexicon

AT_LEAST = 3
WORTH_SHOWING = 0.05
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


def rank(reading: Reading, lexicon: Lexicon, found: Mapping[int, str]) -> tuple[Suggestion, ...]:
    """At least three suggestions, best first: the written words' share and the learned chance (of the traits found)."""
    evidence = _evidence(reading, lexicon)
    shares = _shares(evidence, lexicon)
    model = lexicon.model("case_type")
    learned = chances(model, found) if model else {}
    part = lexicon.settings["learned_share"] if learned and shares else float(bool(learned))
    mixed = {name: (1 - part) * shares.get(name, 0.0) + part * learned.get(name, 0.0) for name in lexicon.case_types}
    ordered = sorted(lexicon.case_types, key=lambda name: (-mixed[name], lexicon.fallback.index(name)))
    shown = [name for place, name in enumerate(ordered) if place < AT_LEAST or mixed[name] >= WORTH_SHOWING]
    return tuple(
        Suggestion(name, round(mixed[name], 2), _reasons(name, evidence.get(name), model, reading, found))
        for name in shown
    )


def _shares(evidence: dict[str, "_Evidence"], lexicon: Lexicon) -> dict[str, float]:
    """The share of the written evidence per case type; they sum to 1, {} without any."""
    totals = {name: seen.total(lexicon.settings["decay"]) for name, seen in evidence.items()}
    strengths = {name: total ** lexicon.settings["sharpness"] for name, total in totals.items()}
    whole = sum(strengths.values())
    return {name: strength / whole for name, strength in strengths.items()} if whole else {}


def _evidence(reading: Reading, lexicon: Lexicon) -> dict[str, _Evidence]:
    evidence: dict[str, _Evidence] = defaultdict(_Evidence)
    for hit in reading.typed:
        for case_type, weight in hit.entry.weights:
            evidence[case_type].add(reading.text[hit.start : hit.end], weight)
    for rule in possible(lexicon.type_rules, reading):
        found = holds(rule, reading)
        if found:
            evidence[rule.gives].extra += rule.points
            for span in found:
                evidence[rule.gives].add(reading.word(span), 0.0)
    return evidence


def _reasons(
    name: str, evidence: _Evidence | None, model: Model | None, reading: Reading, found: Mapping[int, str]
) -> tuple[str, ...]:
    """The written words first; the learned ones where those are few."""
    words = _because(evidence) if evidence else ()
    if model is None or len(words) >= AT_LEAST:
        return words
    more = (word for word in telling(model, name, reading, found) if not any(word in shown for shown in words))
    return (*words, *more)[:SHOWN]


def _because(evidence: _Evidence) -> tuple[str, ...]:
    ordered = sorted(evidence.weights, key=lambda word: -evidence.weights[word])
    return tuple(word for word in ordered if evidence.weights[word] > 1 or evidence.extra)[:SHOWN] or tuple(ordered[:1])
