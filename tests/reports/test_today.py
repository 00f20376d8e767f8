"""今天要办 by role: what is due, what waits, and nothing of anybody else."""

import re
from datetime import date, timedelta
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from core.choices import Actor, Certainty, Unit
from core.models import Deadline, DeadlineRule, FormDraft
from core.queries import today
from disputes.models import RiskFlag
from liaison.actions.duty import schedule_shift
from liaison.actions.items import report_item
from mediation.choices import Basis, ConfirmationState
from mediation.models import Assignment, Entrustment, GuidanceRequest
from reports import reference
from roster.choices import ImportState, TeamRole, UnitKind
from roster.models import RosterImport, RosterSubmission, Staff
from tests.conftest import SHUANGDONG, TAIPING
from tests.reports.conftest import moment, picture

DAY = timedelta(days=1)
PAGE_BOUND = 20  # of any page


@pytest.fixture
def start(db):
    """start(due_on, kind=…, actor=…, responsible=…) → an open deadline in 太平镇."""

    def make(due_on: date, *, kind: str = "pm_target", actor: str = Actor.ORGANISATION, **facts: Any) -> Deadline:
        rule, _ = DeadlineRule.objects.get_or_create(
            key=kind,
            valid_from=date(2011, 1, 1),
            defaults={
                "title": kind, "length": 30, "unit": Unit.CALENDAR, "start_event": "受理", "actor": actor,
                "basis": "人民调解法", "certainty": Certainty.VERIFIED,
            },
        )  # fmt: skip
        number = Deadline.objects.count() + 1
        given = {"town_code": TAIPING, "subject_text": f"第 {number} 件", "title": kind} | facts
        return Deadline.objects.create(
            kind=kind, rule=rule, subject_label="disputes.dispute", subject_id=str(number), url="/disputes/",
            base_event_on=due_on - 30 * DAY, due_on=due_on, raw_due_on=due_on, started_at=moment(due_on - 30 * DAY),
            **given,
        )  # fmt: skip

    return make


def home(client, **query):
    return client.get(reverse("today"), query)


def shown(answer) -> dict[str, list[str]]:
    groups = answer.context["agenda"]
    return {name: [task.about for task in getattr(groups, name)] for name in ("late", "due", "next")}


# ── what is due ──────────────────────────────────────────────────────────────
def test_a_mediators_own_deadlines_stand_in_three_groups(start, mediator_of_taiping, client_of):
    for offset in (-1, 0, 1, 40):
        start(today() + offset * DAY, responsible=mediator_of_taiping)

    answer = home(client_of(mediator_of_taiping))

    assert shown(answer) == {"late": ["第 1 件"], "due": ["第 2 件"], "next": ["第 3 件"]}
    assert "1 件逾期，1 件今天到期，1 件三天内到期" in answer.content.decode()


def test_on_paper_a_day_stands_once_and_who_printed_it_is_said(start, mediator_of_taiping, client_of):
    start(date(2023, 10, 7), responsible=mediator_of_taiping, title="共同申请司法确认")

    html = home(client_of(mediator_of_taiping), day="2023-10-07").content.decode()

    assert "，黎桂生（调解员）。</p>" in html
    assert (html.count("第 1 件"), "10月7日" in html) == (1, True)


def test_a_settled_deadline_and_somebody_elses_are_not_shown(start, mediator_of_taiping, officer_of_taiping, client_of):
    start(today(), responsible=officer_of_taiping)
    start(today(), responsible=mediator_of_taiping, settled_on=today(), settled_as="done")

    assert shown(home(client_of(mediator_of_taiping))) == {"late": [], "due": [], "next": []}


@pytest.mark.parametrize(
    ("who", "about"),
    [
        ("officer_of_taiping", ["第 1 件"]),
        ("court_clerk", ["第 2 件　太平镇"]),
        ("judges_assistant", ["第 2 件　太平镇"]),
        ("mediator_of_taiping", []),
        ("reviewing_judge", []),
        ("mediator_of_shuangdong", []),
        ("committee_officer", []),
    ],
)
def test_nobodys_deadlines_go_to_the_officer_or_the_court(who, about, start, cast, client_of):
    start(today())
    start(today(), kind="confirm_accept", actor=Actor.COURT)

    assert shown(home(client_of(cast[who])))["due"] == about


