"""苗头隐患: reported in a few taps, registered as a dispute once, or closed with a reason; its day is internal."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from core.choices import Level
from core.errors import Conflict, NotAllowed, Refused
from core.models import AuditEntry, Deadline, DeadlineRule, Notification, StoredFile
from disputes.actions.hidden_dangers import close_danger, register_from_danger, report_danger
from disputes.choices import DangerKind, EventKind, Source, Urgency
from disputes.models import Dispute, HiddenDanger
from tests.conftest import SHUANGDONG, TAIPING
from tests.disputes.conftest import TODAY, a_village
from tests.liaison.conftest import picture

NEW = "/disputes/dangers/new/"
KEY = "00000000-0000-4000-8000-000000000007"


@pytest.fixture(autouse=True)
def rule(db) -> DeadlineRule:
    return DeadlineRule.objects.create(
        key="danger_handle", title="核实苗头隐患", length=3, unit="calendar", actor="receiver", internal=True,
        certainty="I", valid_from="2023-01-01",
    )  # fmt: skip


@pytest.fixture
def report(divisions, mediator_of_taiping):
    def make(by=mediator_of_taiping, *, key: str = KEY, town: str = TAIPING, **facts) -> HiddenDanger:
        told = {"kind": DangerKind.WAGES, "urgency": Urgency.SOON, "village": a_village(divisions, town)} | facts
        return report_danger(by=by, idempotency_key=key, **told)

    return make


def typed(divisions, **facts) -> dict[str, str]:
    village = a_village(divisions, TAIPING).code
    return {"kind": "debt", "village": village, "urgency": "soon", "idempotency_key": KEY} | facts


# ── reporting ────────────────────────────────────────────────────────────────
def test_a_report_has_an_internal_day_and_calls_the_officer(report, officer_of_taiping):
    danger = report(note="厂里欠三个月工资")
    period = Deadline.objects.about(danger).get()
    assert (danger.due_on, period.due_on, period.responsible) == (TODAY + timedelta(days=3),) * 2 + (
        officer_of_taiping,
    )
    note = Notification.objects.get(recipient=officer_of_taiping)
    assert (note.urgent, note.text.startswith("苗头隐患，请核实：讨薪、工伤")) == (False, True)


def test_a_report_names_its_village_as_people_say_it(report):
    danger = report()

    assert str(danger) == f"讨薪、工伤 {danger.division.short_name}"
    assert "村民委员会" not in Deadline.objects.about(danger).get().subject_text


@pytest.fixture
def rule_of_urgent_ones(rule) -> DeadlineRule:
    return DeadlineRule.objects.create(
        key="danger_handle_now", title="当天核实苗头隐患", length=0, unit="calendar", actor="receiver", internal=True,
        certainty="I", valid_from="2023-01-01", basis="内部要求：报「马上」的当天登记为纠纷，或写明为什么不登记",
    )  # fmt: skip


def test_what_is_urgent_is_looked_into_today_and_the_page_says_so(
    report, rule_of_urgent_ones, client_of, officer_of_taiping
):
    danger, other = report(urgency=Urgency.NOW), report(key=KEY[:-1] + "8")
    html = client_of(officer_of_taiping).get(danger.get_absolute_url()).content.decode()

    assert (danger.due_on, other.due_on) == (TODAY, TODAY + timedelta(days=3))
    assert '<p class="t-2 mb-0">内部要求：报「马上」的当天登记为纠纷，或写明为什么不登记。</p>' in html
    assert ("今天到期" in html, "当天，原届满日" in html, "当日不计" in html) == (True, True, False)
    close_danger(danger_id=danger.pk, reason="已当场说开", by=officer_of_taiping)
    assert Deadline.objects.about(danger).get().settled_as == "closed"


def test_without_its_own_rule_what_is_urgent_has_the_days_of_all(report):
    assert report(urgency=Urgency.NOW).due_on == TODAY + timedelta(days=3)


@pytest.mark.parametrize(
    "facts",
    [{"urgency": Urgency.NOW}, {"kind": DangerKind.THREAT}, {"kind": DangerKind.CROWD}],
    ids=["now", "a threat", "a crowd"],
)
def test_what_cannot_wait_says_110_first(facts, report, officer_of_taiping):
    report(**facts)
    note = Notification.objects.get(recipient=officer_of_taiping)
    assert note.urgent
    assert note.text.startswith("苗头隐患，有危险的先报 110：")


def test_a_sentence_that_tells_of_violence_is_urgent_however_calmly_it_was_filed(
    report, rule_of_urgent_ones, client_of, officer_of_taiping
):
    danger = report(kind=DangerKind.DEBT, urgency=Urgency.CALM, note="扬言今晚砍人")
    note = Notification.objects.get(recipient=officer_of_taiping)
    html = client_of(officer_of_taiping).get(danger.get_absolute_url()).content.decode()

    assert (note.urgent, danger.due_on, danger.urgency) == (True, TODAY, Urgency.CALM)
    assert note.text.startswith("苗头隐患，有危险的先报 110：借钱、欠债")
    assert note.text.endswith("不急；写的话里有激化危险")
    assert "有危险的，先打" in html
    assert "报来的话里有：扬言伤害，按「马上」办。因为写到：<mark>扬言</mark><mark>砍人</mark>" in html


def test_a_calm_sentence_lowers_nothing_and_raises_nothing(report, rule_of_urgent_ones, client_of, officer_of_taiping):
    marked = report(urgency=Urgency.NOW, note="吵了几句，没有打人")
    calm = report(kind=DangerKind.DEBT, urgency=Urgency.CALM, note="吵了几句，没有打人", key=KEY[:-1] + "8")
    told = list(
        Notification.objects.filter(recipient=officer_of_taiping).order_by("pk").values_list("urgent", flat=True)
    )
    html = client_of(officer_of_taiping).get(calm.get_absolute_url()).content.decode()

    assert (told, marked.due_on, calm.due_on) == ([True, False], TODAY, TODAY + timedelta(days=3))
    assert ("有危险的，先打" in html, "报来的话里有" in html) == (False, False)


def test_the_same_form_sent_twice_reports_once(report, officer_of_taiping):
    assert report().pk == report().pk
    assert (HiddenDanger.objects.count(), Notification.objects.count(), Deadline.objects.count()) == (1, 1, 1)


def test_a_rule_switched_off_keeps_nobody_from_reporting(report, rule):
    rule.delete()
    assert report().due_on is None


def test_nobody_reports_from_another_town_and_the_court_not_at_all(report, reviewing_judge):
    with pytest.raises(NotAllowed):
        report(town=SHUANGDONG)
    with pytest.raises(NotAllowed):
        report(reviewing_judge)


@pytest.mark.parametrize(
    ("facts", "field"),
    [({"kind": "x"}, "kind"), ({"urgency": ""}, "urgency"), ({"note": "字" * 201}, "note"),
     ({"photos": [None] * 7}, "photos")],
)  # fmt: skip
def test_what_does_not_fit_is_refused_at_its_field(facts, field, report):
    with pytest.raises(Refused) as refused:
        report(**facts)
    assert (refused.value.field, HiddenDanger.objects.count()) == (field, 0)


def test_three_choices_and_send_are_enough_and_photographs_may_come_along(client_of, divisions, mediator_of_taiping):
    browser = client_of(mediator_of_taiping)
    answer = browser.post(NEW, typed(divisions) | {"photos": [picture("a.png"), picture("b.png")]})
    danger = HiddenDanger.objects.get()
    assert answer.url == danger.get_absolute_url()
    assert StoredFile.objects.filter(subject_id=str(danger.pk), kind="danger_photo").count() == 2
    assert browser.get(danger.get_absolute_url()).content.decode().count("/thumbnail/") == 2


def test_the_village_of_the_last_report_stands_first(client_of, divisions, mediator_of_taiping):
    last = [row.code for row in divisions.values() if row.level == Level.VILLAGE and row.parent_id == TAIPING][-1]
    browser = client_of(mediator_of_taiping)
    browser.post(NEW, typed(divisions, village=last))
    assert next(iter(browser.get(NEW).context["form"].villages)) == last


def test_a_forgotten_tap_is_named_and_nothing_is_lost(client_of, divisions, mediator_of_taiping):
    answer = client_of(mediator_of_taiping).post(NEW, typed(divisions, urgency="", note="门口挂了横幅"))
    html = answer.content.decode()
    assert (answer.status_code, HiddenDanger.objects.count()) == (422, 0)
    assert "请点一下急不急。" in html
    assert "门口挂了横幅" in html


# ── registering ──────────────────────────────────────────────────────────────
@pytest.fixture
def danger(report, tables) -> HiddenDanger:
    return report(note="厂里欠三个月工资")


def test_the_intake_begins_with_what_was_reported(danger, client_of, officer_of_taiping):
    form = client_of(officer_of_taiping).get(f"/disputes/new/?danger={danger.pk}").context["form"]
    assert form["narrative"].value() == "黎桂生 9月20日报来：讨薪、工伤。厂里欠三个月工资"
    assert (form["village"].value(), form["source"].value(), form["danger"].value()) == (
        danger.division_id, Source.GRID, danger.pk
    )  # fmt: skip


@pytest.mark.parametrize(
    ("kind", "case_type"),
    [(DangerKind.DEBT, "private_loan"), (DangerKind.THREAT, ""), (DangerKind.CROWD, ""), (DangerKind.OTHER, "")],
    ids=["says its type", "threat", "crowd", "other"],
)
def test_a_kind_that_says_no_type_leaves_it_to_the_story(
    kind, case_type, report, tables, client_of, officer_of_taiping
):
    danger = report(kind=kind)

    form = client_of(officer_of_taiping).get(f"/disputes/new/?danger={danger.pk}").context["form"]

    assert form["case_type"].value() == case_type


@pytest.mark.parametrize("given", ["x", "-1", "999999", "9" * 40, ""])
def test_a_report_that_is_not_there_leaves_the_intake_empty(given, danger, client_of, officer_of_taiping):
    form = client_of(officer_of_taiping).get("/disputes/new/", {"danger": given}).context["form"]
    assert not form["danger"].value()


@pytest.mark.parametrize(("is_closed", "said"), [(True, True), (False, False)], ids=["closed", "open"])
def test_an_intake_for_a_report_that_is_done_with_says_so(is_closed, said, danger, client_of, officer_of_taiping):
    if is_closed:
        close_danger(danger_id=danger.pk, reason="已经劝和", by=officer_of_taiping)
    html = client_of(officer_of_taiping).get(f"/disputes/new/?danger={danger.pk}").content.decode()
    assert ("那条苗头已经处理过" in html) is said


def test_a_form_already_begun_is_not_lost(danger, client_of, officer_of_taiping):
    browser = client_of(officer_of_taiping)
    browser.post("/disputes/draft/", {"narrative": "另一件没登记完的事", "idempotency_key": KEY})
    html = browser.get(f"/disputes/new/?danger={danger.pk}").content.decode()
    assert "另一件没登记完的事" in html
    assert "您还有一份没登记完的" in html


def test_the_page_registers_and_ties_the_two(danger, client_of, officer_of_taiping):
    browser = client_of(officer_of_taiping)
    form = browser.get(f"/disputes/new/?danger={danger.pk}").context["form"]
    sent = {name: form[name].value() for name in ("narrative", "village", "source", "idempotency_key", "danger")}
    parties = {"parties-TOTAL_FORMS": 1, "parties-INITIAL_FORMS": 0, "parties-0-side": "applicant",
               "parties-0-kind": "person", "parties-0-name": "沈水旺", "parties-0-phone": "13800006072"}  # fmt: skip
    answer = browser.post("/disputes/new/", sent | parties | {"registered_on": TODAY.isoformat()})
    dispute = Dispute.objects.get()
    assert answer.url == dispute.get_absolute_url()
    danger.refresh_from_db()
    assert danger.dispute == dispute


def test_registering_settles_the_day_and_is_told_on_the_timeline(danger, told, officer_of_taiping):
    dispute = register_from_danger(danger_id=danger.pk, by=officer_of_taiping, data=told, registered_on=TODAY)
    assert Deadline.objects.about(danger).get().settled_on == TODAY
    assert dispute.events.get(kind=EventKind.FROM_DANGER).detail == "黎桂生 9月20日报来：讨薪、工伤。"
    assert AuditEntry.objects.get(action="danger.register").detail == {"code": dispute.code}


def test_it_becomes_one_dispute_whoever_sends_what_twice(danger, told, officer_of_taiping, mediator_of_taiping):
    common = {"danger_id": danger.pk, "data": told, "registered_on": TODAY}
    first = register_from_danger(by=officer_of_taiping, idempotency_key=KEY, **common)
    assert register_from_danger(by=officer_of_taiping, idempotency_key=KEY, **common) == first
    with pytest.raises(Conflict):
        register_from_danger(by=mediator_of_taiping, idempotency_key=KEY, **common)
    assert Dispute.objects.count() == 1


# ── closing ──────────────────────────────────────────────────────────────────
def test_it_is_closed_with_a_reason_by_the_officer_or_who_reported_it(report, officer_of_taiping, mediator_of_taiping):
    danger, own = report(), report(key=KEY.replace("7", "8"))
    with pytest.raises(Refused):
        close_danger(danger_id=danger.pk, reason=" ", by=officer_of_taiping)
    close_danger(danger_id=danger.pk, reason="已当场说开", by=officer_of_taiping)
    close_danger(danger_id=own.pk, reason="看错了", by=mediator_of_taiping)
    assert Deadline.objects.open().count() == 0
    with pytest.raises(Conflict):
        close_danger(danger_id=danger.pk, reason="再来", by=officer_of_taiping)


def test_another_mediator_does_not_close_it_and_a_closed_one_is_not_registered(
    report, told, tables, officer_of_taiping, make_user
):
    danger = report()
    with pytest.raises(NotAllowed):
        close_danger(danger_id=danger.pk, reason="没事", by=make_user("other", "mediator", TAIPING))
    close_danger(danger_id=danger.pk, reason="已当场说开", by=officer_of_taiping)
    with pytest.raises(Conflict):
        register_from_danger(danger_id=danger.pk, by=officer_of_taiping, data=told, registered_on=TODAY)
    assert Dispute.objects.count() == 0


def test_closing_on_the_page(report, client_of, officer_of_taiping):
    danger, browser = report(), client_of(officer_of_taiping)
    assert browser.post(f"/disputes/dangers/{danger.pk}/close/", {"reason": ""}).status_code == 422
    assert browser.post(f"/disputes/dangers/{danger.pk}/close/", {"reason": "说开了"}).status_code == 302
    assert browser.post(f"/disputes/dangers/{danger.pk}/close/", {"reason": "说开了"}).status_code == 409


def test_without_a_reason_the_question_stays_the_same(report, client_of, officer_of_taiping):
    danger, browser = report(), client_of(officer_of_taiping)

    refused = browser.post(f"/disputes/dangers/{danger.pk}/close/", {"reason": ""})

    html = refused.content.decode()
    assert (refused.status_code, "请填写为什么不用登记。" in html, "为什么可以了结" in html) == (422, True, False)


# ── the list ─────────────────────────────────────────────────────────────────
def test_the_list_is_by_scope_and_what_is_past_its_day_is_seen(
    report, client_of, officer_of_taiping, mediator_of_shuangdong, committee_officer
):
    late = report()
    HiddenDanger.objects.filter(pk=late.pk).update(due_on=TODAY - timedelta(days=1))
    report(key=KEY.replace("7", "8"))
    report(mediator_of_shuangdong, town=SHUANGDONG)
    page = client_of(officer_of_taiping).get("/disputes/dangers/?stage=overdue")
    assert [row.pk for row in page.context["page"].rows] == [late.pk]
    assert [(key, count) for key, _, count in page.context["tabs"]] == [("open", 2), ("overdue", 1), ("done", None)]
    assert "法定" not in page.content.decode()
    assert len(client_of(committee_officer).get("/disputes/dangers/").context["page"].rows) == 3
    assert client_of(mediator_of_shuangdong).get(late.get_absolute_url()).status_code == 404


@pytest.mark.parametrize("rows", [1, 3])
def test_the_list_asks_the_same_number_of_queries(rows, report, client_of, officer_of_taiping):
    for number in range(rows):
        report(key=KEY.replace("7", str(number)), recorded_at=timezone.now())
    browser = client_of(officer_of_taiping)
    with CaptureQueriesContext(connection) as asked:
        browser.get("/disputes/dangers/")
    assert len(asked) == 6
