"""Reads of the roster: teams and their standing on a day, people by identity number, places, lists."""

import re
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import Count, Prefetch, Q, QuerySet
from django.http import Http404
from django.shortcuts import get_object_or_404

from core import privacy
from core.access import require
from core.choices import Level
from core.models import Division, User
from core.scope import covers, within_any
from roster.annex.facts import StaffFacts
from roster.annex.masks import OnRoster
from roster.annex.plan import Known, Member, Namesake, Term
from roster.choices import TeamRole
from roster.models import RosterImport, RosterImportRow, RosterSubmission, Staff, TeamMembership
from roster.phones import tidy_phone
from roster.rules import roster_codes
from roster.team_standard import SeatCount, TeamStanding, standing
from roster.towns import Gazetteer

A_NUMBER = re.compile(r"[\d\s+-]{6,}[\dXx]")
HASHES_A_QUERY = 10_000
ID_LABEL, PHONE_LABEL = "id_number", "phone"


# ── teams ────────────────────────────────────────────────────────────────────


@dataclass(frozen=True)
class SeatGroup:
    """The seats of one role: who sits there, and how many chairs stand empty."""

    count: SeatCount
    members: list[TeamMembership]

    @property
    def empty_chairs(self) -> range:
        return range(self.count.short)


@dataclass(frozen=True)
class Team:
    """A town's team on a day."""

    town_code: str
    on: date
    members: list[TeamMembership]
    standing: TeamStanding

    @property
    def groups(self) -> list[SeatGroup]:
        return [
            SeatGroup(count, [member for member in self.members if member.role == count.role])
            for count in self.standing.seats
        ]


def team_of(town_code: str, on: date) -> Team:
    """Everybody with a seat in the town on `on`, judge first; one query."""
    members = list(_seated(on).filter(town_code=town_code))
    order = list(TeamRole.values)
    members.sort(key=lambda member: (order.index(member.role), member.since, member.pk))
    return Team(town_code, on, members, standing(member.role for member in members))


def team_standings(town_codes: Collection[str], on: date) -> dict[str, TeamStanding]:
    """How each town's team stands on `on`, by code; a town without anybody is there too. One query."""
    taken: dict[str, list[str]] = {code: [] for code in town_codes}
    rows = (
        TeamMembership.objects.on(on)
        .filter(town_code__in=list(taken))
        .values("town_code", "role")
        .annotate(people=Count("staff_id", distinct=True))
        .order_by("town_code", "role")
    )
    for row in rows:
        taken[row["town_code"]] += [row["role"]] * row["people"]
    return {code: standing(roles) for code, roles in taken.items()}


def current_members(town_code: str, role: str, on: date) -> QuerySet[TeamMembership]:
    """Who holds `role` in the town on `on`, with their people and accounts; longest in office first."""
    return _seated(on).filter(town_code=town_code, role=role).order_by("since", "pk")


def mediator_choices(town_code: str, on: date) -> QuerySet[User]:
    """Accounts of the town's mediators on `on`: whom a case can be given to."""
    terms = TeamMembership.objects.on(on).filter(town_code=town_code, role=TeamRole.MEDIATOR)
    return User.objects.filter(is_active=True, staff__in=terms.values("staff_id")).order_by("name", "pk")


def judge_of(town_code: str, on: date) -> TeamMembership | None:
    """The town's judge on `on` (the longest in office if there are two), with person and account."""
    return current_members(town_code, TeamRole.JUDGE, on).first()


def _seated(on: date) -> QuerySet[TeamMembership]:
    return TeamMembership.objects.on(on).select_related("staff", "staff__user")


# ── places ───────────────────────────────────────────────────────────────────


def towns() -> QuerySet[Division]:
    """The 镇（街） of the county; farms and the like are no towns."""
    return Division.objects.filter(level=Level.TOWN, is_statistical_only=False).order_by("code")


def towns_for(user: User) -> list[Division]:
    """The towns whose roster the user may see."""
    return list(towns().filter(within_any("code", roster_codes(user))))


def town_for(user: User, code: str) -> Division:
    """One of those towns. Raises NotAllowed for who has no business with the roster, Http404 for another town."""
    require(user, "roster.view")
    town = get_object_or_404(towns(), code=code)
    if not covers(roster_codes(user), town.code):
        raise Http404
    return town


