"""Every page that can be opened by its address, with something to show: what the walk of the pages visits."""

from datetime import timedelta
from pathlib import Path
from typing import Any

from django.urls import reverse
from django.utils import timezone

from core.choices import ExportState
from core.models import Division, User
from core.queries import today
from disputes.actions.clusters import compare_marked
from disputes.actions.hidden_dangers import report_danger
from disputes.actions.intake import Intake, register_dispute
from disputes.actions.notes import write_note
from disputes.actions.parties import PartyData
from disputes.actions.suggestions import Paper, draft_suggestion, send_suggestion, sign_suggestion
from disputes.actions.towns import accept_joint, ask_town
from disputes.choices import DangerKind, PartyKind, Side, Source, SuggestionState, Urgency
from disputes.models import (
    ClusterWarning,
    Dispute,
    HiddenDanger,
    JudicialSuggestion,
    LedgerExport,
    LedgerImport,
    RiskFlag,
    RoutingRule,
)
from disputes.queries.suggestions import ground_of
from disputes.uploads import map_ledger, outlook_of, take_ledger
from liaison.actions.duty import schedule_shift
from liaison.choices import StandardKey, SystemKind
from liaison.models import (
    AssistanceRequest,
    DutyShift,
    LiaisonPoint,
    Meeting,
    MeetingDecision,
    StandardItem,
    Training,
)
from mediation.actions.entrustments import Referral, send_entrustment
from mediation.actions.guidance import ask_guidance
from mediation.choices import Basis, ConfirmationState
from mediation.models import ConfirmationRequest
from reports.choices import Figure
from roster.choices import ExportList
from roster.models import RosterExport, RosterImport, RosterSubmission, Staff, TeamMembership
from roster.uploads import take_upload
from tests.conftest import SHUANGDONG, TAIPING
from tests.disputes import ledgers

ROSTER = Path(__file__).parent.parent / "roster/data/roster_huashi_messy.xlsx"
THREAT = "相邻的排水沟改道，谢水生扬言今晚就拿刀砍死对方全家，村干部已经去劝。"
SENT = "原告请求被告返还借款三万元，双方同意先行调解。"
FIGURES = (Figure.REGISTERED, Figure.CONFIRMATIONS_SUBMITTED, Figure.PERFORMANCE_DUE)
OF_DISPUTE = {
    "registered": "disputes:edit disputes:numbers disputes:route disputes:refer-out disputes:end disputes:add-party"
    " mediation:register-sheet mediation:link-new mediation:merge mediation:together mediation:group"
    " mediation:town-ask",
    "archived": "mediation:hold",
    "routed": "mediation:start",
    "mediating": "mediation:session-new mediation:group-session"
    " mediation:agreement-new mediation:fail mediation:end mediation:guidance-ask",
    "drafted": "mediation:agreement-edit mediation:agreement-sign",
    "filed": "mediation:performance-done mediation:paper-new mediation:archive mediation:waive mediation:reopen",
    "correcting": "mediation:confirmation-supplement",
    "agreed": "mediation:confirmation-new",
}


def add_what_is_rare() -> None:
    """A risk warning, a question to the judge, a case sent by the court, an open import, a duty still to come."""
    mediator, clerk, officer = (User.objects.get(username=name) for name in ("mediator", "clerk", "officer"))
    village = Division.objects.select_related("parent").filter(parent_id=TAIPING)[0]
    applicant = PartyData(side=Side.APPLICANT, name="谢水生", phone="13800001111", consents=True)
    respondent = PartyData(side=Side.RESPONDENT, name="温日初", phone="13800002222", consents=True)
    common: dict[str, Any] = {"village": village, "parties": [applicant, respondent], "informed": True}
    told = Intake(source=Source.VISIT, narrative=THREAT, **common)
    dispute = register_dispute(data=told, by=mediator, registered_on=today())
    other = User.objects.get(username="officer-sd")
    request = ask_town(
        dispute_id=dispute.pk, kind="joint", town_code=SHUANGDONG, reason="对方住双东街道", by=officer, on=today()
    )
    accept_joint(request_id=request.pk, by=other, on=today())
    write_note(dispute_id=dispute.pk, text="约了两次都没有来，下周三再约。", by=mediator)
    ask_guidance(dispute_id=dispute.pk, question="一方多次扬言报复，还能不能调解？", by=mediator, on=today())
    sent = Intake(source=Source.COURT, narrative=SENT, **common)
    send_entrustment(case=sent, referral=Referral(basis=Basis.PRE_FILING), by=clerk, on=today())
    take_upload(data=ROSTER.read_bytes(), file_name=ROSTER.name, town=TAIPING, since=today(), by=officer)
    point = LiaisonPoint.objects.get(town_id=TAIPING)
    staff = TeamMembership.objects.filter(town_code=TAIPING)[0].staff
    schedule_shift(point_id=point.pk, on=today() + timedelta(days=1), staff_id=staff.pk, by=officer)
    town = Division.objects.select_related("parent").get(pk=TAIPING)
    kept = take_ledger(data=ledgers.xlsx(*ledgers.GOOD, *ledgers.BAD), file_name="台账.xlsx", town=town, by=officer)
    map_ledger(
        import_id=kept.pk, mapping=outlook_of(kept)["proposed"], village="", source=Source.VISIT, by=officer
    )  # fmt: skip
    LedgerExport.objects.create(
        state=ExportState.READY, total_rows=1, content="eGxzeA==",
        asked_by=officer, asked_at=timezone.now(), finished_at=timezone.now(),
    )  # fmt: skip
    _warn(village, mediator)
    RosterExport.objects.create(
        what=ExportList.TOWN, town_id=TAIPING, state=ExportState.READY, total_rows=1, content="eGxzeA==",
        asked_by=officer, asked_at=timezone.now(), finished_at=timezone.now(),
    )  # fmt: skip


