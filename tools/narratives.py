"""The project's own narratives: a label and a text per line, in a set looked at while building and one that was not."""

from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path

FOLDER = Path(__file__).resolve().parent.parent / "tests" / "disputes" / "narratives"
TUNE = "tune"
HELD = "held"


def files(name: str) -> list[Path]:
    """The files of a set, by name."""
    return sorted((FOLDER / name).glob("*.tsv"))


def rows(path: Path) -> Iterator[tuple[str, str]]:
    """Label and text of each line of a narratives file."""
    for line in path.read_text(encoding="utf-8").splitlines():
        label, _, text = line.partition("\t")
        if text:
            yield label, text


def fingerprint(name: str) -> str:
    """Changes whenever a text or label of a set does."""
    return sha256(b"\n".join(path.read_bytes() for path in files(name))).hexdigest()[:16]


def half(text: str) -> str:
    """To which set a text belongs that was written before anybody looked at the word lists: decided by its hash."""
    return HELD if sha256(text.encode()).digest()[0] % 2 else TUNE
