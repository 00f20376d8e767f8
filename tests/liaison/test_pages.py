"""The pages of the points: who gets in, what stands on them, forms that refuse and keep what was typed."""

from datetime import date, timedelta

import pytest
from django.urls import reverse

from core.choices import Role
from core.queries import today
from liaison.actions.duty import schedule_shift
from liaison.choices import EVIDENCED_ITEMS, Host, SystemKind
from liaison.models import DutyShift, LiaisonPoint, Meeting, StandardCheck, StandardItem, Tribunal, WorkingSystem
from roster.choices import TeamRole
from tests.conftest import HUASHI, SHUANGDONG, TAIPING
from tests.liaison.conftest import moment, picture

MAY_18, JUNE_1 = date(2023, 5, 18), date(2023, 6, 1)


def url(name: str, *arguments: object, town: str = TAIPING) -> str:
    return reverse(f"liaison:{name}", args=[town, *arguments])


@pytest.fixture
def officers(client_of, officer_of_taiping):
    return client_of(officer_of_taiping)


@pytest.fixture
def checkers(client_of, justice_officer):
    return client_of(justice_officer)


# ── who gets in ──────────────────────────────────────────────────────────────
GET_PAGES = {
    "list": ("liaison:list", []),
    "point": ("liaison:point", [TAIPING]),
    "open": ("liaison:open", [TAIPING]),
    "report": ("liaison:item-report", [TAIPING, "office"]),
    "check": ("liaison:item-check", [TAIPING, "office"]),
    "system": ("liaison:system", [TAIPING, "duty"]),
    "adopt": ("liaison:system-adopt", [TAIPING, "duty"]),
    "duty": ("liaison:duty", [TAIPING]),
    "meeting": ("liaison:meeting-record", [TAIPING]),
}
READING, CHECKING = {"list", "point", "system", "duty"}, {"check"}
KEEPING = {"report", "adopt", "meeting"}


@pytest.mark.parametrize(
    ("who", "open_pages"),
    [
        ("mediator_of_taiping", READING),
        ("officer_of_taiping", READING | KEEPING | {"open"}),
        ("reviewing_judge", READING),
        ("judges_assistant", READING),
        ("court_clerk", READING),
        ("justice_officer", READING | CHECKING),
        ("committee_officer", READING | CHECKING),
        ("admin", READING | {"open"}),
        ("auditor", set()),
    ],
)
def test_each_role_opens_its_pages_and_is_refused_the_others(who, open_pages, cast, point, client_of):
    client = client_of(cast[who])

    answers = {key: client.get(reverse(name, args=given)).status_code for key, (name, given) in GET_PAGES.items()}

    assert answers == {key: 200 if key in open_pages else 403 for key in GET_PAGES}


def test_another_towns_point_is_not_there(point, client_of, mediator_of_shuangdong):
    client = client_of(mediator_of_shuangdong)

    assert [client.get(url(name, *given)).status_code for name, given in (("point", []), ("system", ["duty"]))] == [
        404,
        404,
    ]


def test_another_towns_officer_cannot_report_here(point, client_of, make_user):
    client = client_of(make_user("officer_of_shuangdong", Role.OFFICER, SHUANGDONG))

    answer = client.post(url("item-report", "office"), {"met_on": "2023-05-18", "file": picture()})

    assert (answer.status_code, StandardItem.objects.count()) == (404, 0)


@pytest.mark.parametrize(
    ("name", "given"),
    [("item-check", ["officer"]), ("item-check", ["roof"]), ("system", ["roof"])],
    ids=["the officer is not checked", "no such item", "no such system"],
)
def test_what_does_not_exist_is_not_there(name, given, point, checkers):
    assert checkers.get(url(name, *given)).status_code == 404


# ── one point ────────────────────────────────────────────────────────────────
def test_a_town_without_a_point_says_what_to_do_first(officers):
    page = officers.get(url("point")).content.decode()

    assert ("联络点还没有登记" in page, reverse("liaison:open", args=[TAIPING]) in page) == (True, True)


def test_the_gaps_stand_first_and_say_what_to_do(point, checkers):
    page = checkers.get(url("point")).content.decode()

    assert "还差 4 项，没有算作已建成" in page
    assert page.index("还差 4 项") < page.index("<h2>四个一</h2>")
    assert "先由镇（街）联络人员报办公室的照片和启用日" in page


def test_self_reported_items_ask_for_a_check(point, officer_of_taiping, officers, checkers):
    officers.post(url("item-report", "office"), {"met_on": "2023-05-18", "file": picture(), "note": "一楼"})

    assert "自报，还没有核验" in officers.get(url("point")).content.decode()
    assert url("item-check", "office") in checkers.get(url("point")).content.decode()
    assert url("item-check", "office") not in officers.get(url("point")).content.decode()


def test_a_built_point_shows_since_when_and_who_checked(point, build, officers):
    build(point, MAY_18)

    page = officers.get(url("point")).content.decode()

    assert ("已建成，2023年5月18日起四个一全部达到" in page, "县级核验：2023年5月18日" in page) == (True, True)


