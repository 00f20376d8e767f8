"""What the preview says of a row besides its cells: where it goes, what of it is not taken, which side it is on."""

from datetime import date

import pytest
from openpyxl import Workbook

from core.choices import Role
from core.models import User
from roster.actions.membership import end_term
from roster.actions.voiding import void_term
from roster.models import Staff, TeamMembership
from tests.conftest import FENJIE, SHUANGDONG, TAIPING
from tests.roster.mending import look, say, send, text
from tests.roster.uploading import results, write
from tests.roster.work import give_deadline
from tests.roster.workbooks import HEADER, id_number, person, roster, saved, table, xlsx

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("divisions", "_clock")]
JUDGE = "罗定市人民法院 审判员"


def rows_of(shown):
    return list(shown.context["rows"])


# ── one side alone ───────────────────────────────────────────────────────────


def test_a_mediator_is_made_no_judge_by_a_list(admin):
    write(roster(person(1)), admin)
    again = write(roster(person(1, 所在单位及职务=JUDGE)), admin, skip=True)
    assert results(again) == ["rejected"]
    assert "另有岗位，不能同时是法官" in again.rows[0].blocked
    assert list(TeamMembership.objects.values_list("role", "until")) == [("mediator", None)]


@pytest.mark.parametrize(("role", "is_active"), [(Role.MEDIATOR, False), (Role.MEDIATOR, True), (Role.JUDGE, False)])
def test_an_officers_list_makes_no_account_a_judges(role, is_active, admin, officer_of_taiping):
    write(roster(person(1)), admin)
    TeamMembership.objects.all().delete()  # struck out by the officer a moment before
    user = User.objects.create_user("m1", role=role, is_active=is_active, closed_with_term=not is_active)
    Staff.objects.update(user=user)
    data = roster(person(1, 所在单位及职务=JUDGE))

    refused = write(data, officer_of_taiping, skip=True)

    assert results(refused) == ["rejected"]
    assert "请法院立案人员或管理员来登记" in refused.rows[0].blocked
    user.refresh_from_db()
    assert (user.role, user.is_active) == (role, is_active)
    assert results(write(data, admin)) == ["updated"]
    user.refresh_from_db()
    assert (user.role, user.is_active) == (Role.JUDGE, True)


def test_an_officers_list_still_names_the_judge_and_seats_one_who_sits_elsewhere(admin, officer_of_taiping):
    data = roster(person(1, 所在单位及职务=JUDGE))
    write(data, admin, town=FENJIE)
    Staff.objects.update(user=User.objects.create_user("j1", role=Role.JUDGE))
    assert results(write(data, officer_of_taiping)) == ["updated"]
    assert results(write(roster(person(2, 所在单位及职务=JUDGE)), officer_of_taiping)) == ["created"]


def test_who_left_and_stands_in_a_list_again_is_said(admin):
    write(roster(person(1), person(2), person(3)), admin)
    left, struck, stays = TeamMembership.objects.order_by("staff__id_hash").all()
    end_term(membership_id=left.pk, until=date(2023, 9, 20), by=admin)
    void_term(membership_id=struck.pk, reason="登记错了人", by=admin)
    numbers = {term.staff.id_number: term for term in (left, struck, stays)}

    again = write(roster(person(1), person(2), person(3)), admin)

    said = {
        numbers[row.checked.facts.id_number]: [one.message for one in row.checked.issues if one.code == "left_before"]
        for row in again.rows
    }
    ends = "，名单里还有：写入后从{}起又任职。没有回来的，请留下这一行不写。"
    assert said == {
        left: ["在太平镇的任职到9月20日为止" + ends.format("9月21日")],
        struck: ["在太平镇的任职已经作废" + ends.format("4月3日")],
        stays: [],
    }


def test_a_judge_is_made_no_mediator_of_another_town(admin):
    write(roster(person(1, 所在单位及职务=JUDGE)), admin)
    again = write(roster(person(1)), admin, town=FENJIE, skip=True)
    assert (results(again), again.rows[0].changes) == (["rejected"], ())
    assert Staff.objects.get().unit_and_duty == JUDGE


def test_somebody_new_on_both_sides_of_one_file(admin):
    data = xlsx(table(person(1)), table(person(1, 所在单位及职务=JUDGE)), names=["太平镇", "分界镇"])
    done = write(data, admin, town=None, skip=True)
    assert results(done) == ["created", "rejected"]
    assert "不能同时是法官" in done.rows[1].blocked


