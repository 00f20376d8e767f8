"""The intake forms as somebody had typed them and not sent."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import CharField, QuerySet, Value
from django.db.models.functions import Cast, Concat
from django.utils import timezone

from core.models import FormDraft, User
from core.privacy import mask_text
from core.queries import drafts_of, typed_in
from disputes.models import Dispute

INTAKE = "disputes.intake"
KEY, DAY = "idempotency_key", "registered_on"
TOLD = ("narrative", "parties-0-name", "parties-1-name")
WORDS_READ, WORDS_SHOWN = 200, 24


@dataclass(frozen=True)
class Begun:
    """What was kept, and its fields as they are to be shown again."""

    draft: FormDraft
    typed: dict[str, str]

    @property
    def key(self) -> str:
        """That of the form."""
        return self.typed.get(KEY, "")

    @property
    def words(self) -> str:
        """What it is known by to its writer: the first words of it, numbers masked."""
        said = next((words for name in TOLD if (words := self.typed.get(name, "").strip())), "")
        masked = mask_text(" ".join(said[:WORDS_READ].split()))
        return f"{masked[:WORDS_SHOWN]}…" if len(masked) > WORDS_SHOWN else masked or "还没有写经过"


def begun_intakes(user: User) -> list[Begun]:
    """What `user` had typed, the latest first, but for what became a dispute all the same; two queries at most.

    A day that was merely proposed is left out.
    """
    return kept_intakes(user)[0]


def kept_intakes(user: User) -> tuple[list[Begun], list[FormDraft]]:
    """The same, and those that cannot be opened any more: nothing of them can be shown, they can be given up."""
    begun: list[Begun] = []
    shut: list[FormDraft] = []
    for draft in drafts_of(user, INTAKE):
        typed = typed_in(draft)
        if typed is None:
            shut.append(draft)
            continue
        if typed.get(DAY) == timezone.localdate(draft.saved_at).isoformat():
            del typed[DAY]
        begun.append(Begun(draft, typed))
    registered = registered_of(user, [*(one.key for one in begun), *(one.key for one in shut)]) if begun or shut else ()
    return [one for one in begun if one.key not in registered], [one for one in shut if one.key not in registered]


def keys_of(user: User) -> list[str]:
    """The keys of all forms of which something is kept, opened or not; one query."""
    return list(FormDraft.objects.filter(user=user, form=INTAKE).values_list("key", flat=True))


def forms_kept(*, since: datetime) -> QuerySet[FormDraft, Any]:
    """The keys, as `key_of` makes them, of everybody's forms that were gone on with `since` then."""
    rows = FormDraft.objects.filter(form=INTAKE, saved_at__gte=since)
    writer = Cast("user_id", CharField(max_length=20))
    return rows.values_list(Concat(writer, Value("-"), "key", output_field=CharField()), flat=True)


def registered_of(by: User, keys: Collection[str]) -> set[str]:
    """Which of the forms with these keys were sent and became disputes; one query."""
    forms = {key_of(by, key): key for key in keys if key}
    found = Dispute.objects.filter(idempotency_key__in=forms).values_list("idempotency_key", flat=True)
    return {forms[str(one)] for one in found}


def sent_as(by: User, key: str) -> Dispute | None:
    """What the form with this key became when it was sent; None for one that was not."""
    return Dispute.objects.filter(idempotency_key=key_of(by, key)).first() if key else None


def key_of(by: User, key: str) -> str:
    """A form's key as it is kept with its dispute: nobody meets another person's."""
    return f"{by.pk}-{key}"
