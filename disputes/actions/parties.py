"""What is done to the parties of a dispute: added, corrected, their consent noted, one field shown to one reader."""

from collections.abc import Iterable
from dataclasses import dataclass, fields, replace
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from core.access import allowed, require
from core.actions import audit, reveals
from core.errors import Refused
from core.models import User
from core.privacy import mask_id_number, mask_phone
from core.queries import today
from disputes import limits
from disputes.actions.events import record_event
from disputes.actions.judging import route_by_homes
from disputes.actions.search import found_by
from disputes.actions.states import lock_dispute
from disputes.choices import AgentKind, Capacity, ClusterMark, DisputeState, EventKind, NoticeHow, PartyKind, Side
from disputes.identity import KnownBy, last_four, read_identity, read_name, read_phone
from disputes.models import Dispute, Party
from disputes.rules import require_here
from disputes.standing import Beside, check_beside
from disputes.titles import title_of

RETITLED = ("title", "search", "cluster_mark")
NOTICE = ("notice_accepted_at", "notice_given_by", "notice_how")
REVEALED = "party.reveal"
REVEALABLE = {
    "id_number": "证件号码", "phone": "电话", "address": "住址",
    "guardian_phone": "监护人电话", "agent_phone": "代理人电话",
}  # fmt: skip


@dataclass(frozen=True)
class PartyData:
    """A party as entered. Sex and birth of a person with an identity number are taken from the number.

    `home`: the code of the town or village the party is from.
    """

    side: str
    name: str
    kind: str = PartyKind.PERSON
    sex: str = ""
    born_on: date | None = None
    id_number: str = ""
    phone: str = ""
    address: str = ""
    capacity: str = ""
    guardian_name: str = ""
    guardian_relation: str = ""
    guardian_phone: str = ""
    agent_name: str = ""
    agent_kind: str = ""
    agent_phone: str = ""
    agent_authorised: bool = False
    assisted_by: str = ""
    assisted_relation: str = ""
    assistance_agreed: bool = False
    read_aloud: bool = False
    consents: bool = False
    home: str = ""


def fill(party: Party, data: PartyData) -> Party:
    """Put checked data on a party without saving it. Raises Refused at the field."""
    identity = read_identity(data.kind, data.id_number, today=today())
    party.side, party.kind, party.name = Side(data.side), PartyKind(data.kind), read_name(data.name)
    is_person = party.kind == PartyKind.PERSON
    party.sex = (identity.sex or data.sex) if is_person else ""
    party.born_on = (identity.born_on or data.born_on) if is_person else None
    party.id_number, party.id_last4 = identity.number, last_four(identity.number)
    party.phone = read_phone(data.phone)
    party.phone_last4 = last_four(party.phone)
    party.address, party.consents_to_mediation = data.address.strip(), data.consents
    party.home_id = data.home or None
    party.capacity = Capacity(data.capacity) if is_person and data.capacity else ""
    for name, value in vars(_beside(data, is_person=is_person)).items():
        setattr(party, name, value)
    return party


def _beside(data: PartyData, *, is_person: bool) -> Beside:
    """Who stands beside the party, checked. Raises Refused at the field. An organisation has no guardian."""
    given: dict[str, Any] = {one.name: getattr(data, one.name) for one in fields(Beside)}
    stripped: dict[str, Any] = {
        name: value.strip() if isinstance(value, str) else value for name, value in given.items()
    }
    beside = Beside(**stripped)
    if not is_person:
        beside = replace(beside, guardian_name="", guardian_relation="", guardian_phone="")
    check_beside(beside)
    if beside.agent_kind:
        AgentKind(beside.agent_kind)
    return replace(
        beside,
        guardian_phone=read_phone(beside.guardian_phone, field="guardian_phone"),
        agent_phone=read_phone(beside.agent_phone, field="agent_phone"),
    )


def data_of(party: Party, **changes: Any) -> PartyData:
    """A stored party as it would be entered, with `changes`."""
    apart = {"consents": party.consents_to_mediation, "home": party.home_id or ""}
    kept = {one.name: getattr(party, one.name) for one in fields(PartyData) if one.name not in apart}
    return PartyData(**kept | apart | changes)