def test_where_a_new_persons_first_row_is_not_written_the_next_is_the_first(admin):
    both = person(1, 备注="【岗位：法官，太平镇；网格员，太平镇】")
    data = xlsx(table(both), table(person(1, 所在单位及职务=JUDGE)), names=["太平镇", "分界镇"])
    done = write(data, admin, town=None, skip=True)
    assert results(done) == ["rejected", "created"]
    assert list(TeamMembership.objects.values_list("role", "town__name")) == [("judge", "分界镇")]


def test_an_officer_learns_nothing_of_the_seat_that_stands_in_the_way(admin, client_of, officer_of_taiping):
    write(roster(person(1, 姓名="林文英", 所在单位及职务=JUDGE)), admin, town=SHUANGDONG)
    page = text(send(client_of(officer_of_taiping), roster(person(1, 姓名="林文英"))))
    assert ("另有岗位，不能同时是调解人员" in page, "双东" in page) == (True, False)


def test_who_left_the_one_side_may_come_to_the_other(admin):
    write(roster(person(1)), admin)
    TeamMembership.objects.update(until="2023-06-30", ended_recorded_at="2023-06-30T09:00+08:00")
    assert results(write(roster(person(1, 所在单位及职务=JUDGE)), admin)) == ["updated"]


# ── what the preview says ────────────────────────────────────────────────────


def test_a_further_row_of_a_person_says_what_it_adds_and_what_is_not_taken(admin, client_of):
    first, second = person(1), person(1, 所在单位及职务="分界镇综治中心 副主任", 联系电话="13800000099")
    data = xlsx(table(first), table(second), names=["太平镇", "分界镇"])
    _, row = rows_of(send(client_of(admin), data, town=""))
    assert row.result == "加任职"
    assert row.notes == [
        "同一个人，资料以「太平镇」第 4 行为准；这一行的所在单位及职务、联系电话没有采用",
        "新任职：分界镇",
    ]


def test_a_row_whose_words_decided_says_its_town(admin, client_of):
    shown = send(client_of(admin), roster(person(1), person(3, 所在单位及职务="双东街道综治中心 主任")), town="")
    assert ["太平镇" in row.post.meta for row in rows_of(shown)] == [True, False]
    assert "双东街道" in rows_of(shown)[1].post.meta
    named = send(client_of(admin), roster(person(5)))
    assert "太平镇" not in rows_of(named)[0].post.meta


def test_a_town_that_the_list_names_within_is_shown_too(admin, client_of):
    rows = [person(number, 所在单位及职务="网格员", 乡镇=town) for number, town in ((1, "太平镇"), (3, "双东街道"))]
    header = (*HEADER, "乡镇")
    shown = send(client_of(admin), roster(*rows, header=header), town="")
    assert [row.post.meta for row in rows_of(shown)] == ["因「网格员」　太平镇", "因「网格员」　双东街道"]
    named = send(client_of(admin), roster(person(5, 所在单位及职务="网格员", 乡镇="太平镇"), header=header))
    assert rows_of(named)[0].post.meta == "因「网格员」"


def test_so_is_that_of_a_line_among_the_people(admin, client_of):
    lines = table(person(1), person(3), {"序号": "二、双东街道"}, person(5), title="太平镇法官联络点人员名单")
    shown = send(client_of(admin), xlsx(lines), town="")
    assert ["双东街道" in row.post.meta for row in rows_of(shown)] == [False, False, True]
    assert ["太平镇" in row.post.meta for row in rows_of(shown)] == [False, False, False]


def test_a_formula_in_an_address_is_said_at_the_row(admin, client_of):
    shown = send(client_of(admin), roster(person(1, 通讯地址="=F4")))
    assert rows_of(shown)[0].notes == ["通讯地址：这一格是公式，没有采用，当作空格。请改成直接填写的内容。"]


def test_two_things_about_one_post_are_both_said(admin, client_of):
    client = client_of(admin)
    write(roster(person(1)), admin)
    shown = send(client, roster(person(1, 所在单位及职务="太平镇 调解员")), town=SHUANGDONG)
    said = " ".join([rows_of(shown)[0].post.why, *rows_of(shown)[0].notes])
    assert "看不出是哪一类调解人员" in said
    assert "现在是太平镇的队员" in said