def test_use_and_figures_are_slots_filled_from_above(point, officers):
    page = officers.get(url("point"), {"on": "2023-06-30"}).content.decode()

    for name in ("reports:point-use", "reports:point-figures"):
        assert f'hx-get="{reverse(name, args=[TAIPING])}?on=2023-06-30"' in page


def test_an_admin_gets_no_slot_of_figures(point, client_of, admin):
    page = client_of(admin).get(url("point")).content.decode()

    assert reverse("reports:point-figures", args=[TAIPING]) not in page


SEES = ["mediator_of_taiping", "officer_of_taiping", "court_clerk", "reviewing_judge", "committee_officer", "admin"]


@pytest.mark.parametrize("who", SEES)
def test_everybody_who_sees_the_point_reads_which_court_serves_it(who, point, cast, client_of):
    client = client_of(cast[who])
    own = client.get(url("point")).content.decode()
    Tribunal.objects.create(name="太平人民法庭").towns.add(TAIPING)
    tribunals = client.get(url("point")).content.decode()

    assert [f"<dt>法庭</dt><dd>{name}</dd>" in page for name, page in (
        ("罗定市人民法院", own), ("太平人民法庭", tribunals)
    )] == [True, True]  # fmt: skip


@pytest.mark.parametrize("rows", [1, 3])
def test_the_point_page_asks_the_same_number_of_queries(
    rows, point, build, serve, officer_of_taiping, officers, django_assert_num_queries
):
    build(point, MAY_18)
    for place in range(rows):
        member = serve(f"调解员{place}", TeamRole.MEDIATOR, MAY_18)
        schedule_shift(point_id=point.pk, on=today(), staff_id=member.staff_id, by=officer_of_taiping)
        StandardItem.objects.get(item="office").evidence.add(
            *StandardItem.objects.get(item="plaque").evidence.all()[:place]
        )

    with django_assert_num_queries(12):
        officers.get(url("point"))


# ── forms ────────────────────────────────────────────────────────────────────
def test_opening_a_point_in_the_browser(officers):
    answer = officers.post(
        url("open"), {"host": Host.JUDICIAL_OFFICE, "address": "镇政府路 1 号", "opened_on": "2023-05-18"}
    )

    opened = LiaisonPoint.objects.get()
    assert (answer.url, opened.address, opened.opened_on) == (url("point"), "镇政府路 1 号", MAY_18)


def test_a_form_without_its_fields_says_so_at_them_and_keeps_the_rest(officers):
    answer = officers.post(url("open"), {"address": "镇政府路 1 号"})

    assert (answer.status_code, answer.context["form"].errors["host"]) == (422, ["请选择依托。"])
    assert "镇政府路 1 号" in answer.content.decode()


def test_reporting_several_files_at_once(point, officers):
    officers.post(
        url("item-report", "plaque"), {"met_on": "2023-05-18", "file": [picture("一.png"), picture("二.png")]}
    )

    assert StandardItem.objects.get().evidence.count() == 2


@pytest.mark.parametrize(
    ("given", "field", "words"),
    [
        ({"met_on": "2023-05-18"}, "file", "证据"),
        ({"met_on": (today() + timedelta(days=1)).isoformat(), "file": picture()}, "met_on", "不能晚于今天"),
        ({"met_on": "2023-05-18", "file": picture("坏的.exe")}, "file", "不能接收"),
    ],
    ids=["no evidence", "tomorrow", "a program"],
)
def test_a_bad_report_is_refused_at_its_field(given, field, words, point, officers):
    answer = officers.post(url("item-report", "office"), given)

    assert (answer.status_code, StandardItem.objects.count()) == (422, 0)
    assert words in "".join(answer.context["form"].errors[field])


def test_adding_evidence_asks_for_files_alone(point, officers):
    officers.post(url("item-report", "office"), {"met_on": "2023-05-18", "file": picture("一.png")})

    form = officers.get(url("item-report", "office")).context["form"]
    officers.post(url("item-report", "office"), {"file": picture("二.png")})

    assert (list(form.fields), StandardItem.objects.get().evidence.count()) == (["file"], 2)


def test_checking_and_ending_in_the_browser(point, officers, checkers):
    officers.post(url("item-report", "office"), {"met_on": "2023-05-18", "file": picture()})
    checkers.post(url("item-check", "office"), {"level": "county", "checked_on": "2023-06-01"})
    item = StandardItem.objects.get()
    checkers.post(url("item-end", item.pk), {"ended_on": "2023-07-01", "because": "办公室挪作他用"})

    item.refresh_from_db()
    assert (StandardCheck.objects.get().checked_on, item.ended_on) == (JUNE_1, date(2023, 7, 1))


def test_a_check_of_what_was_not_there_is_refused_at_the_day(point, checkers):
    answer = checkers.post(url("item-check", "office"), {"level": "county", "checked_on": "2023-06-01"})

    assert "还没有达到，不能核验" in answer.context["form"].errors["checked_on"][0]


