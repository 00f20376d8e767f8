"""Mending an upload in the page: one row at a time, kept with the upload, seen by its uploader alone."""

import pytest
from django.db import connection
from django.urls import reverse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.models import AuditEntry
from core.privacy import mask_id_number
from roster import preview, uploads
from roster.annex.plan import fingerprint
from roster.choices import RowResult
from roster.models import RosterImport, RosterImportRow, Staff, TeamMembership
from roster.preview import Decision
from tests.conftest import FENJIE, TAIPING
from tests.roster.mending import look, say, send, text
from tests.roster.workbooks import id_number, person, roster

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("divisions", "_clock")]
UNCLEAR = "太平镇 个体户"


def counts(kept) -> dict[str, int]:
    return {
        name: number
        for name, number in RosterImport.objects.get(pk=kept.pk).report.items()
        if number and name != "towns"
    }


def row_of(shown, number):
    return next(row for row in shown.context["rows"] if row.number == number)


def cell(shown, number, field):
    row = row_of(shown, number)
    return next(one for one in [row.name, *row.cells, row.post] if one.field == field)


# ── a cell retyped ───────────────────────────────────────────────────────────


def test_a_wrong_cell_is_an_input_and_retyped_it_is_checked_and_masked(admin, client_of):
    client = client_of(admin)
    kept = send(client, roster(person(1, 联系电话="13800"), person(3))).context["kept"]
    answer = say(client, kept, 1, cell_phone="138 0000 0009")
    assert (answer.status_code, answer.url) == (302, f"/roster/import/{kept.pk}/#row-1")
    shown = look(client, kept)
    found = cell(shown, 4, "phone")
    assert (found.text, found.is_input, found.edited, found.look) == ("138****0009", False, True, "")
    assert counts(kept) == {"rows": 2, "created": 2}


def test_where_number_and_birth_differ_either_may_be_retyped(admin, client_of):
    client = client_of(admin)
    row = person(1)
    kept = send(client, roster({**row, "出生年月": "1950.01"})).context["kept"]
    doubted = cell(look(client, kept), 4, "id_number")
    assert (doubted.text, doubted.is_input, doubted.look) == (mask_id_number(row["身份证号码"]), True, "ask")

    say(client, kept, 1, cell_born="1950.01", cell_id_number=doubted.text)
    assert cell(look(client, kept), 4, "id_number").edited is False, "sent back as it was shown"
    say(client, kept, 1, cell_born="1950.01", cell_id_number=person(2)["身份证号码"])
    assert cell(look(client, kept), 4, "id_number").edited is True
    say(client, kept, 1, cell_born=born_of(row), cell_id_number=row["身份证号码"])
    assert counts(kept) == {"rows": 1, "created": 1}
    assert cell(look(client, kept), 4, "id_number").is_input is False


def born_of(row) -> str:
    return f"{row['身份证号码'][6:10]}.{row['身份证号码'][10:12]}"


def test_a_cell_retyped_wrongly_stays_an_input_with_what_was_typed(admin, client_of):
    client = client_of(admin)
    kept = send(client, roster(person(1, 联系电话="13800"))).context["kept"]
    say(client, kept, 1, cell_phone="139x")
    found = cell(look(client, kept), 4, "phone")
    assert (found.text, found.is_input, found.look) == ("139x", True, "bad")


def test_a_retyped_cell_goes_back_to_what_the_file_says(admin, client_of):
    client = client_of(admin)
    kept = send(client, roster(person(1, 联系电话="13800"))).context["kept"]
    say(client, kept, 1, cell_phone="13800000009")
    say(client, kept, 1, undo="phone")
    found = cell(look(client, kept), 4, "phone")
    assert (found.text, found.edited, counts(kept)) == ("13800", False, {"rows": 1, "rejected": 1})


