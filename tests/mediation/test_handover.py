"""A leaver's open work passes whole to a successor of the same town and role; then the term ends."""

from datetime import date

import pytest
from django.urls import reverse

from core.choices import Role
from core.errors import Conflict, NotAllowed, Refused
from core.models import AuditEntry, Deadline, Notification, Reminder, User
from disputes.choices import EventKind, Risk
from disputes.models import RiskFlag
from mediation.actions.guidance import answer_guidance, ask_guidance
from mediation.actions.handover import hand_over
from mediation.actions.sessions import record_session
from mediation.models import Assignment, ConfirmationRequest
from mediation.queries.handover import open_work, successors
from roster.actions.absences import add_absence
from roster.actions.membership import WorkLeft, end_term
from roster.models import Staff, TeamMembership
from tests.conftest import SHUANGDONG, TAIPING
from tests.mediation.confirmation_kit import accept, submit
from tests.mediation.conftest import at, meet, sign, start, write

TODAY, SINCE = date(2023, 9, 20), date(2023, 3, 30)


def seat(user: User, role: str, town: str = TAIPING) -> TeamMembership:
    staff, _ = Staff.objects.get_or_create(user=user, defaults={"name": user.name, "name_initials": "x"})
    return TeamMembership.objects.create(
        staff=staff, town_id=town, town_code=town, role=role, since=SINCE, recorded_at=at("2023-03-30 09:00")
    )


@pytest.fixture
def leaver(mediator_of_taiping) -> User:
    return mediator_of_taiping


@pytest.fixture
def term(leaver) -> TeamMembership:
    return seat(leaver, "mediator")


@pytest.fixture
def successor(make_user) -> User:
    user = make_user("successor", Role.MEDIATOR, TAIPING, name="林文英")
    seat(user, "mediator")
    return user


@pytest.fixture
def officer(officer_of_taiping) -> User:
    seat(officer_of_taiping, "liaison_officer")
    return officer_of_taiping


def pass_on(term: TeamMembership, to: User, by: User):
    return hand_over(term_id=term.pk, successor_id=to.pk, by=by, on=TODAY)


# ── a mediator's ─────────────────────────────────────────────────────────────
@pytest.fixture
def in_hand(make_dispute, law_in_force, leaver, term):
    """One dispute being mediated, one agreed with thirty days to apply for confirmation, one only routed."""
    found = {
        "mediating": make_dispute(leaver),
        "agreed": make_dispute(leaver, code="TP2308-0147"),
        "routed": make_dispute(leaver, code="TP2308-0148"),
    }
    start(found["mediating"], leaver)
    start(found["agreed"], leaver)
    meet(found["agreed"], leaver)
    write(found["agreed"], leaver)
    sign(found["agreed"], leaver)
    return found


def test_a_term_does_not_end_while_deadlines_are_open_and_ends_after_the_handover(in_hand, term, successor, officer):
    with pytest.raises(WorkLeft, match="还有 5 项期限没有了结") as left:
        end_term(membership_id=term.pk, until=TODAY, by=officer)
    assert left.value.count == 5

    done = pass_on(term, successor, officer)

    assert (done.successor, done.disputes, done.deadlines) == (successor, 3, 5)
    assert Deadline.objects.open().filter(responsible=term.staff.user).count() == 0
    assert end_term(membership_id=term.pk, until=TODAY, by=officer).until == TODAY


@pytest.mark.parametrize("ended", [None, TODAY])
@pytest.mark.parametrize("has_account", [True, False])
def test_nothing_in_hand_is_said_and_an_end_is_proposed_only_where_there_is_none(
    term, successor, officer, ended, has_account
):
    term.until, term.ended_recorded_at = ended, at("2023-09-20 08:00") if ended else None
    term.save(update_fields=["until", "ended_recorded_at"])
    if not has_account:
        Staff.objects.filter(pk=term.staff_id).update(user=None)
    with pytest.raises(Refused, match="手上没有要移交的事。") as refused:
        pass_on(term, successor, officer)
    assert refused.value.hint == ("" if ended else "可以直接登记离任。")


