"""What an import would do with each row, compared with what the roster knows; pure, and the same twice in a row."""

import hashlib
from collections import Counter
from collections.abc import Collection, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum
from functools import cached_property
from typing import NamedTuple
from uuid import UUID

from roster.annex import columns
from roster.annex.facts import CheckedRow, Issue, StaffFacts
from roster.annex.seats import Seat, without_mark, without_service
from roster.choices import ErrorCode, RowResult, TeamRole, WarningCode
from roster.phones import share_a_number, tidy_phone
from roster.rules import COURT_SEATS
from roster.team_standard import TeamStanding

DIGEST_BITS = 128
OTHER_TOWNS = "别的镇（街）"  # for who may not know which
NAME_DIFFERS = "名册里这个身份证号码是另一个名字。改了名的照写；不是同一个人的，请核对号码。"
FILLED: dict[ErrorCode | WarningCode, str] = {WarningCode.BIRTH_FILLED: "born", WarningCode.SEX_FILLED: "sex"}


class Verb(StrEnum):
    START = "start"  # a new term
    CORRECT = "correct"  # the open term's seat was written wrongly
    REPLACE = "replace"  # the old seat ends the day before, the new one starts


@dataclass(frozen=True, slots=True)
class Term:
    """A membership as the roster has it; `until` empty means open."""

    id: int
    town_code: str
    role: str
    kind: str
    since: date
    until: date | None


@dataclass(frozen=True, slots=True)
class Known:
    """A person the roster already has."""

    staff_id: UUID
    facts: StaffFacts
    terms: tuple[Term, ...] = ()


@dataclass(frozen=True, slots=True)
class Namesake:
    """Somebody of the roster with a name that stands in the file; `towns` are those of their open terms."""

    phone: str
    towns: frozenset[str]


class TermStep(NamedTuple):
    verb: Verb
    town_code: str
    role: str
    kind: str
    since: date
    term: Term | None = None


@dataclass(frozen=True, slots=True)
class Change:
    """One field of a known person: old → new."""

    field: str
    old: str
    new: str


class PlannedRow(NamedTuple):
    """`staff_id` is None for a person who is new in this file. `blocked` says why the uploader may not write it.
    `first` is the earlier row whose facts stand for the person; this one only adds terms. Of the fields `unshown` the
    uploader may not know what the roster has, nor whether it differs."""

    checked: CheckedRow
    result: RowResult
    staff_id: UUID | None = None
    changes: tuple[Change, ...] = ()
    steps: tuple[TermStep, ...] = ()
    blocked: str = ""
    first: CheckedRow | None = None
    unshown: tuple[str, ...] = ()

    @property
    def is_writable(self) -> bool:
        return self.result not in (RowResult.REJECTED, RowResult.LEFT_OUT)

    @property
    def touches(self) -> int:
        """How many places of a known person change."""
        return len(self.unshown or self.changes) + len(self.steps)

    @property
    def is_to_look_at(self) -> bool:
        """Something about the row should be looked at though it can be written."""
        return self.is_writable and bool(self.checked.issues)

    def change_of(self, field: str) -> Change | None:
        return next((change for change in self.changes if change.field == field), None)


@dataclass(frozen=True)
class Member:
    """Somebody who holds a seat now: what the team after the import is counted from."""

    staff_id: UUID
    name: str
    town_code: str
    role: str


@dataclass(frozen=True, slots=True)
class TeamAfter:
    """A town's team as it will be, and who holds a seat without standing in the file (名单中没有)."""

    town_code: str
    standing: TeamStanding
    absent: tuple[Member, ...]


@dataclass(frozen=True)
class ImportPlan:
    """`id_hashes`: the keyed hash of every identity number, by which people were looked up and will be found."""

    issues: tuple[Issue, ...]
    rows: tuple[PlannedRow, ...]
    teams: tuple[TeamAfter, ...]
    since: date
    id_hashes: Mapping[str, str] = field(default_factory=dict, repr=False)

    @cached_property
    def counts(self) -> dict[RowResult, int]:
        found = Counter(row.result for row in self.rows)
        return {result: found[result] for result in RowResult}

    @cached_property
    def writable(self) -> tuple[PlannedRow, ...]:
        return tuple(row for row in self.rows if row.is_writable)

    @property
    def rejected(self) -> int:
        return self.counts[RowResult.REJECTED]

    @cached_property
    def all_issues(self) -> list[Issue]:
        """File-level issues first, then every row's, in the file's order; rows left out have nothing to say."""
        return [*self.issues, *(issue for row in self.rows if not row.checked.left_out for issue in row.checked.issues)]

    @cached_property
    def fingerprint(self) -> str:
        """Changes whenever the plan would do anything else than what was shown."""
        return fingerprint(self.rows, self.since)


