"""Who may do what with a dispute: DESIGN §6 in words. Without a dispute a predicate says whether the role ever may.

`mediation` widens "disputes.reveal" for court staff who have the file before them.
"""

from copy import copy
from typing import TYPE_CHECKING, Any

import rules
from django.apps import apps

from core.access import allowed, require
from core.choices import CASE_ROLES, COUNTY_ROLES, COURT_ROLES, SYSTEM_USERNAME, TOWN_ROLES, Role
from core.scope import covers
from disputes import workflow
from disputes.choices import DisputeState

if TYPE_CHECKING:
    from core.models import StoredFile
    from disputes.models import ClusterWarning, Dispute, HiddenDanger, RiskFlag

CLUSTER_KEEPERS = COUNTY_ROLES | {Role.OFFICER}


def _inside(user: Any, dispute: "Dispute | None") -> bool:
    return dispute is None or covers(user.scope_codes, dispute.town_code)


def _joins(user: Any, dispute: "Dispute") -> bool:
    """A mediator or officer of a town that handles the dispute together with its own."""
    return user.role in TOWN_ROLES and any(covers(user.scope_codes, town) for town in dispute.joint_towns)


def _is_asked(user: Any, dispute: "Dispute") -> bool:
    """A mediator or officer of the town that is asked to join or to take over, and has not answered."""
    return user.role in TOWN_ROLES and bool(dispute.asked_code) and covers(user.scope_codes, dispute.asked_code)


def _own(user: Any, dispute: "Dispute | None") -> bool:
    return dispute is None or user.pk in (dispute.registered_by_id, dispute.handler_id)


@rules.predicate
def may_view(user: Any, dispute: "Dispute | None") -> bool:
    """Everybody who works with cases sees the disputes of their divisions; admin and auditor see none.

    Mediators and officers also see what their town handles together with another, and what it is asked about.
    """
    if user.role not in CASE_ROLES:
        return False
    return dispute is None or _inside(user, dispute) or _joins(user, dispute) or _is_asked(user, dispute)


@rules.predicate
def may_register(user: Any, town_code: str | None) -> bool:
    """Mediators and liaison officers register disputes of their own towns."""
    return user.role in TOWN_ROLES and (town_code is None or covers(user.scope_codes, town_code))


@rules.predicate
def is_officer_of_town(user: Any, dispute: "Dispute | None") -> bool:
    """The liaison officer looks after every dispute of the own town, open or closed."""
    return user.role == Role.OFFICER and _inside(user, dispute)


@rules.predicate
def is_mediator_in_charge(user: Any, dispute: "Dispute | None") -> bool:
    """A mediator answers for the disputes of the own town that they registered or handle."""
    return user.role == Role.MEDIATOR and _inside(user, dispute) and _own(user, dispute)


@rules.predicate
def may_export_clear(user: Any) -> bool:
    """Numbers in clear leave the ledger only with the liaison officer, who answers for every file of the town."""
    return user.role == Role.OFFICER


@rules.predicate
def may_import(user: Any, town_code: str | None) -> bool:
    """Past disputes are brought in by the liaison officer of their town; on the machine itself, by the system."""
    if user.username == SYSTEM_USERNAME:
        return True
    return user.role == Role.OFFICER and (town_code is None or covers(user.scope_codes, town_code))


@rules.predicate
def joins(user: Any, dispute: "Dispute | None") -> bool:
    """The people of a joint town take part: they read, write notes and file papers; the lead town does the rest."""
    return user.role in TOWN_ROLES and (dispute is None or _joins(user, dispute))


@rules.predicate
def is_joint_mediator(user: Any, dispute: "Dispute | None") -> bool:
    """The mediator whom a joint town sent works on the case: numbers are revealed to them as to the one in charge."""
    if dispute is None or user.role != Role.MEDIATOR:
        return bool(user.role == Role.MEDIATOR)
    return _joins(user, dispute) and user.pk in dispute.joint_mediators


@rules.predicate
def answers_town(user: Any, dispute: "Dispute | None") -> bool:
    """The liaison officer of the asked town answers for it."""
    return user.role == Role.OFFICER and (dispute is None or _is_asked(user, dispute))


