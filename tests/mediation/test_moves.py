"""A dispute passes to the town that takes it over: code and history stay, the work and the figures follow."""

from datetime import date

import pytest
from django.urls import reverse

from core.actions.notifications import notify
from core.choices import Role
from core.errors import Refused
from core.models import Deadline, DirtyBucket, Notification, StoredFile
from disputes.actions import towns
from disputes.choices import ClusterMark, EventKind, TownRequestKind, TownRequestState
from disputes.models import ClusterWarning, Dispute
from disputes.queries import filtered, sealed_search
from disputes.queries.clusters import members_page
from mediation.actions.moves import accept_move
from mediation.actions.papers import add_paper
from mediation.choices import PaperKind
from mediation.models import Assignment, Mediation
from mediation.moving import Standing, why_not_merge, why_not_move
from tests.conftest import SHUANGDONG, TAIPING
from tests.mediation.conftest import at, write
from tests.mediation.test_performance import upload

pytestmark = pytest.mark.django_db
DAY = date(2023, 9, 18)


@pytest.fixture
def officer_of_shuangdong(make_user):
    return make_user("officer_of_shuangdong", Role.OFFICER, SHUANGDONG, name="罗永昌")


@pytest.fixture
def village(divisions) -> str:
    return next(code for code, one in divisions.items() if one.parent_id == SHUANGDONG)


def offer(dispute, by):
    return towns.ask_town(
        dispute_id=dispute.pk, kind=TownRequestKind.MOVE, town_code=SHUANGDONG, reason="当事人都在双东", by=by, on=DAY
    )


def take(request, by, village, **facts):
    return accept_move(request_id=request.pk, by=by, on=DAY, village_code=village, **facts)


def test_nothing_moves_before_the_other_town_accepts(dispute, officer_of_taiping, officer_of_shuangdong):
    offer(dispute, officer_of_taiping)

    assert Dispute.objects.get(pk=dispute.pk).town_code == TAIPING


def test_code_timeline_and_papers_stay_with_the_dispute(
    dispute, officer_of_taiping, officer_of_shuangdong, mediator_of_shuangdong, village
):
    add_paper(dispute_id=dispute.pk, by=officer_of_taiping, upload=upload(), kind=PaperKind.EVIDENCE)

    take(offer(dispute, officer_of_taiping), officer_of_shuangdong, village, mediator_id=mediator_of_shuangdong.pk)

    moved = Dispute.objects.get(pk=dispute.pk)
    assert (moved.code, moved.town_code, moved.division_id) == ("TP2308-0146", SHUANGDONG, village)
    assert (moved.handler, moved.asked_code) == (mediator_of_shuangdong, "")
    assert StoredFile.objects.get().town_code == SHUANGDONG
    assert moved.events.get(kind=EventKind.MOVED).text == "太平镇移送，双东街道接收，由陈水莲承办"
    assert moved.events.filter(kind=EventKind.FILE_ADDED).count() == 1


def test_the_old_town_no_longer_sees_it_and_the_new_one_does(
    dispute, officer_of_taiping, officer_of_shuangdong, village
):
    take(offer(dispute, officer_of_taiping), officer_of_shuangdong, village)

    assert list(Dispute.objects.visible_to(officer_of_taiping)) == []
    assert list(Dispute.objects.visible_to(officer_of_shuangdong)) == [dispute]


def test_the_message_of_the_move_leads_to_where_it_went_and_to_nothing_of_the_file(
    dispute, mediator_of_taiping, officer_of_taiping, officer_of_shuangdong, village, client_of
):
    Dispute.objects.filter(pk=dispute.pk).update(handler=mediator_of_taiping)
    take(offer(dispute, officer_of_taiping), officer_of_shuangdong, village)
    told = Notification.objects.filter(recipient=mediator_of_taiping, text__contains="双东街道接收").get()
    browser = client_of(mediator_of_taiping)

    answer = browser.post(reverse("notification-open", args=[told.pk]), follow=True)

    page = answer.content.decode()
    assert answer.status_code == 200
    assert "本件已经移送双东街道" in page
    assert "9月18日由太平镇移送双东街道" in page
    people = [party.name for party in dispute.parties.all()]
    assert [name for name in (*people, dispute.narrative[:6]) if name in page] == []
    assert browser.get(reverse("disputes:edit", args=[dispute.code])).status_code == 404
    assert "本件已经移送" not in client_of(officer_of_shuangdong).get(dispute.get_absolute_url()).content.decode()


