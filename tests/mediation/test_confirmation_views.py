"""The town's pages: preparing, ticking, filing, what the court asked for; what comes back keeps what was typed."""

import io

import pytest
from django.urls import reverse
from docx import Document

from core.models import AuditEntry
from mediation.actions import court_review
from mediation.actions.confirmations import save_draft
from mediation.models import ConfirmationRequest
from mediation.queries.confirmations import slot_for
from tests.mediation.confirmation_kit import PAPERS, accept, agreement_of, confirm, day, submit

TICKED = {"joint": "on", "promise": "on", "materials": sorted(PAPERS), "on": "2023-09-20"}


def page(name: str, dispute) -> str:
    return reverse(f"mediation:{name}", args=[dispute.code])


@pytest.fixture
def mediator(client_of, mediator_of_taiping):
    return client_of(mediator_of_taiping)


# preparing


def test_the_page_shows_what_is_missing_before_what_passed(agreed, mediator):
    response = mediator.get(page("confirmation-new", agreed))

    context = response.context
    assert [item.key for item in context["wanting"]] == ["joint", "promise"]
    assert len(context["missing_papers"]) == 5
    assert context["obstacle"] == "还有 7 项不通过，暂不能报法院。"
    assert '<button class="btn btn-primary" type="submit" formaction=' in response.content.decode()
    assert "hx-disable disabled>协助双方提交</button>" in response.content.decode()


def test_looking_at_the_page_writes_nothing(agreed, mediator):
    mediator.get(page("confirmation-new", agreed))

    assert ConfirmationRequest.objects.count() == 0


def test_a_saved_draft_comes_back_as_it_was(agreed, mediator):
    mediator.post(page("confirmation-new", agreed), {"joint": "on", "materials": ["agreement"], "on": "2023-09-20"})

    form = mediator.get(page("confirmation-new", agreed)).context["form"]
    assert (form["joint"].value(), form["promise"].value(), form["materials"].value()) == (True, False, ["agreement"])


def test_a_tick_sent_by_htmx_brings_the_checks_the_dock_and_the_version(agreed, mediator):
    response = mediator.post(page("confirmation-new", agreed), TICKED, headers={"HX-Request": "true"})

    text = response.content.decode()
    assert response.templates[0].name == "mediation/confirmation_checks.html"
    assert ('id="application-dock" hx-swap-oob="true"' in text, 'name="version" value="2"' in text) == (True, True)
    assert "预审没有不通过的项目，可以报法院。" in text


def test_a_sentence_is_asked_for_and_kept(agreed, mediator):
    agreement = agreement_of(agreed)
    agreement.clauses = ["余款年底结清。"]
    agreement.save(update_fields=["clauses"])

    refused = mediator.post(page("confirmation-submit", agreed), TICKED)
    filed = mediator.post(page("confirmation-submit", agreed), TICKED | {"answer_content": "说定是12月31日。"})

    assert (refused.status_code, refused.context["obstacle"]) == (422, "还有 1 项要写一句说明，暂不能报法院。")
    assert (filed.status_code, ConfirmationRequest.objects.get().answers) == (302, {"content": "说定是12月31日。"})


# filing


def test_filing_leads_back_to_the_dispute(agreed, mediator):
    response = mediator.post(page("confirmation-submit", agreed), TICKED)

    assert (response.status_code, response.url) == (302, agreed.get_absolute_url())
    assert ConfirmationRequest.objects.get().state == "submitted"


def test_a_refused_filing_keeps_every_tick(agreed, mediator):
    response = mediator.post(page("confirmation-submit", agreed), {**TICKED, "promise": ""})

    form = response.context["form"]
    assert response.status_code == 422
    assert form.non_field_errors() == ["还有 1 项不通过，暂不能报法院。请先补齐下面标出的各项。"]
    assert (form["joint"].value(), form["materials"].value()) == (True, sorted(PAPERS))


def test_a_day_to_come_is_refused_at_its_field(agreed, mediator):
    response = mediator.post(page("confirmation-submit", agreed), {**TICKED, "on": "2023-09-21"})

    assert (response.status_code, response.context["form"].errors) == (
        422,
        {"on": ["不能晚于今天（2023年9月20日）。"]},
    )


def test_a_page_opened_before_a_colleague_saved_is_stale(agreed, mediator):
    mediator.post(page("confirmation-new", agreed), TICKED)

    response = mediator.post(page("confirmation-submit", agreed), {**TICKED, "version": "1"})

    assert response.status_code == 409
    assert response.context["form"].non_field_errors()[0].startswith("没有保存：黎桂生 10:05 先办了「存草稿」")


def test_pressing_twice_files_once(agreed, mediator):
    mediator.post(page("confirmation-submit", agreed), TICKED)

    response = mediator.post(page("confirmation-submit", agreed), TICKED)

    assert (response.status_code, ConfirmationRequest.objects.count()) == (302, 1)


def test_what_is_with_the_court_is_not_prepared_again(agreed, mediator, mediator_of_taiping):
    submit(agreed, mediator_of_taiping)

    response = mediator.get(page("confirmation-new", agreed))

    assert (response.status_code, response.url) == (302, agreed.get_absolute_url())


def test_without_an_agreement_the_page_says_what_to_do_first(met, mediator):
    response = mediator.get(page("confirmation-new", met))

    assert (response.status_code, "这件还没有调解协议" in response.content.decode()) == (422, True)