def _warn(village: Division, mediator: User) -> None:
    """A respondent in three quarrels, two papers about them, a hidden danger that waits for somebody to look."""
    factory = PartyData(side=Side.RESPONDENT, kind=PartyKind.ORGANISATION, name="泷州五金制品厂")
    for number in range(3):
        worker = PartyData(side=Side.APPLICANT, name=f"工友{number}", phone=f"1380000555{number}")
        story = "厂里拖欠三个月工资，一直说下个月发。"
        told = Intake(source=Source.GRID, narrative=story, village=village, parties=[worker, factory])
        register_dispute(data=told, by=mediator, registered_on=today())
    compare_marked(timezone.now())
    report_danger(
        kind=DangerKind.CROWD, village=village, urgency=Urgency.NOW, by=mediator, idempotency_key="seen",
        note="十几个人在厂门口等老板",
    )  # fmt: skip
    judge, cluster = User.objects.get(username="judge"), ClusterWarning.objects.all()[0]
    ground = ground_of(judge, {"cluster": str(cluster.pk)}, today())
    for _ in range(2):
        paper = Paper("judicial", "人力资源和社会保障局", "关于泷州五金制品厂的司法建议书", "一、按月足额支付工资。")
        last = draft_suggestion(ground=ground, paper=paper, by=judge)
    sign_suggestion(suggestion_id=last.pk, number="", on=today(), by=judge)
    send_suggestion(suggestion_id=last.pk, on=today(), reply_due_on=today() + timedelta(days=60), by=judge)


def pages() -> dict[str, str]:
    """Label → address. The label is the URL's name, with what makes the page different after a space or a stroke."""
    return {**_plain(), **_of_disputes(), **_of_court(), **_of_point(), **_of_roster()}


def _plain() -> dict[str, str]:
    names = ["today", "account", "password-change", "notifications", "audit", "style", "disputes:list", "disputes:new"]
    names += ["disputes:export", "disputes:import"]
    names += ["reports:config-check", "reports:dashboard", "reports:list-filings", "password-again", "factor"]
    figures = {f"reports:list-figure {key}": reverse("reports:list-figure", args=[key]) for key in FIGURES}
    figures["reports:list-towns"] = reverse("reports:list-towns", args=["team-complete"])
    figures["reports:list-figure"] = figures.pop(f"reports:list-figure {Figure.REGISTERED}")
    owner = User.objects.get(username="mediator").pk
    accounts = {name: reverse(name, args=[owner]) for name in ("account-code", "account-factor")}
    names += ["routing:rules", "routing:rule-new", "reports:villages"]
    names += ["disputes:clusters", "disputes:dangers", "disputes:danger-new", "disputes:suggestions"]
    cluster, danger = ClusterWarning.objects.all()[0], HiddenDanger.objects.all()[0]
    figures |= {"disputes:cluster": cluster.get_absolute_url(), "disputes:danger": danger.get_absolute_url()}
    for paper in JudicialSuggestion.objects.all():
        figures[f"disputes:suggestion {paper.state}"] = paper.get_absolute_url()
    figures["disputes:suggestion"] = figures.pop(f"disputes:suggestion {SuggestionState.DRAFT}")
    inside = cluster.members.all()[0].dispute.code
    figures["disputes:warnings-of"] = reverse("disputes:warnings-of", args=[inside])
    rule = {"routing:rule": reverse("routing:rule", args=[RoutingRule.objects.all()[0].pk])}
    return {name: reverse(name) for name in names} | figures | accounts | rule


