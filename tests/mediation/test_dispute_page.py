"""The one dispute page: what it shows, to whom, and what it asks of the database."""

from datetime import date, time

import pytest
from django.urls import reverse

from core.errors import Refused
from disputes.actions.events import record_event
from disputes.choices import EventKind, Risk, Side
from disputes.models import CaseQuestion, RiskFlag
from mediation.actions.endings import archive_dispute
from mediation.actions.performance import record_performance, waive_confirmation
from mediation.models import PerformanceItem
from tests.mediation.confirmation_kit import accept, confirm, serve, submit
from tests.mediation.conftest import at, meet, party, sign, start, write

pytestmark = pytest.mark.django_db
QUERIES = 16


def page(client, dispute, **query):
    return client.get(reverse("dispute-page", args=[dispute.code]), query)


def text_of(response) -> str:
    return response.content.decode()


@pytest.fixture
def mediator(client_of, mediator_of_taiping):
    return client_of(mediator_of_taiping)


# ── what it shows ────────────────────────────────────────────────────────────
def test_a_routed_dispute_offers_to_start(mediator, dispute):
    html = text_of(page(mediator, dispute))

    assert "下一步：开始调解" in html
    assert f'href="{reverse("mediation:start", args=[dispute.code])}"' in html


def test_the_story_says_in_which_village_and_over_how_much(mediator, dispute):
    dispute.amount = 48_000
    dispute.save(update_fields=["amount"])

    assert f'<p class="meta">{dispute.division.short_name}　标的额 48,000 元</p>' in text_of(page(mediator, dispute))


def test_what_is_missing_before_an_agreement_switches_the_button_off(mediator, met):
    respondent = met.parties.get(side=Side.RESPONDENT)
    respondent.id_number = ""
    respondent.save()

    html = text_of(page(mediator, met))

    assert "缺梁伯坚的证件号码" in html
    assert '<button class="btn btn-primary" type="button" disabled>起草协议</button>' in html
    assert reverse("disputes:edit-party", args=[met.code, respondent.pk]) in html


def test_a_question_that_must_be_answered_first_is_named_and_asked_for(mediator, met, mediator_of_taiping):
    CaseQuestion.objects.create(
        key="note", case_type=met.case_type, label="借据", required_before_agreement=True, enabled=True
    )

    html = text_of(page(mediator, met))
    with pytest.raises(Refused, match="还没有问：借据"):
        write(met, mediator_of_taiping)

    assert "还没有问：借据" in html
    assert reverse("disputes:edit", args=[met.code]) in html


def test_an_unsigned_agreement_names_who_has_not_signed(mediator, drafted):
    html = text_of(page(mediator, drafted))

    assert "还没有沈水旺签名" in html
    assert "还没有盖章" in html
    assert "待签名盖章" in html


def test_an_agreement_in_effect_shows_signatures_items_and_its_days(mediator, agreed):
    response = page(mediator, agreed)

    html = text_of(response)
    assert "太平人调〔2023〕1号" in html
    assert html.count("9月1日 16:40") >= 4
    assert "共 48,000 元" in html
    assert [deadline.title for deadline in response.context["page"].open_deadlines] == [
        "督促履行第 1 期",
        "共同申请司法确认",
        "督促履行第 2 期",
        "督促履行第 3 期",
    ]


def test_an_overdue_item_and_a_performed_one_are_told_apart(mediator, agreed, mediator_of_taiping):
    PerformanceItem.objects.filter(serial=1).update(due_on=date(2023, 9, 19))
    second = PerformanceItem.objects.get(serial=2)
    record_performance(dispute_id=agreed.pk, item_id=second.pk, by=mediator_of_taiping, on=date(2023, 9, 20))

    html = text_of(page(mediator, agreed))

    assert "到期没有履行" in html
    assert "已履行" in html


def test_after_confirmation_is_waived_performance_is_next(mediator, agreed, mediator_of_taiping):
    waive_confirmation(dispute_id=agreed.pk, by=mediator_of_taiping, on=date(2023, 9, 20))

    assert "下一步：督促履行第 1 期：还款" in text_of(page(mediator, agreed))


