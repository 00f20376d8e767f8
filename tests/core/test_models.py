"""Rows of core: how they call themselves, and what the database itself refuses."""

from datetime import date

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from core.choices import Level, RestKind, Role
from core.models import (
    AuditEntry,
    AuditHead,
    CalendarYear,
    Deadline,
    DeadlineRule,
    DeadlineSuspension,
    DirtyBucket,
    Division,
    Notification,
    OutboxEvent,
    Reminder,
    RestDay,
    StoredFile,
    SweepRun,
    User,
    UserScope,
)
from tests.conftest import TAIPING

DAY, NOW = date(2026, 9, 1), timezone.now()
RULE = DeadlineRule(key="confirm_apply", title="共同申请")
DEADLINE = Deadline(title="共同申请", due_on=DAY)
TOWN = Division(code=TAIPING, name="太平镇")

NAMES = [
    (AuditEntry(chain="445381", seq=7, action="x"), "445381 #7 x"),
    (AuditHead(chain="445381", seq=7), "445381 #7"),
    (CalendarYear(year=2026), "2026年"),
    (RestDay(date=DAY, kind=RestKind.HOLIDAY), "2026-09-01 放假"),
    (RULE, "共同申请（confirm_apply）"),
    (DEADLINE, "共同申请 2026-09-01"),
    (DeadlineSuspension(from_on=DAY), "2026-09-01—"),
    (DirtyBucket(town_code=TAIPING, month=DAY), "445381101 2026-09"),
    (TOWN, "太平镇"),
    (Notification(text="有一件新申请。"), "有一件新申请。"),
    (OutboxEvent(task="core.sweep"), "core.sweep"),
    (Reminder(deadline=DEADLINE, stage="soon"), "共同申请 2026-09-01 快到期"),
    (StoredFile(name="协议.docx"), "协议.docx"),
    (SweepRun(at=NOW), f"{NOW:%Y-%m-%d %H:%M}"),
    (User(username="clerk"), "clerk"),
    (User(username="clerk", name="何雨桐"), "何雨桐"),
    (UserScope(user=User(username="clerk"), division=TOWN), "clerk：太平镇"),
]


@pytest.mark.parametrize(("row", "name"), NAMES, ids=lambda value: type(value).__name__)
def test_a_row_calls_itself_as_people_would(row, name):
    assert str(row) == name


@pytest.mark.parametrize(
    ("name", "short"),
    [
        ("石牌村民委员会", "石牌村"),
        ("太平社区居民委员会", "太平社区"),
        ("东区居民委员会", "东区社区"),
        ("太平镇", "太平镇"),
    ],
)
def test_a_village_is_called_as_people_call_it(name, short):
    assert Division(name=name).short_name == short


def test_a_village_lies_in_the_town_of_its_first_nine_digits():
    assert (Division(code="445381101201").town_code, TOWN.town_code) == (TAIPING, TAIPING)


def test_the_scope_of_a_user_is_read_once(make_user, django_assert_num_queries):
    user = make_user("someone", Role.JUDGE, TAIPING, "445381004")

    with django_assert_num_queries(1):
        assert (user.scope_codes, user.scope_codes) == (("445381004", TAIPING), ("445381004", TAIPING))


# ── what must never be false ─────────────────────────────────────────────────
def deadline(**facts) -> Deadline:
    facts = {"due_on": DAY, "raw_due_on": DAY, "subject_id": "1"} | facts
    return Deadline(
        kind="x", title="x", subject_label="x", town_code=TAIPING, base_event_on=DAY, started_at=NOW, **facts
    )


def rule(**facts) -> DeadlineRule:
    return DeadlineRule(key="x", title="x", unit="calendar", certainty="V", valid_from=DAY, **facts)


IMPOSSIBLE = {
    "a role nobody knows": lambda: [User(username="x", role="king")],
    "a due day before the raw day": lambda: [deadline(due_on=date(2026, 8, 31))],
    "two open deadlines of a kind": lambda: [deadline(), deadline()],
    "a rule that ends before it begins": lambda: [rule(valid_to=date(2026, 8, 31))],
    "one version twice": lambda: [rule(), rule()],
    "one sequence number twice": lambda: [
        AuditEntry(chain="445381", seq=1, at=NOW, action="x", actor_name="x", hash=text) for text in "ab"
    ],
    "one short code twice": lambda: [
        Division(code=code, name=code, level=Level.TOWN, short_code="ZZ") for code in ("445382001", "445382002")
    ],
}


@pytest.mark.django_db
@pytest.mark.parametrize("what", IMPOSSIBLE)
def test_the_database_refuses(what):
    *first, last = IMPOSSIBLE[what]()
    for row in first:
        row.save(force_insert=True)

    with pytest.raises(IntegrityError), transaction.atomic():
        last.save(force_insert=True)


@pytest.mark.django_db
def test_a_settled_deadline_makes_room_for_the_next():
    deadline(settled_on=DAY).save()
    deadline().save()

    assert Deadline.objects.count() == 2


@pytest.mark.django_db
def test_a_suspension_cannot_end_before_it_began():
    row = deadline()
    row.save()

    with pytest.raises(IntegrityError), transaction.atomic():
        DeadlineSuspension.objects.create(deadline=row, from_on=DAY, to_on=date(2026, 8, 31))


@pytest.mark.django_db
def test_a_user_has_a_scope_once(make_user):
    user = make_user("someone", Role.JUDGE, TAIPING)

    with pytest.raises(IntegrityError), transaction.atomic():
        UserScope.objects.create(user=user, division_id=TAIPING)