def fingerprint(rows: Iterable[PlannedRow], since: date) -> str:
    """A sum over the rows, so that `changed_fingerprint` can follow one of them without the others."""
    return _written_sum(_digest(since.isoformat()) + sum(_row_digest(row) for row in rows))


def changed_fingerprint(before: str, *, removed: Iterable[PlannedRow], added: Iterable[PlannedRow]) -> str:
    """The fingerprint after some rows turned into others."""
    return _written_sum(int(before, 16) + sum(map(_row_digest, added)) - sum(map(_row_digest, removed)))


def _written_sum(total: int) -> str:
    return f"{total % 2**DIGEST_BITS:0{DIGEST_BITS // 4}x}"


def _row_digest(row: PlannedRow) -> int:
    """What would be written for the row, and where it stands in the file.

    A seat may be a member of its choices or, settled by a person, their plain word: both are the same seat.
    """
    facts = tuple(row.checked.facts) if row.result == RowResult.CREATED else ()
    changes = [(change.field, change.old, change.new) for change in row.changes]
    steps = [
        (step.verb.value, step.town_code, str(step.role), str(step.kind), str(step.since), step.term and step.term.id)
        for step in row.steps
    ]
    return _digest(repr((*row.checked.key, row.result.value, str(row.staff_id), facts, changes, steps)))


