"""What journeys share: a command's answer as data."""

import io
import json
from typing import Any

from django.core.management import call_command


def answer_of(command: str, *words: str, ask: tuple[str, ...] = ("--json",)) -> dict[str, Any]:
    """The one object that a command prints with --json, or as `ask` asks for it."""
    told = io.StringIO()
    call_command(command, *words, *ask, stdout=told)
    return dict(json.loads(told.getvalue()))
