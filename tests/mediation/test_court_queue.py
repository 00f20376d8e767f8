"""The court's queue: order, stages and their figures, filters, batch acceptance, who sees which rows, eight queries."""

import io
from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from openpyxl import load_workbook

from core.errors import Refused
from core.models import AuditEntry, Deadline, Division
from disputes import bigrams
from liaison.models import Tribunal
from mediation.actions import court_review
from mediation.actions.papers_taken import record_export
from mediation.models import ConfirmationRequest
from mediation.queries.confirmations import accepted_between, decided_between, submitted_between
from tests.conftest import SHUANGDONG, TAIPING
from tests.mediation.confirmation_kit import SUBMITTED, accept, confirm, day, submit

QUEUE = "court:confirmations"


@pytest.fixture
def copy_of(agreed, cast):
    """copy_of("TP2308-0201") → a submitted request on a copy of the agreed dispute; another town by `town`."""

    def make(code: str, on: date = SUBMITTED, town: str = TAIPING) -> ConfirmationRequest:
        source = submit(agreed, cast["mediator_of_taiping"])
        agreement = source.agreement
        mediation, dispute = agreement.mediation, agreement.mediation.dispute
        dispute.pk, dispute.code, dispute.town_code = None, code, town
        dispute.search = bigrams.tokens(dispute.title)  # a loaded row does not hold them
        dispute.save()
        mediation.pk, mediation.dispute, mediation.town_code = None, dispute, town
        mediation.save()
        agreement.pk, agreement.mediation, agreement.number = None, mediation, f"太平人调{code}"
        agreement.save()
        period = Deadline.objects.about(source).get(kind="confirm_accept")
        source.pk, source.agreement, source.town_code, source.version = None, agreement, town, 1
        source.submitted_on = source.received_on = on
        source.save()
        period.pk, period.subject_id, period.town_code = None, str(source.pk), town
        period.due_on = period.raw_due_on = on + timedelta(days=3)
        period.save()
        return source

    return make


def listed(response) -> list[str]:
    return [row.request.agreement.mediation.dispute.code for row in response.context["rows"]]


@pytest.fixture
def clerk(client_of, court_clerk):
    return client_of(court_clerk)


# order and stages


def test_rows_stand_by_last_lawful_day_whatever_their_stage(agreed, clerk, cast, copy_of):
    copy_of("TP2309-0003", on=date(2023, 9, 19))
    copy_of("TP2309-0002", on=date(2023, 9, 15))
    accept(copy_of("TP2309-0004"), cast["court_clerk"], on=date(2023, 9, 12))

    response = clerk.get(reverse(QUEUE))

    assert listed(response) == ["TP2308-0146", "TP2309-0002", "TP2309-0003", "TP2309-0004"]
    assert [str(row.deadline.due_on) for row in response.context["rows"]] == [
        "2023-09-14",
        "2023-09-18",
        "2023-09-22",
        "2023-09-27",
    ]


def test_each_stage_lists_what_its_figure_counts(agreed, clerk, cast, copy_of):
    mediator, court_clerk, judge = cast["mediator_of_taiping"], cast["court_clerk"], cast["reviewing_judge"]
    accept(copy_of("TP2309-0002"), court_clerk)
    court_review.ask_correction(
        request_id=copy_of("TP2309-0003").pk,
        by=court_clerk,
        on=day("2023-09-12"),
        what="缺签名。",
        due_on=day("2023-09-25"),
    )
    confirm(accept(copy_of("TP2309-0004"), court_clerk), judge)
    submit(agreed, mediator)

    tabs = {tab.key: tab for tab in clerk.get(reverse(QUEUE)).context["tabs"]}
    found = {
        key: len(listed(clerk.get(reverse(QUEUE), {"stage": key, "decided_from": tab.decided_from})))
        for key, tab in tabs.items()
    }

    assert {key: tab.count for key, tab in tabs.items()} == {
        "open": 3,
        "to_accept": 1,
        "to_decide": 1,
        "supplement": 1,
        "to_serve": 1,
        "closed": 1,
    }
    assert found == {key: tab.count for key, tab in tabs.items()}


def test_what_is_due_is_said_in_one_sentence(agreed, clerk, copy_of):
    copy_of("TP2309-0002", on=date(2023, 9, 17))
    copy_of("TP2309-0003", on=date(2023, 9, 18))

    figures = clerk.get(reverse(QUEUE)).context["figures"]

    assert (figures.late, figures.today, figures.tomorrow) == (1, 1, 1)


def test_the_overdue_are_listed_behind_their_figure(agreed, clerk, copy_of):
    copy_of("TP2309-0002", on=date(2023, 9, 19))

    assert listed(clerk.get(reverse(QUEUE), {"late": "1"})) == ["TP2308-0146"]


# filters


