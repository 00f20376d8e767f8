"""The whole chain by its actions, on the days of September 2023: what each step leaves for the next."""

from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from django.core.management import call_command

from core.models import Deadline, Division, Notification, User
from disputes.actions.intake import Intake, register_dispute
from disputes.actions.parties import PartyData
from disputes.actions.routing import route_dispute
from disputes.choices import Side, Source
from disputes.models import Dispute
from mediation.actions.agreements import Draft, Item, draft_agreement
from mediation.actions.confirmations import submit_confirmation
from mediation.actions.court_review import accept_request
from mediation.actions.mediations import start_mediation
from mediation.actions.performance import record_performance
from mediation.actions.rulings import confirm_agreement, serve_ruling
from mediation.actions.sessions import record_session
from mediation.actions.signatures import Entry, record_signatures
from mediation.choices import MaterialKind, ServiceMethod, SignerKind, SignMethod
from mediation.models import Agreement, ConfirmationRequest
from reports.choices import Figure
from reports.queries.figures import figures
from tests.audit_rows import unsaid
from tests.conftest import COUNTY, FENJIE, TAIPING
from tests.journeys.conftest import answer_of

pytestmark = pytest.mark.django_db
ROSTERS = Path(__file__).parent.parent / "roster/data"
NEEDED = frozenset(MaterialKind.values) - {MaterialKind.AUTHORISATION, MaterialKind.PROPERTY_PROOF}
TOLD, STARTED, MET, SIGNED, FILED, ACCEPTED, RULED, SERVED = (
    date(2023, 8, 25), date(2023, 8, 28), date(2023, 8, 30), date(2023, 9, 1), date(2023, 9, 11), date(2023, 9, 12),
    date(2023, 9, 20), date(2023, 9, 21),
)  # fmt: skip
FIRST_DUE, SECOND_DUE = date(2023, 9, 28), date(2023, 10, 31)


@pytest.fixture
def law_in_force(divisions) -> None:
    call_command("load_reference", verbosity=0)


def at(day: date, hour: int) -> datetime:
    return datetime(day.year, day.month, day.day, hour, tzinfo=ZoneInfo("Asia/Shanghai"))


def open_days(*subjects: object) -> dict[str, date]:
    """The last day of each open period of the subjects, by its kind."""
    found: dict[str, date] = {}
    for subject in subjects:
        found |= {row.kind: row.due_on for row in Deadline.objects.about(subject).open()}
    return found


# ── the roster ───────────────────────────────────────────────────────────────
@pytest.mark.usefixtures("law_in_force")
def test_imported_roster_makes_a_team_of_one_two_six_and_an_officer(time_machine):
    time_machine.move_to("2023-09-20T10:00+08:00", tick=False)

    told = answer_of("import_roster", str(ROSTERS / "roster_fenjie.xlsx"), "--town", FENJIE)

    assert (told["applied"], told["created"], told["issues"]) == (True, 10, [])
    found = answer_of("compliance", "--town", FENJIE, "--as-of", "2023-09-20", ask=("--format", "json"))
    assert [(town["name"], town["team"]["complete"]) for town in found["towns"]] == [("分界镇", True)]


# ── one quarrel ──────────────────────────────────────────────────────────────
@pytest.fixture
def agreed(law_in_force, mediator_of_taiping, time_machine) -> Dispute:
    """Told at the counter on 25 August, agreed and sealed on 1 September."""
    by = mediator_of_taiping
    time_machine.move_to(at(TOLD, 9), tick=False)
    dispute = tell(by)
    route_dispute(dispute_id=dispute.pk, by=by, on=TOLD)
    parties = [party.pk for party in dispute.parties.all()]
    time_machine.move_to(at(STARTED, 9), tick=False)
    start_mediation(dispute_id=dispute.pk, by=by, on=STARTED, agreed_by=parties)
    time_machine.move_to(at(MET, 17), tick=False)
    words = "梁伯坚承认欠款，请求分两期。沈水旺同意。"
    record_session(dispute_id=dispute.pk, by=by, held_on=MET, attended=parties, record=words, rights_told=True)
    time_machine.move_to(at(SIGNED, 17), tick=False)
    agree(dispute, by)
    dispute.refresh_from_db()
    return dispute


def tell(by: User) -> Dispute:
    village = Division.objects.select_related("parent").get(name="潭白村民委员会", parent_id=TAIPING)
    parties = (
        party(Side.APPLICANT, "沈水旺", "445381196803121235", "13800006072"),
        party(Side.RESPONDENT, "梁伯坚", "44538119740302561X", "13700002290"),
    )
    told = Intake(
        village=village,
        source=Source.VISIT,
        narrative="2021年5月梁伯坚向沈水旺借款五万元，写了借条，只还了二千元，一直拖着不还。",
        parties=parties,
        amount=Decimal(48_000),
        informed=True,
    )
    return register_dispute(data=told, by=by, registered_on=TOLD)


def party(side: str, name: str, id_number: str, phone: str) -> PartyData:
    where = "罗定市太平镇潭白村12号"
    return PartyData(side=side, name=name, id_number=id_number, phone=phone, address=where, consents=True)


