"""When a mediation agreement takes effect, and what the law opens after that. Pure: facts in, days out.

Each rule names its article, how sure it is, and the days between which it is the law. Texts:
人民调解法 28–33; 特邀调解规定（法释〔2016〕14号）20, 23, 24; 在线调解规则（法释〔2021〕23号）19.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from core.calendar import Count, RestCalendar, count, reach
from core.choices import Certainty, Unit
from mediation.choices import AgreementForm, Basis, Mode, SignerKind

PARTY, MEDIATOR, SEAL = SignerKind.PARTY.value, SignerKind.MEDIATOR.value, SignerKind.SEAL.value
CONFIRMATION_DAYS = 30
LEAST_PARTIES = 2


@dataclass(frozen=True)
class Signed:
    """One signature or the seal as it counts in law: who, which day, by electronic signature or by hand."""

    kind: str
    on: date
    party: str = ""
    electronic: bool = False


@dataclass(frozen=True)
class EffectRule:
    """Whose signatures decide the day of effect (`deciding`), and who must sign besides (`formal`)."""

    basis: frozenset[str]
    mode: str
    form: str
    deciding: frozenset[str]
    formal: frozenset[str]
    article: str
    words: str
    certainty: str
    valid_from: date
    valid_to: date | None = None
    electronic: bool = False
    on_conclusion: bool = False

    @property
    def signers(self) -> frozenset[str]:
        """Everybody whose signature the paper should carry."""
        return self.deciding | self.formal

    def governs(self, *, basis: str, mode: str, form: str, on: date) -> bool:
        """Whether this is the rule for such an agreement concluded on `on`."""
        in_force = self.valid_from <= on and (self.valid_to is None or on <= self.valid_to)
        return in_force and basis in self.basis and (mode, form) == (self.mode, self.form)


ALL, OWN, PRE, POST = (
    frozenset(Basis.values),
    frozenset({Basis.OWN}),
    frozenset({Basis.PRE_FILING}),
    frozenset({Basis.POST_FILING}),
)
PEOPLES_MEDIATION_ACT, INVITED_MEDIATION, CIVIL_CODE, ONLINE_RULES = (
    date(2011, 1, 1),
    date(2016, 7, 1),
    date(2021, 1, 1),
    date(2022, 1, 1),
)

EFFECT_RULES: tuple[EffectRule, ...] = (
    EffectRule(
        ALL,
        Mode.ONLINE,
        AgreementForm.WRITTEN,
        deciding=frozenset({PARTY}),
        formal=frozenset({MEDIATOR, SEAL}),
        article="人民法院在线调解规则第十九条",
        words="各方当事人均完成电子签章之时",
        certainty=Certainty.VERIFIED,
        valid_from=ONLINE_RULES,
        electronic=True,
    ),
    EffectRule(
        OWN,
        Mode.OFFLINE,
        AgreementForm.WRITTEN,
        deciding=frozenset({PARTY, MEDIATOR, SEAL}),
        formal=frozenset(),
        article="人民调解法第二十九条",
        words="双方、调解员签名和调解委员会盖章中最晚的一个",
        certainty=Certainty.VERIFIED,
        valid_from=PEOPLES_MEDIATION_ACT,
    ),
    EffectRule(
        PRE,
        Mode.OFFLINE,
        AgreementForm.WRITTEN,
        deciding=frozenset({PARTY}),
        formal=frozenset({MEDIATOR, SEAL}),
        article="最高人民法院关于人民法院特邀调解的规定第二十四条",
        words="双方当事人签名、盖章或者捺印",
        certainty=Certainty.VERIFIED,
        valid_from=INVITED_MEDIATION,
    ),
    EffectRule(
        POST,
        Mode.OFFLINE,
        AgreementForm.WRITTEN,
        deciding=frozenset({PARTY}),
        formal=frozenset({MEDIATOR, SEAL}),
        article="最高人民法院关于人民法院特邀调解的规定第二十四条，民法典第四百九十条、第五百零二条",
        words="双方当事人签名、盖章或者捺印；调解书另依送达生效",
        certainty=Certainty.INFERRED,
        valid_from=CIVIL_CODE,
    ),
    EffectRule(
        OWN,
        Mode.OFFLINE,
        AgreementForm.ORAL,
        deciding=frozenset(),
        formal=frozenset({MEDIATOR}),
        article="人民调解法第三十条",
        words="各方当事人达成协议之日",
        certainty=Certainty.VERIFIED,
        valid_from=PEOPLES_MEDIATION_ACT,
        on_conclusion=True,
    ),
    EffectRule(
        PRE,
        Mode.OFFLINE,
        AgreementForm.ORAL,
        deciding=frozenset(),
        formal=frozenset({MEDIATOR}),
        article="最高人民法院关于人民法院特邀调解的规定第二十三条，参照人民调解法第三十条",
        words="各方当事人达成协议之日",
        certainty=Certainty.INFERRED,
        valid_from=INVITED_MEDIATION,
        on_conclusion=True,
    ),
)


def effect_rule(*, basis: str, mode: str, form: str, concluded_on: date) -> EffectRule | None:
    """The rule that decides when such an agreement takes effect; None where the law knows no such agreement."""
    found = (r for r in EFFECT_RULES if r.governs(basis=basis, mode=mode, form=form, on=concluded_on))
    return next(found, None)


def why_no_rule(*, basis: str, mode: str) -> str:
    """Why an oral agreement will not do here, with the article."""
    if mode == Mode.ONLINE:
        return "线上调解达成一致的，要在线制作或者上传调解协议（人民法院在线调解规则第十九条），不能用口头协议。"
    if basis == Basis.POST_FILING:
        return "委托调解达成协议的，要把调解协议提交法院审查（特邀调解规定第二十条），不能用口头协议。"
    return "按达成协议那一天的规定，这样的协议不能办理。请核对达成日期。"


def counted(rule: EffectRule, signatures: Iterable[Signed]) -> list[Signed]:
    """The signatures that count under `rule`: online only electronic ones of the parties."""
    return [signed for signed in signatures if signed.kind != PARTY or signed.electronic or not rule.electronic]


def unsigned_parties(rule: EffectRule, signatures: Iterable[Signed], parties: Collection[str]) -> set[str]:
    """Which of the parties (by id) still have to sign."""
    return set(parties) - {signed.party for signed in counted(rule, signatures) if signed.kind == PARTY}


def unsigned_kinds(rule: EffectRule, signatures: Iterable[Signed]) -> frozenset[str]:
    """Which of mediator and seal are still missing on the paper."""
    return (rule.signers - {PARTY}) - {signed.kind for signed in signatures}


def effective_on(
    *,
    basis: str,
    mode: str,
    form: str,
    concluded_on: date,
    signatures: Collection[Signed],
    parties: Collection[str],
) -> date | None:
    """The day the agreement took effect, or None while something that decides is missing.

    Written: the latest of the signatures that decide under the rule in force on `concluded_on`; each
    party counts by its id in `parties`, of several mediators the first. Oral: the day it was concluded,
    once the mediator has signed the record of it (人民调解法 28 asks for that record).
    """
    rule = effect_rule(basis=basis, mode=mode, form=form, concluded_on=concluded_on)
    if rule is None:
        return None
    if rule.on_conclusion:
        return None if unsigned_kinds(rule, signatures) else concluded_on
    valid = counted(rule, signatures)
    if len(parties) < LEAST_PARTIES or unsigned_parties(rule, valid, parties):
        return None
    if unsigned_kinds(rule, valid) & rule.deciding:
        return None
    return max(_deciding_days(rule, valid, parties))


def _deciding_days(rule: EffectRule, valid: Collection[Signed], parties: Collection[str]) -> list[date]:
    days = [signed.on for signed in valid if signed.kind == PARTY and signed.party in parties]
    for kind in rule.deciding - {PARTY}:
        days.append(min(signed.on for signed in valid if signed.kind == kind))
    return days


def is_confirmable(basis: str) -> bool:
    """Whether the parties may ask for judicial confirmation: not where the court has filed the case (特邀 20)."""
    return basis != Basis.POST_FILING


AFTER_POST_FILING = (
    "本件是法院立案后委托调解，不走司法确认：把协议交法院，请法院审查后出具调解书，或者由原告申请撤诉。"
    "依据：特邀调解规定第二十条、在线调解规则第二十条。"
)


def confirmation_window(effective: date, calendar: RestCalendar) -> Count:
    """The thirty days in which both parties may jointly apply (人民调解法 33, 民诉法 205): base, raw and last day."""
    return count(calendar, base=effective, length=CONFIRMATION_DAYS, unit=Unit.CALENDAR, roll_over=True)


def confirmation_reach() -> timedelta:
    """The stretch of calendar that `confirmation_window` may look at."""
    return reach(CONFIRMATION_DAYS, Unit.CALENDAR)
