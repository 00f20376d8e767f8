"""Points, photos and the people who keep and check them."""

import io
from collections.abc import Callable, Iterator
from datetime import date, datetime, time

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from PIL import Image

from core.models import User
from core.reference import load_calendar, load_rules
from liaison.actions.items import check_item, report_item
from liaison.actions.points import open_point
from liaison.actions.systems import adopt_system
from liaison.choices import CHECKED_ITEMS, EVIDENCED_ITEMS, CheckLevel, Host, SystemKind
from liaison.models import AssistanceRequest, LiaisonPoint
from roster.choices import TeamRole
from roster.models import Staff, TeamMembership
from tests.conftest import TAIPING
from tests.liaison import assistance_kit


def moment(day: date) -> datetime:
    """Nine in the morning of a day, Asia/Shanghai."""
    return timezone.make_aware(datetime.combine(day, time(9)))


def picture(name: str = "办公室.png") -> SimpleUploadedFile:
    out = io.BytesIO()
    Image.new("RGB", (8, 8), "white").save(out, "PNG")
    return SimpleUploadedFile(name, out.getvalue(), content_type="image/png")


@pytest.fixture
def point(officer_of_taiping) -> LiaisonPoint:
    """太平镇's point, opened, with nothing proved yet."""
    return open_point(
        town_code=TAIPING,
        host=Host.GOVERNANCE_CENTRE,
        address="太平镇政府路 1 号",
        phone="0766-0000218",
        opened_on=date(2023, 5, 18),
        by=officer_of_taiping,
    )


@pytest.fixture
def serve() -> Callable[..., TeamMembership]:
    """serve("黎志恒", TeamRole.LIAISON_OFFICER, since, until=None, town=TAIPING) → a term of office."""

    def make(name: str, role: TeamRole, since: date, *, town: str = TAIPING, **facts) -> TeamMembership:
        recorded_on = facts.pop("recorded_on", since)
        staff = facts.pop("staff", None) or Staff.objects.create(name=name)
        return TeamMembership.objects.create(
            staff=staff, town_id=town, town_code=town, role=role, since=since, recorded_at=moment(recorded_on), **facts
        )

    return make


@pytest.fixture
def build(officer_of_taiping, justice_officer, serve) -> Callable[..., None]:
    """build(point, on) → all four ones reported, checked and recorded on that day."""

    def make(point: LiaisonPoint, on: date, *, by: User = officer_of_taiping, checked_on: date | None = None) -> None:
        for item in EVIDENCED_ITEMS:
            report_item(point_id=point.pk, item=item, met_on=on, uploads=[picture()], by=by, recorded_at=moment(on))
        for kind in SystemKind:
            adopt_system(
                point_id=point.pk, kind=kind, adopted_on=on, text=f"{kind.label}正文", by=by, recorded_at=moment(on)
            )
        day = checked_on or on
        for item in CHECKED_ITEMS:
            check_item(
                point_id=point.pk,
                item=item,
                level=CheckLevel.COUNTY,
                checked_on=day,
                by=justice_officer,
                recorded_at=moment(day),
            )
        serve("黎志恒", TeamRole.LIAISON_OFFICER, on, town=point.town_code)

    return make


VISIT_DAY = datetime(2023, 9, 8, 15, 0, tzinfo=timezone.get_default_timezone())


@pytest.fixture
def visit_day(divisions) -> Iterator[None]:
    """It is Friday 8 September 2023, with the rules and rest days of the time."""
    with time_machine.travel(VISIT_DAY, tick=False):
        load_rules()
        load_calendar()
        yield


@pytest.fixture
def asked(visit_day, point, court_clerk) -> AssistanceRequest:
    """The court asked 太平镇 to serve a paper."""
    return assistance_kit.ask(point, court_clerk)


@pytest.fixture
def going(asked, officer_of_taiping, mediator_of_taiping) -> AssistanceRequest:
    """Accepted; the mediator goes."""
    return assistance_kit.accepted(asked, officer_of_taiping, mediator_of_taiping)
