"""How pressing a matter is: threats, weapons, self-harm, crowds, feuds. Of the matter, never of a person."""

from dataclasses import dataclass

from disputes.triage.matching import matches, near
from disputes.triage.reading import Reading, Span
from disputes.triage.words import Lexicon

LEVELS = ("low", "medium", "high")
PAST = frozenset({"long_ago"})
ELSEWHERE = frozenset({"elsewhere"})
AGAIN = frozenset({"again"})
RECONCILED = frozenset({"reconciled"})
BEFORE = 24  # characters back from a word in which 年前, 以前 … place it in the past


@dataclass(frozen=True, slots=True)
class Risk:
    """The level, the words it rests on, and their kinds (threat, weapon, self_harm, crowd, feud, police …)."""

    level: str = "low"
    words: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()


def assess(reading: Reading, lexicon: Lexicon) -> Risk:
    """The highest level that any rule gives, with every reason at that level."""
    found: dict[str, dict[str, str]] = {level: {} for level in LEVELS}
    for rule in lexicon.risk_rules:
        for place in matches(rule, reading):
            level = _tempered(rule.gives, reading, place)
            found[level] |= {reading.word(span): rule.kind for span in place}
            if level == rule.gives:
                break
    level = next(level for level in reversed(LEVELS) if found[level] or level == "low")
    reasons = found[level] if level != "low" else {}
    return Risk(level, tuple(reasons), tuple(dict.fromkeys(reasons.values())))


def _tempered(level: str, reading: Reading, place: tuple[Span, ...]) -> str:
    """What is long past or told of elsewhere weighs less, and nothing once the parties are reconciled."""
    if near(reading, place, ELSEWHERE, BEFORE):
        return "low"
    past = near(reading, place, PAST, BEFORE) and not near(reading, place, AGAIN, BEFORE)
    if not past:
        return level
    return "low" if reading.has(RECONCILED) or level == "medium" else "medium"