def gazetteer() -> Gazetteer:
    """Names of all towns and villages, in one query."""
    places = Division.objects.filter(level__in=[Level.TOWN, Level.VILLAGE]).order_by("code")
    names: dict[str, dict[str, str]] = {Level.TOWN: {}, Level.VILLAGE: {}}
    for code, name, level, is_statistical in places.values_list("code", "name", "level", "is_statistical_only"):
        if not is_statistical:
            names[level][code] = name
    return Gazetteer(names[Level.TOWN], names[Level.VILLAGE])


# ── people ───────────────────────────────────────────────────────────────────


def facts_of(staff: Staff) -> StaffFacts:
    """The annex columns of a person, decrypted."""
    return StaffFacts(
        name=staff.name,
        born=staff.born,
        sex=staff.sex,
        unit_and_duty=staff.unit_and_duty,
        registered_address=staff.registered_address,
        contact_address=staff.contact_address,
        id_number=staff.id_number,
        phone=staff.phone,
        note=staff.note,
    )


def known_people(id_numbers: Iterable[str]) -> dict[str, Known]:
    """The people the roster already has, by identity number, with all their terms; two queries per 10,000 numbers."""
    hashes = [privacy.lookup_hash(ID_LABEL, number) for number in id_numbers]
    found: dict[str, Known] = {}
    for start in range(0, len(hashes), HASHES_A_QUERY):
        people = Staff.objects.filter(id_hash__in=hashes[start : start + HASHES_A_QUERY])
        for staff in people.prefetch_related("memberships"):
            terms = tuple(
                Term(term.pk, term.town_code, term.role, term.mediator_kind, term.since, term.until)
                for term in staff.memberships.all()
            )
            found[staff.id_number] = Known(staff.pk, facts_of(staff), terms)
    return found


def people_named(names: Collection[str]) -> dict[str, list[OnRoster]]:
    """Everybody with one of the names, decrypted, with the towns they sit in now; two queries per 10,000 names."""
    found: dict[str, list[OnRoster]] = {}
    for some in _by_ten_thousand(names):
        now = Prefetch("memberships", TeamMembership.objects.filter(until=None), to_attr="open_terms")
        for staff in Staff.objects.filter(name__in=some).prefetch_related(now):
            towns = frozenset(term.town_code for term in staff.open_terms)
            found.setdefault(staff.name, []).append(OnRoster(facts_of(staff), towns))
    return found


def _by_ten_thousand(words: Collection[str]) -> Iterator[list[str]]:
    wanted = sorted(set(words))
    for start in range(0, len(wanted), HASHES_A_QUERY):
        yield wanted[start : start + HASHES_A_QUERY]


def phone_hash(phone: str) -> str:
    """The keyed hash a phone is found by; empty for none."""
    return privacy.lookup_hash(PHONE_LABEL, phone)


def namesakes(names: Collection[str]) -> dict[str, list[Namesake]]:
    """Who of the roster has one of the names: their towns and the hash of their phone, nothing decrypted.

    Two queries per 10,000 names.
    """
    found: dict[str, list[Namesake]] = {}
    for some in _by_ten_thousand(names):
        people = Staff.objects.filter(name__in=some)
        seats: dict[UUID, set[str]] = {}
        terms = TeamMembership.objects.filter(until=None, staff__in=people)
        for staff_id, town in terms.values_list("staff_id", "town_code"):
            seats.setdefault(staff_id, set()).add(town)
        for staff_id, name, phone_hash in people.values_list("pk", "name", "phone_hash"):
            found.setdefault(name, []).append(Namesake(phone_hash, frozenset(seats.get(staff_id, ()))))
    return found


def members_now(town_codes: Collection[str]) -> list[Member]:
    """Who holds an open seat in the towns, in one query."""
    rows = (
        TeamMembership.objects.filter(town_code__in=list(town_codes), until=None)
        .order_by("town_code", "role", "pk")
        .values_list("staff_id", "staff__name", "town_code", "role")
    )
    return [Member(*row) for row in rows]


class Seat:
    """Which people a list shows, by what they hold."""

    NOW, UNCLEAR, LEFT = "now", "unclear", "left"


