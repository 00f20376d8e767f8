"""Every write to a deadline. Call these inside the transaction of the act that starts, settles or moves the day.

The caller has locked the subject's row and checked the permission; the day is always counted from
the base date under the version of the rule that is law on that date.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime

from django.db import models, transaction
from django.db.models import Q
from django.utils import timezone

from core import queries
from core.actions import audit
from core.actions.notifications import notify
from core.calendar import Count, stood_still
from core.errors import Refused
from core.models import Deadline, DeadlineRule, DeadlineSuspension, Reminder, User
from core.models.clock import LAPSED

COUNTED_FIELDS = ("due_on", "raw_due_on", "skipped", "calendar_published")


@transaction.atomic
def start_deadline(
    *,
    kind: str,
    subject: models.Model,
    town_code: str,
    base_on: date,
    responsible: User | None = None,
    title: str = "",
    subject_text: str = "",
    url: str = "",
    due_on: date | None = None,
    recorded_at: datetime | None = None,
) -> Deadline:
    """Start the period `kind` (a rule key) for `subject`, counted from `base_on`, which is itself not counted.

    A right whose last day had passed when it was entered has lapsed by then: nobody is late.
    `due_on` is given for, and only for, rules whose day is set by the court. One open deadline of a
    kind may exist per subject: settle the old one before a period starts anew. Raises Refused when
    no version of the rule is law on `base_on`, when the set day is not after it, or when one is open.
    """
    rule = queries.rule_for(kind, base_on)
    _check_set_day(rule, base_on, due_on)
    if Deadline.objects.about(subject).open().filter(kind=kind).exists():
        raise Refused(f"「{rule.title}」这个期限已经在走，不能再起算一次。", hint="请先了结原来的期限。")
    deadline = Deadline(
        kind=kind,
        title=title or rule.title,
        subject_label=subject._meta.label_lower,
        subject_id=str(subject.pk),
        subject_text=subject_text,
        url=url,
        town_code=town_code,
        rule=rule,
        base_event_on=base_on,
        set_due_on=due_on,
        responsible=responsible,
        started_at=recorded_at or timezone.now(),
    )
    _apply(deadline, queries.count_under(rule, base_on, set_on=due_on))
    if rule.lapses and deadline.due_on < timezone.localdate(deadline.started_at):
        deadline.settled_on, deadline.settled_as = deadline.due_on, LAPSED
    deadline.save(force_insert=True)
    return deadline


@transaction.atomic
def settle_deadline(*, kind: str, subject: models.Model, on: date, settled_as: str = "done") -> Deadline | None:
    """Settle the open deadline of `kind`; None when there is none. Reminders not yet sent are void.

    A right that was used in time but is entered after its last day had lapsed here meanwhile: it is settled as
    what it was.
    """
    about = Deadline.objects.about(subject).filter(kind=kind).select_for_update(of=("self",))
    used_in_time = Q(settled_as=LAPSED, due_on__gte=on, base_event_on__lte=on)
    deadline = about.filter(Q(settled_on=None) | used_in_time).order_by("-id").first()
    if deadline:
        _settle([deadline], on=on, settled_as=settled_as)
    return deadline


@transaction.atomic
def settle_all(*, subject: models.Model, on: date, settled_as: str) -> int:
    """Settle every open deadline of `subject`; returns how many."""
    deadlines = list(Deadline.objects.about(subject).open().select_for_update(of=("self",)))
    _settle(deadlines, on=on, settled_as=settled_as)
    return len(deadlines)


@transaction.atomic
def reopen_deadline(*, kind: str, subject: models.Model, on: date) -> Deadline | None:
    """Reopen the last settled deadline of `kind` with its old due day; None when that day is past or one is open."""
    about = Deadline.objects.about(subject).filter(kind=kind)
    deadline = about.select_for_update(of=("self",)).order_by("-settled_on", "-id").first()
    if deadline is None or about.open().exists() or deadline.due_on < on:
        return None
    deadline.settled_on, deadline.settled_as = None, ""
    deadline.save(update_fields=["settled_on", "settled_as"])
    return deadline


@transaction.atomic
def assign_deadlines(*, subject: models.Model, responsible: User, kinds: Collection[str] = ()) -> int:
    """Make `responsible` answer for the open deadlines of `subject` (of `kinds`, or all); returns how many moved.

    What has not yet been sent to the one before is void; the sweep reminds the new one.
    """
    found = Deadline.objects.about(subject).open().exclude(responsible=responsible)
    if kinds:
        found = found.filter(kind__in=kinds)
    moved = list(found.select_for_update(of=("self",)))
    _void_unsent(moved)
    return Deadline.objects.filter(pk__in=[deadline.pk for deadline in moved]).update(responsible=responsible)


@transaction.atomic
def hand_over_deadlines(*, of: User, to: User, town_code: str) -> list[Deadline]:
    """Make `to` answer for every open deadline of somebody in a town; returns them as they were.

    What has not yet been sent is void, as in `assign_deadlines`.
    """
    mine = Deadline.objects.open().filter(responsible=of, town_code=town_code)
    moved = list(mine.select_for_update(of=("self",)).order_by("pk"))
    _void_unsent(moved)
    Deadline.objects.filter(pk__in=[deadline.pk for deadline in moved]).update(responsible=to)
    return moved


@transaction.atomic
def extend_deadline(*, deadline_id: int, days: int, approved_by: str, by: User) -> Deadline:
    """Lengthen a period by `days` of its own kind, counted anew from the base date.

    `approved_by` names who approved (the parties, the court's president). Raises Refused when the
    rule allows no extension or the cap would be passed. Reminders for the old day are void.
    """
    deadline = _locked(deadline_id)
    rule = deadline.rule
    if rule is None or not rule.extension_by:
        raise Refused(f"「{deadline.title}」依法不能延长。")
    if days <= 0 or not approved_by.strip():
        raise Refused(f"延长「{deadline.title}」要写明延长几日，并写明{rule.extension_by}的情况。", field="approved_by")
    total = deadline.extended_days + days
    if rule.extension_max is not None and total > rule.extension_max:
        left = rule.extension_max - deadline.extended_days
        raise Refused(f"「{deadline.title}」最多可延长 {rule.extension_max} 日，还可延长 {left} 日。", field="days")
    old = deadline.due_on
    deadline.extended_days, deadline.extended_by = total, approved_by
    _move(deadline, extra_fields=("extended_days", "extended_by"))
    _record("deadline.extend", deadline, by=by, old=old, days=days, approved_by=approved_by)
    return deadline


@transaction.atomic
def suspend_deadline(*, deadline_id: int, on: date, reason: str, by: User) -> Deadline:
    """Let a period stand still from `on`; no reminder goes out until it is resumed."""
    deadline = _locked(deadline_id)
    if deadline.suspended_on:
        raise Refused(f"「{deadline.title}」已经自{queries.said(deadline.suspended_on)}起中止。")
    if on < deadline.base_event_on:
        raise Refused("中止日不能早于起算日。", field="on")
    DeadlineSuspension.objects.create(deadline=deadline, from_on=on, reason=reason)
    deadline.suspended_on = on
    deadline.save(update_fields=["suspended_on"])
    _void_unsent([deadline])
    _record("deadline.suspend", deadline, by=by, old=deadline.due_on, on=on, reason=reason)
    return deadline


@transaction.atomic
def resume_deadline(*, deadline_id: int, on: date, by: User) -> Deadline:
    """Let a period run on from `on`; the days it stood still are added back and the day counted anew."""
    deadline = _locked(deadline_id)
    if deadline.suspended_on is None:
        raise Refused(f"「{deadline.title}」没有中止，不用恢复。")
    if on < deadline.suspended_on:
        raise Refused("恢复日不能早于中止日。", field="on")
    old = deadline.due_on
    deadline.suspensions.filter(to_on=None).update(to_on=on)
    deadline.suspended_on = None
    _move(deadline, extra_fields=("suspended_on",))
    _record("deadline.resume", deadline, by=by, old=old, on=on)
    return deadline


@dataclass(frozen=True)
class Moved:
    """A deadline whose last day changed when the calendar did."""

    deadline: Deadline
    old: date
    new: date


@transaction.atomic
def recount_open(*, by: User) -> list[Moved]:
    """Count every open deadline anew after the calendar changed; tells those responsible, returns which moved."""
    moved = []
    open_ones = Deadline.objects.open().exclude(rule=None).select_for_update(of=("self",))
    for deadline in open_ones.select_related("rule", "responsible").order_by("pk"):
        old, was_published = deadline.due_on, deadline.calendar_published
        _apply(deadline, _recounted(deadline))
        if (deadline.due_on, deadline.calendar_published) != (old, was_published):
            deadline.save(update_fields=COUNTED_FIELDS)
        if deadline.due_on != old:
            moved.append(Moved(deadline, old, deadline.due_on))
    _void_unsent([each.deadline for each in moved])
    for each in moved:
        _tell_moved(each)
    audit.record("deadline.recount", by=by, detail={"moved": [each.deadline.pk for each in moved]})
    return moved


def _check_set_day(rule: DeadlineRule, base_on: date, due_on: date | None) -> None:
    if rule.length is not None and due_on is not None:
        raise ValueError(f"{rule.key} is counted: its day cannot be set")
    if rule.length is None and due_on is None:
        raise Refused(f"「{rule.title}」的最后一日由法院指定，还没有填。", field="due_on")
    if due_on is not None and due_on <= base_on:
        raise Refused(f"「{rule.title}」的最后一日要晚于{queries.said(base_on)}。", field="due_on")


def _locked(deadline_id: int) -> Deadline:
    deadline = Deadline.objects.select_for_update(of=("self",)).select_related("rule").get(pk=deadline_id)
    if deadline.settled_on:
        raise Refused(f"「{deadline.title}」已于{queries.said(deadline.settled_on)}了结，不能再改。")
    return deadline


def _apply(deadline: Deadline, counted: Count) -> None:
    deadline.due_on, deadline.raw_due_on = counted.due, counted.raw
    deadline.skipped = [day.isoformat() for day in counted.skipped]
    deadline.calendar_published = counted.published


def _recounted(deadline: Deadline) -> Count:
    rule = deadline.rule
    assert rule is not None
    added = deadline.extended_days
    for stretch in deadline.suspensions.all():
        if stretch.to_on is not None:
            calendar = queries.rest_calendar(stretch.from_on, stretch.to_on)
            added += stood_still(calendar, from_on=stretch.from_on, to_on=stretch.to_on, unit=rule.unit)
    return queries.count_under(rule, deadline.base_event_on, set_on=deadline.set_due_on, added=added)


def _move(deadline: Deadline, *, extra_fields: Collection[str]) -> None:
    _apply(deadline, _recounted(deadline))
    deadline.save(update_fields=[*COUNTED_FIELDS, *extra_fields])
    _void_unsent([deadline])


def _settle(deadlines: list[Deadline], *, on: date, settled_as: str) -> None:
    for deadline in deadlines:
        deadline.settled_on, deadline.settled_as = on, settled_as
        deadline.save(update_fields=["settled_on", "settled_as"])
    _void_unsent(deadlines)


def _void_unsent(deadlines: list[Deadline]) -> None:
    """Reminders of these deadlines that have not gone out will not."""
    unsent = Reminder.objects.filter(deadline__in=deadlines, sent_at=None, voided_at=None)
    unsent.update(voided_at=timezone.now())


def _tell_moved(moved: Moved) -> None:
    deadline = moved.deadline
    if deadline.responsible:
        days = f"最后一日由{queries.said(moved.old)}改为{queries.said(moved.new)}"
        text = f"放假安排有变，{deadline.title}（{deadline.subject_text}）{days}。"
        notify(recipient=deadline.responsible, text=text, url=deadline.url)


def _record(action: str, deadline: Deadline, *, by: User, old: date, **facts: object) -> None:
    detail = {"kind": deadline.kind, "due_on": {"old": old, "new": deadline.due_on}, **facts}
    audit.record(action, by=by, subject=deadline, division_code=deadline.town_code, detail=detail)
