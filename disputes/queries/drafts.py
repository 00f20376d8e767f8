"""The intake forms as somebody had typed them and not sent."""

from collections.abc import Collection
from dataclasses import dataclass

from django.utils import timezone

from core.models import FormDraft, User
from core.privacy import DecryptionError, mask_text
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
    begun = [Begun(draft, typed) for draft in drafts_of(user, INTAKE) if (typed := _typed(draft)) is not None]
    registered = registered_of(user, [one.key for one in begun]) if begun else ()
    for one in begun:
        if one.typed.get(DAY) == timezone.localdate(one.draft.saved_at).isoformat():
            del one.typed[DAY]
    return [one for one in begun if one.key not in registered]


def _typed(draft: FormDraft) -> dict[str, str] | None:
    """Its fields; None where it cannot be opened any more: it goes after a week like the others."""
    try:
        return typed_in(draft)
    except (DecryptionError, ValueError):
        return None


def keys_of(user: User) -> list[str]:
    """The keys of all forms of which something is kept, opened or not; one query."""
    return list(FormDraft.objects.filter(user=user, form=INTAKE).values_list("key", flat=True))


def registered_of(by: User, keys: Collection[str]) -> set[str]:
    """Which of the forms with these keys were sent and became disputes; one query."""
    forms = {key_of(by, key): key for key in keys if key}
    found = Dispute.objects.filter(idempotency_key__in=forms).values_list("idempotency_key", flat=True)
    return {forms[str(one)] for one in found}


def key_of(by: User, key: str) -> str:
    """A form's key as it is kept with its dispute: nobody meets another person's."""
    return f"{by.pk}-{key}"
