"""Disputes with one and the same respondent: by what keys, which disputes, and the warnings somebody may see."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import BooleanField, Count, ExpressionWrapper, OuterRef, Q, QuerySet, Subquery
from django.http import Http404

from core import privacy
from core.models import Division, User
from core.paging import Page, keyset_page
from core.scope import within_any
from disputes.choices import ClusterKeyKind, ClusterMark, DisputeState, EventKind, PartyKind, Side
from disputes.clusters import Case, Limits
from disputes.models import ClusterKey, ClusterMember, ClusterWarning, Dispute, Party, WarningRule
from disputes.models.clusters import ClusterQuerySet
from disputes.queries.known import earlier_failures

SAME_RESPONDENT = "same_respondent"
NAME_LABEL = "organisation_name"
SHOWN_ON_A_DISPUTE = 3
COUNTED_TO = 100  # of what waits, more is only said to be more
NO_CLUSTER = "没有这条聚集预警，或不在您的范围内。"
Key = tuple[str, str]


# ── who is the same ──────────────────────────────────────────────────────────
def keys_of(party: Party) -> set[Key]:
    """By what a respondent is known again: number, telephone, an organisation's whole name. Hashes only."""
    name = party.name if party.kind == PartyKind.ORGANISATION else ""
    found = {
        (ClusterKeyKind.NUMBER.value, party.id_hash),
        (ClusterKeyKind.PHONE.value, party.phone_hash),
        (ClusterKeyKind.NAME.value, privacy.lookup_hash(NAME_LABEL, name)),
    }
    return {(kind, value) for kind, value in found if value}


def limits_now() -> Limits | None:
    """The admin's figures; none where the rule is switched off."""
    rule = WarningRule.objects.filter(key=SAME_RESPONDENT, enabled=True).first()
    return Limits(rule.least, rule.days, rule.towns) if rule else None


@dataclass(frozen=True)
class Likeness:
    """A respondent elsewhere who shares a key with ours."""

    case: Case
    name: str
    keys: frozenset[Key]


def alike(parties: Iterable[Party], *, since: date, until: date) -> list[Likeness]:
    """Every respondent of the days who shares a key with one of these, in their own dispute too; one query."""
    parties = list(parties)
    same = Q(id_hash__in={one.id_hash for one in parties} - {""})
    same |= Q(phone_hash__in={one.phone_hash for one in parties} - {""})
    same |= Q(kind=PartyKind.ORGANISATION, name__in={one.name for one in parties if _is_organisation(one)})
    rows = Party.objects.filter(same, side=Side.RESPONDENT, dispute__registered_on__range=(since, until))
    rows = rows.filter(dispute__merged_into=None)  # the one it was merged into counts
    return [
        Likeness(
            Case(one.dispute_id, one.dispute.town_code, one.dispute.registered_on), one.name, frozenset(keys_of(one))
        )
        for one in rows.select_related("dispute").only(
            "kind", "name", "id_hash", "phone_hash", "dispute__town_code", "dispute__registered_on"
        )
    ]


def _is_organisation(party: Party) -> bool:
    return party.kind == PartyKind.ORGANISATION


def _any_of(keys: Iterable[Key], prefix: str = "") -> Q:
    found = Q(pk__in=[])
    for kind in ClusterKeyKind.values:
        values = {value for of_kind, value in keys if of_kind == kind}
        if values:
            found |= Q(**{f"{prefix}kind": kind, f"{prefix}value__in": values})
    return found


def open_clusters(keys: Collection[Key]) -> QuerySet[ClusterWarning]:
    """The warnings not closed that one of these keys leads to."""
    ours = ClusterKey.objects.filter(_any_of(keys), is_open=True).values("cluster_id")
    return ClusterWarning.objects.filter(pk__in=ours).order_by("pk")


def waiting() -> QuerySet[Dispute, int]:
    """Keys of the disputes marked to be compared: what a ledger brought in as filed away after all others, else the
    newest day first."""
    marked = Dispute.objects.filter(cluster_mark=ClusterMark.DUE)
    of_a_ledger = ExpressionWrapper(Q(state=DisputeState.ARCHIVED, entered_late=True), output_field=BooleanField())
    return marked.order_by(of_a_ledger, "-registered_on", "pk").values_list("pk", flat=True)


def waiting_for(cluster: ClusterWarning, *, at_most: int) -> list[int]:
    """Which of those have a respondent whom the open warning is about, in their order; three queries.

    A name is kept as a hash only, so names are looked up as the warning's own disputes have them.
    """
    keys = set(cluster.keys.filter(is_open=True).values_list("kind", "value"))
    held = Party.objects.filter(side=Side.RESPONDENT, dispute__cluster_members__cluster=cluster)
    names = held.filter(kind=PartyKind.ORGANISATION).order_by().values_list("name", flat=True).distinct()
    known = {name for name in names if (ClusterKeyKind.NAME.value, privacy.lookup_hash(NAME_LABEL, name)) in keys}
    same = Q(id_hash__in={value for kind, value in keys if kind == ClusterKeyKind.NUMBER})
    same |= Q(phone_hash__in={value for kind, value in keys if kind == ClusterKeyKind.PHONE})
    same |= Q(kind=PartyKind.ORGANISATION, name__in=known)
    theirs = Party.objects.filter(same, side=Side.RESPONDENT).values("dispute_id")
    return list(waiting().filter(pk__in=theirs)[:at_most])


