"""Who acts for a party and who stands beside them: capacity by age and by note, agents, helpers, the notice given."""

import re
from dataclasses import replace
from datetime import date

import pytest
from django.db import IntegrityError, transaction

from core.errors import Refused
from core.models import AuditEntry
from disputes import standing
from disputes.actions.parties import PartyData, update_party
from disputes.choices import Capacity, Side
from disputes.models import Dispute, Party
from tests.disputes.conftest import APPLICANT, NOW, RESPONDENT, STORY, TODAY
from tests.roster import workbooks

URL, KNOWN = "/disputes/new/", "/disputes/known/"
ID_OF_CHILD = workbooks.id_number("20100305", 31)
EIGHTEEN = date(2005, 9, 20)
CREDIT_CODE = "91445381MA4UQ12344"


# ── the rule ─────────────────────────────────────────────────────────────────
AGES = {
    "seven, a day before eight": (date(2015, 9, 21), "", True),
    "a day before eighteen": (date(2005, 9, 21), "", True),
    "eighteen today": (EIGHTEEN, "", False),
    "sixteen and living by own work": (date(2007, 1, 1), Capacity.FULL, False),
    "grown up without discernment": (date(1950, 1, 1), Capacity.NONE, True),
    "nothing known": (None, "", False),
}


@pytest.mark.parametrize(("born", "capacity", "needs"), AGES.values(), ids=AGES)
def test_who_needs_a_guardian(born, capacity, needs):
    assert standing.needs_guardian("person", capacity, born, TODAY) is needs


def test_an_organisation_never_needs_one():
    assert not standing.needs_guardian("organisation", Capacity.NONE, date(2020, 1, 1), TODAY)


def test_the_reason_names_age_and_capacity():
    assert standing.why_guardian("", date(2015, 9, 21), TODAY) == "7 周岁，无民事行为能力"
    assert standing.why_guardian("", date(2015, 9, 20), TODAY) == "8 周岁，限制民事行为能力"
    assert standing.why_guardian(Capacity.NONE, None, TODAY) == "无民事行为能力"


NAMELESS = {
    "guardian": ({"guardian_phone": "13800001111"}, "guardian_name"),
    "agent": ({"agent_kind": "entrusted"}, "agent_name"),
    "helper": ({"read_aloud": True}, "assisted_by"),
    "statutory agent with a power of attorney": (
        {"agent_name": "沈大", "agent_kind": "statutory", "agent_authorised": True},
        "agent_authorised",
    ),
}


@pytest.mark.parametrize(("facts", "field"), NAMELESS.values(), ids=NAMELESS)
def test_what_is_said_of_somebody_needs_their_name(facts, field):
    with pytest.raises(Refused) as refused:
        standing.check_beside(standing.Beside(**facts))
    assert refused.value.field == field


# ── stored ───────────────────────────────────────────────────────────────────
BESIDE = {
    "guardian_name": "沈大妹", "guardian_relation": "姑姑", "guardian_phone": "13800001111",
    "agent_name": "邓律师", "agent_kind": "entrusted", "agent_phone": "13900002222", "agent_authorised": True,
    "assisted_by": "沈家俊", "assisted_relation": "儿子", "assistance_agreed": True, "read_aloud": True,
}  # fmt: skip


def test_everybody_beside_a_party_is_kept_and_their_numbers_encrypted(register, mediator_of_taiping):
    register(mediator_of_taiping, parties=(replace(APPLICANT, **BESIDE, capacity="limited"), RESPONDENT))
    party = Party.objects.get(side=Side.APPLICANT)
    assert {name: getattr(party, name) for name in BESIDE} == BESIDE
    raw = Party.objects.filter(pk=party.pk).values_list("agent_phone", "guardian_phone").get()
    assert all(str(value) == "（已加密）" for value in raw)


def test_the_notice_says_who_gave_it_when_and_how(register, mediator_of_taiping):
    dispute = register(mediator_of_taiping, informed_how="written")
    told = dispute.parties.get(side=Side.APPLICANT)
    assert (told.notice_accepted_at, told.notice_given_by, told.notice_how) == (NOW, mediator_of_taiping, "written")
    assert dispute.parties.get(side=Side.RESPONDENT).notice_how == ""