def test_a_cell_that_was_not_touched_is_no_edit(admin, client_of):
    """Saving a row's other cell must not turn a number that lost its end into text that looks whole."""
    client = client_of(admin)
    bad = person(1, 身份证号码=float(id_number("19850302", 101)[:17] + "0"), 联系电话="13800")
    kept = send(client, roster(bad)).context["kept"]
    shown = cell(look(client, kept), 4, "id_number")
    say(client, kept, 1, cell_id_number=shown.text, cell_phone="13800000009")
    assert cell(look(client, kept), 4, "id_number").why == shown.why
    assert uploads.mends_from_json(RosterImport.objects.get().mends).edits == {("名单", 4): {"phone": "13800000009"}}


def test_what_was_mended_is_written_and_the_import_names_no_value(admin, client_of):
    client = client_of(admin)
    kept = send(client, roster(person(1, 联系电话="13800"))).context["kept"]
    say(client, kept, 1, cell_phone="13800000009")
    client.post(reverse("roster:import-apply", args=[kept.pk]), {"shown": look(client, kept).context["fingerprint"]})
    assert Staff.objects.get().phone == "13800000009"
    assert "13800000009" not in "".join(map(str, AuditEntry.objects.values_list("detail", flat=True)))


def test_closing_the_browser_loses_nothing_and_the_database_holds_nothing_in_clear(admin, client_of):
    kept = send(client_of(admin), roster(person(1, 联系电话="13800"))).context["kept"]
    say(client_of(admin), kept, 1, cell_phone="13800000009")
    with connection.cursor() as cursor:
        stored = []
        for table_name in ("roster_rosterimport", "roster_rosterimportrow"):
            cursor.execute(f"SELECT * FROM {table_name}")
            stored.append(repr(cursor.fetchall()))
    assert cell(look(client_of(admin), kept), 4, "phone").text == "138****0009"
    assert [word for word in ("13800", person(1)["身份证号码"], "测一", "13800000009") if word in "".join(stored)] == []


# ── seat, town, left out ─────────────────────────────────────────────────────


def test_an_unclear_post_is_settled_by_seat_and_source(admin, client_of):
    client = client_of(admin)
    kept = send(client, roster(person(1, 所在单位及职务=UNCLEAR))).context["kept"]
    say(client, kept, 1, seat="mediator:grid_worker")
    found = cell(look(client, kept), 4, "post")
    assert (found.text, found.chosen, found.meta, found.look) == ("网格员", "mediator:grid_worker", "由您选定", "")
    client.post(reverse("roster:import-apply", args=[kept.pk]), {"shown": look(client, kept).context["fingerprint"]})
    assert list(TeamMembership.objects.values_list("role", "mediator_kind")) == [("mediator", "grid_worker")]


def test_a_settled_post_goes_back_to_unclear(admin, client_of):
    client = client_of(admin)
    kept = send(client, roster(person(1, 所在单位及职务=UNCLEAR))).context["kept"]
    say(client, kept, 1, seat="judge")
    say(client, kept, 1, seat="")
    assert cell(look(client, kept), 4, "post").look == "ask"


def test_a_seat_that_stands_as_it_was_read_is_not_by_hand(admin, client_of):
    client = client_of(admin)
    kept = send(client, roster(person(1, 所在单位及职务="太平镇 退休教师", 备注="调解员", 联系电话="1"))).context[
        "kept"
    ]
    before = cell(look(client, kept), 4, "post")
    say(client, kept, 1, seat=before.chosen, cell_phone="13800000009")
    assert cell(look(client, kept), 4, "post") == before


def test_a_settled_seat_that_somebody_else_in_the_file_takes_too_is_written_at_the_first_press(admin, client_of):
    client = client_of(admin)
    kept = send(client, roster(person(1, 所在单位及职务="太平镇网格员"), person(3, 所在单位及职务=UNCLEAR))).context[
        "kept"
    ]
    say(client, kept, 2, seat="mediator:grid_worker")
    answer = client.post(
        reverse("roster:import-apply", args=[kept.pk]), {"shown": look(client, kept).context["fingerprint"]}
    )
    assert (answer.status_code, TeamMembership.objects.filter(mediator_kind="grid_worker").count()) == (302, 2)


