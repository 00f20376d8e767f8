"""How pressing a matter is: threats, weapons, self-harm, crowds, feuds. Of the matter, never of a person."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from disputes.triage.learned import highest_in_part, leads, likeness, telling_clause
from disputes.triage.matching import matches, near, possible
from disputes.triage.reading import Reading, Span
from disputes.triage.words import Lexicon, Rule

HIGH = "high"
MEDIUM = "medium"
LEVELS = ("low", MEDIUM, HIGH)
LEARNED = "likeness"  # reads like stories known to be high; no rule says why
PAST = frozenset({"long_ago"})
ELSEWHERE = frozenset({"elsewhere"})
AGAIN = frozenset({"again"})
RECONCILED = frozenset({"reconciled"})
ONLY_TALK = frozenset({"only_talk"})
AFRAID = frozenset({"afraid"})
SPOKEN = frozenset({"threat", "self_harm"})
EXPLAINED = frozenset({"explained"})
SUES = frozenset({"sues"})
ANNOUNCING = frozenset({"threat_word", "vague_threat"})
COMING = ANNOUNCING | {"intend", "next_time", "threatens", "again"}  # what is still to come, or is said to be
FALL = "fall"
FIRM = 2  # points; from here on a rule is not weighed against what was learned
BEFORE = 24  # characters back from a word in which 年前, 以前 … place it in the past


@dataclass(frozen=True, slots=True)
class Risk:
    """The level, the words it rests on, and their kinds (threat, weapon, self_harm, crowd, feud, police …)."""

    level: str = "low"
    words: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    firm: bool = False  # given by a rule that stands whatever the rest of the text reads like
    spoken: tuple[Span, ...] = ()  # where the words of a threat stand: they do not say what the matter is about


def assess(reading: Reading, lexicon: Lexicon, found: Mapping[int, str]) -> Risk:
    """What the written rules and the learned chance say together: each is right where the other errs.

    A rule's high becomes medium only where the whole text and each part of it read like the calmest ones
    (`learned_calm_below`):
    dangerous words in a trade or a joke that no veto covers; or where the text says itself what they meant. A firm
    rule stands. Where no rule says high, a chance does so by itself from `learned_high_from` on; from
    `learned_high_bare` on where no word of danger stands in the text; in a part of a long story from
    `learned_high_part` on.
    """
    ruled = _by_rules(reading, lexicon)
    model = lexicon.model("risk")
    if model is None:
        return ruled
    leading = leads(model, HIGH, found)
    chance = likeness(model, HIGH, leading.values())
    in_part = highest_in_part(model, HIGH, reading, leading)
    highest = max(chance, in_part)
    if ruled.level == HIGH:
        calm = highest < lexicon.settings["learned_calm_below"] or _explained(reading, highest, lexicon)
        return replace(ruled, level=MEDIUM, spoken=()) if calm and not ruled.firm else ruled
    if _fell(reading, lexicon):
        return ruled
    bar = "learned_high_from" if reading.has(lexicon.danger) else "learned_high_bare"
    if chance < lexicon.settings[bar] and in_part < lexicon.settings["learned_high_part"]:
        return ruled
    talk = reading.has(ONLY_TALK | EXPLAINED) or _goes_to_law(reading, lexicon)
    meant = highest >= lexicon.settings["talk_below"] or reading.has(AFRAID)
    level = MEDIUM if talk and not meant else HIGH
    return Risk(level, (telling_clause(reading, leading),), (LEARNED,))


def _fell(reading: Reading, lexicon: Lexicon) -> bool:
    """Whether all the danger there is lies in a fall that the story tells as done: nobody announces or fears more."""
    falls = reading.places.get(FALL, ())
    return (
        bool(falls)
        and not reading.has(COMING | AFRAID)
        and all(
            any(span.start < fall.end and fall.start < span.end for fall in falls)
            for name in lexicon.danger
            for span in reading.places.get(name, ())
        )
    )


def _goes_to_law(reading: Reading, lexicon: Lexicon) -> bool:
    """Whether what is announced is a lawsuit, a complaint or the end of friendship, and no word of danger stands."""
    return reading.has(SUES) and not reading.has(lexicon.danger - ANNOUNCING)


def _explained(reading: Reading, chance: float, lexicon: Lexicon) -> bool:
    """Whether the text says itself what the frightening words were, and neither tone nor fear denies it."""
    return chance < lexicon.settings["explained_below"] and reading.has(EXPLAINED) and not reading.has(AFRAID)


def _by_rules(reading: Reading, lexicon: Lexicon) -> Risk:
    """The highest level that any rule gives, with every reason at that level."""
    found: dict[str, dict[str, str]] = {level: {} for level in LEVELS}
    spoken: set[Span] = set()
    firm = False
    for rule in possible(lexicon.risk_rules, reading):
        shown = False
        for place in matches(rule, reading):
            level = _tempered(rule, reading, place)
            if level == HIGH and rule.kind in SPOKEN:
                spoken.update(place)
            if not shown:
                found[level] |= {reading.word(span): rule.kind for span in place}
                firm |= level == HIGH and rule.points >= FIRM
                shown = level == rule.gives
            if shown and rule.kind not in SPOKEN:
                break
    level = next(level for level in reversed(LEVELS) if found[level] or level == "low")
    reasons = found[level] if level != "low" else {}
    return Risk(level, tuple(reasons), tuple(dict.fromkeys(reasons.values())), firm, tuple(sorted(spoken)))


def _tempered(rule: Rule, reading: Reading, place: tuple[Span, ...]) -> str:
    """What is long past weighs less, nothing once the parties are reconciled; nor does what is told of elsewhere.

    Words that were a joke or a habit of speech, and frighten nobody, weigh nothing; a weapon or a crowd always does.
    """
    if near(reading, place, ELSEWHERE, BEFORE) or (rule.kind in SPOKEN and _only_talk(reading, place)):
        return "low"
    past = near(reading, place, PAST, BEFORE) and not near(reading, place, AGAIN, BEFORE)
    if not past:
        return rule.gives
    return "low" if reading.has(RECONCILED) or rule.gives == "medium" else "medium"


def _only_talk(reading: Reading, place: tuple[Span, ...]) -> bool:
    return near(reading, place, ONLY_TALK, BEFORE) and not reading.has(AFRAID)
