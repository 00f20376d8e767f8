"""The intake form as far as it is typed."""

from core.actions import drafts
from core.models import FormDraft, User
from disputes.queries.drafts import INTAKE, KEY, is_registered


def keep_intake(*, fields: drafts.Fields, by: User) -> FormDraft | None:
    """Keep what is typed. A form that was sent meanwhile is not kept: its last words may come after it."""
    if is_registered(dict(fields).get(KEY, ""), by=by):
        return None
    return drafts.keep_draft(form=INTAKE, fields=fields, by=by)


def drop_intake(*, by: User) -> None:
    """Forget it: registered, emptied, or given up."""
    drafts.drop_draft(form=INTAKE, by=by)
