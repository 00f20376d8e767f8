"""A dispute of two towns is counted once; one that moved follows its town, and stays where it was as known before."""

from collections.abc import Iterator
from datetime import date

import pytest
import time_machine

from core.choices import Role
from core.models import User
from disputes.actions import towns
from disputes.choices import TownRequestKind
from disputes.models import Dispute
from disputes.queries import filtered
from mediation.actions.merging import merge_dispute
from mediation.actions.moves import accept_move
from reports.actions.tallies import recount_all
from reports.choices import Figure
from reports.queries.figure_list import figure_list
from reports.queries.ledger import monthly_counts
from tests.conftest import COUNTY, SHUANGDONG, TAIPING
from tests.mediation.conftest import at
from tests.reports.test_marks import assert_marks_suffice

AUGUST = (date(2023, 8, 1), date(2023, 8, 31))
MOVED_ON = date(2023, 9, 18)
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _day() -> Iterator[None]:
    with time_machine.travel(at("2023-09-20 10:05"), tick=False):
        yield


@pytest.fixture
def officer_of_shuangdong(make_user) -> User:
    return make_user("officer_of_shuangdong", Role.OFFICER, SHUANGDONG, name="罗永昌")


@pytest.fixture
def moved(mediating, officer_of_taiping, officer_of_shuangdong, mediator_of_shuangdong, divisions) -> Dispute:
    """Registered and mediated in August in 太平镇, taken over on 2023-09-18 (written down two days later)."""
    recount_all()
    ask(mediating, officer_of_taiping, TownRequestKind.MOVE)
    village = next(code for code, one in divisions.items() if one.parent_id == SHUANGDONG)
    accept_move(
        request_id=mediating.town_requests.get().pk, by=officer_of_shuangdong, on=MOVED_ON, village_code=village,
        mediator_id=mediator_of_shuangdong.pk,
    )  # fmt: skip
    return Dispute.objects.get(pk=mediating.pk)


def ask(dispute, by, kind) -> None:
    towns.ask_town(dispute_id=dispute.pk, kind=kind, town_code=SHUANGDONG, reason="当事人在双东", by=by, on=MOVED_ON)


def counted(known_on: date | None = None, codes=(COUNTY,)) -> dict[str, dict[str, int]]:
    figures = (Figure.REGISTERED, Figure.MEDIATED)
    found = monthly_counts(codes, [AUGUST], figures, known_on)
    return {town: {str(figure): n for figure, n in counts.items()} for (town, _), counts in found.items()}


BOTH = {"registered": 1, "mediated": 1}


def test_what_moved_counts_once_and_for_its_new_town_on_every_day(moved):
    assert counted() == {SHUANGDONG: BOTH}
    assert_marks_suffice()


def test_as_known_before_the_move_was_written_down_it_counts_for_the_old_town(moved):
    assert counted(known_on=date(2023, 9, 19)) == {TAIPING: BOTH}
    assert counted(known_on=date(2023, 9, 19), codes=(TAIPING,)) == {TAIPING: BOTH}
    assert counted(known_on=date(2023, 9, 19), codes=(SHUANGDONG,)) == {}
    assert counted(known_on=date(2023, 9, 20)) == {SHUANGDONG: BOTH}


def test_each_figure_still_opens_its_own_list(moved, officer_of_shuangdong, officer_of_taiping):
    for user, count in ((officer_of_shuangdong, 1), (officer_of_taiping, 0)):
        listed = filtered(user, {"from": "2023-08-01", "to": "2023-08-31"}).count()
        assert listed == count
        assert len(figure_list(user.scope_codes, Figure.MEDIATED, *AUGUST).rows) == count


def test_a_joint_handling_counts_for_the_lead_town_alone(mediating, officer_of_taiping, officer_of_shuangdong):
    ask(mediating, officer_of_taiping, TownRequestKind.JOINT)
    towns.accept_joint(request_id=mediating.town_requests.get().pk, by=officer_of_shuangdong, on=MOVED_ON)

    assert counted() == {TAIPING: BOTH}
    assert filtered(officer_of_shuangdong, {}).count() == 0
    assert filtered(officer_of_shuangdong, {"joint": "1"}).count() == 1
    assert filtered(officer_of_shuangdong, {"q": mediating.code}).count() == 1


def test_what_was_merged_counts_once_from_the_day_it_was_written_down(
    dispute, make_dispute, mediator_of_taiping, officer_of_taiping
):
    double = make_dispute(mediator_of_taiping, code="TP2308-0147")
    recount_all()

    merge_dispute(
        dispute_id=double.pk, kept_id=dispute.pk, reason="登记了两次", by=officer_of_taiping, on=date(2023, 9, 20)
    )

    assert counted() == {TAIPING: {"registered": 1}}
    assert counted(known_on=date(2023, 9, 19)) == {TAIPING: {"registered": 2}}
    assert filtered(officer_of_taiping, {"from": "2023-08-01"}).count() == 1
    assert_marks_suffice()