@pytest.mark.parametrize(
    ("since", "is_there"),
    [
        ({}, True),
        ({"town_code": "445381110"}, False),
        ({"state": "failed", "outcome": "failed", "closed_on": DAY}, False),
    ],
    ids=["there", "moved on", "closed"],
)
def test_where_a_moved_file_is_worked_on_is_said_only_while_it_is_true(
    dispute, mediator_of_taiping, officer_of_taiping, officer_of_shuangdong, village, client_of, since, is_there
):
    Dispute.objects.filter(pk=dispute.pk).update(handler=mediator_of_taiping)
    take(offer(dispute, officer_of_taiping), officer_of_shuangdong, village)
    Dispute.objects.filter(pk=dispute.pk).update(**since)

    page = client_of(mediator_of_taiping).get(dispute.get_absolute_url()).content.decode()

    assert "9月18日由太平镇移送双东街道" in page
    assert "太平镇不能再打开" in page
    assert ("现在由双东街道办" in page, "请联系双东街道" in page) == (is_there, is_there)


def test_whom_nobody_told_of_a_move_finds_nothing(
    dispute, officer_of_taiping, officer_of_shuangdong, village, client_of, make_user
):
    colleague = make_user("another_mediator", Role.MEDIATOR, TAIPING)
    stranger = make_user("officer_of_huashi", Role.OFFICER, "445381110")
    take(offer(dispute, officer_of_taiping), officer_of_shuangdong, village)
    notify(recipient=stranger, text="另有所告", url=dispute.get_absolute_url())

    answers = [client_of(user).get(dispute.get_absolute_url()) for user in (colleague, stranger)]

    assert [answer.status_code for answer in answers] == [404, 404]
    assert not any("双东街道" in answer.content.decode() for answer in answers)


def test_its_warning_goes_with_it_and_the_new_town_is_told(
    dispute, make_dispute, mediator_of_taiping, officer_of_taiping, officer_of_shuangdong, village
):
    other = make_dispute(mediator_of_taiping, code="TP2308-0147")
    cluster = ClusterWarning.objects.create(raised_at=at("2023-09-01 09:00"), because="180 天里 3 件")
    for one in (dispute, other):
        cluster.members.create(dispute=one, town_code=TAIPING, respondent="梁伯坚", joined_at=at("2023-09-01 09:00"))

    take(offer(dispute, officer_of_taiping), officer_of_shuangdong, village)

    seen = {user: [row.dispute for row in members_page(user, cluster).rows]
            for user in (officer_of_taiping, officer_of_shuangdong)}  # fmt: skip
    assert seen == {officer_of_taiping: [other], officer_of_shuangdong: [dispute]}
    told = Notification.objects.get(recipient=officer_of_shuangdong, url=cluster.get_absolute_url())
    assert told.text == "聚集预警：梁伯坚在本镇（街）和别处有多起纠纷，请看名单并签收"
    assert Dispute.objects.get(pk=dispute.pk).cluster_mark == ClusterMark.DUE  # now in two towns


def test_it_is_found_by_its_words_within_the_new_town(dispute, officer_of_taiping, officer_of_shuangdong, village):
    take(offer(dispute, officer_of_taiping), officer_of_shuangdong, village)

    asked = {"s": sealed_search(officer_of_shuangdong, "沈水旺"), "town": SHUANGDONG}
    assert list(filtered(officer_of_shuangdong, asked)) == [dispute]


