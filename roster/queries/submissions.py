"""Lists handed in: which unit, when first, when last; how all 23 units stand on a day; one unit's people."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time
from typing import Any

from django.db.models import Prefetch, Q, QuerySet, TextField, Value, Window
from django.db.models.fields.json import KT
from django.db.models.functions import Coalesce, NullIf, RowNumber
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.utils import timezone

from core.access import require
from core.choices import Role
from core.models import User
from roster.choices import HandInState, ImportState, TeamRole, UnitKind
from roster.hand_ins import BUREAU, BUREAU_SENDS, COURT, COURT_SENDS, HandIn, UnitStanding, unit_standing
from roster.models import RosterImport, RosterSubmission, Staff, TeamMembership
from roster.queries.places import towns_for

LATEST = 3  # written lists told of a unit


def submission_to_read(town_code: str) -> RosterSubmission | None:
    """The latest list the town handed in, while it has not been read: no import of it, no mediators of the town yet."""
    last = RosterSubmission.objects.standing().filter(town_id=town_code).order_by("-handed_in_on").first()
    if last is None or last.imports.exists():
        return None
    mediators = TeamMembership.objects.filter(town_code=town_code, role=TeamRole.MEDIATOR)
    return None if mediators.exists() else last


def submissions(town_codes: Collection[str], on: date, known_on: date | None = None) -> dict[str, RosterSubmission]:
    """The first list each town had handed in by a day (the plan's is 30 March 2023), as the books stood on `known_on`
    (default: now), by code; one query."""
    rows = RosterSubmission.objects.filter(town_id__in=list(town_codes), handed_in_on__lte=on)
    rows = rows.order_by("-handed_in_on", "-pk")
    return {row.town_id: row for row in rows if row.town_id and _hand_in(row).stands(on, known_on)}


# ── all units on a day ───────────────────────────────────────────────────────


@dataclass(frozen=True)
class Written:
    """The latest imports that are to be told of a unit besides those at what it handed in: `own` were of the unit
    alone and stand at nothing, `together` of several towns with it, at whichever of them they may stand."""

    own: list[RosterImport] = field(default_factory=list)
    together: list[RosterImport] = field(default_factory=list)


@dataclass(frozen=True)
class Unit:
    """A unit with how it stands; `first` is the list that counts, `rows` all that stand on the day, oldest first.
    `is_noted`: something was noted of it, struck out or not. No import written after `until` is told."""

    key: str
    name: str
    standing: UnitStanding
    rows: list[RosterSubmission]
    is_noted: bool
    written: Written
    until: date

    @property
    def has_list(self) -> bool:
        """Whether there is any list of the unit's people: noted, or written, of it alone or of several towns."""
        return bool(self.rows or self.written.own or self.written.together)

    @property
    def by_person(self) -> bool:
        """The court's and the bureau's people stand by person, whatever was handed in: no team's page has them."""
        return self.key in (COURT, BUREAU)

    @property
    def imports(self) -> list[RosterImport]:
        """What was written from the unit's own lists, those first that stand at what it handed in."""
        return [upload for row in self.rows for upload in row.imports.all() if self._is_told(upload)] + self.written.own

    @property
    def together(self) -> list[RosterImport]:
        """Lists of several towns that brought the unit's people, but for those that stand at what it handed in."""
        own = {row.pk for row in self.rows}
        return [upload for upload in self.written.together if upload.submission_id not in own]

    def _is_told(self, upload: RosterImport) -> bool:
        return upload.applied_at is not None and timezone.localdate(upload.applied_at) <= self.until

    @property
    def first(self) -> RosterSubmission | None:
        return self.rows[0] if self.rows else None

    @property
    def supplements(self) -> list[RosterSubmission]:
        return self.rows[1:]


def unit_names(user: User) -> dict[str, str]:
    """The units whose lists the user may see, by key: towns by code, then the court and the bureau."""
    own = {} if user.role == Role.CLERK else {town.code: town.name for town in towns_for(user)}
    if user.role == Role.OFFICER:
        return own
    county = {COURT: str(UnitKind.COURT.label), BUREAU: str(UnitKind.BUREAU.label)}
    return own | ({COURT: county[COURT]} if user.role == Role.CLERK else county)


def units(user: User, on: date, known_on: date | None = None) -> list[Unit]:
    """Every unit the user may see; three queries beside that for the towns."""
    names = unit_names(user)
    of_unit: dict[str, list[RosterSubmission]] = defaultdict(list)
    for row in _noted(user):
        of_unit[row.unit].append(row)
    written = loose_by_unit(known_on or on)
    return [_unit((key, name), of_unit[key], written[key], on, known_on) for key, name in names.items()]


def unit_of(user: User, key: str, on: date) -> Unit:
    """One unit that the user may see. Raises NotAllowed, Http404 for another's; three queries beside that for the
    towns."""
    require(user, "roster.view")
    names = unit_names(user)
    if key not in names:
        raise Http404
    return _unit((key, names[key]), list(_of_unit(_noted(user), key)), loose_by_unit(on)[key], on, None)


def _noted(user: User) -> QuerySet[RosterSubmission]:
    rows = RosterSubmission.objects.visible_to(user).select_related("town", "cover_letter").prefetch_related("imports")
    return rows.order_by("handed_in_on", "pk")


def _unit(
    unit: tuple[str, str],
    rows: list[RosterSubmission],
    written: Written,
    on: date,
    known_on: date | None,
) -> Unit:
    hand_ins = {row.pk: _hand_in(row) for row in rows}
    standing = [row for row in rows if hand_ins[row.pk].stands(on, known_on)]
    stands = unit_standing(hand_ins.values(), on, known_on)
    return Unit(*unit, stands, standing, bool(rows), written, known_on or on)


def _hand_in(row: RosterSubmission) -> HandIn:
    voided = timezone.localdate(row.voided_at) if row.voided_at else None
    return HandIn(row.handed_in_on, timezone.localdate(row.recorded_at), voided)


def counts(found: Iterable[Unit]) -> dict[HandInState, int]:
    """How many units stand in each state."""
    states = [unit.standing.state for unit in found]
    return {state: states.count(state) for state in HandInState}


# ── one unit, one list ───────────────────────────────────────────────────────


def hand_ins_of(user: User, key: str) -> QuerySet[RosterSubmission]:
    """Everything noted of a unit, struck out or not, oldest first, with its imports and letter."""
    rows = RosterSubmission.objects.visible_to(user).select_related("cover_letter", "recorded_by", "town")
    return _of_unit(rows, key).prefetch_related("imports").order_by("handed_in_on", "pk")


def _of_unit(rows: QuerySet[RosterSubmission], key: str) -> QuerySet[RosterSubmission]:
    return rows.filter(unit_kind=key) if key in (COURT, BUREAU) else rows.filter(town_id=key)


def submission_for(user: User, submission_id: int) -> RosterSubmission:
    """A list the user may see. Raises NotAllowed, Http404."""
    require(user, "roster.view")
    rows = RosterSubmission.objects.visible_to(user).select_related("town", "cover_letter")
    return get_object_or_404(rows.prefetch_related("imports"), pk=submission_id)


def loose_imports(user: User, limit: int = 20) -> list[RosterImport]:
    """Imports that were written and belong to no list yet, newest first."""
    rows = RosterImport.objects.visible_to(user).filter(state=ImportState.APPLIED, submission=None)
    return list(rows.select_related("town").order_by("-applied_at")[:limit])


def loose_by_unit(until: date) -> defaultdict[str, Written]:
    """The `LATEST` imports written by a day that stand at nothing handed in, newest first, by unit; one query.

    A list of several towns is each of theirs whose people it held: it is told at the others too where it stands at
    what one of them handed in. Of it are told the file's name and its day, to whoever may see the town's lists.
    """
    rows = RosterImport.objects.filter(state=ImportState.APPLIED, applied_at__lte=_end_of(until))
    unit = NullIf(KT("report__unit"), Value("", TextField()))
    # A list of several towns counts among those of the very same towns: so each town's latest are among them.
    whose, newest_first = Coalesce("unit", KT("report__towns")), ("-applied_at", "pk")
    place = Window(RowNumber(), partition_by=whose, order_by=newest_first)
    rows = rows.annotate(unit=unit).exclude(unit=None, town__isnull=False)
    rows = rows.filter(Q(submission=None) | Q(unit=None))
    found: defaultdict[str, Written] = defaultdict(Written)
    latest = rows.annotate(place=place).filter(place__lte=LATEST).values("pk")  # numbered bare, then fetched
    for row in RosterImport.objects.light().filter(pk__in=latest).order_by(*newest_first):
        if of_one := row.report.get("unit"):
            found[of_one].own.append(row)
            continue
        for town in row.report.get("towns", ()):
            if len(found[town].together) < LATEST:
                found[town].together.append(row)
    return found


def _end_of(day: date) -> datetime:
    """Its last moment: a comparison with it asks the database for no day of each row."""
    return timezone.make_aware(datetime.combine(day, time.max))


def people_of_unit(user: User, key: str, on: date) -> Sequence[Staff]:
    """Whom a unit sends, with their seats at `seats_now`; two queries.

    A town's by seat; the court's and the bureau's by person, each once with all their towns.
    """
    terms = TeamMembership.objects.on(on)
    terms = terms.filter(**_sends(key)).select_related("town").order_by("town_code", "pk")
    found = Staff.objects.visible_to(user).filter(pk__in=terms.values("staff_id"))
    people = list(
        found.prefetch_related(Prefetch("memberships", terms, to_attr="seats_now")).order_by("name_order", "pk")
    )
    if key not in (COURT, BUREAU):
        order = list(TeamRole.values)
        people.sort(key=lambda staff: order.index(staff.seats_now[0].role))
    return people


def _sends(key: str) -> dict[str, Any]:
    if key == COURT:
        return {"role__in": sorted(COURT_SENDS)}
    if key == BUREAU:
        return {"role": TeamRole.MEDIATOR, "mediator_kind__in": sorted(BUREAU_SENDS)}
    return {"town_code": key}
