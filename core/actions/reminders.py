"""The sweep: finds the deadlines that are soon due, due or late, sends each reminder once, does what falls due.

The database is the truth: a stage of a day is one row under a unique constraint, so a lost broker,
a killed worker, two beats or a second delivery lose nothing and repeat nothing.
"""

import logging
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Case, Exists, F, IntegerField, OuterRef, Q, Value, When
from django.utils import timezone

from core import queries
from core.actions.notifications import message, notify_all
from core.calendar import ONE_DAY
from core.choices import ReminderStage
from core.clock_face import cn_date
from core.models import Deadline, Reminder, SweepRun, User
from core.models.clock import LAPSED

logger = logging.getLogger(__name__)
KEPT_RUNS = timedelta(days=7)
BATCH = 500
Sender = Callable[[datetime], int]
_senders: dict[str, Sender] = {}
_chores: dict[str, Sender] = {}


@dataclass(frozen=True)
class Swept:
    """What one sweep did."""

    at: datetime
    created: int
    sent: int
    voided: int


def also_send(sender: Sender) -> None:
    """Let the sweep send what a higher app knows of, in working time only; `sender` returns how many it sent.

    A sender keeps its own book of what was sent, under a constraint that makes it harmless to repeat.
    """
    _senders[_name_of(sender)] = sender


def also_do(chore: Sender) -> None:
    """Let the sweep do at any hour what falls due in a higher app; `chore` returns how much it did.

    Run again it finds nothing more to do.
    """
    _chores[_name_of(chore)] = chore


def _name_of(worker: Sender) -> str:
    return f"{worker.__module__}.{worker.__qualname__}"


def sweep(*, at: datetime) -> Swept:
    """Let rights lapse, write the reminders of `at`, void the stale ones, do the chores, send what may go out.

    Leaves a SweepRun row, also when a chore or a sender of a higher app failed: that is in the log, the others go on.
    """
    today = timezone.localdate(at)
    working_time = _is_working_time(at)
    with transaction.atomic():
        lapse_rights(today=today)
        supervisor = _supervisor()
        created = sum(_create(stage, found, at, supervisor) for stage, found in _due_now(at).items())
        voided = _void_stale(today, at)
    _each(_chores, at)
    sent = _send_waiting(at) + _each(_senders, at) if working_time else 0
    SweepRun.objects.create(at=at, finished_at=timezone.now(), reminders=created)
    SweepRun.objects.filter(finished_at__lt=timezone.now() - KEPT_RUNS).delete()
    return Swept(at, created, sent, voided)


def _each(workers: Mapping[str, Sender], at: datetime) -> int:
    """Let each do its part; one that fails keeps none of the others from it. Returns how much was done."""
    done = 0
    for name, work in workers.items():
        try:
            done += work(at)
        except Exception:  # whatever it was, the sweep of the deadlines has succeeded
            logger.exception("sweep: %s failed", name)
    return done


def lapse_rights(*, today: date) -> int:
    """Settle the periods of rights whose last day has passed: nobody is late, the right is gone. Returns how many."""
    day = min(today, queries.today())  # a sweep asked for a day to come takes no right away
    past = Deadline.objects.open().filter(due_on__lt=day, suspended_on=None, rule__lapses=True)
    return past.update(settled_on=F("due_on"), settled_as=LAPSED)


def _is_working_time(at: datetime) -> bool:
    """Whether reminders may go out: from 08:30 to 17:30 on a working day."""
    local = timezone.localtime(at)
    return settings.REMIND_FROM <= local.time() <= settings.REMIND_UNTIL and queries.is_working_day(local.date())


def _soon_until(today: date) -> date:
    """The last day that counts as soon: three days ahead, and before a long break every day of the break."""
    ahead = today + timedelta(days=settings.REMIND_SOON_DAYS)
    if not queries.is_working_day(today):
        return ahead
    return max(ahead, queries.next_working_day(today) - ONE_DAY)


def _due_now(at: datetime) -> dict[ReminderStage, Q]:
    """What stands at each stage. A period entered after its last day is left alone on the day of its entry:
    the act that settled it is usually entered next."""
    today = timezone.localdate(at)
    midnight = timezone.localtime(at).replace(hour=0, minute=0, second=0, microsecond=0)
    return {
        ReminderStage.SOON: Q(due_on__gt=today, due_on__lte=_soon_until(today)),
        ReminderStage.DUE: Q(due_on=today),
        ReminderStage.LATE: Q(due_on__lt=today, started_at__lt=midnight),
    }


