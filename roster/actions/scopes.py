"""What an account sees follows the open terms of its person."""

from collections.abc import Collection
from uuid import UUID

from core.choices import Role
from core.models import User, UserScope
from roster.models import TeamMembership

FOLLOW_THE_TERMS = (Role.MEDIATOR, Role.OFFICER, Role.JUDGE, Role.ASSISTANT)


def sync_scopes(staff_ids: Collection[UUID]) -> None:
    """Make the scope rows of these people's accounts equal to the towns of their open terms.

    Only for accounts whose scope is their towns; a clerk or a committee officer keeps the county.
    Call it inside the transaction that changed the terms. Harmless to repeat.
    """
    users = dict(
        User.objects.filter(staff__in=list(staff_ids), role__in=FOLLOW_THE_TERMS).values_list("pk", "staff__pk")
    )
    if not users:
        return
    wanted: dict[int, set[str]] = {user: set() for user in users}
    user_of = {staff: user for user, staff in users.items()}
    terms = TeamMembership.objects.filter(staff_id__in=list(user_of), until=None)
    for staff_id, town_code in terms.values_list("staff_id", "town_code"):
        wanted[user_of[staff_id]].add(town_code)
    present = set(UserScope.objects.filter(user_id__in=list(users)).values_list("user_id", "division_id"))
    missing = {(user, town) for user, towns in wanted.items() for town in towns} - present
    for user, town in present:
        if town not in wanted[user]:
            UserScope.objects.filter(user_id=user, division_id=town).delete()
    UserScope.objects.bulk_create(UserScope(user_id=user, division_id=town) for user, town in sorted(missing))
