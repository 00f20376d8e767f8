"""`make bench`: runs every benchmark of this folder, or those named."""

import subprocess
import sys
from pathlib import Path

FOLDER = Path(__file__).resolve().parent
PARTS = {"harness", "nation", "visits"}  # what several of them, or tests, build on


def main(names: list[str]) -> int:
    """Run the benchmarks one after the other; the exit code of the first that failed, else 0."""
    found = sorted(
        path.stem for path in FOLDER.glob("*.py") if not path.stem.startswith("__") and path.stem not in PARTS
    )
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
