"""The pages of the rota: a month, one shift, the plan, the print, one's own calendar address."""

from datetime import UTC, date, datetime

import pytest
import time_machine
from django.urls import reverse

from core.models import AuditEntry
from liaison.actions.duty_marks import hold_shift
from liaison.models import DutyShift
from roster.models import Absence
from tests.conftest import TAIPING
from tests.liaison.conftest import moment
from tests.liaison.duty_kit import FRIDAY, TERM, put, team

__all__ = ["put", "team"]


def url(name: str, *arguments: object) -> str:
    return reverse(f"liaison:{name}", args=[TAIPING, *arguments])


@pytest.fixture(autouse=True)
def _monday(calendar_2026):
    with time_machine.travel(datetime(2026, 9, 14, 2, tzinfo=UTC), tick=False):
        yield


@pytest.fixture
def officers(client_of, officer_of_taiping):
    return client_of(officer_of_taiping)


# ── the month ────────────────────────────────────────────────────────────────
def test_a_month_shows_rest_days_worked_sundays_and_holes(team, put, officers):
    put(team[0])
    month = officers.get(url("duty")).context["month"]

    by_day = {day.day.day: day for day in month.days}
    assert (len(month.days), by_day[19].is_rest, by_day[20].is_made_up, by_day[25].is_holiday) == (30, True, True, True)
    assert (by_day[11].gap, by_day[14].gap, by_day[15].gap) == ("", "", "没有人")


def test_months_follow_each_other_and_nonsense_is_this_month(point, officers):
    asked = [officers.get(url("duty"), {"month": text}).context["month"] for text in ("2026-12", "2026-13", "x")]

    assert (asked[0].first, asked[0].before, asked[0].after) == (
        date(2026, 12, 1), date(2026, 11, 1), date(2027, 1, 1),
    )  # fmt: skip
    assert [month.first for month in asked[1:]] == [date(2026, 9, 1)] * 2


WIDE = {ord(one): ord(one) + 0xFEE0 for one in "0123456789-"}  # as a Chinese keyboard writes them


@pytest.mark.parametrize("month", ["20" + "26-12".translate(WIDE), "2026-12".translate(WIDE)])
def test_a_month_in_full_width_digits_is_understood(month, point, officers):
    assert officers.get(url("duty"), {"month": month}).context["month"].first == date(2026, 12, 1)


def test_digits_that_nobody_here_writes_are_no_month(point, officers):
    assert officers.get(url("duty"), {"month": "२०२६-१२"}).context["month"].first == date(2026, 9, 1)


@pytest.mark.parametrize(("month", "said"), [("2026-12", False), ("2027-01", True)])
def test_a_year_that_is_not_published_is_said(month, said, point, officers):
    assert ("放假安排还没有公布" in officers.get(url("duty"), {"month": month}).content.decode()) is said


def test_a_shift_without_a_mark_is_named_as_such(team, put, client_of, reviewing_judge, officers):
    shift = put(team[0], FRIDAY.replace(day=11))

    assert "没有登记到岗" in client_of(reviewing_judge).get(url("duty")).content.decode()
    assert "没有登记到岗" in officers.get(url("duty-shift", shift.pk)).content.decode()


@pytest.mark.parametrize("rows", [1, 3])
def test_the_month_asks_the_same_number_of_queries(rows, team, put, officers, django_assert_num_queries):
    for staff in team[:rows]:
        put(staff)
        put(staff, FRIDAY)

    with django_assert_num_queries(9):
        officers.get(url("duty"))


@pytest.mark.parametrize("rows", [1, 3])
def test_with_people_away_it_asks_three_more(rows, team, put, officers, django_assert_num_queries):
    for staff in team[:rows]:
        put(staff, FRIDAY)
        Absence.objects.create(staff=staff, from_on=FRIDAY, to_on=FRIDAY, reason="假", recorded_at=moment(TERM))

    with django_assert_num_queries(12):
        officers.get(url("duty"))


def test_shifts_of_people_away_are_handed_over_with_one_click(team, put, officers):
    shift = put(team[0], FRIDAY)
    Absence.objects.create(
        staff=team[0], from_on=FRIDAY, to_on=FRIDAY, substitute=team[1], reason="假", recorded_at=moment(TERM)
    )
    page = officers.get(url("duty")).content.decode()
    officers.post(url("duty-stand-in"), {"month": "2026-09"})

    shift.refresh_from_db()
    assert ("代班人：乙" in page, shift.staff) == (True, team[1])


# ── one shift ────────────────────────────────────────────────────────────────
def test_a_swap_with_oneself_is_refused_at_the_field(team, put, officers):
    shift = put(team[0])
    answer = officers.post(url("duty-swap", shift.pk), {"other": shift.pk})

    assert (answer.status_code, answer.context["swap"].errors["other"]) == (422, ["不能和自己换班。请另选一班。"])


def test_a_swap_and_a_new_person_in_the_browser(team, put, officers):
    first, second = put(team[0]), put(team[1], FRIDAY)
    officers.post(url("duty-swap", first.pk), {"other": second.pk})
    officers.post(url("duty-reassign", first.pk), {"staff": str(team[2].pk)})

    assert list(DutyShift.objects.order_by("on").values_list("staff__name", flat=True)) == ["丙", "甲"]