def test_the_stops_carry_the_days_of_confirmation_performance_and_archive(mediator, agreed, mediator_of_taiping):
    def days():
        return {stop.label: stop.small for stop in page(mediator, agreed).context["page"].stops}

    assert (days()["司法确认"], days()["履行"]) == ("10月7日前", "首期 9月30日")
    submit(agreed, mediator_of_taiping)
    assert days()["司法确认"] == "9月11日提出"


def test_an_archived_file_offers_nothing_but_late_papers_and_links(mediator, agreed, mediator_of_taiping):
    archive_dispute(dispute_id=agreed.pk, by=mediator_of_taiping, on=date(2023, 9, 20), note="分期较长")

    response = page(mediator, agreed)

    shown = response.context["page"]
    assert (shown.next.title, shown.stops[-1].small) == ("已归档，还有履行在进行", "9月20日")
    assert [act.label for act in shown.more] == ["关联他件"]
    assert reverse("mediation:paper-new", args=[agreed.code]) in text_of(response)


def test_personal_numbers_are_masked(mediator, agreed):
    html = text_of(page(mediator, agreed))

    assert "445381********1234" in html
    assert "138****6072" in html
    assert "445381196805041234" not in html
    assert "13800006072" not in html


def test_a_risk_warning_puts_110_first_with_a_button_to_sign_for_it(client_of, dispute, officer_of_taiping):
    flag = RiskFlag.objects.create(
        dispute=dispute,
        level=Risk.HIGH,
        reasons="扬言伤人",
        raised_at=at("2023-08-28 11:20"),
        receiver=officer_of_taiping,
    )

    html = text_of(page(client_of(officer_of_taiping), dispute))

    assert html.index("tel:110") < html.index("走到哪一步")
    assert reverse("disputes:acknowledge-risk", args=[dispute.code, flag.pk]) in html
    assert "有激化危险，还没有签收" in html


def test_only_legal_steps_leave_corrections_out(mediator, dispute):
    record_event(dispute, EventKind.EDITED, on=date(2023, 8, 29), by=None, text="修改经过")

    assert "修改经过" in text_of(page(mediator, dispute))
    assert "修改经过" not in text_of(page(mediator, dispute, log="legal"))


def test_on_paper_every_running_day_is_spelled_out(mediator, agreed):
    html = text_of(page(mediator, agreed))

    assert "打印于 2023年9月20日 10:05，黎桂生（调解员）。" in html
    assert "共同申请司法确认最后一日：2023年10月7日（2023年9月1日起算，原届满日2023年10月1日遇休假日顺延）。" in html


def test_on_paper_each_partys_days_to_object_say_whose(mediator, agreed, mediator_of_taiping, cast):
    request = accept(submit(agreed, mediator_of_taiping), cast["court_clerk"])
    confirm(request, cast["reviewing_judge"])
    for one in agreed.parties.all():
        serve(request, one, cast["court_clerk"])

    html = text_of(page(mediator, agreed))

    assert [f"对确认裁定提出异议（{name}）最后一日：" in html for name in ("沈水旺", "梁伯坚")] == [True, True]


def test_the_timeline_says_when_a_line_was_written_where_it_was_not_then(mediator, mediating, mediator_of_taiping):
    meet(mediating, mediator_of_taiping, held_on=date(2023, 9, 20), from_time=time(9, 30), recorded_at=None)
    meet(mediating, mediator_of_taiping, held_on=date(2023, 9, 19), from_time=time(15), recorded_at=None)

    html = text_of(page(mediator, mediating))

    assert ("录入于 10:05" in html, "录入于 9月20日 10:05" in html) == (True, True)


