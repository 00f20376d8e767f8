"""What one may choose from: villages, towns, case types."""

from django.db.models import Q

from core.choices import Level
from core.models import Division, User
from disputes.models import CaseType

TOWN_LENGTH = 9


def villages_of(user: User) -> list[Division]:
    """The villages of the user's towns with their town, in the order of their codes."""
    rows = Division.objects.filter(level=Level.VILLAGE).filter(_inside_scope(user.scope_codes))
    return list(rows.select_related("parent").order_by("code"))


def case_types() -> list[CaseType]:
    """The types in use, in their order."""
    return list(CaseType.objects.filter(enabled=True))


def places_of(user: User, town: str = "") -> list[Division]:
    """Towns in the user's scope, and the villages of the town in question, for the ledger's filters."""
    codes = tuple(user.scope_codes)
    towns = Q(level=Level.TOWN) & (_inside_scope(codes))
    own = [code for code in codes if len(code) >= TOWN_LENGTH]
    chosen = town or (own[0] if len(own) == 1 else "")
    villages = Q(level=Level.VILLAGE, parent_id=chosen) & _inside_scope(codes) if chosen else Q(pk__in=[])
    return list(Division.objects.filter(towns | villages).order_by("code"))


def _inside_scope(codes: tuple[str, ...]) -> Q:
    found = Q(pk__in=[])
    for code in codes:
        found |= Q(code__startswith=code[:TOWN_LENGTH])
    return found
