"""Pages on one dispute: correcting, parties, the steps, one field shown. Another town's file is not there."""

import pytest

from core.choices import Role
from core.models import AuditEntry
from disputes.choices import DisputeState
from disputes.models import Dispute, RiskFlag
from tests.conftest import TAIPING
from tests.disputes.conftest import ID_OF_LIANG, ID_OF_SHEN, STORY, THREAT

PARTY = {"side": "respondent", "kind": "person", "name": "梁少强"}


@pytest.fixture
def dispute(register, mediator_of_taiping, officer_of_taiping) -> Dispute:
    """With a warning that nobody signed for yet."""
    return register(mediator_of_taiping, narrative=THREAT)


@pytest.fixture
def page(client_of, mediator_of_taiping):
    return client_of(mediator_of_taiping)


@pytest.fixture
def officers_page(client_of, officer_of_taiping):
    return client_of(officer_of_taiping)


def address(dispute: Dispute, *parts) -> str:
    return f"/disputes/{dispute.code}/" + "".join(f"{part}/" for part in parts)


def every_address(dispute: Dispute) -> list[str]:
    party, flag = dispute.parties.all()[0], RiskFlag.objects.get(dispute=dispute)
    return [
        address(dispute, "edit"),
        address(dispute, "route"),
        address(dispute, "refer-out"),
        address(dispute, "end"),
        address(dispute, "risk", flag.pk, "acknowledge"),
        address(dispute, "risk", flag.pk, "lower"),
        address(dispute, "parties", "new"),
        address(dispute, "parties", party.pk),
        address(dispute, "parties", party.pk, "consent"),
        address(dispute, "parties", party.pk, "reveal"),
    ]


POST_ONLY = ("consent/", "reveal/")


# ── who gets in ──────────────────────────────────────────────────────────────
def test_from_another_town_every_page_is_not_there(dispute, client_of, make_user):
    stranger = client_of(make_user("officer_of_shuangdong", "officer", "445381004"))
    assert {stranger.post(url).status_code for url in every_address(dispute)} == {404}


def test_a_dispute_that_does_not_exist_answers_like_one_of_another_town(dispute, client_of, mediator_of_shuangdong):
    client = client_of(mediator_of_shuangdong)
    foreign, missing = client.get(address(dispute, "edit")), client.get("/disputes/TP2309-9999/edit/")
    assert (foreign.status_code, missing.status_code) == (404, 404)
    assert foreign.content.count(dispute.code.encode()) == 0


@pytest.mark.parametrize("who", ["reviewing_judge", "court_clerk", "justice_officer", "admin", "auditor"])
def test_roles_that_only_look_or_not_even_that_are_refused(who, dispute, cast, client_of):
    client = client_of(cast[who])
    assert {client.post(url).status_code for url in every_address(dispute)} == {403}


def test_a_get_shows_a_form_and_changes_nothing(dispute, officers_page):
    before = (Dispute.objects.values_list().get(), AuditEntry.objects.count())
    urls = [url for url in every_address(dispute) if not url.endswith(POST_ONLY)]
    assert [officers_page.get(url).status_code for url in urls] == [200] * len(urls)
    assert (Dispute.objects.values_list().get(), AuditEntry.objects.count()) == before


# ── correcting ───────────────────────────────────────────────────────────────
@pytest.fixture
def corrected(dispute) -> dict[str, str]:
    return {
        "version": "1",
        "village": dispute.division_id,
        "source": "visit",
        "narrative": STORY,
        "case_type": "sale_contract",
        "amount": "5万",
        "platform_number": "",
    }


def test_a_correction_is_saved_and_leads_back(dispute, page, corrected):
    response = page.post(address(dispute, "edit"), corrected)
    dispute.refresh_from_db()
    assert (response.status_code, response["Location"]) == (302, address(dispute))
    assert (dispute.amount, dispute.case_type_id, dispute.narrative) == (50_000, "sale_contract", STORY)


def test_a_stale_page_shows_both_versions_and_saves_with_the_next_press(dispute, page, officers_page, corrected):
    officers_page.post(address(dispute, "edit"), corrected | {"narrative": "联络人员改过的经过。"})
    mine = corrected | {"narrative": "我自己写的经过。"}
    response = page.post(address(dispute, "edit"), mine)
    html = response.content.decode()
    assert response.status_code == 409
    assert "谭少芬 10:05 已经改过这一件" in html
    assert "我自己写的经过。" in html
    assert "联络人员改过的经过。" in html
    assert 'name="version" value="2"' in html
    assert page.post(address(dispute, "edit"), mine | {"version": "2"}).status_code == 302


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"narrative": ""}, "请填写经过。"),
        ({"case_type": "dragons"}, "没有这个选项，请重新选择。"),
        ({"village": "445381004201"}, "没有这个选项，请重新选择。"),
        ({"amount": "-1"}, "标的额不能是负数。"),
    ],
    ids=["no story", "unknown type", "another town", "negative"],
)
def test_a_refused_correction_says_why_and_saves_nothing(changes, message, dispute, page, corrected):
    response = page.post(address(dispute, "edit"), corrected | changes)
    assert (response.status_code, message in response.content.decode()) == (422, True)
    assert Dispute.objects.get().version == 1


