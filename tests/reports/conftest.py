"""Ledger rows of known days, written straight to the tables: figures are about days, not about how rows came."""

from datetime import date, timedelta
from typing import Any

import pytest

from core.choices import Certainty, Unit
from core.models import Deadline, DeadlineRule, Division, User
from disputes.choices import EventKind, Outcome, Source
from disputes.models import CaseType, Dispute, DisputeEvent
from mediation.choices import Basis, ConfirmationState, OrganisationKind
from mediation.models import Agreement, ConfirmationRequest, Mediation, MediationOrganisation, PerformanceItem
from tests.conftest import SHUANGDONG, TAIPING
from tests.liaison.conftest import build, moment, picture, point, serve, visit_day
from tests.mediation.conftest import agreed, dispute, drafted, law_in_force, make_dispute, mediating, met, private_loan

__all__ = [
    "agreed",
    "build",
    "dispute",
    "drafted",
    "law_in_force",
    "make_dispute",
    "mediating",
    "met",
    "moment",
    "picture",
    "point",
    "private_loan",
    "serve",
    "visit_day",
]

CLOSING = {Outcome.AGREED: EventKind.AGREEMENT_EFFECTIVE, Outcome.FAILED: EventKind.MEDIATION_FAILED}


class Ledger:
    """Writes disputes and what follows from them; every method takes the day it was true."""

    def __init__(self, by: User, judge: User) -> None:
        self.by, self.judge = by, judge
        self.serial = 0
        self.case_type = CaseType.objects.create(
            key="neighbour", name="相邻关系", cause="相邻关系纠纷", statistical_type="neighbour", order=1
        )

    def _next(self) -> int:
        self.serial += 1
        return self.serial

    def dispute(self, on: date, *, town: str = TAIPING, recorded_on: date | None = None, **facts: Any) -> Dispute:
        number = self._next()
        recorded = recorded_on or on
        village = Division.objects.filter(parent_id=town)[0]
        return Dispute.objects.create(
            code=f"TP{on:%y%m}-{number:04d}",
            division=village,
            town_code=town,
            case_type=self.case_type,
            source=Source.VISIT,
            title=f"第 {number} 件",
            narrative="排水沟改道。",
            registered_on=on,
            recorded_at=moment(recorded),
            entered_late=recorded - on > timedelta(days=7),
            registered_by=self.by,
            state_on=on,
            **facts,
        )

    def mediate(self, dispute: Dispute, on: date, *, basis: str = Basis.OWN) -> Mediation:
        organisation, _ = MediationOrganisation.objects.get_or_create(
            name=f"{dispute.town_code}人民调解委员会",
            defaults={
                "kind": OrganisationKind.PEOPLES_COMMITTEE,
                "division_id": dispute.town_code,
                "seal_name": "人民调解委员会",
                "number_pattern": "人调〔{year}〕{serial}号",
            },
        )
        return Mediation.objects.create(
            dispute=dispute,
            town_code=dispute.town_code,
            organisation=organisation,
            basis=basis,
            accepted_on=on,
            recorded_at=moment(on),
        )

    def close(self, dispute: Dispute, outcome: str, on: date, *, recorded_on: date | None = None) -> Dispute:
        dispute.state = dispute.outcome = outcome
        dispute.closed_on = dispute.state_on = on
        dispute.end_ground = "refused" if outcome == Outcome.ENDED else ""
        dispute.referred_to = "人社局" if outcome == Outcome.REFERRED_OUT else ""
        dispute.save()
        if kind := CLOSING.get(Outcome(outcome)):
            DisputeEvent.objects.create(
                dispute=dispute, kind=kind, on=on, at=moment(on), recorded_at=moment(recorded_on or on), by=self.by,
                text="办结",
            )  # fmt: skip
        return dispute

    def agreed(self, registered: date, on: date, *, town: str = TAIPING, recorded_on: date | None = None) -> Agreement:
        """A dispute mediated and agreed on `on`."""
        dispute = self.dispute(registered, town=town)
        mediation = self.mediate(dispute, registered)
        mediation.ended_on, mediation.outcome = on, "agreed"
        mediation.save()
        self.close(dispute, Outcome.AGREED, on, recorded_on=recorded_on)
        return Agreement.objects.create(
            mediation=mediation,
            number=f"人调〔{on.year}〕{self.serial}号",
            facts="经过",
            concluded_on=on,
            effective_on=on,
            recorded_by=self.by,
            recorded_at=moment(on),
        )

    def failed(self, registered: date, on: date, *, town: str = TAIPING) -> Dispute:
        dispute = self.dispute(registered, town=town)
        self.mediate(dispute, registered)
        return self.close(dispute, Outcome.FAILED, on)

    def item(self, agreement: Agreement, due_on: date, done_on: date | None = None) -> PerformanceItem:
        return PerformanceItem.objects.create(
            agreement=agreement,
            serial=agreement.performance_items.count() + 1,
            text="付款",
            due_on=due_on,
            done_on=done_on,
            done_recorded_at=moment(done_on) if done_on else None,
            recorded_at=moment(agreement.concluded_on),
        )

    def request(self, agreement: Agreement, submitted_on: date, **facts: Any) -> ConfirmationRequest:
        given = {
            "state": ConfirmationState.SUBMITTED,
            "joint_application": True,
            "submitted_on": submitted_on,
            "submitted_recorded_at": moment(submitted_on),
            "received_on": submitted_on,
        }
        return ConfirmationRequest.objects.create(
            agreement=agreement,
            town_code=agreement.mediation.town_code,
            court="罗定市人民法院",
            recorded_at=moment(submitted_on),
            **given | facts,
        )

    def confirmed(
        self, agreement: Agreement, submitted_on: date, decided_on: date, **facts: Any
    ) -> ConfirmationRequest:
        number = f"（2023）粤5381诉前调确{self._next()}号"
        given = {
            "state": ConfirmationState.CONFIRMED,
            "accepted_on": submitted_on,
            "accepted_by": self.judge,
            "accepted_recorded_at": moment(submitted_on),
            "number": number,
            "heard_on": submitted_on,
            "decided_on": decided_on,
            "decided_by": self.judge,
            "decided_recorded_at": moment(decided_on),
        }
        return self.request(agreement, submitted_on, **given | facts)

    def court_period(self, request: ConfirmationRequest, due_on: date, settled_on: date) -> Deadline:
        rule, _ = DeadlineRule.objects.get_or_create(
            key="confirm_decide",
            valid_from=date(2011, 3, 30),
            defaults={
                "title": "作出裁定",
                "length": 15,
                "unit": Unit.CALENDAR,
                "start_event": "受理",
                "actor": "court",
                "basis": "法释〔2011〕5号 5",
                "certainty": Certainty.VERIFIED,
            },
        )
        assert request.submitted_on
        return Deadline.objects.create(
            kind="confirm_decide",
            title="作出裁定",
            subject_label=request._meta.label_lower,
            subject_id=str(request.pk),
            town_code=request.town_code,
            rule=rule,
            base_event_on=request.submitted_on,
            due_on=due_on,
            raw_due_on=due_on,
            started_at=moment(request.submitted_on),
            settled_on=settled_on,
            settled_as="done",
        )


