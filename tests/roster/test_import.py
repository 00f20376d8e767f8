"""An import from the file to the roster: planned against what is there, written once, harmless to repeat."""

from datetime import date
from importlib import import_module

import pytest

from core.errors import Conflict, NotAllowed, Refused
from core.models import AuditEntry
from roster import importers, queries, uploads
from roster.actions import imports
from roster.choices import RowResult
from roster.models import RosterImport, RosterSubmission, Staff, TeamMembership
from tests.conftest import FENJIE, HUASHI, SHUANGDONG, TAIPING
from tests.roster.uploading import SINCE, plan, results, take, write
from tests.roster.workbooks import DATA, id_number, person, roster, table, xlsx

FENJIE_FILE = (DATA / "roster_fenjie.xlsx").read_bytes()
HUASHI_FILE = (DATA / "roster_huashi_messy.xlsx").read_bytes()
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("divisions", "_clock")]


# ── the story of the two towns ───────────────────────────────────────────────


def test_fenjie_becomes_a_complete_team(admin):
    written = write(FENJIE_FILE, admin, town=FENJIE)
    team = queries.team_of(FENJIE, SINCE)
    assert results(written) == ["created"] * 10
    assert (team.standing.complete, [(seat.role, seat.taken) for seat in team.standing.seats]) == (
        True,
        [("judge", 1), ("judge_assistant", 2), ("mediator", 6), ("liaison_officer", 1)],
    )


def test_fenjie_without_a_chosen_town_is_proposed_by_its_rows(admin):
    upload = take(FENJIE_FILE, admin, town=None)
    assert (upload.town_id, upload.town_guessed, plan(upload, admin).rejected) == (FENJIE, True, 0)


def test_a_list_of_the_courts_people_is_of_no_town_though_one_names_a_town(admin):
    judge = person(1, 所在单位及职务="罗定市人民法院 审判员", 备注="负责华石镇")
    assistant = person(2, 所在单位及职务="罗定市人民法院 法官助理")
    upload = take(roster(judge, assistant), admin, town=None)
    assert (upload.town_id, upload.town_guessed, plan(upload, admin).rejected) == (None, False, 1)


def test_huashi_saves_nothing(admin):
    upload = take(HUASHI_FILE, admin, town=None)
    with pytest.raises(Refused, match="有 3 行还不能写入，一行也没有写。"):
        imports.apply_import(import_id=upload.pk, make_plan=uploads.planner(), by=admin)
    assert (Staff.objects.count(), TeamMembership.objects.count()) == (0, 0)


def test_huashi_knowingly_without_its_bad_rows(admin):
    written = write(HUASHI_FILE, admin, town=None, skip=True)
    assert results(written).count("created") == 5
    assert queries.team_standings([HUASHI], SINCE)[HUASHI].of("mediator").taken == 4


def test_the_same_file_twice_changes_nothing(admin):
    write(FENJIE_FILE, admin, town=FENJIE)
    before = list(Staff.objects.order_by("pk").values()), list(TeamMembership.objects.order_by("pk").values())
    again = write(FENJIE_FILE, admin, town=FENJIE, since=date(2023, 5, 1))
    after = list(Staff.objects.order_by("pk").values()), list(TeamMembership.objects.order_by("pk").values())
    assert results(again) == ["unchanged"] * 10
    assert [str(value) for value in after] == [str(value) for value in before]


# ── what is compared ─────────────────────────────────────────────────────────


def test_a_changed_cell_updates_that_field_alone(admin):
    write(roster(person(1)), admin)
    changed = write(roster(person(1, 联系电话="13900000009")), admin)
    (row,) = changed.rows
    assert (results(changed), [(c.field, c.old, c.new) for c in row.changes]) == (
        ["updated"],
        [("phone", person(1)["联系电话"], "13900000009")],
    )
    assert Staff.objects.get().phone == "13900000009"


def test_an_empty_cell_wipes_nothing(admin):
    write(roster(person(1)), admin)
    again = write(roster(person(1, 联系电话="", 户籍地址="", 备注="")), admin)
    assert (results(again), Staff.objects.get().phone) == (["unchanged"], person(1)["联系电话"])


def test_a_missing_column_wipes_nothing(admin):
    write(roster(person(1)), admin)
    header = ["姓名", "所在单位及职务", "身份证号码"]
    assert results(write(roster(person(1), header=header), admin)) == ["unchanged"]