def test_a_text_is_adopted_replaced_and_read_with_its_versions(point, officers):
    officers.post(url("system-adopt", SystemKind.DUTY), {"adopted_on": "2023-05-18", "text": "第一版"})
    officers.post(url("system-adopt", SystemKind.DUTY), {"adopted_on": "2023-06-01", "text": "第二版"})

    versions = officers.get(url("system", SystemKind.DUTY)).context["versions"]
    assert [(version.text, version.ended_on) for version in versions] == [("第二版", None), ("第一版", JUNE_1)]


def test_an_unchanged_text_is_refused_with_what_was_typed(point, officers):
    officers.post(url("system-adopt", SystemKind.DUTY), {"adopted_on": "2023-05-18", "text": "第一版"})
    answer = officers.post(url("system-adopt", SystemKind.DUTY), {"adopted_on": "2023-06-01", "text": "第一版"})

    assert (answer.status_code, WorkingSystem.objects.count()) == (422, 1)
    assert answer.context["form"]["adopted_on"].value() == "2023-06-01"


# ── duty and meetings ────────────────────────────────────────────────────────
@pytest.fixture
def shift(point, serve, officer_of_taiping) -> DutyShift:
    member = serve("黎志恒", TeamRole.LIAISON_OFFICER, MAY_18)
    return schedule_shift(point_id=point.pk, on=today(), staff_id=member.staff_id, by=officer_of_taiping)


def test_a_shift_is_put_on_the_rota_and_taken_off(point, serve, officers):
    member = serve("黎志恒", TeamRole.LIAISON_OFFICER, MAY_18)
    tomorrow = today() + timedelta(days=1)
    officers.post(url("duty"), {"on": tomorrow.isoformat(), "hours": "whole", "staff": str(member.staff_id)})
    planned = DutyShift.objects.get()

    officers.post(url("duty-cancel", planned.pk))

    assert (planned.on, DutyShift.objects.count()) == (tomorrow, 0)


def test_somebody_outside_the_team_is_not_offered(point, serve, officers):
    stranger = serve("外镇人", TeamRole.MEDIATOR, MAY_18, town=HUASHI)

    answer = officers.post(url("duty"), {"on": today().isoformat(), "hours": "whole", "staff": str(stranger.staff_id)})

    assert (answer.status_code, DutyShift.objects.count()) == (422, 0)


def test_holding_a_shift_with_htmx_brings_back_its_cell(shift, officers):
    answer = officers.post(url("duty-hold", shift.pk), headers={"HX-Request": "true"})

    assert "已到岗" in answer.content.decode()
    assert "<html" not in answer.content.decode()


def test_holding_a_shift_without_htmx_leads_back_to_the_point(shift, officers):
    answer = officers.post(url("duty-hold", shift.pk))

    shift.refresh_from_db()
    assert (answer.url, shift.held_at is not None) == (url("point"), True)


def test_holding_twice_says_who_was_first(shift, officers):
    officers.post(url("duty-hold", shift.pk))

    answer = officers.post(url("duty-hold", shift.pk), headers={"HX-Request": "true"})

    assert (answer.status_code, "谭少芬已经登记到岗" in answer.content.decode()) == (422, True)


def test_a_shift_is_not_held_by_a_get(shift, officers):
    assert officers.get(url("duty-hold", shift.pk)).status_code == 405


def test_a_meeting_is_recorded(point, officers):
    no_decision = {"decisions-TOTAL_FORMS": "1", "decisions-INITIAL_FORMS": "0"}
    meeting = {"held_on": "2023-06-01", "system": SystemKind.GRID, "agenda": "第二季度研判"}
    officers.post(url("meeting-record"), meeting | no_decision)

    assert list(Meeting.objects.values_list("agenda", "held_on")) == [("第二季度研判", JUNE_1)]


def test_only_the_office_and_the_plaque_are_reported(point, officers):
    answers = {item: officers.get(url("item-report", item)).status_code for item in ("office", "plaque", "rules")}

    assert answers == {item.value: 200 for item in EVIDENCED_ITEMS} | {"rules": 404}


def test_evidence_can_be_downloaded_inside_the_town_and_not_outside(point, officers, client_of, mediator_of_shuangdong):
    officers.post(url("item-report", "office"), {"met_on": "2023-05-18", "file": picture("一.png")})
    file = StandardItem.objects.get().evidence.get()
    address = reverse("file-download", args=[file.pk])

    own = b"".join(officers.get(address).streaming_content)

    assert own.startswith(b"\x89PNG")
    assert client_of(mediator_of_shuangdong).get(address).status_code == 404


def test_a_late_entry_is_marked(point, build, officers):
    build(point, MAY_18)
    StandardItem.objects.update(recorded_at=moment(date(2023, 5, 26)))

    assert "含补录" in officers.get(url("point")).content.decode()
