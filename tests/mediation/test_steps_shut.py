"""A step that cannot be done now, opened by its address: why not and the way back, no form that would be refused."""

from datetime import date

import pytest
from django.urls import reverse

from core.choices import Role
from disputes.actions.risk import acknowledge_risk, lower_risk
from disputes.actions.towns import ask_town
from disputes.choices import OPEN_STATES, EndGround, Outcome, TownRequestKind
from disputes.choices import DisputeState as S
from disputes.models import Dispute, RiskFlag
from mediation.actions.endings import fail_mediation
from tests.mediation.confirmation_kit import accept, confirm, submit

pytestmark = pytest.mark.django_db
SHUT = 'id="shut"'


@pytest.fixture
def mediator(client_of, mediator_of_taiping):
    return client_of(mediator_of_taiping)


def opened(browser, name: str, dispute: Dispute, *more) -> str:
    answer = browser.get(reverse(name, args=[dispute.code, *more]))
    assert answer.status_code == 200
    return answer.content.decode()


def is_shut(html: str, dispute: Dispute, said: str) -> tuple[bool, bool, bool, bool]:
    """Shut, for this reason, with the way back, without a form of the step."""
    back = f'href="{dispute.get_absolute_url()}">回到本件</a>'
    return SHUT in html, said in html, back in html, 'class="dock"' not in html


def put(state: str) -> None:
    """The one dispute there is, into a state, with what the state asks for."""
    ended: dict[str, object] = {"closed_on": None, "outcome": ""}
    if state not in OPEN_STATES:
        ended = {"closed_on": date(2023, 9, 12), "outcome": state if state in Outcome.values else Outcome.FAILED}
    ended["end_ground"] = EndGround.WITHDRAWN if state == S.ENDED else ""
    ended["referred_to"] = "太平镇自然资源所" if state == S.REFERRED_OUT else ""
    Dispute.objects.update(state=state, **ended)


@pytest.mark.parametrize(
    ("name", "state", "why"),
    [
        ("mediation:fail", S.ROUTED, "本件还没有开始调解，谈不上调解不成。"),
        ("mediation:fail", S.ARCHIVED, "本件现在是「已归档」，不能这样办。"),
        ("mediation:end", S.REGISTERED, "请先分流，再开始调解"),
        ("mediation:end", S.FAILED, "没有在进行的调解。"),
        ("mediation:session-new", S.AGREED, "没有在进行的调解。"),
        ("mediation:start", S.REGISTERED, "本件还没有分流。"),
        ("mediation:reopen", S.MEDIATING, "本件正在调解。"),
        ("mediation:reopen", S.ARCHIVED, "本件已经归档"),
        ("mediation:reopen", S.REFERRED_OUT, "由本镇（街）联络人员重新办理。"),
        ("mediation:archive", S.REGISTERED, "本件现在是「已登记」"),
        ("mediation:waive", S.MEDIATING, "没有在走的申请期限"),
        ("disputes:route", S.ROUTED, "本件已经分流。"),
        ("disputes:refer-out", S.MEDIATING, "本件现在是「调解中」"),
        ("disputes:end", S.MEDIATING, "本件正在调解，不能直接终止。"),
        ("mediation:merge", S.FAILED, "本件已经调解不成办结，不能并入别的一件。"),
    ],
)
def test_a_step_that_does_not_fit_the_state_says_so_before_a_form(name, state, why, dispute, mediator):
    put(state)

    assert is_shut(opened(mediator, name, dispute), dispute, why) == (True, True, True, True)


@pytest.mark.parametrize(
    ("name", "state"),
    [
        ("mediation:fail", S.MEDIATING),
        ("mediation:end", S.MEDIATING),
        ("mediation:session-new", S.MEDIATING),
        ("mediation:start", S.ROUTED),
        ("mediation:reopen", S.ENDED),
        ("mediation:archive", S.ENDED),
        ("disputes:route", S.REGISTERED),
        ("disputes:refer-out", S.ROUTED),
        ("disputes:end", S.ROUTED),
        ("mediation:merge", S.ROUTED),
        ("mediation:town-ask", S.ROUTED),
    ],
)
def test_a_step_that_fits_the_state_is_a_form(name, state, dispute, mediator):
    put(state)

    html = opened(mediator, name, dispute)

    assert (SHUT in html, 'class="dock"' in html) == (False, True)


def test_what_waits_for_the_court_says_so(agreed, mediator, mediator_of_taiping, court_clerk, reviewing_judge):
    request = submit(agreed, mediator_of_taiping)
    for name in ("mediation:reopen", "mediation:archive", "mediation:waive"):
        assert is_shut(opened(mediator, name, agreed), agreed, "司法确认还没有结果。") == (True, True, True, True)

    confirm(accept(request, court_clerk), reviewing_judge)

    assert "法院已裁定协议有效" in opened(mediator, "mediation:reopen", agreed)
    assert SHUT not in opened(mediator, "mediation:archive", agreed)


def test_the_thirty_days_that_run_may_be_waived_once(agreed, mediator):
    assert SHUT not in opened(mediator, "mediation:waive", agreed)

    mediator.post(reverse("mediation:waive", args=[agreed.code]), {"on": "2023-09-20", "version": agreed.version})

    assert is_shut(opened(mediator, "mediation:waive", agreed), agreed, "没有在走的申请期限")[:2] == (True, True)


