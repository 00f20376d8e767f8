"""People: known by their identity number, listed and found, one in hand."""

import re
from collections.abc import Collection, Iterator, Sequence
from datetime import date
from functools import reduce
from itertools import islice
from operator import or_
from typing import cast
from uuid import UUID

from django.db.models import Count, F, Prefetch, Q, QuerySet, Value
from django.db.models.functions import Replace
from django.db.models.lookups import Contains
from django.shortcuts import get_object_or_404

from core import privacy
from core.access import require
from core.bulk import Among
from core.fields import EncryptedTextField, LookupHashField
from core.models import Deadline, User
from core.scope import within_any
from roster.annex.facts import StaffFacts
from roster.annex.masks import OnRoster
from roster.annex.plan import Known, Member, Namesake, Term
from roster.id_card import SHAPE, tidy_id_number
from roster.models import Staff, TeamMembership
from roster.models.people import HAS_NUMBER
from roster.names import tidy_name
from roster.phones import JOINER, is_mobile, tidy_phone
from roster.phones import TAIL as TAIL_LENGTH
from roster.queries.terms import first_written
from roster.rules import roster_codes
from roster.seat_roles import COURT_ROLES

A_NUMBER = re.compile(r"[\d\s+-]{6,}[\dXx]")
A_TAIL = re.compile(r"\d{3}[\dXx]")
WHOLE, TAIL = "whole", "tail"
DOT = "·"  # of a minority name, which is often typed without it
HASHES_A_QUERY = 10_000
BY_PINYIN = ("name_order", "id")
ID_LABEL = "id_number"
PHONE = cast("EncryptedTextField", Staff._meta.get_field("phone"))


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


def id_hashes(id_numbers: Sequence[str]) -> dict[str, str]:
    """The keyed hash by which each identity number is found."""
    return dict(zip(id_numbers, privacy.column_hasher(ID_LABEL)(id_numbers), strict=True))


def known_people(hashes: Collection[str]) -> dict[str, Known]:
    """The people the roster already has under these hashes, by identity number, with all their terms; two queries per
    10,000 of them, one more for a longer list."""
    found: dict[str, Known] = {}
    for some in _by_ten_thousand(_there_at_all("id_hash", hashes)):
        people = Staff.objects.numbered(some)
        for staff in people.prefetch_related("memberships"):
            terms = tuple(
                Term(term.pk, term.town_code, term.role, term.mediator_kind, term.since, term.until)
                for term in staff.memberships.all()
            )
            found[staff.id_number] = Known(staff.pk, facts_of(staff), terms)
    return found


def accounts_not_the_courts(staff_ids: Collection[UUID]) -> set[UUID]:
    """Whose account is no judge's or assistant's, or is switched off: one that a court seat would change."""
    theirs = Q(user__role__in=COURT_ROLES, user__is_active=True)
    return set(Staff.objects.filter(pk__in=staff_ids, user__isnull=False).exclude(theirs).values_list("pk", flat=True))


def _there_at_all(column: str, words: Collection[str]) -> Collection[str]:
    """Those of a long list's words that stand in a column of the roster, asked from its side while it is small."""
    if len(words) <= HASHES_A_QUERY:
        return words
    there = list(Staff.objects.values_list(column, flat=True)[: HASHES_A_QUERY + 1])
    return words if len(there) > HASHES_A_QUERY else list(set(there).intersection(words))


def people_named(names: Collection[str]) -> dict[str, list[OnRoster]]:
    """Everybody with one of the names, decrypted, with the towns they sit in now; two queries per 10,000 names."""
    found: dict[str, list[OnRoster]] = {}
    for some in _by_ten_thousand(names):
        now = Prefetch("memberships", TeamMembership.objects.filter(until=None), to_attr="open_terms")
        for staff in Staff.objects.filter(Among(F("name"), some)).prefetch_related(now):
            towns = frozenset(term.town_code for term in staff.open_terms)
            found.setdefault(staff.name, []).append(OnRoster(facts_of(staff), towns))
    return found


def _by_ten_thousand(words: Collection[str]) -> Iterator[list[str]]:
    wanted = iter(set(words))
    while some := list(islice(wanted, HASHES_A_QUERY)):
        yield some


def namesakes(names: Collection[str]) -> dict[str, list[Namesake]]:
    """Who of the roster has one of the names: their towns and their phone, the only thing that is decrypted.

    Two queries per 10,000 names, one more for a longer list.
    """
    found: dict[str, list[Namesake]] = {}
    opened = PHONE.opener()
    for some in _by_ten_thousand(_there_at_all("name", names)):
        people = list(Staff.objects.filter(Among(F("name"), some)).values_list("pk", "name", "phone"))
        seats: dict[UUID, set[str]] = {}
        terms = TeamMembership.objects.filter(until=None, staff__in=[pk for pk, _, _ in people])
        for staff_id, town in terms.values_list("staff_id", "town_code"):
            seats.setdefault(staff_id, set()).add(town)
        for staff_id, name, phone in people:
            towns = frozenset(seats.get(staff_id, ()))
            found.setdefault(name, []).append(Namesake(opened(phone, str(staff_id)), towns))
    return found


def members_now(town_codes: Collection[str]) -> list[Member]:
    """Who holds an open seat in the towns, in one query."""
    rows = (
        TeamMembership.objects.filter(town_code__in=list(town_codes), until=None)
        .order_by("town_code", "role", "pk")
        .values_list("staff_id", "staff__name", "town_code", "role")
    )
    return [Member(*row) for row in rows]


