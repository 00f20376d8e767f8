"""Who may see and keep the roster. Subjects are 9-digit town codes, or None for the area as a whole."""

from collections.abc import Callable, Collection
from typing import Any

import rules
from django.conf import settings

from core.choices import Role
from core.scope import covers
from roster.choices import ExportList, TeamRole
from roster.platform_entry import ENTERING

COUNTY_KEEPERS = frozenset({Role.ADMIN, Role.JUSTICE})
READERS = COUNTY_KEEPERS | {Role.OFFICER, Role.CLERK, Role.COMMITTEE}
Seats = Collection[tuple[str, str]]  # role and town of each
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


def serves_only_others(seats: Seats, is_ones_own: Callable[[str], bool]) -> bool:
    """Whether somebody with the open `seats` (role, town) is on the town's side of other towns and has no seat in one's
    own: those give them up first. The court's people serve several towns as it is."""
    theirs = [role for role, town in seats if not is_ones_own(town)]
    return len(theirs) == len(seats) and any(role not in COURT_SEATS for role in theirs)


def may_stand_in(seats: Seats, theirs: Seats) -> bool:
    """Whether somebody with the seats `theirs` (role, town) may stand in for somebody with `seats`: the court's people
    for a court seat, else who sits on the town's side in one of the same towns."""
    if any(role in COURT_SEATS for role, _ in seats):
        return any(role in COURT_SEATS for role, _ in theirs)
    return bool({town for _, town in seats} & {town for role, town in theirs if role not in COURT_SEATS})


@rules.predicate
def can_view(user: Any, town_code: str | None) -> bool:
    """Admin, justice bureau, committee and court clerk read the county's roster, an officer their own town's."""
    return user.role in READERS and _inside(user, town_code)


@rules.predicate
def can_import(user: Any, town_code: str | None) -> bool:
    """Admin and justice bureau bring in any town's list, an officer their own town's, the clerk the court's."""
    return user.role in COUNTY_KEEPERS | {Role.OFFICER, Role.CLERK} and _inside(user, town_code)


@rules.predicate
def can_open_upload(user: Any, upload: Any) -> bool:
    """Whoever brings in lists opens their own uploads, an admin everybody's: the rule of `RosterImport.visible_to`."""
    return can_import(user, None) and (user.role == Role.ADMIN or upload.uploaded_by_id == user.pk)


@rules.predicate
def can_edit_facts(user: Any, seats: Seats | None) -> bool:
    """The county's keepers correct anybody's facts; an officer or the clerk those of people all of whose seats
    (role, town) are theirs to fill. Without seats: whether the role ever may."""
    if user.role in COUNTY_KEEPERS:
        return True
    return can_import(user, None) and all(may_fill_seat(user, role, town) for role, town in seats or ())


@rules.predicate
def can_note_absence(user: Any, seats: Seats | None) -> bool:
    """Whoever fills one of the person's seats notes when they are away; the county's keepers anybody's."""
    if user.role in COUNTY_KEEPERS or seats is None:
        return can_import(user, None)
    return any(may_fill_seat(user, role, town) for role, town in seats)


@rules.predicate
def can_note_platform(user: Any, seats: Seats | None) -> bool:
    """The county's keepers, or the town's officer, note who of the town's side has entered the mediation platform."""
    if user.role in COUNTY_KEEPERS or (user.role == Role.OFFICER and seats is None):
        return True
    return user.role == Role.OFFICER and any(role in ENTERING and _inside(user, town) for role, town in seats or ())


@rules.predicate
def can_view_town_side(user: Any, town_code: str | None) -> bool:
    """A town's own people, their platform entries and the lists their town hands in: all readers but the clerk, who
    keeps the court's."""
    return user.role in READERS - {Role.CLERK} and _inside(user, town_code)


@rules.predicate
def can_download_letter(user: Any, stored: Any) -> bool:  # noqa: ARG001 - rules hands over the file
    """A letter that came with a list is for those who read the roster."""
    return user.role in READERS


@rules.predicate
def can_record_submission(user: Any, town_code: str | None) -> bool:
    """Whoever collects the lists notes that one was handed in: admin, justice bureau, committee."""
    return user.role in COUNTY_KEEPERS | {Role.COMMITTEE} and _inside(user, town_code)


@rules.predicate
def can_open_accounts(user: Any, town_code: str | None) -> bool:
    """Accounts are opened by the admin alone."""
    return user.role == Role.ADMIN and _inside(user, town_code)


@rules.predicate
def can_reveal(user: Any, towns: Collection[str] | None) -> bool:
    """A clear number or address of the roster: the admin, and an officer of people with a term in the own town; nobody
    else, ever. A term that was struck out opens nothing. `towns`: those of the person's terms."""
    if user.role == Role.OFFICER:
        return towns is None or any(_inside(user, town) for town in towns)
    return bool(user.role == Role.ADMIN)


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
rules.add_perm("roster.open_upload", can_open_upload)
rules.add_perm("roster.edit", can_import)
rules.add_perm("roster.edit_facts", can_edit_facts)
rules.add_perm("roster.note_absence", can_note_absence)
rules.add_perm("roster.note_platform", can_note_platform)
rules.add_perm("roster.view_town_side", can_view_town_side)
rules.add_perm("roster.record_submission", can_record_submission)
rules.add_perm("roster.open_accounts", can_open_accounts)
rules.add_perm("roster.reveal", can_reveal)
rules.add_perm("roster.rostersubmission.download", can_download_letter)
