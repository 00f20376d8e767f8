"""Performance of what was agreed; the parties who want no confirmation; papers."""

from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from core.errors import Conflict, NotAllowed, Refused
from core.models import AuditEntry, Deadline, DirtyBucket, StoredFile
from disputes.choices import EventKind
from mediation.actions.endings import archive_dispute
from mediation.actions.papers import add_paper, record_printing
from mediation.actions.performance import record_performance, waive_confirmation
from mediation.choices import PaperKind
from mediation.models import PerformanceItem

pytestmark = pytest.mark.django_db
PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"


def upload(name: str = "收条.pdf", data: bytes = PDF) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, data, content_type="application/pdf")


def first_item() -> PerformanceItem:
    return PerformanceItem.objects.order_by("serial")[0]


def perform(dispute, by, **facts):
    values = {"item_id": first_item().pk, "on": date(2023, 9, 15)}
    return record_performance(dispute_id=dispute.pk, by=by, **{**values, **facts})


def test_a_performed_item_keeps_its_day_its_receipt_and_settles_its_day(agreed, mediator_of_taiping):
    item = perform(agreed, mediator_of_taiping, proof=upload(), note="转账")

    item.refresh_from_db()
    assert (item.done_on, item.proof.kind, item.proof.subject_id) == (
        date(2023, 9, 15),
        PaperKind.RECEIPT,
        str(agreed.pk),
    )
    assert Deadline.objects.about(item).get().settled_on == date(2023, 9, 15)
    event = agreed.events.get(kind=EventKind.PERFORMED)
    assert (event.text, event.detail) == ("第 1 期已履行：还款", "转账")
    assert DirtyBucket.objects.filter(month=date(2023, 9, 1)).exists()
    assert AuditEntry.objects.filter(action="performance.record").count() == 1


def test_an_item_is_performed_once(agreed, mediator_of_taiping):
    perform(agreed, mediator_of_taiping)

    with pytest.raises(Conflict) as conflict:
        perform(agreed, mediator_of_taiping)

    assert conflict.value.message == "没有保存：第 1 期已经登记为9月15日履行。"


@pytest.mark.parametrize("day", [date(2023, 8, 31), date(2023, 9, 21)])
def test_performance_lies_between_the_agreement_and_today(agreed, mediator_of_taiping, day):
    with pytest.raises(Refused) as refusal:
        perform(agreed, mediator_of_taiping, on=day)

    assert refusal.value.field == "on"


def test_nothing_is_performed_before_the_agreement_binds(drafted, mediator_of_taiping):
    with pytest.raises(Refused) as refusal:
        perform(drafted, mediator_of_taiping)

    assert refusal.value.message == "没有这一期，或者协议还没有生效。"


def test_another_disputes_item_is_not_found(agreed, make_dispute, mediator_of_taiping):
    other = make_dispute(mediator_of_taiping, code="TP2308-0147")

    with pytest.raises(Refused):
        perform(other, mediator_of_taiping)


def test_performance_after_archiving_is_still_noted_also_by_the_officer(
    agreed, mediator_of_taiping, officer_of_taiping
):
    archive_dispute(dispute_id=agreed.pk, by=mediator_of_taiping, on=date(2023, 9, 20), note="分期较长")

    perform(agreed, officer_of_taiping, on=date(2023, 9, 20))

    assert first_item().done_on == date(2023, 9, 20)


@pytest.mark.parametrize("who", ["mediator_of_shuangdong", "reviewing_judge", "committee_officer"])
def test_only_the_town_notes_performance(cast, agreed, who):
    with pytest.raises(NotAllowed):
        perform(agreed, cast[who])


def test_parties_who_want_no_confirmation_end_the_thirty_days(agreed, mediator_of_taiping):
    waive_confirmation(dispute_id=agreed.pk, by=mediator_of_taiping, on=date(2023, 9, 20))

    deadline = Deadline.objects.get(kind="confirm_apply")
    assert (deadline.settled_on, deadline.settled_as) == (date(2023, 9, 20), "waived")
    assert agreed.events.order_by("-id")[0].text == "双方表示不申请司法确认"


def test_without_a_running_period_there_is_nothing_to_waive(drafted, mediator_of_taiping):
    with pytest.raises(Refused) as refusal:
        waive_confirmation(dispute_id=drafted.pk, by=mediator_of_taiping, on=date(2023, 9, 20))

    assert refusal.value.message == "没有在走的申请期限，不用记下不申请。"


def test_a_paper_is_filed_with_the_dispute_and_told(met, mediator_of_taiping):
    stored = add_paper(dispute_id=met.pk, by=mediator_of_taiping, upload=upload("欠条.pdf"), kind=PaperKind.EVIDENCE)

    assert (stored.subject_id, stored.town_code, stored.kind) == (str(met.pk), "445381101", "evidence")
    assert met.events.get(kind=EventKind.FILE_ADDED).text == "补充证据材料"


def test_a_paper_needs_a_kind_and_must_be_what_it_says(met, mediator_of_taiping):
    with pytest.raises(Refused) as refusal:
        add_paper(dispute_id=met.pk, by=mediator_of_taiping, upload=upload(), kind="letter")
    assert refusal.value.field == "kind"

    with pytest.raises(Refused) as refusal:
        add_paper(
            dispute_id=met.pk, by=mediator_of_taiping, upload=upload(data=b"MZ no paper"), kind=PaperKind.EVIDENCE
        )
    assert (refusal.value.field, StoredFile.objects.count()) == ("file", 0)


def test_printing_in_clear_is_on_record_with_what_was_shown(agreed, mediator_of_taiping):
    record_printing(
        dispute_id=agreed.pk, by=mediator_of_taiping, paper="agreement", clear=("id_number", "phone", "address")
    )

    assert AuditEntry.objects.get(action="paper.print").detail == {
        "code": "TP2308-0146",
        "paper": "agreement",
        "clear": ["id_number", "phone", "address"],
        "reason": "制作调解文书",
    }
