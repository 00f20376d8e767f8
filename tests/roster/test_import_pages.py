"""The import in the browser: upload, preview with its cells, settle, write, give up."""

import re
from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from roster.models import RosterImport, Staff, TeamMembership
from tests.conftest import FENJIE, SHUANGDONG, TAIPING
from tests.roster.bad_workbooks import with_a_picture
from tests.roster.workbooks import DATA, HEADER, person, roster, table, xlsx

FENJIE_FILE = (DATA / "roster_fenjie.xlsx").read_bytes()
HUASHI_FILE = (DATA / "roster_huashi_messy.xlsx").read_bytes()
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("divisions", "_clock")]


def send(client, data, *, town="", name="名单.xlsx"):
    return client.post(reverse("roster:import"), {"file": SimpleUploadedFile(name, data), "town": town})


def preview_of(client, data, **options):
    """Upload, follow to the preview."""
    answer = send(client, data, **options)
    assert answer.status_code == 302
    return client.get(answer.url)


def press(client, preview, name, **fields):
    kept = preview.context["kept"]
    return client.post(reverse(f"roster:{name}", args=[kept.pk]), fields)


def write(client, preview, **fields):
    return press(client, preview, "import-apply", shown=preview.context["fingerprint"], **fields)


def text(answer) -> str:
    return " ".join(answer.content.decode().split())


def test_what_is_said_of_whole_sheets_stands_once_above_the_rows(admin, client_of):
    short = [title for title in HEADER if title != "户籍地址"]
    sheets = [table(person(number), header=short) for number in range(2)]
    html = text(preview_of(client_of(admin), xlsx(*sheets, names=("太平镇", "分界镇")), town=TAIPING))
    assert re.findall("<li>([^<]*)</li>", html.partition("note is-warn")[2].partition("</ul>")[0]) == [
        "工作表「太平镇」「分界镇」没有「户籍地址」这一列，已有人员的这一项不动。",
        "工作表「分界镇」里写的是分界镇，按太平镇核对。",
    ]


def test_a_list_that_says_it_is_another_towns_is_not_written_with_one_press(officer_of_taiping, client_of):
    client = client_of(officer_of_taiping)
    shown = preview_of(client, xlsx(table(person(1)), names=("分界镇",)), town=TAIPING)
    assert ("请留意" in text(shown), "表里写的是另一个镇（街），确实写入太平镇" in text(shown)) == (True, True)

    refused = write(client, shown)
    assert (refused.status_code, Staff.objects.count()) == (422, 0)
    assert "没有写入：表里写的是另一个镇（街）。" in text(refused)

    assert write(client, shown, other_town="1").status_code == 302
    assert TeamMembership.objects.get().town_id == TAIPING


def test_the_last_uploads_name_the_towns_of_their_sheets(admin, client_of):
    client, names = client_of(admin), ("太平镇", "分界镇", "双东街道", "华石镇")
    preview_of(client, xlsx(*(table(person(number)) for number in range(4)), names=names), name="四镇.xlsx")
    kept = preview_of(client, xlsx(table(person(5)), table(person(6, 姓名="")), names=names[:2])).context["kept"]
    client.post(reverse("roster:import-row", args=[kept.pk, 2]), {"left_out": "1"})
    said = {str(kept): towns for kept, towns in client.get(reverse("roster:import")).context["recent"]}
    assert said == {"四镇.xlsx": "双东街道、太平镇、分界镇等 4 个", "名单.xlsx": "太平镇"}


# ── the admin's story ────────────────────────────────────────────────────────


def test_fenjie_from_upload_to_a_complete_team(admin, client_of):
    client = client_of(admin)
    shown = preview_of(client, FENJIE_FILE)
    assert "先按分界镇核对，<b>由您决定</b>" in text(shown)
    assert "写入 10 行" in text(shown)
    written = client.post(
        reverse("roster:import-apply", args=[shown.context["kept"].pk]),
        {"shown": shown.context["fingerprint"]},
        follow=True,
    )
    assert "已写入 10 行。分界镇的队伍达到标准。" in text(written)
    assert "达到标准" in text(client.get(reverse("roster:team", args=[FENJIE])))


def test_huashi_shows_its_errors_at_their_cells_and_cannot_be_written(admin, client_of):
    client = client_of(admin)
    shown = preview_of(client, HUASHI_FILE)
    cells = [(row.number, cell) for row in shown.context["rows"] for cell in [row.name, *row.cells]]
    bad = [(number, cell.field, cell.text) for number, cell in cells if cell.look == "bad"]
    assert bad == [(5, "id_number", "445381197109143151"), (6, "phone", "13800"), (8, "name", "")]
    assert '<button class="btn btn-primary" type="submit" disabled>写入 8 行</button>' in text(shown)
    answer = write(client, shown)
    assert (answer.status_code, Staff.objects.count()) == (422, 0)
    assert "有 3 行还不能写入，一行也没有写。" in text(answer)


