"""A route by way of the judge is followed: the page asks the judge first, then mediation begins; both ways are open."""

import pytest
from django.urls import reverse

from core.models import Notification
from disputes.choices import DisputeState
from tests.journeys.test_early_warning import Open, open_at, register, told
from tests.journeys.test_files_on_their_way import do

__all__ = ["open_at"]
pytestmark = pytest.mark.django_db
STORY = "2021年5月梁伯坚借了二十五万元周转，写了欠条，到期以后只还了二千元，催了几次都说没有钱。"


def next_on(browser, dispute) -> str:
    """The part of the page about the next step."""
    html = browser.get(dispute.get_absolute_url()).content.decode()
    return html.split('id="next"')[1].split("</section>")[0]


def wills(loan) -> dict[str, str]:
    return {f"will-{party.pk}": "agrees" for party in loan.parties.all()}


def test_a_large_loan_goes_by_the_judge_before_it_is_mediated(open_at: Open, mediator_of_taiping, reviewing_judge):
    counter = open_at(mediator_of_taiping, "2023-09-04 09:00")
    loan = register(counter, told(STORY, "沈水旺", "梁伯坚", "2023-09-04", case_type="private_loan", amount="250000"))
    ask, start = (reverse(f"mediation:{name}", args=[loan.code]) for name in ("guidance-ask", "start"))
    assert f'href="{ask}"' in counter.get(loan.get_absolute_url()).content.decode()  # before it is routed, too

    counter.post(reverse("disputes:route", args=[loan.code]), {"destination": "", "reason": "", "on": "2023-09-04"})
    loan.refresh_from_db()
    assert (loan.state, loan.destination) == (DisputeState.ROUTED, "judge_guidance")
    first = next_on(counter, loan)
    assert "下一步：先请包点法官指导" in first
    assert "分流定的是先请包点法官指导。理由：标的额在二十万元以上" in first
    assert f'<a class="btn btn-primary" href="{ask}">请法官指导</a>' in first
    assert f'<a class="btn btn-quiet" href="{start}">开始调解</a>' in first

    do(counter, "guidance-ask", loan, question="利息约定不明，怎么算？", mode="online")
    assert Notification.objects.filter(recipient=reviewing_judge, text__endswith="怎么算？").count() == 1
    then = next_on(counter, loan)
    assert ("下一步：开始调解" in then, "分流定的" in then) == (True, False)
    do(counter, "start", loan, on="2023-09-04", mode="offline", **wills(loan))
    assert loan.state == DisputeState.MEDIATING


def test_the_officer_sees_who_asks_and_may_begin_all_the_same(open_at: Open, mediator_of_taiping, officer_of_taiping):
    counter = open_at(mediator_of_taiping, "2023-09-04 09:00")
    loan = register(counter, told(STORY, "沈水旺", "梁伯坚", "2023-09-04", case_type="private_loan", amount="250000"))
    counter.post(reverse("disputes:route", args=[loan.code]), {"destination": "", "reason": "", "on": "2023-09-04"})

    shown = next_on(open_at(officer_of_taiping, "2023-09-04 10:00"), loan)

    assert f"这一步由{mediator_of_taiping}办" in shown
    assert (">请法官指导</a>" in shown, ">开始调解</a>" in shown) == (False, True)
