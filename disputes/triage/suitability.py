"""Whether people's mediation may take a matter on, and which door is the right one if not."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field

from disputes.triage.learned import chances, telling
from disputes.triage.matching import holds, possible
from disputes.triage.reading import Reading, Span
from disputes.triage.words import Door, Lexicon, Rule


@dataclass(frozen=True, slots=True)
class Suitability:
    """The code of the obstacle ('' if none), its words, the other door and its article."""

    code: str = ""
    words: tuple[str, ...] = ()
    door: Door = field(default=Door("", ""))


def judge(reading: Reading, lexicon: Lexicon, found: Mapping[int, str]) -> Suitability:
    """The obstacle that the written rules show, else the one that the traits found make likely enough.

    Where the rules speak against a code, what was learned may not name it either.
    """
    held = _held(reading, lexicon)
    points = {code: sum(rule.points for rule, _ in rows) for code, rows in held.items()}
    certain = [code for code in lexicon.code_order if points.get(code, 0) >= lexicon.settings["threshold"]]
    if not certain:
        likely = [code for code in lexicon.code_order if points.get(code, 0) >= 0]
        return _by_traits(reading, lexicon, found, likely) or Suitability()
    rows = held[certain[0]]
    words = dict.fromkeys(reading.word(span) for _, place in rows for span in place)
    return Suitability(certain[0], tuple(words), lexicon.doors[rows[0][0].door or certain[0]])


def _held(reading: Reading, lexicon: Lexicon) -> dict[str, list[tuple[Rule, tuple[Span, ...]]]]:
    """The rules that hold, by code, with the place of each."""
    held: dict[str, list[tuple[Rule, tuple[Span, ...]]]] = defaultdict(list)
    for rule in possible(lexicon.suitability_rules, reading):
        place = holds(rule, reading)
        if place:
            held[rule.gives].append((rule, place))
    return held


def _by_traits(reading: Reading, lexicon: Lexicon, found: Mapping[int, str], codes: list[str]) -> Suitability | None:
    model = lexicon.model("obstacle")
    chance = chances(model, found) if model else {}
    code = max(codes, key=lambda name: chance.get(name, 0.0))
    if model is None or chance.get(code, 0.0) < lexicon.settings["learned_from"]:
        return None
    return Suitability(code, telling(model, code, reading, found), lexicon.doors[_door(code, reading, lexicon)])


def _door(code: str, reading: Reading, lexicon: Lexicon) -> str:
    """The door of an obstacle; of several authorities the one whose words stand in the text."""
    if code != "authority_only":
        return code
    return next((door for name, door in lexicon.door_of_class.items() if reading.has((name,))), code)
