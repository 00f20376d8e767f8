"""Configuration of reports under /manage/."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.urls import reverse

from core.models import AuditEntry
from core.queries import today
from reports import reference
from reports.choices import Metric
from reports.models import CourtFilingFigure, Target
from tests.conftest import COUNTY

ADD = "admin:reports_courtfilingfigure_add"


def filing(client, month: str):
    given = {"division": COUNTY, "month": month, "filings": "340", "population": "936931", "source": "市法院"}
    return client.post(reverse(ADD), given)


def test_any_day_of_a_month_stands_for_the_month(admin, client_of):
    filing(client_of(admin), "2023-08-17")

    row = CourtFilingFigure.objects.get()
    assert (row.month, row.filings, row.recorded_at.date() is not None) == (date(2023, 8, 1), 340, True)
    assert AuditEntry.objects.latest("seq").action == "manage.add"


def test_a_month_to_come_is_refused(admin, client_of):
    answer = filing(client_of(admin), (today() + timedelta(days=40)).isoformat())

    assert (CourtFilingFigure.objects.count(), "还没到这个月" in answer.content.decode()) == (0, True)


def test_the_same_month_twice_is_refused_with_a_sentence(admin, client_of):
    client = client_of(admin)
    filing(client, "2023-08-01")

    assert "这个月的起诉数已经有了" in filing(client, "2023-08-31").content.decode()


def test_a_goal_set_by_the_admin_survives_the_next_load(admin, client_of):
    reference.load(lambda line: None)
    target = Target.objects.get(metric=Metric.RESOLUTION_RATE)
    given = {name: getattr(target, name) for name in ("metric", "title", "unit", "definition", "source")}

    client_of(admin).post(
        reverse("admin:reports_target_change", args=[target.pk]), given | {"due_on": "2023-09-30", "goal": "85"}
    )
    reference.load(lambda line: None)

    target.refresh_from_db()
    assert (target.goal, target.edited) == (Decimal(85), True)


@pytest.mark.parametrize("who", ["committee_officer", "auditor", "mediator_of_taiping"])
def test_nobody_else_configures(who, cast, client_of):
    assert client_of(cast[who]).get(reverse(ADD)).status_code in (302, 403)
