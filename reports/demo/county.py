"""The whole demo county in one transaction: accounts and teams, points, quarrels of 2023, and some that live today."""

import json
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from random import Random
from typing import Any

from django.conf import settings
from django.db import transaction

from core.actions.inbox import mark_all_read
from core.actions.reminders import lapse_rights
from core.models import User
from core.queries import today
from reports.actions.tallies import recount_all
from reports.demo.cases import Chronicle, Life
from reports.demo.early_warning import EarlyWarning
from reports.demo.many import crowd
from reports.demo.people import Crowd
from reports.demo.people_on_stage import set_stage
from reports.demo.points import build_points
from reports.demo.times import weekday

FOLDER = Path(__file__).parent
SEED = 2023
FIRST_DAY, PAST_DAYS = date(2023, 3, 27), 265
LIVE_SHARE = 0.1
TOLD = 300  # more would take the actions too long
ELSEWHERE = 4  # every fourth live quarrel is not in the two towns of the sign-in page
TYPES = (
    ("private_loan", 20), ("neighbour", 17), ("marriage_family", 13), ("labour", 12), ("traffic", 8),
    ("personal_injury", 7), ("land_contract", 6), ("sale_contract", 5), ("tenancy", 4), ("consumer", 3),
    ("property_service", 2), ("other", 2), ("out_of_scope", 3),
)  # fmt: skip
PAST_LIVES = (
    (Life("agreed", archived=True), 58),
    (Life("agreed", "confirmed", archived=True), 15),
    (Life("agreed", "rejected", archived=True), 1),
    (Life("agreed", "withdrawn", archived=True), 1),
    (Life("failed", archived=True), 14),
    (Life("ended"), 6),
)
LIVE_LIVES = (
    (Life("registered"), 2),
    (Life("routed"), 2),
    (Life("mediating"), 5),
    (Life("drafted"), 2),
    (Life("agreed"), 5),
    (Life("agreed", "submitted", submitted_back=1), 3),
    (Life("agreed", "accepted", submitted_back=6), 3),
    (Life("agreed", "correcting", submitted_back=3), 1),
    (Life("agreed", "unserved", submitted_back=12), 1),
    (Life("failed"), 2),
)
LIVE_DAYS = {"registered": 1, "routed": 2, "mediating": 8, "drafted": 10, "agreed": 18, "failed": 20}
Say = Callable[[str], Any]


def _read(name: str) -> dict[str, Any]:
    loaded: dict[str, Any] = json.loads((FOLDER / name).read_text(encoding="utf-8"))
    return loaded


@transaction.atomic
def grow(*, disputes: int, say: Say) -> None:
    """Grow the demo county with about `disputes` disputes; all or nothing. Refused in a database that has accounts.

    Up to TOLD of them are led through their lives by the actions; what goes beyond is written straight to the tables.
    """
    random = Random(SEED)  # noqa: S311 (demo data, the same every time)
    stories, texts = _read("stories.json"), _read("texts.json")
    people = Crowd(random, region=settings.COUNTY_CODE)
    stage = set_stage(people, texts)
    say("人员名册：19 个镇（街）")
    build_points(stage, random, texts)
    say("联络点：21 个")
    chronicle = Chronicle(stage, people, random, stories, texts)
    told = min(disputes, TOLD)
    live = round(told * LIVE_SHARE)
    warning = EarlyWarning(stage, people, _read("early_warning.json"))
    _tell_past(chronicle, told - live)
    warning.tell_past()
    lapse_rights(today=today())
    for user in User.objects.all():
        mark_all_read(by=user)
    _tell_live(chronicle, live)
    warning.tell_live()
    say(f"纠纷：{told} 件")
    if disputes > told:
        crowd(disputes - told, stories=stories, weights=TYPES, random=random, say=say)
    recount_all()


def _weighted(random: Random, table: tuple[tuple[Any, int], ...]) -> Any:
    return random.choices([value for value, _ in table], [weight for _, weight in table])[0]


def _tell_past(chronicle: Chronicle, number: int) -> None:
    """Quarrels of 2023 in the order of their days, all brought to an end."""
    random = chronicle.random
    days = sorted(weekday(FIRST_DAY + timedelta(days=random.randrange(PAST_DAYS))) for _ in range(number))
    for day in days:
        case_type = _weighted(random, TYPES)
        life = Life("referred_out") if case_type == "out_of_scope" else _weighted(random, PAST_LIVES)
        chronicle.tell(_next_town(chronicle), case_type, day, life)


def _next_town(chronicle: Chronicle) -> Any:
    """Any town, the two of the sign-in page a little more often."""
    towns = chronicle.stage.towns
    return chronicle.random.choice([*towns, *towns[:2], *towns[:2]])


def _tell_live(chronicle: Chronicle, number: int) -> None:
    """Quarrels of the last weeks, in every state a user may meet; half of them in the two towns of the sign-in page."""
    lives = [life for life, count in LIVE_LIVES for _ in range(count)]
    calm = [row for row in TYPES if row[0] != "out_of_scope"]
    for place in range(number):
        life = lives[place % len(lives)]
        cast = _next_town(chronicle) if place % ELSEWHERE == 0 else chronicle.stage.towns[place % 2]
        back = LIVE_DAYS[life.until] + (6 if life.confirmation in ("accepted", "unserved") else 0)
        day = weekday(today() - timedelta(days=back + chronicle.random.randrange(3)))
        chronicle.tell(cast, _weighted(chronicle.random, tuple(calm)), min(day, today()), life)
    for story in range(2):
        chronicle.tell(chronicle.stage.towns[story], "high_risk", today(), Life("registered"))
