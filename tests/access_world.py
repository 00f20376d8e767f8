"""Two towns with the same things in them, so that a person of the one can be shown every door of the other."""

import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import pytest
from django.utils import timezone

from core.choices import ExportState, Level, Role
from core.models import Division, Notification, StoredFile, User
from disputes import reference as disputes_reference
from disputes.actions.hidden_dangers import report_danger
from disputes.actions.intake import Intake
from disputes.actions.notes import write_note
from disputes.actions.parties import PartyData
from disputes.actions.saved_filters import save_filter
from disputes.choices import (
    DangerKind,
    Risk,
    Side,
    Source,
    SuggestionKind,
    SuggestionState,
    TownRequestKind,
    TownRequestState,
    Urgency,
)
from disputes.models import (
    ClusterWarning,
    Dispute,
    JudicialSuggestion,
    LedgerExport,
    RiskFlag,
    RoutingRule,
    TownRequest,
)
from disputes.uploads import map_ledger, outlook_of, take_ledger
from liaison.actions.assistance import Asked, accept_assistance, request_assistance
from liaison.actions.assistance_visits import attach_files
from liaison.actions.duty import schedule_shift
from liaison.actions.items import report_item
from liaison.actions.meetings import Decision, record_meeting
from liaison.actions.points import open_point
from liaison.actions.trainings import Lesson, record_training
from liaison.choices import AssistanceKind, Host, StandardKey, SystemKind
from liaison.models import LiaisonPoint
from mediation.actions.entrustments import Referral, accept_entrustment, send_entrustment
from mediation.actions.guidance import ask_guidance
from mediation.actions.papers import add_paper
from mediation.choices import Basis, PaperKind
from mediation.models import Session
from roster import uploads
from roster.actions.submissions import record_submission
from roster.choices import ExportList, TeamRole
from roster.models import Absence, RosterExport, Staff, TeamMembership
from tests.conftest import FENJIE, SHUANGDONG, TAIPING
from tests.disputes import ledgers
from tests.liaison.conftest import moment, picture
from tests.mediation.confirmation_kit import submit
from tests.mediation.conftest import meet, sign, start, write
from tests.roster import workbooks

TODAY = date(2023, 9, 20)
ONE_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Secrets:
    """What is known of one town's people: names for its own eyes, numbers for nobody's without a reason."""

    parties: tuple[str, str]
    entrusted: str
    staff: str
    mark: str  # stands in every text that people of the town wrote
    id_numbers: tuple[str, str, str]
    phones: tuple[str, str, str]

    @property
    def case(self) -> tuple[str, ...]:
        """Words that only who may see the town's cases may read."""
        return (*self.parties, self.entrusted, self.mark)


SECRETS = {
    TAIPING: Secrets(
        ("沈水旺", "梁伯坚"),
        "温兆祥",
        "黎志恒",
        "塘基边的旧账",
        ("445381196803121235", "44538119740302561X", workbooks.id_number("19810405", 671)),
        ("13800006072", "13700002290", "13600003311"),
    ),
    SHUANGDONG: Secrets(
        ("欧阳木生", "邝亚带"),
        "祝观娣",
        "蓝玉嫦",
        "石墈下的旧账",
        (
            workbooks.id_number("19591102", 337),
            workbooks.id_number("19660715", 442),
            workbooks.id_number("19791212", 2),
        ),
        ("13800008851", "13700009962", "13600007744"),
    ),
}


@dataclass(frozen=True)
class Town:
    """One of everything that an address can name: `kwargs` by the name of the URL's argument."""

    code: str
    dispute: str
    entrusted: str
    request: str  # id:version, as the queue's tick box sends it
    kwargs: dict[str, Any]


NOWHERE = Town(
    code="445381999",
    dispute="XX2309-9999",
    entrusted="XX2309-9998",
    request="999999:1",
    kwargs={
        "flag_id": 999_999,
        "party_id": uuid.UUID(int=1),
        "session_id": uuid.UUID(int=2),
        "confirmation": 999_999,
        "guidance": 999_999,
        "staff_id": uuid.UUID(int=3),
        "term_id": 999_999,
        "import_id": uuid.UUID(int=4),
        "absence_id": 999_999,
        "submission_id": 999_999,
        "unit": "445381999",
        "export_id": uuid.UUID(int=6),
        "ledger_export": uuid.UUID(int=8),
        "ledger_upload": uuid.UUID(int=9),
        "sheet": 9,
        "number": 999_999,
        "saved_filter": uuid.UUID(int=10),
        "file_id": uuid.UUID(int=5),
        "notification": 999_999,
        "account": 999_999,
        "rule": 999_999,
        "cluster": 999_999,
        "danger": 999_999,
        "suggestion": 999_999,
        "item": 999_999,
        "shift": 999_999,
        "assistance": uuid.UUID(int=7),
        "meeting": 999_999,
        "decision": 999_999,
        "training": 999_999,
        "note_id": uuid.UUID(int=8),
        "request_id": 999_999,
    },
)
World = dict[str, Town]