def test_a_running_mediation_goes_on_with_its_new_mediator_committee_and_days(
    mediating, officer_of_taiping, officer_of_shuangdong, mediator_of_shuangdong, village
):
    before = Deadline.objects.get(kind="pm_target", settled_on=None)

    take(offer(mediating, officer_of_taiping), officer_of_shuangdong, village, mediator_id=mediator_of_shuangdong.pk)

    running = Mediation.objects.get()
    assert (running.town_code, running.organisation.division_id, running.ended_on) == (SHUANGDONG, SHUANGDONG, None)
    assert [(one.mediator.name, one.until) for one in running.assignments.order_by("pk")] == [
        ("黎桂生", DAY),
        ("陈水莲", None),
    ]
    after = Deadline.objects.get(kind="pm_target", settled_on=None)
    assert (after.pk, after.due_on) == (before.pk, before.due_on)
    assert (after.town_code, after.responsible) == (SHUANGDONG, mediator_of_shuangdong)


def test_a_running_mediation_is_not_taken_over_without_a_mediator(
    mediating, officer_of_taiping, officer_of_shuangdong, village
):
    request = offer(mediating, officer_of_taiping)

    with pytest.raises(Refused) as refusal:
        take(request, officer_of_shuangdong, village)

    assert (refusal.value.field, Dispute.objects.get(pk=mediating.pk).town_code) == ("mediator", TAIPING)
    assert Assignment.objects.filter(until=None).count() == 1


def test_the_village_must_be_one_of_the_town_that_takes_it(dispute, officer_of_taiping, officer_of_shuangdong):
    request = offer(dispute, officer_of_taiping)

    with pytest.raises(Refused) as refusal:
        take(request, officer_of_shuangdong, dispute.division_id)

    assert (refusal.value.field, refusal.value.message) == ("village", "请选择双东街道的村（社区）。")


def test_both_towns_months_are_counted_anew(mediating, officer_of_taiping, officer_of_shuangdong, village,
                                            mediator_of_shuangdong):  # fmt: skip
    request = offer(mediating, officer_of_taiping)
    DirtyBucket.objects.all().delete()

    take(request, officer_of_shuangdong, village, mediator_id=mediator_of_shuangdong.pk)

    marked = set(DirtyBucket.objects.values_list("town_code", "month"))
    assert marked == {(town, date(2023, 8, 1)) for town in (TAIPING, SHUANGDONG)}


def test_a_drafted_agreement_keeps_the_dispute_where_it_is(
    met, mediator_of_taiping, officer_of_taiping, officer_of_shuangdong, mediator_of_shuangdong, village
):
    request = offer(met, officer_of_taiping)
    write(met, mediator_of_taiping)

    with pytest.raises(Refused, match="协议已经起草"):
        take(request, officer_of_shuangdong, village, mediator_id=mediator_of_shuangdong.pk)

    request.refresh_from_db()
    assert request.state == TownRequestState.ASKED


@pytest.mark.parametrize(
    ("standing", "said"),
    [
        (Standing("registered"), None),
        (Standing("mediating"), None),
        (Standing("agreed"), "本件已经办结，留在原来的镇（街）。"),
        (Standing("mediating", drafted=True), "协议已经起草，正在等签名，现在不能移送。"),
        (Standing("routed", entrusted=True), "本件是法院委派、委托给原来镇（街）的，不能自行移送。"),
    ],
    ids=str,
)
def test_what_keeps_a_dispute_with_its_town(standing, said):
    refusal = why_not_move(standing)

    assert (refusal and refusal[0]) == said


@pytest.mark.parametrize(
    ("standing", "same_town", "kept", "said"),
    [
        (Standing("registered"), True, "mediating", None),
        (Standing("mediating"), True, "registered", None),
        (Standing("agreed"), True, "routed", "本件已经达成协议，不能并入别的一件。"),
        (Standing("routed"), False, "routed", "两件在不同的镇（街），不能直接并案。"),
        (Standing("routed"), True, "ended", "要并入的那一件已经办结。"),
        (Standing("mediating", drafted=True), True, "routed", "本件协议已经起草，不能并入别的一件。"),
        (
            Standing("routed", entrusted=True),
            True,
            "routed",
            "本件是法院委派、委托的，法院在等结果，不能并入别的一件。",
        ),
    ],
    ids=str,
)
def test_what_keeps_a_dispute_from_being_merged(standing, same_town, kept, said):
    refusal = why_not_merge(standing, same_town=same_town, kept_state=kept)

    assert (refusal and refusal[0]) == said
