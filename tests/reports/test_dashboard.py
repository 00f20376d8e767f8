"""The dashboard: every figure is the length of its own list, as of any day, inside the reader's divisions."""

from datetime import date, datetime, timedelta
from decimal import Decimal
from urllib.parse import parse_qs, urlparse

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone

from core.choices import Role
from core.queries import today
from disputes import queries as dispute_queries
from mediation.choices import ConfirmationState
from reports import reference
from reports.actions.tallies import recount_all
from reports.choices import Figure, TownFigure
from reports.compliance import Share
from reports.heat import behind_level, missing_level
from reports.models import CourtFilingFigure
from reports.queries.dashboard import Dashboard
from reports.queries.links import TRIED, list_url
from roster.models import Staff, TeamMembership
from tests.conftest import COUNTY, FENJIE, SHUANGDONG, TAIPING, TOWNS
from tests.reports.conftest import moment

SEPT_20 = date(2023, 9, 20)
DAYS = [date(2023, 6, 29), date(2023, 6, 30), date(2023, 7, 1), SEPT_20, date(2023, 12, 31)]


@pytest.fixture
def targets(db) -> None:
    reference.load(lambda line: None)


def board_of(codes: tuple[str, ...], on: date) -> Dashboard:
    """The dashboard after the worker has counted."""
    recount_all()
    return Dashboard(codes, on)


def length_of(address: str, user, client) -> int:
    """How many rows the list behind an address has, asked of the page that shows it."""
    parts = urlparse(address)
    if parts.path == reverse("disputes:list"):
        params = {name: values[0] for name, values in parse_qs(parts.query).items()}
        return dispute_queries.filtered(user, params).count()
    return client.get(address).context["found"].count.value


# ── figure == list ───────────────────────────────────────────────────────────
@pytest.mark.parametrize("on", DAYS, ids=str)
@pytest.mark.parametrize("who", ["committee_officer", "mediator_of_taiping", "reviewing_judge"])
def test_every_figure_is_the_length_of_its_list(on, who, spring, targets, cast, client_of):
    user = cast[who]
    client = client_of(user)
    board = board_of(user.scope_codes, on)

    shown = {figure: board.total[figure] for figure in Figure}
    listed = {figure: length_of(list_url(figure, board.first, board.last), user, client) for figure in Figure}

    assert listed == shown


def test_the_parts_of_the_cards_and_the_funnel_lead_to_lists_of_their_length(
    spring, targets, committee_officer, client_of
):
    board = board_of(committee_officer.scope_codes, SEPT_20)
    client = client_of(committee_officer)
    cards = [part for card in board.cards if "万人" not in card.label for part in card.parts]
    parts = [(part.label, part.number, part.url) for part in [*cards, *board.performance.parts]]
    parts += [(step.label, step.number, step.url) for step in board.funnel]

    wrong = [label for label, number, url in parts if length_of(url, committee_officer, client) != number]

    assert (len(parts), wrong) == (14, [])


def test_a_towns_cells_lead_to_the_towns_own_lists(spring, targets, committee_officer, client_of):
    board = board_of(committee_officer.scope_codes, SEPT_20)
    client = client_of(committee_officer)

    for row in board.heat:
        totals = board.figures.of(row.town.code)
        registered, tried = (row.cells[place].url for place in (3, 4))
        assert length_of(registered, committee_officer, client) == totals[Figure.REGISTERED]
        if tried:
            both = totals[Figure.AGREED] + totals[Figure.FAILED]
            assert length_of(tried, committee_officer, client) == both


# ── what the figures say ─────────────────────────────────────────────────────
def test_the_figures_of_the_county(spring, targets):
    CourtFilingFigure.objects.create(
        division_id=COUNTY, month=date(2023, 8, 1), filings=340, population=936_931, source="市法院",
        recorded_at=moment(SEPT_20),
    )  # fmt: skip

    cards = board_of((COUNTY,), SEPT_20).cards

    assert [(card.label, card.value, card.unit) for card in cards] == [
        ("队伍达到标准", 0, "/ 4"),
        ("本年登记纠纷", 9, "件"),
        ("化解率", Decimal("60.00"), "%"),
        ("万人起诉率（8—8 月）", Decimal("3.63"), "件"),
        ("司法确认裁定有效", 2, "件"),
    ]


