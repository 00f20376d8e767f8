"""Learned weights as a worker holds them: numbers side by side instead of a hundred thousand objects."""

from array import array
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

CLASS = "@"  # stands before the name of a word class among the traits
APART = "_"  # stands between two characters that have any one character between them
UNKNOWN = -32_768  # in the first place of a row: the question knows nothing of this trait
ROOM = 3  # slots per trait, at least: the fuller the table, the more often two traits fall into one slot
NOBODY = -1  # an empty slot


@dataclass(frozen=True, slots=True)
class Model:
    """One learned question (which case type, which obstacle, high or not): a row of weights per trait, in hundredths.

    `values` holds the rows one after the other, each as wide as there are labels, up to the last one that the
    question knows (pairs apart come last: only risk counts them); `sums` the sum of each row.
    """

    labels: tuple[str, ...]
    bias: tuple[int, ...]
    values: "array[int]"
    sums: "array[int]"


@dataclass(frozen=True, slots=True)
class Learned:
    """Every trait that any question knows, by the hash of its text, and the questions by name.

    `keys` holds the hash of each row's trait, all 64 bits. `slots` is a table of rows: where the hash of a trait falls,
    or in the next places up to an empty one, its row stands. A dictionary of the traits would take 8 MiB for what takes
    one and a half here. Texts hash otherwise in every interpreter, so it is good for this one and its forks.
    """

    keys: "array[int]"
    slots: "array[int]"
    models: Mapping[str, Model]

    def places(self, traits: Iterable[str]) -> dict[int, str]:
        """The known ones among some traits, by the number of their row."""
        keys, slots, last, found = self.keys, self.slots, len(self.slots) - 1, {}
        for trait in traits:
            key = ~hash(trait) if trait.isascii() else hash(trait)  # as in `_key`, without a call for each
            at = key & last
            while (row := slots[at]) >= 0:
                if keys[row] == key:
                    found[row] = trait
                    break
                at = (at + 1) & last
        return found


def learned_from(questions: Mapping[str, Any], rows: Iterable[tuple[str, str]]) -> Learned:
    """The weights from their written form: per trait the questions' weights, parted by `|`, pairs apart last.

    Takes one row after the other, so that none need stand in memory as a text.
    """
    keys = array("q")
    values = {name: array("h") for name in questions}
    unknown = {name: [UNKNOWN] * len(question["labels"]) for name, question in questions.items()}
    for trait, row in rows:
        keys.append(_key(trait))
        for name, weights in zip(questions, row.split("|"), strict=True):
            values[name].extend(map(int, weights.split()) if weights else unknown[name])
    return Learned(
        keys=keys[:],
        slots=_slots(keys),
        models={name: _model(question, values[name]) for name, question in questions.items()},
    )


def _key(trait: str) -> int:
    """Its hash, which is one of the bytes alone: bc has those of 换, so that of Latin letters is turned round."""
    return ~hash(trait) if trait.isascii() else hash(trait)


def _slots(keys: "array[int]") -> "array[int]":
    """The table in which each key's place is found."""
    slots = array("i", [NOBODY]) * (1 << (len(keys) * ROOM).bit_length())
    last = len(slots) - 1
    for row, key in enumerate(keys):
        at = key & last
        while slots[at] >= 0:
            at = (at + 1) & last
        slots[at] = row
    return slots


def _model(question: Mapping[str, Any], values: "array[int]") -> Model:
    """One question; the sum of each row shows by how much one weight leads the others without adding them up again."""
    width = len(question["labels"])
    end = len(values)
    while end and values[end - width] == UNKNOWN:
        end -= width
    known = [sum(row) if row[0] != UNKNOWN else 0 for row in (values[at : at + width] for at in range(0, end, width))]
    return Model(tuple(question["labels"]), tuple(question["bias"]), values[:end], array("h", known))
