"""What the world of two towns lacks for every text column to hold something: the later stages of each thing."""

from datetime import timedelta
from typing import Any

from django.utils import timezone

from core.choices import Level
from core.models import Division, StoredFile, User
from disputes.choices import (
    DangerKind,
    Destination,
    LinkKind,
    Risk,
    SuggestionKind,
    SuggestionState,
    TownRequestKind,
    TownRequestState,
    Urgency,
)
from disputes.models import (
    CaseQuestion,
    ClusterWarning,
    Dispute,
    DisputeLink,
    HiddenDanger,
    JudicialSuggestion,
    LatePaper,
    LedgerExport,
    RiskFlag,
    TownRequest,
)
from mediation.choices import ConfirmationState
from mediation.models import ConfirmationRequest, GuidanceRequest
from tests.access_world import TODAY, Town
from tests.conftest import SHUANGDONG, TAIPING
from tests.mediation.confirmation_kit import accept

WORDS = "写了什么"


def grow_stages(here: Town, cast: dict[str, User]) -> list[Dispute]:
    """The two disputes of the town, one agreed and before the court, one sent by the court; with all of it to show."""
    agreed, sent = Dispute.objects.get(code=here.dispute), Dispute.objects.get(code=here.entrusted)
    mediator, judge, now = cast["mediator_of_taiping"], cast["reviewing_judge"], timezone.now()
    asked = CaseQuestion.objects.filter(kind="text")[0]
    said = {"key": asked.key, "case_type": asked.case_type_id, "label": asked.label, "kind": "text", "value": WORDS}
    for dispute in (agreed, sent):
        dispute.answers, dispute.destination, dispute.route_reason = [said], Destination.TOWN, WORDS
        dispute.save(update_fields=["answers", "destination", "route_reason"])
    DisputeLink.objects.create(
        child=sent, parent=agreed, kind=LinkKind.GROUP, linked_by=mediator, linked_on=TODAY, recorded_at=now
    )
    LatePaper.objects.create(
        file=StoredFile.objects.get(pk=here.kwargs["file_id"]), dispute=agreed, state_then="agreed",
        handed_in_on=TODAY, handed_in_by=WORDS, filed_by=mediator, recorded_at=now,
    )  # fmt: skip
    RiskFlag.objects.create(
        dispute=sent, level=Risk.HIGH, reasons=WORDS, raised_at=now, acknowledged_at=now, acknowledged_by=mediator
    )
    TownRequest.objects.create(
        dispute=agreed, kind=TownRequestKind.JOINT, from_town_id=TAIPING, to_town_id=SHUANGDONG, reason=WORDS,
        asked_by=mediator, asked_on=TODAY, recorded_at=now, state=TownRequestState.ENDED, answered_on=TODAY,
        ended_on=TODAY,
    )  # fmt: skip
    GuidanceRequest.objects.create(
        dispute=agreed, town_code=TAIPING, question=WORDS, asked_by=mediator, asked_on=TODAY, recorded_at=now,
        answer=WORDS, answered_by=judge, answered_on=TODAY,
    )  # fmt: skip
    LedgerExport.objects.filter(pk=here.kwargs["ledger_export"]).update(is_clear=True, reason=WORDS)
    _warned(agreed, mediator, judge)
    _before_court(here, cast)
    return [agreed, sent]


def _warned(dispute: Dispute, mediator: User, judge: User) -> None:
    """A warning and a danger that are closed with a reason, a suggestion that was answered."""
    now, closed = timezone.now(), {"closed_at": timezone.now(), "closed_by": mediator, "closed_reason": WORDS}
    cluster = ClusterWarning.objects.create(raised_at=now, because=WORDS, **closed)
    cluster.members.create(dispute=dispute, town_code=TAIPING, respondent=WORDS, joined_at=now)
    village = Division.objects.filter(level=Level.VILLAGE, parent_id=TAIPING)[0]
    HiddenDanger.objects.create(
        kind=DangerKind.DEBT, division=village, town_code=TAIPING, urgency=Urgency.CALM, note=WORDS,
        reported_by=mediator, reported_at=now, idempotency_key="looked at", **closed,
    )  # fmt: skip
    JudicialSuggestion.objects.create(
        kind=SuggestionKind.JUDICIAL, state=SuggestionState.REPLIED, town_code=TAIPING, cluster=cluster,
        case_type=dispute.case_type, addressee=WORDS, title=WORDS, body=WORDS, drafted_by=judge, drafted_at=now,
        signed_by=judge, signed_on=TODAY, sent_on=TODAY, reply_due_on=TODAY + timedelta(days=60),
        replied_on=TODAY, reply=WORDS, measures=WORDS,
    )  # fmt: skip


def _before_court(here: Town, cast: dict[str, User]) -> None:
    """The application accepted, with what each side says of it and a ruling prepared; one that was refused."""
    judge, clerk = cast["reviewing_judge"], cast["court_clerk"]
    request = accept(ConfirmationRequest.objects.get(pk=here.kwargs["confirmation"]), clerk)
    said = {"ok": False, "text": WORDS, "by": str(judge), "on": TODAY.isoformat()}
    key = request.precheck[0]["key"]
    request.answers, request.opinions = {key: WORDS}, {key: said}
    request.ruling_draft = {"verb": "confirm", "ground_key": "", "grounds": WORDS, "by": str(judge), "on": "2023-09-20"}
    request.save(update_fields=["answers", "opinions", "ruling_draft"])
    days: dict[str, Any] = {"asked_on": TODAY, "due_on": TODAY + timedelta(days=7), "asked_by": clerk}
    request.supplements.create(after_acceptance=False, what=WORDS, **days)
    request.supplements.create(after_acceptance=False, what=WORDS, delivered_on=TODAY, answer=WORDS, **days)
    ConfirmationRequest.objects.create(
        agreement=request.agreement, town_code=TAIPING, court="罗定市人民法院", state=ConfirmationState.NOT_ACCEPTED,
        joint_application=True, submitted_on=TODAY, received_on=TODAY, decided_on=TODAY, decided_by=judge,
        grounds=WORDS, precheck=request.precheck, recorded_at=timezone.now(),
    )  # fmt: skip
