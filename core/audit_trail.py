"""Checks the audit trail against itself and against its anchors: what was changed, lost, swapped or forged."""

import hmac
import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from core.actions.anchors import anchor_file, seal
from core.actions.audit import chained_hash
from core.models import AuditEntry, AuditHead

SHOWN = 20  # problems named per chain; after a break every later row would be one


@dataclass
class Verdict:
    """One chain: how many entries, what is wrong, and since when no anchor holds its end."""

    chain: str
    entries: int = 0
    last_seq: int = 0
    last_hash: str = ""
    anchored_seq: int = 0
    problems: list[dict[str, Any]] = field(default_factory=list)

    def note(self, seq: int, problem: str) -> None:
        if len(self.problems) < SHOWN:
            self.problems.append({"seq": seq, "problem": problem})


def verify() -> list[Verdict]:
    """A verdict for every chain that has entries, a head, or an anchor."""
    anchors, broken = read_anchors()
    heads = {head.chain: head for head in AuditHead.objects.all()}
    found = set(AuditEntry.objects.order_by().values_list("chain", flat=True).distinct())
    verdicts = [
        _verify_chain(chain, heads.get(chain), anchors.get(chain, {}))
        for chain in sorted(found | set(heads) | set(anchors))
    ]
    if broken:
        verdict = Verdict(chain="")
        verdict.note(0, f"锚点文件有 {broken} 行被改过")
        verdicts.append(verdict)
    return verdicts


def read_anchors() -> tuple[dict[str, dict[int, str]], int]:
    """Anchored hashes by chain and sequence number, and how many lines do not carry a true seal."""
    anchors: dict[str, dict[int, str]] = {}
    broken = 0
    path = anchor_file()
    for line in path.read_text(encoding="utf-8").splitlines() if path.exists() else []:
        anchor = _sealed(line)
        if anchor is None:
            broken += 1
        else:
            anchors.setdefault(anchor["chain"], {})[anchor["seq"]] = anchor["hash"]
    return anchors, broken


def _sealed(line: str) -> dict[str, Any] | None:
    try:
        anchor: dict[str, Any] = json.loads(line)
        given = str(anchor.pop("seal"))
    except (ValueError, KeyError, AttributeError, TypeError):
        return None
    return anchor if hmac.compare_digest(given, seal(anchor)) else None


def _verify_chain(chain: str, head: AuditHead | None, anchors: dict[int, str]) -> Verdict:
    verdict = Verdict(chain=chain, anchored_seq=max(anchors, default=0))
    for entry in _entries(chain):
        _verify_entry(verdict, entry)
        if anchors.pop(entry.seq, entry.hash) != entry.hash:
            verdict.note(entry.seq, "与当日锚点不符：这一条及以前的记录被换过")
    for seq in sorted(anchors):
        verdict.note(seq, "锚点记着的这一条不见了：链尾被截去")
    end = (head.seq, head.hash) if head else (0, "")
    if end != (verdict.last_seq, verdict.last_hash):
        verdict.note(verdict.last_seq, "链头与最后一条不符：链尾被截去，或有记录不经程序写入")
    return verdict


def _entries(chain: str) -> Iterator[AuditEntry]:
    return AuditEntry.objects.filter(chain=chain).order_by("seq").iterator(1000)


def _verify_entry(verdict: Verdict, entry: AuditEntry) -> None:
    """Sequence, link and hash of one row; the next row is measured against what this one says of itself."""
    if entry.seq != verdict.last_seq + 1:
        verdict.note(entry.seq, f"序号不连：前一条是第 {verdict.last_seq} 条，中间的被删去")
    if entry.prev_hash != verdict.last_hash:
        verdict.note(entry.seq, "与前一条接不上：前一条被换过、删去或调换")
    if not hmac.compare_digest(entry.hash, chained_hash(entry.prev_hash, entry)):
        verdict.note(entry.seq, "内容与哈希不符：被改过，或不是程序写的")
    verdict.entries += 1
    verdict.last_seq, verdict.last_hash = entry.seq, entry.hash
