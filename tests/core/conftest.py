"""What the tests of deadlines share: a rule of each sort, a subject, a deadline started."""

import pytest

from core.actions import deadlines
from core.models import Deadline, DeadlineRule
from tests.conftest import TAIPING
from tests.core.deadline_rows import on


@pytest.fixture
def rules(db) -> dict[str, DeadlineRule]:
    facts = {"certainty": "V", "valid_from": "2011-01-01", "start_event": "x", "actor": "court", "basis": "某条"}
    made = [
        DeadlineRule(key="confirm_apply", title="共同申请", length=30, unit="calendar", roll=True, **facts),
        DeadlineRule(
            key="confirm_decide", title="作出裁定", length=15, unit="calendar", roll=True,
            extension_max=10, extension_by="本院院长批准", **facts,
        ),
        DeadlineRule(key="entrust_pre", title="委派调解", length=30, unit="calendar", extension_by="双方同意", **facts),
        DeadlineRule(key="online_accept", title="确认接受", length=3, unit="working", extension_by="双方同意", **facts),
        DeadlineRule(
            key="confirm_supplement", title="补充材料", length=None, unit="set", roll=True,
            extension_by="法院", **facts,
        ),
    ]  # fmt: skip
    return {rule.key: rule for rule in DeadlineRule.objects.bulk_create(made)}


@pytest.fixture
def subject(taiping):
    """Any row will do: core names a subject by model and id."""
    return taiping


@pytest.fixture
def start(subject):
    def start_one(kind: str, base_on: str, **facts) -> Deadline:
        return deadlines.start_deadline(kind=kind, subject=subject, town_code=TAIPING, base_on=on(base_on), **facts)

    return start_one
