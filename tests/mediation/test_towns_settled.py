"""What the county was asked to decide is over once the towns agree; how its decision ends a joint handling."""

from datetime import date

import pytest
from django.urls import reverse

from core.choices import Role
from core.errors import Refused
from core.models import AuditEntry, Notification
from disputes.actions import towns
from disputes.choices import EventKind, TownRequestKind, TownRequestState
from disputes.models import Dispute, TownRequest
from mediation.actions.moves import accept_move, decide_lead
from tests.conftest import FENJIE, SHUANGDONG, TAIPING

pytestmark = pytest.mark.django_db
DAY, LATER = date(2023, 9, 18), date(2023, 9, 20)
TO_DECIDE = "等县级决定由太平镇还是双东街道牵头"
TASK = "决定由太平镇还是双东街道牵头"


@pytest.fixture
def officer_of_shuangdong(make_user):
    return make_user("officer_of_shuangdong", Role.OFFICER, SHUANGDONG, name="罗永昌")


@pytest.fixture
def officer_of_fenjie(make_user):
    return make_user("officer_of_fenjie", Role.OFFICER, FENJIE, name="谭永康")


@pytest.fixture
def village_of(divisions):
    return lambda town: next(code for code, one in divisions.items() if one.parent_id == town)


@pytest.fixture
def ask(dispute, officer_of_taiping):
    """ask(kind, town=…) → the request of 太平镇."""

    def ask(kind: str, town: str = SHUANGDONG) -> TownRequest:
        facts = {"kind": kind, "town_code": town, "reason": "对方住在那边", "by": officer_of_taiping, "on": DAY}
        return towns.ask_town(dispute_id=dispute.pk, **facts)

    return ask


@pytest.fixture
def disputed(ask, officer_of_taiping, officer_of_shuangdong, justice_officer) -> TownRequest:
    """双东街道 declined and the county was asked."""
    return put_to_county(ask(TownRequestKind.JOINT), officer_of_taiping, officer_of_shuangdong)


def put_to_county(request: TownRequest, by, declining) -> TownRequest:
    towns.decline_request(request_id=request.pk, by=declining, on=DAY, reason="请太平镇自己办")
    return towns.ask_county(request_id=request.pk, by=by, on=DAY)


def decide(request, by, lead, **facts):
    return decide_lead(request_id=request.pk, lead_code=lead, by=by, **({"reason": "多数在那边", "on": DAY} | facts))


def waits(client, dispute) -> tuple[bool, bool]:
    """Whether the page of the dispute says so, and the county's day list."""
    page, day = (client.get(url).content.decode() for url in (dispute.get_absolute_url(), reverse("today")))
    return TO_DECIDE in page, TASK in day


def by_queryset_and_predicate(request: TownRequest) -> tuple[bool, bool]:
    dispute = Dispute.objects.get(pk=request.dispute_id)
    request.refresh_from_db()
    listed = TownRequest.objects.awaiting_county().filter(pk=request.pk).exists()
    return listed, request.awaits_county_in(dispute, dispute.town_requests.all())


def test_what_the_towns_agreed_on_themselves_no_longer_waits_for_the_county(
    disputed, ask, dispute, officer_of_taiping, officer_of_shuangdong, justice_officer, client_of
):
    county = client_of(justice_officer)
    assert waits(county, dispute) == (True, True)

    towns.accept_joint(request_id=ask(TownRequestKind.JOINT).pk, by=officer_of_shuangdong, on=DAY)

    assert waits(county, dispute) == (False, False)
    with pytest.raises(Refused, match="这次分歧后来已经定下"):
        decide(disputed, justice_officer, TAIPING)
    with pytest.raises(Refused, match="这次分歧后来已经定下"):
        towns.ask_county(request_id=disputed.pk, by=officer_of_taiping, on=DAY)


def came_to_nothing(ask, officers, village_of):
    towns.withdraw_request(request_id=ask(TownRequestKind.JOINT).pk, by=officers[TAIPING], on=DAY)


def joined(ask, officers, village_of):
    towns.accept_joint(request_id=ask(TownRequestKind.JOINT).pk, by=officers[SHUANGDONG], on=DAY)


def another_joined(ask, officers, village_of):
    towns.accept_joint(request_id=ask(TownRequestKind.JOINT, FENJIE).pk, by=officers[FENJIE], on=DAY)


def moved(ask, officers, village_of, town=SHUANGDONG):
    move = ask(TownRequestKind.MOVE, town)
    accept_move(request_id=move.pk, by=officers[town], on=DAY, village_code=village_of(town))


def moved_elsewhere(ask, officers, village_of):
    moved(ask, officers, village_of, FENJIE)


def closed(ask, officers, village_of):
    Dispute.objects.update(state="failed", outcome="failed", closed_on=DAY)


