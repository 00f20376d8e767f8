"""One meeting for several disputes of a group: written down once, it stands in each of them."""

from collections.abc import Collection
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Q

from core.access import allowed
from core.errors import NotAllowed, Refused
from core.models import User
from disputes.actions.states import lock_disputes
from disputes.models import Dispute
from mediation.actions.sessions import record_session
from mediation.models import Mediation, Session

LEAST = 2


@transaction.atomic
def record_group_session(
    *, parent_id: int, dispute_ids: Collection[int], attended: Collection[UUID], by: User, **meeting: Any
) -> list[Session]:
    """Record one meeting in each of these disputes of the group, each under its own mediation; all or none.

    `meeting` as for `record_session`, without notes of a talk with one side: those belong to one dispute. Disputes are
    locked in the order of their keys. Raises Refused naming those without a running mediation or anybody present,
    NotAllowed naming those that are somebody else's to record. Effects per dispute: session, event, audit.
    """
    disputes = _members(parent_id, dispute_ids)
    others = [one for one in disputes if not allowed(by, "mediation.record_session", one)]
    if others:
        raise NotAllowed(f"{_codes(others)} 由别的调解员办，没有记。请由承办人自己记。")
    running = set(Mediation.objects.filter(dispute__in=disputes, ended_on=None).values_list("dispute_id", flat=True))
    if idle := [one for one in disputes if one.pk not in running]:
        raise Refused(
            f"{_codes(idle)} 没有在进行的调解，一件也没有记。", hint="请先开始调解，或者不勾它们。", field="disputes"
        )
    if absent := [one for one in disputes if not any(party.pk in attended for party in one.parties.all())]:
        raise Refused(
            f"{_codes(absent)} 没有人到场，一件也没有记。",
            hint="请勾到场的人，或者不勾这几件。",
            field="attended",
        )
    codes = [one.code for one in disputes]
    return [
        _record(one, beside=[code for code in codes if code != one.code], attended=attended, by=by, **meeting)
        for one in disputes
    ]


def _members(parent_id: int, dispute_ids: Collection[int]) -> list[Dispute]:
    """The chosen disputes, locked. Raises Refused for too few, and for one that stands in no such group."""
    chosen = set(dispute_ids)
    if len(chosen) < LEAST:
        raise Refused("请至少勾两件。", hint="只有一件的，在那一件里点「记一次调解」。", field="disputes")
    in_group = Q(pk=parent_id) | Q(parent_link__parent=parent_id)
    if Dispute.objects.filter(in_group, pk__in=chosen).count() != len(chosen):
        raise Refused("勾的有一件已经不在这一组里。", hint="请刷新页面再记，写的记录先复制下来。", field="disputes")
    return list(lock_disputes(*chosen).values())


def _record(dispute: Dispute, **meeting: Any) -> Session:
    """The meeting in one dispute; a refusal says which it is about."""
    try:
        return record_session(dispute_id=dispute.pk, **meeting)
    except Refused as refused:
        raise Refused(f"{dispute.code}：{refused.message}", hint=refused.hint, field=refused.field) from refused


def _codes(disputes: Collection[Dispute]) -> str:
    return "、".join(one.code for one in disputes)
