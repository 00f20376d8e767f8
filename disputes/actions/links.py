"""Disputes that belong together: one stands under another, or is freed from it."""

from datetime import date, datetime

from django.db import transaction
from django.utils import timezone

from core.access import require
from core.actions import audit
from core.errors import Refused
from core.models import User
from core.queries import today
from disputes import limits, linking
from disputes.actions.events import record_event
from disputes.actions.states import lock_disputes
from disputes.choices import EventKind, LinkKind
from disputes.models import Dispute, DisputeLink
from disputes.queries.links import place_of

NOTE_LENGTH = 200
CHILDREN_MAX = 500


@transaction.atomic
def link_disputes(
    *,
    child_id: int,
    parent_id: int,
    kind: str,
    by: User,
    on: date,
    note: str = "",
    recorded_at: datetime | None = None,
) -> DisputeLink:
    """Put a dispute under another; the right to the child is asked, the parent only has to be seen.

    Both rows are locked in the order of their keys. Effects: link, an event on each, audit.
    """
    found = lock_disputes(child_id, parent_id)
    child, parent = found[child_id], found[parent_id]
    require(by, "disputes.link", child, message="关联由本件的承办人或本镇（街）联络人员办。")
    require(by, "disputes.view", parent)
    if kind not in LinkKind.values:
        raise Refused("请选择是什么关系。", field="kind")
    if len(note) > NOTE_LENGTH:
        raise Refused(f"说明最多 {NOTE_LENGTH} 字，现在有 {len(note)} 字。", field="note")
    if refusal := linking.why_not_link(place_of(child, by), place_of(parent, by)):
        raise Refused(refusal[0], hint=refusal[1], field="code")
    if parent.child_links.count() >= CHILDREN_MAX:
        raise Refused(f"一件下面最多关联 {CHILDREN_MAX} 件。", hint="人数更多的，请另立一件主件。", field="code")
    limits.check_day(on, today=today())
    recorded_at = recorded_at or timezone.now()
    link = DisputeLink.objects.create(
        child=child,
        parent=parent,
        kind=kind,
        note=note.strip(),
        linked_by=by,
        linked_on=on,
        recorded_at=recorded_at,
    )
    words = LinkKind(kind).label
    for dispute, text in ((child, f"关联到 {parent.code}：{words}"), (parent, f"{child.code} 关联到本件：{words}")):
        record_event(dispute, EventKind.LINKED, on=on, by=by, text=text, detail=note.strip(), recorded_at=recorded_at)
    detail = {"code": child.code, "parent": parent.code, "kind": kind}
    audit.record("dispute.link", by=by, subject=child, division_code=child.town_code, detail=detail)
    return link


@transaction.atomic
def unlink_dispute(*, child_id: int, by: User, on: date, recorded_at: datetime | None = None) -> Dispute:
    """Free a dispute from the one it stands under. Effects: link removed, an event on each, audit."""
    link = DisputeLink.objects.filter(child_id=child_id).first()
    if link is None:
        raise Refused("这一件没有关联在别的一件下面。", hint="请刷新页面。")
    found = lock_disputes(child_id, link.parent_id)
    child, parent = found[child_id], found[link.parent_id]
    require(by, "disputes.link", child, message="解除关联由本件的承办人或本镇（街）联络人员办。")
    link.delete()
    for dispute, text in ((child, f"解除与 {parent.code} 的关联"), (parent, f"解除与 {child.code} 的关联")):
        record_event(dispute, EventKind.LINKED, on=on, by=by, text=text, recorded_at=recorded_at)
    detail = {"code": child.code, "parent": parent.code}
    audit.record("dispute.unlink", by=by, subject=child, division_code=child.town_code, detail=detail)
    return child