def test_a_hidden_row_is_said_and_can_be_left_out(admin, client_of):
    client = client_of(admin)
    book = Workbook()
    page = book.active
    for values in table(person(1), person(3)):
        page.append([values[place] if place < len(values) else None for place in range(len(HEADER))])
    page.row_dimensions[5].hidden = True
    shown = send(client, saved(book))
    kept, (plain, hidden) = shown.context["kept"], rows_of(shown)
    assert (plain.name.why, plain.may_leave_out, hidden.may_leave_out) == ("", False, True)
    assert "这一行在表里是隐藏的" in hidden.name.why
    say(client, kept, 2, left_out="1")
    again = rows_of(look(client, kept))
    assert [row.result for row in again] == ["新增", "留下不写"]


def test_the_number_of_a_namesake_can_be_retyped(admin, client_of):
    client = client_of(admin)
    write(roster(person(1)), admin)
    wrong = id_number("19710210", 9)
    shown = send(client, roster(person(1, 身份证号码=wrong, 出生年月="1971.02")))
    kept, (row,) = shown.context["kept"], rows_of(shown)
    cell = next(one for one in row.cells if one.field == "id_number")
    assert (cell.is_input, wrong in text(shown)) == (True, False)
    assert "已有同名的人" in cell.why
    say(client, kept, 1, cell_id_number=cell.text)
    assert [row.result for row in rows_of(look(client, kept))] == ["新增"]
    say(client, kept, 1, cell_id_number=person(1)["身份证号码"])
    assert [row.result for row in rows_of(look(client, kept))] == ["不变"]


# ── what is to be looked at, and where it is mended ──────────────────────────


@pytest.mark.parametrize("name", ["张*", "欧阳**", "张＊", "A1#", "<b>张三</b>"])  # noqa: RUF001 (a full-width star)
def test_a_name_that_is_hidden_or_none_is_refused_and_overwrites_nobody(admin, name):
    write(roster(person(1)), admin)
    again = write(roster(person(1, 姓名=name), person(3, 姓名=name)), admin, skip=True)
    assert results(again) == ["rejected", "rejected"]
    assert Staff.objects.get().name == "测一"


@pytest.mark.parametrize("name", ["*张三", "张伟2", "买买提·艾山", "𠮷𣸣", "李〇"])
def test_a_mark_before_a_name_and_a_number_behind_it_are_none_of_that(admin, name):
    assert results(write(roster(person(1, 姓名=name)), admin)) == ["created"]


def test_another_name_under_a_known_number_is_asked_about_and_the_number_can_be_retyped(admin, client_of):
    client = client_of(admin)
    write(roster(person(1)), admin)
    (row,) = rows_of(send(client, roster(person(1, 姓名="完全不同"))))
    cell = next(one for one in row.cells if one.field == "id_number")
    assert "名册里这个身份证号码是另一个名字" in row.name.why
    assert (row.name.was, cell.is_input)[0] == "测一"
    assert (cell.is_input, row.may_leave_out) == (True, True)


def test_an_officer_is_not_told_who_has_a_number_in_another_town(admin, client_of, officer_of_taiping):
    write(roster(person(1)), admin, town=SHUANGDONG)
    page = text(send(client_of(officer_of_taiping), roster(person(1, 姓名="完全不同"))))
    assert ("测一" in page, "完全不同" in page) == (False, True)


def test_an_officer_sees_their_own_team_alone_and_what_was_not_written(officer_of_taiping, client_of):
    client = client_of(officer_of_taiping)
    judge = person(2, 所在单位及职务=JUDGE, 备注="负责太平镇、分界镇")
    shown = send(client, roster(judge))
    assert [name for name, _ in shown.context["teams"]] == ["太平镇"]
    assert "分界镇不归您登记" in text(shown)
    kept = shown.context["kept"]
    done = client.post(f"/roster/import/{kept.pk}/apply/", {"shown": shown.context["fingerprint"]}, follow=True)
    assert [name for _, name in done.context["towns"]] == ["太平镇"]
    assert list(TeamMembership.objects.values_list("town__name", flat=True)) == ["太平镇"]


@pytest.mark.parametrize(
    ("note", "said"),
    [
        ("负责太平镇、罗境镇", "「罗境镇」认不出"),
        ("太平镇、罗境镇", "「罗境镇」认不出"),
        ("负责所有镇街", "「所有镇街」认不出"),
        ("负责太平镇、双东街道", ""),
        ("负责太平、双东两镇街", ""),
        ("负责调解室工作", ""),
    ],
)
def test_a_town_of_a_note_that_is_none_is_said(admin, client_of, note, said):
    shown = send(client_of(admin), roster(person(1, 所在单位及职务=JUDGE, 备注=note)))
    cell = next(one for one in rows_of(shown)[0].cells if one.field == "note")
    assert said in cell.why if said else not cell.why


