"""What an account is and sees follows the open terms of its person; without any it is switched off.

A term's last day still counts: what ends today is followed tomorrow, by `ended_terms`.
"""

from collections.abc import Collection, Iterable
from itertools import islice
from uuid import UUID

from django.utils import timezone

from core.actions import audit
from core.actions.sessions import end_all_sessions
from core.errors import Refused
from core.models import User, UserScope
from roster.annex.sides import FOR_THE_COURT
from roster.models import Staff, TeamMembership, VoidedTerm
from roster.seat_roles import ROLES, Standing, opens_court, standing_of

AT_ONCE = 10_000  # ids a query


def sync_scopes(staff_ids: Collection[UUID], *, by: User | None = None) -> set[int]:
    """Bring these people's accounts in line with their open terms: role, towns, switched on or off; returns which
    accounts are not as they were.

    Only accounts whose role comes from terms: a clerk or a committee officer keeps what the admin gave. Only an
    account that an ended term switched off is switched on again by a new one. Call it inside the transaction that
    changed the terms, before its audit row. Harmless to repeat. Raises Refused when a town's officer would make the
    account a court's. Effects: accounts, scopes, sessions, audit.
    """
    remaining, changed = iter(staff_ids), set()
    while ids := list(islice(remaining, AT_ONCE)):
        people = Staff.objects.filter(pk__in=ids, user__role__in=ROLES).order_by("pk").values_list("pk", "user_id")
        accounts = dict(people)
        terms = _terms_of(accounts)
        for user in User.objects.select_for_update().filter(pk__in=accounts.values()).order_by("pk"):
            changed |= {user.pk} if _follow(user, terms[user.pk], by) else set()
    return changed


def close_account(user: User, *, by: User | None) -> None:
    """Switch off an account that belongs to nobody's terms any more; a new term of its person may reopen it."""
    if user.role in ROLES:
        _apply(user, None, by, had_terms=True)


def _terms_of(accounts: dict[UUID, int]) -> dict[int, list[tuple[str, str, bool]]]:
    """Every term of these people, ended or struck out as well, by account: seat, town, whether it is open today."""
    found: dict[int, list[tuple[str, str, bool]]] = {user: [] for user in accounts.values()}
    today, columns = timezone.localdate(), ("staff_id", "role", "town_code", "until")
    for staff_id, seat, town, until in TeamMembership.objects.filter(staff_id__in=list(accounts)).values_list(*columns):
        found[accounts[staff_id]].append((seat, town, until is None or until >= today))
    for staff_id, seat, town, _ in VoidedTerm.objects.filter(staff_id__in=list(accounts)).values_list(*columns):
        found[accounts[staff_id]].append((seat, town, False))
    return found


def _follow(user: User, terms: Iterable[tuple[str, str, bool]], by: User | None) -> bool:
    terms = list(terms)
    standing = standing_of((seat, town) for seat, town, is_open in terms if is_open)
    return _apply(user, standing, by, had_terms=bool(terms))


def _apply(user: User, standing: Standing | None, by: User | None, *, had_terms: bool) -> bool:
    """Make the account so; whether it was another. Its sessions end when it is switched off or its role changes."""
    towns = list(standing.towns) if standing else []
    was = {"role": user.role, "active": user.is_active, "towns": list(user.scope_codes)}
    if standing:
        if by and opens_court(by.role, standing.role, is_active=user.is_active, was=user.role):
            raise Refused(FOR_THE_COURT, field="role")
        user.role = standing.role
        user.is_active = user.is_active or user.closed_with_term
        user.closed_with_term = False
    elif had_terms and user.is_active:
        user.is_active, user.closed_with_term = False, True
    now = {"role": user.role, "active": user.is_active, "towns": towns}
    if was == now:
        return False
    user.save(update_fields=["role", "is_active", "closed_with_term"])
    _see_only(user, towns)
    if (was["role"], was["active"]) != (now["role"], now["active"]):
        end_all_sessions(user)
    audit.record("account.follow_terms", by=by, subject=user, detail={"was": was, "now": now})
    return True


def _see_only(user: User, towns: list[str]) -> None:
    user.scopes.exclude(division_id__in=towns).delete()
    present = set(user.scopes.values_list("division_id", flat=True))
    UserScope.objects.bulk_create(UserScope(user=user, division_id=town) for town in towns if town not in present)
    vars(user).pop("scope_codes", None)