def test_a_referred_dispute_stands_in_no_rate(ledger, targets):
    ledger.failed(date(2023, 6, 1), date(2023, 6, 10))
    ledger.close(ledger.dispute(date(2023, 6, 1)), "referred_out", date(2023, 6, 10))
    ledger.close(ledger.dispute(date(2023, 6, 1)), "ended", date(2023, 6, 10))

    resolution = board_of((COUNTY,), SEPT_20).cards[2]

    assert [part.number for part in resolution.parts] == [0, 1]


def test_an_earlier_day_does_not_know_what_came_later(spring, targets):
    june = board_of((COUNTY,), date(2023, 6, 30)).total

    assert (june[Figure.AGREED], june[Figure.FAILED], june[Figure.CONFIRMATIONS_CONFIRMED]) == (2, 1, 1)


def test_the_funnel_shares_are_of_the_step_before(spring, targets):
    funnel = board_of((COUNTY,), SEPT_20).funnel

    assert [(step.label, step.number, step.share.value if step.share else None) for step in funnel] == [
        ("登记纠纷", 9, None),
        ("进入调解", 5, Decimal("55.56")),
        ("达成协议", 3, Decimal("60.00")),
        ("申请司法确认", 3, Decimal("100.00")),
        ("受理司法确认", 2, Decimal("66.67")),
        ("裁定有效", 2, Decimal("100.00")),
    ]


def test_every_month_of_the_year_stands_in_the_chart(spring, targets):
    months = board_of((COUNTY,), SEPT_20).months

    assert [(row.month.month, row.registered, row.agreed) for row in months] == [
        (1, 0, 0), (2, 0, 0), (3, 1, 0), (4, 0, 1), (5, 1, 0), (6, 2, 1), (7, 3, 0), (8, 0, 0), (9, 2, 1),
    ]  # fmt: skip


# ── heat ─────────────────────────────────────────────────────────────────────
@pytest.mark.parametrize(("have", "level"), [(6, 0), (7, 0), (5, 1), (4, 2), (3, 3), (0, 3)])
def test_what_is_missing_is_coloured_by_how_much(have, level):
    assert missing_level(have, 6) == level


WHOLE = Share(80, 100)


@pytest.mark.parametrize(
    ("share", "level"),
    [
        (Share(90, 100), 0),
        (Share(751, 1000), 0),
        (Share(75, 100), 1),
        (Share(70, 100), 2),
        (Share(60, 100), 3),
        (Share(0, 4), 0),
        (Share(0, 5), 3),
        (Share(0, 0), 0),
    ],
    ids=["ahead", "4.9 behind", "5 behind", "10 behind", "20 behind", "too few", "just enough", "nothing"],
)
def test_a_rate_is_coloured_by_how_far_it_is_behind(share, level):
    assert behind_level(share, WHOLE) == level


# ── the page ─────────────────────────────────────────────────────────────────
@pytest.mark.parametrize(
    ("who", "towns"),
    [
        ("mediator_of_taiping", ["太平镇"]),
        ("reviewing_judge", ["双东街道", "太平镇"]),
        ("committee_officer", ["双东街道", "太平镇", "分界镇", "华石镇"]),
    ],
)
def test_everybody_sees_their_own_towns(who, towns, targets, cast, client_of):
    board = client_of(cast[who]).get(reverse("reports:dashboard")).context["board"]

    assert sorted(row.town.code for row in board.heat) == [row.town.code for row in board.heat]
    assert [town.name for town in board.standing.towns.values()] == towns


@pytest.mark.parametrize("who", ["admin", "auditor"])
@pytest.mark.parametrize("name", ["dashboard", "list-filings"])
def test_who_works_with_no_cases_sees_no_figures(who, name, cast, client_of):
    assert client_of(cast[who]).get(reverse(f"reports:{name}")).status_code == 403


def test_the_page_prints_the_definition_of_each_target(targets, client_of, committee_officer):
    page = client_of(committee_officer).get(reverse("reports:dashboard")).content.decode()

    assert ("自报未核验的另列，不计入" in page, "在截至这一天的 90 天里至少用过一次" in page) == (True, True)


def test_there_is_one_pip_a_town_and_gaps_are_dashed(targets, point, build, client_of, committee_officer):
    build(point, date(2023, 5, 18))

    page = client_of(committee_officer).get(reverse("reports:dashboard"), {"on": "2023-06-30"}).content.decode()
    pips = page[page.index('class="pips"') :]
    pips = pips[: pips.index("</div>")]

    assert (pips.count("<i></i>"), pips.count('<i class="gap"></i>')) == (1, 3)


