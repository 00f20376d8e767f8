"""Requests for assistance: the lists, one request with its files, who answers for it, which court asks."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db.models import Count
from django.shortcuts import get_object_or_404

from core.choices import Role
from core.models import Deadline, Division, StoredFile, User
from core.paging import Page, keyset_page
from liaison.choices import OPEN_ASSISTANCE, REPORTED_ASSISTANCE, AssistanceFile, AssistanceState
from liaison.models import AssistanceRequest, AssistanceReturn, LiaisonPoint, Tribunal
from liaison.models.assistance import AssistanceQuerySet
from roster.queries import stayers_first, stays_in

DUE = "assistance_due"  # the key of the rule: the day is set by the court
SUBJECT = AssistanceRequest._meta.label_lower
WITH_ROW = ("point__town", "sent_by", "handler")
WITH_PAGE = (*WITH_ROW, "answered_by", "done_by", "received_by", "withdrawn_by")
# what is noted of a visit, by the names of record, request and form alike
NOTED = ("way", "result", "place", "signed_by", "signer_name", "relation", "refused_by", "refusal_reason",
         "video_kept_at", "led_by", "head_count")  # fmt: skip
BY_DUE_DAY, NEWEST_FIRST = ("due_on", "id"), ("-sent_on", "-id")


# ── lists ────────────────────────────────────────────────────────────────────
@dataclass(frozen=True)
class Stage:
    """One stage of a list: its words, its rows, their order."""

    label: str
    states: tuple[AssistanceState, ...]
    order: tuple[str, ...] = BY_DUE_DAY


STAGES: dict[str, Stage] = {
    "open": Stage("在办", OPEN_ASSISTANCE),
    "sent": Stage("待接收", (AssistanceState.SENT,)),
    "accepted": Stage("办理中", (AssistanceState.ACCEPTED,)),
    "reported": Stage("待法院收讫", REPORTED_ASSISTANCE),
    "closed": Stage(
        "已了结", (AssistanceState.RECEIVED, AssistanceState.DECLINED, AssistanceState.WITHDRAWN), NEWEST_FIRST
    ),
}
FIRST_STAGE = "open"


def visible_requests(user: User, town_code: str = "") -> AssistanceQuerySet:
    """What `user` may see, of one town where a code is given."""
    rows = AssistanceRequest.objects.visible_to(user)
    return rows.filter(town_code=town_code) if town_code else rows


def request_page(
    user: User, stage: str, *, town_code: str = "", due_by: date | None = None, cursor: str = ""
) -> Page[AssistanceRequest]:
    """One page of a stage, by the court's day; `due_by` leaves only what is due up to that day. One query."""
    chosen = STAGES[stage]
    rows = visible_requests(user, town_code).filter(state__in=chosen.states)
    if due_by:
        rows = rows.filter(due_on__lte=due_by)
    return keyset_page(rows.select_related(*WITH_ROW), order=chosen.order, cursor=cursor)


def stage_counts(user: User, town_code: str = "") -> dict[str, int]:
    """How many are in each stage but the last, which only grows; one query."""
    unsettled = (*OPEN_ASSISTANCE, *REPORTED_ASSISTANCE)
    rows = visible_requests(user, town_code).filter(state__in=unsettled).order_by()
    by_state = dict(rows.values_list("state").annotate(Count("pk")))
    return {
        key: sum(by_state.get(state, 0) for state in stage.states) for key, stage in STAGES.items() if key != "closed"
    }


def open_deadlines_of(requests: Iterable[AssistanceRequest]) -> dict[str, Deadline]:
    """The running deadline of each request, by its id; one query."""
    ids = [str(request.pk) for request in requests]
    rows = Deadline.objects.open().filter(subject_label=SUBJECT, subject_id__in=ids)
    return {row.subject_id: row for row in rows.select_related("rule")}


