"""Reads of an agreement: its parties, its signatures as the law counts them, what is on file before one is drafted."""

from collections.abc import Iterable

from django.utils import timezone

from disputes.choices import Side
from disputes.models import Dispute, Party
from mediation import law
from mediation.choices import SignMethod
from mediation.models import Agreement, Mediation, Signature
from mediation.path import Missing, PartyFacts, before_an_agreement


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


def party_facts(parties: Iterable[Party]) -> tuple[PartyFacts, ...]:
    """What the path asks of each party."""
    return tuple(PartyFacts(party.name, party.consents_to_mediation, bool(party.id_hash)) for party in parties)


def both_sides(parties: Iterable[Party]) -> bool:
    """Whether applicant and respondent are both on file."""
    return {party.side for party in parties} == set(Side.values)


def missing_before_agreement(dispute: Dispute, mediation: Mediation) -> tuple[Missing, ...]:
    """What is still missing before an agreement may be drafted."""
    parties = list(dispute.parties.all())
    return before_an_agreement(
        party_facts(parties), both_sides=both_sides(parties), sessions=mediation.sessions.count()
    )