def test_a_draft_can_be_thrown_away(agreed, mediator):
    mediator.post(page("confirmation-new", agreed), TICKED)

    response = mediator.post(page("confirmation-discard", agreed))

    assert (response.status_code, ConfirmationRequest.objects.count()) == (302, 0)


# what the court asked for


def test_what_the_court_asked_for_is_handed_in(agreed, mediator, cast):
    request = submit(agreed, cast["mediator_of_taiping"])
    court_review.ask_correction(
        request_id=request.pk, by=cast["court_clerk"], on=day("2023-09-12"), what="缺签名。", due_on=day("2023-09-25")
    )

    shown = mediator.get(page("confirmation-supplement", agreed))
    done = mediator.post(
        page("confirmation-supplement", agreed), {"version": "3", "on": "2023-09-20", "answer": "已补签。"}
    )

    request.refresh_from_db()
    assert (shown.context["notice"].what, shown.context["heading"]) == ("缺签名。", "交补正材料")
    assert (done.status_code, request.state) == (302, "submitted")


def test_an_empty_answer_is_refused_at_its_field(agreed, mediator, cast):
    request = submit(agreed, cast["mediator_of_taiping"])
    court_review.ask_correction(
        request_id=request.pk, by=cast["court_clerk"], on=day("2023-09-12"), what="缺签名。", due_on=day("2023-09-25")
    )

    response = mediator.post(page("confirmation-supplement", agreed), {"on": "2023-09-20", "answer": ""})

    assert (response.status_code, response.context["form"].errors) == (422, {"answer": ["请填写补了什么。"]})


def test_with_nothing_asked_there_is_nothing_to_hand_in(agreed, mediator):
    assert mediator.get(page("confirmation-supplement", agreed)).status_code == 302


# who


@pytest.mark.parametrize(
    ("who", "status"),
    [
        ("mediator_of_shuangdong", 404),
        ("officer_of_taiping", 403),
        ("court_clerk", 403),
        ("reviewing_judge", 403),
        ("committee_officer", 403),
        ("admin", 403),
        ("auditor", 403),
    ],
)
@pytest.mark.parametrize(
    ("name", "method"),
    [
        ("confirmation-new", "get"),
        ("confirmation-new", "post"),
        ("confirmation-submit", "post"),
        ("confirmation-discard", "post"),
        ("confirmation-supplement", "get"),
    ],
)
def test_nobody_but_the_mediator_in_charge_prepares(agreed, client_of, cast, who, status, name, method):
    response = getattr(client_of(cast[who]), method)(page(name, agreed), TICKED)

    assert (response.status_code, ConfirmationRequest.objects.count()) == (status, 0)


# the part of the dispute page


@pytest.mark.parametrize(
    ("upto", "state", "verb"),
    [
        ("nothing", "", "准备申请"),
        ("draft", "draft", "继续准备申请"),
        ("submitted", "submitted", None),
        ("correcting", "correcting", "交补正材料"),
        ("accepted", "accepted", None),
        ("confirmed", "confirmed", None),
    ],
)
def test_the_dispute_page_shows_state_and_next_step(agreed, mediator, cast, upto, state, verb):
    who = cast["mediator_of_taiping"]
    if upto == "draft":
        save_draft(agreement_id=agreement_of(agreed).pk, by=who)
    elif upto != "nothing":
        request = submit(agreed, who)
        if upto == "correcting":
            court_review.ask_correction(
                request_id=request.pk,
                by=cast["court_clerk"],
                on=day("2023-09-12"),
                what="缺签名。",
                due_on=day("2023-09-25"),
            )
        elif upto != "submitted":
            request = accept(request, cast["court_clerk"])
            if upto == "confirmed":
                confirm(request, cast["reviewing_judge"])

    slot = slot_for(agreed, who)

    assert slot is not None
    assert (slot.state, slot.next_verb.label if slot.next_verb else None) == (state, verb)
    assert mediator.get(agreed.get_absolute_url()).status_code == 200


def test_the_court_does_not_see_a_draft_on_the_dispute_page(agreed, mediator, client_of, cast):
    mediator.post(page("confirmation-new", agreed), TICKED)

    text = client_of(cast["court_clerk"]).get(agreed.get_absolute_url()).content.decode()

    assert ("继续准备申请" in text, "草稿" in text) == (False, False)


# the paper to be signed


def test_the_application_is_printed_before_anything_is_drafted(agreed, mediator):
    shown = mediator.get(page("confirmation-new", agreed)).content.decode()

    response = mediator.post(page("confirmation-docx", agreed))

    text = "\n".join(paragraph.text for paragraph in Document(io.BytesIO(response.getvalue())).paragraphs)
    assert shown.count('form="application-word"') == 1
    assert f'id="application-word" method="post" action="{page("confirmation-docx", agreed)}"' in shown
    assert [words for words in ("445381196805041234", "第1期：2023年9月30日前（含当日），") if words not in text] == []
    entry = AuditEntry.objects.get(action="paper.print")
    assert (entry.detail["paper"], entry.detail["clear"]) == (
        f"application {agreement_of(agreed).number}",
        ["id_number", "phone", "address"],
    )
    assert ConfirmationRequest.objects.count() == 0


def test_without_an_agreement_there_is_nothing_to_apply_for(met, mediator):
    response = mediator.post(page("confirmation-docx", met))

    assert (response.status_code, "这件还没有调解协议" in response.content.decode()) == (422, True)
