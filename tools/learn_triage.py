"""Learns the weights of `disputes/words/learned.tsv` from the tune set; run after that set has changed.

Run: python -m tools.learn_triage   (figures across folds: bench/triage.py)
"""

import argparse
import json
import random
import sys
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from math import exp, sqrt
from typing import Any, NamedTuple

from disputes.triage.learned import passages, traits
from disputes.triage.reading import read
from disputes.triage.weights import APART, CLASS
from disputes.triage.words import FOLDER, WRITTEN, Lexicon, build_lexicon, default_lexicon, read_words
from tools.narratives import TUNE, files, fingerprint, rows

SEED = 1
ROUNDS = 60
STEP = 0.3
SLOWING = 0.1  # of the step, per round
AT_LEAST_IN = 2  # texts, or parts of long ones; a rarer trait says nothing about texts not seen
APART_IN = 3  # of the same, that must show a pair apart: there are many, and each costs memory
JOINTS = frozenset(  # parts of rules
    {"@people", "@intend", "@ba", "@limb", "@premise", "@food", "@cuts", "@brandish"}
    | {"@many_of_us", "@as_one", "@to_office", "@demands"}
)
IGNORED = frozenset({"@negator", "@covering", "@harmless", "@number"}) | JOINTS
SMALL = 0.07  # a row of weights smaller than this is left out of the file


class Weights(NamedTuple):
    """What was learned of one question: a weight per trait and label."""

    labels: tuple[str, ...]
    bias: list[float]
    rows: dict[str, list[float]]


class Seen(NamedTuple):
    """A row as read: its label, what its text shows, and what each part of a long text shows."""

    label: str
    traits: frozenset[str]
    parts: tuple[frozenset[str], ...] = ()


class Sample(NamedTuple):
    """The place of its label, and what a text shows."""

    label: int
    traits: tuple[str, ...]


def of_type(label: str) -> str | None:
    """The case type of a row, if it has one."""
    return None if ":" in label else label


def of_obstacle(label: str) -> str:
    """The unsuitable code of a row, else `suitable`: a threat alone is no household and no offence done."""
    kind, _, value = label.partition(":")
    return value if kind == "unsuitable" else "suitable"


PAPERS = frozenset({"unsuitable:administrative", "unsuitable:authority_only", "unsuitable:identity"})


def of_risk(label: str) -> str | None:
    """Whether a row is high; nothing of violence and offences, where nobody said. Papers for an authority are calm."""
    if label.startswith("unsuitable:") and label not in PAPERS:
        return None
    return "high" if label == "risk:high" else "calm"


SHRINK = {"case_type": 0.01, "obstacle": 0.01, "risk": 0.03}  # of a weight, per step; chosen across folds
QUESTIONS: dict[str, Callable[[str], str | None]] = {"case_type": of_type, "obstacle": of_obstacle, "risk": of_risk}


def written_lexicon() -> Lexicon:
    """The word lists without anything learned."""
    return build_lexicon(*(read_words(name) for name in WRITTEN))


def read_rows(pairs: Iterable[tuple[str, str]], lexicon: Lexicon) -> list[Seen]:
    """Label and traits of each row; only what is written in Chinese, and word classes that say something."""
    readings = ((label, read(text, lexicon)) for label, text in pairs)
    return [Seen(label, _kept(traits(reading)), tuple(map(_kept, passages(reading)))) for label, reading in readings]


def _kept(found: set[str]) -> frozenset[str]:
    return frozenset(filter(_counts, found))


def _counts(trait: str) -> bool:
    if trait.startswith(CLASS):  # a pair of characters may begin so too: 群里@所有人
        return trait not in IGNORED and len(trait) > 2 and trait[1:].isascii() and trait[1] != APART  # noqa: PLR2004
    return all("\u4e00" <= character <= "\u9fff" for character in (trait[::2] if _is_apart(trait) else trait))


def _is_apart(trait: str) -> bool:
    return len(trait) == 3 and trait[0] != CLASS  # noqa: PLR2004 (two characters and what stands for a third)


def learn_all(read_texts: list[Seen]) -> dict[str, Weights]:
    """What the rows teach about every question; of risk they are asked twice, then with the parts of long texts."""
    learned = {name: learn(read_texts, question, SHRINK[name]) for name, question in QUESTIONS.items()}
    parts = [part for seen in read_texts for part in _telling_parts(seen, learned["risk"])]
    return learned | {"risk": learn([*read_texts, *parts], of_risk, SHRINK["risk"])}


