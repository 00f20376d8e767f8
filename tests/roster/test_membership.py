"""Terms of office: started and ended, the account's scope follows."""

from datetime import date
from typing import Any

import pytest
import time_machine

from core.choices import Role
from core.errors import Conflict, NotAllowed, Refused
from core.models import AuditEntry, Deadline, User
from roster.actions.ended_terms import follow_ended_terms
from roster.actions.membership import end_term, start_term
from roster.actions.staff import create_staff, link_account, update_staff
from roster.actions.submissions import record_submission
from roster.annex.facts import StaffFacts
from roster.models import RosterSubmission, Staff, TeamMembership
from tests.conftest import FENJIE, SHUANGDONG, TAIPING

SINCE = date(2023, 4, 3)
FACTS = StaffFacts(name="林文英", id_number="44538119720721160X", phone="13881924865")
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("divisions", "_clock")]


@pytest.fixture
def staff(admin):
    return create_staff(facts=FACTS, by=admin)


def start(staff, by, **changes):
    options: dict[str, Any] = {"town_code": TAIPING, "role": "mediator", "since": SINCE} | changes
    return start_term(staff_id=staff.pk, by=by, **options)


def scopes(user) -> list[str]:
    return sorted(user.scopes.values_list("division_id", flat=True))


def test_an_officer_makes_nobodys_account_a_judges(admin, staff, officer_of_taiping):
    user = User.objects.create_user("m1", role=Role.MEDIATOR, is_active=False, closed_with_term=True)
    Staff.objects.filter(pk=staff.pk).update(user=user)

    with pytest.raises(Refused, match="已有账号") as refused:
        start(staff, officer_of_taiping, role="judge")

    assert refused.value.field == "role"
    user.refresh_from_db()
    assert (user.role, user.is_active) == (Role.MEDIATOR, False)
    start(staff, admin, role="judge")
    user.refresh_from_db()
    assert (user.role, user.is_active) == (Role.JUDGE, True)


@pytest.mark.parametrize(("role", "taken"), [("mediator", False), ("liaison_officer", False), ("judge", True)])
def test_an_officer_takes_in_nobody_who_serves_another_town_but_the_courts(
    admin, staff, officer_of_taiping, role, taken
):
    new = "judge" if role == "judge" else "mediator"
    start(staff, admin, role=role, town_code=SHUANGDONG)
    if not taken:
        with pytest.raises(Refused, match="现在在别的镇（街）任职") as refused:
            start(staff, officer_of_taiping, role=new)
        assert (refused.value.field, "双东" in str(refused.value)) == ("role", False)
        TeamMembership.objects.update(until=SINCE, ended_recorded_at="2023-04-03T09:00+08:00")
    start(staff, officer_of_taiping, role=new, since=date(2023, 4, 4))
    assert TeamMembership.objects.filter(town_id=TAIPING).count() == 1


# ── both sides ───────────────────────────────────────────────────────────────


@pytest.mark.parametrize(("holds", "wanted"), [("mediator", "judge"), ("judge_assistant", "liaison_officer")])
def test_nobody_sits_for_the_court_and_for_a_town(admin, staff, holds, wanted):
    start(staff, admin, role=holds)

    with pytest.raises(Refused, match="不能同时是") as refused:
        start(staff, admin, role=wanted, town_code=FENJIE)

    assert (refused.value.field, TeamMembership.objects.count()) == ("role", 1)


# ── people ───────────────────────────────────────────────────────────────────


def test_a_person_is_entered_once(admin, staff):
    assert (staff.name_initials, staff.version) == ("lwy", 1)
    with pytest.raises(Refused, match="名册里已有这个身份证号码。"):
        create_staff(facts=FACTS, by=admin)


def test_a_person_needs_a_name(admin):
    with pytest.raises(Refused) as caught:
        create_staff(facts=StaffFacts(), by=admin)
    assert caught.value.field == "name"


