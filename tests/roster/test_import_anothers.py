"""What an officer's list does, and lets them learn, where it names somebody whose facts are others' to keep."""

from datetime import date

import pytest
from django.urls import reverse

from core.errors import Conflict
from roster.annex.anothers import HIDDEN, OTHER_NAME
from roster.models import Staff, TeamMembership
from roster.uploads import apply_upload
from tests.conftest import SHUANGDONG, TAIPING
from tests.roster.mending import look, say, send, text
from tests.roster.uploading import plan, results, take, write
from tests.roster.workbooks import id_number, person, roster

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("divisions", "_clock")]
JUDGE = "罗定市人民法院 审判员"
SERVES_ELSEWHERE = "这个号码的人现在在别的镇（街）任职。请那边先登记离任，或者请管理员、司法局登记。"
THEIRS = {"姓名": "林文英", "联系电话": "13881924865", "备注": "懂客家话", "通讯地址": "罗定市双东街道桥头街9号"}


def messages(row) -> dict[str, str]:
    return {issue.code.value: issue.message for issue in row.checked.issues}


# ── another name ─────────────────────────────────────────────────────────────


@pytest.mark.parametrize("row", [{}, {"所在单位及职务": JUDGE, "备注": "负责太平镇、双东街道"}])
def test_a_number_of_somebody_else_seats_nobody_and_tells_no_more_of_them(admin, officer_of_taiping, row):
    write(roster(person(1, **THEIRS)), admin, town=SHUANGDONG)
    done = write(roster(person(1, **row)), officer_of_taiping, skip=True)
    assert (results(done), messages(done.rows[0])) == (["rejected"], {"name_differs": OTHER_NAME})
    assert TeamMembership.objects.get().town_id == SHUANGDONG


def test_the_officer_reads_nothing_of_them_and_retypes_the_number(admin, officer_of_taiping, client_of):
    write(roster(person(1, **THEIRS)), admin, town=SHUANGDONG)
    client = client_of(officer_of_taiping)
    shown = send(client, roster(person(1)))
    page = text(shown)
    assert [words for words in ("林文英", "懂客家话", "4865", "桥头", "双东") if words in page] == []
    right = id_number("19710211", 11)
    say(client, shown.context["kept"], 1, cell_id_number=right)
    assert [row.result for row in look(client, shown.context["kept"]).context["rows"]] == ["新增"]


def test_who_left_another_town_is_shown_no_more_than_who_serves_it(admin, officer_of_taiping, client_of):
    write(roster(person(1, **THEIRS)), admin, town=SHUANGDONG)
    TeamMembership.objects.update(until="2023-06-30", ended_recorded_at="2023-06-30T09:00+08:00")
    shown = send(client_of(officer_of_taiping), roster(person(1)))
    assert ([row.result for row in shown.context["rows"]], "林文英" in text(shown)) == (["不能写入"], False)


def test_one_whose_seats_are_all_ones_own_may_be_renamed(admin, officer_of_taiping):
    write(roster(person(1)), admin)
    assert results(write(roster(person(1, 姓名="林文英")), officer_of_taiping)) == ["updated"]
    assert Staff.objects.get().name == "林文英"


# ── another town's mediator ──────────────────────────────────────────────────


@pytest.mark.parametrize("seat", ["mediator", "liaison_officer"])
@pytest.mark.parametrize("row", [{}, {"所在单位及职务": "某处"}, {"所在单位及职务": JUDGE}])
def test_who_serves_another_town_is_taken_in_by_no_officer(admin, officer_of_taiping, client_of, row, seat):
    write(roster(person(1, **THEIRS)), admin, town=SHUANGDONG)
    TeamMembership.objects.update(role=seat, mediator_kind="")
    mine = roster(person(1, **{"姓名": "林文英"} | row))
    client = client_of(officer_of_taiping)
    shown = send(client, mine)
    assert ([one.result for one in shown.context["rows"]], SERVES_ELSEWHERE in text(shown)) == (["不能写入"], True)
    assert [words for words in ("写入后两个镇（街）", "双东", "懂客家话", "4865") if words in text(shown)] == []
    assert results(write(mine, officer_of_taiping, skip=True)) == ["rejected"]
    assert TeamMembership.objects.get().town_id == SHUANGDONG
    person_page = reverse("roster:person", args=[Staff.objects.get().pk])
    assert client.get(person_page).status_code == 404


@pytest.mark.parametrize("keeper", ["admin", "justice_officer"])
def test_the_countys_keepers_take_in_who_serves_another_town(admin, cast, keeper):
    write(roster(person(1, **THEIRS)), admin, town=SHUANGDONG)
    done = write(roster(person(1, **THEIRS)), cast[keeper])
    assert (results(done), "in_two_towns" in messages(done.rows[0])) == (["updated"], True)


def test_who_serves_here_already_keeps_the_seat_though_they_serve_another_town_too(admin, officer_of_taiping):
    for town in (SHUANGDONG, TAIPING):
        write(roster(person(1, **THEIRS)), admin, town=town)
    assert results(write(roster(person(1, **THEIRS)), officer_of_taiping)) == ["unchanged"]


# ── values that are not taken ────────────────────────────────────────────────


@pytest.mark.parametrize("phone", ["13800000009", THEIRS["联系电话"]])
def test_of_a_judge_unseen_all_the_row_brings_is_said_whatever_the_roster_has(admin, officer_of_taiping, phone):
    write(roster(person(1, **THEIRS | {"所在单位及职务": JUDGE})), admin, town=SHUANGDONG)
    mine = person(1, 姓名="林文英", 所在单位及职务=JUDGE, 联系电话=phone)
    done = write(roster(mine), officer_of_taiping)
    assert messages(done.rows[0])["facts_not_taken"] == (
        "名册里已有这个人，资料以名册登记的为准：这一行的所在单位及职务、户籍地址、通讯地址、联系电话没有采用。"
    )
    assert (results(done), Staff.objects.get().phone) == (["updated"], THEIRS["联系电话"])


