"""One quarrel after the other, each led through its whole life by the actions that users use."""

from dataclasses import dataclass
from datetime import date, time, timedelta
from decimal import Decimal
from random import Random
from typing import Any

from core.models import User, spoken
from core.queries import today
from disputes.actions.intake import Intake, register_dispute
from disputes.actions.parties import PartyData
from disputes.actions.routing import refer_out, route_dispute
from disputes.actions.states import end_dispute
from disputes.choices import Destination, Side, Source
from disputes.models import Dispute, Party
from mediation.actions.agreements import Draft, Item, draft_agreement
from mediation.actions.confirmations import submit_confirmation
from mediation.actions.court_review import accept_request, ask_correction
from mediation.actions.endings import archive_dispute, fail_mediation
from mediation.actions.guidance import answer_guidance, ask_guidance
from mediation.actions.mediations import start_mediation
from mediation.actions.performance import record_performance, waive_confirmation
from mediation.actions.rulings import confirm_agreement, permit_withdrawal, reject_request, serve_ruling
from mediation.actions.sessions import record_session
from mediation.actions.signatures import Entry, record_signatures
from mediation.choices import MaterialKind, ServiceMethod, SignerKind, SignMethod
from mediation.models import Agreement, ConfirmationRequest
from reports.demo.people import Crowd, Person
from reports.demo.people_on_stage import Stage, TownCast
from reports.demo.times import at, hours, later

SOURCES = (Source.VISIT, Source.VISIT, Source.VISIT, Source.PHONE, Source.GRID, Source.ACTIVE, Source.HOTLINE)
GUIDED = 0.5
SIDES = {"a": Side.APPLICANT, "b": Side.RESPONDENT}  # who speaks in a story, and who is complained of
MATERIALS = frozenset(MaterialKind.values) - {MaterialKind.AUTHORISATION}
ANSWERS = {
    "identity": "只涉及给付金钱和探望，不确认身份关系。",
    "title": "只约定如何使用和补偿，不确认权属。",
    "other_procedures": "不涉及其他特别程序。",
    "content": "履行事项在协议条款中写明。",
    "voluntary": "双方当面确认出于自愿。",
    "sham": "借条、转账记录均已核对原件。",
}


@dataclass(frozen=True)
class Life:
    """How a quarrel goes. `until` is the last step of its life, `confirmation` how far a request goes ("" for none)."""

    until: str
    confirmation: str = ""
    archived: bool = False
    submitted_back: int | None = None  # days before today on which the request was filed; None: some days after