@pytest.fixture
def three(agreed, copy_of, cast):
    """One of 太平镇 accepted, one submitted, one of 双东街道 under a tribunal."""
    tribunal = Tribunal.objects.create(name="双东人民法庭")
    tribunal.towns.add(Division.objects.get(code=SHUANGDONG))
    far = copy_of("SD2309-0001", town=SHUANGDONG)
    ConfirmationRequest.objects.filter(pk=far.pk).update(tribunal=tribunal.name)
    accept(copy_of("TP2309-0002"), cast["court_clerk"])


@pytest.mark.parametrize(
    ("params", "codes"),
    [
        ({"town": SHUANGDONG}, ["SD2309-0001"]),
        ({"tribunal": "双东人民法庭"}, ["SD2309-0001"]),
        ({"tribunal": "-"}, ["TP2308-0146", "TP2309-0002"]),
        ({"state": "accepted"}, ["TP2309-0002"]),
        ({"q": "TP2309"}, ["TP2309-0002"]),
        ({"q": "诉前调确1号"}, ["TP2309-0002"]),
        ({"mine": "1"}, ["TP2308-0146", "SD2309-0001", "TP2309-0002"]),
        ({"submitted_from": "2023-09-12"}, []),
        ({"stage": "all", "accepted_from": "2023-09-12", "accepted_to": "2023-09-12"}, ["TP2309-0002"]),
    ],
)
def test_a_filter_narrows_the_queue(three, clerk, params, codes):
    assert sorted(listed(clerk.get(reverse(QUEUE), params))) == sorted(codes)


def test_a_judge_is_a_filter(three, clerk, reviewing_judge):
    assert listed(clerk.get(reverse(QUEUE), {"judge": reviewing_judge.pk})) == ["TP2309-0002"]


@pytest.mark.parametrize(
    "params",
    [{"stage": "nonsense"}, {"state": "nonsense"}, {"judge": "x"}, {"town": "太平"}, {"submitted_from": "九月"}],
)
def test_what_is_not_understood_lists_nothing_and_says_so(three, clerk, params):
    response = clerk.get(reverse(QUEUE), params)

    assert (response.status_code, listed(response), len(response.context["wanted"].problems)) == (200, [], 1)


def test_a_search_for_a_name_leaves_no_name_in_the_address(three, clerk):
    moved = clerk.post(reverse("court:confirmations-search"), {"stage": "open", "q": "沈水旺"})

    assert ("沈水旺" in moved.url, "%E6%B2%88" in moved.url, "s=" in moved.url) == (False, False, True)
    assert sorted(listed(clerk.get(moved.url))) == ["SD2309-0001", "TP2308-0146", "TP2309-0002"]


def test_a_search_for_a_stranger_finds_nothing(three, clerk):
    moved = clerk.post(reverse("court:confirmations-search"), {"stage": "open", "q": "欧阳无名"})

    assert listed(clerk.get(moved.url)) == []


@pytest.mark.parametrize("text", ["TP2309-0002", "（2023）粤5381诉前调确1号"])
def test_a_code_or_number_is_searched_in_the_open(three, clerk, text):
    moved = clerk.post(reverse("court:confirmations-search"), {"q": text})

    assert ("q=" in moved.url, listed(clerk.get(moved.url))) == (True, ["TP2309-0002"])


# who


@pytest.mark.parametrize(
    ("who", "codes"),
    [
        ("court_clerk", ["SD2309-0001", "TP2308-0146", "TP2309-0002"]),
        ("reviewing_judge", ["SD2309-0001", "TP2308-0146", "TP2309-0002"]),
        ("judges_assistant", ["SD2309-0001", "TP2308-0146", "TP2309-0002"]),
        ("committee_officer", ["SD2309-0001", "TP2308-0146", "TP2309-0002"]),
        ("officer_of_taiping", ["TP2308-0146", "TP2309-0002"]),
        ("mediator_of_shuangdong", ["SD2309-0001"]),
    ],
)
def test_everybody_sees_the_rows_of_their_divisions(three, client_of, cast, who, codes):
    assert sorted(listed(client_of(cast[who]).get(reverse(QUEUE)))) == codes


@pytest.mark.parametrize("who", ["admin", "auditor"])
@pytest.mark.parametrize("url", [QUEUE, "court:guidance", "court:entrustments", "court:entrustment-new"])
def test_admin_and_auditor_have_no_business_here(three, client_of, cast, who, url):
    assert client_of(cast[who]).get(reverse(url)).status_code == 403


def test_only_the_clerk_can_tick_and_claim(three, client_of, cast):
    offered = {
        who: (page.context["may_batch"], any(row.may_batch for row in page.context["rows"]))
        for who in ("court_clerk", "reviewing_judge", "officer_of_taiping")
        if (page := client_of(cast[who]).get(reverse(QUEUE)))
    }

    assert offered == {
        "court_clerk": (True, True),
        "reviewing_judge": (False, False),
        "officer_of_taiping": (False, False),
    }