@rules.predicate
def is_officer_of_joint_town(user: Any, dispute: "Dispute | None") -> bool:
    """The liaison officer of a joint town may end its part."""
    return user.role == Role.OFFICER and (dispute is None or _joins(user, dispute))


@rules.predicate
def decides_between_towns(user: Any, dispute: "Dispute | None") -> bool:
    """Justice bureau and committee decide which town leads when two towns disagree."""
    return user.role in COUNTY_ROLES and _inside(user, dispute)


@rules.predicate
def writes_notes(user: Any, dispute: "Dispute | None") -> bool:
    """Mediators and officers of the lead town and of a joint town write to each other; court and county do not read."""
    if user.role not in TOWN_ROLES:
        return False
    return dispute is None or _inside(user, dispute) or _joins(user, dispute)


@rules.predicate
def is_open(user: Any, dispute: "Dispute | None") -> bool:  # noqa: ARG001 - rules hands over the user first
    """The dispute is not closed yet."""
    return dispute is None or dispute.is_open


@rules.predicate
def is_not_filed_away(user: Any, dispute: "Dispute | None") -> bool:  # noqa: ARG001 - rules hands over the user first
    """The dispute may be closed, its file is not archived."""
    return dispute is None or dispute.state != DisputeState.ARCHIVED


@rules.predicate
def is_not_merged(user: Any, dispute: "Dispute | None") -> bool:  # noqa: ARG001 - rules hands over the user first
    """What was merged into another dispute is a record only: whatever is still to be written goes into the kept one."""
    return dispute is None or dispute.state != DisputeState.MERGED


@rules.predicate
def may_acknowledge(user: Any, flag: "RiskFlag | None") -> bool:
    """A risk warning is signed for by whoever was told of it, or by a liaison officer of the town."""
    if flag is None:
        return user.role in CASE_ROLES
    return is_officer_of_town(user, flag.dispute) or user.pk in flag.told_ids


@rules.predicate
def may_lower(user: Any, flag: "RiskFlag | None") -> bool:
    """Only a liaison officer of the town lowers a risk warning, and says why."""
    return is_officer_of_town(user, flag and flag.dispute)


@rules.predicate
def works_with_cases(user: Any) -> bool:
    """Lists of warnings are for everybody who works with cases, of their own divisions."""
    return user.role in CASE_ROLES


@rules.predicate
def may_acknowledge_cluster(user: Any, cluster: "ClusterWarning | None") -> bool:
    """An officer of a town with a dispute in it signs for a cluster, or the county (政法委, 司法局)."""
    if cluster is None:
        return user.role in CLUSTER_KEEPERS
    return user.role in CLUSTER_KEEPERS and any(covers(user.scope_codes, town) for town in cluster.town_codes)


@rules.predicate
def may_close_cluster(user: Any, cluster: "ClusterWarning | None") -> bool:
    """Only who sees all of a cluster closes it: the county, or the officer of the one town it lies in."""
    if cluster is None:
        return user.role in CLUSTER_KEEPERS
    return user.role in CLUSTER_KEEPERS and all(covers(user.scope_codes, town) for town in cluster.town_codes)


@rules.predicate
def may_close_danger(user: Any, danger: "HiddenDanger | None") -> bool:
    """A hidden danger that is none is closed by the officer of its town, or by who reported it."""
    if danger is None:
        return user.role in TOWN_ROLES
    inside = user.role in TOWN_ROLES and covers(user.scope_codes, danger.town_code)
    return inside and (user.role == Role.OFFICER or danger.reported_by_id == user.pk)


@rules.predicate
def may_open_photo(user: Any, photo: "StoredFile") -> bool:
    """A photograph of a hidden danger shows people: those of the town see it, and the county that watches over it."""
    return user.role in TOWN_ROLES | COUNTY_ROLES and covers(user.scope_codes, photo.town_code)


@rules.predicate
def reads_suggestions(user: Any) -> bool:
    """Suggestions are the court's; the county reads those that are signed. Towns learn of them by the paper."""
    return user.role in COURT_ROLES | COUNTY_ROLES


@rules.predicate
def may_draft_suggestion(user: Any, town_code: str | None) -> bool:
    """A judge or an assistant drafts, sends on and records the reply, in the own towns."""
    inside = town_code is None or covers(user.scope_codes, town_code)
    return user.role in {Role.JUDGE, Role.ASSISTANT} and inside