def test_a_new_town_adds_a_term_to_a_known_judge(admin):
    judge = person(1, 所在单位及职务="罗定市人民法院 审判员")
    write(roster(judge), admin)
    again = write(roster(judge), admin, town=SHUANGDONG)
    assert results(again) == ["updated"]
    assert sorted(TeamMembership.objects.values_list("town_code", flat=True)) == [SHUANGDONG, TAIPING]


def test_a_judges_note_makes_a_term_in_each_town(admin):
    write(roster(person(1, 所在单位及职务="罗定市人民法院 审判员", 备注="负责太平镇、双东街道")), admin, town=None)
    assert sorted(TeamMembership.objects.values_list("town_code", "role")) == [
        (SHUANGDONG, "judge"),
        (TAIPING, "judge"),
    ]


def test_one_person_on_two_sheets_is_one_person_with_two_terms(admin):
    judge = person(1, 所在单位及职务="罗定市人民法院 审判员")
    data = xlsx(table(judge), table(judge), names=["太平镇", "双东街道"])
    assert results(write(data, admin, town=None)) == ["created", "updated"]
    assert results(write(data, admin, town=None)) == ["unchanged", "unchanged"]
    assert (Staff.objects.count(), TeamMembership.objects.count()) == (1, 2)


def codes_of(done) -> list[str]:
    return [issue.code.value for row in done.rows for issue in row.checked.issues if issue.code != "town_differs"]


def test_a_mediator_of_another_town_is_written_with_a_warning(admin):
    write(roster(person(1)), admin)
    again = write(roster(person(1)), admin, town=FENJIE)
    codes = [issue.code.value for issue in again.rows[0].checked.issues]
    assert (results(again), codes) == (["updated"], ["town_differs", "in_two_towns"])


def test_a_mediator_who_sits_in_two_towns_already_is_warned_about_no_more(admin):
    both = xlsx(table(person(1)), table(person(1)), names=["太平镇", "分界镇"])

    assert codes_of(write(both, admin, town=None)) == ["in_two_towns"]
    for same in (both, roster(person(1))):
        assert codes_of(write(same, admin, town=None)) == []


def test_another_seat_later_ends_the_old_one_the_day_before(admin):
    write(roster(person(1)), admin, since=date(2023, 3, 30))
    write(roster(person(1, 备注="联络员")), admin, since=date(2023, 6, 1))
    assert list(TeamMembership.objects.order_by("since").values_list("role", "since", "until")) == [
        ("mediator", date(2023, 3, 30), date(2023, 5, 31)),
        ("liaison_officer", date(2023, 6, 1), None),
    ]


def test_another_seat_from_the_same_day_corrects_the_term(admin):
    write(roster(person(1)), admin)
    write(roster(person(1, 备注="联络员")), admin)
    assert list(TeamMembership.objects.values_list("role", "mediator_kind", "since", "until")) == [
        ("liaison_officer", "", SINCE, None)
    ]


def test_another_source_corrects_the_term(admin):
    write(roster(person(1)), admin)
    write(roster(person(1, 所在单位及职务="太平镇太平社区网格员")), admin, since=date(2023, 6, 1))
    assert list(TeamMembership.objects.values_list("mediator_kind", "since")) == [("grid_worker", SINCE)]


def test_who_comes_back_starts_a_new_term_after_the_old_one(admin):
    write(roster(person(1)), admin)
    TeamMembership.objects.update(until=date(2023, 6, 30), ended_recorded_at="2023-06-30T09:00+08:00")
    write(roster(person(1)), admin)
    assert list(TeamMembership.objects.order_by("since").values_list("since", "until")) == [
        (SINCE, date(2023, 6, 30)),
        (date(2023, 7, 1), None),
    ]


def test_an_unclear_post_is_imported_without_a_seat(admin):
    write(roster(person(1, 所在单位及职务="太平镇 个体户")), admin)
    assert (Staff.objects.count(), TeamMembership.objects.count()) == (1, 0)


def test_what_is_kept_is_encrypted_and_can_be_found(admin):
    write(roster(person(1)), admin)
    raw = Staff.objects.values("id_number", "phone", "registered_address").get()
    assert all(str(value) == "（已加密）" for value in raw.values())
    known = queries.known_people(queries.id_hashes([person(1)["身份证号码"]]).values())
    assert list(known) == [person(1)["身份证号码"]]
    assert Staff.objects.get().name_initials == "cy"