def test_everything_in_hand_has_the_successors_name_and_the_past_keeps_the_leavers(in_hand, term, successor, officer):
    pass_on(term, successor, officer)
    for dispute in in_hand.values():
        dispute.refresh_from_db()
        assert (dispute.handler, dispute.registered_by) == (successor, term.staff.user)
    running = Assignment.objects.filter(mediation__dispute=in_hand["mediating"]).order_by("pk")
    assert [(one.mediator, one.since, one.until) for one in running] == [
        (term.staff.user, date(2023, 8, 28), TODAY),
        (successor, TODAY, None),
    ]
    ended = Assignment.objects.get(mediation__dispute=in_hand["agreed"])
    assert ended.mediator == term.staff.user


def test_each_dispute_has_its_line_and_its_audit_row_and_the_successor_one_message(in_hand, term, successor, officer):
    before = Notification.objects.filter(recipient=successor).count()
    pass_on(term, successor, officer)
    lines = {name: dispute.events.get(kind=EventKind.HANDED_OVER) for name, dispute in in_hand.items()}
    assert {name: (line.text, line.detail, line.by) for name, line in lines.items()} == {
        "mediating": ("黎桂生手上的事移交林文英", "承办、期限", officer),
        "agreed": ("黎桂生手上的事移交林文英", "承办、期限 4 项", officer),
        "routed": ("黎桂生手上的事移交林文英", "承办", officer),
    }
    rows = AuditEntry.objects.filter(action="dispute.hand_over").order_by("seq")
    assert [row.detail["code"] for row in rows] == ["TP2308-0146", "TP2308-0147", "TP2308-0148"]
    last = AuditEntry.objects.latest("seq")
    assert (last.action, last.detail["disputes"], last.detail["deadlines"]) == ("membership.hand_over", 3, 5)
    told = Notification.objects.filter(recipient=successor)
    assert (told.count() - before, told.latest("pk").text) == (1, "黎桂生手上的 3 件纠纷、5 项期限移交给您。")


def test_days_stay_as_they_were_and_unsent_reminders_to_the_leaver_are_void(in_hand, term, successor, officer):
    days = dict(Deadline.objects.open().values_list("pk", "due_on"))
    one = Deadline.objects.open().filter(responsible=term.staff.user)[0]
    reminder = Reminder.objects.create(
        deadline=one, due_on=one.due_on, stage="soon", recipient=term.staff.user, created_at=at("2023-09-19 09:00")
    )
    pass_on(term, successor, officer)
    reminder.refresh_from_db()
    assert (dict(Deadline.objects.open().values_list("pk", "due_on")), reminder.voided_at is None) == (days, False)


def test_the_successor_goes_on_and_a_page_opened_before_is_stale(in_hand, term, successor, officer):
    dispute, stale = in_hand["mediating"], in_hand["mediating"].version
    pass_on(term, successor, officer)
    meeting = {"held_on": TODAY, "attended": [], "record": "继续调解。"}
    with pytest.raises(NotAllowed):
        record_session(dispute_id=dispute.pk, by=term.staff.user, **meeting)
    dispute.refresh_from_db()
    assert dispute.version > stale


def test_a_warning_of_the_leaver_goes_along(in_hand, officer, make_user):
    other = make_user("other_officer", Role.OFFICER, TAIPING, name="罗永昌")
    seat(other, "liaison_officer")
    flag = RiskFlag.objects.create(
        dispute=in_hand["routed"],
        level=Risk.HIGH,
        reasons="扬言报复",
        raised_at=at("2023-09-19 09:00"),
        receiver=officer,
    )
    term = TeamMembership.objects.get(staff__user=officer)
    pass_on(term, other, officer)
    flag.refresh_from_db()
    in_hand["routed"].refresh_from_db()
    assert (flag.receiver, in_hand["routed"].handler.name) == (other, "黎桂生")


def test_the_answer_to_a_question_of_the_leaver_reaches_who_handles_it_now(
    in_hand, term, successor, officer, reviewing_judge, leaver
):
    asked = ask_guidance(dispute_id=in_hand["mediating"].pk, question="能不能写？", by=leaver, on=TODAY)
    pass_on(term, successor, officer)
    answer_guidance(guidance_id=asked.pk, answer="可以。", by=reviewing_judge, on=TODAY)
    told = Notification.objects.filter(text__endswith="法官已答复。").values_list("recipient", flat=True)
    assert set(told) == {leaver.pk, successor.pk}


# ── a judge's ────────────────────────────────────────────────────────────────
@pytest.fixture
def before_court(in_hand, leaver, court_clerk, reviewing_judge) -> ConfirmationRequest:
    request = submit(in_hand["agreed"], leaver)
    return accept(request, court_clerk, judge=reviewing_judge)


