"""Somebody's last day in office: nothing new is theirs, and what is theirs nevertheless is told when they have gone."""

from datetime import date, timedelta

import pytest
import time_machine
from django.urls import reverse

from core.choices import Role
from core.errors import Refused
from core.models import Deadline, Notification, User
from disputes.actions.towns import mediator_of
from disputes.queries import officers_of
from disputes.queries.chain import chain_of
from liaison.queries.activities import answerable
from liaison.queries.assistance import goers_of
from mediation.forms.court import AcceptForm
from mediation.queries.confirmations import judge_of_town, judges_of, judges_to_name
from mediation.queries.handover import successors
from mediation.queries.mediations import mediators_of
from roster.actions.ended_terms import follow_ended_terms
from roster.models import Absence, Staff, TeamMembership
from tests.conftest import SHUANGDONG, TAIPING
from tests.mediation.confirmation_kit import accept, submit
from tests.mediation.conftest import at, meet, sign, start, write

SINCE, TODAY = date(2023, 3, 30), date(2023, 9, 20)


def seat(
    user: User, role: str, *, until: date | None = None, town: str = TAIPING, since: date = SINCE
) -> TeamMembership:
    staff, _ = Staff.objects.get_or_create(user=user, defaults={"name": user.name, "name_initials": "x"})
    facts = {"since": since, "recorded_at": at("2023-03-30 09:00")}
    if until:
        facts |= {"until": until, "ended_recorded_at": at("2023-09-20 08:00")}
    return TeamMembership.objects.create(staff=staff, town_id=town, town_code=town, role=role, **facts)


@pytest.fixture
def leaver(mediator_of_taiping) -> User:
    """A mediator of 太平镇 whose last day is today."""
    seat(mediator_of_taiping, "mediator", until=TODAY)
    return mediator_of_taiping


@pytest.fixture
def stayer(make_user) -> User:
    user = make_user("stayer", Role.MEDIATOR, TAIPING, name="林文英")
    seat(user, "mediator")
    return user


# ── who is offered ───────────────────────────────────────────────────────────
def test_a_mediator_who_leaves_today_is_neither_offered_nor_taken(leaver, stayer, officer_of_taiping, make_dispute,
                                                                  law_in_force, taiping):  # fmt: skip
    dispute = make_dispute(None, registered_by=officer_of_taiping)
    assert (mediators_of(TAIPING), goers_of(TAIPING)) == ([stayer], [stayer, officer_of_taiping])
    assert successors(seat(officer_of_taiping, "mediator"), TODAY) == [stayer]
    with pytest.raises(Refused, match="今天是黎桂生在本镇（街）的最后一天，不能再接新的。"):
        start(dispute, officer_of_taiping, mediator_id=leaver.pk)
    with pytest.raises(Refused, match="今天是黎桂生在太平镇的最后一天，不能再接新的。"):
        mediator_of(taiping, leaver.pk)
    assert start(dispute, officer_of_taiping, mediator_id=stayer.pk).pk


@pytest.mark.parametrize(
    ("until", "more", "is_offered"),
    [
        (None, (), True),
        (TODAY, (), False),
        (TODAY - timedelta(days=1), (), True),
        (TODAY, (("mediator", TAIPING),), True),
        (TODAY, (("mediator", SHUANGDONG), ("judge_assistant", TAIPING)), False),
    ],
    ids=["in office", "last day", "reopened by hand", "a new term", "another town and seat"],
)
def test_the_seat_that_makes_the_account_must_go_on_in_the_town(mediator_of_taiping, until, more, is_offered):
    seat(mediator_of_taiping, "mediator", until=until)
    for role, town in more:
        seat(mediator_of_taiping, role, town=town)
    assert (mediators_of(TAIPING) == [mediator_of_taiping]) is is_offered


def test_an_account_without_a_term_is_offered(mediator_of_taiping):
    assert mediators_of(TAIPING) == [mediator_of_taiping]


@pytest.fixture
def submitted(dispute):
    handler = dispute.handler
    start(dispute, handler)
    meet(dispute, handler)
    write(dispute, handler)
    sign(dispute, handler)
    return submit(dispute, handler)