def test_bad_rows_may_be_left_out_knowingly(admin, client_of):
    client = client_of(admin)
    assert write(client, preview_of(client, HUASHI_FILE), skip="1").status_code == 302
    assert Staff.objects.count() == 5


def test_a_second_press_is_refused_with_a_sentence_and_changes_nothing(admin, client_of):
    client = client_of(admin)
    shown = preview_of(client, FENJIE_FILE)
    write(client, shown)
    again = write(client, shown)
    assert again.status_code == 422
    assert "这份名单 9月20日 10:00 已经写入，没有再写一遍。" in text(again)
    assert Staff.objects.count() == 10


def test_the_same_file_sent_again_is_the_upload_that_is_open_already(admin, client_of):
    client = client_of(admin)
    send(client, FENJIE_FILE)
    send(client, FENJIE_FILE)
    assert sorted(RosterImport.objects.values_list("state", flat=True)) == ["previewed"]


def test_a_file_the_roster_knows_already_has_nothing_to_write(admin, client_of):
    client = client_of(admin)
    write(client, preview_of(client, FENJIE_FILE))
    shown = preview_of(client, FENJIE_FILE)
    assert "名册里已经是这样，10 行都没有变化，不用再写" in text(shown)


def test_beside_rows_that_cannot_be_written_nothing_is_offered_where_the_others_are_as_the_roster_has_them(
    admin, client_of
):
    client = client_of(admin)
    write(client, preview_of(client, roster(person(1), person(2)), town=TAIPING))
    bad = person(3, 身份证号码="1")

    shown = preview_of(client, roster(person(1), person(2), bad), town=TAIPING)
    said = "其余 2 行名册里已经是这样，留下这 1 行就没有要写的了。"
    assert (said in text(shown), "写入其余" in text(shown), "也可以一次留下" in text(shown)) == (True, False, False)

    mixed = preview_of(client, roster(person(1), person(4), bad), town=TAIPING)
    assert (said in text(mixed), "留下 1 行，写入其余 2 行" in text(mixed)) == (False, True)


def test_beside_rows_left_out_the_others_are_said_to_need_no_writing(admin, client_of):
    client = client_of(admin)
    write(client, preview_of(client, roster(person(1)), town=TAIPING))
    shown = preview_of(client, roster(person(1), person(2, 身份证号码="1")), town=TAIPING)
    kept = shown.context["kept"]
    client.post(reverse("roster:import-row", args=[kept.pk, shown.context["rows"][1].place]), {"left_out": "1"})
    page = client.get(reverse("roster:import-preview", args=[kept.pk]))
    assert "<b>留下 1 行不写</b>；名册里已经是这样，其余 1 行都没有变化，不用再写。" in text(page)


def test_a_roster_changed_in_between_shows_the_new_preview_as_a_conflict(admin, client_of):
    client = client_of(admin)
    shown = preview_of(client, roster(person(1)), town=TAIPING)
    write(client, preview_of(client, roster(person(1), title="另一份"), town=TAIPING))
    answer = write(client, shown)
    assert answer.status_code == 409
    assert "核对以后名册有了变化" in text(answer)


# ── settling ─────────────────────────────────────────────────────────────────


def test_town_and_first_day_are_settled_in_the_preview(admin, client_of):
    client = client_of(admin)
    shown = preview_of(client, roster(person(1)))
    client.post(
        reverse("roster:import-settle", args=[shown.context["kept"].pk]), {"town": FENJIE, "since": "2023-03-30"}
    )
    shown = client.get(reverse("roster:import-preview", args=[shown.context["kept"].pk]))
    assert "会标为补录" in text(shown)
    write(client, shown)
    assert list(TeamMembership.objects.values_list("town_code", "since")) == [(FENJIE, date(2023, 3, 30))]


def test_a_first_day_in_the_future_is_refused_at_its_field(admin, client_of):
    client = client_of(admin)
    shown = preview_of(client, roster(person(1)))
    answer = press(client, shown, "import-settle", town="", since="2023-09-21")
    assert (answer.status_code, answer.context["form"].errors["since"]) == (
        422,
        ["任职起始日不能晚于今天。请核对日期。"],
    )


def test_giving_up_wipes_the_file(admin, client_of):
    client = client_of(admin)
    press(client, preview_of(client, FENJIE_FILE), "import-discard")
    kept = RosterImport.objects.get()
    assert (kept.state, kept.content, Staff.objects.count()) == ("discarded", "", 0)
    assert "这份文件已经删除" in text(client.get(reverse("roster:import-preview", args=[kept.pk])))


# ── what the cells show ──────────────────────────────────────────────────────


