"""A case done on paper in August and September 2023 and typed in on 20 November, page by page, with its true days."""

from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.core.management import call_command
from django.urls import reverse

from core.actions.reminders import sweep
from core.models import Deadline, DirtyBucket, Notification, Reminder
from disputes.models import Dispute, DisputeEvent
from mediation.models import Agreement, ConfirmationRequest
from reports.choices import Figure
from reports.queries.figures import figures
from tests.conftest import COUNTY
from tests.journeys.test_chain import NEEDED, tell

pytestmark = pytest.mark.django_db
TYPED_IN = datetime(2023, 11, 20, 10, 0, tzinfo=ZoneInfo("Asia/Shanghai"))
DAYS = {
    "registered": "2023-08-25",
    "routed": "2023-08-25",
    "mediation_started": "2023-08-28",
    "session_held": "2023-08-30",
    "agreement_drafted": "2023-09-01",
    "agreement_signed": "2023-09-01",
    "agreement_effective": "2023-09-01",
    "confirmation_submitted": "2023-09-11",
    "confirmation_accepted": "2023-09-12",
    "confirmation_decided": "2023-09-20",
    "ruling_served": "2023-09-21",
}


@pytest.fixture
def dispute(divisions, mediator_of_taiping, time_machine) -> Dispute:
    """Registered on 20 November for 25 August: 补录."""
    call_command("load_reference", verbosity=0)
    time_machine.move_to(TYPED_IN, tick=False)
    return tell(mediator_of_taiping)


class Hand:
    """Somebody typing one page after the other."""

    def __init__(self, client: Any, dispute: Dispute) -> None:
        self.client, self.dispute = client, dispute

    def send(self, name: str, data: dict[str, Any], *args: Any) -> Any:
        version = Dispute.objects.get(pk=self.dispute.pk).version
        response = self.client.post(reverse(name, args=args or [self.dispute.code]), {"version": version} | data)
        assert response.status_code == 302
        return response


def mediate(hand: Hand) -> None:
    parties = [str(party.pk) for party in hand.dispute.parties.all()]
    hand.send("disputes:route", {"destination": "town", "reason": "由联络点调解", "on": DAYS["routed"]})
    hand.send("mediation:start", {"on": DAYS["mediation_started"], "mode": "offline"})
    record = {"record": "双方同意分两期。", "rights_told": "on", "mode": "onsite", "attended": parties}
    hand.send("mediation:session-new", record | {"held_on": DAYS["session_held"], "from_time": "15:00"})


def agree(hand: Hand, mediator: Any) -> None:
    debtor = str(hand.dispute.parties.get(name="梁伯坚").pk)
    draft = {
        "form": "written",
        "concluded_on": "2023-09-01",
        "facts": "2021年5月借款五万元，尚欠四万八千元。",
        "clauses-TOTAL_FORMS": 1,
        "clauses-INITIAL_FORMS": 0,
        "clauses-0-text": "梁伯坚分两期还清借款48,000元。",
        "items-TOTAL_FORMS": 2,
        "items-INITIAL_FORMS": 0,
    }
    for row, due_on in enumerate(("2023-09-28", "2023-10-31")):
        item = {"text": "还款", "amount": "24000", "due_on": due_on, "debtor": debtor}
        draft |= {f"items-{row}-{name}": value for name, value in item.items()}
    hand.send("mediation:agreement-new", draft)
    places = [*[f"party-{party.pk}" for party in hand.dispute.parties.all()], f"mediator-{mediator.pk}", "seal"]
    signed = dict.fromkeys(places, "2023-09-01T15:30")
    ways = {f"{place}-method": "stamp" if place == "seal" else "signature" for place in places}
    hand.send("mediation:agreement-sign", signed | ways)


def confirm(mediators: Hand, clerks: Hand, judges: Hand, judge: Any) -> ConfirmationRequest:
    mediators.send(
        "mediation:confirmation-submit",
        {"joint": "on", "promise": "on", "materials": sorted(NEEDED), "on": "2023-09-11", "version": ""},
    )
    request = ConfirmationRequest.objects.get()

    def step(hand: Hand, verb: str, on: str, **data: Any) -> None:
        version = ConfirmationRequest.objects.get().version
        hand.send("court:confirmation-step", {"on": on, "version": version} | data, request.pk, verb)

    step(clerks, "accept", DAYS["confirmation_accepted"], judge=judge.pk)
    step(judges, "confirm", DAYS["confirmation_decided"], heard_on=DAYS["confirmation_decided"])
    for party in clerks.dispute.parties.all():
        step(clerks, "serve", DAYS["ruling_served"], party=party.pk, method="in_person")
    return request


