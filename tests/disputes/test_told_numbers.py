"""Numbers typed into a story: found, offered to a party's field, masked where they stood; at intake and afterwards."""

import re

import pytest

from core.errors import Refused
from core.models import AuditEntry
from core.privacy import mask_text
from disputes import told_numbers
from disputes.actions.told_numbers import move_number
from disputes.models import Dispute
from tests.disputes.conftest import APPLICANT, ID_OF_LIANG, ID_OF_SHEN, RESPONDENT, STORY

URL = "/disputes/new/"
TOLD = f"{STORY}我的身份证{ID_OF_SHEN}，他电话13700002290，也打13700002290。"
MASKED_ID, MASKED_PHONE = "445381********1235", "137****2290"
FIELDS = {
    "parties-TOTAL_FORMS": "2",
    "parties-INITIAL_FORMS": "0",
    "parties-0-name": "沈水旺",
    "parties-1-name": "梁伯坚",
}


@pytest.fixture
def page(client_of, mediator_of_taiping, tables):
    return client_of(mediator_of_taiping)


def values(html: str) -> dict[str, str]:
    """What stands in the inputs of a page, by name."""
    inputs = re.findall(r"<input[^>]*>", html)
    pairs = [(re.search(r'name="([^"]*)"', one), re.search(r'value="([^"]*)"', one)) for one in inputs]
    return {name.group(1): value.group(1) for name, value in pairs if name and value}


# ── what is found ────────────────────────────────────────────────────────────
def test_a_number_with_gaps_is_found_without_them_and_masked_where_it_stands():
    story = "电话138 0013 8000，也写成138-0013-8000。"
    (found,) = told_numbers.numbers_in(story)

    assert (found.number, found.masked) == ("13800138000", "138****8000")
    assert told_numbers.without(story, found) == "电话138****8000，也写成138****8000。"
    assert [one.field for one in told_numbers.numbers_in("身份证440981 19900312123X")] == ["id_number"]


def test_a_landline_is_found_offered_and_moved_as_the_other_numbers_are(page):
    story = f"{STORY}他家电话3821234，店里（0766）3821299，文号445381-20230401-0012。"
    found = told_numbers.numbers_in(story)
    panel = page.post("/disputes/suggest/", {"narrative": story}).content.decode()
    answer = page.post(URL, FIELDS | {"narrative": story, "move": "1:**********99"})

    assert [(one.field, one.number) for one in found] == [("phone", "3821234"), ("phone", "0766-3821299")]
    assert re.findall(r'name="move" value="1:([^"]*)"', panel) == ["*****34", "**********99"]
    assert ("3821234" in panel, "3821299" in panel) == (False, False)
    assert values(answer.content.decode())["parties-1-phone"] == "0766-3821299"
    assert answer.context["form"]["narrative"].value() == story.replace("（0766）3821299", "**********99")


def test_the_second_landline_of_a_row_is_found_and_masked_by_itself():
    story = "店里0766-3822222、3822333。"
    first, second = told_numbers.numbers_in(story)

    assert (first.number, second.number) == ("0766-3822222", "3822333")
    assert told_numbers.without(story, second) == "店里0766-3822222、*****33。"


def test_behind_the_first_of_a_row_that_was_moved_the_second_is_still_found_and_masked():
    story = "店里0766-3822222、3822333。"
    first, second = told_numbers.numbers_in(story)

    left = told_numbers.without(story, first)

    assert left == "店里**********22、3822333。"
    assert [one.number for one in told_numbers.numbers_in(left)] == [second.number]
    assert mask_text(left) == told_numbers.without(left, second) == "店里**********22、*****33。"


def test_each_number_is_found_once_in_the_order_it_was_told():
    found = told_numbers.numbers_in(TOLD)

    assert [(one.field, one.masked) for one in found] == [("id_number", MASKED_ID), ("phone", MASKED_PHONE)]


