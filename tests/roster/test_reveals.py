"""One clear fact of a person: for whom, for what reason, how often; and what the person learns of it."""

import re
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from core.actions import audit
from core.errors import NotAllowed, Refused
from core.models import AuditEntry
from roster.actions.staff import reveal_fact
from roster.models import Staff, TeamMembership
from tests.conftest import SHUANGDONG, TAIPING

pytestmark = pytest.mark.django_db
FACTS = {
    "id_number": "445381196803121235",
    "phone": "13800006072",
    "registered_address": "罗定市太平镇石牌村三组12号",
    "contact_address": "罗定市太平镇人民路3号",
}


@pytest.fixture
def staff(seat) -> Staff:
    person = seat("黎桂生").staff
    for name, value in FACTS.items():
        setattr(person, name, value)
    person.save()
    return person


def show(client, staff: Staff, *, htmx: bool = False, **sent: str):
    headers = {"HX-Request": "true"} if htmx else {}
    return client.post(reverse("roster:reveal", args=[staff.pk]), sent, headers=headers)


# ── for whom ─────────────────────────────────────────────────────────────────
@pytest.mark.parametrize("field", FACTS)
@pytest.mark.parametrize("who", ["admin", "officer_of_taiping"])
def test_each_fact_is_shown_after_the_reason_is_written_down(staff, cast, field, who):
    assert reveal_fact(staff_id=staff.pk, field=field, reason="核对身份", by=cast[who]) == FACTS[field]
    entry = AuditEntry.objects.get(action="staff.reveal")
    assert (entry.subject_id, entry.division_code, entry.detail) == (
        str(staff.pk), TAIPING, {"field": field, "reason": "核对身份"},
    )  # fmt: skip
    assert FACTS[field] not in repr(entry.detail)


@pytest.mark.parametrize(
    "who", ["justice_officer", "committee_officer", "court_clerk", "reviewing_judge", "mediator_of_taiping", "auditor"]
)
def test_nobody_else_is_shown_anything(staff, cast, who):
    with pytest.raises(NotAllowed):
        reveal_fact(staff_id=staff.pk, field="phone", reason="想看", by=cast[who])
    assert AuditEntry.objects.filter(action="staff.reveal").count() == 0


def test_an_officer_of_another_town_does_not_find_the_person(staff, client_of, make_user):
    other = make_user("officer_of_shuangdong", "officer", SHUANGDONG)

    assert show(client_of(other), staff, field="phone", reason="联系本人").status_code == 404
    with pytest.raises(NotAllowed):
        reveal_fact(staff_id=staff.pk, field="phone", reason="联系本人", by=other)


@pytest.mark.parametrize(
    ("sent", "field"),
    [
        ({"field": "phone", "reason": "  "}, "reason"),
        ({"field": "note", "reason": "想看"}, "field"),
        ({"field": "user_id", "reason": "想看"}, "field"),
    ],
)
def test_nothing_is_shown_without_a_reason_or_beyond_the_four_facts(staff, admin, sent, field):
    with pytest.raises(Refused) as refused:
        reveal_fact(staff_id=staff.pk, by=admin, **sent)
    assert (refused.value.field, AuditEntry.objects.count()) == (field, 0)


def test_the_days_limit_counts_reveals_of_every_kind(staff, admin, settings):
    settings.REVEALS_A_DAY = 2
    audit.record("party.reveal", by=admin, subject=staff)
    reveal_fact(staff_id=staff.pk, field="phone", reason="联系本人", by=admin)

    with pytest.raises(Refused, match="今天已经查看 2 次"):
        reveal_fact(staff_id=staff.pk, field="phone", reason="联系本人", by=admin)


# ── on the page ──────────────────────────────────────────────────────────────
def test_htmx_gets_the_fact_in_place_and_no_browser_keeps_it(staff, client_of, admin):
    answer = show(client_of(admin), staff, htmx=True, field="phone", reason="联系本人")

    assert ('href="tel:13800006072"' in answer.content.decode(), "<html" in answer.content.decode()) == (True, False)
    assert "no-store" in answer["Cache-Control"]


def test_without_javascript_it_is_a_page_of_its_own(staff, client_of, admin):
    page = show(client_of(admin), staff, field="id_number", reason="核对身份").content.decode()

    assert (FACTS["id_number"] in page, reverse("roster:person", args=[staff.pk]) in page) == (True, True)


@pytest.mark.parametrize("reason", ["x", "111"])
def test_a_reason_that_says_nothing_shows_nothing(staff, client_of, admin, reason):
    answer = show(client_of(admin), staff, htmx=True, field="phone", reason=reason)

    assert (answer.status_code, "这样写看不出来" in answer.content.decode()) == (422, True)
    assert "13800006072" not in answer.content.decode()


@pytest.mark.parametrize("htmx", [True, False], ids=["in place", "page"])
def test_a_reason_that_will_not_do_comes_back_in_its_form(staff, client_of, admin, htmx):
    answer = show(client_of(admin), staff, htmx=htmx, field="registered_address", reason='""')
    page, box = answer.content.decode(), f"why-registered_address-{staff.pk}"
    assert f'action="{reverse("roster:reveal", args=[staff.pk])}"' in page
    assert '<input type="hidden" name="field" value="registered_address">' in page
    assert re.search(f'<input [^>]*id="{box}"[^>]* value="&quot;&quot;" aria-invalid="true" aria-describedby=', page)
    assert (answer.status_code, answer.headers.get("HX-Retarget")) == (422, "this" if htmx else None)


