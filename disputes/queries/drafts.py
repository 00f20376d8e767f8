"""The intake form as somebody had typed it and not sent."""

from dataclasses import dataclass

from django.utils import timezone

from core.models import FormDraft, User
from core.queries import draft_of, typed_in
from disputes.models import Dispute

INTAKE = "disputes.intake"
KEY, DAY = "idempotency_key", "registered_on"


@dataclass(frozen=True)
class Begun:
    """What was kept, and its fields as they are to be shown again."""

    draft: FormDraft
    typed: dict[str, str]


def begun_intake(user: User) -> Begun | None:
    """What `user` had typed; none when it became a dispute all the same. A day that was merely proposed is left out."""
    draft = draft_of(user, INTAKE)
    typed = typed_in(draft) if draft else {}
    if draft is None or is_registered(typed.get(KEY, ""), by=user):
        return None
    if typed.get(DAY) == timezone.localdate(draft.saved_at).isoformat():
        del typed[DAY]
    return Begun(draft, typed)


def is_registered(key: str, *, by: User) -> bool:
    """Whether the form with this key was sent and became a dispute."""
    return bool(key) and Dispute.objects.filter(idempotency_key=key_of(by, key)).exists()


def key_of(by: User, key: str) -> str:
    """A form's key as it is kept with its dispute: nobody meets another person's."""
    return f"{by.pk}-{key}"
