"""Reads of the routing table and of what it did: counts and names only, never a case."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.db.models.fields.json import KT
from django.http import Http404

from core.choices import Level
from core.models import Division
from disputes.models import CaseType, Dispute, RoutingRule
from disputes.routing import Facts
from disputes.routing_cover import Known
from disputes.routing_plan import Draft, Move, last_month, moves
from disputes.routing_words import Names

CASES_TRIED = 5_000
VILLAGES_FOUND = 20
NOT_THERE = "没有这条分流规则。"


def rules_in_order() -> list[RoutingRule]:
    """The whole table, those switched off too."""
    return list(RoutingRule.objects.all())


def get_rule(pk: int) -> RoutingRule:
    """A rule of the table. Raises Http404."""
    rule = RoutingRule.objects.filter(pk=pk).first()
    if rule is None:
        raise Http404(NOT_THERE)
    return rule


def names_for(conditions: Iterable[Mapping[str, Any]], *, villages: Iterable[str] = ()) -> Names:
    """The names of all case types, and of the villages that the conditions or the caller name; two queries.

    With them, what there is at all, so that a list with everything in it is seen: villages only where some are named.
    """
    codes = {code for one in conditions for code in one.get("villages", ())} | set(villages)
    named_or_village = Q(pk__in=codes) | Q(level=Level.VILLAGE)
    rows = list(Division.objects.filter(named_or_village).select_related("parent")) if codes else []
    types = list(CaseType.objects.values_list("key", "name", "enabled"))
    return Names(
        {key: name for key, name, _ in types},
        {row.code: village_name(row) for row in rows if row.code in codes},
        Known({key for key, _, enabled in types if enabled}, {row.code for row in rows if row.level == Level.VILLAGE}),
    )


def village_name(village: Division) -> str:
    """A village with its town: names repeat between towns."""
    return f"{village.parent} {village.short_name}" if village.parent else village.short_name


def find_villages(text: str, most: int = VILLAGES_FOUND) -> list[Division]:
    """Villages whose own or whose town's name has every word of the text; one more than `most` says there are more."""
    rows = Division.objects.filter(level=Level.VILLAGE).select_related("parent").order_by("code")
    words = text.split()
    for word in words:
        rows = rows.filter(Q(name__contains=word) | Q(parent__name__contains=word))
    return list(rows[: most + 1]) if words else []


# ── what the table did, and would do ─────────────────────────────────────────
def proposed_in_last_month(today: date) -> dict[str, int]:
    """How often each rule was proposed for a dispute registered in the month before, by key; one grouped query."""
    rows = _of_last_month(today).order_by().values_list(KT("triage__route__rule_key")).annotate(Count("pk"))
    return {key or "": count for key, count in rows}


@dataclass(frozen=True)
class Trial:
    """What a draft changes for the disputes of a month. `is_part`: only the newest were looked at."""

    first: date
    last: date
    looked_at: int
    is_part: bool
    moves: list[Move]

    @property
    def elsewhere(self) -> int:
        """How many would go to another destination."""
        return sum(move.count for move in self.moves if move.goes_elsewhere)

    @property
    def otherwise(self) -> int:
        """How many would go to the same destination by another rule."""
        return sum(move.count for move in self.moves if not move.goes_elsewhere)


def try_draft(draft: Draft, table: Sequence[RoutingRule], today: date) -> Trial:
    """Route the month before once more, by the table as it is and with the draft; one query, at most 5,000 rows.

    What is not known of a dispute from before it was kept (earlier failures) counts as none.
    """
    first, last = last_month(today)
    cases = _facts(_of_last_month(today), CASES_TRIED + 1)
    is_part = len(cases) > CASES_TRIED
    cases = cases[:CASES_TRIED]
    return Trial(first, last, len(cases), is_part, moves(cases, table, draft))


def _of_last_month(today: date) -> QuerySet[Dispute]:
    return Dispute.objects.filter(registered_on__range=last_month(today))


def _facts(rows: QuerySet[Dispute], most: int) -> list[Facts]:
    columns = ("case_type_id", "risk", "suitable", "amount", "division_id", "source", "triage__facts")
    newest = rows.order_by("-registered_on", "-id").values_list(*columns)[:most]
    return [
        Facts(
            case_type,
            risk,
            suitable,
            amount,
            village,
            source,
            cross_town=bool((kept or {}).get("cross_town")),
            earlier_failures=int((kept or {}).get("earlier_failures") or 0),
        )
        for case_type, risk, suitable, amount, village, source, kept in newest
    ]
