"""What a suggestion is drafted from, its figures, who may read which, and what came before and after it."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.db.models import Count, Q, QuerySet, Sum
from django.http import Http404

from core.addresses import number_in
from core.calendar import ONE_DAY, add_months
from core.models import Deadline, Division, User
from core.paging import Page, keyset_page
from core.scope import covers, within_any
from disputes.choices import OPEN_STATES, Outcome
from disputes.models import CaseType, ClusterMember, ClusterWarning, Dispute, DisputeQuerySet, JudicialSuggestion
from disputes.queries.clusters import get_cluster
from disputes.suggestion_text import Figures

NOT_THERE = "没有这份司法建议，或不在您的范围内。"
SPAN_MONTHS, YEAR = 3, 12


@dataclass(frozen=True)
class Ground:
    """What a paper is drafted from: the cluster, or a place's quarrels of one type in some days."""

    town: Division
    village: Division | None
    case_type: CaseType
    first: date
    last: date
    cluster: ClusterWarning | None
    about: str
    towns: tuple[str, ...] = ()  # names, where a cluster reaches over several
    kinds: tuple[str, ...] = ()  # keys of the types of a cluster, the most frequent first

    @property
    def place(self) -> str:
        if len(self.towns) > 1:
            return "、".join(self.towns)
        return f"{self.town}{self.village.short_name}" if self.village else str(self.town)


def ground_of(user: User, asked: Mapping[str, str], today: date) -> Ground:
    """The ground named in an address: `cluster`, or `village` or `town`, `type`, `from`, `to`. Raises Http404."""
    cluster_id = asked.get("cluster", "")
    if (key := number_in(cluster_id)) is not None:
        return _of_cluster(user, key, today)
    code = asked.get("village") or asked.get("town", "")
    place = (
        Division.objects.select_related("parent").filter(code=code).first() if covers(user.scope_codes, code) else None
    )
    case_type = CaseType.objects.filter(key=asked.get("type", "")).first()
    if place is None or case_type is None:
        raise Http404(NOT_THERE)
    town = place if place.code == place.town_code else place.parent
    assert town is not None
    first = _day(asked.get("from", ""), add_months(today, -YEAR))
    return Ground(town, None if town == place else place, case_type, first, _day(asked.get("to", ""), today), None, "")


def _of_cluster(user: User, cluster_id: int, today: date) -> Ground:
    cluster = get_cluster(user, cluster_id)
    rows = _inside(user, Dispute.objects.filter(cluster_members__cluster=cluster)).order_by("registered_on", "pk")
    seen = list(rows.values_list("town_code", "case_type_id", "registered_on"))
    kinds = tuple(kind for kind, _ in Counter(kind for _, kind, _ in seen).most_common())
    case_type = CaseType.objects.get(pk=kinds[0])
    towns = {town.code: town for town in Division.objects.filter(code__in={code for code, *_ in seen}).order_by("code")}
    about, names = getattr(cluster, "name", "") or "", tuple(str(town) for town in towns.values())
    return Ground(towns[seen[-1][0]], None, case_type, seen[0][2], today, cluster, about, names, kinds)


def _day(text: str, otherwise: date) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return otherwise


def _inside(user: User, rows: DisputeQuerySet) -> DisputeQuerySet:
    return rows.filter(within_any("town_code", user.scope_codes))


def figures_for(user: User, ground: Ground) -> Figures:
    """The figures of a ground inside the user's divisions; one query, for a cluster two.

    A cluster may hold disputes of several types: then none of them is what the paper is about, and each is counted.
    """
    rows = Dispute.objects.filter(case_type=ground.case_type, town_code=ground.town.code)
    rows = rows.filter(registered_on__range=(ground.first, ground.last))
    if ground.village:
        rows = rows.filter(division=ground.village)
    if ground.cluster:
        rows = Dispute.objects.filter(cluster_members__cluster=ground.cluster)
    rows = _inside(user, rows.exclude(outcome=Outcome.MERGED))
    kinds: list[tuple[str, int]] = []
    if ground.cluster:
        counted = rows.values("case_type__name").order_by("case_type__name").annotate(count=Count("pk"))
        kinds = sorted(counted.values_list("case_type__name", "count"), key=lambda kind: (-kind[1], kind[0]))
    is_mixed = len(kinds) > 1
    found = rows.aggregate(
        count=Count("pk"),
        agreed=Count("pk", filter=Q(outcome=Outcome.AGREED)),
        failed=Count("pk", filter=Q(outcome=Outcome.FAILED)),
        open=Count("pk", filter=Q(state__in=sorted(OPEN_STATES))),
        amount=Sum("amount"),
    )
    found["amount"] = found["amount"] or Decimal(0)
    return Figures(
        about=ground.about,
        place=ground.place,
        type_key="" if is_mixed else ground.case_type.key,
        type_name="" if is_mixed else ground.case_type.name,
        kinds=tuple(kinds) if is_mixed else (),
        first=ground.first,
        last=ground.last,
        towns=ground.towns,
        **found,
    )


