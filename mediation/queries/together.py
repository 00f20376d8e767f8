"""What ties a dispute to other towns and other disputes, and the notes of its people; a constant number of queries."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Q
from django.http import Http404

from core.access import allowed
from core.choices import Level
from core.models import Division
from disputes.choices import OPEN_STATES, TownRequestKind, TownRequestState
from disputes.models import Dispute, DisputeLink, InternalNote, TownRequest
from disputes.queries import NOT_THERE
from mediation.models import Mediation

REQUESTS_SHOWN, NOTES_SHOWN, CHILDREN_SHOWN = 10, 30, 100
COUNTY_LENGTH = 6
SEEN_BY = ("town_code", "joint_codes", "asked_code")  # what decides who may open another dispute


@dataclass(frozen=True)
class Together:
    """The slot beside the dispute page. `notes` is None for whom they are not."""

    dispute: Dispute
    requests: Sequence[TownRequest]
    parent: DisputeLink | None
    children: int
    open_children: int
    merged_here: Sequence[Dispute]
    notes: Sequence[InternalNote] | None

    @property
    def is_empty(self) -> bool:
        return not (self.requests or self.parent or self.children or self.merged_here)


def together(user: Any, dispute: Dispute) -> Together:
    """Requests to other towns (newest first), links, what was merged here, notes; at most five queries."""
    requests = dispute.town_requests.select_related("from_town", "to_town", "answered_by", "mediator", "asked_by")
    link = DisputeLink.objects.filter(child=dispute).select_related("parent").first()
    counts = dispute.child_links.aggregate(all=Count("pk"), open=Count("pk", filter=Q(child__state__in=OPEN_STATES)))
    notes = None
    if allowed(user, "disputes.note", dispute):
        notes = list(dispute.internal_notes.select_related("written_by")[:NOTES_SHOWN])
    return Together(
        dispute,
        _told_what_is_settled(list(requests.order_by("-asked_on", "-id")[:REQUESTS_SHOWN])),
        link,
        counts["all"],
        counts["open"],
        list(dispute.merged_here.only(*SEEN_BY, "code").order_by("pk")[:CHILDREN_SHOWN]),
        notes,
    )


def _told_what_is_settled(requests: list[Any]) -> list[TownRequest]:
    """`is_settled`: it came about since; what was made later stands among the newest."""
    for one in requests:
        one.is_settled = one.is_settled_in(requests)
    return requests


@dataclass(frozen=True)
class Group:
    """A parent and what stands under it, as far as the reader may see it; `hidden` counts the rest."""

    parent: Dispute
    children: Sequence[Dispute]
    hidden: int

    @property
    def open_ones(self) -> int:
        return sum(child.is_open for child in self.children)


def group_of(user: Any, dispute: Dispute) -> Group:
    """The joint view of a group; at most a hundred, the newest first. Four queries."""
    rows = Dispute.objects.visible_to(user).filter(parent_link__parent=dispute)
    shown = rows.select_related("case_type", "division__parent", "handler", "parent_link").defer("narrative", "triage")
    children = list(shown.order_by("-registered_on", "-id")[:CHILDREN_SHOWN])
    return Group(dispute, children, dispute.child_links.count() - len(children))


@dataclass(frozen=True)
class Table:
    """Which of a group can be spoken of at one table. `ready`: a mediation runs and the reader records it; `idle`: none
    runs; `others`: somebody else's to record."""

    ready: Sequence[Dispute]
    idle: Sequence[Dispute]
    others: Sequence[Dispute]


def table_of(user: Any, parent: Dispute) -> Table:
    """The parent and what stands under it, as far as the reader may see it, with their people. Three queries."""
    group = Q(pk=parent.pk) | Q(pk__in=DisputeLink.objects.filter(parent=parent).values("child"))
    rows = Dispute.objects.visible_to(user).filter(group).select_related("handler").defer("narrative", "triage")
    seen = list(rows.prefetch_related("parties").order_by("pk")[: CHILDREN_SHOWN + 1])
    running = set(Mediation.objects.filter(dispute__in=seen, ended_on=None).values_list("dispute_id", flat=True))
    mine = [one for one in seen if allowed(user, "mediation.record_session", one)]
    return Table(
        ready=[one for one in mine if one.pk in running],
        idle=[one for one in mine if one.pk not in running],
        others=[one for one in seen if one not in mine],
    )


def waiting_request(dispute: Dispute) -> TownRequest:
    """The request that waits for its answer. Raises Http404 without one."""
    return _one(dispute, state=TownRequestState.ASKED)


def joint_request(dispute: Dispute, request_id: int) -> TownRequest:
    """A joint handling of the dispute in hand. Raises Http404."""
    return _one(dispute, pk=request_id, kind=TownRequestKind.JOINT)


def declined_request(dispute: Dispute, request_id: int) -> TownRequest:
    """A request of the dispute in hand that the other town declined. Raises Http404."""
    return _one(dispute, pk=request_id, state=TownRequestState.DECLINED)


def _one(dispute: Dispute, **wanted: Any) -> TownRequest:
    request = dispute.town_requests.select_related("from_town", "to_town").filter(**wanted).first()
    if request is None:
        raise Http404(NOT_THERE)
    return request


def other_towns(dispute: Dispute) -> list[Division]:
    """The towns of the county but the dispute's own."""
    county = dispute.town_code[:COUNTY_LENGTH]
    towns = Division.objects.filter(level=Level.TOWN, parent_id=county, is_statistical_only=False)
    return list(towns.exclude(pk=dispute.town_code).order_by("code"))


def villages_in(town: Division) -> list[Division]:
    """The villages of a town."""
    return list(Division.objects.filter(level=Level.VILLAGE, parent=town).order_by("code"))


def dispute_by_code(user: Any, code: str) -> Dispute | None:
    """Another dispute that the user may see, by its number, with place, type and handler; None when there is none."""
    rows = Dispute.objects.visible_to(user).select_related("division__parent", "case_type", "handler")
    return rows.filter(code=code).first()


def note_of(dispute: Dispute, note_id: Any) -> InternalNote:
    """A note on the dispute in hand. Raises Http404."""
    note = dispute.internal_notes.filter(pk=note_id).first()
    if note is None:
        raise Http404(NOT_THERE)
    return note