def test_the_judge_who_leaves_today_gets_no_request_and_is_still_asked(
    submitted, reviewing_judge, court_clerk, make_user
):
    seat(reviewing_judge, "judge", until=TODAY)
    other = make_user("other_judge", Role.JUDGE, TAIPING, name="莫志芬")
    assert (judges_of(TAIPING), judges_to_name(TAIPING)) == ([reviewing_judge, other], [other])
    assert judge_of_town(TAIPING, TODAY) == other
    with pytest.raises(Refused, match="的最后一天，不能再承办新的") as refused:
        accept(submitted, court_clerk, judge=reviewing_judge)
    assert refused.value.field == "judge"


def test_the_only_judge_is_offered_on_the_last_day_and_takes_the_request(submitted, reviewing_judge, court_clerk):
    seat(reviewing_judge, "judge", until=TODAY)
    offered = AcceptForm(confirmation=submitted, user=court_clerk).fields["judge"]
    assert (offered.choices[1:], offered.initial) == ([(str(reviewing_judge.pk), "沈明轩")], str(reviewing_judge.pk))
    assert accept(submitted, court_clerk, judge=reviewing_judge).judge == reviewing_judge


def test_where_all_judges_leave_today_it_is_the_one_of_the_roster(reviewing_judge, make_user):
    other = make_user("other_judge", Role.JUDGE, TAIPING, name="莫志芬")
    seat(other, "judge", until=TODAY, since=TODAY)
    staff = seat(reviewing_judge, "judge", until=TODAY).staff
    assert (judges_to_name(TAIPING), judge_of_town(TAIPING, TODAY)) == ([reviewing_judge, other], reviewing_judge)
    TeamMembership.objects.filter(staff=staff).update(until=None, ended_recorded_at=None)
    assert (judges_to_name(TAIPING), judge_of_town(TAIPING, TODAY)) == ([reviewing_judge], reviewing_judge)


def test_an_officer_who_leaves_today_comes_after_the_others(officer_of_taiping, make_user):
    seat(officer_of_taiping, "liaison_officer", until=TODAY)
    assert officers_of(TAIPING) == [officer_of_taiping]
    other = make_user("second", Role.OFFICER, TAIPING, name="陈敏")
    assert officers_of(TAIPING) == [other, officer_of_taiping]
    assert [link.person for link in chain_of(TAIPING, TODAY, with_county=False).links] == [
        other.pk,
        officer_of_taiping.pk,
    ]
    assert answerable(TAIPING, officer_of_taiping.staff.pk) == other


def test_who_stands_in_for_an_officer_is_called_on_the_last_day_too(leaver, officer_of_taiping):
    staff = seat(officer_of_taiping, "liaison_officer").staff
    Absence.objects.create(
        staff=staff,
        substitute=leaver.staff,
        from_on=TODAY,
        to_on=TODAY,
        reason="培训",
        recorded_at=at("2023-09-19 09:00"),
    )
    called = [link.person for link in chain_of(TAIPING, TODAY, with_county=False).links]
    assert called == [leaver.pk, officer_of_taiping.pk]


# ── what is left nevertheless ────────────────────────────────────────────────
@pytest.fixture
def left(leaver, make_dispute, law_in_force):
    """A mediation that the leaver began on the last day."""
    dispute = make_dispute(leaver)
    start(dispute, leaver, on=TODAY, recorded_at=None)
    return dispute


def follow(times: int = 1, on: str = "2023-09-21") -> None:
    with time_machine.travel(f"{on}T00:02+08:00", tick=False):
        for _ in range(times):
            follow_ended_terms()


def told() -> list[tuple[User, str]]:
    found = Notification.objects.filter(text__contains="没有移交").order_by("pk")
    return [(one.recipient, one.text) for one in found]


