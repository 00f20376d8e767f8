"""Two people at once about disputes of two towns, and two at two doubled disputes: one wins, nothing is half done."""

from datetime import date

import pytest

from core.choices import Role
from core.errors import NotAllowed, Refused
from disputes.actions import towns
from disputes.choices import TownRequestKind, TownRequestState
from disputes.models import Dispute, TownRequest
from mediation.actions.merging import merge_dispute
from mediation.actions.moves import accept_move
from tests.conftest import SHUANGDONG, TAIPING
from tests.mediation.test_confirmation_race import both

pytestmark = pytest.mark.django_db(transaction=True)
DAY = date(2023, 9, 18)


def or_refused(act, **facts) -> None:
    """Whoever comes second no longer sees the dispute: it is not theirs to act on."""
    try:
        act(**facts)
    except NotAllowed as error:
        raise Refused(str(error)) from error


def test_taken_back_and_taken_over_at_once_only_one_happens(dispute, officer_of_taiping, make_user, divisions):
    theirs = make_user("officer_of_shuangdong", Role.OFFICER, SHUANGDONG)
    village = next(code for code, one in divisions.items() if one.parent_id == SHUANGDONG)
    kind = TownRequestKind.MOVE
    request = towns.ask_town(
        dispute_id=dispute.pk, kind=kind, town_code=SHUANGDONG, reason="住双东", by=officer_of_taiping, on=DAY
    )

    ends = both(
        lambda: or_refused(towns.withdraw_request, request_id=request.pk, by=officer_of_taiping, on=DAY),
        lambda: or_refused(accept_move, request_id=request.pk, village_code=village, by=theirs, on=DAY),
    )

    state, town = TownRequest.objects.get().state, Dispute.objects.get(pk=dispute.pk).town_code
    assert ends == ["done", "refused"]
    assert (state, town) in {(TownRequestState.WITHDRAWN, TAIPING), (TownRequestState.ACCEPTED, SHUANGDONG)}


def test_two_disputes_merged_into_each_other_at_once_do_not_both_vanish(
    dispute, make_dispute, mediator_of_taiping, officer_of_taiping
):
    other = make_dispute(mediator_of_taiping, code="TP2309-0002")

    def merge(one, kept):
        merge_dispute(dispute_id=one.pk, kept_id=kept.pk, reason="同一件", by=officer_of_taiping, on=DAY)

    ends = both(lambda: merge(dispute, other), lambda: merge(other, dispute))

    assert ends == ["done", "refused"]
    assert sorted(Dispute.objects.values_list("state", flat=True)) == ["merged", "routed"]
