"""The demo county with few quarrels: all its people and points, and one quarrel in each state a user may meet."""

import json
from datetime import date, timedelta
from pathlib import Path
from random import Random
from typing import Any

from django.conf import settings
from django.core.management import call_command

from core.actions.inbox import mark_all_read
from core.actions.reminders import lapse_rights
from core.models import User
from core.queries import today
from reports import demo
from reports.actions.tallies import recount_all
from reports.demo.cases import Chronicle, Life
from reports.demo.people import Crowd
from reports.demo.people_on_stage import TAIPING, set_stage
from reports.demo.points import build_points

PAST = (
    (date(2023, 4, 12), "neighbour", Life("agreed", archived=True)),
    (date(2023, 6, 5), "private_loan", Life("agreed", "confirmed", archived=True)),
    (date(2023, 8, 22), "labour", Life("failed", archived=True)),
)
LIVE = (
    (24, "private_loan", Life("agreed", "submitted")),
    (20, "neighbour", Life("agreed", "submitted")),
    (18, "traffic", Life("agreed", "accepted")),
    (16, "land_contract", Life("agreed", "correcting")),
    (14, "labour", Life("agreed", "unserved")),
    (12, "sale_contract", Life("agreed")),
    (10, "private_loan", Life("drafted")),
    (6, "tenancy", Life("mediating")),
    (1, "neighbour", Life("routed")),
    (0, "consumer", Life("registered")),
)


def _read(name: str) -> dict[str, Any]:
    loaded: dict[str, Any] = json.loads((Path(demo.__file__).parent / name).read_text(encoding="utf-8"))
    return loaded


def grow_small() -> None:
    """Seed through the same actions as the demo, always the same; the live quarrels are those of `mediator`."""
    call_command("load_reference", verbosity=0)
    random, texts = Random(7), _read("texts.json")
    crowd = Crowd(random, region=settings.COUNTY_CODE)
    stage = set_stage(crowd, texts)
    build_points(stage, random, texts)
    chronicle = Chronicle(stage, crowd, random, _read("stories.json"), texts)
    for place, (day, case_type, life) in enumerate(PAST):
        chronicle.tell(stage.towns[place], case_type, day, life)
    lapse_rights(today=today())
    for user in User.objects.all():
        mark_all_read(by=user)
    here = next(cast for cast in stage.towns if cast.town.name == TAIPING)
    here.mediators = here.mediators[:1]
    for days, case_type, life in LIVE:
        chronicle.tell(here, case_type, today() - timedelta(days=days), life)
    recount_all()