@pytest.fixture
def next_judge(make_user) -> User:
    user = make_user("next_judge", Role.JUDGE, TAIPING, name="梁伟")
    seat(user, "judge")
    return user


def test_a_judges_requests_clocks_and_waiting_questions_pass_to_the_next_judge_and_the_term_ends(
    before_court, in_hand, reviewing_judge, next_judge, court_clerk, leaver
):
    term = seat(reviewing_judge, "judge")
    ask_guidance(dispute_id=in_hand["mediating"].pk, question="能不能写？", by=leaver, on=TODAY)
    with pytest.raises(WorkLeft) as left:
        end_term(membership_id=term.pk, until=TODAY, by=court_clerk)
    assert left.value.count == 2

    done = pass_on(term, next_judge, court_clerk)

    before_court.refresh_from_db()
    assert (done.disputes, done.deadlines, before_court.judge, before_court.version) == (2, 2, next_judge, 4)
    clocks = Deadline.objects.about(before_court).open().filter(kind__startswith="confirm_decide")
    assert {clock.responsible for clock in clocks} == {next_judge}
    lines = {name: in_hand[name].events.get(kind=EventKind.HANDED_OVER) for name in ("agreed", "mediating")}
    assert {name: (line.detail, line.by_court) for name, line in lines.items()} == {
        "agreed": ("司法确认、期限 2 项", True),
        "mediating": ("法官指导", True),
    }
    in_hand["agreed"].refresh_from_db()
    assert in_hand["agreed"].handler == leaver
    assert end_term(membership_id=term.pk, until=TODAY, by=court_clerk).until == TODAY


def test_another_town_of_the_judge_stays_with_the_judge(before_court, reviewing_judge, next_judge, court_clerk):
    seat(reviewing_judge, "judge")
    elsewhere = seat(reviewing_judge, "judge", SHUANGDONG)
    other = Deadline.objects.open().filter(responsible=reviewing_judge)[0]
    Deadline.objects.filter(pk=other.pk).update(town_code=SHUANGDONG)
    pass_on(TeamMembership.objects.get(staff__user=reviewing_judge, town_code=TAIPING), next_judge, court_clerk)
    other.refresh_from_db()
    assert (other.responsible, elsewhere.until) == (reviewing_judge, None)


# ── to whom ──────────────────────────────────────────────────────────────────
def test_a_successor_has_the_same_seat_in_the_same_town_and_an_account_at_work(
    in_hand, term, successor, officer, make_user, mediator_of_shuangdong, admin
):
    idle, gone = (make_user(name, Role.MEDIATOR, TAIPING, name=name) for name in ("停用", "离任"))
    seat(idle, "mediator")
    User.objects.filter(pk=idle.pk).update(is_active=False)
    former = seat(gone, "mediator")
    TeamMembership.objects.filter(pk=former.pk).update(until=date(2023, 6, 30))
    seat(mediator_of_shuangdong, "mediator", SHUANGDONG)
    assert successors(term, TODAY) == [successor]
    for wrong in (idle, gone, mediator_of_shuangdong, officer, term.staff.user):
        with pytest.raises(Refused, match="请从太平镇调解人员里选接手的人") as refused:
            pass_on(term, wrong, officer)
        assert refused.value.field == "successor"
    assert Deadline.objects.open().filter(responsible=term.staff.user).count() == 5


def test_a_second_handover_finds_nothing(in_hand, term, successor, officer):
    pass_on(term, successor, officer)
    with pytest.raises(Refused, match="手上没有要移交的事"):
        pass_on(term, successor, officer)


def test_who_is_assigned_already_is_not_assigned_twice(in_hand, term, successor, officer):
    mediation = in_hand["mediating"].mediations.get()
    Assignment.objects.create(mediation=mediation, mediator=successor, since=date(2023, 9, 1))
    pass_on(term, successor, officer)
    open_ones = mediation.assignments.filter(until=None)
    assert [(one.mediator, one.since) for one in open_ones] == [(successor, date(2023, 9, 1))]


