"""Figures beside the court's queue, and what its filters offer: one query each."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import CharField, Count, F, Q, Value
from django.db.models.functions import Cast

from core.choices import Level, Role
from core.models import Division, User
from core.scope import within_any
from liaison.models import Tribunal
from mediation.choices import BEFORE_COURT
from mediation.queries.court_queue import STAGES, QueueFilter, narrowed, with_last_day

COUNTED = ("open", "to_accept", "to_decide", "supplement", "to_serve")


@dataclass(frozen=True)
class Figures:
    """Counts of the stages, and what is due today, tomorrow and before today."""

    stages: dict[str, int]
    late: int
    today: int
    tomorrow: int


def figures(user: Any, wanted: QueueFilter, *, today: date, tomorrow: date) -> Figures:
    """The counts of every stage under the filter, in one query over what is open, unserved or decided this month."""
    first = today.replace(day=1)
    lately = Q(state__in=sorted(BEFORE_COURT)) | STAGES["to_serve"].condition | Q(decided_on__gte=first)
    counted = {key: Count("pk", filter=STAGES[key].condition) for key in COUNTED}
    found = (
        with_last_day(narrowed(user, wanted).filter(lately))
        .order_by()
        .aggregate(
            **counted,
            closed=Count("pk", filter=Q(decided_on__gte=first)),
            late=Count("pk", filter=Q(last_day__lt=today)),
            today=Count("pk", filter=Q(last_day=today)),
            tomorrow=Count("pk", filter=Q(last_day=tomorrow)),
        )
    )
    days = {name: found.pop(name) for name in ("late", "today", "tomorrow")}
    return Figures(stages=found, **days)


@dataclass(frozen=True)
class Choices:
    """What the filters offer: (value, words) each."""

    towns: list[tuple[str, str]]
    tribunals: list[tuple[str, str]]
    judges: list[tuple[str, str]]


def choices_for(user: Any) -> Choices:
    """Towns, tribunals and judges inside the user's divisions, in one query."""
    codes = tuple(user.scope_codes)
    towns = Division.objects.filter(within_any("code", codes), level=Level.TOWN, is_statistical_only=False)
    judges = User.objects.filter(
        within_any("scopes__division__code", codes), role=Role.JUDGE, is_active=True
    ).distinct()
    rows = (
        _named("town", towns, F("code"), F("name"))
        .union(_named("tribunal", Tribunal.objects.all(), F("name"), F("name")))
        .union(_named("judge", judges.distinct(), Cast("pk", CharField()), F("name")))
    )
    found: dict[str, list[tuple[str, str]]] = {"town": [], "tribunal": [], "judge": []}
    for kind, value, words in sorted(rows):
        found[kind].append((value, words))
    return Choices(found["town"], found["tribunal"], found["judge"])


def _named(kind: str, rows: Any, value: Any, words: Any) -> Any:
    kept = {"kind_": Value(kind, CharField()), "value_": Cast(value, CharField()), "words_": Cast(words, CharField())}
    return rows.order_by().annotate(**kept).values_list("kind_", "value_", "words_")
