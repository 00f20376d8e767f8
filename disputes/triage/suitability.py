"""Whether people's mediation may take a matter on, and which door is the right one if not."""

from collections import defaultdict
from dataclasses import dataclass, field

from disputes.triage.learned import chances, telling
from disputes.triage.matching import holds
from disputes.triage.reading import Reading, Span
from disputes.triage.words import Door, Lexicon, Rule


@dataclass(frozen=True, slots=True)
class Suitability:
    """The code of the obstacle ('' if none), its words, the other door and its article."""

    code: str = ""
    words: tuple[str, ...] = ()
    door: Door = field(default=Door("", ""))


def judge(reading: Reading, lexicon: Lexicon, found: set[str]) -> Suitability:
    """The obstacle that the written rules show, else the one that the traits found make likely enough."""
    return _by_rules(reading, lexicon) or _by_traits(reading, lexicon, found) or Suitability()


def _by_rules(reading: Reading, lexicon: Lexicon) -> Suitability | None:
    """The obstacle whose points reach the threshold; of several the first in the order of the word file."""
    held: dict[str, list[tuple[Rule, tuple[Span, ...]]]] = defaultdict(list)
    for rule in lexicon.suitability_rules:
        place = holds(rule, reading)
        if place:
            held[rule.gives].append((rule, place))
    points = {code: sum(rule.points for rule, _ in rows) for code, rows in held.items()}
    certain = [code for code in lexicon.code_order if points.get(code, 0) >= lexicon.settings["threshold"]]
    if not certain:
        return None
    rows = held[certain[0]]
    words = dict.fromkeys(reading.word(span) for _, place in rows for span in place)
    return Suitability(certain[0], tuple(words), lexicon.doors[rows[0][0].door or certain[0]])


def _by_traits(reading: Reading, lexicon: Lexicon, found: set[str]) -> Suitability | None:
    model = lexicon.models.get("obstacle")
    likely = chances(model, found) if model else {}
    code = max(lexicon.code_order, key=lambda name: likely.get(name, 0.0))
    if model is None or likely.get(code, 0.0) < lexicon.settings["learned_from"]:
        return None
    return Suitability(code, telling(model, code, reading, found), lexicon.doors[_door(code, reading, lexicon)])


def _door(code: str, reading: Reading, lexicon: Lexicon) -> str:
    """The door of an obstacle; of several authorities the one whose words stand in the text."""
    if code != "authority_only":
        return code
    return next((door for name, door in lexicon.door_of_class.items() if reading.has((name,))), code)
