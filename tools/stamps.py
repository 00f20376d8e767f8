"""Remembers which step was done on which input, so that the second start takes seconds."""

import hashlib
from collections.abc import Iterable
from pathlib import Path


def digest(files: Iterable[Path], *words: str) -> str:
    """A hash of the files' contents and names and of the words."""
    summed = hashlib.sha256("\0".join(words).encode())
    for file in sorted(files):
        summed.update(file.name.encode())
        summed.update(file.read_bytes())
    return summed.hexdigest()


def is_done(stamp: Path, key: str) -> bool:
    """Whether the step was done on exactly this input."""
    return stamp.is_file() and stamp.read_text() == key


def mark_done(stamp: Path, key: str) -> None:
    """Remember that the step was done on this input."""
    stamp.parent.mkdir(parents=True, exist_ok=True)
    stamp.write_text(key)
