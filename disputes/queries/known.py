"""What the register knows already of the people of a dispute: this form sent before, failed tries, likely the same."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from django.db.models import BooleanField, ExpressionWrapper, Q, QuerySet, Value
from django.db.models.functions import Coalesce

from core import privacy
from core.access import allowed
from core.models import User
from core.prepared import Prepared
from core.scope import covers
from disputes.choices import Outcome
from disputes.models import Dispute, DisputeQuerySet, Party

SAME_WITHIN = timedelta(days=180)
SHOWN = 5
FORM, FAILED, NUMBER, NAME = range(4)
COLUMNS = ("pk", "found_as", "town_code", "case_type_id", "code")
OF_THE_KEPT = ("kept", "found_as", "kept_town", "case_type_id", "kept_code")


@dataclass(frozen=True)
class Met:
    """One dispute found by the people of another; `found_as`: this form, a failed try, same number, same name."""

    pk: int
    found_as: int
    town_code: str
    case_type: str
    code: str


@dataclass(frozen=True)
class Likely:
    """Disputes that may be the one being told: those inside one's scope by name, the others only as a fact."""

    inside: tuple[Met, ...] = ()
    outside: tuple[Met, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.inside or self.outside)

    @property
    def has_outside(self) -> bool:
        return bool(self.outside)

    @property
    def mark(self) -> str:
        """What a person puts their name to who registers all the same: these very disputes, in a keyed hash."""
        return privacy.lookup_hash("disputes.likely", ",".join(str(one.pk) for one in (*self.inside, *self.outside)))


@dataclass(frozen=True)
class Before:
    """Everything one query found of a form and its people."""

    rows: tuple[Met, ...] = field(default=())

    @property
    def sent(self) -> int | None:
        """The dispute that the form with this key has become already."""
        return next((row.pk for row in self.rows if row.found_as == FORM), None)

    @property
    def failures(self) -> int:
        """How many disputes of these people ended 调解不成, anywhere."""
        return sum(row.found_as == FAILED for row in self.rows)

    def likely(self, user: User, case_type: str) -> Likely:
        """Of the rest, what may be the same dispute: under one number, or one name, village and type."""
        same = {row.pk: row for row in self.rows if row.found_as == NUMBER}
        same |= {row.pk: row for row in self.rows if row.found_as == NAME and row.case_type == case_type}
        rows = [same[pk] for pk in sorted(same, reverse=True)]
        scope = user.scope_codes  # read whether or not anything was found: nobody learns from the queries made
        inside = tuple(row for row in rows if covers(scope, row.town_code))
        return Likely(inside, tuple(row for row in rows if row not in inside))


def met_before(parties: Collection[Party], *, village: str, on: date, key: str | None = None) -> Before:
    """The form's own dispute, failed tries, and what may be the same: all in one query, whatever is found.

    The parties need not be saved. A name alone says nothing: names repeat, so it counts with the village (and, in
    `likely`, the type). Likely the same is only what is open still or was registered within 180 days.
    """
    hashes: dict[str, Any] = {column: tuple(sorted(found)) for column, found in _hashes(parties).items()}
    names = tuple(sorted({party.name for party in parties if party.name}))
    hashes |= {"names": names if village else (), "village": village if names else ""}
    return Before(tuple(Met(*row) for row in _met(**hashes, key=key or "", since=on - SAME_WITHIN)))


def _met_rows(
    id_hash: tuple[str, ...], phone_hash: tuple[str, ...], names: tuple[str, ...], village: str, key: str, since: date
) -> QuerySet[Dispute, Any]:
    theirs = _under({"id_hash": id_hash, "phone_hash": phone_hash})
    recent = Q(registered_on__gte=since)
    found = [
        _as(theirs.filter(outcome=Outcome.FAILED), FAILED),
        _as(_kept(theirs.filter(recent | Q(closed_on=None))), NUMBER, OF_THE_KEPT),
    ]
    if key:
        found.append(_as(Dispute.objects.filter(idempotency_key=key), FORM))
    if names:
        named = Party.objects.filter(name__in=names).values("dispute_id")
        here = Dispute.objects.filter(recent, pk__in=named, division_id=village)
        found.append(_as(_kept(here), NAME, OF_THE_KEPT))
    first, *others = found
    return first.union(*others, all=True)