def told_before(keys: Collection[Key], disputes: Collection[int]) -> set[int]:
    """Which of the disputes stand in a warning about these keys that somebody closed: they warn no second time."""
    closed = ClusterKey.objects.filter(_any_of(keys), is_open=False).values("cluster_id")
    rows = ClusterMember.objects.filter(cluster__in=closed, dispute__in=disputes)
    return set(rows.values_list("dispute_id", flat=True))


def failures_of(dispute: Dispute, parties: Iterable[Party]) -> int:
    """How often mediation between these people came to nothing: in other disputes, and in earlier tries of this one."""
    own = dispute.events.filter(kind=EventKind.MEDIATION_FAILED).count()
    return earlier_failures(parties, besides=dispute.pk) + own


# ── who sees what ────────────────────────────────────────────────────────────
def _members(user: User) -> QuerySet[ClusterMember]:
    """The disputes of warnings inside the user's divisions."""
    return ClusterMember.objects.filter(within_any("town_code", user.scope_codes))


def _counted(rows: QuerySet[ClusterMember]) -> Subquery:
    of_one = rows.filter(cluster=OuterRef("pk")).order_by().values("cluster")
    return Subquery(of_one.annotate(number=Count("pk")).values("number"))


def _as_seen(user: User, rows: ClusterQuerySet) -> ClusterQuerySet:
    """Each with `own` and `whole` (how many disputes, inside and altogether) and the respondent's `name` inside."""
    names = _members(user).filter(cluster=OuterRef("pk")).order_by("-joined_at", "-pk").values("respondent")[:1]
    return rows.annotate(
        own=_counted(_members(user)), whole=_counted(ClusterMember.objects.all()), name=Subquery(names)
    )


def cluster_page(user: User, *, closed: bool, cursor: str = "") -> Page[ClusterWarning]:
    """One page of the warnings the user may see, the newest first; one query."""
    rows = ClusterWarning.objects.visible_to(user)
    rows = rows.exclude(closed_at=None) if closed else rows.open()
    found = _as_seen(user, rows).select_related("acknowledged_by", "closed_by")
    return keyset_page(found, order=("-raised_at", "-id"), cursor=cursor)


def get_cluster(user: User, pk: int) -> ClusterWarning:
    """A warning as the user may see it. Raises Http404 outside the scope."""
    rows = _as_seen(user, ClusterWarning.objects.visible_to(user))
    found = rows.select_related("acknowledged_by", "closed_by").filter(pk=pk).first()
    if found is None:
        raise Http404(NO_CLUSTER)
    return found


def members_page(user: User, cluster: ClusterWarning, *, cursor: str = "") -> Page[ClusterMember]:
    """The warning's disputes inside the user's divisions, the newest first; one query."""
    rows = _members(user).filter(cluster=cluster).select_related(
        "dispute__division__parent", "dispute__case_type", "dispute__handler"
    )  # fmt: skip
    return keyset_page(rows, order=("-dispute__registered_on", "-dispute_id"), cursor=cursor)


def towns_of(user: User, cluster: ClusterWarning) -> list[tuple[Division, int]]:
    """How many of the user's disputes of a warning lie in each town; two queries."""
    counts: dict[str, int] = dict(
        _members(user).filter(cluster=cluster).order_by().values_list("town_code").annotate(Count("pk"))
    )
    return [(town, counts[town.code]) for town in Division.objects.filter(code__in=counts)]


def clusters_of(user: User, dispute: Dispute) -> list[ClusterWarning]:
    """The open warnings that a dispute stands in: how many (`whole`), and how many the user may open (`own`).

    A town that is only asked about the dispute, or handles it too, sees that there is a warning and not its list.
    One query.
    """
    rows = ClusterWarning.objects.open().filter(members__dispute=dispute)
    counted = rows.annotate(own=_counted(_members(user)), whole=_counted(ClusterMember.objects.all()))
    return list(counted.order_by("pk")[:SHOWN_ON_A_DISPUTE])


def open_clusters_waiting(user: User) -> list[Any]:
    """Warnings of the user's divisions that nobody has signed for, each with the respondent's `name`; one query."""
    rows = ClusterWarning.objects.visible_to(user).open().filter(acknowledged_at=None)
    return list(_as_seen(user, rows).order_by("raised_at", "pk")[:SHOWN_ON_A_DISPUTE])
