"""A person's facts corrected: what the page masked is kept, a stale page loses nothing and shows both versions."""

from datetime import date

import pytest
from django.urls import reverse

from core.errors import NotAllowed
from core.models import AuditEntry
from roster import queries
from roster.actions.staff import update_staff
from roster.annex.facts import StaffFacts
from roster.models import Staff
from tests.conftest import SHUANGDONG, TAIPING
from tests.roster.workbooks import id_number

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("divisions", "_clock")]
NUMBER, OTHER_NUMBER = id_number("19720721", 160), id_number("19800305", 11)


@pytest.fixture
def staff(seat) -> Staff:
    person = seat("林文英", mediator_kind="grid_worker").staff
    person.id_number, person.phone, person.sex, person.born = NUMBER, "13881924865", "female", "1972-07"
    person.registered_address = person.contact_address = "罗定市太平镇太平街1号"
    person.note = f"原身份证 {OTHER_NUMBER} 已注销"
    person.save()
    return person


def page(client, staff: Staff) -> dict[str, str]:
    """What the form shows, as it would be sent back untouched."""
    form = client.get(reverse("roster:person-edit", args=[staff.pk])).context["form"]
    return {name: str(form[name].value() or "") for name in form.fields}


def send(client, staff: Staff, data: dict[str, str]):
    return client.post(reverse("roster:person-edit", args=[staff.pk]), data)


def test_the_form_shows_masks_and_no_number(admin, client_of, staff):
    answer = client_of(admin).get(reverse("roster:person-edit", args=[staff.pk])).content.decode()
    assert all(words in answer for words in (f"{NUMBER[:6]}********{NUMBER[-4:]}", "138****4865", "罗定市太平镇 ****"))
    assert not any(number in answer for number in (NUMBER, OTHER_NUMBER, "13881924865", "太平街1号"))


def test_a_form_sent_back_untouched_changes_nothing(admin, client_of, staff):
    client = client_of(admin)
    before = queries.facts_of(staff)
    assert send(client, staff, page(client, staff)).status_code == 302
    staff.refresh_from_db()
    assert (queries.facts_of(staff), staff.version, AuditEntry.objects.filter(action="staff.update").count()) == (
        before,
        1,
        0,
    )


def test_what_was_changed_is_kept_and_the_rest_stays_and_is_found_anew(admin, client_of, staff):
    client = client_of(admin)
    typed = page(client, staff) | {"phone": "139 0000 1234 / 0766-3811122", "note": "", "name": "林 文 瑛"}
    assert send(client, staff, typed).status_code == 302
    staff = Staff.objects.get()
    assert (staff.name, staff.phone, staff.note, staff.id_number) == ("林文瑛", "13900001234、0766-3811122", "", NUMBER)
    assert (staff.name_initials, staff.version) == ("lwy", 2)
    found = [list(queries.people(admin, date(2023, 9, 20), search=tail)) for tail in ("1234", "1122", "4865")]
    assert found == [[staff], [staff], []]
    assert sorted(AuditEntry.objects.get(action="staff.update").detail["fields"]) == ["name", "note", "phone"]


def test_a_mobile_number_of_somebody_else_is_saved_and_told(officer_of_taiping, client_of, staff, seat):
    """Of people the viewer may see, once it is changed; an office's number is many people's."""
    here, there = seat("陈家兴").staff, seat("外镇人", town=SHUANGDONG).staff
    for other in (here, there):
        other.phone = "13900001234、0766-3811122"
        other.save()
    client, told = client_of(officer_of_taiping), []
    for change in ({"phone": "0766-3811122"}, {"phone": "13900001234"}, {"note": "改了别的"}):
        answer = client.post(reverse("roster:person-edit", args=[staff.pk]), page(client, staff) | change, follow=True)
        told.append([str(message) for message in answer.context["messages"] if message.level_tag == "warning"])
    assert told == [[], ["陈家兴登记的也是这个手机号码。一家人合用的不用改，写错了的请再更正。"], []]
    assert Staff.objects.get(pk=staff.pk).phone == "13900001234"


def test_a_number_masked_inside_a_text_comes_back_when_the_text_is_changed(admin, client_of, staff):
    client = client_of(admin)
    typed = page(client, staff)
    typed["note"] = typed["note"].replace("已注销", "已作废")
    send(client, staff, typed)
    assert Staff.objects.get().note == f"原身份证 {OTHER_NUMBER} 已作废"


