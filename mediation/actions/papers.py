"""Papers beside those the platform writes: evidence, receipts, the signed agreement; and what was printed in clear."""

from collections.abc import Sequence
from typing import Any

from django.db import transaction

from core.access import require
from core.actions.files import plain_name, store_file
from core.errors import Refused
from core.models import StoredFile, User
from core.queries import today
from disputes.actions.events import record_event
from disputes.choices import EventKind
from disputes.models import Dispute
from mediation.actions.footing import handler_words, locked, record_audit
from mediation.choices import PaperKind


@transaction.atomic
def add_paper(*, dispute_id: int, by: User, upload: Any, kind: str) -> StoredFile:
    """File a paper with the dispute; closed files take late papers too. Effects: stored file, event, audit."""
    dispute = locked(dispute_id)
    require(by, "mediation.add_paper", dispute, message=handler_words(dispute))
    if kind not in PaperKind.values:
        raise Refused("请选择是什么材料。", field="kind")
    stored = keep_paper(dispute, by=by, upload=upload, kind=kind)
    text = f"补充{PaperKind(kind).label}"
    record_event(dispute, EventKind.FILE_ADDED, on=today(), by=by, text=text)
    record_audit("paper.add", dispute, by=by, file=str(stored.pk), kind=kind)
    return stored


def add_papers(*, dispute_id: int, by: User, uploads: Sequence[Any], kind: str) -> list[StoredFile]:
    """File several papers, each by itself: what can be kept is. Raises Refused that names the files which cannot."""
    kept, unfit = [], []
    for upload in uploads:
        try:
            kept.append(add_paper(dispute_id=dispute_id, by=by, upload=upload, kind=kind))
        except Refused as refused:
            unfit.append(f"{plain_name(upload.name or '')}：{refused}")
    if unfit:
        raise Refused(f"{f'已收进 {len(kept)} 份。' if kept else ''}没有收进：{' '.join(unfit)}", field="file")
    return kept


def keep_paper(dispute: Dispute, *, by: User, upload: Any, kind: str) -> StoredFile:
    """Store an upload as a paper of the dispute, inside the transaction of the act it belongs to."""
    return store_file(upload=upload, by=by, subject=dispute, town_code=dispute.town_code, kind=kind)


@transaction.atomic
def record_printing(*, dispute_id: int, by: User, paper: str, clear: tuple[str, ...] = ()) -> None:
    """Note that a paper was drawn up; `clear` names the personal data that stand in it unmasked. Effect: audit."""
    dispute = locked(dispute_id)
    require(by, "mediation.print_paper", dispute, message=handler_words(dispute))
    record_audit("paper.print", dispute, by=by, paper=paper, clear=list(clear), reason="制作调解文书")