def test_a_number_is_masked_wherever_it_stands_and_nothing_else_is():
    story = "打13700002290，或者13700002290，不是13800006072，单号913700002290。"
    phone = told_numbers.called(story, MASKED_PHONE)

    assert told_numbers.without(story, phone) == "打137****2290，或者137****2290，不是13800006072，单号913700002290。"


# ── at intake ────────────────────────────────────────────────────────────────
def test_the_panel_offers_to_move_each_number_to_either_side(page):
    html = page.post("/disputes/suggest/", {"narrative": TOLD}).content.decode()

    assert re.findall(r'name="move" value="([^"]*)"', html) == [
        f"0:{MASKED_ID}",
        f"1:{MASKED_ID}",
        f"0:{MASKED_PHONE}",
        f"1:{MASKED_PHONE}",
    ]
    assert ID_OF_SHEN not in html


def test_a_number_moves_to_the_party_and_nothing_else_typed_is_lost(page):
    answer = page.post(URL, FIELDS | {"narrative": TOLD, "move": f"1:{MASKED_PHONE}", "amount": "4.8万"})
    html = answer.content.decode()

    shown = values(html)
    assert (answer.status_code, shown["parties-1-phone"], shown["parties-0-name"]) == (200, "13700002290", "沈水旺")
    assert shown["amount"] == "4.8万"
    assert answer.context["form"]["narrative"].value() == TOLD.replace("13700002290", MASKED_PHONE)
    assert f"电话 {MASKED_PHONE} 已移到被申请人。" in html


def test_a_field_with_another_number_is_not_written_over(page):
    sent = FIELDS | {"narrative": TOLD, "move": f"1:{MASKED_PHONE}", "parties-1-phone": "13811112222"}
    answer = page.post(URL, sent)

    assert values(answer.content.decode())["parties-1-phone"] == "13811112222"
    assert answer.context["form"]["narrative"].value() == TOLD
    assert "没有移：被申请人的电话已经填了别的" in answer.content.decode()


@pytest.mark.parametrize(
    ("there", "framed"),
    [("", '<div class="note is-ok mb-3">'), ("13811112222", '<div class="note mb-3">')],
    ids=["moved", "refused"],
)
def test_what_came_of_a_move_stands_in_a_frame_of_its_own_also_when_no_number_is_left(there, framed, page):
    story = f"{STORY}他电话13700002290。"
    sent = FIELDS | {"narrative": story, "move": f"1:{MASKED_PHONE}", "parties-1-phone": there}

    html = page.post(URL, sent).content.decode()

    assert f'<div id="moved" role="status">{framed}' in html
    assert '<div id="moved" role="status"></div>' in page.get(URL).content.decode()


@pytest.mark.parametrize("move", ["", "1:", "9:137****2290", "0:130****0000", "x"])
def test_a_move_that_fits_nothing_changes_nothing(move, page):
    answer = page.post(URL, FIELDS | {"narrative": TOLD, "move": move})

    assert (answer.status_code, answer.context["form"]["narrative"].value()) == (200, TOLD)


# ── afterwards ───────────────────────────────────────────────────────────────
@pytest.fixture
def dispute(register, mediator_of_taiping) -> Dispute:
    """A dispute whose story names the number of its respondent."""
    story = f"{STORY}他的身份证{ID_OF_LIANG}，电话13700002290。"
    return register(mediator_of_taiping, narrative=story, parties=(APPLICANT, RESPONDENT))


def test_the_page_of_the_story_offers_the_move_and_masks(page, dispute):
    html = page.get(dispute.get_absolute_url()).content.decode()

    assert "经过里有 2 个号码" in html
    assert ID_OF_LIANG not in html
    assert ID_OF_LIANG not in page.get(f"/disputes/{dispute.code}/numbers/").content.decode()


