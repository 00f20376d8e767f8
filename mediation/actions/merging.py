"""A dispute registered twice is merged into the one that is kept; nothing is deleted, and figures count it once."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.utils import timezone

from core.access import allowed, require
from core.actions import audit
from core.actions.deadlines import settle_all
from core.actions.outbox import mark_dirty
from core.errors import Refused
from core.models import StoredFile, User
from core.queries import today
from disputes import limits
from disputes.actions.clusters import hand_over
from disputes.actions.events import record_event
from disputes.actions.parties import RETITLED, retitle
from disputes.actions.states import lock_disputes, move_state
from disputes.actions.towns import share
from disputes.choices import EventKind, Risk, TownRequestKind, TownRequestState
from disputes.models import Dispute, DisputeLink, Party, RiskFlag
from mediation.actions.footing import check_reason
from mediation.choices import Outcome
from mediation.models import Mediation
from mediation.moving import why_not_into, why_not_merge
from mediation.queries.standing import standing_of

DETAILS: dict[str, tuple[str, ...]] = {
    "证件号码": ("id_number", "id_last4", "sex", "born_on"),
    "性别、出生日期": ("sex", "born_on"),
    "电话": ("phone", "phone_last4"),
    "住址、送达": ("address", "e_service_agreed", "service_address_confirmed_on"),
    "户籍、常住": ("home_id",),
    "行为能力": ("capacity",),
    "监护人": ("guardian_name", "guardian_relation", "guardian_phone"),
    "代理人": ("agent_name", "agent_kind", "agent_phone", "agent_authorised"),
    "协助人": ("assisted_by", "assisted_relation", "assistance_agreed", "read_aloud"),
    "同意调解": ("consents_to_mediation",),
    "告知": ("notice_accepted_at", "notice_how", "notice_given_by_id"),
}
OWN = {"id", "dispute", "order", "id_hash", "phone_hash"}  # of the copy: its place, and what its numbers give by itself
COPIED = tuple(column.attname for column in Party._meta.concrete_fields if column.name not in OWN)


@dataclass(frozen=True)
class Merged:
    """What was carried over; `filled`: which details of people who stood in the kept one already, in words."""

    kept: Dispute
    parties: int
    papers: int
    filled: tuple[str, ...] = ()


def check_merge(*, dispute: Dispute, kept: Dispute, by: User) -> None:
    """Raises what merging would be refused for, before anybody is asked to confirm it. Writes nothing."""
    _check_two(dispute.pk, kept.pk)
    require(by, "disputes.merge", dispute)
    require(by, "disputes.view", kept)
    _check(dispute, kept, by)


@transaction.atomic
def merge_dispute(
    *, dispute_id: int, kept_id: int, reason: str, by: User, on: date, recorded_at: datetime | None = None
) -> Merged:
    """Merge a doubled dispute into the one kept: who and what is not there yet is carried over, nothing overwritten.

    The merged one stays as a closed file with its own people, timeline and a pointer; its running mediation ends.
    Who sees the kept one without answering for it is refused in words, at the field, and keeps what was typed.
    Effects: parties and papers of the kept one, state, mediation, periods void, an event on each, audit.
    """
    merged, kept = _locked(dispute_id, kept_id)
    require(by, "disputes.merge", merged, message="并案由两件的承办人或本镇（街）联络人员办。")
    require(by, "disputes.view", kept)
    _check(merged, kept, by)
    check_reason(reason)
    recorded_at = recorded_at or timezone.now()
    filled = _carry_details(merged, kept)
    parties = _carry_parties(merged, kept)
    papers = _carry_papers(merged, kept)
    _carry_warning(merged, kept)
    _end_mediation(merged, kept, on=on)
    settle_all(subject=merged, on=on, settled_as="void")
    _end_links(merged, by=by, on=on)
    hand_over(merged, kept)
    move_state(merged, "merge", on=on, reason=reason, merged_into=kept)
    mark_dirty(town_code=merged.town_code, on=merged.registered_on)
    retitle(kept, kept.parties.all())
    kept.version += 1
    kept.save(update_fields=[*RETITLED, "risk", "cluster_mark", "version"])
    added = f"补上{'；'.join(filled)}。" if filled else ""
    carried = f"当事人 {parties} 名，材料 {papers} 份。{added}{reason.strip()}"
    for dispute, text in ((merged, f"并入 {kept.code}"), (kept, f"{merged.code} 并入本件")):
        record_event(dispute, EventKind.MERGED, on=on, by=by, text=text, detail=carried, recorded_at=recorded_at)
    detail = {"code": merged.code, "kept": kept.code, "parties": parties, "papers": papers, "filled": filled}
    detail["on"] = on.isoformat()
    audit.record("dispute.merge", by=by, subject=merged, division_code=merged.town_code, detail=detail)
    return Merged(kept, parties, papers, tuple(filled))


def _locked(dispute_id: int, kept_id: int) -> tuple[Dispute, Dispute]:
    """Both, so that two people merging crosswise wait for each other."""
    _check_two(dispute_id, kept_id)
    found = lock_disputes(dispute_id, kept_id)
    return found[dispute_id], found[kept_id]


def _check_two(dispute_id: int, kept_id: int) -> None:
    if dispute_id == kept_id:
        raise Refused("不能并入它自己。", hint="请写另一件的编号。", field="code")


def _check(merged: Dispute, kept: Dispute, by: User) -> None:
    same_town = merged.town_code == kept.town_code
    refusal = why_not_merge(standing_of(merged), same_town=same_town, kept_state=kept.state)
    refusal = refusal or why_not_into(kept.code, answers_for_it=allowed(by, "disputes.merge", kept))
    if refusal:
        raise Refused(refusal[0], hint=refusal[1], field="code")


def _carry_parties(merged: Dispute, kept: Dispute) -> int:
    """Copies of those who are not parties of the kept one yet."""
    there = list(kept.parties.all())
    new = [party for party in merged.parties.all() if not _same(party, there)]
    whole = len(there) + len(new)
    if whole > limits.PARTIES_MAX:
        message = f"并案后当事人有 {whole} 名，一件最多 {limits.PARTIES_MAX} 名。"
        raise Refused(message, hint="请关联两件，不并案。", field="code")
    last = max((party.order for party in there), default=-1)
    for place, party in enumerate(new, last + 1):
        Party(dispute=kept, order=place, **{name: getattr(party, name) for name in COPIED}).save(force_insert=True)
    return len(new)


def _same(party: Party, there: list[Party]) -> list[Party]:
    """Who of them the party may be: by number, else by side and name; with another number it is another person."""
    by_number = [one for one in there if party.id_hash and one.id_hash == party.id_hash]
    named = [one for one in there if (one.side, one.name) == (party.side, party.name)]
    return by_number or [one for one in named if not (party.id_hash and one.id_hash)]


def _carry_details(merged: Dispute, kept: Dispute) -> list[str]:
    """Fill what is empty of the people who stand in both; returns what was filled, in words, person by person.

    Whoever may be one of several, and details that say something else than those there, are left alone.
    """
    there, said = list(kept.parties.all()), []
    for party in merged.parties.all():
        same = _same(party, there)
        labels = _fill_empty(same[0], party) if len(same) == 1 and same[0].kind == party.kind else []
        if labels:
            there.remove(same[0])  # filled from one person, it is filled from no second
            same[0].save()
            said.append(f"{party.name}的{'、'.join(labels)}")
    return said


def _fill_empty(there: Party, party: Party) -> list[str]:
    """Details belong together: a number with its sex and birth, a guardian with their telephone. One at a time."""
    filled = []
    for label, names in DETAILS.items():
        pairs = [(name, getattr(there, name), getattr(party, name)) for name in names]
        missing = {name: theirs for name, own, theirs in pairs if theirs and not own}
        if missing and all(own == theirs for _, own, theirs in pairs if own and theirs):
            for name, value in missing.items():
                setattr(there, name, value)
            filled.append(label)
    return filled


def _carry_papers(merged: Dispute, kept: Dispute) -> int:
    papers = StoredFile.objects.filter(subject_label=merged._meta.label_lower, subject_id=str(merged.pk))
    return papers.update(subject_id=str(kept.pk))


def _carry_warning(merged: Dispute, kept: Dispute) -> None:
    """A warning that nobody has lowered goes on with the kept one; the higher risk stands."""
    if not RiskFlag.objects.filter(dispute=kept, lowered_at=None).exists():
        RiskFlag.objects.filter(dispute=merged, lowered_at=None).update(dispute=kept)
    kept.risk = max(merged.risk, kept.risk, key=Risk.values.index)


def _end_mediation(merged: Dispute, kept: Dispute, *, on: date) -> None:
    running = Mediation.objects.select_for_update(of=("self",)).filter(dispute=merged, ended_on=None).first()
    if running is None:
        return
    limits.check_day(on, today=today(), after=running.accepted_on)
    running.ended_on, running.outcome, running.outcome_note = on, Outcome.ENDED, f"并入 {kept.code}"
    running.save(update_fields=["ended_on", "outcome", "outcome_note"])
    running.assignments.filter(until=None).update(until=max(on, running.accepted_on))
    settle_all(subject=running, on=on, settled_as="void")


def _end_links(merged: Dispute, *, by: User, on: date) -> None:
    """What stands under it goes to nobody by itself: that is refused; its own link and requests to towns end."""
    if merged.child_links.exists():
        raise Refused("本件下面还有关联的纠纷。", hint="请先把它们关联到要保留的那一件。", field="code")
    DisputeLink.objects.filter(child=merged).delete()
    open_requests = merged.town_requests.opening()
    joint = open_requests.filter(kind=TownRequestKind.JOINT, state=TownRequestState.ACCEPTED)
    joint.update(state=TownRequestState.ENDED, ended_on=on, end_reason="已并案")
    merged.town_requests.filter(state=TownRequestState.ASKED).update(
        state=TownRequestState.WITHDRAWN, answered_on=on, answered_by=by, answered_recorded_at=timezone.now()
    )
    share(merged)
