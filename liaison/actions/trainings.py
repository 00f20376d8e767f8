"""Training of a point's team: who taught what, who came, the papers, what they made of it."""

from collections.abc import Collection, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from uuid import UUID

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils import timezone

from core.access import require
from core.actions import audit, files
from core.models import StoredFile, User
from liaison.actions.activities import check_day, check_team, check_version, given, written
from liaison.actions.points import locked_point
from liaison.models import LiaisonPoint, Training

MATERIAL_KIND = "training_material"
MINE = "培训由本镇（街）联络人员记。"


@dataclass(frozen=True)
class Lesson:
    """What was taught, by whom; `feedback` may follow later."""

    held_on: date
    topic: str
    lecturer: str
    guests: str = ""
    feedback: str = ""


@transaction.atomic
def record_training(
    *,
    point_id: int,
    lesson: Lesson,
    by: User,
    attendees: Collection[UUID] = (),
    uploads: Sequence[UploadedFile] = (),
    recorded_at: datetime | None = None,
) -> Training:
    """Note a training that was held.

    Effects: training, files, audit. Raises Refused for a day in the future or before the point was opened, without
    topic or lecturer, for somebody who was not on the team (field `attendees`), for a file that is none.
    """
    point = locked_point(point_id)
    require(by, "liaison.record_activity", point, message=MINE)
    lesson = _checked(point, lesson)
    came = check_team(point, attendees, lesson.held_on, "attendees")
    when = recorded_at or timezone.now()
    training = Training.objects.create(point=point, recorded_at=when, recorded_by=by, **asdict(lesson))
    training.attendees.set(came)
    training.materials.add(*_stored(training, uploads, by, when))
    audit.record(
        "point.record_training",
        by=by,
        subject=training,
        division_code=point.town_code,
        detail={"held_on": lesson.held_on.isoformat(), "came": len(came), "files": len(uploads)},
    )
    return training


@transaction.atomic
def correct_training(
    *,
    training_id: int,
    lesson: Lesson,
    by: User,
    attendees: Collection[UUID] = (),
    uploads: Sequence[UploadedFile] = (),
    version: int | None = None,
) -> Training:
    """Correct a training, add papers or what the people said of it.

    Raises Refused as `record_training`, Conflict when somebody corrected it meanwhile.
    """
    rows = Training.objects.select_for_update(of=("self",)).select_related("point__town")
    training = rows.get(pk=training_id)
    require(by, "liaison.record_activity", training.point, message=MINE)
    check_version(training, version)
    lesson = _checked(training.point, lesson)
    came = check_team(training.point, attendees, lesson.held_on, "attendees")
    moved = set(came) != set(training.attendees.all())
    changed = written(training, asdict(lesson)) + ["attendees"] * moved
    training.attendees.set(came)
    training.materials.add(*_stored(training, uploads, by, timezone.now()))
    audit.record(
        "point.correct_training",
        by=by,
        subject=training,
        division_code=training.town_code,
        detail={"held_on": lesson.held_on.isoformat(), "changed": changed, "files": len(uploads)},
    )
    return training


def _checked(point: LiaisonPoint, lesson: Lesson) -> Lesson:
    """The lesson without blanks around its texts. Raises Refused at the field."""
    check_day(point, lesson.held_on)
    return Lesson(
        held_on=lesson.held_on,
        topic=given(lesson.topic, "请写培训主题。", "topic"),
        lecturer=given(lesson.lecturer, "请写授课人。", "lecturer"),
        guests=lesson.guests.strip(),
        feedback=lesson.feedback.strip(),
    )


def _stored(training: Training, uploads: Sequence[UploadedFile], by: User, when: datetime) -> list[StoredFile]:
    return files.store_shown(
        uploads=uploads, by=by, subject=training, town_code=training.town_code, kind=MATERIAL_KIND, recorded_at=when
    )
