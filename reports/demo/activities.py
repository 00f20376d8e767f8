"""What the demo's points do beside their cases: meetings with decisions, training, publicity, plans of the years."""

from collections.abc import Iterator
from datetime import date, timedelta
from io import BytesIO
from itertools import cycle
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image, ImageDraw

from core.queries import today
from liaison.actions.meetings import Decision, finish_decision, record_meeting
from liaison.actions.plans import set_plan
from liaison.actions.publicity import Event, Report, record_media, record_publicity
from liaison.actions.trainings import Lesson, record_training
from liaison.models import LiaisonPoint, MeetingDecision
from reports.demo.people_on_stage import TownCast
from reports.demo.times import at, weekday

MEETING_EVERY = 70
TRAINING_EVERY, EVENT_EVERY, REPORT_EVERY = 64, 36, 120
PLAN = {
    "meeting": 8, "training": 4, "circuit_trial": 2, "court_visit": 2, "case_lesson": 2, "law_to_village": 4, "media": 2
}  # fmt: skip
DUE_AFTER, DONE_AFTER = timedelta(days=20), timedelta(days=12)


def hold_meetings(point: LiaisonPoint, cast: TownCast, meetings: list[dict[str, Any]], first: date, last: date) -> None:
    """A joint meeting of each kind every ten weeks; each decides something that the officer or a mediator does."""
    day = weekday(first + timedelta(days=10))
    while day < last:
        for meeting, owner in zip(meetings, cast.staff[2:], strict=False):
            held = record_meeting(
                point_id=point.pk,
                held_on=day,
                system=meeting["system"],
                agenda=meeting["agenda"],
                minutes=meeting["minutes"],
                attendees=[staff.pk for staff in cast.staff],
                guests=meeting["guests"],
                decisions=[Decision(meeting["decision"], owner.pk, weekday(day + DUE_AFTER))],
                by=cast.officer,
                recorded_at=at(day, 17),
            )
            _carry_out(held.decisions.get(), meeting["done"], cast)
        day = weekday(day + timedelta(days=MEETING_EVERY))


def _carry_out(decision: MeetingDecision, done: str, cast: TownCast) -> None:
    """Decisions whose time has come were carried out; those of the last days are still open."""
    done_on = weekday(decision.meeting.held_on + DONE_AFTER)
    if done_on < today():
        finish_decision(
            decision_id=decision.pk, done_on=done_on, done_note=done, by=cast.officer, recorded_at=at(done_on, 17)
        )


def train_and_publicise(point: LiaisonPoint, cast: TownCast, texts: dict[str, Any], first: date, last: date) -> None:
    """Lessons, events among the people and what was written of them, in turn; and the plan of the year."""
    set_plan(point_id=point.pk, year=last.year, wanted=PLAN, by=cast.officer)
    for day, lesson in _in_turn(texts["trainings"], first + timedelta(days=6), last, TRAINING_EVERY):
        record_training(
            point_id=point.pk,
            lesson=Lesson(held_on=day, **lesson),
            attendees=[staff.pk for staff in cast.staff[2:]],
            by=cast.officer,
            recorded_at=at(day, 17),
        )
    for day, event in _in_turn(texts["publicity"], first + timedelta(days=14), last, EVENT_EVERY):
        record_publicity(
            point_id=point.pk,
            event=Event(held_on=day, **event),
            uploads=[_crowd(event["title"])],
            by=cast.officer,
            recorded_at=at(day, 17),
        )
    for day, report in _in_turn(texts["media"], first + timedelta(days=20), last, REPORT_EVERY):
        record_media(
            point_id=point.pk,
            report=Report(published_on=day, **report),
            by=cast.officer,
            recorded_at=at(day, 17),
        )


def _in_turn(texts: list[dict[str, Any]], day: date, last: date, every: int) -> Iterator[tuple[date, dict[str, Any]]]:
    """A weekday every so many days up to the day before `last`, each with the next of the texts."""
    for text in cycle(texts):
        if weekday(day) >= last:
            return
        yield weekday(day), text
        day += timedelta(days=every)


def _crowd(title: str) -> SimpleUploadedFile:
    """A drawn stand-in for the photograph of people before a table."""
    picture = Image.new("RGB", (480, 320), "#e8f0f8")
    pen = ImageDraw.Draw(picture)
    pen.rectangle((0, 210, 480, 320), fill="#dbe2e8")
    pen.rectangle((150, 120, 330, 140), fill="#8f6b3f")
    for left in range(30, 450, 52):
        pen.ellipse((left, 205, left + 26, 231), fill="#14324a")
        pen.rectangle((left - 4, 231, left + 30, 290), fill="#1b5a96")
    buffer = BytesIO()
    picture.save(buffer, "PNG")
    return SimpleUploadedFile(f"{title[:12]}.png", buffer.getvalue(), "image/png")
