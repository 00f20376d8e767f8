"""A list that was taken out in clear and brought in again changes nothing, whoever stands in the roster."""

import io
from datetime import date, timedelta
from typing import Any

import pytest
from django.utils import timezone
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook

from core.choices import Role
from core.models import Division
from core.queries import today
from roster import documents, importers
from roster.annex.plan import ImportPlan
from roster.choices import ExportList, MediatorKind, RowResult, TeamRole
from roster.models import RosterExport, Staff, TeamMembership
from roster.names import tidy_name
from tests.conftest import COUNTY, FENJIE, HUASHI, SHUANGDONG, TAIPING
from tests.roster.workbooks import XLSX, id_number, saved

pytestmark = pytest.mark.django_db
SINCE = date(2023, 3, 30)
TOWNS = (TAIPING, SHUANGDONG, FENJIE, HUASHI)

# ── people ───────────────────────────────────────────────────────────────────

RARE = "林黎𣸣𠮷榃〇䶮·•。a甲乙陈"
NAMES = st.text(RARE, min_size=1, max_size=8).filter(tidy_name) | st.sampled_from(["买买提·艾山", "𠮷田", "欧 阳"])
POSTS = st.sampled_from([
    "", "罗定市人民法院 审判员", "罗定市人民法院太平人民法庭 法官助理", "罗定市人民法院 书记员", "原人民法院法官",
    "太平镇人民调解委员会 专职人民调解员", "太平镇综治中心 联络人员", "太平镇党委委员、政法委员", "三和村村委会 委员",
    "双东街道司法所 所长", "广东某律师事务所 律师（分界镇驻村律师）", "大南村网格员", "退休教师", "派出所 民警",
    "太平镇\n综治办  主任", "=HYPERLINK(1)", "太平镇、双东街道 网格员", "同上", '太平镇 " 和 " 调解室',
])  # fmt: skip
NOTES = st.sampled_from([
    "", "党员；", "负责太平镇、双东街道", "负责分界镇", "联络人员", "驻村律师", "原联络员", "+86", "-", "@某", "=1+1",
    "_x0041_", "注：新任", "【岗位：网格员，太平镇】", "党员；【岗位：飞行员】", "2022年 换届\n选举",
    "兼太平镇联络员；党员", "手机 13800000001", "负责太平镇案件；党员", '自称 " 老好人 " 的人', "〃", "同上",
    "网格员，法官", "太平镇、党员", "不再负责：太平镇",
])  # fmt: skip
TEXTS = st.text("广东省罗定市太平镇村号 0123456789=+-@<&>_x\n\t【】", max_size=30)
PHONES = st.sampled_from(
    ["", "13800000001", "0766-3812345", "3812345", "13800000001、0766-3812345-8", "13800000001、13900000002"]
)
SEATS = st.sampled_from([
    (TeamRole.JUDGE, ""), (TeamRole.JUDGE_ASSISTANT, ""), (TeamRole.LIAISON_OFFICER, ""),
    *((TeamRole.MEDIATOR, kind) for kind in ["", *MediatorKind.values]),
])  # fmt: skip
TERMS = st.lists(
    st.tuples(st.sampled_from(TOWNS), SEATS, st.booleans()), max_size=5, unique_by=lambda term: (term[0], term[1][0])
)
PEOPLE = st.fixed_dictionaries({
    "name": NAMES, "unit_and_duty": POSTS, "note": NOTES, "registered_address": TEXTS, "contact_address": TEXTS,
    "phone": PHONES, "lacks": st.sets(st.sampled_from(["born", "sex"])), "terms": TERMS,
})  # fmt: skip


def keep(number: int, person: dict[str, Any]) -> None:
    """A person of the roster with terms, written past every check."""
    facts = dict(person)
    terms, lacks = facts.pop("terms"), facts.pop("lacks")
    birth = f"19{60 + number}031{number % 10}"
    facts |= {"born": f"{birth[:4]}-03", "sex": "male" if number % 2 else "female"}
    facts |= dict.fromkeys(lacks, "")
    staff = Staff.objects.create(id_number=id_number(birth, number), **facts)
    for town, (role, kind), is_over in terms:
        TeamMembership.objects.create(
            staff=staff, town_id=town, town_code=town, role=role, mediator_kind=kind, since=SINCE,
            until=SINCE + timedelta(days=90) if is_over else None, recorded_at=timezone.now(),
        )  # fmt: skip


