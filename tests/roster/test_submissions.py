"""Lists handed in: noted, corrected, struck out, tied to imports; who sees which unit, at what cost."""

from datetime import date
from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from core.errors import Conflict, NotAllowed, Refused
from core.models import AuditEntry, StoredFile
from roster.actions.submissions import edit_submission, record_submission, submission_behind, void_submission
from roster.choices import HandInState, ImportState
from roster.models import RosterImport, RosterSubmission
from tests.conftest import FENJIE, SHUANGDONG, TAIPING
from tests.liaison.conftest import picture
from tests.roster.uploading import write
from tests.roster.workbooks import person, roster, table, xlsx

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("divisions", "_clock")]
MARCH_28, APRIL_6 = date(2023, 3, 28), date(2023, 4, 6)


def text(answer) -> str:
    return " ".join(answer.content.decode().split())


def hand_in(by, on: date = MARCH_28, town: str | None = TAIPING, **facts) -> RosterSubmission:
    kind = "town" if town else facts.pop("unit_kind", "court")
    return record_submission(unit_kind=kind, town_code=town, handed_in_on=on, by=by, **facts)


def applied(admin, unit: str) -> RosterImport:
    return RosterImport.objects.create(
        id=uuid4(), file_name="名单.xlsx", sha256="0", since=MARCH_28, state=ImportState.APPLIED,
        report={"unit": unit, "rows": 9}, uploaded_by=admin, uploaded_at="2023-03-29T10:00+08:00",
        applied_at="2023-03-29T10:00+08:00",
    )  # fmt: skip


def test_a_town_list_with_a_judge_of_two_towns_is_tied_to_the_towns_list(admin):
    judge = person(2, 所在单位及职务="罗定市人民法院 审判员", 备注="负责太平镇、分界镇")
    write(roster(person(1), judge), admin)
    found = hand_in(admin)
    assert found.imports.count() == 1


def test_a_list_of_several_towns_is_told_of_at_each_of_them(admin, client_of):
    write(xlsx(table(person(1)), table(person(3)), names=["太平镇", "分界镇"]), admin, town=None)
    hand_in(admin)
    client = client_of(admin)
    pages = [text(client.get(reverse("roster:submission-unit", args=[unit]))) for unit in (TAIPING, FENJIE, SHUANGDONG)]
    assert ["合在一起的名单里：" in page for page in pages] == [True, True, False]


def test_a_towns_own_list_is_no_list_of_several(admin, client_of):
    write(roster(person(1)), admin)
    page = text(client_of(admin).get(reverse("roster:submission-unit", args=[TAIPING])))
    assert "合在一起的名单" not in page


def test_no_list_was_handed_in_before_the_order(admin):
    with pytest.raises(Refused, match="不能早于发文的那一天（3月13日）"):
        hand_in(admin, date(2010, 1, 1))


def test_a_number_belongs_to_one_units_paper(admin):
    hand_in(admin, document_number="太平〔2023〕12号")
    assert hand_in(admin, APRIL_6, document_number="太平〔2023〕12号").pk
    with pytest.raises(Refused, match="登记在太平镇名下") as refused:
        hand_in(admin, town=SHUANGDONG, document_number="太平〔2023〕12号")
    assert refused.value.field == "document_number"


# ── noting ───────────────────────────────────────────────────────────────────
def test_a_list_is_noted_with_its_number_and_its_letter(committee_officer):
    found = hand_in(committee_officer, document_number=" 太平〔2023〕12号 ", letter=picture("报送函.png"))
    assert (found.document_number, found.recorded_by, found.cover_letter.name) == (
        "太平〔2023〕12号",
        committee_officer,
        "报送函.png",
    )
    assert AuditEntry.objects.get(action="roster.record_submission").detail["unit"] == TAIPING