@pytest.mark.parametrize(
    ("days", "words"),
    [
        (("2023-09-18",), "9月18日"),
        (("2023-09-18", "2023-09-18"), "9月18日 2 次"),
        (("2023-09-18", "2023-09-19"), "9月18日、9月19日"),
        (("2023-09-18", "2023-09-18", "2023-09-19"), "9月18日等 3 次"),
    ],
)
def test_the_stop_of_mediation_names_a_day_once(mediator, mediating, mediator_of_taiping, days, words):
    for held_on in days:
        meet(mediating, mediator_of_taiping, held_on=date.fromisoformat(held_on), recorded_at=None)

    stops = page(mediator, mediating).context["page"].stops
    assert next(stop.small for stop in stops if stop.label == "调解") == words


# ── to whom ──────────────────────────────────────────────────────────────────
@pytest.mark.parametrize(
    "who", ["officer_of_taiping", "reviewing_judge", "court_clerk", "justice_officer", "committee_officer"]
)
def test_whoever_may_see_but_not_act_is_told_who_acts(cast, client_of, met, who):
    html = text_of(page(client_of(cast[who]), met))

    assert "您能看这一件，这一步由黎桂生办。" in html
    assert "起草协议</a>" not in html


def test_a_dispute_of_another_town_is_not_there(client_of, dispute, mediator_of_shuangdong):
    assert page(client_of(mediator_of_shuangdong), dispute).status_code == 404


@pytest.mark.parametrize("who", ["admin", "auditor"])
def test_admin_and_auditor_see_no_case(cast, client_of, dispute, who):
    assert page(client_of(cast[who]), dispute).status_code == 403


def test_a_stranger_is_sent_to_sign_in(client, dispute):
    assert page(client, dispute).status_code == 302


@pytest.mark.parametrize(
    ("who", "seen"), [("mediator_of_taiping", True), ("officer_of_taiping", False), ("reviewing_judge", False)]
)
def test_what_was_said_back_to_back_is_the_writers_alone(cast, client_of, mediating, mediator_of_taiping, who, seen):
    meet(mediating, mediator_of_taiping, private_note="底线是四万五千")

    assert ("底线是四万五千" in text_of(page(client_of(cast[who]), mediating))) is seen


# ── what it asks of the database ─────────────────────────────────────────────
def test_sixteen_queries_are_the_most_and_rows_add_none(
    mediator, make_dispute, mediator_of_taiping, law_in_force, django_assert_max_num_queries, django_assert_num_queries
):
    slim, full = make_dispute(mediator_of_taiping), make_dispute(mediator_of_taiping, code="TP2308-0147")
    party(full, Side.RESPONDENT, "梁伯林", "445381197603025614")
    for dispute, meetings in ((slim, 1), (full, 3)):
        start(dispute, mediator_of_taiping)
        for _ in range(meetings):
            meet(dispute, mediator_of_taiping)
        write(dispute, mediator_of_taiping)
        sign(dispute, mediator_of_taiping)
    with django_assert_max_num_queries(QUERIES) as asked:
        page(mediator, slim)

    with django_assert_num_queries(len(asked)):
        page(mediator, full)


def test_a_route_by_way_of_the_judge_asks_no_more_than_one_to_the_town(
    mediator, make_dispute, mediator_of_taiping, law_in_force, django_assert_max_num_queries, django_assert_num_queries
):
    to_town = make_dispute(mediator_of_taiping, destination="town")
    by_judge = make_dispute(mediator_of_taiping, code="TP2308-0147", destination="judge_guidance")
    with django_assert_max_num_queries(QUERIES) as asked:
        page(mediator, to_town)

    with django_assert_num_queries(len(asked)):
        html = text_of(page(mediator, by_judge))

    assert html.count(reverse("mediation:guidance-ask", args=[by_judge.code])) == 1


def test_a_confirmed_agreement_seen_by_the_court_is_the_dearest_page(
    client_of, agreed, mediator_of_taiping, court_clerk, reviewing_judge, django_assert_max_num_queries
):
    confirm(accept(submit(agreed, mediator_of_taiping), court_clerk), reviewing_judge)

    clerk = client_of(court_clerk)

    with django_assert_max_num_queries(QUERIES):
        response = page(clerk, agreed)

    assert "裁定有效" in text_of(response)
