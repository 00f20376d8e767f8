"""Towns by the thousand, written straight to the tables: for measurements and for tests of what grows with them."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime
from itertools import islice
from typing import Any, TypeVar

from django.db import models
from django.utils import timezone

from core.choices import Level
from core.models import Division, User
from liaison.choices import CHECKED_ITEMS, EVIDENCED_ITEMS, CheckLevel, Host, SystemKind
from liaison.models import LiaisonPoint, StandardCheck, StandardItem, WorkingSystem
from roster.choices import TeamRole
from roster.models import Staff, TeamMembership

PROVINCE, COUNTIES_A_CITY = "45", 99
BUILT_ON = date(2023, 5, 18)
WRITTEN = datetime(2023, 5, 18, 9, tzinfo=timezone.get_default_timezone())
BATCH = 2_000
TEAM = (TeamRole.LIAISON_OFFICER, TeamRole.JUDGE, TeamRole.JUDGE_ASSISTANT, *[TeamRole.MEDIATOR] * 6)
Row = TypeVar("Row", bound=models.Model)


def seed_nation(*, counties: int, towns: int, by: User, seats: int = 1) -> int:
    """A province of `counties` × `towns` towns, each with a built point and the first `seats` of a team; how many.

    Every seventh town was not checked by the county.
    """
    codes = list(_divisions(counties, towns))
    points = _kept(
        LiaisonPoint(
            town_id=code, town_code=code, host=Host.JUDICIAL_OFFICE, address="镇政府路 1 号", opened_on=BUILT_ON
        )
        for code in codes
    )
    _kept(row for point in points for row in _proved(point, by))
    _kept(row for point in points for row in _checked(point, by) if point.pk % 7)
    _kept(row for point in points for row in _adopted(point, by))
    _teams(codes, seats)
    return len(codes)


def _kept(rows: Iterator[Row]) -> list[Row]:
    """Write the rows, some at a time."""
    kept: list[Row] = []
    while batch := list(islice(rows, BATCH)):
        kept += type(batch[0])._default_manager.bulk_create(batch)
    return kept


def _divisions(counties: int, towns: int) -> Iterator[str]:
    """The codes of the towns, their divisions written."""
    cities = range((counties - 1) // COUNTIES_A_CITY + 1)
    rows = [Division(code=PROVINCE, name="新省", level=Level.PROVINCE)]
    rows += [
        Division(code=f"{PROVINCE}{city:02}", name=f"新{city}市", level=Level.CITY, parent_id=PROVINCE)
        for city in cities
    ]
    Division.objects.bulk_create(rows)
    homes = [_county_code(number) for number in range(counties)]
    _kept(
        Division(code=code, name=f"新{number}县", level=Level.COUNTY, parent_id=code[:4])
        for number, code in enumerate(homes)
    )
    places = [
        (f"{county}{100 + town}", f"新{number}-{town}镇", county)
        for number, county in enumerate(homes)
        for town in range(towns)
    ]
    _kept(Division(code=code, name=name, level=Level.TOWN, parent_id=county) for code, name, county in places)
    return (code for code, _, _ in places)


def _county_code(number: int) -> str:
    city, county = divmod(number, COUNTIES_A_CITY)
    return f"{PROVINCE}{city:02}{county:02}"


def _proved(point: LiaisonPoint, by: User) -> Iterator[StandardItem]:
    for item in EVIDENCED_ITEMS:
        yield StandardItem(point=point, item=item, met_on=BUILT_ON, recorded_at=WRITTEN, recorded_by=by)


def _checked(point: LiaisonPoint, by: User) -> Iterator[StandardCheck]:
    for item in CHECKED_ITEMS:
        yield StandardCheck(
            point=point, item=item, level=CheckLevel.COUNTY, checked_on=BUILT_ON, checked_at=WRITTEN, checked_by=by
        )


def _adopted(point: LiaisonPoint, by: User) -> Iterator[WorkingSystem]:
    for kind in SystemKind:
        yield WorkingSystem(
            point=point, kind=kind, adopted_on=BUILT_ON, text=kind.label, recorded_at=WRITTEN, recorded_by=by
        )


def _teams(codes: Sequence[str], seats: int) -> None:
    roles: list[Any] = [(code, role) for code in codes for role in TEAM[:seats]]
    people = _kept(Staff(name=f"新{number}") for number in range(len(roles)))
    _kept(
        TeamMembership(staff=person, town_id=code, town_code=code, role=role, since=BUILT_ON, recorded_at=WRITTEN)
        for person, (code, role) in zip(people, roles, strict=True)
    )