def note_notice(party: Party, *, by: User, how: str, at: datetime) -> None:
    """Note on an unsaved party who told them, when and how, what mediation is and how their data are used; once."""
    if party.notice_accepted_at is None:
        party.notice_accepted_at, party.notice_given_by, party.notice_how = at, by, NoticeHow(how)


def check_together(parties: Iterable[Party]) -> None:
    """Nobody stands twice in one dispute (`disputes.identity.KnownBy`)."""
    seen: list[KnownBy] = []
    for party in parties:
        known = KnownBy(party.side, party.name, party.id_number, party.phone)
        if any(known.is_same_as(other) for other in seen):
            raise Refused(
                f"「{party.name}」已经在本件当事人里。", hint="同名的两个人，请填上证件号码区分。", field="name"
            )
        seen.append(known)


def retitle(dispute: Dispute, parties: Iterable[Party]) -> str:
    """The dispute's name, and what it is found by, after its parties, type or story changed; set, not saved.

    The sweep is to compare its respondents with those of other disputes (disputes.actions.clusters). Whoever saves it
    saves the columns of RETITLED.
    """
    names: dict[str, list[str]] = {Side.APPLICANT.value: [], Side.RESPONDENT.value: []}
    parties = list(parties)
    for party in parties:
        names[str(party.side)].append(party.name)
    dispute.title = title_of(names[Side.APPLICANT], names[Side.RESPONDENT], dispute.case_type.cause)
    dispute.search = found_by(dispute, parties)
    dispute.cluster_mark = ClusterMark.DUE
    return dispute.title


@transaction.atomic
def add_party(*, dispute_id: int, data: PartyData, by: User, recorded_at: datetime | None = None) -> Party:
    """Add a party. Effects: party, the dispute's name, its route when two towns meet now, event, audit."""
    dispute = lock_dispute(dispute_id)
    require_here(by, "disputes.edit", dispute)
    others = list(dispute.parties.all())
    if len(others) >= limits.PARTIES_MAX:
        raise Refused(f"一件纠纷最多登记 {limits.PARTIES_MAX} 名当事人。", hint="人数更多的，请分件登记。")
    party = fill(Party(dispute=dispute, order=max((other.order for other in others), default=-1) + 1), data)
    save_together(dispute, party, others, force_insert=True)
    recorded_at = recorded_at or timezone.now()
    text = f"补充{party.get_side_display()}：{party.name}"
    record_event(
        dispute,
        EventKind.PARTY_ADDED,
        on=timezone.localdate(recorded_at),
        by=by,
        text=text,
        recorded_at=recorded_at,
    )
    _audit("party.add", party, by, {"new": masked(party)})
    return party


@transaction.atomic
def update_party(*, party_id: UUID, data: PartyData, by: User, recorded_at: datetime | None = None) -> Party:
    """Correct a party; an empty number, telephone or address keeps the stored one.

    Once the dispute is closed its mediator still enters telephone, address and who stands by a party, and no more.
    Nothing is written when nothing changed. Effects: party, the dispute's name, its route when another home makes it
    one of two towns or no longer one, event, audit.
    """
    party = Party.objects.get(pk=party_id)
    dispute = lock_dispute(party.dispute_id)
    require_here(by, "disputes.edit_party", dispute)
    party = dispute.parties.get(pk=party_id)
    old, old_values, old_person = masked(party), _values(party), _person(party)
    fill(party, _keeping(party, data))
    if _values(party) == old_values:
        return party
    if _person(party) != old_person and not allowed(by, "disputes.edit", dispute):
        raise Refused(
            f"{_why_closed(dispute)}，{old_person[0]}的姓名、地位、证件号码不能再改。",
            hint="电话、住址、代理人仍可以补；确实写错的，请联络人员改。",
            field="name",
        )
    save_together(dispute, party, [other for other in dispute.parties.all() if other.pk != party.pk])
    recorded_at = recorded_at or timezone.now()
    text = f"修改{party.get_side_display()}：{party.name}"
    record_event(
        dispute, EventKind.EDITED, on=timezone.localdate(recorded_at), by=by, text=text, recorded_at=recorded_at
    )
    _audit("party.update", party, by, {"old": old, "new": masked(party)})
    return party


