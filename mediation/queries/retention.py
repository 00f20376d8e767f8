"""Closed files whose term has passed, and what stands in the way of each; by the key, some at a time."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db.models import CharField, Exists, F, OuterRef, Q
from django.db.models.functions import Cast

from core.calendar import add_months
from core.models import Deadline
from disputes.models import Dispute
from mediation.models import Agreement, ConfirmationRequest, PerformanceItem
from mediation.queries.handover import TO_DISPUTE
from mediation.retention import DUE, Case, Terms, verdict

BATCH = 200


@dataclass
class Standing:
    """Where the files past their term stand, in numbers. `is_part`: only the first were looked at."""

    verdicts: Counter[str] = field(default_factory=Counter)
    outcomes: Counter[str] = field(default_factory=Counter)  # of those that are due
    is_part: bool = False

    @property
    def looked_at(self) -> int:
        return sum(self.verdicts.values())


def past_term(terms: Terms, today: date, *, after: int = 0) -> Iterator[tuple[int, str, str]]:
    """(key, outcome, verdict) of every file past its term that still has its people, in the order of the keys."""
    if not terms:
        return
    while batch := list(_rows(terms, today, after)[:BATCH]):
        running = _with_open_periods([row["pk"] for row in batch])
        for row in batch:
            yield row["pk"], row["outcome"], verdict(_case(row, running), terms, today)
        after = batch[-1]["pk"]


def verdict_now(dispute: Dispute, terms: Terms, today: date) -> str:
    """The verdict on one file, read anew."""
    row = _rows(terms, today, dispute.pk - 1).filter(pk=dispute.pk).first()
    return verdict(_case(row, _with_open_periods([dispute.pk])), terms, today) if row else ""


def standing(terms: Terms, today: date, *, most: int) -> Standing:
    """What would happen, without doing it; at most so many files are looked at."""
    found = Standing()
    for _, outcome, word in past_term(terms, today):
        if found.looked_at == most:
            found.is_part = True
            break
        found.verdicts[word] += 1
        if word == DUE:
            found.outcomes[outcome] += 1
    return found


def _rows(terms: Terms, today: date, after: int) -> Any:
    over = Q(pk__in=[])
    for outcome, months in terms.items():
        over |= Q(outcome=outcome, closed_on__lte=add_months(today, -months))
    rows = Dispute.objects.filter(over, anonymised_on=None, pk__gt=after).order_by("pk")
    later = Agreement.objects.filter(
        mediation__dispute=OuterRef("agreement__mediation__dispute"),
        effective_on__isnull=False,
        pk__gt=OuterRef("agreement"),
    )
    unperformed = PerformanceItem.objects.filter(
        ~Exists(later),
        agreement__mediation__dispute=OuterRef("pk"),
        agreement__effective_on__isnull=False,
        done_on=None,
    )
    asked = ConfirmationRequest.objects.open().filter(agreement__mediation__dispute=OuterRef("pk"))
    barriers = {"performing": Exists(unperformed), "before_court": Exists(asked)}
    return rows.values("pk", "outcome", "closed_on", "hold_reason", **barriers)


def _case(row: dict[str, Any], running: set[int]) -> Case:
    return Case(
        row["outcome"],
        row["closed_on"],
        held=bool(row["hold_reason"]),
        performing=row["performing"],
        before_court=row["before_court"],
        running=row["pk"] in running,
    )


def _with_open_periods(keys: list[int]) -> set[int]:
    """Which of the disputes have an open period, on themselves or on what belongs to them; a query a kind."""
    found: set[int] = set()
    for model, path in TO_DISPUTE.items():
        about = Deadline.objects.open().filter(
            subject_label=model._meta.label_lower, subject_id=Cast(OuterRef("pk"), CharField())
        )
        rows = model._default_manager.filter(Exists(about), **{f"{path.removesuffix('_id')}__in": keys})
        found |= set(rows.annotate(to=F(path)).values_list("to", flat=True))
    return found
