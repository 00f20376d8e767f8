"""Publicity: events among the people with photographs, and what was written about the point's work."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date, datetime
from urllib.parse import urlsplit

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils import timezone

from core.access import require
from core.actions import audit, files
from core.errors import Refused
from core.file_types import PICTURES
from core.models import StoredFile, User
from liaison.actions.activities import check_day, check_version, given, written
from liaison.actions.points import locked_point
from liaison.choices import PUBLICITY_KINDS, REPORT_KINDS
from liaison.models import LiaisonPoint, MediaReport, PublicityEvent

PHOTO_KIND = "publicity_photo"
HEADS_MAX = 100_000
MINE = "宣传活动由本镇（街）联络人员记。"


@dataclass(frozen=True)
class Event:
    """What was held where, for how many."""

    kind: str
    held_on: date
    title: str
    place: str
    head_count: int


@dataclass(frozen=True)
class Report:
    """What was published where; `link` empty for what is not on the web."""

    kind: str
    outlet: str
    published_on: date
    title: str
    link: str = ""


# ── events ───────────────────────────────────────────────────────────────────
@transaction.atomic
def record_publicity(
    *,
    point_id: int,
    event: Event,
    by: User,
    uploads: Sequence[UploadedFile] = (),
    recorded_at: datetime | None = None,
) -> PublicityEvent:
    """Note an event that was held.

    Effects: event, photographs, audit. Raises Refused for a day in the future or before the point was opened,
    another kind, nobody there, no title or place, a file that is no picture.
    """
    point = locked_point(point_id)
    require(by, "liaison.record_activity", point, message=MINE)
    event = _checked_event(point, event)
    when = recorded_at or timezone.now()
    row = PublicityEvent.objects.create(point=point, recorded_at=when, recorded_by=by, **asdict(event))
    row.photos.add(*_stored(row, uploads, by, when))
    audit.record(
        "point.record_publicity",
        by=by,
        subject=row,
        division_code=point.town_code,
        detail={
            "kind": row.kind, "held_on": row.held_on.isoformat(), "head_count": row.head_count, "files": len(uploads)
        },
    )  # fmt: skip
    return row


@transaction.atomic
def correct_publicity(
    *, event_id: int, event: Event, by: User, uploads: Sequence[UploadedFile] = (), version: int | None = None
) -> PublicityEvent:
    """Correct an event, or add photographs.

    Raises Refused as `record_publicity`, Conflict when somebody corrected it meanwhile.
    """
    row = PublicityEvent.objects.select_for_update(of=("self",)).select_related("point__town").get(pk=event_id)
    require(by, "liaison.record_activity", row.point, message=MINE)
    check_version(row, version)
    changed = written(row, asdict(_checked_event(row.point, event)))
    row.photos.add(*_stored(row, uploads, by, timezone.now()))
    audit.record(
        "point.correct_publicity",
        by=by,
        subject=row,
        division_code=row.town_code,
        detail={
            "kind": row.kind, "held_on": row.held_on.isoformat(), "changed": changed, "files": len(uploads)
        },
    )  # fmt: skip
    return row


def _checked_event(point: LiaisonPoint, event: Event) -> Event:
    """The event without blanks around its texts. Raises Refused at the field."""
    if event.kind not in PUBLICITY_KINDS:
        raise Refused("请选择活动的种类。", field="kind")
    check_day(point, event.held_on)
    if not 1 <= event.head_count <= HEADS_MAX:
        raise Refused(f"参加人数要在 1 到 {HEADS_MAX:,} 之间。", field="head_count")
    return replace(
        event,
        title=given(event.title, "请写活动内容。", "title"),
        place=given(event.place, "请写地点。", "place"),
    )


def _stored(row: PublicityEvent, uploads: Sequence[UploadedFile], by: User, when: datetime) -> list[StoredFile]:
    return files.store_shown(
        uploads=uploads, by=by, subject=row, town_code=row.town_code, kind=PHOTO_KIND, accept=PICTURES, recorded_at=when
    )


# ── what was written ─────────────────────────────────────────────────────────
@transaction.atomic
def record_media(*, point_id: int, report: Report, by: User, recorded_at: datetime | None = None) -> MediaReport:
    """Note what was published about the point's work.

    Raises Refused for a day in the future or before the point was opened, another kind, no outlet or title, or an
    address that is not of the web.
    """
    point = locked_point(point_id)
    require(by, "liaison.record_activity", point, message=MINE)
    facts = asdict(_checked_report(point, report))
    row = MediaReport.objects.create(point=point, recorded_at=recorded_at or timezone.now(), recorded_by=by, **facts)
    audit.record(
        "point.record_media",
        by=by,
        subject=row,
        division_code=point.town_code,
        detail={"kind": row.kind, "published_on": row.published_on.isoformat()},
    )
    return row


@transaction.atomic
def correct_media(*, report_id: int, report: Report, by: User, version: int | None = None) -> MediaReport:
    """Correct what was noted. Raises Refused as `record_media`, Conflict when somebody corrected it meanwhile."""
    row = MediaReport.objects.select_for_update(of=("self",)).select_related("point__town").get(pk=report_id)
    require(by, "liaison.record_activity", row.point, message=MINE)
    check_version(row, version)
    changed = written(row, asdict(_checked_report(row.point, report)))
    audit.record(
        "point.correct_media",
        by=by,
        subject=row,
        division_code=row.town_code,
        detail={"kind": row.kind, "published_on": row.published_on.isoformat(), "changed": changed},
    )
    return row


def _checked_report(point: LiaisonPoint, report: Report) -> Report:
    """The report without blanks around its texts. Raises Refused at the field."""
    if report.kind not in REPORT_KINDS:
        raise Refused("请选择媒体报道或经验材料。", field="kind")
    check_day(point, report.published_on, "published_on")
    link = report.link.strip()
    if link and not _is_of_the_web(link):
        raise Refused("网址要以 http:// 或 https:// 开头，写全。", hint="没有网址的空着。", field="link")
    return replace(
        report,
        outlet=given(report.outlet, "请写刊发单位。", "outlet"),
        title=given(report.title, "请写标题。", "title"),
        link=link,
    )


def _is_of_the_web(link: str) -> bool:
    """Only what a browser opens as a page: never a script, a file, a mail."""
    try:
        parts = urlsplit(link)
    except ValueError:
        return False
    return link.startswith(("http://", "https://")) and bool(parts.hostname) and not any(map(str.isspace, link))
