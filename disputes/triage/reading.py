"""One pass over a text: which words stand where, which of them are denied, harmless or parts of longer ones."""

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import NamedTuple

from disputes.triage.numerals import crowds, moneys, numbers
from disputes.triage.words import Entry, Lexicon

LONGEST = 20_000  # characters read of one text; the rest of a longer one is read only at its end
CONNECTORS = frozenset("、和或与及")
CROWD = 20  # people; from here on a gathering is a matter of public order
GROUP = 3


class Span(NamedTuple):
    """Where a word stands: from `start` up to, not including, `end`."""

    start: int
    end: int


class Hit(NamedTuple):
    """A word of the lexicon at its place."""

    start: int
    end: int
    entry: Entry


@dataclass(frozen=True)
class Reading:
    """What one text says, in places: `places[class]` in order, `typed` the words that speak for a case type.

    `folded` is the text in usual characters, place for place; `alike` besides with one character for those of one
    sense (她, 佢 as 他): what was learned counts these.
    """

    text: str
    folded: str
    alike: str
    places: Mapping[str, list[Span]]
    typed: tuple[Hit, ...]
    breaks: tuple[int, ...]
    pauses: tuple[int, ...]  # where a clause ends
    words: Sequence[Hit] = ()  # every known word, in order
    particles: frozenset[str] = frozenset()  # characters that say nothing by themselves
    enclitics: frozenset[str] = frozenset()  # of these the ones that belong to the word before them

    def sentence(self, at: int) -> int:
        """The number of the sentence in which a place lies."""
        return bisect_left(self.breaks, at)

    def clauses(self) -> Iterator[Span]:
        """The clauses in order, without the marks between them."""
        for before, end in pairwise((-1, *self.pauses, len(self.folded))):
            if end - before > 1:
                yield Span(before + 1, end)

    def word(self, span: Span) -> str:
        """A word as it stands in the text."""
        return self.text[span.start : span.end]

    def without(self, spans: Collection[Span]) -> "Reading":
        """The same text as if these places of it were blank."""
        gone = {at for span in spans for at in range(span.start, span.end)}
        places = {
            name: kept
            for name, found in self.places.items()
            if (kept := [span for span in found if span.start not in gone])
        }
        return replace(
            self,
            folded=_blanked(self.folded, spans),
            alike=_blanked(self.alike, spans),
            places=places,
            typed=tuple(hit for hit in self.typed if hit.start not in gone),
        )

    def has(self, names: Iterable[str]) -> bool:
        """Whether any word of these classes stands in the text."""
        return not self.places.keys().isdisjoint(names)


def _blanked(text: str, spans: Iterable[Span]) -> str:
    for start, end in spans:
        text = text[:start] + " " * (end - start) + text[end:]
    return text


def read(text: str, lexicon: Lexicon) -> Reading:
    """Read a text of any length; of one longer than `LONGEST` its first and last parts are read."""
    text = _shortened(text)
    folded = text.translate(lexicon.fold)
    hits = _uncovered(_scan(folded, lexicon))
    denied = _denied(folded, hits, lexicon)
    places = _places(hits, denied, lexicon)
    places |= {name: found for name, found in _counted(folded).items() if found}
    return Reading(
        text=text,
        folded=folded,
        alike=folded.translate(lexicon.alike),
        places=places,
        typed=tuple(_longest(hit for hit in hits if hit.entry.weights or "covering" in hit.entry.classes)),
        breaks=tuple(at for at, character in enumerate(folded) if character in lexicon.sentence_ends),
        pauses=tuple(at for at, character in enumerate(folded) if character in lexicon.clause_ends),
        words=hits,
        particles=lexicon.particles,
        enclitics=lexicon.enclitics,
    )


def _shortened(text: str) -> str:
    if len(text) <= LONGEST:
        return text
    half = LONGEST // 2
    return f"{text[:half]}\n{text[-half:]}"


