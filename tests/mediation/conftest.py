"""One dispute of 太平镇, carried by the real verbs as far as a test wants it. The day is 2023-09-20."""

from collections.abc import Callable, Iterator
from datetime import date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.utils import timezone

from core import reference as core_reference
from core.choices import Level, Sex
from disputes import bigrams, marks
from disputes.choices import DisputeState, Side, Source
from disputes.models import CaseType, Dispute, Party
from mediation import reference
from mediation.actions.agreements import Draft, Item, draft_agreement
from mediation.actions.mediations import start_mediation
from mediation.actions.sessions import record_session
from mediation.actions.signatures import Entry, record_signatures
from mediation.choices import SignerKind, SignMethod

SHANGHAI = ZoneInfo("Asia/Shanghai")
NOW = datetime(2023, 9, 20, 10, 5, tzinfo=SHANGHAI)


def at(text: str) -> datetime:
    """2023-09-01 16:40 in Shanghai."""
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)


@pytest.fixture(autouse=True)
def _day(request) -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def law_in_force(divisions) -> None:
    """Rule rows and published rest days, and the committees of the towns."""
    core_reference.load_rules()
    core_reference.load_calendar()
    reference.load(lambda line: None)


@pytest.fixture
def private_loan(db) -> CaseType:
    return CaseType.objects.create(
        key="private_loan", name="民间借贷", cause="民间借贷纠纷", statistical_type="contract", order=4
    )


MakeDispute = Callable[..., Dispute]


@pytest.fixture
def make_dispute(divisions, private_loan) -> MakeDispute:
    """make_dispute(handler, code=…, town=…) → a routed dispute of 2023-08-28 with two known parties."""

    def make(handler, code: str = "TP2308-0146", town: str = "445381101", **facts) -> Dispute:
        village = next(d for d in divisions.values() if d.level == Level.VILLAGE and d.parent_id == town)
        day = date(2023, 8, 28)
        values = {
            "code": code,
            "division": village,
            "town_code": town,
            "case_type": private_loan,
            "source": Source.VISIT,
            "title": "沈水旺与梁伯坚民间借贷纠纷",
            "narrative": "2021年借款五万元，一直没有还。",
            "amount": Decimal(50_000),
            "registered_on": day,
            "recorded_at": at("2023-08-28 10:42"),
            "registered_by": handler,
            "handler": handler,
            "state": DisputeState.ROUTED,
            "state_on": day,
        }
        values |= facts
        words = bigrams.tokens(values["title"], "沈水旺", "梁伯坚", values["narrative"])
        values["search"] = [*words, *marks.marks(values["town_code"], values["registered_on"])]
        dispute = Dispute.objects.create(**values)
        party(dispute, Side.APPLICANT, "沈水旺", "445381196805041234", "13800006072", Sex.MALE)
        party(dispute, Side.RESPONDENT, "梁伯坚", "445381197403025618", "13700002290", Sex.MALE)
        return dispute

    return make


def party(dispute: Dispute, side: str, name: str, id_number: str = "", phone: str = "", sex: str = "") -> Party:
    order = dispute.parties.count()
    return Party.objects.create(
        dispute=dispute,
        side=side,
        order=order,
        name=name,
        sex=sex,
        id_number=id_number,
        phone=phone,
        address="罗定市太平镇潭白村12号",
        consents_to_mediation=True,
        notice_accepted_at=timezone.now(),
    )


@pytest.fixture
def dispute(make_dispute, mediator_of_taiping, law_in_force) -> Dispute:
    """Routed; both parties known by number and willing; handled by the mediator of 太平镇."""
    return make_dispute(mediator_of_taiping)


def start(dispute: Dispute, by, **facts):
    values = {"on": date(2023, 8, 28), "recorded_at": at("2023-08-28 11:00")} | facts
    return start_mediation(dispute_id=dispute.pk, by=by, **values)


def meet(dispute: Dispute, by, **facts):
    values = {
        "held_on": date(2023, 8, 30),
        "attended": [one.pk for one in dispute.parties.all()],
        "record": "双方各自陈述。被申请人承认借款，要求分期。",
        "rights_told": True,
        "place": "太平镇法官联络点",
        "recorded_at": at("2023-08-30 16:30"),
    }
    return record_session(dispute_id=dispute.pk, by=by, **{**values, **facts})


def a_draft(dispute: Dispute, **facts) -> Draft:
    debtor = dispute.parties.filter(side=Side.RESPONDENT)[0].pk
    values = {
        "concluded_on": date(2023, 9, 1),
        "facts": "2021年5月，梁伯坚向沈水旺借款五万元，已还二千元。双方对欠款四万八千元没有争议。",
        "clauses": ["梁伯坚分三期还清借款48,000元。", "沈水旺放弃利息。"],
        "manner": "银行转账",
        "items": [
            Item("还款", date(2023, 9, 30), Decimal(12_000), debtor),
            Item("还款", date(2023, 10, 31), Decimal(12_000), debtor),
            Item("还款", date(2023, 11, 30), Decimal(24_000), debtor),
        ],
    }
    return Draft(**{**values, **facts})


def write(dispute: Dispute, by, **facts):
    return draft_agreement(
        dispute_id=dispute.pk, by=by, draft=a_draft(dispute, **facts), recorded_at=at("2023-09-01 15:00")
    )


def everybody(dispute: Dispute, mediator, when: str = "2023-09-01 16:40", method: str = SignMethod.SIGNATURE):
    """Both parties, the mediator and the seal, at one time."""
    seal = SignMethod.ELECTRONIC if method == SignMethod.ELECTRONIC else SignMethod.STAMP
    return [
        *[Entry(SignerKind.PARTY, at(when), method, party_id=one.pk) for one in dispute.parties.all()],
        Entry(SignerKind.MEDIATOR, at(when), method, mediator_id=mediator.pk),
        Entry(SignerKind.SEAL, at(when), seal),
    ]


def sign(dispute: Dispute, by, entries=None):
    return record_signatures(dispute_id=dispute.pk, by=by, entries=entries or everybody(dispute, by))


@pytest.fixture
def mediating(dispute, mediator_of_taiping) -> Dispute:
    """Mediation started on 2023-08-28."""
    start(dispute, mediator_of_taiping)
    dispute.refresh_from_db()
    return dispute


@pytest.fixture
def met(mediating, mediator_of_taiping) -> Dispute:
    """One session held on 2023-08-30."""
    meet(mediating, mediator_of_taiping)
    return mediating


@pytest.fixture
def drafted(met, mediator_of_taiping) -> Dispute:
    """A written agreement concluded on 2023-09-01, unsigned."""
    write(met, mediator_of_taiping)
    return met


@pytest.fixture
def agreed(drafted, mediator_of_taiping) -> Dispute:
    """All signed and sealed on 2023-09-01: in effect, to be confirmed until 2023-10-07."""
    sign(drafted, mediator_of_taiping)
    drafted.refresh_from_db()
    return drafted
