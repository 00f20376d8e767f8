"""What a unit handed in, and where its links lead: to its own imports, then to a list of several towns with it;
nothing where no list is known."""

import re
from datetime import date
from uuid import uuid4

import pytest
from django.urls import reverse

from roster.actions.submissions import record_submission, void_submission
from roster.choices import ImportState
from roster.models import RosterImport
from roster.queries import units
from roster.queries.submissions import loose_by_unit
from tests.conftest import FENJIE, HUASHI, SHUANGDONG, TAIPING
from tests.roster.mending import text
from tests.roster.test_submissions import APRIL_6, MARCH_28
from tests.roster.uploading import write
from tests.roster.workbooks import person, roster, table, xlsx

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("divisions", "_clock")]
TOGETHER = "合在一起的名单"
AN_IMPORT = re.compile('href="/roster/import/[0-9a-f-]{36}/"')


@pytest.fixture
def _together(_clock, admin) -> None:
    """A list with the people of 太平镇 and 分界镇."""
    write(xlsx(table(person(1)), table(person(3)), names=["太平镇", "分界镇"]), admin, town=None)


def hand_in(by, town: str):
    return record_submission(town_code=town, handed_in_on=MARCH_28, by=by)


def row_of(client, name: str) -> str:
    page = text(client.get(reverse("roster:submissions")))
    return next(row for row in re.findall("<tr>.+?</tr>", page) if name in row)


def unit_page(client, town: str) -> str:
    return text(client.get(reverse("roster:submission-unit", args=[town])))


def link_to(upload: RosterImport) -> str:
    return f'href="{reverse("roster:import-preview", args=[upload.pk])}"'


def test_a_unit_without_any_list_has_none_to_see(admin, client_of, seat):
    seat("陈水莲")
    client = client_of(admin)
    row, page = row_of(client, "太平镇"), unit_page(client, TAIPING)
    assert (reverse("roster:submission-unit", args=[TAIPING]) in row, "没有名单" in row) == (False, True)
    assert "没有报送过名单，所以这里没有名单可看。名册里现有这个单位的 1 人" in page
    assert "<caption" not in page


@pytest.mark.usefixtures("_together")
def test_every_town_of_a_list_of_several_leads_to_it_before_anything_is_noted(admin, client_of):
    upload, client = RosterImport.objects.get(), client_of(admin)
    for name, town in (("太平镇", TAIPING), ("分界镇", FENJIE)):
        row, page = row_of(client, name), unit_page(client, town)
        assert reverse("roster:submission-unit", args=[town]) in row
        for shown in (row, page):
            assert (link_to(upload) in shown, TOGETHER in shown, "还没有登记报送" in shown) == (True, True, True)
        assert ("没有名单" in row, "没有报送过名单" in page, "名册里的人" in page) == (False, False, True)


@pytest.mark.usefixtures("_together")
def test_a_unit_that_is_in_by_the_list_of_several_says_so(admin, client_of):
    hand_in(admin, FENJIE)
    client = client_of(admin)
    row, page = row_of(client, "分界镇"), unit_page(client, FENJIE)
    assert (TOGETHER in row, "2023年9月20日</a>写入" in row, "还没有登记报送" in row) == (True, True, False)
    assert ("还没有导入" in page, "在合在一起的名单里，见下" in page) == (False, True)
    assert link_to(RosterImport.objects.get()) in page


@pytest.mark.usefixtures("_together")
def test_a_list_of_several_tied_to_one_of_them_is_told_at_the_others_too(admin, client_of):
    upload = RosterImport.objects.get()
    upload.submission = hand_in(admin, FENJIE)
    upload.save()
    client = client_of(admin)
    tied, other = row_of(client, "分界镇"), row_of(client, "太平镇")
    assert (link_to(upload) in tied, TOGETHER in tied) == (True, False)
    assert (link_to(upload) in other, TOGETHER in other) == (True, True)


@pytest.mark.usefixtures("_together")
@pytest.mark.parametrize("noted", [True, False])
def test_a_unit_leads_to_its_own_import_and_then_to_the_list_of_several(admin, client_of, noted):
    several = RosterImport.objects.get()
    write(roster(person(2)), admin)
    own = RosterImport.objects.get(report__unit=TAIPING)
    if noted:
        hand_in(admin, TAIPING)
    client = client_of(admin)
    row, page = row_of(client, "太平镇"), unit_page(client, TAIPING)
    assert reverse("roster:submission-unit", args=[TAIPING]) in row
    for shown in (row, page):
        assert AN_IMPORT.findall(shown) == [link_to(own), link_to(several)]
    assert ("还没有登记报送" in row, "还没有对应到报送" in page) == (not noted, not noted)


