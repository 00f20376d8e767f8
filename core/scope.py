"""The one visibility rule: a person sees the rows whose division code starts with one of their scope codes."""

from typing import TYPE_CHECKING, Any, Self, TypeVar

from django.db import models
from django.db.models import Q

from core.choices import CASE_ROLES

if TYPE_CHECKING:
    from core.models import User

Row = TypeVar("Row", bound=models.Model)
TOWN_CODE_LENGTH = 9


def within(field: str, prefix: str) -> Q:
    """Rows whose code in `field` starts with `prefix`, asked as a range so that an index serves both databases."""
    if not prefix:
        return Q()
    if prefix[-1] == "9":
        return Q(**{f"{field}__startswith": prefix})
    after = prefix[:-1] + chr(ord(prefix[-1]) + 1)
    return Q(**{f"{field}__gte": prefix, f"{field}__lt": after})


def within_any(field: str, codes: "list[str] | tuple[str, ...]") -> Q:
    """Rows inside any of the codes; no code, no row. `field` holds 9-digit town codes."""
    found = Q(pk__in=[])
    for code in codes:
        town = code[:TOWN_CODE_LENGTH]
        found |= Q(**{field: town}) if len(town) == TOWN_CODE_LENGTH else within(field, town)
    return found


def covers(codes: "list[str] | tuple[str, ...]", town_code: str) -> bool:
    """Whether any of the scope codes contains the town: `within_any` for one row already in hand."""
    return any(town_code.startswith(code[:TOWN_CODE_LENGTH]) for code in codes if code)


class ScopedQuerySet(models.QuerySet[Row]):
    """A queryset of rows that lie in a town; `scope_field` names the column with the 9-digit town code."""

    scope_field = "town_code"

    def visible_to(self, user: "User | Any") -> Self:
        """What `user` may see: their divisions, for the roles that work with cases; nothing for anybody else."""
        if not user.is_authenticated or user.role not in CASE_ROLES:
            return self.none()
        return self.filter(within_any(self.scope_field, user.scope_codes))
