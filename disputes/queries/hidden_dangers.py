"""Reported hidden dangers: the list, one with its photographs, and what an intake begins with that follows from one."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.http import Http404
from django.utils import timezone

from core.addresses import number_in
from core.models import Deadline, Division, StoredFile, User
from core.paging import Page, keyset_page
from core.privacy import mask_text
from core.queries import said
from disputes.choices import DangerKind, Risk, Source
from disputes.models import HiddenDanger
from disputes.queries.choosing import villages_of
from disputes.triage import Triage, suggest

NOT_THERE = "没有这条苗头隐患，或不在您的范围内。"
NEWEST = ("-reported_at", "-id")
OPEN, OVERDUE, DONE = "open", "overdue", "done"
CASE_TYPES = {  # the other kinds say how it goes, not what it is about: there the story decides
    DangerKind.FAMILY: "marriage_family",
    DangerKind.NEIGHBOUR: "neighbour",
    DangerKind.DEBT: "private_loan",
    DangerKind.WAGES: "labour",
    DangerKind.LAND: "land_contract",
    DangerKind.TRAFFIC: "traffic",
    DangerKind.INJURY: "personal_injury",
}


def own_villages(user: User) -> list[Division]:
    """Where the user may report from; the village they reported from last stands first. Three queries."""
    villages = villages_of(user)
    last = HiddenDanger.objects.filter(reported_by=user).order_by("-pk").values_list("division_id", flat=True).first()
    return sorted(villages, key=lambda village: village.code != last)


def stage_of(stage: str, today: date) -> Q:
    """The condition of one tab of the list."""
    is_open = Q(dispute=None, closed_at=None)
    return {OVERDUE: is_open & Q(due_on__lt=today), DONE: ~is_open}.get(stage, is_open)


def danger_page(user: User, stage: str, *, today: date, cursor: str = "") -> Page[HiddenDanger]:
    """One page of a tab, the newest first; one query."""
    rows = HiddenDanger.objects.visible_to(user).filter(stage_of(stage, today))
    related = ("division__parent", "reported_by", "closed_by", "dispute")
    return keyset_page(rows.select_related(*related), order=NEWEST, cursor=cursor)


def danger_counts(user: User, today: date) -> dict[str, int]:
    """How many are open, and how many of them past their internal day; one query."""
    rows = HiddenDanger.objects.visible_to(user).open()
    found: dict[str, int] = rows.aggregate(open=Count("pk"), overdue=Count("pk", filter=Q(due_on__lt=today)))
    return found


def get_danger(user: User, pk: int) -> HiddenDanger:
    """A report the user may see. Raises Http404 outside the scope."""
    rows = HiddenDanger.objects.visible_to(user)
    found = rows.select_related("division__parent", "reported_by", "closed_by", "dispute").filter(pk=pk).first()
    if found is None:
        raise Http404(NOT_THERE)
    return found


def photos_of(danger: HiddenDanger) -> QuerySet[StoredFile]:
    about = StoredFile.objects.filter(subject_label=danger._meta.label_lower, subject_id=str(danger.pk))
    return about.order_by("uploaded_at", "pk")


def period_of(danger: HiddenDanger) -> Deadline | None:
    """The internal day while it runs."""
    return Deadline.objects.about(danger).open().select_related("rule").first()


def alarm_in(danger: HiddenDanger) -> Triage | None:
    """What the sentence of a report says of violence or self-harm, however calmly it was filed; None: nothing of it."""
    read = suggest(danger.note) if danger.note else None
    return read if read and read.risk == Risk.HIGH else None


@dataclass(frozen=True)
class Lead:
    """A report that somebody is registering, and what the intake form begins with."""

    danger: HiddenDanger
    initial: dict[str, Any]


def lead_of(user: User, given: str) -> Lead | None:
    """The open report named in an address, as far as the user may register in its town."""
    rows = HiddenDanger.objects.visible_to(user).open().select_related("reported_by", "division")
    key = number_in(given)
    danger = None if key is None else rows.filter(pk=key).first()
    if danger is None:
        return None
    on = said(timezone.localdate(danger.reported_at))
    told = f"{danger.reported_by} {on}报来：{danger.get_kind_display()}。{mask_text(danger.note)}"
    initial = {
        "narrative": told,
        "village": danger.division_id,
        "source": Source.GRID,
        "case_type": CASE_TYPES.get(DangerKind(danger.kind), ""),
        "danger": danger.pk,
    }
    return Lead(danger, initial)
