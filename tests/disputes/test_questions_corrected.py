"""What a correction does with the answers to a type's questions: shown, saved where changed, refused as at intake."""

from decimal import Decimal

import pytest

from core.errors import Refused
from core.models import AuditEntry
from disputes.actions.correction import Correction, edit_dispute
from disputes.forms.answers import AnswersForm
from disputes.models import CaseQuestion, Dispute
from tests.disputes.conftest import STORY
from tests.disputes.test_questions import LOAN, page

__all__ = ["page"]


def test_a_correction_shows_the_answers_and_saves_what_changed(page, register, mediator_of_taiping):
    dispute = register(mediator_of_taiping, answers=LOAN)
    url = f"/disputes/{dispute.code}/edit/"
    assert 'value="48000"' in page.get(url).content.decode()
    sent = {"narrative": STORY, "village": dispute.division_id, "source": "visit", "case_type": "private_loan"}
    sent |= {
        "amount": "48000",
        "version": "1",
        "answers-private_loan_principal": "5万",
        "answers-private_loan_note": "",
    }
    assert page.post(url, sent).status_code == 302
    dispute.refresh_from_db()
    assert dispute.answered == [("借款金额", "50,000 元")]
    changed = AuditEntry.objects.get(action="dispute.edit").detail["changed"]
    assert changed == {"answers": ["借款金额 48,000 元；借据 借条、欠条；到期日 2024年2月9日", "借款金额 50,000 元"]}


def test_another_type_and_back_finds_the_answers_again(register, mediator_of_taiping):
    dispute = register(mediator_of_taiping, answers=LOAN)
    for number, case_type in enumerate(("labour", "private_loan"), 1):
        data = Correction(dispute.division, "visit", STORY, case_type, Decimal(48_000))
        dispute = edit_dispute(dispute_id=dispute.pk, version=number, data=data, by=mediator_of_taiping)
    assert [label for label, _ in dispute.answered] == ["借款金额", "借据", "到期日"]


def test_a_wrong_answer_to_a_correction_keeps_everything(page, register, mediator_of_taiping):
    dispute = register(mediator_of_taiping)
    sent = {"narrative": STORY, "village": dispute.division_id, "source": "visit", "case_type": "private_loan"}
    answer = page.post(
        f"/disputes/{dispute.code}/edit/", sent | {"version": "1", "answers-private_loan_principal": "多多"}
    )
    assert answer.status_code == 422
    assert 'value="多多"' in answer.content.decode()


def test_a_correction_refuses_a_day_to_come_too(register, mediator_of_taiping):
    dispute = register(mediator_of_taiping)
    answers = {"private_loan_lent_on": "2023-09-21"}
    data = Correction(dispute.division, "visit", STORY, "private_loan", None, answers=answers)
    with pytest.raises(Refused, match="这一天还没有到"):
        edit_dispute(dispute_id=dispute.pk, version=1, data=data, by=mediator_of_taiping)


def test_a_day_to_come_that_stands_already_locks_nothing_else(register, mediator_of_taiping, client_of):
    dispute = register(mediator_of_taiping)
    lent = {"key": "private_loan_lent_on", "case_type": "private_loan", "label": "借款日", "kind": "day"}
    Dispute.objects.filter(pk=dispute.pk).update(answers=[lent | {"value": "2023-09-21"}])
    answers = {"private_loan_lent_on": "2023-09-21"}
    data = Correction(dispute.division, "petition", STORY, "private_loan", None, answers=answers)
    edit_dispute(dispute_id=dispute.pk, version=1, data=data, by=mediator_of_taiping)

    assert Dispute.objects.get().source == "petition"
    form = AnswersForm(
        {"answers-private_loan_lent_on": "2023-09-21"},
        questions=CaseQuestion.objects.filter(case_type="private_loan"), typed={}, kept=answers,
    )  # fmt: skip
    assert form.is_valid()


def test_a_correction_says_so_too_and_nothing_is_said_of_a_plain_sum(page, register, mediator_of_taiping):
    dispute = register(mediator_of_taiping)
    sent = {"narrative": STORY, "village": dispute.division_id, "source": "visit", "case_type": "private_loan"}
    url = f"/disputes/{dispute.code}/edit/"

    plain = page.post(url, sent | {"version": "1", "amount": "2万3"}, follow=True).content.decode()
    about = page.post(url, sent | {"version": "2", "amount": "大概2万5"}, follow=True).content.decode()

    dispute.refresh_from_db()
    assert ("写的是约数" in plain, "写的是约数" in about, dispute.amount) == (False, True, Decimal(25_000))
