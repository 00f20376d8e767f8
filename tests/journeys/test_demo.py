"""The demo county: grown by the actions people use, true in every figure, never twice, never outside DEMO."""

from datetime import date
from typing import Any

import pytest
from django.apps import apps
from django.core.management import CommandError, call_command
from django.db.models import DateTimeField
from django.utils import timezone

from core.models import AuditEntry, Deadline, Notification, Reminder, User
from disputes.choices import ChainKind
from disputes.models import ClusterWarning, Dispute, HiddenDanger, JudicialSuggestion, RiskFlag
from liaison.models import LiaisonPoint
from mediation.models import ConfirmationRequest, Mediation
from reports.choices import Figure
from reports.queries.figures import figures
from roster.models import RosterSubmission, TeamMembership
from tests.audit_rows import unsaid
from tests.conftest import COUNTY, SHUANGDONG, TAIPING
from tests.journeys.conftest import answer_of

pytestmark = pytest.mark.django_db
DISPUTES = 30
WRITTEN = {
    "at", "recorded_at", "raised_at", "drafted_at", "reported_at", "told_at", "created_at", "acknowledged_at",
    "joined_at", "closed_at",
}  # fmt: skip


@pytest.fixture
def demo(settings) -> None:
    settings.DEMO = True


@pytest.mark.usefixtures("demo")
def test_thirty_disputes_grow_into_a_county_that_holds():
    call_command("load_reference", verbosity=0)

    assert answer_of("seed_demo", "--disputes", str(DISPUTES))["seeded"] is True

    assert stock() == {"points": 21, "teams": 19, "submissions": 21, "accounts with a password": 10}
    assert (Dispute.objects.filter(registered_on__year=2023).count(), Dispute.objects.count() >= DISPUTES) == (30, True)
    what_warns_early_has_something_to_show()
    nothing_was_written_down_after_now()
    assert answer_of("verify_audit")["ok"] is True
    assert unsaid() == set()
    the_figures_are_what_the_rows_say()
    a_second_run_changes_nothing()
    nobody_is_reminded_of_the_past()
    assert answer_of("check_invariants") == {"ok": True, "broken": []}


def stock() -> dict[str, int]:
    return {
        "points": LiaisonPoint.objects.count(),
        "teams": TeamMembership.objects.values("town_code").distinct().count(),
        "submissions": RosterSubmission.objects.count(),
        "accounts with a password": sum(user.has_usable_password() for user in User.objects.all()),
    }


def what_warns_early_has_something_to_show() -> None:
    """Of each page something in each state that a user may meet, in the towns of the sign-in page."""
    clusters = [
        (one.closed_at is None, one.members.count(), one.town_codes) for one in ClusterWarning.objects.order_by("pk")
    ]
    assert clusters == [(False, 3, [SHUANGDONG, TAIPING]), (True, 3, [SHUANGDONG, TAIPING])]
    assert sorted(JudicialSuggestion.objects.values_list("state", flat=True)) == ["draft", "replied", "sent"]
    dangers = HiddenDanger.objects.filter(town_code=TAIPING)
    assert (dangers.count(), dangers.open().count(), dangers.exclude(dispute=None).count()) == (4, 2, 1)
    passed_on = RiskFlag.objects.get(acknowledged_at=None, steps__kind=ChainKind.COUNTY)
    assert (passed_on.dispute.town_code, passed_on.steps.count() >= 2) == (SHUANGDONG, True)
    assert RiskFlag.objects.exclude(acknowledged_at=None).get().dispute.town_code == TAIPING


def nothing_was_written_down_after_now() -> None:
    late = []
    for model in apps.get_models():
        for column in model._meta.local_fields:
            if isinstance(column, DateTimeField) and column.name in WRITTEN:
                rows = model._default_manager.filter(**{f"{column.name}__gt": timezone.now()})
                late += [f"{model.__name__}.{column.name}"] * rows.count()
    assert late == []


def the_figures_are_what_the_rows_say() -> None:
    """Each counted once more, straight from its table."""
    total = figures([COUNTY], date(2023, 1, 1), date(2023, 12, 31)).total
    closed = Dispute.objects.filter(closed_on__year=2023)
    decided = ConfirmationRequest.objects.filter(decided_on__year=2023)
    counted: dict[str, Any] = {
        Figure.REGISTERED: Dispute.objects.filter(registered_on__year=2023),
        Figure.MEDIATED: Mediation.objects.filter(accepted_on__year=2023),
        Figure.AGREED: closed.filter(outcome="agreed"),
        Figure.FAILED: closed.filter(outcome="failed"),
        Figure.ENDED: closed.filter(outcome="ended"),
        Figure.REFERRED_OUT: closed.filter(outcome="referred_out"),
        Figure.CONFIRMATIONS_SUBMITTED: ConfirmationRequest.objects.filter(submitted_on__year=2023),
        Figure.CONFIRMATIONS_ACCEPTED: ConfirmationRequest.objects.filter(accepted_on__year=2023),
        Figure.CONFIRMATIONS_CONFIRMED: decided.filter(state="confirmed"),
    }
    assert {figure: total[figure] for figure in counted} == {figure: rows.count() for figure, rows in counted.items()}
    assert total[Figure.LATE_ENTRIES] == 0


def a_second_run_changes_nothing() -> None:
    before = (AuditEntry.objects.count(), Dispute.objects.count(), User.objects.count())
    assert answer_of("seed_demo", "--disputes", str(DISPUTES)) == {"seeded": False, "lines": []}
    assert (AuditEntry.objects.count(), Dispute.objects.count(), User.objects.count()) == before


def nobody_is_reminded_of_the_past() -> None:
    """The first sweep writes reminders for what is open today, and none for what was due in 2023."""
    assert Notification.objects.filter(created_at__year=2023, read_at=None).count() == 0
    answer_of("sweep")
    assert Reminder.objects.filter(due_on__year=2023).count() == 0
    assert Deadline.objects.open().filter(due_on__year=2023).count() == 0


@pytest.mark.usefixtures("reference_data")
def test_demo_data_is_refused_outside_demo(settings):
    settings.DEMO = False

    with pytest.raises(CommandError, match="演示数据只能生成在演示库里"):
        call_command("seed_demo")

    assert (User.objects.count(), AuditEntry.objects.count()) == (0, 0)


@pytest.mark.usefixtures("demo")
def test_demo_data_needs_the_divisions_first():
    with pytest.raises(CommandError, match="还没有行政区划"):
        call_command("seed_demo")