def _digest(text: str) -> int:
    return int.from_bytes(hashlib.blake2b(text.encode(), digest_size=DIGEST_BITS // 8).digest())


def plan_rows(rows: Iterable[CheckedRow], known: Mapping[str, Known], since: date) -> list[PlannedRow]:
    """One planned row for each checked row. `known` is keyed by identity number.

    A person's later rows (another town's sheet) only add terms; the first row's facts stand.
    """
    planned: list[PlannedRow] = []
    seen: dict[str, tuple[str, ...]] = {}  # towns by number
    first: dict[str, CheckedRow] = {}
    alike: dict[Hashable, tuple[TermStep, ...]] = {}  # steps of new people: few differ
    for row in rows:
        number = row.facts.id_number
        if row.left_out:
            planned.append(PlannedRow(row, RowResult.LEFT_OUT, _staff_id(known.get(number))))
        elif row.has_error:
            planned.append(PlannedRow(row, RowResult.REJECTED, _staff_id(known.get(number))))
        elif number in seen:
            steps = _steps(row, known.get(number), since, without=seen[number])
            result = RowResult.UPDATED if steps else RowResult.UNCHANGED
            said = row if steps else without_warning(row, WarningCode.IN_TWO_TOWNS)
            planned.append(PlannedRow(said, result, _staff_id(known.get(number)), (), steps, "", first[number]))
            seen[number] += row.towns
        else:
            someone = known.get(number)
            planned.append(_plan_known(row, someone, since) if someone else _plan_new(row, since, alike))
            seen[number], first[number] = row.towns, row
    return planned


def with_warning(row: CheckedRow, code: WarningCode, message: str, column: str) -> CheckedRow:
    return row._replace(issues=(*row.issues, Issue(code, message, row.sheet or None, row.number, column)))


def without_warning(row: CheckedRow, code: WarningCode) -> CheckedRow:
    return row._replace(issues=tuple(issue for issue in row.issues if issue.code != code))


def warn_of_two_towns(row: CheckedRow, known: Known | None, town_names: Mapping[str, str]) -> CheckedRow:
    """A mediator who sits in another town's team already is written all the same, with a warning; `town_names` are
    those that the uploader may see.

    Nothing is said when the row's own towns are theirs already: then it is not this list that makes it so.
    """
    if known is None or row.has_error or row.post.role != TeamRole.MEDIATOR:
        return row
    held = {term.town_code for term in known.terms if term.until is None}
    elsewhere = held - set(row.towns)
    if not elsewhere or held.issuperset(row.towns):
        return row
    names = "、".join(dict.fromkeys(town_names.get(code, OTHER_TOWNS) for code in sorted(elsewhere)))
    message = f"这个人现在是{names}的队员，写入后两个镇（街）都有任职。"
    return with_warning(row, WarningCode.IN_TWO_TOWNS, message, "所在单位及职务")


def warn_of_namesake(row: CheckedRow, others: Iterable[Namesake], town_names: Mapping[str, str]) -> CheckedRow:
    """A new person whom the roster may have already under another identity number: the same name and town or phone."""
    others = list(others)
    here = sorted(town for town in row.towns if any(town in other.towns for other in others))
    same_phone = any(share_a_number(row.facts.phone, other.phone) for other in others)
    if not here and not same_phone:
        return row
    where = "、".join(town_names.get(code, code) for code in here)
    who = f"{where}已有同名的人" + ("，电话也相同" if same_phone else "") if here else "名册里已有同名、同电话的人"
    message = f"{who}，身份证号码不同。是同一个人的，请核对号码；不是的，会另记一人。"
    return with_warning(row, WarningCode.NAMESAKE, message, "身份证号码")


def _staff_id(known: Known | None) -> UUID | None:
    return known.staff_id if known else None


def _plan_new(row: CheckedRow, since: date, alike: dict[Hashable, tuple[TermStep, ...]]) -> PlannedRow:
    asked = row.towns, row.post.role, row.post.kind, row.marked
    steps = alike.get(asked)
    if steps is None:
        steps = alike[asked] = _steps(row, None, since)
    return PlannedRow(row, RowResult.CREATED, None, (), steps)


def _plan_known(row: CheckedRow, known: Known, since: date) -> PlannedRow:
    steps = _steps(row, known, since)
    changes = _changes(row, known.facts)
    if any(change.field == "name" for change in changes):
        row = with_warning(row, WarningCode.NAME_DIFFERS, NAME_DIFFERS, "姓名")
    result = RowResult.UPDATED if changes or steps else RowResult.UNCHANGED
    return PlannedRow(row, result, known.staff_id, changes, steps)


def _changes(row: CheckedRow, old: StaffFacts) -> tuple[Change, ...]:
    """What the file says differently. An empty cell says nothing: it never wipes what the roster has."""
    before = old.as_dict()
    filled = {FILLED[issue.code] for issue in row.issues if issue.code in FILLED}  # the cells were empty
    return tuple(
        Change(name, before[name], value)
        for name, value in row.facts.as_dict().items()
        if value and value != before[name] and name not in filled
        and not _says_the_same(name, value, before[name], row.post.role)
    )  # fmt: skip


def _says_the_same(name: str, value: str, old: str, role: str) -> bool:
    """Whether the cell is what the roster has once it was written out and read back.

    Blanks and separators make no difference, nor do, for court staff, the towns that an export adds to the note.
    """
    text = columns.BY_FIELD[name].clean(old)
    if name == "phone":
        return value == tidy_phone(text)
    if name == "note":
        text = without_mark(text)
        return value == text or (role in COURT_SEATS and without_service(value) == text)
    return value == text


def _steps(row: CheckedRow, known: Known | None, since: date, without: Collection[str] = ()) -> tuple[TermStep, ...]:
    terms = known.terms if known else ()
    seats = tuple(seat for seat in row.seats if seat.town not in without)
    steps = (_step(seat, _others(seat, seats), terms, since) for seat in seats)
    return tuple(step for step in steps if step)


def _others(seat: Seat, seats: Iterable[Seat]) -> list[Seat]:
    """The row's other seats in the same town."""
    return [other for other in seats if other.town == seat.town and other != seat]


def _step(seat: Seat, others: Sequence[Seat], terms: Sequence[Term], since: date) -> TermStep | None:
    """What one seat asks for. A row that names several seats in a town adds them and takes none away."""
    town, role, kind = seat.town, seat.role, seat.kind
    if not terms:
        return TermStep(Verb.START, town, role, kind, since)
    here = [term for term in terms if term.town_code == town]
    held = [term for term in here if term.until is None]
    same = next((term for term in held if term.role == role), None)
    if same:
        differs = bool(kind) and kind != same.kind
        return TermStep(Verb.CORRECT, town, role, kind, same.since, same) if differs else None
    if len(held) == 1 and not others:
        old = held[0]
        if old.since >= since:
            return TermStep(Verb.CORRECT, town, role, kind, old.since, old)
        return TermStep(Verb.REPLACE, town, role, kind, since, old)
    ended = [term.until for term in here if term.until and term.role == role]
    return TermStep(Verb.START, town, role, kind, max([since, *(day + timedelta(days=1) for day in ended)]))


def block(row: PlannedRow, reason: str) -> PlannedRow:
    """The row is right, but not this uploader's to write."""
    return row._replace(result=RowResult.REJECTED, blocked=reason, changes=(), steps=(), unshown=())