@pytest.fixture
def admin(divisions, make_user):
    return make_user("admin", Role.ADMIN, COUNTY)


def taken_out(by, what: str, town: str | None = None, *, is_clear: bool = True) -> bytes:
    place = Division.objects.get(code=town) if town else None
    return documents.workbook_of(
        RosterExport(what=what, town=place, is_clear=is_clear, reason="报送", asked_by=by, asked_at=timezone.now())
    )


def brought_in(data: bytes, by, name: str = XLSX) -> ImportPlan:
    return importers.plan_import(importers.check_workbook(data, name, town=None, on=today()), since=today(), by=by)


def told(plan: ImportPlan) -> list[Any]:
    """Every row that is not unchanged, with what it would do."""
    return [
        (row.checked.facts, row.checked.seats, row.result, row.changes, row.steps, row.checked.issues)
        for row in plan.rows
        if row.result != RowResult.UNCHANGED
    ]


ALWAYS = settings(
    deadline=None,
    max_examples=40,
    phases=[Phase.explicit, Phase.reuse, Phase.generate],  # shrinking a roster takes minutes and tells little
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture, HealthCheck.data_too_large],
)


def plans_of_every_list(by, people, *, is_clear: bool) -> list[ImportPlan]:
    """What each list would do that is taken out of a roster of these people and brought in again."""
    TeamMembership.objects.all().delete()
    Staff.objects.all().delete()
    for number, person in enumerate(people):
        keep(number, person)
    lists = [(ExportList.COUNTY, None), (ExportList.COURT, None), (ExportList.BUREAU, None)]
    lists += [(ExportList.TOWN, town) for town in TOWNS]
    return [brought_in(taken_out(by, *one, is_clear=is_clear), by) for one in lists]


@ALWAYS
@given(people=st.lists(PEOPLE, min_size=1, max_size=8))
def test_any_roster_taken_out_in_clear_comes_back_unchanged(people, admin):
    plans = plans_of_every_list(admin, people, is_clear=True)
    assert [told(plan) for plan in plans] == [[]] * 7
    seated = TeamMembership.objects.filter(until=None).values_list("staff", "town_code").distinct().count()
    undecided = Staff.objects.filter(memberships=None).count()
    assert len(plans[0].rows) == seated + undecided


@ALWAYS
@given(people=st.lists(PEOPLE, min_size=1, max_size=8))
def test_any_roster_taken_out_masked_comes_back_unchanged_too(people, admin):
    tidy = [person | {"name": tidy_name(person["name"])} for person in people]  # masked, a name is all to go by
    assert [told(plan) for plan in plans_of_every_list(admin, tidy, is_clear=False)] == [[]] * 7


def test_what_was_retyped_in_the_list_is_the_only_change(seat, admin):
    staff = seat("陈晓岚", mediator_kind="grid_worker").staff
    staff.id_number, staff.phone, staff.unit_and_duty = id_number("19850312", 7), "13800000001", "太平镇大南村网格员"
    staff.save()
    book = load_workbook(io.BytesIO(taken_out(admin, ExportList.TOWN, TAIPING)))
    book.active["I4"] = "13900000002"
    (row,) = brought_in(saved(book), admin).rows
    assert [(change.field, change.old, change.new) for change in row.changes] == [
        ("phone", "13800000001", "13900000002")
    ]
    assert row.steps == ()


@pytest.mark.parametrize(
    ("post", "note"),
    [("太平镇大南村网格员", '自称 " 老好人 " 的人'), ("太平镇大南村网格员", "〃"), ("同上", "网格员，法官")],
    ids=["marks within", "nothing else", "no post"],
)
def test_marks_that_stand_for_the_row_above_change_nothing(seat, admin, post, note):
    staff = seat("陈晓岚", mediator_kind="grid_worker").staff
    staff.id_number, staff.unit_and_duty, staff.note = id_number("19850312", 7), post, note
    staff.save()
    assert told(brought_in(taken_out(admin, ExportList.TOWN, TAIPING), admin)) == []