def cell(shown, number, field):
    row = next(row for row in shown.context["rows"] if row.number == number)
    return next(cell for cell in [row.name, *row.cells, row.post] if cell.field == field)


def test_good_cells_are_masked_even_for_the_uploader(admin, client_of):
    shown = preview_of(client_of(admin), FENJIE_FILE)
    page = shown.content.decode()
    assert (cell(shown, 5, "id_number").text, cell(shown, 5, "phone").text) == ("445381********7433", "138****2582")
    assert "445381197910027433" not in page
    assert "13815032582" not in page


def test_wrong_cells_are_clear_for_the_uploader_alone(officer_of_taiping, admin, client_of):
    data = roster(person(1, 身份证号码="445381197109143151", 联系电话="13800"))
    shown = preview_of(client_of(officer_of_taiping), data, town=TAIPING)
    assert [cell(shown, 4, field).text for field in ("id_number", "phone")] == ["445381197109143151", "13800"]
    seen = client_of(admin).get(reverse("roster:import-preview", args=[shown.context["kept"].pk]))
    assert [cell(seen, 4, field).text for field in ("id_number", "phone")] == ["*" * 18, "*" * 5]


def test_a_double_shows_the_number_that_is_doubled(admin, client_of):
    shown = preview_of(client_of(admin), roster(person(1), person(1)), town=TAIPING)
    found = cell(shown, 5, "id_number")
    assert (found.text, found.why) == (
        person(1)["身份证号码"],
        "第 4 行已经是这个身份证号码。同一个人只写一次。",
    )


def test_changes_show_old_and_new_masked(admin, client_of):
    client = client_of(admin)
    write(client, preview_of(client, roster(person(1)), town=TAIPING))
    changed = person(1, 联系电话="13900000009", 通讯地址="罗定市太平镇太平街1号", 所在单位及职务="太平镇太平社区网格员")
    shown = preview_of(client, roster(changed), town=TAIPING)
    phone, post = cell(shown, 4, "phone"), cell(shown, 4, "post")
    assert (phone.was, phone.text) == ("138****0001", "139****0009")
    assert (post.was, post.text) == ("人民调解员", "网格员")
    assert shown.context["rows"][0].result == "更新 4 处"
    assert shown.context["rows"][0].notes == ["通讯地址：罗定市太平镇 ****，遮住的部分有改动"]


def test_a_birth_in_another_form_shows_what_was_written(admin, client_of):
    shown = preview_of(client_of(admin), roster(person(1, 出生年月="一九七一年二月")), town=TAIPING)
    assert (cell(shown, 4, "born").text, cell(shown, 4, "born").meta) == ("1971-02", "原文「一九七一年二月」")


def test_an_unclear_post_is_asked_about(admin, client_of):
    shown = preview_of(client_of(admin), roster(person(1, 所在单位及职务="太平镇 个体户")), town=TAIPING)
    assert (cell(shown, 4, "post").text, cell(shown, 4, "post").look) == ("待定岗位", "ask")
    assert cell(shown, 4, "unit_and_duty").look == ""


def test_rows_are_filtered_by_result(admin, client_of):
    client = client_of(admin)
    shown = preview_of(client, HUASHI_FILE)
    address = reverse("roster:import-preview", args=[shown.context["kept"].pk])
    assert [(key, number) for key, _, number in shown.context["filters"]] == [("", 8), ("created", 5), ("rejected", 3)]
    assert [row.number for row in client.get(address, {"show": "rejected"}).context["rows"]] == [5, 6, 8]


@pytest.mark.parametrize(
    ("row", "colour"), [({"姓名": "林文英"}, "黄"), ({"出生年月": "1985.03"}, "红"), ({"性别": "女"}, "红")]
)
def test_a_number_in_doubt_names_the_colour_of_the_other_cell(admin, client_of, row, colour):
    client = client_of(admin)
    write(client, preview_of(client, roster(person(1)), town=TAIPING))
    shown = preview_of(client, roster(person(1, **row)), town=TAIPING)
    assert cell(shown, 4, "id_number").why == f"这一格和标{colour}的那一格对不上：哪一格错就改哪一格。"


def test_rows_that_are_nobody_are_called_no_people_whatever_they_are(admin, client_of):
    data = xlsx([*table(person(1)), ["第二张表"], list(HEADER), list(person(2).values())])
    page = text(preview_of(client_of(admin), data, town=TAIPING))
    assert "第 5、6 行不是人员（标题、表头、填报单位或说明），没有当作人员" in page


def test_who_is_missing_from_the_list_is_named(admin, client_of, seat):
    seat("老队员")
    shown = preview_of(client_of(admin), roster(person(1)), town=TAIPING)
    assert "<b>名单中没有：</b>老队员。" in text(shown)


