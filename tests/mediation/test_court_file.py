"""One file of the court: clocks, pre-check, paper, dock by role and state, each step as a page, stale pages, papers."""

import io
from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from docx import Document

from core.models import AuditEntry
from mediation.actions import court_review
from mediation.actions.confirmations import save_draft
from mediation.documents.agreement import agreement_context
from mediation.models import ConfirmationRequest
from tests.mediation.confirmation_kit import accept, agreement_of, confirm, day, serve, submit

QUERIES_AT_MOST = 20


@pytest.fixture
def submitted(agreed, cast):
    """Filed with one vague clause and its sentence."""
    agreement = agreement_of(agreed)
    agreement.clauses = ["梁伯坚分三期还清借款。", "余款年底结清。"]
    agreement.save(update_fields=["clauses"])
    return submit(agreed, cast["mediator_of_taiping"], answers={"content": "说定是2023年12月31日。"})


@pytest.fixture
def accepted(submitted, court_clerk):
    """Accepted on 2023-09-12."""
    return accept(submitted, court_clerk)


def review(request) -> str:
    return reverse("court:confirmation-review", args=[request.pk])


def step(request, verb: str) -> str:
    return reverse("court:confirmation-step", args=[request.pk, verb])


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


# stale pages


def test_a_stale_page_is_409_with_who_was_first_and_what_was_typed(accepted, client_of, cast):
    seen = accepted.version
    confirm(accepted, cast["reviewing_judge"])

    response = client_of(cast["reviewing_judge"]).post(
        step(accepted, "reject"),
        {"version": seen, "on": "2023-09-20", "ground_key": "unclear", "grounds": "余款没有写明日子。"},
    )

    text = response.content.decode()
    assert response.status_code == 409
    assert "没有保存：沈明轩 10:05 先办了「裁定协议有效」，这一件现在是「裁定有效」。" in text
    assert response.context["why_impossible"] == "这一件现在是「裁定有效」，不能裁定驳回申请。您写的可以抄走。"
    assert "余款没有写明日子。" in text


def test_after_reading_what_changed_the_same_form_can_be_sent_again(accepted, client_of, cast):
    seen, client = accepted.version, client_of(cast["reviewing_judge"])
    court_review.weigh_check(
        request_id=accepted.pk, key="joint", ok=True, text="", by=cast["judges_assistant"], on=day("2023-09-20")
    )
    data = {"on": "2023-09-20", "heard_on": "2023-09-20"}

    stale = client.post(step(accepted, "confirm"), {**data, "version": seen})
    again = client.post(step(accepted, "confirm"), {**data, "version": stale.context["form"]["version"].value()})

    accepted.refresh_from_db()
    assert (stale.status_code, again.status_code, accepted.state) == (409, 302, "confirmed")


# who


@pytest.mark.parametrize(
    ("verb", "who", "status"),
    [
        ("accept", "reviewing_judge", 403),
        ("accept", "mediator_of_taiping", 403),
        ("refuse", "court_clerk", 403),
        ("claim", "committee_officer", 403),
        ("accept", "mediator_of_shuangdong", 404),
        ("accept", "admin", 403),
        ("accept", "auditor", 403),
    ],
)
@pytest.mark.parametrize("method", ["get", "post"])
def test_a_step_is_denied_to_whom_it_does_not_belong(submitted, client_of, cast, verb, who, status, method):
    response = getattr(client_of(cast[who]), method)(step(submitted, verb), {"version": submitted.version})

    submitted.refresh_from_db()
    assert (response.status_code, submitted.state) == (status, "submitted")


def test_a_step_that_does_not_exist_is_not_there(submitted, client_of, court_clerk):
    assert client_of(court_clerk).get(step(submitted, "burn")).status_code == 404


def test_a_draft_is_not_there_for_the_court(agreed, client_of, cast):
    draft = save_draft(agreement_id=agreement_of(agreed).pk, by=cast["mediator_of_taiping"])

    seen = {who: client_of(cast[who]).get(review(draft)).status_code for who in ("court_clerk", "officer_of_taiping")}

    assert seen == {"court_clerk": 404, "officer_of_taiping": 200}