@rules.predicate
def may_sign_suggestion(user: Any, town_code: str | None) -> bool:
    """Only a judge signs."""
    return user.role == Role.JUDGE and (town_code is None or covers(user.scope_codes, town_code))


@rules.predicate
def may_open_paper(user: Any, paper: "StoredFile") -> bool:
    """A paper of the file shows people unmasked: only those open it to whom their personal data may be revealed."""
    dispute = apps.get_model("disputes.Dispute").objects.filter(pk=paper.subject_id).first()
    return dispute is not None and allowed(user, "disputes.reveal", dispute)


@rules.predicate
def is_admin(user: Any) -> bool:
    """The admin keeps the tables by which all towns work, and sees no case."""
    return user.role == Role.ADMIN


def require_here(user: Any, permission: str, dispute: "Dispute") -> None:
    """Raise NotAllowed unless `user` holds the permission on the dispute.

    Of a merged or closed one it says so only to those whom nothing else keeps from it: to all others it is not the
    reason.
    """
    if allowed(user, permission, dispute):
        return
    closed = why_closed(user, permission, dispute)
    require(user, permission, dispute, message=dispute.why_record_only or "".join(closed) if closed else "")


def why_closed(user: Any, permission: str, dispute: "Dispute") -> tuple[str, str] | None:
    """Why the file is not written to any more, and what to do, for those whom nothing but its state keeps from it."""
    before = copy(dispute)
    before.state = DisputeState.ROUTED
    if allowed(user, permission, dispute) or not allowed(user, permission, before):
        return None
    return workflow.why_closed(permission, dispute.state)


in_charge = is_officer_of_town | is_mediator_in_charge

rules.add_perm("disputes.view", may_view)
rules.add_perm("disputes.export", may_view)
rules.add_perm("disputes.export_clear", may_export_clear)
rules.add_perm("disputes.import", may_import)
rules.add_perm("disputes.register", may_register)
rules.add_perm("disputes.edit", (is_officer_of_town | (is_mediator_in_charge & is_open)) & is_not_merged)
rules.add_perm(
    "disputes.edit_party", (is_officer_of_town | (is_mediator_in_charge & is_not_filed_away)) & is_not_merged
)
rules.add_perm("disputes.route", in_charge)
rules.add_perm("disputes.refer_out", in_charge)
rules.add_perm("disputes.end", in_charge)
rules.add_perm("disputes.ask_town", in_charge & is_open)
rules.add_perm("disputes.withdraw_town", in_charge)
rules.add_perm("disputes.answer_town", answers_town)
rules.add_perm("disputes.end_joint", is_officer_of_town | is_officer_of_joint_town)
rules.add_perm("disputes.ask_county", is_officer_of_town | is_officer_of_joint_town)
rules.add_perm("disputes.decide_lead", decides_between_towns)
rules.add_perm("disputes.link", in_charge)
rules.add_perm("disputes.merge", in_charge)
rules.add_perm("disputes.note", writes_notes)
rules.add_perm("disputes.hold", is_officer_of_town)
rules.add_perm("disputes.reveal", in_charge | is_joint_mediator)
rules.add_perm("disputes.dispute.download", may_open_paper)
rules.add_perm("disputes.acknowledge_risk", may_acknowledge)
rules.add_perm("disputes.lower_risk", may_lower)
rules.add_perm("disputes.view_clusters", works_with_cases)
rules.add_perm("disputes.acknowledge_cluster", may_acknowledge_cluster)
rules.add_perm("disputes.close_cluster", may_close_cluster)
rules.add_perm("disputes.view_dangers", works_with_cases)
rules.add_perm("disputes.report_danger", may_register)
rules.add_perm("disputes.close_danger", may_close_danger)
rules.add_perm("disputes.hiddendanger.download", may_open_photo)
rules.add_perm("disputes.view_suggestions", reads_suggestions)
rules.add_perm("disputes.draft_suggestion", may_draft_suggestion)
rules.add_perm("disputes.sign_suggestion", may_sign_suggestion)
rules.add_perm("disputes.configure_routing", is_admin)