def open_work(staff_ids: Collection[UUID]) -> dict[tuple[UUID, str], int]:
    """How many open deadlines each of these people answers for, by person and town; one query."""
    rows = Deadline.objects.open().filter(responsible__staff__in=list(staff_ids))
    counted = rows.order_by().values("responsible__staff", "town_code").annotate(number=Count("pk"))
    return {(row["responsible__staff"], row["town_code"]): row["number"] for row in counted}


class Seat:
    """Which people a list shows, by what they hold."""

    NOW, UNCLEAR, LEFT = "now", "unclear", "left"


IN, OUT = "in", "out"


def people(
    user: User,
    on: date,
    *,
    seat: str = Seat.NOW,
    town_code: str = "",
    role: str = "",
    kind: str = "",
    platform: str = "",
    search: str = "",
) -> QuerySet[Staff]:
    """The people a user may see, filtered; their seats of the day come along as `seats_now`, in one more query. Who
    holds none but had one, or will, is Seat.LEFT, and brings the seats to come as `seats_coming`.

    `kind` is a source of mediators, `platform` IN or OUT. `search` is a name or part of one, pinyin initials, a whole
    identity or phone number, or the last four digits of one.
    """
    terms = TeamMembership.objects.filter(within_any("town_code", roster_codes(user)))
    narrow = {"town_code": town_code, "role": role, "mediator_kind": kind}
    terms = terms.filter(**{name: value for name, value in narrow.items() if value})
    now, ever = terms.on(on).values("staff_id"), terms.values("staff_id")
    found = Staff.objects.visible_to(user)
    if seat == Seat.UNCLEAR:
        found = found.filter(memberships=None)
    elif seat == Seat.LEFT:
        found = found.filter(pk__in=ever).exclude(pk__in=TeamMembership.objects.on(on).values("staff_id"))
    else:
        found = found.filter(pk__in=now)
    if platform:
        found = found.filter(joined_platform_on__isnull=platform == OUT)
    found = found.filter(_matches(search, found))
    is_out = seat == Seat.LEFT
    shown = TeamMembership.objects.filter(since__gt=on) if is_out else TeamMembership.objects.on(on)
    seats = shown.select_related("town").order_by("town_code", "role")
    return found.prefetch_related(Prefetch("memberships", seats, to_attr="seats_coming" if is_out else "seats_now"))


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


def number_search(search: str) -> str:
    """WHOLE or TAIL when a search is by a number; "" when it is by a name."""
    text = search.strip()
    if A_TAIL.fullmatch(text):
        return TAIL
    return WHOLE if A_NUMBER.fullmatch(text) else ""


def _matches(search: str, seen: QuerySet[Staff]) -> Q:
    text = search.strip()
    how = number_search(text)
    if not text:
        return Q()
    if how == TAIL:
        return _with_tail(text)
    if how == WHOLE:
        by_id = Q(id_hash=privacy.lookup_hash(ID_LABEL, text)) & HAS_NUMBER
        return by_id if SHAPE.fullmatch(tidy_id_number(text)) else by_id | _with_phone(tidy_phone(text) or text, seen)
    if text.isascii():
        return Q(name_initials__startswith=text.lower().replace(" ", "")) | Q(name__icontains=text)
    plain = tidy_name(text).replace(DOT, "")
    return Q(Contains(Replace(F("name"), Value(DOT), Value("")), plain)) if plain else Q(pk__in=[])


def _with_tail(tail: str) -> Q:
    """Whose identity number or one of whose telephone numbers ends so."""
    return Q(id_tail_hash__in=_tail_hashes("id_tail_hash", tail)) | _with_phone_tail(tail)


def _with_phone_tail(tail: str) -> Q:
    hashed = _tail_hashes("phone_tail_hash", tail)
    return Q(phone_tail_hash__in=hashed) | Q(second_phone_tail_hash__in=hashed)


def _tail_hashes(column: str, tail: str) -> tuple[str, str]:
    """As it is kept, and whole, as it was kept before."""
    field = Staff._meta.get_field(column)
    assert isinstance(field, LookupHashField)
    return field.hash_of(tail), privacy.lookup_hash(field.label, tail)


def _with_phone(number: str, seen: QuerySet[Staff]) -> Q:
    """Who has the number, alone or beside another: of the few with its ending those that are opened and compared."""
    alike = seen.filter(_with_phone_tail(number[-TAIL_LENGTH:])).only("phone")
    return Q(pk__in=[staff.pk for staff in alike if number in staff.phone.split(JOINER)])


def people_with_phone_of(user: User, staff: Staff) -> list[Staff]:
    """Who else of those the user may see has a mobile number of this person; an office's number is shared by many."""
    others = Staff.objects.visible_to(user).exclude(pk=staff.pk)
    has_one = (_with_phone(number, others) for number in staff.phone.split(JOINER) if is_mobile(number))
    found = others.filter(reduce(or_, has_one, Q(pk__in=[])))
    return list(found.order_by(*BY_PINYIN))


def person_for(user: User, staff_id: UUID) -> Staff:
    """A person with all terms. Raises NotAllowed for who has no business with the roster, Http404 outside the scope."""
    require(user, "roster.view")
    terms = TeamMembership.objects.annotate(**first_written()).select_related("town")
    terms = terms.order_by("until", "-since", "pk")
    visible = Staff.objects.visible_to(user).select_related("user").prefetch_related(Prefetch("memberships", terms))
    return get_object_or_404(visible, pk=staff_id)
