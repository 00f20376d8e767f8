"""Where settings come from: the environment, and secrets that a trial installation makes and keeps under var/."""

import base64
import secrets
import sys
from datetime import time
from pathlib import Path

import environ
from django.core.exceptions import ImproperlyConfigured

LOOKUP_KEY_ID = "lookup"
AUDIT_KEY_ID = "audit"
KEY_BYTES = 32
WEAK_SECRET_LENGTH = 50
FEW_KINDS = 10  # different characters or bytes: fewer were not drawn at random

BASE_DIR = Path(__file__).resolve().parent.parent
VAR = Path(environ.Env().str("VAR_DIR", str(BASE_DIR / "var")))
VAR.mkdir(parents=True, exist_ok=True)
env = environ.Env()
environ.Env.read_env(BASE_DIR / ".env")
TESTING = "pytest" in Path(sys.argv[0]).name or "pytest" in sys.modules
DEMO = env.bool("DEMO", False)
TRIAL = DEMO or TESTING


def one_of(name: str, default: str, *others: str) -> str:
    """The setting `name`, which is `default` or one of `others`. Any other value: the start is refused."""
    value: str = env.str(name, default)
    if value not in (default, *others):
        raise ImproperlyConfigured(f"{name} 只能是 {'、'.join((default, *others))}，不能是「{value}」。")
    return value


def at_most(name: str, most: int) -> int:
    """The setting `name` as a whole number from 1 to `most`, which is also its default."""
    value: int = env.int(name, most)
    if not 1 <= value <= most:
        raise ImproperlyConfigured(f"{name} 只能是 1 到 {most}，不能是 {value}。")
    return value


def stretch(name: str, default: str) -> tuple[time, time]:
    """The setting `name` as two times of day, `08:30-12:00`. Anything else: the start is refused."""
    value: str = env.str(name, default)
    try:
        begins, ends = (time.fromisoformat(part.strip()) for part in value.split("-"))
    except ValueError:
        begins = ends = time.min
    if begins >= ends:
        raise ImproperlyConfigured(f"{name} 要写成 08:30-12:00 这样，前早后晚，不能是「{value}」。")
    return begins, ends


def _new_key_text() -> str:
    return base64.urlsafe_b64encode(secrets.token_bytes(KEY_BYTES)).decode()


def _kept(path: Path, make: str) -> str:
    """The text kept at `path`, written with mode 0600 on the first call."""
    path.parent.mkdir(parents=True, exist_ok=True)
    if not path.exists():
        path.touch(mode=0o600)
        path.write_text(make)
    return path.read_text().strip()


def secret_key(given: str, *, trial: bool, var: Path) -> str:
    """SECRET_KEY as given; in trial mode one is made and kept. Weak or missing: the start is refused."""
    if trial and not given:
        return _kept(var / "secret_key", secrets.token_urlsafe(64))
    if not trial and (len(given) < WEAK_SECRET_LENGTH or len(set(given)) < FEW_KINDS):
        raise ImproperlyConfigured(f"SECRET_KEY 必须设置，不少于 {WEAK_SECRET_LENGTH} 个字符，而且是随机的。")
    return given


def field_keys(given: str, *, trial: bool, var: Path) -> dict[str, bytes]:
    """Key ring `id:base64,…`: the first id encrypts new values, `lookup` hashes, `audit` chains.

    Returns the keys by id in the order given, each 32 bytes. Raises ImproperlyConfigured with a
    sentence when a key is missing, short or written twice.
    """
    if trial and not given:
        made = ",".join(f"{name}:{_new_key_text()}" for name in ("k1", LOOKUP_KEY_ID, AUDIT_KEY_ID))
        given = _kept(var / "field_keys", made)
    ring: dict[str, bytes] = {}
    for part in filter(None, (piece.strip() for piece in given.split(","))):
        name, _, text = part.partition(":")
        try:
            key = base64.urlsafe_b64decode(text)
        except ValueError:
            key = b""
        if not name or name in ring or len(key) != KEY_BYTES:
            raise ImproperlyConfigured(f"FIELD_KEYS 中的密钥「{name}」重复，或不是 32 字节的 base64。")
        if not trial and (len(set(key)) < FEW_KINDS or key in ring.values()):
            raise ImproperlyConfigured(f"FIELD_KEYS 中的密钥「{name}」不是随机的，或与另一把相同。")
        ring[name] = key
    if not {LOOKUP_KEY_ID, AUDIT_KEY_ID} < set(ring):
        raise ImproperlyConfigured("FIELD_KEYS 必须有一把加密密钥，以及 lookup、audit 两把密钥。")
    return ring
