"""One file of the court: clocks, pre-check, paper, dock by role and state, each step as a page, stale pages, papers."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from mediation.actions import court_review
from mediation.documents.agreement import agreement_context
from tests.mediation.confirmation_kit import confirm, day
from tests.mediation.court_kit import accepted, review, step, submitted

__all__ = ["accepted", "submitted"]

QUERIES_AT_MOST = 20


# what the page shows


def test_both_clocks_stand_on_one_ruler(accepted, client_of, reviewing_judge):
    clocks = client_of(reviewing_judge).get(review(accepted)).context["clocks"]

    assert (str(clocks.target.due_on), str(clocks.limit.due_on), clocks.day) == ("2023-09-27", "2023-10-12", 8)
    assert len(clocks.cells) == 31


def test_the_words_in_doubt_are_marked_in_the_paper(accepted, client_of, reviewing_judge):
    response = client_of(reviewing_judge).get(review(accepted))

    pieces = [(piece.text, piece.doubtful) for _, clause in response.context["paper"].clauses for piece in clause]
    assert pieces == [("梁伯坚分三期还清借款。", False), ("余款年底结清", True), ("。", False)]
    assert "<mark>余款年底结清</mark>" in response.content.decode()


def test_the_paper_on_screen_has_the_lines_of_performance_that_print(accepted, client_of, reviewing_judge):
    response = client_of(reviewing_judge).get(review(accepted))

    lines = response.context["performance"]
    assert lines == agreement_context(accepted.agreement)["performance"]
    assert lines[1] == "第1期：2023年9月30日前（含当日），梁伯坚还款12,000元。"
    assert [line for line in lines if f"<p>{line}</p>" not in response.content.decode()] == []


def test_what_a_person_must_judge_comes_first_with_the_towns_sentence(accepted, client_of, reviewing_judge):
    rows = client_of(reviewing_judge).get(review(accepted)).context["checks"]

    assert (rows[0].item.key, rows[0].answer, rows[0].is_open) == ("content", "说定是2023年12月31日。", True)
    assert {row.is_open for row in rows[1:]} == {False}


def test_numbers_are_masked_wherever_the_file_shows_them(accepted, client_of, cast):
    for tab in ("", "?paper=parties", "?paper=materials"):
        text = client_of(cast["court_clerk"]).get(review(accepted) + tab).content.decode()
        assert ("445381196805041234" in text, "13800006072" in text) == (False, False), tab


def test_court_staff_can_have_a_number_shown_for_a_reason(accepted, client_of, court_clerk):
    dispute = accepted.agreement.mediation.dispute
    party = dispute.parties.first()
    url = reverse("disputes:reveal", args=[dispute.code, party.pk])

    response = client_of(court_clerk).post(url, {"field": "phone", "reason": "联系当事人"})

    assert ("13800006072" in response.content.decode(), response.status_code) == (True, 200)


def test_other_disputes_of_the_same_people_are_listed(accepted, client_of, reviewing_judge, make_dispute, cast):
    make_dispute(cast["mediator_of_taiping"], code="TP2308-0999")

    earlier = client_of(reviewing_judge).get(review(accepted)).context["earlier"]

    assert [dispute.code for dispute in earlier] == ["TP2308-0999"]


@pytest.mark.parametrize("who", ["court_clerk", "reviewing_judge", "judges_assistant", "committee_officer"])
def test_a_file_costs_at_most_twenty_queries(accepted, client_of, cast, who):
    client = client_of(cast[who])

    with CaptureQueriesContext(connection) as queries:
        client.get(review(accepted))

    assert len(queries) <= QUERIES_AT_MOST


# the dock


def dock(request, client) -> tuple[list[str], list[str], str]:
    """(buttons, with - before those switched off; the menu; why)."""
    found = client.get(review(request)).context["dock"]
    buttons = [button.verb if button.enabled else f"-{button.verb}" for button in found.buttons]
    return buttons, [button.verb for button in found.menu], found.why


WHO_ACCEPTS = "您能看这一件，但受理由立案人员办。"
WHO_RULES = "您能看这一件，但它由沈明轩法官承办，裁定协议有效由承办法官作出。"


@pytest.mark.parametrize(
    ("who", "buttons", "menu", "why"),
    [
        ("court_clerk", ["ask_correction", "accept"], [], "收到申请之日起三日内决定是否受理。"),
        (
            "reviewing_judge",
            ["ask_correction", "refuse", "-accept"],
            ["draft_ruling", "permit_withdrawal"],
            WHO_ACCEPTS,
        ),
        ("judges_assistant", ["-accept"], ["draft_ruling"], WHO_ACCEPTS),
    ],
)
def test_the_dock_of_a_submitted_request(submitted, client_of, cast, who, buttons, menu, why):
    assert dock(submitted, client_of(cast[who])) == (buttons, menu, why)


@pytest.mark.parametrize(
    ("who", "buttons", "menu", "why"),
    [
        ("court_clerk", ["ask_supplement", "-confirm"], ["assign_judge", "extend"], WHO_RULES),
        (
            "reviewing_judge",
            ["ask_supplement", "reject", "confirm"],
            ["draft_ruling", "extend", "permit_withdrawal", "deem_withdrawn"],
            "没有不通过的项目。需您判断的，裁定有效即认为可以。",
        ),
        ("judges_assistant", ["-confirm"], ["draft_ruling"], WHO_RULES),
    ],
)
def test_the_dock_of_an_accepted_request(accepted, client_of, cast, who, buttons, menu, why):
    assert dock(accepted, client_of(cast[who])) == (buttons, menu, why)


def test_an_item_found_wanting_switches_confirming_off_and_says_why(accepted, client_of, reviewing_judge):
    court_review.weigh_check(
        request_id=accepted.pk, key="content", ok=False, text="没有日子。", by=reviewing_judge, on=day("2023-09-20")
    )

    buttons, _, why = dock(accepted, client_of(reviewing_judge))

    assert buttons == ["ask_supplement", "reject", "-confirm"]
    assert why == "还有 1 项不通过未处理，暂不能裁定有效。可以先通知补充，或通知双方共同到庭核实后改写意见。"


def test_a_decided_request_waits_for_its_service(accepted, client_of, cast):
    confirm(accepted, cast["reviewing_judge"])

    assert dock(accepted, client_of(cast["court_clerk"])) == (["serve"], [], "裁定书要逐一送达双方。")
    assert dock(accepted, client_of(cast["reviewing_judge"]))[0] == ["-serve"]


@pytest.mark.parametrize("who", ["mediator_of_taiping", "officer_of_taiping", "committee_officer", "justice_officer"])
def test_who_is_not_of_the_court_reads_without_a_dock(accepted, client_of, cast, who):
    response = client_of(cast[who]).get(review(accepted))

    assert (response.status_code, response.context["dock"], response.context["dialogs"]) == (200, None, [])


# the steps


@pytest.mark.parametrize(
    ("verb", "who", "data", "state"),
    [
        ("accept", "court_clerk", {"number": "", "judge": "judge"}, "accepted"),
        ("ask_correction", "court_clerk", {"what": "缺签名。", "due_on": "2023-09-25"}, "correcting"),
        ("refuse", "reviewing_judge", {"ground_key": "title", "grounds": "涉及确权。"}, "not_accepted"),
        ("permit_withdrawal", "reviewing_judge", {"grounds": "双方撤回。"}, "withdrawn"),
    ],
)
def test_a_step_on_a_submitted_request_is_done_from_its_form(submitted, client_of, cast, verb, who, data, state):
    given = {name: str(cast["reviewing_judge"].pk) if value == "judge" else value for name, value in data.items()}

    response = client_of(cast[who]).post(
        step(submitted, verb), {"version": submitted.version, "on": "2023-09-20", **given}
    )

    submitted.refresh_from_db()
    assert (response.status_code, response.url, submitted.state) == (302, review(submitted), state)


@pytest.mark.parametrize(
    ("verb", "who", "data", "state"),
    [
        ("confirm", "reviewing_judge", {"heard_on": "2023-09-20", "grounds": ""}, "confirmed"),
        ("reject", "reviewing_judge", {"ground_key": "unclear", "grounds": "没有日子。"}, "rejected"),
        ("deem_withdrawn", "reviewing_judge", {"grounds": "拒不接受询问。"}, "deemed_withdrawn"),
        ("ask_supplement", "court_clerk", {"what": "补凭证。", "due_on": "2023-09-25"}, "supplementing"),
        ("extend", "court_clerk", {"president": "容国华"}, "accepted"),
        ("draft_ruling", "judges_assistant", {"verb": "reject", "grounds": "没有日子。"}, "accepted"),
        ("weigh", "judges_assistant", {"key": "content", "ok": "1", "text": "可以。"}, "accepted"),
    ],
)
def test_a_step_on_an_accepted_request_is_done_from_its_form(accepted, client_of, cast, verb, who, data, state):
    response = client_of(cast[who]).post(
        step(accepted, verb), {"version": accepted.version, "on": "2023-09-20", **data}
    )

    accepted.refresh_from_db()
    assert (response.status_code, response.url, accepted.state) == (302, review(accepted), state)


def test_service_on_both_closes_the_file(accepted, client_of, court_clerk, reviewing_judge):
    request = confirm(accepted, reviewing_judge)
    client, parties = client_of(court_clerk), list(request.agreement.mediation.dispute.parties.all())

    for at, party in enumerate(parties):
        client.post(
            step(request, "serve"),
            {"version": request.version + at, "on": "2023-09-20", "party": str(party.pk), "method": "in_person"},
        )

    request.refresh_from_db()
    assert (request.served_on, dock(request, client)) == (date(2023, 9, 20), ([], [], "已办结。"))


@pytest.mark.parametrize("verb", ["accept", "ask_correction", "claim"])
def test_each_step_has_a_page_of_its_own_without_scripts(submitted, client_of, court_clerk, verb):
    response = client_of(court_clerk).get(step(submitted, verb))

    assert (response.status_code, response.templates[0].name) == (200, "court/confirmation_step.html")


def test_a_refused_step_keeps_what_was_typed_at_its_field(accepted, client_of, reviewing_judge):
    response = client_of(reviewing_judge).post(
        step(accepted, "reject"), {"version": accepted.version, "on": "2023-09-20", "grounds": "余款没有写明日子。"}
    )

    form = response.context["form"]
    assert response.status_code == 422
    assert form.errors == {"ground_key": ["请选择法定情形。"]}
    assert form["grounds"].value() == "余款没有写明日子。"


def test_a_refusal_of_the_action_stands_at_its_field(accepted, client_of, reviewing_judge):
    response = client_of(reviewing_judge).post(
        step(accepted, "confirm"), {"version": accepted.version, "on": "2023-09-20", "heard_on": "2023-09-01"}
    )

    assert (response.status_code, response.context["form"].errors) == (
        422,
        {"heard_on": ["双方到场核实要在法院收到申请之后、裁定之前。"]},
    )


def test_the_assistants_draft_stands_in_the_judges_form(accepted, client_of, cast):
    court_review.draft_ruling(
        request_id=accepted.pk,
        verb="reject",
        by=cast["judges_assistant"],
        on=day("2023-09-20"),
        grounds="余款没有写明日子。",
        ground_key="unclear",
    )

    form = client_of(cast["reviewing_judge"]).get(step(accepted, "reject")).context["form"]

    assert (form["ground_key"].value(), form["grounds"].value()) == ("unclear", "余款没有写明日子。")