@pytest.fixture
def world(law_in_force, private_loan, make_dispute, make_user, cast) -> World:
    """太平镇 and 双东街道, each with a case that went as far as the court, a point, people, a file, a message."""
    disputes_reference.load(lambda line: None)
    officers = {
        TAIPING: cast["officer_of_taiping"],
        SHUANGDONG: make_user("officer_of_shuangdong", Role.OFFICER, SHUANGDONG, name="罗永昌"),
    }
    mediators = {TAIPING: cast["mediator_of_taiping"], SHUANGDONG: cast["mediator_of_shuangdong"]}
    codes = {TAIPING: "TP2308-0146", SHUANGDONG: "SD2308-0031"}
    return {
        town: _town(town, mediators[town], officers[town], cast, lambda town=town: make_dispute(
            mediators[town], code=codes[town], town=town,
            title=f"{'与'.join(SECRETS[town].parties)}民间借贷纠纷",
            narrative=f"借款五万元，一直没有还，是{SECRETS[town].mark}。",
        ))
        for town in codes
    }  # fmt: skip


def _town(code: str, mediator: User, officer: User, cast: dict[str, User], make: Callable[[], Dispute]) -> Town:
    dispute = make()
    party = _name_parties(dispute, SECRETS[code])
    case = _carry(dispute, mediator)
    entrusted = _entrust(dispute, cast["court_clerk"], officer)
    told = f"{SECRETS[code].parties[0]}的期限到了"
    message = Notification.objects.create(recipient=mediator, text=told, created_at=timezone.now())
    return Town(
        code=code,
        dispute=dispute.code,
        entrusted=entrusted.code,
        request=case.pop("request"),
        kwargs={
            "party_id": party,
            "notification": message.pk,
            "account": mediator.pk,
            "rule": RoutingRule.objects.order_by("pk")[0].pk,
            **case,
            **_ledger(dispute, officer),
            **_warnings(dispute, mediator, cast["reviewing_judge"]),
            **_people(code, officer, mediator, cast["justice_officer"]),
            **_point(code, officer),
            "assistance": _assistance(code, officer, mediator, cast["court_clerk"]),
            **_activity(code, officer),
        },
    )


def _name_parties(dispute: Dispute, secrets: Secrets) -> uuid.UUID:
    numbers = zip(secrets.parties, secrets.id_numbers, secrets.phones, strict=False)
    for party, (name, id_number, phone) in zip(dispute.parties.all(), numbers, strict=True):
        party.name, party.id_number, party.phone = name, id_number, phone
        party.save()
    return dispute.parties.all()[0].pk


def _carry(dispute: Dispute, mediator: User) -> dict[str, Any]:
    """Mediated, asked about, agreed, filed with the court; under a warning; with a paper in its file."""
    secrets = SECRETS[dispute.town_code]
    creditor, debtor = secrets.parties
    flag = RiskFlag.objects.create(
        dispute=dispute, level=Risk.HIGH, reasons=secrets.mark, raised_at=timezone.now(), receiver=mediator
    )
    start(dispute, mediator)
    meet(dispute, mediator, record=f"双方说的是{secrets.mark}。")
    asked = ask_guidance(dispute_id=dispute.pk, question=f"{secrets.mark}能不能写？", by=mediator, on=TODAY)
    write(dispute, mediator, facts=f"{debtor}欠{creditor}五万元。", clauses=[f"{debtor}分三期还清。"])
    sign(dispute, mediator)
    request = submit(dispute, mediator)
    paper = add_paper(dispute_id=dispute.pk, by=mediator, upload=picture("欠条.png"), kind=PaperKind.EVIDENCE)
    return _tie(dispute, mediator) | {
        "flag_id": flag.pk,
        "session_id": Session.objects.get(mediation__dispute=dispute).pk,
        "guidance": asked.pk,
        "confirmation": request.pk,
        "request": f"{request.pk}:{request.version}",
        "file_id": StoredFile.objects.get(pk=paper.pk).pk,
    }


