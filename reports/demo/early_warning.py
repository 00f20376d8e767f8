"""What warns early in the demo county: factories in many quarrels, what the court wrote, what was reported, threats."""

from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.utils import timezone

from core.models import User
from core.queries import today
from disputes.actions.alarm_chain import pass_on
from disputes.actions.clusters import acknowledge_cluster, close_cluster, compare
from disputes.actions.hidden_dangers import close_danger, register_from_danger, report_danger
from disputes.actions.intake import Intake, register_dispute
from disputes.actions.parties import PartyData
from disputes.actions.risk import acknowledge_risk
from disputes.actions.states import end_dispute
from disputes.actions.suggestions import Paper, draft_suggestion, record_reply, send_suggestion, sign_suggestion
from disputes.choices import EndGround, PartyKind, Side, Source, SuggestionKind
from disputes.escalation import PATIENCE
from disputes.models import ClusterWarning, Dispute, HiddenDanger, JudicialSuggestion
from disputes.queries.suggestions import figures_for, ground_of
from disputes.suggestion_text import body_for, title_for
from reports.demo.people import Crowd
from reports.demo.people_on_stage import SHUANGDONG, TAIPING, Stage, TownCast
from reports.demo.times import at

SPRING, HEAT_FROM = date(2023, 5, 8), "2023-01-01"
RAISED_AGO, STEPS = timedelta(hours=2), 3  # the chain of a threat that nobody has signed: told, and told on
DAYS_TO_REPLY = 60


