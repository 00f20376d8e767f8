"""Who may do what with a liaison point. Subjects are points, or anything else with a `town_code`."""

from typing import Any

import rules

from core.choices import CASE_ROLES, Role
from core.scope import covers

CHECKERS = frozenset({Role.JUSTICE, Role.COMMITTEE})


def _inside(user: Any, subject: Any) -> bool:
    return subject is None or covers(user.scope_codes, subject.town_code)


@rules.predicate
def may_enter(user: Any) -> bool:
    """Everybody but the auditor sees points; the list then shows only one's own divisions."""
    return user.role in CASE_ROLES or user.role == Role.ADMIN


@rules.predicate
def works_with_cases(user: Any) -> bool:
    """Minutes speak of cases: meetings and all other activities are for those who work with cases, not the admin."""
    return user.role in CASE_ROLES


@rules.predicate
def keeps_the_point(user: Any, point: Any) -> bool:
    """The liaison officer keeps their own town's point: evidence, texts, rota, meetings."""
    return user.role == Role.OFFICER and _inside(user, point)


@rules.predicate
def may_open_point(user: Any, town: Any) -> bool:
    """The officer of the town, or the admin, says where the point stands."""
    return user.role == Role.ADMIN or (user.role == Role.OFFICER and _inside(user, town))


@rules.predicate
def checks_points(user: Any, point: Any) -> bool:
    """Justice bureau and committee check what the towns report, in their divisions (县级核验, 抽查)."""
    return user.role in CHECKERS and _inside(user, point)


@rules.predicate
def may_hold_shift(user: Any, shift: Any) -> bool:
    """The officer notes who kept the point open; the person on duty may note their own shift."""
    if shift is None:
        return user.role in {Role.OFFICER, Role.MEDIATOR}
    if not covers(user.scope_codes, shift.point.town_code):
        return False
    return user.role == Role.OFFICER or (user.role == Role.MEDIATOR and shift.staff.user_id == user.pk)


@rules.predicate
def may_finish_decision(user: Any, decision: Any) -> bool:
    """Who has to carry a meeting's decision out says that it is done, or the town's officer."""
    if decision is None:
        return user.role in CASE_ROLES
    if not covers(user.scope_codes, decision.town_code):
        return False
    return user.role == Role.OFFICER or (user.role in CASE_ROLES and decision.owner.user_id == user.pk)


@rules.predicate
def may_have_feed(user: Any) -> bool:
    """Whoever works with cases may be on a rota: a calendar of one's own shifts, nobody else's."""
    return user.role in CASE_ROLES


rules.add_perm("liaison.view_points", may_enter)
rules.add_perm("liaison.open_point", may_open_point)
rules.add_perm("liaison.report_item", keeps_the_point)
rules.add_perm("liaison.end_item", keeps_the_point | checks_points)
rules.add_perm("liaison.check_item", checks_points)
rules.add_perm("liaison.adopt_system", keeps_the_point)
rules.add_perm("liaison.keep_rota", keeps_the_point)
rules.add_perm("liaison.hold_shift", may_hold_shift)
rules.add_perm("liaison.own_feed", may_have_feed)
rules.add_perm("liaison.record_meeting", keeps_the_point)
rules.add_perm("liaison.finish_decision", may_finish_decision)
rules.add_perm("liaison.view_activities", works_with_cases)
rules.add_perm("liaison.record_activity", keeps_the_point)