def agree(dispute: Dispute, by: User) -> None:
    """Two instalments; the parties sign at 15:00, the mediator at 15:30, the seal comes at 16:00."""
    debtor = dispute.parties.get(side=Side.RESPONDENT).pk
    draft = Draft(
        concluded_on=SIGNED,
        facts="2021年5月借款五万元，已还二千元，尚欠四万八千元。",
        clauses=["梁伯坚分两期还清借款48,000元。", "沈水旺放弃利息。"],
        items=[
            Item("还第一期借款", FIRST_DUE, Decimal(24_000), debtor),
            Item("还第二期借款", SECOND_DUE, Decimal(24_000), debtor),
        ],
        manner="银行转账",
    )
    draft_agreement(dispute_id=dispute.pk, by=by, draft=draft)
    entries = [
        Entry(SignerKind.PARTY, at(SIGNED, 15), SignMethod.SIGNATURE, party_id=one.pk) for one in dispute.parties.all()
    ]
    entries += [
        Entry(SignerKind.MEDIATOR, at(SIGNED, 15), SignMethod.SIGNATURE, mediator_id=by.pk),
        Entry(SignerKind.SEAL, at(SIGNED, 16), SignMethod.STAMP),
    ]
    record_signatures(dispute_id=dispute.pk, by=by, entries=entries)


@pytest.fixture
def confirmed(agreed, mediator_of_taiping, court_clerk, reviewing_judge, time_machine) -> ConfirmationRequest:
    """Filed on 11 September, accepted on the 12th, found valid on the 20th, served on the 21st."""
    agreement = Agreement.objects.get(mediation__dispute=agreed)
    time_machine.move_to(at(FILED, 10), tick=False)
    request = submit_confirmation(
        agreement_id=agreement.pk, by=mediator_of_taiping, on=FILED, joint=True, promise=True, materials=NEEDED
    )
    assert open_days(request, agreement) == {"confirm_accept": date(2023, 9, 14)}
    time_machine.move_to(at(ACCEPTED, 10), tick=False)
    accept_request(request_id=request.pk, by=court_clerk, on=ACCEPTED, judge=reviewing_judge)
    assert open_days(request)["confirm_decide"] == date(2023, 9, 27)
    time_machine.move_to(at(RULED, 10), tick=False)
    confirm_agreement(request_id=request.pk, by=reviewing_judge, on=RULED, heard_on=RULED)
    time_machine.move_to(at(SERVED, 10), tick=False)
    for one in agreed.parties.all():
        serve_ruling(request_id=request.pk, party=one, method=ServiceMethod.values[0], by=court_clerk, on=SERVED)
    request.refresh_from_db()
    return request


def test_agreement_starts_the_thirty_days_that_end_after_the_holidays(agreed):
    agreement = Agreement.objects.get(mediation__dispute=agreed)

    assert (agreed.case_type_id, agreed.state, agreement.effective_on) == ("private_loan", "agreed", SIGNED)
    # day 30 is 1 October, a holiday; 7 October is the first working day, by the notice for 2023
    assert open_days(agreement) == {"confirm_apply": date(2023, 10, 7)}


def test_confirmed_agreement_has_number_ruling_and_service(confirmed):
    assert (confirmed.state, confirmed.number, confirmed.served_on) == (
        "confirmed",
        "（2023）粤5381诉前调确1号",
        SERVED,
    )
    assert confirmed.instrument is not None


def test_mediator_hears_of_every_step_of_the_court(confirmed, mediator_of_taiping):
    heard = Notification.objects.filter(recipient=mediator_of_taiping, text__contains="法院").order_by("pk")

    assert [("受理" in note.text, "裁定" in note.text) for note in heard] == [(True, False), (False, True)]


def test_figures_of_the_year_count_the_chain_once_at_each_step(confirmed):
    total = figures([COUNTY], date(2023, 1, 1), SERVED).total
    steps = (
        Figure.REGISTERED, Figure.MEDIATED, Figure.AGREED, Figure.CONFIRMATIONS_SUBMITTED,
        Figure.CONFIRMATIONS_ACCEPTED, Figure.CONFIRMATIONS_CONFIRMED, Figure.CONFIRMATIONS_IN_TIME,
    )  # fmt: skip

    assert {step: total[step] for step in steps} == dict.fromkeys(steps, 1)


def test_instalment_is_reminded_of_on_its_day_once_and_no_more_when_paid(confirmed, agreed, mediator_of_taiping):
    first = answer_of("sweep", "--at", f"{FIRST_DUE}T09:00")
    again = answer_of("sweep", "--at", f"{FIRST_DUE}T09:01")
    item = Agreement.objects.get(mediation__dispute=agreed).performance_items.get(serial=1)
    record_performance(dispute_id=agreed.pk, item_id=item.pk, by=mediator_of_taiping, on=SERVED)

    mine = Notification.objects.filter(recipient=mediator_of_taiping, text__startswith="督促履行第 1 期")
    assert (first["sent"] > 0, again["created"], again["sent"], mine.count()) == (True, 0, 0, 1)
    assert Deadline.objects.about(item).open().count() == 0


def test_trail_of_the_whole_chain_holds_and_is_said_in_words(confirmed):
    assert answer_of("verify_audit")["ok"] is True
    assert answer_of("check_invariants") == {"ok": True, "broken": []}
    assert unsaid() == set()