def test_who_has_two_towns_moves_no_dispute_to_the_other_by_correcting_it(dispute, make_user, client, corrected):
    both = make_user("both", Role.OFFICER, TAIPING, "445381004")
    client.force_login(both)

    response = client.post(address(dispute, "edit"), corrected | {"village": "445381004201"})

    assert (response.status_code, "没有这个选项，请重新选择。" in response.content.decode()) == (422, True)
    assert Dispute.objects.get().town_code == TAIPING


# ── parties ──────────────────────────────────────────────────────────────────
def test_a_party_is_added(dispute, page):
    assert page.post(address(dispute, "parties", "new"), PARTY)["Location"] == address(dispute)
    assert sorted(dispute.parties.values_list("name", flat=True)) == ["梁伯坚", "梁少强", "沈水旺"]


def test_a_refused_party_keeps_what_was_typed(dispute, page):
    response = page.post(address(dispute, "parties", "new"), PARTY | {"id_number": "123", "address": "太平镇"})
    html = response.content.decode()
    assert response.status_code == 422
    assert "有 3 位，应是 18 位" in html
    assert 'value="太平镇"' in html


def test_the_same_person_again_is_refused_at_the_name(dispute, page):
    response = page.post(address(dispute, "parties", "new"), PARTY | {"name": "梁伯坚"})
    assert "「梁伯坚」已经在本件当事人里" in response.content.decode()


def test_the_page_of_a_party_shows_numbers_only_masked(dispute, page):
    html = page.get(address(dispute, "parties", dispute.parties.get(name="沈水旺").pk)).content.decode()
    assert "445381********1235" in html
    assert [number for number in (ID_OF_SHEN, "13800006072") if number in html] == []


def test_a_party_is_corrected_and_keeps_the_numbers_left_empty(dispute, page):
    party = dispute.parties.get(name="沈水旺")
    page.post(address(dispute, "parties", party.pk), {"side": "applicant", "kind": "person", "name": "沈水望"})
    party.refresh_from_db()
    assert (party.name, party.id_number, party.phone) == ("沈水望", ID_OF_SHEN, "13800006072")


def test_a_party_is_not_renamed_into_another(dispute, page):
    party = dispute.parties.get(name="梁伯坚")
    sent = {"side": "applicant", "kind": "person", "name": "沈水旺", "id_number": ID_OF_SHEN}
    response = page.post(address(dispute, "parties", party.pk), sent)
    assert (response.status_code, "已经在本件当事人里" in response.content.decode()) == (422, True)


def test_a_party_of_another_dispute_is_not_there(dispute, page, register, mediator_of_taiping):
    other = register(mediator_of_taiping).parties.first()
    assert page.get(address(dispute, "parties", other.pk)).status_code == 404


def test_consent_is_noted_from_the_dispute_page(dispute, page):
    party = dispute.parties.get(name="梁伯坚")
    page.post(address(dispute, "parties", party.pk, "consent"), {"on": "2023-09-20"})
    party.refresh_from_db()
    assert party.consents_to_mediation is True


def test_consent_without_a_day_is_not_noted(dispute, page):
    party = dispute.parties.get(name="梁伯坚")
    page.post(address(dispute, "parties", party.pk, "consent"), {"on": "昨天"})
    party.refresh_from_db()
    assert party.consents_to_mediation is False


# ── one field shown ──────────────────────────────────────────────────────────
def show(client, dispute, **sent):
    party = dispute.parties.get(name="沈水旺")
    headers = {"HX-Request": "true"} if sent.pop("htmx", False) else {}
    return client.post(address(dispute, "parties", party.pk, "reveal"), sent, headers=headers)


def test_a_fragment_shows_one_field_after_the_trace_is_written(dispute, page):
    response = show(page, dispute, field="phone", reason="联系当事人", htmx=True)
    html = response.content.decode()
    assert 'href="tel:13800006072"' in html
    assert (ID_OF_SHEN in html, "<html" in html) == (False, False)
    assert AuditEntry.objects.get(action="party.reveal").detail["reason"] == "联系当事人"
    assert "no-store" in response["Cache-Control"]


def test_without_javascript_the_field_comes_on_a_page_of_its_own(dispute, page):
    html = show(page, dispute, field="id_number", reason="核对身份").content.decode()
    assert ID_OF_SHEN in html
    assert f'href="{address(dispute)}"' in html


@pytest.mark.parametrize("sent", [{"field": "phone", "reason": ""}, {"field": "narrative", "reason": "想看"}], ids=str)
def test_without_reason_or_with_another_field_nothing_is_shown(sent, dispute, page):
    response = show(page, dispute, **sent, htmx=True)
    assert (response.status_code, AuditEntry.objects.filter(action="party.reveal").count()) == (422, 0)
    assert "13800006072" not in response.content.decode()


