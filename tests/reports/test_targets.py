"""The targets read from the database: as of a day, as known on a day, and the system use behind them."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from core.choices import Role
from disputes.models import DisputeEvent
from liaison.actions.duty import schedule_shift
from liaison.actions.duty_marks import hold_shift
from liaison.actions.meetings import record_meeting
from liaison.actions.points import open_point
from liaison.choices import Host, SystemKind
from liaison.models import StandardItem
from mediation.choices import Basis, EntrustmentState
from mediation.models import Entrustment, GuidanceRequest
from reports import reference
from reports.choices import Metric, TargetState
from reports.models import CourtFilingFigure, Target
from reports.queries.targets import standing
from reports.queries.use import NEVER, Use, system_use
from roster.choices import TeamRole
from roster.models import TeamMembership
from tests.conftest import COUNTY, FENJIE, HUASHI, SHUANGDONG, TAIPING
from tests.liaison import assistance_kit
from tests.reports.conftest import moment

MAY_18, JUNE_30, SEPT_20, SEPT_30 = date(2023, 5, 18), date(2023, 6, 30), date(2023, 9, 20), date(2023, 9, 30)


@pytest.fixture
def targets(db) -> None:
    reference.load(lambda line: None)


def target(metric: Metric, on: date, *, codes=(TAIPING,), **kwargs):
    return next(found for found in standing(list(codes), on, **kwargs).targets if found.target.metric == metric)


# ── reference ────────────────────────────────────────────────────────────────
def test_the_targets_load_twice_and_keep_what_an_admin_edited(targets):
    Target.objects.filter(metric=Metric.RESOLUTION_RATE).update(goal=Decimal(85), edited=True)

    reference.load(lambda line: None)

    assert list(Target.objects.order_by("metric").values_list("metric", "due_on", "goal")) == [
        ("filings_per_10k", SEPT_30, None),
        ("mechanism_running", SEPT_30, Decimal(100)),
        ("points_built", JUNE_30, Decimal(100)),
        ("resolution_rate", SEPT_30, Decimal(85)),
    ]


# ── points built ─────────────────────────────────────────────────────────────
def test_a_town_built_in_may_meets_the_june_target(targets, point, build):
    build(point, MAY_18)

    found = target(Metric.POINTS_BUILT, JUNE_30)

    assert (found.share.numerator, found.share.denominator, found.state, found.reached_on) == (
        1,
        1,
        TargetState.MET,
        MAY_18,
    )


def test_of_four_towns_the_three_without_a_point_are_the_gap(targets, point, build):
    build(point, MAY_18)

    found = target(Metric.POINTS_BUILT, JUNE_30, codes=[COUNTY])

    assert (found.value, found.state) == (Decimal("25.00"), TargetState.OPEN)
    assert [town.code for town in found.gaps] == [SHUANGDONG, FENJIE, HUASHI]


@pytest.mark.parametrize(
    ("on", "state"),
    [(JUNE_30, TargetState.MET), (date(2023, 7, 5), TargetState.MET), (date(2023, 7, 6), TargetState.LAPSED)],
    ids=["06-30", "last day 07-05", "07-06"],
)
def test_a_resignation_after_the_day_leaves_the_day_green_and_shows_a_lapse(targets, point, build, on, state):
    build(point, MAY_18)
    TeamMembership.objects.update(until=date(2023, 7, 5), ended_recorded_at=moment(date(2023, 7, 5)))

    assert target(Metric.POINTS_BUILT, on).state == state


def test_the_sixth_text_adopted_on_07_01_does_not_count_on_06_30(targets, point, build):
    build(point, MAY_18)
    point.working_systems.filter(kind=SystemKind.COOPERATION).update(adopted_on=date(2023, 7, 1))
    point.checks.filter(item="rules").update(checked_on=date(2023, 7, 1))

    assert target(Metric.POINTS_BUILT, JUNE_30).share.numerator == 0
    assert target(Metric.POINTS_BUILT, date(2023, 7, 1)).share.numerator == 1


def test_an_entry_made_later_is_seen_and_not_known_before(targets, point, build):
    build(point, MAY_18)
    StandardItem.objects.update(recorded_at=moment(date(2023, 7, 10)))

    now, then = (target(Metric.POINTS_BUILT, JUNE_30, known_on=day) for day in (None, date(2023, 7, 9)))

    assert (now.share.numerator, now.late) == (1, 1)
    assert (then.share.numerator, then.late) == (0, 0)


# ── use of the systems ───────────────────────────────────────────────────────
FIRST_DAY = SEPT_20 - timedelta(days=89)


def use(kind: SystemKind, on: date = SEPT_20, **kwargs) -> Use:
    return system_use([TAIPING], on, **kwargs).get(TAIPING, {}).get(kind, NEVER)


@pytest.fixture
def on_duty(point, serve, officer_of_taiping):
    """on_duty(day, held=True): a shift of that day."""
    member = serve("黎志恒", TeamRole.LIAISON_OFFICER, date(2023, 4, 3))

    def make(day: date, *, held: bool = True) -> None:
        shift = schedule_shift(point_id=point.pk, on=day, staff_id=member.staff_id, by=officer_of_taiping)
        if held:
            hold_shift(shift_id=shift.pk, by=officer_of_taiping, recorded_at=moment(day))

    return make


@pytest.mark.parametrize(
    ("day", "times"),
    [(FIRST_DAY - timedelta(days=1), 0), (FIRST_DAY, 1), (SEPT_20, 1), (SEPT_20 + timedelta(days=1), 0)],
    ids=["91st day back", "90th day back", "the day itself", "the day after"],
)
def test_a_shift_counts_within_ninety_days(day, times, on_duty):
    on_duty(day)

    assert use(SystemKind.DUTY) == (Use(1, day) if times else NEVER)


def test_a_shift_that_was_not_held_is_no_use(on_duty):
    on_duty(SEPT_20, held=False)

    assert use(SystemKind.DUTY) == NEVER


def test_a_shift_noted_later_is_not_known_before(on_duty):
    on_duty(SEPT_20)

    assert use(SystemKind.DUTY, known_on=SEPT_20 - timedelta(days=1)) == NEVER
    assert use(SystemKind.DUTY, known_on=SEPT_20).times == 1


@pytest.mark.parametrize("kind", [SystemKind.GRID, SystemKind.COOPERATION])
def test_a_meeting_is_the_use_of_its_own_system(kind, point, officer_of_taiping):
    record_meeting(point_id=point.pk, held_on=SEPT_20, system=kind, agenda="研判", by=officer_of_taiping)

    assert {other: use(other).times for other in (SystemKind.GRID, SystemKind.COOPERATION)} == {
        SystemKind.GRID: int(kind == SystemKind.GRID),
        SystemKind.COOPERATION: int(kind == SystemKind.COOPERATION),
    }


@pytest.mark.parametrize(("ends", "times"), [(assistance_kit.done, 1), (assistance_kit.failed, 0)])
def test_a_request_of_the_court_that_was_done_is_the_use_of_cooperation(
    ends, times, visit_day, point, court_clerk, officer_of_taiping
):
    request = assistance_kit.accepted(assistance_kit.ask(point, court_clerk), officer_of_taiping)

    ends(request, officer_of_taiping)

    assert use(SystemKind.COOPERATION).times == times


def test_guidance_counts_when_it_was_answered(ledger, reviewing_judge):
    dispute = ledger.dispute(date(2023, 9, 1))
    asked = {"dispute": dispute, "town_code": TAIPING, "asked_by": ledger.by, "asked_on": date(2023, 9, 2)}
    GuidanceRequest.objects.create(question="能不能确认？", recorded_at=moment(SEPT_20), **asked)
    assert use(SystemKind.GUIDANCE) == NEVER

    answered = {"answer": "可以。", "answered_by": reviewing_judge, "answered_on": date(2023, 9, 8)}
    GuidanceRequest.objects.create(question="怎样写？", recorded_at=moment(date(2023, 9, 2)), **asked, **answered)
    assert use(SystemKind.GUIDANCE) == Use(1, date(2023, 9, 8))


def test_pre_litigation_counts_entrustments_taken_on_and_mediation_of_its_own(ledger, court_clerk):
    ledger.mediate(ledger.dispute(date(2023, 8, 1)), date(2023, 8, 2))
    ledger.mediate(ledger.dispute(date(2023, 9, 1)), date(2023, 9, 6), basis=Basis.PRE_FILING)
    for state, day in ((EntrustmentState.ACCEPTED, date(2023, 9, 5)), (EntrustmentState.DECLINED, date(2023, 9, 6))):
        Entrustment.objects.create(
            dispute=ledger.dispute(date(2023, 9, 1)),
            town_code=TAIPING,
            basis=Basis.PRE_FILING,
            state=state,
            sent_on=date(2023, 9, 4),
            sent_by=court_clerk,
            received_on=day,
            declined_because="不属本镇" if state == EntrustmentState.DECLINED else "",
            recorded_at=moment(date(2023, 9, 4)),
        )

    assert use(SystemKind.PRE_LITIGATION) == Use(2, date(2023, 9, 5))


def test_a_confirmation_counts_when_it_was_submitted(ledger):
    agreement = ledger.agreed(date(2023, 8, 1), date(2023, 9, 1))
    ledger.request(agreement, date(2023, 9, 11))

    assert use(SystemKind.CONFIRMATION) == Use(1, date(2023, 9, 11))


# ── the mechanism ────────────────────────────────────────────────────────────
@pytest.fixture
def running(point, build, on_duty, ledger, serve, officer_of_taiping, reviewing_judge):
    """太平镇 with its six systems used in September 2023 and a full team."""
    build(point, MAY_18)
    serve("苏明远", TeamRole.JUDGE, MAY_18)
    serve("何雨桐", TeamRole.JUDGE_ASSISTANT, MAY_18)
    for place in range(6):
        serve(f"调解员{place}", TeamRole.MEDIATOR, MAY_18)
    on_duty(date(2023, 9, 11))
    agreement = ledger.agreed(date(2023, 8, 1), date(2023, 9, 1))
    ledger.request(agreement, date(2023, 9, 11))
    GuidanceRequest.objects.create(
        dispute=agreement.mediation.dispute, town_code=TAIPING, question="怎样写？", asked_by=ledger.by,
        asked_on=date(2023, 9, 2), answer="可以。", answered_by=reviewing_judge, answered_on=date(2023, 9, 8),
        recorded_at=moment(date(2023, 9, 2)),
    )  # fmt: skip
    for kind in (SystemKind.GRID, SystemKind.COOPERATION):
        record_meeting(
            point_id=point.pk, held_on=date(2023, 9, 11), system=kind, agenda="研判", by=officer_of_taiping,
            recorded_at=moment(date(2023, 9, 11)),
        )  # fmt: skip


def test_the_mechanism_runs_with_six_systems_in_use_and_a_full_team(targets, running):
    found = target(Metric.MECHANISM_RUNNING, SEPT_30)

    assert (found.share.numerator, found.state, found.gaps) == (1, TargetState.MET, ())


def test_the_mechanism_stops_when_the_last_use_is_older_than_ninety_days(targets, running):
    last_use = date(2023, 8, 1)  # the day people's mediation was last begun

    assert target(Metric.MECHANISM_RUNNING, last_use + timedelta(days=89)).share.numerator == 1
    assert target(Metric.MECHANISM_RUNNING, last_use + timedelta(days=90)).state == TargetState.LAPSED


def test_a_mediator_who_leaves_stops_the_mechanism_the_day_after(targets, running):
    TeamMembership.objects.filter(staff__name="调解员0").update(until=SEPT_20)

    assert target(Metric.MECHANISM_RUNNING, SEPT_20).share.numerator == 1
    assert target(Metric.MECHANISM_RUNNING, SEPT_20 + timedelta(days=1)).gaps[0].running_gaps == ("缺调解人员 1 名",)


# ── rates ────────────────────────────────────────────────────────────────────
def test_the_resolution_rate_has_no_goal_and_so_no_state(targets, spring):
    found = target(Metric.RESOLUTION_RATE, SEPT_20, codes=[COUNTY])

    assert (found.share.numerator, found.share.denominator, found.value, found.state) == (
        3,
        5,
        Decimal("60.00"),
        TargetState.UNKNOWN,
    )


def test_the_resolution_rate_as_known_leaves_out_what_was_written_later(targets, spring):
    DisputeEvent.objects.filter(on=date(2023, 9, 19)).update(recorded_at=moment(date(2023, 9, 25)))

    found = target(Metric.RESOLUTION_RATE, SEPT_20, codes=[COUNTY], known_on=date(2023, 9, 24))

    assert (found.share.numerator, found.share.denominator) == (2, 4)


def filing(code: str, month: int, number: int, population: int | None = None) -> CourtFilingFigure:
    return CourtFilingFigure.objects.create(
        division_id=code, month=date(2023, month, 1), filings=number, population=population, source="市法院",
        recorded_at=moment(date(2023, month, 28)),
    )  # fmt: skip


def test_filings_count_whole_months_of_the_county_itself(targets, divisions):
    filing(COUNTY, 7, 352, 936_931)
    filing(COUNTY, 8, 340)
    filing(COUNTY, 9, 111)
    filing(TAIPING, 8, 20, 60_000)

    found = target(Metric.FILINGS_PER_10K, SEPT_20, codes=[COUNTY])

    assert (found.share.numerator, found.share.denominator, found.value) == (692, 936_931, Decimal("7.39"))


def test_a_town_is_held_against_its_own_figures(targets, divisions):
    filing(COUNTY, 8, 340, 936_931)
    filing(TAIPING, 8, 20, 60_000)

    assert target(Metric.FILINGS_PER_10K, SEPT_20).value == Decimal("3.33")


def test_without_a_population_there_is_no_rate(targets, divisions):
    filing(COUNTY, 8, 340)

    found = target(Metric.FILINGS_PER_10K, SEPT_20, codes=[COUNTY])

    assert (found.value, found.state) == (None, TargetState.UNKNOWN)


@pytest.mark.parametrize("towns", [1, 3])
def test_the_number_of_queries_does_not_grow_with_the_towns(
    towns, targets, ledger, make_user, build, django_assert_num_queries
):
    for code in (TAIPING, SHUANGDONG, FENJIE)[:towns]:
        officer = make_user(f"officer_{code}", Role.OFFICER, code)
        build(open_point(town_code=code, host=Host.JUDICIAL_OFFICE, address="镇政府路", by=officer), MAY_18, by=officer)
        ledger.agreed(date(2023, 5, 1), date(2023, 6, 1), town=code)

    with django_assert_num_queries(10):
        standing([COUNTY], JUNE_30)
