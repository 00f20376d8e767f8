"""The points a user may see, and the parts of one point."""

from collections import defaultdict

from django.db.models import OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce
from django.shortcuts import get_object_or_404

from core.choices import CASE_ROLES, Level, Role
from core.models import Division, StoredFile, User
from core.scope import within, within_any
from liaison.models import LiaisonPoint, StandardItem, Tribunal, WorkingSystem
from liaison.queries.books import towns
from liaison.standard import PointStatus

AREAS_NAMED = 20  # counties of one name; more than that is no area
ABOVE_TOWN = (Level.PROVINCE, Level.CITY, Level.COUNTY)


def visible_towns(user: User) -> QuerySet[Division]:
    """The towns whose points `user` may see, opened or not."""
    if user.role == Role.ADMIN:
        return towns()
    return towns().filter(within_any("code", user.scope_codes)) if user.role in CASE_ROLES else towns().none()


def towns_inside(user: User, area: str) -> QuerySet[Division]:
    """The visible towns of an area: a code's first digits, or part of the name of the town or what it lies in."""
    found = visible_towns(user)
    if not area:
        return found
    if area.isascii() and area.isdigit():
        return found.filter(within("code", area))
    above = Division.objects.filter(level__in=ABOVE_TOWN, name__contains=area).values_list("code", flat=True)
    return found.filter(Q(name__contains=area) | within_any("code", tuple(above[:AREAS_NAMED])))


def town_for(user: User, town_code: str) -> Division:
    """One of the visible towns with its point at `.liaison_point`, if it has one, and its `.tribunal_name`, empty
    where the court itself serves it; 404 outside."""
    tribunal = Tribunal.objects.filter(towns=OuterRef("pk")).order_by("name").values("name")[:1]
    towns = visible_towns(user).annotate(tribunal_name=Coalesce(Subquery(tribunal), Value("")))
    return get_object_or_404(towns.select_related("liaison_point"), code=town_code)


def point_for(user: User, town_code: str) -> LiaisonPoint:
    """The opened point of a visible town; 404 outside or when none was opened."""
    return get_object_or_404(LiaisonPoint.objects.visible_to(user).select_related("town"), town_code=town_code)


def item_for(user: User, town_code: str, item_id: int) -> StandardItem:
    point = point_for(user, town_code)
    return get_object_or_404(StandardItem.objects.filter(point=point).select_related("point__town"), pk=item_id)


def evidence_files(status: PointStatus) -> dict[int, list[StoredFile]]:
    """The photos and papers behind the items in force, by item id."""
    found: dict[int, list[StoredFile]] = defaultdict(list)
    ids = [item.evidence_id for item in status.items if item.evidence_id]
    through = StandardItem.evidence.through.objects.filter(standarditem_id__in=ids)
    for row in through.select_related("storedfile").order_by("storedfile__uploaded_at", "storedfile__name"):
        found[row.standarditem_id].append(row.storedfile)
    return found


def open_item(point: LiaisonPoint, item: str) -> StandardItem | None:
    """The report of the office or plaque that is in force today."""
    return StandardItem.objects.filter(point=point, item=item, ended_on=None).first()


def texts_of(point: LiaisonPoint, kind: str) -> QuerySet[WorkingSystem]:
    """Every version of one system's text, newest first."""
    return WorkingSystem.objects.filter(point=point, kind=kind).select_related("recorded_by")