@pytest.mark.parametrize("htmx", [True, False], ids=["in place", "page"])
def test_a_reason_that_will_not_do_comes_back_in_its_form(dispute, page, htmx):
    response = show(page, dispute, field="id_number", reason="11", htmx=htmx)
    html = response.content.decode()
    assert "这样写看不出来" in html
    assert 'name="reason"' in html
    assert 'value="11" aria-invalid="true"' in html
    assert (response.status_code, response.headers.get("HX-Retarget")) == (422, "this" if htmx else None)


def test_past_the_days_limit_the_fragment_says_so(dispute, page, settings):
    settings.REVEALS_A_DAY = 0
    response = show(page, dispute, field="phone", reason="联系当事人", htmx=True)
    assert (response.status_code, "到了每天的上限" in response.content.decode()) == (422, True)


# ── steps ────────────────────────────────────────────────────────────────────
ONE_PRESS = {"on": "2023-09-20"}  # what the panel's button sends


def test_the_proposed_route_is_accepted_with_one_press(dispute, page):
    assert page.post(address(dispute, "route"), ONE_PRESS)["Location"] == address(dispute)
    dispute.refresh_from_db()
    assert (dispute.state, dispute.destination) == (DisputeState.ROUTED, dispute.proposed_route["destination"])


def test_routing_twice_is_refused_with_the_present_state(dispute, page):
    page.post(address(dispute, "route"), ONE_PRESS)
    response = page.post(address(dispute, "route"), ONE_PRESS)
    assert (response.status_code, "本件已经分流" in response.content.decode()) == (422, True)


def test_a_dispute_is_referred_out(dispute, officers_page):
    sent = {"office": "太平镇自然资源所", "reason": "山林权属争议", "on": "2023-09-20"}
    officers_page.post(address(dispute, "refer-out"), sent)
    dispute.refresh_from_db()
    assert (dispute.state, dispute.referred_to) == (DisputeState.REFERRED_OUT, "太平镇自然资源所")


def test_a_dispute_is_ended(dispute, page):
    page.post(address(dispute, "end"), {"ground": "settled", "reason": "双方和好了", "on": "2023-09-20"})
    dispute.refresh_from_db()
    assert (dispute.state, dispute.end_ground) == (DisputeState.ENDED, "settled")


@pytest.mark.parametrize("step", ["refer-out", "end"])
def test_a_step_without_its_reason_keeps_the_dispute_open(step, dispute, page):
    assert page.post(address(dispute, step), {"on": "2023-09-20"}).status_code == 422
    dispute.refresh_from_db()
    assert dispute.state == DisputeState.REGISTERED


def test_a_warning_is_signed_for_and_then_lowered(dispute, officers_page):
    flag = RiskFlag.objects.get()
    officers_page.post(address(dispute, "risk", flag.pk, "acknowledge"), {"measures": "已报派出所"})
    officers_page.post(address(dispute, "risk", flag.pk, "lower"), {"reason": "双方已说开"})
    flag.refresh_from_db()
    assert (flag.measures, flag.lowered_reason) == ("已报派出所", "双方已说开")


def test_the_page_of_signing_for_a_warning_says_110_first(dispute, officers_page):
    html = officers_page.get(address(dispute, "risk", RiskFlag.objects.get().pk, "acknowledge")).content.decode()
    assert '先打 <a href="tel:110">110</a>，再签收' in html


def test_who_signs_second_is_told_who_was_first(dispute, officers_page):
    url = address(dispute, "risk", RiskFlag.objects.get().pk, "acknowledge")
    officers_page.post(url, {"measures": "已报派出所"})
    response = officers_page.post(url, {"measures": "我也看到了"})
    assert (response.status_code, "谭少芬已经签收了" in response.content.decode()) == (409, True)


def test_no_page_of_the_file_shows_a_number_in_clear(dispute, officers_page):
    urls = [url for url in every_address(dispute) if not url.endswith(POST_ONLY)]
    shown = "".join(officers_page.get(url).content.decode() for url in urls)
    assert [number for number in (ID_OF_SHEN, ID_OF_LIANG, "13800006072") if number in shown] == []


def test_a_correction_shows_no_number_and_loses_none(client_of, register, mediator_of_taiping):
    story = "张三（445381196803121235，电话13800006072）借钱不还，请求调解。"
    dispute = register(mediator_of_taiping, narrative=story)
    client = client_of(mediator_of_taiping)
    page = client.get(f"/disputes/{dispute.code}/edit/")
    typed = page.context["form"].initial | {"narrative": f"{page.context['form'].initial['narrative']}又及。"}

    answer = client.post(f"/disputes/{dispute.code}/edit/", typed)

    shown = page.content.decode()
    assert ("445381196803121235" in shown, "13800006072" in shown) == (False, False)
    assert answer.status_code == 302
    dispute.refresh_from_db()
    assert dispute.narrative == f"{story}又及。"
