"""Disputes of 太平镇 and 双东街道, registered through the action people use. The day is 2023-09-20."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
import time_machine

from core.choices import Level
from core.models import Division
from disputes import reference
from disputes.actions.intake import Intake, register_dispute
from disputes.actions.parties import PartyData
from disputes.choices import Side, Source
from disputes.models import Dispute

NOW = datetime(2023, 9, 20, 10, 5, tzinfo=ZoneInfo("Asia/Shanghai"))
TODAY = date(2023, 9, 20)
ID_OF_SHEN, ID_OF_LIANG = "445381196803121235", "44538119740302561X"
STORY = "我在太平圩开建材铺。去年十一月梁伯坚找我借四万八千元，写了欠条，讲好过了年就还，一直拖。"
THREAT = STORY + "上个礼拜我去他家，他儿子说再来就拿刀砍死我。"
APPLICANT = PartyData(side=Side.APPLICANT, name="沈水旺", phone="13800006072", id_number=ID_OF_SHEN, consents=True)
RESPONDENT = PartyData(side=Side.RESPONDENT, name="梁伯坚")


@pytest.fixture(autouse=True)
def _day() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def tables(db) -> None:
    """Case types and routing rows as `load_reference` loads them."""
    reference.load(lambda line: None)


@pytest.fixture
def village(divisions) -> Division:
    """A village of 太平镇."""
    return a_village(divisions, "445381101")


def a_village(divisions, town: str) -> Division:
    found = next(row for row in divisions.values() if row.level == Level.VILLAGE and row.parent_id == town)
    found.parent = divisions[town]
    return found


@pytest.fixture
def told(village) -> Intake:
    """A loan told at the counter of 太平镇: one applicant, one respondent."""
    return Intake(
        village=village,
        source=Source.VISIT,
        narrative=STORY,
        parties=(APPLICANT, RESPONDENT),
        case_type="private_loan",
        amount=Decimal(48_000),
        informed=True,
    )


Register = Callable[..., Dispute]


@pytest.fixture
def register(tables, told, divisions) -> Register:
    """register(by) → a dispute of the registrar's first town; facts of Intake may be given by name."""

    def make(by, *, on: date = TODAY, recorded_at: datetime | None = None, key: str | None = None, **facts) -> Dispute:
        data = replace(told, **({"village": a_village(divisions, by.scope_codes[0])} | facts))
        return register_dispute(data=data, by=by, registered_on=on, recorded_at=recorded_at, idempotency_key=key)

    return make