def test_the_officer_is_told_once_of_what_was_left(left, leaver, officer_of_taiping, client_of, stayer):
    follow(times=2)
    leaver.refresh_from_db()
    words = f"{leaver}在太平镇的任职到9月20日为止，还有 1 项期限没有移交，请移交给接手的人。"
    assert (leaver.is_active, told()) == (False, [(officer_of_taiping, words)])

    client, term = client_of(officer_of_taiping), leaver.staff.memberships.get()
    page = client.get(Notification.objects.get(text=words).url).content.decode()
    address = reverse("reports:handover", args=[leaver.staff.pk, term.pk])
    assert ("还有 1 项期限没有移交" in page, address in page) == (True, True)
    answer = client.post(address, {"successor": stayer.pk})
    assert answer.url == reverse("roster:person", args=[leaver.staff.pk])
    left.refresh_from_db()
    assert left.handler == stayer
    assert "没有移交" not in client.get(answer.url).content.decode()


def test_who_may_not_hand_it_over_is_not_told_what_is_left(left, leaver, cast, client_of, make_user):
    seat(leaver, "mediator", town=SHUANGDONG)
    follow()
    address = reverse("roster:person", args=[leaver.staff.pk])
    people = {name: cast[name] for name in ("officer_of_taiping", "justice_officer", "committee_officer", "admin")}
    people["officer_of_shuangdong"] = make_user("neighbour", Role.OFFICER, SHUANGDONG, name="罗永昌")
    pages = {name: client_of(user).get(address).content.decode() for name, user in people.items()}
    assert {name: "没有移交" in page for name, page in pages.items()} == dict.fromkeys(people, False) | {
        "officer_of_taiping": True,
        "justice_officer": True,
    }


def test_work_is_told_whatever_had_closed_the_account_before(left, leaver, officer_of_taiping):
    User.objects.filter(pk=leaver.pk).update(is_active=False)
    follow(times=2)
    assert [user for user, _ in told()] == [officer_of_taiping]


def test_a_term_that_ends_later_in_another_town_does_not_tell_it_again(left, leaver, officer_of_taiping, make_user):
    seat(leaver, "mediator", town=SHUANGDONG, until=date(2023, 9, 22))
    follow()
    make_user("second", Role.OFFICER, TAIPING, name="陈敏")
    follow(on="2023-09-23")
    leaver.refresh_from_db()
    assert (leaver.is_active, [user for user, _ in told()]) == (False, [officer_of_taiping])


def test_work_in_a_second_town_is_told_after_the_last_day_there(left, leaver, officer_of_taiping, make_user):
    """Somebody whose term in another town ended the day before."""
    seat(leaver, "mediator", town=SHUANGDONG, until=TODAY - timedelta(days=1))
    follow(on="2023-09-20")
    assert told() == []
    follow()
    assert [user for user, _ in told()] == [officer_of_taiping]


def test_what_an_account_has_in_hand_by_a_role_of_its_own_is_not_left(left, leaver, officer_of_taiping):
    User.objects.filter(pk=leaver.pk).update(role=Role.CLERK)
    follow()
    assert told() == []


@pytest.mark.parametrize(
    ("fallback", "what_to_do"),
    [("justice_officer", "请移交给接手的人。"), ("committee_officer", "请先开通联络人员或司法局的账号，再由其移交。")],
)
def test_without_an_officer_the_bureau_is_told_or_the_supervisor(left, fallback, what_to_do, request):
    keeper = request.getfixturevalue(fallback)
    follow()
    assert [(user, text.endswith(f"没有移交，{what_to_do}")) for user, text in told()] == [(keeper, True)]


def test_without_a_clerk_the_supervisor_is_told_who_is_missing(reviewing_judge, committee_officer, left):
    seat(reviewing_judge, "judge", until=TODAY)
    Deadline.objects.open().update(responsible=reviewing_judge)
    follow()
    ((user, text),) = told()
    assert (user, text.endswith("，请先开通法院立案人员的账号，再由其移交。")) == (committee_officer, True)


def test_a_judges_is_told_to_the_clerk(reviewing_judge, court_clerk, officer_of_taiping, left):
    seat(reviewing_judge, "judge", until=TODAY)
    Deadline.objects.open().update(responsible=reviewing_judge)
    follow()
    assert [user for user, _ in told()] == [court_clerk]


def test_who_goes_on_in_the_town_leaves_nothing(left, leaver, officer_of_taiping):
    seat(leaver, "liaison_officer")
    follow()
    leaver.refresh_from_db()
    assert (leaver.role, told()) == (Role.OFFICER, [])