def test_a_field_the_form_does_not_have_changes_nothing(submitted, client_of, court_clerk):
    client_of(court_clerk).post(
        step(submitted, "claim"), {"version": submitted.version, "state": "confirmed", "town_code": "445381004"}
    )

    found = ConfirmationRequest.objects.get(pk=submitted.pk)
    assert (found.state, found.town_code) == ("submitted", "445381101")


# papers


def paper(request, name: str) -> str:
    return reverse("court:confirmation-paper", args=[request.pk, name])


def words(response) -> str:
    data = b"".join(response.streaming_content)
    return "\n".join(paragraph.text for paragraph in Document(io.BytesIO(data)).paragraphs)


def test_a_paper_is_masked_by_get_and_in_full_for_a_reason(accepted, client_of, court_clerk):
    client = client_of(court_clerk)

    masked = words(client.get(paper(accepted, "application")))
    clear = words(client.post(paper(accepted, "application"), {"reason": "制作司法文书"}))

    assert ("445381196805041234" in masked, "445381196805041234" in clear) == (False, True)
    taken = AuditEntry.objects.filter(action="confirmation.paper").order_by("seq")
    assert [row.detail for row in taken] == [
        {"paper": "application", "clear": False, "reason": ""},
        {"paper": "application", "clear": True, "reason": "制作司法文书"},
    ]


def test_full_numbers_need_a_reason(accepted, client_of, court_clerk):
    assert client_of(court_clerk).post(paper(accepted, "application")).status_code == 422


@pytest.mark.parametrize(
    ("who", "status"), [("committee_officer", 403), ("justice_officer", 403), ("mediator_of_shuangdong", 404)]
)
def test_full_numbers_are_not_for_everybody_who_sees_the_file(accepted, client_of, cast, who, status):
    response = client_of(cast[who]).post(paper(accepted, "application"), {"reason": "想看"})

    assert response.status_code == status


def test_a_paper_is_there_once_its_step_is_done(submitted, client_of, court_clerk, reviewing_judge):
    client = client_of(court_clerk)

    def there() -> list[int]:
        return [client.get(paper(submitted, name)).status_code for name in ("application", "notice", "ruling")]

    before = there()
    accept(submitted, court_clerk)
    after_acceptance = there()
    confirm(submitted, reviewing_judge)

    assert (before, after_acceptance, there()) == ([200, 404, 404], [200, 200, 404], [200, 200, 200])


def test_the_drafted_ruling_is_stored_without_full_numbers(accepted, client_of, court_clerk, reviewing_judge):
    request = confirm(accepted, reviewing_judge)

    stored = client_of(court_clerk).get(reverse("file-download", args=[request.instrument_id]))
    text = words(stored)

    assert ("445381196805041234" in text, "445381********1234" in text) == (False, True)


def test_when_everybody_has_the_ruling_there_is_nothing_to_serve(accepted, cast, client_of):
    confirm(accepted, cast["reviewing_judge"])
    for party in accepted.agreement.mediation.dispute.parties.all():
        serve(accepted, party, cast["court_clerk"])

    html = client_of(cast["court_clerk"]).get(step(accepted, "serve")).content.decode()

    assert "裁定书已经送达全部当事人，最后一名在9月20日，不用再登记。" in html
    assert ('name="party"' in html, ">送达</button>" in html) == (False, False)
    assert html.count("9月20日　直接送达") == 2


def test_on_paper_the_file_says_who_printed_it_when_and_every_day(accepted, cast, client_of):
    html = client_of(cast["reviewing_judge"]).get(review(accepted)).content.decode()

    judge = cast["reviewing_judge"]
    assert f"打印于 2023年9月20日 10:05，{judge}（{judge.get_role_display()}）。" in html
    assert "最后一日：2023年9月27日（2023年9月12日起算）。" in html
