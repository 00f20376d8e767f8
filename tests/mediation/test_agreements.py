"""Drafting an agreement: what must be on file, what may be agreed, its number, changing the draft."""

from datetime import date
from decimal import Decimal
from uuid import uuid4

import pytest
from django.urls import reverse

from core.errors import Conflict, NotAllowed, Refused
from core.models import AuditEntry
from disputes.choices import EventKind, Side
from mediation.actions.agreements import Item, draft_agreement, edit_agreement, next_number
from mediation.choices import AgreementForm, Mode
from mediation.models import Agreement, Mediation, MediationOrganisation
from tests.mediation.conftest import a_draft, everybody, sign, write

pytestmark = pytest.mark.django_db


def test_an_agreement_is_drafted_with_number_clauses_and_items(met, mediator_of_taiping):
    agreement = write(met, mediator_of_taiping)

    assert (agreement.number, agreement.effective_on, agreement.copies) == ("太平人调〔2023〕1号", None, 3)
    assert agreement.clauses == ["梁伯坚分三期还清借款48,000元。", "沈水旺放弃利息。"]
    rows = [(item.serial, item.text, item.amount, str(item.debtor)) for item in agreement.performance_items.all()]
    assert rows == [
        (1, "还款", Decimal("12000.00"), "梁伯坚"),
        (2, "还款", Decimal("12000.00"), "梁伯坚"),
        (3, "还款", Decimal("24000.00"), "梁伯坚"),
    ]
    assert met.events.get(kind=EventKind.AGREEMENT_DRAFTED).text == "起草书面协议 太平人调〔2023〕1号"
    assert AuditEntry.objects.filter(action="agreement.draft").count() == 1


def test_a_helper_of_whom_nothing_is_noted_is_named_on_the_page_and_keeps_nobody_from_drafting(
    met, mediator_of_taiping, client_of
):
    met.parties.filter(side=Side.RESPONDENT).update(assisted_by="沈桂英", assisted_relation="女儿")
    browser = client_of(mediator_of_taiping)

    html = browser.get(met.get_absolute_url()).content.decode()

    assert "梁伯坚有人协助，还没有记下本人同意由其协助、已读给本人听" in html
    assert browser.get(reverse("mediation:agreement-new", args=[met.code])).status_code == 200
    assert write(met, mediator_of_taiping).number == "太平人调〔2023〕1号"


# ── what must be on file ─────────────────────────────────────────────────────
def blank_number(dispute):
    respondent = dispute.parties.get(side=Side.RESPONDENT)
    respondent.id_number = ""
    respondent.save()


def unwilling(dispute):
    dispute.parties.filter(side=Side.RESPONDENT).update(consents_to_mediation=False)


def alone(dispute):
    dispute.mediations.get().sessions.get().attended.clear()
    dispute.parties.filter(side=Side.RESPONDENT).delete()


def without_session(dispute):
    dispute.mediations.get().sessions.all().delete()


@pytest.mark.parametrize(
    ("spoil", "words"),
    [
        (blank_number, "缺梁伯坚的证件号码，暂不能起草协议。"),
        (unwilling, "还没有记下梁伯坚同意调解，暂不能起草协议。"),
        (alone, "缺对方当事人，暂不能起草协议。"),
        (without_session, "还没有调解记录（人民调解法第二十七条），暂不能起草协议。"),
    ],
)
def test_an_agreement_waits_for_what_is_missing(met, mediator_of_taiping, spoil, words):
    draft = a_draft(met, items=())
    spoil(met)

    with pytest.raises(Refused) as refusal:
        draft_agreement(dispute_id=met.pk, by=mediator_of_taiping, draft=draft)

    assert refusal.value.message == words