@pytest.mark.parametrize("town", [TAIPING, None])
def test_a_unit_hands_in_again_on_another_day_but_not_twice_on_one(admin, town):
    hand_in(admin, town=town)
    hand_in(admin, APRIL_6, town)
    with pytest.raises(Refused, match="3月28日的报送已经登记过") as refused:
        hand_in(admin, town=town)
    assert (refused.value.field, RosterSubmission.objects.count()) == ("handed_in_on", 2)


def test_the_court_cannot_hand_in_twice_a_day_whatever_writes_it(admin):
    first = hand_in(admin, town=None)
    with pytest.raises(IntegrityError, match=r"once_a_day|unit_kind"), transaction.atomic():
        RosterSubmission.objects.create(unit_kind="court", handed_in_on=MARCH_28, recorded_at=first.recorded_at)


def test_a_broken_letter_is_refused_and_nothing_is_noted(admin):
    with pytest.raises(Refused) as refused:
        hand_in(admin, letter=picture("报送函.pdf"))
    assert (refused.value.field, RosterSubmission.objects.count(), StoredFile.objects.count()) == ("file", 0, 0)


def test_a_list_noted_takes_the_imports_of_its_unit_that_belonged_to_none(admin):
    mine, others = applied(admin, TAIPING), applied(admin, SHUANGDONG)
    found = hand_in(admin)
    assert (list(found.imports.all()), RosterImport.objects.get(pk=others.pk).submission) == ([mine], None)


def test_an_import_belongs_to_the_last_list_before_it(admin):
    first, second = hand_in(admin), hand_in(admin, APRIL_6)
    days = (MARCH_28, date(2023, 4, 5), APRIL_6, date(2023, 3, 1))
    assert [submission_behind(TAIPING, day) for day in days] == [first, first, second, first]
    assert (submission_behind("", APRIL_6), submission_behind("court", APRIL_6)) == (None, None)


# ── correcting ───────────────────────────────────────────────────────────────
def correct(submission: RosterSubmission, by, **facts):
    values = {
        "submission_id": submission.pk, "version": submission.version, "unit_kind": "town", "town_code": TAIPING,
        "document_number": "太平〔2023〕13号", "handed_in_on": date(2023, 3, 29),
    }  # fmt: skip
    return edit_submission(**{**values, **facts}, by=by)


def test_a_wrong_unit_is_corrected_and_the_old_one_stays_in_the_audit(admin):
    found = correct(hand_in(admin, town=SHUANGDONG), admin)
    row = AuditEntry.objects.get(action="roster.edit_submission")
    assert (found.unit, row.detail["old"]["unit"], row.detail["unit"]) == (TAIPING, SHUANGDONG, TAIPING)


def test_a_stale_page_overwrites_nothing(admin, committee_officer):
    stale = hand_in(admin)
    correct(stale, committee_officer)
    with pytest.raises(Conflict, match="刚被别人改过"):
        correct(stale, admin, document_number="旧的")
    assert RosterSubmission.objects.get().document_number == "太平〔2023〕13号"


def test_an_import_is_tied_by_hand_once(admin):
    upload = applied(admin, "")
    first, second = hand_in(admin), hand_in(admin, town=SHUANGDONG)
    correct(first, admin, import_id=str(upload.pk))
    with pytest.raises(Refused, match="已经对应到别的报送") as refused:
        correct(second, admin, town_code=SHUANGDONG, document_number="双东1号", import_id=str(upload.pk))
    assert (refused.value.field, list(first.imports.all())) == ("import_id", [upload])


def test_a_list_struck_out_says_why_frees_its_imports_and_its_day(admin):
    applied(admin, TAIPING)
    wrong = hand_in(admin)
    with pytest.raises(Refused, match="请写明为什么作废"):
        void_submission(submission_id=wrong.pk, version=1, reason=" ", by=admin)
    void_submission(submission_id=wrong.pk, version=1, reason="登记错了单位", by=admin)
    with pytest.raises(Conflict, match="已经作废"):
        void_submission(submission_id=wrong.pk, version=2, reason="再来", by=admin)
    again = hand_in(admin)
    assert (again.imports.count(), RosterSubmission.objects.count()) == (1, 2)


