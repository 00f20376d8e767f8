"""The 送达回证: blank where somebody signs, afterwards what was recorded; on record before it is handed out."""

import io
from dataclasses import replace

import pytest
from django.urls import reverse
from docx import Document

from core.documents import DOCX_TYPE, template_variables
from core.models import AuditEntry
from liaison.actions.assistance_visits import complete_assistance
from liaison.choices import AssistanceKind, SignedBy
from liaison.documents import BLANK_DAY, TEMPLATE, receipt_context
from liaison.models import AssistanceRequest
from tests.liaison import assistance_kit as kit
from tests.liaison.assistance_kit import ADDRESS, NAME, NUMBER, VISITED, accepted, ask_for, done

K = AssistanceKind
pytestmark = pytest.mark.usefixtures("visit_day")


def receipt(client, request):
    return client.post(reverse("liaison:assistance-receipt", args=[request.pk]))


def rows(response) -> dict[str, str]:
    table = Document(io.BytesIO(b"".join(response.streaming_content))).tables[0]
    return {row.cells[0].text.replace("\n", "").replace("　", ""): row.cells[1].text for row in table.rows}


def test_before_the_visit_the_places_to_sign_are_blank(going, mediator_of_taiping, client_of):
    response = receipt(client_of(mediator_of_taiping), going)

    assert response["Content-Type"] == DOCX_TYPE
    assert rows(response) == {
        "案号": NUMBER,
        "送达文书名称和件数": "起诉状副本、应诉通知书、传票　3 件",
        "受送达人": NAME,
        "送达地点": ADDRESS,
        "送达方式": "直接送达",
        "受送达人签名或者盖章": f"\n{BLANK_DAY}",
        "代收人签名及与受送达人的关系": f"\n{BLANK_DAY}",
        "见证人签名或者盖章": "",
        "送达人签名或者盖章": f"\n{BLANK_DAY}",
        "备注": "",
    }


def test_the_addressee_signed(going, mediator_of_taiping):
    done(going, mediator_of_taiping)

    context = receipt_context(AssistanceRequest.objects.get())

    assert (context["addressee_signed"], context["addressee_signed_on"], context["receiver_signed"]) == (
        NAME,
        "2023年9月8日",
        "",
    )
    assert (context["server"], context["place"]) == ("黎桂生（太平镇法官联络点）", "潭白村12号")


def test_somebody_of_the_household_signed(going, mediator_of_taiping):
    record = replace(
        kit.WHOLE[K.SERVE_DIRECT], signed_by=SignedBy.FAMILY, signer_name="沈小明", relation="儿子", place=""
    )
    complete_assistance(request_id=going.pk, record=record, by=mediator_of_taiping, on=VISITED)

    context = receipt_context(AssistanceRequest.objects.get())

    assert (context["addressee_signed"], context["addressee_signed_on"]) == ("", BLANK_DAY)
    assert (context["receiver_signed"], context["receiver_signed_on"]) == (
        "沈小明（同住成年家属，儿子）",
        "2023年9月8日",
    )
    assert context["place"] == ADDRESS


def test_a_paper_left_says_who_refused_why_and_who_saw_it(going, mediator_of_taiping):
    done(going, mediator_of_taiping, K.SERVE_LEAVE)

    context = receipt_context(AssistanceRequest.objects.get())

    assert (context["way"], context["witnesses"]) == ("留置送达", "潭白村民委员会主任 谭伯年")
    assert context["note"] == "受送达人拒收：看过传票后说不签，关门进屋。文书留在受送达人的住所。"
    assert context["addressee_signed_on"] == BLANK_DAY


def test_the_template_asks_for_nothing_that_the_receipt_has_not(going):
    assert template_variables(TEMPLATE) == set(receipt_context(going))


def test_printing_stands_in_the_trail_before_the_paper_is_handed_out(going, court_clerk, client_of):
    receipt(client_of(court_clerk), going)

    assert AuditEntry.objects.get(action="assistance.print").actor == court_clerk


def test_only_a_service_has_a_receipt(point, court_clerk, officer_of_taiping, client_of):
    talk = accepted(ask_for(point, court_clerk, K.OUTREACH), officer_of_taiping)

    assert receipt(client_of(court_clerk), talk).status_code == 404