def people(
    user: User, on: date, *, seat: str = Seat.NOW, town_code: str = "", role: str = "", search: str = ""
) -> QuerySet[Staff]:
    """The people a user may see, filtered; their seats of the day come along as `seats_now`, in one more query.

    `search` is a name or part of one, pinyin initials, or a whole identity or phone number.
    """
    terms = TeamMembership.objects.filter(within_any("town_code", roster_codes(user)))
    if town_code:
        terms = terms.filter(town_code=town_code)
    if role:
        terms = terms.filter(role=role)
    now, ever = terms.on(on).values("staff_id"), terms.values("staff_id")
    found = Staff.objects.visible_to(user)
    if seat == Seat.UNCLEAR:
        found = found.filter(memberships=None)
    elif seat == Seat.LEFT:
        found = found.filter(pk__in=ever).exclude(pk__in=TeamMembership.objects.on(on).values("staff_id"))
    else:
        found = found.filter(pk__in=now)
    seats_now = TeamMembership.objects.on(on).select_related("town").order_by("town_code", "role")
    return found.filter(_matches(search)).prefetch_related(Prefetch("memberships", seats_now, to_attr="seats_now"))


def sealed_search(user: User, text: str) -> str:
    """A search as it may stand in an address: unreadable, and of use only to `user`."""
    return privacy.encrypt(text, context=f"roster.search.{user.pk}")


def opened_search(user: User, sealed: str) -> str:
    """What was searched for; nothing when the address was changed or is somebody else's."""
    if not sealed:
        return ""
    try:
        return privacy.decrypt(sealed, context=f"roster.search.{user.pk}")
    except privacy.DecryptionError:
        return ""


def _matches(search: str) -> Q:
    text = search.strip()
    if not text:
        return Q()
    if A_NUMBER.fullmatch(text):
        phone = tidy_phone(text) or text
        return Q(id_hash=privacy.lookup_hash(ID_LABEL, text)) | Q(phone_hash=privacy.lookup_hash(PHONE_LABEL, phone))
    if text.isascii():
        return Q(name_initials__startswith=text.lower()) | Q(name__icontains=text)
    return Q(name__contains=text)


def person_for(user: User, staff_id: UUID) -> Staff:
    """A person with all terms. Raises NotAllowed for who has no business with the roster, Http404 outside the scope."""
    require(user, "roster.view")
    terms = TeamMembership.objects.select_related("town").order_by("until", "-since", "pk")
    visible = Staff.objects.visible_to(user).prefetch_related(Prefetch("memberships", terms))
    return get_object_or_404(visible, pk=staff_id)


# ── imports and submissions ──────────────────────────────────────────────────


def import_for(user: User, import_id: UUID) -> RosterImport:
    """An upload the user may open: their own, or any for an admin. Raises NotAllowed, Http404."""
    require(user, "roster.import")
    visible = RosterImport.objects.visible_to(user).defer("content").select_related("town", "uploaded_by")
    return get_object_or_404(visible, pk=import_id)


def import_rows(upload: RosterImport, *, result: str = "", to_look_at: bool = False) -> QuerySet[RosterImportRow]:
    """The upload's rows, all or those of one result or those to be looked at."""
    rows = RosterImportRow.objects.filter(upload=upload)
    if to_look_at:
        return rows.filter(to_look_at=True)
    return rows.filter(result=result) if result else rows


def import_row_for(upload: RosterImport, place: int) -> RosterImportRow:
    return get_object_or_404(RosterImportRow, upload=upload, place=place)


def recent_imports(user: User, limit: int = 8) -> list[RosterImport]:
    found = RosterImport.objects.visible_to(user).light().select_related("town", "uploaded_by")
    return list(found.order_by("-uploaded_at")[:limit])


def last_submission(town_code: str) -> RosterSubmission | None:
    """The latest list the town handed in."""
    return RosterSubmission.objects.filter(town_id=town_code).order_by("-handed_in_on").first()


def submissions(town_codes: Collection[str]) -> dict[str, RosterSubmission]:
    """The first list each town handed in (the plan's day is 30 March 2023), by code; one query."""
    rows = RosterSubmission.objects.filter(town_id__in=list(town_codes)).order_by("-handed_in_on")
    return {row.town_id: row for row in rows if row.town_id}