@pytest.mark.parametrize("who", ["officer_of_taiping", "court_clerk", "mediator_of_taiping"])
def test_only_who_collects_the_lists_notes_corrects_and_strikes_out(who, cast, admin):
    submission = hand_in(admin)
    acts = [
        lambda: hand_in(cast[who], APRIL_6),
        lambda: correct(submission, cast[who]),
        lambda: void_submission(submission_id=submission.pk, version=1, reason="错", by=cast[who]),
    ]
    for act in acts:
        with pytest.raises(NotAllowed):
            act()


# ── who sees what ────────────────────────────────────────────────────────────
@pytest.fixture
def everybodys(admin):
    return {
        "太平镇": hand_in(admin),
        "双东街道": hand_in(admin, APRIL_6, SHUANGDONG),
        "市法院": hand_in(admin, town=None),
        "市司法局": hand_in(admin, town=None, unit_kind="bureau"),
    }


@pytest.mark.parametrize(
    ("who", "seen"),
    [
        ("committee_officer", ["太平镇", "双东街道", "市法院", "市司法局"]),
        ("admin", ["太平镇", "双东街道", "市法院", "市司法局"]),
        ("officer_of_taiping", ["太平镇"]),
        ("court_clerk", ["市法院"]),
        ("mediator_of_taiping", []),
        ("auditor", []),
    ],
)
def test_each_sees_the_lists_of_their_units_and_their_page_agrees(who, seen, cast, everybodys, client_of):
    assert {row.unit_name for row in RosterSubmission.objects.visible_to(cast[who])} == set(seen)
    answer = client_of(cast[who]).get(reverse("roster:submissions"))
    if not seen:
        assert answer.status_code == 403
        return
    handed = {unit.name for unit, _, _ in answer.context["units"] if unit.first}
    assert handed == set(seen)


def test_the_units_stand_with_their_states_and_each_state_is_a_list(committee_officer, everybodys, client_of):
    client = client_of(committee_officer)
    answer = client.get(reverse("roster:submissions"))
    found = {unit.name: unit.standing.state for unit, _, _ in answer.context["units"]}
    assert found == {
        "双东街道": HandInState.LATE,
        "太平镇": HandInState.IN_TIME,
        "分界镇": HandInState.MISSING,
        "华石镇": HandInState.MISSING,
        "市法院": HandInState.IN_TIME,
        "市司法局": HandInState.IN_TIME,
    }
    missing = client.get(reverse("roster:submissions"), {"state": "missing"})
    assert [unit.name for unit, _, _ in missing.context["units"]] == ["分界镇", "华石镇"]
    assert (answer.context["handed_in"], answer.context["in_time"], answer.context["all"]) == (4, 3, 6)


def test_the_page_is_read_for_another_day_and_for_what_was_known(committee_officer, everybodys, client_of):
    client = client_of(committee_officer)
    then = client.get(reverse("roster:submissions"), {"on": "2023-04-05"})
    assert then.context["handed_in"] == 3
    known = client.get(reverse("roster:submissions"), {"known": "2023-09-19"})
    assert (known.context["handed_in"], "以后补录的不算" in text(known)) == (0, True)


@pytest.mark.parametrize("towns", [1, 3])
def test_the_list_takes_the_same_queries_for_one_and_for_three(
    committee_officer, client_of, towns, django_assert_num_queries
):
    for town in (TAIPING, SHUANGDONG, FENJIE)[:towns]:
        hand_in(committee_officer, town=town, letter=picture())
    client = client_of(committee_officer)
    with django_assert_num_queries(8):
        client.get(reverse("roster:submissions"))


# ── pages ────────────────────────────────────────────────────────────────────
def test_the_courts_people_stand_by_person_each_once_with_their_towns(admin, client_of, seat):
    judge = seat("苏明远", "judge")
    seat("苏明远", "judge", SHUANGDONG, staff=judge.staff)
    seat("陈水莲")
    page = client_of(admin).get(reverse("roster:submission-unit", args=["court"]))
    assert [str(staff) for staff in page.context["people"]] == ["苏明远"]
    assert "双东街道、太平镇" in text(page)
    town = client_of(admin).get(reverse("roster:submission-unit", args=[TAIPING]))
    assert [str(staff) for staff in town.context["people"]] == ["苏明远", "陈水莲"]


