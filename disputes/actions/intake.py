"""Registering a dispute."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields
from datetime import date, datetime
from decimal import Decimal
from functools import cached_property
from hashlib import sha256
from typing import Any

from django.db import transaction
from django.utils import timezone

from core.access import require
from core.actions import audit
from core.actions.outbox import dirty
from core.choices import Role
from core.clock_face import is_late_entry
from core.errors import Refused
from core.models import Division, User
from core.prepared import Prepared
from core.privacy import lookup_hash
from core.queries import today
from core.statements import insert
from disputes import limits
from disputes.actions.attachments import file_staged
from disputes.actions.events import event_of
from disputes.actions.judging import assess_told, judged
from disputes.actions.parties import PartyData, check_together, fill, note_notice, retitle
from disputes.actions.risk import raise_flag
from disputes.choices import EventKind, NoticeHow, Risk, Side, Source
from disputes.models import CodeSequence, Dispute, Party
from disputes.queries import Assessment
from disputes.queries.drafts import key_of
from disputes.queries.known import Likely, met_before
from disputes.questions import read_answers

LATE_ENTRY = "登记晚于发生日，按补录计。"
LIMITATION = "权利人提出请求，诉讼时效自本日中断。"  # 诉讼时效规定（2020 修正）第十二条
# Who comes or calls asks for something; what was found, passed on or sued for is no request to a mediation committee.
ASKED_BY_THE_PARTY = {Source.VISIT, Source.PHONE, Source.PETITION, Source.HOTLINE, Source.ONLINE}


@dataclass(frozen=True)
class Intake:
    """What is told at the counter. `village` comes with its town (`parent`); without `case_type` the suggestion holds.

    `answers`: text by key of the type's questions; without `amount` the one that asks for the sum gives it.
    `informed`: the applicants were told that mediation is free and voluntary and how their data are used.
    """

    village: Division
    source: str
    narrative: str
    parties: Sequence[PartyData]
    case_type: str = ""
    amount: Decimal | None = None
    platform_number: str = ""
    informed: bool = False
    informed_how: str = NoticeHow.ORAL
    answers: Mapping[str, str] = field(default_factory=dict)

    def mark(self, registered_on: date) -> str:
        """The same for the same form sent again, another for one in which a word was changed; nothing of it can be
        read back. Once the key of the look-ups is changed, every form counts as changed."""
        return lookup_hash("disputes.intake", sha256(f"{registered_on} {self._whole}".encode()).hexdigest())[:32]

    @cached_property
    def _whole(self) -> str:
        answers = sorted((key, text) for key, text in self.answers.items() if text)
        told = [getattr(self, one.name) for one in fields(self) if one.name not in ("village", "answers")]
        return repr([self.village.pk, answers, *told])


@transaction.atomic
def register_dispute(
    *,
    data: Intake,
    by: User,
    registered_on: date,
    recorded_at: datetime | None = None,
    idempotency_key: str | None = None,
    permission: str = "disputes.register",
    known: str | None = None,
    has_files: bool = False,
) -> Dispute:
    """Register a dispute; the same key sent again by the same user returns the first one.

    `permission` is asked on the town: a higher app that registers in another way (the court's entrustment)
    names its own.

    `has_files`: files wait with the form of this key and become papers of the dispute.
    `known`: None asks nothing. Else PossiblyKnown is raised when the register holds what may be the same dispute,
    unless `known` is the mark of these very disputes, which the person has seen.

    Effects, in this order: the next code of the town's month, triage and proposed route, dispute, waiting files,
    parties with the event and the tallies marked, risk flag with urgent messages when high, audit.
    A mediator who registers handles it; an officer leaves it to be assigned.
    """
    recorded_at = recorded_at or timezone.now()
    require(by, permission, data.village.town_code)
    _check(data, registered_on)
    sequence = _locked_sequence(data.village, registered_on)
    key = key_of(by, idempotency_key) if idempotency_key else None
    parties = _new_parties(data, by, recorded_at)
    before = met_before(parties, village=data.village.pk, on=registered_on, key=key)
    if before.sent:
        return Dispute.objects.get(pk=before.sent)
    found = assess_told(data, before.failures, parties)
    if data.case_type and found.case_type.key != data.case_type:
        raise Refused("没有这个纠纷类型。", hint="请重新选择。", field="case_type")
    likely = before.likely(by, found.case_type.key)
    if known is not None and likely and known != likely.mark:
        raise PossiblyKnown(likely)
    dispute = _new_dispute(data, found, by=by, registered_on=registered_on, recorded_at=recorded_at, key=key)
    dispute.failures = before.failures
    for party in parties:
        party.dispute = dispute
    retitle(dispute, parties)
    sequence.last += 1
    dispute.code = str(sequence)
    insert(dispute, saving=(sequence, "last"))
    files = file_staged(dispute, key=idempotency_key, by=by) if has_files and idempotency_key else 0
    event = event_of(
        dispute,
        EventKind.REGISTERED,
        on=registered_on,
        by=by,
        text=f"{Source(data.source).label}登记",
        detail=f"登记人 {by}。类型 {dispute.case_type}。{LIMITATION if data.source in ASKED_BY_THE_PARTY else ''}"
        f"{LATE_ENTRY if dispute.entered_late else ''}"
        f"{f'随附材料 {files} 份。' if files else ''}",
        recorded_at=recorded_at,
    )
    left = [*parties, dirty(town_code=dispute.town_code, on=registered_on), event]
    if dispute.risk == Risk.HIGH:
        insert(*left)
        raise_flag(dispute, reasons=found.risk_because, by=None, recorded_at=recorded_at)
        left = []
    audit.record(
        "dispute.register",
        by=by,
        subject=dispute,
        division_code=dispute.town_code,
        detail=_registered(dispute) | _besides(likely if known else None) | ({"files": files} if files else {}),
        beside=left,
    )
    return dispute


class PossiblyKnown(Refused):
    """The same people stand in another dispute. Nothing was saved; whoever has seen it may register all the same."""

    def __init__(self, likely: Likely) -> None:
        super().__init__("可能已经登记过。", hint="请看一看下面，再决定。")
        self.likely = likely


def _besides(likely: Likely | None) -> dict[str, Any]:
    """The disputes of one's own scope that were seen and passed over; of those elsewhere not even a number."""
    return {"besides": [one.code for one in likely.inside]} if likely and likely.inside else {}


def _check(data: Intake, registered_on: date) -> None:
    limits.check_day(registered_on, today=today(), field="registered_on")
    limits.check_story(data.narrative)
    limits.check_amount(data.amount)
    if data.source not in Source.values:
        raise Refused("请选择怎么来的。", field="source")
    if data.informed_how not in NoticeHow.values:
        raise Refused("请选择怎样告知的。", field="informed_how")
    if not any(party.side == Side.APPLICANT for party in data.parties):
        raise Refused("至少要有一名申请人。")
    if not any(party.phone for party in data.parties):
        raise Refused("至少留一名当事人的电话，约时间、送文书都要用。")
    if len(data.parties) > limits.PARTIES_MAX:
        raise Refused(f"一件纠纷最多登记 {limits.PARTIES_MAX} 名当事人。", hint="人数更多的，请分件登记。")


def _locked_sequence(village: Division, on: date) -> CodeSequence:
    """The town's counter of that month, locked: a form sent twice waits here and then meets its first row."""
    town = village.parent
    if town is None or not town.short_code:
        raise Refused(
            f"「{village}」所在的镇（街）还没有编号字头。", hint="请管理员在行政区划里填写。", field="village"
        )
    prefix = f"{town.short_code}{on:%y%m}"
    for sequence in _sequence(prefix=prefix):
        return sequence
    return CodeSequence.objects.select_for_update().get_or_create(prefix=prefix)[0]


_sequence = Prepared(lambda prefix: CodeSequence.objects.select_for_update().filter(prefix=prefix), planned_once=True)


def _new_dispute(
    data: Intake, found: Assessment, *, by: User, registered_on: date, recorded_at: datetime, key: str | None
) -> Dispute:
    return Dispute(
        division=data.village,
        town_code=data.village.town_code,
        source=data.source,
        narrative=data.narrative,
        amount=found.facts.amount,
        answers=read_answers(found.case_type.asked, data.answers, today=timezone.localdate(recorded_at)),
        platform_number=data.platform_number,
        registered_on=registered_on,
        state_on=registered_on,
        recorded_at=recorded_at,
        entered_late=is_late_entry(registered_on, recorded_at),
        registered_by=by,
        handler=by if by.role == Role.MEDIATOR else None,
        idempotency_key=key,
        sent_mark=data.mark(registered_on) if key else "",
        case_type=found.case_type,
        **judged(found),
    )


def _new_parties(data: Intake, by: User, recorded_at: datetime) -> list[Party]:
    parties = [fill(Party(order=order), party) for order, party in enumerate(data.parties)]
    check_together(parties)
    for party in parties:
        if data.informed and party.side == Side.APPLICANT:
            note_notice(party, by=by, how=data.informed_how, at=recorded_at)
    return parties


def _registered(dispute: Dispute) -> dict[str, Any]:
    return {
        "code": dispute.code,
        "case_type": dispute.case_type_id,
        "source": dispute.source,
        "risk": dispute.risk,
        "suitable": dispute.suitable,
        "registered_on": dispute.registered_on.isoformat(),
        "late": dispute.entered_late,
        "rule": dispute.proposed_route.get("rule_key", ""),
    }