# ── who reads which ──────────────────────────────────────────────────────────
RELATED = ("case_type", "village__parent", "cluster", "drafted_by", "signed_by")


def suggestion_page(user: User, *, cursor: str = "") -> Page[JudicialSuggestion]:
    """One page of what the user may read, the newest first; one query."""
    rows = JudicialSuggestion.objects.visible_to(user).select_related(*RELATED)
    return keyset_page(rows, order=("-drafted_at", "-id"), cursor=cursor)


def get_suggestion(user: User, pk: int) -> JudicialSuggestion:
    """One of them. Raises Http404."""
    found = JudicialSuggestion.objects.visible_to(user).select_related(*RELATED).filter(pk=pk).first()
    if found is None:
        raise Http404(NOT_THERE)
    return found


def reply_period(suggestion: JudicialSuggestion) -> Deadline | None:
    """The day by which the reply is due, while it runs."""
    return Deadline.objects.about(suggestion).open().select_related("rule").first()


@dataclass(frozen=True)
class Around:
    """How many disputes of the same kind there were in the three months before the paper went out, and after."""

    before: int
    after: int
    before_from: date
    sent_on: date
    after_until: date
    is_over: bool
    place: str  # the town or towns, or the village, that were counted
    kinds: tuple[str, ...] = ()  # names of the types counted, where a cluster's are several


def types_of(suggestion: JudicialSuggestion) -> list[CaseType]:
    """What a paper is about: its type, or every type that its cluster held when it was drafted."""
    if suggestion.cluster_id is None:
        return [suggestion.case_type]
    held = _held(suggestion).values("dispute__case_type")
    return list(CaseType.objects.filter(pk__in=held)) or [suggestion.case_type]


def towns_of(user: User, suggestion: JudicialSuggestion) -> list[Division]:
    """Where a paper is about: its town, or every town of the user's that its cluster reached when it was drafted."""
    here = {suggestion.town_code}
    if suggestion.cluster_id is not None:
        inside = _held(suggestion).filter(within_any("town_code", user.scope_codes))
        here |= set(inside.order_by().values_list("town_code", flat=True))
    return list(Division.objects.filter(code__in=here).order_by("code"))


def _held(suggestion: JudicialSuggestion) -> QuerySet[ClusterMember]:
    """The disputes of the paper's cluster when it was drafted."""
    held = ClusterMember.objects.filter(cluster=suggestion.cluster_id, joined_at__lte=suggestion.drafted_at)
    return held.exclude(dispute__outcome=Outcome.MERGED)


def around(user: User, suggestion: JudicialSuggestion, today: date) -> Around | None:
    """Same types, same places: counted by the day of registration, the day of sending on the later side.

    Four queries: types, the cluster's towns, their names, the count.
    """
    sent_on = suggestion.sent_on
    if sent_on is None:
        return None
    before_from, after_until = add_months(sent_on, -SPAN_MONTHS), add_months(sent_on, SPAN_MONTHS)
    kinds, towns = types_of(suggestion), towns_of(user, suggestion)
    rows: Any = Dispute.objects.filter(case_type__in=kinds, town_code__in=[town.code for town in towns])
    rows = rows.exclude(outcome=Outcome.MERGED).filter(registered_on__gte=before_from, registered_on__lt=after_until)
    if suggestion.village_id:
        rows = rows.filter(division=suggestion.village_id)
    found = rows.aggregate(
        before=Count("pk", filter=Q(registered_on__lt=sent_on)), after=Count("pk", filter=Q(registered_on__gte=sent_on))
    )
    last = min(after_until - ONE_DAY, today)
    names = tuple(kind.name for kind in kinds) if len(kinds) > 1 else ()
    place = f"{towns[0]}{suggestion.village.short_name}" if suggestion.village else "、".join(map(str, towns))
    return Around(found["before"], found["after"], before_from, sent_on, last, today >= after_until, place, names)


def usual_reply_day(today: date, days: int) -> date:
    """The day proposed for the reply; the court writes its own."""
    return today + timedelta(days=days)