def test_many_sheets_name_the_sheet_of_each_row(admin, client_of):
    data = xlsx(table(person(1)), table(person(3)), names=["太平镇", "双东街道"])
    shown = preview_of(client_of(admin), data)
    assert [row.sheet for row in shown.context["rows"]] == ["太平镇", "双东街道"]


# ── refusals ─────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("data", "name", "sentence"),
    [
        (b"PK\x03\x04broken", "a.xlsx", "文件损坏或没有传完整，打不开。"),
        (b"<html><table></table></html>", "a.xls", "这是网页，不是表格"),
        (xlsx([["随便"]]), "a.xlsx", "没有找到表头"),
        (b"", "a.xlsx", "文件是空的"),
    ],
    ids=["broken", "html", "no header", "empty"],
)
def test_an_unusable_file_is_refused_at_its_field_and_not_kept(admin, client_of, data, name, sentence):
    answer = send(client_of(admin), data, name=name)
    assert answer.status_code == 422
    assert sentence in "".join(answer.context["form"].errors["file"])
    assert RosterImport.objects.count() == 0


@pytest.mark.parametrize(
    ("data", "name", "sentence"),
    [
        (with_a_picture(), "a.xlsx", "名单像是图片，图片里的字读不出来，请录成文字。"),
        (
            "姓名,身份證號碼,所在單位".encode("big5"),
            "a.csv",
            "文件里没有找到表头（姓名、所在单位及职务、身份证号码……）。"
            "表头看着都在的话，是文字编码不对：请用 Excel 或 WPS 打开它，另存为 .xlsx 再上传。",
        ),
        (
            "姓名,电话,职务\n测一,1,x".encode(),
            "a.csv",
            "文件里第 1 行是表头，但没有「身份证号码」这一列。"
            "请补上附件十列的表头：序号、姓名、出生年月……备注，顺序不限。",
        ),
    ],
    ids=["picture", "garbled", "no column"],
)
def test_a_list_without_a_header_is_refused_with_the_one_thing_to_do(admin, client_of, data, name, sentence):
    answer = send(client_of(admin), data, name=name)
    assert answer.context["form"].errors["file"] == [sentence]


def test_without_a_file_the_form_says_so(admin, client_of):
    answer = client_of(admin).post(reverse("roster:import"), {})
    assert (answer.status_code, answer.context["form"].errors["file"]) == (422, ["请选择名单文件。"])


# ── who ──────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    "who", ["mediator_of_taiping", "judges_assistant", "reviewing_judge", "committee_officer", "auditor"]
)
def test_who_may_not_import_is_told_403(who, cast, client_of):
    assert client_of(cast[who]).get(reverse("roster:import")).status_code == 403


def test_an_officer_is_offered_their_own_town_only(officer_of_taiping, client_of):
    form = client_of(officer_of_taiping).get(reverse("roster:import")).context["form"]
    assert form.fields["town"].choices == [(TAIPING, "太平镇")]


def test_an_officer_is_told_where_the_people_go_and_others_when_to_choose(officer_of_taiping, admin, client_of):
    pages = [text(client_of(user).get(reverse("roster:import"))) for user in (officer_of_taiping, admin)]
    assert ["名单里的人都登记在这个镇（街）" in page for page in pages] == [True, False]
    assert ["不用选" in page for page in pages] == [False, True]


def test_an_officer_cannot_name_another_town(officer_of_taiping, client_of):
    answer = send(client_of(officer_of_taiping), roster(person(1)), town=SHUANGDONG)
    assert (answer.status_code, RosterImport.objects.count()) == (422, 0)


def test_somebody_elses_upload_is_not_there(admin, officer_of_taiping, client_of):
    shown = preview_of(client_of(admin), FENJIE_FILE)
    client = client_of(officer_of_taiping)
    answers = [
        client.get(reverse("roster:import-preview", args=[shown.context["kept"].pk])),
        press(client, shown, "import-settle", town=TAIPING, since="2023-09-20"),
        write(client, shown),
        press(client, shown, "import-discard"),
    ]
    assert [answer.status_code for answer in answers] == [404] * 4
    assert Staff.objects.count() == 0


@pytest.mark.parametrize("name", ["import-settle", "import-apply", "import-discard"])
def test_no_get_changes_anything(name, admin, client_of):
    client = client_of(admin)
    shown = preview_of(client, FENJIE_FILE)
    assert client.get(reverse(f"roster:{name}", args=[shown.context["kept"].pk])).status_code == 405


@pytest.mark.parametrize("people", [1, 3, 300])
def test_the_preview_takes_the_same_queries_for_one_row_for_three_and_for_three_hundred(
    admin, client_of, django_assert_num_queries, people
):
    client = client_of(admin)
    kept = preview_of(client, roster(*[person(number) for number in range(1, people + 1)]), town=TAIPING).context[
        "kept"
    ]
    with django_assert_num_queries(13):
        client.get(reverse("roster:import-preview", args=[kept.pk]))