def _of_disputes() -> dict[str, str]:
    codes = _codes()
    found = {f"dispute-page {state}": reverse("dispute-page", args=[code]) for state, code in codes.items()}
    found["dispute-page"] = found.pop("dispute-page filed")
    for state, names in OF_DISPUTE.items():
        found |= {name: reverse(name, args=[codes[state]]) for name in names.split()}
    flag = RiskFlag.objects.get(dispute__narrative=THREAT)
    party = Dispute.objects.get(code=codes["registered"]).parties.all()[0]
    for name in ("disputes:acknowledge-risk", "disputes:lower-risk"):
        found[name] = reverse(name, args=[flag.dispute.code, flag.pk])
    found["disputes:edit-party"] = reverse("disputes:edit-party", args=[codes["registered"], party.pk])
    found["disputes:export-status"] = reverse("disputes:export-status", args=[LedgerExport.objects.get().pk])
    upload = LedgerImport.objects.get(state="previewed")
    for name in ("disputes:import-preview", "disputes:import-columns"):
        found[name] = reverse(name, args=[upload.pk])
    joint = flag.dispute.town_requests.get()
    found["mediation:joint-end"] = reverse("mediation:joint-end", args=[flag.dispute.code, joint.pk])
    found["mediation:entrustment"] = reverse("mediation:entrustment", args=[codes["sent"]])
    return found


def _codes() -> dict[str, str]:
    """A dispute of 太平镇 in each state a page may show it."""
    here = Dispute.objects.filter(town_code=TAIPING, source__in=set(Source.values) - {Source.COURT})
    by_state = {state: here.filter(state=state)[0].code for state in ("registered", "routed", "archived")}
    drafted = here.get(mediations__agreement__isnull=False, state="mediating").code
    by_state["mediating"] = here.exclude(code=drafted).get(state="mediating").code
    requests = ConfirmationRequest.objects.exclude(agreement__mediation__dispute__state="archived")
    for label, state in (("filed", ConfirmationState.CONFIRMED), ("correcting", ConfirmationState.CORRECTING)):
        by_state[label] = requests.get(state=state).agreement.mediation.dispute.code
    by_state["agreed"] = here.get(state="agreed", mediations__agreement__confirmation_requests=None).code
    by_state["sent"] = Dispute.objects.get(narrative=SENT).code
    return by_state | {"drafted": drafted, "risk": Dispute.objects.get(narrative=THREAT).code}


def _of_court() -> dict[str, str]:
    names = ["court:confirmations", "court:guidance", "court:entrustments", "court:entrustment-new"]
    found = {name: reverse(name) for name in names}
    found["court:confirmations closed"] = f"{reverse('court:confirmations')}?stage=closed"
    for request in ConfirmationRequest.objects.exclude(agreement__mediation__dispute__state="archived"):
        address = reverse("court:confirmation-review", args=[request.pk])
        found[f"court:confirmation-review {request.state}"] = address
        found[f"court:confirmation-review {request.state} materials"] = f"{address}?paper=materials"
    found["court:confirmation-review"] = found.pop(f"court:confirmation-review {ConfirmationState.ACCEPTED}")
    accepted = ConfirmationRequest.objects.get(state=ConfirmationState.ACCEPTED).pk
    submitted = ConfirmationRequest.objects.filter(state=ConfirmationState.SUBMITTED)[0].pk
    steps = {"accept": submitted, "ask_correction": submitted, "refuse": submitted} | dict.fromkeys(
        ("confirm", "reject", "extend", "draft_ruling", "ask_supplement", "permit_withdrawal", "assign_judge"), accepted
    )
    for verb, pk in steps.items():
        found[f"court:confirmation-step/{verb}"] = reverse("court:confirmation-step", args=[pk, verb])
    question = Dispute.objects.get(narrative=THREAT).guidance_requests.get()
    return found | {"court:guidance-answer": reverse("court:guidance-answer", args=[question.pk])}