def test_correcting_a_person_keeps_hash_and_initials_in_step(admin, staff):
    new = StaffFacts(name="林文华", id_number=FACTS.id_number, phone="13900000009")
    update_staff(staff_id=staff.pk, version=1, facts=new, by=admin)
    staff = Staff.objects.get()
    assert (staff.name, staff.name_initials, staff.phone, staff.version) == ("林文华", "lwh", "13900000009", 2)
    assert AuditEntry.objects.get(action="staff.update").detail == {"fields": ["name", "phone"]}


def test_saving_the_same_again_writes_nothing(admin, staff):
    assert update_staff(staff_id=staff.pk, version=1, facts=FACTS, by=admin).version == 1


def test_a_stale_page_is_a_conflict(admin, staff):
    with pytest.raises(Conflict, match="林文英的资料刚被别人改过"):
        update_staff(staff_id=staff.pk, version=0, facts=FACTS, by=admin)


def test_an_officer_corrects_nobody_of_another_town(officer_of_taiping, admin, staff):
    start(staff, admin, town_code=SHUANGDONG)
    with pytest.raises(NotAllowed):
        update_staff(staff_id=staff.pk, version=1, facts=FACTS, by=officer_of_taiping)


def test_an_account_belongs_to_one_person(admin, staff, make_user):
    user = make_user("m", Role.MEDIATOR)
    link_account(staff_id=staff.pk, user=user, by=admin)
    other = create_staff(facts=StaffFacts(name="另一人"), by=admin)
    with pytest.raises(Refused, match="账号「m」已经对应到另一个人。"):
        link_account(staff_id=other.pk, user=user, by=admin)


# ── starting ─────────────────────────────────────────────────────────────────


def test_a_term_gives_the_account_its_town(admin, staff, make_user):
    user = make_user("m", Role.MEDIATOR)
    link_account(staff_id=staff.pk, user=user, by=admin)
    start(staff, admin, mediator_kind="grid_worker")
    assert scopes(user) == [TAIPING]
    assert AuditEntry.objects.get(action="membership.start").division_code == TAIPING


def test_a_clerks_scope_does_not_follow_a_term(admin, staff, court_clerk):
    link_account(staff_id=staff.pk, user=court_clerk, by=admin)
    start(staff, admin)
    assert scopes(court_clerk) == ["445381"]


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"since": date(2023, 9, 21)}, "since"),
        ({"role": "judge", "mediator_kind": "grid_worker"}, "mediator_kind"),
    ],
    ids=["in the future", "kind without a mediator"],
)
def test_an_impossible_term_is_refused_at_its_field(admin, staff, changes, field):
    with pytest.raises(Refused) as caught:
        start(staff, admin, **changes)
    assert (caught.value.field, TeamMembership.objects.count()) == (field, 0)


def test_the_same_seat_twice_is_refused(admin, staff):
    start(staff, admin)
    with pytest.raises(Refused, match="林文英在这个镇（街）已经是调解人员。"):
        start(staff, admin)


def test_two_terms_of_one_seat_do_not_overlap(admin, staff):
    end_term(membership_id=start(staff, admin).pk, until=date(2023, 6, 30), by=admin)
    with pytest.raises(Refused, match="上一次任调解人员到6月30日为止"):
        start(staff, admin, since=date(2023, 6, 30))
    assert start(staff, admin, since=date(2023, 7, 1)).since == date(2023, 7, 1)


def test_the_clerk_seats_judges_but_no_mediators(court_clerk, staff):
    with pytest.raises(NotAllowed):
        start(staff, court_clerk)
    assert start(staff, court_clerk, role="judge").role == "judge"


# ── ending ───────────────────────────────────────────────────────────────────