def test_what_was_sent_all_the_same_is_refused_in_its_form(met, mediator, mediator_of_taiping):
    fail_mediation(dispute_id=met.pk, by=mediator_of_taiping, on=date(2023, 9, 12), reason="差距太大", ways_told=True)
    typed = {"on": "2023-09-13", "reason": "还是谈不拢", "ways_told": "on"}

    answer = mediator.post(reverse("mediation:fail", args=[met.code]), typed)

    assert (answer.status_code, "还是谈不拢" in answer.content.decode()) == (422, True)


def test_a_warning_is_lowered_after_it_was_signed_for_and_once(dispute, client_of, officer_of_taiping):
    flag = RiskFlag.objects.create(dispute=dispute, reasons="扬言动手", raised_at=dispute.recorded_at)
    officer, sign = client_of(officer_of_taiping), reverse("disputes:acknowledge-risk", args=[dispute.code, flag.pk])

    early = opened(officer, "disputes:lower-risk", dispute, flag.pk)
    acknowledge_risk(flag_id=flag.pk, measures="已隔开", by=officer_of_taiping)
    form, signed = (
        opened(officer, f"disputes:{name}", dispute, flag.pk) for name in ("lower-risk", "acknowledge-risk")
    )
    lower_risk(flag_id=flag.pk, reason="双方和好", by=officer_of_taiping)
    late = opened(officer, "disputes:lower-risk", dispute, flag.pk)

    assert is_shut(early, dispute, "这条风险提示还没有签收。") == (True, True, True, True)
    assert f'href="{sign}">去签收</a>' in early
    assert is_shut(signed, dispute, "已经签收了这条风险提示。") == (True, True, True, True)
    assert SHUT not in form
    assert is_shut(late, dispute, "已经解除了这条风险提示。") == (True, True, True, True)


def test_a_signed_agreement_is_changed_by_nobody(agreed, mediator):
    said = "已经有人签过名，不能再改。"

    assert is_shut(opened(mediator, "mediation:agreement-edit", agreed), agreed, said) == (True, True, True, True)


def test_what_came_to_nothing_has_no_signatures_to_note(agreed, mediator):
    assert SHUT not in opened(mediator, "mediation:agreement-sign", agreed)

    put(S.FAILED)

    said = "本件现在是「调解不成」，没有等签名的协议。"
    assert is_shut(opened(mediator, "mediation:agreement-sign", agreed), agreed, said) == (True, True, True, True)


def test_a_second_town_is_asked_once_the_first_has_answered(dispute, mediator, mediator_of_taiping):
    ask_town(
        dispute_id=dispute.pk,
        kind=TownRequestKind.JOINT,
        town_code="445381102",
        reason="对方当事人住在那边",
        by=mediator_of_taiping,
        on=dispute.registered_on,
    )

    said = "答复联办的请求。"
    assert is_shut(opened(mediator, "mediation:town-ask", dispute), dispute, said) == (True, True, True, True)


@pytest.mark.parametrize("name", ["mediation:agreement-sign", "mediation:agreement-edit"])
def test_what_is_not_drafted_is_neither_signed_nor_changed(name, dispute, mediator):
    put(S.MEDIATING)

    html, sent = opened(mediator, name, dispute), mediator.post(reverse(name, args=[dispute.code]))

    assert is_shut(html, dispute, "还没有起草协议。") == (True, True, True, True)
    assert (sent.status_code, "还没有起草协议。" in sent.content.decode()) == (409, True)


@pytest.mark.parametrize("state", [S.FAILED, S.ARCHIVED])
@pytest.mark.parametrize("name", ["disputes:edit", "disputes:add-party", "disputes:numbers", "mediation:town-ask"])
def test_a_closed_file_says_that_it_is_closed_and_not_that_one_may_not(name, state, dispute, mediator):
    put(state)
    said = f"本件现在是「{S(state).label}」，已经办结，不能再这样办。"

    html, sent = opened(mediator, name, dispute), mediator.post(reverse(name, args=[dispute.code]))

    assert is_shut(html, dispute, said) == (True, True, True, True)
    assert (sent.status_code, said in sent.content.decode()) == (403, True)


def test_a_party_of_an_archived_file_is_corrected_by_the_officer_alone(
    dispute, mediator, client_of, officer_of_taiping
):
    put(S.ARCHIVED)
    party = dispute.parties.first()

    html = opened(mediator, "disputes:edit-party", dispute, party.pk)

    assert is_shut(html, dispute, "请本镇（街）联络人员更正") == (True, True, True, True)
    assert SHUT not in opened(client_of(officer_of_taiping), "disputes:edit-party", dispute, party.pk)


def test_whom_more_than_the_closing_keeps_from_it_is_told_nothing_of_it(dispute, client_of, make_user):
    put(S.ARCHIVED)
    colleague = client_of(make_user("another_mediator", Role.MEDIATOR, dispute.town_code))

    answer = colleague.get(reverse("disputes:edit", args=[dispute.code]))

    assert (answer.status_code, "您没有办理这一步的权限" in answer.content.decode()) == (403, True)