def test_a_missed_shift_without_a_reason_is_refused_at_the_field(team, put, officers):
    answer = officers.post(url("duty-miss", put(team[0]).pk), {"because": ""})

    assert (answer.status_code, list(answer.context["miss"].errors)) == (422, ["because"])


def test_a_mark_is_made_and_taken_back_in_the_browser(team, put, officers):
    shift = put(team[0])
    officers.post(url("duty-miss", shift.pk), {"because": "临时下村"})
    marked = "临时下村" in officers.get(url("duty-shift", shift.pk)).content.decode()
    officers.post(url("duty-unmark", shift.pk))

    shift.refresh_from_db()
    assert (marked, shift.is_marked) == (True, False)


def test_holding_from_the_month_leads_back_to_it(team, put, officers):
    answer = officers.post(url("duty-hold", put(team[0]).pk), {"from": "month"})

    assert answer.url == f"{url('duty')}?month=2026-09"


# ── a month at once ──────────────────────────────────────────────────────────
def test_looking_at_a_plan_writes_nothing_and_saving_writes_what_was_seen(team, officers):
    answer = officers.get(url("duty-plan"))
    plan, before = answer.context["plan"], DutyShift.objects.count()
    keys = [str(key) for key in answer.context["form"].cleaned_data["staff"]]
    data = {"month": "2026-09", "split": "whole", "staff": keys, "digest": plan.digest}
    officers.post(url("duty-plan"), data)

    assert before == 0
    assert [shift.staff.name for shift in DutyShift.objects.order_by("on")] == [pick.name for pick in plan.shifts]
    assert "能排的 3 人里" in answer.content.decode() or "轮得一样少" in answer.content.decode()


def test_a_plan_that_changed_meanwhile_is_a_conflict(team, officers):
    keys = [str(staff.pk) for staff in team]
    data = {"month": "2026-09", "split": "whole", "staff": keys, "digest": "0" * 64}

    assert (officers.post(url("duty-plan"), data).status_code, DutyShift.objects.count()) == (409, 0)


def test_a_month_gone_by_is_refused(team, officers):
    answer = officers.get(url("duty-plan"), {"month": "2026-08"})

    assert (answer.status_code, "这个月已经过去" in answer.content.decode()) == (422, True)


def test_nobody_ticked_is_refused_at_the_field(team, officers):
    answer = officers.get(url("duty-plan"), {"month": "2026-09", "split": "whole"})

    assert (answer.status_code, list(answer.context["form"].errors)) == (422, ["staff"])


@pytest.mark.parametrize("rows", [1, 3])
def test_the_plan_asks_the_same_number_of_queries(rows, team, put, officers, django_assert_num_queries):
    for staff in team[:rows]:
        put(staff)

    with django_assert_num_queries(12):
        officers.get(url("duty-plan"))


# ── print, point, calendar ───────────────────────────────────────────────────
def test_the_sheet_for_the_wall_names_point_month_and_who_signs(team, put, officers):
    put(team[0])
    page = officers.get(url("duty-print")).content.decode()

    assert all(words in page for words in ("太平镇法官联络点2026年9月值班表", "甲", "联络人员（签名）", "0766-0000218"))


def test_the_point_says_who_is_there_now(team, put, client_of, reviewing_judge):
    put(team[0])
    page = client_of(reviewing_judge).get(url("point-duty")).content.decode()

    assert "<b>甲</b>" in page
    assert "正在值班" in page


@pytest.fixture
def address(team, client_of, mediator_of_taiping):
    """The calendar address of 甲, as the page shows it once."""
    team[0].user = mediator_of_taiping
    team[0].save()
    client = client_of(mediator_of_taiping)
    answer = client.post(reverse("liaison:duty-feed-make"))
    assert answer.context["address"] not in client.get(reverse("liaison:duty-feed")).content.decode()
    return answer.context["address"]


def test_the_address_answers_without_signing_in(address, team, put, client):
    put(team[0])
    answer = client.get(address)

    headers = {name: answer[name] for name in ("Content-Type", "Cache-Control", "X-Robots-Tag")}
    assert headers == {
        "Content-Type": "text/calendar; charset=utf-8",
        "Cache-Control": "private, no-cache",
        "X-Robots-Tag": "noindex",
    }
    assert "值班 · 太平镇法官联络点" in answer.content.decode()
    assert client.get(address.replace(".ics", "x.ics")).status_code == 404


def test_neither_log_nor_trail_holds_the_address(address, client, log_file):
    secret = address.rsplit("/", 1)[1].removesuffix(".ics")
    client.post(address)

    assert "/points/calendar/…" in log_file()
    assert secret not in log_file()
    assert secret not in repr(list(AuditEntry.objects.values()))


def test_use_of_the_duty_system_is_what_was_held(team, put, officers, officer_of_taiping):
    held, missed = put(team[0]), put(team[1])
    hold_shift(shift_id=held.pk, by=officer_of_taiping)
    officers.post(url("duty-miss", missed.pk), {"because": "临时下村"})

    assert officers.get(url("duty")).context["tally"] == [("排班", 2), ("已到岗", 1), ("未到岗", 1)]
