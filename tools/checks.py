"""`make check`: every gate, one after the other; all run, so that one pass shows everything."""

import base64
import os
import secrets
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, field

from tools.places import BIN, PYTHON, StepError, run, say

KEY_NAMES = ("k1", "lookup", "audit")


@dataclass(frozen=True)
class Gate:
    """A check by name; `extra` is added to its environment."""

    name: str
    command: tuple[str, ...]
    extra: Mapping[str, str] = field(default_factory=dict)


def production_environment() -> dict[str, str]:
    """Settings as a real installation has them, with keys that are thrown away."""
    keys = ",".join(f"{name}:{base64.urlsafe_b64encode(secrets.token_bytes(32)).decode()}" for name in KEY_NAMES)
    return {
        "DEMO": "0",
        "DEBUG": "0",
        "SECRET_KEY": secrets.token_urlsafe(64),
        "FIELD_KEYS": keys,
        "ALLOWED_HOSTS": "liaison.example",
        "CSRF_TRUSTED_ORIGINS": "https://liaison.example",
    }


def gates() -> list[Gate]:
    tool = {name: str(BIN / name) for name in ("ruff", "mypy", "lint-imports", "djlint")}
    manage = (str(PYTHON), "-W", "error", "manage.py")
    return [
        Gate("ruff check", (tool["ruff"], "check", ".")),
        Gate("ruff format", (tool["ruff"], "format", "--check", ".")),
        Gate("import-linter", (tool["lint-imports"],)),
        Gate("mypy", (tool["mypy"], ".")),
        Gate("migrations", (*manage, "makemigrations", "--check", "--dry-run")),
        Gate("django check", (*manage, "check", "--fail-level", "WARNING")),
        Gate("check --deploy", (*manage, "check", "--deploy", "--fail-level", "WARNING"), production_environment()),
        Gate("djlint", (tool["djlint"], "--lint", "--quiet", "templates")),
    ]


def check() -> None:
    """Run every gate on a throw-away data folder. Raises StepError naming the gates that did not pass."""
    failed = []
    with tempfile.TemporaryDirectory(prefix="liaison-check-") as folder:
        for name in ("DATABASE_URL", "REDIS_URL"):
            os.environ.pop(name, None)
        trial = {"DEMO": "1", "VAR_DIR": folder}
        for gate in gates():
            say(gate.name)
            if run(gate.command, extra={**trial, **gate.extra}):
                failed.append(gate.name)
    if failed:
        raise StepError(f"没有通过：{'、'.join(failed)}")
    say(f"{len(gates())} 项检查都通过")
