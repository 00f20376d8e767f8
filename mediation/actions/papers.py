"""Papers beside those the platform writes: evidence, receipts, the signed agreement; and what was printed in clear."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from core.access import require
from core.actions.files import plain_name, store_file
from core.errors import Refused
from core.models import StoredFile, User
from core.queries import today
from disputes import limits
from disputes.actions.events import record_event
from disputes.choices import DisputeState, EventKind
from disputes.models import Dispute, LatePaper
from mediation.actions.footing import handler_words, locked, record_audit
from mediation.choices import PaperKind

WHO_LENGTH = 60


@transaction.atomic
def add_paper(
    *,
    dispute_id: int,
    by: User,
    upload: Any,
    kind: str,
    handed_in_on: date | None = None,
    handed_in_by: str = "",
    recorded_at: datetime | None = None,
) -> StoredFile:
    """File a paper with the dispute. On a closed file it is 补交, with the day it came and who brought it; the process
    stays where it is. Effects: stored file, late paper, event, audit.

    `handed_in_on`, `handed_in_by`: of a late paper; today and `by` when nobody says.
    """
    dispute = locked(dispute_id)
    if dispute.merged_into:
        raise Refused("本件已经并入他件，材料不再收在这里。", hint=f"请收进 {dispute.merged_into.code}。")
    require(by, "mediation.add_paper", dispute, message=handler_words(dispute))
    if kind not in PaperKind.values:
        raise Refused("请选择是什么材料。", field="kind")
    if dispute.anonymised_on:
        raise Refused("本件的个人信息已经到期清除，不能再收材料。", hint="双方又起纠纷的，请登记一件新的。")
    stored = keep_paper(dispute, by=by, upload=upload, kind=kind)
    if is_late(dispute):
        _mark_late(dispute, stored, by=by, on=handed_in_on or today(), who=handed_in_by.strip(), at=recorded_at)
    else:
        text = f"补充{PaperKind(kind).label}"
        record_event(dispute, EventKind.FILE_ADDED, on=today(), by=by, text=text, recorded_at=recorded_at)
    record_audit("paper.add", dispute, by=by, file=str(stored.pk), kind=kind, late=is_late(dispute))
    return stored


def add_papers(*, dispute_id: int, by: User, uploads: Sequence[Any], kind: str, **late: Any) -> list[StoredFile]:
    """File several papers, each by itself: what can be kept is. Raises Refused that names the files which cannot.

    `late`: of papers that come after the file was closed, as of `add_paper`.
    """
    kept, unfit = [], []
    for upload in uploads:
        try:
            kept.append(add_paper(dispute_id=dispute_id, by=by, upload=upload, kind=kind, **late))
        except Refused as refused:
            unfit.append(f"{plain_name(upload.name or '')}：{refused}")
    if unfit:
        raise Refused(f"{f'已收进 {len(kept)} 份。' if kept else ''}没有收进：{' '.join(unfit)}", field="file")
    return kept


def is_late(dispute: Dispute) -> bool:
    """Whether a paper that comes now is 补交. After an agreement its receipts and the court's papers are awaited."""
    return not dispute.is_open and dispute.state != DisputeState.AGREED


def _mark_late(dispute: Dispute, stored: StoredFile, *, by: User, on: date, who: str, at: datetime | None) -> None:
    limits.check_day(on, today=today(), field="handed_in_on", after=dispute.closed_on)
    who = who or str(by)
    if len(who) > WHO_LENGTH:
        raise Refused(f"最多 {WHO_LENGTH} 字。", field="handed_in_by")
    LatePaper.objects.create(
        file=stored,
        dispute=dispute,
        state_then=dispute.state,
        handed_in_on=on,
        handed_in_by=who,
        filed_by=by,
        recorded_at=at or timezone.now(),
    )
    text, detail = f"补交{PaperKind(stored.kind).label}", f"{who}交来；本件当时是「{dispute.get_state_display()}」。"
    record_event(dispute, EventKind.FILED_LATE, on=on, by=by, text=text, detail=detail, recorded_at=at)


def keep_paper(dispute: Dispute, *, by: User, upload: Any, kind: str) -> StoredFile:
    """Store an upload as a paper of the dispute, inside the transaction of the act it belongs to."""
    return store_file(upload=upload, by=by, subject=dispute, town_code=dispute.town_code, kind=kind)


@transaction.atomic
def record_printing(*, dispute_id: int, by: User, paper: str, clear: tuple[str, ...] = ()) -> None:
    """Note that a paper was drawn up; `clear` names the personal data that stand in it unmasked. Effect: audit."""
    dispute = locked(dispute_id)
    require(by, "mediation.print_paper", dispute, message=handler_words(dispute))
    record_audit("paper.print", dispute, by=by, paper=paper, clear=list(clear), reason="制作调解文书")
