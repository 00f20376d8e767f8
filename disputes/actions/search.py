"""What a dispute is found by in the search box: written with the dispute, or for all of them by `rebuild_search`."""

from collections.abc import Iterable, Iterator
from typing import Any

from django.db import transaction
from django.db.models import QuerySet

from disputes import bigrams, marks

BATCH = 500


def found_by(dispute: Any, parties: Iterable[Any]) -> list[str]:
    """The tokens of a dispute: its name, its people and who stands for them, its story, its marks.

    No number of a person is among them.
    """
    names = [name for party in parties for name in (party.name, party.agent_name) if name]
    words = bigrams.tokens(dispute.title, *names, dispute.narrative)
    return [*words, *marks.marks(dispute.town_code, dispute.registered_on)]


def write_tokens(disputes: "QuerySet[Any]", *, after: int = 0, anew: bool = False) -> Iterator[tuple[int, int]]:
    """Write the tokens of those that have none (`anew`: of all) past a key, some at a time in the order of their keys.

    Each batch is a transaction of its own; yields its size and last key, from which a run cut short goes on.
    """
    waiting = disputes if anew else disputes.filter(search=None)
    while batch := _write_batch(waiting.filter(pk__gt=after).order_by("pk")):
        after = batch[-1].pk
        yield len(batch), after


@transaction.atomic
def _write_batch(waiting: "QuerySet[Any]") -> list[Any]:
    """The first of those waiting, locked and written."""
    rows = waiting.select_for_update(of=("self",)).prefetch_related("parties")
    batch = list(rows.only("title", "narrative", "town_code", "registered_on")[:BATCH])
    for dispute in batch:
        dispute.search = found_by(dispute, dispute.parties.all())
    waiting.model._base_manager.bulk_update(batch, ["search"])
    return batch
