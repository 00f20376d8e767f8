"""Whether people's mediation may take a matter on, and which door is the right one if not."""

from collections import defaultdict
from dataclasses import dataclass, field

from disputes.triage.matching import holds
from disputes.triage.reading import Reading, Span
from disputes.triage.words import Door, Lexicon, Rule


@dataclass(frozen=True, slots=True)
class Suitability:
    """The code of the obstacle ('' if none), its words, the other door and its article."""

    code: str = ""
    words: tuple[str, ...] = ()
    door: Door = field(default=Door("", ""))


def judge(reading: Reading, lexicon: Lexicon) -> Suitability:
    """The weightiest obstacle that a reading shows; on equal points the order of the word file decides."""
    found: dict[str, list[tuple[Rule, tuple[Span, ...]]]] = defaultdict(list)
    for rule in lexicon.suitability_rules:
        place = holds(rule, reading)
        if place:
            found[rule.gives].append((rule, place))
    points = {code: sum(rule.points for rule, _ in rows) for code, rows in found.items()}
    certain = [code for code in lexicon.code_order if points.get(code, 0) >= lexicon.settings["threshold"]]
    if not certain:
        return Suitability()
    code = certain[0]
    rows = found[code]
    words = dict.fromkeys(reading.word(span) for _, place in rows for span in place)
    return Suitability(code, tuple(words), lexicon.doors[rows[0][0].door or code])
