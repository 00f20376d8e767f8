"""Accounts for the people of the roster: opened many at once, slips printed once, slips made anew."""

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.db import transaction

from core.access import require
from core.actions import audit, one_time
from core.actions.one_time import Slip
from core.actions.sessions import end_all_sessions, forget_failures
from core.choices import Role
from core.errors import Refused
from core.models import Division, User, UserScope
from roster.models import Staff
from roster.queries.accounts import NamesGiven, open_standing
from roster.seat_roles import Standing

MOST_AT_ONCE = 200
WHO_MAY = "账号由管理员建。"


@dataclass(frozen=True)
class Opened:
    """What became of the people chosen: slips of the new accounts, who had one already, who holds no seat."""

    slips: list[Slip] = field(default_factory=list)
    had_one: list[Staff] = field(default_factory=list)
    seatless: list[Staff] = field(default_factory=list)

    @property
    def slips_made_at(self) -> datetime | None:
        """When the last slip was made of those who had an account and have not used it yet."""
        ends = [staff.user.one_time_until for staff in self.unused if staff.user and staff.user.one_time_until]
        return max(ends) - timedelta(hours=settings.ONE_TIME_HOURS) if ends else None

    @property
    def unused(self) -> list[Staff]:
        """Who had an account with a one-time password that nobody has changed yet."""
        return [staff for staff in self.had_one if staff.user and staff.user.is_active and staff.user.one_time_until]


@transaction.atomic
def open_accounts(*, staff_ids: Collection[UUID], by: User) -> Opened:
    """Give an account to each of these people who has none: role and towns from the open terms, a one-time password.

    The passwords stand in the answer and nowhere else. A second call opens nothing more. Raises NotAllowed, and
    Refused for nobody or too many at once. Effects: users, scopes, links, an audit row each.
    """
    people = _chosen(staff_ids, by)
    opened = Opened()
    given = NamesGiven()
    for staff in people:
        standing = open_standing(staff)
        if staff.user_id:
            opened.had_one.append(staff)
        elif standing is None:
            opened.seatless.append(staff)
        else:
            opened.slips.append(_open(staff, standing, given, by))
    return opened


@transaction.atomic
def reissue_slips(*, staff_ids: Collection[UUID], by: User) -> list[Slip]:
    """New one-time passwords for those of these people who have not used theirs; everybody else is left alone."""
    slips = []
    for staff in _chosen(staff_ids, by):
        user = staff.user
        if user and user.is_active and user.one_time_until and user.must_change_password:
            slips.append(one_time.give_one_time(user))
            user.save(update_fields=one_time.COLUMNS)
            end_all_sessions(user)
            forget_failures(user)
            audit.record("password.one_time", by=by, subject=user, detail={"until": slips[-1].until.isoformat()})
    return slips


def _chosen(staff_ids: Collection[UUID], by: User) -> list[Staff]:
    """The people, locked one opener at a time, so that nobody gets two accounts and no name is given twice."""
    require(by, "roster.open_accounts", message=WHO_MAY)
    if not staff_ids:
        raise Refused("还没有选人。", hint="勾选要建账号的人，再按一次。", field="staff")
    if len(staff_ids) > MOST_AT_ONCE:
        raise Refused(f"一次最多为 {MOST_AT_ONCE} 人建账号。", hint="请分镇（街）办。", field="staff")
    Division.objects.select_for_update().get(pk=settings.COUNTY_CODE)
    visible = Staff.objects.visible_to(by).filter(pk__in=staff_ids).values("pk")
    people = Staff.objects.select_for_update(of=("self",)).filter(pk__in=visible).select_related("user")
    return sorted(people.prefetch_related("memberships"), key=lambda staff: (staff.name_order, str(staff.pk)))


def _open(staff: Staff, standing: Standing, given: NamesGiven, by: User) -> Slip:
    of_court = standing.role in (Role.JUDGE, Role.ASSISTANT)
    unit = settings.COURT_NAME if of_court else given.town_of(standing)
    user = User(username=given.next_for(standing), name=staff.name, role=standing.role, unit=unit)
    slip = one_time.give_one_time(user)
    user.save(force_insert=True)
    UserScope.objects.bulk_create(UserScope(user=user, division_id=town) for town in standing.towns)
    staff.user = user
    staff.save(update_fields=["user"])
    detail = {"role": standing.role, "scopes": list(standing.towns), "staff": str(staff.pk)}
    audit.record("account.create", by=by, subject=user, detail=detail)
    return slip