class Chronicle:
    """Tells lives; every random choice comes from the one generator it was given."""

    def __init__(
        self, stage: Stage, crowd: Crowd, random: Random, stories: dict[str, Any], texts: dict[str, Any]
    ) -> None:
        self.stage, self.crowd, self.random = stage, crowd, random
        self.stories, self.texts = stories, texts

    def tell(self, cast: TownCast, case_type: str, day: date, life: Life) -> Dispute:
        """One dispute from its registration on `day` to the end of its `life`; never a step after today."""
        story = self.random.choice(self.stories[case_type])
        by = cast.mediators[0] if life.submitted_back is not None else self.random.choice(cast.mediators[:2])
        dispute, a, b, amount = self._register(cast, case_type, story, day, by)
        if life.until == "referred_out":
            self._refer_out(dispute, story, by, day)
        elif life.until != "registered":
            self._routed(dispute, by, day)
            self._taken_up(cast, dispute, by, day, (story, a, b, amount), life)
        return dispute

    def _taken_up(
        self, cast: TownCast, dispute: Dispute, by: User, on: date, told: tuple[Any, ...], life: Life
    ) -> None:
        _, a, b, _ = told
        if life.until == "ended":
            self._end(dispute, by, on, a, b)
        elif life.until != "routed":
            on = self._mediated(dispute, by, on, a, b)
            self._guided(cast, dispute, by, on)
            if life.until == "failed":
                self._fail(dispute, by, on, b, archived=life.archived)
            elif life.until != "mediating":
                self._agreed(cast, dispute, by, on, told, life)

    # ── up to the door of mediation ──────────────────────────────────────────
    def _register(
        self, cast: TownCast, case_type: str, story: dict[str, Any], day: date, by: User
    ) -> tuple[Dispute, Person, Person, Decimal | None]:
        a, b = self.crowd.person(), self.crowd.person()
        bounds = story.get("amount")
        amount = Decimal(self.random.randrange(bounds[0], bounds[1], 100)) if bounds else None
        words = {"a": a.name, "b": b.name, "amount": f"{amount:,.0f}" if amount else ""}
        village = self.random.choice(cast.villages)
        data = Intake(
            village=village,
            source=self.random.choice(SOURCES),
            narrative=story["story"].format(**words),
            parties=[self._party(Side.APPLICANT, a, village.name), self._party(Side.RESPONDENT, b, village.name)],
            case_type=story.get("type", case_type),
            amount=amount,
            informed=True,
        )
        dispute = register_dispute(data=data, by=by, registered_on=day, recorded_at=at(day, 9, 30))
        return dispute, a, b, amount

    def _party(self, side: Side, person: Person, village: str) -> PartyData:
        address = f"罗定市{spoken(village)}{self.random.randint(1, 9)}组{self.random.randint(1, 80)}号"
        return PartyData(
            side=side,
            name=person.name,
            id_number=person.id_number,
            phone=person.phone,
            address=address,
            consents=True,
        )

    def _refer_out(self, dispute: Dispute, story: dict[str, Any], by: User, day: date) -> None:
        reason = "依法应由有权机关处理，不属于调解范围。"
        on = min(later(self.random, day, 0, 2), today())
        refer_out(dispute_id=dispute.pk, office=story["to"], reason=reason, by=by, on=on, recorded_at=at(on, 11))

    def _routed(self, dispute: Dispute, by: User, day: date) -> None:
        proposed = dispute.proposed_route.get("destination")
        elsewhere = proposed == Destination.OTHER_AUTHORITY
        route_dispute(
            dispute_id=dispute.pk,
            by=by,
            on=day,
            destination=Destination.TOWN if elsewhere else None,
            reason="案情适宜由联络点调解" if elsewhere else "",
            recorded_at=at(day, 10),
        )

    def _end(self, dispute: Dispute, by: User, on: date, a: Person, b: Person) -> None:
        how = self.random.choice(self.texts["ended"])
        reason = how["reason"].format(a=a.name, b=b.name)
        on = min(later(self.random, on, 1, 6), today())
        end_dispute(dispute_id=dispute.pk, ground=how["ground"], reason=reason, by=by, on=on, recorded_at=at(on, 16))

    # ── mediation ────────────────────────────────────────────────────────────
    def _mediated(self, dispute: Dispute, by: User, on: date, a: Person, b: Person) -> date:
        parties = [party.pk for party in dispute.parties.all()]
        on = min(later(self.random, on, 0, 3), today())
        start_mediation(dispute_id=dispute.pk, by=by, on=on, agreed_by=parties, recorded_at=at(on, 9))
        held_on = min(later(self.random, on, 1, 6), today())
        began, ended = hours(held_on, time(9, 30), time(11, self.random.choice((0, 15, 40))))
        record_session(
            dispute_id=dispute.pk,
            by=by,
            held_on=held_on,
            attended=parties,
            record=f"调解员向双方说明了权利义务和调解原则。{a.name}陈述了请求和理由，{b.name}作了答辩。双方对主要事实没有分歧，围绕履行的时间和数额交换了意见。",
            rights_told=True,
            from_time=began,
            to_time=ended,
            place="综治中心调解室",
            recorded_at=at(held_on, 12),
        )
        return held_on

    def _guided(self, cast: TownCast, dispute: Dispute, by: User, on: date) -> None:
        """Every other mediation asks the judge something that fits it; the answer comes the same day."""
        fitting = [words for words in self.texts["guidance"] if dispute.case_type_id in words["types"]]
        if fitting and self.random.random() < GUIDED:
            words = self.random.choice(fitting)
            asked = ask_guidance(
                dispute_id=dispute.pk, question=words["question"], by=by, on=on, recorded_at=at(on, 12, 30)
            )
            answer_guidance(guidance_id=asked.pk, answer=words["answer"], by=cast.judge, on=on, recorded_at=at(on, 17))

    def _fail(self, dispute: Dispute, by: User, on: date, b: Person, *, archived: bool) -> None:
        reason = self.random.choice(self.texts["failed"]).format(b=b.name)
        on = min(later(self.random, on, 2, 15), today())
        fail_mediation(dispute_id=dispute.pk, by=by, on=on, reason=reason, ways_told=True, recorded_at=at(on, 16))
        if archived:
            on = later(self.random, on, 3, 10)
            archive_dispute(dispute_id=dispute.pk, by=by, on=on, recorded_at=at(on, 16))

    # ── agreement ────────────────────────────────────────────────────────────
    def _agreed(self, cast: TownCast, dispute: Dispute, by: User, on: date, told: tuple[Any, ...], life: Life) -> None:
        agreement = self._drafted(dispute, by, on, told)
        if life.until == "drafted":
            return
        self._signed(dispute, by, on)
        agreement.refresh_from_db()
        if life.confirmation:
            self._confirmation(cast, agreement, dispute, by, on, life)
        elif life.archived:
            waived_on = later(self.random, on, 1, 5)
            waive_confirmation(dispute_id=dispute.pk, by=by, on=waived_on, recorded_at=at(waived_on, 16))
        if life.archived:
            self._performed_and_filed(agreement, dispute, by)

    def _drafted(self, dispute: Dispute, by: User, on: date, told: tuple[Any, ...]) -> Agreement:
        story, a, b, amount = told
        words = {"a": a.name, "b": b.name, "amount": f"{amount:,.0f}" if amount else ""}
        debtor = dispute.parties.get(side=SIDES[story.get("payer", "b")])
        draft = Draft(
            concluded_on=on,
            facts=story["facts"].format(**words),
            clauses=[clause.format(**words) for clause in story["clauses"]],
            items=self._items(story, amount, on, debtor),
            manner="现金或者转账，收款人出具收条",
        )
        return draft_agreement(dispute_id=dispute.pk, by=by, draft=draft, recorded_at=at(on, 14))

    def _items(self, story: dict[str, Any], amount: Decimal | None, on: date, debtor: Party) -> list[Item]:
        """Instalments of the sum, or the one thing that has to be done."""
        due = [on + timedelta(days=20 * number) for number in range(1, story["parts"] + 1)]
        if "act" in story:
            return [Item(text=story["act"], due_on=due[0], debtor_id=debtor.pk)]
        assert amount is not None
        return [
            Item(text=f"支付第 {number} 期款项", due_on=day, amount=share, debtor_id=debtor.pk)
            for number, (day, share) in enumerate(zip(due, _shares(amount, story["parts"]), strict=True), start=1)
        ]

    def _signed(self, dispute: Dispute, by: User, on: date) -> None:
        parties = list(dispute.parties.all())
        entries = [
            Entry(SignerKind.PARTY, at(on, 15, 5 + 5 * place), SignMethod.FINGERPRINT, party_id=party.pk)
            for place, party in enumerate(parties)
        ]
        entries.append(Entry(SignerKind.MEDIATOR, at(on, 15, 30), SignMethod.SIGNATURE, mediator_id=by.pk))
        entries.append(Entry(SignerKind.SEAL, at(on, 15, 40), SignMethod.STAMP))
        record_signatures(dispute_id=dispute.pk, by=by, entries=entries, recorded_at=at(on, 16))

    def _performed_and_filed(self, agreement: Agreement, dispute: Dispute, by: User) -> None:
        """Most promises are kept, a few a little late; then the file is closed."""
        last = agreement.effective_on or today()
        for item in agreement.performance_items.all():
            done_on = min(max(item.due_on + timedelta(days=self.random.choice((-2, -1, 0, 0, 4))), last), today())
            record_performance(dispute_id=dispute.pk, item_id=item.pk, by=by, on=done_on, recorded_at=at(done_on, 16))
            last = done_on
        filed_on = later(self.random, max(last, dispute_day(dispute)), 2, 8)
        archive_dispute(dispute_id=dispute.pk, by=by, on=filed_on, recorded_at=at(filed_on, 16))

    # ── confirmation ─────────────────────────────────────────────────────────
    def _confirmation(
        self, cast: TownCast, agreement: Agreement, dispute: Dispute, by: User, on: date, life: Life
    ) -> None:
        how = life.confirmation
        on = min(later(self.random, on, 1, 9), today())
        if life.submitted_back is not None:
            on = max(on, today() - timedelta(days=life.submitted_back))
        request = submit_confirmation(
            agreement_id=agreement.pk,
            by=by,
            on=on,
            joint=True,
            promise=True,
            materials=MATERIALS,
            answers=ANSWERS,
            recorded_at=at(on, 9, 15),
        )
        if how == "submitted":
            return
        if how == "correcting":
            self._ask(request, on)
            return
        on = min(later(self.random, on, 0, 2), today())
        accept_request(request_id=request.pk, by=self.stage.clerk, on=on, judge=cast.judge, recorded_at=at(on, 10))
        if how != "accepted":
            self._ruled(cast, request, dispute, on, how)

    def _ask(self, request: ConfirmationRequest, on: date) -> None:
        on = min(later(self.random, on, 0, 1), today())
        ask_correction(
            request_id=request.pk,
            by=self.stage.clerk,
            on=on,
            what="请补交被申请人的送达地址确认书。",
            due_on=on + timedelta(days=7),
            recorded_at=at(on, 11),
        )

    def _ruled(self, cast: TownCast, request: ConfirmationRequest, dispute: Dispute, on: date, how: str) -> None:
        on = min(later(self.random, on, 4, 10), today())
        ruling: dict[str, Any] = {"request_id": request.pk, "by": cast.judge, "on": on, "recorded_at": at(on, 15)}
        if how == "rejected":
            reject_request(ground_key="unclear", grounds="协议对交付的数量和期限约定不明确，无法确认。", **ruling)
        elif how == "withdrawn":
            permit_withdrawal(grounds="双方已即时履行完毕，共同申请撤回。", **ruling)
        else:
            confirm_agreement(heard_on=on, **ruling)
        if how != "unserved":
            self._served(request, dispute, on)

    def _served(self, request: ConfirmationRequest, dispute: Dispute, on: date) -> None:
        on = min(later(self.random, on, 0, 3), today())
        for party in dispute.parties.all():
            serve_ruling(
                request_id=request.pk,
                party=party,
                method=ServiceMethod.values[0],
                by=self.stage.clerk,
                on=on,
                recorded_at=at(on, 16),
            )


def dispute_day(dispute: Dispute) -> date:
    """The day since which a dispute is in its present state."""
    return Dispute.objects.only("state_on").get(pk=dispute.pk).state_on


def _shares(amount: Decimal, parts: int) -> list[Decimal]:
    """`amount` in `parts` instalments of whole hundreds; the last takes the rest."""
    share = (amount / parts // 100) * 100 or Decimal(100)
    return [*[share] * (parts - 1), amount - share * (parts - 1)]
