"""Open work in somebody's hands, as the tests of leaving and striking out need it."""

from datetime import date

from core.models import Deadline, User
from tests.conftest import TAIPING


def give_deadline(user: User, *, due_on: date = date(2023, 9, 30)) -> Deadline:
    """An open deadline of the town of 太平 for which `user` answers."""
    return Deadline.objects.create(
        kind="confirm_apply",
        title="申请司法确认",
        subject_label="x",
        subject_id="1",
        town_code=TAIPING,
        base_event_on=date(2023, 9, 1),
        due_on=due_on,
        raw_due_on=due_on,
        responsible=user,
        started_at="2023-09-03T09:00+08:00",
    )
