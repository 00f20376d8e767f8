"""Two people at one request in the same moment: one wins, the other is told. Run on both databases."""

import threading
from collections.abc import Callable
from datetime import date

import pytest
from django.db import connection

from core.errors import Conflict, Refused
from core.models import AuditEntry
from disputes.models import DisputeEvent
from mediation.actions import court_review, rulings
from mediation.models import ConfirmationRequest, ConfirmationSerial
from tests.mediation.confirmation_kit import accept, confirm, submit

pytestmark = pytest.mark.django_db(transaction=True)
ON = date(2023, 9, 20)


def both(*acts: Callable[[], object]) -> list[str]:
    """Run the acts at the same moment, each on its own connection; how each ended, sorted."""
    start, ends = threading.Barrier(len(acts)), []

    def run(act: Callable[[], object]) -> None:
        start.wait(timeout=20)
        try:
            act()
            ends.append("done")
        except Conflict:
            ends.append("conflict")
        except Refused:
            ends.append("refused")
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=[act]) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    return sorted(ends)


def reject(request: ConfirmationRequest, by) -> None:
    rulings.reject_request(request_id=request.pk, by=by, on=ON, ground_key="unclear", grounds="余款没有日子。")


def test_of_two_rulings_at_once_one_stands_and_the_other_is_a_conflict(agreed, cast):
    request = accept(submit(agreed, cast["mediator_of_taiping"]), cast["court_clerk"])
    judge = cast["reviewing_judge"]

    ends = both(lambda: confirm(request, judge), lambda: reject(request, judge))

    request.refresh_from_db()
    ruled = AuditEntry.objects.filter(action__in=["confirmation.confirm", "confirmation.reject"]).count()
    told = DisputeEvent.objects.filter(kind="confirmation_decided").count()
    assert (ends, ruled, told) == (["conflict", "done"], 1, 1)
    assert request.state in ("confirmed", "rejected")


def test_of_two_clerks_accepting_at_once_one_gives_the_number(agreed, cast, make_user):
    request = submit(agreed, cast["mediator_of_taiping"])
    clerks = [cast["court_clerk"], make_user("second_clerk", "clerk", "445381", name="莫婉芬")]

    ends = both(*[lambda who=who: accept(request, who, version=request.version) for who in clerks])

    request.refresh_from_db()
    assert (ends, request.number) == (["conflict", "done"], "（2023）粤5381诉前调确1号")
    assert ConfirmationSerial.objects.get(year=2023).last == 1


def test_one_submission_sent_twice_at_once_is_one(agreed, cast):
    mediator = cast["mediator_of_taiping"]

    ends = both(lambda: submit(agreed, mediator), lambda: submit(agreed, mediator))

    submitted = DisputeEvent.objects.filter(kind="confirmation_submitted").count()
    assert (ends, ConfirmationRequest.objects.count(), submitted) == (["done", "done"], 1, 1)


def test_an_opinion_written_while_the_judge_rules_is_never_lost_silently(agreed, cast):
    request = accept(submit(agreed, cast["mediator_of_taiping"]), cast["court_clerk"])

    ends = both(
        lambda: confirm(request, cast["reviewing_judge"]),
        lambda: court_review.weigh_check(
            request_id=request.pk, key="joint", ok=True, text="看过。", by=cast["judges_assistant"], on=ON
        ),
    )

    request.refresh_from_db()
    opinion, confirmed = "joint" in request.opinions, request.state == "confirmed"
    assert (ends, opinion and confirmed) in ((["conflict", "done"], False), (["done", "done"], True))
