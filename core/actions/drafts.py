"""Keeping what is typed into a long form while it is being typed, until it is sent or a week has gone by."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from core.actions import reminders
from core.errors import Conflict, Refused
from core.models import FormDraft, User
from core.queries import typed_in

KEPT_FOR = timedelta(days=7)
ROOM = 200_000  # characters: a form that weighs more is not kept
MOST = 5  # of one form, by one person
Fields = Sequence[tuple[str, str]]


@dataclass(frozen=True)
class Sheet:
    """One form being filled. `key`: which of those of its kind; `page`: the open page it is filled in; `seen`: the
    version of the draft that page began from or wrote last, 0 when there was none."""

    form: str
    key: str
    page: str = ""
    seen: int = 0


@transaction.atomic
def keep_draft(*, sheet: Sheet, fields: Fields, by: User) -> FormDraft:
    """Keep the fields of a form in the place of those the same form had kept before.

    Raises Refused when it is too large or one too many, Conflict when another page wrote after this one had looked.
    Nothing of it stands in the audit trail: it is nobody's file yet, and only its writer can read it.
    """
    content = json.dumps(list(fields), ensure_ascii=False)
    if len(content) > ROOM:
        raise Refused("没有自动存：填的太多，存不下。", hint="登记以前别关这一页。")
    User.objects.select_for_update().get(pk=by.pk)  # two windows of one person type one after the other
    drafts = FormDraft.objects.filter(user=by, form=sheet.form)
    draft = drafts.filter(key=sheet.key).first()
    if draft is None:
        if sum(typed_in(one) is not None for one in drafts) >= MOST:  # one that nobody can open takes no room
            raise Refused(f"没有自动存：没写完的已有 {MOST} 份。", hint="请先登记或者删掉一份；登记以前别关这一页。")
        draft = FormDraft(user=by, form=sheet.form, key=sheet.key)
    elif sheet.page != draft.page and sheet.seen != draft.version:
        raise Conflict("这一份在另一个窗口里接着写了。")
    draft.content, draft.saved_at, draft.page, draft.version = content, timezone.now(), sheet.page, draft.version + 1
    draft.save()
    return draft


def drop_emptied(*, sheet: Sheet, by: User) -> bool:
    """Forget a form whose last word was taken away, unless another page has written meanwhile; returns whether."""
    written_here = Q(page=sheet.page) | Q(version=sheet.seen)
    return FormDraft.objects.filter(written_here, user=by, form=sheet.form, key=sheet.key).delete()[0] > 0


def drop_draft(*, form: str, key: str, by: User) -> None:
    """Forget what was kept of a form: it was sent, or its writer does not want it."""
    FormDraft.objects.filter(user=by, form=form, key=key).delete()


def drop_old_drafts(at: datetime) -> int:
    """Forget what nobody went on with for a week; returns how many."""
    day = min(at, timezone.now())  # a sweep asked for a day to come takes nothing away
    return FormDraft.objects.filter(saved_at__lt=day - KEPT_FOR).delete()[0]


reminders.also_do(drop_old_drafts)
