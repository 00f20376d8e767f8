"""入驻调解平台: who counts, who notes it, many at once or none, one corrected."""

from datetime import date
from uuid import uuid4

import pytest
import time_machine
from django.db import IntegrityError, transaction
from django.urls import reverse

from core.errors import Conflict, NotAllowed, Refused
from core.models import AuditEntry
from roster import queries
from roster.actions.platform import correct_entry, note_entries
from roster.models import Staff
from roster.platform_entry import Entry, Share, share
from tests.conftest import SHUANGDONG, TAIPING

APRIL_20, TODAY = date(2023, 4, 20), date(2023, 9, 20)
COMMITTEE = "太平镇人民调解委员会"
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _clock(divisions):
    with time_machine.travel("2023-09-20T10:00+08:00", tick=False):
        yield


def note(by, *people: Staff, on: date = APRIL_20, town: str = TAIPING, accounts: tuple[str, ...] = (), **facts):
    named = dict(zip((staff.pk for staff in people), accounts or ("",) * len(people), strict=True))
    return note_entries(town_code=town, accounts=named, on=on, organisation=COMMITTEE, by=by, **facts)


def entered() -> list[str]:
    return sorted(Staff.objects.exclude(joined_platform_on=None).values_list("name", flat=True))


# ── the rule ─────────────────────────────────────────────────────────────────
@pytest.mark.parametrize(
    ("on", "known_on", "expected"),
    [
        (date(2023, 4, 19), None, Share(0, 2)),
        (APRIL_20, None, Share(1, 2)),
        (APRIL_20, date(2023, 4, 30), Share(0, 2)),
        (APRIL_20, date(2023, 5, 1), Share(1, 2)),
    ],
    ids=["the day before", "on the day", "not written down yet", "written down"],
)
def test_the_share_counts_who_had_entered_and_whose_entry_was_known(on, known_on, expected):
    entries = [Entry(1, APRIL_20, date(2023, 5, 1)), Entry(2, None, None)]
    assert share(entries, on, known_on) == expected


def test_a_person_with_two_seats_counts_once():
    assert share([Entry(1, APRIL_20, APRIL_20)] * 2, TODAY) == Share(1, 1)


def test_the_share_of_a_town_leaves_the_courts_people_out(seat):
    seat("法官", "judge")
    officer, mediator = seat("联络", "liaison_officer").staff, seat("调甲").staff
    officer.joined_platform_on, officer.platform_recorded_at = APRIL_20, "2023-04-20T10:00+08:00"
    officer.save()
    assert queries.entry_shares([TAIPING, SHUANGDONG], TODAY) == {TAIPING: Share(1, 2), SHUANGDONG: Share(0, 0)}
    assert [term.staff for term in queries.entering_people(TAIPING, TODAY)] == [mediator, officer]


# ── many at once ─────────────────────────────────────────────────────────────
def test_many_are_noted_with_one_day_and_one_organisation(officer_of_taiping, seat):
    first, second = seat("甲").staff, seat("乙").staff
    assert note(officer_of_taiping, first, second, accounts=("ld10101", "")) == 2
    first.refresh_from_db()
    assert (first.joined_platform_on, first.platform_account, first.platform_organisation, first.version) == (
        APRIL_20,
        "ld10101",
        COMMITTEE,
        2,
    )
    assert first.platform_entered_late
    row = AuditEntry.objects.get(action="roster.platform_entries")
    assert (row.detail["on"], len(row.detail["staff"]), "ld10101" in str(row.detail)) == ("2023-04-20", 2, False)


def test_all_of_them_or_none(admin, seat):
    first, noted, elsewhere = seat("甲").staff, seat("乙").staff, seat("丙", town=SHUANGDONG).staff
    judge, left = seat("丁", "judge").staff, seat("戊", until=date(2023, 6, 30)).staff
    note(admin, noted)
    for wrong in (noted, elsewhere, judge, left, Staff(pk=uuid4())):
        with pytest.raises(Refused, match="一个也没有登记"):
            note(admin, first, wrong)
    assert entered() == ["乙"]


@pytest.mark.parametrize(
    ("facts", "field"),
    [
        ({"on": date(2023, 9, 21)}, "on"),
        ({"on": date(2008, 1, 1)}, "on"),
        ({"accounts": ("taken",)}, "account-"),
        ({"accounts": ("x" * 61,)}, "account-"),
    ],
    ids=["tomorrow", "before there was a platform", "somebody else's account", "too long an account"],
)
def test_impossible_days_and_accounts_are_refused_at_their_field(admin, seat, facts, field):
    note(admin, seat("有账号").staff, accounts=("taken",))
    staff = seat("甲").staff
    with pytest.raises(Refused) as refused:
        note(admin, staff, **facts)
    assert (refused.value.field.startswith(field), entered()) == (True, ["有账号"])


def test_two_people_on_one_page_cannot_have_one_account(admin, seat):
    with pytest.raises(Refused, match="另一个人"):
        note(admin, seat("甲").staff, seat("乙").staff, accounts=("same", "same"))
    assert entered() == []


