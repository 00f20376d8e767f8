"""Two officers answer one request at the same moment: on PostgreSQL the lock lets one through."""

import threading

import pytest
from django.db import connection, connections

from core.errors import Conflict
from liaison.actions.assistance import accept_assistance, decline_assistance
from liaison.models import AssistanceRequest
from tests.conftest import TAIPING
from tests.liaison.assistance_kit import ACCEPTED

pytestmark = [
    pytest.mark.services,
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif("sqlite" in connection.vendor, reason="SQLite has one writer: it hides the race"),
]


def test_one_accepts_and_the_other_is_told(asked, officer_of_taiping, make_user):
    colleague = make_user("second_officer", "officer", TAIPING, name="罗永昌")
    together, answers = threading.Barrier(2), []

    def answer(act, user, **given) -> None:
        try:
            together.wait(timeout=5)
            act(request_id=asked.pk, by=user, on=ACCEPTED, version=asked.version, **given)
            answers.append("done")
        except Conflict as conflict:
            answers.append(str(conflict))
        finally:
            connections.close_all()

    threads = [
        threading.Thread(target=answer, args=(accept_assistance, officer_of_taiping)),
        threading.Thread(target=answer, args=(decline_assistance, colleague), kwargs={"reason": "没有人手"}),
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=20)

    assert sorted(text[:4] for text in answers) == ["done", "没有保存"]
    assert AssistanceRequest.objects.get().version == asked.version + 1