def test_an_ended_term_takes_the_town_away(admin, staff, make_user):
    user = make_user("m", Role.MEDIATOR)
    link_account(staff_id=staff.pk, user=user, by=admin)
    start(staff, admin, town_code=SHUANGDONG)
    term = end_term(membership_id=start(staff, admin).pk, until=date(2023, 9, 19), by=admin)
    assert (term.until, scopes(user)) == (date(2023, 9, 19), [SHUANGDONG])


def test_the_last_day_is_still_in_office_and_the_next_takes_the_account(admin, staff, make_user):
    user = make_user("m", Role.MEDIATOR)
    link_account(staff_id=staff.pk, user=user, by=admin)
    end_term(membership_id=start(staff, admin).pk, until=date(2023, 9, 20), by=admin)
    follow_ended_terms()
    user.refresh_from_db()
    assert (scopes(user), user.is_active) == ([TAIPING], True)
    with time_machine.travel("2023-09-21T00:02+08:00", tick=False):
        follow_ended_terms()
    user.refresh_from_db()
    assert (scopes(user), user.is_active, user.closed_with_term) == ([], False, True)


@pytest.mark.parametrize("until", [date(2023, 4, 2), date(2023, 9, 21)], ids=["before its start", "in the future"])
def test_an_impossible_last_day_is_refused(admin, staff, until):
    term = start(staff, admin)
    with pytest.raises(Refused) as caught:
        end_term(membership_id=term.pk, until=until, by=admin)
    assert caught.value.field == "until"


def test_ending_twice_is_a_conflict(admin, staff):
    term = start(staff, admin)
    end_term(membership_id=term.pk, until=SINCE, by=admin)
    with pytest.raises(Conflict, match="已经在4月3日结束"):
        end_term(membership_id=term.pk, until=SINCE, by=admin)


def test_open_deadlines_need_a_successor_first(admin, staff, make_user):
    user = make_user("m", Role.MEDIATOR)
    link_account(staff_id=staff.pk, user=user, by=admin)
    term = start(staff, admin)
    deadline = Deadline.objects.create(
        kind="confirm_apply",
        title="申请司法确认",
        subject_label="x",
        subject_id="1",
        town_code=TAIPING,
        base_event_on=SINCE,
        due_on=date(2023, 10, 7),
        raw_due_on=date(2023, 10, 3),
        responsible=user,
        started_at="2023-09-03T09:00+08:00",
    )
    with pytest.raises(Refused, match="还有 1 项期限没有了结"):
        end_term(membership_id=term.pk, until=date(2023, 9, 20), by=admin)
    Deadline.objects.filter(pk=deadline.pk).update(responsible=admin)
    assert end_term(membership_id=term.pk, until=date(2023, 9, 20), by=admin).until == date(2023, 9, 20)


# ── submissions ──────────────────────────────────────────────────────────────


def test_a_submission_is_recorded_once_a_day(committee_officer):
    options: dict[str, Any] = {
        "town_code": TAIPING,
        "handed_in_on": date(2023, 3, 28),
        "document_number": "太政报〔2023〕6号",
    }
    record_submission(**options, by=committee_officer)
    with pytest.raises(Refused, match="3月28日的报送已经登记过。"):
        record_submission(**options, by=committee_officer)
    assert RosterSubmission.objects.get().document_number == "太政报〔2023〕6号"


def test_the_court_hands_in_without_a_town(admin):
    record_submission(unit_kind="court", handed_in_on=date(2023, 3, 29), by=admin)
    assert str(RosterSubmission.objects.get()) == "市法院 2023-03-29"


def test_a_submission_is_not_of_tomorrow(admin):
    with pytest.raises(Refused, match="报送日不能晚于今天。"):
        record_submission(town_code=TAIPING, handed_in_on=date(2023, 9, 21), by=admin)


def test_an_officer_does_not_record_submissions(officer_of_taiping):
    with pytest.raises(NotAllowed):
        record_submission(town_code=TAIPING, handed_in_on=date(2023, 3, 28), by=officer_of_taiping)
