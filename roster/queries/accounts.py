"""Reads of accounts and of who looked: the people in office with their accounts, names proposed, one's access log."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from functools import reduce
from operator import or_

from django.db.models import Q, QuerySet

from core.choices import Role
from core.models import AuditEntry, Division, User
from roster import queries
from roster.account_names import next_name, prefix_of
from roster.choices import ExportList
from roster.models import Staff, TeamMembership, VoidedTerm
from roster.models.people import TermFacts
from roster.queries.exports import BUREAU_KINDS
from roster.rules import COURT_SEATS
from roster.seat_roles import Standing, standing_of

REVEALED, EXPORTED = "staff.reveal", "roster.export"
EXPORT_LABEL = "roster.rosterexport"


class NamesGiven:
    """The user names there are, so that the next free one can be told; three queries, then none."""

    def __init__(self) -> None:
        starts = Q()
        for role in Role:
            starts |= Q(username__startswith=f"{role.value}-")
        self._names = set(User.objects.filter(starts).values_list("username", flat=True))
        towns = Division.objects.exclude(short_code=None).values_list("code", "name", "short_code")
        self._towns = {code: (name, short) for code, name, short in towns}

    def next_for(self, standing: Standing) -> str:
        """The next name for an account of this standing; it counts as given from now on."""
        name = next_name(prefix_of(standing.role, self._town(standing)[1]), self._names)
        self._names.add(name)
        return name

    def town_of(self, standing: Standing) -> str:
        return self._town(standing)[0]

    def _town(self, standing: Standing) -> tuple[str, str | None]:
        return self._towns.get(standing.towns[0], ("", None))


def open_standing(staff: Staff) -> Standing | None:
    """What the open terms make of a person; the terms come with the person."""
    return standing_of((term.role, term.town_code) for term in staff.memberships.all() if term.until is None)


@dataclass(frozen=True)
class AccountRow:
    """A person in office, with the account or the name that one would get."""

    staff: Staff
    standing: Standing | None
    proposed: str

    @property
    def user(self) -> User | None:
        return self.staff.user


def people_in_office(user: User, on: date, *, town_code: str = "") -> QuerySet[Staff]:
    """Who holds a seat, with account and all terms: three queries a page, whatever its length."""
    return queries.people(user, on, town_code=town_code).select_related("user").prefetch_related("memberships")


def account_rows(people: Iterable[Staff]) -> list[AccountRow]:
    """The same people with what an account would be called."""
    given, rows = NamesGiven(), []
    for staff in people:
        standing = open_standing(staff)
        proposed = given.next_for(standing) if standing and not staff.user else ""
        rows.append(AccountRow(staff, standing, proposed))
    return rows


def looks_at(staff: Staff) -> QuerySet[AuditEntry]:
    """Every time a clear fact of this person was shown, or a list in clear taken out that they stood in then."""
    shown = Q(subject_label=Staff._meta.label_lower, subject_id=str(staff.pk), action=REVEALED)
    taken = Q(subject_label=EXPORT_LABEL, action=EXPORTED, detail__masked=False)
    standing = TeamMembership.objects.filter(staff=staff).order_by("recorded_at")
    terms: list[TermFacts] = [*standing, *staff.voided_terms.all()]
    listed = reduce(or_, map(_listed_by, terms), _listed_unseated(staff, terms))
    return AuditEntry.objects.filter(shown | (taken & listed), success=True).select_related("actor")


def _listed_unseated(staff: Staff, terms: Iterable[TermFacts]) -> Q:
    """The county's lists, which name people without a seat too: whenever no term of theirs stood in the books."""
    unseated = (
        Q(at__gte=first, at__lt=end) if end else Q(at__gte=first) for first, end in _without_terms(staff, terms)
    )
    return Q(division_code="", detail__what=ExportList.COUNTY.value) & reduce(or_, unseated, Q(pk__in=[]))


def _without_terms(staff: Staff, terms: Iterable[TermFacts]) -> Iterator[tuple[datetime, datetime | None]]:
    """The times, from the person's entry on, at which no term of theirs stood in the books, ended ones included."""
    free = staff.created_at
    for term in sorted(terms, key=lambda term: term.recorded_at):
        if free < term.recorded_at:
            yield free, term.recorded_at
        if not isinstance(term, VoidedTerm):
            return
        free = max(free, term.voided_at)
    yield free, None


def _listed_by(term: TermFacts) -> Q:
    """The lists that a term puts its person on, while it was open and stood in the books."""
    lists = [ExportList.COUNTY.value]
    lists += [ExportList.COURT.value] if term.role in COURT_SEATS else []
    lists += [ExportList.BUREAU.value] if term.mediator_kind in BUREAU_KINDS else []
    then = Q(at__gte=term.recorded_at)
    ends = [term.ended_recorded_at, term.voided_at if isinstance(term, VoidedTerm) else None]
    if any(ends):
        then &= Q(at__lt=min(filter(None, ends)))
    return then & (Q(division_code=term.town_code) | Q(division_code="", detail__what__in=lists))
