"""The one way to write the audit trail. Call it last in the transaction: the chain's row lock is held until commit."""

import hashlib
import hmac
import json
from collections.abc import Iterable, Sequence
from itertools import islice
from typing import Any, NamedTuple

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models, transaction
from django.utils import timezone

from core import request_context
from core.models import AuditEntry, AuditHead, User
from core.prepared import Prepared
from core.statements import insert

COUNTY_LENGTH = 6
SYSTEM_NAME = "系统"
ROWS_A_STATEMENT = 500
MOVED = ("seq", "hash")  # of a chain's head, with each row


class Told(NamedTuple):
    """What an act was done to, and what is written down of it."""

    subject: models.Model | None
    division_code: str
    detail: dict[str, Any]

    @property
    def chain(self) -> str:
        return (self.division_code or settings.COUNTY_CODE)[:COUNTY_LENGTH]


def canonical(entry: AuditEntry) -> bytes:
    """The bytes of a row that its hash covers: every column but the hashes, in a fixed order and form."""
    columns: dict[str, Any] = {
        "chain": entry.chain,
        "seq": entry.seq,
        "at": entry.at.isoformat(),
        "actor": entry.actor_id,
        "actor_name": entry.actor_name,
        "actor_role": entry.actor_role,
        "division_code": entry.division_code,
        "address": entry.address,
        "request_id": entry.request_id,
        "action": entry.action,
        "subject_label": entry.subject_label,
        "subject_id": entry.subject_id,
        "success": entry.success,
        "detail": entry.detail,
    }
    return json.dumps(columns, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def chained_hash(prev_hash: str, entry: AuditEntry) -> str:
    """HMAC-SHA-256 of the previous hash and the row, with the audit key."""
    return hmac.new(settings.FIELD_KEYS["audit"], prev_hash.encode() + canonical(entry), hashlib.sha256).hexdigest()


def _locked_head(chain: str, beside: Sequence[models.Model] = ()) -> AuditHead:
    """The chain's head; `beside`: new rows that are written with the locking."""
    if held := insert(*beside, locking=(AuditHead, chain, *MOVED)):
        return AuditHead(chain=chain, **dict(zip(MOVED, held, strict=True)))
    head = next(iter(_head(chain=chain)), None)
    if head is None:
        AuditHead.objects.get_or_create(chain=chain)
        head = next(iter(_head(chain=chain)))
    return head


_head = Prepared(lambda chain: AuditHead.objects.select_for_update().filter(chain=chain), planned_once=True)


@transaction.atomic(savepoint=False)
def record(
    action: str,
    *,
    by: User | None,
    subject: models.Model | None = None,
    division_code: str = "",
    detail: dict[str, Any] | None = None,
    success: bool = True,
    beside: Sequence[models.Model] = (),
) -> AuditEntry:
    """Append one row to the chain of the county of `division_code` (default: the installed county).

    `action` is dotted English (`confirmation.accept`). `detail` holds old and new values, already
    masked. `beside`: new rows of the act that are still to be written. Effects: writes them and locks the chain's
    head until commit, writes the row, moves the head.
    """
    told = Told(subject, division_code, detail or {})
    head = _locked_head(told.chain, beside)
    entry = _appended(head, action, told, by, success=success)
    insert(entry, saving=(head, *MOVED))
    return entry


@transaction.atomic(savepoint=False)
def record_many(action: str, told: Iterable[Told], *, by: User | None) -> None:
    """Append one row for each of many subjects of one act, as `record` would: two statements for 500 of them."""
    by_chain: dict[str, list[Told]] = {}
    for one in told:
        by_chain.setdefault(one.chain, []).append(one)
    for chain, here in sorted(by_chain.items()):
        head, left = _locked_head(chain), iter(here)
        while some := [_appended(head, action, one, by) for one in islice(left, ROWS_A_STATEMENT)]:
            insert(*some, saving=(head, *MOVED))


def _appended(head: AuditHead, action: str, told: Told, by: User | None, *, success: bool = True) -> AuditEntry:
    """The next row of a chain; moves its head, and saves neither."""
    context, subject = request_context.current(), told.subject
    entry = AuditEntry(
        chain=told.chain,
        seq=head.seq + 1,
        at=timezone.now(),
        actor=by,
        actor_name=context.actor_name or (str(by) if by else SYSTEM_NAME),
        actor_role=by.role if by else "",
        division_code=told.division_code,
        address=context.address,
        request_id=context.request_id,
        action=action,
        subject_label=subject._meta.label_lower if subject else "",
        subject_id=str(subject.pk) if subject else "",
        success=success,
        detail=json.loads(json.dumps(told.detail, cls=DjangoJSONEncoder)),
        prev_hash=head.hash,
    )
    entry.hash = chained_hash(head.hash, entry)
    head.seq, head.hash = entry.seq, entry.hash
    return entry