def _of_point() -> dict[str, str]:
    names = [
        "liaison:point",
        "liaison:open",
        "liaison:plaque",
        "liaison:point-duty",
        "public:point",
        "liaison:duty-plan",
        "liaison:duty-print",
        "liaison:duty",
        "liaison:meeting-record",
        "liaison:activities",
        "reports:point-use",
        "reports:point-figures",
    ]
    found = {"liaison:list": reverse("liaison:list")} | {name: reverse(name, args=[TAIPING]) for name in names}
    found["liaison:duty-feed"] = reverse("liaison:duty-feed")
    shift = DutyShift.objects.filter(point__town_id=TAIPING, on__gte=today())[0]
    found["liaison:duty-shift"] = reverse("liaison:duty-shift", args=[TAIPING, shift.pk])
    meeting = Meeting.objects.filter(point__town_id=TAIPING)[0]
    for name in ("liaison:meeting", "liaison:meeting-correct", "liaison:meeting-void"):
        found[name] = reverse(name, args=[TAIPING, meeting.pk])
    training = Training.objects.filter(point__town_id=TAIPING)[0]
    for name in ("liaison:activity", "liaison:activity-correct", "liaison:activity-void"):
        found[name] = reverse(name, args=[TAIPING, "training", training.pk])
    found["liaison:activity-record"] = reverse("liaison:activity-record", args=[TAIPING, "publicity"])
    found["liaison:activity-plan"] = reverse("liaison:activity-plan", args=[TAIPING, today().year])
    found["liaison:trainings-of"] = reverse("liaison:trainings-of", args=[training.attendees.all()[0].pk])
    decision = MeetingDecision.objects.filter(meeting__point__town_id=TAIPING, done_on=None)[0]
    for name in ("liaison:decision-done", "liaison:decision-withdraw"):
        found[name] = reverse(name, args=[TAIPING, decision.pk])
    item = StandardItem.objects.filter(point__town_id=TAIPING)[0]
    for name in ("liaison:item-report", "liaison:item-check"):
        found[name] = reverse(name, args=[TAIPING, StandardKey.OFFICE])
    for name in ("liaison:system", "liaison:system-adopt"):
        found[name] = reverse(name, args=[TAIPING, SystemKind.values[0]])
    return found | _of_assistance() | {"liaison:item-end": reverse("liaison:item-end", args=[TAIPING, item.pk])}


def _of_assistance() -> dict[str, str]:
    """The lists, a request in each state, and the forms of those that wait for a step."""
    found = {name: reverse(name) for name in ("liaison:assistance-list", "liaison:assistance-new")}
    found["liaison:assistance-point"] = reverse("liaison:assistance-point", args=[TAIPING])
    here = {request.state: request.pk for request in AssistanceRequest.objects.filter(town_code=TAIPING)}
    found |= {f"liaison:assistance {state}": reverse("liaison:assistance", args=[pk]) for state, pk in here.items()}
    found["liaison:assistance"] = found.pop("liaison:assistance accepted")
    steps = {"accept": "sent", "decline": "sent", "assign": "accepted", "attach": "accepted", "fail": "accepted"}
    for verb, state in (
        steps | {"complete": "accepted", "receive": "done", "send_back": "done", "withdraw": "sent"}
    ).items():
        found[f"liaison:assistance-step/{verb}"] = reverse("liaison:assistance-step", args=[here[state], verb])
    found["liaison:assistance-step/leave"] = f"{found['liaison:assistance-step/complete']}?way=serve_leave"
    return found


def _of_roster() -> dict[str, str]:
    names = ["roster:list", "roster:teams", "roster:import", "roster:platform", "roster:submissions"]
    names += ["roster:submission-new"]
    names += ["roster:accounts", "roster:own-record", "roster:export"]
    term = TeamMembership.objects.filter(town_code=TAIPING, role="mediator")[0]
    judge = Staff.objects.get(user__username="judge")
    upload = RosterImport.objects.get(state="previewed")
    busy = TeamMembership.objects.get(town_code=TAIPING, staff__user__username="mediator")
    of_person = ["roster:person-edit", "roster:person-platform", "roster:absence-new", "reports:staff-load"]
    submission = RosterSubmission.objects.get(town_id=TAIPING)
    return {
        **{name: reverse(name) for name in names},
        **{name: reverse(name, args=[busy.staff_id]) for name in (*of_person, "reports:staff-work")},
        "reports:handover": reverse("reports:handover", args=[busy.staff_id, busy.pk]),
        "roster:platform-town": reverse("roster:platform-town", args=[TAIPING]),
        "roster:submission-unit": reverse("roster:submission-unit", args=[TAIPING]),
        "roster:submission-edit": reverse("roster:submission-edit", args=[submission.pk]),
        "roster:submission-void": reverse("roster:submission-void", args=[submission.pk]),
        "roster:person": reverse("roster:person", args=[term.staff_id]),
        "roster:person/judge": reverse("roster:person", args=[judge.pk]),
        "roster:term-end": reverse("roster:term-end", args=[term.staff_id, term.pk]),
        "roster:term-void": reverse("roster:term-void", args=[term.staff_id, term.pk]),
        "roster:team": reverse("roster:team", args=[TAIPING]),
        "roster:export-status": reverse("roster:export-status", args=[RosterExport.objects.get().pk]),
        "roster:import-preview": reverse("roster:import-preview", args=[upload.pk]),
    }
