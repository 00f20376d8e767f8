"""`make bench`: runs every benchmark of this folder, or those named."""

import subprocess
import sys
from pathlib import Path

FOLDER = Path(__file__).resolve().parent
PARTS = {"filled", "harness", "nation", "visits"}  # what several of them, or tests, build on
FIRST = "triage"  # needs no database: its report is there before the others fill theirs with a million rows


def all_there_are() -> list[str]:
    """The names of the benchmarks in the order in which they run."""
    stems = (path.stem for path in FOLDER.glob("*.py"))
    return sorted((stem for stem in stems if not stem.startswith("__") and stem not in PARTS), key=_place)


def _place(name: str) -> tuple[bool, str]:
    return name != FIRST, name


def main(names: list[str]) -> int:
    """Run the benchmarks one after the other; the exit code of the first that failed, else 0."""
    found = all_there_are()
    for name in names or found:
        if name not in found:
            sys.stderr.write(f"没有「{name}」这个测量。有：{'、'.join(found)}\n")
            return 2
        sys.stdout.write(f"── {name}\n")
        sys.stdout.flush()
        done = subprocess.run([sys.executable, str(FOLDER / f"{name}.py")], check=False)  # noqa: S603 (our own file)
        if done.returncode:
            return done.returncode
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
