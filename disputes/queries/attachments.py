"""Files that wait with an intake form which was not sent yet."""

from collections.abc import Collection
from uuid import UUID

from core.models import StoredFile, User
from disputes.models import Dispute
from disputes.queries.drafts import key_of, registered_of

STAGED = "disputes.intake"
EVIDENCE = "evidence"  # what the file's page calls 证据材料


def staged_files(user: User, key: str) -> list[StoredFile]:
    """The files kept with the form of this key, in the order they came."""
    rows = StoredFile.objects.filter(subject_label=STAGED, subject_id=key_of(user, key), uploaded_by=user)
    return list(rows.order_by("uploaded_at", "pk"))


def not_filed(dispute: Dispute, listed: Collection[UUID]) -> int:
    """How many of the files that a page listed did not come with the dispute."""
    papers = StoredFile.objects.filter(subject_label=dispute._meta.label_lower, subject_id=str(dispute.pk))
    return len(set(listed)) - papers.filter(pk__in=listed).count()


def staged_key(user: User, *, but: Collection[str] = ()) -> str:
    """The key of the form with which the user's newest waiting file was kept, `but` for these forms; "" for none.

    Never that of a form that was sent: whoever wrote in it would be told that it is registered, and nothing were kept.
    """
    rows = StoredFile.objects.filter(subject_label=STAGED, uploaded_by=user).order_by("-uploaded_at")
    rows = rows.exclude(subject_id__in=[key_of(user, key) for key in but])
    keys = [one.removeprefix(f"{user.pk}-") for one in rows.values_list("subject_id", flat=True)]
    sent = registered_of(user, set(keys)) if keys else ()
    return next((key for key in keys if key not in sent), "")
