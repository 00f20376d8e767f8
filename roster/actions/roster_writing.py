"""Writing a plan into the roster: people and their terms, in the caller's transaction, however many they are."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta

from django.db import IntegrityError, transaction

from core.bulk import Batch, in_batches, insert_batches, new_keys
from core.errors import Conflict
from core.models import User
from roster.actions.membership import locked_term
from roster.actions.scopes import sync_scopes
from roster.actions.staff import set_facts, staff_columns
from roster.actions.voiding import keep_voided
from roster.annex.plan import ImportPlan, PlannedRow, TermStep, Verb
from roster.choices import RowResult
from roster.models import Staff, TeamMembership, VoidedTerm

ONE_DAY = timedelta(days=1)
People = dict[str, str]  # keys by identity number


def write_plan(plan: ImportPlan, now: datetime, by: User) -> list[VoidedTerm]:
    """Write every writable row; returns the terms that the list struck out, to be recorded.

    Raises Conflict when somebody else wrote one of these people or seats meanwhile.
    """
    rows = plan.writable
    try:
        with transaction.atomic():
            voided = _write_terms(rows, _write_people(rows, plan.id_hashes, now), now, by)
    except IntegrityError as error:
        raise Conflict("没有写入：名册刚被别人改过。", hint="请重新核对一遍再写入。") from error
    sync_scopes({row.staff_id for row in rows if row.staff_id and row.steps}, by=by)
    return voided


def _write_people(rows: Sequence[PlannedRow], id_hashes: Mapping[str, str], now: datetime) -> People:
    """Create and update people; returns everybody's key."""
    people = {row.checked.facts.id_number: str(row.staff_id) for row in rows if row.staff_id}
    new = [row.checked.facts for row in rows if row.result == RowResult.CREATED]
    keys = new_keys(len(new))
    people.update(zip([facts.id_number for facts in new], keys, strict=True))
    together = zip(in_batches(new), in_batches(keys), strict=True)
    insert_batches(Staff, (staff_columns(*batch, id_hashes=id_hashes, recorded_at=now) for batch in together))
    _update_people(rows)
    return people


def _update_people(rows: Iterable[PlannedRow]) -> None:
    changed = {row.staff_id: row.changes for row in rows if row.staff_id and row.changes}
    for staff in Staff.objects.select_for_update(of=("self",)).filter(pk__in=list(changed)):
        staff.save(update_fields=set_facts(staff, {change.field: change.new for change in changed[staff.pk]}))


def _write_terms(rows: Iterable[PlannedRow], people: People, now: datetime, by: User) -> list[VoidedTerm]:
    """Seats that change first, then the new ones: the old seat must be free before the new one is taken."""
    voided: list[VoidedTerm] = []
    for step in (step for row in rows for step in row.steps if step.term):
        if step.verb == Verb.CORRECT:
            voided += _correct(step, now, by)
        elif step.verb == Verb.REPLACE:
            _end_for_another_seat(step, now)
    insert_batches(TeamMembership, _new_terms(rows, people, now))
    return voided


def _new_terms(rows: Iterable[PlannedRow], people: People, now: datetime) -> Iterator[Batch]:
    new = (
        (people[row.checked.facts.id_number], step) for row in rows for step in row.steps if step.verb != Verb.CORRECT
    )
    for some in in_batches(new):
        staff, steps = zip(*some, strict=True)
        _, towns, roles, kinds, since, _ = zip(*steps, strict=True)
        yield {
            "staff_id": staff,
            "town_id": towns,
            "town_code": towns,
            "role": roles,
            "mediator_kind": kinds,
            "since": since,
            "recorded_at": [now] * len(some),
        }


def _correct(step: TermStep, now: datetime, by: User) -> list[VoidedTerm]:
    """Write the seat as the list has it. Another role than the books had is a term struck out, which is returned, and
    one written now."""
    assert step.term is not None
    row = TeamMembership.objects.filter(pk=step.term.id)
    if step.term.role == step.role:
        row.update(mediator_kind=step.kind)
        return []
    voided = keep_voided(locked_term(step.term.id), "按名单更正岗位", now, by=by)
    row.update(role=step.role, mediator_kind=step.kind, recorded_at=now)
    return [voided]


def _end_for_another_seat(step: TermStep, now: datetime) -> None:
    assert step.term is not None
    term = TeamMembership.objects.filter(pk=step.term.id, until=None)
    if not term.update(until=step.since - ONE_DAY, ended_recorded_at=now):
        raise Conflict("没有写入：名册刚被别人改过。", hint="请重新核对一遍再写入。")