@pytest.fixture
def ledger(mediator_of_taiping, reviewing_judge) -> Ledger:
    return Ledger(mediator_of_taiping, reviewing_judge)


@pytest.fixture
def spring(ledger) -> Ledger:
    """Two towns from March to September 2023, with something at both edges of June."""
    one = ledger.agreed(date(2023, 3, 1), date(2023, 4, 3))
    ledger.item(one, date(2023, 5, 1), date(2023, 5, 1))
    ledger.item(one, date(2023, 6, 30), date(2023, 7, 2))
    ledger.item(one, date(2023, 9, 30))
    in_time = ledger.confirmed(one, date(2023, 4, 10), date(2023, 4, 20))
    ledger.court_period(in_time, date(2023, 4, 25), date(2023, 4, 20))
    two = ledger.agreed(date(2023, 6, 1), date(2023, 6, 30))
    late = ledger.confirmed(two, date(2023, 7, 3), date(2023, 7, 31))
    ledger.court_period(late, date(2023, 7, 18), date(2023, 7, 31))
    ledger.failed(date(2023, 6, 30), date(2023, 7, 1))
    ledger.failed(date(2023, 5, 5), date(2023, 6, 20), town=SHUANGDONG)
    three = ledger.agreed(date(2023, 7, 4), date(2023, 9, 19), town=SHUANGDONG)
    ledger.request(three, date(2023, 9, 20), state=ConfirmationState.SUBMITTED)
    ledger.close(ledger.dispute(date(2023, 7, 9)), Outcome.ENDED, date(2023, 7, 15))
    ledger.close(ledger.dispute(date(2023, 7, 9)), Outcome.REFERRED_OUT, date(2023, 7, 15))
    ledger.dispute(date(2023, 9, 1), recorded_on=date(2023, 9, 9))
    ledger.dispute(date(2023, 9, 20), town=SHUANGDONG)
    ledger.dispute(date(2023, 10, 8))
    return ledger
