"""The intake forms as far as they are typed."""

import re
from dataclasses import dataclass, replace
from uuid import NAMESPACE_URL, uuid5

from core.actions import drafts
from core.errors import Conflict, Refused
from core.models import FormDraft, User
from disputes.queries.drafts import INTAKE, KEY, registered_of

PAGE, SEEN, DRAFTED = "draft_page", "draft_seen", "drafted"  # what the page says of itself beside what is typed
OF_THE_PAGE = frozenset({PAGE, SEEN, DRAFTED})


@dataclass(frozen=True)
class Kept:
    """The draft; `is_apart`: another window writes on in the one that this page had, so this is one of its own."""

    draft: FormDraft
    is_apart: bool = False


def sheet_of(*, key: str, page: str, seen: str) -> drafts.Sheet:
    """An intake form in the hand, from what its page posted."""
    return drafts.Sheet(INTAKE, key, page, int(seen) if re.fullmatch(r"[0-9]{1,9}", seen) else 0)


def keep_intake(*, sheet: drafts.Sheet, fields: drafts.Fields, by: User) -> Kept:
    """Keep what is typed; nobody's words are written over: where another window goes on, this one gets its own draft.

    Raises Refused when it cannot be kept, and when the form was sent meanwhile: its last words may come after it.
    """
    if registered_of(by, [sheet.key]):
        raise Refused("这一份已经登记，这里的不再自动存。")
    typed = [(name, value) for name, value in fields if name not in OF_THE_PAGE]
    try:
        return Kept(drafts.keep_draft(sheet=sheet, fields=typed, by=by))
    except Conflict:
        again = uuid5(NAMESPACE_URL, f"{sheet.key} {sheet.page}")  # the same when an answer was lost and it comes twice
        own = replace(sheet, key=str(again), seen=0)
        typed = [(name, own.key if name == KEY else value) for name, value in typed]
        return Kept(drafts.keep_draft(sheet=own, fields=typed, by=by), is_apart=True)


def drop_emptied(*, sheet: drafts.Sheet, by: User) -> None:
    """Forget a form that was emptied."""
    drafts.drop_emptied(sheet=sheet, by=by)


def drop_intake(*, key: str, by: User) -> None:
    """Forget it: registered, or given up."""
    drafts.drop_draft(form=INTAKE, key=key, by=by)