# batch acceptance


def test_the_ticked_are_accepted_together(agreed, clerk, copy_of):
    requests = [copy_of("TP2309-0002"), copy_of("TP2309-0003")]
    ticks = [f"{request.pk}:{request.version}" for request in requests]

    response = clerk.post(reverse("court:confirmations-accept"), {"request": ticks})

    numbers = list(
        ConfirmationRequest.objects.filter(state="accepted").order_by("number").values_list("number", flat=True)
    )
    assert (response.status_code, numbers) == (302, ["（2023）粤5381诉前调确1号", "（2023）粤5381诉前调确2号"])


def test_one_stale_tick_stops_the_batch_and_keeps_the_ticks(agreed, clerk, copy_of):
    first, second = copy_of("TP2309-0002"), copy_of("TP2309-0003")
    ticks = [f"{first.pk}:{first.version}", f"{second.pk}:{second.version + 1}"]

    response = clerk.post(reverse("court:confirmations-accept"), {"request": ticks})

    assert (response.status_code, response.context["ticked"]) == (409, ticks)
    assert not ConfirmationRequest.objects.filter(state="accepted").exists()


def test_a_batch_of_another_county_is_not_there(agreed, client_of, make_user, copy_of):
    stranger = make_user("stranger", "clerk", SHUANGDONG)
    request = copy_of("TP2309-0002")

    response = client_of(stranger).post(
        reverse("court:confirmations-accept"), {"request": [f"{request.pk}:{request.version}"]}
    )

    assert (response.status_code, ConfirmationRequest.objects.filter(state="accepted").count()) == (404, 0)


@pytest.mark.parametrize("who", ["reviewing_judge", "judges_assistant", "mediator_of_taiping"])
def test_nobody_else_accepts_in_a_batch(agreed, client_of, cast, copy_of, who):
    request = copy_of("TP2309-0002")

    response = client_of(cast[who]).post(
        reverse("court:confirmations-accept"), {"request": [f"{request.pk}:{request.version}"]}
    )

    assert response.status_code == 403


def test_nonsense_for_a_tick_is_refused_in_words(agreed, clerk):
    response = clerk.post(reverse("court:confirmations-accept"), {"request": ["seven"]})

    assert response.status_code == 422


# export


def test_the_rows_of_the_filter_are_exported_and_audited(three, clerk):
    response = clerk.post(reverse("court:confirmations-export") + "?town=" + SHUANGDONG)

    sheet = load_workbook(io.BytesIO(response.content)).active
    last = AuditEntry.objects.latest("seq")
    assert [row[1].value for row in sheet.iter_rows(min_row=2)] == ["SD2309-0001"]
    assert [cell.value for cell in sheet[2]][:2] == [None, "SD2309-0001"]
    assert (last.action, last.detail["rows"], last.detail["filters"]["town"]) == ("confirmation.export", 1, SHUANGDONG)


def test_filter_of_an_export_is_audited_by_its_own_names(three, clerk):
    clerk.post(reverse("court:confirmations-export") + f"?town={SHUANGDONG}&submitted_from=2023-09-01&mine=1&q=x")

    assert AuditEntry.objects.latest("seq").detail["filters"] == {
        "stage": "open",
        "town": SHUANGDONG,
        "submitted_from": "2023-09-01",
        "mine": True,
    }


def test_too_many_rows_are_not_exported_at_once(court_clerk):
    with pytest.raises(Refused) as refused:
        record_export(rows=10_001, filters={}, by=court_clerk)

    assert refused.value.message == "符合条件的超过 10,000 件，一次导不出来。"


# what reports count


def test_reports_count_by_day_and_town(three, cast):
    first, last = date(2023, 9, 11), date(2023, 9, 12)
    confirm(ConfirmationRequest.objects.get(state="accepted"), cast["reviewing_judge"], on=date(2023, 9, 20))

    assert [
        submitted_between(first, last).count(),
        submitted_between(first, last, towns=[SHUANGDONG]).count(),
        accepted_between(first, last).count(),
        accepted_between(first, first).count(),
        decided_between(first, last).count(),
        decided_between(first, date(2023, 9, 20), towns=["445381"]).count(),
    ] == [3, 1, 1, 0, 0, 1]


# cost


@pytest.mark.parametrize("rows", [1, 3])
@pytest.mark.parametrize("who", ["court_clerk", "reviewing_judge", "committee_officer"])
def test_the_queue_costs_eight_queries_at_one_row_and_at_three(agreed, client_of, cast, copy_of, rows, who):
    for at in range(rows - 1):
        copy_of(f"TP2309-000{at + 2}")
    submit(agreed, cast["mediator_of_taiping"])
    client = client_of(cast[who])

    with CaptureQueriesContext(
        connection,
    ) as queries:
        response = client.get(reverse(QUEUE))

    assert (len(listed(response)), len(queries)) == (rows, 8)
