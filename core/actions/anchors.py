"""The ends of the audit chains, written outside the database once a day: without them a cut tail cannot be seen."""

import hashlib
import hmac
import json
import os
from datetime import datetime
from pathlib import Path
from typing import Any

from django.conf import settings

from core.models import AuditHead

FILE_NAME = "audit-anchors.jsonl"


def anchor_file() -> Path:
    return Path(settings.AUDIT_ANCHOR_DIR) / FILE_NAME


def seal(anchor: dict[str, Any]) -> str:
    """Keyed hash of an anchor, so that nobody can write one without the audit key."""
    text = json.dumps(anchor, sort_keys=True, separators=(",", ":"))
    return hmac.new(settings.FIELD_KEYS["audit"], f"anchor\0{text}".encode(), hashlib.sha256).hexdigest()


def write_anchors(*, at: datetime) -> int:
    """Append one line per chain to the anchor file; returns how many."""
    path = anchor_file()
    path.parent.mkdir(parents=True, exist_ok=True)
    heads = list(AuditHead.objects.order_by("chain"))
    with path.open("a", encoding="utf-8") as out:
        for head in heads:
            anchor = {"at": at.isoformat(), "chain": head.chain, "seq": head.seq, "hash": head.hash}
            out.write(json.dumps(anchor | {"seal": seal(anchor)}) + "\n")
        out.flush()
        os.fsync(out.fileno())
    return len(heads)
