"""Writing past disputes in bulk, in the caller's transaction: codes in order, people, timeline, dirty months."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time
from typing import Any, NamedTuple

from django.db import IntegrityError, transaction
from django.utils import timezone

from core.actions.outbox import mark_dirty
from core.bulk import Values, insert_all, new_keys
from core.clock_face import is_late_entry
from core.errors import Conflict, Refused
from core.models import Division, User
from core.privacy import mask_text
from disputes import queries
from disputes.actions.events import TEXT_LENGTH
from disputes.actions.parties import PartyData, fill, retitle
from disputes.actions.risk import raise_flag
from disputes.choices import DisputeState, EventKind, Outcome, Risk, Source
from disputes.importing.facts import PastDispute
from disputes.models import CaseType, CodeSequence, Dispute, DisputeEvent, Party
from disputes.queries.imports import Named

BATCH = 500
CLOSED_BY = {
    Outcome.AGREED: EventKind.AGREEMENT_EFFECTIVE,
    Outcome.FAILED: EventKind.MEDIATION_FAILED,
    Outcome.ENDED: EventKind.ENDED,
    Outcome.REFERRED_OUT: EventKind.REFERRED_OUT,
}
LATE_ENTRY = "按补录计。"
PARTY_COLUMNS = [one.attname for one in Party._meta.concrete_fields if one.attname not in ("id_hash", "phone_hash")]


class NewRow(NamedTuple):
    """A past dispute, and the key by which its row is known in every later file."""

    dispute: PastDispute
    key: str


@dataclass
class Written:
    """What was written, and the months whose figures change."""

    disputes: int = 0
    late: int = 0
    months: set[date] = field(default_factory=set)


@dataclass(frozen=True)
class Frame:
    """What stays the same over all rows."""

    town: Division
    types: Mapping[str, CaseType]
    mediators: Mapping[str, Named]
    by: User
    now: datetime


def write_past(rows: Sequence[NewRow], *, town: Division, by: User, now: datetime) -> Written:
    """Write every row, the oldest first, so that codes of a month follow its days.

    A closed one is filed away at once (its file lies on paper), with its outcome; one that still runs is registered
    and judged as at the counter, a high risk is told at once. Raises Conflict when one of the rows was written
    meanwhile.
    """
    types = {row.key: row for row in queries.case_types()}
    frame = Frame(town, types, queries.mediators_by_name(town.pk), by, now)
    written = Written()
    in_order = sorted(rows, key=lambda row: row.dispute.registered_on)
    codes = _codes(in_order, town)
    try:
        with transaction.atomic():
            for start in range(0, len(in_order), BATCH):
                _write_batch(in_order[start : start + BATCH], codes, frame, written)
    except IntegrityError as error:
        raise Conflict("没有写入：其中有几件刚才已经由别人导入。", hint="请重新核对一遍再写入。") from error
    for month in sorted(written.months):
        mark_dirty(town_code=town.pk, on=month)
    return written


def _codes(rows: Sequence[NewRow], town: Division) -> Iterator[str]:
    """The next codes of each month, in the order of the rows; the counters stay locked until the end."""
    if not town.short_code:
        raise Refused(f"「{town}」还没有编号字头。", hint="请管理员在行政区划里填写。")
    wanted: dict[str, int] = defaultdict(int)
    for row in rows:
        wanted[f"{town.short_code}{row.dispute.registered_on:%y%m}"] += 1
    found: list[str] = []
    for prefix, many in wanted.items():  # in the order of the months, as the rows are; 99 stands before 00
        sequence, _ = CodeSequence.objects.select_for_update().get_or_create(prefix=prefix)
        for _ in range(many):
            sequence.last += 1
            found.append(str(sequence))
        sequence.save(update_fields=["last"])
    return iter(found)


def _write_batch(rows: Sequence[NewRow], codes: Iterator[str], frame: Frame, written: Written) -> None:
    together = [(row.dispute, *_new(row, next(codes), frame)) for row in rows]
    disputes = Dispute.objects.bulk_create([dispute for _, dispute, _ in together])
    insert_all(Party, _party_rows(together))
    insert_all(DisputeEvent, _event_rows(together, frame))
    for past, dispute, _ in together:
        written.months |= {day.replace(day=1) for day in (past.registered_on, past.closed_on) if day}
        written.late += dispute.entered_late
        if dispute.is_open and dispute.risk == Risk.HIGH:
            raise_flag(dispute, reasons=dispute.triage["risk_because"], by=None, recorded_at=frame.now)
    written.disputes += len(disputes)


# ── one dispute ──────────────────────────────────────────────────────────────
def _new(row: NewRow, code: str, frame: Frame) -> tuple[Dispute, list[Party]]:
    past = row.dispute
    parties = [fill(Party(order=order), PartyData(**_party_data(one))) for order, one in enumerate(past.people)]
    dispute = Dispute(
        code=code,
        division_id=past.village,
        town_code=frame.town.pk,
        case_type=frame.types[past.case_type],
        source=past.source,
        narrative=past.narrative,
        amount=past.amount,
        registered_on=past.registered_on,
        recorded_at=frame.now,
        entered_late=is_late_entry(past.registered_on, frame.now),
        registered_by=frame.by,
        handler=_handler(past, frame),
        idempotency_key=row.key,
        **(_closed(past) if past.closed_on else _running(past)),
    )
    retitle(dispute, parties)
    return dispute, parties


def _handler(past: PastDispute, frame: Frame) -> User | None:
    """Whom the ledger names. What still runs is not given to who leaves today or whose account is closed."""
    named = frame.mediators.get(past.mediator)
    return named.user if named and (past.closed_on or named.takes_on) else None


def _party_data(one: Any) -> dict[str, Any]:
    return {name: getattr(one, name) for name in ("side", "name", "kind", "id_number", "phone", "address")}


def _closed(past: PastDispute) -> dict[str, Any]:
    """What was decided years ago is not judged anew."""
    return {
        "state": DisputeState.ARCHIVED,
        "state_on": past.closed_on,
        "closed_on": past.closed_on,
        "outcome": past.outcome,
        "end_ground": past.end_ground,
        "referred_to": past.referred_to,
    }


def _running(past: PastDispute) -> dict[str, Any]:
    found = queries.assess(past.narrative, chosen=past.case_type, source=past.source, amount=past.amount)
    return {
        "state_on": past.registered_on,
        "risk": found.triage.risk,
        "suitable": found.triage.suitable,
        "unsuitable_because": found.triage.unsuitable_because or "",
        "triage": found.as_json(),
    }


# ── rows of the other tables ─────────────────────────────────────────────────
Together = Sequence[tuple[PastDispute, Dispute, list[Party]]]


def _party_rows(together: Together) -> Iterator[Values]:
    keys = iter(new_keys(sum(len(parties) for _, _, parties in together)))
    for _, dispute, parties in together:
        for party in parties:
            party.dispute_id = dispute.pk
            yield {name: getattr(party, name) for name in PARTY_COLUMNS} | {"id": next(keys)}


def _event_rows(together: Together, frame: Frame) -> Iterator[Values]:
    for past, dispute, _ in together:
        yield _event(dispute, EventKind.REGISTERED, past.registered_on, *_registered(past, dispute), frame)
        if past.closed_on:
            kind = CLOSED_BY[Outcome(past.outcome)]
            yield _event(dispute, kind, past.closed_on, *_ended(past), frame)


def _event(dispute: Dispute, kind: EventKind, on: date, text: str, detail: str, frame: Frame) -> Values:
    is_today = timezone.localdate(frame.now) == on
    return {
        "dispute_id": dispute.pk,
        "kind": kind.value,
        "on": on,
        "at": frame.now if is_today else timezone.make_aware(datetime.combine(on, time.min)),
        "recorded_at": frame.now,
        "by_id": frame.by.pk,
        "text": mask_text(text)[:TEXT_LENGTH],
        "detail": mask_text(detail),
        "by_court": False,
    }


def _registered(past: PastDispute, dispute: Dispute) -> tuple[str, str]:
    told = [
        "由原台账导入。",
        f"原编号 {past.own_number}。" if past.own_number else "",
        f"类型 {dispute.case_type}。",
        f"原台账调解员 {past.mediator}。" if past.mediator and dispute.handler is None else "",
        f"备注：{past.note}" if past.note else "",
        LATE_ENTRY if dispute.entered_late else "",
    ]
    return f"{Source(past.source).label}登记", "\n".join(filter(None, told))


def _ended(past: PastDispute) -> tuple[str, str]:
    words = f"（原台账写：{past.outcome_words}）" if past.outcome_words else ""
    same_day = "原台账没有办结日期的，按登记日计。" if past.closed_on == past.registered_on else ""
    return f"{Outcome(past.outcome).label}{words}", "\n".join(filter(None, (past.result_text, same_day)))


def as_new(rows: Iterable[Any]) -> list[NewRow]:
    """The rows of a plan that are to be written."""
    return [NewRow(row.checked.dispute, row.key) for row in rows if row.checked.dispute]