def test_an_account_is_one_persons_whatever_writes_it(seat):
    moment = "2023-04-20T10:00+08:00"
    entry = {"joined_platform_on": APRIL_20, "platform_recorded_at": moment, "platform_account": "one"}
    Staff.objects.filter(pk=seat("甲").staff_id).update(**entry)
    with (
        pytest.raises(IntegrityError, match="platform_account"),
        transaction.atomic(),
    ):
        Staff.objects.filter(pk=seat("乙").staff_id).update(**entry)
    with pytest.raises(IntegrityError, match="roster_platform_entry_is_whole"), transaction.atomic():
        Staff.objects.filter(pk=seat("丙").staff_id).update(platform_account="two")


@pytest.mark.parametrize("who", ["mediator_of_taiping", "committee_officer", "court_clerk", "reviewing_judge"])
def test_the_others_note_nothing(who, cast, seat):
    with pytest.raises(NotAllowed):
        note(cast[who], seat("甲").staff)


def test_an_officer_notes_only_in_the_own_town(officer_of_taiping, seat):
    with pytest.raises(NotAllowed):
        note(officer_of_taiping, seat("甲", town=SHUANGDONG).staff, town=SHUANGDONG)


# ── one ──────────────────────────────────────────────────────────────────────
def test_one_entry_is_corrected_and_taken_back(admin, seat):
    staff = seat("甲").staff
    note(admin, staff)
    fixed = correct_entry(
        staff_id=staff.pk, version=2, on=date(2023, 5, 4), account="a1", organisation=COMMITTEE, by=admin
    )
    assert (fixed.joined_platform_on, fixed.platform_account) == (date(2023, 5, 4), "a1")
    gone = correct_entry(staff_id=staff.pk, version=3, on=None, account="", organisation="", by=admin)
    assert (gone.joined_platform_on, gone.platform_organisation, gone.platform_recorded_at) == (None, "", None)


def test_a_stale_page_and_half_an_entry_are_refused(admin, seat):
    staff = seat("甲").staff
    note(admin, staff)
    with pytest.raises(Conflict):
        correct_entry(staff_id=staff.pk, version=1, on=None, account="", organisation="", by=admin)
    with pytest.raises(Refused) as refused:
        correct_entry(staff_id=staff.pk, version=2, on=None, account="a1", organisation="", by=admin)
    assert (refused.value.field, entered()) == ("on", ["甲"])


# ── pages ────────────────────────────────────────────────────────────────────
def test_the_towns_stand_lowest_first_with_both_numbers(admin, seat, client_of):
    first = seat("甲").staff
    seat("乙")
    seat("丙", town=SHUANGDONG)
    note(admin, first)
    answer = client_of(admin).get(reverse("roster:platform"))
    assert [(town.name, share.entered, share.wanted) for town, share in answer.context["rows"][-2:]] == [
        ("双东街道", 0, 1),
        ("太平镇", 1, 2),
    ]
    assert (answer.context["whole"], "33.3%" in answer.content.decode()) == (Share(1, 3), True)


def test_people_are_ticked_and_noted_and_a_refused_page_keeps_its_ticks(officer_of_taiping, seat, client_of):
    first, second = seat("甲").staff, seat("乙").staff
    client, address = client_of(officer_of_taiping), reverse("roster:platform-town", args=[TAIPING])
    typed = {"staff": [str(first.pk)], "organisation": COMMITTEE, f"account-{first.pk}": "ld10101"}
    wrong = client.post(address, typed | {"on": "2023-09-21"})
    page = wrong.content.decode()
    assert (wrong.status_code, page.count(" checked"), "ld10101" in page, entered()) == (422, 1, True, [])
    assert client.post(address, typed | {"on": "2023-04-20"}).status_code == 302
    assert entered() == ["甲"]
    nobody = client.post(address, {"on": "2023-04-20", "organisation": COMMITTEE})
    assert (nobody.status_code, list(nobody.context["form"].errors)) == (422, ["staff"])
    assert second.joined_platform_on is None


def test_an_id_of_another_town_is_refused_whole(officer_of_taiping, seat, client_of):
    mine, other = seat("甲").staff, seat("丙", town=SHUANGDONG).staff
    address = reverse("roster:platform-town", args=[TAIPING])
    typed = {"staff": [str(mine.pk), str(other.pk)], "on": "2023-04-20", "organisation": COMMITTEE}
    answer = client_of(officer_of_taiping).post(address, typed)
    assert (answer.status_code, entered()) == (422, [])


def test_the_persons_page_shows_the_entry_and_its_form_corrects_it(admin, seat, client_of):
    staff = seat("甲").staff
    note(admin, staff, accounts=("ld10101",))
    client = client_of(admin)
    page = client.get(reverse("roster:person", args=[staff.pk])).content.decode()
    assert all(words in page for words in ("已入驻", "ld10101", "2023年4月20日", "补录"))
    address = reverse("roster:person-platform", args=[staff.pk])
    stale = client.post(address, {"on": "", "account": "", "organisation": "", "version": 1})
    assert (stale.status_code, entered()) == (409, ["甲"])
    assert client.post(address, {"on": "", "account": "", "organisation": "", "version": 2}).status_code == 302
    assert entered() == []


@pytest.mark.parametrize("people", [1, 3])
@pytest.mark.parametrize(("name", "number"), [("platform", 6), ("platform-town", 8)])
def test_the_pages_take_the_same_queries_for_one_and_for_three(
    admin, client_of, seat, django_assert_num_queries, people, name, number
):
    for place in range(people):
        seat(f"甲{place}")
    client = client_of(admin)
    with django_assert_num_queries(number):
        client.get(reverse(f"roster:{name}", args=[TAIPING] if name == "platform-town" else []))
