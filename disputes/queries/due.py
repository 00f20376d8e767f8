"""Disputes by the days somebody must keep in them: a deadline may be of the dispute, or of a higher app's row in it.

A higher app says which of its rows belong to which dispute (`belongs_to_dispute`), as it says to the sweep what to do.
"""

from datetime import timedelta
from typing import Any

from django.db.models import BigIntegerField, F, Model, Q
from django.db.models.functions import Cast

from core.bulk import Among
from core.models import Deadline
from core.queries import today
from disputes.models import Dispute

LATE, WEEK, ANY = "late", "week", "any"
SOON = timedelta(days=7)
_PATHS: dict[type[Model], str] = {Dispute: "pk"}


def belongs_to_dispute(model: type[Model], path: str) -> None:
    """Deadlines about rows of `model` (whose key is a number) are days of the dispute that `path` leads to."""
    _PATHS[model] = path


def with_due(user: Any, due: str) -> Q:
    """Disputes with an open period: `late` past its last day, `week` ending within seven days, `any` at all.

    A period that is suspended is not late. The periods are few beside the disputes and are read first, in one query:
    the database cannot know how few, and looked through all disputes.
    """
    days = Deadline.objects.visible_to(user).open()
    if due == LATE:
        days = days.filter(due_on__lt=today(), suspended_on=None)
    elif due == WEEK:
        days = days.filter(due_on__range=(today(), today() + SOON), suspended_on=None)
    branches = []
    for model, path in _PATHS.items():
        subjects = days.filter(subject_label=model._meta.label_lower).order_by()
        keys = subjects.annotate(key=Cast("subject_id", BigIntegerField())).values("key")
        branches.append(model._default_manager.filter(pk__in=keys).order_by().values_list(path))
    first, *others = branches
    return Q(Among(F("pk"), [key for (key,) in first.union(*others)]))
