"""Who comes second at a file of the court, who may do what there, and its papers, masked and in full."""

import io

import pytest
from django.urls import reverse
from docx import Document

from core.models import AuditEntry
from mediation.actions import court_review
from mediation.actions.confirmations import save_draft
from mediation.models import ConfirmationRequest
from tests.mediation.confirmation_kit import accept, agreement_of, confirm, day, serve
from tests.mediation.court_kit import accepted, review, step, submitted

__all__ = ["accepted", "submitted"]


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
