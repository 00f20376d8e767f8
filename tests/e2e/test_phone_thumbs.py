"""The dispute page on a phone: what the thumb presses is large enough, and no message lies over what it is about."""

import pytest
from playwright.sync_api import expect

from disputes.models import Dispute, Party
from tests.e2e.conftest import PHONE, Desk, Office

pytestmark = [pytest.mark.e2e, pytest.mark.usefixtures("county")]
TAP = 44
SMALL = f"""boxes => boxes.map(one => [one.innerText.trim(), one.getBoundingClientRect()])
  .filter(([_, box]) => box.width < {TAP} || box.height < {TAP}).map(([words]) => words)"""
OVERLAPS = """([one, other]) => {
  const [a, b] = [one, other].map(each => document.querySelector(each).getBoundingClientRect());
  return a.height === 0 || b.height === 0 || (a.top < b.bottom && b.top < a.bottom);
}"""


@pytest.fixture
def file_on_a_phone(open_desk: Office) -> Desk:
    """The mediator's window on a dispute whose respondent has not said yes yet."""
    dispute = Dispute.objects.filter(state="routed").first()
    assert dispute is not None
    Party.objects.filter(dispute=dispute, side="respondent").update(consents_to_mediation=False)
    desk = open_desk(PHONE).sit("mediator")
    desk.go(dispute.get_absolute_url())
    return desk


def test_what_is_pressed_in_a_party_card_fits_the_thumb(file_on_a_phone: Desk) -> None:
    desk = file_on_a_phone

    targets = desk.page.locator("#parties a:visible, #parties button:visible, #parties summary:visible")
    words = targets.all_inner_texts()
    assert (targets.evaluate_all(SMALL), desk.width_overflow(), desk.spills()) == ([], 0, [])
    assert {"补充", "修改", "拨打电话", "查看", "记下今天同意"} <= set(words)
    desk.shot("82-party-phone")


def test_the_message_after_saving_lies_over_nothing(file_on_a_phone: Desk) -> None:
    page = file_on_a_phone.page
    page.get_by_role("button", name="记下今天同意").click()
    expect(page.locator(".toast-item")).to_contain_text("同意调解")
    assert page.evaluate(OVERLAPS, [".toasts", ".page-head"]) is False
    assert page.evaluate(OVERLAPS, [".toasts", ".head"]) is False


def test_a_hint_beside_a_group_of_choices_is_as_light_as_beside_a_field(file_on_a_phone: Desk) -> None:
    desk = file_on_a_phone
    desk.page.get_by_role("link", name="补充", exact=True).first.click()
    desk.page.wait_for_url("**/parties/new/")
    styles = "all => all.map(one => getComputedStyle(one)).map(one => `${one.fontWeight} ${one.fontSize} ${one.color}`)"

    beside_fields = set(desk.page.locator(".form-label small").evaluate_all(styles))
    beside_choices = set(desk.page.locator("legend small").evaluate_all(styles))

    assert (len(beside_fields), beside_choices) == (1, beside_fields)