def test_a_note_that_its_number_makes_too_long_is_refused_at_its_field(admin, client_of, staff):
    Staff.objects.update(note="旧号 138 0000 6072")
    client = client_of(admin)
    typed = page(client, staff)
    answer = send(client, staff, typed | {"note": typed["note"].ljust(2000, "字")})
    assert answer.status_code == 422
    assert answer.context["form"].errors == {"note": ["遮住的号码写全后有 2002 个字，最多 2000 个。请缩短。"]}
    assert Staff.objects.get().note == "旧号 138 0000 6072"


@pytest.mark.parametrize(
    ("change", "field", "words"),
    [
        ({"name": ""}, "name", "请填写姓名。"),
        ({"id_number": "445381********9999"}, "id_number", "带 * 的不能保存。"),
        ({"id_number": "44538119720721160"}, "id_number", "有 17 位，应是 18 位"),
        ({"id_number": OTHER_NUMBER}, "born", "与身份证号码不一致：号码里是 1980-03"),
        ({"phone": "12345"}, "phone", "有 5 位数字。"),
        ({"born": "正月"}, "born", "认不出这个日期。"),
        ({"sex": "male"}, "sex", "与身份证号码不一致：号码里是女"),
        ({"contact_address": "罗定市双东街道 ****"}, "contact_address", "带 * 的不能保存。"),
    ],
    ids=["no name", "another mask", "a digit short", "another's birth", "no phone", "lunar", "sex", "address"],
)
def test_wrong_input_stands_at_its_field_and_nothing_is_saved(admin, client_of, staff, change, field, words):
    client = client_of(admin)
    answer = send(client, staff, page(client, staff) | change)
    assert (answer.status_code, answer.context["form"].errors[field][0].startswith(words)) == (422, True)
    assert Staff.objects.get().version == 1


def test_somebody_elses_identity_number_is_refused_and_kept_on_the_page(admin, client_of, staff, seat):
    other = seat("黎桂生").staff
    other.id_number = OTHER_NUMBER
    other.save()
    client = client_of(admin)
    typed = page(client, staff) | {"id_number": OTHER_NUMBER, "born": "", "sex": ""}
    answer = send(client, staff, typed)
    assert (answer.status_code, list(answer.context["form"].errors)) == (422, ["id_number"])


# ── two at once ──────────────────────────────────────────────────────────────
def test_a_stale_page_shows_both_versions_and_can_be_saved_over(admin, client_of, staff):
    client = client_of(admin)
    stale = page(client, staff) | {"unit_and_duty": "太平镇综治中心 网格员"}
    now = queries.facts_of(staff).as_dict() | {"phone": "13700007777", "unit_and_duty": "太平镇司法所"}
    update_staff(staff_id=staff.pk, version=1, facts=StaffFacts(**now), by=admin)

    answer = send(client, staff, stale)

    assert answer.status_code == 409
    assert answer.context["both"] == [("所在单位及职务", "太平镇司法所", "太平镇综治中心 网格员")]
    assert Staff.objects.get().unit_and_duty == "太平镇司法所"
    form = answer.context["form"]
    again = {name: str(form[name].value() or "") for name in form.fields}
    assert send(client, staff, again).status_code == 302
    saved = Staff.objects.get()
    assert (saved.unit_and_duty, saved.phone, saved.id_number) == ("太平镇综治中心 网格员", "13700007777", NUMBER)


# ── who may ──────────────────────────────────────────────────────────────────
def test_an_officer_corrects_the_towns_own_people_and_not_who_serves_elsewhere_too(
    officer_of_taiping, client_of, staff, seat
):
    client = client_of(officer_of_taiping)
    shared = seat("苏明远", "judge").staff
    seat("苏明远", "judge", SHUANGDONG, staff=shared)
    own, of_both = (client.get(reverse("roster:person-edit", args=[one.pk])).status_code for one in (staff, shared))
    assert (own, of_both) == (200, 403)
    with pytest.raises(NotAllowed):
        update_staff(staff_id=shared.pk, version=1, facts=queries.facts_of(shared), by=officer_of_taiping)


def test_the_clerk_corrects_the_courts_people_alone(court_clerk, client_of, staff, seat):
    judge = seat("苏明远", "judge", TAIPING).staff
    client = client_of(court_clerk)
    found = [client.get(reverse("roster:person-edit", args=[one.pk])).status_code for one in (judge, staff)]
    assert found == [200, 404]


def test_a_search_by_a_number_is_written_down_without_the_number(officer_of_taiping, client_of, staff):
    client = client_of(officer_of_taiping)
    for text in ("4865", "13881924865", "林文英"):
        client.post(reverse("roster:search"), {"q": text})
    rows = AuditEntry.objects.filter(action="roster.number_search").order_by("seq")
    assert [(row.actor, row.detail) for row in rows] == [
        (officer_of_taiping, {"how": "tail"}),
        (officer_of_taiping, {"how": "whole"}),
    ]
