"""Recording a meeting of the parties."""

from datetime import date, time

import pytest
from django.db import connection

from core.errors import NotAllowed, Refused
from core.models import AuditEntry
from disputes.choices import EventKind, Side
from mediation.models import Session
from tests.mediation.conftest import meet

pytestmark = pytest.mark.django_db


def test_a_meeting_is_recorded_with_who_came(mediating, mediator_of_taiping):
    session = meet(mediating, mediator_of_taiping, from_time=time(15), to_time=time(16, 10))

    assert list(session.attended.values_list("name", flat=True)) == ["沈水旺", "梁伯坚"]
    event = mediating.events.get(kind=EventKind.SESSION_HELD)
    assert (event.text, event.detail, event.on) == (
        "第 1 次调解（现场），双方到场",
        "太平镇法官联络点",
        date(2023, 8, 30),
    )
    assert AuditEntry.objects.filter(action="session.record").count() == 1


def test_a_meeting_with_one_side_names_who_came(mediating, mediator_of_taiping):
    applicant = mediating.parties.get(side=Side.APPLICANT)

    meet(mediating, mediator_of_taiping, attended=[applicant.pk])

    assert mediating.events.get(kind=EventKind.SESSION_HELD).text == "第 1 次调解（现场），沈水旺到场"


@pytest.mark.parametrize(
    ("wrong", "field", "words"),
    [
        ({"held_on": date(2023, 9, 21)}, "held_on", "不能晚于今天（2023年9月20日）。"),
        ({"held_on": date(2023, 8, 27)}, "held_on", "不能早于2023年8月28日，那一天才办到上一步。"),
        ({"attended": []}, "attended", "请勾选到场的当事人。"),
        ({"record": "  "}, "record", "请写调解记录。"),
        ({"record": "字" * 20_001}, "record", "记录有 20,001 字，最多 20,000 字。"),
        ({"from_time": time(16), "to_time": time(15, 59)}, "to_time", "结束时间不能早于开始时间。"),
        (
            {"rights_told": False},
            "rights_told",
            "第一次调解，要先告知双方权利义务、调解规则和协议的效力。",
        ),
    ],
)
def test_a_wrong_record_is_refused_at_its_field(mediating, mediator_of_taiping, wrong, field, words):
    with pytest.raises(Refused) as refusal:
        meet(mediating, mediator_of_taiping, **wrong)

    assert (refusal.value.field, refusal.value.message) == (field, words)
    assert Session.objects.count() == 0


def test_rights_are_told_once(met, mediator_of_taiping):
    meet(met, mediator_of_taiping, held_on=date(2023, 9, 1), rights_told=False)

    assert met.events.filter(kind=EventKind.SESSION_HELD).first().text == "第 2 次调解（现场），双方到场"


def test_a_stranger_to_the_file_does_not_count_as_present(mediating, make_dispute, mediator_of_taiping):
    other = make_dispute(mediator_of_taiping, code="TP2308-0147")

    with pytest.raises(Refused) as refusal:
        meet(mediating, mediator_of_taiping, attended=[other.parties.first().pk])

    assert refusal.value.field == "attended"


def test_a_meeting_needs_a_running_mediation(dispute, mediator_of_taiping):
    with pytest.raises(Refused) as refusal:
        meet(dispute, mediator_of_taiping)

    assert refusal.value.message == "这件现在是「已分流」，没有在进行的调解。"


@pytest.mark.parametrize("who", ["officer_of_taiping", "mediator_of_shuangdong", "reviewing_judge", "admin"])
def test_only_the_mediator_of_the_case_records(cast, mediating, who):
    with pytest.raises(NotAllowed):
        meet(mediating, cast[who])


def test_what_was_said_back_to_back_is_encrypted_at_rest(mediating, mediator_of_taiping):
    session = meet(mediating, mediator_of_taiping, private_note="底线是四万五千")

    with connection.cursor() as cursor:
        cursor.execute("select private_note from mediation_session")
        (stored,) = cursor.fetchone()
    assert stored.startswith("v1:")
    assert Session.objects.get(pk=session.pk).private_note == "底线是四万五千"


def test_what_was_said_back_to_back_reaches_neither_timeline_nor_audit(mediating, mediator_of_taiping):
    meet(mediating, mediator_of_taiping, private_note="底线是四万五千")

    texts = [*mediating.events.values_list("text", "detail"), *AuditEntry.objects.values_list("detail")]
    assert "底线" not in str(texts)


@pytest.mark.parametrize(
    ("times", "field"),
    [
        ({"from_time": time(10, 6)}, "from_time"),
        ({"from_time": time(9, 30), "to_time": time(10, 6)}, "to_time"),
        ({"to_time": time(22)}, "to_time"),
    ],
)
def test_a_meeting_that_is_still_to_come_is_not_recorded(mediating, mediator_of_taiping, times, field):
    with pytest.raises(Refused) as refusal:
        meet(mediating, mediator_of_taiping, held_on=date(2023, 9, 20), recorded_at=None, **times)

    assert (refusal.value.message, refusal.value.field) == ("不能晚于现在（10:05）。", field)
    assert Session.objects.count() == 0


def test_a_meeting_that_ended_this_minute_is_recorded(mediating, mediator_of_taiping):
    times = {"from_time": time(9, 30), "to_time": time(10, 5)}

    meet(mediating, mediator_of_taiping, held_on=date(2023, 9, 20), recorded_at=None, **times)

    assert Session.objects.get().to_time == time(10, 5)
