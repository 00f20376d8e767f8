"""Who may see and keep the roster: the whole cast against the whole list."""

import pytest

from core.access import allowed
from roster.models import RosterImport, Staff
from roster.rules import may_fill_seat
from tests.conftest import SHUANGDONG, TAIPING

pytestmark = pytest.mark.django_db
EVERYWHERE, OWN, NOWHERE = (True, True), (True, False), (False, False)  # 太平镇, 双东街道


@pytest.mark.parametrize(
    ("who", "views", "imports", "collects"),
    [
        ("mediator_of_taiping", NOWHERE, NOWHERE, NOWHERE),
        ("officer_of_taiping", OWN, OWN, NOWHERE),
        ("court_clerk", EVERYWHERE, EVERYWHERE, NOWHERE),
        ("judges_assistant", NOWHERE, NOWHERE, NOWHERE),
        ("reviewing_judge", NOWHERE, NOWHERE, NOWHERE),
        ("justice_officer", EVERYWHERE, EVERYWHERE, EVERYWHERE),
        ("committee_officer", EVERYWHERE, NOWHERE, EVERYWHERE),
        ("admin", EVERYWHERE, EVERYWHERE, EVERYWHERE),
        ("auditor", NOWHERE, NOWHERE, NOWHERE),
    ],
)
def test_the_cast_against_the_permissions(cast, who, views, imports, collects):
    def held(permission):
        return tuple(allowed(cast[who], permission, town) for town in (TAIPING, SHUANGDONG))

    assert (held("roster.view"), held("roster.import"), held("roster.edit"), held("roster.record_submission")) == (
        views,
        imports,
        imports,
        collects,
    )


def test_a_stranger_holds_nothing(anonymous):
    assert not allowed(anonymous, "roster.view")


@pytest.mark.parametrize(
    ("who", "judge_here", "mediator_here", "mediator_there"),
    [
        ("admin", True, True, True),
        ("justice_officer", True, True, True),
        ("officer_of_taiping", True, True, False),
        ("court_clerk", True, False, False),
        ("committee_officer", False, False, False),
    ],
)
def test_which_seats_each_may_fill(cast, who, judge_here, mediator_here, mediator_there):
    user = cast[who]
    assert (
        may_fill_seat(user, "judge", TAIPING),
        may_fill_seat(user, "mediator", TAIPING),
        may_fill_seat(user, "mediator", SHUANGDONG),
    ) == (judge_here, mediator_here, mediator_there)


def test_what_each_sees_of_the_people(cast, seat):
    seat("甲")
    seat("乙", "judge")
    seat("丙", town=SHUANGDONG)
    Staff.objects.create(name="丁")
    seen = {who: {staff.name for staff in Staff.objects.visible_to(user)} for who, user in cast.items()}
    assert {who: "".join(sorted(names)) for who, names in seen.items() if names} == {
        "officer_of_taiping": "乙甲",
        "court_clerk": "乙",
        "justice_officer": "丁丙乙甲",
        "committee_officer": "丁丙乙甲",
        "admin": "丁丙乙甲",
    }


def test_who_never_had_a_seat_is_asked_for_as_the_people_are(cast, seat):
    seat("甲")
    Staff.objects.create(name="丁")
    for user in cast.values():
        asked, seen = Staff.objects.unseated_for(user), Staff.objects.visible_to(user).filter(memberships=None)
        assert list(asked) == list(seen)
    assert [who for who, user in cast.items() if Staff.objects.unseated_for(user).exists()] == [
        "justice_officer",
        "committee_officer",
        "admin",
    ]


def test_uploads_are_ones_own_and_the_admins(cast, divisions):
    mine = RosterImport.objects.create(
        file_name="a.xlsx",
        sha256="x",
        since="2023-03-30",
        uploaded_by=cast["officer_of_taiping"],
        uploaded_at="2023-03-30T09:00+08:00",
    )
    seen = {who for who, user in cast.items() if mine in RosterImport.objects.visible_to(user)}
    assert seen == {"officer_of_taiping", "admin"}
    assert {who for who, user in cast.items() if allowed(user, "roster.open_upload", mine)} == seen
