"""The 21 points of the demo county: opened, proved, checked, their systems adopted and used."""

from datetime import date, timedelta
from io import BytesIO
from random import Random
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image, ImageDraw

from core.calendar import ONE_DAY, add_months
from core.choices import Level
from core.models import Division
from core.queries import today
from liaison.actions.duty import schedule_shift
from liaison.actions.duty_marks import hold_shift, miss_shift
from liaison.actions.duty_plan import generate_rota
from liaison.actions.items import check_item, report_item
from liaison.actions.points import open_point
from liaison.actions.systems import adopt_system
from liaison.choices import CheckLevel, Host, StandardKey, SystemKind
from liaison.models import DutyShift, LiaisonPoint
from liaison.rota import Wish
from reports.demo.activities import hold_meetings, train_and_publicise
from reports.demo.assistance import assist
from reports.demo.people_on_stage import Stage, TownCast
from reports.demo.times import at, weekday
from roster.models import Staff

OPENING, CHECKING = date(2023, 4, 17), date(2023, 6, 12)
RUNNING_UNTIL, RECENT_DAYS = date(2023, 12, 20), 84
LATE_SYSTEM_TOWNS = frozenset({"加益镇", "龙湾镇"})
NOT_PLANNED_AHEAD, NOT_NOTED, MISSED = "双东街道", "太平镇", 4
SHIFT_EVERY = 14


def build_points(stage: Stage, random: Random, texts: dict[str, Any]) -> None:
    """Every town gets a point; towns with a team report, are checked, adopt their six texts and keep them in use."""
    casts = {cast.code: cast for cast in stage.towns}
    towns = Division.objects.filter(level=Level.TOWN, is_statistical_only=False)
    for number, town in enumerate(towns):
        opened_on = weekday(OPENING + timedelta(days=number % 20))
        point = _open(town, opened_on, number, by=stage.admin)
        if cast := casts.get(town.code):
            _prove(point, cast, opened_on)
            _adopt(point, cast, texts, opened_on)
            _check(point, stage, opened_on)
            _use(point, cast, random, texts)
            assist(point, cast, stage, number)


def _open(town: Division, opened_on: date, number: int, *, by: Any) -> LiaisonPoint:
    return open_point(
        town_code=town.code,
        host=Host.GOVERNANCE_CENTRE if number % 3 else Host.JUDICIAL_OFFICE,
        address=f"罗定市{town.name}综治中心一楼",
        phone=f"0766-000{number:04d}",
        opened_on=opened_on,
        by=by,
    )


def _prove(point: LiaisonPoint, cast: TownCast, opened_on: date) -> None:
    for item in (StandardKey.OFFICE, StandardKey.PLAQUE):
        report_item(
            point_id=point.pk,
            item=item,
            met_on=opened_on,
            uploads=[_picture(item)],
            by=cast.officer,
            note="已挂牌启用" if item == StandardKey.PLAQUE else "独立办公室，配视频调解设备",
            recorded_at=at(opened_on),
        )


def _check(point: LiaisonPoint, stage: Stage, opened_on: date) -> None:
    """The county comes once, after the texts are adopted, and checks all three."""
    on = weekday(CHECKING + timedelta(days=opened_on.day % 10))
    checker = stage.justice if point.pk % 2 else stage.committee
    for item in (StandardKey.OFFICE, StandardKey.PLAQUE, StandardKey.RULES):
        check_item(
            point_id=point.pk, item=item, level=CheckLevel.COUNTY, checked_on=on, by=checker, recorded_at=at(on, 15)
        )


def _picture(item: StandardKey) -> SimpleUploadedFile:
    """A drawn stand-in for the photograph of an office or a plaque."""
    picture = Image.new("RGB", (960, 640), "#e8f0f8")
    pen = ImageDraw.Draw(picture)
    pen.rectangle((0, 440, 960, 640), fill="#dbe2e8")
    if item == StandardKey.PLAQUE:
        pen.rectangle((380, 90, 580, 560), fill="#f6f8fa", outline="#14324a", width=10)
        pen.rectangle((430, 150, 530, 500), fill="#1b5a96")
    else:
        pen.rectangle((220, 320, 740, 360), fill="#8f6b3f")
        for left in (250, 680):
            pen.rectangle((left, 360, left + 30, 520), fill="#6e5230")
    buffer = BytesIO()
    picture.save(buffer, "PNG")
    return SimpleUploadedFile(f"{item.label}.png", buffer.getvalue(), "image/png")


def _adopt(point: LiaisonPoint, cast: TownCast, texts: dict[str, Any], opened_on: date) -> None:
    adopted_on = weekday(opened_on + timedelta(days=14))
    for kind in SystemKind:
        adopt_system(
            point_id=point.pk,
            kind=kind,
            adopted_on=adopted_on,
            text=texts["systems"][kind.value],
            by=cast.officer,
            recorded_at=at(adopted_on),
        )


def _use(point: LiaisonPoint, cast: TownCast, random: Random, texts: dict[str, Any]) -> None:
    """Shifts every other week in 2023 and lately, a whole rota now, joint meetings, training and publicity."""
    recent = today() - timedelta(days=RECENT_DAYS)
    for first, last in ((date(2023, 5, 22), RUNNING_UNTIL), (recent, today())):
        day = weekday(first + timedelta(days=random.randrange(7)))
        while day < min(last, today().replace(day=1)):
            _stand(point, cast, random.choice(cast.staff[2:]), day)
            day = weekday(day + timedelta(days=SHIFT_EVERY))
        if cast.town.name not in LATE_SYSTEM_TOWNS:
            hold_meetings(point, cast, texts["meetings"], first, last)
        train_and_publicise(point, cast, texts, first, last)
    _this_month(point, cast)


def _stand(point: LiaisonPoint, cast: TownCast, staff: Staff, day: date) -> None:
    shift = schedule_shift(
        point_id=point.pk, on=day, staff_id=staff.pk, by=cast.officer, recorded_at=at(day - timedelta(days=3))
    )
    hold_shift(shift_id=shift.pk, by=cast.officer, recorded_at=at(day, 17))


def _this_month(point: LiaisonPoint, cast: TownCast) -> None:
    """The rota of this month and, but for one town, of the next; the days that have come were held.

    In one town somebody was called to a village instead, and yesterday's shift is not noted yet.
    """
    first = today().replace(day=1)
    _plan(point, cast, first)
    if cast.town.name != NOT_PLANNED_AHEAD:
        _plan(point, cast, add_months(first, 1))
    come = list(DutyShift.objects.filter(point=point, on__range=(first, today())).order_by("on"))
    not_noted = 1 if cast.town.name == NOT_NOTED and come and come[-1].on < today() else 0
    for place, shift in enumerate(come[: len(come) - not_noted]):
        if cast.town.name == NOT_NOTED and place == MISSED:
            because = "临时到村里处理宅基地纠纷"
            miss_shift(shift_id=shift.pk, because=because, by=cast.officer, recorded_at=at(shift.on, 17))
        else:
            hold_shift(shift_id=shift.pk, by=cast.officer, recorded_at=at(shift.on, 17))


def _plan(point: LiaisonPoint, cast: TownCast, first: date) -> None:
    generate_rota(
        point_id=point.pk,
        wish=Wish(first, add_months(first, 1) - ONE_DAY),
        staff_ids=[staff.pk for staff in cast.staff[2:]],
        by=cast.officer,
        recorded_at=at(first - timedelta(days=4)),
    )
