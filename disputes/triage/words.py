"""The word lists of `disputes/words/` as one index, ready for a single pass over a text."""

import json
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from itertools import chain, groupby
from math import prod
from operator import itemgetter
from pathlib import Path
from typing import Any

from disputes.triage.weights import Learned, Model, learned_from

FOLDER = Path(__file__).resolve().parent.parent / "words"
GROUP = re.compile(r"\(([^()]*)\)")
WIDEST = 200  # words; a pattern that stands for more is searched for as a pattern
WRITTEN = ("reading", "case_types", "signals", "suitability", "risk")
FULL_WIDTH = {code: chr(code - 0xFEE0) for code in range(0xFF01, 0xFF5F) if chr(code - 0xFEE0).isalnum()}
LOWER = {code: chr(code + 32) for code in range(ord("A"), ord("Z") + 1)}


@dataclass(frozen=True, slots=True)
class Entry:
    """What one word means: the classes it belongs to and the case types it speaks for."""

    classes: tuple[str, ...] = ()
    weights: tuple[tuple[str, float], ...] = ()


# Of a character: the word that it is alone, what may come second in longer ones, and how long they are, longest first.
Start = tuple[Entry | None, str, tuple[int, ...]]


@dataclass(frozen=True, slots=True)
class Wide:
    """A pattern that stands for too many words to write out.

    `needs` are the characters with which the two choosiest of its obligatory parts may begin: of each a text must show
    one, or it is not searched.
    """

    pattern: re.Pattern[str]
    entry: Entry
    needs: tuple[frozenset[str], ...]


@dataclass(frozen=True, slots=True)
class Rule:
    """Words of several classes near each other, and what that gives (a case type, a code, a level)."""

    steps: tuple[tuple[str, ...], ...]  # the classes of a step in the order written, so that the same words are found
    gives: str
    points: float
    gap: int
    any_order: bool
    requires: tuple[frozenset[str], ...]
    without: frozenset[str]
    unless: frozenset[str]
    kind: str
    door: str


@dataclass(frozen=True, slots=True)
class Door:
    """Where somebody is sent instead, and the article it rests on ('' where there is none)."""

    text: str
    article: str


@dataclass(frozen=True)
class Lexicon:
    """Everything `suggest` needs to know; built once from the versioned files."""

    version: str
    entries: Mapping[str, Entry]
    patterns: tuple[Wide, ...]
    starts: Mapping[str, Start]
    fold: Mapping[int, str]
    alike: Mapping[int, str]
    negators: Mapping[str, int]
    unnegated: frozenset[str]
    steadfast: frozenset[str]
    sentence_ends: frozenset[str]
    clause_ends: frozenset[str]
    particles: frozenset[str]
    enclitics: frozenset[str]
    case_types: tuple[str, ...]
    fallback: tuple[str, ...]
    beside: Mapping[str, tuple[str, ...]]
    type_rules: tuple[Rule, ...]
    suitability_rules: tuple[Rule, ...]
    risk_rules: tuple[Rule, ...]
    doors: Mapping[str, Door]
    code_order: tuple[str, ...]
    door_of_class: Mapping[str, str]
    kind_names: Mapping[str, str]
    danger: frozenset[str]
    settings: Mapping[str, float] = field(default_factory=dict)
    learned: Learned | None = None

    def model(self, question: str) -> Model | None:
        """What was learned of a question."""
        return self.learned.models[question] if self.learned else None


@cache
def default_lexicon() -> Lexicon:
    """The lexicon of the files shipped with the product."""
    learned = learned_from(read_words("learned")["questions"], learned_rows())
    return build_lexicon(*(read_words(name) for name in WRITTEN), learned=learned)


def read_words(name: str) -> dict[str, Any]:
    """One of the versioned word files."""
    loaded: dict[str, Any] = json.loads((FOLDER / f"{name}.json").read_text(encoding="utf-8"))
    return loaded


def learned_rows() -> Iterator[tuple[str, str]]:
    """Each trait and its weights, line by line: all at once take 11 MiB for a moment and may leave holes of 4."""
    with (FOLDER / "learned.tsv").open(encoding="utf-8") as lines:
        for line in lines:
            trait, _, row = line.rstrip("\n").partition("\t")
            yield trait, row


