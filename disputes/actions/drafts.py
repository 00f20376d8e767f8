"""The intake forms as far as they are typed."""

import re
from collections.abc import Collection, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from uuid import NAMESPACE_URL, UUID, uuid5

from django.db import transaction

from core.actions import drafts
from core.errors import Conflict, Refused
from core.models import FormDraft, User
from disputes.actions.attachments import Along, copy_staged, gone_from, keep_staged
from disputes.queries.drafts import INTAKE, KEY, keys_of, registered_of

PAGE, SEEN, DRAFTED = "draft_page", "draft_seen", "drafted"  # what the page says of itself beside what is typed
ATTACHED = "attached"  # a file it lists
OF_THE_PAGE = frozenset({PAGE, SEEN, DRAFTED, ATTACHED})


@dataclass(frozen=True)
class Kept:
    """The draft; `is_apart`: another window writes on in the one that this page had, so this is one of its own.
    `files`: what became of those it lists, the ones that are gone and the ones that were copied."""

    draft: FormDraft
    is_apart: bool = False
    files: Sequence[Along] = ()

    @property
    def has_lost_files(self) -> bool:
        return any(one.file is None for one in self.files)


def sheet_of(*, key: str, page: str, seen: str) -> drafts.Sheet:
    """An intake form in the hand, from what its page posted."""
    return drafts.Sheet(INTAKE, key, page, int(seen) if re.fullmatch(r"[0-9]{1,9}", seen) else 0)


def keep_intake(*, sheet: drafts.Sheet, fields: drafts.Fields, listed: Collection[UUID] = (), by: User) -> Kept:
    """Keep what is typed; nobody's words are written over: where another window goes on, this one gets its own draft,
    with copies of the files it lists (`listed`).

    Drafts of forms that were registered all the same take nobody's room: they go first.
    Raises Refused when it cannot be kept, and when the form was sent meanwhile: its last words may come after it.
    """
    sent = registered_of(by, {sheet.key, *keys_of(by)})
    for key in sent:
        drop_intake(key=key, by=by)
    if sheet.key in sent:
        raise Refused("这一份已经登记，这里的不再自动存。")
    typed = [(name, value) for name, value in fields if name not in OF_THE_PAGE]
    try:
        draft = drafts.keep_draft(sheet=sheet, fields=typed, by=by)
    except Conflict:
        draft = _keep_apart(sheet, typed, by)
        return Kept(draft, is_apart=True, files=copy_staged(listed=listed, key=sheet.key, to=draft.key, by=by))
    return Kept(draft, files=gone_from(listed=listed, key=sheet.key, by=by))


def _keep_apart(sheet: drafts.Sheet, typed: drafts.Fields, by: User) -> FormDraft:
    """A draft of the page's own under a further key, the same when an answer was lost and it is asked twice.

    A form of that key which was registered, or goes on in another window, is as little written into as the first.
    """
    own = replace(sheet, seen=0)
    while True:
        own = replace(own, key=str(uuid5(NAMESPACE_URL, f"{own.key} {sheet.page}")))
        if registered_of(by, [own.key]):
            continue
        fields = [(name, own.key if name == KEY else value) for name, value in typed]
        with suppress(Conflict):  # there are no more than MOST to meet
            return drafts.keep_draft(sheet=own, fields=fields, by=by)


@transaction.atomic
def drop_emptied(*, sheet: drafts.Sheet, by: User) -> None:
    """Forget a form that was emptied. Its files stay for whoever writes it anew: their week begins now."""
    if drafts.drop_emptied(sheet=sheet, by=by):
        keep_staged(key=sheet.key, by=by)


def drop_intake(*, key: str, by: User) -> None:
    """Forget it: registered, or given up."""
    drafts.drop_draft(form=INTAKE, key=key, by=by)
