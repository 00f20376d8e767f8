"""What the court sees of one request: both clocks, the paper with its doubtful words, earlier disputes."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.conf import settings

from core.clock_face import Cell, cn_number
from core.models import Deadline, StoredFile
from core.queries import rest_calendar
from disputes.models import Dispute, Party
from mediation import case_numbers
from mediation.checklist import CheckItem, ordered
from mediation.choices import SignerKind
from mediation.models import Agreement, ConfirmationRequest, ConfirmationSerial, Signature
from mediation.queries.confirmations import items_of
from mediation.two_clocks import two_clocks

ONE_DAY = timedelta(days=1)
EARLIER_SHOWN = 5


def proposed_number(year: int) -> str:
    """The next number of the court's pattern; only a proposal, the serial moves on when a request is accepted."""
    last = ConfirmationSerial.objects.filter(year=year).values_list("last", flat=True).first() or 0
    return case_numbers.proposed(settings.CONFIRMATION_NUMBER_PATTERN, year=year, serial=last + 1)


# ── the clocks ───────────────────────────────────────────────────────────────
@dataclass(frozen=True)
class Clocks:
    """The days of the ruling on one ruler."""

    target: Deadline
    limit: Deadline
    cells: list[Cell]
    day: int


def clocks_of(deadlines: Sequence[Deadline], *, today: date) -> Clocks | None:
    """Both clocks of an accepted request, in two queries for the rest days; None when they do not run."""
    by_kind = {deadline.kind: deadline for deadline in deadlines}
    target, limit = by_kind.get("confirm_decide"), by_kind.get("confirm_decide_max")
    if target is None or limit is None:
        return None
    last = max(target.due_on, limit.due_on)
    calendar = rest_calendar(target.base_event_on, last)
    days = (target.base_event_on + ONE_DAY * n for n in range((last - target.base_event_on).days + 1))
    rest = {day for day in days if calendar.is_rest(day)}
    cells = two_clocks(base=target.base_event_on, target=target, limit=limit, today=today, rest=rest)
    return Clocks(target, limit, cells, (today - target.base_event_on).days)


# ── the pre-check ────────────────────────────────────────────────────────────
@dataclass(frozen=True)
class CheckRow:
    """One item as the court works on it: what the town wrote, what the court thinks."""

    item: CheckItem
    answer: str
    opinion: dict[str, Any] | None

    @property
    def is_open(self) -> bool:
        """Whether it needs somebody's eyes."""
        return not self.item.passed or self.opinion is not None


@dataclass(frozen=True)
class Tally:
    """How many passed, failed, and wait for a person."""

    ok: int
    no: int
    hm: int


def check_rows(request: ConfirmationRequest) -> list[CheckRow]:
    """The pre-check with answers and opinions, failed first."""
    opinions = request.opinions
    return [
        CheckRow(item, request.answers.get(item.key, ""), opinions.get(item.key)) for item in ordered(items_of(request))
    ]


def tally(items: Iterable[CheckItem]) -> Tally:
    """The three figures of a pre-check."""
    results = [item.result for item in items]
    return Tally(results.count("pass"), results.count("fail"), results.count("judge"))


# ── the paper ────────────────────────────────────────────────────────────────
@dataclass(frozen=True)
class Piece:
    """A stretch of a clause; `doubtful` words are marked in the paper."""

    text: str
    doubtful: bool = False


@dataclass(frozen=True)
class Paper:
    """The agreement as it prints, cut where words are in doubt."""

    agreement: Agreement
    clauses: list[tuple[str, list[Piece]]]
    facts: list[Piece]
    signatures: list[Signature]

    @property
    def seal(self) -> str:
        """The name on the seal, if it was affixed."""
        return next((one.name for one in self.signatures if one.kind == SignerKind.SEAL), "")

    @property
    def sealed_at(self) -> datetime | None:
        """When it was affixed."""
        return next((one.signed_at for one in self.signatures if one.kind == SignerKind.SEAL), None)


def paper_of(agreement: Agreement, items: Iterable[CheckItem]) -> Paper:
    """The agreement with the words in doubt marked; one query for the signatures."""
    quotes = [quote for item in items if not item.passed for quote in item.quotes]
    clauses = [(cn_number(at), marked(str(clause), quotes)) for at, clause in enumerate(agreement.clauses, start=1)]
    return Paper(agreement, clauses, marked(agreement.facts, quotes), list(agreement.signatures.all()))


def marked(text: str, quotes: Sequence[str]) -> list[Piece]:
    """`text` in pieces, those that quote a doubt marked."""
    wanted = sorted({quote for quote in quotes if quote}, key=len, reverse=True)
    if not wanted:
        return [Piece(text)]
    pattern = "|".join(re.escape(quote) for quote in wanted)
    return [Piece(part, part in wanted) for part in re.split(f"({pattern})", text) if part]


def papers_filed(dispute: Dispute, user: Any) -> list[StoredFile]:
    """Files of the dispute that `user` may open, newest first."""
    rows = StoredFile.objects.visible_to(user)
    found = rows.filter(subject_label=dispute._meta.label_lower, subject_id=str(dispute.pk))
    return list(found.order_by("-uploaded_at"))


# ── around it ────────────────────────────────────────────────────────────────
def earlier_disputes(dispute: Dispute, parties: Iterable[Party], user: Any) -> list[Dispute]:
    """Other disputes of the same people, known by their identity numbers, that `user` may see."""
    hashes = [party.id_hash for party in parties if party.id_hash]
    if not hashes:
        return []
    same = Party.objects.filter(id_hash__in=hashes).values("dispute_id")
    rows = Dispute.objects.visible_to(user).filter(pk__in=same).exclude(pk=dispute.pk)
    return list(rows.order_by("-registered_on", "-pk")[:EARLIER_SHOWN])
