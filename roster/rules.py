"""Who may see and keep the roster. Subjects are 9-digit town codes, or None for the area as a whole."""

from typing import Any

import rules
from django.conf import settings

from core.choices import Role
from core.scope import covers
from roster.choices import ExportList, TeamRole

COUNTY_KEEPERS = frozenset({Role.ADMIN, Role.JUSTICE})
READERS = COUNTY_KEEPERS | {Role.OFFICER, Role.CLERK, Role.COMMITTEE}
COURT_SEATS = frozenset({TeamRole.JUDGE, TeamRole.JUDGE_ASSISTANT})


def roster_codes(user: Any) -> tuple[str, ...]:
    """The divisions whose people a user may see; an admin without scope rows keeps the installed county."""
    if user.role == Role.ADMIN and not user.scope_codes:
        return (settings.COUNTY_CODE,)
    return tuple(user.scope_codes)


def _inside(user: Any, town_code: str | None) -> bool:
    return town_code is None or covers(roster_codes(user), town_code)


def may_fill_seat(user: Any, role: str, town_code: str) -> bool:
    """Whether the user may write a person into this seat: the clerk only the court's, the officer only their town's."""
    if not can_import(user, town_code):
        return False
    return user.role != Role.CLERK or role in COURT_SEATS


@rules.predicate
def can_view(user: Any, town_code: str | None) -> bool:
    """Admin, justice bureau, committee and court clerk read the county's roster, an officer their own town's."""
    return user.role in READERS and _inside(user, town_code)


@rules.predicate
def can_import(user: Any, town_code: str | None) -> bool:
    """Admin and justice bureau bring in any town's list, an officer their own town's, the clerk the court's."""
    return user.role in COUNTY_KEEPERS | {Role.OFFICER, Role.CLERK} and _inside(user, town_code)


@rules.predicate
def can_record_submission(user: Any, town_code: str | None) -> bool:
    """Whoever collects the lists notes that one was handed in: admin, justice bureau, committee."""
    return user.role in COUNTY_KEEPERS | {Role.COMMITTEE} and _inside(user, town_code)


@rules.predicate
def can_export(user: Any, town_code: str | None) -> bool:
    """Whoever reads the roster may take it out with personal data masked."""
    return user.role in READERS and _inside(user, town_code)


@rules.predicate
def can_export_clear(user: Any, town_code: str | None) -> bool:
    """With a reason, admin and justice bureau take the county's list out unmasked, an officer their own town's."""
    return user.role in COUNTY_KEEPERS | {Role.OFFICER} and _inside(user, town_code)


def lists_for(user: Any) -> tuple[ExportList, ...]:
    """The lists a role may take out: the clerk only the court's, the officer only their towns'."""
    if user.role == Role.CLERK:
        return (ExportList.COURT,)
    if user.role == Role.OFFICER:
        return (ExportList.TOWN,)
    return tuple(ExportList) if user.role in READERS else ()


rules.add_perm("roster.view", can_view)
rules.add_perm("roster.export", can_export)
rules.add_perm("roster.export_clear", can_export_clear)
rules.add_perm("roster.import", can_import)
rules.add_perm("roster.edit", can_import)
rules.add_perm("roster.record_submission", can_record_submission)
