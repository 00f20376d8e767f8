"""The rota's acts: who may stand, swaps, marks and their two times, a month at once."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from core.choices import Role
from core.errors import Conflict, NotAllowed, Refused
from core.models import AuditEntry, Notification
from liaison import queries
from liaison.actions.duty import reassign_shift, schedule_shift, swap_shifts
from liaison.actions.duty_marks import hold_shift, miss_shift, take_back_mark
from liaison.actions.duty_plan import generate_rota, hand_to_stand_ins
from liaison.actions.points import open_point
from liaison.choices import Host, Hours
from liaison.models import DutyShift
from liaison.rota import Wish
from roster.choices import TeamRole
from tests.conftest import SHUANGDONG
from tests.liaison.conftest import moment
from tests.liaison.duty_kit import FRIDAY, MONDAY, ONE_DAY, TERM, _monday, leave, put, team, who

__all__ = ["_monday", "put", "team"]


# ── who may stand ────────────────────────────────────────────────────────────
def test_somebody_away_is_not_put_on_duty(team, put):
    leave(team[0])

    with pytest.raises(Refused, match="甲9月14日不在岗（到9月18日）") as refused:
        put(team[0])

    assert refused.value.field == "staff"


def test_a_morning_and_an_afternoon_go_together_and_a_whole_day_does_not(team, put):
    put(team[0], hours=Hours.MORNING)
    put(team[0], hours=Hours.AFTERNOON)

    with pytest.raises(Conflict, match="已经排了班"):
        put(team[0], hours=Hours.WHOLE)


@pytest.fixture
def judge_elsewhere(team, make_user, serve):
    """甲 sits in 双东街道 too and is on duty there on Monday."""
    officer = make_user("officer_of_shuangdong", Role.OFFICER, SHUANGDONG)
    other = open_point(town_code=SHUANGDONG, host=Host.JUDICIAL_OFFICE, address="镇政府路", by=officer)
    serve("", TeamRole.MEDIATOR, TERM, town=SHUANGDONG, staff=team[0])
    return schedule_shift(point_id=other.pk, on=MONDAY, staff_id=team[0].pk, by=officer)


def test_nobody_stands_at_two_points_at_once(team, put, judge_elsewhere):
    with pytest.raises(Refused, match="在另一个联络点值班") as refused:
        put(team[0], hours=Hours.MORNING)

    assert refused.value.field == "staff"


@pytest.mark.parametrize("hours", list(Hours))
def test_the_database_refuses_two_places_at_once(hours, team, point, judge_elsewhere):
    with pytest.raises(IntegrityError), transaction.atomic():
        DutyShift.objects.create(point=point, on=MONDAY, hours=hours, staff=team[0], recorded_at=moment(MONDAY))


def test_a_double_written_meanwhile_is_told_in_words(team, put, judge_elsewhere, monkeypatch):
    monkeypatch.setattr("liaison.actions.duty.check_can_stand", lambda *_, **__: None)

    with pytest.raises(Conflict, match="刚刚给这个人排了别的班"):
        put(team[0])


# ── giving on and swapping ───────────────────────────────────────────────────
def test_a_shift_is_given_to_another_and_both_are_told(team, put, officer_of_taiping, mediator_of_taiping):
    team[0].user = mediator_of_taiping
    team[0].save()
    shift = put(team[0])

    reassign_shift(shift_id=shift.pk, staff_id=team[1].pk, by=officer_of_taiping)

    assert who(shift) == "乙"
    assert "改由乙值" in Notification.objects.get(recipient=mediator_of_taiping).text


def test_giving_a_shift_to_its_own_person_is_refused(team, put, officer_of_taiping):
    shift = put(team[0])

    with pytest.raises(Refused, match="本来就是甲的") as refused:
        reassign_shift(shift_id=shift.pk, staff_id=team[0].pk, by=officer_of_taiping)

    assert refused.value.field == "staff"


def test_two_people_swap(team, put, officer_of_taiping):
    first, second = put(team[0]), put(team[1], FRIDAY)

    swap_shifts(shift_id=first.pk, other_id=second.pk, by=officer_of_taiping)

    assert (who(first), who(second)) == ("乙", "甲")
    assert AuditEntry.objects.filter(action="point.swap_shifts").count() == 1


def test_morning_and_afternoon_of_one_day_swap(team, put, officer_of_taiping):
    first, second = put(team[0], hours=Hours.MORNING), put(team[1], hours=Hours.AFTERNOON)

    swap_shifts(shift_id=first.pk, other_id=second.pk, by=officer_of_taiping)

    assert (who(first), who(second)) == ("乙", "甲")


def _itself(put, team):
    shift = put(team[0])
    return shift, shift


SENSELESS = {
    "itself": (_itself, "不能和自己换班"),
    "the same person": (lambda put, team: (put(team[0]), put(team[0], FRIDAY)), "都是甲的，不能和自己换班"),
    "the same part of a day": (lambda put, team: (put(team[0]), put(team[1])), "换了也一样"),
    "whole with half": (lambda put, team: (put(team[0]), put(team[1], hours=Hours.MORNING)), "不能对换"),
    "a double": (lambda put, team: (put(team[0]), put(team[1], FRIDAY), put(team[0], FRIDAY))[:2], "已经排了班"),
}


@pytest.mark.parametrize("case", SENSELESS)
def test_a_swap_is_refused_at_its_field(case, team, put, officer_of_taiping):
    make, words = SENSELESS[case]
    first, second = make(put, team)

    with pytest.raises(Refused, match=words) as refused:
        swap_shifts(shift_id=first.pk, other_id=second.pk, by=officer_of_taiping)

    assert refused.value.field == "other"
    assert who(first) == "甲"


def test_a_held_shift_is_not_swapped(team, put, officer_of_taiping):
    first, second = put(team[0]), put(team[1], FRIDAY)
    hold_shift(shift_id=first.pk, by=officer_of_taiping)

    with pytest.raises(Refused, match="已经登记过到岗情况"):
        swap_shifts(shift_id=second.pk, other_id=first.pk, by=officer_of_taiping)


def test_nobody_swaps_into_days_away(team, put, officer_of_taiping):
    first, second = put(team[0]), put(team[1], FRIDAY)
    leave(team[1], MONDAY, MONDAY)

    with pytest.raises(Refused, match="乙9月14日不在岗"):
        swap_shifts(shift_id=first.pk, other_id=second.pk, by=officer_of_taiping)


def test_a_shift_of_another_point_is_not_there_to_swap_with(team, put, judge_elsewhere, officer_of_taiping):
    with pytest.raises(Refused, match="没有这一班"):
        swap_shifts(shift_id=put(team[1]).pk, other_id=judge_elsewhere.pk, by=officer_of_taiping)


def test_only_the_officer_changes_the_rota(team, put, mediator_of_taiping):
    with pytest.raises(NotAllowed):
        reassign_shift(shift_id=put(team[0]).pk, staff_id=team[1].pk, by=mediator_of_taiping)


# ── away ─────────────────────────────────────────────────────────────────────
def test_shifts_of_people_away_go_to_the_end_of_the_chain(team, put, point, officer_of_taiping):
    first, second, third = team
    shift, other = put(first), put(first, FRIDAY)
    leave(first, substitute=second)
    leave(second, MONDAY, MONDAY, substitute=third)

    hand_to_stand_ins(point_id=point.pk, first=MONDAY, last=FRIDAY, by=officer_of_taiping)

    assert (who(shift), who(other)) == ("丙", "乙")


def test_a_chain_in_a_circle_leaves_the_shift_and_says_so(team, put, point, officer_of_taiping):
    shift = put(team[0])
    leave(team[0], substitute=team[1])
    leave(team[1], substitute=team[0])

    with pytest.raises(Refused, match="代班人没有写明，或者自己也不能值班"):
        hand_to_stand_ins(point_id=point.pk, first=MONDAY, last=FRIDAY, by=officer_of_taiping)

    assert who(shift) == "甲"


def test_with_everybody_there_is_nothing_to_hand_over(team, put, point, officer_of_taiping):
    put(team[0])

    with pytest.raises(Refused, match="没有要交的班"):
        hand_to_stand_ins(point_id=point.pk, first=MONDAY, last=FRIDAY, by=officer_of_taiping)


# ── what became of a shift ───────────────────────────────────────────────────
@pytest.mark.parametrize(("days", "late"), [(7, False), (8, True)])
def test_a_shift_noted_more_than_seven_days_later_is_marked(days, late, team, put, officer_of_taiping):
    shift = put(team[0], MONDAY - timedelta(days=days))

    assert hold_shift(shift_id=shift.pk, by=officer_of_taiping).held_late is late


def test_a_missed_shift_has_a_reason_and_is_no_longer_held(team, put, officer_of_taiping):
    shift = put(team[0])
    with pytest.raises(Refused, match="请写明没有到岗的原因") as refused:
        miss_shift(shift_id=shift.pk, because=" ", by=officer_of_taiping)
    miss_shift(shift_id=shift.pk, because="临时下村", by=officer_of_taiping)

    assert refused.value.field == "because"
    with pytest.raises(Conflict, match="已经登记未到岗"):
        hold_shift(shift_id=shift.pk, by=officer_of_taiping)


def test_a_wrong_mark_is_taken_back_and_stays_in_the_trail(team, put, officer_of_taiping):
    shift = put(team[0])
    hold_shift(shift_id=shift.pk, by=officer_of_taiping)

    assert take_back_mark(shift_id=shift.pk, by=officer_of_taiping).is_marked is False
    assert AuditEntry.objects.get(action="point.take_back_mark").detail["was"] == "held"
    with pytest.raises(Refused, match="还没有登记"):
        take_back_mark(shift_id=shift.pk, by=officer_of_taiping)


@pytest.mark.parametrize(
    "facts", [{"missed_at": moment(MONDAY)}, {"missed_because": "下村"}], ids=["no why", "no when"]
)
def test_the_database_wants_a_missed_shift_whole(facts, team, put):
    shift = put(team[0])

    with pytest.raises(IntegrityError), transaction.atomic():
        DutyShift.objects.filter(pk=shift.pk).update(**facts)


# ── a month at once ──────────────────────────────────────────────────────────
WISH = Wish(MONDAY, FRIDAY)


def test_a_month_is_saved_as_it_was_seen(team, point, officer_of_taiping, calendar_2026):
    keys = [staff.pk for staff in team]
    plan = queries.plan_for(point, WISH, keys)

    made = generate_rota(point_id=point.pk, wish=WISH, staff_ids=keys, digest=plan.digest, by=officer_of_taiping)

    saved = DutyShift.objects.order_by("on").values_list("on", "staff__name")
    assert [(pick.day, pick.name) for pick in plan.shifts] == list(saved)
    assert len(made) == 5


def test_another_plan_than_the_one_seen_is_not_saved(team, put, point, officer_of_taiping, calendar_2026):
    keys = [staff.pk for staff in team]
    plan = queries.plan_for(point, WISH, keys)
    leave(team[2], MONDAY, MONDAY)

    with pytest.raises(Conflict, match="有了变化"):
        generate_rota(point_id=point.pk, wish=WISH, staff_ids=keys, digest=plan.digest, by=officer_of_taiping)

    assert DutyShift.objects.count() == 0


def test_days_gone_by_are_not_planned(team, point, officer_of_taiping, calendar_2026):
    with pytest.raises(Refused, match="过去的日子"):
        generate_rota(point_id=point.pk, wish=Wish(MONDAY - ONE_DAY, FRIDAY), staff_ids=[], by=officer_of_taiping)


def test_a_full_month_leaves_nothing_to_plan(team, put, point, officer_of_taiping, calendar_2026):
    put(team[0])

    with pytest.raises(Refused, match="没有要排的日子"):
        generate_rota(point_id=point.pk, wish=Wish(MONDAY, MONDAY), staff_ids=[team[1].pk], by=officer_of_taiping)
