"""Says what the words of a story suggest: case types, suitability, risk. Prints one JSON object, always."""

import sys
from typing import Any

from django.core.management.base import CommandParser

from core.management.contract import ContractCommand, UnusableInput
from disputes.triage import Triage, suggest


class Command(ContractCommand):
    help = "看一段经过：像哪类纠纷、适不适合调解、有没有激化危险。不写 TEXT 就从标准输入读。"
    json_only = True
    empty = {
        "suggestions": [],
        "suitable": None,
        "unsuitable_because": None,
        "risk": None,
        "risk_because": [],
    }

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("text", metavar="TEXT", nargs="?", help="当事人讲的经过")

    def handle(self, *, text: str | None, **_options: Any) -> None:
        story = _read() if text is None else text
        if not story.strip():
            raise UnusableInput("没有经过可看。请写一段经过，或从标准输入给出。")
        self.answer(_shown(suggest(story)), "")


def _read() -> str:
    try:
        return sys.stdin.read()
    except UnicodeDecodeError as error:
        raise UnusableInput("标准输入不是 UTF-8 文字。") from error


def _shown(found: Triage) -> dict[str, Any]:
    return {
        "suggestions": [
            {"case_type": one.case_type, "score": one.score, "because": list(one.because)} for one in found.suggestions
        ],
        "suitable": found.suitable,
        "unsuitable_because": found.unsuitable_because,
        "risk": found.risk,
        "risk_because": list(found.risk_because),
    }
