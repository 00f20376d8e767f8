"""How a dispute's state is shown, and who quarrels."""

from functools import cache
from typing import Any

from django import template
from django.utils import timezone
from django.utils.safestring import SafeString

from core.access import allowed
from core.addresses import address
from core.choices import Level
from core.privacy import mask_address, mask_id_number, mask_phone
from core.shapes import state_chip
from core.templatetags.ui import cn_date, quick
from disputes.choices import AgentKind, DisputeState, PartyKind
from disputes.models import Dispute, Party

register = template.Library()
CHIPS = {
    DisputeState.AGREED: ("ok", "seal"),
    DisputeState.FAILED: ("warn", ""),
    DisputeState.MEDIATING: ("run", "people"),
    DisputeState.ARCHIVED: ("void", ""),
}


@register.filter
@cache
def dispute_state(state: str) -> SafeString:
    """The chip of a state by its key: `{{ line.state|dispute_state }}`."""
    known = DisputeState(state)
    kind, icon = CHIPS.get(known, ("idle", ""))
    return state_chip(kind, str(known.label), icon)


@register.simple_tag(takes_context=True)
def party_cards(context: template.Context, dispute: Dispute, parties: list[Party], may_reveal: bool) -> SafeString:
    """The parties with their numbers masked: `{% party_cards dispute parties may_reveal %}`."""
    user = context["user"]
    return quick(
        context,
        "disputes/parties.jinja",
        dispute=dispute,
        parties=[_card(dispute, party) for party in parties],
        may_edit=allowed(user, "disputes.edit", dispute),
        may_edit_party=allowed(user, "disputes.edit_party", dispute),
        may_reveal=may_reveal,
        add_url=address("disputes:add-party", dispute.code),
        today=timezone.localdate().isoformat(),
    )


def _card(dispute: Dispute, party: Party) -> dict[str, Any]:
    key = dispute.code, party.pk
    return {
        "pk": party.pk,
        "name": party.name,
        "headline": _headline(party),
        "number_label": "信用代码" if party.kind == PartyKind.ORGANISATION else "身份证",
        "id_number": mask_id_number(party.id_number),
        "phone": mask_phone(party.phone),
        "address": mask_address(party.address),
        "home": _home(party),
        "from_elsewhere": party.home_town != dispute.town_code,
        "why_guardian": party.why_guardian if party.lacks_guardian else "",
        "guardian": _guardian(party),
        "guardian_phone": mask_phone(party.guardian_phone) if party.guardian_name else "",
        "agent": _agent(party),
        "agent_phone": mask_phone(party.agent_phone),
        "helper": _helper(party),
        "notice": _notice(party),
        "consents": party.consents_to_mediation,
        "e_service": _e_service(party),
        "edit_url": address("disputes:edit-party", *key),
        "reveal_url": address("disputes:reveal", *key),
        "consent_url": address("disputes:consent", *key),
    }


def _headline(party: Party) -> str:
    """申请人　女　43 岁　限制民事行为能力"""
    kind = "单位" if party.kind == PartyKind.ORGANISATION else party.get_sex_display() if party.sex else ""
    age = "" if party.age is None else f"{party.age} 岁"
    capacity = party.get_capacity_display() if party.capacity else ""
    return "　".join(filter(None, (party.get_side_display(), kind, age, capacity)))


def _home(party: Party) -> str:
    if party.home is None:
        return ""
    return f"{party.home.parent if party.home.level == Level.VILLAGE else ''}{party.home.short_name}"


def _guardian(party: Party) -> str:
    """Who acts for somebody that cannot act alone; where no guardian is named, the statutory agent."""
    if party.guardian_name:
        return party.guardian_name + (f"（{party.guardian_relation}）" if party.guardian_relation else "")
    return f"{party.agent_name}（法定代理人）" if party.needs_guardian and not party.lacks_guardian else ""


def _agent(party: Party) -> str:
    if not party.agent_name:
        return ""
    told = f"{party.agent_name}　{party.get_agent_kind_display()}" if party.agent_kind else party.agent_name
    if party.agent_kind != AgentKind.ENTRUSTED:
        return told
    return told + ("，有授权委托书" if party.agent_authorised else "，未交授权委托书")


def _helper(party: Party) -> str:
    if not party.assisted_by:
        return ""
    relation = f"（{party.assisted_relation}）" if party.assisted_relation else ""
    agreed = "　本人同意" if party.assistance_agreed else ""
    return f"{party.assisted_by}{relation}{agreed}{'　已读给本人听' if party.read_aloud else ''}"


def _notice(party: Party) -> str:
    if not party.notice_accepted_at:
        return ""
    how = party.get_notice_how_display() if party.notice_how else ""
    return "　".join(filter(None, (cn_date(party.notice_accepted_at), how, str(party.notice_given_by or ""))))


def _e_service(party: Party) -> str:
    confirmed = party.service_address_confirmed_on
    return "同意" + (f"，确认书 {cn_date(confirmed)}" if confirmed else "") if party.e_service_agreed else ""
