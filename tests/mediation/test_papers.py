"""The agreement and the record of a meeting in Word: their words, their look, who may draw them up."""

import io
import shutil
import subprocess
from urllib.parse import unquote

import pytest
from django.urls import reverse
from docx import Document
from docx.oxml.ns import qn

from core.documents import DOCX_TYPE, template_variables
from core.models import AuditEntry
from mediation.actions.signatures import Entry, record_signature
from mediation.choices import AgreementForm, Basis, SignerKind, SignMethod
from mediation.documents.agreement import agreement_context
from mediation.documents.session import session_context
from mediation.models import Agreement, Mediation, Session
from tests.mediation.conftest import at, meet, write

pytestmark = pytest.mark.django_db
DAY = "　　　　　　　　　　　　　　年　　月　　日"


def agreement_word(client, dispute):
    return client.post(reverse("mediation:agreement-docx", args=[dispute.code]))


def session_word(client, dispute, session):
    return client.post(reverse("mediation:session-docx", args=[dispute.code, session.pk]))


def lines(response) -> list[str]:
    return [paragraph.text for paragraph in Document(io.BytesIO(response.content)).paragraphs if paragraph.text]


@pytest.fixture
def mediator(client_of, mediator_of_taiping):
    return client_of(mediator_of_taiping)


def test_the_agreement_prints_parties_facts_clauses_items_and_places_to_sign(mediator, drafted):
    response = agreement_word(mediator, drafted)

    assert response["Content-Type"] == DOCX_TYPE
    assert lines(response) == [
        "人民调解协议书",
        "太平人调〔2023〕1号",
        "申请人：沈水旺，男，公民身份号码445381196805041234，住罗定市太平镇潭白村12号，联系电话13800006072。",
        "被申请人：梁伯坚，男，公民身份号码445381197403025618，住罗定市太平镇潭白村12号，联系电话13700002290。",
        "一、纠纷主要事实、争议事项和各方责任",
        "2021年5月，梁伯坚向沈水旺借款五万元，已还二千元。双方对欠款四万八千元没有争议。",
        "二、2023年9月1日，经调解，双方当事人自愿达成如下协议：",
        "（一）梁伯坚分三期还清借款48,000元。",
        "（二）沈水旺放弃利息。",
        "三、履行方式、期限",
        "履行方式、地点：银行转账。",
        "第1期：2023年9月30日前（含当日），梁伯坚还款12,000元。",
        "第2期：2023年10月31日前（含当日），梁伯坚还款12,000元。",
        "第3期：2023年11月30日前（含当日），梁伯坚还款24,000元。",
        "本协议具有法律约束力，双方应当按照约定履行。双方当事人认为有必要的，可以自本协议生效之日起三十日内"
        "共同向人民法院申请司法确认。本协议一式三份。",
        "申请人沈水旺（签名、盖章或者按指印）：",
        DAY,
        "被申请人梁伯坚（签名、盖章或者按指印）：",
        DAY,
        "调解员（签名）：",
        DAY,
        "记录人（签名）：",
        DAY,
        "罗定市太平镇人民调解委员会（印）",
        "　　　　年　　月　　日",
    ]


def test_the_day_under_the_seal_is_the_seals_own_once_it_is_on_record(drafted, mediator_of_taiping):
    seal = Entry(SignerKind.SEAL, at("2023-09-04 09:00"), SignMethod.STAMP)
    record_signature(dispute_id=drafted.pk, by=mediator_of_taiping, entry=seal)

    assert agreement_context(Agreement.objects.get())["date"] == "2023年9月4日"


def test_the_paper_is_a4_with_the_margins_of_official_papers_in_fangsong(mediator, drafted):
    document = Document(io.BytesIO(agreement_word(mediator, drafted).content))

    section = document.sections[0]
    body = next(paragraph for paragraph in document.paragraphs if paragraph.text.startswith("申请人："))
    fonts = body.runs[0]._r.rPr.find(qn("w:rFonts"))
    assert [round(side.mm) for side in (section.page_width, section.page_height)] == [210, 297]
    assert [round(side.mm) for side in (section.top_margin, section.bottom_margin)] == [37, 35]
    assert [round(side.mm) for side in (section.left_margin, section.right_margin)] == [28, 26]
    assert (fonts.get(qn("w:eastAsia")), body.runs[0].font.size.pt) == ("仿宋", 16)


def test_an_oral_agreement_prints_as_a_record_that_the_mediator_signs(mediator, met, mediator_of_taiping):
    write(met, mediator_of_taiping, form=AgreementForm.ORAL, clauses=["双方互相道歉。"], items=(), manner="")

    printed = lines(agreement_word(mediator, met))

    assert printed[0] == "人民调解口头协议登记表"
    assert "本协议没有需要另行履行的事项。" in printed
    assert [line for line in printed if "（签名" in line] == [
        "调解员（签名）：",
        "记录人（签名）：",
    ]