@pytest.mark.parametrize(
    ("at_once", "queries_made"), [(1, 13), (4, 3), (9, 2)], ids=["a large roster", "a small roster", "a short list"]
)
def test_whom_the_roster_has_already_is_found_from_either_side(
    admin, monkeypatch, django_assert_max_num_queries, at_once, queries_made
):
    there, strangers = [person(place) for place in (1, 2, 3)], [person(place) for place in range(5, 11)]
    write(roster(*there), admin)
    monkeypatch.setattr(import_module("roster.queries.people"), "HASHES_A_QUERY", at_once)

    hashes = queries.id_hashes([one["身份证号码"] for one in (*there, *strangers)])
    namesakes = queries.namesakes([one["姓名"] for one in (*there, *strangers)])
    with django_assert_max_num_queries(queries_made):
        known = queries.known_people(hashes.values())

    assert set(known) == {one["身份证号码"] for one in there}
    assert set(namesakes) == {one["姓名"] for one in there}


# ── who is missing, what the team will be ────────────────────────────────────


def test_members_missing_from_the_file_are_listed_and_stay(admin, seat):
    seat("老队员")
    written = write(roster(person(1)), admin)
    (team,) = written.teams
    assert [member.name for member in team.absent] == ["老队员"]
    assert TeamMembership.objects.filter(until=None).count() == 2
    assert team.standing.of("mediator").taken == 2


def test_somebody_whose_row_has_an_error_is_not_missing(admin, seat):
    seat("测一")
    upload = take(roster(person(1, 身份证号码="1")), admin)
    assert plan(upload, admin).teams[0].absent == ()


def test_a_towns_list_misses_nobody_of_the_court(admin, seat):
    seat("老队员")
    seat("老法官", "judge")
    upload = take(roster(person(1)), admin)
    assert [member.name for member in plan(upload, admin).teams[0].absent] == ["老队员"]


def test_who_stands_in_a_row_without_a_town_is_not_missing(admin, seat):
    seat("测二")
    unclear = person(2, 所在单位及职务="司法所 所长")
    elsewhere = person(3, 所在单位及职务="分界镇综治中心 主任")
    done = plan(take(roster(person(1), elsewhere, unclear), admin, town=None), admin)
    assert (results(done), [team.absent for team in done.teams]) == (["created", "created", "rejected"], [(), ()])


def test_the_courts_list_misses_no_mediators(admin, seat):
    seat("老队员")
    seat("老法官", "judge")
    upload = take(roster(person(1, 所在单位及职务="罗定市人民法院 审判员")), admin)
    assert [member.name for member in plan(upload, admin).teams[0].absent] == ["老法官"]


# ── once, and only what was shown ────────────────────────────────────────────


def test_a_second_write_is_refused_with_a_sentence(admin):
    upload = take(FENJIE_FILE, admin, town=FENJIE)
    shown = plan(upload, admin).fingerprint
    uploads.apply_upload(import_id=upload.pk, shown=shown, skip_invalid=False, by=admin)
    with pytest.raises(Refused, match="这份名单 9月20日 10:00 已经写入，没有再写一遍。"):
        uploads.apply_upload(import_id=upload.pk, shown=shown, skip_invalid=False, by=admin)
    assert Staff.objects.count() == 10


def test_a_roster_that_changed_since_the_preview_is_a_conflict(admin):
    upload = take(roster(person(1)), admin)
    shown = plan(upload, admin).fingerprint
    write(roster(person(1), title="另一份"), admin)
    with pytest.raises(Conflict, match="核对以后名册有了变化"):
        uploads.apply_upload(import_id=upload.pk, shown=shown, skip_invalid=False, by=admin)


def test_the_file_is_kept_encrypted_until_written_and_then_wiped(admin):
    upload = take(FENJIE_FILE, admin, town=FENJIE)
    token = RosterImport.objects.values_list("content", flat=True).get()
    assert str(token) == "（已加密）"
    write(roster(person(1)), admin)
    imports.discard_upload(import_id=upload.pk, by=admin)
    assert set(RosterImport.objects.values_list("content", flat=True)) == {""}


def test_a_discarded_upload_cannot_be_written(admin):
    upload = imports.discard_upload(import_id=take(FENJIE_FILE, admin, town=FENJIE).pk, by=admin)
    with pytest.raises(Refused, match="已经放弃"):
        uploads.apply_upload(import_id=upload.pk, shown="", skip_invalid=False, by=admin)


def test_an_unreadable_file_keeps_nothing(admin):
    with pytest.raises(importers.Unusable) as caught:
        take(b"PK nonsense", admin)
    assert [issue.code.value for issue in caught.value.issues] == ["file_unreadable"]
    assert RosterImport.objects.count() == 0