# ── one request ──────────────────────────────────────────────────────────────
def request_for(user: User, request_id: UUID) -> AssistanceRequest:
    """A request that `user` may see; 404 outside the scope, as for one that is not there."""
    rows = AssistanceRequest.objects.visible_to(user).select_related(*WITH_PAGE)
    return get_object_or_404(rows, pk=request_id)


def deadline_of(request: AssistanceRequest) -> Deadline | None:
    """The court's day for this request, running or settled."""
    return Deadline.objects.about(request).filter(kind=DUE).select_related("rule").order_by("-id").first()


def files_of(request: AssistanceRequest) -> dict[str, list[StoredFile]]:
    """The files of a request by what they are, in the order in which they came."""
    rows = StoredFile.objects.filter(subject_label=SUBJECT, subject_id=str(request.pk)).order_by("uploaded_at", "id")
    found: dict[str, list[StoredFile]] = {kind.value: [] for kind in AssistanceFile}
    for row in rows:
        found.setdefault(row.kind, []).append(row)
    return found


def returns_of(request: AssistanceRequest) -> list[AssistanceReturn]:
    """How often and why the court sent it back, the first first."""
    return list(request.returns.select_related("returned_by", "done_by"))


def draft_of(request: AssistanceRequest) -> dict[str, Any]:
    """What was noted before the court sent it back, as the form of the next result calls it; else nothing."""
    last = request.returns.last()
    if last is None:
        return {}
    draft: dict[str, Any] = {name: getattr(request, name) for name in NOTED} | {"on": last.done_on}
    for place, witness in enumerate(request.witnesses.all(), start=1):
        draft |= {f"witness{place}_{part}": getattr(witness, part) for part in ("name", "organisation", "duty")}
    return draft


def photos_of(request: AssistanceRequest) -> int:
    """How many photographs of the visit are kept."""
    of_request = StoredFile.objects.filter(subject_label=SUBJECT, subject_id=str(request.pk))
    return of_request.filter(kind=AssistanceFile.PHOTO).count()


# ── who answers, who asks ────────────────────────────────────────────────────
def officers_of(town_code: str) -> list[User]:
    """The liaison officers of a town, by account; last, who leaves today, as the first is often given the work."""
    found = User.objects.filter(is_active=True, role=Role.OFFICER, scopes__division=town_code)
    return list(found.order_by(stayers_first(town_code), "pk"))


def goers_of(town_code: str) -> list[User]:
    """Who may be sent: mediators and officers of the town who do not leave today."""
    people = User.objects.filter(
        stays_in(town_code), is_active=True, role__in=(Role.MEDIATOR, Role.OFFICER), scopes__division=town_code
    ).distinct()
    return list(people.order_by("role", "name", "pk"))


def own_court() -> str:
    """本院, for towns without a tribunal."""
    return str(settings.COURT_NAME)


def court_of(town_code: str) -> str:
    """The tribunal that serves a town; the court itself where none is configured."""
    return Tribunal.objects.filter(towns=town_code).values_list("name", flat=True).first() or own_court()


def courts() -> list[str]:
    """Every court that may ask: the court itself, then its tribunals."""
    return [own_court(), *Tribunal.objects.order_by("name").values_list("name", flat=True)]


def askable_towns(user: User) -> list[Division]:
    """The towns with an opened point that the user may ask."""
    points = LiaisonPoint.objects.visible_to(user).select_related("town").order_by("town_code")
    return [point.town for point in points]


def open_of(point: LiaisonPoint) -> int:
    """How many requests a point has to do. Only the number, nothing of anybody."""
    return AssistanceRequest.objects.open().filter(point=point).count()


def other_tribunal_of(towns: Iterable[Division], tribunal: Tribunal) -> Tribunal | None:
    """A tribunal, other than the one in hand, that already serves one of the towns."""
    return Tribunal.objects.filter(towns__in=list(towns)).exclude(pk=tribunal.pk).distinct().first()


def location_days() -> int:
    """After how many days the place of a visit is wiped."""
    return int(settings.ASSISTANCE_LOCATION_DAYS)
