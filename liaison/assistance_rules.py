"""Who may do what with a request for assistance. The subject is the request; without one: whether the role ever may.

Which states allow a step stands in the workflow. Names, numbers, addresses and what was found out belong to those whom
the request concerns; everybody else who works with cases in the town sees that it is there and how far it has come.
"""

from collections.abc import Callable
from typing import Any

import rules
from django.apps import apps

from core.access import allowed
from core.choices import CASE_ROLES, COURT_ROLES, TOWN_ROLES, Role
from core.scope import covers
from liaison.workflow import ASSISTANCE


def _inside(user: Any, subject: Any) -> bool:
    return subject is None or covers(user.scope_codes, subject.town_code)


@rules.predicate
def may_see(user: Any, request: Any) -> bool:
    """Everybody who works with cases sees that there is a request in their divisions; admin and auditor see none."""
    return user.role in CASE_ROLES and _inside(user, request)


@rules.predicate
def may_ask(user: Any, town: Any) -> bool:
    """Clerk, assistant and judge ask the points of their divisions. The subject is the town's code."""
    return user.role in COURT_ROLES and (town is None or covers(user.scope_codes, town))


@rules.predicate
def keeps_requests(user: Any, request: Any) -> bool:
    """The liaison officer answers for every request to the own town's point."""
    return user.role == Role.OFFICER and _inside(user, request)


@rules.predicate
def goes(user: Any, request: Any) -> bool:
    """The mediator or officer whom the officer sent."""
    return user.role in TOWN_ROLES and _inside(user, request) and (request is None or request.handler_id == user.pk)


@rules.predicate
def has_it_before_them(user: Any, request: Any) -> bool:
    """The court's clerks keep the list of the county; an assistant or a judge has before them what they asked for."""
    if user.role not in COURT_ROLES or not _inside(user, request):
        return False
    return user.role == Role.CLERK or request is None or request.sent_by_id == user.pk


concerned = keeps_requests | goes | has_it_before_them


@rules.predicate
def may_open_file(user: Any, stored: Any) -> bool:
    """Photos and papers show people: only those open them whom the request concerns."""
    request = apps.get_model("liaison.AssistanceRequest").objects.filter(pk=stored.subject_id).first()
    return request is not None and allowed(user, "liaison.read_assistance", request)


TAKEN_BY: dict[str, Callable[..., Any]] = {
    "accept": keeps_requests,
    "decline": keeps_requests,
    "assign": keeps_requests,
    "attach": keeps_requests | goes,
    "complete": keeps_requests | goes,
    "fail": keeps_requests | goes,
    "receive": has_it_before_them,
    "send_back": has_it_before_them,
    "withdraw": has_it_before_them,
}

rules.add_perm("liaison.view_assistance", may_see)
rules.add_perm("liaison.read_assistance", concerned)
rules.add_perm("liaison.request_assistance", may_ask)
rules.add_perm("liaison.print_assistance", concerned)
rules.add_perm("liaison.assistancerequest.download", may_open_file)
for _verb in ASSISTANCE:
    rules.add_perm(f"liaison.{_verb}_assistance", TAKEN_BY[_verb])