def test_the_unit_that_handed_in_is_linked_and_its_day_proposed(admin):
    submission = RosterSubmission.objects.create(
        unit_kind="town", town_id=FENJIE, handed_in_on=date(2023, 3, 28), recorded_at="2023-03-28T09:00+08:00"
    )
    upload = take(FENJIE_FILE, admin, town=FENJIE, since=None)
    assert upload.since == date(2023, 3, 28)
    uploads.apply_upload(import_id=upload.pk, shown=plan(upload, admin).fingerprint, skip_invalid=False, by=admin)
    upload.refresh_from_db()
    assert upload.submission == submission
    again = take(roster(person(1)), admin, town=FENJIE, since=None)
    assert again.since == date(2023, 9, 20), "who comes later does not come on the day of the first list"


def test_an_import_leaves_one_audit_entry_without_personal_data(admin):
    write(roster(person(1)), admin)
    write(roster(person(1, 联系电话="13900000009")), admin)
    entry = AuditEntry.objects.filter(action="roster.import").latest("seq")
    staff = Staff.objects.get()
    assert entry.detail["changed"] == {str(staff.pk): ["phone"]}
    assert (entry.actor, entry.division_code, entry.detail["updated"]) == (admin, TAIPING, 1)
    assert "13900000009" not in str(entry.detail)


def test_terms_written_late_are_marked(admin):
    write(roster(person(1)), admin, since=date(2023, 9, 12))
    write(roster(person(3)), admin, since=date(2023, 9, 13))
    assert [term.is_late for term in TeamMembership.objects.order_by("since")] == [True, False]


# ── rights ───────────────────────────────────────────────────────────────────


def test_an_officer_writes_their_own_town_only(officer_of_taiping):
    assert results(write(roster(person(1)), officer_of_taiping)) == ["created"]
    with pytest.raises(NotAllowed):
        take(FENJIE_FILE, officer_of_taiping, town=FENJIE)


def test_an_officers_list_cannot_seat_a_judge_in_another_town(officer_of_taiping):
    judge = person(1, 所在单位及职务="罗定市人民法院 审判员", 备注="负责双东街道")
    write(roster(judge), officer_of_taiping)
    assert list(TeamMembership.objects.values_list("town_code", flat=True)) == [TAIPING]


def test_an_officer_does_not_rewrite_people_who_serve_another_town_too(admin, officer_of_taiping):
    judge = person(1, 所在单位及职务="罗定市人民法院 审判员")
    write(roster(judge), admin, town=SHUANGDONG)
    written = write(roster(judge | {"联系电话": "13900000009"}), officer_of_taiping)
    assert (results(written), Staff.objects.get().phone) == (["updated"], judge["联系电话"])
    assert TeamMembership.objects.filter(town_code=TAIPING).count() == 1


def test_the_clerk_writes_judges_and_assistants_only(court_clerk):
    judge = person(1, 所在单位及职务="罗定市人民法院 审判员")
    upload = take(roster(judge, person(2)), court_clerk)
    found = plan(upload, court_clerk)
    assert results(found) == ["created", "rejected"]
    assert found.rows[1].blocked.startswith("这一行不在您能登记的范围内。")


@pytest.mark.parametrize("who", ["mediator_of_taiping", "reviewing_judge", "committee_officer", "auditor"])
def test_nobody_else_imports(who, cast):
    with pytest.raises(NotAllowed):
        take(roster(person(1)), cast[who])


# ── constant cost ────────────────────────────────────────────────────────────


@pytest.mark.parametrize("people", [1, 3])
def test_planning_takes_the_same_queries_for_one_row_and_for_three(admin, django_assert_num_queries, people):
    upload = take(roster(*[person(number) for number in range(1, people + 1)]), admin)
    write(roster(*[person(number) for number in range(1, people + 1)]), admin)
    with django_assert_num_queries(4):  # places, people, their terms, the towns' members
        assert plan(upload, admin).counts[RowResult.UNCHANGED] == people


def test_account_sees_the_town_as_soon_as_its_person_has_the_seat(admin, make_user):
    from core.choices import Role  # noqa: PLC0415

    write(roster(person(1)), admin)
    user = make_user("new", Role.MEDIATOR)
    Staff.objects.update(user=user)
    write(roster(person(1)), admin, town=FENJIE)
    assert list(user.scopes.values_list("division_id", flat=True).order_by("division_id")) == [TAIPING, FENJIE]


def test_a_number_that_was_wrong_but_possible_makes_another_person(admin):
    write(roster(person(1)), admin)
    other = person(1, 身份证号码=id_number("19710211", 11))
    written = write(roster(other), admin)
    assert (results(written), Staff.objects.count()) == (["created"], 2)