def test_the_longer_period_of_the_same_ruling_is_not_shown_twice(start, reviewing_judge, client_of):
    for kind in ("confirm_decide", "confirm_decide_max"):
        start(today(), kind=kind, actor=Actor.COURT, responsible=reviewing_judge)

    tasks = home(client_of(reviewing_judge)).context["agenda"].due
    assert [task.title for task in tasks] == ["审查并作出裁定"]


def test_the_two_weeks_count_each_day_and_a_pressed_day_filters(start, mediator_of_taiping, client_of):
    for offset in (0, 2, 2, 13, 14):
        start(today() + offset * DAY, responsible=mediator_of_taiping)
    client = client_of(mediator_of_taiping)

    days = home(client).context["days"]
    pressed = home(client, day=(today() + 2 * DAY).isoformat())

    assert [(place, day.count) for place, day in enumerate(days) if day.count] == [(0, 1), (2, 2), (13, 1)]
    assert (len(days), shown(pressed)) == (14, {"late": [], "due": [], "next": ["第 2 件", "第 3 件"]})


def test_an_unusable_day_is_no_choice(start, mediator_of_taiping, client_of):
    start(today(), responsible=mediator_of_taiping)

    assert shown(home(client_of(mediator_of_taiping), day="2023-02-30"))["due"] == ["第 1 件"]


# ── what waits ───────────────────────────────────────────────────────────────
def waiting(answer) -> list[str]:
    return [task.title for task in answer.context["waiting"]]


def test_a_risk_nobody_signed_for_waits_for_town_and_county(
    ledger, mediator_of_taiping, officer_of_taiping, committee_officer, court_clerk, client_of
):
    dispute = ledger.dispute(date(2023, 9, 1), handler=mediator_of_taiping)
    RiskFlag.objects.create(
        dispute=dispute, level="high", reasons="「砍」", raised_at=moment(today()), receiver=officer_of_taiping
    )

    told = {
        user.username: waiting(home(client_of(user)))
        for user in (mediator_of_taiping, officer_of_taiping, committee_officer, court_clerk)
    }

    assert told == {
        "mediator_of_taiping": ["有激化危险，还没有人签收"],
        "officer_of_taiping": ["签收有激化危险的提示，先报 110"],
        "committee_officer": ["有激化危险，还没有人签收"],
        "court_clerk": [],
    }


def test_an_agreement_without_all_signatures_waits_for_its_mediator(
    ledger, mediator_of_taiping, officer_of_taiping, client_of
):
    agreement = ledger.agreed(date(2023, 8, 1), date(2023, 9, 1))
    agreement.effective_on = None
    agreement.save()
    agreement.mediation.ended_on, agreement.mediation.outcome = None, ""
    agreement.mediation.save()
    Assignment.objects.create(mediation=agreement.mediation, mediator=mediator_of_taiping, since=date(2023, 8, 1))

    assert waiting(home(client_of(mediator_of_taiping))) == ["记齐签名盖章，协议才生效"]
    assert waiting(home(client_of(officer_of_taiping))) == []


def test_questions_and_drafts_wait_for_the_judge(ledger, reviewing_judge, judges_assistant, client_of):
    agreement = ledger.agreed(date(2023, 8, 1), date(2023, 9, 1))
    GuidanceRequest.objects.create(
        dispute=agreement.mediation.dispute, town_code=TAIPING, question="能不能确认？", asked_by=ledger.by,
        asked_on=date(2023, 9, 2), recorded_at=moment(date(2023, 9, 2)),
    )  # fmt: skip
    ledger.request(
        agreement, date(2023, 9, 5), state=ConfirmationState.ACCEPTED, accepted_on=date(2023, 9, 6),
        accepted_by=ledger.judge, number="（2023）粤5381诉前调确126号", judge=reviewing_judge,
        ruling_draft={"verb": "confirm"},
    )  # fmt: skip

    assert waiting(home(client_of(reviewing_judge))) == ["答复镇里的法律问题", "裁定书已起草，等您签发"]
    assert waiting(home(client_of(judges_assistant))) == ["答复镇里的法律问题"]