def build_lexicon(
    reading: dict[str, Any],
    case_types: dict[str, Any],
    signals: dict[str, Any],
    suitability: dict[str, Any],
    risk: dict[str, Any],
    *,
    learned: Learned | None = None,
) -> Lexicon:
    """Expand and index the word files; raises KeyError or ValueError for a file that is not in order.

    Without `learned` only what is written counts.
    """
    macros = {name: f"({words})" for name, words in reading["macros"].items()}
    fold = FULL_WIDTH | LOWER | {ord(variant): usual for variant, usual in reading["same_character"].items()}
    entries = _entries(reading, case_types, signals, macros, fold)
    patterns = _wide_patterns(_groups(reading, case_types, signals), macros, fold)
    known = {name for entry in (*entries.values(), *(wide.entry for wide in patterns)) for name in entry.classes} | {
        "number",
        "money",
        "crowd",
        "group",
    }
    return Lexicon(
        version=reading["version"],
        entries=entries,
        patterns=patterns,
        starts=_starts(entries),
        fold=fold,
        alike={ord(one): usual for usual, others in reading["alike"].items() for one in others},
        negators={
            word.translate(fold): int(reach)
            for reach, lists in reading["negators"].items()
            for word in expand_lists(lists, macros)
        },
        unnegated=frozenset(reading["unnegated"].split()),
        steadfast=frozenset(signals["steadfast"]),
        sentence_ends=frozenset(reading["sentence_ends"]),
        clause_ends=frozenset(reading["clause_ends"]),
        particles=frozenset(reading["particles"]),
        enclitics=frozenset(reading["enclitics"]),
        case_types=tuple(case_types["words"]),
        fallback=tuple(case_types["fallback"]),
        beside={name: tuple(near) for name, near in case_types["beside"].items()},
        type_rules=_rules(case_types["pairs"], known),
        suitability_rules=_rules(suitability["rules"], known),
        risk_rules=_rules(risk["rules"], known),
        doors={name: Door(door["text"], door.get("article", "")) for name, door in suitability["doors"].items()},
        code_order=tuple(suitability["order"]),
        door_of_class=suitability["door_of_class"],
        kind_names=risk["kinds"],
        danger=_known(risk["danger"], known),
        settings=suitability["settings"] | case_types["settings"] | risk["settings"],
        learned=learned,
    )


def written_out(lists: list[str], macros: Mapping[str, str]) -> Iterator[str]:
    """Every pattern of some space-parted lists, `{name}` replaced by the macro it stands for."""
    for pattern in chain.from_iterable(line.split() for line in lists):
        for name, group in macros.items():
            pattern = pattern.replace(f"{{{name}}}", group)  # noqa: PLW2901 (one macro after the other)
        yield pattern


def expand_lists(lists: list[str], macros: Mapping[str, str]) -> Iterator[str]:
    """Every word of some lists, alternatives written out: `a(b|c|)` as ab, ac, a. Wide patterns are left out."""
    for pattern in written_out(lists, macros):
        if width(pattern) <= WIDEST:
            yield from _alternatives(pattern)


def width(pattern: str) -> int:
    """How many words a pattern stands for."""
    return prod(len(group.split("|")) for group in GROUP.findall(pattern))


def _wide_patterns(
    groups: Mapping[str, list[str]], macros: Mapping[str, str], fold: Mapping[int, str]
) -> tuple[Wide, ...]:
    """Patterns that stand for too many words to write out, to be searched for as they are, longest choice first."""
    found: dict[str, list[str]] = defaultdict(list)
    for name, lists in groups.items():
        for pattern in written_out(lists, macros):
            if width(pattern) > WIDEST:
                found[pattern.translate(fold)].append(name)
    return tuple(
        Wide(re.compile(GROUP.sub(_greedy, pattern)), Entry(tuple(names), ()), _needs(pattern))
        for pattern, names in found.items()
    )


def _needs(pattern: str) -> tuple[frozenset[str], ...]:
    """What the choices of the groups that may not be left out, and what stands between groups, begin with."""
    parts = [part.split("|") for part in re.split(r"[()]", pattern) if part]
    return tuple(sorted((frozenset(choice[0] for choice in part) for part in parts if all(part)), key=len)[:2])


def _starts(entries: Mapping[str, Entry]) -> dict[str, Start]:
    """What begins with each character."""
    of_several = sorted(word for word in entries if len(word) > 1)  # sets by character would leave 2 MiB of holes
    longer = {
        first: ("".join(dict.fromkeys(word[1] for word in words)), _lengths(words))
        for first, words in ((first, list(found)) for first, found in groupby(of_several, key=itemgetter(0)))
    }
    alone = (word for word in entries if len(word) == 1)
    return {first: (entries.get(first), *longer.get(first, ("", ()))) for first in {**longer, **dict.fromkeys(alone)}}