@pytest.mark.parametrize("seat", ["chief", "judge:grid_worker", "mediator:boss"])
def test_a_seat_that_does_not_exist_is_refused(admin, client_of, seat):
    client = client_of(admin)
    kept = send(client, roster(person(1, 所在单位及职务=UNCLEAR))).context["kept"]
    answer = say(client, kept, 1, seat=seat)
    assert (answer.status_code, "没有这个岗位，请从列表里选。" in text(answer)) == (422, True)


def test_the_clerk_cannot_settle_a_seat_that_is_not_the_courts(court_clerk, client_of):
    client = client_of(court_clerk)
    kept = send(client, roster(person(1, 所在单位及职务=UNCLEAR))).context["kept"]
    assert [words for _, group in cell(look(client, kept), 4, "post").groups for _, words in group] == [
        "待定岗位",
        "法官",
        "法官助理",
    ]
    say(client, kept, 1, seat="mediator:grid_worker")
    assert counts(kept) == {"rows": 1, "rejected": 1}


def test_an_unclear_town_is_chosen_from_the_users_towns(admin, client_of):
    client = client_of(admin)
    rows = [person(1, 所在单位及职务="网格员"), person(3), person(5, 所在单位及职务="分界镇网格员")]
    kept = send(client, roster(*rows), town="").context["kept"]
    found = cell(look(client, kept), 4, "unit_and_duty")
    assert (found.asks, found.is_input, (FENJIE, "分界镇") in found.groups[-1][1]) == ("town", False, True)
    say(client, kept, 1, town=FENJIE)
    found = cell(look(client, kept), 4, "unit_and_duty")
    assert (found.chosen, found.look, counts(kept)) == (FENJIE, "", {"rows": 3, "created": 3})


def test_a_town_outside_the_users_scope_is_refused(officer_of_taiping, client_of):
    client = client_of(officer_of_taiping)
    kept = send(client, roster(person(1))).context["kept"]
    assert say(client, kept, 1, town=FENJIE).status_code == 422


def test_a_bad_row_is_left_out_knowingly_counted_and_taken_in_again(admin, client_of):
    client = client_of(admin)
    kept = send(client, roster(person(1, 联系电话="1"), person(3))).context["kept"]
    say(client, kept, 1, left_out="1")
    shown = look(client, kept)
    assert "写入 1 行，<b>留下 1 行不写</b>" in text(shown)
    assert (row_of(shown, 4).left_out, cell(shown, 4, "phone").look, cell(shown, 4, "phone").text) == (True, "", "*")
    say(client, kept, 1)
    assert counts(kept) == {"rows": 2, "created": 1, "rejected": 1}


def test_a_list_sent_again_is_looked_at_again_and_keeps_what_was_mended(admin, client_of):
    client = client_of(admin)
    data = roster(person(1, 联系电话="13800"), person(3))  # one file: a second making bears a later second
    kept = send(client, data).context["kept"]
    say(client, kept, 1, cell_phone="13800000009")
    other = send(client, roster(person(3)))
    client.post(
        reverse("roster:import-apply", args=[other.context["kept"].pk]), {"shown": other.context["fingerprint"]}
    )
    assert send(client, data).context["kept"].pk == kept.pk
    assert counts(kept) == {"rows": 2, "created": 1, "unchanged": 1}


def test_left_out_rows_are_not_written(admin, client_of):
    client = client_of(admin)
    kept = send(client, roster(person(1, 联系电话="1"), person(3))).context["kept"]
    say(client, kept, 1, left_out="1")
    answer = client.post(
        reverse("roster:import-apply", args=[kept.pk]), {"shown": look(client, kept).context["fingerprint"]}
    )
    assert (answer.status_code, list(Staff.objects.values_list("name", flat=True))) == (302, ["测三"])


def test_when_every_row_is_left_out_nothing_can_be_written(admin, client_of):
    client = client_of(admin)
    kept = send(client, roster(person(1, 联系电话="1"))).context["kept"]
    say(client, kept, 1, left_out="1")
    assert "1 行都留下不写，没有可以写入的。" in text(look(client, kept))


# ── what htmx gets ───────────────────────────────────────────────────────────