def test_a_failure_on_the_way_leaves_everything_where_it_was(in_hand, term, successor, officer, monkeypatch):
    def fail(*args, **kwargs):
        raise Conflict("坏在最后一步")

    monkeypatch.setattr("mediation.actions.handover.notify", fail)
    with pytest.raises(Conflict):
        pass_on(term, successor, officer)
    in_hand["mediating"].refresh_from_db()
    assert (in_hand["mediating"].handler, open_work(term.staff.user, TAIPING, role="mediator").is_empty) == (
        term.staff.user,
        False,
    )
    assert in_hand["mediating"].events.filter(kind=EventKind.HANDED_OVER).count() == 0


@pytest.mark.parametrize(
    ("who", "of_town", "of_court"),
    [
        ("officer_of_taiping", True, False),
        ("justice_officer", True, False),
        ("court_clerk", False, True),
        ("mediator_of_taiping", False, False),
        ("reviewing_judge", False, False),
        ("committee_officer", False, False),
        ("admin", False, False),
        ("auditor", False, False),
    ],
)
def test_the_officer_or_the_bureau_hands_over_the_towns_work_and_the_clerk_the_courts(
    who, of_town, of_court, cast, in_hand, before_court, term, successor, next_judge
):
    judges = seat(cast["reviewing_judge"], "judge")
    found = []
    for one, to in ((term, successor), (judges, next_judge)):
        try:
            found.append(pass_on(one, to, cast[who]).disputes > 0)
        except NotAllowed:
            found.append(False)
    assert found == [of_town, of_court]


# ── pages ────────────────────────────────────────────────────────────────────
def test_from_the_refusal_over_the_handover_to_the_end_of_the_term(in_hand, term, successor, officer, client_of):
    client = client_of(officer)
    end = reverse("roster:term-end", args=[term.staff_id, term.pk])
    address = reverse("reports:handover", args=[term.staff_id, term.pk])
    refused = client.post(end, {"until": "2023-09-20"})
    page = refused.content.decode()
    assert (refused.status_code, "手上还有 5 项期限没有了结" in page, address in page) == (422, True, True)

    overview = client.get(address).content.decode()
    assert all(words in overview for words in ("TP2308-0146", "纠纷 3 件", "期限 5 项", "林文英", "移交 3 件纠纷"))
    assert client.post(address, {"successor": ""}).status_code == 422
    done = client.post(address, {"successor": successor.pk})
    assert (done.status_code, done.url) == (302, end)
    assert "手上没有要移交的事" in client.get(address).content.decode()
    assert client.post(end, {"until": "2023-09-20"}).status_code == 302
    term.refresh_from_db()
    assert term.until == TODAY


def test_the_handovers_number_agrees_with_that_of_the_persons_page(in_hand, term, successor, officer, client_of):
    client, address = client_of(officer), reverse("reports:handover", args=[term.staff_id, term.pk])
    overview = " ".join(client.get(address).content.decode().split())
    person = client.get(reverse("reports:staff-load", args=[term.staff_id])).content.decode()
    assert "纠纷 3 件（其中 1 件已办结、还没有归档）" in overview
    assert "2 件" in person.partition("未办结纠纷")[2].partition("</dd>")[0]
    in_hand["mediating"].handler = successor
    in_hand["mediating"].save()
    overview = client.get(address).content.decode()
    assert "纠纷 3 件（其中 1 件已办结、还没有归档，1 件由别人承办）" in overview


def test_without_anybody_to_take_over_the_page_says_what_to_do(in_hand, term, officer, client_of):
    page = client_of(officer).get(reverse("reports:handover", args=[term.staff_id, term.pk])).content.decode()
    assert ("太平镇还没有另一名有账号、在任的调解人员" in page, 'name="successor"' in page) == (True, False)


def test_a_successor_who_is_away_today_is_offered_with_a_word(in_hand, term, successor, officer, client_of):
    staff = Staff.objects.get(user=successor)
    add_absence(staff_id=staff.pk, from_on=TODAY, to_on=date(2023, 9, 25), reason="培训", by=officer)
    client = client_of(officer)
    page = client.get(reverse("reports:handover", args=[term.staff_id, term.pk])).content.decode()
    given_out = client.get(reverse("mediation:start", args=[in_hand["routed"].code])).content.decode()
    assert ["林文英（不在岗，到 9月25日）" in text for text in (page, given_out)] == [True, True]


def test_the_admin_is_told_who_hands_over(in_hand, term, admin, client_of):
    page = client_of(admin).get(reverse("roster:term-end", args=[term.staff_id, term.pk])).content.decode()
    assert ("由本镇（街）联络人员或司法局移交" in page, "/handover/" in page) == (True, False)