def test_of_a_member_who_serves_elsewhere_too_what_differs_is_said(admin, officer_of_taiping):
    judge = person(1, 所在单位及职务=JUDGE, 备注="负责太平镇、双东街道")
    write(roster(judge), admin)
    done = write(roster(judge | {"联系电话": "13900000009"}), officer_of_taiping)
    assert messages(done.rows[0])["facts_not_taken"] == (
        "这个人也在别的镇（街）任职，资料由管理员或司法局改：这一行的联系电话没有采用。"
    )
    assert messages(write(roster(judge), officer_of_taiping).rows[0]) == {}


def test_an_unclear_post_seats_no_judge_and_that_is_said(admin, officer_of_taiping, client_of):
    write(roster(person(1, **THEIRS | {"所在单位及职务": JUDGE})), admin, town=SHUANGDONG)
    unclear = roster(person(1, 姓名="林文英", 所在单位及职务="某处"))
    client = client_of(officer_of_taiping)
    shown = send(client, unclear)
    (row,) = shown.context["rows"]
    assert (row.result, row.post.why) == ("不变", "看不出岗位，没有登记任职。选定岗位以后才登记。")
    assert row.name.why.startswith("名册里已有这个人，资料以名册登记的为准")
    assert "先列入" not in text(shown)
    say(client, shown.context["kept"], 1, seat="judge:")
    (row,) = look(client, shown.context["kept"]).context["rows"]
    assert ("没有登记任职" in row.post.why, row.notes[0]) == (False, "新任职：太平镇，自9月20日起")


def test_facts_of_who_left_another_town_are_taken_over_without_showing_the_old(admin, officer_of_taiping, client_of):
    write(roster(person(1, **THEIRS)), admin, town=SHUANGDONG)
    TeamMembership.objects.update(until="2023-06-30", ended_recorded_at="2023-06-30T09:00+08:00")
    mine = roster(person(1, 姓名="林文英", 联系电话="13900000009", 备注="村里的热心人"))
    page = text(send(client_of(officer_of_taiping), mine))
    assert [words for words in ("懂客家话", "4865", "桥头") if words in page] == []
    assert "（原来的不显示）" in page
    assert results(write(mine, officer_of_taiping, since=date(2023, 9, 20))) == ["updated"]
    assert Staff.objects.get().phone == "13900000009"


def test_an_unclear_row_rewrites_nobody_unseen(admin, officer_of_taiping):
    write(roster(person(1, **THEIRS)), admin, town=SHUANGDONG)
    TeamMembership.objects.update(until="2023-06-30", ended_recorded_at="2023-06-30T09:00+08:00")
    done = write(roster(person(1, 姓名="林文英", 所在单位及职务="某处")), officer_of_taiping)
    assert (results(done), Staff.objects.get().phone) == (["unchanged"], THEIRS["联系电话"])


def test_an_unclear_row_rewrites_nobody_who_has_no_seat(admin, officer_of_taiping):
    write(roster(person(1, **THEIRS | {"所在单位及职务": "某处"})), admin, town=SHUANGDONG)
    mine = person(1, 姓名="林文英", 所在单位及职务="另一处", 联系电话="13900000009")
    done = write(roster(mine), officer_of_taiping)
    assert (results(done), TeamMembership.objects.count()) == (["unchanged"], 0)
    assert (Staff.objects.get().phone, Staff.objects.get().unit_and_duty) == (THEIRS["联系电话"], "某处")


@pytest.fixture
def _gone(admin) -> None:
    """林文英 served 双东街道 until June."""
    write(roster(person(1, **THEIRS)), admin, town=SHUANGDONG)
    TeamMembership.objects.update(until="2023-06-30", ended_recorded_at="2023-06-30T09:00+08:00")


@pytest.mark.usefixtures("_gone")
@pytest.mark.parametrize("guess", [{}, {"联系电话": THEIRS["联系电话"], "通讯地址": THEIRS["通讯地址"]}])
def test_no_guess_at_who_left_another_town_is_told_to_be_right(officer_of_taiping, client_of, guess):
    mine = roster(person(1, **{"姓名": "林文英", "备注": ""} | guess))
    (row,) = send(client_of(officer_of_taiping), mine).context["rows"]
    assert {cell.field: cell.was for cell in row.cells} == {
        "born": HIDDEN, "sex": HIDDEN, "unit_and_duty": HIDDEN, "id_number": "", "phone": HIDDEN, "note": "",
    }  # fmt: skip
    hidden = [note.split("：")[0] for note in row.notes if HIDDEN in note]
    assert (row.result, hidden) == ("更新 7 处", ["户籍地址", "通讯地址"])


@pytest.mark.usefixtures("_gone")
def test_what_changed_of_them_since_the_preview_is_not_written_over(officer_of_taiping):
    upload = take(roster(person(1, 姓名="林文英")), officer_of_taiping)
    shown = plan(upload, officer_of_taiping).fingerprint
    found = Staff.objects.get()
    found.phone = "13881924866"
    found.save()
    with pytest.raises(Conflict):
        apply_upload(import_id=upload.pk, shown=shown, skip_invalid=False, by=officer_of_taiping)
    assert Staff.objects.get().phone == "13881924866"
