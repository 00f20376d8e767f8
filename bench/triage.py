"""Prints how well the triage does on the project's own narratives, class by class, and how long a text takes.

Run: python bench/triage.py [file.tsv …] [--errors] [--times].
What comes out wrong in the held-out set is never printed.
"""

import argparse
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from hashlib import sha256
from itertools import chain
from pathlib import Path
from statistics import mean

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from disputes.triage import Triage, suggest
from disputes.triage.weights import learned_from
from disputes.triage.words import Lexicon
from tools.learn_triage import learn_all, read_rows, written_lexicon
from tools.learn_triage import written as as_written
from tools.narratives import HELD, TUNE, files, rows

ROUNDS = 5
LENGTHS = (50, 100, 150, 200, 400, 20_000)  # characters
FOLDS = 5


@dataclass
class Score:
    """The counts of one file; a case-type row must also be suitable, a row of low risk must not be high."""

    rows: int = 0
    first: Counter[bool] = field(default_factory=Counter)
    in_three: Counter[bool] = field(default_factory=Counter)
    refused: Counter[bool] = field(default_factory=Counter)
    code: Counter[bool] = field(default_factory=Counter)
    risk: Counter[tuple[str, str]] = field(default_factory=Counter)
    confusion: Counter[tuple[str, str]] = field(default_factory=Counter)
    alarmed: Counter[bool] = field(default_factory=Counter)
    errors: list[str] = field(default_factory=list, repr=False)  # a failing test must not show the held-out texts

    def add(self, label: str, text: str, found: Triage) -> None:
        """Count one row."""
        self.rows += 1
        kind, _, value = label.partition(":")
        if kind == "unsuitable":
            self._add_code(value, text, found)
        elif kind == "risk":
            self._add_risk(value, text, found)
        else:
            self._add_type(label, text, found)

    def _add_code(self, code: str, text: str, found: Triage) -> None:
        named = found.unsuitable_because or "-"
        self.code[named == code] += 1
        self._note(named != code, f"{code} → {named}", text, found.unsuitable_words)

    def _add_risk(self, level: str, text: str, found: Triage) -> None:
        self.risk[level, found.risk] += 1
        if level == "low":
            self.alarmed[found.risk == "high"] += 1
        self.refused[not found.suitable] += level != "high"
        self._note(level != found.risk, f"risk {level} → {found.risk}", text, found.risk_because)
        wrong = level != "high" and not found.suitable
        self._note(wrong, f"risk {level} refused as {found.unsuitable_because}", text, found.unsuitable_words)

    def _add_type(self, case_type: str, text: str, found: Triage) -> None:
        names = [suggestion.case_type for suggestion in found.suggestions]
        self.confusion[case_type, names[0]] += 1
        self.first[names[0] == case_type] += 1
        self.in_three[case_type in names[:3]] += 1
        self.refused[not found.suitable] += 1
        self.alarmed[found.risk == "high"] += 1
        shown = [f"{one.case_type} {one.score} {' '.join(one.because)}" for one in found.suggestions[:3]]
        place = names.index(case_type) + 1 if case_type in names else 0
        self._note(names[0] != case_type, f"{case_type} is no. {place}", text, shown)
        self._note(
            not found.suitable, f"{case_type} refused as {found.unsuitable_because}", text, found.unsuitable_words
        )
        self._note(found.risk == "high", f"{case_type} flagged high", text, found.risk_because)

    def _note(self, wrong: bool, what: str, text: str, why: object) -> None:
        if wrong:
            self.errors.append(f"{what}: {text}\n      {why}")


def score(pairs: Iterable[tuple[str, str]], lexicon: Lexicon | None = None) -> Score:
    """Count labels and texts, read with the product's words or with others."""
    counted = Score()
    for label, text in pairs:
        counted.add(label, text, suggest(text, lexicon))
    return counted


def across_folds(pairs: list[tuple[str, str]]) -> Score:
    """Count every text as read by weights learned from the other four fifths: the learner has not seen it."""
    written = written_lexicon()
    pairs = sorted(pairs, key=lambda pair: sha256(pair[1].encode()).digest())
    texts = read_rows(pairs, written)
    counted = Score()
    for fold in range(FOLDS):
        rest = [text for at, text in enumerate(texts) if at % FOLDS != fold]
        learned = learned_from(*as_written(learn_all(rest)))
        lexicon = replace(written, learned=learned)
        for label, text in pairs[fold::FOLDS]:
            counted.add(label, text, suggest(text, lexicon))
    return counted


def times(pairs: Iterable[tuple[str, str]]) -> str:
    """Mean and slowest time of the texts of each length (best of a few rounds each)."""
    by_length: dict[int, list[float]] = defaultdict(list)
    for _, text in pairs:
        longest = next(length for length in LENGTHS if len(text) <= length)
        by_length[longest].append(min(_timed(text) for _ in range(ROUNDS)) * 1000)
    lines = [
        f"  up to {length:>4} characters: {len(took):>6} texts, {mean(took):.2f} ms, slowest {max(took):.2f} ms"
        for length, took in sorted(by_length.items())
    ]
    whole = mean(chain.from_iterable(by_length.values()))
    return "\n".join([f"{whole:.2f} ms a text (budget 2 for each)", *lines])


def _timed(text: str) -> float:
    begun = time.perf_counter()
    suggest(text)
    return time.perf_counter() - begun


def share(counted: Counter[bool]) -> str:
    """`97.5 % (39/40)`."""
    whole = counted[True] + counted[False]
    return f"{100 * counted[True] / whole:.1f} % ({counted[True]}/{whole})" if whole else "-"


def report(name: str, counted: Score, *, errors: bool = False) -> str:
    """The figures of one set as text."""
    risk = ", ".join(f"{was}→{found} {number}" for (was, found), number in sorted(counted.risk.items()))
    confused = Counter({pair: number for pair, number in counted.confusion.items() if pair[0] != pair[1]})
    lines = [
        f"{name}: {counted.rows} texts",
        f"  first suggestion right {share(counted.first)}, within three {share(counted.in_three)}",
        f"  unsuitable named with the right code {share(counted.code)}, suitable refused {share(counted.refused)}",
        f"  risk {risk}; calm texts flagged high {share(counted.alarmed)}",
        "  confused: "
        + (", ".join(f"{was}→{found} {number}" for (was, found), number in confused.most_common()) or "none"),
    ]
    return "\n".join(lines + ([f"    {error}" for error in counted.errors] if errors else []))


def _say(line: str) -> None:
    sys.stdout.write(line + "\n")


def main() -> None:
    """Report on the files named, or on the project's sets."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("files", nargs="*", type=Path)
    parser.add_argument("--errors", action="store_true", help="print every text of the tune set that came out wrong")
    parser.add_argument("--times", action="store_true", help="print the times alone")
    options = parser.parse_args()
    suggest("")
    if options.files:
        for path in options.files:
            _say(report(path.name, score(rows(path)), errors=options.errors))
        return
    tune = [pair for path in files(TUNE) for pair in rows(path)]
    if options.times:
        _say(times(tune))
        return
    _say(report("tune set, learned from the other four fifths", across_folds(tune), errors=options.errors))
    for path in files(HELD):
        _say(report(f"held-out set {path.stem}", score(rows(path))))
    _say(times([*tune, *(pair for path in files(HELD) for pair in rows(path))]))


if __name__ == "__main__":
    main()