def test_the_bureau_answers_for_the_mediators_it_keeps(admin, client_of, seat):
    seat("司法所", mediator_kind="judicial_office")
    seat("网格", mediator_kind="grid_worker")
    page = client_of(admin).get(reverse("roster:submission-unit", args=["bureau"]))
    assert [str(staff) for staff in page.context["people"]] == ["司法所"]


def test_a_list_is_noted_on_its_page_and_wrong_input_stays_at_its_field(committee_officer, client_of):
    client = client_of(committee_officer)
    address = reverse("roster:submission-new")
    assert 'value="445381101" selected' in text(client.get(address, {"unit": TAIPING}))
    wrong = client.post(address, {"unit": TAIPING, "handed_in_on": "2023-09-21", "document_number": "太平〔2023〕12号"})
    assert (wrong.status_code, list(wrong.context["form"].errors), "太平〔2023〕12号" in text(wrong)) == (
        422,
        ["handed_in_on"],
        True,
    )
    broken = client.post(address, {"unit": TAIPING, "handed_in_on": "2023-03-28", "letter": picture("函.pdf")})
    assert (broken.status_code, list(broken.context["form"].errors)) == (422, ["letter"])
    done = client.post(address, {"unit": "court", "handed_in_on": "2023-03-28", "letter": picture()})
    assert (done.url, RosterSubmission.objects.get().unit) == (
        reverse("roster:submission-unit", args=["court"]),
        "court",
    )


def test_a_stale_correction_shows_what_stands_and_keeps_what_was_typed(admin, client_of):
    stale = hand_in(admin)
    client, address = client_of(admin), reverse("roster:submission-edit", args=[stale.pk])
    correct(stale, admin)
    typed = {"unit": TAIPING, "handed_in_on": "2023-03-27", "document_number": "我填的", "version": "1"}
    answer = client.post(address, typed)
    assert answer.status_code == 409
    assert all(words in text(answer) for words in ("现在登记的是：", "太平〔2023〕13号", "我填的"))
    again = client.post(address, typed | {"version": answer.context["form"]["version"].value()})
    assert (again.status_code, RosterSubmission.objects.get().document_number) == (302, "我填的")


def test_the_letter_is_handed_out_within_the_scope_and_written_down(admin, officer_of_taiping, client_of):
    mine = hand_in(admin, letter=picture())
    other = hand_in(admin, town=SHUANGDONG, letter=picture())
    bare = hand_in(admin, APRIL_6)
    client = client_of(officer_of_taiping)
    found = [client.get(reverse("roster:submission-letter", args=[row.pk])) for row in (mine, other, bare)]
    assert [answer.status_code for answer in found] == [200, 404, 404]
    assert (found[0]["Content-Disposition"][:10], found[0].getvalue()[:4]) == ("attachment", b"\x89PNG")
    assert AuditEntry.objects.filter(action="file.download").count() == 1


def test_the_letter_has_no_second_door_for_a_mediator(admin, mediator_of_taiping, client_of):
    letter = hand_in(admin, letter=picture()).cover_letter
    assert client_of(mediator_of_taiping).get(reverse("file-download", args=[letter.pk])).status_code == 403


def test_a_list_is_struck_out_on_its_page_and_stays_to_be_seen(admin, client_of):
    submission = hand_in(admin)
    client = client_of(admin)
    address = reverse("roster:submission-void", args=[submission.pk])
    assert client.post(address, {"reason": "", "version": 1}).status_code == 422
    assert client.post(address, {"reason": "登记错了单位", "version": 1}).status_code == 302
    page = text(client.get(reverse("roster:submission-unit", args=[TAIPING])))
    assert all(words in page for words in ("已作废", "登记错了单位", "未报"))