def test_past_the_days_limit_the_reason_comes_back(staff, client_of, admin, settings):
    settings.REVEALS_A_DAY = 0
    page = show(client_of(admin), staff, htmx=True, field="phone", reason="联系本人").content.decode()
    assert ("到了每天的上限" in page, 'value="联系本人"' in page) == (True, True)


def test_what_is_no_fact_gets_no_form(staff, client_of, admin):
    page = show(client_of(admin), staff, htmx=True, field="note", reason="想看").content.decode()
    assert ("没有这一项" in page, "<form" in page) == (True, False)


def test_lists_of_others_and_of_other_days_are_not_told_of(own, admin, seat, staff):
    for what in ("court", "bureau", "county"):
        entry = audit.record("roster.export", by=admin, detail={"masked": False, "what": what, "reason": what})
        AuditEntry.objects.filter(pk=entry.pk).update(subject_label="roster.rosterexport")

    assert [reason for _, _, reason in rows(own)] == ["county"]
    terms, tomorrow = TeamMembership.objects.filter(staff=staff), timezone.now() + timedelta(days=1)
    terms.update(role="judge", mediator_kind="")
    assert [reason for _, _, reason in rows(own)] == ["county", "court"]
    terms.update(recorded_at=tomorrow)
    assert [reason for _, _, reason in rows(own)] == ["county"], "who has no seat yet stands in the county's list too"
    Staff.objects.filter(pk=staff.pk).update(created_at=tomorrow)
    assert rows(own) == []


def test_a_missing_reason_is_said_in_place(staff, client_of, admin):
    answer = show(client_of(admin), staff, htmx=True, field="phone", reason="")

    assert (answer.status_code, "请写明为什么要看。" in answer.content.decode()) == (422, True)


def test_the_persons_page_offers_it_to_those_who_may_and_shows_masks_to_all(staff, client_of, cast):
    offered = {}
    for who in ("admin", "officer_of_taiping", "justice_officer", "committee_officer"):
        page = client_of(cast[who]).get(reverse("roster:person", args=[staff.pk])).content.decode()
        offered[who] = reverse("roster:reveal", args=[staff.pk]) in page
        assert [value for value in FACTS.values() if value in page] == []

    assert offered == {"admin": True, "officer_of_taiping": True, "justice_officer": False, "committee_officer": False}


# ── who looked ───────────────────────────────────────────────────────────────
@pytest.fixture
def own(staff, client_of, mediator_of_taiping):
    """The browser of the person whose facts were looked at."""
    staff.user = mediator_of_taiping
    staff.save()
    return client_of(mediator_of_taiping)


def rows(client) -> list[tuple[str, str, str]]:
    return [
        (row.action, row.actor_role, row.detail["reason"]) for row in client.get("/roster/own/").context["page"].rows
    ]


def test_a_person_sees_what_was_shown_of_them_to_which_role_and_why(own, staff, admin, officer_of_taiping):
    reveal_fact(staff_id=staff.pk, field="phone", reason="联系本人", by=officer_of_taiping)
    reveal_fact(staff_id=staff.pk, field="id_number", reason="更正资料", by=admin)

    assert rows(own) == [("staff.reveal", "admin", "更正资料"), ("staff.reveal", "officer", "联系本人")]
    page = own.get("/roster/own/").content.decode()
    assert ("身份证号码" in page, "联络人员" in page, officer_of_taiping.name in page) == (True, True, False)


def test_lists_taken_out_in_clear_are_there_and_masked_ones_and_those_of_other_towns_are_not(own, admin):
    for town, masked in ((TAIPING, False), (TAIPING, True), (SHUANGDONG, False), ("", False)):
        entry = audit.record(
            "roster.export",
            by=admin,
            division_code=town,
            detail={"masked": masked, "what": "town" if town else "county", "reason": f"{town}{masked}"},
        )
        AuditEntry.objects.filter(pk=entry.pk).update(subject_label="roster.rosterexport")

    assert [reason for _, _, reason in rows(own)] == ["False", f"{TAIPING}False"]


def test_what_was_shown_of_others_is_not_there(own, seat, admin):
    other = seat("林文英").staff
    other.phone = "13900000000"
    other.save()
    reveal_fact(staff_id=other.pk, field="phone", reason="联系本人", by=admin)

    assert rows(own) == []
    assert "还没有人看过" in own.get("/roster/own/").content.decode()


def test_an_admin_in_the_roster_reads_the_names(staff, client_of, admin):
    reveal_fact(staff_id=staff.pk, field="phone", reason="联系本人", by=admin)
    staff.user = admin
    staff.save()

    assert admin.name in client_of(admin).get("/roster/own/").content.decode()


@pytest.mark.parametrize("count", [1, 3])
def test_the_log_asks_the_same_number_of_questions(own, staff, admin, count, django_assert_num_queries):
    for _ in range(count):
        reveal_fact(staff_id=staff.pk, field="phone", reason="联系本人", by=admin)
    own.get("/roster/own/")

    with django_assert_num_queries(8):
        own.get("/roster/own/")


def test_the_account_page_leads_there_only_for_people_of_the_roster(own, client_of, court_clerk):
    assert "/roster/own/" in own.get("/account/").content.decode()
    assert "/roster/own/" not in client_of(court_clerk).get("/account/").content.decode()
