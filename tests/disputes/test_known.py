"""Whether a dispute is registered already: said while filling, asked once on saving."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from core.models import AuditEntry
from disputes.actions.intake import PossiblyKnown, register_dispute
from disputes.choices import Outcome
from disputes.models import Dispute
from tests.disputes.conftest import APPLICANT, ID_OF_SHEN, RESPONDENT, STORY, TODAY, a_village

URL, KNOWN = "/disputes/new/", "/disputes/known/"
OUTSIDE = "外镇可能有同一纠纷，请联系县级。"
KEY = "7a1f6f64-3a51-4a1a-9f53-0d6f7e0a2d11"
NAMED = (replace(APPLICANT, phone="13900007777", id_number=""), replace(RESPONDENT, name="谢水生"))


@pytest.fixture
def typed(village) -> dict[str, str]:
    return {
        "idempotency_key": KEY,
        "narrative": STORY,
        "village": village.code,
        "source": "visit",
        "registered_on": "2023-09-20",
        "case_type": "private_loan",
        "parties-TOTAL_FORMS": "2",
        "parties-INITIAL_FORMS": "0",
        "parties-0-side": "applicant",
        "parties-0-kind": "person",
        "parties-0-name": "沈水旺",
        "parties-0-phone": "138 0000 6072",
        "parties-0-id_number": ID_OF_SHEN,
        "parties-1-side": "respondent",
        "parties-1-kind": "person",
    }


@pytest.fixture
def page(client_of, mediator_of_taiping, tables):
    return client_of(mediator_of_taiping)


def html_of(answer) -> str:
    return answer.content.decode()


# ── while the form is filled ─────────────────────────────────────────────────
def test_a_known_number_is_said_with_a_link_state_and_handler(page, register, mediator_of_taiping, typed):
    old = register(mediator_of_taiping)

    html = html_of(page.post(KNOWN, typed | {"parties-0-phone": ""}))

    assert f'href="{old.get_absolute_url()}"' in html
    assert old.get_state_display() in html
    assert "承办人 黎桂生" in html
    assert OUTSIDE not in html


MATCHES = {
    "identity number": ({"parties-0-phone": "", "parties-0-name": "改了名"}, True),
    "telephone": ({"parties-0-id_number": "", "parties-0-name": "改了名"}, True),
    "name, village and type": ({"parties-0-id_number": "", "parties-0-phone": ""}, True),
    "name in another type": ({"parties-0-id_number": "", "parties-0-phone": "", "case_type": "tenancy"}, False),
    "a stranger": ({"parties-0-id_number": "", "parties-0-phone": "", "parties-0-name": "黄亚九"}, False),
}


@pytest.mark.parametrize(("changes", "is_said"), MATCHES.values(), ids=MATCHES)
def test_what_makes_a_dispute_likely_the_same(changes, is_said, page, register, mediator_of_taiping, typed):
    register(mediator_of_taiping)

    assert ("可能已经登记过" in html_of(page.post(KNOWN, typed | changes))) is is_said


def test_a_name_in_another_village_says_nothing(page, register, mediator_of_taiping, typed, divisions):
    register(mediator_of_taiping, parties=NAMED)
    other = max(code for code, row in divisions.items() if row.parent_id == "445381101")

    assert "可能" not in html_of(page.post(KNOWN, typed | {"village": other}))


DAYS = {"180 days": (180, True), "181 days": (181, False)}


@pytest.mark.parametrize(("days", "is_said"), DAYS.values(), ids=DAYS)
def test_a_closed_dispute_is_remembered_for_180_days(days, is_said, page, register, mediator_of_taiping, typed):
    old = register(mediator_of_taiping, on=TODAY - timedelta(days=days))
    Dispute.objects.filter(pk=old.pk).update(state="failed", outcome=Outcome.FAILED, closed_on=TODAY)

    assert ("可能已经登记过" in html_of(page.post(KNOWN, typed))) is is_said


def test_an_open_dispute_of_the_same_number_is_never_too_old(page, register, mediator_of_taiping, typed):
    register(mediator_of_taiping, on=date(2021, 3, 1))

    assert "可能已经登记过" in html_of(page.post(KNOWN, typed))


def test_half_a_form_is_no_mistake(page, register, mediator_of_taiping):
    assert html_of(page.post(KNOWN, {})).strip() == ""
    assert html_of(page.post(KNOWN, {"parties-TOTAL_FORMS": "x", "village": "’"})).strip() == ""


# ── beyond the scope ─────────────────────────────────────────────────────────
def test_of_another_town_nothing_is_said_but_to_ask_the_county(page, register, mediator_of_shuangdong, typed):
    other = register(mediator_of_shuangdong)

    html = html_of(page.post(KNOWN, typed))

    assert OUTSIDE in html
    for secret in (other.code, "双东", other.title, "梁伯坚", "/disputes/"):
        assert secret not in html


def test_whether_another_town_has_it_costs_no_query_more(page, register, mediator_of_shuangdong, typed):
    with CaptureQueriesContext(connection) as without:
        page.post(KNOWN, typed)
    register(mediator_of_shuangdong)
    with CaptureQueriesContext(connection) as with_it:
        page.post(KNOWN, typed)

    assert len(with_it) == len(without)


def test_the_trail_of_a_town_does_not_tell_of_another(page, register, mediator_of_shuangdong, typed):
    other = register(mediator_of_shuangdong)
    mark = page.post(URL, typed).context["likely"].mark
    page.post(URL, typed | {"known": mark})

    entry = AuditEntry.objects.filter(action="dispute.register").latest("pk")
    assert "besides" not in entry.detail
    assert other.code not in str(entry.detail)


# ── on saving ────────────────────────────────────────────────────────────────
def test_saving_asks_once_and_the_second_press_registers(page, register, mediator_of_taiping, typed):
    old = register(mediator_of_taiping)

    asked = page.post(URL, typed)
    saved = page.post(URL, typed | {"known": asked.context["likely"].mark})

    assert (asked.status_code, saved.status_code) == (422, 302)
    assert "知道了，仍然登记" in html_of(asked)
    assert 'value="沈水旺"' in html_of(asked)
    assert Dispute.objects.count() == 2
    assert AuditEntry.objects.filter(action="dispute.register").latest("pk").detail["besides"] == [old.code]


def test_asking_saves_nothing(page, register, mediator_of_taiping, typed):
    register(mediator_of_taiping)
    before = AuditEntry.objects.count()

    page.post(URL, typed)

    assert (Dispute.objects.count(), AuditEntry.objects.count()) == (1, before)


def test_a_form_sent_twice_after_the_answer_makes_one_dispute_and_is_not_asked_again(
    page, register, mediator_of_taiping, typed
):
    register(mediator_of_taiping)
    mark = page.post(URL, typed).context["likely"].mark

    first, second = page.post(URL, typed | {"known": mark}), page.post(URL, typed)

    assert first["Location"] == second["Location"]
    assert Dispute.objects.count() == 2


def test_what_was_not_seen_is_asked_anew(page, register, mediator_of_taiping, typed):
    register(mediator_of_taiping)
    mark = page.post(URL, typed).context["likely"].mark
    register(mediator_of_taiping)

    assert page.post(URL, typed | {"known": mark}).status_code == 422


def test_the_question_names_what_it_found(register, mediator_of_taiping, divisions, told):
    register(mediator_of_taiping)
    with pytest.raises(PossiblyKnown, match="可能已经登记过"):
        register_dispute(
            data=replace(told, village=a_village(divisions, "445381101")),
            by=mediator_of_taiping,
            registered_on=TODAY,
            known="",
        )


def test_registering_all_the_same_stays_within_sixteen_queries(page, register, mediator_of_taiping, typed):
    register(mediator_of_taiping)
    mark = page.post(URL, typed).context["likely"].mark

    with CaptureQueriesContext(connection) as asked:
        page.post(URL, typed | {"known": mark})

    marks = ("SAVEPOINT", "RELEASE")
    assert len([one for one in asked.captured_queries if not one["sql"].startswith(marks)]) <= 16


# ── a page gone back to after registering ────────────────────────────────────
def test_a_form_that_was_registered_says_so_with_its_dispute_instead_of_the_duplicate(page, typed):
    page.post(URL, typed)
    dispute = Dispute.objects.get()

    html = html_of(page.post(KNOWN, typed | {"again": "1"}))

    assert f'这一份已经登记，编号 <a href="{dispute.get_absolute_url()}">{dispute.code}</a>' in html
    assert "可能已经登记过" not in html
    assert f'id="send" href="{dispute.get_absolute_url()}" hx-swap-oob="true"' in html


def test_a_form_that_was_not_registered_keeps_its_question_when_gone_back_to(
    page, register, mediator_of_taiping, typed
):
    register(mediator_of_taiping)

    answer = page.post(KNOWN, typed | {"again": "1"})

    assert (answer.status_code, html_of(answer)) == (204, "")


def test_another_persons_form_of_the_same_key_is_not_told(page, typed, client_of, officer_of_taiping):
    page.post(URL, typed)

    assert "这一份已经登记" not in html_of(client_of(officer_of_taiping).post(KNOWN, typed))


def test_the_address_of_a_draft_that_was_registered_names_its_dispute(page, typed, client_of, officer_of_taiping):
    where = page.post("/disputes/draft/", typed, headers={"HX-Request": "true"})["HX-Replace-Url"]
    page.post(URL, typed | {"drafted": "1"})
    dispute = Dispute.objects.get()

    mine, theirs = html_of(page.get(where)), html_of(client_of(officer_of_taiping).get(where))

    assert f'那一份已经登记，编号 <a href="{dispute.get_absolute_url()}">{dispute.code}</a>' in mine
    assert (STORY in mine, "那一份已经登记或者删掉了" in mine, dispute.code in theirs) == (False, False, False)