def test_a_stored_number_moves_with_event_and_audit_and_is_found_by_it(page, dispute):
    liang = dispute.parties.get(name="梁伯坚")
    answer = page.post(
        f"/disputes/{dispute.code}/numbers/", {"masked": "445381********561X", "party_id": str(liang.pk)}
    )

    liang.refresh_from_db()
    dispute.refresh_from_db()
    assert (answer.status_code, liang.id_number, liang.sex, dispute.version) == (302, ID_OF_LIANG, "male", 2)
    assert "445381********561X" in dispute.narrative
    assert ID_OF_LIANG not in dispute.narrative
    assert dispute.events.first().text == "经过里的证件号码移到被申请人：梁伯坚"
    entry = AuditEntry.objects.get(action="dispute.move_number")
    assert entry.detail["number"] == "445381********561X"


def test_a_number_that_is_not_there_or_is_there_twice_is_refused(page, dispute, mediator_of_taiping):
    shen = dispute.parties.get(name="沈水旺")
    answer = page.post(f"/disputes/{dispute.code}/numbers/", {"masked": MASKED_PHONE, "party_id": str(shen.pk)})
    with pytest.raises(Refused, match="已经没有这个号码"):
        move_number(dispute_id=dispute.pk, party_id=shen.pk, masked="130****0000", by=mediator_of_taiping)

    assert answer.status_code == 422
    assert "没有移：沈水旺的电话已经填了别的。" in answer.content.decode()
    assert page.post(f"/disputes/{dispute.code}/numbers/", {}).status_code == 422


# ── in a correction ──────────────────────────────────────────────────────────
@pytest.fixture
def corrected(page, register, mediator_of_taiping):
    """corrected(story, …) → the answer to a correction that gives the dispute this story."""
    dispute = register(mediator_of_taiping, parties=(APPLICANT, RESPONDENT))

    def post(story: str, query: str = "", **typed: str):
        facts = {"version": 1, "village": dispute.division_id, "source": "visit", "case_type": "private_loan"}
        return page.post(f"/disputes/{dispute.code}/edit/{query}", facts | {"narrative": story} | typed)

    post.dispute = dispute
    post.liang = dispute.parties.get(name="梁伯坚")
    return post


TYPED = f"{STORY}他的身份证{ID_OF_LIANG}，电话13700002290。"
MASKED_LIANG = "445381********561X"


def test_a_number_typed_into_a_correction_is_offered_while_typing_and_saves_nothing(corrected):
    answer = corrected(TYPED, "?told_in=1")
    html = answer.content.decode()

    assert answer.status_code == 200
    assert (html.count("<select"), html.count("移到被申请人梁伯坚"), "<form" in html) == (2, 2, False)
    assert f'name="told-{MASKED_LIANG}"' in html
    assert (ID_OF_LIANG in html, "13700002290" in html) == (False, False)
    assert Dispute.objects.get().narrative == STORY
    assert '<div id="told"></div>' in corrected(STORY, "?told_in=1").content.decode()


def test_a_number_of_a_correction_is_moved_when_it_is_saved(corrected):
    moved = {f"told-{MASKED_LIANG}": str(corrected.liang.pk), f"told-{MASKED_PHONE}": ""}
    answer = corrected(TYPED, **moved)

    corrected.liang.refresh_from_db()
    narrative = Dispute.objects.get().narrative
    assert (answer.status_code, corrected.liang.id_number, corrected.liang.phone) == (302, ID_OF_LIANG, "")
    assert (MASKED_LIANG in narrative, ID_OF_LIANG in narrative, "13700002290" in narrative) == (True, False, True)


def test_a_move_that_is_refused_saves_nothing_and_keeps_what_was_chosen(corrected):
    shen = corrected.dispute.parties.get(name="沈水旺")
    answer = corrected(TYPED, **{f"told-{MASKED_PHONE}": str(shen.pk)})
    html = answer.content.decode()

    assert (answer.status_code, Dispute.objects.get().narrative) == (422, STORY)
    assert "没有移：沈水旺的电话已经填了别的。" in html
    assert f'<option value="{shen.pk}" selected>' in html
    assert corrected(TYPED, **{f"told-{MASKED_PHONE}": "00000000-0000-4000-8000-000000000001"}).status_code == 422