@pytest.mark.parametrize("on", ["2023-02-30", (today() + timedelta(days=2)).isoformat()])
def test_an_unusable_day_is_said(on, targets, client_of, committee_officer):
    answer = client_of(committee_officer).get(reverse("reports:dashboard"), {"on": on})

    assert (answer.status_code, answer.context["on"], "先按今天显示" in answer.content.decode()) == (200, today(), True)


def test_without_targets_the_page_says_what_to_do(client_of, committee_officer, divisions):
    assert "还没有目标" in client_of(committee_officer).get(reverse("reports:dashboard")).content.decode()


@pytest.mark.parametrize("rows", [1, 3])
def test_the_page_asks_the_same_number_of_queries(
    rows, ledger, targets, client_of, committee_officer, django_assert_num_queries
):
    for town in (TAIPING, SHUANGDONG, FENJIE)[:rows]:
        agreement = ledger.agreed(date(2023, 5, 1), date(2023, 6, 1), town=town)
        ledger.confirmed(agreement, date(2023, 6, 2), date(2023, 6, 9))
        ledger.item(agreement, date(2023, 6, 20))
    recount_all()
    client = client_of(committee_officer)

    with django_assert_num_queries(13):
        client.get(reverse("reports:dashboard"), {"on": "2023-06-20"})


# ── lists of our own ─────────────────────────────────────────────────────────
def test_a_list_names_its_disputes_newest_first(spring, client_of, committee_officer):
    address = list_url(Figure.CONFIRMATIONS_CONFIRMED, date(2023, 1, 1), SEPT_20)

    found = client_of(committee_officer).get(address).context["found"]

    assert [row.on for row in found.rows] == [date(2023, 7, 31), date(2023, 4, 20)]


def test_a_list_of_a_foreign_town_is_empty(spring, client_of, mediator_of_taiping):
    address = list_url(Figure.CONFIRMATIONS_SUBMITTED, date(2023, 1, 1), SEPT_20, town=SHUANGDONG)

    assert client_of(mediator_of_taiping).get(address).context["found"].count.value == 0


def test_an_unknown_figure_is_not_there(client_of, committee_officer):
    address = reverse("reports:list-figure", args=["secrets"])

    assert client_of(committee_officer).get(address).status_code == 404


@pytest.mark.parametrize("query", [{"from": "x"}, {"to": "2023-02-30"}, {"town": "445381' OR 1=1"}])
def test_unusable_parameters_are_said(query, spring, client_of, committee_officer):
    address = reverse("reports:list-figure", args=["performance_due"])

    answer = client_of(committee_officer).get(address, query)

    assert (answer.status_code, "写法不对" in answer.content.decode()) == (200, True)


@pytest.mark.parametrize("rows", [1, 3])
def test_a_list_asks_the_same_number_of_queries(rows, ledger, client_of, committee_officer, django_assert_num_queries):
    agreement = ledger.agreed(date(2023, 5, 1), date(2023, 6, 1))
    for day in range(1, rows + 1):
        ledger.item(agreement, date(2023, 6, day))
    client = client_of(committee_officer)

    with django_assert_num_queries(6):
        client.get(list_url(Figure.PERFORMANCE_DUE, date(2023, 1, 1), SEPT_20))


def test_the_filings_are_listed_with_their_source(targets, client_of, committee_officer):
    CourtFilingFigure.objects.create(
        division_id=COUNTY, month=date(2023, 8, 1), filings=340, population=936_931, source="市法院审管办",
        recorded_at=moment(SEPT_20),
    )  # fmt: skip

    page = client_of(committee_officer).get(reverse("reports:list-filings"), {"on": "2023-09-20"}).content.decode()

    assert "市法院审管办" in page
    assert "340 件 ÷ 936,931 人 × 10,000 = 3.63" in page


def test_both_outcomes_together_are_listed_together(spring, committee_officer, client_of):
    address = list_url(TRIED, date(2023, 1, 1), SEPT_20)

    assert length_of(address, committee_officer, client_of(committee_officer)) == 5


def test_a_draft_counts_nowhere(ledger, committee_officer):
    agreement = ledger.agreed(date(2023, 5, 1), date(2023, 6, 1))
    ledger.request(agreement, date(2023, 6, 2), state=ConfirmationState.DRAFT)

    assert board_of((COUNTY,), SEPT_20).total[Figure.CONFIRMATIONS_SUBMITTED] == 0