@pytest.mark.usefixtures("_together")
def test_an_import_that_stands_at_a_supplement_is_the_units_own(admin, client_of):
    hand_in(admin, TAIPING)
    later = record_submission(town_code=TAIPING, handed_in_on=APRIL_6, by=admin)
    write(roster(person(2)), admin)
    row = row_of(client_of(admin), "太平镇")
    assert AN_IMPORT.findall(row)[0] == link_to(later.imports.get())


def test_who_may_not_open_the_upload_gets_no_link(admin, committee_officer, client_of):
    hand_in(admin, TAIPING)
    write(roster(person(2)), admin)
    row = row_of(client_of(committee_officer), "太平镇")
    assert ("2023年9月20日写入" in row, AN_IMPORT.findall(row)) == (True, [])


def test_what_was_struck_out_can_still_be_looked_at(admin, client_of):
    found = hand_in(admin, SHUANGDONG)
    void_submission(submission_id=found.pk, version=found.version, reason="登记错了单位", by=admin)
    client = client_of(admin)
    assert reverse("roster:submission-unit", args=[SHUANGDONG]) in row_of(client, "双东街道")
    page = unit_page(client, SHUANGDONG)
    assert ("登记错了单位" in page, "没有名单可看" in page) == (True, True)


@pytest.mark.parametrize("unit", ["court", "bureau"])
def test_whom_the_court_and_the_bureau_send_is_there_before_a_list_is_noted(admin, client_of, seat, unit):
    judge = seat("苏明远", "judge").staff
    keeper = seat("黎桂生", mediator_kind="judicial_office").staff
    client, theirs = client_of(admin), {"court": judge, "bureau": keeper}[unit]
    row = row_of(client, {"court": "市法院", "bureau": "市司法局"}[unit])
    assert (reverse("roster:submission-unit", args=[unit]) in row, "没有名单" in row) == (True, True)
    page = unit_page(client, unit)
    assert (reverse("roster:person", args=[theirs.pk]) in page, "没有名单可看" in page) == (True, False)


# ── of many lists ────────────────────────────────────────────────────────────


def written(admin, at: str, *, unit: str = "", towns: tuple[str, ...] = (), count: int = 1) -> list[RosterImport]:
    return RosterImport.objects.bulk_create(
        RosterImport(
            id=uuid4(), file_name="名单.xlsx", sha256="0", since=MARCH_28, state=ImportState.APPLIED, applied_at=at,
            report={"unit": unit, "towns": list(towns), "rows": 9}, uploaded_by=admin, uploaded_at=at,
        )
        for _ in range(count)
    )  # fmt: skip


def told(admin, key: str, on: date = date(2023, 9, 20)):
    return next(unit.written for unit in units(admin, on) if unit.key == key)


def test_a_list_stays_however_many_others_are_written(admin):
    own = written(admin, "2023-04-03T10:00+08:00", unit=TAIPING)
    together = written(admin, "2023-04-03T10:00+08:00", towns=(FENJIE, TAIPING))
    written(admin, "2023-09-01T10:00+08:00", unit=SHUANGDONG, count=150)
    written(admin, "2023-09-01T10:00+08:00", towns=(HUASHI, SHUANGDONG), count=150)
    found = told(admin, TAIPING)
    assert (found.own, found.together) == (own, together)


def test_of_a_units_lists_the_latest_three_are_told(admin):
    lists = [written(admin, f"2023-09-0{day}T10:00+08:00", unit=TAIPING)[0] for day in range(1, 6)]
    assert told(admin, TAIPING).own == lists[:1:-1]


def test_a_list_is_told_from_the_day_on_which_it_was_written(admin):
    late = written(admin, "2023-09-19T23:59+08:00", unit=TAIPING)
    written(admin, "2023-09-20T00:00+08:00", unit=TAIPING, count=4)
    assert told(admin, TAIPING, date(2023, 9, 19)).own == late
    assert told(admin, TAIPING, date(2023, 9, 18)).own == []


def test_an_import_at_a_hand_in_is_told_from_the_day_on_which_it_was_written(admin, client_of):
    submission = hand_in(admin, TAIPING)
    write(roster(person(2)), admin)
    assert submission.imports.count() == 1
    client = client_of(admin)
    then, later = (text(client.get(reverse("roster:submissions"), {"on": day})) for day in ("2023-03-29", "2023-09-20"))
    assert [bool(AN_IMPORT.search(page)) for page in (then, later)] == [False, True]


def test_only_the_keys_of_all_imports_are_numbered(admin, django_assert_num_queries):
    """There are more of them every year: what they hold is read of the latest."""
    own = written(admin, "2023-04-03T10:00+08:00", unit=TAIPING)
    with django_assert_num_queries(1) as made:
        assert loose_by_unit(date.max)[TAIPING].own == own
    numbered = made.captured_queries[0]["sql"].partition(" IN (SELECT")[2]
    assert ("ROW_NUMBER" in numbered, "file_name" in numbered) == (True, False)
