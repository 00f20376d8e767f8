"""Keeping what is typed into a long form while it is being typed, until it is sent or a week has gone by."""

import json
from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone

from core.actions import reminders
from core.models import FormDraft, User

KEPT_FOR = timedelta(days=7)
ROOM = 200_000  # characters: a form that weighs more is not kept
Fields = Sequence[tuple[str, str]]


@transaction.atomic
def keep_draft(*, form: str, fields: Fields, by: User) -> FormDraft | None:
    """Keep the fields of a form in the place of those kept before; too large, nothing changes and None comes back.

    Nothing of it stands in the audit trail: it is nobody's file yet, and only its writer can read it.
    """
    content = json.dumps(list(fields), ensure_ascii=False)
    if len(content) > ROOM:
        return None
    User.objects.select_for_update().get(pk=by.pk)  # two windows of one person type one after the other
    draft = FormDraft.objects.filter(user=by, form=form).first() or FormDraft(user=by, form=form)
    draft.content, draft.saved_at = content, timezone.now()
    draft.save()
    return draft


def drop_draft(*, form: str, by: User) -> None:
    """Forget what was kept of a form: it was sent, or its writer does not want it."""
    FormDraft.objects.filter(user=by, form=form).delete()


def drop_old_drafts(at: datetime) -> int:
    """Forget what nobody went on with for a week; returns how many."""
    day = min(at, timezone.now())  # a sweep asked for a day to come takes nothing away
    return FormDraft.objects.filter(saved_at__lt=day - KEPT_FOR).delete()[0]


reminders.also_do(drop_old_drafts)
