"""Adopting the text of a working system; a new version ends the one in force."""

from datetime import date, datetime

from django.db import transaction
from django.utils import timezone

from core.access import require
from core.actions import audit
from core.errors import Refused
from core.models import User
from core.queries import said
from liaison.actions.points import locked_point, not_in_future
from liaison.choices import SystemKind
from liaison.models import WorkingSystem


@transaction.atomic
def adopt_system(
    *, point_id: int, kind: str, adopted_on: date, text: str, by: User, recorded_at: datetime | None = None
) -> WorkingSystem:
    """The point adopts a text; the text in force until then ends on the same day, so that no day lies between.

    Raises Refused for an empty or unchanged text, a day in the future, or a day before the text in force.
    """
    point = locked_point(point_id)
    require(by, "liaison.adopt_system", point, message="工作制度由本镇（街）联络人员录入。")
    text = text.strip()
    if kind not in SystemKind.values:
        raise Refused("没有这项制度。", field="kind")
    if not text:
        raise Refused("请写制度正文。", field="text")
    not_in_future(adopted_on, "adopted_on")
    when = recorded_at or timezone.now()
    before = WorkingSystem.objects.filter(point=point, kind=kind, ended_on=None).first()
    if before:
        _end(before, adopted_on, text, when)
    system = WorkingSystem.objects.create(
        point=point, kind=kind, adopted_on=adopted_on, text=text, recorded_at=when, recorded_by=by
    )
    audit.record(
        "point.adopt_system",
        by=by,
        subject=system,
        division_code=point.town_code,
        detail={"kind": kind, "adopted_on": adopted_on.isoformat(), "replaces": before.pk if before else None},
    )
    return system


def _end(before: WorkingSystem, day: date, text: str, when: datetime) -> None:
    if day < before.adopted_on:
        raise Refused(
            f"现行文本是{said(before.adopted_on)}通过的，新文本不能比它早。",
            hint="请核对通过日。",
            field="adopted_on",
        )
    if text == before.text.strip():
        raise Refused("正文和现行文本一样，没有要改的。", field="text")
    before.ended_on, before.ended_recorded_at = day, when
    before.save(update_fields=["ended_on", "ended_recorded_at"])
