"""Who may do what with a confirmation request, a guidance question, an entrustment: DESIGN §6 in words.

Without a subject a predicate says whether the role ever may. Which states allow a verb is not asked here
but in `workflow`: a refusal for the state names the state, a refusal for the person is a 403.
"""

from collections.abc import Callable
from typing import Any

import rules

from core.choices import CASE_ROLES, COURT_ROLES, TOWN_ROLES, Role
from core.scope import covers
from mediation.choices import BEFORE_COURT, DECIDED_CONFIRMATIONS, ConfirmationState
from mediation.workflow import CONFIRMATION, ENTRUSTMENT, Step

COURT_HAS_IT = sorted(BEFORE_COURT | DECIDED_CONFIRMATIONS)
GUIDANCE_ROLES = TOWN_ROLES | COURT_ROLES


def _inside(user: Any, subject: Any) -> bool:
    return subject is None or covers(user.scope_codes, subject.town_code)


@rules.predicate
def may_view(user: Any, request: Any) -> bool:
    """Everybody who works with cases sees the requests of their divisions; a draft stays with the town."""
    if user.role not in CASE_ROLES or not _inside(user, request):
        return False
    return request is None or request.state != ConfirmationState.DRAFT or user.role in TOWN_ROLES


@rules.predicate
def files_with_the_parties(user: Any, dispute: Any) -> bool:
    """The mediator who handles the dispute helps both parties to file; the officer only sees."""
    if user.role != Role.MEDIATOR:
        return False
    return dispute is None or (_inside(user, dispute) and dispute.handler_id == user.pk)


def town_may(step: Step) -> Callable[[Any, Any], bool]:
    """The mediator who handles the request's dispute."""

    def predicate(user: Any, request: Any) -> bool:
        dispute = request and request.agreement.mediation.dispute
        return user.role in step.roles and files_with_the_parties(user, dispute)

    return predicate


def court_may(step: Step) -> Callable[[Any, Any], bool]:
    """The court's roles of the step, in their towns; once a judge is assigned only that judge issues rulings."""

    def predicate(user: Any, request: Any) -> bool:
        if user.role not in step.roles or not may_view(user, request):
            return False
        return not step.ruling or request is None or request.judge_id in (None, user.pk)

    return predicate


@rules.predicate
def has_the_file_before_them(user: Any, dispute: Any) -> bool:
    """Court staff see personal data of the parties whose request for confirmation has reached the court."""
    if user.role not in COURT_ROLES or not _inside(user, dispute):
        return False
    return dispute is None or bool(
        dispute.mediations.filter(agreement__confirmation_requests__state__in=COURT_HAS_IT).exists()
    )


@rules.predicate
def may_view_guidance(user: Any, question: Any) -> bool:
    """Town and court see the questions of their divisions."""
    return user.role in GUIDANCE_ROLES and _inside(user, question)


@rules.predicate
def may_answer(user: Any, question: Any) -> bool:
    """Only a judge of the town answers."""
    return user.role == Role.JUDGE and _inside(user, question)


@rules.predicate
def may_view_entrustments(user: Any, entrustment: Any) -> bool:
    """Everybody who works with cases sees the entrustments of their divisions."""
    return user.role in CASE_ROLES and _inside(user, entrustment)


@rules.predicate
def may_send(user: Any, town_code: Any) -> bool:
    """The clerk refers a case to a town of the county."""
    return user.role == Role.CLERK and (town_code is None or covers(user.scope_codes, town_code))


def entrusted_may(step: Step) -> Callable[[Any, Any], bool]:
    """The roles of the step in the town to which the court sent the case; a mediator only what they handle."""

    def predicate(user: Any, entrustment: Any) -> bool:
        if user.role not in step.roles or not _inside(user, entrustment):
            return False
        return user.role != Role.MEDIATOR or entrustment is None or entrustment.dispute.handler_id == user.pk

    return predicate


rules.add_perm("mediation.view_confirmation", may_view)
rules.add_perm("mediation.file_confirmation", files_with_the_parties)
for _step in CONFIRMATION.values():
    _who = court_may if _step.roles <= COURT_ROLES else town_may
    rules.add_perm(f"mediation.{_step.verb}_confirmation", rules.predicate(_who(_step)))
rules.add_perm("mediation.view_guidance", may_view_guidance)
rules.add_perm("mediation.ask_guidance", files_with_the_parties)
rules.add_perm("mediation.answer_guidance", may_answer)
rules.add_perm("mediation.view_entrustments", may_view_entrustments)
rules.add_perm("mediation.send_entrustment", may_send)
for _step in ENTRUSTMENT.values():
    rules.add_perm(f"mediation.{_step.verb}_entrustment", rules.predicate(entrusted_may(_step)))
rules.set_perm("disputes.reveal", rules.permissions.permissions["disputes.reveal"] | has_the_file_before_them)