# ── what may be agreed ───────────────────────────────────────────────────────
@pytest.mark.parametrize(
    ("wrong", "field", "words"),
    [
        ({"concluded_on": date(2023, 8, 29)}, "concluded_on", "不能早于2023年8月30日，那一天才办到上一步。"),
        ({"concluded_on": date(2023, 9, 21)}, "concluded_on", "不能晚于今天（2023年9月20日）。"),
        ({"facts": " "}, "facts", "请写主要事实、争议事项和各方责任。"),
        ({"facts": "字" * 10_001}, "facts", "最多 10,000 字，现在有 10,001 字。"),
        ({"clauses": ["", "  "]}, "clauses", "至少写一条协议内容。"),
        ({"clauses": ["字" * 1_001]}, "clauses", "协议内容最多 30 条，每条最多 1,000 字。"),
        ({"clauses": ["条"] * 31}, "clauses", "协议内容最多 30 条，每条最多 1,000 字。"),
        ({"manner": "字" * 201}, "manner", "履行方式最多 200 字。"),
        ({"copies": 21}, "copies", "最多 20 份。"),
        ({"items": [Item("还款", date(2023, 9, 30))] * 61}, "items", "履行事项最多 60 期，现在有 61 期。"),
        ({"items": [Item(" ", date(2023, 9, 30))]}, "items-0-text", "请写履行内容，最多 200 字。"),
        ({"items": [Item("还款", date(2023, 8, 31))]}, "items-0-due_on", "履行日不能早于达成协议的那一天。"),
        (
            {"items": [Item("还款", date(2023, 9, 30)), Item("还款", date(2023, 9, 30), Decimal(0))]},
            "items-1-amount",
            "金额要大于零，请核对单位是不是「元」。",
        ),
        (
            {"items": [Item("还款", date(2023, 9, 30), Decimal(13_800_138_000))]},
            "items-0-amount",
            "金额太大：最多 100 亿元，请核对单位是不是「元」、是不是填成了电话。",
        ),
        (
            {"items": [Item("还款", date(2023, 9, 30), None, uuid4())]},
            "items-0-debtor",
            "请从本件当事人里选。",
        ),
    ],
)
def test_a_wrong_draft_is_refused_at_its_field_and_takes_no_number(met, mediator_of_taiping, wrong, field, words):
    with pytest.raises(Refused) as refusal:
        write(met, mediator_of_taiping, **wrong)

    assert (refusal.value.field, refusal.value.message) == (field, words)
    assert write(met, mediator_of_taiping).number == "太平人调〔2023〕1号"


def test_an_agreement_without_anything_to_perform_may_be_drafted(met, mediator_of_taiping):
    agreement = write(met, mediator_of_taiping, clauses=["双方互相道歉，今后和睦相处。"], items=())

    assert agreement.performance_items.count() == 0


def test_online_there_is_no_oral_agreement(met, mediator_of_taiping):
    Mediation.objects.update(mode=Mode.ONLINE)

    with pytest.raises(Refused) as refusal:
        write(met, mediator_of_taiping, form=AgreementForm.ORAL)

    assert refusal.value.field == "form"
    assert refusal.value.message.startswith("线上调解达成一致的，要在线制作或者上传调解协议")


def test_a_second_agreement_of_the_same_try_is_a_conflict(drafted, mediator_of_taiping):
    with pytest.raises(Conflict) as conflict:
        write(drafted, mediator_of_taiping)

    assert conflict.value.message == "没有保存：这次调解已经有协议 太平人调〔2023〕1号。"


@pytest.mark.parametrize("who", ["officer_of_taiping", "mediator_of_shuangdong", "reviewing_judge", "justice_officer"])
def test_only_the_mediator_of_the_case_drafts(cast, met, who):
    with pytest.raises(NotAllowed):
        write(met, cast[who])


# ── numbers ──────────────────────────────────────────────────────────────────
def test_numbers_run_by_organisation_and_year_whatever_the_order_of_entry(law_in_force):
    taiping = MediationOrganisation.objects.get(division="445381101")
    shuangdong = MediationOrganisation.objects.get(division="445381004")

    numbers = [next_number(taiping, year=year) for year in (2023, 2024, 2023)]

    assert numbers == ["太平人调〔2023〕1号", "太平人调〔2024〕1号", "太平人调〔2023〕2号"]
    assert next_number(shuangdong, year=2023) == "双东人调〔2023〕1号"


# ── changing the draft ───────────────────────────────────────────────────────
def edit(dispute, by, *, version=1, **facts):
    return edit_agreement(dispute_id=dispute.pk, by=by, draft=a_draft(dispute, **facts), version=version)


def test_a_draft_is_changed_and_keeps_its_number(drafted, mediator_of_taiping):
    agreement = edit(
        drafted, mediator_of_taiping, clauses=["一次还清。"], items=[Item("还款", date(2023, 10, 31), Decimal(48_000))]
    )

    agreement.refresh_from_db()
    assert (agreement.number, agreement.clauses, agreement.version) == ("太平人调〔2023〕1号", ["一次还清。"], 2)
    assert [(item.serial, item.due_on) for item in agreement.performance_items.all()] == [(1, date(2023, 10, 31))]


def test_a_change_on_a_stale_page_is_a_conflict(drafted, mediator_of_taiping):
    edit(drafted, mediator_of_taiping)

    with pytest.raises(Conflict):
        edit(drafted, mediator_of_taiping, version=1, clauses=["别的"])

    assert Agreement.objects.get().clauses == ["梁伯坚分三期还清借款48,000元。", "沈水旺放弃利息。"]


def test_nothing_is_changed_once_somebody_has_signed(drafted, mediator_of_taiping):
    sign(drafted, mediator_of_taiping, everybody(drafted, mediator_of_taiping)[:1])

    with pytest.raises(Refused) as refusal:
        edit(drafted, mediator_of_taiping)

    assert refusal.value.message == "已经有人签过名，不能再改。"


def test_there_is_nothing_to_change_before_a_draft(met, mediator_of_taiping):
    with pytest.raises(Refused) as refusal:
        edit(met, mediator_of_taiping)

    assert refusal.value.message == "还没有起草协议。"
