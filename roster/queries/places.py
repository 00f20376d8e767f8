"""The towns of the county, and which of them a user keeps."""

from django.db.models import QuerySet
from django.http import Http404
from django.shortcuts import get_object_or_404

from core.access import require
from core.choices import Level
from core.models import Division, User
from core.scope import covers, within_any
from roster.rules import roster_codes
from roster.towns import Gazetteer


def towns() -> QuerySet[Division]:
    """The 镇（街） of the county; farms and the like are no towns."""
    return Division.objects.filter(level=Level.TOWN, is_statistical_only=False).order_by("code")


def towns_for(user: User) -> list[Division]:
    """The towns whose roster the user may see."""
    return list(towns().filter(within_any("code", roster_codes(user))))


def town_for(user: User, code: str) -> Division:
    """One of those towns. Raises NotAllowed for who has no business with the roster, Http404 for another town."""
    require(user, "roster.view")
    town = get_object_or_404(towns(), code=code)
    if not covers(roster_codes(user), town.code):
        raise Http404
    return town


def gazetteer() -> Gazetteer:
    """Names of all towns and villages, in one query."""
    places = Division.objects.filter(level__in=[Level.TOWN, Level.VILLAGE]).order_by("code")
    names: dict[str, dict[str, str]] = {Level.TOWN: {}, Level.VILLAGE: {}}
    for code, name, level, is_statistical in places.values_list("code", "name", "level", "is_statistical_only"):
        if not is_statistical:
            names[level][code] = name
    return Gazetteer(names[Level.TOWN], names[Level.VILLAGE])