@pytest.mark.parametrize(("column", "value"), [("联系电话", "=F4"), ("备注", "=F4"), ("联系电话", "")])
def test_what_was_left_empty_can_be_typed_in_the_page(admin, client_of, column, value):
    client = client_of(admin)
    shown = send(client, roster(person(1, **{column: value})))
    kept, field = shown.context["kept"], {"联系电话": "phone", "备注": "note"}[column]
    cell = next(one for one in rows_of(shown)[0].cells if one.field == field)
    assert (cell.is_input, cell.look, kept.report["look"]) == (True, "ask", 1)
    say(client, kept, 1, **{f"cell_{field}": "13800000077"})
    (row,) = rows_of(look(client, kept))
    assert [one.look for one in row.cells if one.field == field] == [""]


def test_a_change_under_equal_masks_says_that_there_is_one(admin, client_of):
    client = client_of(admin)
    write(roster(person(1, 通讯地址="罗定市太平镇石牌村1号")), admin)
    (row,) = rows_of(send(client, roster(person(1, 通讯地址="罗定市太平镇石牌村2号"))))
    assert ["遮住的部分有改动" in note for note in row.notes] == [True]


# ── work in hand ─────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("before", "after", "result"), [("联络员", "", "rejected"), ("", "联络员", "updated")], ids=["less", "more"]
)
def test_nobody_is_moved_away_from_work_they_could_not_do_any_more(admin, make_user, before, after, result):
    write(roster(person(1, 备注=before)), admin)
    staff = Staff.objects.get()
    staff.user = make_user("m", Role.OFFICER)
    staff.save()
    give_deadline(staff.user)
    again = write(roster(person(1, 备注=after or "镇综治办")), admin, since=date(2023, 9, 10), skip=True)
    assert results(again) == [result]
    assert ("还有 1 项期限没有了结" in again.rows[0].blocked) == (result == "rejected")


# ── a judge's towns ──────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("before", "after", "struck", "said"),
    [
        ("负责太平镇、双东街道", "党员", "", "双东街道"),
        ("党员；负责太平镇、双东街道", "退役军人", "党员", "双东街道"),
        ("负责太平镇、双东街道", "负责太平镇", "", "双东街道"),
        ("负责太平镇", "党员", "", ""),
        ("太平镇、双东街道", "党员", "", "双东街道"),
        ("太平、双东、罗境镇", "党员", "罗境镇", "双东街道"),
        ("双东街道、党员", "退役军人", "党员", "双东街道"),
        ("党员 双东街道（2022年到任）", "退役军人", "党员、2022年到任", "双东街道"),
        ("家住双东街道、党员", "退役军人", "家住双东街道、党员", ""),
        ("党员", "退役军人", "党员", ""),
        ("", "退役军人", "（空）", ""),
    ],
)
def test_towns_a_judges_note_names_no_more_are_not_struck_out_and_said_to_stay(
    admin, client_of, before, after, struck, said
):
    write(roster(person(1, 所在单位及职务=JUDGE, 备注=before)), admin)
    seats = TeamMembership.objects.count()
    shown = send(client_of(admin), roster(person(1, 所在单位及职务=JUDGE, 备注=after)))
    (row,) = rows_of(shown)
    note = next(cell for cell in row.cells if cell.field == "note")
    assert (note.text, note.was) == (after, struck)
    assert note.why == (
        f"备注里没有再写{said}，那里的任职照旧：名单不会让人离任。不再负责的，请到本人页面登记离任。" if said else ""
    )
    write(roster(person(1, 所在单位及职务=JUDGE, 备注=after), title=""), admin)
    assert TeamMembership.objects.filter(until=None).count() == seats


@pytest.mark.parametrize(
    ("before", "struck"), [("负责双东街道", "负责双东街道"), ("太平镇、双东街道", "双东街道")], ids=["word", "list"]
)
def test_a_town_that_a_judge_left_by_hand_is_struck_out_of_the_note(admin, client_of, before, struck):
    write(roster(person(1, 所在单位及职务=JUDGE, 备注=before)), admin)
    TeamMembership.objects.exclude(town_code=TAIPING).update(
        until="2023-06-30", ended_recorded_at="2023-06-30T09:00+08:00"
    )
    (row,) = rows_of(send(client_of(admin), roster(person(1, 所在单位及职务=JUDGE, 备注="党员"))))
    note = next(cell for cell in row.cells if cell.field == "note")
    assert (note.was, note.why) == (struck, "")
