"""What an import of a ledger is checked against, and one's own imports."""

import json
from collections.abc import Iterable
from datetime import date
from itertools import islice
from typing import Any, NamedTuple
from uuid import UUID

from django.db.models import F
from django.shortcuts import get_object_or_404

from core.access import require
from core.bulk import Among
from core.choices import Level, Role
from core.models import Division, User, spoken
from core.queries import today
from disputes import triage
from disputes.choices import OPEN_LEDGER_IMPORTS, LedgerImportState, Side, Source
from disputes.importing.facts import Frame
from disputes.models import Dispute, LedgerImport, Party
from disputes.queries.choosing import case_types
from roster.queries import stays_in

RECENT = 8
KEYS_AT_ONCE = 5_000


def frame_for(town: Division, *, village: str = "", source: str = "") -> Frame:
    """The town's villages, the county's towns, the types in use, today."""
    villages = Division.objects.filter(level=Level.VILLAGE, parent_id=town.pk).order_by("code")
    towns = Division.objects.filter(level=Level.TOWN, parent_id=town.parent_id)
    types = {row.key: row.name for row in case_types()}

    def suggest(story: str) -> str:
        found = (one.case_type for one in triage.suggest(story).suggestions if one.case_type in types)
        return next(found, list(types)[-1])

    return Frame(
        town=town.pk,
        town_name=town.name,
        villages={code: spoken(name) for code, name in villages.values_list("code", "name")},
        towns=dict(towns.values_list("code", "name")),
        types=types,
        today=today(),
        suggest=suggest,
        village=village,
        source=source or Source.VISIT,
    )


def towns_to_import(user: User) -> list[Division]:
    """The towns whose ledgers the user brings in."""
    codes = [code for code in user.scope_codes if len(code) == len("445381101")]
    return list(Division.objects.filter(level=Level.TOWN, code__in=codes).select_related("parent").order_by("code"))


def import_for(user: User, import_id: UUID) -> LedgerImport:
    """One of the user's own uploads, without what weighs. Raises NotAllowed, Http404."""
    require(user, "disputes.import")
    rows = LedgerImport.objects.visible_to(user).light().select_related("town", "village", "uploaded_by")
    return get_object_or_404(rows, pk=import_id)


def outlook_of(upload: LedgerImport) -> dict[str, Any]:
    """What is kept about the file: samples of its columns first, the checked rows later."""
    return dict(json.loads(upload.outlook)) if upload.outlook else {}


def recent_imports(user: User) -> list[LedgerImport]:
    return list(LedgerImport.objects.visible_to(user).light().select_related("town").order_by("-uploaded_at")[:RECENT])


def open_imports(user: User) -> set[UUID]:
    """One's own ledgers that are neither written nor given up: a file of theirs sent again is the same ledger."""
    mine = LedgerImport.objects.filter(uploaded_by=user, state__in=OPEN_LEDGER_IMPORTS)
    return set(mine.values_list("pk", flat=True))


def remembered_columns(town: str) -> dict[str, str]:
    """What the headers of the town's files were said to be, the last word first.

    A column left out counts as said only where the file was written: else it may be what kept it from being written.
    """
    found: dict[str, str] = {}
    rows = LedgerImport.objects.filter(town_id=town).exclude(columns={}).order_by("-uploaded_at")
    for columns, state in rows.values_list("columns", "state")[:RECENT]:
        is_written = state == LedgerImportState.APPLIED
        found = {header: field for header, field in columns.items() if field or is_written} | found
    return found


def codes_of_rows(keys: Iterable[str]) -> dict[str, str]:
    """Key of a row → the dispute's code, for rows that were written before."""
    found: dict[str, str] = {}
    waiting = iter(keys)
    while some := list(islice(waiting, KEYS_AT_ONCE)):
        rows = Dispute.objects.filter(Among(F("idempotency_key"), some))
        found |= {str(key): code for key, code in rows.values_list("idempotency_key", "code")}
    return found


def alike(town: str, days: Iterable[date]) -> dict[tuple[date, str], str]:
    """Day of registration and first applicant of the town's disputes on these days → code: they may be the same."""
    listed = sorted(set(days))
    if not listed:
        return {}
    parties = Party.objects.filter(
        side=Side.APPLICANT, dispute__town_code=town, dispute__registered_on__range=(listed[0], listed[-1])
    )
    rows = parties.values_list("dispute__registered_on", "name", "dispute__code")
    return {(day, name): code for day, name, code in rows.iterator(KEYS_AT_ONCE)}


class Named(NamedTuple):
    """A mediator whom a ledger may name, and whether what still runs can be theirs."""

    user: User
    takes_on: bool


def mediators_by_name(town: str) -> dict[str, Named]:
    """The town's mediators by name; two of one name are left out, even where one of them takes on nothing more."""
    found: dict[str, Named | None] = {}
    people = User.objects.filter(role=Role.MEDIATOR, scopes__division=town).annotate(stays=stays_in(town))
    for user in people.order_by("pk"):
        found[user.name] = None if user.name in found else Named(user, user.is_active and user.stays)
    return {name: named for name, named in found.items() if named}