def test_every_step_of_a_case_done_on_paper_keeps_its_true_day(
    dispute, client_of, mediator_of_taiping, court_clerk, reviewing_judge, committee_officer
):
    mediators = Hand(client_of(mediator_of_taiping), dispute)
    mediate(mediators)
    agree(mediators, mediator_of_taiping)
    sweep(at=TYPED_IN)  # nor does a sweep in between stand in the way

    clerks, judges = Hand(client_of(court_clerk), dispute), Hand(client_of(reviewing_judge), dispute)
    confirm(mediators, clerks, judges, reviewing_judge)

    events = DisputeEvent.objects.filter(dispute=dispute)
    assert {event.kind: event.on.isoformat() for event in events} == DAYS
    assert {(event.recorded_at, event.is_late) for event in events} == {(TYPED_IN, True)}
    the_periods_run_from_the_true_days(dispute)
    the_figures_stand_in_their_months()
    nobody_is_told_off_while_typing(mediator_of_taiping)
    the_marks_are_seen(mediators)


def the_periods_run_from_the_true_days(dispute: Dispute) -> None:
    agreement, request = Agreement.objects.get(), ConfirmationRequest.objects.get()
    found = {
        row.kind: (str(row.base_event_on), str(row.due_on), str(row.settled_on), row.settled_as)
        for row in [*Deadline.objects.about(agreement), *Deadline.objects.about(request)]
    }
    assert found["confirm_apply"] == ("2023-09-01", "2023-10-07", "2023-09-11", "done")
    assert found["confirm_accept"] == ("2023-09-11", "2023-09-14", "2023-09-12", "done")
    assert found["confirm_decide"] == ("2023-09-12", "2023-09-27", "2023-09-20", "done")


def the_figures_stand_in_their_months() -> None:
    assert set(DirtyBucket.objects.values_list("month", flat=True)) == {
        date(2023, 8, 1),
        date(2023, 9, 1),
        date(2023, 10, 1),
    }
    august = figures([COUNTY], date(2023, 8, 1), date(2023, 8, 31)).total
    september = figures([COUNTY], date(2023, 9, 1), date(2023, 9, 30)).total
    november = figures([COUNTY], date(2023, 11, 1), date(2023, 11, 30)).total
    assert (august[Figure.REGISTERED], august[Figure.LATE_ENTRIES], august[Figure.MEDIATED]) == (1, 1, 1)
    assert (september[Figure.AGREED], september[Figure.CONFIRMATIONS_IN_TIME]) == (1, 1)
    assert sum(november.values()) == 0


def nobody_is_told_off_while_typing(mediator: Any) -> None:
    """The instalments of September and October are long past: that is said once, from the next day on, and how."""
    Notification.objects.all().delete()
    sweep(at=TYPED_IN)
    assert (Reminder.objects.count(), Notification.objects.count()) == (0, 0)
    sweep(at=TYPED_IN + timedelta(days=1))
    sweep(at=TYPED_IN + timedelta(days=2))
    told = list(Notification.objects.filter(recipient=mediator).order_by("text").values_list("text", flat=True))
    title = "沈水旺与梁伯坚民间借贷纠纷"
    assert told == [
        f"督促履行第 {serial} 期（{title}）最后一日是 {due}，11月20日录入时已经过了。"
        "已经办了的，请按实际的日子补录；没有办的，请尽快办理。"
        for serial, due in ((1, "9月28日"), (2, "10月31日"))
    ]


def the_marks_are_seen(hand: Hand) -> None:
    html = hand.client.get(hand.dispute.get_absolute_url()).content.decode()
    # the file, a meeting, four signatures, filed, accepted, ruled, served twice
    assert html.count(">补录</span>") == 11
    assert html.count("补录于 11月20日 10:00") == DisputeEvent.objects.count()


def test_a_request_filed_in_time_may_still_be_entered_after_the_window(dispute, client_of, mediator_of_taiping):
    hand = Hand(client_of(mediator_of_taiping), dispute)
    mediate(hand)
    agree(hand, mediator_of_taiping)
    sweep(at=TYPED_IN)
    page = reverse("mediation:confirmation-new", args=[dispute.code])

    offered = hand.client.get(dispute.get_absolute_url()).content.decode()
    today = hand.client.get(page).context
    then = hand.client.get(page, {"on": "2023-09-11"}).context

    assert f'href="{page}"' in offered
    assert [item.title for item in today["wanting"] if item.key == "in_time"] == ["已过三十日"]
    assert [item.title for item in then["passed"] if item.key == "in_time"] == ["在三十日内（第 10 日提出）"]


def test_a_draft_saved_without_scripts_comes_back_on_the_day_that_was_typed(dispute, client_of, mediator_of_taiping):
    hand = Hand(client_of(mediator_of_taiping), dispute)
    mediate(hand)
    agree(hand, mediator_of_taiping)

    response = hand.send("mediation:confirmation-new", {"joint": "on", "on": "2023-09-11", "version": ""})

    page = hand.client.get(response.url)
    assert str(page.context["form"]["on"].value()) == "2023-09-11"
    assert "in_time" in [item.key for item in page.context["passed"]]