def test_an_agent_taken_out_takes_the_telephone_along_and_an_empty_number_keeps_it(register, mediator_of_taiping):
    dispute = register(mediator_of_taiping, parties=(replace(APPLICANT, **BESIDE), RESPONDENT))
    party = dispute.parties.get(side=Side.APPLICANT)
    kept = replace(APPLICANT, **BESIDE | {"agent_phone": "", "agent_name": "何律师"})
    assert update_party(party_id=party.pk, data=kept, by=mediator_of_taiping).agent_phone == "13900002222"
    without = replace(kept, agent_name="", agent_kind="", agent_authorised=False)
    assert update_party(party_id=party.pk, data=without, by=mediator_of_taiping).agent_phone == ""
    said = str(AuditEntry.objects.filter(action="party.update").latest("pk").detail)
    assert "13800001111" not in said
    assert "138****1111" in said


def test_the_database_keeps_nobody_without_a_name(register, mediator_of_taiping):
    register(mediator_of_taiping)
    for facts in (
        {"agent_kind": "entrusted"},
        {"guardian_relation": "父亲"},
        {"read_aloud": True},
        {"notice_how": "oral"},
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            Party.objects.filter(side=Side.RESPONDENT).update(**facts)


# ── on the pages ─────────────────────────────────────────────────────────────
@pytest.fixture
def page(client_of, mediator_of_taiping, tables):
    return client_of(mediator_of_taiping)


@pytest.fixture
def typed(village) -> dict[str, str]:
    return {
        "idempotency_key": "7a1f6f64-3a51-4a1a-9f53-0d6f7e0a2d11", "narrative": STORY, "village": village.code,
        "source": "visit", "registered_on": "2023-09-20", "informed": "on", "informed_how": "phone",
        "parties-TOTAL_FORMS": "2", "parties-INITIAL_FORMS": "0", "parties-0-side": "applicant",
        "parties-0-kind": "person", "parties-0-name": "沈小明", "parties-0-phone": "13800006072",
        "parties-0-id_number": ID_OF_CHILD, "parties-1-side": "respondent", "parties-1-kind": "person",
    }  # fmt: skip


def test_a_minor_is_warned_of_while_filling_after_saving_and_on_the_page(page, typed):
    assert "沈小明：13 周岁，限制民事行为能力" in page.post(KNOWN, typed).content.decode()
    html = page.post(URL, typed, follow=True).content.decode()
    assert "沈小明没有完全民事行为能力，起草协议前要补登监护人。" in html
    assert "13 周岁，限制民事行为能力，起草协议前要有" in html


def test_with_a_guardian_nobody_warns(page, typed):
    sent = typed | {"parties-0-guardian_name": "沈大", "parties-0-guardian_relation": "父亲"}
    assert "周岁" not in page.post(KNOWN, sent).content.decode()
    html = page.post(URL, sent, follow=True).content.decode()
    assert "沈大（父亲）" in html
    assert "没有完全民事行为能力" not in html
    assert Party.objects.get(name="沈小明").notice_how == "phone"


@pytest.mark.parametrize(
    ("noted", "words"),
    [
        ({}, "沈小明由沈桂英协助，还没有记下本人同意由其协助、已读给本人听。"),
        ({"parties-0-assistance_agreed": "on"}, "沈小明由沈桂英协助，还没有记下已读给本人听。"),
        ({"parties-0-assistance_agreed": "on", "parties-0-read_aloud": "on"}, ""),
    ],
    ids=["nothing", "consent only", "all"],
)
def test_what_is_not_noted_of_a_helper_is_said_after_registering(page, typed, noted, words):
    html = page.post(URL, typed | {"parties-0-assisted_by": "沈桂英"} | noted, follow=True).content.decode()

    assert ("由沈桂英协助，还没有记下" in html, words in html) == (bool(words), True)
    assert Party.objects.get(name="沈小明").assisted_by == "沈桂英"


def test_a_statutory_agent_is_guardian_enough(page, typed):
    sent = typed | {"parties-0-agent_name": "沈大", "parties-0-agent_kind": "statutory"}
    assert "周岁" not in page.post(KNOWN, sent).content.decode()


ORGANISATIONS = {
    "good": (CREDIT_CODE, ""),
    "last digit": (CREDIT_CODE[:-1] + "5", "统一社会信用代码的最后一位校验不对。"),
    "length": (CREDIT_CODE[:-2], "统一社会信用代码是 18 位，现在有 16 位。"),
    "letter that never stands in one": ("91445381MAIUQ12345", "没有 I、O、S、V、Z"),
}


@pytest.mark.parametrize(("code", "message"), ORGANISATIONS.values(), ids=ORGANISATIONS)
def test_the_credit_code_of_an_organisation_is_checked(code, message, page, typed):
    other = {"parties-1-kind": "organisation", "parties-1-name": "罗定市某建材店", "parties-1-id_number": code}
    answer = page.post(URL, typed | other)
    assert answer.status_code == (422 if message else 302)
    assert message in answer.content.decode()


TWICE = {
    "no numbers": ({"parties-0-id_number": ""}, "parties-2-name"),
    "one number, spaced otherwise": (
        {"parties-2-id_number": f"{ID_OF_CHILD[:6]} {ID_OF_CHILD[6:]}"},
        "parties-2-id_number",
    ),
}


@pytest.mark.parametrize(("changes", "field"), TWICE.values(), ids=TWICE)
def test_a_party_added_twice_is_said_at_the_place(changes, field, page, typed):
    again = {"parties-TOTAL_FORMS": "3", "parties-2-side": "applicant", "parties-2-kind": "person"}
    html = page.post(URL, typed | again | {"parties-2-name": "沈小明"} | changes).content.decode()
    assert re.search(f'<a href="#id_{field}">[^<]*上面已经填过', html)
    assert Dispute.objects.count() == 0


def test_what_stands_in_a_folded_part_opens_it(page, typed):
    html = page.post(URL, typed | {"parties-0-agent_phone": "13900002222"}).content.decode()
    assert re.search(r'<details class="more" open><summary>代理人', html)
    assert "请写代理人的姓名。" in html


def test_the_page_of_a_party_shows_the_new_numbers_masked_only(page, register, mediator_of_taiping):
    dispute = register(mediator_of_taiping, parties=(replace(APPLICANT, **BESIDE), RESPONDENT))
    party = dispute.parties.get(side=Side.APPLICANT)
    html = page.get(f"/disputes/{dispute.code}/parties/{party.pk}/").content.decode()
    html += page.get(dispute.get_absolute_url()).content.decode()
    assert "139****2222" in html
    assert "邓律师　委托代理，有授权委托书" in html
    assert "沈家俊（儿子）　本人同意　已读给本人听" in html
    assert (html.count("<dt>代理人</dt>"), html.count("<dt>协助人</dt>")) == (1, 1)


def test_who_acts_for_a_party_stands_on_page_and_register_sheet(page, register, mediator_of_taiping):
    child = replace(APPLICANT, id_number="", **BESIDE | {"capacity": Capacity.NONE})
    dispute = register(mediator_of_taiping, parties=(child, RESPONDENT))
    for address in (dispute.get_absolute_url(), f"/mediation/{dispute.code}/register-sheet/"):
        html = page.get(address).content.decode()
        assert ("无民事行为能力" in html, "沈大妹（姑姑）" in html) == (True, True), address
    assert "13900002222" not in html


def test_an_organisation_loses_the_guardian_it_cannot_have(register, mediator_of_taiping):
    firm = PartyData(Side.RESPONDENT, "某建材店", kind="organisation", guardian_name="沈大", capacity="none")
    register(mediator_of_taiping, parties=(APPLICANT, firm))
    party = Party.objects.get(name="某建材店")
    assert (party.guardian_name, party.capacity, party.lacks_guardian) == ("", "", False)
