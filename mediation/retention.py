"""How long a closed file keeps its people, by how it was closed. Pure: terms and facts in, a verdict out.

There are no terms until the county sets them (RETENTION_MONTHS): no law that we know counts these months.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from core.calendar import add_months
from disputes.choices import Outcome

MONTHS_MAX = 1200
Terms = Mapping[str, int]  # months from the day of closing, by outcome; an outcome without a term keeps its people

DUE, HELD, PERFORMING, RUNNING, BEFORE_COURT, NOT_YET, NO_TERM = (
    "due", "held", "performing", "running", "before_court", "not_yet", "no_term",
)  # fmt: skip
WORDS = {
    DUE: "到期，可以清除",
    HELD: "标明暂不清除",
    PERFORMING: "协议还没有履行完",
    RUNNING: "还有没了结的期限",
    BEFORE_COURT: "司法确认还没有结果",
    NOT_YET: "还没有到期",
    NO_TERM: "没有定保存期限",
}


@dataclass(frozen=True)
class Case:
    """What the verdict asks of a closed dispute that still has its people."""

    outcome: str
    closed_on: date
    held: bool = False
    performing: bool = False
    running: bool = False
    before_court: bool = False


def parse_terms(parts: Iterable[str]) -> dict[str, int]:
    """`agreed=60`, `failed=36` → months by outcome. Raises ValueError with a sentence for anything else."""
    terms: dict[str, int] = {}
    for part in parts:
        outcome, _, months = part.partition("=")
        if outcome not in Outcome.values or not months.isdecimal() or not 1 <= int(months) <= MONTHS_MAX:
            known = "、".join(Outcome.values)
            raise ValueError(f"RETENTION_MONTHS 要写成 agreed=60,failed=36 这样，结果只有 {known}，不能是「{part}」。")
        terms[outcome] = int(months)
    return terms


def last_day(outcome: str, closed_on: date, terms: Terms) -> date | None:
    """The last day on which the people are kept; None without a term."""
    months = terms.get(outcome)
    return add_months(closed_on, months) if months else None


def verdict(case: Case, terms: Terms, today: date) -> str:
    """DUE from the day after the last day on, if nothing stands in the way; else the first thing that does."""
    last = last_day(case.outcome, case.closed_on, terms)
    if last is None:
        return NO_TERM
    if today <= last:
        return NOT_YET
    for stands, key in (
        (case.held, HELD),
        (case.before_court, BEFORE_COURT),
        (case.performing, PERFORMING),
        (case.running, RUNNING),
    ):
        if stands:
            return key
    return DUE
