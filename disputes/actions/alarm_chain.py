"""Passing an unsigned warning on, at any hour: the sweep finds what is due, each warning in a transaction of its own.

What was told to whom is a row under a constraint: a killed worker, a lost broker, two sweeps at once lose nothing and
repeat nothing. The thirty minutes and the day are 内部要求; to report in time is 人民调解法 25.
"""

import logging
from datetime import datetime

from django.db import transaction
from django.db.models import CharField, Exists, OuterRef
from django.db.models.functions import Cast
from django.utils import timezone

from core.actions import audit, reminders
from core.actions.deadlines import assign_deadlines, start_deadline
from core.errors import Refused
from core.models import Deadline
from disputes.actions.events import record_event
from disputes.actions.risk import ACKNOWLEDGE, lock_flag, tell
from disputes.choices import ChainKind, EventKind
from disputes.escalation import Link, next_step
from disputes.models import RiskFlag
from disputes.queries.chain import Chain, chain_of, flags_to_pass_on, told_of

logger = logging.getLogger(__name__)
PASSED_ON = "有激化危险，30 分钟没有人签收，请先报 110 再处置，并签收"
NOBODY_HERE = "有激化危险，镇里没有联络人员，请先报 110 再处置，并签收"
A_DAY = "有激化危险，满一天还没有人签收，请马上处置并签收"
BECAUSE = {True: "这个镇（街）现在没有可以提醒的联络人员。", False: "30 分钟没有人签收（内部要求）。"}


def pass_on_flags(at: datetime) -> int:
    """Pass on every warning whose time has come; returns how many people were told. Run again it tells nobody."""
    told = sum(_safely(pk, at) for pk in flags_to_pass_on(at))
    for pk in _without_period():
        _start_period(pk)
    return told


def _safely(flag_id: int, at: datetime) -> int:
    """One warning; what goes wrong with it keeps no other from being passed on."""
    try:
        return pass_on(flag_id=flag_id, at=at)
    except Exception:  # whatever it was, the others must be told
        logger.exception("risk flag %s was not passed on", flag_id)
        return 0


@transaction.atomic
def pass_on(*, flag_id: int, at: datetime) -> int:
    """Tell the next stop of one warning's chain if its time has come; returns how many people.

    Effects: steps, urgent messages, receiver, when to look again, event, audit.
    """
    flag = lock_flag(flag_id)
    if flag.next_at is None or flag.next_at > at:
        return 0
    told, chain = told_of(flag), chain_of(flag.dispute.town_code, timezone.localdate(at))
    step = next_step(told, chain.links, raised_at=flag.raised_at, at=at)
    flag.next_at = step.wake_at
    links = [link for link in step.links if link.person in chain.people]
    if not links:
        if not told:
            logger.error("risk flag %s: nobody to tell, set SUPERVISOR_USERNAME", flag_id)
        flag.save(update_fields=["next_at"])
        return 0
    _tell_on(flag, links, chain, first=not told, at=at)
    return len(links)


def _tell_on(flag: RiskFlag, links: list[Link], chain: Chain, *, first: bool, at: datetime) -> None:
    last_call = links[0].kind == ChainKind.LAST_CALL
    flag.receiver = chain.people[links[0].person]
    flag.save(update_fields=["next_at", "receiver"])
    tell(flag, links, chain, A_DAY if last_call else NOBODY_HERE if first else PASSED_ON, at=at)
    assign_deadlines(subject=flag, responsible=flag.receiver, kinds=(ACKNOWLEDGE,))
    names = "、".join(f"{ChainKind(link.kind).label} {chain.people[link.person]}" for link in links)
    record_event(
        flag.dispute,
        EventKind.RISK_ESCALATED,
        on=timezone.localdate(at),
        by=None,
        text=f"还没有签收，再催 {flag.receiver}" if last_call else f"风险提示转告：{names}",
        detail="满 24 小时没有人签收（内部要求）。" if last_call else BECAUSE[first],
        at=at,
        recorded_at=at,
    )
    audit.record(
        "dispute.risk_passed_on",
        by=None,
        subject=flag,
        division_code=flag.dispute.town_code,
        detail={"code": flag.dispute.code, "told": [link.person for link in links], "as": links[0].kind},
    )


# ── the internal day ─────────────────────────────────────────────────────────
def _without_period() -> list[int]:
    """Warnings in the chain whose internal period was not started yet: one row is cheaper here than at the counter."""
    about = Deadline.objects.filter(
        kind=ACKNOWLEDGE, subject_label=RiskFlag._meta.label_lower, subject_id=Cast(OuterRef("pk"), CharField())
    )
    waiting = RiskFlag.objects.filter(next_at__isnull=False).exclude(Exists(about))
    return list(waiting.order_by("pk").values_list("pk", flat=True))


def _start_period(flag_id: int) -> None:
    try:
        _started(flag_id)
    except Refused as refused:
        logger.warning("risk flag %s has no internal period: %s", flag_id, refused)


@transaction.atomic
def _started(flag_id: int) -> None:
    """The latest day to sign, answered for by whoever was told last; nothing for one signed meanwhile."""
    flag = lock_flag(flag_id)
    if flag.acknowledged_at or flag.lowered_at:
        return
    dispute = flag.dispute
    start_deadline(
        kind=ACKNOWLEDGE,
        subject=flag,
        town_code=dispute.town_code,
        base_on=timezone.localdate(flag.raised_at),
        responsible=flag.receiver,
        subject_text=f"{dispute.code} {dispute.title}"[:120],
        url=dispute.get_absolute_url(),
        recorded_at=flag.raised_at,
    )


reminders.also_do(pass_on_flags)
