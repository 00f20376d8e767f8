"""Copies the few front-end files that are served from node_modules into var/vendor."""

import re
from pathlib import Path

FILES = (
    "bootstrap/dist/css/bootstrap.min.css",
    "htmx.org/dist/htmx.min.js",
    "echarts/dist/echarts.common.min.js",
)
SOURCE_MAP = re.compile(rb"\n?(/\*# sourceMappingURL=.*?\*/|//# sourceMappingURL=\S+)\s*$")


def copy_vendor(*, modules: Path, target: Path) -> list[Path]:
    """Copy FILES into `target` and return what was written.

    The line naming a source map is cut: the map is not served, and the hashed static storage refuses
    a file that names a missing one. Files that FILES no longer lists are deleted.
    """
    target.mkdir(parents=True, exist_ok=True)
    written = []
    for name in FILES:
        source = modules / name
        copy = target / source.name
        copy.write_bytes(SOURCE_MAP.sub(b"\n", source.read_bytes()))
        written.append(copy)
    for stray in set(target.iterdir()) - set(written):
        stray.unlink()
    return written
