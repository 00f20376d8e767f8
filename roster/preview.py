"""The rows of an upload as they are shown, and checked again when the uploader mends one: never the whole file."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from django.db.models import Q

from core.models import User
from core.queries import today
from roster import importers, queries
from roster.actions import imports
from roster.actions.found import Mended, MendedRow, Report, person_key
from roster.annex.facts import Issue
from roster.annex.kept import (
    issues_from_json,
    mends_from_json,
    packed,
    row_from_json,
    sheets_from_json,
    with_mend,
    with_rows,
)
from roster.annex.mending import Mends, RowKey, Settlement
from roster.annex.plan import PlannedRow, TeamAfter, changed_fingerprint
from roster.annex.reading import AnnexSheet
from roster.annex.rows import RawRow
from roster.annex.tally import TeamTally
from roster.models import RosterImport, RosterImportRow

AT_ONCE = 500  # so many rows of one person at most are gone through while somebody waits


class Shown(NamedTuple):
    """A kept row, what the file says there, and what would be written."""

    kept: RosterImportRow
    raw: RawRow
    row: PlannedRow


@dataclass(frozen=True)
class Outlook:
    """What was found in the file besides its rows."""

    sheets: list[AnnexSheet]
    issues: list[Issue]
    tally: TeamTally

    @property
    def teams(self) -> list[TeamAfter]:
        return self.tally.teams()


@dataclass(frozen=True)
class Decision:
    """What the uploader said about one row. A cell of None goes back to what the file says; a seat
    or town of None was not asked about."""

    cells: Mapping[str, str | None]
    left_out: bool
    seat: tuple[str, str] | None = None
    town: str | None = None

    def settled(self, before: Settlement) -> Settlement:
        role, kind = (before.role, before.kind) if self.seat is None else self.seat
        towns = before.towns if self.town is None else tuple(filter(None, [self.town]))
        return Settlement(role, kind, towns)


def outlook_of(upload: RosterImport) -> Outlook:
    kept = json.loads(upload.outlook)
    return Outlook(
        sheets_from_json(kept["sheets"]), issues_from_json(kept["issues"]), TeamTally.from_json(kept["tally"])
    )


# ── shown ────────────────────────────────────────────────────────────────────


def shown_rows(upload: RosterImport, rows: Iterable[RosterImportRow]) -> list[Shown]:
    """These rows against the roster as it is now; other rows of the same people are looked at with them."""
    wanted = list(rows)
    mends, sheets = mends_from_json(upload.mends), outlook_of(upload).sheets
    all_rows = _with_relatives(upload, wanted, {row.person for row in wanted})
    chosen = {row.pk for row in wanted}
    return [shown for shown in _planned(upload, sheets, all_rows, mends) if shown.kept.pk in chosen]


def _with_relatives(upload: RosterImport, rows: list[RosterImportRow], people: set[str]) -> list[RosterImportRow]:
    """The rows and those of the same people, in the file's order: the first row of a person decides over the later."""
    same = Q(person__in=people - {""})
    others = upload.rows.filter(same).exclude(pk__in=[row.pk for row in rows]).order_by("place")[:AT_ONCE]
    return sorted([*rows, *others], key=lambda row: row.place)


def _planned(upload: RosterImport, sheets: list[AnnexSheet], rows: list[RosterImportRow], mends: Mends) -> list[Shown]:
    read = [row_from_json(row.data) for row in rows]
    checked = importers.check_list(with_rows(sheets, read), town=upload.town_id, on=today(), mended=mends)
    planned = importers.plan_checked(checked, since=upload.since, by=upload.uploaded_by)
    return [Shown(row, raw, plan) for row, (_, raw), plan in zip(rows, read, planned, strict=True)]


# ── mended ───────────────────────────────────────────────────────────────────


@dataclass
class Outcome:
    """`is_alone`: no other row turned into something else."""

    is_alone: bool = False


def mend_row(*, upload: RosterImport, row: RosterImportRow, decision: Decision, by: User) -> Outcome:
    """Keep what the uploader said about a row and check it again, with the other rows of the people it names."""
    outcome = Outcome()
    sheets = outlook_of(upload).sheets
    place, raw = row_from_json(row.data)
    key: RowKey = (sheets[place].name, raw.number)

    def decide(kept: RosterImport) -> Mends:
        mends = mends_from_json(kept.mends)
        settled = decision.settled(mends.of(*key))
        return with_mend(mends, key, cells=decision.cells, settled=settled, left_out=decision.left_out)

    def look(kept: RosterImport, decided: Mends) -> Mended | None:
        (alone,) = _planned(kept, sheets, [row], decided)
        people = {row.person, person_key(alone.row.checked.facts.id_number)}
        rows = _with_relatives(kept, [row], people)
        if len(rows) > AT_ONCE:
            return None
        before = _planned(kept, sheets, rows, mends_from_json(kept.mends))
        after = _planned(kept, sheets, rows, decided)
        outcome.is_alone = all(old.row == new.row for old, new in zip(before, after, strict=True) if old.kept != row)
        return _mended(kept, before, after)

    imports.mend_upload(import_id=upload.pk, by=by, decide=decide, look=look)
    return outcome


def _mended(upload: RosterImport, before: list[Shown], after: list[Shown]) -> Mended:
    """What keeping these rows changes in the figures of the whole file."""
    removed, added = [shown.row for shown in before], [shown.row for shown in after]
    tally = _changed_tally(upload, removed, added)
    return Mended(
        rows=[
            MendedRow(kept.pk, row.result, row.is_to_look_at, person_key(row.checked.facts.id_number))
            for kept, _, row in after
        ],
        outlook=packed(json.loads(upload.outlook) | {"tally": tally.as_json()}),
        fingerprint=changed_fingerprint(upload.fingerprint, removed=removed, added=added),
        report=_changed_report(upload.report, after) | {"towns": tally.named()},
    )


def _changed_tally(upload: RosterImport, removed: list[PlannedRow], added: list[PlannedRow]) -> TeamTally:
    tally = outlook_of(upload).tally
    towns = tally.missing([*removed, *added])
    tally.know(towns, queries.members_now(towns) if towns else [])
    for row in removed:
        tally.remove(row)
    for row in added:
        tally.add(row)
    return tally


def _changed_report(report: Report, after: list[Shown]) -> Report:
    """The counts with each row moved from the result it had to the one it has now."""
    counts: dict[str, Any] = dict(report)
    for kept, _, row in after:
        counts[kept.result] -= 1
        counts[row.result.value] += 1
        counts["look"] += row.is_to_look_at - kept.to_look_at
    return counts
