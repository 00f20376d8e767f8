"""Both clocks of a ruling on one ruler: the fifteen days that are aimed at, the thirty that are the limit. Pure."""

from collections.abc import Collection
from datetime import date, timedelta

from core.clock_face import Cell
from core.models import Deadline

ONE_DAY = timedelta(days=1)
LABEL_ROOM = 5  # cells a label needs before the next one


def two_clocks(*, base: date, target: Deadline, limit: Deadline, today: date, rest: Collection[date]) -> list[Cell]:
    """One cell a day from the day of acceptance, which is not counted, to the later of the two last days."""
    last = max(target.due_on, limit.due_on)
    days = [base + ONE_DAY * n for n in range((last - base).days + 1)]
    above = _above(target, today, base, last)
    below = _below(base, target, limit)
    return [
        Cell(_css(day, base, target, limit, today, rest), *above.get(day, below.get(day, ("", "")))) for day in days
    ]


def _css(day: date, base: date, target: Deadline, limit: Deadline, today: date, rest: Collection[date]) -> str:
    if day == base:
        return "zero"
    marks = {
        "mark-z": day == limit.due_on,
        "mark-a": day == target.due_on,
        "now": day == today,
        "past": day < today and day < target.due_on,
        "rest": day in rest and day not in (target.due_on, limit.due_on),
        "grace": day > target.due_on,
    }
    return " ".join(name for name, holds in marks.items() if holds)


def _above(target: Deadline, today: date, base: date, last: date) -> dict[date, tuple[str, str]]:
    return {today: ("今天", "up")} if base < today < last and today != target.due_on else {}


def _below(base: date, target: Deadline, limit: Deadline) -> dict[date, tuple[str, str]]:
    labels = {
        base: (f"{base.month}/{base.day} 受理", "dn at-l"),
        limit.due_on: (f"{limit.due_on.month}/{limit.due_on.day} 法定上限", "dn at-r"),
    }
    room = (limit.due_on - target.due_on).days >= LABEL_ROOM
    if target.due_on != limit.due_on and room:
        labels[target.due_on] = (f"{target.due_on.month}/{target.due_on.day} 目标", "dn")
    return labels
