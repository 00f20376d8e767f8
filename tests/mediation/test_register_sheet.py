"""受理登记表: what stands on it, masked for all who see the case, in clear for a reason that is written down."""

import pytest

from core.models import AuditEntry
from disputes.choices import Destination

ID_NUMBER, PHONE, ADDRESS = "445381196803121235", "13800006072", "太平镇沟边村3号"


@pytest.fixture
def dispute(law_in_force, private_loan, make_dispute, mediator_of_taiping):
    made = make_dispute(mediator_of_taiping, narrative=f"借款五万元没有还。我的电话 {PHONE}。")
    party = made.parties.all()[0]
    party.name, party.id_number, party.phone, party.address = "沈水旺", ID_NUMBER, PHONE, ADDRESS
    party.save()
    made.destination, made.route_reason = Destination.TOWN, "由镇（街）联络点调解。"
    made.save()
    return made


def url(dispute) -> str:
    return f"/mediation/{dispute.code}/register-sheet/"


def test_the_sheet_holds_the_case_masked_and_places_to_sign(dispute, client_of, justice_officer):
    html = client_of(justice_officer).get(url(dispute)).content.decode()
    for words in ("矛盾纠纷受理登记表", dispute.code, "沈水旺", "445381********1235", "138****6072"):
        assert words in html
    for words in ("由镇（街）联络点调解", "签名或按指印", "（盖章）"):
        assert words in html
    assert [number in html for number in (ID_NUMBER, PHONE, ADDRESS)] == [False, False, False]
    assert 'name="reason"' not in html


def test_in_clear_only_after_the_reason_is_written_down(dispute, client_of, mediator_of_taiping):
    client = client_of(mediator_of_taiping)
    assert client.post(url(dispute), {"reason": " "}).status_code == 422
    assert AuditEntry.objects.filter(action="paper.print").count() == 0
    html = client.post(url(dispute), {"reason": f"当事人 {PHONE} 签字存档"}).content.decode()
    assert [number in html for number in (ID_NUMBER, PHONE, ADDRESS)] == [True, True, True]
    detail = AuditEntry.objects.get(action="paper.print").detail
    assert detail == {
        "code": dispute.code,
        "paper": "register",
        "clear": ["id_number", "phone", "address"],
        "reason": "当事人 138****6072 签字存档",
    }


@pytest.mark.parametrize("who", ["justice_officer", "committee_officer"])
def test_who_may_not_reveal_gets_no_number_whatever_the_reason(who, dispute, cast, client_of):
    response = client_of(cast[who]).post(url(dispute), {"reason": "看看"})
    assert (response.status_code, ID_NUMBER in response.content.decode()) == (403, False)


@pytest.mark.parametrize(("noted", "shown"), [(True, "是"), (False, '<i class="blank"></i>')], ids=["noted", "not yet"])
def test_who_helped_stands_on_it_with_what_is_noted_of_them(dispute, client_of, justice_officer, noted, shown):
    dispute.parties.filter(name="沈水旺").update(
        assisted_by="沈桂英", assisted_relation="女儿", assistance_agreed=noted, read_aloud=noted
    )
    html = client_of(justice_officer).get(url(dispute)).content.decode()
    assert "协助人：沈桂英（女儿）" in html
    assert f"本人同意由其协助：{shown}</span> <span>已读给本人听：{shown}" in html


def test_it_is_one_press_away_on_the_dispute_page(dispute, client_of, mediator_of_taiping):
    assert f'href="{url(dispute)}"' in client_of(mediator_of_taiping).get(dispute.get_absolute_url()).content.decode()
