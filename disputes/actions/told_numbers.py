"""A number that was typed into a registered story is moved to the party it belongs to."""

from collections.abc import Mapping
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from core.actions import audit
from core.errors import Refused
from core.models import User
from core.privacy import normalised
from disputes import told_numbers
from disputes.actions.correction import Correction, edit_dispute
from disputes.actions.events import record_event
from disputes.actions.parties import data_of, fill, save_together
from disputes.actions.states import lock_dispute
from disputes.choices import EventKind
from disputes.models import Dispute, Party
from disputes.rules import require_here


@transaction.atomic
def correct_and_move(
    *, dispute_id: int, version: int, data: Correction, moves: Mapping[str, UUID], by: User
) -> Dispute:
    """Correct a dispute and put numbers of its new story where they belong (masked number → party): all or nothing.

    Raises what `edit_dispute` and `move_number` raise; effects are theirs.
    """
    dispute = edit_dispute(dispute_id=dispute_id, version=version, data=data, by=by)
    for masked, party_id in moves.items():
        move_number(dispute_id=dispute_id, party_id=party_id, masked=masked, by=by)
    return dispute


@transaction.atomic
def move_number(*, dispute_id: int, party_id: UUID, masked: str, by: User) -> Party:
    """Put a number of the story (named as it looks masked) in its party's field; the story keeps the mask.

    Raises Refused when the story has no such number, or the party another one.
    Effects: party, story, the dispute's version, event, audit.
    """
    dispute = lock_dispute(dispute_id)
    require_here(by, "disputes.edit", dispute)
    told, parties = told_numbers.called(dispute.narrative, masked), list(dispute.parties.all())
    party = next((one for one in parties if one.pk == party_id), None)
    if told is None or party is None:
        raise Refused("经过里已经没有这个号码，或没有这个当事人。", hint="请刷新页面再看。")
    there = getattr(party, told.field)
    if there and normalised(there) != normalised(told.number):
        raise Refused(f"没有移：{party.name}的{told.label}已经填了别的。", hint="请先看看哪个对，再改当事人。")
    fill(party, data_of(party, **{told.field: told.number}))
    dispute.narrative = told_numbers.without(dispute.narrative, told)
    dispute.save(update_fields=["narrative"])
    save_together(dispute, party, [one for one in parties if one.pk != party.pk])
    on, text = timezone.localdate(), f"经过里的{told.label}移到{party.get_side_display()}：{party.name}"
    record_event(dispute, EventKind.EDITED, on=on, by=by, text=text)
    detail = {"code": dispute.code, "party": party.name, "field": told.field, "number": told.masked}
    audit.record("dispute.move_number", by=by, subject=dispute, division_code=dispute.town_code, detail=detail)
    return party