def _telling_parts(seen: Seen, risk: Weights) -> list[Seen]:
    """Every part of a calm text as calm; of one that is high the part that reads most like it."""
    label = of_risk(seen.label)
    if label is None or not seen.parts:
        return []
    if label == "calm":
        return [Seen(seen.label, part) for part in seen.parts]
    return [Seen(seen.label, max(seen.parts, key=lambda part: _lead(part, risk)))]


def _lead(part: frozenset[str], risk: Weights) -> float:
    """How far a part reads like high rather than calm."""
    column = risk.labels.index("high")
    rows = [risk.rows[trait] for trait in sorted(part) if trait in risk.rows]
    return sum(row[column] - row[1 - column] for row in rows) / sqrt(len(rows) or 1)


def learn(read_texts: list[Seen], question: Callable[[str], str | None], shrink: float) -> Weights:
    """Multinomial logistic regression by stochastic gradient descent; the same rows give the same weights."""
    known = [(found, seen.traits) for seen in read_texts if (found := question(seen.label))]
    if question is not of_risk:
        known = [(found, frozenset(trait for trait in seen if not _is_apart(trait))) for found, seen in known]
    labels = tuple(sorted({label for label, _ in known}))
    often = Counter(trait for _, seen in known for trait in seen)
    kept = {trait for trait, times in often.items() if times >= (APART_IN if _is_apart(trait) else AT_LEAST_IN)}
    samples = [Sample(labels.index(label), tuple(sorted(seen & kept))) for label, seen in known]
    weights = {trait: [0.0] * len(labels) for trait in sorted(kept)}
    bias = [0.0] * len(labels)
    order = random.Random(SEED)  # noqa: S311 (an order of rows, no secret)
    for turn in range(ROUNDS):
        order.shuffle(samples)
        for sample in samples:
            _step(sample, weights, bias, STEP / (1 + turn * SLOWING), shrink)
    return Weights(labels, bias, weights)


def _step(sample: Sample, weights: dict[str, list[float]], bias: list[float], step: float, shrink: float) -> None:
    """Moves the weights of one text's traits towards its label."""
    scale = 1 / sqrt(len(sample.traits) or 1)
    rows_of = [weights[trait] for trait in sample.traits]
    columns = zip(*rows_of, strict=True) if rows_of else [()] * len(bias)
    sums = [value + scale * sum(column) for value, column in zip(bias, columns, strict=True)]
    highest = max(sums)
    strengths = [exp(value - highest) for value in sums]
    whole = sum(strengths)
    for place, strength in enumerate(strengths):
        wrong = strength / whole - (place == sample.label)
        if abs(wrong) < 0.01:  # noqa: PLR2004 (as good as right)
            continue
        bias[place] -= step * wrong * 0.3
        far = step * scale
        for row in rows_of:
            row[place] -= far * (wrong + shrink * row[place])


def written(questions: dict[str, Weights]) -> tuple[dict[str, Any], Iterator[tuple[str, str]]]:
    """What was learned in its written form: the questions, and per trait the weights in hundredths, pairs apart last.

    Small rows are left out.
    """
    columns = [weights.rows for weights in questions.values()]
    traits = sorted({trait for rows in columns for trait in rows}, key=lambda trait: (_is_apart(trait), trait))
    lines = ((trait, "|".join(_row(rows.get(trait, [])) for rows in columns)) for trait in traits)
    heads = {
        name: {"labels": weights.labels, "bias": [round(value * 100) for value in weights.bias]}
        for name, weights in questions.items()
    }
    return heads, ((trait, row) for trait, row in lines if row.strip("|"))


def _row(row: list[float]) -> str:
    return " ".join(str(round(value * 100)) for value in row) if max(map(abs, row), default=0) >= SMALL else ""


def save(questions: dict[str, Weights]) -> None:
    """Write both files: what the columns mean, and a line per trait, so that a change can be read."""
    heads, rows = written(questions)
    about = "Columns of learned.tsv: weights in hundredths, learned by tools/learn_triage.py; not edited by hand."
    shape = {"about": about, "made_from": fingerprint(TUNE), "questions": heads}
    (FOLDER / "learned.json").write_text(json.dumps(shape, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    lines = "".join(f"{trait}\t{row}\n" for trait, row in rows)
    (FOLDER / "learned.tsv").write_text(lines, encoding="utf-8")


def main() -> None:
    """Write the files."""
    argparse.ArgumentParser(description=__doc__).parse_args()
    pairs = [row for path in files(TUNE) for row in rows(path)]
    texts = read_rows(pairs, written_lexicon())
    questions = learn_all(texts)
    save(questions)
    default_lexicon.cache_clear()
    sys.stdout.write(f"{len(pairs)} texts, {sum(len(weights.rows) for weights in questions.values())} traits\n")


if __name__ == "__main__":
    main()
