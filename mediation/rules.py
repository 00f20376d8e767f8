"""Who may do what in a mediation. The subject is always the dispute; without one: whether the role ever may.

Confirmation, guidance and entrustment have their own module beside this. Which states allow a verb is not asked here.
"""

from typing import TYPE_CHECKING, Any

import rules

from core.choices import Role
from core.scope import covers
from disputes.rules import is_joint_mediator, is_not_merged, joins
from roster.rules import COURT_SEATS

if TYPE_CHECKING:
    from disputes.models import Dispute
    from roster.models import TeamMembership


@rules.predicate
def mediates(user: Any, dispute: "Dispute | None") -> bool:
    """The mediator who handles the dispute."""
    if user.role != Role.MEDIATOR:
        return False
    return dispute is None or (dispute.handler_id == user.pk and covers(user.scope_codes, dispute.town_code))


@rules.predicate
def may_take(user: Any, dispute: "Dispute | None") -> bool:
    """A mediator of the town may take a dispute that nobody handles yet."""
    if user.role != Role.MEDIATOR:
        return False
    return dispute is None or (dispute.handler_id is None and covers(user.scope_codes, dispute.town_code))


@rules.predicate
def assigns(user: Any, dispute: "Dispute | None") -> bool:
    """The liaison officer of the town says who mediates, ends what cannot go on, and keeps the file in order."""
    return user.role == Role.OFFICER and (dispute is None or covers(user.scope_codes, dispute.town_code))


@rules.predicate
def hands_over(user: Any, term: "TeamMembership | None") -> bool:
    """A leaver's open work is handed over by who keeps the seat: the clerk for the court's people; for the town's the
    liaison officer of the town, or the justice bureau where the officer is the one who leaves."""
    if user.role not in (Role.OFFICER, Role.JUSTICE, Role.CLERK):
        return False
    if term is None:
        return True
    court = term.role in COURT_SEATS
    return court == (user.role == Role.CLERK) and covers(user.scope_codes, term.town_code)


in_charge = mediates | assigns

rules.add_perm("mediation.hand_over", hands_over)
rules.add_perm("mediation.start_mediation", mediates | may_take | assigns)
rules.add_perm("mediation.record_session", mediates | is_joint_mediator)
rules.add_perm("mediation.draft_agreement", mediates)
rules.add_perm("mediation.sign_agreement", mediates)
rules.add_perm("mediation.fail_mediation", mediates)
rules.add_perm("mediation.end_mediation", in_charge)
rules.add_perm("mediation.reopen_mediation", in_charge)
rules.add_perm("mediation.take_back", assigns)
rules.add_perm("mediation.waive_confirmation", mediates)
rules.add_perm("mediation.record_performance", in_charge)
rules.add_perm("mediation.archive_dispute", in_charge)
rules.add_perm("mediation.add_paper", (in_charge | joins) & is_not_merged)
rules.add_perm("mediation.print_paper", in_charge)
