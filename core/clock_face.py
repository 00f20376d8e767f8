"""How a deadline looks: the words of its chip, the lines of its count, the cells of its day ruler. Pure, no queries."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from itertools import pairwise
from typing import NamedTuple

from django.conf import settings
from django.utils import timezone

from core.calendar import ONE_DAY, RestCalendar, days_between
from core.choices import Unit
from core.models import Deadline
from core.models.clock import LAPSED

NEAR_DAYS = 3
LONGEST_RULER = 62
LABEL_ROOM = 4  # cells a label needs before the next one
WEEKDAYS = "一二三四五六日"
DIGITS = "〇一二三四五六七八九"


def cn_date(day: date, today: date) -> str:
    """9月20日 in the current year, 2023年9月20日 elsewhere."""
    return f"{day.month}月{day.day}日" if day.year == today.year else f"{day.year}年{day.month}月{day.day}日"


def cn_full_date(day: date) -> str:
    """2023年9月20日 whatever the year."""
    return f"{day.year}年{day.month}月{day.day}日"


def cn_number(number: int) -> str:
    """三十, 十五, 一百; figures from 101 on."""
    if number < 10:  # noqa: PLR2004 (a digit)
        return DIGITS[number]
    if number > 99:  # noqa: PLR2004 (two digits)
        return "一百" if number == 100 else str(number)  # noqa: PLR2004
    tens, units = divmod(number, 10)
    return f"{DIGITS[tens] if tens > 1 else ''}十{DIGITS[units] if units else ''}"


def is_late_entry(day: date, recorded_at: datetime) -> bool:
    """补录: written down more than LATE_ENTRY_DAYS after the day on which it was true."""
    return (timezone.localdate(recorded_at) - day).days > settings.LATE_ENTRY_DAYS


class Chip(NamedTuple):
    """One glance: shape, what is left, which day."""

    css: str
    icon: str
    left: str
    day: str


class Cell(NamedTuple):
    """One day of the ruler."""

    css: str
    label: str = ""
    label_css: str = ""


def chip(deadline: Deadline, today: date) -> Chip:
    """The chip of a deadline as seen on `today`."""
    day = cn_date(deadline.due_on, today)
    if deadline.settled_on:
        return _settled_chip(deadline, deadline.settled_on, today)
    if deadline.suspended_on:
        return Chip("is-hold", "pause", "中止中", f"已停 {(today - deadline.suspended_on).days} 天")
    left = (deadline.due_on - today).days
    if left < 0:
        return Chip("is-late", "flag", f"已逾期 {-left} 天", day)
    css = "is-near" if left <= NEAR_DAYS else ""
    words = f"还有 {left} 天" if left else "今天到期"
    if deadline.calendar_published:
        return Chip(css, "clock", words, day)
    return Chip(f"{css} is-guess".strip(), "cal-q", words, f"{day}，按周末推算")


def _settled_chip(deadline: Deadline, settled_on: date, today: date) -> Chip:
    day = cn_date(settled_on, today)
    if deadline.settled_as == LAPSED:
        return Chip("is-done", "dash", "已期满", cn_date(deadline.due_on, today))
    if deadline.settled_as != "done":
        return Chip("is-done", "dash", "不再适用", day)
    late = (settled_on - deadline.due_on).days
    if late > 0:
        return Chip("is-done", "check", f"逾期 {late} 天办结", day)
    taken = (settled_on - deadline.base_event_on).days
    return Chip("is-done", "check", f"{taken} 天办结" if taken else "当天办结", day)


def count_list(deadline: Deadline) -> list[tuple[str, str]]:
    """How the day was counted, as (term, words): start, length, skipped days, legal basis, calendar."""
    rule = deadline.rule
    event = rule.start_event if rule else ""
    skipped = skipped_days(deadline)
    lines = [
        ("起算", " ".join(filter(None, (deadline.base_event_on.isoformat(), _start(deadline, event))))),
        ("期间", f"{_length(deadline)}，原届满日 {deadline.raw_due_on.isoformat()}"),
        ("顺延", _rolled(deadline, skipped)),
        ("依据", f"{rule.basis}{'（内部要求）' if rule.internal else ''}" if rule else "由法院指定的期限"),
        ("日历", _calendar(deadline)),
    ]
    return [line for line in lines if line[1]]


def _is_the_day_itself(deadline: Deadline) -> bool:
    return deadline.rule is not None and deadline.rule.length == 0


def _start(deadline: Deadline, event: str) -> str:
    return event if _is_the_day_itself(deadline) else f"{event}，当日不计".lstrip("，")


def _length(deadline: Deadline) -> str:
    rule = deadline.rule
    words = Unit(rule.unit).label if rule else Unit.SET_BY_COURT.label
    if _is_the_day_itself(deadline):
        words = "当天"
    elif rule and rule.length is not None:
        words = f"{cn_number(rule.length)}{words}"
    if deadline.extended_days:
        words += f"，经{deadline.extended_by}延长{cn_number(deadline.extended_days)}日"
    return words


def _rolled(deadline: Deadline, skipped: Sequence[date]) -> str:
    if deadline.due_on > deadline.raw_due_on:
        last = deadline.due_on
        return f"{spans(skipped)}为休假日；{last:%m-%d} 星期{WEEKDAYS[last.weekday()]}上班，以这天为届满日"
    return f"{spans(skipped)}为休假日，不计" if skipped else ""


def _calendar(deadline: Deadline) -> str:
    years = "、".join(str(year) for year in range(deadline.base_event_on.year, deadline.due_on.year + 1))
    if deadline.calendar_published:
        return f"国务院办公厅 {years} 年节假日安排，已公布"
    return f"{deadline.due_on.year} 年放假安排还没公布，先按周末推算，公布后自动重算"


def skipped_days(deadline: Deadline) -> list[date]:
    """The days the count passed over, in order."""
    return sorted(date.fromisoformat(text) for text in deadline.skipped)


def spans(days: Iterable[date]) -> str:
    """10-01 至 10-06、10-14: runs of days as one span each."""
    runs: list[list[date]] = []
    for day in days:
        if runs and day - runs[-1][-1] == ONE_DAY:
            runs[-1].append(day)
        else:
            runs.append([day])
    return "、".join(f"{run[0]:%m-%d} 至 {run[-1]:%m-%d} " if len(run) > 1 else f"{run[0]:%m-%d} " for run in runs)


def ruler(deadline: Deadline, today: date, calendar: RestCalendar | None = None) -> list[Cell]:
    """One cell a day from the base day to the last day; empty when the period is too long to be drawn.

    Hatched are the days the count passed over and, given a calendar, every rest day in between.
    """
    first, last = deadline.base_event_on, deadline.due_on
    if not 0 < (last - first).days <= LONGEST_RULER:
        return []
    days = list(days_between(first, last))
    rest = {*skipped_days(deadline), *(day for day in days if calendar and calendar.is_rest(day))}
    labels = _labels(deadline, today, first, last)
    return [Cell(_cell_css(day, deadline, today, rest), *labels.get(day, ("", ""))) for day in days]


def _cell_css(day: date, deadline: Deadline, today: date, rest: set[date]) -> str:
    raw, last = deadline.raw_due_on, deadline.due_on
    if day == deadline.base_event_on:
        return "zero"
    if day == last:
        return "mark-z now" if day == today else "mark-z"
    css = "rest " if day in rest else ""
    if day == raw:
        css += "mark-a "
    elif day > raw:
        css += "roll "
    elif day < today:
        css += "past "
    return (css + ("now" if day == today else "")).rstrip()


def _labels(deadline: Deadline, today: date, first: date, last: date) -> dict[date, tuple[str, str]]:
    """Labels by day, above or below the ruler; of two that would collide today stays."""
    above = {}
    if first < today < last and not deadline.settled_on:
        above[today] = "今天"
    if deadline.raw_due_on < last:
        above[deadline.raw_due_on] = "原届满日"
    for before, after in pairwise(sorted(above)):
        if (after - before).days < LABEL_ROOM:
            del above[after if after != today else before]
    labels = {day: (text, "up") for day, text in above.items()}
    return labels | {
        first: (f"{first.month}/{first.day} 起算", "dn at-l"),
        last: (f"{last.month}/{last.day}", "dn at-r"),
    }
