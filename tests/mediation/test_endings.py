"""Failure, ending, archiving."""

from datetime import date

import pytest

from core.errors import Conflict, NotAllowed, Refused
from core.models import Deadline
from disputes.choices import DisputeState, EventKind
from mediation.actions.endings import archive_dispute, end_mediation, fail_mediation
from mediation.models import ConfirmationRequest
from tests.mediation.conftest import at

pytestmark = pytest.mark.django_db
DAY = date(2023, 9, 5)


def fail(dispute, by, **facts):
    values = {"on": DAY, "reason": "双方差距太大", "ways_told": True}
    return fail_mediation(dispute_id=dispute.pk, by=by, **{**values, **facts})


def end(dispute, by, **facts):
    values = {"on": DAY, "ground": "withdrawn", "reason": "申请人不谈了"}
    return end_mediation(dispute_id=dispute.pk, by=by, **{**values, **facts})


def test_failure_closes_the_try_and_says_that_the_other_ways_were_told(met, mediator_of_taiping):
    mediation = fail(met, mediator_of_taiping)

    met.refresh_from_db()
    assert (met.state, met.outcome, met.closed_on) == (DisputeState.FAILED, "failed", DAY)
    assert (mediation.outcome, mediation.ended_on, mediation.outcome_note) == ("failed", DAY, "双方差距太大")
    assert met.events.get(kind=EventKind.MEDIATION_FAILED).detail == (
        "双方差距太大\n已告知双方可以通过仲裁、行政、司法等途径解决。"
    )
    assert Deadline.objects.about(mediation).get().settled_on == DAY


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"reason": " "}, "reason"),
        ({"reason": "字" * 301}, "reason"),
        ({"ways_told": False}, "ways_told"),
        ({"on": date(2023, 8, 27)}, "on"),
        ({"on": date(2023, 9, 21)}, "on"),
    ],
)
def test_failure_needs_a_reason_the_other_ways_and_a_possible_day(met, mediator_of_taiping, wrong, field):
    with pytest.raises(Refused) as refusal:
        fail(met, mediator_of_taiping, **wrong)

    met.refresh_from_db()
    assert (refusal.value.field, met.state) == (field, DisputeState.MEDIATING)


def test_ending_keeps_its_ground(met, mediator_of_taiping):
    mediation = end(met, mediator_of_taiping)

    met.refresh_from_db()
    assert (met.state, met.outcome, met.end_ground) == (DisputeState.ENDED, "ended", "withdrawn")
    assert mediation.outcome_note == "申请人撤回：申请人不谈了"
    assert met.events.get(kind=EventKind.ENDED).text == "终止：申请人撤回"


def test_ending_needs_one_of_the_grounds(met, mediator_of_taiping):
    with pytest.raises(Refused) as refusal:
        end(met, mediator_of_taiping, ground="tired")

    assert (refusal.value.field, refusal.value.message) == ("ground", "请选择终止事由。")


def test_the_officer_may_end_but_not_declare_failure(met, officer_of_taiping):
    with pytest.raises(NotAllowed):
        fail(met, officer_of_taiping)

    end(met, officer_of_taiping)

    met.refresh_from_db()
    assert met.state == DisputeState.ENDED


@pytest.mark.parametrize("verb", [fail, end])
def test_what_does_not_run_cannot_end(dispute, mediator_of_taiping, verb):
    with pytest.raises(Refused) as refusal:
        verb(dispute, mediator_of_taiping)

    assert refusal.value.message == "这件现在是「已分流」，没有在进行的调解。"


@pytest.mark.parametrize("verb", [fail, end])
def test_a_stale_page_ends_nothing(met, mediator_of_taiping, verb):
    with pytest.raises(Conflict):
        verb(met, mediator_of_taiping, version=1)


# ── filed away ───────────────────────────────────────────────────────────────
def archive(dispute, by, **facts):
    return archive_dispute(dispute_id=dispute.pk, by=by, **{"on": date(2023, 9, 20), **facts})


def test_a_failed_dispute_is_filed_away_and_keeps_its_outcome(met, mediator_of_taiping):
    fail(met, mediator_of_taiping)

    archive(met, mediator_of_taiping)

    met.refresh_from_db()
    assert (met.state, met.outcome, met.closed_on) == (DisputeState.ARCHIVED, "failed", DAY)


def test_unperformed_items_keep_the_file_open_unless_it_is_said_why(agreed, mediator_of_taiping):
    with pytest.raises(Refused) as refusal:
        archive(agreed, mediator_of_taiping)
    assert (refusal.value.message, refusal.value.field) == ("协议还有 3 期没有履行。", "note")

    archive(agreed, mediator_of_taiping, note="分期到11月，先立卷")

    agreed.refresh_from_db()
    assert agreed.state == DisputeState.ARCHIVED
    assert Deadline.objects.get(kind="confirm_apply").settled_as == "void"
    assert Deadline.objects.open().filter(kind="performance").count() == 3


def test_an_open_request_for_confirmation_keeps_the_file_open(agreed, mediator_of_taiping):
    ConfirmationRequest.objects.create(
        agreement=agreed.mediations.get().agreement,
        town_code=agreed.town_code,
        court="罗定市人民法院",
        recorded_at=at("2023-09-18 09:00"),
        prepared_by=mediator_of_taiping,
    )

    with pytest.raises(Refused) as refusal:
        archive(agreed, mediator_of_taiping, note="先立卷")

    assert refusal.value.message == "司法确认还没有结果。"


def test_a_running_mediation_is_not_filed_away(met, mediator_of_taiping):
    with pytest.raises(Refused) as refusal:
        archive(met, mediator_of_taiping)

    assert "现在是「调解中」" in refusal.value.message
