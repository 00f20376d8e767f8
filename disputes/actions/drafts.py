"""The intake form as far as it is typed."""

from core.actions import drafts
from core.models import FormDraft, User
from disputes.models import Dispute

INTAKE = "disputes.intake"
KEY = "idempotency_key"


def keep_intake(*, fields: drafts.Fields, by: User) -> FormDraft | None:
    """Keep what is typed. A form that was sent meanwhile is not kept: its last words may come after it."""
    if is_registered(dict(fields).get(KEY, ""), by=by):
        return None
    return drafts.keep_draft(form=INTAKE, fields=fields, by=by)


def drop_intake(*, by: User) -> None:
    """Forget it: registered, emptied, or given up."""
    drafts.drop_draft(form=INTAKE, by=by)


def is_registered(key: str, *, by: User) -> bool:
    """Whether the form with this key was sent and became a dispute."""
    return bool(key) and Dispute.objects.filter(idempotency_key=idempotency_key(by, key)).exists()


def idempotency_key(by: User, key: str) -> str:
    """A form's key as it is kept with its dispute: nobody meets another person's."""
    return f"{by.pk}-{key}"