def test_rulings_to_serve_wait_for_the_clerk(ledger, court_clerk, client_of):
    ledger.confirmed(ledger.agreed(date(2023, 8, 1), date(2023, 9, 1)), date(2023, 9, 5), date(2023, 9, 12))

    answer = home(client_of(court_clerk))

    assert waiting(answer) == ["送达裁定书"]
    assert {stage.key: count for stage, count in answer.context["stages"]} == {
        "to_accept": 0,
        "supplement": 0,
        "to_decide": 0,
        "to_serve": 1,
    }


def test_an_entrustment_waits_for_the_officer(ledger, court_clerk, officer_of_taiping, client_of):
    Entrustment.objects.create(
        dispute=ledger.dispute(date(2023, 9, 1)), town_code=TAIPING, basis=Basis.PRE_FILING, sent_on=date(2023, 9, 1),
        sent_by=court_clerk, recorded_at=moment(date(2023, 9, 1)),
    )  # fmt: skip

    assert waiting(home(client_of(officer_of_taiping))) == ["答复法院委派（立案前）：接收或退回"]


def test_what_a_town_reported_waits_for_the_checkers(point, officer_of_taiping, justice_officer, client_of):
    report_item(point_id=point.pk, item="office", met_on=date(2023, 5, 18), uploads=[picture()], by=officer_of_taiping)

    assert waiting(home(client_of(justice_officer))) == ["核验太平镇：一间办公室"]


# ── beside the rows ──────────────────────────────────────────────────────────
def counted(answer, client) -> list[tuple[str, int, int]]:
    """Label, figure, and the length of the list it leads to."""
    cases = answer.context["cases"]
    return [(case.label, case.count, client.get(case.url).context["count"].value) for case in cases]


def test_open_cases_are_the_mediators_own_and_the_officers_town(
    ledger, mediator_of_taiping, officer_of_taiping, client_of
):
    ledger.dispute(date(2023, 9, 1), handler=mediator_of_taiping)
    ledger.dispute(date(2023, 9, 1), handler=mediator_of_taiping, state="mediating")
    ledger.dispute(date(2023, 9, 1), state="mediating")
    mediator, officer = client_of(mediator_of_taiping), client_of(officer_of_taiping)

    assert counted(home(mediator), mediator) == [("已登记", 1, 1), ("已分流", 0, 0), ("调解中", 1, 1)]
    assert counted(home(officer), officer) == [("已登记", 1, 1), ("已分流", 0, 0), ("调解中", 2, 2)]


def test_who_is_on_duty_today_is_named(point, serve, officer_of_taiping, mediator_of_taiping, client_of):
    member = serve("黎志恒", TeamRole.LIAISON_OFFICER, date(2023, 5, 18))
    other = serve("李文", TeamRole.MEDIATOR, date(2023, 5, 18))
    for staff, hours in ((member, "afternoon"), (other, "morning")):
        schedule_shift(point_id=point.pk, on=today(), staff_id=staff.staff_id, hours=hours, by=officer_of_taiping)

    html = home(client_of(mediator_of_taiping)).content.decode()
    assert re.findall("<b>(黎志恒|李文)</b>（(..)）", html) == [("李文", "上午"), ("黎志恒", "下午")]


# ── county, admin, auditor ───────────────────────────────────────────────────
def submit(kind: str, on: date, town: str | None = None) -> None:
    RosterSubmission.objects.create(unit_kind=kind, town_id=town, handed_in_on=on, recorded_at=moment(on))


def test_the_county_sees_the_targets_and_who_has_not_handed_in(divisions, committee_officer, client_of):
    reference.load(lambda line: None)
    submit(UnitKind.TOWN, date(2023, 3, 30), TAIPING)
    submit(UnitKind.TOWN, date(2023, 3, 31), SHUANGDONG)
    submit(UnitKind.COURT, date(2023, 3, 28))

    answer = home(client_of(committee_officer))
    lists = answer.context["day"].submissions

    assert [goal.target.metric for goal in answer.context["day"].figures] == [
        "points_built",
        "mechanism_running",
        "resolution_rate",
        "filings_per_10k",
    ]
    assert (lists.units, lists.in_time, lists.later, lists.missing) == (
        6,
        2,
        [("双东街道", date(2023, 3, 31))],
        ["分界镇", "华石镇", "市司法局"],
    )
    assert "4 个镇（街）机制没有全面运行" in answer.content.decode()


