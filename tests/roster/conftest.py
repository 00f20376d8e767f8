"""What the roster's tests share: the county's places, a check without a database, people in seats."""

import json
from collections.abc import Callable, Iterator
from datetime import date
from typing import Any

import pytest
import time_machine

from core.spreadsheets import read_workbook
from roster import uploads
from roster.annex.checking import Frame, check_file
from roster.annex.facts import CheckedRow, Issue
from roster.annex.reading import read_annex
from roster.models import Staff, TeamMembership
from roster.names import name_columns
from roster.towns import Gazetteer
from tests.conftest import DIVISIONS_FILE, TAIPING
from tests.roster.workbooks import XLSX

TODAY = date(2023, 9, 20)
Checked = tuple[list[Issue], list[CheckedRow]]


@pytest.fixture(scope="session")
def county() -> Gazetteer:
    """All 21 towns and their villages, as the data file has them."""
    towns = json.loads(DIVISIONS_FILE.read_text(encoding="utf-8"))["towns"]
    villages = {code: name for town in towns for code, name in town["villages"].items()}
    return Gazetteer({town["code"]: town["name"] for town in towns}, villages)


@pytest.fixture
def check(county) -> Callable[..., Checked]:
    """check(data, name, town=…) → file-level issues and checked rows."""

    def run(data: bytes, name: str = XLSX, *, town: str | None = TAIPING) -> Checked:
        return check_file(read_annex(read_workbook(data, name)), Frame(county, TODAY, town))

    return run


@pytest.fixture
def seat(divisions) -> Callable[..., TeamMembership]:
    """seat("黎桂生", role="mediator") → a person with a term in 太平镇 since 2023-03-30."""

    def make(name: str, role: str = "mediator", town: str = TAIPING, **changes: Any) -> TeamMembership:
        staff = changes.pop("staff", None) or Staff.objects.create(name=name, **name_columns(name))
        facts: dict[str, Any] = {"since": date(2023, 3, 30), "recorded_at": "2023-03-30T09:00+08:00"} | changes
        return TeamMembership.objects.create(staff=staff, town_id=town, town_code=town, role=role, **facts)

    return make


@pytest.fixture
def _clock() -> Iterator[None]:
    """It is ten o'clock on 20 September 2023."""
    with time_machine.travel("2023-09-20T10:00+08:00", tick=False):
        yield


@pytest.fixture
def _all_lists_are_large(monkeypatch) -> None:
    """More than two rows go to a worker, which tells after every second row how far it is."""
    monkeypatch.setattr(uploads, "SMALL_ROWS", 2)
    monkeypatch.setattr(uploads, "TOLD_EVERY", 2)
