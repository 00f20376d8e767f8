"""Makes of some characters of a text a reason that a person can read: the words that they are pieces of."""

from bisect import bisect_left

from disputes.triage.reading import Reading, Span

COUNTED = ("money", "group", "crowd")  # classes of numbers with what they count
READABLE = 3  # characters of a reason that is not a known word


def phrase(reading: Reading, at: int, size: int) -> str:
    """Some characters of the text with the words that they are pieces of: a reason that can be read.

    What is no word by itself, or only particles (了他), is shown with what stands beside it in its clause.
    """
    clause = next((part for part in reading.clauses() if part.start <= at < part.end), Span(at, at + size))
    pieces = _pieces(reading, clause)
    first, last = (
        next(place for place, piece in enumerate(pieces) if piece.end > inside)
        for inside in (at, min(at + size, clause.end) - 1)
    )
    while not _can_be_read(reading, pieces[first : last + 1]):
        if last + 1 < len(pieces):
            last += 1
        elif first:
            first -= 1
        else:
            break
    if reading.folded[pieces[first].start] in reading.enclitics and _can_be_read(reading, pieces[first + 1 : last + 1]):
        first += 1
    return reading.text[pieces[first].start : pieces[last].end]


def _can_be_read(reading: Reading, pieces: list[Span]) -> bool:
    """A word of several characters, or three at least that do not end with a particle; not particles alone."""
    if not pieces or reading.particles.issuperset(reading.folded[pieces[0].start : pieces[-1].end]):
        return False
    start, end = pieces[0].start, pieces[-1].end
    if len(pieces) == 1 and end - start > 1:
        return True
    return end - start >= READABLE and reading.folded[pieces[-1].start : end] not in reading.particles


def _pieces(reading: Reading, clause: Span) -> list[Span]:
    """The words of a clause in order, the longest first; what stands between known ones is taken for one."""
    known = reading.words[bisect_left(reading.words, (clause.start,)) : bisect_left(reading.words, (clause.end,))]
    longest: dict[int, int] = {}
    for hit in known:
        if hit.end - hit.start > 1 and hit.end <= clause.end:
            longest[hit.start] = max(hit.end, longest.get(hit.start, 0))
    longest |= {span.start: span.end for name in COUNTED for span in reading.places.get(name, ())}
    pieces: list[Span] = []
    at, unknown_from = clause.start, clause.start
    while at < clause.end:
        end = longest.get(at, at + 1)
        if end > at + 1 or reading.folded[at] in reading.particles:
            if unknown_from < at:
                pieces.append(Span(unknown_from, at))
            pieces.append(Span(at, end))
            unknown_from = end
        at = end
    return [*pieces, Span(unknown_from, at)] if unknown_from < at else pieces