# ── an item is late when its day is over, not before ─────────────────────────
def test_what_is_due_today_counts_only_once_it_is_done(ledger, committee_officer, client_of):
    agreement = ledger.agreed(today() - timedelta(days=40), today() - timedelta(days=30))
    ledger.item(agreement, today())
    ledger.item(agreement, today(), done_on=today())
    ledger.item(agreement, today() - timedelta(days=1))

    totals = board_of((COUNTY,), today()).total
    listed = length_of(
        list_url(Figure.PERFORMANCE_DUE, today() - timedelta(days=1), today()), committee_officer,
        client_of(committee_officer),
    )  # fmt: skip

    assert listed == 2
    assert totals[Figure.PERFORMANCE_DONE] == 1
    assert totals[Figure.PERFORMANCE_DUE] == (2 if today().timetuple().tm_yday > 1 else 1)


@pytest.mark.parametrize("day", [date(2023, 9, 29), date(2023, 9, 30)], ids=str)
def test_a_month_counts_its_last_day_only_when_it_is_over(day, ledger):
    agreement = ledger.agreed(date(2023, 8, 1), date(2023, 8, 20))
    ledger.item(agreement, day)

    with time_machine.travel(datetime(day.year, day.month, day.day, 9, tzinfo=timezone.get_current_timezone())):
        on_the_day = board_of((COUNTY,), day).total[Figure.PERFORMANCE_DUE]
    recounted = board_of((COUNTY,), date(2023, 9, 30)).total[Figure.PERFORMANCE_DUE]

    assert (on_the_day, recounted) == (0, 1)


# ── figures that count towns ─────────────────────────────────────────────────
FULL_TEAM = ("judge", "judge_assistant", *["mediator"] * 6, "liaison_officer")


@pytest.fixture
def team_of_fenjie(divisions) -> None:
    for number, role in enumerate(FULL_TEAM):
        TeamMembership.objects.create(
            staff=Staff.objects.create(name=f"黎某{number}"), town_id=FENJIE, town_code=FENJIE, role=role,
            since=date(2023, 3, 30), recorded_at=moment(date(2023, 3, 30)),
        )  # fmt: skip


def test_a_complete_team_is_counted_and_stands_last(team_of_fenjie, targets, client_of, committee_officer):
    address = reverse("reports:list-towns", args=["team-complete"])

    found = client_of(committee_officer).get(address, {"on": "2023-09-20"}).context["found"]

    assert (found.share, found.rows[-1].town.code) == (Share(1, 4), FENJIE)
    assert found.rows[0].gaps[0] == "缺法官 1 名"


@pytest.mark.parametrize("figure", TownFigure.values)
def test_a_figure_of_towns_opens_every_town_the_lacking_first(
    figure, team_of_fenjie, targets, client_of, committee_officer
):
    answer = client_of(committee_officer).get(reverse("reports:list-towns", args=[figure]), {"on": "2023-09-20"})

    rows = answer.context["found"].rows
    assert sorted(row.town.code for row in rows) == sorted(TOWNS)
    assert [row.counts for row in rows] == sorted(row.counts for row in rows)
    assert all(row.gaps for row in rows if not row.counts)


def test_the_figures_of_towns_equal_their_lists(spring, targets, committee_officer, client_of):
    board = board_of(committee_officer.scope_codes, SEPT_20)
    client = client_of(committee_officer)
    shown = [(goal.share.numerator, goal.list_url) for goal in board.goals]
    shown += [(card.value, card.url) for card in board.cards if card.label == "队伍达到标准"]

    listed = [client.get(url).context["found"].share.numerator for _, url in shown]

    assert (len(shown), listed) == (3, [number for number, _ in shown])


def test_an_unknown_figure_of_towns_is_not_there(client_of, committee_officer):
    assert client_of(committee_officer).get("/dashboard/towns/secrets/").status_code == 404


@pytest.mark.parametrize("code", [(TAIPING,), (COUNTY,)])
def test_the_towns_of_a_figure_cost_the_same_for_one_and_for_four(
    code, targets, make_user, client_of, django_assert_num_queries
):
    client = client_of(make_user("reader", Role.COMMITTEE, *code))

    with django_assert_num_queries(7):
        client.get(reverse("reports:list-towns", args=["team-complete"]), {"on": "2023-09-20"})