class EarlyWarning:
    """Told once of 2023, before its messages are read, and once of these days."""

    def __init__(self, stage: Stage, crowd: Crowd, words: dict[str, Any]) -> None:
        self.stage, self.crowd, self.words = stage, crowd, words
        by_name = {cast.town.name: cast for cast in stage.towns}
        self.here, self.there = by_name[TAIPING], by_name[SHUANGDONG]  # of the sign-in page; one judge serves both
        self.judge = self.here.judge

    def tell_past(self) -> None:
        """A quarry that owed wages in the spring of 2023: warned of, written about, answered, closed."""
        places = (self.here, self.here, self.there)
        made = [self._owed("quarry", place, cast, SPRING + timedelta(days=place)) for place, cast in enumerate(places)]
        cluster = self._compared(made, SPRING + timedelta(days=3))
        signed_on, replied_on, closed_on = date(2023, 5, 22), date(2023, 6, 20), date(2023, 7, 3)
        acknowledge_cluster(cluster_id=cluster.pk, by=self.here.officer, recorded_at=at(date(2023, 5, 11), 15))
        paper = self._paper({"cluster": str(cluster.pk)}, SuggestionKind.JUDICIAL, self.words["addressee"], signed_on)
        self._sent(paper, signed_on)
        reply, measures = self.words["reply"], self.words["measures"]
        record_reply(suggestion_id=paper.pk, on=replied_on, reply=reply, measures=measures, by=self.judge)
        for dispute, cast in zip(made, places, strict=True):
            self._paid(dispute, cast.mediators[0], replied_on)
        close_cluster(
            cluster_id=cluster.pk, reason=self.words["closed"], by=self.stage.committee, recorded_at=at(closed_on, 16)
        )

    def tell_live(self) -> None:
        """A factory that owes wages now, a draft and a paper on its way, four reports, two threats."""
        casts = (self.here, self.there, self.here)
        days = [today() - timedelta(days=back) for back in (12, 7, 2)]
        made = [self._owed("factory", place, cast, days[place]) for place, cast in enumerate(casts)]
        cluster = self._compared(made, today())
        self._paper({"cluster": str(cluster.pk)}, SuggestionKind.JUDICIAL, self.words["addressee"], today())
        sent_on = today() - timedelta(days=10)
        heat = {"town": self.here.code, "type": "neighbour", "from": HEAT_FROM, "to": sent_on.isoformat()}
        self._sent(self._paper(heat, SuggestionKind.RISK, self.words["heat_addressee"], sent_on), sent_on)
        self._dangers()
        self._threats()

    # ── many quarrels with one ───────────────────────────────────────────────
    def _owed(self, factory: str, place: int, cast: TownCast, day: date) -> Dispute:
        told, by = self.words[factory], cast.mediators[0]
        owner = PartyData(side=Side.RESPONDENT, kind=PartyKind.ORGANISATION, name=told["name"])
        data = self._intake(cast, told["stories"][place], "labour", Decimal(6_800 + 1_500 * place), owner)
        return register_dispute(data=data, by=by, registered_on=day, recorded_at=at(day, 10, 10))

    def _intake(
        self, cast: TownCast, story: str, case_type: str, amount: Decimal | None, other: PartyData | None = None
    ) -> Intake:
        a, b = self.crowd.person(), self.crowd.person()
        teller = PartyData(side=Side.APPLICANT, name=a.name, phone=a.phone, id_number=a.id_number, consents=True)
        blamed = other or PartyData(side=Side.RESPONDENT, name=b.name, phone=b.phone)
        return Intake(
            village=cast.villages[0],
            source=Source.VISIT,
            narrative=story.format(b=b.name, amount=f"{amount:,.0f}" if amount else ""),
            parties=[teller, blamed],
            case_type=case_type,
            amount=amount,
            informed=True,
        )

    def _compared(self, disputes: list[Dispute], on: date) -> ClusterWarning:
        """The sweep's comparison of these alone, as of that day."""
        for dispute in disputes:
            compare(dispute_id=dispute.pk, at=at(on, 11))
        return ClusterWarning.objects.get(members__dispute=disputes[0])

    def _paid(self, dispute: Dispute, by: User, on: date) -> None:
        reason, ground = self.words["paid"], EndGround.SETTLED
        end_dispute(dispute_id=dispute.pk, ground=ground, reason=reason, by=by, on=on, recorded_at=at(on, 16))

    # ── what the court wrote ─────────────────────────────────────────────────
    def _paper(self, about: dict[str, str], kind: str, addressee: str, on: date) -> JudicialSuggestion:
        """A draft in the words that its page proposes."""
        ground = ground_of(self.judge, about, on)
        found = figures_for(self.judge, ground)
        paper = Paper(kind, addressee, title_for(kind, found), body_for(kind, found, settings.COURT_NAME))
        return draft_suggestion(ground=ground, paper=paper, by=self.judge, recorded_at=at(on, 9, 40))

    def _sent(self, paper: JudicialSuggestion, on: date) -> None:
        number = f"罗法建〔{on.year}〕{paper.pk}号"
        sign_suggestion(suggestion_id=paper.pk, number=number, on=on, by=self.judge)
        due_on = on + timedelta(days=DAYS_TO_REPLY)
        send_suggestion(suggestion_id=paper.pk, on=on, reply_due_on=due_on, by=self.judge, recorded_at=at(on, 15))

    # ── reported in the villages ─────────────────────────────────────────────
    def _dangers(self) -> None:
        """Two wait for somebody to look, one became a dispute, one was settled on the spot."""
        told, by = self.words["dangers"], self.here.mediators[-1]
        yesterday = today() - timedelta(days=1)
        seen = {name: self._reported(name, one, by, yesterday) for name, one in told.items()}
        settled = seen["settled"]
        close_danger(danger_id=settled.pk, reason=told["settled"]["reason"], by=by, recorded_at=at(yesterday, 17))
        data = self._intake(self.here, told["told"]["story"], "private_loan", Decimal(8_000))
        register_from_danger(
            danger_id=seen["told"].pk, by=self.here.officer, data=data, registered_on=today(),
            recorded_at=at(today(), 9, 50),
        )  # fmt: skip

    def _reported(self, name: str, told: dict[str, str], by: User, on: date) -> HiddenDanger:
        return report_danger(
            kind=told["kind"], village=self.here.villages[0], urgency=told["urgency"], note=told["note"], by=by,
            idempotency_key=f"demo-{name}", recorded_at=at(on, 16),
        )  # fmt: skip

    # ── threats ──────────────────────────────────────────────────────────────
    def _threats(self) -> None:
        """One that the officer signed for, one that went from stop to stop and waits."""
        raised_at = timezone.now() - RAISED_AGO
        signed = self._threatened(self.here, self.words["signed_threat"], raised_at)
        flag = signed.risk_flags.get()
        signed_at, measures = raised_at + timedelta(minutes=12), self.words["signed"]
        acknowledge_risk(flag_id=flag.pk, measures=measures, by=self.here.officer, recorded_at=signed_at)
        waiting = self._threatened(self.there, self.words["threat"], raised_at).risk_flags.get()
        for step in range(1, STEPS + 1):
            pass_on(flag_id=waiting.pk, at=raised_at + step * PATIENCE)

    def _threatened(self, cast: TownCast, story: str, when: datetime) -> Dispute:
        data = self._intake(cast, story, "neighbour", None)
        on = timezone.localdate(when)
        return register_dispute(data=data, by=cast.mediators[0], registered_on=on, recorded_at=when)