def _warnings(dispute: Dispute, mediator: User, judge: User) -> dict[str, Any]:
    """A cluster that this dispute alone stands in, a paper about it, a hidden danger that the mediator reported."""
    secrets = SECRETS[dispute.town_code]
    cluster = ClusterWarning.objects.create(raised_at=timezone.now(), because="180 天里 3 件")
    cluster.members.create(
        dispute=dispute, town_code=dispute.town_code, respondent=secrets.parties[1], joined_at=timezone.now()
    )
    village = Division.objects.select_related("parent").filter(level=Level.VILLAGE, parent_id=dispute.town_code)[0]
    danger = report_danger(
        kind=DangerKind.DEBT, village=village, urgency=Urgency.CALM, note=secrets.mark, by=mediator,
        idempotency_key="seen",
    )  # fmt: skip
    suggestion = JudicialSuggestion.objects.create(
        kind=SuggestionKind.JUDICIAL, state=SuggestionState.SIGNED, town_code=dispute.town_code, cluster=cluster,
        case_type=dispute.case_type, addressee="人社局", title="关于借贷的司法建议书", body=secrets.mark,
        drafted_by=judge, drafted_at=timezone.now(), signed_by=judge, signed_on=TODAY,
    )  # fmt: skip
    return {"cluster": cluster.pk, "danger": danger.pk, "suggestion": suggestion.pk}


def _tie(dispute: Dispute, mediator: User) -> dict[str, Any]:
    """A note among the town's people, and 分界镇 handling the case too, for a reason."""
    mark = SECRETS[dispute.town_code].mark
    note = write_note(dispute_id=dispute.pk, text=f"{mark}，约了三次没来", by=mediator)
    joint = TownRequest.objects.create(
        dispute=dispute,
        kind=TownRequestKind.JOINT,
        from_town_id=dispute.town_code,
        to_town_id=FENJIE,
        state=TownRequestState.ACCEPTED,
        reason=mark,
        asked_by=mediator,
        asked_on=TODAY,
        recorded_at=timezone.now(),
        answered_by=mediator,
        answered_on=TODAY,
    )
    Dispute.objects.filter(pk=dispute.pk).update(joint_codes=FENJIE)
    return {"note_id": note.pk, "request_id": joint.pk}


def _entrust(like: Dispute, clerk: User, officer: User) -> Dispute:
    """A case of the same town that the court sent and the town has signed for."""
    secrets = SECRETS[like.town_code]
    case = Intake(
        village=like.division,
        source=Source.VISIT,
        narrative=f"原告诉被告拖欠房屋租金六千元，是{secrets.mark}。",
        parties=[
            PartyData(side=Side.APPLICANT, name=secrets.entrusted, phone="13800001111"),
            PartyData(side=Side.RESPONDENT, name="廖火生"),
        ],
        case_type="tenancy",
    )
    sent = send_entrustment(case=case, referral=Referral(Basis.PRE_FILING), by=clerk, on=date(2023, 9, 14))
    return accept_entrustment(entrustment_id=sent.pk, by=officer, on=date(2023, 9, 18)).dispute


def _ledger(dispute: Dispute, officer: User) -> dict[str, Any]:
    """Rows that the officer took out, and past ones that the officer brings in."""
    secrets = SECRETS[dispute.town_code]
    taken = LedgerExport.objects.create(
        state=ExportState.READY, total_rows=1, content="eGxzeA==",
        asked_by=officer, asked_at=timezone.now(), finished_at=timezone.now(),
    )  # fmt: skip
    row = list(ledgers.GOOD[0])
    row[3], row[6], row[11] = dispute.division.short_name, secrets.parties[0], f"是{secrets.mark}。"
    row[7], row[8] = secrets.id_numbers[0], secrets.phones[0]
    town = dispute.division.parent
    assert town is not None
    kept = take_ledger(data=ledgers.xlsx(row), file_name="台账.xlsx", town=town, by=officer)
    mapping = outlook_of(kept)["proposed"]
    map_ledger(import_id=kept.pk, mapping=mapping, village="", source=Source.VISIT, by=officer)
    mine = save_filter(name="未办结", params={"state": "open"}, by=officer)
    return {"ledger_export": taken.pk, "ledger_upload": kept.pk, "sheet": 0, "number": 3, "saved_filter": mine.pk}