def _scan(folded: str, lexicon: Lexicon) -> list[Hit]:
    """Every word of the lexicon, overlapping ones too, by start, of one start the longest first."""
    hits = []
    starts, entries = lexicon.starts, lexicon.entries
    for at, (first, second) in enumerate(zip(folded, f"{folded} "[1:], strict=True)):
        start = starts.get(first)
        if start is None:
            continue
        alone, seconds, lengths = start
        if second in seconds:
            for length in lengths:
                entry = entries.get(folded[at : at + length])
                if entry is not None:
                    hits.append(Hit(at, at + length, entry))
        if alone is not None:
            hits.append(Hit(at, at + 1, alone))
    there = set(folded)
    wide = [
        Hit(*found.span(), one.entry)
        for one in lexicon.patterns
        if not there.isdisjoint(one.needs[0]) and not there.isdisjoint(one.needs[-1])
        for found in one.pattern.finditer(folded)
    ]
    return sorted([*hits, *wide], key=lambda hit: (hit.start, -hit.end)) if wide else hits


def _uncovered(hits: list[Hit]) -> list[Hit]:
    """Without the words inside a harmless longer one (跳楼 in 跳楼价; 炸鱼, an offence, in 炸鱼丸)."""
    kept, covered_to = [], 0
    for hit in hits:
        if hit.end > covered_to:
            kept.append(hit)
            if "harmless" in hit.entry.classes:
                covered_to = hit.end
    return kept


def _longest(hits: Iterable[Hit]) -> list[Hit]:
    """Without the words that lie inside a longer one of the same kind."""
    kept: list[Hit] = []
    for hit in hits:
        if not kept or hit.end > kept[-1].end:
            kept.append(hit)
    return kept


def _denied(folded: str, hits: list[Hit], lexicon: Lexicon) -> set[Span]:
    """The places of words that the text denies (没有打人), through lists too (没有打人、骂人)."""
    starts = [hit.start for hit in hits]
    denied: set[Span] = set()
    for no in (hit for hit in hits if "negator" in hit.entry.classes):
        last = no.end + lexicon.negators[folded[no.start : no.end]]
        for hit in hits[bisect_left(starts, no.end) : bisect_right(starts, last)]:
            if _reaches(folded[no.end : hit.start], lexicon):
                denied.add(Span(hit.start, hit.end))
    return _with_lists(folded, hits, denied) if denied else denied


def _reaches(between: str, lexicon: Lexicon) -> bool:
    return not any(mark in lexicon.clause_ends or mark in lexicon.unnegated for mark in between)


def _with_lists(folded: str, hits: list[Hit], denied: set[Span]) -> set[Span]:
    """Denied words and those that continue a list begun by one."""
    ends = {span.end for span in denied}
    for hit in hits:
        if hit.start and folded[hit.start - 1] in CONNECTORS and hit.start - 1 in ends:
            denied.add(Span(hit.start, hit.end))
            ends.add(hit.end)
    return denied


def _places(hits: list[Hit], denied: set[Span], lexicon: Lexicon) -> dict[str, list[Span]]:
    places: dict[str, list[Span]] = defaultdict(list)
    for start, end, entry in hits:
        if not entry.classes:
            continue
        span = Span(start, end)
        is_denied = span in denied
        for name in entry.classes:
            if not is_denied or name in lexicon.steadfast:
                places[name].append(span)
    return dict(places)


def _counted(folded: str) -> dict[str, list[Span]]:
    """Numbers, sums of money and numbers of people as word classes of their own."""
    people = crowds(folded)
    return {
        "number": [Span(*found) for found in numbers(folded)],
        "money": [Span(start, end) for start, end, _ in moneys(folded)],
        "crowd": [Span(start, end) for start, end, size in people if size >= CROWD],
        "group": [Span(start, end) for start, end, size in people if GROUP <= size < CROWD],
    }