@transaction.atomic
def record_consent(*, party_id: UUID, by: User, on: date, recorded_at: datetime | None = None) -> Party:
    """Note that a party agreed to mediation and was told how personal data are used; a second time changes nothing."""
    party = Party.objects.get(pk=party_id)
    dispute = lock_dispute(party.dispute_id)
    require_here(by, "disputes.edit", dispute)
    party = dispute.parties.get(pk=party_id)
    if party.consents_to_mediation and party.notice_accepted_at:
        return party
    limits.check_day(on, today=today(), after=dispute.registered_on)
    party.consents_to_mediation = True
    note_notice(party, by=by, how=NoticeHow.ORAL, at=recorded_at or timezone.now())
    party.save(update_fields=["consents_to_mediation", *NOTICE])
    text = f"{party.name}同意调解"
    record_event(dispute, EventKind.CONSENTED, on=on, by=by, text=text, recorded_at=recorded_at)
    _audit("party.consent", party, by, {"on": on.isoformat()})
    return party


def reveal(*, party_id: UUID, field: str, reason: str, by: User) -> str:
    """The clear text of one field of one party, for a reason. The audit row is committed before the text is returned.

    Raises NotAllowed without the right, Refused without a reason or past the day's limit.
    """
    party = Party.objects.select_related("dispute").get(pk=party_id)
    require(by, "disputes.reveal", party.dispute, message="证件号码、电话、住址只给本件的承办人看。")
    return reveals.reveal(
        party,
        field,
        among=REVEALABLE,
        action=REVEALED,
        reason=reason,
        by=by,
        division_code=party.dispute.town_code,
        detail={"dispute": party.dispute.code},
    )


def masked(party: Party) -> dict[str, Any]:
    """A party as it may stand in the audit trail."""
    return {
        "side": party.side,
        "kind": party.kind,
        "name": party.name,
        "sex": party.sex,
        "id_number": mask_id_number(party.id_number),
        "phone": mask_phone(party.phone),
        "has_address": bool(party.address),
        "home": party.home_id or "",
        "capacity": party.capacity,
        "guardian_name": party.guardian_name,
        "guardian_relation": party.guardian_relation,
        "guardian_phone": mask_phone(party.guardian_phone),
        "agent_name": party.agent_name,
        "agent_kind": party.agent_kind,
        "agent_phone": mask_phone(party.agent_phone),
        "agent_authorised": party.agent_authorised,
        "assisted_by": party.assisted_by,
        "assisted_relation": party.assisted_relation,
        "assistance_agreed": party.assistance_agreed,
        "read_aloud": party.read_aloud,
        "consents": party.consents_to_mediation,
    }


def _keeping(party: Party, data: PartyData) -> PartyData:
    return replace(
        data,
        id_number=data.id_number or party.id_number,
        phone=data.phone or party.phone,
        address=data.address or party.address,
        guardian_phone=data.guardian_phone or (party.guardian_phone if data.guardian_name.strip() else ""),
        agent_phone=data.agent_phone or (party.agent_phone if data.agent_name.strip() else ""),
    )


def _values(party: Party) -> tuple[Any, ...]:
    numbers = (party.id_number, party.phone, party.address, party.guardian_phone, party.agent_phone)
    return (*masked(party).values(), *numbers, party.born_on)


def _person(party: Party) -> tuple[Any, ...]:
    """Who a party is and on what footing: the name first. Papers that were signed say so."""
    return (party.name, party.side, party.kind, party.sex, party.id_number, party.consents_to_mediation)


def _why_closed(dispute: Dispute) -> str:
    """Why the people of the file stand: an agreement binds long before the case is done with."""
    return "协议已经生效" if dispute.state == DisputeState.AGREED else "本件已经办结"


def save_together(dispute: Dispute, party: Party, others: list[Party], *, force_insert: bool = False) -> None:
    together = sorted([*others, party], key=lambda one: one.order)
    check_together(together)
    party.save(force_insert=force_insert)
    retitle(dispute, together)
    route_by_homes(dispute, together)
    dispute.version += 1
    dispute.save(update_fields=[*RETITLED, "triage", "version"])


def _audit(action: str, party: Party, by: User, detail: dict[str, Any]) -> None:
    code = party.dispute.code
    audit.record(
        action, by=by, subject=party, division_code=party.dispute.town_code, detail={"dispute": code, **detail}
    )
