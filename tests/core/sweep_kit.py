"""What the tests of the sweep lean on: moments in Shanghai, deadlines of any day, what somebody was told."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest

from core.models import Deadline, DeadlineRule, Notification
from tests.conftest import TAIPING

SHANGHAI = ZoneInfo("Asia/Shanghai")


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)


@pytest.fixture
def due(taiping):
    """due("2026-11-26", judge) → an open deadline whose last day that is."""
    rule = DeadlineRule.objects.create(
        key="any", title="作出裁定", length=None, unit="set", certainty="V", valid_from="2011-01-01"
    )

    def make(day: str, responsible=None, *, number: int = 0, **facts) -> Deadline:
        last = date.fromisoformat(day)
        facts = {"title": "作出裁定", "subject_text": "太平镇一案", "url": "/d/1/"} | facts
        return Deadline.objects.create(
            kind="any", subject_label="core.division", subject_id=f"{TAIPING}{number}", town_code=TAIPING, rule=rule,
            base_event_on=date(2026, 1, 2), set_due_on=last, due_on=last, raw_due_on=last, responsible=responsible,
            started_at=at("2026-01-02T09:00"), **facts,
        )  # fmt: skip

    return make


def texts(user) -> list[str]:
    return list(Notification.objects.filter(recipient=user).order_by("id").values_list("text", flat=True))
