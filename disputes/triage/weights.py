"""Learned weights as a worker holds them: numbers side by side instead of a hundred thousand objects."""

from array import array
from bisect import bisect_left
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

CLASS = "@"  # stands before the name of a word class among the traits
APART = "_"  # stands between two characters that have any one character between them
UNKNOWN = -32_768  # in the first place of a row: the question knows nothing of this trait
PLANE = 0x11_0000  # one more than the highest character
HOLES = (1 << 19) - 1  # of the sieve; a power of two, less one
WIDER = PLANE * PLANE  # added to a pair whose characters stand apart


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
    """Every trait that any question knows, as ascending numbers, and the questions by name.

    `sieve` holds a one wherever the hash of a known trait falls: what falls beside them need not be looked up. Texts
    hash otherwise in every interpreter, so it is good for this one and its forks.
    """

    codes: "array[int]"
    classes: Mapping[str, int]
    models: Mapping[str, Model]
    sieve: bytes

    def places(self, traits: Iterable[str]) -> dict[int, str]:
        """The known ones among some traits, by the number of their row."""
        codes, size, classes, found = self.codes, len(self.codes), self.classes, {}
        sieve = self.sieve
        for trait in [trait for trait in traits if sieve[hash(trait) & HOLES]]:
            first, size_of = trait[0], len(trait)
            if first == CLASS:
                code = _code(trait, classes)
            elif size_of == 2:  # noqa: PLR2004 (a pair: most are, and a call each costs more)
                code = ord(first) * PLANE + ord(trait[1])
            elif size_of == 3:  # noqa: PLR2004 (a pair apart)
                code = WIDER + ord(first) * PLANE + ord(trait[2])
            else:
                code = _code(trait, classes)
            place = bisect_left(codes, code)
            if place < size and codes[place] == code:
                found[place] = trait
        return found


def learned_from(written: Mapping[str, Any]) -> Learned:
    """The weights from their written form (`learned.json`): per trait the questions' rows, parted by `|`."""
    names = sorted(trait[1:] for trait in written["weights"] if trait.startswith(CLASS))
    classes = {name: place for place, name in enumerate(names)}
    order = sorted(written["weights"], key=lambda trait: _code(trait, classes))
    values = {name: array("h") for name in written["questions"]}
    for trait in order:
        for (name, question), row in zip(
            written["questions"].items(), written["weights"][trait].split("|"), strict=True
        ):
            values[name].extend(map(int, row.split()) if row else [UNKNOWN] * len(question["labels"]))
    for name, question in written["questions"].items():
        _drop_unknown_end(values[name], len(question["labels"]))
    return Learned(
        codes=array("q", [_code(trait, classes) for trait in order]),
        classes=classes,
        sieve=_sieve(order),
        models={
            name: Model(tuple(question["labels"]), tuple(question["bias"]), values[name], _sums(values[name], question))
            for name, question in written["questions"].items()
        },
    )


def _sieve(traits: Iterable[str]) -> bytes:
    holes = bytearray(HOLES + 1)
    for trait in traits:
        holes[hash(trait) & HOLES] = 1
    return bytes(holes)


def _drop_unknown_end(values: "array[int]", width: int) -> None:
    end = len(values)
    while end and values[end - width] == UNKNOWN:
        end -= width
    del values[end:]


def _sums(values: "array[int]", question: Mapping[str, Any]) -> "array[int]":
    """The sum of each row, so that by how much one weight leads the others is seen without adding them up again."""
    width = len(question["labels"])
    return array("i", (sum(values[at : at + width]) for at in range(0, len(values), width)))


def _code(trait: str, classes: Mapping[str, int]) -> int:
    """One number for a character, a pair, a pair apart or a word class (below zero; an unknown one gives 0)."""
    if len(trait) == 1:
        return ord(trait)
    if trait[0] == CLASS and trait[1:] in classes:
        return -1 - classes[trait[1:]]
    if len(trait) == 3 and trait[1] == APART:  # noqa: PLR2004 (a pair apart)
        return WIDER + ord(trait[0]) * PLANE + ord(trait[2])
    return ord(trait[0]) * PLANE + ord(trait[1]) if len(trait) == 2 else 0  # noqa: PLR2004 (a pair)
