"""Reads the story of a dispute: which case type it may be, whether it can be mediated, how pressing it is.

Pure: text in, suggestion out; the words and weights are data (`disputes/words/`). A person decides.
"""

from dataclasses import dataclass, replace

from disputes.triage.case_types import Suggestion, rank
from disputes.triage.learned import traits
from disputes.triage.phrases import phrase
from disputes.triage.reading import Reading, read
from disputes.triage.risk import assess
from disputes.triage.suitability import judge
from disputes.triage.words import Lexicon, default_lexicon

__all__ = ["Suggestion", "Triage", "suggest"]


@dataclass(frozen=True, slots=True)
class Triage:
    """What the words of a story suggest; every list of words as it stands in the text.

    `unsuitable_because` is one of domestic_violence, criminal, administrative, authority_only, identity, or `None`;
    `other_door` (Chinese) and `article` then say where to go instead. `risk` is low, medium or high, and
    `risk_kinds` its reasons by name (Chinese).
    """

    suggestions: tuple[Suggestion, ...]
    suitable: bool
    unsuitable_because: str | None
    unsuitable_words: tuple[str, ...]
    other_door: str
    article: str
    risk: str
    risk_because: tuple[str, ...]
    risk_kinds: tuple[str, ...]


def suggest(narrative: str, lexicon: Lexicon | None = None) -> Triage:
    """Suggest for any text, the empty one too (then: other, suitable, low)."""
    lexicon = lexicon or default_lexicon()
    reading = read(narrative, lexicon)
    found = _found(reading, lexicon)
    obstacle = judge(reading, lexicon, found)
    risk = assess(reading, lexicon, found)
    rest = reading.without(risk.spoken) if risk.spoken else reading
    left = found if rest is reading else _left(found, rest)
    suggestions = rank(rest, lexicon, left) if rest.typed and left else rank(reading, lexicon, left or found)
    return Triage(
        suggestions=tuple(replace(one, because=_readable(one.because, reading)) for one in suggestions),
        suitable=not obstacle.code,
        unsuitable_because=obstacle.code or None,
        unsuitable_words=_readable(obstacle.words, reading),
        other_door=obstacle.door.text,
        article=obstacle.door.article,
        risk=risk.level,
        risk_because=_readable(risk.words, reading),
        risk_kinds=tuple(lexicon.kind_names[kind] for kind in risk.kinds),
    )


def _found(reading: Reading, lexicon: Lexicon) -> dict[int, str]:
    return lexicon.learned.places(traits(reading)) if lexicon.learned else {}


def _left(found: dict[int, str], rest: Reading) -> dict[int, str]:
    """What was found in a story and still stands in it without its threats: that adds no known trait.

    A threat tells what somebody may suffer, not what the matter is about.
    """
    kept = traits(rest)
    return {place: trait for place, trait in found.items() if trait in kept}


def _readable(words: tuple[str, ...], reading: Reading) -> tuple[str, ...]:
    """Reasons that a person can read: no particles; single characters alone with what stands beside them."""
    telling = tuple(word for word in words if not reading.particles.issuperset(word))
    if any(len(word) > 1 for word in telling):
        return telling
    return tuple(dict.fromkeys(phrase(reading, reading.text.find(word), len(word)) for word in telling or words))
