"""The visit itself: photographs kept, the result or why there is none, its place forgotten in time."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from uuid import UUID

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils import timezone

from core.actions import reminders
from core.actions.deadlines import settle_all
from core.errors import Refused
from core.models import StoredFile, User
from liaison.actions.assistance_steps import (
    FILES_MAX,
    check_day,
    given_reason,
    move,
    note,
    report,
    store,
    take,
    tell,
)
from liaison.choices import AssistanceFile, AssistanceOutcome
from liaison.models import AssistanceRequest, AssistanceWitness
from liaison.proofs import WAYS, Record, half_a_witness, lacking
from liaison.queries.assistance import NOTED, photos_of

LATITUDES, LONGITUDES = (Decimal(3), Decimal(54)), (Decimal(73), Decimal(136))  # of China, as people read them off


@dataclass(frozen=True)
class Whereabouts:
    """Where the visit was: degrees as a phone shows them, or words. Wiped some days after the result was recorded."""

    latitude: Decimal | None = None
    longitude: Decimal | None = None
    note: str = ""

    def written(self) -> str:
        """One line, empty without anything. Raises Refused for half a position or one outside the country."""
        if (self.latitude is None) != (self.longitude is None):
            missing = "latitude" if self.latitude is None else "longitude"
            raise Refused("经度、纬度要一起填，或者都不填。", field=missing)
        if self.latitude is None or self.longitude is None:
            return self.note.strip()
        if not LATITUDES[0] <= self.latitude <= LATITUDES[1]:
            raise Refused("纬度不对，应在 3 到 54 之间。", hint="请看看是不是和经度填反了。", field="latitude")
        if not LONGITUDES[0] <= self.longitude <= LONGITUDES[1]:
            raise Refused("经度不对，应在 73 到 136 之间。", hint="请看看是不是和纬度填反了。", field="longitude")
        return f"纬度 {self.latitude}，经度 {self.longitude}　{self.note.strip()}".strip()


NOWHERE = Whereabouts()


@transaction.atomic
def attach_files(
    *,
    request_id: UUID,
    by: User,
    photos: Sequence[UploadedFile] = (),
    receipts: Sequence[UploadedFile] = (),
    recorded_at: datetime | None = None,
) -> list[StoredFile]:
    """Keep photographs of the visit and signed papers while it is being done; place and device are taken off photos."""
    request = take(request_id, "attach", by=by)
    if not photos and not receipts:
        raise Refused("还没有选照片或文件。", hint="拍一张，或者从手机里选。", field="photos")
    when = recorded_at or timezone.now()
    stored = _store_all(request, photos, receipts, by, when)
    note(request, "attach", by=by, files=[file.sha256 for file in stored])
    return stored


def _store_all(
    request: AssistanceRequest,
    photos: Sequence[UploadedFile],
    receipts: Sequence[UploadedFile],
    by: User,
    recorded_at: datetime,
) -> list[StoredFile]:
    """Keep the files of a visit. Raises Refused past the limit, at the field the file came from."""
    kept = StoredFile.objects.filter(subject_label=request._meta.label_lower, subject_id=str(request.pk)).count()
    if kept + len(photos) + len(receipts) > FILES_MAX:
        raise Refused(f"一件请求最多存 {FILES_MAX} 份文件。", hint="请留下最清楚的几张。", field="photos")
    return [store(request, photo, AssistanceFile.PHOTO, by, recorded_at) for photo in photos] + [
        store(request, paper, AssistanceFile.RECEIPT, by, recorded_at) for paper in receipts
    ]


@transaction.atomic
def complete_assistance(
    *,
    request_id: UUID,
    record: Record,
    by: User,
    on: date,
    where: Whereabouts = NOWHERE,
    photos: Sequence[UploadedFile] = (),
    receipts: Sequence[UploadedFile] = (),
    version: int | None = None,
    recorded_at: datetime | None = None,
) -> AssistanceRequest:
    """It is done, in the way of the record, with everything that this way needs (liaison.proofs).

    Photos handed over with it count together with those kept before. Effects: files, witnesses, state; the deadline
    settled; message to the court; audit. Raises Refused at the field of the first condition that is not met.
    """
    request = take(request_id, "complete", by=by, version=version)
    check_day(on, "on", after=request.answered_on)
    when = recorded_at or timezone.now()
    record = replace(record, is_organisation=request.is_organisation, photos=photos_of(request) + len(photos))
    _check(request, record)
    _store_all(request, photos, receipts, by, when)
    for name in NOTED:
        setattr(request, name, getattr(record, name))
    request.witnesses.all().delete()  # those of a result that the court sent back
    AssistanceWitness.objects.bulk_create(
        AssistanceWitness(request=request, name=each.name, organisation=each.organisation, duty=each.duty)
        for each in record.witnesses
        if each.is_whole
    )
    _keep_place(request, where)
    report(request, AssistanceOutcome.DONE, by=by, on=on, when=when)
    move(request, "complete", "outcome", "done_on", "done_by", "done_recorded_at", "location", "has_location", *NOTED)
    _close(request, on, f"{request.point}已办妥：{request.get_way_display()}。", recorded_at)
    note(request, "complete", by=by, on=on, way=record.way, photos=record.photos, witnesses=len(record.witnesses))
    return request


def _check(request: AssistanceRequest, record: Record) -> None:
    if record.way not in WAYS[request.kind]:
        raise Refused(
            f"「{request.get_kind_display()}」不能这样办。",
            hint="法院要求的办法不合适的，记「未能完成」并写明原因。",
            field="way",
        )
    if half := half_a_witness(record.witnesses):
        raise Refused("见证人的姓名和单位要一起写。", field=f"witness{half}_name")
    if missing := lacking(record):
        raise Refused(missing[0].says, field=missing[0].field)


@transaction.atomic
def fail_assistance(
    *,
    request_id: UUID,
    by: User,
    on: date,
    reason: str,
    where: Whereabouts = NOWHERE,
    photos: Sequence[UploadedFile] = (),
    version: int | None = None,
    recorded_at: datetime | None = None,
) -> AssistanceRequest:
    """It could not be done; the court decides how it goes on. Effects: as `complete_assistance`, with the reason.

    Of a result that the court sent back nothing stays but its files.
    """
    request = take(request_id, "fail", by=by, version=version)
    check_day(on, "on", after=request.answered_on)
    when = recorded_at or timezone.now()
    reason = given_reason(reason, "请写明为什么没有办成：去了几次、见到谁、人或地方是什么情况。")
    nothing = Record(way="")
    for name in NOTED:
        setattr(request, name, getattr(nothing, name))
    request.witnesses.all().delete()
    request.result = reason
    _store_all(request, photos, (), by, when)
    _keep_place(request, where)
    report(request, AssistanceOutcome.FAILED, by=by, on=on, when=when)
    move(request, "fail", "outcome", "done_on", "done_by", "done_recorded_at", "location", "has_location", *NOTED)
    _close(request, on, f"{request.point}未能完成，请看原因。", recorded_at)
    note(request, "fail", by=by, on=on, reason_length=len(request.result))
    return request


def _keep_place(request: AssistanceRequest, where: Whereabouts) -> None:
    request.location = where.written()
    request.has_location = bool(request.location)


def _close(request: AssistanceRequest, on: date, text: str, recorded_at: datetime | None) -> None:
    settle_all(subject=request, on=on, settled_as=request.outcome)
    tell(request, request.sent_by, text, recorded_at)


def forget_locations(now: datetime) -> int:
    """Wipe where visits were, ASSISTANCE_LOCATION_DAYS after their result was recorded; returns how many.

    Each is its own transaction with its line in the audit trail; run again it finds nothing.
    """
    before = now - timedelta(days=settings.ASSISTANCE_LOCATION_DAYS)
    due = AssistanceRequest.objects.filter(has_location=True, done_recorded_at__lte=before)
    wiped = 0
    for request_id in list(due.order_by("done_recorded_at").values_list("pk", flat=True)):
        wiped += _forget(request_id, timezone.localdate(now))
    return wiped


@transaction.atomic
def _forget(request_id: UUID, on: date) -> bool:
    request = AssistanceRequest.objects.select_for_update(of=("self",)).get(pk=request_id)
    if not request.has_location:
        return False
    request.location, request.has_location, request.location_wiped_on = "", False, on
    request.save(update_fields=["location", "has_location", "location_wiped_on"])
    note(request, "forget_location", by=None, on=on, days=settings.ASSISTANCE_LOCATION_DAYS)
    return True


reminders.also_do(forget_locations)