def test_htmx_gets_the_row_and_the_figures_around_it(admin, client_of):
    client = client_of(admin)
    kept = send(client, roster(person(1, 联系电话="13800"), person(3))).context["kept"]
    answer = say(client, kept, 1, htmx=True, query="?show=rejected", cell_phone="13800000009")
    page = answer.content.decode()
    assert page.lstrip().startswith('<tr id="row-1"')
    assert [part in page for part in ('id="import-dock"', 'id="import-filters"', 'id="import-teams"', "<html")] == [
        True,
        True,
        True,
        False,
    ]
    assert 'show=rejected" aria-current="page"' not in page  # the filter is empty now, and not offered
    assert "写入 2 行" in page


def test_a_plain_form_leads_back_to_the_row_in_its_filter(admin, client_of):
    client = client_of(admin)
    kept = send(client, roster(person(1, 联系电话="1"))).context["kept"]
    answer = say(client, kept, 1, query="?show=rejected", cell_phone="2")
    assert answer.url == f"/roster/import/{kept.pk}/?show=rejected#row-1"


def test_when_another_row_turns_with_it_the_whole_page_comes(admin, client_of):
    client = client_of(admin)
    kept = send(client, roster(person(1), person(1), person(3))).context["kept"]
    assert say(client, kept, 1, htmx=True, left_out="1").headers.get("HX-Refresh") == "true"
    assert [row.result for row in look(client, kept).context["rows"]] == ["留下不写", "新增", "新增"]


def test_a_double_is_mended_by_its_right_number(admin, client_of):
    client = client_of(admin)
    kept = send(client, roster(person(1), person(1), person(3))).context["kept"]
    say(client, kept, 2, cell_id_number=person(7)["身份证号码"], cell_born="", cell_sex="")
    assert [row.result for row in look(client, kept).context["rows"]] == ["新增", "新增", "新增"]


def test_a_number_retyped_into_somebody_elses_makes_the_later_row_the_double(admin, client_of):
    client = client_of(admin)
    kept = send(client, roster(person(1, 身份证号码="1"), person(3))).context["kept"]
    answer = say(client, kept, 1, htmx=True, cell_id_number=person(3)["身份证号码"], cell_born="", cell_sex="")
    assert answer.headers.get("HX-Refresh") == "true"
    assert [row.result for row in look(client, kept).context["rows"]] == ["新增", "不能写入"]


# ── whose it is ──────────────────────────────────────────────────────────────


def test_an_admin_sees_somebody_elses_wrong_cells_hidden_and_cannot_mend_them(officer_of_taiping, admin, client_of):
    kept = send(client_of(officer_of_taiping), roster(person(1, 联系电话="13800"))).context["kept"]
    client = client_of(admin)
    shown = look(client, kept)
    found = cell(shown, 4, "phone")
    assert (found.text, found.is_input, row_of(shown, 4).has_inputs) == ("*****", False, False)
    assert say(client, kept, 1, cell_phone="13800000009").status_code == 403
    assert counts(kept) == {"rows": 1, "rejected": 1}


def test_a_row_that_is_not_there_is_404(admin, client_of):
    client = client_of(admin)
    kept = send(client, roster(person(1))).context["kept"]
    assert [say(client, kept, place).status_code for place in (9, 99_999_999_999)] == [404, 404]


def test_a_written_upload_is_mended_no_more(admin, client_of):
    client = client_of(admin)
    kept = send(client, roster(person(1))).context["kept"]
    client.post(reverse("roster:import-apply", args=[kept.pk]), {"shown": look(client, kept).context["fingerprint"]})
    assert say(client, kept, 1, cell_phone="13800000009").status_code == 404  # its rows are wiped
    assert (RosterImportRow.objects.count(), RosterImport.objects.get().mends) == (0, "")