def _create(stage: ReminderStage, found: Q, at: datetime, supervisor: int | None) -> int:
    """Insert the missing reminders of a stage; the index on open due days finds the candidates."""
    fallback = Value(supervisor, IntegerField())
    answers = Case(When(responsible__is_active=True, then=F("responsible")), default=fallback)
    told = Reminder.objects.filter(
        deadline=OuterRef("pk"), due_on=OuterRef("due_on"), stage=stage, recipient=OuterRef("recipient")
    )
    missing = Deadline.objects.open().filter(found, suspended_on=None).annotate(recipient=answers)
    missing = missing.filter(~Exists(told)).order_by("due_on", "pk")
    return _insert(missing.values_list("pk", "due_on", "recipient"), stage, at)


def _insert(rows: Iterable[tuple[int, date, int | None]], stage: ReminderStage, at: datetime) -> int:
    """Insert rows of (deadline, due day, recipient); those that are there already are left alone."""
    found = list(rows)
    reminders = [
        Reminder(deadline_id=pk, due_on=due_on, stage=stage, recipient_id=recipient, created_at=at)
        for pk, due_on, recipient in found
        if recipient is not None
    ]
    if len(reminders) < len(found):
        unanswered = len(found) - len(reminders)
        logger.error("sweep: %s deadlines have nobody to remind, set SUPERVISOR_USERNAME", unanswered)
    Reminder.objects.bulk_create(reminders, ignore_conflicts=True, batch_size=BATCH)
    return len(reminders)


def _supervisor() -> int | None:
    """The key of the person who is told about deadlines that nobody answers for."""
    active = User.objects.filter(username=settings.SUPERVISOR_USERNAME, is_active=True)
    return active.values_list("pk", flat=True).first()


def _void_stale(today: date, at: datetime) -> int:
    """Void unsent reminders that no longer hold: day moved, settled, standing still, or a later stage has come."""
    waiting = Reminder.objects.filter(sent_at=None, voided_at=None)
    abandoned = Q(deadline__settled_on__isnull=False) | Q(deadline__suspended_on__isnull=False)
    moved = ~Q(due_on=F("deadline__due_on"))
    overtaken = Q(stage=ReminderStage.SOON, due_on__lte=today) | Q(stage=ReminderStage.DUE, due_on__lt=today)
    stale = waiting.filter(abandoned | moved | overtaken).values_list("pk", flat=True)
    return Reminder.objects.filter(pk__in=list(stale)).update(voided_at=at)


def _send_waiting(at: datetime) -> int:
    sent = 0
    while batch := _send_batch(at):
        sent += batch
    return sent


@transaction.atomic
def _send_batch(at: datetime) -> int:
    """Send the oldest waiting reminders as messages; rows another sweep holds are left to it."""
    waiting = Reminder.objects.filter(sent_at=None, voided_at=None, created_at__lte=at)
    waiting = waiting.select_for_update(of=("self",), skip_locked=True)
    reminders = list(waiting.select_related("deadline", "recipient").order_by("created_at", "pk")[:BATCH])
    today = timezone.localdate(at)
    notify_all(
        message(recipient=each.recipient, text=words(each.deadline, today), url=each.deadline.url, recorded_at=at)
        for each in reminders
    )
    Reminder.objects.filter(pk__in=[reminder.pk for reminder in reminders]).update(sent_at=at)
    return len(reminders)


def words(deadline: Deadline, today: date) -> str:
    """What a reminder says: whose day, which day, how far."""
    subject = f"（{deadline.subject_text}）" if deadline.subject_text else ""
    days = (deadline.due_on - today).days
    due = cn_date(deadline.due_on, today)
    if days > 0:
        return f"{deadline.title}{subject}还有 {days} 天，最后一日 {due}。"
    if days == 0:
        return f"{deadline.title}{subject}今天（{due}）是最后一日。"
    entered_on = timezone.localdate(deadline.started_at)
    if entered_on > deadline.due_on:
        said = f"最后一日是 {due}，{cn_date(entered_on, today)}录入时已经过了。"
        return f"{deadline.title}{subject}{said}已经办了的，请按实际的日子补录；没有办的，请尽快办理。"
    return f"{deadline.title}{subject}已逾期 {-days} 天，最后一日是 {due}。请尽快办理，并记明逾期的原因。"