@pytest.mark.parametrize(
    ("since", "still"),
    [
        (came_to_nothing, True),
        (another_joined, True),
        (joined, False),
        (moved, False),
        (moved_elsewhere, False),
        (closed, False),
    ],
)
def test_list_and_page_agree_on_what_is_still_to_decide(
    since, still, disputed, ask, officer_of_taiping, officer_of_shuangdong, officer_of_fenjie, village_of
):
    officers = {TAIPING: officer_of_taiping, SHUANGDONG: officer_of_shuangdong, FENJIE: officer_of_fenjie}

    since(ask, officers, village_of)

    assert by_queryset_and_predicate(disputed) == (still, still)


# ── the county's word while a town joins already ─────────────────────────────
@pytest.fixture
def put_while_joint(ask, officer_of_taiping, officer_of_shuangdong, mediator_of_shuangdong, justice_officer):
    """双东街道 joins from `LATER` on with its mediator; that it should take it over is the county's to decide."""
    joint = ask(TownRequestKind.JOINT)
    towns.accept_joint(request_id=joint.pk, by=officer_of_shuangdong, on=LATER, mediator_id=mediator_of_shuangdong.pk)
    return put_to_county(ask(TownRequestKind.MOVE), officer_of_taiping, officer_of_shuangdong)


@pytest.mark.parametrize("lead", [TAIPING, SHUANGDONG])
def test_the_countys_word_ends_no_joint_handling_before_it_began(lead, put_while_joint, justice_officer, village_of):
    with pytest.raises(Refused, match="不能早于2023年9月20日"):
        decide(put_while_joint, justice_officer, lead, village_code=village_of(SHUANGDONG))

    assert TownRequest.objects.filter(state=TownRequestState.ENDED).count() == 0


@pytest.mark.parametrize(
    ("lead", "why"), [(TAIPING, "县级决定后，按县级的决定联办"), (SHUANGDONG, "改由本镇（街）牵头")]
)
def test_the_joint_handling_that_ends_by_the_countys_word_leaves_its_trace(
    lead, why, put_while_joint, dispute, justice_officer, village_of
):
    decide(put_while_joint, justice_officer, lead, on=LATER, village_code=village_of(SHUANGDONG))

    event = dispute.events.get(kind=EventKind.JOINT_ENDED)
    assert (event.text, event.detail, event.on) == ("双东街道联办结束", why, LATER)
    entry = AuditEntry.objects.get(action="dispute.joint_end")
    assert (entry.actor, entry.detail["town"]) == (justice_officer, SHUANGDONG)


def test_a_town_that_takes_over_what_it_joined_leaves_that_trace_too(
    ask, dispute, officer_of_shuangdong, mediator_of_shuangdong, village_of
):
    towns.accept_joint(request_id=ask(TownRequestKind.JOINT).pk, by=officer_of_shuangdong, on=LATER)
    take = {"request_id": ask(TownRequestKind.MOVE).pk, "by": officer_of_shuangdong}

    with pytest.raises(Refused):
        accept_move(**take, on=DAY, village_code=village_of(SHUANGDONG))
    accept_move(**take, on=LATER, village_code=village_of(SHUANGDONG))

    assert dispute.events.filter(kind=EventKind.JOINT_ENDED).count() == 1
    assert AuditEntry.objects.get(action="dispute.joint_end").actor == officer_of_shuangdong


def test_a_mediator_who_stopped_work_does_not_go_on_by_the_countys_word(
    put_while_joint, justice_officer, mediator_of_shuangdong
):
    mediator_of_shuangdong.is_active = False
    mediator_of_shuangdong.save(update_fields=["is_active"])

    decided = decide(put_while_joint, justice_officer, TAIPING, on=LATER)

    assert (decided.mediator, Dispute.objects.get().joint_towns) == (None, (SHUANGDONG,))


def told_last(user) -> str:
    return Notification.objects.filter(recipient=user).latest("pk").text


@pytest.mark.parametrize(("lead", "name"), [(TAIPING, "太平镇"), (SHUANGDONG, "双东街道")])
def test_the_mediator_whom_a_town_sent_is_told_the_countys_word(
    lead, name, put_while_joint, justice_officer, mediator_of_shuangdong, village_of
):
    decide(put_while_joint, justice_officer, lead, on=LATER, village_code=village_of(SHUANGDONG))

    assert told_last(mediator_of_shuangdong) == f"TP2308-0146：县级决定：由{name}牵头。"


def test_the_mediator_whom_a_town_sent_is_told_that_it_takes_over(
    ask, officer_of_shuangdong, mediator_of_shuangdong, village_of
):
    sent = mediator_of_shuangdong.pk
    joint = ask(TownRequestKind.JOINT)
    towns.accept_joint(request_id=joint.pk, by=officer_of_shuangdong, on=LATER, mediator_id=sent)
    move = ask(TownRequestKind.MOVE)
    accept_move(request_id=move.pk, by=officer_of_shuangdong, on=LATER, village_code=village_of(SHUANGDONG))

    assert told_last(mediator_of_shuangdong) == "TP2308-0146：太平镇移送，双东街道接收。"
