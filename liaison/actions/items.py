"""The four-ones: a town reports office and plaque with evidence, the county checks, a lapse is written down."""

from collections.abc import Sequence
from datetime import date, datetime

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils import timezone

from core.access import require
from core.actions import audit, files
from core.errors import Conflict, Refused
from core.models import User
from core.queries import said
from liaison import queries
from liaison.actions.points import locked_point, not_in_future
from liaison.choices import CHECKED_ITEMS, COUNTED_LEVELS, EVIDENCED_ITEMS, CheckLevel, StandardKey
from liaison.models import StandardCheck, StandardItem
from liaison.standard import HOW_TO_MEET

EVIDENCE_KIND = "standard_evidence"


@transaction.atomic
def report_item(
    *,
    point_id: int,
    item: str,
    met_on: date,
    uploads: Sequence[UploadedFile],
    by: User,
    note: str = "",
    recorded_at: datetime | None = None,
) -> StandardItem:
    """The town reports the office or the plaque as there since `met_on`; at least one photo or paper proves it.

    With an item of that kind in force the files are added to it and its day stays. The level is 自报 until
    the county checks. Raises Refused without evidence, for a day in the future, or for an item that is derived.
    """
    point = locked_point(point_id)
    require(by, "liaison.report_item", point, message="四个一的证据由本镇（街）联络人员报。")
    if item not in EVIDENCED_ITEMS:
        raise Refused(
            f"「{StandardKey(item).label}」不用报证据。",
            hint="联络人员看名册任职，管理机制看六项制度文本。",
            field="item",
        )
    not_in_future(met_on, "met_on")
    if not uploads:
        raise Refused("还没有证据。", hint="请至少附一张照片或一份文件。", field="file")
    when = recorded_at or timezone.now()
    row, created = StandardItem.objects.get_or_create(
        point=point,
        item=item,
        ended_on=None,
        defaults={"met_on": met_on, "note": note, "recorded_at": when, "recorded_by": by},
    )
    stored = files.store_shown(
        uploads=uploads, by=by, subject=row, town_code=point.town_code, kind=EVIDENCE_KIND, recorded_at=when
    )
    row.evidence.add(*stored)
    audit.record(
        "point.report_item" if created else "point.add_evidence",
        by=by,
        subject=row,
        division_code=point.town_code,
        detail={"item": item, "met_on": row.met_on.isoformat(), "files": [file.sha256 for file in stored]},
    )
    return row


@transaction.atomic
def check_item(
    *,
    point_id: int,
    item: str,
    level: str,
    checked_on: date,
    by: User,
    note: str = "",
    recorded_at: datetime | None = None,
) -> StandardCheck:
    """Justice bureau or committee found the item in place on `checked_on` (县级核验, later 抽查).

    Raises Refused when the item was not there on that day or the day is in the future, Conflict when somebody
    noted the same check already. What is found missing is ended by `end_item` instead.
    """
    point = locked_point(point_id)
    require(by, "liaison.check_item", point, message="核验由司法局或政法委办。")
    if item not in CHECKED_ITEMS or level not in COUNTED_LEVELS:
        raise Refused("联络人员按名册任职认定，不另核验。", field="item")
    not_in_future(checked_on, "checked_on")
    status = queries.statuses(checked_on, town_codes=[point.town_code])[point.town_code].status
    if not status.item(item).met:
        raise Refused(
            f"{said(checked_on)}这一天「{StandardKey(item).label}」还没有达到，不能核验。",
            hint=HOW_TO_MEET[StandardKey(item)],
            field="checked_on",
        )
    check, created = StandardCheck.objects.get_or_create(
        point=point,
        item=item,
        level=level,
        checked_on=checked_on,
        defaults={"checked_at": recorded_at or timezone.now(), "checked_by": by, "note": note},
    )
    if not created:
        raise Conflict(
            f"没有保存：{check.checked_by}已经记过这一天的{CheckLevel(level).label}。", hint="不用再记一次。"
        )
    audit.record(
        "point.check_item",
        by=by,
        subject=check,
        division_code=point.town_code,
        detail={"item": item, "level": level, "checked_on": checked_on.isoformat(), "note": note},
    )
    return check


@transaction.atomic
def end_item(
    *, item_id: int, ended_on: date, because: str, by: User, recorded_at: datetime | None = None
) -> StandardItem:
    """The office or plaque is no longer there from `ended_on` on; the officer says so, or a checker who looked.

    Raises Refused without a reason or with a day before it was met, Conflict when it has ended already.
    """
    point_id = StandardItem.objects.values_list("point_id", flat=True).get(pk=item_id)
    point = locked_point(point_id)
    row = StandardItem.objects.select_for_update(of=("self",)).get(pk=item_id)
    require(by, "liaison.end_item", point)
    if row.ended_on:
        raise Conflict(f"没有保存：这一项已经记为{said(row.ended_on)}失效。", hint="刷新后看现在的情况。")
    if not because.strip():
        raise Refused("请写明为什么不再达到。", field="because")
    not_in_future(ended_on, "ended_on")
    if ended_on < row.met_on:
        raise Refused(f"失效日不能早于达标日（{said(row.met_on)}）。", field="ended_on")
    row.ended_on, row.ended_because = ended_on, because.strip()
    row.ended_recorded_at = recorded_at or timezone.now()
    row.save(update_fields=["ended_on", "ended_because", "ended_recorded_at"])
    audit.record(
        "point.end_item",
        by=by,
        subject=row,
        division_code=point.town_code,
        detail={"item": row.item, "ended_on": ended_on.isoformat(), "because": row.ended_because},
    )
    return row