_met = Prepared(_met_rows, planned_once=True)


def likely_shown(user: User, likely: Likely) -> list[Dispute]:
    """The newest of the disputes inside the scope, with state and handler."""
    rows = Dispute.objects.visible_to(user).filter(pk__in=[one.pk for one in likely.inside])
    return list(
        rows.select_related("handler", "case_type").defer("narrative", "triage").order_by("-registered_on")[:SHOWN]
    )


@dataclass(frozen=True)
class Others:
    """Other disputes of the same people: those that may be chosen, and those that somebody else has to merge."""

    to_choose: tuple[Dispute, ...] = ()
    not_ones_own: tuple[Dispute, ...] = ()


def others_of_these_people(user: User, dispute: Dispute, *, to_merge: bool) -> Others:
    """What a dispute may be linked to or merged into, as far as the look-up before registering finds it: the newest of
    what the user sees. To be linked to: those that stand under no other; `to_merge`: open, of the same town, and the
    user's to merge. Four queries."""
    before = met_before(dispute.parties.all(), village=dispute.division_id, on=dispute.registered_on)
    found = [one.pk for one in before.likely(user, dispute.case_type_id).inside if one.pk != dispute.pk]
    rows = Dispute.objects.visible_to(user).filter(pk__in=found, merged_into=None)
    if not to_merge:
        rows = rows.filter(parent_link=None)  # two levels and no more
        return Others(tuple(rows.only("code", "title", "state").order_by("-registered_on", "-pk")[:SHOWN]))
    mine = ExpressionWrapper(Q(handler=user) | Q(registered_by=user), output_field=BooleanField())
    here = rows.open().filter(town_code=dispute.town_code).select_related("handler")
    here = here.only("code", "title", "state", "town_code", "registered_by", "handler__name", "handler__username")
    newest = list(here.annotate(mine=mine).order_by("-mine", "-registered_on", "-pk")[: 2 * SHOWN])
    own = [one for one in newest if allowed(user, "disputes.merge", one)]
    return Others(tuple(own[:SHOWN]), tuple(one for one in newest if one not in own)[:SHOWN])


def earlier_failures(parties: Iterable[Party], *, besides: int | None = None) -> int:
    """How many other disputes of these parties ended 调解不成, anywhere; by identity number or telephone, one query."""
    failed = disputes_of_people(parties).filter(outcome=Outcome.FAILED)
    return failed.count() if besides is None else failed.exclude(pk=besides).count()


def _as(rows: DisputeQuerySet, found_as: int, columns: tuple[str, ...] = COLUMNS) -> Any:
    return rows.annotate(found_as=Value(found_as)).values_list(*columns)


def _kept(rows: DisputeQuerySet) -> DisputeQuerySet:
    """Each with what it is known by, or, where it was merged, what the one is known by that it was merged into."""
    rows = rows.exclude(merged_into__outcome=Outcome.MERGED)  # that one gives the last, whose people it has
    return rows.annotate(
        kept=Coalesce("merged_into_id", "pk"),
        kept_town=Coalesce("merged_into__town_code", "town_code"),
        kept_code=Coalesce("merged_into__code", "code"),
    )


def disputes_of_people(parties: Iterable[Party]) -> DisputeQuerySet:
    """Every dispute with one of these people, by identity number or telephone; they need not be saved."""
    return _under(_hashes(parties))


def _hashes(parties: Iterable[Party]) -> dict[str, Collection[str]]:
    hashes: dict[str, Collection[str]] = {}
    for source, column in (("id_number", "id_hash"), ("phone", "phone_hash")):
        field: Any = Party._meta.get_field(column)
        found = {getattr(party, column) or field.hash_of(getattr(party, source)) for party in parties}
        hashes[column] = found - {""}
    return hashes


def _under(hashes: Mapping[str, Collection[str]]) -> DisputeQuerySet:
    known = [Q(**{f"{column}__in": sorted(found)}) for column, found in hashes.items() if found]
    if not known:
        return Dispute.objects.none()
    return Dispute.objects.filter(pk__in=Party.objects.filter(Q(*known, _connector=Q.OR)).values("dispute_id"))