def _people(code: str, officer: User, mediator: User, justice: User) -> dict[str, Any]:
    """The mediator in the roster, away tomorrow; the list the town handed in, and one that its officer brings in."""
    secrets = SECRETS[code]
    staff = Staff.objects.create(
        name=secrets.staff, name_initials="x", id_number=secrets.id_numbers[2], phone=secrets.phones[2], user=mediator
    )
    since = date(2023, 3, 30)
    term = TeamMembership.objects.create(
        staff=staff, town_id=code, town_code=code, role=TeamRole.MEDIATOR, since=since, recorded_at=moment(since)
    )
    row = workbooks.person(1, 姓名=secrets.staff, 身份证号码=secrets.id_numbers[2], 联系电话=secrets.phones[2])
    kept = uploads.take_upload(data=workbooks.roster(row), file_name=workbooks.XLSX, town=code, since=None, by=officer)
    away = Absence.objects.create(
        staff=staff, from_on=TODAY + ONE_DAY, to_on=TODAY + ONE_DAY, reason="培训", recorded_at=timezone.now()
    )
    taken = RosterExport.objects.create(
        what=ExportList.TOWN, town_id=code, state=ExportState.READY, total_rows=1, content="eGxzeA==",
        asked_by=officer, asked_at=timezone.now(), finished_at=timezone.now(),
    )  # fmt: skip
    handed_in = record_submission(town_code=code, handed_in_on=since, by=justice, letter=picture("报送函.png"))
    return {
        "staff_id": staff.pk,
        "term_id": term.pk,
        "import_id": kept.pk,
        "absence_id": away.pk,
        "submission_id": handed_in.pk,
        "unit": code,
        "export_id": taken.pk,
    }


def _point(code: str, officer: User) -> dict[str, Any]:
    """The point with its office reported and somebody on duty today."""
    secrets = SECRETS[code]
    point = open_point(
        town_code=code,
        host=Host.GOVERNANCE_CENTRE,
        address="政府路 1 号",
        phone="0766-0000218",
        opened_on=date(2023, 5, 18),
        by=officer,
    )
    item = report_item(
        point_id=point.pk, item=StandardKey.OFFICE, met_on=date(2023, 5, 18), uploads=[picture()], by=officer
    )
    shift = schedule_shift(point_id=point.pk, on=TODAY, staff_id=Staff.objects.get(name=secrets.staff).pk, by=officer)
    return {"item": item.pk, "shift": shift.pk}


def _assistance(code: str, officer: User, mediator: User, clerk: User) -> uuid.UUID:
    """A paper of the court that the mediator has gone to serve, with a photograph."""
    secrets = SECRETS[code]
    asked = Asked(
        kind=AssistanceKind.SERVE_DIRECT,
        court_number="（2023）粤5381民初1234号",
        task=f"当面送达，是{secrets.mark}的案子。",
        due_on=TODAY + 10 * ONE_DAY,
        person_name=secrets.parties[1],
        phone=secrets.phones[1],
        address="沟边村3号",
        instrument="起诉状副本",
        copies=1,
    )
    point = LiaisonPoint.objects.get(town_code=code)
    sent = request_assistance(point_id=point.pk, asked=asked, by=clerk, on=TODAY - ONE_DAY)
    accept_assistance(request_id=sent.pk, by=officer, on=TODAY, handler_id=mediator.pk)
    attach_files(request_id=sent.pk, by=mediator, photos=[picture("门口.png")])
    return sent.pk


def _activity(code: str, officer: User) -> dict[str, Any]:
    """A meeting that gave the mediator something to do, and a training that they came to."""
    secrets, point = SECRETS[code], LiaisonPoint.objects.get(town_code=code)
    mediator = Staff.objects.get(name=secrets.staff)
    meeting = record_meeting(
        point_id=point.pk,
        held_on=TODAY - ONE_DAY,
        system=SystemKind.GRID,
        agenda=f"研判{secrets.mark}",
        minutes=f"说到{secrets.mark}，电话 {secrets.phones[2]}。",
        attendees=[mediator.pk],
        decisions=[Decision(f"对清{secrets.mark}", mediator.pk, TODAY + 8 * ONE_DAY)],
        by=officer,
    )
    lesson = Lesson(TODAY - ONE_DAY, f"怎样调解{secrets.mark}", "法官", feedback=f"电话 {secrets.phones[2]}")
    training = record_training(point_id=point.pk, lesson=lesson, attendees=[mediator.pk], by=officer)
    return {"training": training.pk, "meeting": meeting.pk, "decision": meeting.decisions.get().pk}
