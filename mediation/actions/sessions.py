"""One meeting of the parties is recorded (人民调解法 27). What was said back to back stays with the writer."""

from collections.abc import Collection, Sequence
from datetime import date, datetime, time
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from core.access import require
from core.errors import Refused
from core.models import User
from core.queries import today
from disputes import limits
from disputes.actions.events import record_event
from disputes.choices import EventKind
from disputes.models import Dispute, Party
from mediation.actions.footing import handler_words, locked, record_audit, running_mediation
from mediation.choices import SessionMode
from mediation.models import Mediation, Session

RECORD_LENGTH = 20_000


@transaction.atomic
def record_session(
    *,
    dispute_id: int,
    by: User,
    held_on: date,
    attended: Collection[UUID],
    record: str,
    rights_told: bool = False,
    from_time: time | None = None,
    to_time: time | None = None,
    mode: str = SessionMode.ONSITE,
    place: str = "",
    others: str = "",
    private_note: str = "",
    beside: Sequence[str] = (),
    recorded_at: datetime | None = None,
) -> Session:
    """Record a meeting. At the first one the parties must have been told their rights and duties.

    `private_note` (背靠背) is encrypted and never leaves the writer. `beside`: the codes of disputes
    that were spoken of at the same table. Effects: session, event, audit.
    """
    dispute = locked(dispute_id)
    require(by, "mediation.record_session", dispute, message=handler_words(dispute))
    mediation = running_mediation(dispute)
    limits.check_day(held_on, today=today(), field="held_on", after=mediation.accepted_on)
    recorded_at = recorded_at or timezone.now()
    _check_times(from_time, to_time, held_on=held_on, now=recorded_at)
    present = _present(dispute, attended)
    _check_record(mediation, record, rights_told=rights_told)
    session = Session.objects.create(
        mediation=mediation,
        held_on=held_on,
        from_time=from_time,
        to_time=to_time,
        mode=mode,
        place=place.strip(),
        others=others.strip(),
        rights_told=rights_told,
        record=record.strip(),
        private_note=private_note.strip(),
        recorded_by=by,
        recorded_at=recorded_at,
    )
    session.attended.set(present)
    _write_event(dispute, session, present, beside=beside, by=by, recorded_at=recorded_at)
    record_audit(
        "session.record",
        dispute,
        by=by,
        session=str(session.pk),
        held_on=held_on.isoformat(),
        sealed=bool(private_note),
        **({"beside": list(beside)} if beside else {}),
    )
    return session


def _check_times(from_time: time | None, to_time: time | None, *, held_on: date, now: datetime) -> None:
    """What is recorded has happened: it ended after it began, and by now."""
    if from_time and to_time and to_time < from_time:
        raise Refused("结束时间不能早于开始时间。", field="to_time")
    local = timezone.localtime(now)
    for field, moment in (("from_time", from_time), ("to_time", to_time)):
        if moment and (held_on, moment) > (local.date(), local.time()):
            hint = "还没有开的会先不记，开完再来记。"
            raise Refused(f"不能晚于现在（{local:%H:%M}）。", hint=hint, field=field)


def _present(dispute: Dispute, attended: Collection[UUID]) -> list[Party]:
    present = [party for party in dispute.parties.all() if party.pk in attended]
    if not present:
        raise Refused("请勾选到场的当事人。", hint="只见了一方的，勾这一方。", field="attended")
    return present


def _check_record(mediation: Mediation, record: str, *, rights_told: bool) -> None:
    if not record.strip():
        raise Refused("请写调解记录。", hint="双方各说了什么，谈到哪一步。", field="record")
    if len(record) > RECORD_LENGTH:
        raise Refused(f"记录有 {len(record):,} 字，最多 {RECORD_LENGTH:,} 字。", field="record")
    if not rights_told and not mediation.sessions.filter(rights_told=True).exists():
        raise Refused(
            "第一次调解，要先告知双方权利义务、调解规则和协议的效力。", hint="告知后请勾选。", field="rights_told"
        )


def _write_event(
    dispute: Dispute, session: Session, present: list[Party], *, beside: Sequence[str], by: User, recorded_at: datetime
) -> None:
    serial = Session.objects.filter(mediation__dispute=dispute).count()
    together = f"，与另 {len(beside)} 件一起" if beside else ""
    names = "双方到场" if _both_sides(present) else f"{'、'.join(party.name for party in present)}到场"
    moment = timezone.make_aware(datetime.combine(session.held_on, session.from_time)) if session.from_time else None
    record_event(
        dispute,
        EventKind.SESSION_HELD,
        on=session.held_on,
        by=by,
        text=f"第 {serial} 次调解（{session.get_mode_display()}），{names}{together}",
        detail="、".join(filter(None, (session.place, session.others))),
        at=moment,
        recorded_at=recorded_at,
    )


def _both_sides(present: list[Party]) -> bool:
    return len({party.side for party in present}) > 1
