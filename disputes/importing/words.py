"""The words of the towns' own ledgers: which headers, types, sources and outcomes go by which names. Read once."""

import json
from functools import cache
from pathlib import Path
from typing import Any

FILE = Path(__file__).parent.parent / "words" / "ledger.json"


@cache
def words() -> dict[str, Any]:
    """The whole of the table, by kind."""
    return dict(json.loads(FILE.read_text(encoding="utf-8")))


def first_of(listed: Any, text: str) -> str | None:
    """The first name in `listed` (pairs, or a table) one of whose words stands in the text; None for none."""
    pairs = listed.items() if isinstance(listed, dict) else listed
    return next((name for name, known in pairs if any(word in text for word in known)), None)
