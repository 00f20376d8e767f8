"""What the town's people write to each other about a dispute."""

from uuid import UUID

from django.db import transaction
from django.utils import timezone

from core.access import require
from core.actions import audit
from core.errors import NotAllowed, Refused
from core.models import User
from disputes.models import Dispute, InternalNote

NOTE_LENGTH = 2_000


@transaction.atomic
def write_note(*, dispute_id: int, text: str, by: User) -> InternalNote:
    """Write a note; it stands in no timeline and in no file. Effects: note (encrypted), audit without its words."""
    dispute = Dispute.objects.get(pk=dispute_id)
    require(by, "disputes.note", dispute, message="内部备注由办理本件的镇（街）人员写。")
    if not text.strip():
        raise Refused("请写备注的内容。", field="text")
    if len(text) > NOTE_LENGTH:
        hint = "要紧的经过请写进调解记录。"
        raise Refused(f"备注最多 {NOTE_LENGTH:,} 字，现在有 {len(text):,} 字。", hint=hint, field="text")
    if dispute.anonymised_on:
        raise Refused("本件的个人信息已经到期清除，不能再写备注。")
    note = InternalNote.objects.create(dispute=dispute, text=text.strip(), written_by=by, written_at=timezone.now())
    _audit("note", dispute, note, by=by)
    return note


@transaction.atomic
def strike_note(*, note_id: UUID, by: User) -> InternalNote:
    """Strike one's own note out; its words stay readable as struck. A second time changes nothing."""
    note = InternalNote.objects.select_for_update(of=("self",)).select_related("dispute").get(pk=note_id)
    require(by, "disputes.note", note.dispute)
    if note.written_by_id != by.pk:
        raise NotAllowed("备注只能由写的人划去。")
    if note.struck_at is None:
        note.struck_at = timezone.now()
        note.save(update_fields=["struck_at"])
        _audit("note_strike", note.dispute, note, by=by)
    return note


def _audit(verb: str, dispute: Dispute, note: InternalNote, *, by: User) -> None:
    detail = {"code": dispute.code, "note": str(note.pk)}
    audit.record(f"dispute.{verb}", by=by, subject=dispute, division_code=dispute.town_code, detail=detail)