def _lengths(words: Iterable[str]) -> tuple[int, ...]:
    return tuple(sorted({len(word) for word in words}, reverse=True))


def _greedy(group: re.Match[str]) -> str:
    return "(?:" + "|".join(sorted(map(re.escape, group[1].split("|")), key=len, reverse=True)) + ")"


def _alternatives(pattern: str) -> Iterator[str]:
    found = GROUP.search(pattern)
    if found is None:
        if pattern:
            yield pattern
        return
    for choice in found[1].split("|"):
        yield from _alternatives(pattern[: found.start()] + choice + pattern[found.end() :])


def _groups(reading: dict[str, Any], case_types: dict[str, Any], signals: dict[str, Any]) -> dict[str, list[str]]:
    """The word lists by the class that they give."""
    return {"harmless": reading["harmless"], **signals["classes"], **case_types["classes"]}


def _entries(
    reading: dict[str, Any],
    case_types: dict[str, Any],
    signals: dict[str, Any],
    macros: Mapping[str, str],
    fold: Mapping[int, str],
) -> dict[str, Entry]:
    """What each word means; words that mean the same share one entry."""
    entries: dict[str, Entry] = {}
    shared = cache(Entry)
    for name, weight, lists in _meanings(reading, case_types, signals):
        for word in expand_lists(lists, macros):
            usual = word.translate(fold)
            classes, weights = _with(entries.get(usual, Entry()), name, weight)
            entries[usual] = shared(classes, weights)
    return entries


def _meanings(
    reading: dict[str, Any], case_types: dict[str, Any], signals: dict[str, Any]
) -> Iterator[tuple[str, float, list[str]]]:
    """Word lists with the class that they give (weight 0) or with a case type and its weight."""
    for name, lists in _groups(reading, case_types, signals).items():
        yield name, 0.0, lists
    for lists in reading["negators"].values():
        yield "negator", 0.0, lists
    for case_type, tiers in case_types["words"].items():
        for weight, lists in tiers.items():
            yield case_type, float(weight), lists
    yield "covering", 0.0, case_types["covering"]


def _with(entry: Entry, name: str, weight: float) -> tuple[tuple[str, ...], tuple[tuple[str, float], ...]]:
    """The classes and weights of an entry with one more of either."""
    if not weight:
        return (entry.classes if name in entry.classes else (*entry.classes, name)), entry.weights
    weights = dict(entry.weights)
    weights[name] = max(weight, weights.get(name, 0.0))
    return entry.classes, tuple(weights.items())


def _rules(rows: list[dict[str, Any]], known: set[str]) -> tuple[Rule, ...]:
    return tuple(_rule(row, known) for row in rows)


def _rule(row: dict[str, Any], known: set[str]) -> Rule:
    """A rule from its written form, e.g. {"find": "kin > hit ~12", "with": "fear|wound", "gives": …}."""
    find, _, gap = row["find"].partition("~")
    any_order = "+" in find
    rule = Rule(
        steps=tuple(tuple(_listed(step)) for step in re.split(r"[>+]", find)),
        gives=row["gives"],
        points=float(row.get("points", 1)),
        gap=int(gap or 10),
        any_order=any_order,
        requires=tuple(_names(part) for part in row.get("with", "").split("&") if part.strip()),
        without=_names(row.get("without", "")),
        unless=_names(row.get("unless", "")),
        kind=row.get("kind", ""),
        door=row.get("door", ""),
    )
    unknown = frozenset().union(*rule.steps, *rule.requires, rule.without, rule.unless) - known
    if unknown:
        raise ValueError(f"rule {row['find']!r} names unknown classes: {', '.join(sorted(unknown))}")
    return rule


def _known(names: str, known: set[str]) -> frozenset[str]:
    """Some space-parted classes; ValueError for one that no list gives."""
    classes = frozenset(names.split())
    if classes - known:
        raise ValueError(f"unknown classes: {', '.join(sorted(classes - known))}")
    return classes


def _names(text: str) -> frozenset[str]:
    return frozenset(_listed(text))


def _listed(text: str) -> list[str]:
    return [name.strip() for name in text.split("|") if name.strip()]