def test_a_roster_that_moved_is_said_and_checked_again(admin, client_of):
    client = client_of(admin)
    kept = send(client, roster(person(1))).context["kept"]
    other = send(client, roster(person(1), title="另一份"))
    client.post(
        reverse("roster:import-apply", args=[other.context["kept"].pk]), {"shown": other.context["fingerprint"]}
    )
    shown = look(client, kept)
    assert "核对以后名册有了变化" in text(shown)
    client.post(reverse("roster:import-recheck", args=[kept.pk]))
    assert ("核对以后名册有了变化" in text(look(client, kept)), counts(kept)) == (False, {"rows": 1, "unchanged": 1})


def test_a_roster_that_moved_keeps_what_was_mended_when_writing_meets_it(admin, client_of):
    client = client_of(admin)
    kept = send(client, roster(person(1, 联系电话="1"), person(3))).context["kept"]
    say(client, kept, 1, cell_phone="13800000009")
    before = look(client, kept).context["fingerprint"]
    other = send(client, roster(person(3)))
    client.post(
        reverse("roster:import-apply", args=[other.context["kept"].pk]), {"shown": other.context["fingerprint"]}
    )
    answer = client.post(reverse("roster:import-apply", args=[kept.pk]), {"shown": before})
    assert (answer.status_code, cell(answer, 4, "phone").text) == (409, "138****0009")
    assert counts(kept) == {"rows": 2, "created": 1, "unchanged": 1}


# ── one row is as good as all ────────────────────────────────────────────────

PHONES = st.sampled_from(["13800", "13800000009", ""])
NUMBERS = st.sampled_from([person(1)["身份证号码"], person(3)["身份证号码"], person(7)["身份证号码"], "1"])
SEATS = st.sampled_from([None, ("", ""), ("judge", ""), ("mediator", "grid_worker")])
STEPS = st.lists(st.tuples(st.integers(1, 4), PHONES, NUMBERS, SEATS, st.booleans()), min_size=1, max_size=4)


@settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))
@given(STEPS)
def test_checking_single_rows_says_what_checking_everything_says(admin, seat, steps):
    """Whatever is mended in whatever order: rows, figures, teams, fingerprint are those of a whole check."""
    rows = [person(1), person(1, 联系电话="1"), person(3, 所在单位及职务=UNCLEAR), person(5, 姓名="")]
    kept = uploads.take_upload(data=roster(*rows), file_name="a.xlsx", town=TAIPING, since=None, by=admin)
    for place, phone, number, seat_said, left_out in steps:
        cells = {"phone": phone, "id_number": number, "born": "", "sex": ""}
        row = RosterImportRow.objects.get(upload=kept, place=place)
        decision = Decision(cells=cells, left_out=left_out, seat=seat_said)
        preview.mend_row(upload=RosterImport.objects.get(pk=kept.pk), row=row, decision=decision, by=admin)
    found = RosterImport.objects.get(pk=kept.pk)
    one_by_one = everything(found)
    uploads.recheck_upload(import_id=kept.pk, by=admin)
    assert everything(RosterImport.objects.get(pk=kept.pk)) == one_by_one
    plan = uploads.planner()(found)
    assert one_by_one[0] == fingerprint(plan.rows, found.since)
    RosterImport.objects.all().delete()


def everything(upload):
    rows = upload.rows.order_by("place").values_list("place", "result", "to_look_at", "person")
    teams = [(team.town_code, team.standing, team.absent) for team in preview.outlook_of(upload).teams]
    return upload.fingerprint, list(rows), upload.report, teams


# ── page by page ─────────────────────────────────────────────────────────────


def test_the_shown_rows_keep_to_their_filter_and_page(admin, client_of):
    client = client_of(admin)
    rows = [person(number, 联系电话="1" if number % 2 else f"138{number:08}") for number in range(1, 151)]
    kept = send(client, roster(*rows)).context["kept"]
    first = look(client, kept)
    second = client.get(
        f"{reverse('roster:import-preview', args=[kept.pk])}?cursor={first.context['page'].next_cursor}"
    )
    assert [len(page.context["rows"]) for page in (first, second, look(client, kept, show="rejected"))] == [100, 50, 75]
    assert RosterImportRow.objects.filter(result=RowResult.REJECTED).count() == 75