def test_an_agreement_after_filing_goes_to_the_court_not_to_confirmation(drafted):
    Mediation.objects.update(basis=Basis.POST_FILING)

    closing = agreement_context(Agreement.objects.get())["closing"]

    assert "由人民法院出具调解书，或者由当事人申请撤诉" in closing
    assert "司法确认" not in closing


def test_what_looks_like_markup_stays_text(mediator, met, mediator_of_taiping):
    write(met, mediator_of_taiping, clauses=["甲<w:p>乙 & {{ number }}"])

    assert "（一）甲<w:p>乙 & {{ number }}" in lines(agreement_word(mediator, met))


def test_the_record_prints_who_came_what_was_told_and_what_was_said(mediator, mediating, mediator_of_taiping):
    session = meet(mediating, mediator_of_taiping, others="潭白村干部何某", private_note="底线是四万五千")

    printed = lines(session_word(mediator, mediating, session))

    assert printed[:12] == [
        "人民调解记录",
        "（第1次）",
        "时间：2023年8月30日",
        "地点：太平镇法官联络点",
        "事由：沈水旺与梁伯坚民间借贷纠纷",
        "方式：现场",
        "调解员：黎桂生",
        "记录人：黎桂生",
        "到场申请人：沈水旺",
        "到场被申请人：梁伯坚",
        "其他参加人：潭白村干部何某",
        "告知事项",
    ]
    assert "双方各自陈述。被申请人承认借款，要求分期。" in printed
    assert "底线" not in "".join(printed)


def test_a_template_asks_for_nothing_that_its_context_does_not_have(drafted):
    session = Session.objects.get()

    assert template_variables("agreement.docx") <= set(agreement_context(Agreement.objects.get()))
    assert template_variables("session_record.docx") <= set(session_context(session, serial=1))


# ── on record, and for whom ──────────────────────────────────────────────────
def test_drawing_up_the_agreement_in_clear_is_on_record(mediator, drafted, mediator_of_taiping):
    agreement_word(mediator, drafted)

    entry = AuditEntry.objects.get(action="paper.print")
    assert (entry.actor, entry.detail["paper"], entry.detail["clear"]) == (
        mediator_of_taiping,
        "agreement 太平人调〔2023〕1号",
        ["id_number", "phone", "address"],
    )


def test_the_file_name_tells_of_no_person(mediator, drafted):
    name = unquote(agreement_word(mediator, drafted)["Content-Disposition"])

    assert name == "attachment; filename*=utf-8''调解协议-TP2308-0146.docx"


def test_a_visit_draws_nothing_up(mediator, drafted):
    response = mediator.get(reverse("mediation:agreement-docx", args=[drafted.code]))

    assert (response.status_code, AuditEntry.objects.filter(action="paper.print").count()) == (405, 0)


@pytest.mark.parametrize(
    ("who", "status"),
    [
        ("officer_of_taiping", 200),
        ("mediator_of_shuangdong", 404),
        ("reviewing_judge", 403),
        ("court_clerk", 403),
        ("committee_officer", 403),
        ("admin", 403),
    ],
)
def test_only_the_town_draws_up_papers_in_clear(cast, client_of, drafted, who, status):
    client = client_of(cast[who])

    assert agreement_word(client, drafted).status_code == status
    assert session_word(client, drafted, Session.objects.get()).status_code == status


def test_the_record_of_another_dispute_is_not_there(mediator, drafted, make_dispute, mediator_of_taiping):
    other = make_dispute(mediator_of_taiping, code="TP2308-0147")

    assert session_word(mediator, other, Session.objects.get()).status_code == 404


@pytest.mark.skipif(not shutil.which("soffice"), reason="needs LibreOffice")
def test_libreoffice_opens_both_papers(mediator, drafted, tmp_path):
    for name, response in (
        ("agreement", agreement_word(mediator, drafted)),
        ("record", session_word(mediator, drafted, Session.objects.get())),
    ):
        (tmp_path / f"{name}.docx").write_bytes(response.content)
        command = ["soffice", "--headless", f"-env:UserInstallation=file://{tmp_path}/office", "--convert-to", "pdf"]
        subprocess.run([*command, "--outdir", tmp_path, tmp_path / f"{name}.docx"], check=True, capture_output=True)

    assert sorted(file.name for file in tmp_path.glob("*.pdf")) == ["agreement.pdf", "record.pdf"]