def test_the_admin_sees_imports_unclear_posts_and_missing_lists(divisions, admin, client_of):
    Staff.objects.create(name="甲")
    RosterImport.objects.create(
        file_name="分界镇.xlsx", since=today(), state=ImportState.PREVIEWED, uploaded_by=admin,
        uploaded_at=moment(today()),
    )  # fmt: skip

    answer = home(client_of(admin))

    assert [row.file_name for row in answer.context["day"].imports] == ["分界镇.xlsx"]
    assert (answer.context["day"].unclear, len(answer.context["day"].submissions.missing)) == (1, 6)


@pytest.mark.parametrize("who", ["mediator_of_taiping", "officer_of_taiping"])
def test_a_registration_that_was_begun_waits_for_who_began_it(who, cast, client_of, mediator_of_shuangdong):
    browser = client_of(cast[who])
    for key in ("7a1f6f64-3a51-4a1a-9f53-0d6f7e0a2d11", "7a1f6f64-3a51-4a1a-9f53-0d6f7e0a2d12"):
        browser.post("/disputes/draft/", {"narrative": "电话13800006072来讲，墙倒了", "idempotency_key": key})
    saved = FormDraft.objects.order_by("-saved_at", "pk")

    html, theirs = home(browser).content.decode(), home(client_of(mediator_of_shuangdong)).content.decode()

    for draft in saved:
        assert f'href="/disputes/new/?draft={draft.pk}">接着写</a>' in html
    at = timezone.localtime(saved[0].saved_at)
    assert f"有一份没写完的登记（{at.month}月{at.day}日 {at:%H:%M}）" in html
    assert ("电话138****6072来讲，墙倒了" in html, "13800006072" in html, "没写完" in theirs) == (True, False, False)


def test_the_auditor_reads_the_audit_trail(auditor, client_of):
    assert home(client_of(auditor)).url == reverse("audit")


def test_an_empty_day_says_so(mediator_of_taiping, client_of):
    assert "今天没有要办的" in home(client_of(mediator_of_taiping)).content.decode()


QUERIES = {
    "mediator_of_taiping": 14, "officer_of_taiping": 16, "reviewing_judge": 14, "judges_assistant": 13,
    "court_clerk": 13, "justice_officer": 17, "committee_officer": 17, "admin": 8,
}  # fmt: skip


@pytest.mark.parametrize("rows", [1, 3])
@pytest.mark.parametrize("who", QUERIES)
def test_the_page_asks_the_same_number_of_queries(who, rows, start, ledger, cast, client_of, django_assert_num_queries):
    reference.load(lambda line: None)
    user = cast[who]
    for offset in range(rows):
        for day in (-1, 0, 1):
            start(today() + day * DAY + offset * DAY, responsible=user)
        dispute = ledger.dispute(date(2023, 9, 1), handler=user)
        RiskFlag.objects.create(dispute=dispute, level="high", reasons="「砍」", raised_at=moment(today()))
        ledger.confirmed(ledger.agreed(date(2023, 8, 1), date(2023, 9, 1)), date(2023, 9, 5), date(2023, 9, 12))
    client = client_of(user)

    with django_assert_num_queries(QUERIES[who]):
        home(client)


@pytest.mark.parametrize("day", ["2023-09-20", "2023-10-15", "2024-01-05"])
@pytest.mark.parametrize("who", ["justice_officer", "committee_officer"])
def test_the_countys_page_stays_in_its_bound_after_the_day_of_a_target_in_a_month_read_live(
    who, day, start, ledger, point, cast, client_of
):
    reference.load(lambda line: None)
    ledger.agreed(date(2023, 8, 1), date(2023, 9, 1))
    with time_machine.travel(f"{day} 10:00+08:00", tick=False):
        for offset in (-1, 0, 1):
            start(today() + offset * DAY, responsible=cast[who])
        client = client_of(cast[who])

        with CaptureQueriesContext(connection) as asked:
            answer = home(client)

    late = [task.about for task in answer.context["agenda"].late]
    assert (len(asked) <= PAGE_BOUND, late) == (True, ["第 1 件　太平镇"])
