"""Reads of an agreement: its parties, its signatures as the law counts them, what is on file before one is drafted."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.utils import timezone

from disputes.choices import Side
from disputes.models import Dispute, Party
from disputes.queries import required_of
from disputes.questions import unanswered
from mediation import law
from mediation.choices import SignerKind, SignMethod
from mediation.models import Agreement, Mediation, Signature
from mediation.readiness import Missing, PartyFacts, before_an_agreement


def signed(signatures: Iterable[Signature]) -> list[law.Signed]:
    """The signatures as the law counts them."""
    return [
        law.Signed(
            kind=signature.kind,
            on=timezone.localdate(signature.signed_at),
            party=str(signature.party_id or ""),
            electronic=signature.method == SignMethod.ELECTRONIC,
        )
        for signature in signatures
    ]


def rule_of(agreement: Agreement, mediation: Mediation) -> law.EffectRule:
    """The rule that decides when the agreement takes effect. An agreement without one is never drafted."""
    rule = law.effect_rule(
        basis=mediation.basis, mode=mediation.mode, form=agreement.form, concluded_on=agreement.concluded_on
    )
    if rule is None:
        raise LookupError(f"no rule of effect for agreement {agreement.pk}")
    return rule


@dataclass(frozen=True)
class Signer:
    """One place on the paper where somebody signs; `decides`: the day of effect hangs on it."""

    field: str
    kind: str
    role: str
    name: str
    decides: bool
    signature: Signature | None = None
    party: Party | None = None

    @property
    def words(self) -> str:
        """What is missing while it is empty: 梁伯坚签名, 盖章."""
        return "盖章" if self.kind == SignerKind.SEAL else f"{self.name}签名"


def signers_of(agreement: Agreement, *, parties: Sequence[Party], signatures: Sequence[Signature]) -> list[Signer]:
    """Every place of the paper in its order, signed or not. An oral agreement asks for the mediator alone."""
    rule = rule_of(agreement, agreement.mediation)
    found = _party_places(rule, parties, signatures) if SignerKind.PARTY in rule.signers else []
    by_kind = {signature.kind: signature for signature in reversed(signatures) if not signature.party_id}
    mediator, seal = agreement.mediation.dispute.handler, agreement.mediation.organisation.seal_name
    key = f"{SignerKind.MEDIATOR.value}-{mediator.pk if mediator else ''}"
    places = (
        (SignerKind.MEDIATOR, key, "调解员", str(mediator or "")),
        (SignerKind.SEAL, SignerKind.SEAL.value, "调解组织", seal),
    )
    for kind, field, role, name in places:
        if kind in rule.signers:
            found.append(Signer(field, kind, role, name, kind in rule.deciding, by_kind.get(kind)))
    return found


def _party_places(rule: law.EffectRule, parties: Sequence[Party], signatures: Sequence[Signature]) -> list[Signer]:
    by_party = {signature.party_id: signature for signature in signatures if signature.party_id}
    kind = SignerKind.PARTY
    return [
        Signer(
            f"{kind.value}-{party.pk}",
            kind,
            party.get_side_display(),
            party.name,
            kind in rule.deciding,
            by_party.get(party.pk),
            party,
        )
        for party in parties
    ]


def party_facts(parties: Iterable[Party]) -> tuple[PartyFacts, ...]:
    """What the path asks of each party."""
    return tuple(
        PartyFacts(
            key=str(party.pk),
            name=party.name,
            consents=party.consents_to_mediation,
            has_id=bool(party.id_hash),
            lacks_guardian=party.lacks_guardian,
            helper_lacks=party.helper_lacks,
        )
        for party in parties
    )


def both_sides(parties: Iterable[Party]) -> bool:
    """Whether applicant and respondent are both on file."""
    return {party.side for party in parties} == set(Side.values)


def missing_before_agreement(dispute: Dispute, mediation: Mediation) -> tuple[Missing, ...]:
    """What still stands in the way of drafting an agreement."""
    parties = list(dispute.parties.all())
    found = before_an_agreement(
        party_facts(parties),
        both_sides=both_sides(parties),
        sessions=mediation.sessions.count(),
        unanswered=unanswered(required_of(dispute.case_type_id), dispute.answers, dispute.amount),
    )
    return tuple(missing for missing in found if missing.blocks)
