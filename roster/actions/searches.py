"""A search by a number leaves a trace."""

from django.db import transaction

from core.actions import audit
from core.models import User


@transaction.atomic
def note_number_search(*, how: str, by: User) -> None:
    """Write down that somebody looked for a person by a number; `how` is whole or tail, the digits are not kept."""
    audit.record("roster.number_search", by=by, detail={"how": how})
